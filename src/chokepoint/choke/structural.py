"""What a map without a value chain from victim to cash-out can still say: structure, and only that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints

MEASURE = "pairs parted"
EXPLANATION = (
    "structural only: the claims hold no flow from a victim to a cash-out, so damage cannot be "
    "computed; ranked by how many pairs of connected things lose every path between them when this "
    "one goes, per cost; ties by collective influence at two steps"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralPoint:
    """One node of the ranking, with the numbers behind it.

    Attributes:
        node: its number.
        gain: pairs of other nodes, connected before, that have no path without it.
        gain_per_cost: gain divided by its cost; the ranking.
        influence: (degree - 1) times the sum of (degree - 1) two steps away.
        degree: distinct neighbours.
        parts: into how many pieces its removal breaks its component.
        largest_part: nodes in the largest of them.
        component: nodes in its component.
    """

    node: int
    gain: int
    gain_per_cost: float
    influence: int
    degree: int
    parts: int
    largest_part: int
    component: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralRanking:
    """The ranking and its name, so that no reader takes it for damage.

    Attributes:
        measure: `pairs parted`.
        structural_only: always true.
        explanation: what the measure means and why it is used, for people.
        points: best first.
    """

    measure: str
    structural_only: bool
    explanation: str
    points: tuple[StructuralPoint, ...]


def structural_ranking(
    start: Ints, near: Ints, allowed: Flags, *, cost: Floats, top: int = 20
) -> StructuralRanking:
    """Rank the nodes that may be struck by the pairs that they hold together.

    All nodes at once by articulation points (Hopcroft and Tarjan 1973), in time linear in the edges.

    Args:
        start: int32 (n + 1,), CSR of the undirected evidence graph without self-loops.
        near: int32 (2m,), neighbours; every edge stands in both directions, at most once in each.
        allowed: bool (n,), nodes with a lever that may be a target.
        cost: float64 (n,), > 0.
        top: how many to return at most.
    """
    if not near.size or not allowed.any():
        return StructuralRanking(measure=MEASURE, structural_only=True, explanation=EXPLANATION, points=())
    from chokepoint.choke.kernels import structure  # noqa: PLC0415 - numba loads when it computes

    gain, parts, largest, component = structure.parted(start, near)
    influence = structure.influence(start, near)
    degree = np.diff(start)
    rate = gain / cost
    open_nodes = np.flatnonzero(allowed & (degree > 0))
    order = open_nodes[np.lexsort((open_nodes, -influence[open_nodes], -rate[open_nodes]))][:top]
    points = tuple(
        StructuralPoint(
            node=int(v), gain=int(gain[v]), gain_per_cost=float(rate[v]), influence=int(influence[v]),
            degree=int(degree[v]), parts=int(parts[v]), largest_part=int(largest[v]),
            component=int(component[v]),
        )
        for v in order
    )  # fmt: skip
    return StructuralRanking(measure=MEASURE, structural_only=True, explanation=EXPLANATION, points=points)
