"""Random value chains that differ as widely as the contract allows, for `choke --network`.

Everything is drawn once a network, from one seed, so that a bench over seeds meets each kind:

| drawn | from |
|---|---|
| tiers, their sizes | 3–8 tiers, Dirichlet(4) |
| edges a node | mean 1.2–5, to the next tier; 0–30 % skip a tier; 0–8 % lead back (cycles, self-loops, parallels) |
| pull of hubs | rank^-e, e one of 0, 0.7, 1.2 |
| capacity | log-normal, sigma 0.5, 1 or 2, times a factor a tier; 0, 10 or 40 % unlimited; 0 or 5 % zero |
| roles | the first tier victims, the last cash-outs; in every third network some in between, or one of each |
| beliefs, success | certain, or uniform on [0.5, 1] and [0.3, 1] |
| modes | on 40–100 % of the nodes, 1–4 each; victims only notification |
| costs | uniform on [1, 5], or in proportion to the root of the capacity, or all 1 |
| replacement times | a median a tier, log-uniform from half a day to 400 days, spread 0.7; 0 or 10 % never |
| stages | 1, 4 or 8 between 1 and 365 days, weights uniform or random |
| collateral limit, caps | each in every third network |
| substitutes, dependencies | each in every third network, on 5–40 % of the inner nodes |
| worlds | 1, 4 or 8 |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

VERBS = ("takedown", "seizure", "freeze", "arrest")
LAWS = ("DE", "TH", "US")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The generator, the documents's parts so far and the tier of each node."""

    rng: Any
    tier: Any
    tiers: int
    tree: dict[str, Any]

    def one_of(self, *options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def third(self) -> bool:
        return bool(self.rng.random() < 1 / 3)


def wild_chain(*, nodes: int, seed: int, budget: float, worlds: int | None = None) -> dict[str, Any]:
    """The JSON document of one random value chain; `budget` is a share of the summed cheapest costs."""
    rng = np.random.default_rng([seed, nodes])
    tiers = int(rng.integers(3, 9))
    share = rng.dirichlet(np.full(tiers, 4.0))
    tier = np.sort(np.concatenate([np.arange(tiers), rng.choice(tiers, size=nodes - tiers, p=share)]))
    tree: dict[str, Any] = {"seed": seed, "substitutes": [], "dependencies": []}
    drawn = Drawn(rng=rng, tier=tier, tiers=tiers, tree=tree)
    tree["nodes"] = _nodes(drawn)
    tree["edges"] = _edges(drawn)
    tree["stages"] = _stages(drawn)
    tree["worlds"] = int(drawn.one_of(1, 4, 8)) if worlds is None else worlds
    if drawn.third():
        _substitutes(drawn)
    if drawn.third():
        _dependencies(drawn)
    cheapest = [min(m["cost"] for m in node["modes"]) for node in tree["nodes"] if node.get("modes")]
    tree["budget"] = budget * sum(cheapest)
    _limits(drawn, budget)
    return tree


def _nodes(drawn: Drawn) -> list[dict[str, Any]]:
    rng, tier = drawn.rng, drawn.tier
    size = tier.size
    count = np.bincount(tier, minlength=drawn.tiers)
    pull = rng.lognormal(0, 0.5, drawn.tiers) * size / count / drawn.tiers
    capacity = np.round(rng.lognormal(3, drawn.one_of(0.5, 1.0, 2.0), size) * pull[tier], 3)
    boundless = rng.random(size) < drawn.one_of(0.0, 0.1, 0.4)
    capacity[rng.random(size) < drawn.one_of(0.0, 0.0, 0.05)] = 0.0
    roles = _roles(drawn)
    modes = _modes(drawn, capacity, roles)
    return [
        {
            "id": f"n{v}", "kind": f"tier{tier[v]}", "role": roles[v],
            "capacity": None if boundless[v] else float(capacity[v]), "modes": modes[v],
        }
        for v in range(size)
    ]  # fmt: skip


def _roles(drawn: Drawn) -> list[str | None]:
    first, last = drawn.tier == 0, drawn.tier == drawn.tiers - 1
    if drawn.third():
        inner = ~first & ~last
        first |= inner & (drawn.rng.random(drawn.tier.size) < 0.05)
        last |= inner & ~first & (drawn.rng.random(drawn.tier.size) < 0.05)
    if drawn.rng.random() < 0.15:
        first[np.flatnonzero(first)[1:]] = False
        last[np.flatnonzero(last)[1:]] = False
    return ["victim" if a else "cash-out" if b else None for a, b in zip(first, last, strict=True)]


def _modes(drawn: Drawn, capacity: Any, roles: list[str | None]) -> list[list[dict[str, Any]]]:
    rng, size = drawn.rng, drawn.tier.size
    median = np.exp(rng.uniform(np.log(0.5), np.log(400), drawn.tiers))
    most, doubt = int(rng.integers(1, 5)), drawn.one_of(0.3, 1.0)
    has, never = rng.random(size) < rng.uniform(0.4, 1), drawn.one_of(0.0, 0.1)
    shape = drawn.one_of("uniform", "capacity", "equal")
    found: list[list[dict[str, Any]]] = []
    for v in range(size):
        verbs = ("notification",) if roles[v] == "victim" else VERBS[: int(rng.integers(1, most + 1))]
        base = {"uniform": rng.uniform(1, 5), "capacity": 1 + capacity[v] ** 0.5, "equal": 1.0}[shape]
        found.append(
            [
                {
                    "mode": verb,
                    "cost": round(float(base * (1 if shape == "equal" else rng.uniform(0.5, 2))), 2),
                    "success": round(float(rng.uniform(doubt, 1)), 2),
                    "collateral": round(float(rng.uniform(0, 1)), 2),
                    "replacement_days": None
                    if rng.random() < never
                    else round(float(median[drawn.tier[v]] * rng.lognormal(0, 0.7)), 2),
                    "jurisdiction": str(drawn.one_of(*LAWS)),
                }
                for verb in verbs
            ]
            if has[v]
            else []
        )
    return found


def _edges(drawn: Drawn) -> list[dict[str, Any]]:
    rng, tier, size = drawn.rng, drawn.tier, drawn.tier.size
    starts = np.searchsorted(tier, np.arange(drawn.tiers + 1))
    degree = 1 + rng.poisson(rng.uniform(0.2, 4), size)
    degree[tier == drawn.tiers - 1] = 0
    source = np.repeat(np.arange(size), degree)
    skips = rng.random(source.size) < rng.uniform(0, 0.3)
    ahead = np.minimum(tier[source] + 1 + skips, drawn.tiers - 1)
    width = starts[ahead + 1] - starts[ahead]
    power = 1 / (1 - drawn.one_of(0.0, 0.5, 0.7))
    target = starts[ahead] + np.floor(width * rng.random(source.size) ** power).astype(int)
    back = rng.random(source.size) < drawn.one_of(0.0, 0.08)
    target[back] = rng.integers(0, size, int(back.sum()))
    belief = np.round(rng.uniform(drawn.one_of(0.5, 1.0), 1, source.size), 2)
    return [
        {"from": f"n{a}", "to": f"n{b}", "belief": c}
        for a, b, c in zip(source.tolist(), target.tolist(), belief.tolist(), strict=True)
    ]


def _stages(drawn: Drawn) -> list[dict[str, float]]:
    count = int(drawn.one_of(1, 4, 8))
    days = np.round(np.exp(np.linspace(np.log(drawn.rng.uniform(1, 30)), np.log(365), count)), 1)
    weights = drawn.rng.dirichlet(np.full(count, 2.0)) if drawn.third() else np.full(count, 1 / count)
    return [{"at_day": float(d), "weight": float(w)} for d, w in zip(days, weights, strict=True)]


def _inner(drawn: Drawn, share: float) -> list[int]:
    inner = (drawn.tier > 0) & (drawn.tier < drawn.tiers - 1)
    return np.flatnonzero(inner & (drawn.rng.random(drawn.tier.size) < share)).tolist()


def _substitutes(drawn: Drawn) -> None:
    """Latent twins with the neighbours of what they stand in for."""
    tree, after = drawn.tree, float(drawn.rng.uniform(1, 90))
    touching: dict[str, list[dict[str, Any]]] = {}
    for edge in tree["edges"]:
        touching.setdefault(edge["from"], []).append(edge)
        if edge["to"] != edge["from"]:
            touching.setdefault(edge["to"], []).append(edge)
    for v in _inner(drawn, drawn.rng.uniform(0.05, 0.4)):
        name, twin = f"n{v}", f"spare{v}"
        tree["nodes"].append({**tree["nodes"][v], "id": twin, "role": None})
        swapped = [
            {key: twin if edge[key] == name else edge[key] for key in edge} for edge in touching.get(name, [])
        ]
        tree["edges"] += swapped
        tree["substitutes"].append({"for": name, "id": twin, "after_days": round(after, 1)})


def _dependencies(drawn: Drawn) -> None:
    """Services outside the flow, of which some inner nodes need one or another."""
    rng, tree = drawn.rng, drawn.tree
    names = [f"kit{at}" for at in range(int(rng.integers(2, 7)))]
    for name in names:
        mode = {
            "mode": "arrest", "cost": round(float(rng.uniform(2, 12)), 2), "collateral": 0.5,
            "success": round(float(rng.uniform(0.5, 1)), 2), "jurisdiction": "US",
            "replacement_days": round(float(rng.uniform(10, 300)), 1),
        }  # fmt: skip
        tree["nodes"].append({"id": name, "kind": "enabler", "capacity": 1.0, "role": None, "modes": [mode]})
    for v in _inner(drawn, rng.uniform(0.1, 0.4)):
        needs = rng.choice(names, size=int(rng.integers(1, min(len(names), 3) + 1)), replace=False)
        tree["dependencies"].append({"node": f"n{v}", "needs_any": [str(name) for name in needs]})


def _limits(drawn: Drawn, budget: float) -> None:
    tree = drawn.tree
    if drawn.third():
        harmed = sum(min(m["collateral"] for m in n["modes"]) for n in tree["nodes"] if n.get("modes"))
        tree["collateral_limit"] = round(float(budget * harmed * drawn.rng.uniform(0.3, 1.5)), 3)
    if drawn.third():
        tree["caps"] = {law: round(float(tree["budget"] * drawn.rng.uniform(0.1, 0.7)), 3) for law in LAWS}
