"""Verification of the whole ledger: every record, every batch, every signature, in order.

Steps, for each batch: (1) its records are there, contiguous, none between batches; (2) each record's id
is the HMAC of its bytes under its salt; (3) each record is an envelope of this atlas by the batch's
organisation, of the kind that its row says, and a member's own record names the key that is used for it;
(4) the batch root is the Merkle root of the ids; (5) the batch names the organisation's previous root;
(6) the signature is the organisation's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy.exc import DatabaseError

from chokepoint.model.errors import LedgerError
from chokepoint.proof import merkle
from chokepoint.proof.signature import batch_message, signature_holds
from chokepoint.store.batch import GENESIS
from chokepoint.store.canonical import read_envelope, record_id
from chokepoint.store.membership import ORGANISATIONS
from chokepoint.store.projection import Space

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked and holds.

    Attributes:
        records: number of records.
        batches: number of signed batches.
        organisations: number of members whose signatures were checked.
        head: hash over all batch roots in order, hexadecimal; two equal ledgers have equal heads.
    """

    records: int
    batches: int
    organisations: int
    head: str


class _Member(NamedTuple):
    name: str
    key: bytes


class _Batch(NamedTuple):
    number: int
    organisation: int
    first: int
    size: int
    root: bytes
    previous: bytes
    signature: bytes

    @property
    def place(self) -> str:
        return f"batch {self.number}"


def verify_ledger(engine: Engine, atlas: str) -> Verified:
    """Check the whole ledger against its own signatures.

    Raises:
        LedgerError: the first thing that does not hold, with its position.
    """
    try:
        with engine.connect() as connection:
            return _verify(connection, atlas)
    except (DatabaseError, TypeError) as error:
        raise LedgerError(
            f"the ledger's file is damaged: {error}", mend="restore the atlas from a backup"
        ) from error


def _verify(connection: Connection, atlas: str) -> Verified:
    rows = connection.exec_driver_sql("SELECT number, name, public_key FROM organisations")
    members = {number: _Member(name, key) for number, name, key in rows}
    rows = connection.exec_driver_sql("SELECT number, name FROM names WHERE space = ?", (int(Space.RECORD),))
    kinds = {int(number): str(name) for number, name in rows}
    previous: dict[int, bytes] = {}
    roots: list[bytes] = []
    position = 1
    for row in connection.exec_driver_sql(
        "SELECT number, organisation, first, count, root, previous, signature FROM batches ORDER BY number"
    ).all():
        batch = _Batch(*row)
        member = members.get(batch.organisation)
        if (batch.number, batch.first) != (len(roots) + 1, position) or member is None:
            raise LedgerError("batches do not follow each other without a gap", place=batch.place)
        _check_records(connection, (atlas, member), batch, kinds)
        if batch.previous != previous.get(batch.organisation, GENESIS):
            raise LedgerError(f"the chain of {member.name} is broken", place=batch.place)
        message = batch_message(atlas, member.name, (batch.root, batch.previous))
        if not signature_holds(member.key, batch.signature, message):
            raise LedgerError(f"the signature is not that of {member.name}", place=batch.place)
        previous[batch.organisation] = batch.root
        roots.append(batch.root)
        position += batch.size
    total = int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())
    if total != position - 1:
        raise LedgerError("records stand outside every signed batch", place=f"record {position}")
    return Verified(
        records=total, batches=len(roots), organisations=len(previous), head=merkle.root(roots).hex()
    )


def _check_records(
    connection: Connection, who: tuple[str, _Member], batch: _Batch, kinds: dict[int, str]
) -> None:
    atlas, member = who
    leaves = []
    rows = connection.exec_driver_sql(
        "SELECT seq, id, kind, salt, body FROM records WHERE seq >= ? AND seq < ? ORDER BY seq",
        (batch.first, batch.first + batch.size),
    ).all()  # a cursor that an error leaves half read would keep this connection in the past
    for seq, name, kind, salt, body in rows:
        place = f"record {seq}"
        if record_id(salt, body) != name:
            raise LedgerError("the record's bytes are not those of its id", place=place)
        envelope = read_envelope(body)
        if (envelope.atlas, envelope.organisation) != (atlas, member.name):
            raise LedgerError("the record does not belong to the batch's organisation", place=place)
        if envelope.kind != kinds.get(kind):
            raise LedgerError("the record is not of the kind that its row says", place=place)
        if envelope.kind in ORGANISATIONS and _key_named(envelope.payload) != member.key:
            raise LedgerError(f"{member.name} entered with another key", place=place)
        leaves.append(name)
    if len(leaves) != batch.size:
        raise LedgerError(f"{batch.size - len(leaves)} records are missing", place=f"record {batch.first}")
    if merkle.root(leaves) != batch.root:
        raise LedgerError("the records are not those that were signed", place=batch.place)


def _key_named(payload: msgspec.Raw) -> bytes:
    try:
        return bytes.fromhex(msgspec.json.decode(payload)["public_key"])
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise LedgerError("a member's record names no key") from error
