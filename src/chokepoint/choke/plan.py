"""The answer of `choke --network`: a plan, how good it is, and why (DESIGN §7 and §10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.harm import prepare, with_replacement_times
from chokepoint.choke.limits import limits_of
from chokepoint.choke.search import Search
from chokepoint.choke.solve import Solution, solve
from chokepoint.choke.worlds import CHOOSING, SCORING

if TYPE_CHECKING:
    from chokepoint.choke.chain import ChokeNetwork
    from chokepoint.choke.harm import Harm, Plan

SCORING_WORLDS = 200
SCORING_CELLS = 4_000_000
TOP_SINGLES = 20
ALTERNATIVES = 3
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
            `sensitivity`, `what_if`, `alternatives`, `method`, `collateral`, `worlds`, `note`.
    """

    solution: Solution
    network: ChokeNetwork
    document: dict[str, Any]


def make_plan(network: ChokeNetwork, *, budget: float | None = None, start: Plan = ()) -> PlanAnswer:
    """Choose and explain.

    Args:
        network: the value chain with its own budget, worlds and seed.
        budget: another budget than the network's.
        start: the plan (mode numbers) of an earlier answer; the result is never worse than it.

    Returns:
        The answer; equal for equal arguments on every machine.
    """
    network = network if budget is None else replace(network, budget=budget)
    chosen_on = prepare(network, network.worlds, CHOOSING)
    limits = limits_of(chosen_on, network.budget)
    solution = solve(chosen_on, limits, start=start)
    search = Search(harm=chosen_on, limits=limits, patience=0)
    singles, alternatives = _others(search, solution)
    document = {
        "plan": [_named(network, mode) for mode in solution.plan],
        "cost": float(network.modes.cost[list(solution.plan)].sum()),
        "flow_before": solution.before,
        "flow_after": solution.after,
        "bound": solution.bound,
        "gap": solution.gap,
        **_scored(network, solution.plan),
        "order": _order(search, solution.plan),
        "stages": _stages(chosen_on, solution.plan),
        "sensitivity": _sensitivity(network, solution.plan),
        "what_if": singles,
        "alternatives": alternatives,
        "collateral": float(network.modes.collateral[list(solution.plan)].sum()),
        "method": solution.method,
        "worlds": chosen_on.worlds.count,
        "note": NOTE if solution.before > 0 else "No flow leads from a victim to a cash-out. " + NOTE,
    }
    return PlanAnswer(solution=solution, network=network, document=document)


def _named(network: ChokeNetwork, mode: int) -> dict[str, Any]:
    return {"id": network.ids[network.modes.node[mode]], "mode": network.modes.name[mode]}


