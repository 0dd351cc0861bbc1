"""Removal orders that re-count after every removal: degree, CoreHD, collective influence, tree breaking."""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints


@njit(cache=True)
def _unlink(v: int, key: int, first: Ints, after: Ints, before: Ints) -> None:
    """Take v out of its bucket."""
    if before[v] >= 0:
        after[before[v]] = after[v]
    else:
        first[key] = after[v]
    if after[v] >= 0:
        before[after[v]] = before[v]


@njit(cache=True)
def _link(v: int, key: int, first: Ints, after: Ints, before: Ints) -> None:
    """Put v at the head of a bucket."""
    before[v] = -1
    after[v] = first[key]
    if first[key] >= 0:
        before[first[key]] = v
    first[key] = v


@njit(cache=True)
def _peel(start: Ints, near: Ints, degree: Ints, inside: Flags, stack: Ints, out: Ints) -> int:
    """Remove from the core what has fewer than two neighbours in it; fills `out`, returns how many."""
    count, depth = 0, 0
    for v in stack:
        if inside[v] and degree[v] < 2:
            inside[v] = False
            out[count] = v
            count += 1
    while depth < count:
        v = out[depth]
        depth += 1
        for a in range(start[v], start[v + 1]):
            w = near[a]
            if inside[w]:
                degree[w] -= 1
                if degree[w] < 2:
                    inside[w] = False
                    out[count] = w
                    count += 1
    return count


@njit(cache=True)
def _queue(key: Ints, degree: Ints, inside: Flags) -> tuple[Ints, Ints, Ints]:
    """A bucket queue of the nodes that still have edges: heads of the buckets, next and previous node."""
    first = np.full(key.max() + 1, -1, np.int32)
    after = np.full(key.size, -1, np.int32)
    before = np.full(key.size, -1, np.int32)
    for v in range(key.size):
        if inside[v] and degree[v] > 0:
            _link(v, key[v], first, after, before)
    return first, after, before


@njit(cache=True)
def by_degree(start: Ints, near: Ints, scale: Floats, core_only: bool) -> Ints:
    """Remove the node of highest degree times scale, counted anew after each removal.

    Args:
        start: of the graph.
        near: of the graph.
        scale: float64 (n,), proportional to 1 / cost; degree times scale, rounded down, is the key of
            a bucket queue.
        core_only: count degrees and remove inside the 2-core only (CoreHD, Zdeborova et al. 2016).

    Returns:
        int32: the removed nodes in order, until no edge (or no 2-core) is left.
    """
    n = start.size - 1
    degree = (start[1:] - start[:-1]).astype(np.int32)
    inside, scratch = np.ones(n, np.bool_), np.empty(n, np.int32)
    if core_only:
        _peel(start, near, degree, inside, np.arange(n).astype(np.int32), scratch)
    key = (degree * scale).astype(np.int32)
    top = key.max()
    first, after, before = _queue(key, degree, inside)
    order, count = np.empty(n, np.int32), 0
    while top >= 0:
        v = first[top]
        if v < 0:
            top -= 1
            continue
        _unlink(v, key[v], first, after, before)
        if degree[v] < 1:
            continue
        inside[v] = False
        order[count] = v
        count += 1
        touched = _lower(start, near, degree, inside, v, scratch)
        if core_only:
            left = scratch[:touched].copy()
            peeled = _peel(start, near, degree, inside, left, scratch)
            for i in range(peeled):
                x = scratch[i]
                _unlink(x, key[x], first, after, before)
                _rekey(near[start[x] : start[x + 1]], degree, inside, scale, key, first, after, before)
            _rekey(left, degree, inside, scale, key, first, after, before)
        else:
            _rekey(scratch[:touched], degree, inside, scale, key, first, after, before)
    return order[:count]


@njit(cache=True)
def _lower(start: Ints, near: Ints, degree: Ints, inside: Flags, v: int, out: Ints) -> int:
    """Take v from its neighbours' degrees; fills `out` with them, returns how many."""
    touched = 0
    for a in range(start[v], start[v + 1]):
        w = near[a]
        if inside[w]:
            degree[w] -= 1
            out[touched] = w
            touched += 1
    return touched


@njit(cache=True)
def _rekey(
    nodes: Ints, degree: Ints, inside: Flags, scale: Floats,
    key: Ints, first: Ints, after: Ints, before: Ints,
) -> None:  # fmt: skip
    """Move nodes to the buckets of their present degrees, but those that have left."""
    for w in nodes:
        if inside[w]:
            now = int(degree[w] * scale[w])
            if now != key[w]:
                _unlink(w, key[w], first, after, before)
                key[w] = now
                _link(w, now, first, after, before)


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
