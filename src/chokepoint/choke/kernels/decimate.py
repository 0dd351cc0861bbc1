"""Removal orders that re-count after every removal: degree, CoreHD, collective influence, tree breaking."""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.fetch import fetch

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints

CHUNK = 2048
FAR, MIDDLE, CLOSE = 32, 16, 8


def by_degree(start: Ints, near: Ints, scale: Floats, *, core_only: bool) -> Ints:
    """Remove the node of highest degree times scale, counted anew after each removal.

    Args:
        start: of the graph, without parallels and self-loops.
        near: of the graph.
        scale: float64 (n,), proportional to 1 / cost; degree times scale, rounded down, is the key of
            a bucket queue.
        core_only: count degrees and remove inside the 2-core only (CoreHD, Zdeborova et al. 2016).

    Returns:
        int32: the removed nodes in order, until no edge (or no 2-core) is left.
    """
    n, keys = start.size - 1, _keys(start, scale)
    size = min(max(n // keys, 1), CHUNK)
    pool = np.full((n // size + min(keys, n) + 1, size), 0, np.int32)
    state, order = np.empty((n, 2), np.int32), np.empty(n, np.int32)
    alone = int(np.any(scale != scale[:1]))  # equal costs are read at one place, not at ten million
    count = _by_degree(start, near, scale, 2 if core_only else 1, (state, order, pool, keys, alone))
    return order[:count].copy()


@njit(cache=True)
def _keys(start: Ints, scale: Floats) -> int:
    """One more than the highest key of a node."""
    keys = 1
    for v in range(scale.size):
        keys = max(keys, int((start[v + 1] - start[v]) * scale[v]) + 1)
    return keys


@njit(cache=True)
def _by_degree(
    start: Ints, near: Ints, scale: Floats, least: int, out: tuple[Ints, Ints, Ints, int, int]
) -> int:  # fmt: skip
    """Fill out[1] with the nodes in order of removal; how many.

    `out` is (scratch, order, pool of `_stacks`, how many keys, 0 where all scales are one number). Scratch
    is each node's number of neighbours that are left, 0 once it is out itself, and the exclusive or of
    their names, which is the name of the last one. Nodes wait under keys of the past, which were never
    lower, and are moved down when their turn comes. Calls for each node are written out: each would count
    references to its arrays.
    """
    state, order, pool, keys, alone = out
    line = state.ravel()
    _open(start, near, state, least)
    below, heads, fill = _stacks(state, scale, least, pool, keys)
    count, top = 0, keys - 1
    while top >= 0:
        chunk, at = heads[top], fill[top] - 1
        if chunk < 0:
            top -= 1
            continue
        v = pool[chunk, at]
        fill[top] = at
        if at == 0:
            heads[top], fill[top] = below[chunk], pool.shape[1]
            below[chunk], heads[keys] = heads[keys], chunk
        elif at >= FAR:
            fetch(line, 2 * pool[chunk, at - FAR])
            fetch(start, pool[chunk, at - FAR])
            fetch(near, start[pool[chunk, at - MIDDLE]])
            w = pool[chunk, at - CLOSE]
            if line[2 * w] >= top:
                for a in range(start[w], start[w + 1]):
                    fetch(line, 2 * near[a])
        key = int(state[v, 0] * scale[v * alone])
        if state[v, 0] >= least and key == top:
            _remove(start, near, state, v, least)
            order[count] = v
            count += 1
        elif state[v, 0] >= least:
            if heads[key] < 0 or fill[key] == pool.shape[1]:
                _grow(below, heads, fill, key)
            pool[heads[key], fill[key]] = v
            fill[key] += 1
    return count


@njit(cache=True)
def _open(start: Ints, near: Ints, state: Ints, least: int) -> None:
    """Fill the scratch, and peel off what has one neighbour where only the core counts."""
    n = start.size - 1
    for v in range(n):
        state[v, 0], state[v, 1] = start[v + 1] - start[v], 0
        for a in range(start[v], start[v + 1]):
            state[v, 1] ^= near[a]
    for first in range(n if least > 1 else 0):
        v = first
        while state[v, 0] == 1:
            state[v, 0] = 0
            v, gone = state[v, 1], v
            state[v, 0] -= 1
            state[v, 1] ^= gone


@njit(cache=True)
def _stacks(state: Ints, scale: Floats, least: int, pool: Ints, keys: int) -> tuple[Ints, Ints, Ints]:
    """Stacks by key of the nodes that may be removed, the lowest node on top.

    A stack is a chain of chunks, so that the nodes under its top lie side by side and can be asked for
    ahead, which in a chain of single nodes they cannot. A chunk, a row of the pool, is one stack's alone;
    there are as many as nodes and keys can need.

    Returns:
        (below int32, the chunk under each chunk; heads int32, the top chunk of each key or -1; fill
        int32, how many nodes are in it). The last of `heads` is the first free chunk, and `below` leads
        on to the others.
    """
    below = np.arange(1, pool.shape[0] + 1).astype(np.int32)
    heads, fill = np.full(keys + 1, -1, np.int32), np.zeros(keys, np.int32)
    heads[keys] = 0
    for v in range(scale.size - 1, -1, -1):
        if state[v, 0] >= least:
            key = int(state[v, 0] * scale[v])
            if heads[key] < 0 or fill[key] == pool.shape[1]:
                _grow(below, heads, fill, key)
            pool[heads[key], fill[key]] = v
            fill[key] += 1
    return below, heads, fill


@njit(cache=True)
def _grow(below: Ints, heads: Ints, fill: Ints, key: int) -> None:
    """Give the stack of this key an empty chunk."""
    chunk = heads[-1]
    heads[-1] = below[chunk]
    below[chunk] = heads[key]
    heads[key], fill[key] = chunk, 0


@njit(cache=True)
def _remove(start: Ints, near: Ints, state: Ints, first: int, least: int) -> None:
    """Take a node out, and what has one neighbour left then where only the core counts."""
    line = state.ravel()
    for a in range(start[first], start[first + 1]):
        fetch(line, 2 * near[a])
    state[first, 0] = 0
    for a in range(start[first], start[first + 1]):
        w = near[a]
        if state[w, 0] > 0:
            state[w, 0] -= 1
            state[w, 1] ^= first
    for a in range(start[first], start[first + 1] if least > 1 else start[first]):
        v = near[a]
        while state[v, 0] == 1:
            state[v, 0] = 0
            v, gone = state[v, 1], v
            state[v, 0] -= 1
            state[v, 1] ^= gone


@njit(cache=True)
def _ball(
    start: Ints, near: Ints, present: Flags, v: int,
    reach: int, queue: Ints, seen: Ints, stamp: int,
) -> tuple[int, int]:  # fmt: skip
    """Fill `queue` with present nodes up to `reach` steps from v; (how many, where the last shell starts)."""
    queue[0] = v
    seen[v] = stamp
    done, filled, shell = 0, 1, 0
    for _ in range(reach):
        shell = filled
        end = filled
        while done < end:
            x = queue[done]
            done += 1
            for a in range(start[x], start[x + 1]):
                w = near[a]
                if present[w] and seen[w] != stamp:
                    seen[w] = stamp
                    queue[filled] = w
                    filled += 1
    return filled, shell


@njit(cache=True)
def _influence(
    start: Ints, near: Ints, present: Flags, degree: Ints,
    v: int, queue: Ints, seen: Ints, stamp: int,
) -> int:  # fmt: skip
    """(k_v - 1) times the sum of (k_w - 1) over nodes two steps away."""
    filled, shell = _ball(start, near, present, v, 2, queue, seen, stamp)
    total = 0
    for i in range(shell, filled):
        total += degree[queue[i]] - 1
    return (degree[v] - 1) * total


@njit(cache=True)
def by_influence(start: Ints, near: Ints, scale: Floats, batch: int) -> Ints:
    """Remove by collective influence, radius 2 (Morone and Makse 2015), times scale.

    `batch` nodes are removed between two updates of their surroundings.
    """
    n = start.size - 1
    degree = (start[1:] - start[:-1]).astype(np.int32)
    present = np.ones(n, np.bool_)
    queue, seen, stamp = np.empty(n, np.int32), np.full(n, -1, np.int64), 0
    score = np.zeros(n)
    heap = [(np.float64(0.0), np.int32(0)) for _ in range(0)]
    for v in range(n):
        score[v] = _influence(start, near, present, degree, v, queue, seen, stamp) * scale[v]
        stamp += 1
        heap.append((-score[v], np.int32(v)))
    heapq.heapify(heap)
    order = np.empty(n, np.int32)
    count, waiting = 0, 0
    stale = np.empty(n, np.int32)
    marked = np.zeros(n, np.bool_)
    while heap:
        key, v = heapq.heappop(heap)
        if not present[v] or -key != score[v]:
            continue
        if key >= 0.0:
            break
        filled, _ = _ball(start, near, present, v, 3, queue, seen, stamp)
        stamp += 1
        waiting = _mark(queue[1:filled], marked, stale, waiting)
        present[v] = False
        order[count] = v
        count += 1
        for a in range(start[v], start[v + 1]):
            degree[near[a]] -= 1
        if count % batch == 0 or not heap:
            for w in stale[:waiting]:
                marked[w] = False
                now = _influence(start, near, present, degree, w, queue, seen, stamp) * scale[w]
                stamp += 1
                if present[w] and now != score[w]:
                    score[w] = now
                    heapq.heappush(heap, (-now, w))
            waiting = 0
    return order[:count]


@njit(cache=True)
def _mark(nodes: Ints, marked: Flags, stale: Ints, waiting: int) -> int:
    """Note nodes whose score may have changed, each once; how many are noted now."""
    for w in nodes:
        if not marked[w]:
            marked[w] = True
            stale[waiting] = w
            waiting += 1
    return waiting


@njit(cache=True)
def break_trees(start: Ints, near: Ints, present: Flags, target: int) -> Ints:
    """Split what is left into pieces of at most `target` nodes by its balance points.

    Each piece is spanned by a breadth-first tree; the node whose removal leaves the smallest
    largest part of that tree goes (exact on trees; Braunstein et al. 2016).
    """
    n = start.size - 1
    here = present.copy()
    queue = np.empty(n, np.int32)
    up = np.empty(n, np.int32)
    weight = np.empty(n, np.int32)
    worst = np.empty(n, np.int32)
    mark = np.full(n, -1, np.int32)
    order = np.empty(n, np.int32)
    count, stamp = 0, 0
    work = list(np.arange(n).astype(np.int32))
    while work:
        s = work.pop()
        if not here[s]:
            continue
        queue[0], up[s], mark[s] = s, -1, stamp
        filled = _span(start, near, here, queue, up, mark)
        weight[queue[:filled]] = 1
        worst[queue[:filled]] = 0
        stamp += 1
        if filled <= target:
            here[queue[:filled]] = False
            continue
        best = s
        for i in range(filled - 1, -1, -1):
            v = queue[i]
            worst[v] = max(worst[v], filled - weight[v])
            if up[v] >= 0:
                weight[up[v]] += weight[v]
                worst[up[v]] = max(worst[up[v]], weight[v])
            if worst[v] < worst[best] or i == filled - 1:
                best = v
        here[best] = False
        order[count] = best
        count += 1
        work.extend(near[start[best] : start[best + 1]])
    return order[:count]


@njit(cache=True)
def _span(start: Ints, near: Ints, here: Flags, queue: Ints, up: Ints, mark: Ints) -> int:
    """Breadth-first tree from queue[0], whose mark all reached nodes take; how many."""
    done, filled = 0, 1
    while done < filled:
        v = queue[done]
        done += 1
        for a in range(start[v], start[v + 1]):
            w = near[a]
            if here[w] and mark[w] != mark[queue[0]]:
                mark[w], up[w] = mark[queue[0]], v
                queue[filled] = w
                filled += 1
    return filled
