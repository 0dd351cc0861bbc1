"""Simulated annealing of a removal order on a shrunken graph (see `quotient`)."""

# ruff: noqa: PLR0913, PLR0917, NPY002 - numba has neither keyword-only arguments nor Generators of its own
# mypy: disable-error-code="arg-type, assignment, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from chokepoint.choke.chain import Floats, Ints

BLOCK = 8
NEARBY = 16


@njit(cache=True)
def _propose(old: Ints, new: Ints, active: int) -> tuple[int, int]:
    """Fill `new` with `old` changed by a swap, a shift or a moved block; (first, last) changed place."""
    k = old.size
    a = np.random.randint(min(active, k))
    if np.random.randint(2):
        b = np.random.randint(k)
    else:
        b = min(max(a + np.random.randint(-NEARBY, NEARBY + 1), 0), k - 1)
    low, high = min(a, b), max(a, b)
    length, kind = 1, np.random.randint(4)
    if kind == 0:
        new[a], new[b] = old[b], old[a]
        return low, high
    if kind == 1:
        length = min(1 + np.random.randint(BLOCK), high - low)
    if (a < b) == (kind != 3):
        new[low : high - length + 1] = old[low + length : high + 1]
        new[high - length + 1 : high + 1] = old[low : low + length]
    else:
        new[low + length : high + 1] = old[low : high - length + 1]
        new[low : low + length] = old[high - length + 1 : high + 1]
    return low, high


@njit(cache=True)
def _add(rows: Ints, ends: Ints, parent: Ints, size: Ints, v: int) -> int:
    """Put candidate v back, whose parent is -1 while it is out; size of its piece."""
    parent[v] = v
    mine = v
    for a in range(rows[v], rows[v + 1]):
        other = ends[a]
        if parent[other] < 0:
            continue
        while parent[other] != other:
            parent[other] = parent[parent[other]]
            other = parent[other]
        if other != mine:
            if size[other] > size[mine]:
                other, mine = mine, other
            parent[other] = mine
            size[mine] += size[other]
    return size[mine]


@njit(cache=True)
def _replay(
    graph: tuple[Ints, Ints, Ints, int], price: Floats, order: Ints, state: tuple[Ints, Ints],
    stop: int, rule: tuple[int, int, float], share: Floats, bound: float,
) -> tuple[float, int]:  # fmt: skip
    """Cost of the places from `stop` on, read backwards from all candidates out; (cost, active places).

    Fills `share` with each place's part; gives up with an infinite cost when these places must cost
    more than `bound`. `rule` is (limit, first place that counts, lowest price).
    """
    weight, rows, ends, largest = graph
    limit, free, lowest = rule
    first = max(stop, free)
    parent, size = state
    c = order.size
    parent[:c] = -1
    size[:] = weight
    for v in range(c, weight.size):
        parent[v] = v
    cost, active = 0.0, 0
    for at in range(c - 1, stop - 1, -1):
        v = order[at]
        before = largest
        largest = max(largest, _add(rows, ends, parent, size, v))
        share[at] = 0.0
        if largest > limit:
            active = max(active, at + 1)
            if at >= free:
                share[at] = price[v] * 0.5 * (largest + before)
                cost += share[at]
                if cost + lowest * largest * (at - first) > bound:
                    return np.inf, active
    return cost, active


@njit(cache=True)
def anneal(
    graph: tuple[Ints, Ints, Ints, int], price: Floats, limit: int, free: int,
    steps: int, heat: tuple[float, float], seed: int,
) -> tuple[Ints, float]:  # fmt: skip
    """The cheapest order of the candidates that annealing from 0, 1, 2, … finds.

    A removal costs its price times the mean of the largest piece before and after it, until that
    piece is at most `limit`; what stands behind that place in the order stays in for nothing.

    Args:
        graph: (weight, rows, ends, largest) of `quotient.contract`.
        price: float64 (c,), of the candidates.
        limit: nodes.
        free: how many removals at the head cost nothing.
        steps: proposals, each an insertion, a swap or a moved block.
        heat: (first, last) temperature in units of cost, falling geometrically.
        seed: of the proposals.

    Returns:
        (int32 (c,) order, its cost).
    """
    np.random.seed(seed)
    c = price.size
    old = np.arange(c).astype(np.int32)
    new, best = old.copy(), old.copy()
    state = (np.empty(graph[0].size, np.int32), np.empty(graph[0].size, np.int32))
    share, fresh, ahead = np.zeros(c), np.zeros(c), np.zeros(c + 1)
    rule = (limit, free, price.min())
    total, active = _replay(graph, price, old, state, 0, rule, share, np.inf)
    ahead[1:] = np.cumsum(share)
    least = total
    for step in range(steps if c > 1 else 0):
        low, high = _propose(old, new, active + 1)
        if low < high:
            warmth = heat[0] * (heat[1] / heat[0]) ** (step / steps)
            bound = total - warmth * np.log(1.0 - np.random.random())
            cost, reach = _replay(graph, price, new, state, low, rule, fresh, bound - ahead[low])
            if cost + ahead[low] <= bound:
                old[low : high + 1] = new[low : high + 1]
                total = cost + ahead[low]
                share[low:] = fresh[low:]
                for at in range(low, c):
                    ahead[at + 1] = ahead[at] + share[at]
                active = max(reach, min(active, low))
                if total < least - 1e-9:
                    least = total
                    best[:] = old
            else:
                new[low : high + 1] = old[low : high + 1]
    return best, least
