"""Articulation points with what they part, collective influence, and how many neighbours know each other."""


# mypy: disable-error-code="return-value"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Ints

    Longs = NDArray[np.int64]


@njit(cache=True)
def _fold(child: int, parent: int, low: Ints, weight: Ints) -> int:
    """Add a finished child's subtree to its parent; returns the child's low point."""
    weight[parent] += weight[child]
    low[parent] = min(low[parent], low[child])
    return int(low[child])


@njit(cache=True)
def parted(start: Ints, near: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """What removing each single node does to its component (Hopcroft and Tarjan 1973).

    Returns:
        (gain int64, parts int64, largest int64, component int32), each (n,): pairs of other nodes
        that lose every path, pieces left, nodes in the largest, nodes of the component before.
    """
    n = start.size - 1
    entered, low = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    weight, up = np.ones(n, np.int32), np.full(n, -1, np.int32)
    cursor = start[:-1].copy()
    split, square = np.zeros(n, np.int64), np.zeros(n, np.int64)
    parts, largest = np.zeros(n, np.int32), np.zeros(n, np.int32)
    component = np.ones(n, np.int32)
    stack, visited = np.empty(n, np.int32), np.empty(n, np.int32)
    for s in range(n):
        if entered[s] >= 0:
            continue
        depth, count = 1, 1
        stack[0], visited[0] = s, s
        entered[s] = low[s] = 0
        while depth:
            v = stack[depth - 1]
            if cursor[v] < start[v + 1]:
                w = near[cursor[v]]
                cursor[v] += 1
                if entered[w] < 0:
                    entered[w] = low[w] = count
                    up[w] = v
                    visited[count] = w
                    count += 1
                    stack[depth] = w
                    depth += 1
                elif w != up[v]:
                    low[v] = min(low[v], entered[w])
                continue
            depth -= 1
            p = up[v]
            if p >= 0 and _fold(v, p, low, weight) >= entered[p]:
                split[p] += weight[v]
                square[p] += np.int64(weight[v]) * weight[v]
                parts[p] += 1
                largest[p] = max(largest[p], weight[v])
        component[visited[:count]] = count
    return _told(component, (split, square), parts, largest)


@njit(cache=True)
def _told(
    component: Ints, cut: tuple[Longs, Longs], parts: Ints, largest: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """The answer of `parted` from the sums, and sums of squares, of the subtrees that each node cuts off."""
    split, square = cut
    above = np.maximum(component - 1 - split, 0)
    others = component.astype(np.int64) - 1
    gain = (others * others - square - above * above) // 2
    return gain, parts + (above > 0), np.maximum(largest, above), component


@njit(cache=True)
def influence(start: Ints, near: Ints) -> Ints:
    """int64 (n,): (k_v - 1) times the sum of (k_w - 1) over walks of two steps to other nodes.

    A bound from above of the collective influence at radius 2 that is linear in the edges: nodes
    reached by several walks count for each.
    """
    n = start.size - 1
    ahead = np.zeros(n, np.int64)
    for v in range(n):
        for a in range(start[v], start[v + 1]):
            ahead[v] += start[near[a] + 1] - start[near[a]] - 1
    out = np.zeros(n, np.int64)
    for v in range(n):
        own = np.int64(start[v + 1] - start[v]) - 1
        total = np.int64(0)
        for a in range(start[v], start[v + 1]):
            total += ahead[near[a]] - own
        out[v] = own * total
    return out


@njit(cache=True)
def transitivity(start: Ints, near: Ints) -> float:
    """Share of the pairs of neighbours that are neighbours themselves (Newman, Watts and Strogatz 2002).

    Rows ascend; 0 where no node has two neighbours. Takes the sum over edges of both degrees.
    """
    closed, pairs = 0, 0
    for v in range(start.size - 1):
        pairs += (start[v + 1] - start[v]) * (start[v + 1] - start[v] - 1)
        for a in range(start[v], start[v + 1]):
            mine, other, end = start[v], start[near[a]], start[near[a] + 1]
            while mine < start[v + 1] and other < end:
                x, y = near[mine], near[other]
                closed += x == y
                mine += x <= y
                other += y <= x
    return closed / max(pairs, 1)
