"""Maximum flow with node capacities, and the cut that proves it.

Push and relabel (Goldberg and Tarjan 1988) in sweeps from the farthest vertices to the nearest, with labels
set anew by breadth-first search once the sweeps have looked at a graph's worth of arcs. The graph is that of
`residual`. What an edge carries is written at its beginning only, so that a search never looks it up.
"""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from chokepoint.choke.kernels.fetch import fetch
from chokepoint.choke.kernels.residual import BACKWARD, NODE, NOWHERE, ONWARD, SINK, SOURCE

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints
    from chokepoint.choke.kernels.residual import Graph

    Flow = tuple[Floats, Floats]
    Work = tuple[Ints, Ints]

AWAY, HOME = 0, 1
FAR, MIDDLE, NEAR, NEXT = 24, 16, 10, 5
"""Places ahead in the queue at which memory is asked for: the vertex, its row, the row's arcs, their ends."""


@njit(cache=True, nogil=True)
def room_for(graph: Graph) -> tuple[Flow, Work]:
    """((room float64 (a,), excess float64 (m,)), (label int32 (m,), queue int32 (m,))) to work with.

    `room` is what an arc through a node can still take and what an edge carries; `excess` what is left.
    """
    arcs, many = graph[1].size, graph[0].size - 1
    return (np.empty(arcs), np.empty(many)), (np.empty(many, np.int32), np.empty(many, np.int32))


@njit(cache=True, nogil=True)
def _admit(graph: Graph, flow: Flow, capacity: Floats) -> None:
    """No flow yet; victims send all they can."""
    _, _, back, _, inside, outside, slot = graph
    room, excess = flow
    room[:] = 0.0
    excess[:] = 0.0
    for v in range(slot.size):
        if slot[v] != NOWHERE:
            if inside[v] == SOURCE:
                room[back[slot[v]]] = capacity[v]
                excess[outside[v]] += capacity[v]
            else:
                room[slot[v]] = capacity[v]


@njit(cache=True, nogil=True)
def _fetch_row(graph: Graph, room: Floats, x: int) -> None:
    """Have the arcs of a vertex ready."""
    a = graph[0][x]
    fetch(graph[1], a)
    fetch(graph[2], a)
    fetch(graph[3], a)
    fetch(room, a)


@njit(cache=True, nogil=True)
def _fetch_ends(graph: Graph, room: Floats, label: Ints, x: int, sort: int) -> None:
    """Have ready what the arcs of a vertex lead to, and the room of those of a kind, kept at their ends."""
    start, head, back, kind = graph[0], graph[1], graph[2], graph[3]
    for a in range(start[x], start[x + 1]):
        fetch(label, head[a])
        if kind[a] == sort:
            fetch(room, back[a])


@njit(cache=True, nogil=True)
def _measure(graph: Graph, flow: Flow, work: Work, home: int) -> tuple[int, float]:
    """Exact labels: arcs with room from each vertex to the sink or, on the way home, to the source.

    They are m and more where none leads there. `queue` holds the others, the nearest first; returned are
    their number and how much excess they have.
    """
    start, head, back, kind = graph[0], graph[1], graph[2], graph[3]
    room, excess = flow
    label, queue = work
    many = label.size
    label[:] = many
    label[SINK if home else SOURCE] = many + 1
    queue[0] = SOURCE if home else SINK
    label[queue[0]] = 0
    size, at, waits = 1, 0, 0.0
    while at < size:
        if at + FAR < size:
            fetch(start, queue[at + FAR])
        if at + NEAR < size:
            _fetch_row(graph, room, queue[at + NEAR])
        if at + NEXT < size:
            _fetch_ends(graph, room, label, queue[at + NEXT], NODE)
        x = queue[at]
        at += 1
        far = label[x] + 1
        for a in range(start[x], start[x + 1]):
            y = head[a]
            if label[y] == many and (kind[a] == BACKWARD or room[a if kind[a] == ONWARD else back[a]] > 0.0):
                label[y], queue[size] = far, y
                size += 1
                waits += excess[y]
    return size, waits


@njit(cache=True, nogil=True)
def _push(graph: Graph, flow: Flow, label: Ints, x: int) -> int:
    """Push the excess of a vertex to lower ones; the least label beyond arcs with room if some stays."""
    start, head, back, kind = graph[0], graph[1], graph[2], graph[3]
    room, excess = flow
    left, here, low = excess[x], label[x], label.size
    for a in range(start[x], start[x + 1]):
        y, sort = head[a], kind[a]
        if label[y] >= low:
            continue
        at = back[a] if sort == BACKWARD else a
        free = np.inf if sort == ONWARD else room[at]
        if free <= 0.0:
            continue
        if label[y] < here:
            amount = min(left, free)
            room[at] += amount if sort == ONWARD else -amount
            if sort == NODE:
                room[back[a]] += amount
            excess[y] += amount
            left -= amount
            if left <= 0.0:
                break
            if amount == free:
                continue
        low = label[y]
    excess[x] = left
    return low


