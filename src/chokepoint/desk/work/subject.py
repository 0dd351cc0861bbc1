"""What a case is about: things that its people put into it. Nothing is reserved by that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.personal.veil import veil
from chokepoint.desk.watch.oversight import named
from chokepoint.desk.work.case import own_case
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.work.case import Case
    from chokepoint.store.reading import Reader

SUBJECT = "subject/1"
MOST = 1_000


def take_up(atlas: Atlas, case: str, names: Sequence[str], *, held: bool = True) -> tuple[Entity, ...]:
    """Put things into an open case of one's own organisation, or take them out.

    Each has a record of its own, marked as the case is, so that the erasure of one leaves the others.

    Raises:
        NotFoundError: no such case, or a text that names nothing.
        RefusedError: another's or a closed case, or too many things.
    """
    found = own_case(atlas, case)
    if not 0 < len(names) <= MOST:
        raise RefusedError(
            Said("{things} things", things=len(names)),
            place=found.id,
            mend=Said("name 1 to {most:,} at once", most=MOST),
        )
    entities = tuple(dict.fromkeys(named(atlas, name) for name in names))
    said = [{"case": found.id, "entity": [*one], "held": held} for one in entities]
    atlas.ledger.append(atlas.speaker(), [RecordRow(SUBJECT, canonical(one), found.marking) for one in said])
    cover = veil(atlas, entities)
    return tuple(map(cover.entity, entities))


def subjects(reader: Reader, connection: Connection, case: Case) -> list[Entity]:
    """What a case is about, as far as the viewer sees it, in the order in which it came in."""
    held: dict[Entity, None] = {}
    for record in read_records(reader, connection, SUBJECT):
        if record.said["case"] == case.id and record.organisation == case.organisation:
            entity = Entity(*map(str, record.said["entity"]))
            held.pop(entity, None)
            if record.said["held"]:
                held[entity] = None
    return list(held)
