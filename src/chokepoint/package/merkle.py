"""Inclusion of a record in its signed batch (RFC 9162 §2.1.3.2), checked without the store that made it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.package.sign import canonical_json

if TYPE_CHECKING:
    from collections.abc import Sequence


def root_of(leaf: bytes, position: tuple[int, int], proof: Sequence[bytes]) -> bytes:
    """The tree head that a record id's proof leads to; see `root_from`."""
    return root_from(sha256(b"\x00" + leaf).digest(), position, proof)


def root_from(value: bytes, position: tuple[int, int], proof: Sequence[bytes]) -> bytes:
    """The tree head that a proof leads to from a leaf's hash.

    Args:
        value: hash of the leaf.
        position: leaf number and tree size.
        proof: sibling hashes, lowest first.

    Raises:
        LedgerError: the proof cannot belong to that leaf of a tree of that size.
    """
    first, size = position
    last = size - 1
    if not 0 <= first < size or len(value) != 32:
        raise LedgerError(f"no leaf {first} in a batch of {size}")
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            raise LedgerError("the inclusion proof does not fit the batch")
        if first % 2 or first == last:
            value = sha256(b"\x01" + sibling + value).digest()
            while first and first % 2 == 0:
                first, last = first // 2, last // 2
        else:
            value = sha256(b"\x01" + value + sibling).digest()
        first, last = first // 2, last // 2
    if last:
        raise LedgerError("the inclusion proof is too short for the batch")
    return value


def batch_message(atlas: str, organisation: str, heads: tuple[str, str]) -> bytes:
    """What an organisation signs for a batch; `heads` are its root and the previous one, hexadecimal."""
    root, previous = heads
    return canonical_json(
        {"atlas": atlas, "organisation": organisation, "previous": previous, "root": root, "v": 1}
    )