def _scored(network: ChokeNetwork, plan: Plan) -> dict[str, Any]:
    """Mean and 5–95 % band of the flow that is left, on worlds that had no part in the choice."""
    rows = max(network.size * network.at_day.size, 1)
    count = max(network.worlds, min(SCORING_WORLDS, SCORING_CELLS // rows))
    held_out = prepare(network, count, SCORING)
    before, after = held_out.by_world(held_out.flows(())), held_out.by_world(held_out.flows(plan))
    low, high = np.quantile(after, [0.05, 0.95])
    return {
        "flow_after_heldout": float(after.mean()),
        "band": [float(low), float(high)],
        "flow_before_heldout": float(before.mean()),
        "worlds_heldout": held_out.worlds.count,
    }


def _order(search: Search, plan: Plan) -> list[dict[str, Any]]:
    """The actions one after the other, the largest next effect first, ties by the end effect.

    `flow_after_step` is what is left when the plan stops there; `loss_if_left_out` what the whole
    plan loses without the action: together they show which actions only work jointly.
    """
    network = search.harm.network
    whole = frozenset(at for at, mode in enumerate(search.limits.candidates) if int(mode) in plan)
    left_out = {at: search.value(whole - {at}) - search.value(whole) for at in whole}
    done: frozenset[int] = frozenset()
    steps = []
    while done != whole:
        at = _next(search, done, left_out)
        done |= {at}
        mode = int(search.limits.candidates[at])
        steps.append({
            "step": len(done), **_named(network, mode),
            "kind": network.kinds[network.modes.node[mode]], "cost": float(network.modes.cost[mode]),
            "jurisdiction": network.modes.jurisdiction[mode],
            "lead_days": float(network.modes.lead_days[mode]),
            "success": float(network.modes.success[mode]), "flow_after_step": search.value(done),
            "loss_if_left_out": left_out[at], "half_back_after_days": _half_back(network, mode),
        })  # fmt: skip
    return steps


def _next(search: Search, done: frozenset[int], left_out: dict[int, float]) -> int:
    """The action of the plan that stops most now, visited by what each can stop at most."""
    hopes, value = search.hopes(done), search.value(done)
    best, best_rank = -1, (-np.inf, -np.inf, 0)
    for at in sorted(left_out.keys() - done, key=lambda i: (-hopes[i], i)):
        if best >= 0 and hopes[at] < best_rank[0]:
            break
        rank = (value - search.value(done | {at}), left_out[at], -at)
        if rank > best_rank:
            best, best_rank = at, rank
    return best


def _half_back(network: ChokeNetwork, mode: int) -> float | None:
    """Days until half of a hit has regrown; None when it never does."""
    days = float(network.modes.replacement_days[mode]) * float(np.log(2))
    return days if np.isfinite(days) else None


def _stages(harm: Harm, plan: Plan) -> list[dict[str, float]]:
    before, after = harm.by_stage(harm.flows(())), harm.by_stage(harm.flows(plan))
    rows = zip(harm.network.at_day, harm.network.weight, before, after, strict=True)
    return [
        {"at_day": float(day), "weight": float(weight), "flow_before": float(b), "flow_after": float(a)}
        for day, weight, b, a in rows
    ]


def _sensitivity(network: ChokeNetwork, plan: Plan) -> dict[str, float]:
    """What the same plan leaves when everything is replaced twice as fast, or half as fast."""
    return {
        f"replacement_days_x{factor:g}": prepare(
            with_replacement_times(network, factor), network.worlds, CHOOSING
        ).value(plan)
        for factor in (0.5, 2.0)
    }


def _others(search: Search, solution: Solution) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Gains of single actions, and plans that do nearly as well without a main action of this one."""
    if not search.limits.candidates.size or solution.before <= 0:
        return [], []
    position = {int(mode): at for at, mode in enumerate(search.limits.candidates)}
    return _singles(search, solution), _alternatives(search, [position[m] for m in solution.plan])


def _singles(search: Search, solution: Solution) -> list[dict[str, Any]]:
    """The largest single gains; candidates are visited by what they can gain at most."""
    hopes = search.hopes(frozenset())
    found: list[tuple[float, int]] = []
    for at in np.argsort(-hopes, kind="stable"):
        kept = sorted(found, reverse=True)[:TOP_SINGLES]
        if len(kept) == TOP_SINGLES and hopes[at] <= kept[-1][0]:
            break
        found.append((solution.before - search.value(frozenset([int(at)])), -int(at)))
    network = search.harm.network
    rows = [
        (gain, int(search.limits.candidates[-at])) for gain, at in sorted(found, reverse=True)[:TOP_SINGLES]
    ]
    return [
        {**_named(network, mode), "cost": float(network.modes.cost[mode]), "gain": gain}
        for gain, mode in rows if gain > 0
    ]  # fmt: skip


def _alternatives(search: Search, plan: list[int]) -> list[dict[str, Any]]:
    """For each of the most important actions: the plan without it, filled up again by what helps most."""
    whole = frozenset(plan)
    search.patience = 200 * ALTERNATIVES
    by_loss = sorted(plan, key=lambda at: (-search.value(whole - {at}), at))
    found = []
    for out in by_loss[:ALTERNATIVES]:
        barred = search.limits.node == search.limits.node[out]
        other = _refilled(search, whole - {out}, barred)
        modes = search.limits.modes(other)
        found.append({
            "without": search.harm.network.ids[search.limits.node[out]],
            "plan": [_named(search.harm.network, mode) for mode in modes],
            "cost": float(search.limits.use[0, sorted(other)].sum()),
            "flow_after": search.value(other),
        })  # fmt: skip
    return sorted(found, key=lambda row: (row["flow_after"], row["without"]))


def _refilled(search: Search, plan: frozenset[int], barred: Any) -> frozenset[int]:
    while search.patience > 0:
        hopes = np.where(barred, 0.0, search.hopes(plan))
        options = [
            plan | {int(at)} for at in np.argsort(-hopes, kind="stable")[:12]
            if hopes[at] > 0 and int(at) not in plan and search.limits.fits(plan | {int(at)})
        ]  # fmt: skip
        best = min(options, key=lambda p: (search.value(p), sorted(p)), default=plan)
        if search.value(best) >= search.value(plan):
            break
        plan = best
    return plan
