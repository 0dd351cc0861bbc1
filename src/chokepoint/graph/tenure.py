"""Whether sightings of an identifier that can change hands may belong to one tenure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.traits import OTHER_TOLERANCE, TOLERANCE_DAYS
from chokepoint.model.said import Said
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from chokepoint.graph.columns import Ints, Longs
    from chokepoint.graph.hop import Hop
    from chokepoint.graph.snapshot import Snapshot

HOSTS = frozenset({"domain-name", "url", "ipv4-addr", "ipv6-addr"})
TIMELESS = frozenset({"hosted-at", "subdomain-of", "same-file"})
"""Properties that follow from the names themselves, so that their dates say nothing."""
FOREVER = -1
"""Tolerance of what never changes hands."""

MOST_INTERVALS = 64

Interval = tuple[int, int]


def tolerance(snapshot: Snapshot, node: int) -> int:
    """Days between two sightings that one tenure explains; `FOREVER` for what cannot change hands."""
    kind = snapshot.kind_names[snapshot.kind[node]]
    known = vocabulary().kinds.get(kind)
    if known is None or not known.reassigned:
        return FOREVER
    return TOLERANCE_DAYS.get(kind, OTHER_TOLERANCE)


def undated_gap(snapshot: Snapshot, hops: tuple[Hop, Hop], days: int) -> str:
    """Why two hops may not belong to one tenure, in words; empty where they may well.

    Args:
        snapshot: of the viewer.
        hops: both stated, not timeless.
        days: tolerance.
    """
    one, two = (intervals(snapshot, hop) for hop in hops)
    if days == FOREVER or (one and two):
        return apart(one, two, days)
    if one or two:
        return Said("before or after {days}: the other hop is not dated", days=span(*_hull(one or two)))
    if set(hops[0].origins) & set(hops[1].origins):
        return ""
    return Said("at a time that nobody recorded: neither hop is dated")


def apart(one: list[Interval], two: list[Interval], days: int) -> str:
    """When the identifier may have changed hands between two sets of sightings; empty if they are near."""
    if days == FOREVER or not one or not two:
        return ""
    gap, first, second = min((max(a[0], b[0]) - min(a[1], b[1]), a, b) for a in one for b in two)
    if gap <= days:
        return ""
    earlier, later = sorted((first, second))
    return Said("between {start} and {end}", start=_day(min(earlier[1], later[0]) - 1), end=_day(later[0]))


def intervals(snapshot: Snapshot, hop: Hop) -> list[Interval]:
    """Distinct dated intervals of the hop's claims, the earliest `MOST_INTERVALS`."""
    rows = snapshot.claims(hop.statement)
    return dated(snapshot, np.arange(rows.start, rows.stop))[:MOST_INTERVALS]


def claims_of(snapshot: Snapshot, statements: Ints) -> tuple[Ints, Longs]:
    """For each claim of some statements the statement and its place in the claim arrays."""
    start = snapshot.claim_pointer[statements]
    count = snapshot.claim_pointer[statements + 1] - start
    first = np.cumsum(count) - count
    place = np.arange(int(count.sum())) + np.repeat(start - first, count)
    return np.repeat(statements, count), place


def dated(snapshot: Snapshot, claims: Longs) -> list[Interval]:
    """Distinct dated intervals of claims, ascending; an open side is taken as that one known day."""
    start, end = snapshot.claim_start[claims], snapshot.claim_end[claims]
    known = (start != UNKNOWN) | (end != UNKNOWN)
    start, end = start[known], end[known]
    return sorted(
        set(
            zip(
                np.where(start == UNKNOWN, end - 1, start).tolist(),
                np.where(end == UNKNOWN, start + 1, end).tolist(),
                strict=True,
            )
        )
    )


def _hull(given: list[Interval]) -> Interval:
    return min(start for start, _ in given), max(end for _, end in given)


def span(start: int, end: int) -> str:
    """Days in words, half-open and possibly unknown on either side.

    >>> span(UNKNOWN, 1), span(0, 1), span(0, 3)
    ('until 1970-01-01', '1970-01-01', '1970-01-01 to 1970-01-03')
    """
    if start == UNKNOWN and end == UNKNOWN:
        return Said("undated")
    if start == UNKNOWN:
        return Said("until {day}", day=_day(end - 1))
    if end == UNKNOWN:
        return Said("from {day}", day=_day(start))
    if end == start + 1:
        return Said("{day}", day=_day(start))
    return Said("{start} to {end}", start=_day(start), end=_day(end - 1))


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)
