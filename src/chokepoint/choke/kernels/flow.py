"""Maximum flow with node capacities, many capacity sets on one graph.

Dinic (1970): blocking flows on shortest-path layers, on the node-split graph: node v becomes v (in)
and N + v (out), joined by an arc of the node's capacity; edges are unlimited. A row of capacities is
one (world, stage). What regrows only widens the nodes, so that the stages of a world, in order, start
from the flow of the stage before where its capacities still hold it.
"""

# ruff: noqa: PLR0913, PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints

    Graph = tuple[Ints, Ints, Ints, Ints]


@njit(cache=True, nogil=True)
def split_graph(n: int, src: Ints, dst: Ints, sources: Ints, sinks: Ints) -> Graph:
    """The node-split graph in adjacency order.

    Returns:
        (start int32 (2n+3,), head int32, mate int32, arc int32): arcs leaving each vertex, where
        they lead, the index of the reverse arc, and what each is: v for the inner arc of node v,
        n + e for edge e, n + E for source and sink arcs, -1 for reverse arcs.
    """
    edges = src.size
    total = n + edges + sources.size + sinks.size
    tail = np.empty(total, np.int32)
    tip = np.empty(total, np.int32)
    for v in range(n):
        tail[v], tip[v] = v, n + v
    for e in range(edges):
        tail[n + e], tip[n + e] = n + src[e], dst[e]
    at = n + edges
    for s in sources:
        tail[at], tip[at] = 2 * n, s
        at += 1
    for t in sinks:
        tail[at], tip[at] = n + t, 2 * n + 1
        at += 1
    start = np.zeros(2 * n + 3, np.int32)
    for a in range(total):
        start[tail[a] + 1] += 1
        start[tip[a] + 1] += 1
    for i in range(2 * n + 2):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    head = np.empty(2 * total, np.int32)
    mate = np.empty(2 * total, np.int32)
    arc = np.empty(2 * total, np.int32)
    for a in range(total):
        i, j = fill[tail[a]], fill[tip[a]]
        fill[tail[a]] += 1
        fill[tip[a]] += 1
        head[i], head[j] = tip[a], tail[a]
        mate[i], mate[j] = j, i
        arc[i] = min(a, n + edges)
        arc[j] = -1
    return start, head, mate, arc


@njit(cache=True, nogil=True)
def _layers(
    start: Ints, head: Ints, mate: Ints, rest: Floats,
    level: Ints, queue: Ints, source: int, sink: int,
) -> bool:  # fmt: skip
    """Distance to the sink over arcs with room left; whether the source is reached."""
    level[:] = -1
    level[sink] = 0
    queue[0] = sink
    done, size = 0, 1
    while done < size:
        v = queue[done]
        done += 1
        if v == source:
            return True
        for a in range(start[v], start[v + 1]):
            w = head[a]
            if level[w] < 0 and rest[mate[a]] > 0.0:
                level[w] = level[v] + 1
                queue[size] = w
                size += 1
    return level[source] >= 0


@njit(cache=True, nogil=True)
def _block(
    start: Ints, head: Ints, mate: Ints, rest: Floats,
    level: Ints, cursor: Ints, path: Ints, source: int, sink: int,
) -> float:  # fmt: skip
    """Push flow along shortest paths until none is left; the amount pushed."""
    pushed = 0.0
    depth = 0
    v = source
    while True:
        if v == sink:
            room = np.inf
            for i in range(depth):
                room = min(room, rest[path[i]])
            first = depth
            for i in range(depth - 1, -1, -1):
                rest[path[i]] -= room
                rest[mate[path[i]]] += room
                if rest[path[i]] <= 0.0:
                    first = i
            pushed += room
            depth = first
            v = head[mate[path[first]]]
            continue
        moved = False
        while cursor[v] < start[v + 1]:
            a = cursor[v]
            if rest[a] > 0.0 and level[head[a]] == level[v] - 1:
                path[depth] = a
                depth += 1
                v = head[a]
                moved = True
                break
            cursor[v] += 1
        if not moved:
            if depth == 0:
                return pushed
            level[v] = -1
            depth -= 1
            v = head[mate[path[depth]]]
            cursor[v] += 1


