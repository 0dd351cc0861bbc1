"""Figures of operations side by side, and the sums that may be made of them.

Nothing is averaged, and nothing unlike is added: a sum is of one measure in one unit at one place, over
operations of which none can have counted what another did. It is therefore a lower bound, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from chokepoint.model.claim import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chokepoint.model.figure import Figure

MOST_EXACT = 18
"""Operations that overlap one way or another up to which the best choice among them is found exactly."""
_never = re.compile(
    r"\b(?:participating|countries|nationalities|variants|types|kinds|isps?|pct|percent|share|rate|ratio|"
    r"average|mean|median|days? until|score)\b"
).search

REPORT = "a report over several operations, which counts what they counted"
PART, SAME = "one is part of the other", "the same days and countries"
UNDATED, MAYBE = "days are missing", "the same days, and not all countries of both are known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One figure by one source.

    Attributes:
        operation: the name of the event.
        figure: how much of what, and where.
        origin: who says so.
        record: id of the claim.
    """

    operation: str
    figure: Figure
    origin: str
    record: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """All that is said of one measure, in one unit, of one operation at one place.

    Attributes:
        operation: the name of the event.
        measure: what was counted.
        unit: of the values.
        where: ISO 3166 codes; empty for all of the operation.
        said: the figures, one a source, the largest first.
    """

    operation: str
    measure: str
    unit: str
    where: tuple[str, ...]
    said: tuple[Saying, ...]

    @cached_property
    def conflict(self) -> bool:
        """Whether sources say different things; which of them is right is not decided here."""
        return len({one.figure.text for one in self.said}) > 1

    @cached_property
    def least(self) -> Decimal:
        """The smallest value that any source leaves open."""
        return min(one.figure.least for one in self.said)

    @cached_property
    def most(self) -> Decimal | None:
        """The largest value that any source leaves open; None where one of them sets no end."""
        ends = [one.figure.most for one in self.said]
        known = [end for end in ends if end is not None]
        return max(known) if len(known) == len(ends) else None

    @property
    def vague(self) -> bool:
        """Whether a source says "about"."""
        return any(one.figure.bound == "~" for one in self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is known of an operation's extent.

    Attributes:
        start: the first day, ISO 8601, or empty.
        end: the first day after, or empty.
        countries: all of them, or None where only some are known.
        whole: names of the operations that it is part of.
        report: whether it is no operation, but a report over several.
    """

    start: str = ""
    end: str = ""
    countries: frozenset[str] | None = None
    whole: frozenset[str] = frozenset()
    report: bool = False

    @property
    def days(self) -> Interval | None:
        """From the first to the last day; None where neither is known."""
        return Interval(self.start, self.end) if self.start or self.end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A cell that is not in a sum, why, and the operation in the sum that stands against it, if one does."""

    cell: Cell
    reason: str
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What can be added without counting anything twice.

    Attributes:
        measure, unit, where: what all of it is.
        least: the sum of the smallest values; what was counted is at least that.
        vague: whether a source of it says "about".
        added: the cells in it.
        left_out: the others of this measure, each with its reason.
    """

    measure: str
    unit: str
    where: tuple[str, ...]
    least: Decimal
    vague: bool
    added: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...]


def cells_of(said: Iterable[Saying]) -> tuple[Cell, ...]:
    """The figures by operation, measure, unit and place, in that order."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Saying]] = {}
    for one in said:
        figure = one.figure
        groups.setdefault((one.operation, figure.measure, figure.unit, figure.where), []).append(one)
    return tuple(
        Cell(
            operation=operation, measure=measure, unit=unit, where=where,
            said=tuple(sorted(found, key=lambda one: (-one.figure.low, one.origin, one.record))),
        )
        for (operation, measure, unit, where), found in sorted(groups.items())
    )  # fmt: skip


def is_addable(measure: str, unit: str) -> bool:
    """Whether counts of it add up at all: shares do not, nor numbers of countries or other kinds."""
    return unit != "%" and _never(measure) is None


def may_overlap(spans: Mapping[str, Span], one: str, other: str) -> str:
    """Why what one operation counted may have been counted by the other too; empty where it cannot."""
    first, second = spans[one], spans[other]
    if other in first.whole or one in second.whole:
        return PART
    if first.end and second.start and first.end <= second.start:
        return ""
    if second.end and first.start and second.end <= first.start:
        return ""
    if first.countries is not None and second.countries is not None:
        return SAME if first.countries & second.countries else ""
    if not (first.start and first.end and second.start and second.end):
        return UNDATED
    return MAYBE


def totals(cells: Sequence[Cell], spans: Mapping[str, Span]) -> tuple[Total, ...]:
    """The sums of two operations or more, by measure, unit and place; the same in any order of the cells."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Cell]] = {}
    for cell in sorted(cells, key=lambda one: one.operation):
        groups.setdefault((cell.measure, cell.unit, cell.where), []).append(cell)
    sums = (
        _total(found, spans)
        for (measure, unit, _), found in sorted(groups.items())
        if is_addable(measure, unit)
    )
    return tuple(one for one in sums if len(one.added) > 1)


def _total(cells: Sequence[Cell], spans: Mapping[str, Span]) -> Total:
    own = [cell for cell in cells if not spans[cell.operation].report]
    clashes = {
        frozenset((a.operation, b.operation)): reason
        for a, b in combinations(own, 2)
        if (reason := may_overlap(spans, a.operation, b.operation))
    }
    added = tuple(cell for part in _parts(own, clashes) for cell in _best(part, clashes))
    names = sorted(cell.operation for cell in added)
    first = cells[0]
    return Total(
        measure=first.measure,
        unit=first.unit,
        where=first.where,
        least=sum((cell.least for cell in added), Decimal(0)),
        vague=any(cell.vague for cell in added),
        added=tuple(sorted(added, key=lambda one: one.operation)),
        left_out=tuple(_left_out(cell, names, clashes) for cell in cells if cell.operation not in names),
    )


def _left_out(cell: Cell, added: Sequence[str], clashes: Mapping[frozenset[str], str]) -> LeftOut:
    for other in added:
        if reason := clashes.get(frozenset((cell.operation, other))):
            return LeftOut(cell=cell, reason=reason, against=other)
    return LeftOut(cell=cell, reason=REPORT)


def _parts(cells: Sequence[Cell], clashes: Mapping[frozenset[str], str]) -> Iterator[list[Cell]]:
    """The cells in groups such that no two of different groups clash."""
    left = list(cells)
    while left:
        part = [left.pop(0)]
        for one in part:
            near = [two for two in left if frozenset((one.operation, two.operation)) in clashes]
            part += near
            left = [two for two in left if two not in near]
        yield part


def _best(part: list[Cell], clashes: Mapping[frozenset[str], str]) -> tuple[Cell, ...]:
    """The cells of the largest sum of which no two clash; for very many, a good choice of such cells."""
    ordered = sorted(part, key=lambda one: (-one.least, one.operation))
    if len(ordered) > MOST_EXACT:
        chosen: list[Cell] = []
        for cell in ordered:
            if not _clashing(cell, chosen, clashes):
                chosen.append(cell)
        return tuple(chosen)
    return _search(ordered, (), clashes)


def _search(
    left: Sequence[Cell], chosen: tuple[Cell, ...], clashes: Mapping[frozenset[str], str]
) -> tuple[Cell, ...]:
    if not left:
        return chosen
    first, rest = left[0], left[1:]
    if _clashing(first, chosen, clashes):
        return _search(rest, chosen, clashes)
    taken = _search(rest, (*chosen, first), clashes)
    if not _clashing(first, rest, clashes):
        return taken
    return max(taken, _search(rest, chosen, clashes), key=_sum)


def _sum(cells: Sequence[Cell]) -> Decimal:
    return sum((cell.least for cell in cells), Decimal(0))


def _clashing(cell: Cell, others: Iterable[Cell], clashes: Mapping[frozenset[str], str]) -> bool:
    return any(frozenset((cell.operation, other.operation)) in clashes for other in others)


def overfull(cells: Iterable[Cell]) -> tuple[tuple[Cell, Decimal], ...]:
    """Wholes of an operation that are smaller than what its single countries sum up to, with that sum."""
    wholes: dict[tuple[str, str, str], Cell] = {}
    parts: dict[tuple[str, str, str], Decimal] = {}
    for cell in cells:
        key = (cell.operation, cell.measure, cell.unit)
        if not cell.where:
            wholes[key] = cell
        elif len(cell.where) == 1 and is_addable(cell.measure, cell.unit):
            parts[key] = parts.get(key, Decimal(0)) + cell.least
    return tuple(
        (whole, parts[key])
        for key, whole in wholes.items()
        if whole.most is not None and parts.get(key, Decimal(0)) > whole.most
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """What a measure says of one country at least, and from which operations.

    Attributes:
        value: nothing in it is counted twice.
        unit: of the value.
        cells: the figures in it.
        further: how many other operations speak of the country, which may have counted the same.
    """

    value: Decimal
    unit: str
    cells: tuple[Cell, ...]
    further: int


def by_country(cells: Iterable[Cell], sums: Iterable[Total]) -> dict[str, Least]:
    """Of one measure in one unit: a country's sum where there is one, else its largest single figure.

    Args:
        cells: of the measure; those of whole operations and of several countries are passed over.
        sums: of any measures.
    """
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        if len(cell.where) == 1:
            groups.setdefault(cell.where[0], []).append(cell)
    added = {(one.measure, one.unit, one.where): one.added for one in sums}
    found = {}
    for code, group in sorted(groups.items()):
        first = group[0]
        best = max(group, key=lambda one: (one.least, one.operation))
        chosen = added.get((first.measure, first.unit, (code,)), (best,))
        found[code] = Least(
            value=_sum(chosen), unit=first.unit, cells=chosen, further=len(group) - len(chosen)
        )
    return found
