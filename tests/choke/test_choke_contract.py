"""The answer of `choke --network`, key by key, as DESIGN §10 promises it to other programs."""

from __future__ import annotations

import json
import math

import pytest
from choke_chains import action, all_plans, chain_trees, network, straight, thing
from hypothesis import given, settings

from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import NOTE, make_plan, scored
from chokepoint.choke.worlds import CHOOSING, SCORING

KEYS = {
    "plan", "cost", "flow_before", "flow_after", "bound", "gap", "flow_after_heldout", "band",
    "flow_before_heldout", "worlds_heldout", "stages", "sensitivity", "order", "what_if", "alternatives",
    "exact", "collateral", "method", "worlds", "note", "why_no_plan", "biggest_hub",
}  # fmt: skip
STEP = {
    "step", "id", "mode", "kind", "cost", "jurisdiction", "lead_days", "start_day", "collateral", "success",
    "flow_after_step", "loss_if_left_out", "half_back_after_days", "taken_over_by",
}  # fmt: skip


def answer(tree, **how):
    return make_plan(read_network(tree), **how).document


def number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_every_answer_has_exactly_these_keys_and_types(tree):
    said = answer(tree)
    assert set(said) == KEYS
    for key in ("cost", "flow_before", "flow_after", "bound", "gap", "flow_after_heldout", "collateral"):
        assert number(said[key]), key
    assert isinstance(said["method"], str)
    assert isinstance(said["exact"], bool)
    assert said["worlds"] >= 1
    assert said["worlds_heldout"] >= 1
    assert [set(row) for row in said["plan"]] == [{"id", "mode"}] * len(said["plan"])
    assert all(set(row) == STEP for row in said["order"])
    assert all(set(row) == {"at_day", "weight", "flow_before", "flow_after"} for row in said["stages"])
    times = {"replacement_days_x0.5", "replacement_days_x2", "replacement_days_lognormal"}
    assert set(said["sensitivity"]) == times
    hub = said["biggest_hub"]
    assert hub is None or set(hub) == {"id", "links", "in_plan", "reason"}


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_the_answer_is_json_that_any_parser_reads_back(tree):
    said = answer(tree)
    assert json.loads(json.dumps(said, allow_nan=False)) == said


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_flows_are_sums_over_the_stages_of_weight_times_mean_flow(tree):
    said = answer(tree)
    for side in ("flow_before", "flow_after"):
        total = sum(row["weight"] * row[side] for row in said["stages"])
        assert said[side] == pytest.approx(total, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_cost_and_collateral_are_those_of_the_named_actions(tree):
    said = answer(tree)
    known = {(node["id"], mode["mode"]): mode for node in tree["nodes"] for mode in node["modes"]}
    taken = [known[row["id"], row["mode"]] for row in said["plan"]]
    assert said["cost"] == pytest.approx(sum(mode["cost"] for mode in taken))
    assert said["collateral"] == pytest.approx(sum(mode["collateral"] for mode in taken))
    assert said["cost"] <= tree["budget"] + 1e-9
    assert said["collateral"] <= tree.get("collateral_limit", math.inf) + 1e-9
    for law, cap in tree.get("caps", {}).items():
        assert sum(mode["cost"] for mode in taken if mode["jurisdiction"] == law) <= cap + 1e-9


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_the_gap_is_made_of_the_figures_beside_it(tree):
    said = answer(tree)
    missed, possible = said["flow_after"] - said["bound"], said["flow_before"] - said["bound"]
    assert said["bound"] <= said["flow_after"] <= said["flow_before"] + 1e-9
    if said["gap"]:
        assert said["gap"] == pytest.approx(missed / possible)
    else:
        assert missed <= 1e-5 * max(said["flow_before"], 1)


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees())
def test_no_allowed_plan_at_all_leaves_less_than_the_bound(tree):
    said, read = answer(tree), read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    assert said["bound"] <= min(harm.value(plan) for plan in all_plans(harm)) + 1e-9


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_slower_replacement_keeps_more_down_in_the_sensitivity(tree):
    said = answer(tree)
    faster, slower, _ = said["sensitivity"].values()
    tiny = 1e-9 * max(said["flow_before"], 1)
    if not tree.get("substitutes"):
        assert slower <= said["flow_after"] + tiny
        assert said["flow_after"] <= faster + tiny
        assert faster <= said["flow_before"] + tiny


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees())
def test_held_out_figures_are_of_worlds_that_had_no_part_in_the_choice(tree):
    read = read_network(tree)
    made = make_plan(read)
    said = made.document
    count = said["worlds_heldout"]
    fresh = prepare(read, max(count, read.worlds), SCORING)
    each = fresh.by_world(fresh.flows(made.solution.plan))
    assert said["flow_after_heldout"] == pytest.approx(float(each.mean()))
    low, high = said["band"]
    assert each.min() - 1e-9 <= low <= high <= each.max() + 1e-9


