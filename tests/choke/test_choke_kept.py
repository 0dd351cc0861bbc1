"""Another budget or a barred target from kept certificates: both ends hold for every plan."""

from __future__ import annotations

import io
import itertools
import json

import numpy as np
import pytest
from choke_chains import all_plans, chain_trees, straight
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.bound import dual_of
from chokepoint.choke.ceiling import alternate, best_on, hopes, weigh, without_idle
from chokepoint.choke.harm import prepare
from chokepoint.choke.kept import ask_again, from_bytes, to_bytes
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.solve import solve_and_keep
from chokepoint.choke.worlds import CHOOSING
from chokepoint.model.errors import BadInputError, NotFoundError


def prepared(tree):
    network = read_network(tree)
    harm = prepare(network, network.worlds, CHOOSING)
    return harm, limits_of(harm, network.budget)


def positions(limits, plan):
    at = {int(mode): i for i, mode in enumerate(limits.candidates)}
    return frozenset(at[m] for m in plan) if all(m in at for m in plan) else None


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees())
def test_a_ceiling_is_above_what_every_plan_leaves(tree):
    harm, limits = prepared(tree)
    found = weigh(harm, limits, limits.filled(np.ones(limits.candidates.size)))
    tiny = 1e-9 * max(harm.value(()), 1)
    assert found.value == pytest.approx(harm.value(limits.modes(found.chosen)))
    for plan in all_plans(harm):
        chosen = positions(limits, plan)
        if chosen is not None:
            assert harm.value(plan) <= found.ceiling.after(chosen) + tiny


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees())
def test_alternating_never_gets_worse_and_stays_within_the_limits(tree):
    harm, limits = prepared(tree)
    plans = alternate(harm, limits, frozenset())
    values = [plan.value for plan in plans]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(harm.value(()))
    assert all(limits.fits(plan.chosen) for plan in plans)
    assert limits.fits(best_on(limits, plans[-1].ceiling))


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees(extras=False))
def test_no_single_action_gains_more_than_its_hope(tree):
    harm, limits = prepared(tree)
    before = harm.value(())
    for at, hope in enumerate(hopes(harm, limits)):
        assert before - harm.value(limits.modes([at])) <= hope + 1e-9


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees(), budget=st.integers(0, 12), bar=st.booleans())
def test_kept_ends_hold_the_best_plan_of_the_new_question(tree, budget, bar):
    harm, limits = prepared(tree)
    kept = solve_and_keep(harm, limits).kept
    barred = [kept.ids[0]] if bar and kept.ids else []
    if budget >= kept.reach:
        with pytest.raises(BadInputError, match="too dear"):
            ask_again(kept, budget=float(budget))
        return
    answer = ask_again(kept, budget=float(budget), without=barred)
    nodes = {harm.network.ids.index(name) for name in barred}
    known = set(limits.candidates.tolist())
    asked = prepared({**tree, "budget": float(budget)})[0]
    plans = [p for p in all_plans(asked) if not nodes & {int(harm.network.modes.node[m]) for m in p}]
    best = min(harm.value(plan) for plan in plans)
    tiny = 1e-6 * max(kept.before, 1)
    assert answer["bound"] <= best + tiny
    assert answer["flow_after"] >= best - tiny
    assert answer["cost"] <= budget + 1e-9
    assert not set(barred) & {row["id"] for row in answer["plan"]}
    chosen = {(row["id"], row["mode"]) for row in answer["plan"]}
    modes = [
        m
        for m in known
        if (harm.network.ids[harm.network.modes.node[m]], harm.network.modes.name[m]) in chosen
    ]
    assert harm.value(tuple(modes)) <= answer["flow_after"] + tiny


@settings(max_examples=12, deadline=None)
@given(tree=chain_trees())
def test_a_kept_answer_survives_its_file(tree):
    harm, limits = prepared(tree)
    kept = solve_and_keep(harm, limits).kept
    again = from_bytes(to_bytes(kept))
    assert ask_again(again) == ask_again(kept)
    assert json.loads(json.dumps(ask_again(kept), allow_nan=False))["gap"] >= 0


@settings(max_examples=12, deadline=None)
@given(tree=chain_trees())
def test_more_budget_from_kept_certificates_never_leaves_more(tree):
    harm, limits = prepared(tree)
    kept = solve_and_keep(harm, limits).kept
    bounds = [ask_again(kept, budget=float(b))["bound"] for b in (0, 1, 2, 4, 8) if b < kept.reach]
    assert all(b <= a + 1e-6 * max(kept.before, 1) for a, b in itertools.pairwise(bounds))