@njit(cache=True, nogil=True)
def _dinic(
    start: Ints, head: Ints, mate: Ints, rest: Floats,
    level: Ints, cursor: Ints, queue: Ints, n: int,
) -> float:  # fmt: skip
    """Maximum flow from 2n to 2n+1 in place; `rest` ends as the residual graph."""
    flow = 0.0
    while _layers(start, head, mate, rest, level, queue, 2 * n, 2 * n + 1):
        cursor[:] = start[:-1]
        flow += _block(start, head, mate, rest, level, cursor, queue, 2 * n, 2 * n + 1)
    return flow


@njit(cache=True, nogil=True)
def _load(arc: Ints, rest: Floats, capacity: Floats, alive: Flags, n: int, limit: float) -> None:
    """Fill the residual graph of one row."""
    for a in range(arc.size):
        kind = arc[a]
        if kind < 0:
            rest[a] = 0.0
        elif kind < n:
            rest[a] = capacity[kind]
        elif kind - n < alive.size:
            rest[a] = limit if alive[kind - n] else 0.0
        else:
            rest[a] = limit


@njit(cache=True, nogil=True)
def _widen(mate: Ints, arc: Ints, rest: Floats, capacity: Floats, n: int) -> bool:
    """Give the residual graph other node capacities, keeping its flow; False where they do not hold it."""
    for a in range(arc.size):
        if 0 <= arc[a] < n and rest[mate[a]] > capacity[arc[a]]:
            return False
    for a in range(arc.size):
        if 0 <= arc[a] < n:
            rest[a] = capacity[arc[a]] - rest[mate[a]]
    return True


@njit(cache=True, nogil=True)
def _next_row(
    graph: Graph, rest: Floats, capacity: Floats, alive: Flags, world: Ints, r: int, limit: float
) -> bool:
    """Load row r; whether the flow of the row before, of the same world and narrower, could be kept."""
    _, _, mate, arc = graph
    n = capacity.shape[1]
    if r > 0 and world[r] == world[r - 1] and _widen(mate, arc, rest, capacity[r], n):
        return True
    _load(arc, rest, capacity[r], alive[world[r]], n, limit)
    return False


@njit(cache=True, nogil=True)
def flows(graph: Graph, n: int, capacity: Floats, alive: Flags, world: Ints) -> Floats:
    """Maximum flow of every row.

    Args:
        graph: from `split_graph`.
        n: number of nodes.
        capacity: float64 (R, n), node capacities.
        alive: bool (W, E), which edges exist in which world.
        world: int32 (R,), the world of each row.

    Returns:
        float64 (R,).
    """
    start, head, mate, _ = graph
    rest = np.empty(head.size)
    level = np.empty(2 * n + 2, np.int32)
    cursor = np.empty(2 * n + 2, np.int32)
    queue = np.empty(2 * n + 2, np.int32)
    out = np.zeros(capacity.shape[0])
    limit = capacity.max() * n + 1.0 if capacity.size else 1.0
    for r in range(capacity.shape[0]):
        kept = _next_row(graph, rest, capacity, alive, world, r, limit)
        more = _dinic(start, head, mate, rest, level, cursor, queue, n)
        out[r] = out[r - 1] + more if kept else more
    return out


@njit(cache=True, nogil=True)
def cuts(graph: Graph, n: int, capacity: Floats, alive: Flags, world: Ints) -> tuple[Floats, Flags, Floats]:
    """Maximum flow of every row with a minimum cut and what each node carries.

    The cut is the one nearest the sinks: node v is in it when the residual graph leads from its
    out-side to the sink but not from its in-side.

    Returns:
        (flow float64 (R,), cut bool (R, n), carried float64 (R, n)).
    """
    start, head, mate, arc = graph
    rows = capacity.shape[0]
    rest = np.empty(head.size)
    level = np.empty(2 * n + 2, np.int32)
    cursor = np.empty(2 * n + 2, np.int32)
    queue = np.empty(2 * n + 2, np.int32)
    out = np.zeros(rows)
    cut = np.zeros((rows, n), np.bool_)
    carried = np.zeros((rows, n))
    limit = capacity.max() * n + 1.0 if capacity.size else 1.0
    for r in range(rows):
        kept = _next_row(graph, rest, capacity, alive, world, r, limit)
        more = _dinic(start, head, mate, rest, level, cursor, queue, n)
        out[r] = out[r - 1] + more if kept else more
        for v in range(n):
            cut[r, v] = level[v] < 0 and level[n + v] >= 0
            for a in range(start[v], start[v + 1]):
                if arc[a] == v:
                    carried[r, v] = rest[mate[a]]
    return out, cut, carried
