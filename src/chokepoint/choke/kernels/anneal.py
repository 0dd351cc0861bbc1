"""Simulated annealing of a removal order on a shrunken graph (see `quotient`).

A proposal changes a stretch of the order. Behind it nothing changes: landmarks keep how the pieces lie
behind some places, so that only what stands between the next landmark and the stretch's head is put back
to price it. Before it nothing changes either: the same nodes are in.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, no-any-return, return-value"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.pieces import OUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Floats, Ints

    Longs = NDArray[np.uint64]

BLOCK = 8
NEARBY = 16
LANDMARKS = 32
WORK_A_PLACE, WORK_A_STEP, WORK_A_NODE = 3, 130, 0.25
"""Arcs that take the time of a candidate without any, of a proposal, and of setting out one node's link."""


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
def _add(rows: Ints, ends: Ints, link: Ints, v: int, weight: int) -> int:
    """Put candidate v back, which is out; size of its piece. Links are those of `pieces`."""
    link[v] = -weight
    mine = v
    for a in range(rows[v], rows[v + 1]):
        other = ends[a]
        up = link[other]
        if up == OUT:
            continue
        while up >= 0:
            if link[up] >= 0:
                link[other] = link[up]
            other, up = up, link[up]
        if other != mine:
            if link[other] < link[mine]:
                other, mine = mine, other
            link[mine] += link[other]
            link[other] = mine
    return -link[mine]


@njit(cache=True)
def _replay(
    graph: tuple[Ints, Ints, Ints, int], price: Floats, order: Ints, link: Ints, span: tuple[int, int],
    past: tuple[int, float, int], rule: tuple[int, int, float], share: Floats, bound: float,
) -> tuple[float, int, int]:  # fmt: skip
    """Put the places of a span back, last to first; (cost, active places, work in arcs) with all behind.

    Fills `share` with each place's part; gives up with an infinite cost when all from the first one on
    must cost more than `bound`. `past` is (largest piece, cost, active places) of what stands behind,
    whose pieces `link` holds, and `rule` is (limit, first place that counts, lowest price).
    """
    weight, rows, ends, _ = graph
    limit, free, lowest = rule
    largest, cost, active = past
    first, work = max(span[0], free), 0
    for at in range(span[1] - 1, span[0] - 1, -1):
        v = order[at]
        work += rows[v + 1] - rows[v] + WORK_A_PLACE
        before = largest
        largest = max(largest, _add(rows, ends, link, v, weight[v]))
        share[at] = 0.0
        if largest > limit:
            active = max(active, at + 1)
            if at >= free:
                share[at] = price[v] * 0.5 * (largest + before)
                cost += share[at]
                if cost + lowest * largest * (at - first) > bound:
                    return np.inf, active, work
    return cost, active, work


@njit(cache=True)
def _landmarks(graph: tuple[Ints, Ints, Ints, int], c: int) -> tuple[Ints, Ints, Ints]:
    """(places, how the pieces lie behind each, the largest of them); right only behind the last place."""
    marks, weight = min(LANDMARKS, c), graph[0]
    links, largest = np.empty((marks + 1, weight.size), np.int32), np.empty(marks + 1, np.int32)
    links[marks], largest[marks] = -weight, graph[3]
    links[marks, :c] = OUT
    return np.arange(marks + 1) * c // marks, links, largest


@njit(cache=True)
def _mark(
    graph: tuple[Ints, Ints, Ints, int], order: Ints, marks: tuple[Ints, Ints, Ints], low: int, known: int
) -> int:  # fmt: skip
    """Set the landmarks between place `low` and the one that is known; work in arcs."""
    weight, rows, ends, _ = graph
    places, links, largest = marks
    i, work = known, 0
    while places[i - 1] > low:
        i -= 1
        links[i], largest[i] = links[i + 1], largest[i + 1]
        for at in range(places[i + 1] - 1, places[i] - 1, -1):
            v = order[at]
            work += rows[v + 1] - rows[v] + WORK_A_PLACE
            largest[i] = max(largest[i], _add(rows, ends, links[i], v, weight[v]))
    return work


@njit(cache=True)
def _sum(share: Floats, span: tuple[int, int], ahead: Floats, behind: Floats) -> float:
    """Add up the parts of the places before and from each place, where a span's have changed; the sum."""
    for at in range(span[0], share.size):
        ahead[at + 1] = ahead[at] + share[at]
    for at in range(span[1] - 1, -1, -1):
        behind[at] = behind[at + 1] + share[at]
    return ahead[share.size]


@njit(cache=True)
def _cool(
    graph: tuple[Ints, Ints, Ints, int], price: Floats, share: Floats, active: int, seed: int,
    marks: tuple[Ints, Ints, Ints], rule: tuple[int, int, float], steps: int, heat: tuple[float, float],
) -> tuple[Ints, float, int]:  # fmt: skip
    """Anneal from the order 0, 1, 2, …, whose parts, active places and landmarks are known."""
    c, dice = price.size, np.array([seed], np.uint64)
    old = np.arange(c).astype(np.int32)
    new, best = old.copy(), old.copy()
    places, links, largest = marks
    link, fresh, ahead, behind = links[-1].copy(), np.zeros(c), np.zeros(c + 1), np.zeros(c + 1)
    work, total = 0, _sum(share, (0, c), ahead, behind)
    least = total
    for step in range(steps if c > 1 else 0):
        low, high = _propose(old, new, active + 1, dice)
        if low == high:
            continue
        warmth = heat[0] * (heat[1] / heat[0]) ** (step / steps)
        bound = total - warmth * np.log(((_roll(dice) >> np.uint64(11)) + 1) * 2.0**-53)
        mark = np.searchsorted(places, high, side="right")
        span, link[:] = (low, places[mark]), links[mark]
        past = (largest[mark], behind[places[mark]], active if largest[mark] > rule[0] else 0)
        cost, reach, more = _replay(graph, price, new, link, span, past, rule, fresh, bound - ahead[low])
        work += more
        if cost + ahead[low] > bound:
            new[low : high + 1] = old[low : high + 1]
            continue
        old[low : high + 1] = new[low : high + 1]
        share[low : span[1]] = fresh[low : span[1]]
        total = _sum(share, span, ahead, behind)
        work += _mark(graph, old, marks, low, mark)
        active = max(reach, min(active, low))
        if total < least - 1e-9:
            least, best[:] = total, old
    return best, least, work


@njit(cache=True)
def anneal(
    graph: tuple[Ints, Ints, Ints, int], price: Floats, limit: int, free: int,
    steps: int, heat: tuple[float, float], seed: int,
) -> tuple[Ints, float, int]:  # fmt: skip
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
        (int32 (c,) order, its cost, how much work it was in arcs).
    """
    c = price.size
    order, share = np.arange(c).astype(np.int32), np.zeros(c)
    rule, marks, nothing = (limit, free, price.min()), _landmarks(graph, c), (graph[3], 0.0, 0)
    link = marks[1][-1].copy()
    _, active, _ = _replay(graph, price, order, link, (0, c), nothing, rule, share, np.inf)
    work = steps * int(WORK_A_STEP + WORK_A_NODE * link.size)
    work += _mark(graph, order, marks, 0, marks[0].size - 1)
    best, least, more = _cool(graph, price, share, active, seed, marks, rule, steps, heat)
    return best, least, work + more
