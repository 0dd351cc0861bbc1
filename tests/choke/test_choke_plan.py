"""Plans against every possible plan; bounds against the best one; the shape and honesty of the answer."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from choke_chains import all_plans, chain_trees, straight
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke import solve as solve_module
from chokepoint.choke.bound import dual_of
from chokepoint.choke.exact import program_of
from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.search import Search
from chokepoint.choke.solve import solve
from chokepoint.choke.worlds import CHOOSING


def prepared(tree):
    network = read_network(tree)
    harm = prepare(network, network.worlds, CHOOSING)
    return harm, limits_of(harm, network.budget)


def best_of_all(harm):
    return min(harm.value(plan) for plan in all_plans(harm))


@settings(max_examples=70, deadline=None)
@given(tree=chain_trees())
def test_a_small_plan_is_the_best_of_all_plans(tree):
    harm, limits = prepared(tree)
    solution = solve(harm, limits)
    best = best_of_all(harm)
    tiny = 1e-5 * max(solution.before, 1)
    assert solution.after == pytest.approx(best, abs=tiny)
    assert solution.bound <= best + tiny
    assert solution.bound <= solution.after <= solution.before + 1e-9
    assert solution.gap == 0
    assert solution.plan in all_plans(harm)
    assert harm.value(solution.plan) == pytest.approx(solution.after)


@settings(max_examples=80, deadline=None)
@given(tree=chain_trees())
def test_every_bound_is_below_the_best_plan(tree):
    harm, limits = prepared(tree)
    best = best_of_all(harm)
    tiny = 1e-6 * max(harm.value(()), 1)
    if limits.candidates.size:
        dual = dual_of(harm, limits)
        dual.parametric(12)
        dual.climb(best, 20)
        assert dual.bound <= best + tiny
    if limits.candidates.size:
        relaxed = program_of(harm, limits).solved(whole=False).bound
        assert relaxed <= best + tiny
        assert program_of(harm, limits).solved(whole=True).bound <= best + tiny


@settings(max_examples=50, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_any_prices_whatever_certify_a_bound(tree, seed):
    harm, limits = prepared(tree)
    dual, draw = dual_of(harm, limits), np.random.default_rng(seed)
    best = best_of_all(harm)
    for _ in range(4):  # each from the flows that the prices before it left
        prices = draw.random((harm.row_weight.size, dual.offers.column.size)) * 8
        found = dual.ask(prices.astype(np.float32))
        assert found.value <= best + 1e-9
        assert found.bought.shape == prices.shape


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees(extras=False))
def test_the_network_beyond_the_solver_gets_an_honest_gap_too(tree):
    harm, limits = prepared(tree)
    best = best_of_all(harm)
    sizes = solve_module.LARGE
    solve_module.LARGE = -1
    try:
        solution = solve(harm, limits)
    finally:
        solve_module.LARGE = sizes
    tiny = 1e-6 * max(solution.before, 1)
    assert solution.bound - tiny <= best <= solution.after + tiny
    assert 0 <= solution.gap <= 1
    assert solution.plan in all_plans(harm)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_a_larger_budget_never_leaves_more(tree):
    network = read_network(tree)
    left = [make_plan(network, budget=float(budget)).solution.after for budget in (0, 2, 4, 8)]
    assert all(b <= a + 1e-5 * max(left[0], 1) for a, b in itertools.pairwise(left))


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_the_order_of_the_document_does_not_change_what_is_left(tree, seed):
    shuffled = {**tree, "nodes": list(tree["nodes"]), "edges": list(tree["edges"])}
    rng = np.random.default_rng(seed)
    rng.shuffle(shuffled["nodes"])
    rng.shuffle(shuffled["edges"])
    one, two = (make_plan(read_network(t)).solution for t in (tree, shuffled))
    assert one.after == pytest.approx(two.after, abs=1e-5 * max(one.before, 1))


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees(extras=False))
def test_no_single_addition_gains_more_than_hoped(tree):
    harm, limits = prepared(tree)
    search = Search(harm=harm, limits=limits, patience=10**6)
    for plan in (frozenset(), limits.filled(np.ones(limits.candidates.size))):
        hopes = search.hopes(plan)
        for at in range(limits.candidates.size):
            if limits.node[at] not in limits.node[sorted(plan)]:
                assert search.value(plan) - search.value(plan | {at}) <= hopes[at] + 1e-9


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_the_two_knapsack_bounds_hold_for_every_plan(tree, seed):
    harm, limits = prepared(tree)
    worth = np.random.default_rng(seed).integers(0, 9, limits.candidates.size).astype(np.float64)
    position = {int(mode): at for at, mode in enumerate(limits.candidates)}
    plans = [p for p in all_plans(harm) if all(m in position for m in p)]
    best = max(sum(worth[position[m]] for m in plan) for plan in plans)
    assert limits.best_fractional(worth)[1] >= best - 1e-9
    chosen, value = limits.best_whole(worth)
    assert value == pytest.approx(best, abs=1e-5)
    assert limits.fits(np.flatnonzero(chosen).tolist())


def test_two_parallel_paths_are_cut_together_though_neither_alone_gains():
    tree = straight(1, 1, 1, budget=2)
    twin = {**tree["nodes"][1], "id": "twin"}
    tree["nodes"].append(twin)
    tree["edges"] += [{"from": "v0", "to": "twin"}, {"from": "twin", "to": "v2"}]
    answer = make_plan(read_network(tree)).document
    assert {row["id"] for row in answer["plan"]} == {"v1", "twin"}
    assert (answer["flow_before"], answer["flow_after"], answer["gap"]) == (1, 0, 0)
    assert answer["what_if"] == []
    assert [row["loss_if_left_out"] for row in answer["order"]] == [1, 1]
    assert [row["flow_after_step"] for row in answer["order"]] == [1, 0]


def test_what_grows_back_at_once_is_left_for_what_stays_away():
    tree = straight(9, 4, 6, 9, budget=1)
    tree["nodes"][1]["modes"][0]["replacement_days"] = 0.1
    assert make_plan(read_network(tree)).document["plan"] == [{"id": "v2", "mode": "takedown"}]


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        ({"collateral_limit": 1}, 0),
        ({"collateral_limit": 0.5}, 4),
        ({"caps": {"DE": 0.5}}, 4),
        ({"caps": {"FR": 0}}, 0),
    ],
)
def test_limits_other_than_the_budget_bind(limit, left):
    tree = straight(9, 4, 9, budget=5, **limit)
    tree["nodes"][1]["modes"][0].update(collateral=1, jurisdiction="DE")
    assert make_plan(read_network(tree)).solution.after == left


@pytest.mark.parametrize("change", [{"budget": 0.0}, {"edges": []}, {"stages": [{"at_day": 1, "weight": 0}]}])
def test_nothing_to_do_is_an_empty_plan_with_no_gap(change):
    answer = make_plan(read_network({**straight(9, 4, 9, budget=1), **change})).document
    assert answer["plan"] == []
    assert answer["cost"] == answer["gap"] == 0
    assert answer["flow_before"] == answer["flow_after"] == answer["bound"]


def test_a_map_without_flow_says_so():
    answer = make_plan(read_network({**straight(9, 4, 9, budget=1), "edges": []})).document
    assert answer["why_no_plan"] == "no flow leads from a victim to a cash-out"
    assert (
        make_plan(read_network(straight(9, 4, 9))).document["why_no_plan"].startswith("the cheapest action")
    )


def test_one_lonely_node_is_answered():
    assert make_plan(read_network({**straight(3), "edges": []})).document["flow_before"] == 0


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_the_answer_has_the_shape_that_others_rely_on(tree):
    network = read_network(tree)
    answer = make_plan(network).document
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    wanted = {"plan", "cost", "flow_before", "flow_after", "bound", "gap", "flow_after_heldout", "band"}
    assert wanted <= set(answer)
    assert len(answer["band"]) == 2
    assert answer["band"][0] <= answer["band"][1]
    assert all(set(row) == {"id", "mode"} for row in answer["plan"])
    assert {row["id"] for row in answer["order"]} == {row["id"] for row in answer["plan"]}
    if answer["order"]:
        assert answer["order"][-1]["flow_after_step"] == pytest.approx(answer["flow_after"])
    total = sum(row["weight"] * row["flow_after"] for row in answer["stages"])
    assert total == pytest.approx(answer["flow_after"])
    assert answer["cost"] <= network.budget + 1e-9
    assert all(row["cost"] <= network.budget + 1e-9 for row in answer["alternatives"])
    assert all(row["flow_after"] >= answer["bound"] - 1e-6 for row in answer["alternatives"])
    gains = [row["gain"] for row in answer["what_if"]]
    assert gains == sorted(gains, reverse=True)


def test_equal_questions_get_equal_answers():
    rng = np.random.default_rng(4)
    tree = straight(*[int(rng.integers(3, 9)) for _ in range(12)], budget=3)
    for edge in tree["edges"]:
        edge["belief"] = 0.8
    assert make_plan(read_network(tree)).document == make_plan(read_network(tree)).document


def test_single_gains_are_what_the_damage_model_says():
    harm, limits = prepared(straight(9, 4, 6, 9, budget=1))
    answer = make_plan(harm.network).document
    assert {row["id"]: row["gain"] for row in answer["what_if"]} == {"v1": 4, "v2": 4}
    assert limits.candidates.tolist() == [0, 1]


def test_alternatives_do_without_a_main_action():
    answer = make_plan(read_network(straight(9, 4, 6, 9, budget=1))).document
    chosen = answer["plan"][0]["id"]
    assert [row["without"] for row in answer["alternatives"]] == [chosen]
    assert answer["alternatives"][0]["plan"][0]["id"] != chosen
    assert answer["alternatives"][0]["flow_after"] == 0


def test_a_plan_from_before_is_never_lost():
    harm, limits = prepared(straight(9, 4, 6, 9, budget=1))
    assert solve(harm, limits, start=(1,), patience=0).after == 0


def test_a_dominated_mode_is_no_candidate_unless_it_wakes_a_stand_in():
    tree = straight(9, 4, 9, budget=9)
    weak = {**tree["nodes"][1]["modes"][0], "mode": "freeze", "cost": 3}
    tree["nodes"][1]["modes"].append(weak)
    assert prepared(tree)[1].candidates.tolist() == [0]
    tree["substitutes"] = [{"for": "v1", "id": "v2", "after_days": 1}]
    tree["nodes"].append({"id": "exit", "capacity": 9, "role": "cash-out"})
    tree["edges"].append({"from": "v1", "to": "exit"})
    assert prepared(tree)[1].candidates.tolist() == [0, 1]


@pytest.mark.parametrize("word", ["1-1/e", "1 - 1/e", "(1 − 1/e)", "near-optimal guarantee"])
def test_no_guarantee_is_claimed_that_does_not_hold(word):
    assert word not in json.dumps(
        make_plan(read_network(straight(9, 4, 9, budget=1))).document, ensure_ascii=False
    )
