"""First orders to start from: degree, CoreHD, influence, betweenness and multilevel separators."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.dismantle.effort import counting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.choke.chain import Floats, Ints
    from chokepoint.choke.dismantle.effort import Effort
    from chokepoint.choke.dismantle.work import Work

KEY_STEPS = 64.0
INFLUENCE_WORK, INFLUENCE_UPDATES = 2e8, 1000
MOST_BETWEENNESS, LEAST_SOURCES = 2e9, 8
MOST_DISSECTIONS = 24
IMBALANCE = (30, 300, 500, 600)
HOPELESS = 1.1
DISSECTIONS, BETWEENNESS = 0.15, 0.1
"""Their parts of the effort; the rest is for annealing."""
NODE_DISSECTED, ARC_DISSECTED = 1000.0, 140.0
"""Cost of one separator tree, judged and put back, in arcs of annealing."""


def quick(work: Work) -> Iterator[tuple[str, Ints]]:
    """(method, nodes in order of removal) of what is about linear in the edges, CoreHD first."""
    from chokepoint.choke.kernels import decimate  # noqa: PLC0415 - numba loads when it computes

    scale = _scale(work)
    yield "corehd", decimate.by_degree(work.start, work.near, scale, core_only=True)
    yield "degree", decimate.by_degree(work.start, work.near, scale, core_only=False)
    if float((np.diff(work.start).astype(np.float64) ** 2).sum()) <= INFLUENCE_WORK:
        batch = max(work.n // INFLUENCE_UPDATES, 1)
        yield "influence", decimate.by_influence(work.start, work.near, scale, batch)
    yield from _dissection(work, 0)


def thorough(work: Work, effort: Effort) -> Iterator[tuple[str, Ints]]:
    """The same of what costs more: more dissections and betweenness, with their parts of the effort."""
    from chokepoint.choke.kernels import between  # noqa: PLC0415 - numba loads when it computes

    whole = effort.left
    yield from _dissections(work, effort)
    sources = min(int(min(BETWEENNESS * whole, MOST_BETWEENNESS) / counting(work, 1)), work.n)
    if sources >= LEAST_SOURCES and effort.take(counting(work, sources)):
        scale = _scale(work)
        yield "betweenness", between.by_betweenness(work.start, work.near, scale, sources, 1, work.limit)


def _dissections(work: Work, effort: Effort) -> Iterator[tuple[str, Ints]]:
    """Dissections by growing seed; one of each imbalance, then more while they are not hopelessly behind."""
    cost = NODE_DISSECTED * work.n + ARC_DISSECTED * work.near.size
    for run in range(1, min(1 + int(DISSECTIONS * effort.left / cost), MOST_DISSECTIONS)):
        reached = [auc for method, auc in work.tried.items() if method.startswith("dissection")]
        hopeless = min(reached, default=0.0) > HOPELESS * min(work.tried.values(), default=np.inf)
        if (hopeless and run >= len(IMBALANCE)) or not effort.take(cost):
            return
        yield from _dissection(work, run)


def _dissection(work: Work, run: int) -> Iterator[tuple[str, Ints]]:
    """One, or none: METIS gives up on a few graphs with an exception of its own; the other methods remain."""
    with suppress(RuntimeError):
        yield f"dissection {run + 1}", by_dissection(work, IMBALANCE[run % len(IMBALANCE)], run + 1)


def without_needless(work: Work, nodes: Ints) -> tuple[Ints, Ints]:
    """The nodes that must stay out when they go back in reverse, each that closes no piece above the limit.

    Nodes outside the order go first and may have to join it: pieces that it leaves large are broken there.

    Returns:
        (int32 nodes in order of removal, int32 largest piece after each).
    """
    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

    return pieces.above_limit(work.start, work.near, pieces.others_first(work.n, nodes), work.limit)


def by_dissection(work: Work, imbalance: int, seed: int) -> Ints:
    """Nodes whose removal leaves no piece above the limit, outermost separators first.

    Nested dissection by METIS (Karypis and Kumar 1998) numbers each separator after all that it parts.
    Read backwards, a node that would close a piece above the limit belongs to a separator above it.
    Nodes of equal neighbourhoods are not merged first: that coarsens dense communities too early.

    Args:
        work: the graph; prices weigh the separators where they differ.
        imbalance: how uneven the halves may be, in thousandths.
        seed: of METIS.
    """
    import pymetis  # noqa: PLC0415 - loads when it computes

    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

    options = pymetis.Options()
    options.seed, options.ufactor, options.compress = seed, imbalance, 0
    weights = None
    if work.priced:
        relative = work.price / np.median(work.price)
        weights = np.clip(np.rint(relative * 16), 1, 4096).astype(np.int32)
    ranks = pymetis.nested_dissection(
        pymetis.CSRAdjacency(work.start, work.near), vweights=weights, options=options
    )[0]
    return pieces.above_limit(work.start, work.near, np.asarray(ranks, dtype=np.int32), work.limit)[0]


def _scale(work: Work) -> Floats:
    """Keys proportional to 1 / cost; exactly 1 where all costs are equal."""
    if not work.priced:
        return np.ones(work.n) if work.price[0] != 1.0 else work.price
    relative = np.median(work.price) / work.price
    most = int(np.diff(work.start).max())
    return np.asarray(np.minimum(relative * KEY_STEPS, 2.0**22 / max(most, 1)))
