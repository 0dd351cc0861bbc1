"""Node separators by recursive spectral halving with an exact vertex cover of the crossing edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Flags, Ints

    Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

LEAST_SIDE = 0.2


def by_separator(start: Ints, near: Ints, target: int, *, sweeps: int) -> Ints:
    """Nodes whose removal leaves no piece above `target`, outermost separators first.

    Args:
        start: int32 (n + 1,), CSR of the undirected graph.
        near: int32 (2m,), neighbours.
        target: largest piece allowed.
        sweeps: power iterations a halving.
    """
    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

    present = np.ones(start.size - 1, dtype=np.bool_)
    names = np.empty(start.size - 1, dtype=np.int32)
    removed: list[Ints] = []
    while True:
        sizes = pieces.label(start, near, present, names)
        large = np.flatnonzero(sizes > target)
        if not large.size:
            break
        grouped = np.argsort(names, kind="stable")
        ends = np.searchsorted(names[grouped], large, side="right")
        for end, size in zip(ends, sizes[large], strict=True):
            members = grouped[end - size : end].astype(np.int32)
            cut = members if size == 1 else _halved((start, near), present, members, sweeps)
            present[cut] = False
            removed.append(cut)
    return np.concatenate(removed).astype(np.int32) if removed else np.empty(0, dtype=np.int32)


def _halved(graph: tuple[Ints, Ints], present: Flags, members: Ints, sweeps: int) -> Ints:
    """Members whose removal parts the piece at its narrowest place."""
    from chokepoint.choke.kernels import between  # noqa: PLC0415 - numba loads when it computes

    value = between.halving(*graph, present, members, sweeps)
    order, split = between.narrowest(*graph, present, members, value, LEAST_SIDE)
    return vertex_cover(crossing(graph, present, members[order[:split]], members[order[split:]]))


def crossing(graph: tuple[Ints, Ints], present: Flags, left: Ints, right: Ints) -> Pairs:
    """The edges between two sets of present nodes, as (left ends, right ends)."""
    start, near = graph
    inside = np.zeros(start.size - 1, dtype=np.bool_)
    inside[right] = True
    degree = start[left + 1] - start[left]
    tails = np.repeat(left, degree).astype(np.int64)
    first = np.repeat(start[left] - np.concatenate([[0], np.cumsum(degree)[:-1]]), degree)
    heads = near[np.arange(tails.size) + first].astype(np.int64)
    kept = inside[heads] & present[heads] & present[tails]
    return tails[kept], heads[kept]


def vertex_cover(edges: Pairs) -> Ints:
    """A smallest set of nodes that touches every edge of a bipartite graph (König 1931).

    From a maximum matching: left nodes not reached, and right nodes reached, by alternating paths
    from unmatched left nodes.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - scipy loads when it computes
    from scipy.sparse.csgraph import breadth_first_order, maximum_bipartite_matching  # noqa: PLC0415 - the same

    left, tails = np.unique(edges[0], return_inverse=True)
    right, heads = np.unique(edges[1], return_inverse=True)
    if not left.size:
        return np.empty(0, dtype=np.int32)
    a, b = left.size, right.size
    table = csr_array((np.ones(tails.size, np.int8), (tails, heads)), shape=(a, b))
    mate = maximum_bipartite_matching(table, perm_type="column")
    matched = np.flatnonzero(mate >= 0)
    free = np.flatnonzero(mate < 0)
    origins = np.concatenate([tails, a + mate[matched], np.full(free.size, a + b)])
    ends = np.concatenate([a + heads, matched, free])
    walk = csr_array((np.ones(origins.size, np.int8), (origins, ends)), shape=(a + b + 1, a + b + 1))
    reached = np.zeros(a + b + 1, dtype=np.bool_)
    reached[breadth_first_order(walk, a + b, return_predecessors=False)] = True
    return np.concatenate([left[~reached[:a]], right[reached[a : a + b]]]).astype(np.int32)
