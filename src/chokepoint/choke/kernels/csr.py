"""Rows of neighbours (CSR) from an edge list: start int32 (n+1,), near int32 (2m,)."""

# ruff: noqa: PLR0917 - numba has no keyword-only arguments, and arrays are passed, not objects
# mypy: disable-error-code="no-any-return"
# numba types these functions itself; numpy's stubs know only half of what it infers

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from chokepoint.choke.kernels.fetch import fetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Ints

SHORT_ROW = 24
FAR, MIDDLE = 24, 12
SCATTERED = 2**19
"""Nodes from which on their rows lie too far apart to be filled at random."""
STRETCH = 16
"""Bits of a node's number within its stretch, whose rows the cache holds."""


def csr(n: int, u: Ints, v: Ints) -> tuple[Ints, Ints]:
    """(start, near) of an undirected edge list without self-loops; parallels stay."""
    # Not np.zeros, here and for other large arrays that are read at random: calloc gives them small pages,
    # while numpy asks for huge ones for what is filled. A seventh of the time of ten million nodes.
    start, near = np.full(n + 1, 0, np.int32), np.empty(2 * u.size, np.int32)
    if n < SCATTERED:
        _fill(u, v, start, near)
    else:
        fill_by_stretch(u, v, start, near, STRETCH)
    return start, near


def simple_csr(n: int, u: Ints, v: Ints) -> tuple[Ints, Ints]:
    """(start, near) of an undirected edge list with rows ascending, parallels merged, self-loops dropped."""
    start, near = csr(n, u, v)
    near.resize(_tidy(start, near), refcheck=False)
    return start, near


def fill_by_stretch(u: Ints, v: Ints, start: Ints, near: Ints, bits: int) -> None:
    """Fill the rows as edge by edge would, stretch by stretch of 2^bits nodes, bits being at most 16.

    First each neighbour goes to where its stretch lies, then within it to its row, so that both write to
    places the cache holds: ten million nodes take a quarter of the time. `start` comes in full of zeros.
    """
    ends = np.cumsum(_sizes(u, v, bits, ((start.size - 1) >> bits) + 1))
    within = np.empty(near.size, np.uint16)
    _spread(u, v, np.concatenate([[0], ends[:-1]]), near, within, bits)
    longest = int(np.diff(ends, prepend=0).max())
    _settle(start, near, within, ends, bits, np.empty(longest, np.int32))


@njit(cache=True)
def _sizes(u: Ints, v: Ints, bits: int, count: int) -> NDArray[np.int64]:
    """How many neighbours the nodes of each stretch have."""
    sizes = np.zeros(count, np.int64)
    for i in range(u.size):
        sizes[u[i] >> bits] += 1
        sizes[v[i] >> bits] += 1
    return sizes


@njit(cache=True)
def _spread(u: Ints, v: Ints, place: NDArray[np.int64], near: Ints, within: Any, bits: int) -> None:
    """Write neighbours into their stretch, in the order of the edges, beside whose they are within it."""
    low = (1 << bits) - 1
    for i in range(u.size):
        a, b = u[i], v[i]
        at = place[a >> bits]
        place[a >> bits] = at + 1
        near[at], within[at] = b, a & low
        at = place[b >> bits]
        place[b >> bits] = at + 1
        near[at], within[at] = a, b & low


@njit(cache=True)
def _settle(start: Ints, near: Ints, within: Any, ends: NDArray[np.int64], bits: int, spare: Ints) -> None:
    """Part each stretch into rows; start[x] is the next free place of x until all are moved up by one."""
    begins, base = 0, 0
    for end in ends:
        here = start[base : min(base + (1 << bits), start.size - 1)]
        for at in range(begins, end):
            here[within[at]] += 1
            spare[at - begins] = near[at]
        total = begins
        for x in range(here.size):
            here[x], total = total, total + here[x]
        for at in range(begins, end):
            x = within[at]
            near[here[x]] = spare[at - begins]
            here[x] += 1
        begins, base = end, base + (1 << bits)
    for x in range(start.size - 1, 0, -1):
        start[x] = start[x - 1]
    start[0] = 0


@njit(cache=True)
def _fill(u: Ints, v: Ints, start: Ints, near: Ints) -> None:
    """Fill the rows; start[x] is the next free place of x until all are moved up by one."""
    for i in range(u.size):
        if i + FAR < u.size:
            fetch(start, u[i + FAR])
            fetch(start, v[i + FAR])
        start[u[i]] += 1
        start[v[i]] += 1
    total = 0
    for x in range(start.size):
        start[x], total = total, total + start[x]
    for i in range(u.size):
        if i + FAR < u.size:
            fetch(start, u[i + FAR])
            fetch(start, v[i + FAR])
            fetch(near, start[u[i + MIDDLE]])
            fetch(near, start[v[i + MIDDLE]])
        near[start[u[i]]] = v[i]
        start[u[i]] += 1
        near[start[v[i]]] = u[i]
        start[v[i]] += 1
    for x in range(start.size - 1, 0, -1):
        start[x] = start[x - 1]
    start[0] = 0


@njit(cache=True)
def _sort(row: Ints) -> None:
    """Sort in place; short rows by insertion."""
    if row.size > SHORT_ROW:
        row.sort()
        return
    for a in range(1, row.size):
        w, b = row[a], a
        while b > 0 and row[b - 1] > w:
            row[b] = row[b - 1]
            b -= 1
        row[b] = w


@njit(cache=True)
def _tidy(start: Ints, near: Ints) -> int:
    """Sort each row and drop what is double or the node itself, in place; how many places are kept."""
    kept, begins = 0, 0
    for x in range(start.size - 1):
        ends = start[x + 1]
        _sort(near[begins:ends])
        start[x] = kept
        last = -1
        for a in range(begins, ends):
            w = near[a]
            if w not in (last, x):
                near[kept] = w
                kept += 1
            last = w
        begins = ends
    start[-1] = kept
    return kept
