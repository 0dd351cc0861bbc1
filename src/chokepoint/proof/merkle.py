"""Merkle tree over record ids (RFC 9162 §2.1): heads, inclusion and consistency proofs, and their checks.

The checks are strict: a hash that is not 32 bytes, a proof too long or too short, and a position outside
the tree are refused before anything is compared. Proofs of subtrees are those of
draft-ietf-plants-merkle-tree-certs-02 §4, of which RFC 9162's consistency is the case that begins at 0.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence

HASH = 32
_LEAF = b"\x00"
_NODE = b"\x01"
EMPTY = sha256(b"").digest()


class Leaf(NamedTuple):
    """A leaf's number, from 0, in a tree of `size` leaves."""

    number: int
    size: int


class Span(NamedTuple):
    """Leaves from `start` to before `end`, in a tree of `size` leaves."""

    start: int
    end: int
    size: int


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one leaf input."""
    return sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return sha256(_NODE + left + right).digest()


def leaf_hashes(leaves: Sequence[bytes]) -> list[bytes]:
    """Hashes of leaf inputs, in order."""
    return [sha256(_LEAF + leaf).digest() for leaf in leaves]


def above(below: Sequence[bytes]) -> list[bytes]:
    """The level of the tree above these nodes; an odd last one moves up as it is."""
    pairs = zip(below[::2], below[1::2], strict=False)
    nodes = [sha256(_NODE + left + right).digest() for left, right in pairs]
    if len(below) % 2:
        nodes.append(below[-1])
    return nodes


def head(hashes: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes in order; of none, SHA-256 of nothing."""
    level = hashes
    while len(level) > 1:
        level = above(level)
    return level[0] if level else EMPTY


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf inputs in order; of none, SHA-256 of nothing."""
    return head(leaf_hashes(leaves))


class Tree:
    """All hashes over fixed leaves, for many proofs at once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [leaf_hashes(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(above(self._levels[-1]))
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


def _all_hashes(values: Sequence[bytes], what: str) -> None:
    if any(len(value) != HASH for value in values):
        raise LedgerError(f"{what} is not {HASH} bytes")


def root_of(leaf: bytes, place: Leaf, proof: Sequence[bytes]) -> bytes:
    """The tree head that a leaf input's proof leads to; see `root_from`."""
    return root_from(leaf_hash(leaf), place, proof)


def root_from(value: bytes, place: Leaf, proof: Sequence[bytes]) -> bytes:
    """The tree head that a proof leads to from a leaf's hash (RFC 9162 §2.1.3.2).

    Args:
        value: hash of the leaf.
        place: where the leaf stands.
        proof: sibling hashes, lowest first.

    Raises:
        LedgerError: the proof cannot belong to that leaf of a tree of that size.
    """
    first, last = place.number, place.size - 1
    if not 0 <= first <= last:
        raise LedgerError(f"no leaf {place.number} in a tree of {place.size}")
    _all_hashes((value,), "the hash of the leaf")
    _all_hashes(proof, "a hash of the proof")
    for sibling in proof:
        if last == 0:
            raise LedgerError("the proof is longer than the tree is deep")
        if first % 2 or first == last:
            value = node_hash(sibling, value)
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            value = node_hash(value, sibling)
        first, last = first // 2, last // 2
    if last:
        raise LedgerError("the proof is shorter than the tree is deep")
    return value


def is_subtree(start: int, end: int) -> bool:
    """Whether the leaves are a subtree: `start` is a multiple of the power of two that they fit in."""
    return 0 <= start <= end and (start == end or start % (1 << (end - start - 1).bit_length()) == 0)


def check_inclusion(value: bytes, place: Leaf, proof: tuple[Sequence[bytes], bytes]) -> None:
    """Check that a leaf's hash stands under a head, `proof` being the sibling hashes and the head.

    Raises:
        LedgerError: it does not.
    """
    siblings, expected = proof
    _all_hashes((expected,), "the tree head")
    if not compare_digest(root_from(value, place, siblings), expected):
        raise LedgerError("the proof leads to another tree head")


def check_consistency(span: Span, heads: tuple[bytes, bytes], proof: Sequence[bytes]) -> None:
    """Check that a subtree's head belongs to the tree with the other head.

    With `span.start` 0 this is RFC 9162 §2.1.4.2: the tree of `span.end` leaves was only appended to.
    A subtree of no leaves has the head of nothing, no proof, and says nothing of the tree.

    Args:
        span: the leaves of the subtree, and the size of the tree.
        heads: of the subtree and of the tree.
        proof: as RFC 9162 §2.1.4.1 orders it.

    Raises:
        LedgerError: it does not, or nothing could show that it does.
    """
    if not is_subtree(span.start, span.end) or span.end > span.size:
        raise LedgerError(
            f"leaves {span.start} to {span.end} are no part of a tree of {span.size} that can be proved"
        )
    _all_hashes(heads, "a tree head")
    _all_hashes(proof, "a hash of the proof")
    if span.start == span.end:
        if heads[0] != EMPTY or proof or (span.size == 0 and heads[1] != EMPTY):
            raise LedgerError("of no leaves there is one head and no proof")
    elif _both_heads(span, heads[0], proof) != heads:
        raise LedgerError("the older tree is not the beginning of the newer one")


def _both_heads(span: Span, subtree: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two heads that the proof leads to."""
    first, last, top = span.start, span.end - 1, span.size - 1
    while first != last and (last % 2 or last == top):
        first, last, top = first // 2, last // 2, top // 2
    rest = list(proof)
    if first == last:
        inner = outer = subtree
    elif rest:
        inner = outer = rest.pop(0)
    else:
        raise LedgerError("the proof is shorter than the tree is deep")
    for sibling in rest:
        if top == 0:
            raise LedgerError("the proof is longer than the tree is deep")
        if last % 2 or last == top:
            if first < last:
                inner = node_hash(sibling, inner)
            outer = node_hash(sibling, outer)
            while last % 2 == 0 and last:
                first, last, top = first // 2, last // 2, top // 2
        else:
            outer = node_hash(outer, sibling)
        first, last, top = first // 2, last // 2, top // 2
    if top:
        raise LedgerError("the proof is shorter than the tree is deep")
    return inner, outer
