"""The audit draw: which claims are looked at once more, and by whom, so that nobody can steer it.

The seed is the head of the ledger's tree after the claims had been recorded. Who contributes a claim cannot
know it, for it hangs on everything that is recorded until the draw; who holds the log can check it later.
Everybody is drawn alike, contributors included, who then have nothing to say: leaving them out would tell
the others who contributed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PURPOSE = b"chokepoint audit draw 1\0"


def seed_of(root: bytes, size: int) -> bytes:
    """The seed, 32 bytes, of the tree head over the first `size` records."""
    return sha256(PURPOSE + size.to_bytes(8, "big") + root).digest()


def chosen(seed: bytes, claim: str, share: float) -> bool:
    """Whether a claim, by its record id, is among the share (0 to 1) that is looked at again."""
    return _number(seed, claim) < share * 2**64


def jury(seed: bytes, claim: str, members: Iterable[str], many: int) -> tuple[str, ...]:
    """The members who look, by name, `many` of them or all; a joining member moves nobody's place."""
    return tuple(sorted(members, key=lambda name: (_number(seed, claim, name), name))[:many])


def _number(seed: bytes, *words: str) -> int:
    parts = b"".join(len(word).to_bytes(4, "big") + word.encode() for word in words)
    return int.from_bytes(sha256(seed + parts).digest()[:8], "big")
