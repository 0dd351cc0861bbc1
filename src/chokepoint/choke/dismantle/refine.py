"""Annealing of a removal order, window by window: places within it and nodes outside are exchanged.

A window is a stretch of the order together with other nodes nearby that may take the place of some of
its own. Inside it `kernels.anneal` minimises the area exactly; what stands behind it is then put
back greedily anew, because exchanged nodes change it. A window counts only when the whole order gains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.chain import Ints
    from chokepoint.choke.dismantle.effort import Effort
    from chokepoint.choke.dismantle.work import Order, Work

WIDEST = 400
LEAST_OTHERS, MOST_OTHERS_TWICE = 40, 120
ROUNDS = 8
MOST_WORK, LARGEST_PART = 3e9, 0.5
"""Work of all windows, and the part of it that one may take: the first heat does not suit every graph."""
NODE_PASSED = 75.0
"""Cost of shrinking a graph to a window and judging the outcome, for each node and arc."""
STEP, REPLAYED = 200.0, 0.2
"""A proposal costs so much in the mean, and of the arcs and nodes of its window this share."""
LEAST_STEPS = 10
"""For each candidate; fewer are not worth a window."""
HEATS = ((0.3, 0.003), (0.05, 0.003), (0.02, 0.001), (0.01, 0.0005))


def refine(work: Work, effort: Effort, *, seed: int = 1) -> None:
    """Improve the best orders of the work, which keeps what it finds, with what is left of the effort."""
    rng = np.random.default_rng(seed)
    effort.left = min(effort.left, MOST_WORK)
    most = LARGEST_PART * effort.left
    for turn in range(ROUNDS):
        order = work.best[0]
        for first in range(0, max(order.nodes.size - WIDEST // 2, 1), WIDEST // 2):
            order = work.best[0]
            if first >= order.nodes.size:
                break
            last = first + WIDEST
            last = order.nodes.size if order.nodes.size - last < WIDEST // 2 else last
            if not effort.take(NODE_PASSED * (work.n + work.near.size)):
                return
            heat = HEATS[turn % len(HEATS)]
            spent = _window(work, order, (first, last), rng=rng, heat=heat, most=min(most, effort.left))
            effort.left -= spent
            if not spent:
                return


def _window(
    work: Work, order: Order, span: tuple[int, int], *,
    rng: np.random.Generator, heat: tuple[float, float], most: float,
) -> float:  # fmt: skip
    """Anneal one stretch and judge the outcome; how much work that was, about `most` or none."""
    from chokepoint.choke.kernels.anneal import anneal  # noqa: PLC0415 - numba loads when it computes
    from chokepoint.choke.kernels.quotient import contract  # noqa: PLC0415 - the same
    from chokepoint.choke.kernels.regrow import curve  # noqa: PLC0415 - the same

    first, last = span
    before, own, behind = order.nodes[:first], order.nodes[first:last], order.nodes[last:]
    gone = np.zeros(work.n, dtype=np.bool_)
    gone[before] = True
    limit = max(contract(work.start, work.near, gone, own)[3], work.limit) if behind.size else work.limit
    nodes = np.concatenate([own, _others(work, order, span, rng)]).astype(np.int32)
    graph = contract(work.start, work.near, gone, nodes)
    one = STEP + (graph[0].size + graph[2].size) * REPLAYED
    steps = int(min(20 * nodes.size**2, 200 * nodes.size + 20_000, most / one))
    if steps < LEAST_STEPS * nodes.size:
        return 0.0
    free = 0 if work.priced else max(1 - first, 0)
    price = work.price[nodes]
    unit = float(graph[0].sum()) * float(np.median(price))
    places, _, walked = anneal(
        graph, price, limit, free, steps, (heat[0] * unit, heat[1] * unit), int(rng.integers(2**31))
    )
    kept = int(np.flatnonzero(curve(graph, places) <= limit)[0])
    head = np.concatenate([before, nodes[places[:kept]]])
    if behind.size:
        gone[head] = True
        rest = np.unique(np.concatenate([nodes[places[kept:]], behind]))
        head = np.concatenate([head, work.regrown(gone, rest[~gone[rest]].astype(np.int32))])
    work.judge("annealed", head.astype(np.int32))
    return float(walked)


def _others(work: Work, order: Order, span: tuple[int, int], rng: np.random.Generator) -> Ints:
    """Nodes that might take a place: of the other best orders and neighbours."""
    open_ = np.diff(work.start) > 1
    open_[order.nodes[: span[1]]] = False
    own = order.nodes[span[0] : span[1]]
    size = max(own.size, min(2 * own.size, MOST_OTHERS_TWICE), LEAST_OTHERS)
    votes = np.zeros(work.n)
    for other in work.best[1:]:
        votes[other.nodes] += 3.0
    for node in own:
        votes[work.near[work.start[node] : work.start[node + 1]]] += 1.0
    pool = np.flatnonzero(open_ & (votes > 0))
    if pool.size <= size:
        return pool.astype(np.int32)
    keys = rng.random(pool.size) ** (1.0 / votes[pool])
    return pool[np.argpartition(-keys, size)[:size]].astype(np.int32)
