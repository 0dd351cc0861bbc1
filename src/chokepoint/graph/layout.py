"""Where to draw up to some hundred nodes: by forces, or in layers along the crime script.

Positions are float64 (n, 2) within the unit square, y downward, the same for the same input and seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chokepoint.graph.components import label

if TYPE_CHECKING:
    from collections.abc import Sequence

Places = NDArray[np.float64]
Pairs = NDArray[np.int64]

GRAVITY = 0.08
SWEEPS = 8


def force(count: int, edges: Sequence[tuple[int, int]], *, seed: int = 0, steps: int = 200) -> Places:
    """Force-directed places, after Fruchterman & Reingold 1991, with gravity to hold pieces together.

    Args:
        count: number of nodes; time grows with its square.
        edges: pairs of node numbers below `count`.
        seed: of the first places.
        steps: of cooling.
    """
    place = np.random.default_rng(seed).random((count, 2)) - 0.5
    if count < 2:
        return np.full((count, 2), 0.5)
    pairs = np.array(sorted({(min(a, b), max(a, b)) for a, b in edges if a != b}), np.int64).reshape(-1, 2)
    ideal = 1.0 / np.sqrt(count)
    for step in range(steps):
        push = _forces(place, pairs, ideal)
        length = np.maximum(np.linalg.norm(push, axis=1, keepdims=True), 1e-9)
        heat = 0.12 * (1.0 - step / steps) ** 1.5 + 1e-4
        place += push / length * np.minimum(length, heat)
    return _square(place)


def _forces(place: Places, pairs: Pairs, ideal: float) -> Places:
    apart = place[:, None, :] - place[None, :, :]
    distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-6)
    push = (apart * (ideal**2 / distance**2)[:, :, None]).sum(axis=1)
    if len(pairs):
        along = place[pairs[:, 0]] - place[pairs[:, 1]]
        pull = along * (np.linalg.norm(along, axis=1, keepdims=True) / ideal)
        np.add.at(push, pairs[:, 0], -pull)
        np.add.at(push, pairs[:, 1], pull)
    return np.asarray(push - GRAVITY * place)


def _square(place: Places) -> Places:
    low = place.min(axis=0)
    extent = float((place.max(axis=0) - low).max()) or 1.0
    centred = (place - low - (place.max(axis=0) - low) / 2) / extent
    return np.asarray(0.5 + 0.92 * centred)


def packed(count: int, edges: Sequence[tuple[int, int]], *, seed: int = 0) -> Places:
    """Places in the unit square with each connected piece laid out by `force` in a cell of its own.

    Cells stand in rows, the largest piece first; a cell's area grows with its piece.

    Args:
        count: number of nodes.
        edges: pairs of node numbers below `count`.
        seed: of the first places.
    """
    ends = np.array(edges, np.int64).reshape(-1, 2)
    labels = label(ends[:, 0], ends[:, 1], count)
    pieces = sorted(
        (np.flatnonzero(labels == one) for one in np.unique(labels)), key=lambda p: (-len(p), p[0])
    )
    place = np.zeros((count, 2))
    across, down, row = 0.0, 0.0, 0.0
    width = np.sqrt(sum(_side(len(piece)) ** 2 for piece in pieces)) * 1.35
    for piece in pieces:
        side = _side(len(piece))
        if across and across + side > width:
            across, down, row = 0.0, down + row, 0.0
        at = {int(node): number for number, node in enumerate(piece)}
        inner = [(at[a], at[b]) for a, b in edges if a in at]
        place[piece] = (force(len(piece), inner, seed=seed) * side) + (across, down)
        across, row = across + side, max(row, side)
    return _square(place) if count > 1 else np.full((count, 2), 0.5)


def _side(size: int) -> float:
    return float(np.sqrt(size)) + 0.8


def layered(layers: Sequence[int], edges: Sequence[tuple[int, int]]) -> Places:
    """Columns by layer, rows ordered so that few edges cross (barycentre sweeps, Sugiyama 1981).

    Args:
        layers: for each node the number of its column, such as its phase in the crime script; only
            the order of the numbers matters.
        edges: pairs of node numbers.
    """
    count = len(layers)
    if not count:
        return np.zeros((0, 2))
    column = np.unique(np.array(layers), return_inverse=True)[1].ravel()
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    rows = [np.flatnonzero(column == number).tolist() for number in range(int(column.max()) + 1)]
    height = np.zeros(count)
    for row in rows:
        _spread(row, height)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            mean = {node: float(np.mean(height[near[node] or [node]])) for node in row}
            row[:] = [node for _, node in sorted((mean[node], node) for node in row)]
            _spread(row, height)
    across = (column + 0.5) / len(rows)
    return np.column_stack([across, height])


def _spread(row: list[int], height: Places) -> None:
    for at, node in enumerate(row):
        height[node] = (at + 0.5) / len(row)