def test_the_band_leaves_a_twentieth_of_the_worlds_on_either_side():
    nodes = [thing("v", 99), *(thing(f"a{at}", 2**at) for at in range(5)), thing("c", 99)]
    tree = network(nodes, " ".join(f"v>a{at}>c" for at in range(5)), worlds=400)
    for edge in tree["edges"]:
        edge["belief"] = 0.5 if edge["from"] == "v" else 1.0
    read = read_network(tree)
    fresh = prepare(read, 400, SCORING)
    each = fresh.by_world(fresh.flows(()))
    low, high = scored(read, ())["band"]
    assert (each < low).mean() <= 0.05
    assert (each > high).mean() <= 0.05
    assert (each <= low).mean() >= 0.05
    assert (each >= high).mean() >= 0.05


def test_a_certain_network_has_one_world_and_a_band_of_no_width():
    said = answer(straight(5, 3, 4, budget=0))
    assert (said["worlds"], said["worlds_heldout"], said["band"]) == (1, 1, [3, 3])
    assert said["flow_before_heldout"] == said["flow_after_heldout"] == 3


def test_another_budget_may_be_asked_without_another_document():
    read = read_network(straight(5, 3, 4, budget=0))
    assert make_plan(read).document["plan"] == []
    assert make_plan(read, budget=1).document["plan"] == [{"id": "v1", "mode": "takedown"}]
    assert read.budget == 0


def test_the_note_says_what_the_gap_does_not():
    assert answer(straight(5, 3, 4, budget=1))["note"] == NOTE
    assert "says nothing about what the map does not hold" in NOTE
    assert "no constant-factor guarantee" in NOTE


@pytest.mark.parametrize("order", [1, -1])
def test_the_plan_is_told_in_the_order_of_the_document(order):
    inner = [thing(name, 4, action()) for name in ("a", "b", "d")][::order]
    tree = network([thing("v", 99), *inner, thing("c", 99)], "v>a>c v>b>c v>d>c", budget=3)
    assert [row["id"] for row in answer(tree)["plan"]] == [node["id"] for node in inner]


@pytest.mark.parametrize("days", [None, 0.25, 40])
def test_what_never_grows_back_is_null_and_all_else_a_number_of_days(days):
    nodes = [thing("v", 9), thing("a", 5, action(replacement_days=days)), thing("c", 9)]
    (step,) = answer(network(nodes, "v>a>c", budget=1, stages=[{"at_day": 0.1}]))["order"]
    assert (step["half_back_after_days"] is None) is (days is None)


def test_the_sensitivity_tells_what_log_normal_times_would_leave():
    """One node of 8 whose exponential hit is half back by day 10, where it is looked at on days 10 and 100."""
    tree = straight(8, 8, 8, budget=1, stages=[{"at_day": 10, "weight": 1}, {"at_day": 100, "weight": 1}])
    tree["nodes"][1]["modes"][0]["replacement_days"] = 10 / math.log(2)
    told = answer(tree)["sensitivity"]["replacement_days_lognormal"]
    assert told == pytest.approx(8 * 0.5 + 8 * (1 - 0.0106511), abs=1e-4)
