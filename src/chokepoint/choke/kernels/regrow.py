"""Greedy reinsertion on a shrunken graph, and the curve of an order there (see `quotient`).

Reinsertion is exact and near-linear: once one piece is much larger than the others, nearly every
candidate touches it and nearly every key would go stale whenever it grows. So the keys of the
candidates that touch one piece, the anchor, leave its size out: they change only when another
piece that they touch grows (then the old key is a lower bound) or joins the anchor (then its size is
taken off: each node joins once, so all of that costs one pass over the edges).
"""

# ruff: noqa: FBT003, PLR0913, PLR0917, RUF059 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="arg-type, assignment, misc, no-any-return, return-value"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.pieces import OUT, beside, put_back, root

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints


NO_LIMIT = 2**31


@njit(cache=True)
def curve(graph: tuple[Ints, Ints, Ints, int], order: Ints) -> Ints:
    """int32 (len(order) + 1,): the largest piece before the first removal and after each."""
    weight, rows, ends, largest = graph
    link, found = -weight, np.empty(_widest(rows), np.int32)
    link[order] = OUT
    out = np.empty(order.size + 1, np.int32)
    out[order.size] = largest
    for at in range(order.size - 1, -1, -1):
        v = order[at]
        pieces = found[: beside(rows, ends, link, v, found)]
        largest = max(largest, put_back(link, v, weight[v], pieces, NO_LIMIT))
        out[at] = largest
    return out


@njit(cache=True)
def _widest(rows: Ints) -> int:
    """The most neighbours of one node."""
    widest = 0
    for v in range(rows.size - 1):
        widest = max(widest, rows[v + 1] - rows[v])
    return widest


@njit(cache=True)
def _beside(
    graph: tuple[Ints, Ints, Ints, int], link: Ints, v: int, anchor: int, seen: Ints
) -> tuple[int, bool]:  # fmt: skip
    """(size of the piece that v would lie in, the anchor's left out; whether v touches the anchor)."""
    weight, rows, ends, _ = graph
    total, touches = np.int64(weight[v]), False
    for a in range(rows[v], rows[v + 1]):
        if link[ends[a]] != OUT:
            piece = root(link, ends[a])
            if piece == anchor:
                touches = True
            elif seen[piece] != v:
                seen[piece] = v
                total -= link[piece]
    for a in range(rows[v], rows[v + 1]):
        if link[ends[a]] != OUT:
            seen[root(link, ends[a])] = -1
    return total, touches


@njit(cache=True)
def _both_ways(graph: tuple[Ints, Ints, Ints, int], c: int) -> tuple[Ints, Ints]:
    """CSR of the candidates that touch each node, blobs included."""
    weight, rows, ends, _ = graph
    start = np.zeros(weight.size + 1, np.int32)
    for end in ends:
        start[end + 1] += 1
    for i in range(weight.size):
        start[i + 1] += start[i]
    fill, near = start[:-1].copy(), np.empty(ends.size, np.int32)
    for v in range(c):
        for a in range(rows[v], rows[v + 1]):
            near[fill[ends[a]]] = v
            fill[ends[a]] += 1
    return start, near


@njit(cache=True)
def _absorb(
    back: tuple[Ints, Ints], piece: int, loss: int, ring: Ints, link: Ints,
    key: Floats, touching: Flags, lowest: Ints, seen: Ints, heap: list[tuple[float, int]],
) -> None:  # fmt: skip
    """Take a piece that joins the anchor off the keys of the candidates that touch it.

    The last place of `seen` counts the calls, downwards.
    """
    start, near = back
    v = piece
    seen[-1] -= 1
    stamp = seen[-1]
    while True:
        for a in range(start[v], start[v + 1]):
            w = near[a]
            if link[w] == OUT and seen[w] != stamp:
                seen[w] = stamp
                key[w] = max(key[w] - loss, float(lowest[w]))
                touching[w] = True
                heapq.heappush(heap, (key[w], w))
        v = ring[v]
        if v == piece:
            return


@njit(cache=True)
def _fresh(
    graph: tuple[Ints, Ints, Ints, int], link: Ints, anchor: int, seen: Ints, key: Floats, touching: Flags
) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:  # fmt: skip
    """(candidates beside the anchor, the others) that are out, as heaps of exact keys."""
    inner = [(0.0, np.int32(0)) for _ in range(0)]
    outer = [(0.0, np.int32(0)) for _ in range(0)]
    for v in range(key.size):
        if link[v] == OUT:
            total, touching[v] = _beside(graph, link, v, anchor, seen)
            key[v] = total
            if touching[v]:
                inner.append((key[v], np.int32(v)))
            else:
                outer.append((key[v], np.int32(v)))
    heapq.heapify(inner)
    heapq.heapify(outer)
    return inner, outer


