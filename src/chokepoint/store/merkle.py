"""Merkle tree over record ids (RFC 9162 §2.1): root, inclusion proof, and its check."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAF = b"\x00"
_NODE = b"\x01"
EMPTY = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf input."""
    return sha256(_LEAF + leaf).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    levels = [[sha256(_LEAF + leaf).digest() for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        above = [sha256(_NODE + left + right).digest() for left, right in pairs]
        if len(below) % 2:
            above.append(below[-1])
        levels.append(above)
    return levels


class Tree:
    """All hashes over fixed leaves, for many proofs at once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = _levels(leaves)
        self._size = len(leaves)

    def proof(self, index: int) -> list[bytes]:
        """The sibling hashes from leaf `index` to the root.

        Raises:
            LedgerError: there is no such leaf.
        """
        if not 0 <= index < self._size:
            raise LedgerError(f"no leaf {index} in a tree of {self._size}")
        proof = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                proof.append(level[sibling])
            index //= 2
        return proof


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head of the leaves in order; of none, SHA-256 of nothing."""
    return _levels(leaves)[-1][0] if leaves else EMPTY


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes from leaf `index` to the root.

    Raises:
        LedgerError: there is no such leaf.
    """
    return Tree(leaves).proof(index)


def root_from_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a proof leads to (RFC 9162 §2.1.3.2).

    Raises:
        LedgerError: the proof cannot belong to leaf `index` of a tree of `size` leaves.
    """
    return root_from_hash(leaf_hash(leaf), index, size, proof)


def root_from_hash(value: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """As `root_from_proof`, for a leaf of which only the hash is known.

    Raises:
        LedgerError: the proof cannot belong to leaf `index` of a tree of `size` leaves.
    """
    if not 0 <= index < size:
        raise LedgerError(f"no leaf {index} in a tree of {size}")
    if len(value) != 32:
        raise LedgerError("the hash of the leaf is not 32 bytes")
    first, last = index, size - 1
    for sibling in proof:
        if len(sibling) != 32:
            raise LedgerError("a proof hash is not 32 bytes")
        if last == 0:
            raise LedgerError("the proof is longer than the tree is deep")
        if first % 2 or first == last:
            value = _node(sibling, value)
            while first % 2 == 0 and first:
                first //= 2
                last //= 2
        else:
            value = _node(value, sibling)
        first //= 2
        last //= 2
    if last:
        raise LedgerError("the proof is shorter than the tree is deep")
    return value
