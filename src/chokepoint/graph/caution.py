"""What to beware of on a path: shared infrastructure, hubs, changed hands, things that join nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.frontier import DISPUTED
from chokepoint.graph.traits import HUB, LISTED, OTHER_TOLERANCE, SHARED_KIND, SPLIT, TOLERANCE_DAYS
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.graph.hop import Hop
    from chokepoint.graph.snapshot import Snapshot


class Warn(NamedTuple):
    """A warning on a path.

    Attributes:
        code: for programs: `parking`, `shared-infrastructure`, `hub`, `time`, `two-periods`, ….
        sentence: for people; the node it speaks of is the one at `node`.
        node: node index.
    """

    code: str
    sentence: str
    node: int


def cautions(
    snapshot: Snapshot, hops: Sequence[Hop], lives: Sequence[tuple[int, int]]
) -> tuple[tuple[Warn, ...], bool]:
    """The warnings of a path in walking order, and whether it still speaks for one operator.

    Args:
        snapshot: of the viewer.
        hops: of the path.
        lives: for each node between the ends, the lives that its two hops speak of.
    """
    warnings: list[Warn] = []
    joins = True
    nodes = [hops[0].source, *(hop.target for hop in hops)]
    for place, node in enumerate(nodes):
        inner = 0 < place < len(nodes) - 1
        shared = _shared(snapshot, node, inner=inner)
        joins &= not (inner and shared)
        warnings += shared
        if inner:
            warnings += _changed(snapshot, node, (hops[place - 1], hops[place]), lives[place - 1])
    for hop in hops:
        if hop.statement >= 0:
            doubts = _doubts(snapshot, hop)
            joins &= "joins-nothing" not in {doubt.code for doubt in doubts}
            warnings += doubts
    return tuple(dict.fromkeys(warnings)), joins


def _shared(snapshot: Snapshot, node: int, *, inner: bool) -> list[Warn]:
    flags = int(snapshot.flags[node])
    found = [
        Warn(code, sentence, node)
        for bit, (code, sentence) in enumerate(snapshot.categories)
        if flags & LISTED & (1 << bit)
    ]
    if flags & HUB and inner:
        count = int(snapshot.degree[node])
        found.append(Warn("hub", f"it has {count} links; sharing it says little and joins nothing", node))
    if flags & SHARED_KIND and inner:
        found.append(Warn("shared-infrastructure", "many unrelated things share it; it joins nothing", node))
    return found


def _doubts(snapshot: Snapshot, hop: Hop) -> list[Warn]:
    found = []
    if not snapshot.joining[snapshot.relation[hop.statement]]:
        sentence = f"{hop.property} does not tie two things to one operator; it joins nothing"
        found.append(Warn("joins-nothing", sentence, hop.target))
    if int(snapshot.verdict[hop.statement]) == DISPUTED:
        found.append(Warn("disputed", "a member disputes this hop and the dispute is open", hop.target))
    if bool(snapshot.simulated[hop.statement]):
        found.append(
            Warn("simulated", "simulated votes decided on this hop: for demonstration only", hop.target)
        )
    return found


def _changed(snapshot: Snapshot, node: int, hops: tuple[Hop, Hop], lives: tuple[int, int]) -> list[Warn]:
    """Warnings that the node may not have been in the same hands on both sides."""
    kind = snapshot.kind_names[snapshot.kind[node]]
    known = vocabulary().kinds.get(kind)
    if known is None or not known.reassigned:
        return []
    if int(snapshot.flags[node]) & SPLIT and lives[0] and lives[1] and lives[0] != lives[1]:
        told = " and ".join(period_text(snapshot, node, life) for life in sorted(lives))
        return [Warn("two-periods", f"two lives of one identifier: {told}; this attributes nothing", node)]
    gap = _gap(snapshot, hops, TOLERANCE_DAYS.get(kind, OTHER_TOLERANCE))
    if gap is None:
        return []
    noun = "host" if kind in {"domain-name", "url", "ipv4-addr", "ipv6-addr"} else known.label.lower()
    return [Warn("time", f"the {noun} may have been re-registered {gap}", node)]


def period_text(snapshot: Snapshot, node: int, number: int) -> str:
    """One life of an identifier in words: `period 1 (until 2021-03-04: reason)`."""
    for row in range(len(snapshot.period_node)):
        if int(snapshot.period_node[row]) == node and int(snapshot.period_number[row]) == number:
            when = _span(int(snapshot.period_start[row]), int(snapshot.period_end[row]))
            return f"period {number} ({when}: {snapshot.period_reason[row]})"
    return f"period {number}"


def _gap(snapshot: Snapshot, hops: tuple[Hop, Hop], tolerance: int) -> str | None:
    """Why two hops may not belong to one tenure, in words; None where they overlap."""
    one, two = (_intervals(snapshot, hop) for hop in hops)
    if not one and not two:
        alike = bool(set(hops[0].origins) & set(hops[1].origins))
        undated = hops[0].statement >= 0 and hops[1].statement >= 0 and not alike
        return "at a time that nobody recorded: neither hop is dated" if undated else None
    if not one or not two:
        if -1 in {hops[0].statement, hops[1].statement}:
            return None
        dated = one or two
        return f"before or after {_span(*_hull(dated))}: the other hop is not dated"
    best = min((max(a[0], b[0]) - min(a[1], b[1]), a, b) for a in one for b in two)
    if best[0] <= tolerance:
        return None
    earlier, later = sorted(best[1:])
    return f"between {_day(min(earlier[1], later[0]) - 1)} and {_day(later[0])}"


def _hull(intervals: list[tuple[int, int]]) -> tuple[int, int]:
    return min(start for start, _ in intervals), max(end for _, end in intervals)


def _intervals(snapshot: Snapshot, hop: Hop) -> list[tuple[int, int]]:
    """Distinct dated intervals of the hop's claims; an open side is taken as that one known day."""
    if hop.statement < 0:
        return []
    rows = snapshot.claims(hop.statement)
    found = set()
    for start, end in zip(
        snapshot.claim_start[rows].tolist(), snapshot.claim_end[rows].tolist(), strict=True
    ):
        if start != UNKNOWN or end != UNKNOWN:
            found.add((start if start != UNKNOWN else end - 1, end if end != UNKNOWN else start + 1))
    return sorted(found)


def _span(start: int, end: int) -> str:
    if start == UNKNOWN and end == UNKNOWN:
        return "undated"
    if start == UNKNOWN:
        return f"until {_day(end - 1)}"
    if end == UNKNOWN:
        return f"from {_day(start)}"
    return _day(start) if end == start + 1 else f"{_day(start)} to {_day(end - 1)}"


def _day(number: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)).date().isoformat()
