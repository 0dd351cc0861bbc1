"""Maximum flow with node capacities, many capacity sets on one graph.

Push and relabel (Goldberg and Tarjan 1988), first in first out with exact labels set anew after a
graph's worth of work, on pseudoflows (Hochbaum 2008): what a narrower node can no longer carry stays as
excess before it and as lack behind it, so that any capacities are answered from the flow of any others.
For every pseudoflow, optimal or not, no cut is smaller than `value`; at the end it is the smallest.

Node v is two vertices, v (in) and n + v (out), joined by its capacity; edges are unlimited. Edges into
victims and out of cash-outs carry nothing and are left out.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.chain import CASH_OUT, VICTIM

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints

    Graph = tuple[Any, Ints, Ints, Ints, Ints, Ints]
    Flow = tuple[Floats, Floats, Floats]
    Work = tuple[Ints, Ints, Flags, Any]

AWAY, HOME = 0, 1


@njit(cache=True, nogil=True)
def world_graph(role: Any, src: Ints, dst: Ints, alive: Flags) -> Graph:
    """The edges of one world by both ends.

    Args:
        role: int8 (n,).
        src: int32 (E,), where edges begin.
        dst: int32 (E,), where they end.
        alive: bool (E,).

    Returns:
        (role, out_start int32 (n+1,), head int32 (e,), in_start int32 (n+1,), edge int32 (e,), tail
        int32 (e,)): edge i leads to head[i], in the order of where they begin; `edge` and `tail` are
        number and beginning of those that end in a node.
    """
    n = role.size
    kept = alive & (role[dst] != VICTIM) & (role[src] != CASH_OUT)
    out_start, in_start = np.zeros(n + 1, np.int32), np.zeros(n + 1, np.int32)
    for e in range(src.size):
        if kept[e]:
            out_start[src[e] + 1] += 1
            in_start[dst[e] + 1] += 1
    for v in range(n):
        out_start[v + 1] += out_start[v]
        in_start[v + 1] += in_start[v]
    head, edge = np.empty(out_start[n], np.int32), np.empty(out_start[n], np.int32)
    tail = np.empty(out_start[n], np.int32)
    leaving, coming = out_start[:-1].copy(), in_start[:-1].copy()
    for e in range(src.size):
        if kept[e]:
            i, j = leaving[src[e]], coming[dst[e]]
            leaving[src[e]] += 1
            coming[dst[e]] += 1
            head[i], edge[j], tail[j] = dst[e], i, src[e]
    return role, out_start, head, in_start, edge, tail


@njit(cache=True, nogil=True)
def room_for(n: int) -> Work:
    """(label, queue, waiting, ring) to work with: of each vertex, and begin, end and size of the queue."""
    return (
        np.empty(2 * n, np.int32), np.empty(2 * n, np.int32), np.zeros(2 * n, np.bool_),
        np.zeros(3, np.int64),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def no_flow(graph: Graph) -> Flow:
    """(inner (n,), along (e,), excess (2n,)): through nodes, along edges, and left at vertices."""
    n = graph[0].size
    return np.zeros(n), np.zeros(graph[2].size), np.zeros(2 * n)


@njit(cache=True, nogil=True)
def _admit(graph: Graph, flow: Flow, capacity: Floats) -> None:
    """Other capacities: victims send all they can, and what is too narrow now keeps the rest waiting."""
    role = graph[0]
    inner, _, excess = flow
    n = role.size
    for v in range(n):
        if role[v] == VICTIM:
            excess[n + v] += capacity[v] - inner[v]
            inner[v] = capacity[v]
        elif inner[v] > capacity[v]:
            excess[v] += inner[v] - capacity[v]
            if role[v] != CASH_OUT:
                excess[n + v] -= inner[v] - capacity[v]
            inner[v] = capacity[v]


@njit(cache=True, nogil=True)
def _seeds(role: Any, excess: Floats, work: Work, home: int) -> int:
    """Label 0 for where excess may end: cash-outs and lacks or, on the way home, victims; how many."""
    label, queue, _, _ = work
    n = role.size
    label[:] = 2 * n
    size = 0
    for x in range(2 * n):
        victim, cash_out = x < n and role[x] == VICTIM, x >= n and role[x - n] == CASH_OUT
        ends = victim if home else cash_out or excess[x] < 0.0
        if ends:
            label[x] = 0
            queue[size] = x
            size += 1
    return size


@njit(cache=True, nogil=True, inline="always")
def _reach(label: Ints, queue: Ints, x: int, far: int, size: int) -> int:
    """Label a vertex that has none; the size of the queue after it."""
    if label[x] < label.size:
        return size
    label[x] = far
    queue[size] = x
    return size + 1


@njit(cache=True, nogil=True)
def _measure(graph: Graph, flow: Flow, capacity: Floats, work: Work, home: int) -> None:
    """Exact labels: arcs with room left from each vertex to the nearest end; 2n where none is reached."""
    role, out_start, head, in_start, _, tail = graph
    inner, along, excess = flow
    label, queue, _, _ = work
    n = role.size
    size = _seeds(role, excess, work, home)
    at = 0
    while at < size:
        x = queue[at]
        at += 1
        far = label[x] + 1
        if x < n:
            if inner[x] > 0.0:
                size = _reach(label, queue, n + x, far, size)
            for i in range(in_start[x], in_start[x + 1]):
                size = _reach(label, queue, n + tail[i], far, size)
            continue
        v = x - n
        if inner[v] < capacity[v]:
            size = _reach(label, queue, v, far, size)
        for i in range(out_start[v], out_start[v + 1]):
            if along[i] > 0.0:
                size = _reach(label, queue, head[i], far, size)


@njit(cache=True, nogil=True, inline="always")
def _enter(queue: Ints, waiting: Flags, ring: Any, x: int) -> None:
    """Put a vertex at the end of the queue, unless it waits already."""
    if not waiting[x]:
        waiting[x] = True
        queue[ring[1]] = x
        ring[1] = ring[1] + 1 if ring[1] + 1 < queue.size else 0
        ring[2] += 1


@njit(cache=True, nogil=True, inline="always")
def _arrive(role: Any, excess: Floats, queue: Ints, waiting: Flags, ring: Any, x: int, amount: float) -> None:
    """Excess comes to a vertex; the far side of cash-outs and the near side of victims take it for good."""
    n = role.size
    if (x < n and role[x] == VICTIM) or (x >= n and role[x - n] == CASH_OUT):
        return
    excess[x] += amount
    if excess[x] > 0.0:
        _enter(queue, waiting, ring, x)


@njit(cache=True, nogil=True, inline="always")
def _leave_out(
    role: Any, out_start: Ints, head: Ints, inner: Floats, along: Floats, excess: Floats, label: Ints,
    queue: Ints, waiting: Flags, ring: Any, v: int,
) -> int:  # fmt: skip
    """Push excess from the out-side of a node, on or back through it; the least label with room left."""
    n = role.size
    here, low = label[n + v], label.size
    for i in range(out_start[v], out_start[v + 1]):
        w = head[i]
        if label[w] == here - 1:
            along[i] += excess[n + v]
            _arrive(role, excess, queue, waiting, ring, w, excess[n + v])
            excess[n + v] = 0.0
            return low
        low = min(low, label[w])
    if inner[v] > 0.0 and label[v] == here - 1:
        amount = min(excess[n + v], inner[v])
        inner[v] -= amount
        excess[n + v] -= amount
        _arrive(role, excess, queue, waiting, ring, v, amount)
    if inner[v] > 0.0:
        low = min(low, label[v])
    return low


@njit(cache=True, nogil=True, inline="always")
def _leave_in(
    role: Any, in_start: Ints, edge: Ints, tail: Ints, inner: Floats, along: Floats, excess: Floats,
    label: Ints, queue: Ints, waiting: Flags, ring: Any, v: int, capacity: float,
) -> int:  # fmt: skip
    """Push excess from the in-side of a node, through it or back along edges; as `_leave_out`."""
    n = role.size
    here, low = label[v], label.size
    if inner[v] < capacity and label[n + v] == here - 1:
        room = capacity - inner[v]
        amount = min(excess[v], room)
        inner[v] = capacity if amount == room else inner[v] + amount
        excess[v] -= amount
        _arrive(role, excess, queue, waiting, ring, n + v, amount)
    if inner[v] < capacity:
        low = min(low, label[n + v])
    for j in range(in_start[v], in_start[v + 1]):
        if excess[v] <= 0.0:
            return low
        i, u = edge[j], n + tail[j]
        if along[i] <= 0.0:
            continue
        if label[u] == here - 1:
            amount = min(excess[v], along[i])
            along[i] -= amount
            excess[v] -= amount
            _arrive(role, excess, queue, waiting, ring, u, amount)
        if along[i] > 0.0:
            low = min(low, label[u])
    return low


@njit(cache=True, nogil=True)
def _line_up(excess: Floats, work: Work) -> float:
    """Queue every vertex with excess that can still go somewhere; how much that is."""
    label, queue, waiting, ring = work
    waiting[:] = False
    ring[:] = 0
    waits = 0.0
    for x in range(label.size):
        if excess[x] > 0.0 and label[x] < label.size:
            _enter(queue, waiting, ring, x)
            waits += excess[x]
    return waits


@njit(cache=True, nogil=True)
def settle(
    graph: Graph, flow: Flow, capacity: Floats, work: Work, slack: float, home: int
) -> None:  # fmt: skip
    """Push until at most `slack` of the excess could still go somewhere; labels are exact at the end."""
    role, out_start, head, in_start, edge, tail = graph
    inner, along, excess = flow
    label, queue, waiting, ring = work
    n = role.size
    while True:
        _measure(graph, flow, capacity, work, home)
        if _line_up(excess, work) <= slack:
            return
        todo = label.size + head.size
        while ring[2] > 0 and todo > 0:
            x = queue[ring[0]]
            ring[0] = ring[0] + 1 if ring[0] + 1 < queue.size else 0
            ring[2] -= 1
            waiting[x] = False
            if x >= n:
                low = _leave_out(
                    role, out_start, head, inner, along, excess, label, queue, waiting, ring, x - n
                )  # fmt: skip
                todo -= out_start[x - n + 1] - out_start[x - n] + 1
            else:
                low = _leave_in(
                    role, in_start, edge, tail, inner, along, excess, label, queue, waiting, ring, x,
                    capacity[x],
                )  # fmt: skip
                todo -= in_start[x + 1] - in_start[x] + 1
            if excess[x] > 0.0:
                label[x] = min(low + 1, label.size)
                if label[x] < label.size:
                    _enter(queue, waiting, ring, x)


@njit(cache=True, nogil=True)
def fill(graph: Graph, flow: Flow, capacity: Floats, work: Work, slack: float) -> float:
    """Make a flow, left from any capacities, the largest for these but for `slack`; its value.

    No cut is smaller than the value. Labels in `work` tell the cut: below 2n where ends are within reach.
    """
    _admit(graph, flow, capacity)
    settle(graph, flow, capacity, work, slack, AWAY)
    role, inner, excess = graph[0], flow[0], flow[2]
    value = 0.0
    for v in range(role.size):
        if role[v] == CASH_OUT:
            value += inner[v]
    for x in range(excess.size):
        value += min(excess[x], 0.0)
    return max(value, 0.0)
