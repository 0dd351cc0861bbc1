"""The plan problem as one mixed-integer program: a minimum cut a (world, stage), joined by the plan.

After Wood 1993 (network interdiction by its dual cut), with partial regrowth in layers: a node of
capacity u whose modes take shares a1 < a2 < … away costs, when cut, u(1 - a_max) plus, for each
layer, u(a_j - a_(j-1)) unless a mode at least that strong is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.chain import CASH_OUT, VICTIM

if TYPE_CHECKING:
    from chokepoint.choke.chain import Dependency, Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

FAINT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What the solver says.

    Attributes:
        bound: no plan within the limits goes below this.
        chosen: float64 (C,), the solver's plan or fractional plan over the candidates, or None.
        proven: whether the plan is optimal to the solver's tolerance.
    """

    bound: float
    chosen: Floats | None
    proven: bool


@dataclass(slots=True)
class _Model:
    """Columns and rows of a linear model under construction; the first columns are the plan."""

    cost: list[float]
    upper: list[float]
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def column(self, cost: float, upper: float = 1.0) -> int:
        """A new variable in [0, upper]."""
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: list[tuple[int, float]], least: float) -> None:
        """A new constraint: sum of terms >= least."""
        at = len(self.least)
        self.entries.extend((at, column, value) for column, value in terms)
        self.least.append(least)


