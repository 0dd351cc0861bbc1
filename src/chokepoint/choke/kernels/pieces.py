"""Components under removal and reinsertion of nodes, on undirected int32 CSR graphs.

Everything here takes (start int32 (n+1,), near int32 (2m,)): the neighbours of v are
near[start[v]:start[v+1]]. Removal is read backwards: nodes are put back one by one and pieces are
joined by union-find, so a whole curve costs one pass over the edges.

The whole state of a node is one number, its link: `OUT` while it is removed, minus the size of its
piece when it stands for the piece, otherwise another node of it. So each neighbour costs one cache miss.
Large arrays come from numpy, which asks for huge pages, as numba does not.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, misc, no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.csr import SHORT_ROW
from chokepoint.choke.kernels.fetch import fetch

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Ints


OUT = np.int32(2**31 - 1)
FAR, MIDDLE, CLOSE, NEXT = 24, 12, 6, 3


def all_out(n: int) -> Ints:
    """Links of n nodes that are all removed."""
    return np.full(n, OUT, np.int32)


@njit(cache=True)
def root(link: Ints, v: int) -> int:
    """The node that stands for v's piece, halving the path on the way."""
    up = link[v]
    while up >= 0:
        above = link[up]
        if above < 0:
            return up
        link[v] = above
        v, up = above, link[above]
    return v


@njit(cache=True)
def beside(start: Ints, near: Ints, link: Ints, v: int, found: Ints) -> int:
    """Fill `found` with the distinct pieces that v touches, by their roots; how many."""
    count, sort = 0, start[v + 1] - start[v] > SHORT_ROW
    for a in range(start[v], start[v + 1]):
        if link[near[a]] != OUT:
            piece = root(link, near[a])
            known = False
            for i in range(0 if sort else count):
                known |= found[i] == piece
            if not known:
                found[count] = piece
                count += 1
    if not sort or not count:
        return count
    found[:count].sort()
    distinct = 1
    for i in range(1, count):
        if found[i] != found[i - 1]:
            found[distinct] = found[i]
            distinct += 1
    return distinct


@njit(cache=True)
def put_back(link: Ints, v: int, weight: int, found: Ints, limit: int) -> int:
    """Return v, which touches the pieces in `found`; the size of its piece, or 0 if above the limit.

    A node that would close too large a piece stays out.
    """
    total, most = weight, v
    for piece in found:
        total -= link[piece]
        if most == v or link[piece] < link[most]:
            most = piece
    if total > limit:
        return 0
    link[v] = most
    for piece in found:
        link[piece] = most
    link[most] = -total
    return total


@njit(cache=True)
def _ahead(start: Ints, near: Ints, link: Ints, nodes: Ints, i: int) -> None:
    """Have ready what the nodes behind place i will need."""
    if i + FAR < nodes.size:
        fetch(start, nodes[i + FAR])
        v = nodes[i + MIDDLE]
        fetch(near, start[v])
        fetch(near, start[v + 1] - 1)
        v = nodes[i + CLOSE]
        for a in range(start[v], min(start[v + 1], start[v] + SHORT_ROW)):
            fetch(link, near[a])
        v = nodes[i + NEXT]
        for a in range(start[v], min(start[v + 1], start[v] + SHORT_ROW)):
            up = link[near[a]]
            if 0 <= up < OUT:
                fetch(link, up)


@njit(cache=True)
def put_all_back(
    start: Ints, near: Ints, link: Ints, nodes: Ints, limit: int, largest: int, out: tuple[Ints, Ints]
) -> tuple[int, int]:
    """Put nodes back, first to last, each that closes no piece above the limit.

    `out` is filled with (those that stay out, the largest piece before each return), as far as there
    is room; `largest` is the largest piece so far.

    Returns:
        (how many stay out, the largest piece now).
    """
    left, before = out
    widest, count = 0, 0
    for v in nodes:
        widest = max(widest, start[v + 1] - start[v])
    found = np.empty(widest, np.int32)
    for i in range(nodes.size):
        _ahead(start, near, link, nodes, i)
        if i < before.size:
            before[i] = largest
        v = nodes[i]
        size = put_back(link, v, 1, found[: beside(start, near, link, v, found)], limit)
        if size == 0:
            left[count] = v
            count += 1
        largest = max(largest, size)
    return count, largest


def _backwards(start: Ints, near: Ints, link: Ints, order: Ints, largest: int) -> Ints:
    """int32 (len(order),): size of the largest piece after each removal, all else being in."""
    before = np.empty(order.size, np.int32)
    nobody = np.empty(0, np.int32)
    put_all_back(start, near, link, order[::-1].copy(), start.size, largest, (nobody, before))
    return before[::-1].copy()


def largest_after(start: Ints, near: Ints, order: Ints) -> Ints:
    """int32 (len(order),): size of the largest piece after each removal."""
    link = all_out(start.size - 1)
    stays = np.ones(start.size - 1, np.bool_)
    stays[order] = False
    nobody = np.empty(0, np.int32)
    rest = np.flatnonzero(stays).astype(np.int32)
    largest = put_all_back(start, near, link, rest, start.size, 0, (nobody, nobody))[1]
    return _backwards(start, near, link, order, largest)


def others_first(n: int, nodes: Ints) -> Ints:
    """int32 (n,): all that are not among the nodes, ascending, then the nodes from the last to the first."""
    ranks = np.empty(n, np.int32)
    _rank(ranks, nodes, np.ones(n, np.bool_))
    return ranks


@njit(cache=True)
def _rank(ranks: Ints, nodes: Ints, others: Flags) -> None:
    at = ranks.size
    for v in nodes:
        at -= 1
        ranks[at] = v
        others[v] = False
    at = 0
    for v in range(ranks.size):
        if others[v]:
            ranks[at] = v
            at += 1


def above_limit(start: Ints, near: Ints, ranks: Ints, limit: int) -> tuple[Ints, Ints]:
    """The nodes that cannot go back without a piece of more than `limit`, put back from rank 0 on.

    Returns:
        (int32, in descending order of rank; size of the largest piece after each removal, as of
        `largest_after`, for nothing but their own return).
    """
    link, left = all_out(start.size - 1), np.empty(start.size - 1, np.int32)
    count, largest = put_all_back(start, near, link, ranks, limit, 0, (left, np.empty(0, np.int32)))
    order = left[:count][::-1].copy()
    return order, _backwards(start, near, link, order, largest)


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
