"""What lies around nodes, small enough to draw: the telling neighbours, the others as counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.frontier import ACCEPTED, PROPOSED_OR_ACCEPTED
from chokepoint.graph.hop import SAME_AS
from chokepoint.graph.traits import BARRED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.graph.columns import Longs
    from chokepoint.graph.snapshot import Snapshot

EACH = 12
"""Neighbours drawn of one node by one property; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """A part of the map for a drawing.

    Attributes:
        nodes: node indices, the centres first, then by distance.
        distance: hops from the nearest centre, for each of `nodes`.
        edges: edge numbers between them (statements, and from `len(subject)` on bonds), ascending.
        hidden: for nodes with undrawn neighbours, how many by property.
    """

    nodes: tuple[int, ...]
    distance: tuple[int, ...]
    edges: tuple[int, ...]
    hidden: dict[int, dict[str, int]]


def around(
    snapshot: Snapshot, centres: Iterable[int], *, hops: int = 2, cap: int = 150, accepted_only: bool = False
) -> Neighbourhood:
    """The neighbourhood of some nodes.

    Nearer nodes come before farther ones, then more believed edges, then what fewer share. Hubs and
    shared or known-good infrastructure are drawn but not walked through.

    Args:
        snapshot: of the viewer.
        centres: node indices.
        hops: how far to walk.
        cap: most nodes to draw, the centres included.
        accepted_only: whether to walk over accepted statements alone.
    """
    allowed = ACCEPTED if accepted_only else PROPOSED_OR_ACCEPTED
    place = dict.fromkeys(list(dict.fromkeys(centres))[:cap], 0)
    layer = list(place)
    for distance in range(1, hops + 1):
        following: list[int] = []
        walked = [n for n in layer if distance == 1 or not int(snapshot.flags[n]) & BARRED]
        for node in _candidates(snapshot, walked, allowed):
            if node not in place and len(place) < cap:
                place[node] = distance
                following.append(node)
        layer = following
    edges = _between(snapshot, place, allowed)
    return Neighbourhood(
        nodes=tuple(place), distance=tuple(place.values()), edges=tuple(edges),
        hidden=_hidden(snapshot, place, allowed),
    )  # fmt: skip


def _row(snapshot: Snapshot, node: int, allowed: tuple[int, ...]) -> Longs:
    """Adjacency positions of a node whose edges may be used."""
    at = np.arange(int(snapshot.pointer[node]), int(snapshot.pointer[node + 1]))
    edge = snapshot.edge[at]
    said = len(snapshot.subject)
    usable = edge >= said
    usable[~usable] = np.isin(snapshot.verdict[edge[~usable]], allowed)
    return at[usable]


def _candidates(snapshot: Snapshot, layer: list[int], allowed: tuple[int, ...]) -> list[int]:
    """Neighbours of a layer, at most `EACH` a node and property, best first."""
    ranked: list[tuple[float, int, int]] = []
    belief = np.concatenate([snapshot.belief, snapshot.bond_belief])
    for node in layer:
        at = _row(snapshot, node, allowed)
        edge, other = snapshot.edge[at], snapshot.neighbour[at]
        order = np.lexsort((other, snapshot.degree[other], -belief[edge]))
        taken: Counter[int] = Counter()
        for row in order.tolist():
            relation = _relation(snapshot, int(edge[row]))
            if taken[relation] < EACH:
                taken[relation] += 1
                ranked.append((-float(belief[edge[row]]), int(snapshot.degree[other[row]]), int(other[row])))
    return list(dict.fromkeys(node for *_, node in sorted(ranked)))


def _relation(snapshot: Snapshot, edge: int) -> int:
    return int(snapshot.relation[edge]) if edge < len(snapshot.subject) else -1


def _between(snapshot: Snapshot, place: dict[int, int], allowed: tuple[int, ...]) -> list[int]:
    inside = np.fromiter(place, np.int64)
    edges: set[int] = set()
    for node in place:
        at = _row(snapshot, node, allowed)
        edges.update(snapshot.edge[at[np.isin(snapshot.neighbour[at], inside)]].tolist())
    return sorted(edges)


def _hidden(snapshot: Snapshot, place: dict[int, int], allowed: tuple[int, ...]) -> dict[int, dict[str, int]]:
    inside = np.fromiter(place, np.int64)
    found: dict[int, dict[str, int]] = {}
    for node in place:
        at = _row(snapshot, node, allowed)
        out = snapshot.edge[at[~np.isin(snapshot.neighbour[at], inside)]]
        counts = Counter(_relation(snapshot, edge) for edge in out.tolist())
        if counts:
            found[node] = {
                snapshot.property_names[relation] if relation >= 0 else SAME_AS: count
                for relation, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            }
    return found
