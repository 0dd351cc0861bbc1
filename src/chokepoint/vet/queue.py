"""The order in which claims are worth a vote: how much it would change what would be done.

A vote on a statement is worth the weight of what rests on it times the chance that this vote brings about its
acceptance, as far as its evidence tells. Others' votes have no part in it, so that the order tells a vetter
nothing of them. So that votes do not all go to the same statements, each has its own order of members, drawn
from a keyed hash: the first two of it are needed in any case, the later ones only where the first disagree or
cannot tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

SLOTS = 9
"""Places in the order of members beyond which a vote is hardly ever needed."""
AUDITED = 0.08
"""Share of accepted statements that further members look at."""
RIGHT = 0.85
"""Chance that a voter who can tell says what is true, for planning."""
UNSURE = 0.05
"""Chance that a voter cannot tell: then a third is needed though nobody disputes."""
PART = 65_536
"""Statements whose orders of members are drawn at a time."""
LEAST = np.log(4.0)
"""Log-odds of a belief of 0.8."""
STEP = float(np.log(RIGHT / (1.0 - RIGHT)))
FLOOR = 0.04
"""Least worth of a vote on what is true for certain: it may be open for reasons that a vetter is not told."""
_GRID = np.linspace(0.001, 0.999, 200)


class Voices(NamedTuple):
    """Whose votes count for how much, of N members.

    Attributes:
        family: int64 (N,), equal for those who are one.
        mute: bool (N,), whose confirmations count towards no quorum.
    """

    family: NDArray[np.int64]
    mute: NDArray[np.bool_]

    @classmethod
    def alone(cls, size: int) -> Voices:
        """So many members, each by itself and heard."""
        return cls(np.arange(size), np.zeros(size, np.bool_))


def _plan(belief: float) -> list[float]:
    """Value of a vote in each slot, for a statement with this belief from its evidence."""
    base = float(np.log(belief / (1.0 - belief)))
    open_: dict[tuple[int, int, bool], float] = {(0, 0, True): belief, (0, 0, False): 1.0 - belief}
    accepted, spent = [], []
    for _ in range(SLOTS):
        spent.append(sum(open_.values()))
        after: dict[tuple[int, int, bool], float] = {}
        gained = 0.0
        for (yes, no, true), chance in open_.items():
            for says, share in _words(true):
                y, n = yes + (says > 0), no + (says < 0)
                if says > 0 and y >= (2 if n == 0 else 4) and base + (y - n) * STEP >= LEAST:
                    gained += chance * share * (1.0 if true else -9.0)
                elif base + (y - n + SLOTS) * STEP >= LEAST and n < 2:
                    after[y, n, true] = after.get((y, n, true), 0.0) + chance * share
        accepted.append(gained)
        open_ = after
    return [max(worth, FLOOR * belief) for worth in _per_vote(accepted, spent)]


def _words(true: bool) -> tuple[tuple[int, float], ...]:
    """Chances that a voter confirms (1), disputes (-1) and cannot tell (0)."""
    right, wrong = (1.0 - UNSURE) * RIGHT, (1.0 - UNSURE) * (1.0 - RIGHT)
    return (1, right if true else wrong), (-1, wrong if true else right), (0, UNSURE)


def _per_vote(gain: Sequence[float], spent: Sequence[float]) -> list[float]:
    """Best gain a vote of the bundles that begin at each slot; no slot is worth more than one before it."""
    values = []
    for first in range(len(gain)):
        before = max(spent[first], 1e-9)
        bundles = [
            sum(gain[first : last + 1]) / max(sum(spent[first : last + 1]), 1e-9)
            for last in range(first, len(gain))
        ]
        values.append(max(0.0, *bundles) * min(1.0, before))
    return list(np.minimum.accumulate(values))


_PLANS = np.array([_plan(float(belief)) for belief in _GRID])
_PLANS[_GRID <= 0.5] = np.maximum.accumulate(_PLANS[_GRID <= 0.5])  # what is likelier is worth no less there


def value(belief: Floats, slot: NDArray[np.int64], weight: Floats) -> Floats:
    """Worth of one member's vote, float64 (S,).

    Args:
        belief: from the evidence alone, (S,).
        slot: the member's place in each statement's order, (S,), 0 first.
        weight: what rests on each statement, (S,).
    """
    at = np.clip(np.searchsorted(_GRID, belief), 0, len(_GRID) - 1)
    return np.asarray(weight * _PLANS[at, np.minimum(slot, SLOTS - 1)] * np.where(slot < SLOTS, 1.0, 0.01))


def place(names: Words, key: int, member: int, *, voices: Voices) -> NDArray[np.int64]:
    """The place of a member in each statement's order of members, int64 (S,), 0 first.

    Whose vote would add nothing comes late: those who are one with somebody before them, then those whose
    confirmations tell nothing.

    Args:
        names: of the statements, uint64 (S,).
        key: draws other orders.
        member: number of the member, 0 to N - 1.
        voices: of all N members.
    """
    found = np.zeros(len(names), np.int64)
    for start in range(0, len(names), PART):
        part = slice(start, start + PART)
        found[part] = _place(_mixed(names[part] ^ _mixed(np.array([key], np.uint64))), member, voices)
    return found


def _place(lots: Words, member: int, voices: Voices) -> NDArray[np.int64]:
    size = len(voices.family)
    drawn = np.stack([_mixed(lots + np.uint64(one)) for one in range(size)]) if size else lots[:0]
    late = np.repeat(np.where(voices.mute, 2, 0)[:, None], len(lots), axis=1)
    for name, many in zip(*np.unique(voices.family, return_counts=True), strict=True):
        mates = np.flatnonzero((voices.family == name) & ~voices.mute)
        if many > 1 and len(mates):
            late[mates] = drawn[mates] != drawn[mates].min(axis=0)
    before = np.zeros(len(lots), np.int64)
    for other in range(size):
        sooner = (drawn[other] < drawn[member]) | ((drawn[other] == drawn[member]) & (other < member))
        before += (late[other] < late[member]) | ((late[other] == late[member]) & sooner)
    return before


def sampled(names: Words, key: int) -> NDArray[np.bool_]:
    """Whether each statement is among those that are looked at again once accepted, to measure voters."""
    lots = _mixed(_mixed(names ^ _mixed(np.array([key], np.uint64))) + np.uint64(2**32))
    return np.asarray(lots < np.uint64(int(AUDITED * 2**64)))


def _mixed(words: Words) -> Words:
    """Bits well mixed, a bijection of 64-bit words (SplitMix64; Steele, Lea and Flood 2014)."""
    mixed = words + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)
