"""What a reader of a dossier must know of its subject as personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.personal.role import UNKNOWN, read_roles
from chokepoint.package.privacy import is_personal
from chokepoint.store.canonical import read_envelope
from chokepoint.store.checkpoints import keeper
from chokepoint.store.erasing import entity_digest
from chokepoint.store.erasures import HOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.resolve import Known
    from chokepoint.model.identity import Entity


def notes_on(atlas: Atlas, connection: Connection, known: Known) -> tuple[str, ...]:
    """A review that is due, and the legal holds that the viewer may know of, in sentences."""
    return (*_reviews(atlas, connection, known), *_holds(atlas, connection, known.entity))


def _reviews(atlas: Atlas, connection: Connection, known: Known) -> Iterator[str]:
    if not is_personal(known.entity):
        return
    found = read_roles(atlas.reader, connection, [known.eid], today=atlas.clock()[:10])
    for _, day in found.get(known.entity, UNKNOWN).due:
        yield f"To be reviewed: what is said of it stood until {day}, and goes into no package until it is."


def _holds(atlas: Atlas, connection: Connection, entity: Entity) -> Iterator[str]:
    digest = entity_digest(atlas.secret, entity)
    held: dict[str, str] = {}
    for _, _, body in atlas.reader.records(connection, HOLD):
        envelope = read_envelope(body)
        said = msgspec.json.decode(envelope.payload)
        if said["entity"] != digest:
            continue
        if said["holds"]:
            day = envelope.recorded_at[:10]
            words = f"On legal hold, which no erasure passes, by {envelope.organisation} since {day}: "
            held.setdefault(envelope.organisation, words + str(said["reason"]))
        elif envelope.organisation == keeper(connection)[0]:
            held.clear()
        else:
            held.pop(envelope.organisation, None)
    yield from held.values()