def test_the_same_question_again_gets_the_plan_of_a_straight_chain():
    answer = make_plan(read_network(straight(9, 4, 6, 9, budget=1)), keep=True)
    again = ask_again(answer.solution.kept)
    assert again["flow_after"] == 0
    assert again["gap"] == 0
    other = ask_again(answer.solution.kept, without=[again["plan"][0]["id"]])
    assert other["plan"][0]["id"] != again["plan"][0]["id"]


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf")], ids=["negative", "nan", "infinite"])
def test_a_budget_that_is_none_is_refused(budget):
    kept = make_plan(read_network(straight(9, 4, 9, budget=1)), keep=True).solution.kept
    with pytest.raises(BadInputError):
        ask_again(kept, budget=budget)


def test_barring_what_is_no_target_is_an_error():
    kept = make_plan(read_network(straight(9, 4, 9, budget=1)), keep=True).solution.kept
    with pytest.raises(NotFoundError, match="v0"):
        ask_again(kept, without=["v0"])


def test_all_targets_barred_leave_everything():
    kept = make_plan(read_network(straight(9, 4, 9, budget=1)), keep=True).solution.kept
    answer = ask_again(kept, without=["v1"])
    assert (answer["plan"], answer["flow_after"], answer["bound"]) == ([], 4, 4)


def test_a_network_with_nothing_to_choose_can_be_kept():
    kept = make_plan(read_network({**straight(9, 4, 9, budget=1), "edges": []}), keep=True).solution.kept
    assert ask_again(from_bytes(to_bytes(kept)), budget=5.0)["plan"] == []


@pytest.mark.parametrize("cut", [0, 1, 100, 400])
def test_a_damaged_file_is_named_as_such(cut):
    data = to_bytes(make_plan(read_network(straight(9, 4, 9, budget=1)), keep=True).solution.kept)
    with pytest.raises(BadInputError):
        from_bytes(data[:cut])


def test_a_file_whose_shapes_do_not_fit_is_refused():
    data = to_bytes(make_plan(read_network(straight(9, 4, 9, budget=1)), keep=True).solution.kept)
    with np.load(io.BytesIO(data)) as arrays:
        table = {name: arrays[name] for name in arrays.files}
    for name, value in [("gain", np.zeros((1, 9))), ("room", np.zeros(0)), ("form", np.array(7))]:
        file = io.BytesIO()
        np.savez(file, **{**table, name: value})
        with pytest.raises(BadInputError):
            from_bytes(file.getvalue())


@settings(max_examples=20, deadline=None)
@given(tree=chain_trees(), factor=st.sampled_from([0.25, 0.5, 1.0]))
def test_prices_moved_to_a_smaller_budget_bound_every_plan_within_it(tree, factor):
    harm, limits = prepared(tree)
    if not limits.candidates.size:
        return
    dual = dual_of(harm, limits)
    dual.parametric(4)
    other = dual.elsewhere(factor)
    other.climb(harm.value(()), 4)
    tiny = 1e-5 * max(harm.value(()), 1)
    cost = harm.network.modes.cost
    for plan in all_plans(harm):
        if cost[list(plan)].sum() <= limits.room[0] * factor:
            assert other.bound <= harm.value(plan) + tiny


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_an_action_that_no_cut_needs_is_left_out_and_nothing_more_flows(tree):
    harm, limits = prepared(tree)
    found = weigh(harm, limits, limits.filled(np.ones(limits.candidates.size)))
    kept = without_idle(harm, limits, found)
    assert kept.chosen <= found.chosen
    fresh = prepared(tree)[0]
    assert fresh.value(limits.modes(kept.chosen)) == pytest.approx(found.value)
    assert harm.value(limits.modes(kept.chosen)) == pytest.approx(found.value)


def test_of_two_actions_in_a_row_that_stop_all_the_one_nearest_the_cash_out_stays():
    tree = straight(9, 1, 9)
    tree["nodes"][2]["modes"] = [{**tree["nodes"][1]["modes"][0], "cost": 0}]
    harm, limits = prepared(tree)
    found = weigh(harm, limits, frozenset(range(limits.candidates.size)))
    named = {harm.network.ids[limits.node[at]] for at in without_idle(harm, limits, found).chosen}
    assert named == {"v2"}
