"""One dismantling at work: the graph, its prices, and the best order so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.dismantle.score import largest_fallen, priced_area, removal_auc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.choke.chain import Flags, Floats, Ints

MOST_KEPT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A removal order, cut off where the network has fallen.

    Attributes:
        nodes: int32, first to last.
        auc: of `score`.
        score: what is compared: the AUC, or the area over the cost spent where costs were given.
        method: where it comes from.
    """

    nodes: Ints
    auc: float
    score: float
    method: str


@dataclass(slots=True, kw_only=True)
class Work:
    """What all stages share.

    Attributes:
        start: int32 (n + 1,), CSR of the undirected graph.
        near: int32 (2m,), neighbours.
        price: float64 (n,) > 0.
        priced: whether the area over cost decides.
        tried: AUC by method.
        best: the best orders so far, at most four, best first.
    """

    start: Ints
    near: Ints
    price: Floats
    priced: bool
    tried: dict[str, float] = field(default_factory=dict)
    best: list[Order] = field(default_factory=list)

    @property
    def n(self) -> int:
        """Number of nodes."""
        return int(self.start.size - 1)

    @property
    def limit(self) -> int:
        """The largest piece, in nodes, that counts as fallen."""
        return largest_fallen(self.n)

    def judge(self, method: str, nodes: Ints, sizes: Ints | None = None) -> Order:
        """The order, cut off and scored; kept when it is among the best.

        Args:
            method: where it comes from.
            nodes: first to last; none stands for the node of highest degree.
            sizes: int32, the largest piece after each removal, where it is known already.
        """
        from chokepoint.choke.kernels import pieces  # noqa: PLC0415 - numba loads when it computes

        if not nodes.size:  # fallen from the start, but the curve begins after the first removal
            nodes = np.array([np.argmax(np.diff(self.start))], dtype=np.int32)
            sizes = None
        if sizes is None:
            sizes = pieces.largest_after(self.start, self.near, nodes)
        f = sizes / self.n
        auc, length = removal_auc(f)
        score = priced_area(f[:length], self.price[nodes[:length]]) if self.priced else auc
        found = Order(nodes=nodes[:length], auc=auc, score=score, method=method)
        self.tried[method] = min(auc, self.tried.get(method, np.inf))
        self.best = sorted([*self.best, found], key=lambda one: one.score)[:MOST_KEPT]
        return found

    def finished(self, nodes: Ints) -> Ints:
        """The nodes with what is still large after them split by tree breaking."""
        from chokepoint.choke.kernels import decimate  # noqa: PLC0415 - numba loads when it computes

        present = np.ones(self.n, dtype=np.bool_)
        present[nodes] = False
        rest = decimate.break_trees(self.start, self.near, present, self.limit)
        return np.concatenate([nodes, rest]).astype(np.int32)

    def regrown(self, gone: Flags, nodes: Ints) -> Ints:
        """The nodes ordered by greedy reinsertion, those flagged in `gone` being out for good."""
        from chokepoint.choke.kernels.quotient import contract  # noqa: PLC0415 - numba loads when it computes
        from chokepoint.choke.kernels.regrow import regrow  # noqa: PLC0415 - the same

        nodes = np.sort(nodes)
        return nodes[regrow(contract(self.start, self.near, gone, nodes), self.price[nodes])]

    def offer(self, method: str, nodes: Ints) -> None:
        """Judge the nodes as they come, put back greedily (`+r`), again where some are needless (`+rr`)."""
        whole = self.finished(nodes)
        first = self.judge(method, whole)
        nobody = np.zeros(self.n, dtype=np.bool_)
        again = self.judge(f"{method}+r", self.regrown(nobody, first.nodes))
        if again.nodes.size < first.nodes.size:
            self.judge(f"{method}+rr", self.regrown(nobody, again.nodes))

    def offer_all(self, methods: Iterator[tuple[str, Ints]]) -> None:
        """`offer` each."""
        for method, nodes in methods:
            self.offer(method, nodes)
