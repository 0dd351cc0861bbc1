"""What a reader of a dossier must know of its subject as personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.personal.role import UNKNOWN, read_roles
from chokepoint.package.privacy import is_personal
from chokepoint.store.checkpoints import keeper
from chokepoint.store.erasures import HOLD, entity_digest
from chokepoint.store.records import read_records
from chokepoint.store.still import still

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.resolve import Known
    from chokepoint.store.reading import Reader
    from chokepoint.store.records import Record


def notes_on(atlas: Atlas, reader: Reader, connection: Connection, *, known: Known) -> tuple[str, ...]:
    """A review that is due, and the legal holds that the viewer may know of, in sentences."""
    held = _holds(reader, connection, entity_digest(atlas.secret, known.entity))
    return (*_reviews(reader, connection, known, today=atlas.clock()[:10]), *held)


def _reviews(reader: Reader, connection: Connection, known: Known, *, today: str) -> Iterator[str]:
    if not is_personal(known.entity):
        return
    found = read_roles(reader, connection, [known.eid], today=today)
    for _, day in found.get(known.entity, UNKNOWN).due:
        yield f"To be reviewed: what is said of it stood until {day}, and goes into no package until it is."


def _holds(reader: Reader, connection: Connection, digest: str) -> Iterator[str]:
    held: dict[str, str] = {}
    for record in _told(reader, connection):
        if record.said["entity"] != digest:
            continue
        if record.said["holds"]:
            words = (
                f"On legal hold, which no erasure passes, by {record.organisation} since {record.at[:10]}: "
            )
            held.setdefault(record.organisation, words + str(record.said["reason"]))
        elif record.organisation == keeper(connection)[0]:
            held.clear()
        else:
            held.pop(record.organisation, None)
    yield from held.values()


@still
def _told(reader: Reader, connection: Connection) -> list[Record]:
    return list(read_records(reader, connection, HOLD))
