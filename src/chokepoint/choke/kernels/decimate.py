"""Removal orders that re-count after every removal: degree, CoreHD, collective influence, tree breaking."""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit


@njit(cache=True)
def _unlink(v, key, first, after, before):  # type: ignore[no-untyped-def]
    """Take v out of its bucket."""
    if before[v] >= 0:
        after[before[v]] = after[v]
    else:
        first[key] = after[v]
    if after[v] >= 0:
        before[after[v]] = before[v]


@njit(cache=True)
def _link(v, key, first, after, before):  # type: ignore[no-untyped-def]
    """Put v at the head of a bucket."""
    before[v] = -1
    after[v] = first[key]
    if first[key] >= 0:
        before[first[key]] = v
    first[key] = v


@njit(cache=True)
def _peel(start, near, degree, inside, stack, out):  # type: ignore[no-untyped-def]
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
def by_degree(start, near, scale, core_only):  # type: ignore[no-untyped-def]
    """Remove the node of highest degree times scale, counted anew after each removal.

    Args:
        start, near: the graph.
        scale: float64 (n,), proportional to 1 / cost; degree times scale, rounded down, is the key of
            a bucket queue.
        core_only: count degrees and remove inside the 2-core only (CoreHD, Zdeborova et al. 2016).

    Returns:
        int32: the removed nodes in order, until no edge (or no 2-core) is left.
    """
    n = start.size - 1
    degree = (start[1:] - start[:-1]).astype(np.int32)
    inside = np.ones(n, np.bool_)
    scratch = np.empty(n, np.int32)
    if core_only:
        _peel(start, near, degree, inside, np.arange(n).astype(np.int32), scratch)
    top = 0
    for v in range(n):
        top = max(top, int(degree[v] * scale[v]))
    first = np.full(top + 1, -1, np.int32)
    after = np.full(n, -1, np.int32)
    before = np.full(n, -1, np.int32)
    key = np.zeros(n, np.int32)
    for v in range(n):
        if inside[v] and degree[v] > 0:
            key[v] = int(degree[v] * scale[v])
            _link(v, key[v], first, after, before)
    order = np.empty(n, np.int32)
    count = 0
    floor = 2 if core_only else 1
    while top >= 0:
        v = first[top]
        if v < 0:
            top -= 1
            continue
        _unlink(v, key[v], first, after, before)
        if degree[v] < floor:
            continue
        inside[v] = False
        order[count] = v
        count += 1
        touched = 0
        for a in range(start[v], start[v + 1]):
            w = near[a]
            if inside[w]:
                degree[w] -= 1
                scratch[touched] = w
                touched += 1
        if core_only:
            changed = scratch[:touched].copy()
            peeled = _peel(start, near, degree, inside, changed, scratch)
            for i in range(peeled):
                _unlink(scratch[i], key[scratch[i]], first, after, before)
                for a in range(start[scratch[i]], start[scratch[i] + 1]):
                    _rekey(near[a], degree, inside, scale, key, first, after, before)
            scratch[:touched] = changed
        for i in range(touched):
            _rekey(scratch[i], degree, inside, scale, key, first, after, before)
    return order[:count]


@njit(cache=True)
def _rekey(w, degree, inside, scale, key, first, after, before):  # type: ignore[no-untyped-def]
    """Move w to the bucket of its present degree; nothing when it has left."""
    if not inside[w]:
        return
    now = int(degree[w] * scale[w])
    if now != key[w]:
        _unlink(w, key[w], first, after, before)
        key[w] = now
        _link(w, now, first, after, before)


@njit(cache=True)
def _ball(start, near, present, v, reach, queue, seen, stamp):  # type: ignore[no-untyped-def]
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
def _influence(start, near, present, degree, v, queue, seen, stamp):  # type: ignore[no-untyped-def]
    """(k_v - 1) times the sum of (k_w - 1) over nodes two steps away."""
    filled, shell = _ball(start, near, present, v, 2, queue, seen, stamp)
    total = 0
    for i in range(shell, filled):
        total += degree[queue[i]] - 1
    return (degree[v] - 1) * total


@njit(cache=True)
def by_influence(start, near, scale, batch):  # type: ignore[no-untyped-def]
    """Remove by collective influence, radius 2 (Morone and Makse 2015), times scale.

    `batch` nodes are removed between two updates of their surroundings.
    """
    n = start.size - 1
    degree = (start[1:] - start[:-1]).astype(np.int32)
    present = np.ones(n, np.bool_)
    queue = np.empty(n, np.int32)
    seen = np.full(n, -1, np.int64)
    stamp = 0
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
        for i in range(1, filled):
            if not marked[queue[i]]:
                marked[queue[i]] = True
                stale[waiting] = queue[i]
                waiting += 1
        present[v] = False
        order[count] = v
        count += 1
        for a in range(start[v], start[v + 1]):
            degree[near[a]] -= 1
        if count % batch == 0 or not heap:
            for i in range(waiting):
                w = stale[i]
                marked[w] = False
                if present[w]:
                    now = _influence(start, near, present, degree, w, queue, seen, stamp) * scale[w]
                    stamp += 1
                    if now != score[w]:
                        score[w] = now
                        heapq.heappush(heap, (-now, w))
            waiting = 0
    return order[:count]


@njit(cache=True)
def break_trees(start, near, present, target):  # type: ignore[no-untyped-def]
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
        done, filled = 0, 1
        while done < filled:
            v = queue[done]
            done += 1
            weight[v], worst[v] = 1, 0
            for a in range(start[v], start[v + 1]):
                w = near[a]
                if here[w] and mark[w] != stamp:
                    mark[w], up[w] = stamp, v
                    queue[filled] = w
                    filled += 1
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
        for a in range(start[best], start[best + 1]):
            if here[near[a]]:
                work.append(near[a])
    return order[:count]