@njit(cache=True, nogil=True)
def _sweep(graph: Graph, flow: Flow, work: Work, size: int) -> int:
    """Push the excess of each queued vertex on, the farthest first; how many arcs were looked at.

    A vertex that cannot push all of it is set one above its lowest neighbour and tries once more.
    """
    start = graph[0]
    room, excess = flow
    label, queue = work
    many, looked = label.size, 0
    for i in range(size - 1, 0, -1):
        if i > FAR:
            fetch(excess, queue[i - FAR])
            fetch(label, queue[i - MIDDLE])
            fetch(start, queue[i - MIDDLE])
            if excess[queue[i - NEAR]] > 0.0:
                _fetch_row(graph, room, queue[i - NEAR])
            if excess[queue[i - NEXT]] > 0.0:
                _fetch_ends(graph, room, label, queue[i - NEXT], BACKWARD)
        x = queue[i]
        if excess[x] <= 0.0 or label[x] >= many:
            continue
        low = _push(graph, flow, label, x)
        looked += start[x + 1] - start[x]
        if excess[x] > 0.0 and low < many:
            label[x] = low + 1
            low = _push(graph, flow, label, x)
            looked += start[x + 1] - start[x]
        if excess[x] > 0.0:
            label[x] = min(low + 1, many)
    return looked


@njit(cache=True, nogil=True)
def settle(graph: Graph, flow: Flow, work: Work, slack: float, home: int) -> float:
    """Push until at most `slack` of the excess could still go somewhere; how much that is.

    Labels are exact at the end.
    """
    while True:
        size, waits = _measure(graph, flow, work, home)
        if waits <= slack:
            return waits
        todo, looked = graph[1].size // 2, 1
        while todo > 0 and looked > 0:
            looked = _sweep(graph, flow, work, size)
            todo -= looked + size // 4


@njit(cache=True, nogil=True)
def fill(graph: Graph, flow: Flow, capacity: Floats, work: Work, slack: float) -> tuple[float, float]:
    """Between which two values, at most `slack` apart, the largest flow is.

    Labels in `work` tell a cut that is as wide as the upper one (`cut_into`).
    """
    _admit(graph, flow, capacity)
    waits = settle(graph, flow, work, slack, AWAY)
    return flow[1][SINK], flow[1][SINK] + waits


@njit(cache=True, nogil=True)
def cut_into(graph: Graph, work: Work, cut: Flags) -> None:
    """Mark in bool (n,) the nodes whose out-side reaches the sink with room left, but not their in-side."""
    _, _, _, _, inside, outside, slot = graph
    label = work[0]
    for v in range(slot.size):
        cut[v] = slot[v] != NOWHERE and label[inside[v]] >= label.size > label[outside[v]]


@njit(cache=True, nogil=True)
def carried_into(graph: Graph, flow: Flow, carried: Floats) -> None:
    """Write in float64 (n,) what each node carries."""
    back, slot = graph[2], graph[6]
    for v in range(slot.size):
        carried[v] = flow[0][back[slot[v]]] if slot[v] != NOWHERE else 0.0


@njit(cache=True, nogil=True)
def withdraw(graph: Graph, flow: Flow, passes: int) -> None:
    """Send what got stuck back to where it came from, from the last vertices to the first; some may stay.

    Vertices are numbered from the victims on, so that a pass takes back all but what runs against that
    order. Nothing that has arrived is touched: what nodes carry afterwards is room enough for all of it.
    """
    start, head, back, kind = graph[0], graph[1], graph[2], graph[3]
    room, excess = flow
    for _ in range(passes):
        for x in range(start.size - 2, SOURCE, -1):
            left = excess[x]
            for a in range(start[x], start[x + 1]):
                if left <= 0.0:
                    break
                if kind[a] == ONWARD or head[a] >= x:
                    continue
                at = back[a] if kind[a] == BACKWARD else a
                amount = min(left, room[at])
                room[at] -= amount
                if kind[a] == NODE:
                    room[back[a]] += amount
                excess[head[a]] += amount
                left -= amount
            excess[x] = left
