"""Why this plan: its order of work, what each single action would do, and plans nearly as good.

On networks where that is affordable every figure is a flow; on larger ones it is the certified figure
of the plan's own minimum cuts (`ceiling`), and `exact` says which.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.ceiling import Found, alternate, best_on, hopes, weigh
from chokepoint.choke.search import Search

if TYPE_CHECKING:
    from chokepoint.choke.chain import ChokeNetwork, Floats
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits
    from chokepoint.choke.solve import Solution

    Chosen = frozenset[int]

CELLS = 6_000_000
"""Rows times nodes that explaining may evaluate."""
ALTERNATIVES = 3
SHOWN = 1000
"""Most single actions that are listed."""
WEIGHED = 12
"""Additions that are tried where a plan is filled up again."""


def named(network: ChokeNetwork, mode: int) -> dict[str, Any]:
    """An action by the caller's names."""
    return {"id": network.ids[network.modes.node[mode]], "mode": network.modes.name[mode]}


def explain(harm: Harm, limits: Limits, solution: Solution) -> dict[str, Any]:
    """`order`, `what_if`, `alternatives` and `exact` for the answer.

    `order`: the actions, the largest next effect first. `flow_after_step` is what is left when the plan
    stops there; `loss_if_left_out` what the whole plan loses without the action: together they show
    which actions only work jointly. Both are upper bounds where `exact` is false. `start_day`: when to
    begin so that all take effect on one day, the longest lead first. `what_if`: each single action
    that would lower the flow, with its gain, best first; what is not listed gains nothing alone.
    `alternatives`: for each main action the best plan found without it.
    """
    if not limits.candidates.size or solution.before <= 0:
        return {"order": [], "what_if": [], "alternatives": [], "exact": True}
    evaluations = CELLS // max(harm.row_weight.size * harm.core.size, 1)
    search = Search(harm=harm, limits=limits, patience=evaluations)
    search.seen[frozenset()] = solution.before
    chosen = frozenset(np.flatnonzero(np.isin(limits.candidates, solution.plan)).tolist())
    search.seen[chosen] = solution.after
    whole = (
        weigh(harm, limits, chosen)
        if solution.ceiling is None
        else Found(chosen=chosen, value=solution.after, ceiling=solution.ceiling)
    )
    exact = evaluations >= 3 * len(chosen)
    losses = _losses(search, whole, exact=exact)
    return {
        "order": _steps(search, whole, losses, exact=exact),
        "what_if": _singles(search, solution.before),
        "alternatives": _alternatives(search, whole, losses),
        "exact": exact,
    }


def _losses(search: Search, whole: Found, *, exact: bool) -> dict[int, float]:
    """What the plan loses without each action; at most that where it is not exact."""
    if not exact:
        return {at: float(whole.ceiling.gain[at]) for at in whole.chosen}
    return {at: max(search.value(whole.chosen - {at}) - whole.value, 0.0) for at in whole.chosen}


def _steps(search: Search, whole: Found, losses: dict[int, float], *, exact: bool) -> list[dict[str, Any]]:
    harm, limits, network = search.harm, search.limits, search.harm.network
    order = _order(search, losses) if exact else sorted(losses, key=lambda at: (-losses[at], at))
    lead = max((float(network.modes.lead_days[limits.candidates[at]]) for at in order), default=0.0)
    least = whole.ceiling.level - np.cumsum(whole.ceiling.gain[order])
    steps: list[dict[str, Any]] = []
    for at in order:
        mode = int(limits.candidates[at])
        left = search.value(frozenset(order[: len(steps) + 1])) if exact else max(float(least[len(steps)]), 0)
        steps.append({
            "step": len(steps) + 1, **named(network, mode),
            "kind": network.kinds[network.modes.node[mode]], "cost": float(network.modes.cost[mode]),
            "jurisdiction": network.modes.jurisdiction[mode],
            "lead_days": float(network.modes.lead_days[mode]),
            "start_day": lead - float(network.modes.lead_days[mode]),
            "collateral": float(network.modes.collateral[mode]),
            "success": float(network.modes.success[mode]), "flow_after_step": left,
            "loss_if_left_out": losses[at], "half_back_after_days": _half_back(network, mode),
            "taken_over_by": _heirs(harm, int(network.modes.node[mode])),
        })  # fmt: skip
    return steps


def _order(search: Search, losses: dict[int, float]) -> list[int]:
    """The largest next effect first, ties by the end effect; by the end effect when patience is out."""
    done: list[int] = []
    left = set(losses)
    while left:
        now = frozenset(done)
        at = _next(search, now, {i: losses[i] for i in left})
        done.append(at)
        left.remove(at)
    return done


