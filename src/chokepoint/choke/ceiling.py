"""Plans by knapsack on fixed cuts, and what fixed cuts certify of any plan.

A set of nodes that parts victims from cash-outs in a row lets through at most the capacity of its
members, whatever is hit. Summed over the rows, for every plan x: F(x) <= level - gain @ x. The plan
that gains most on the cuts of the last plan is at least as good as it; so the two are improved in turn
until neither changes (alternating minimisation; a local optimum, no guarantee).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.choke.chain import Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

    Chosen = frozenset[int]

ROUNDS = 8
PAYS = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What any plan leaves at most: level - gain @ x.

    Attributes:
        level: weighted capacity of the cuts without any action.
        gain: float64 (C,), what each candidate takes off the cuts.
    """

    level: float
    gain: Floats

    def after(self, chosen: Iterable[int]) -> float:
        """At most this is left by the plan of candidate positions."""
        return max(self.level - float(self.gain[sorted(chosen)].sum()), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plan with its value and the cuts that prove it.

    Attributes:
        chosen: candidate positions.
        value: F, from the flows.
        ceiling: of the plan's own minimum cuts; tight for it unless others were called in or starved.
    """

    chosen: Chosen
    value: float
    ceiling: Ceiling


def weigh(harm: Harm, limits: Limits, chosen: Chosen) -> Found:
    """Flows of a plan and the ceiling of their minimum cuts; one evaluation."""
    capacity = harm.capacities(limits.modes(chosen))
    place = harm.place[limits.node]
    inside = np.flatnonzero(place >= 0)
    full = awake(harm)

    def work(part: slice) -> tuple[Floats, float, Floats]:
        flow, cut, _ = harm.cut_rows(capacity[part], part, carry=False)
        weight = harm.row_weight[part]
        level = float(weight @ np.where(cut, full[part], 0.0).sum(axis=1))
        taken = cut[:, place[inside]] * harm.strength[part, limits.candidates[inside]]
        return flow, level, weight @ (taken * full[part][:, place[inside]])

    parts = list(harm.in_parts(work))
    gain = np.zeros(place.size)
    gain[inside] = sum(one for _, _, one in parts)
    ceiling = Ceiling(level=sum(one for _, one, _ in parts), gain=gain)
    flows = np.concatenate([one for one, _, _ in parts])
    harm.known[frozenset(limits.modes(chosen))] = flows
    return Found(chosen=chosen, value=float(harm.row_weight @ flows), ceiling=ceiling)


def without_idle(harm: Harm, limits: Limits, found: Found) -> Found:
    """The same without actions that take nothing off its cuts and on which nobody else depends.

    Less is done and the cuts stay as wide, so that the flow is the same.
    """
    ties = harm.ties
    idle = {
        at for at in found.chosen
        if found.ceiling.gain[at] == 0 and int(limits.node[at]) not in ties.dependants
        and int(limits.node[at]) not in ties.called_by
    }  # fmt: skip
    if not idle:
        return found
    chosen = found.chosen - idle
    harm.known[frozenset(limits.modes(chosen))] = harm.flows(limits.modes(found.chosen))
    return Found(chosen=chosen, value=found.value, ceiling=found.ceiling)


def alternate(harm: Harm, limits: Limits, start: Chosen, *, rounds: int = ROUNDS) -> list[Found]:
    """Plans from the start on, each no worse than the one before, at most `rounds` evaluations."""
    found = [weigh(harm, limits, start)]
    while len(found) < rounds:
        last = found[-1]
        chosen = best_on(limits, last.ceiling)
        if chosen == last.chosen or last.ceiling.after(chosen) >= last.value * (1 - PAYS):
            break
        following = weigh(harm, limits, chosen)
        if following.value >= last.value:
            break
        found.append(following)
    return found


def best_on(limits: Limits, ceiling: Ceiling) -> Chosen:
    """The plan that takes about most off the cuts."""
    return limits.best_filled(ceiling.gain)


def awake(harm: Harm) -> Floats:
    """float64 (R, n): capacities with every latent node called in from its earliest day on."""
    rows, network = harm.row_weight.size, harm.network
    if not network.latent.any():
        return np.broadcast_to(harm.base, (rows, harm.base.size))
    full = np.repeat(harm.base[None, :], rows, axis=0)
    day = network.at_day[harm.row_stage]
    for node, after in zip(network.substitutes.node, network.substitutes.after_days, strict=True):
        at = harm.place[node]
        if at >= 0:
            full[:, at] = np.where(day >= after, network.capacity[node], full[:, at])
    return full


def hopes(harm: Harm, limits: Limits) -> Floats:
    """float64 (C,): what each candidate alone takes off the flow at most; 0 outside the flow.

    A node that carried f and keeps capacity r can stop at most f - r. Nodes that act through others
    (suppliers and triggers) may stop more.
    """
    place = harm.place[limits.node]
    inside = np.flatnonzero(place >= 0)
    unit = harm.network.capacity[limits.node[inside]]

    def work(part: slice) -> Floats:
        capacity = np.repeat(harm.base[None, :], part.stop - part.start, axis=0)
        _, _, through = harm.cut_rows(capacity, part)
        carried = through[:, place[inside]]
        left = unit * (1 - harm.strength[part, limits.candidates[inside]])
        return np.asarray(harm.row_weight[part] @ np.maximum(carried - left, 0.0))

    found = np.zeros(place.size)
    found[inside] = sum(harm.in_parts(work))
    return found
