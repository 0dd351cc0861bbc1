"""A graph shrunk to what a choice of candidates can change: candidates and the blobs between them.

Nodes 0 … c - 1 of the shrunken graph are the candidates, the rest are blobs: connected sets of other
nodes that at least two candidates touch; blobs that the same candidates touch are one, because the
first of these candidates to return joins them all. What a single candidate touches is counted in its
own weight, since it joins and leaves with it. Weights are in nodes of the graph.
"""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.pieces import OUT, put_all_back, root

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Flags, Ints

    Longs = NDArray[np.uint64]
    Shrunk = tuple[Ints, Ints, Ints, int]


@njit(cache=True)
def _blobs(start: Ints, near: Ints, stays: Flags) -> tuple[Ints, Ints, int]:
    """(root, size, largest) of the pieces of the nodes that stay; the size of a piece stands at its root."""
    n = start.size - 1
    link, nobody = np.full(n, OUT, np.int32), np.empty(0, np.int32)
    nodes = np.flatnonzero(stays).astype(np.int32)
    largest = put_all_back(start, near, link, nodes, n, 0, (nobody, nobody))[1]
    parent, size = np.arange(n).astype(np.int32), np.ones(n, np.int32)
    for v in nodes:
        parent[v] = root(link, v)
        size[parent[v]] = -link[parent[v]]
    return parent, size, largest


@njit(cache=True)
def _mark(i: int) -> np.uint64:
    """A number of 64 bits that looks random (splitmix64)."""
    x = np.uint64(i + 1) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def _touched(start: Ints, near: Ints, stays: Flags, candidates: Ints, parent: Ints) -> tuple[Longs, Ints]:
    """For each blob, by its root: the sum of the marks of the candidates that touch it, and how many."""
    n = start.size - 1
    marks, count, last = np.zeros(n, np.uint64), np.zeros(n, np.int32), np.full(n, -1, np.int32)
    for i in range(candidates.size):
        v = candidates[i]
        for a in range(start[v], start[v + 1]):
            blob = parent[near[a]]
            if stays[near[a]] and last[blob] != i:
                last[blob] = i
                marks[blob] += _mark(i)
                count[blob] += 1
    return marks, count


@njit(cache=True)
def _twins(marks: Longs, count: Ints, size: Ints) -> tuple[Ints, Ints, int]:
    """(first blob with the same touching candidates, weight of it with its twins, how many first ones)."""
    first = np.full(count.size, -1, np.int32)
    weight = np.zeros(count.size, np.int32)
    shared = np.flatnonzero(count > 1).astype(np.int32)
    order = shared[np.argsort(marks[shared], kind="mergesort")]
    total = 0
    for i in range(order.size):
        blob = order[i]
        if i and marks[order[i - 1]] == marks[blob]:
            first[blob] = first[order[i - 1]]
        else:
            first[blob] = blob
            total += 1
        weight[first[blob]] += size[blob]
    return first, weight, total


@njit(cache=True)
def _rows(
    start: Ints, near: Ints, stays: Flags, candidates: Ints, blobs: tuple[Ints, Ints, Ints, Ints], total: int,
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    """(weight, start, near) of the shrunken graph; `blobs` is (root, first twin, its weight, own size)."""
    parent, first, heavy, size = blobs
    n, c = start.size - 1, candidates.size
    item, last, name = np.full(n, -1, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    item[candidates] = np.arange(c).astype(np.int32)
    arcs = 0
    for v in candidates:
        arcs += start[v + 1] - start[v]
    weight, rows = np.ones(c + total, np.int32), np.zeros(c + total + 1, np.int32)
    ends, filled, named = np.empty(arcs, np.int32), 0, c
    for i in range(c):
        for a in range(start[candidates[i]], start[candidates[i] + 1]):
            w = near[a]
            blob = parent[w]
            if item[w] >= 0:
                ends[filled] = item[w]
                filled += 1
            elif stays[w] and last[blob] != i:
                last[blob] = i
                twin = first[blob]
                if twin < 0:
                    weight[i] += size[blob]
                elif last[twin] != i or twin == blob:
                    last[twin] = i
                    if name[twin] < 0:
                        name[twin] = named
                        weight[named] = heavy[twin]
                        named += 1
                    ends[filled] = name[twin]
                    filled += 1
        rows[i + 1] = filled
    rows[c + 1 :] = filled
    return weight, rows, ends[:filled].copy()


@njit(cache=True)
def contract(start: Ints, near: Ints, gone: Flags, candidates: Ints) -> Shrunk:
    """The shrunken graph of some candidates when the nodes flagged in `gone` are out for good.

    Args:
        start: of the graph.
        near: of the graph.
        gone: bool (n,), removed before; no candidate is among them.
        candidates: int32 (c,), distinct.

    Returns:
        (weight int32 (c + b,), start int32 (c + b + 1,), near int32, largest): weights and CSR rows of
        the candidates (blobs have empty rows), and the largest piece with all candidates out.
    """
    stays = ~gone
    stays[candidates] = False
    parent, size, largest = _blobs(start, near, stays)
    marks, count = _touched(start, near, stays, candidates, parent)
    first, heavy, total = _twins(marks, count, size)
    weight, rows, ends = _rows(start, near, stays, candidates, (parent, first, heavy, size), total)
    return weight, rows, ends, largest
