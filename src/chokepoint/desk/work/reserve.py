"""`case reserve`: a case keeps a target to itself; to others it is one more that is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.personal.veil import veil
from chokepoint.desk.watch.oversight import named
from chokepoint.desk.work.case import find_case
from chokepoint.model.errors import RefusedError
from chokepoint.model.role import Role
from chokepoint.model.said import Said
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import roles_of
from chokepoint.store.reserving import RESERVATION, Reserved, reserved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity

MOST = 1_000


def reserve(atlas: Atlas, case: str, targets: Sequence[str], *, held: bool = True) -> tuple[Entity, ...]:
    """Reserve targets for an open case of one's own organisation, or give them free.

    Each target has a record of its own, so that the erasure of one neither frees another nor holds again
    what was given free.

    Raises:
        NotFoundError: no such case, or a text that names nothing.
        RefusedError: another's or a closed case, or too many targets at once.
    """
    found = find_case(atlas, case)
    if found.organisation != atlas.viewer.organisation or found.closed:
        mend = "ask the organisation whose case it is" if not found.closed else "open a new case for it"
        raise RefusedError("only its own organisation reserves for an open case", place=found.id, mend=mend)
    if not 0 < len(targets) <= MOST:
        raise RefusedError(
            Said("{targets} targets", targets=len(targets)),
            place=found.id,
            mend=Said("name 1 to {most:,} at once", most=MOST),
        )
    entities = tuple(dict.fromkeys(named(atlas, target) for target in targets))
    said = [{"case": found.id, "held": held, "targets": [list(one)]} for one in entities]
    rows = [RecordRow(RESERVATION, canonical(one), found.marking) for one in said]
    atlas.ledger.append(atlas.speaker(), rows)
    cover = veil(atlas, entities)
    return tuple(map(cover.entity, entities))


def taken(atlas: Atlas) -> frozenset[Entity]:
    """What other cases than the viewer's have reserved; for leaving it out, never for showing it."""
    reader = atlas.reader
    with reader.connect() as connection:
        mine = reader.resolved(connection).cases
    return frozenset(one.entity for one in _all(atlas) if one.case not in mine)


def deconflict(atlas: Atlas) -> tuple[Reserved, ...]:
    """All that is reserved, for a coordinator of the coalition; for anybody else nothing.

    The founder gives that role; what an organisation says of itself does not count.
    """
    if not is_coordinator(atlas):
        return ()
    found = _all(atlas)
    cover = veil(atlas, {one.entity for one in found})
    return tuple(one._replace(entity=cover.entity(one.entity)) for one in found)


def is_coordinator(atlas: Atlas) -> bool:
    """Whether the viewer is a person to whom the founder gave the role."""
    viewer = atlas.viewer
    if not viewer.user:
        return False
    with atlas.engine.connect() as connection:
        return Role.COORDINATOR in roles_of(connection, f"{viewer.organisation}/{viewer.user}")


def _all(atlas: Atlas) -> tuple[Reserved, ...]:
    with atlas.engine.connect() as connection:  # a reader's connection holds only what the reader may see
        return reserved(connection)
