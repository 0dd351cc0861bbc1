"""Plans and bounds against a program that was written down independently, up to a hundred nodes."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from choke_chains import all_plans, chain_trees
from choke_milp import least_flow
from hypothesis import given, settings

from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.solve import solve
from chokepoint.choke.worlds import CHOOSING

WILD = Path(__file__).parents[2] / "benchmarks" / "choke" / "wild_chains.py"
wild_chain = runpy.run_path(str(WILD), run_name="wild_chains")["wild_chain"]


def prepared(tree):
    network = read_network(tree)
    harm = prepare(network, network.worlds, CHOOSING)
    return harm, limits_of(harm, network.budget)


def without_parallels(tree):
    """Parallel edges differ between the two readings: one keeps the first, with belief 1 - prod(1 - b)."""
    seen = {}
    for edge in tree["edges"]:
        seen.setdefault((edge["from"], edge["to"]), edge)
    return {**tree, "edges": [edge for edge in seen.values() if edge["belief"] > 0]}


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees())
def test_the_independent_program_agrees_with_trying_every_plan(tree):
    tree = without_parallels(tree)
    harm, _ = prepared(tree)
    best = min(harm.value(plan) for plan in all_plans(harm))
    assert least_flow(tree, harm.worlds) == pytest.approx(best, abs=1e-5 * max(harm.value(()), 1))


@pytest.mark.parametrize("seed", range(1, 25))
def test_a_plan_on_a_wild_chain_is_as_good_as_the_independent_optimum(seed):
    tree = without_parallels(wild_chain(nodes=40, seed=seed, budget=(0.05, 0.1, 0.2)[seed % 3], worlds=2))
    for node in tree["nodes"]:
        if node["capacity"] is None:
            node["capacity"] = 1e6
    harm, limits = prepared(tree)
    solution = solve(harm, limits)
    best = least_flow(tree, harm.worlds)
    tiny = 1e-4 * max(solution.before, 1)
    assert solution.bound <= best + tiny
    assert solution.before - solution.after >= 0.97 * (solution.before - best) - tiny
    assert solution.gap <= 0.1


@pytest.mark.parametrize("seed", [3, 8, 13, 21])
def test_a_wild_chain_of_a_hundred_nodes_keeps_its_promise(seed):
    tree = without_parallels(wild_chain(nodes=100, seed=seed, budget=0.1, worlds=1))
    for node in tree["nodes"]:
        if node["capacity"] is None:
            node["capacity"] = 1e6
    harm, limits = prepared(tree)
    solution = solve(harm, limits)
    best = least_flow(tree, harm.worlds)
    assert solution.before - solution.after >= 0.97 * (solution.before - best) - 1e-4 * max(
        solution.before, 1
    )
    assert solution.bound <= best + 1e-4 * max(solution.before, 1)
