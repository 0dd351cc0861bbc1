"""Verification of the whole ledger: every record, every batch, every signature, in order.

Steps, for each batch: (1) its records are there, contiguous, none between batches; (2) each record's id
is the HMAC of its bytes under its salt; (3) each record is an envelope of this atlas by the batch's
organisation; (4) the batch root is the Merkle root of the ids; (5) the batch names the organisation's
previous root; (6) the signature is the organisation's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.store import merkle
from chokepoint.store.canonical import read_envelope, record_id
from chokepoint.store.keys import signature_holds
from chokepoint.store.ledger import GENESIS, batch_message

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


def verify_ledger(engine: Engine, atlas: str) -> Verified:
    """Check the whole ledger against its own signatures.

    Raises:
        LedgerError: the first thing that does not hold, with its position.
    """
    with engine.connect() as connection:
        members = {
            number: (name, key)
            for number, name, key in connection.exec_driver_sql("SELECT number, name, public_key FROM organisations")
        }
        previous: dict[int, bytes] = {}
        roots = []
        position = 1
        rows = connection.exec_driver_sql(
            "SELECT number, organisation, first, count, root, previous, signature FROM batches ORDER BY first"
        ).all()
        for number, organisation, first, count, root, before, signature in rows:
            place = f"batch {number}"
            if first != position or organisation not in members:
                raise LedgerError("batches do not follow each other without a gap", place=place)
            name, key = members[organisation]
            leaves = _leaves(connection, (atlas, name), first, count)
            if merkle.root(leaves) != root:
                raise LedgerError("the records are not those that were signed", place=place)
            if before != previous.get(organisation, GENESIS):
                raise LedgerError(f"the chain of {name} is broken", place=place)
            if not signature_holds(key, signature, batch_message(atlas, name, root, before)):
                raise LedgerError(f"the signature is not that of {name}", place=place)
            previous[organisation] = root
            roots.append(root)
            position += count
        total = int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())
        if total != position - 1:
            raise LedgerError("records stand outside every signed batch", place=f"record {position}")
    return Verified(
        records=total, batches=len(rows), organisations=len(previous), head=merkle.root(roots).hex()
    )


def _leaves(connection: Connection, who: tuple[str, str], first: int, count: int) -> list[bytes]:
    leaves = []
    rows = connection.exec_driver_sql(
        "SELECT seq, id, salt, body FROM records WHERE seq >= ? AND seq < ? ORDER BY seq", (first, first + count)
    )
    for seq, name, salt, body in rows:
        if record_id(salt, body) != name:
            raise LedgerError("the record's bytes are not those of its id", place=f"record {seq}")
        envelope = read_envelope(body)
        if (envelope.atlas, envelope.organisation) != who:
            raise LedgerError("the record does not belong to the batch's organisation", place=f"record {seq}")
        leaves.append(name)
    if len(leaves) != count:
        raise LedgerError(f"{count - len(leaves)} records are missing", place=f"record {first}")
    return leaves