def _next(search: Search, done: Chosen, losses: dict[int, float]) -> int:
    """The action that stops most now, visited by what each can stop at most."""
    ranked = sorted(losses, key=lambda i: (-losses[i], i))
    if search.patience <= 0:
        return ranked[0]
    hope, value = search.hopes(done), search.value(done)
    best, best_rank = -1, (-np.inf, -np.inf, 0)
    for at in sorted(ranked, key=lambda i: (-hope[i], i)):
        if best >= 0 and (hope[at] < best_rank[0] or search.patience <= 0):
            break
        rank = (value - search.value(done | {at}), losses[at], -at)
        if rank > best_rank:
            best, best_rank = at, rank
    return best


def _half_back(network: ChokeNetwork, mode: int) -> float | None:
    """Days until half of a hit has regrown; None when it never does."""
    days = float(network.modes.replacement_days[mode]) * float(np.log(2))
    return days if np.isfinite(days) else None


def _heirs(harm: Harm, node: int) -> list[dict[str, Any]]:
    """Latent nodes that step in for the node, and when."""
    pairs, ids = harm.network.substitutes, harm.network.ids
    return [
        {"id": ids[pairs.node[at]], "after_days": float(pairs.after_days[at])}
        for at in np.flatnonzero(pairs.hit == node)
    ]


def _singles(search: Search, before: float) -> list[dict[str, Any]]:
    """Gains of single actions, exact for those that can gain most; at most `gain_at_most` elsewhere."""
    network, limits = search.harm.network, search.limits
    most = _single_hopes(search)
    rows = []
    for at in np.argsort(-most, kind="stable")[:SHOWN]:
        if most[at] <= 0:
            break
        mode = int(limits.candidates[at])
        row = {**named(network, mode), "cost": float(network.modes.cost[mode])}
        if search.patience > 0:
            gain = before - search.value(frozenset([int(at)]))
            rows.append({**row, "gain": gain})
        else:
            rows.append({**row, "gain": 0.0, "gain_at_most": float(most[at])})
    kept = [row for row in rows if row["gain"] > search.tiny or row.get("gain_at_most", 0.0) > search.tiny]
    return sorted(kept, key=lambda row: (-row["gain"], -row.get("gain_at_most", 0.0), row["id"], row["mode"]))


def _single_hopes(search: Search) -> Floats:
    if search.patience > 0:
        return search.hopes(frozenset())
    return hopes(search.harm, search.limits)


def _alternatives(search: Search, whole: Found, losses: dict[int, float]) -> list[dict[str, Any]]:
    """For each of the most important actions: the best plan found without its node."""
    limits, network = search.limits, search.harm.network
    found = []
    for out in sorted(whole.chosen, key=lambda at: (-losses[at], at))[:ALTERNATIVES]:
        chosen, left = _without(search, whole, out)
        modes = limits.modes(chosen)
        found.append({
            "without": network.ids[limits.node[out]],
            "plan": [named(network, mode) for mode in modes],
            "cost": float(limits.use[0, sorted(chosen)].sum()),
            "differs_in": len({int(limits.node[at]) for at in chosen ^ whole.chosen}),
            "flow_after": left,
        })  # fmt: skip
    return sorted(found, key=lambda row: (row["flow_after"], row["without"]))


def _without(search: Search, whole: Found, out: int) -> tuple[Chosen, float]:
    """The plan without a node, filled up again by the better of cuts and single additions."""
    barred = search.limits.node == search.limits.node[out]
    rest = _without_node(search.limits, barred)
    if search.harm.row_weight.size * search.harm.core.size > CELLS // 20:
        chosen = best_on(rest, whole.ceiling)
        return chosen, whole.ceiling.after(chosen)
    options = [found.chosen for found in alternate(search.harm, rest, whole.chosen - {out}, rounds=4)]
    search.patience = 100
    options.append(_refilled(search, whole.chosen - {out}, barred))
    best = min(options, key=lambda plan: (search.value(plan), sorted(plan)))
    return best, search.value(best)


def _without_node(limits: Limits, barred: Any) -> Limits:
    """The same limits and numbers, with the barred candidates beyond every room."""
    use = limits.use.copy()
    use[0, barred] = 2 * limits.room[0] + 1
    return replace(limits, use=use)


def _refilled(search: Search, plan: Chosen, barred: Any) -> Chosen:
    while search.patience > 0:
        hope = np.where(barred, 0.0, search.hopes(plan))
        options = [
            plan | {int(at)} for at in np.argsort(-hope, kind="stable")[:WEIGHED]
            if hope[at] > 0 and int(at) not in plan and search.limits.fits(plan | {int(at)})
        ]  # fmt: skip
        best = min(options, key=lambda p: (search.value(p), sorted(p)), default=plan)
        if search.value(best) >= search.value(plan):
            break
        plan = best
    return plan
