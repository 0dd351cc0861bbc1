"""Small random value chains, and slow but obvious answers to check the fast ones against."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from chokepoint.choke.harm import Harm


@st.composite
def chain_trees(draw: Any, *, largest: int = 8, extras: bool = True, doubt: bool = True) -> dict[str, Any]:
    """The JSON of a network of 2 to `largest` nodes, with every feature of the contract."""
    n = draw(st.integers(2, largest))
    whole = st.integers(0, 8).map(float)
    chance = st.sampled_from([0.3, 0.7, 1.0]) if doubt else st.just(1.0)
    roles = [
        "victim",
        *(draw(st.sampled_from([None, None, "victim", "cash-out"])) for _ in range(n - 2)),
        "cash-out",
    ]
    mode = st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["takedown", "freeze", "arrest"]),
            "cost": st.integers(1, 4).map(float),
            "success": chance,
            "collateral": st.integers(0, 2).map(float),
            "replacement_days": st.sampled_from([0.0, 5.0, 40.0, None]),
            "jurisdiction": st.sampled_from(["", "DE", "TH"]),
        }
    )
    nodes = [
        {
            "id": f"n{at}",
            "kind": "site",
            "capacity": draw(whole),
            "role": roles[at],
            "modes": draw(st.lists(mode, max_size=2, unique_by=lambda row: row["mode"])) if at < 6 else [],
        }
        for at in range(n)
    ]
    ends = st.integers(0, n - 1)
    edge = st.tuples(ends, ends, chance)
    pairs = draw(st.lists(edge, max_size=3 * n)) + [(at, at + 1, 1.0) for at in range(n - 1)]
    tree: dict[str, Any] = {
        "nodes": nodes,
        "edges": [{"from": f"n{a}", "to": f"n{b}", "belief": belief} for a, b, belief in pairs],
        "stages": [{"at_day": 0, "weight": 0.5}, {"at_day": 30, "weight": 0.5}],
        "budget": float(draw(st.integers(0, 10))),
        "worlds": 3,
        "seed": draw(st.integers(0, 50)),
    }
    if extras:
        _add_extras(draw, tree, n)
    return tree


def _add_extras(draw: Any, tree: dict[str, Any], n: int) -> None:
    names = [f"n{at}" for at in range(n)]
    name = st.sampled_from(names)
    if draw(st.booleans()):
        tree["collateral_limit"] = float(draw(st.integers(0, 4)))
    if draw(st.booleans()):
        tree["caps"] = {"DE": float(draw(st.integers(0, 4)))}
    if draw(st.booleans()) and n > 2:
        a, b = draw(st.lists(name, min_size=2, max_size=2, unique=True))
        tree["substitutes"] = [{"for": a, "id": b, "after_days": draw(st.sampled_from([0, 20, 60]))}]
    if draw(st.booleans()):
        needs = draw(st.lists(name, min_size=1, max_size=2, unique=True))
        tree["dependencies"] = [{"node": draw(name), "needs_any": needs}]


def slow_flow(
    capacity: dict[int, float], edges: list[tuple[int, int]], sources: list[int], sinks: list[int]
) -> float:
    """Maximum flow as the least capacity of a node set whose removal parts sources from sinks (Menger)."""
    nodes = sorted(capacity)
    best = math.inf
    for size in range(len(nodes) + 1):
        for cut in itertools.combinations(nodes, size):
            weight = sum(capacity[v] for v in cut)
            if weight < best and not _connected(set(nodes) - set(cut), edges, sources, sinks):
                best = weight
    return best


def _connected(nodes: set[int], edges: list[tuple[int, int]], sources: list[int], sinks: list[int]) -> bool:
    seen = {s for s in sources if s in nodes}
    work = list(seen)
    while work:
        v = work.pop()
        for a, b in edges:
            if a == v and b in nodes and b not in seen:
                seen.add(b)
                work.append(b)
    return any(t in seen for t in sinks)


def slow_value(harm: Harm, plan: tuple[int, ...]) -> float:
    """F of a plan, straight from the definition in the docstrings, without cores or compiled kernels."""
    network = harm.network
    hit = {int(network.modes.node[m]): m for m in plan}
    edges = list(zip(network.src.tolist(), network.dst.tolist(), strict=True))
    sources = np.flatnonzero(network.role == 1).tolist()
    sinks = np.flatnonzero(network.role == 2).tolist()
    total = 0.0
    for world in range(harm.worlds.count):
        real = [edge for edge, alive in zip(edges, harm.worlds.alive[world], strict=True) if alive]
        for day, weight in zip(network.at_day, network.weight, strict=True):
            capacity = {v: _left(harm, v, hit, (world, float(day))) for v in range(network.size)}
            total += weight * slow_flow(capacity, real, sources, sinks) / harm.worlds.count
    return total


def _left(harm: Harm, node: int, hit: dict[int, int], when: tuple[int, float]) -> float:
    share = _share(harm, node, hit, when)
    for need in harm.network.dependencies:
        if need.node == node:
            share = min(share, max(_share(harm, supplier, hit, when) for supplier in need.needs_any))
    return float(harm.network.capacity[node]) * share


def _share(harm: Harm, node: int, hit: dict[int, int], when: tuple[int, float]) -> float:
    world, day = when
    network, share = harm.network, 1.0
    if node in hit and harm.worlds.success[world, hit[node]]:
        days = float(network.modes.replacement_days[hit[node]])
        share = 1 - math.exp(-day / days) if days > 0 and not math.isinf(days) else float(days == 0)
    pairs = list(
        zip(network.substitutes.hit, network.substitutes.node, network.substitutes.after_days, strict=True)
    )
    rows = [(int(a), after) for a, b, after in pairs if b == node]
    if rows:
        called = any(a in hit and harm.worlds.success[world, hit[a]] and day >= after for a, after in rows)
        share *= float(called)
    return share


def all_plans(harm: Harm) -> list[tuple[int, ...]]:
    """Every plan within budget, collateral limit and caps, at most one mode a node."""
    network, modes = harm.network, harm.network.modes
    found = []
    for size in range(modes.node.size + 1):
        for plan in itertools.combinations(range(modes.node.size), size):
            if len({int(modes.node[m]) for m in plan}) < size:
                continue
            cost = sum(modes.cost[m] for m in plan)
            harmed = sum(modes.collateral[m] for m in plan)
            spent = {
                law: sum(modes.cost[m] for m in plan if modes.jurisdiction[m] == law) for law in network.caps
            }
            within = all(spent[law] <= cap for law, cap in network.caps.items())
            if cost <= network.budget and harmed <= network.collateral_limit and within:
                found.append(plan)
    return found


def straight(*capacities: float, budget: float = 0.0, **more: Any) -> dict[str, Any]:
    """A chain v0 → v1 → … with a certain takedown of cost 1 that never grows back on each inner node."""
    last = len(capacities) - 1
    takedown = {"mode": "takedown", "cost": 1, "success": 1, "collateral": 0, "replacement_days": None}
    nodes = [
        {
            "id": f"v{at}",
            "kind": "site",
            "capacity": capacity,
            "role": "victim" if at == 0 else "cash-out" if at == last else None,
            "modes": [dict(takedown)] if 0 < at < last else [],
        }
        for at, capacity in enumerate(capacities)
    ]
    edges = [{"from": f"v{at}", "to": f"v{at + 1}", "belief": 1} for at in range(last)]
    return {
        "nodes": nodes,
        "edges": edges,
        "stages": [{"at_day": 10, "weight": 1}],
        "budget": budget,
        "worlds": 4,
        "seed": 1,
        **more,
    }


def action(name: str = "takedown", **said: Any) -> dict[str, Any]:
    """A mode as the contract has it: certain, of cost 1, harmless and lasting unless said otherwise."""
    known = {"cost": 1, "success": 1, "collateral": 0, "replacement_days": None}
    return {"mode": name, **known, **said}


def thing(name: str, capacity: float | None, *modes: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A node; `v…` is a victim and `c…` a cash-out by its first letter."""
    role = {"v": "victim", "c": "cash-out"}.get(name[0])
    return {"id": name, "kind": "site", "capacity": capacity, "role": role, "modes": list(modes), **said}


def network(nodes: list[dict[str, Any]], ways: str, *, budget: float = 0.0, **said: Any) -> dict[str, Any]:
    """A document whose edges are written as ways: `v>a>c v>b>c`."""
    pairs = [pair for way in ways.split() for pair in itertools.pairwise(way.split(">"))]
    return {
        "nodes": nodes,
        "edges": [{"from": a, "to": b} for a, b in dict.fromkeys(pairs)],
        "stages": [{"at_day": 10, "weight": 1}],
        "budget": budget,
        "worlds": 4,
        "seed": 1,
        **said,
    }
