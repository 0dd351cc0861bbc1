"""Components under removal and reinsertion of nodes, on undirected int32 CSR graphs.

Everything here takes (start int32 (n+1,), near int32 (2m,)): the neighbours of v are
near[start[v]:start[v+1]]. Removal is read backwards: nodes are put back one by one and pieces are
joined by union-find, so a whole curve costs one pass over the edges.
"""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, misc, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Ints


@njit(cache=True)
def csr(n: int, u: Ints, v: Ints) -> tuple[Ints, Ints]:
    """(start, near) of an undirected edge list without self-loops; parallels stay."""
    start = np.zeros(n + 1, np.int32)
    for i in range(u.size):
        start[u[i] + 1] += 1
        start[v[i] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    near = np.empty(2 * u.size, np.int32)
    for i in range(u.size):
        near[fill[u[i]]] = v[i]
        fill[u[i]] += 1
        near[fill[v[i]]] = u[i]
        fill[v[i]] += 1
    return start, near


@njit(cache=True)
def root(parent: Ints, v: int) -> int:
    """The representative of v's piece, halving the path on the way."""
    while parent[v] != v:
        parent[v] = parent[parent[v]]
        v = parent[v]
    return v


@njit(cache=True)
def put_back(start: Ints, near: Ints, parent: Ints, size: Ints, present: Flags, v: int) -> int:
    """Return node v to the graph; the size of the piece that it then lies in."""
    present[v] = True
    mine = v
    for a in range(start[v], start[v + 1]):
        if present[near[a]]:
            other = root(parent, near[a])
            mine = root(parent, mine)
            if other != mine:
                if size[other] > size[mine]:
                    other, mine = mine, other
                parent[other] = mine
                size[mine] += size[other]
    return size[root(parent, mine)]


@njit(cache=True)
def largest_after(start: Ints, near: Ints, order: Ints) -> Ints:
    """int32 (len(order),): size of the largest piece after each removal."""
    n = start.size - 1
    parent = np.arange(n).astype(np.int32)
    size = np.ones(n, np.int32)
    present = np.zeros(n, np.bool_)
    removed = np.zeros(n, np.bool_)
    removed[order] = True
    largest = 0
    for v in range(n):
        if not removed[v]:
            largest = max(largest, put_back(start, near, parent, size, present, v))
    out = np.empty(order.size, np.int32)
    for i in range(order.size - 1, -1, -1):
        out[i] = largest
        largest = max(largest, put_back(start, near, parent, size, present, order[i]))
    return out


@njit(cache=True)
def simple_csr(n: int, u: Ints, v: Ints) -> tuple[Ints, Ints]:
    """(start, near) of an undirected edge list with rows ascending, parallels merged, self-loops dropped.

    A second pass over the rows in order of their node sorts every row, in time linear in the edges.
    """
    start, near = csr(n, u, v)
    fill, sorted_ = start[:-1].copy(), np.empty(near.size, np.int32)
    for x in range(n):
        for a in range(start[x], start[x + 1]):
            sorted_[fill[near[a]]] = x
            fill[near[a]] += 1
    kept, begins = 0, 0
    for x in range(n):
        ends = start[x + 1]
        start[x] = kept
        last = -1
        for a in range(begins, ends):
            if sorted_[a] != last and sorted_[a] != x:
                last = sorted_[a]
                sorted_[kept] = last
                kept += 1
        begins = ends
    start[n] = kept
    return start, sorted_[:kept].copy()


@njit(cache=True)
def above_limit(start: Ints, near: Ints, ranks: Ints, limit: int) -> Ints:
    """The nodes that cannot go back without a piece of more than `limit`, put back from rank 0 on.

    Returns:
        int32: in descending order of rank.
    """
    n = start.size - 1
    parent, size = np.arange(n).astype(np.int32), np.ones(n, np.int32)
    present, seen = np.zeros(n, np.bool_), np.full(n, -1, np.int32)
    out, count = np.empty(n, np.int32), 0
    for turn in range(n):
        v, total = ranks[turn], 1
        for a in range(start[v], start[v + 1]):
            if present[near[a]]:
                piece = root(parent, near[a])
                if seen[piece] != turn:
                    seen[piece] = turn
                    total += size[piece]
        if total <= limit:
            put_back(start, near, parent, size, present, v)
        else:
            out[count] = v
            count += 1
    return out[:count][::-1].copy()


@njit(cache=True)
def label(start: Ints, near: Ints, present: Flags, names: Ints) -> Ints:
    """Name the pieces of the present nodes 0, 1, … in `names` (-1 elsewhere); their sizes, int32."""
    names[:] = -1
    queue = np.empty(start.size - 1, np.int32)
    sizes = np.zeros(start.size - 1, np.int32)
    count = 0
    for s in range(start.size - 1):
        if not present[s] or names[s] >= 0:
            continue
        queue[0], names[s] = s, count
        done, filled = 0, 1
        while done < filled:
            v = queue[done]
            done += 1
            for a in range(start[v], start[v + 1]):
                w = near[a]
                if present[w] and names[w] < 0:
                    names[w] = count
                    queue[filled] = w
                    filled += 1
        sizes[count] = filled
        count += 1
    return sizes[:count]
