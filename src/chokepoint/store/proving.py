"""Proof that a record stands in the signed ledger, for a reader who has nothing but the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.proof import merkle
from chokepoint.store.subjects import record_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


class SignedBatch(NamedTuple):
    """A batch as signed by its organisation."""

    number: int
    organisation: str
    size: int
    root: bytes
    previous: bytes
    signature: bytes
    public_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenRecord:
    """A record with the way from its id to the signed root (RFC 9162 §2.1.3).

    `key` opens its payload where that is sealed; it opens no other record.
    """

    seq: int
    id: bytes
    salt: bytes
    body: bytes
    batch: SignedBatch
    index: int
    proof: tuple[bytes, ...]
    key: bytes = b""


def prove(connection: Connection, seqs: Iterable[int]) -> list[ProvenRecord]:
    """Records at these positions with their proofs, in order; absent positions are left out.

    The caller has checked that each may be seen.
    """
    found = []
    trees: dict[int, tuple[SignedBatch, int, merkle.Tree]] = {}
    for seq in sorted(set(seqs)):
        row = connection.exec_driver_sql("SELECT id, salt, body FROM records WHERE seq = ?", (seq,)).first()
        first = connection.exec_driver_sql("SELECT max(first) FROM batches WHERE first <= ?", (seq,)).scalar()
        if row is None or first is None:
            continue
        if first not in trees:
            trees[first] = _tree(connection, int(first))
        batch, start, tree = trees[first]
        index = seq - start
        found.append(
            ProvenRecord(
                seq=seq,
                id=row.id,
                salt=row.salt,
                body=row.body,
                batch=batch,
                index=index,
                proof=tuple(tree.proof(index)),
                key=record_keys(connection, [(row.salt, row.body)])[0],
            )
        )
    return found


def _tree(connection: Connection, first: int) -> tuple[SignedBatch, int, merkle.Tree]:
    row = connection.exec_driver_sql(
        "SELECT b.number, o.name, b.count, b.root, b.previous, b.signature, o.public_key"
        " FROM batches b JOIN organisations o ON o.number = b.organisation WHERE b.first = ?",
        (first,),
    ).one()
    batch = SignedBatch(*row)
    leaves = [
        leaf[0]
        for leaf in connection.exec_driver_sql(
            "SELECT id FROM records WHERE seq >= ? AND seq < ? ORDER BY seq", (first, first + batch.size)
        )
    ]
    return batch, first, merkle.Tree(leaves)
