"""What to beware of on a path: shared infrastructure, hubs, changed hands, things that join nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.graph.frontier import DISPUTED
from chokepoint.graph.tenure import (
    HOSTS,
    TIMELESS,
    apart,
    claims_of,
    dated,
    intervals,
    span,
    tolerance,
    undated_gap,
)
from chokepoint.graph.traits import HUB, LISTED, SHARED_KIND, SPLIT
from chokepoint.model.said import AND, Said, linked
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.graph.hop import Hop
    from chokepoint.graph.snapshot import Snapshot

LOOKED_AT = 400
"""Statements at the end of a path that are looked through for sightings at other times."""


class Warn(NamedTuple):
    """A warning on a path.

    Attributes:
        code: for programs: `parking`, `shared-infrastructure`, `hub`, `time`, `two-periods`,
            `mention`, ….
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
        warnings += _handed_on(snapshot, hops, lives, place)
    for hop in hops:
        if hop.statement >= 0:
            doubts = _doubts(snapshot, hop)
            joins &= "joins-nothing" not in {doubt.code for doubt in doubts}
            warnings += doubts
    return tuple(dict.fromkeys(warnings)), joins


def _handed_on(
    snapshot: Snapshot, hops: Sequence[Hop], lives: Sequence[tuple[int, int]], place: int
) -> list[Warn]:
    """Warnings that the node at a place of the path may have changed hands."""
    if place in {0, len(hops)}:
        near = hops[0] if place == 0 else hops[-1]
        return _end_changed(snapshot, near.source if place == 0 else near.target, near)
    node = hops[place].source
    if any(hop.property in TIMELESS and _subject(hop) == node for hop in hops[place - 1 : place + 1]):
        return []  # judged once, at the host that it belongs to
    before, after = _before(hops, place - 1, -1), _before(hops, place, 1)
    if before is None or after is None:
        return []
    return _changed(snapshot, node, (before, after), lives[place - 1])


def _subject(hop: Hop) -> int:
    return hop.source if hop.forward else hop.target


def _shared(snapshot: Snapshot, node: int, *, inner: bool) -> list[Warn]:
    flags = int(snapshot.flags[node])
    found = [
        Warn(code, sentence, node)
        for bit, (code, sentence) in enumerate(snapshot.categories)
        if flags & LISTED & (1 << bit)
    ]
    if flags & HUB and inner:
        count = int(snapshot.degree[node])
        found.append(
            Warn(
                "hub",
                Said("it has {links} links; sharing it says little and joins nothing", links=count),
                node,
            )
        )
    if flags & SHARED_KIND and inner:
        found.append(
            Warn("shared-infrastructure", Said("many unrelated things share it; it joins nothing"), node)
        )
    return found


def _doubts(snapshot: Snapshot, hop: Hop) -> list[Warn]:
    found = []
    if not snapshot.joining[snapshot.relation[hop.statement]]:
        sentence = Said(
            "{property} does not tie two things to one operator; it joins nothing", property=hop.property
        )
        found.append(Warn("joins-nothing", sentence, hop.target))
    if snapshot.loose[snapshot.relation[hop.statement]]:
        sentence = Said("a source names it together with the one before and states no link")
        found.append(Warn("mention", sentence, hop.target))
    if int(snapshot.verdict[hop.statement]) == DISPUTED:
        found.append(Warn("disputed", Said("a member disputes this hop and the dispute is open"), hop.target))
    if bool(snapshot.simulated[hop.statement]):
        found.append(
            Warn("simulated", Said("simulated votes decided on this hop: for demonstration only"), hop.target)
        )
    return found


def _changed(snapshot: Snapshot, node: int, hops: tuple[Hop, Hop], lives: tuple[int, int]) -> list[Warn]:
    """Warnings that a node between the ends may not have been in the same hands on both sides."""
    if int(snapshot.flags[node]) & SPLIT and lives[0] and lives[1] and lives[0] != lives[1]:
        told = linked(AND, (period_text(snapshot, node, life) for life in sorted(lives)))
        sentence = Said("two lives of one identifier: {lives}; this attributes nothing", lives=told)
        return [Warn("two-periods", sentence, node)]
    return _timed(snapshot, node, undated_gap(snapshot, hops, tolerance(snapshot, node)))


def _timed(snapshot: Snapshot, node: int, gap: str) -> list[Warn]:
    if not gap:
        return []
    kind = snapshot.kind_names[snapshot.kind[node]]
    noun = "host" if kind in HOSTS else vocabulary().kinds[kind].label.lower()
    sentence = Said("the {thing} may have been re-registered {when}", thing=Said(noun), when=gap)
    return [Warn("time", sentence, node)]


def _end_changed(snapshot: Snapshot, node: int, hop: Hop) -> list[Warn]:
    """A warning that the end of a path was seen by others at times far from the hop that starts there."""
    if hop.statement < 0 or hop.property in TIMELESS:
        return []
    others = _elsewhere(snapshot, node, hop)
    return _timed(snapshot, node, apart(intervals(snapshot, hop), others, tolerance(snapshot, node)))


def _elsewhere(snapshot: Snapshot, node: int, hop: Hop) -> list[tuple[int, int]]:
    """Dated intervals of the node's other statements by other origins, of at most `LOOKED_AT`."""
    start = int(snapshot.pointer[node])
    edge = snapshot.edge[start : min(int(snapshot.pointer[node + 1]), start + LOOKED_AT)]
    other = edge[(edge < len(snapshot.subject)) & (edge != hop.statement)]
    timeless = [at for at, name in enumerate(snapshot.property_names) if name in TIMELESS]
    other = other[~np.isin(snapshot.relation[other], timeless)]
    statement, claim = claims_of(snapshot, other)
    same = np.isin(snapshot.claim_origin[claim], hop.origins)
    shared = np.unique(statement[same])
    return dated(snapshot, claim[~np.isin(statement, shared)])


def _before(hops: Sequence[Hop], place: int, step: int) -> Hop | None:
    """The nearest hop from `place` on that is neither an identity nor timeless; None at the end."""
    while 0 <= place < len(hops):
        if hops[place].statement >= 0 and hops[place].property not in TIMELESS:
            return hops[place]
        place += step
    return None


def period_text(snapshot: Snapshot, node: int, number: int) -> str:
    """One life of an identifier in words: `period 1 (until 2021-03-04: reason)`."""
    for row in range(len(snapshot.period_node)):
        if int(snapshot.period_node[row]) == node and int(snapshot.period_number[row]) == number:
            when = span(int(snapshot.period_start[row]), int(snapshot.period_end[row]))
            reason = snapshot.period_reason[row]
            return Said("period {number} ({when}: {reason})", number=number, when=when, reason=reason)
    return Said("period {number}", number=number)
