"""Simulated annealing of a removal order on a shrunken graph (see `quotient`)."""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, no-any-return, return-value"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Floats, Ints

    Longs = NDArray[np.uint64]

BLOCK = 8
NEARBY = 16


@njit(cache=True)
def _roll(dice: Longs) -> np.uint64:
    """The next 64 bits of splitmix64, whose whole state is dice[0]."""
    dice[0] += np.uint64(0x9E3779B97F4A7C15)
    x = dice[0]
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def _below(dice: Longs, end: int) -> int:
    """A number of 0 … end - 1."""
    return np.int64(_roll(dice) >> np.uint64(32)) * end >> 32


@njit(cache=True)
def _propose(old: Ints, new: Ints, active: int, dice: Longs) -> tuple[int, int]:
    """Fill `new` with `old` changed by a swap, a shift or a moved block; (first, last) changed place."""
    k = old.size
    a = _below(dice, min(active, k))
    nearby = min(max(a + _below(dice, 2 * NEARBY + 1) - NEARBY, 0), k - 1)
    b = _below(dice, k) if _below(dice, 2) else nearby
    low, high = min(a, b), max(a, b)
    length, kind = 1, _below(dice, 4)
    if kind == 0:
        new[a], new[b] = old[b], old[a]
        return low, high
    if kind == 1:
        length = min(1 + _below(dice, BLOCK), high - low)
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
def _take(old: Ints, new: Ints, span: tuple[int, int], ahead: Floats, fresh: Floats) -> float:
    """Make the changed order the present one, with the sums of its places' parts; its cost."""
    low, high = span
    old[low : high + 1] = new[low : high + 1]
    for at in range(low, old.size):
        ahead[at + 1] = ahead[at] + fresh[at]
    return ahead[old.size]


@njit(cache=True)
def anneal(
    graph: tuple[Ints, Ints, Ints, int], price: Floats, limit: int, free: int,
    steps: int, heat: tuple[float, float], seed: int,
) -> tuple[Ints, float]:  # fmt: skip
    """The cheapest order of the candidates that annealing from 0, 1, 2, … finds.

    A removal costs its price times the mean of the largest piece before and after it, until that
    piece is at most `limit`; what stands behind stays in for nothing.

    Args:
        graph: (weight, rows, ends, largest) of `quotient.contract`.
        price: float64 (c,), of the candidates.
        limit: nodes.
        free: how many removals at the head cost nothing.
        steps: proposals.
        heat: (first, last) temperature in units of cost, falling geometrically.
        seed: of the proposals.

    Returns:
        (int32 (c,) order, its cost).
    """
    c = price.size
    dice = np.array([seed], np.uint64)
    old = np.arange(c).astype(np.int32)
    new, best = old.copy(), old.copy()
    state = (np.empty(graph[0].size, np.int32), np.empty(graph[0].size, np.int32))
    share, fresh, ahead, rule = np.zeros(c), np.zeros(c), np.zeros(c + 1), (limit, free, price.min())
    total, active = _replay(graph, price, old, state, 0, rule, share, np.inf)
    ahead[1:], least = np.cumsum(share), total
    for step in range(steps if c > 1 else 0):
        low, high = _propose(old, new, active + 1, dice)
        if low == high:
            continue
        warmth = heat[0] * (heat[1] / heat[0]) ** (step / steps)
        bound = total - warmth * np.log(((_roll(dice) >> np.uint64(11)) + 1) * 2.0**-53)
        cost, reach = _replay(graph, price, new, state, low, rule, fresh, bound - ahead[low])
        if cost + ahead[low] > bound:
            new[low : high + 1] = old[low : high + 1]
            continue
        total = _take(old, new, (low, high), ahead, fresh)
        active = max(reach, min(active, low))
        if total < least - 1e-9:
            least, best[:] = total, old
    return best, least
