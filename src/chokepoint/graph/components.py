"""Connected components of an edge list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.columns import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.graph.columns import Ints, Longs


def label(left: NDArray[np.integer], right: NDArray[np.integer], size: int) -> Ints:
    """For each of `size` nodes the smallest node of its component, int32 (size,); direction is ignored."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - only building a snapshot needs it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - the same

    if not size:
        return np.zeros(0, np.int32)
    matrix = coo_matrix((np.ones(len(left), np.bool_), (left, right)), shape=(size, size))
    count, number = connected_components(matrix, directed=False)
    first = np.zeros(count, np.int32)
    first[number[::-1]] = np.arange(size - 1, -1, -1, dtype=np.int32)
    labels: Ints = first[number]
    return labels


def joined(labels: Ints, left: NDArray[np.integer], right: NDArray[np.integer]) -> Ints:
    """The same labels after further edges, of nodes that are labelled already."""
    before, after = labels[left], labels[right]
    met = distinct(np.concatenate([before, after]))
    moved = met[label(np.searchsorted(met, before), np.searchsorted(met, after), len(met))]
    if (moved == met).all():
        return labels
    table = np.arange(len(labels), dtype=np.int32)
    table[met] = moved
    return table[labels]


def sizes(labels: Ints) -> tuple[Longs, Longs]:
    """Labels of the components with their sizes, largest first, ties by label."""
    name, count = np.unique(labels, return_counts=True)
    order = np.lexsort((name, -count))
    return name[order].astype(np.int64), count[order]
