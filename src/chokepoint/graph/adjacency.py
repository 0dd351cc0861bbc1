"""The edges at each node, ascending by neighbour: all of them, or those that further statements bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.graph.columns import distinct, within

if TYPE_CHECKING:
    from chokepoint.graph.columns import Ints, Longs


class Adjacency(NamedTuple):
    """Edges at N nodes; see `Snapshot`."""

    pointer: Longs
    neighbour: Ints
    edge: Ints


def adjacency(left: Ints, right: Ints, size: int) -> Adjacency:
    """Of E edges from `left` to `right` among `size` nodes, each at both of its ends."""
    tail, head = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.argsort(tail.astype(np.int64) * max(size, 1) + head, kind="stable")
    pointer = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=size), out=pointer[1:])
    edge = (order % max(len(left), 1)).astype(np.int32)
    return Adjacency(pointer, head[order], edge)


def with_edges(known: Adjacency, left: Ints, right: Ints, *, moved: Longs, size: int) -> Adjacency:
    """The same as `adjacency` of all edges, from that of some: only nodes at further edges are sorted anew.

    Args:
        known: of the earlier edges among the first nodes.
        left: where each of all E edges begins.
        right: where it ends.
        moved: int64, the number that each earlier edge has now, ascending.
        size: nodes now.
    """
    fresh = np.ones(len(left), np.bool_)
    fresh[moved] = False
    tails = np.sort(np.concatenate([left[fresh], right[fresh]]))
    ends = np.concatenate([known.pointer[1:], np.full(size + 1 - len(known.pointer), known.pointer[-1])])
    degree = np.diff(ends, prepend=0) + np.bincount(tails, minlength=size)
    pointer = np.concatenate([[0], np.cumsum(degree)])
    neighbour = np.insert(known.neighbour, ends[tails], 0)
    edge = np.insert(moved.astype(np.int32)[known.edge], ends[tails], np.flatnonzero(fresh).repeat(2))
    touched = distinct(tails)
    inside = within(pointer[touched], pointer[touched + 1])
    edges = distinct(edge[inside])
    tail = np.concatenate([left[edges], right[edges]])
    head = np.concatenate([right[edges], left[edges]])
    here = np.flatnonzero(np.isin(tail, touched))
    here = here[np.argsort(tail[here].astype(np.int64) * size + head[here], kind="stable")]
    neighbour[inside], edge[inside] = head[here], edges[here % len(edges)]
    return Adjacency(pointer, neighbour, edge)
