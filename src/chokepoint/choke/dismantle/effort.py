"""How hard a dismantling searches: less than a simple portfolio would work on the same graph.

The dearest methods of such a portfolio count shortest paths before each removal, from all nodes where that
is at all possible and from a sample. What they walk is known beforehand from the curve of any good order,
so it is the measure of what everything may cost here beyond the linear methods. It is counted in arcs and
never by the clock: the answer is the same on a machine of any speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.dismantle.work import Work

SOURCES = 64
EXACT_ARCS, SAMPLED_ARCS = 6e9, 4e9
"""Arcs up to which a portfolio counts from every node, and to which it keeps sampling."""
SHARE, LEAST = 1.1, 3e6
"""Of that and the least: milliseconds, which a portfolio of many calls takes on a graph of any size."""
NEAR_ARCS, GROWTH = 1e4, 0.4
"""A graph of so many arcs lies in the nearest cache; one of a larger graph costs more, as this power."""
CHAINS, CLIQUES, TURN = 3.0, 0.5, 1.4
"""Between the mean degree of chains and the transitivity of cliques no processor foresees an arc's turn."""


@dataclass(slots=True, kw_only=True)
class Effort:
    """What is left to spend, in arcs of annealing (about 2.3 ns each on a server of 2022)."""

    left: float

    def take(self, cost: float) -> bool:
        """Spend so much, or nothing where less is left."""
        enough = cost <= self.left
        self.left -= cost if enough else 0.0
        return enough


def effort_for(work: Work) -> Effort:
    """What a search may spend beyond the linear methods, by the best order so far."""
    guess = 0.1 * work.n * work.near.size
    sampled = counting(work, SOURCES) / max(guess * SOURCES / SAMPLED_ARCS, 1.0)
    exact = counting(work, work.n) if guess * work.n <= EXACT_ARCS else 0.0
    return Effort(left=max(SHARE * (sampled + exact), LEAST))


def counting(work: Work, sources: int) -> float:
    """The cost of shortest paths from so many nodes of the largest piece before each removal of the best."""
    from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

    order = work.best[0].nodes
    place = np.full(work.n, order.size)
    place[order] = np.arange(order.size)
    gone = np.minimum(np.repeat(place, np.diff(work.start)), place[work.near])
    arcs = work.near.size - np.cumsum(np.bincount(gone, minlength=order.size + 1)[: order.size])
    arcs = np.concatenate([[work.near.size], arcs[:-1]])
    sizes = np.concatenate([[work.n], pieces.largest_after(work.start, work.near, order)[:-1]])
    return float(arcs @ np.minimum(sizes, sources)) * _arc(work)


def _arc(work: Work) -> float:
    """What one arc of counting costs, in arcs of annealing; rather too little, as measured."""
    from chokepoint.choke.kernels.structure import transitivity  # noqa: PLC0415 - numba loads when it computes

    grown: float = max(work.near.size / NEAR_ARCS, 1.0) ** GROWTH
    if grown >= TURN or work.near.size < CHAINS * work.n or transitivity(work.start, work.near) >= CLIQUES:
        return grown
    return TURN
