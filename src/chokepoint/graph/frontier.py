"""Bidirectional search for the cheapest connections, layer by layer, in whole-array steps.

A label is a simple trail from one of the ends. Each step lengthens all labels of the smaller side by
one edge and joins both sides where they meet, so that after step L every connection of L edges has
been seen. The cheapest connection within the hop limit is found exactly (unless the budget cut a
layer short, which is said); the next best are those among the `keep` cheapest trails of each node.

Cost of an edge: -log(belief), and `MENTION` where a source only names the two together. Cost of passing
through a node: `SPECIFICITY` x log(degree), so that a trail through what few share comes before one through
what many share. Crossing from one life of an identifier into another costs -log(`OTHER_LIFE`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chokepoint.graph.traits import BARRED, SPLIT
from chokepoint.model.judgement import Verdict

if TYPE_CHECKING:
    from chokepoint.graph.columns import Bools, Bytes, Ints, Longs
    from chokepoint.graph.snapshot import Snapshot

Costs = NDArray[np.float64]

SPECIFICITY = 0.15
OTHER_LIFE = 0.05
DETOUR = 3.0
"""Added for a barred node, a property that joins nothing or a disputed statement where those are let in."""

MENTION = 2.0
"""Added where a source only names two things together: as much as five links of a C3 source."""

FAINT = 4.0
"""Connections e^4 = 55 times weaker than the best are not looked for."""

EDGE_BUDGET = 120_000
LABEL_BUDGET = 25_000

_NUMBER = {verdict: number for number, verdict in enumerate(Verdict)}
PROPOSED_OR_ACCEPTED = (_NUMBER[Verdict.PROPOSED], _NUMBER[Verdict.ACCEPTED])
ACCEPTED = (_NUMBER[Verdict.ACCEPTED],)
DISPUTED = _NUMBER[Verdict.DISPUTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a search may pass through.

    Attributes:
        verdicts: numbers of the verdicts whose statements may be used.
        strict: refuse barred nodes between the ends, properties that join nothing, and disputed
            statements; otherwise they cost a detour.
        max_hops: longest connection.
        keep: trails kept a node, layer and life.
    """

    verdicts: tuple[int, ...] = PROPOSED_OR_ACCEPTED
    strict: bool = True
    max_hops: int = 8
    keep: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A connection found: its nodes in order, the edge between each two, and its cost."""

    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    nodes: Ints
    edges: Ints
    cost: Costs
    life: Bytes

    @property
    def last(self) -> Ints:
        return self.nodes[:, -1]

    def take(self, rows: NDArray[np.integer] | Bools) -> _Labels:
        return _Labels(
            nodes=self.nodes[rows], edges=self.edges[rows], cost=self.cost[rows], life=self.life[rows]
        )


class Search:
    """One search between two sets of nodes."""

    def __init__(self, snapshot: Snapshot, rules: Rules) -> None:
        self.snapshot = snapshot
        self.rules = rules
        self.complete = True

    def run(self, sources: Ints, targets: Ints) -> list[Trail]:
        """The cheapest connections, cheapest first, distinct by their nodes.

        Args:
            sources: int32, distinct node indices.
            targets: int32, distinct node indices, none of them a source.
        """
        ends = (sources, targets)
        sides = [_start(sources), _start(targets)]
        found: dict[tuple[int, ...], Trail] = {}
        bound = np.inf
        for length in range(1, self.rules.max_hops + 1):
            side = self._smaller(sides)
            ahead = float(sides[1 - side].cost.min())
            sides[side] = self._lengthen(sides[side], ends[side], ends[1 - side], bound - ahead)
            if not len(sides[side].cost):
                break
            for trail in self._meet(sides[0], sides[1], np.union1d(sources, targets), length):
                held = found.get(trail.nodes)
                if held is None or trail.cost < held.cost:
                    found[trail.nodes] = trail
            bound = self._bound(found)
        return sorted(found.values(), key=lambda t: (t.cost, len(t.nodes), t.nodes))

    def _smaller(self, sides: list[_Labels]) -> int:
        reach = [int(self.snapshot.degree[side.last].sum()) for side in sides]
        return 0 if reach[0] <= reach[1] else 1

    def _bound(self, found: dict[tuple[int, ...], Trail]) -> float:
        """Cost from which on a connection is not worth finding any more."""
        if not found:
            return np.inf
        costs = sorted(trail.cost for trail in found.values())
        enough = costs[self.rules.keep - 1] if len(costs) >= self.rules.keep else np.inf
        return min(enough, costs[0] + FAINT)

    def _passing(self, nodes: Ints) -> Costs:
        """Cost of passing through nodes; infinite where the rules refuse."""
        cost = SPECIFICITY * np.log(np.maximum(self.snapshot.degree[nodes], 1))
        barred = (self.snapshot.flags[nodes] & BARRED) != 0
        return np.asarray(cost + np.where(barred, np.inf if self.rules.strict else DETOUR, 0.0))

    def _lengthen(self, labels: _Labels, own: Ints, other: Ints, bound: float) -> _Labels:
        passing = np.zeros(len(labels.cost))
        if labels.edges.shape[1]:
            passing = self._passing(labels.last)
            passing[np.isin(labels.last, other)] = np.inf
        going = np.flatnonzero(labels.cost + passing < bound)
        going = self._affordable(labels, going)
        labels, passing = labels.take(going), passing[going]
        at, row = self._fan(labels.last)
        node, edge = self.snapshot.neighbour[at], self.snapshot.edge[at]
        useful = self._useful(node, other) & ~np.isin(node, own) & self._allowed(edge)
        row, node, edge = row[useful], node[useful], edge[useful]
        fresh = (labels.nodes[row] != node[:, None]).all(axis=1)
        row, node, edge = row[fresh], node[fresh], edge[fresh]
        cost = labels.cost[row] + passing[row] + self._price(edge)
        cost += _crossing(labels.life[row], self._life(edge, labels.last[row]))
        kept = np.flatnonzero(cost < bound)
        life = self._life(edge[kept], node[kept])
        kept_order = self._best(row[kept], node[kept], life, cost[kept])
        kept, life = kept[kept_order], life[kept_order]
        return _Labels(
            nodes=np.column_stack([labels.nodes[row[kept]], node[kept]]),
            edges=np.column_stack([labels.edges[row[kept]], edge[kept]]),
            cost=cost[kept],
            life=life,
        )

    def _affordable(self, labels: _Labels, going: Longs) -> Longs:
        """The cheapest labels whose edges fit the budget."""
        load = self.snapshot.degree[labels.last[going]]
        if len(going) <= LABEL_BUDGET and load.sum() <= EDGE_BUDGET:
            return going
        self.complete = False
        going = going[np.argsort(labels.cost[going], kind="stable")][:LABEL_BUDGET]
        fits = np.cumsum(self.snapshot.degree[labels.last[going]]) <= EDGE_BUDGET
        fits[:1] = True
        return going[fits]

    def _fan(self, last: Ints) -> tuple[Longs, Longs]:
        """Adjacency positions of all edges at the labels' last nodes, with the label of each."""
        start, count = self.snapshot.pointer[last], self.snapshot.degree[last]
        row = np.repeat(np.arange(len(last)), count)
        offset = np.cumsum(count) - count
        return np.arange(len(row)) + (start - offset)[row], row

    def _useful(self, node: Ints, other: Ints) -> Bools:
        """Whether stepping onto a node can lead anywhere: it is the goal, or passable and no dead end."""
        degree = self.snapshot.pointer[node + 1] - self.snapshot.pointer[node]
        useful = degree > 1
        if self.rules.strict:
            useful &= (self.snapshot.flags[node] & BARRED) == 0
        return np.asarray(useful | np.isin(node, other))

    def _allowed(self, edge: Ints) -> Bools:
        said = len(self.snapshot.subject)
        statement = np.minimum(edge, said - 1) if said else edge
        allowed = edge >= said
        if not said:
            return allowed
        right = np.isin(self.snapshot.verdict[statement], self.rules.verdicts)
        if self.rules.strict:
            right &= self.snapshot.joining[self.snapshot.relation[statement]]
        return np.asarray(allowed | right)

    def _price(self, edge: Ints) -> Costs:
        said = len(self.snapshot.subject)
        price = np.empty(len(edge), np.float64)
        bond = edge >= said
        statement = edge[~bond]
        price[bond] = -np.log(self.snapshot.bond_belief[edge[bond] - said])
        price[~bond] = -np.log(self.snapshot.belief[statement])
        price[~bond] += MENTION * self.snapshot.loose[self.snapshot.relation[statement]]
        if not self.rules.strict:
            odd = ~self.snapshot.joining[self.snapshot.relation[statement]]
            odd |= self.snapshot.verdict[statement] == DISPUTED
            price[~bond] += DETOUR * odd
        return price

    def _life(self, edge: Ints, node: Ints) -> Bytes:
        """Which life of the node the edge speaks of, 0 for none in particular."""
        return life_at(self.snapshot, edge, node)

    def _best(self, row: Longs, node: Ints, life: Bytes, cost: Costs) -> Longs:
        """The cheapest edge between each trail and node, then the `keep` cheapest trails a node and life.

        Edges between the same two nodes lie side by side, as the snapshot orders its adjacency.
        """
        order = _cheapest_parallel(row, node, life, cost)
        place = node[order].astype(np.int64) * 128 + life[order]
        by_place = np.argsort(place, kind="stable")
        order, place = order[by_place], place[by_place]
        start = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]])) if len(place) else by_place
        count = np.diff(np.append(start, len(place)))
        crowded = np.repeat(count > self.rules.keep, count)
        rest = np.flatnonzero(crowded)
        rest = rest[np.lexsort((cost[order[rest]], place[rest]))]
        sizes = count[count > self.rules.keep]
        rank = np.arange(len(rest)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.concatenate([order[~crowded], order[rest[rank < self.rules.keep]]])

    def _meet(self, left: _Labels, right: _Labels, ends: Ints, length: int) -> list[Trail]:
        """Connections of exactly `length` edges: pairs of trails that end in one node."""
        one, two = _pairs(left.last, right.last)
        if not len(one):
            return []
        cost = left.cost[one] + right.cost[two]
        middle = left.last[one]
        if left.edges.shape[1] and right.edges.shape[1]:
            cost += self._passing(middle) + _crossing(left.life[one], right.life[two])
            cost[np.isin(middle, ends)] = np.inf
        for column in range(right.nodes.shape[1] - 1):
            cost[(left.nodes[one] == right.nodes[two, column][:, None]).any(axis=1)] = np.inf
        good = np.flatnonzero(np.isfinite(cost))
        good = good[np.argsort(cost[good], kind="stable")][: 16 * self.rules.keep]
        trails = []
        for pair in good.tolist():
            a, b = one[pair], two[pair]
            nodes = [*left.nodes[a].tolist(), *right.nodes[b, -2::-1].tolist()][: length + 1]
            edges = [*left.edges[a].tolist(), *right.edges[b, ::-1].tolist()]
            trails.append(Trail(nodes=tuple(nodes), edges=tuple(edges), cost=float(cost[pair])))
        return trails


def life_at(snapshot: Snapshot, edge: Ints, node: Ints) -> Bytes:
    """Which life of `node` each edge at it speaks of, int8, 0 for none in particular."""
    said = len(snapshot.subject)
    life = np.zeros(len(edge), np.int8)
    if not len(snapshot.period_node):
        return life
    real = np.flatnonzero((edge < said) & ((snapshot.flags[node] & SPLIT) != 0))
    statement = edge[real]
    at_subject = snapshot.subject[statement] == node[real]
    life[real] = np.where(at_subject, snapshot.subject_period[statement], snapshot.object_period[statement])
    return life


def _cheapest_parallel(row: Longs, node: Ints, life: Bytes, cost: Costs) -> Longs:
    if not len(row):
        return row
    fresh = np.ones(len(row), np.bool_)
    fresh[1:] = (row[1:] != row[:-1]) | (node[1:] != node[:-1]) | (life[1:] != life[:-1])
    start = np.flatnonzero(fresh)
    if len(start) == len(row):
        return np.arange(len(row))
    least = np.minimum.reduceat(cost, start)[np.cumsum(fresh) - 1]
    equal = np.flatnonzero(cost == least)
    group = (np.cumsum(fresh) - 1)[equal]
    first = np.ones(len(equal), np.bool_)
    first[1:] = group[1:] != group[:-1]
    return equal[first]


def _start(nodes: Ints) -> _Labels:
    size = len(nodes)
    return _Labels(
        nodes=nodes.reshape(size, 1), edges=np.zeros((size, 0), np.int32), cost=np.zeros(size),
        life=np.zeros(size, np.int8),
    )  # fmt: skip


def _crossing(one: Bytes, two: Bytes) -> Costs:
    return np.asarray(np.where((one > 0) & (two > 0) & (one != two), -log(OTHER_LIFE), 0.0))


def _pairs(left: Ints, right: Ints) -> tuple[Longs, Longs]:
    """All pairs of rows with equal values."""
    order = np.argsort(right, kind="stable")
    low = np.searchsorted(right[order], left, side="left")
    count = np.searchsorted(right[order], left, side="right") - low
    one = np.repeat(np.arange(len(left)), count)
    offset = np.cumsum(count) - count
    two = order[np.arange(len(one)) + (low - offset)[one]]
    return one, two
