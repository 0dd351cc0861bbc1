"""Tombstones: the records that say what was erased, by whom and why, never what it was."""

from __future__ import annotations

from collections import defaultdict
from hmac import digest
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec
from sqlalchemy import text

from chokepoint.model.errors import LedgerError
from chokepoint.store.canonical import read_envelope
from chokepoint.store.interning import Space

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.model.identity import Entity

ERASURE = "erasure/1"
HOLD = "legal-hold/1"

_told = text(
    "SELECT r.body FROM others o JOIN names n ON n.number = o.kind JOIN records r ON r.seq = o.seq"
    " WHERE n.name = :kind ORDER BY o.seq"
)
_count = text(
    "SELECT count(*) FROM others o JOIN names n ON n.number = o.kind"
    " WHERE n.space = :space AND n.name = :kind"
)


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """The payload of a tombstone.

    Attributes:
        basis: the legal basis on which it was done.
        captures: pairs of the SHA-256 of a capture and that of its redacted derivative, or empty where
            nothing of it may stay.
        entity: keyed digest of what was erased; it says nothing without the atlas's secret.
        reason: in the words of whom did it.
        records: ids of the records of which only the id remains, hexadecimal.
    """

    basis: str
    captures: tuple[tuple[str, str], ...]
    entity: str
    reason: str
    records: tuple[str, ...]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """The payload of a legal hold; `holds` is false where one is lifted."""

    entity: str
    holds: bool
    reason: str


def entity_digest(secret: bytes, entity: Entity) -> str:
    """What a tombstone calls an entity: it can be recognised by who holds the atlas's secret, not read."""
    return digest(secret, f"erased\x1f{entity.kind}\x1f{entity.value}".encode(), "sha256").hex()


class LegalHold(NamedTuple):
    """A hold in force: who placed it, when and why."""

    organisation: str
    at: str
    reason: str


T = TypeVar("T")


class Tombstone(NamedTuple):
    """An erasure with the organisation that answers for it and the moment."""

    organisation: str
    at: str
    erasure: Erasure


def tombstones(connection: Connection) -> list[Tombstone]:
    """All erasures, in ledger order.

    Raises:
        LedgerError: a record has not the shape of one.
    """
    return [Tombstone(*one) for one in _payloads(connection, ERASURE, Erasure)]


def _payloads(connection: Connection, kind: str, shape: type[T]) -> list[tuple[str, str, T]]:
    found = []
    for (body,) in connection.execute(_told, {"kind": kind}).all():
        envelope = read_envelope(body)
        try:
            said = msgspec.json.decode(envelope.payload, type=shape)
        except msgspec.DecodeError as error:
            raise LedgerError(f"not a record of kind {kind}: {error}") from None
        found.append((envelope.organisation, envelope.recorded_at, said))
    return found


def holds(connection: Connection) -> dict[str, list[LegalHold]]:
    """Legal holds in force, by the digest of the entity, the oldest of each first.

    Who placed one lifts it; the keeper of the log, where it has none of its own, the oldest of others.

    Raises:
        LedgerError: a record has not the shape of one.
    """
    keeper = connection.execute(text("SELECT name FROM organisations ORDER BY number LIMIT 1")).scalar()
    found: defaultdict[str, dict[str, LegalHold]] = defaultdict(dict)
    for organisation, at, said in _payloads(connection, HOLD, Hold):
        placed = found[said.entity]
        if said.holds:
            placed.setdefault(organisation, LegalHold(organisation, at, said.reason))
        elif organisation in placed:
            del placed[organisation]
        elif organisation == keeper and placed:
            del placed[next(iter(placed))]
    return {entity: [*placed.values()] for entity, placed in found.items() if placed}


def erased(connection: Connection) -> dict[bytes, frozenset[int]]:
    """Ids of erased records, each with the numbers of the members whose records they may be.

    A member may erase its own records; the keeper of the log, who answers for the whole, anybody's.
    """
    rows = connection.execute(text("SELECT name, number FROM organisations ORDER BY number")).all()
    numbers = {str(name): int(number) for name, number in rows}
    keeper, everybody = next(iter(numbers), ""), frozenset(numbers.values())
    found: dict[bytes, frozenset[int]] = defaultdict(frozenset)
    for organisation, _, erasure in tombstones(connection):
        own = frozenset(numbers[name] for name in (organisation,) if name in numbers)
        for name in erasure.records:
            found[bytes.fromhex(name)] |= everybody if organisation == keeper else own
    return dict(found)


def forgotten(connection: Connection) -> int:
    """How many erasures there were: after one, the number of an entity may be given to another.

    Asked by whoever sees all, for the tombstones of hidden things count too.
    """
    return int(connection.execute(_count, {"space": int(Space.RECORD), "kind": ERASURE}).scalar_one())
