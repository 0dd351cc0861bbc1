"""Removal by betweenness, counted anew on the largest piece."""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="return-value, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.pieces import label

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints


@njit(cache=True)
def _count_paths(start: Ints, near: Ints, present: Flags, queue: Ints, depth: Ints, paths: Floats) -> int:
    """Breadth-first from queue[0]: depths and numbers of shortest paths; how many nodes were reached."""
    done, filled = 0, 1
    while done < filled:
        v = queue[done]
        done += 1
        for a in range(start[v], start[v + 1]):
            w = near[a]
            if not present[w]:
                continue
            if depth[w] < 0:
                depth[w] = depth[v] + 1
                queue[filled] = w
                filled += 1
            if depth[w] == depth[v] + 1:
                paths[w] += paths[v]
    return filled


@njit(cache=True)
def _brandes(start: Ints, near: Ints, present: Flags, sources: Ints, score: Floats) -> None:
    """Add to `score` each node's share of shortest paths from the sources (Brandes 2001)."""
    n = start.size - 1
    queue = np.empty(n, np.int32)
    depth = np.full(n, -1, np.int32)
    paths = np.zeros(n)
    flow = np.zeros(n)
    for s in sources:
        queue[0], depth[s], paths[s] = s, 0, 1.0
        filled = _count_paths(start, near, present, queue, depth, paths)
        for i in range(filled - 1, -1, -1):
            w = queue[i]
            for a in range(start[w], start[w + 1]):
                v = near[a]
                if present[v] and depth[v] == depth[w] - 1:
                    flow[v] += paths[v] / paths[w] * (1.0 + flow[w])
            if w != s:
                score[w] += flow[w]
        for i in range(filled):
            depth[queue[i]], paths[queue[i]], flow[queue[i]] = -1, 0.0, 0.0


@njit(cache=True)
def by_betweenness(start: Ints, near: Ints, scale: Floats, sample: int, batch: int, target: int) -> Ints:
    """Remove the node of the largest piece with the most shortest paths times scale, until it is small.

    Args:
        start: of the graph.
        near: of the graph.
        scale: float64 (n,), proportional to 1 / cost.
        sample: sources a count, spread evenly over the piece; at least its size means all.
        batch: removals between two counts.
        target: stop when no piece is larger.
    """
    n = start.size - 1
    present = np.ones(n, np.bool_)
    names = np.empty(n, np.int32)
    order = np.empty(n, np.int32)
    count, turn = 0, 0
    while True:
        sizes = label(start, near, present, names)
        if sizes.size == 0 or sizes.max() <= target:
            return order[:count]
        members = np.flatnonzero(names == np.argmax(sizes)).astype(np.int32)
        step = max(members.size / sample, 1.0)
        take = min(sample, members.size)
        sources = np.empty(take, np.int32)
        for i in range(take):
            sources[i] = members[(int(i * step) + turn * 7919) % members.size]
        turn += 1
        score = np.zeros(n)
        _brandes(start, near, present, sources, score)
        score *= scale
        for _ in range(min(batch, members.size - target)):
            best = members[np.argmax(score[members])]
            score[best] = -1.0
            present[best] = False
            order[count] = best
            count += 1
