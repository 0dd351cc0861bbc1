"""What lies downstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Ints


def reached(tail: Ints, head: Ints, seeds: Flags) -> Flags:
    """Bool (N,): the seeds, bool (N,), and all nodes that arcs tail → head lead to from them."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - scipy loads when it computes
    from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415 - the same

    starts, size = np.flatnonzero(seeds), seeds.size
    tails = np.concatenate([tail, np.full(starts.size, size)])
    heads = np.concatenate([head, starts])
    table = csr_array((np.ones(tails.size, np.int8), (tails, heads)), shape=(size + 1, size + 1))
    found = np.zeros(size + 1, dtype=np.bool_)
    found[breadth_first_order(table, size, return_predecessors=False)] = True
    return found[:-1]
