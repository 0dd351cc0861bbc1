"""Tombstones: the records that say what was erased, by whom and why, never what it was."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import text

from chokepoint.model.errors import LedgerError
from chokepoint.store.canonical import read_envelope

if TYPE_CHECKING:
    from sqlalchemy import Connection

ERASURE = "erasure/1"

_tombstones = text(
    "SELECT r.body FROM others o JOIN names n ON n.number = o.kind JOIN records r ON r.seq = o.seq"
    " WHERE n.name = :kind ORDER BY o.seq"
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
    found = []
    for (body,) in connection.execute(_tombstones, {"kind": ERASURE}).all():
        envelope = read_envelope(body)
        try:
            erasure = msgspec.json.decode(envelope.payload, type=Erasure)
        except msgspec.DecodeError as error:
            raise LedgerError(f"not an erasure: {error}") from None
        found.append(Tombstone(envelope.organisation, envelope.recorded_at, erasure))
    return found


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
