"""The answer of `choke --network`: a plan, how good it is, and why (DESIGN §7 and §10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chokepoint.choke.band import band
from chokepoint.choke.explain import explain, named
from chokepoint.choke.harm import prepare, thinned, with_lognormal_times, with_replacement_times
from chokepoint.choke.limits import limits_of
from chokepoint.choke.solve import Solution, solve, solve_and_keep
from chokepoint.choke.why import LOOSE, biggest_hub, why_nothing
from chokepoint.choke.worlds import CHOOSING, SCORING

if TYPE_CHECKING:
    from chokepoint.choke.chain import ChokeNetwork
    from chokepoint.choke.harm import Harm, Plan

SCORING_WORLDS = 200
SCORING_CELLS = 4_000_000
SENSED = 3
"""Worlds that tell the sensitivity of large networks."""
SPREAD = 1.0
"""Of log-normal replacement times, where none is known: what the vocabulary has for most kinds."""
NOTE = (
    "The gap is certified on the sampled worlds of this network; it says nothing about what the map "
    "does not hold. The objective is not submodular, so no constant-factor guarantee is claimed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """A plan with its certificate and its reasons.

    Attributes:
        solution: plan, flows and bound on the selection worlds.
        network: what was asked.
        document: the JSON answer of DESIGN §10 with the further keys `order`, `stages`,
            `sensitivity`, `what_if`, `alternatives`, `why_no_plan`, `biggest_hub`, `method`, `collateral`,
            `worlds`, `note`.
    """

    solution: Solution
    network: ChokeNetwork
    document: dict[str, Any]


def make_plan(
    network: ChokeNetwork, *, budget: float | None = None, start: Plan = (), keep: bool = False
) -> PlanAnswer:
    """Choose and explain.

    Args:
        network: the value chain with its own budget, worlds and seed.
        budget: another budget than the network's.
        start: the plan (mode numbers) of an earlier answer; the result is never worse than it.

        keep: leave certificates for other budgets in `solution.kept`.

    Returns:
        The answer; equal for equal arguments on every machine.
    """
    network = network if budget is None else replace(network, budget=budget)
    chosen_on = prepare(network, network.worlds, CHOOSING)
    limits = limits_of(chosen_on, network.budget)
    solution = (solve_and_keep if keep else solve)(chosen_on, limits, start=start)
    told = explain(chosen_on, limits, solution)
    document = {
        "plan": [named(network, mode) for mode in solution.plan],
        "cost": float(network.modes.cost[list(solution.plan)].sum()),
        "flow_before": solution.before,
        "flow_after": solution.after,
        "bound": solution.bound,
        "gap": solution.gap,
        **scored(network, solution.plan),
        "stages": _stages(chosen_on, solution.plan),
        "sensitivity": _sensitivity(chosen_on, solution.plan),
        **told,
        "collateral": float(network.modes.collateral[list(solution.plan)].sum()),
        "method": solution.method,
        "worlds": chosen_on.worlds.count,
        "why_no_plan": why_nothing(chosen_on, limits, solution),
        "biggest_hub": biggest_hub(chosen_on, limits, solution, told["what_if"]),
        "note": f"{LOOSE} {NOTE}" if network.loose else NOTE,
    }
    return PlanAnswer(solution=solution, network=network, document=document)


def scored(network: ChokeNetwork, plan: Plan) -> dict[str, Any]:
    """Mean and 90 % band of the flow that is left, on worlds that had no part in the choice."""
    rows = max(network.size * network.at_day.size, 1)
    count = max(network.worlds, min(SCORING_WORLDS, SCORING_CELLS // rows))
    held_out = prepare(network, count, SCORING)
    before, after = held_out.by_world(held_out.flows(())), held_out.by_world(held_out.flows(plan))
    return {
        "flow_after_heldout": float(after.mean()),
        "band": list(band(after)),
        "flow_before_heldout": float(before.mean()),
        "worlds_heldout": held_out.worlds.count,
    }


def _stages(harm: Harm, plan: Plan) -> list[dict[str, float]]:
    before, after = harm.by_stage(harm.flows(())), harm.by_stage(harm.flows(plan))
    rows = zip(harm.network.at_day, harm.network.weight, before, after, strict=True)
    return [
        {"at_day": float(day), "weight": float(weight), "flow_before": float(b), "flow_after": float(a)}
        for day, weight, b, a in rows
    ]


def _sensitivity(harm: Harm, plan: Plan) -> dict[str, float]:
    """What the same plan leaves when all is replaced twice or half as fast, or on another curve.

    On large networks the difference is that of the first few worlds.
    """
    few = SENSED if harm.slack > 0 else harm.worlds.count
    model = harm if few >= harm.worlds.count else thinned(harm, few)
    others = {
        **{f"replacement_days_x{factor:g}": with_replacement_times(model, factor) for factor in (0.5, 2.0)},
        "replacement_days_lognormal": with_lognormal_times(model, SPREAD),
    }
    found = {name: other.value(plan) for name, other in others.items()}
    if model is harm:
        return found
    aside = harm.value(plan) - model.value(plan)
    return {name: max(value + aside, 0.0) for name, value in found.items()}