class _Row:
    """The minimum cut of one (world, stage) written into the model.

    Potentials are 1 on the source side and 0 on the sink side; a node is cut by the drop between its
    in-side and its out-side.
    """

    def __init__(self, model: _Model, harm: Harm, limits: Limits, at: int) -> None:
        self.model, self.harm, self.at = model, harm, at
        self.weight = float(harm.row_weight[at])
        self.by_node: dict[int, list[int]] = {}
        for position, mode in enumerate(limits.candidates):
            if harm.strength[at, mode] > FAINT:
                self.by_node.setdefault(int(limits.node[position]), []).append(position)
        self.limits = limits
        self.latent = harm.network.latent
        self.summons: dict[int, int | None] = {}

    def write(self) -> None:
        """All nodes and edges of the row."""
        model, harm, network = self.model, self.harm, self.harm.network
        role = network.role[harm.core]
        into = [model.column(0.0) for _ in harm.core]
        out = [model.column(0.0) for _ in harm.core]
        for v, node in enumerate(harm.core):
            if role[v] == VICTIM:
                model.row([(into[v], 1.0)], 1.0)
            if role[v] == CASH_OUT:
                model.upper[out[v]] = 0.0
            self._node(int(node), into[v], out[v])
        for u, v in zip(*(end[harm.alive[harm.row_world[self.at]]] for end in harm.ends), strict=True):
            model.row([(into[v], 1.0), (out[u], -1.0)], 0.0)

    def _node(self, node: int, into: int, out: int) -> None:
        """The node's own arc, then one arc in series for each capability that can fail."""
        unit = self.weight * float(self.harm.network.capacity[node])
        needs = [d for d in self.harm.network.dependencies if d.node == node and self._can_fail(d)]
        ends = [into, *(self.model.column(0.0) for _ in needs), out]
        terms = self._share_left(node, [(ends[0], 1.0), (ends[1], -1.0)])
        for column, value in terms:
            self.model.cost[column] += unit * value
        for need, a, b in zip(needs, ends[1:], ends[2:], strict=False):
            paid = self.model.column(unit)
            for supplier in need.needs_any:
                left = self._share_left(supplier, [(a, 1.0), (b, -1.0)])
                self.model.row([(paid, 1.0), *((column, -value) for column, value in left)], 0.0)

    def _can_fail(self, need: Dependency) -> bool:
        return all(p in self.by_node or self.latent[p] for p in need.needs_any)

    def _share_left(self, node: int, drop: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """Linear terms that equal (drop) · (share of the node that works), at whole plans."""
        if self.latent[node]:
            called = self._called(node)
            if called is None:
                return []
            waking = self.model.column(0.0)
            self.model.row([(waking, 1.0), *((c, -v) for c, v in drop), (called, -1.0)], -1.0)
            drop = [(waking, 1.0)]
        elif len(drop) == 2:
            self.model.row(drop, 0.0)
        group = sorted(self.by_node.get(node, ()), key=self._strength)
        strengths = [self._strength(position) for position in group]
        terms = [(c, v * (1.0 - (strengths[-1] if strengths else 0.0))) for c, v in drop]
        for layer, strength in enumerate(strengths):
            step = strength - (strengths[layer - 1] if layer else 0.0)
            if step > FAINT:
                stays = self.model.column(0.0)
                spared = [(position, 1.0) for position in group[layer:]]
                self.model.row([(stays, 1.0), *((c, -v) for c, v in drop), *spared], 0.0)
                terms.append((stays, step))
        return terms

    def _strength(self, position: int) -> float:
        return float(self.harm.strength[self.at, self.limits.candidates[position]])

    def _called(self, node: int) -> int | None:
        """The column that is at least 1 where a hit calls the latent node in; None when none can."""
        if node not in self.summons:
            pairs = self.harm.network.substitutes
            column = None
            for pair in np.flatnonzero(pairs.node == node):
                terms = self._triggers(int(pair))
                if terms:
                    column = self.model.column(0.0) if column is None else column
                    self.model.row([(column, 1.0), *terms], 0.0)
            self.summons[node] = column
        return self.summons[node]

    def _triggers(self, pair: int) -> list[tuple[int, float]]:
        trigger = int(self.harm.network.substitutes.hit[pair])
        found = []
        for position in np.flatnonzero(self.limits.node == trigger):
            mode = int(self.limits.candidates[position])
            if self.harm.called(pair, {trigger: mode})[self.at]:
                found.append((int(position), -1.0))
        return found


def model_size(harm: Harm, limits: Limits) -> int:
    """About how many columns the program has."""
    return int(harm.row_weight.size * (2 * harm.core.size + limits.candidates.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program as the solver takes it.

    Attributes:
        cost: float64 (columns,), the plan's first; in units of `scale`.
        upper: float64 (columns,), all from 0 on.
        rules: what holds.
        scale: flow of a unit of cost.
        plan_size: so many columns are the plan, a candidate each.
    """

    cost: Floats
    upper: Floats
    rules: list[Any]
    scale: float
    plan_size: int

    def solved(self, *, whole: bool, node_limit: int = 10_000, near: float = 1e-6) -> Solved:
        """What HiGHS finds.

        Args:
            whole: whole plans; otherwise the linear relaxation.
            node_limit: of the branch and bound; keeps the answer the same on every machine.
            near: relative distance of flow and bound at which a plan counts as the best.
        """
        from scipy.optimize import Bounds, milp  # noqa: PLC0415 - loads when it computes

        options = {"node_limit": node_limit, "mip_rel_gap": near}
        kinds = np.zeros(self.cost.size)
        kinds[: self.plan_size] = 1 if whole else 0
        bounds = Bounds(0, self.upper)
        answer = milp(self.cost, integrality=kinds, bounds=bounds, constraints=self.rules, options=options)
        return _said(answer, self.scale, self.plan_size, whole=whole)


def program_of(harm: Harm, limits: Limits) -> Program:
    """Write the program down, row by row."""
    from scipy.optimize import LinearConstraint  # noqa: PLC0415 - loads when it computes
    from scipy.sparse import csr_array  # noqa: PLC0415 - the same

    plan_size = limits.candidates.size
    model = _Model(cost=[0.0] * plan_size, upper=[1.0] * plan_size)
    for at in np.flatnonzero(harm.row_weight > 0):
        _Row(model, harm, limits, int(at)).write()
    cost = np.array(model.cost)
    scale = max(float(np.mean(np.array([c for c in model.cost if c > 0] or [1.0]))), FAINT)
    width = len(model.cost)
    rows, columns, values = (np.array(part) for part in zip(*model.entries, strict=True))
    table = csr_array((values, (rows, columns)), shape=(len(model.least), width))
    rules: list[Any] = [LinearConstraint(table, np.array(model.least), np.inf)]
    for limit, right in limits.matrix():
        grown = csr_array((limit.data, limit.indices, limit.indptr), shape=(limit.shape[0], width))
        rules.append(LinearConstraint(grown, -np.inf, right))
    return Program(
        cost=cost / scale, upper=np.array(model.upper), rules=rules, scale=scale, plan_size=plan_size
    )


def _said(answer: Any, scale: float, plan_size: int, *, whole: bool) -> Solved:
    bound = answer.mip_dual_bound if whole else (answer.fun if answer.status == 0 else None)
    low = 0.0 if bound is None or not np.isfinite(bound) else max(float(bound) * scale, 0.0)
    chosen = None if answer.x is None else answer.x[:plan_size]
    return Solved(bound=low, chosen=chosen, proven=answer.status == 0)