@njit(cache=True)
def _drop_stale(heap: list[tuple[float, int]], key: Floats, touching: Flags, link: Ints, side: bool) -> None:
    """Pop what has gone back, changed sides or has a newer key."""
    while len(heap) > 0 and (
        link[heap[0][1]] != OUT or touching[heap[0][1]] != side or key[heap[0][1]] != heap[0][0]
    ):
        heapq.heappop(heap)


@njit(cache=True)
def _regrow_alike(graph: tuple[Ints, Ints, Ints, int], c: int) -> Ints:
    """`regrow` for equal prices."""
    weight, rows, ends, _ = graph
    total = weight.size
    link, ring = -weight, np.arange(total).astype(np.int32)
    link[:c] = OUT
    seen, key, touching = np.full(total + 1, -1, np.int32), np.zeros(c), np.zeros(c, np.bool_)
    back = _both_ways(graph, c)
    anchor = np.int64(c + np.argmax(weight[c:])) if total > c else np.int64(-1)
    inner, outer = _fresh(graph, link, anchor, seen, key, touching)
    order, at = np.empty(c, np.int32), c
    while at:
        _drop_stale(inner, key, touching, link, True)
        _drop_stale(outer, key, touching, link, False)
        mass = -float(link[anchor]) if anchor >= 0 else 0.0
        from_inner = len(inner) > 0 and (
            len(outer) == 0 or (inner[0][0] + mass, inner[0][1]) < (outer[0][0], outer[0][1])
        )
        heap = inner if from_inner else outer
        v = heap[0][1]
        now, _ = _beside(graph, link, v, anchor, seen)
        if now > key[v]:
            heapq.heappop(heap)
            key[v] = now
            heapq.heappush(heap, (key[v], v))
            continue
        at -= 1
        order[at] = v
        anchor = _settle(graph, back, link, ring, v, anchor, key, touching, seen, inner)
        mine = root(link, v)
        if anchor < 0 or (mine != anchor and link[mine] < 2 * link[anchor]):
            anchor = mine
            inner, outer = _fresh(graph, link, anchor, seen, key, touching)
    return order


@njit(cache=True)
def _settle(
    graph: tuple[Ints, Ints, Ints, int], back: tuple[Ints, Ints], link: Ints, ring: Ints,
    v: int, anchor: int, key: Floats, touching: Flags, seen: Ints, inner: list[tuple[float, int]],
) -> int:  # fmt: skip
    """Put v back; the anchor's root afterwards."""
    weight, rows, ends, _ = graph
    joins = touching[v]
    link[v] = -weight[v]
    if joins:
        _absorb(back, v, 0, ring, link, key, touching, weight, seen, inner)
    mine = v
    for a in range(rows[v], rows[v + 1]):
        if link[ends[a]] == OUT:
            continue
        other, mine = root(link, ends[a]), root(link, mine)
        if other == mine:
            continue
        if joins and other != anchor:
            _absorb(back, other, -link[other], ring, link, key, touching, weight, seen, inner)
        ring[other], ring[mine] = ring[mine], ring[other]
        was_anchor = anchor in (other, mine)
        if link[other] < link[mine]:
            other, mine = mine, other
        link[mine] += link[other]
        link[other] = mine
        if was_anchor:
            anchor = mine
    return anchor


@njit(cache=True)
def _regrow_priced(graph: tuple[Ints, Ints, Ints, int], price: Floats) -> Ints:
    """`regrow` for prices that differ: no size can be left out of a key that is divided by its price."""
    weight, rows, ends, _ = graph
    c = price.size
    link, found = -weight, np.empty(_widest(rows), np.int32)
    link[:c] = OUT
    seen = np.full(weight.size, -1, np.int32)
    heap = [(_beside(graph, link, v, -1, seen)[0] / price[v], np.int32(v)) for v in range(c)]
    heapq.heapify(heap)
    order, at = np.empty(c, np.int32), c
    while heap:
        _, v = heapq.heappop(heap)
        key = _beside(graph, link, v, -1, seen)[0] / price[v]
        if heap and (key > heap[0][0] or (key == heap[0][0] and v > heap[0][1])):
            heapq.heappush(heap, (key, v))
            continue
        at -= 1
        order[at] = v
        put_back(link, v, weight[v], found[: beside(rows, ends, link, v, found)], NO_LIMIT)
    return order


@njit(cache=True)
def regrow(graph: tuple[Ints, Ints, Ints, int], price: Floats) -> Ints:
    """All candidates in the order of removal that is greedy read backwards.

    Each time the candidate that would lie in the smallest piece per price goes back; ties go to the
    lower number.
    """
    if price.size and np.all(price == price[0]):
        return _regrow_alike(graph, price.size)
    return _regrow_priced(graph, price)
