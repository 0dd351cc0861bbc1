"""Counts of victims that may be shown: none below eleven, and none that subtraction would yield.

k-anonymity of counts with guarded differencing: whoever knows what is shown of an operation, by country and
in all, cannot work out that a place had one to ten victims.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.impact.solving import cross, tells_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from chokepoint.impact.measures import Cell

K = 11
MOST = 512
"""Regions that are followed for one measure of one operation; what comes after is held back."""
_ELSEWHERE = "elsewhere"
_HARMED = re.compile(r"victim|survivor|\b(?:rescued|trafficked|children|complainants?)\b").search

Region = frozenset[str]
Known = dict[frozenset[str], "frozenset[Decimal]"]


def is_of_victims(measure: str) -> bool:
    """Whether a measure counts people who were harmed.

    >>> is_of_victims("victims identified"), is_of_victims("trafficking victim origin countries")
    (True, False)
    """
    return _HARMED(measure) is not None and "countr" not in measure


def held_back(cells: Iterable[Cell]) -> frozenset[Cell]:
    """The cells that must not be shown; those of the largest regions and counts are shown first."""
    held: set[Cell] = set()
    for group in _groups(cells):
        places = frozenset(code for cell in group for code in cell.where) | {_ELSEWHERE}
        known: Known = {}
        shown: list[tuple[Region, frozenset[Decimal]]] = []
        for cell in sorted(group, key=lambda one: (-len(one.where or places), -one.least, one.where)):
            region = frozenset(cell.where) or places
            values = frozenset(value for said in cell.said for value in (said.figure.low, said.figure.high))
            grown, more = _closed(known, region, values), [*shown, (region, values)]
            if grown is None or (cross(more) and tells_below(more, K)):
                held.add(cell)
            else:
                known, shown = grown, more
    return frozenset(held)


def _groups(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    groups: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        if is_of_victims(cell.measure):
            groups.setdefault((cell.operation, cell.measure, cell.unit), []).append(cell)
    yield from groups.values()


def _closed(known: Known, region: Region, values: frozenset[Decimal]) -> Known | None:
    """All that follows once a region's count is known too; None where a small count would follow."""
    grown = dict(known)
    waiting = [(region, values)]
    while waiting:
        place, counts = waiting.pop()
        fresh = counts - grown.get(place, frozenset())
        if any(0 < count < K for count in fresh) or len(grown) > MOST:
            return None
        if not fresh:
            continue
        grown[place] = grown.get(place, frozenset()) | fresh
        waiting += [one for other in list(grown) for one in _together(grown, (place, fresh), other)]
    return grown


def _together(
    grown: Known, one: tuple[Region, frozenset[Decimal]], other: Region
) -> Iterator[tuple[Region, frozenset[Decimal]]]:
    """What a region and another one tell of their difference or their sum."""
    place, counts = one
    if place < other:
        yield other - place, _less(grown[other], counts)
    elif other < place:
        yield place - other, _less(counts, grown[other])
    elif not place & other:
        yield place | other, frozenset(a + b for a in counts for b in grown[other])


def _less(whole: frozenset[Decimal], part: frozenset[Decimal]) -> frozenset[Decimal]:
    return frozenset(a - b for a in whole for b in part if a >= b)
