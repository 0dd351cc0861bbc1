"""Whole plans by rounding and swapping, judged by the exact damage model.

Nothing here is a guarantee: the objective is not submodular (two parallel paths: no gain each, all
together), so the certificate comes from the bound alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.choke.chain import Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

Chosen = frozenset[int]
SMALLEST_STEP = 1e-9
FEW = 40
"""Actions that are always weighed one by one, patience or not."""


@dataclass(slots=True)
class Search:
    """Local search over plans of one damage model, remembering what was evaluated.

    Plans are sets of candidate positions (see `Limits`).

    Attributes:
        harm: the damage model.
        limits: candidates and limits.
        patience: evaluations left; a count, not a time, so that answers repeat on any machine.
        enough: a value that is good enough to stop at.
        seen: value by plan.
    """

    harm: Harm
    limits: Limits
    patience: int
    enough: float = -np.inf
    seen: dict[Chosen, float] = field(default_factory=dict)

    def value(self, chosen: Chosen) -> float:
        """F of the plan, from memory where it was seen."""
        if chosen not in self.seen:
            self.patience -= 1
            self.seen[chosen] = self.harm.value(self.limits.modes(chosen))
        return self.seen[chosen]

    def best(self, starts: Iterable[Chosen]) -> Chosen:
        """The best plan found from the starts by additions and swaps."""
        plans = {*starts, frozenset[int]()}
        ranked = sorted(plans, key=lambda plan: (self.value(plan), sorted(plan)))
        improved: list[Chosen] = []
        for plan in ranked[:2]:
            improved.append(self.improve(plan))
            if self.value(improved[-1]) <= self.enough:
                break
        return min(improved, key=lambda plan: (self.value(plan), sorted(plan)))

    def improve(self, plan: Chosen) -> Chosen:
        """Additions, then swaps of one for one or more, while they pay and patience lasts for all."""
        while self.patience > 0:
            value = self.value(plan)
            better = self._best_addition(plan, value)
            if better is None and value > self.enough and self.patience >= len(plan):
                better = self._swap(plan, value)
            if better is None:
                break
            plan = better
        return self.pruned(plan)

    def pruned(self, plan: Chosen) -> Chosen:
        """The plan without what changes nothing; one by one, the dearest first, while patience lasts.

        On large networks, where a look costs seconds, it is taken as it is once patience is out.
        """
        if self.patience <= 0 and self.harm.slack > 0:
            return plan
        plan, needed = self._in_the_cuts(plan)
        for at in sorted(plan - needed, key=lambda i: (-self.limits.use[0, i], i)):
            if len(plan) > FEW and self.patience <= 0:
                break
            if self.value(plan - {at}) <= self.value(plan) + self.tiny:
                plan -= {at}
        return plan

    def _in_the_cuts(self, plan: Chosen) -> tuple[Chosen, Chosen]:
        """The plan without what lies in no row's minimum cut, and what of it is in every one of some row.

        None of the former changes the plan's value; without one of the latter more flows. Of nodes that act
        on others, or on which others act, nothing is said.
        """
        harm, limits = self.harm, self.limits
        capacity, paid = harm.capacities(limits.modes(plan)), harm.row_weight > 0
        late, early = (cut[paid] for cut in harm.outermost_cuts(capacity))
        idle, needed = set(), set()
        for at in plan:
            node = int(limits.node[at])
            spot = harm.place[node]
            hits = harm.strength[paid, limits.candidates[at]] > 0
            if node not in harm.ties.dependants and not late[:, spot].any():
                idle.add(at)
            elif not harm.ties.tied(node) and (late[:, spot] & early[:, spot] & hits).any():
                needed.add(at)
        return plan - idle, frozenset(needed)

    def hopes(self, plan: Chosen) -> Floats:
        """float64 (C,): no single addition to the plan can gain more than this.

        A node that carried f and keeps capacity r can stop at most f - r; infinite for nodes that
        act on others (suppliers and triggers).
        """
        harm, limits = self.harm, self.limits
        self.patience -= 1
        room = harm.capacities(limits.modes(plan))
        _, _, carried = harm.cut(room)
        place = harm.place[limits.node]
        hopes = np.full(place.size, np.inf)
        inside = np.flatnonzero(place >= 0)
        spots = place[inside]
        left = harm.network.capacity[limits.node[inside]] * (1 - harm.strength[:, limits.candidates[inside]])
        hopes[inside] = harm.row_weight @ np.maximum(carried[:, spots] - left, 0.0)
        suppliers = {s for need in harm.network.dependencies for s in need.needs_any}
        hopes[np.isin(limits.node, sorted(suppliers))] = np.inf
        return hopes

    def _best_addition(self, plan: Chosen, value: float) -> Chosen | None:
        """The addition with the largest gain per cost, or None when none gains; lazily by hope."""
        hopes = self.hopes(plan)
        cost = np.maximum(self.limits.use[0], SMALLEST_STEP)
        best, best_rate = None, 0.0
        for at in np.argsort(-hopes / cost, kind="stable"):
            if hopes[at] / cost[at] <= best_rate or hopes[at] <= self.tiny or self.patience <= 0:
                break
            grown = plan | {int(at)}
            if int(at) in plan or not self.limits.fits(grown):
                continue
            gain = value - self.value(grown)
            if gain > self.tiny and gain / cost[at] > best_rate:
                best, best_rate = grown, gain / cost[at]
        return best

    def _swap(self, plan: Chosen, value: float) -> Chosen | None:
        """The first exchange that lowers the flow, the cheapest loss tried first."""
        losses = sorted((self.value(plan - {at}) - value, at) for at in plan)
        for loss, out in losses:
            found = self._refill(plan - {out}, out, loss)
            if found is not None or self.patience <= 0:
                return found
        return None

    def _refill(self, rest: Chosen, out: int, loss: float) -> Chosen | None:
        hopes = self.hopes(rest)
        target = self.value(rest) - loss - self.tiny
        for at in np.argsort(-hopes, kind="stable"):
            if self.patience <= 0:
                return None
            grown = rest | {int(at)}
            if int(at) == out or int(at) in rest or not self.limits.fits(grown):
                continue
            if hopes[at] <= loss and not self._more_fits(grown, out):
                break
            if self.value(grown) < target:
                return grown
            second = self._second(grown, out, float(hopes[at]), loss)
            if second is not None and self.value(second) < target:
                return second
        return None

    def _more_fits(self, plan: Chosen, out: int) -> bool:
        left = self.limits.room - self.limits.use[:, list(plan)].sum(axis=1)
        fits = np.all(self.limits.use <= left[:, None], axis=0)
        fits[[out, *plan]] = False
        return bool(fits.any())

    def _second(self, plan: Chosen, out: int, hope: float, loss: float) -> Chosen | None:
        """One more addition beside the first, when together they may make up for the loss."""
        if hope <= loss * 0.25 or not self._more_fits(plan, out):
            return None
        hopes = self.hopes(plan)
        hopes[out] = 0.0
        for at in np.argsort(-hopes, kind="stable")[:3]:
            grown = plan | {int(at)}
            if hopes[at] > 0 and int(at) not in plan and self.limits.fits(grown):
                return grown
        return None

    @property
    def tiny(self) -> float:
        """Below this a difference of flows is rounding."""
        return SMALLEST_STEP * max(self.seen.get(frozenset(), 1.0), SMALLEST_STEP)
