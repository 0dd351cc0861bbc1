"""Why there is no plan, and why the plan does or does not strike the node that everybody sees first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.chain import CASH_OUT, VICTIM
from chokepoint.choke.explain import SHOWN
from chokepoint.choke.limits import ROUNDING

if TYPE_CHECKING:
    from chokepoint.choke.chain import ChokeNetwork, Ints
    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits
    from chokepoint.choke.solve import Solution

NO_FLOW = "no flow leads from a victim to a cash-out"
NO_MODES = "nobody can act on anything that the flow passes"
NO_EFFECT = (
    "no action on what the flow passes would last: each fails in every sampled world or is undone before a "
    "stage counts"
)
NO_GAIN = "no action that fits, nor any together, lowers the flow"
LOOSE = (
    "At least one way from a victim to a cash-out passes no node of known capacity: what is not known counts "
    "as the sum of what is, or as 1, so that only shares mean anything."
)


def why_nothing(harm: Harm, limits: Limits, solution: Solution) -> str:
    """Why the plan is empty, for a reader; empty where there is one."""
    if solution.plan:
        return ""
    if solution.before <= 0:
        return f"{NO_FLOW}{_missing(harm.network)}"
    found = _on_the_flow(harm)
    if not found.size:
        return NO_MODES
    lasting = found[harm.strength[:, found].max(axis=0) > ROUNDING]
    return _without_room(harm.network, limits, lasting) if lasting.size else NO_EFFECT


def _without_room(network: ChokeNetwork, limits: Limits, lasting: Ints) -> str:
    """Why none of the actions that would last was taken."""
    cheapest, budget = float(network.modes.cost[lasting].min()), float(limits.room[0])
    if limits.candidates.size:
        return NO_GAIN
    if cheapest > budget:
        return f"the cheapest action that would last costs {cheapest:g}, and the budget is {budget:g}"
    return "no action that would last keeps to the budget, the collateral limit and the caps"


def _on_the_flow(harm: Harm) -> Ints:
    """Modes of nodes that flow can pass, or that these depend on."""
    network = harm.network
    suppliers = [s for need in network.dependencies if harm.place[need.node] >= 0 for s in need.needs_any]
    node = network.modes.node
    return np.flatnonzero((harm.place[node] >= 0) | np.isin(node, suppliers)).astype(np.int32)


def _missing(network: ChokeNetwork) -> str:
    """Which of the two roles no node has."""
    roles = {"victim": VICTIM, "cash-out": CASH_OUT}
    absent = [name for name, role in roles.items() if not (network.role == role).any()]
    return f": no node has the role {' or '.join(absent)}" if absent else ""


def biggest_hub(
    harm: Harm, limits: Limits, solution: Solution, singles: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """The node with the most ways in and out, the first of equals, and why it is or is not in the plan.

    Args:
        harm: the damage model.
        limits: what plans may cost, and the candidates.
        solution: the plan.
        singles: what each action stops alone, `what_if` of `explain`.

    Returns:
        {"id", "links", "in_plan", "reason"}, or None where no way leads from one node to another.
    """
    network = harm.network
    if not network.src.size:
        return None
    links = np.bincount(np.concatenate([network.src, network.dst]), minlength=network.size)
    hub = int(links.argmax())
    struck = {int(network.modes.node[mode]) for mode in solution.plan}
    return {
        "id": network.ids[hub], "links": int(links[hub]), "in_plan": hub in struck,
        "reason": "it is in the plan" if hub in struck else _spared((harm, limits), solution, hub, singles),
    }  # fmt: skip


def _spared(asked: tuple[Harm, Limits], solution: Solution, hub: int, singles: list[dict[str, Any]]) -> str:
    """Why the plan leaves a node alone."""
    harm, limits = asked
    modes = harm.network.modes
    if hub not in modes.node:
        return "nobody can act on it"
    if not np.isin(np.flatnonzero(modes.node == hub), _on_the_flow(harm)).any():
        return "no flow passes it"
    if hub not in limits.node:
        return "no action on it keeps to the limits and lasts"
    own = [row for row in singles if row["id"] == harm.network.ids[hub]]
    if not own:
        few = len(singles) < SHOWN
        return "an action on it stops nothing alone" if few else f"{SHOWN:,} other actions stop more alone"
    most = max(own, key=lambda row: (row["gain"], row.get("gain_at_most", 0.0)))
    alone = f"{most['gain']:.4g}" if most["gain"] else f"at most {most['gain_at_most']:.4g}"
    stopped, spent = solution.before - solution.after, float(modes.cost[list(solution.plan)].sum())
    return f"{most['mode']} of it stops {alone} for {most['cost']:g}, the plan {stopped:.4g} for {spent:g}"
