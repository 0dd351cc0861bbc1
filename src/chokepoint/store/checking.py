"""Checking a run of batches, record by record: the part of a verification that is worth several processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy.exc import DatabaseError

from chokepoint.model.errors import LedgerError
from chokepoint.proof import merkle
from chokepoint.proof.signature import batch_message, signature_holds
from chokepoint.store.agreement.check import check_agreement
from chokepoint.store.agreement.tables import Told
from chokepoint.store.canonical import read_envelope, record_ids
from chokepoint.store.columns import rows_of
from chokepoint.store.membership import ORGANISATIONS
from chokepoint.store.resting import resting
from chokepoint.store.tree import TILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.agreement.tables import Tables

DAMAGED = "restore the atlas from a backup"
_RECORDS = "SELECT seq, id, kind, salt, body FROM records WHERE seq >= ? AND seq < ? ORDER BY seq"


class Member(NamedTuple):
    """An organisation and its public key."""

    name: str
    key: bytes


class SealedBatch(NamedTuple):
    """A row of the batches."""

    number: int
    organisation: int
    first: int
    size: int
    root: bytes
    previous: bytes
    signature: bytes

    @property
    def span(self) -> tuple[int, int]:
        """Positions of its first record and of the one after its last."""
        return self.first, self.first + self.size

    @property
    def place(self) -> str:
        """How an error names it."""
        return f"batch {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What all records are checked against.

    Attributes:
        atlas: id of the atlas.
        members: by number.
        kinds: names of record kinds by number.
        erased: ids of records that were erased, each with the numbers of the members who may have done so.
    """

    atlas: str
    members: Mapping[int, Member]
    kinds: Mapping[int, str]
    erased: Mapping[bytes, frozenset[int]] = field(default_factory=dict)


class Hashes(NamedTuple):
    """Leaf hashes of a run of records, the whole tiles among them already made into their heads."""

    before: list[bytes]
    tiles: list[bytes]
    after: list[bytes]


def check_run(
    connection: Connection, rules: Rules, batches: Sequence[SealedBatch], tables: Tables | None = None
) -> Hashes:
    """Check neighbouring batches, whose members are known; returns what the tree over all records needs.

    Then, where they are given, whether the tables say the same of them.

    Raises:
        LedgerError: the first thing that does not hold, with its place.
    """
    hashes: list[bytes] = []
    told: list[Told] = []
    try:
        with resting():
            for batch in batches:
                hashes += _check_batch(connection, rules, batch, told)
            if tables is not None:
                check_agreement(connection, tables, told)
    except (DatabaseError, TypeError, ValueError, KeyError, msgspec.MsgspecError) as error:
        raise LedgerError(
            f"the ledger's tables are damaged: {error}", place=batches[0].place, mend=DAMAGED
        ) from error
    start = batches[0].first - 1
    edge = min(-start % TILE, len(hashes))
    whole = edge + (len(hashes) - edge) // TILE * TILE
    tiles = [merkle.head(hashes[at : at + TILE]) for at in range(edge, whole, TILE)]
    return Hashes(hashes[:edge], tiles, hashes[whole:])


def _check_batch(connection: Connection, rules: Rules, batch: SealedBatch, told: list[Told]) -> list[bytes]:
    try:
        # A cursor that an error leaves half read would keep this connection in the past: all at once.
        rows = list(rows_of(connection, _RECORDS, batch.span))
        records = _check_records(rules, batch, rows)
        leaves = [one.name for one in records]
        if len(leaves) != batch.size:
            raise LedgerError(
                f"{batch.size - len(leaves)} records are missing", place=f"record {batch.first}"
            )
        hashes = merkle.leaf_hashes(leaves)
        if merkle.head(hashes) != batch.root:
            raise LedgerError("the records are not those that were signed", place=batch.place)
        member = rules.members[batch.organisation]
        message = batch_message(rules.atlas, member.name, (batch.root, batch.previous))
        if not signature_holds(member.key, batch.signature, message):
            raise LedgerError(f"the signature is not that of {member.name}", place=batch.place)
        told += records
    except (DatabaseError, TypeError) as error:
        raise LedgerError(
            f"the ledger's file is damaged: {error}", place=batch.place, mend=DAMAGED
        ) from error
    return hashes


def _check_records(rules: Rules, batch: SealedBatch, rows: Sequence[Any]) -> list[Told]:
    """A batch's records, the id of each the HMAC of an envelope that belongs here."""
    member = rules.members[batch.organisation]
    whose, kinds = (rules.atlas, member.name), rules.kinds
    owner, records = batch.organisation, []
    made = record_ids([row[3] for row in rows], [row[4] for row in rows])
    for (seq, name, kind, salt, body), right in zip(rows, made, strict=True):
        envelope = None
        if right == name:
            envelope = read_envelope(body)
            if (envelope.atlas, envelope.organisation) != whose:
                raise LedgerError(
                    "the record does not belong to the batch's organisation", place=f"record {seq}"
                )
            if envelope.kind != kinds.get(kind):
                raise LedgerError("the record is not of the kind that its row says", place=f"record {seq}")
            if envelope.kind in ORGANISATIONS and _key_named(envelope.payload) != member.key:
                raise LedgerError(f"{member.name} entered with another key", place=f"record {seq}")
        elif salt or body or owner not in rules.erased.get(name, ()):
            raise LedgerError("the record's bytes are not those of its id", place=f"record {seq}")
        records.append(Told(seq, name, kind, owner, salt, body, envelope))
    return records


def _key_named(payload: msgspec.Raw) -> bytes:
    try:
        return bytes.fromhex(msgspec.json.decode(payload)["public_key"])
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise LedgerError("a member's record names no key") from error
