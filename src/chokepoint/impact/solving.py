"""What counts of regions that cross tell together, solved as the equations that they are.

Of three countries the counts of each two tell each one: (a + b) + (a + c) - (b + c) is twice a. Plain sums
and differences of two regions, which are enough where regions lie in or beside each other, do not find that.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, compress, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    Told = tuple[frozenset[str], frozenset[Decimal]]
    Row = tuple[list[Fraction], list[Fraction]]

MOST_EQUATIONS = 10
MOST_COUNTS = 512


def cross(told: Sequence[Told]) -> bool:
    """Whether two of the regions share something and have something of their own each."""
    return any(a & b and a - b and b - a for (a, _), (b, _) in combinations(told, 2))


def tells_below(told: Sequence[Told], least: int) -> bool:
    """Whether the counts of regions together tell of some region that it has 1 to `least` - 1.

    True as well where there are more equations or possible counts than are looked through.
    """
    places = sorted({place for region, _ in told for place in region})
    rows = _reduced([region for region, _ in told], places)
    if len(rows) > MOST_EQUATIONS:
        return True
    counts = [values for _, values in told]
    return any(_has_few(weights, counts, least) for weights in _solutions(rows))


def _reduced(regions: Sequence[frozenset[str]], places: Sequence[str]) -> list[Row]:
    """Gauss–Jordan: independent rows by place, each with the weights of the regions that it is made of."""
    rows: list[Row] = []
    pivots: list[int] = []
    for number, region in enumerate(regions):
        line = [Fraction(place in region) for place in places]
        made = [Fraction(at == number) for at in range(len(regions))]
        for pivot, row in zip(pivots, rows, strict=True):
            line, made = _less((line, made), row, line[pivot])
        pivot = next((at for at, value in enumerate(line) if value), -1)
        if pivot >= 0:
            fresh = ([value / line[pivot] for value in line], [value / line[pivot] for value in made])
            rows = [_less(row, fresh, row[0][pivot]) for row in rows]
            rows.append(fresh)
            pivots.append(pivot)
    return rows


def _less(row: Row, other: Row, times: Fraction) -> Row:
    line, made = (
        [a - times * b for a, b in zip(*pair, strict=True)] for pair in zip(row, other, strict=True)
    )
    return line, made


def _solutions(rows: Sequence[Row]) -> Iterator[list[Fraction]]:
    """The weights under which the regions add up to one region: each pivot is in it or not."""
    for chosen in product((False, True), repeat=len(rows)):
        if some := list(compress(rows, chosen)):
            line, made = (list(map(sum, zip(*part, strict=True))) for part in zip(*some, strict=True))
            if set(line) <= {0, 1}:
                yield [Fraction(weight) for weight in made]


def _has_few(weights: Sequence[Fraction], counts: Sequence[frozenset[Decimal]], least: int) -> bool:
    sums = {Fraction(0)}
    for weight, values in zip(weights, counts, strict=True):
        sums = {one + weight * Fraction(value) for one in sums for value in values} if weight else sums
        if len(sums) > MOST_COUNTS:
            return True
    return any(0 < one < least for one in sums)
