"""What open cases have reserved, whoever may see the cases: for leaving alone, never for showing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, text

from chokepoint.model.identity import Entity
from chokepoint.store.canonical import read_envelope
from chokepoint.store.interning import Space
from chokepoint.store.subjects import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

CASE = "case/1"
RESERVATION = "reservation/1"
_every = text(
    "SELECT r.salt, r.body FROM records r JOIN others o ON o.seq = r.seq JOIN names n ON n.number = o.kind"
    " WHERE n.space = :space AND n.name IN :kinds ORDER BY r.seq"
).bindparams(bindparam("kinds", expanding=True))


class Reserved(NamedTuple):
    """A target and the open case that has it."""

    case: str
    organisation: str
    entity: Entity


def reserved(connection: Connection) -> tuple[Reserved, ...]:
    """All reservations of open cases, oldest first.

    A case belongs to the organisation that first recorded it; nobody else reserves for it, and closing it
    ends what it has reserved.

    Args:
        connection: of the engine itself, not of a reader: what readers see is less.
    """
    owners: dict[str, str] = {}
    closed: dict[str, bool] = {}
    held: dict[Reserved, None] = {}
    for organisation, said in _records(connection):
        name = str(said["case"] if "case" in said else said["id"])
        if "case" not in said:
            owner = owners.setdefault(name, organisation)
            if owner == organisation:
                closed[name] = bool(said.get("closed"))
        elif owners.get(name) == organisation:
            for pair in said["targets"]:
                one = Reserved(name, organisation, Entity(*map(str, pair)))
                held.pop(one, None)
                if said["held"]:
                    held[one] = None
    return tuple(one for one in held if not closed.get(one.case, True))


def _records(connection: Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = connection.execute(_every, {"space": int(Space.RECORD), "kinds": [CASE, RESERVATION]}).all()
    for body in opened(connection, [(row.salt, row.body) for row in rows]):
        if body is not None:
            envelope = read_envelope(body)
            yield envelope.organisation, msgspec.json.decode(envelope.payload)
