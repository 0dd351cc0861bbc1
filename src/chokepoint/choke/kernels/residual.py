"""The residual graph of one world, small: what maximum flows with node capacities need and nothing else.

Node v has an in-side and an out-side, joined by an arc as wide as its capacity; edges lead from out-sides to
in-sides and are unlimited. Nodes on no way from a victim to a cash-out are left out. So is an edge that is
the only one to leave a node or the only one to reach one: its two ends become one vertex, which changes no
minimum cut, for no such cut has an unlimited arc and one side of such an end follows the other.
"""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.chain import CASH_OUT, VICTIM

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Ints

    Graph = tuple[Ints, Ints, Ints, Any, Ints, Ints, Ints]

SINK, SOURCE = 0, 1
"""Vertices: the out-side of all cash-outs and the in-side of all victims."""
NOWHERE = -1
NODE, ONWARD, BACKWARD = 0, 1, 2
"""Kinds of arcs: through a node, either way; along an edge; back along one."""


@njit(cache=True, nogil=True)
def world_graph(role: Any, src: Ints, dst: Ints, alive: Flags) -> Graph:
    """The arcs of one world, each with the one that leads back.

    Args:
        role: int8 (n,).
        src: int32 (E,), where edges begin.
        dst: int32 (E,), where they end.
        alive: bool (E,).

    Returns:
        (start int32 (m+1,), head, back int32 (a,), kind int8 (a,), inside, outside, slot int32 (n,)): arc i
        leads from the vertex x with start[x] <= i < start[x+1] to head[i], and back[i] from there to x.
        Node v is the arc slot[v] from inside[v] to outside[v], or NOWHERE.
    """
    n = role.size
    kept = alive & (role[dst] != VICTIM) & (role[src] != CASH_OUT) & (src != dst)
    after, order = _reached(role, src, dst, kept, VICTIM)
    before, _ = _reached(role, dst, src, kept, CASH_OUT)
    leaving, coming = np.zeros(n, np.int32), np.zeros(n, np.int32)
    for e in range(src.size):
        if kept[e]:
            kept[e] = after[src[e]] and before[dst[e]]
            if kept[e]:
                leaving[src[e]] += 1
                coming[dst[e]] += 1
    link = np.arange(2 * n).astype(np.int32)
    for e in range(src.size):
        if kept[e] and leaving[src[e]] == 1:
            link[n + src[e]] = dst[e]
            kept[e] = False
        elif kept[e] and coming[dst[e]] == 1:
            link[dst[e]] = n + src[e]
            kept[e] = False
    inside, outside, vertices = _vertices(role, order, before, link)
    start, head, back, kind, slot = _arcs(inside, outside, src, dst, kept, vertices)
    return start, head, back, kind, inside, outside, slot


@njit(cache=True, nogil=True)
def _rows(n: int, tail: Ints, head: Ints, kept: Flags) -> tuple[Ints, Ints]:
    """CSR of the kept arcs: where those of each node begin, int32 (n+1,), and where they lead."""
    start = np.zeros(n + 1, np.int32)
    for e in range(tail.size):
        if kept[e]:
            start[tail[e] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
    fill, near = start[:-1].copy(), np.empty(start[n], np.int32)
    for e in range(tail.size):
        if kept[e]:
            near[fill[tail[e]]] = head[e]
            fill[tail[e]] += 1
    return start, near


@njit(cache=True, nogil=True)
def _reached(role: Any, tail: Ints, head: Ints, kept: Flags, seed: int) -> tuple[Flags, Ints]:
    """What kept arcs lead to from nodes of a role, bool (n,), and these in the order of their distance."""
    n = role.size
    start, near = _rows(n, tail, head, kept)
    seen, order = role == seed, np.empty(n, np.int32)
    size, at = 0, 0
    for v in range(n):
        if seen[v]:
            order[size] = v
            size += 1
    while at < size:
        v = order[at]
        at += 1
        for a in range(start[v], start[v + 1]):
            if not seen[near[a]]:
                seen[near[a]] = True
                order[size] = near[a]
                size += 1
    return seen, order[:size]


@njit(cache=True, nogil=True)
def _vertices(role: Any, order: Ints, before: Flags, link: Ints) -> tuple[Ints, Ints, int]:
    """The vertex of each node's in-side and out-side, numbered as they are met, and how many there are."""
    n = role.size
    inside, outside = np.full(n, NOWHERE, np.int32), np.full(n, NOWHERE, np.int32)
    name = np.full(2 * n, NOWHERE, np.int32)
    many = 2
    for v in order:
        if not before[v]:
            continue
        inside[v], outside[v] = SOURCE, SINK
        if role[v] != VICTIM:
            root = link[link[v]]
            if name[root] == NOWHERE:
                name[root] = many
                many += 1
            inside[v] = name[root]
        if role[v] != CASH_OUT:
            root = link[link[n + v]]
            if name[root] == NOWHERE:
                name[root] = many
                many += 1
            outside[v] = name[root]
    return inside, outside, many


@njit(cache=True, nogil=True)
def _arcs(
    inside: Ints, outside: Ints, src: Ints, dst: Ints, kept: Flags, many: int
) -> tuple[Ints, Ints, Ints, Any, Ints]:  # fmt: skip
    """(start, head, back, kind, slot) as `world_graph` tells them."""
    nodes, edges = np.flatnonzero(inside != NOWHERE), np.flatnonzero(kept)
    tail = np.concatenate((inside[nodes], outside[src[edges]]))
    tip = np.concatenate((outside[nodes], inside[dst[edges]]))
    start = np.zeros(many + 1, np.int32)
    for i in range(tail.size):
        start[tail[i] + 1] += 1
        start[tip[i] + 1] += 1
    for x in range(many):
        start[x + 1] += start[x]
    fill = start[:-1].copy()
    head, back = np.empty(start[many], np.int32), np.empty(start[many], np.int32)
    slot, kind = np.full(inside.size, NOWHERE, np.int32), np.zeros(start[many], np.int8)
    for i in range(tail.size):
        a = fill[tail[i]]
        fill[tail[i]] += 1
        b = fill[tip[i]]
        fill[tip[i]] += 1
        head[a], back[a], head[b], back[b] = tip[i], b, tail[i], a
        if i < nodes.size:
            slot[nodes[i]] = a
        else:
            kind[a], kind[b] = ONWARD, BACKWARD
    return start, head, back, kind, slot
