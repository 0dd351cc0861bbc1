"""Random typed value chains with the JSON shape of `choke --network`.

Six tiers (victim, lure, contact, payment, laundering, cash-out) hold 15, 25, 20, 15, 15 and 10 % of
the nodes. Each node sends to 1–3 (`most`) nodes of the next tier, chosen with probability falling as
rank^-concentration (0: evenly, 1.2: a few hubs carry most), and with probability `skip` one tier
further. Node capacity is log-normal (sigma 1), scaled so that all tiers have equal expected sums;
`tight` multiplies the payment tier's. Edge beliefs are uniform on [0.6, 1]. Victims have no modes;
lure and contact nodes a takedown; the others a freeze and a sanction. Costs are uniform on [1, 5],
doubled for laundering and cash-out; success uniform on [0.5, 1]; replacement times log-normal
(sigma 0.5) around the tier's median of 1, 2, 30, 20 and 60 days. A share `spares` of the payment and
laundering nodes has a latent stand-in that switches in after 30 days; a share `kits` of the lures
needs one of two enabling services. Stages are 7, 30, 90 and 365 days, weighted equally; the budget
is a share of the summed cheapest costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

TIERS = ("victim", "lure", "contact", "payment", "laundering", "cash-out")
SHARES = (0.15, 0.25, 0.20, 0.15, 0.15, 0.10)
CROWD = 5_000
"""Size of a tier beyond which a node drawn twice counts once, so that a draw takes no look at them all."""
MEDIAN_DAYS = (0.0, 1.0, 2.0, 30.0, 20.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The generator's parameters; see the head of the file."""

    nodes: int = 300
    seed: int = 1
    budget: float = 0.1
    worlds: int = 4
    concentration: float = 0.7
    tight: float = 1.0
    skip: float = 0.1
    spares: float = 0.0
    kits: float = 0.0
    most: int = 3


def value_chain(recipe: Recipe) -> dict[str, Any]:
    """The JSON document of one random value chain."""
    rng = np.random.default_rng(recipe.seed)
    sizes = np.floor(np.array(SHARES) * recipe.nodes).astype(int)
    sizes[1] += recipe.nodes - sizes.sum()
    tiers = np.split(np.arange(recipe.nodes), np.cumsum(sizes)[:-1])
    nodes = [_node(rng, recipe, sizes, place=(tier, int(v))) for tier in range(6) for v in tiers[tier]]
    edges = [
        edge
        for tier in range(5)
        for v in tiers[tier]
        for edge in _edges(rng, recipe, tiers, place=(tier, int(v)))
    ]
    tree = {
        "nodes": nodes, "edges": edges,
        "stages": [{"at_day": day, "weight": 0.25} for day in (7, 30, 90, 365)],
        "budget": recipe.budget * sum(node["modes"][0]["cost"] for node in nodes if node["modes"]),
        "worlds": recipe.worlds, "seed": recipe.seed, "substitutes": [], "dependencies": [],
    }  # fmt: skip
    _add_spares(rng, recipe, tree, tiers)
    _add_kits(rng, recipe, tree, tiers)
    return tree


def _node(rng: Any, recipe: Recipe, sizes: Any, *, place: tuple[int, int]) -> dict[str, Any]:
    tier, v = place
    scale = recipe.nodes / sizes[tier] / 6 * (recipe.tight if tier == 3 else 1.0)
    role = "victim" if tier == 0 else "cash-out" if tier == 5 else None
    names = () if tier == 0 else ("takedown",) if tier < 3 else ("freeze", "sanction")
    return {
        "id": f"n{v}", "kind": TIERS[tier], "role": role,
        "capacity": round(float(rng.lognormal(3, 1)) * scale, 3),
        "modes": [_mode(rng, name, tier) for name in names],
    }  # fmt: skip


def _mode(rng: Any, name: str, tier: int) -> dict[str, Any]:
    return {
        "mode": name, "cost": round(float(rng.uniform(1, 5)) * (2 if tier > 3 else 1), 2),
        "success": round(float(rng.uniform(0.5, 1)), 2), "collateral": round(float(rng.uniform(0, 1)), 2),
        "replacement_days": round(MEDIAN_DAYS[tier] * float(rng.lognormal(0, 0.5)), 2),
    }  # fmt: skip


def _edges(rng: Any, recipe: Recipe, tiers: Any, *, place: tuple[int, int]) -> list[dict[str, Any]]:
    tier, v = place
    ahead = tiers[tier + 2] if tier < 4 and rng.random() < recipe.skip else tiers[tier + 1]
    many = min(ahead.size, int(rng.integers(1, recipe.most + 1)))
    pull = _pull(ahead.size, recipe.concentration)
    if ahead.size > CROWD:
        chosen = np.unique(ahead[np.searchsorted(pull, rng.random(many) * pull[-1])])
    else:
        chosen = rng.choice(ahead, size=many, replace=False, p=np.diff(pull, prepend=0.0) / pull[-1])
    return [{"from": f"n{v}", "to": f"n{u}", "belief": round(float(rng.uniform(0.6, 1)), 2)} for u in chosen]


@cache
def _pull(size: int, concentration: float) -> Any:
    """Summed chances of the first, the first two, … of a tier."""
    return np.cumsum(np.arange(1, size + 1) ** -concentration)


def _add_spares(rng: Any, recipe: Recipe, tree: dict[str, Any], tiers: Any) -> None:
    for v in (*tiers[3], *tiers[4]):
        if rng.random() < recipe.spares:
            name, twin = f"n{v}", f"spare{v}"
            capacity = tree["nodes"][v]["capacity"] * 0.7
            tree["nodes"].append(
                {"id": twin, "kind": tree["nodes"][v]["kind"], "capacity": capacity, "role": None}
            )
            touching = [edge for edge in tree["edges"] if name in (edge["from"], edge["to"])]
            swapped = [{key: twin if edge[key] == name else edge[key] for key in edge} for edge in touching]
            tree["edges"] += swapped
            tree["substitutes"].append({"for": name, "id": twin, "after_days": 30})


def _add_kits(rng: Any, recipe: Recipe, tree: dict[str, Any], tiers: Any) -> None:
    if not recipe.kits:
        return
    names = [f"kit{at}" for at in range(4)]
    tree["nodes"] += [
        {"id": name, "kind": "enabler", "capacity": 1.0, "role": None, "modes": [_mode(rng, "arrest", 5)]}
        for name in names
    ]
    for v in tiers[1]:
        if rng.random() < recipe.kits:
            needs = [str(name) for name in rng.choice(names, size=2, replace=False)]
            tree["dependencies"].append({"node": f"n{v}", "needs_any": needs})
