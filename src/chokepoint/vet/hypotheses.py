"""Analysis of competing hypotheses: which explanation the evidence speaks least against.

After R. J. Heuer, *Psychology of Intelligence Analysis* (CIA, 1999), chapter 8: evidence is rated against
every hypothesis, and the hypotheses are ranked by the evidence that is inconsistent with them, never by what
supports them. An item weighs by the belief that it is true; independent organisations that rate it count
alike, and those that are tied share one voice. All arithmetic is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Rating(Enum):
    """How an item of evidence goes with a hypothesis."""

    VERY_CONSISTENT = "CC"
    CONSISTENT = "C"
    NEUTRAL = "N"
    INCONSISTENT = "I"
    VERY_INCONSISTENT = "II"


AGAINST = {Rating.INCONSISTENT: 1, Rating.VERY_INCONSISTENT: 2}
SCALE = {rating: 2 - place for place, rating in enumerate(Rating)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of evidence.

    Attributes:
        name: by which it is told.
        permille: belief that it is true, in thousandths.
        ratings: by hypothesis, one of each organisation that rated it, in any order.
        shares: by hypothesis, the share of a voice that each of its ratings has; where there are none, each
            is a voice of its own.
    """

    name: str
    permille: int
    ratings: Mapping[str, Sequence[Rating]]
    shares: Mapping[str, Sequence[Fraction]] = field(default_factory=dict)

    def against(self, hypothesis: str) -> Fraction:
        """How much it weighs against a hypothesis: belief times mean inconsistency, 0 to 2."""
        return Fraction(self.permille, 1000) * self._mean(hypothesis, AGAINST)

    def tells_apart(self, hypotheses: Sequence[str]) -> bool:
        """Whether it goes with any two of these differently; what nobody rated is neutral."""
        return len({self._mean(one, SCALE) for one in hypotheses}) > 1

    def _mean(self, hypothesis: str, points: Mapping[Rating, int]) -> Fraction:
        """Mean of the voices' points; 0 where nobody has one."""
        given = self.ratings.get(hypothesis, ())
        shares = self.shares.get(hypothesis) or [Fraction(1)] * len(given)
        total = sum(
            (points.get(one, 0) * share for one, share in zip(given, shares, strict=True)), Fraction(0)
        )
        return total / (sum(shares) or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What the matrix comes to.

    Attributes:
        ranking: hypotheses with what weighs against each, the least first; of equals in the order given.
        first: those that least weighs against: several where they are equal.
        undiagnostic: items that go with every hypothesis alike, and so decide nothing.
        turning: items each of which, were it wrong alone, would change who is first.
        stirring: items each of which, were it wrong alone, would change the order further down.
        fewest: a smallest set of items that, were all wrong, would let another be first or equal to it;
            empty where several are first already, and where no set does.
    """

    ranking: tuple[tuple[str, Fraction], ...]
    first: frozenset[str]
    undiagnostic: tuple[str, ...]
    turning: tuple[str, ...]
    stirring: tuple[str, ...]
    fewest: tuple[str, ...]


def analyse(hypotheses: Sequence[str], evidence: Sequence[Item]) -> Analysis:
    """Rank hypotheses by least weighted inconsistency, and say on which items the ranking hangs.

    An item that is wrong is as if it had never been brought up. Time grows as items times hypotheses.

    Args:
        hypotheses: by name, each once.
        evidence: each name once.
    """
    total = {one: sum((item.against(one) for item in evidence), Fraction(0)) for one in hypotheses}
    ranks, first = _ranks(total), _first(total)
    turning, stirring = [], []
    for item in evidence:
        without = {one: weight - item.against(one) for one, weight in total.items()}
        if _first(without) != first:
            turning.append(item.name)
        elif _ranks(without) != ranks:
            stirring.append(item.name)
    return Analysis(
        ranking=tuple(sorted(total.items(), key=lambda one: one[1])),
        first=first,
        undiagnostic=tuple(item.name for item in evidence if not item.tells_apart(hypotheses)),
        turning=tuple(turning),
        stirring=tuple(stirring),
        fewest=_fewest(total, evidence),
    )


def _first(total: Mapping[str, Fraction]) -> frozenset[str]:
    least = min(total.values(), default=Fraction(0))
    return frozenset(one for one, weight in total.items() if weight == least)


def _ranks(total: Mapping[str, Fraction]) -> dict[str, int]:
    places = {weight: place for place, weight in enumerate(sorted(set(total.values())))}
    return {one: places[weight] for one, weight in total.items()}


def _fewest(total: Mapping[str, Fraction], evidence: Sequence[Item]) -> tuple[str, ...]:
    """Weights add up, so of each rival the items that hold it back most are the fewest."""
    first = _first(total)
    if len(first) != 1:
        return ()
    [leader] = first
    found = [_to_catch_up(total, evidence, leader, rival) for rival in total if rival != leader]
    return min((one for one in found if one), key=len, default=())


def _to_catch_up(
    total: Mapping[str, Fraction], evidence: Sequence[Item], leader: str, rival: str
) -> tuple[str, ...]:
    behind = total[rival] - total[leader]
    holding = sorted(evidence, key=lambda item: item.against(leader) - item.against(rival))
    names = []
    for item in holding:
        gain = item.against(rival) - item.against(leader)
        if gain <= 0:
            return ()
        names.append(item.name)
        behind -= gain
        if behind <= 0:
            return tuple(names)
    return ()
