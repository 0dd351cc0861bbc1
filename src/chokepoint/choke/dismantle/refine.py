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
    from chokepoint.choke.dismantle.work import Order, Work

WIDEST = 400
EVERYBODY = 400
ROUNDS = 8
LEAST_WORK, MOST_WORK = 3e8, 6e9
WORK_AN_ARC = 2.0
"""Work of annealing that takes a third of the time of an arc of counting shortest paths."""
HEATS = ((0.1, 0.002), (0.05, 0.002), (0.02, 0.001), (0.01, 0.0005))


def refine(work: Work, *, seed: int = 1) -> None:
    """Improve the best orders of the work, which keeps what it finds."""
    rng = np.random.default_rng(seed)
    spent, most = 0.0, float(np.clip(work.allowance * WORK_AN_ARC, LEAST_WORK, MOST_WORK))
    for turn in range(ROUNDS):
        order = work.best[0]
        for first in range(0, max(order.nodes.size - WIDEST // 2, 1), WIDEST // 2):
            if spent > most:
                return
            order = work.best[0]
            if first >= order.nodes.size:
                break
            last = first + WIDEST
            last = order.nodes.size if order.nodes.size - last < WIDEST // 2 else last
            spent += _window(work, order, (first, last), rng=rng, heat=HEATS[turn % len(HEATS)])


def _window(
    work: Work, order: Order, span: tuple[int, int], *, rng: np.random.Generator, heat: tuple[float, float]
) -> float:
    """Anneal one stretch and judge the outcome; how much work that was."""
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
    arcs = graph[2].size + graph[0].size
    steps = int(min(20 * nodes.size**2, 200 * nodes.size + 20_000))
    free = 0 if work.priced else max(1 - first, 0)
    price = work.price[nodes]
    unit = float(graph[0].sum()) * float(np.median(price))
    places, _ = anneal(
        graph, price, limit, free, steps, (heat[0] * unit, heat[1] * unit), int(rng.integers(2**31))
    )
    kept = int(np.flatnonzero(curve(graph, places) <= limit)[0])
    head = np.concatenate([before, nodes[places[:kept]]])
    if behind.size:
        gone[head] = True
        rest = np.unique(np.concatenate([nodes[places[kept:]], behind]))
        head = np.concatenate([head, work.regrown(gone, rest[~gone[rest]].astype(np.int32))])
    work.judge("annealed", head.astype(np.int32))
    return float(arcs) * steps


def _others(work: Work, order: Order, span: tuple[int, int], rng: np.random.Generator) -> Ints:
    """Nodes that might take a place: all of a small graph, else of the other best orders and neighbours."""
    open_ = np.diff(work.start) > 1
    open_[order.nodes[: span[1]]] = False
    if work.n <= EVERYBODY:
        return np.flatnonzero(open_).astype(np.int32)
    own = order.nodes[span[0] : span[1]]
    size = max(own.size, 60)
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
