"""Connecting paths from A to B: what ties them, how sure that is, and what to beware of.

Ranked by joint belief and independence, not by hop count; through hubs and shared or known-good
infrastructure only where nothing else exists, and then with the warning and `joins` false (DESIGN §6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, prod
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.caution import Warn, cautions
from chokepoint.graph.columns import distinct
from chokepoint.graph.frontier import (
    ACCEPTED,
    DISPUTED,
    OTHER_LIFE,
    PROPOSED_OR_ACCEPTED,
    Rules,
    Search,
    Trail,
    life_at,
)
from chokepoint.graph.hop import SAME_AS, Hop, make_hop
from chokepoint.graph.traits import BARRED

__all__ = ["SAME_AS", "Found", "Hop", "Limits", "Path", "Warn", "paths", "search"]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.graph.columns import Ints
    from chokepoint.graph.snapshot import Snapshot

SHORT = 2
"""Hops up to which a shared but meaningless node is told of beside better connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A connection between two nodes.

    Attributes:
        hops: in walking order.
        belief: product over the hops, reduced where the path crosses lives of an identifier.
        origins: distinct root publishers over all hops.
        single_source: whether one origin holds every stated hop.
        joins: whether the path speaks for one operator; false through hubs, shared or known-good
            infrastructure, and by properties that join nothing.
        attribution: false where the path crosses from one life of an identifier into another.
        warnings: what to beware of.
        score: belief (less where a hop is a mere mention) x (1 - 2^-origins) x specificity of the nodes
            between the ends; ranks paths.
    """

    hops: tuple[Hop, ...]
    belief: float
    origins: int
    single_source: bool
    joins: bool
    attribution: bool
    warnings: tuple[Warn, ...]
    score: float

    @property
    def nodes(self) -> tuple[int, ...]:
        """Node indices from end to end."""
        return (self.hops[0].source, *(hop.target for hop in self.hops))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Paths, best first, and whether the search saw everything within its limits."""

    paths: tuple[Path, ...]
    complete: bool


def paths(
    snapshot: Snapshot,
    sources: Iterable[int],
    targets: Iterable[int],
    *,
    k: int = 5,
    max_hops: int = 8,
    accepted_only: bool = False,
) -> list[Path]:
    """At most `k` paths from any source to any target, best first; see `search`."""
    limits = Limits(k=k, max_hops=max_hops, accepted_only=accepted_only)
    return list(search(snapshot, sources, targets, limits=limits).paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many paths of how many hops, and whether over accepted statements alone."""

    k: int = 5
    max_hops: int = 8
    accepted_only: bool = False


def search(
    snapshot: Snapshot, sources: Iterable[int], targets: Iterable[int], *, limits: Limits | None = None
) -> Found:
    """Find paths between two sets of node indices.

    Two searches at most. The first refuses hubs, shared and known-good infrastructure, properties
    that join nothing and disputed statements. Only when it finds nothing does the second let them
    in; beside better paths they are told of where they tie the ends within two hops, because
    somebody else's tool will show them.

    Args:
        snapshot: of the viewer.
        sources: node indices.
        targets: node indices; what is among the sources is left out.
        limits: defaults when not given.
    """
    limits = limits or Limits()
    start = distinct(np.fromiter(sources, np.int32))
    goal = np.setdiff1d(np.fromiter(targets, np.int32), start)
    if not len(start) or not len(goal) or not _touch(snapshot.component, start, goal):
        return Found(paths=(), complete=True)
    allowed = ACCEPTED if limits.accepted_only else PROPOSED_OR_ACCEPTED
    strict = Rules(verdicts=allowed, max_hops=limits.max_hops, keep=limits.k)
    first = Search(snapshot, strict)
    trails = first.run(start, goal) if _clear_way(snapshot, start, goal) else []
    loose = replace(strict, strict=False)
    if not limits.accepted_only:
        loose = replace(loose, verdicts=(*allowed, DISPUTED))
    if trails:
        loose = replace(loose, max_hops=min(SHORT, limits.max_hops))
    second = Search(snapshot, loose)
    seen = {trail.nodes for trail in trails}
    trails += [trail for trail in second.run(start, goal) if trail.nodes not in seen]
    found = [_path(snapshot, trail) for trail in trails[: 4 * limits.k + 8]]
    found.sort(key=_rank)
    return Found(paths=tuple(found[: limits.k]), complete=first.complete and second.complete)


def _rank(path: Path) -> tuple[bool, bool, float, int, tuple[int, ...]]:
    return (not path.joins, not path.attribution, -path.score, len(path.hops), path.nodes)


def _touch(labels: Ints, start: Ints, goal: Ints) -> bool:
    return bool(np.isin(labels[start], labels[goal]).any())


def _clear_way(snapshot: Snapshot, start: Ints, goal: Ints) -> bool:
    """Whether the strict search can succeed at all; a barred end stands outside the strands."""
    ends = np.concatenate([start, goal])
    return bool((snapshot.flags[ends] & BARRED).any()) or _touch(snapshot.strand, start, goal)


def _path(snapshot: Snapshot, trail: Trail) -> Path:
    hops = tuple(
        make_hop(snapshot, edge, (trail.nodes[at], trail.nodes[at + 1]))
        for at, edge in enumerate(trail.edges)
    )
    lives = _lives(snapshot, trail)
    crossings = sum(1 for one, two in lives if one and two and one != two)
    stated = [set(hop.origins) for hop in hops if hop.statement >= 0]
    origins = len(set().union(*stated))
    belief = prod(hop.belief for hop in hops) * OTHER_LIFE**crossings
    warnings, joins = cautions(snapshot, hops, lives)
    return Path(
        hops=hops,
        belief=belief,
        origins=origins,
        single_source=bool(stated) and bool(set.intersection(*stated)),
        joins=joins,
        attribution=not crossings,
        warnings=warnings,
        score=exp(-trail.cost) * (1.0 - 0.5 ** max(origins, 1)),
    )


def _lives(snapshot: Snapshot, trail: Trail) -> list[tuple[int, int]]:
    """For each node between the ends, which life its two edges speak of."""
    inner = np.array(trail.nodes[1:-1], np.int32)
    before = life_at(snapshot, np.array(trail.edges[:-1], np.int32), inner)
    after = life_at(snapshot, np.array(trail.edges[1:], np.int32), inner)
    return list(zip(before.tolist(), after.tolist(), strict=True))
