"""Why this plan: order of work, single actions, alternatives, who takes over, all against the damage model."""

from __future__ import annotations

import math

import pytest
from choke_chains import action, all_plans, chain_trees, network, straight, thing
from hypothesis import given, settings

from chokepoint.choke import explain as explain_module
from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.worlds import CHOOSING


def answer(tree, **how):
    return make_plan(read_network(tree), **how).document


def model(tree):
    read = read_network(tree)
    return prepare(read, read.worlds, CHOOSING)


def mode_numbers(harm, rows):
    """Mode numbers of rows that name an id and a mode."""
    read = harm.network
    known = {(read.ids[read.modes.node[m]], read.modes.name[m]): m for m in range(read.modes.node.size)}
    return tuple(known[row["id"], row["mode"]] for row in rows)


def two_channels(**said):
    nodes = [
        thing("v", 20),
        thing("a", 6, action(lead_days=30, cost=2, collateral=1, jurisdiction="DE", success=1)),
        thing("b", 4, action("freeze", lead_days=3)),
        thing("c", 20),
    ]
    return network(nodes, "v>a>c v>b>c", budget=3, **said)


def test_a_step_says_all_that_is_known_of_its_action():
    first, second = answer(two_channels())["order"]
    assert first == {
        "step": 1, "id": "a", "mode": "takedown", "kind": "site", "cost": 2.0, "jurisdiction": "DE",
        "lead_days": 30.0, "start_day": 0.0, "collateral": 1.0, "success": 1.0, "flow_after_step": 4.0,
        "loss_if_left_out": 6.0, "half_back_after_days": None, "taken_over_by": [],
    }  # fmt: skip
    assert (second["id"], second["mode"], second["flow_after_step"]) == ("b", "freeze", 0.0)


def test_the_longest_lead_starts_first_so_that_all_take_effect_on_one_day():
    steps = answer(two_channels())["order"]
    assert {row["id"]: row["start_day"] for row in steps} == {"a": 0.0, "b": 27.0}
    assert len({row["start_day"] + row["lead_days"] for row in steps}) == 1


def test_the_larger_effect_comes_first_and_the_rest_follows():
    steps = answer(two_channels())["order"]
    assert [row["id"] for row in steps] == ["a", "b"]
    assert [row["step"] for row in steps] == [1, 2]


@pytest.mark.parametrize("days", [1, 10, 365])
def test_half_is_back_after_the_natural_logarithm_of_2_replacement_times(days):
    nodes = [thing("v", 8), thing("a", 4, action(replacement_days=days)), thing("c", 8)]
    (step,) = answer(network(nodes, "v>a>c", budget=1, stages=[{"at_day": 0.5}]))["order"]
    assert step["half_back_after_days"] == pytest.approx(days * math.log(2))


def test_who_takes_over_is_named_with_the_day():
    nodes = [thing("v", 20), thing("a", 9, action()), thing("b", 3), thing("d", 2), thing("c", 20)]
    tree = network(
        nodes, "v>a>c v>b>c v>d>c", budget=1, stages=[{"at_day": 1}],
        substitutes=[{"for": "a", "id": "b", "after_days": 30}, {"for": "a", "id": "d", "after_days": 0}],
    )  # fmt: skip
    (step,) = answer(tree)["order"]
    assert step["taken_over_by"] == [{"id": "b", "after_days": 30.0}, {"id": "d", "after_days": 0.0}]


def test_actions_that_only_work_together_each_lose_everything_when_left_out():
    nodes = [thing("v", 5), thing("a", 9, action()), thing("b", 9, action()), thing("c", 20)]
    said = answer(network(nodes, "v>a>c v>b>c", budget=2))
    assert [row["loss_if_left_out"] for row in said["order"]] == [5, 5]
    assert [row["flow_after_step"] for row in said["order"]] == [5, 0]
    assert said["what_if"] == []


def test_a_single_action_is_listed_with_its_gain_whether_it_is_in_the_plan_or_not():
    tree = two_channels()
    tree["budget"] = 2
    said = answer(tree)
    assert [(row["id"], row["gain"]) for row in said["what_if"]] == [("a", 6.0), ("b", 4.0)]
    assert [row["cost"] for row in said["what_if"]] == [2.0, 1.0]


def test_what_is_too_dear_for_the_budget_is_no_single_action():
    tree = two_channels()
    tree["budget"] = 1
    assert [row["id"] for row in answer(tree)["what_if"]] == ["b"]


def test_an_alternative_does_without_the_action_and_says_what_that_costs():
    nodes = [thing("v", 9), thing("a", 9, action()), thing("b", 9, action(cost=1.5)), thing("c", 20)]
    said = answer(network(nodes, "v>a>b>c", budget=1.5))
    (other,) = said["alternatives"]
    assert other == {
        "without": said["plan"][0]["id"],
        "plan": other["plan"],
        "cost": 1.5 if said["plan"][0]["id"] == "a" else 1.0,
        "differs_in": 2,
        "flow_after": 0.0,
    }
    assert other["plan"] != said["plan"]


def test_without_an_alternative_what_is_left_is_what_was_there():
    (other,) = answer(straight(5, 3, 4, budget=1))["alternatives"]
    assert (other["plan"], other["flow_after"], other["differs_in"]) == ([], 3.0, 1)


def test_at_most_three_actions_have_their_alternative():
    inner = [thing(f"a{at}", 3 + at, action()) for at in range(6)]
    ways = " ".join(f"v>a{at}>c" for at in range(6))
    said = answer(network([thing("v", 99), *inner, thing("c", 99)], ways, budget=6))
    assert len(said["plan"]) == 6
    assert {row["without"] for row in said["alternatives"]} == {"a3", "a4", "a5"}


def test_the_best_alternative_comes_first():
    said = answer(two_channels())
    left = [row["flow_after"] for row in said["alternatives"]]
    assert left == sorted(left) == [4.0, 6.0]


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_every_figure_of_an_exact_answer_is_one_of_the_damage_model(tree):
    said, harm = answer(tree), model(tree)
    assert said["exact"]
    done = []
    for row in said["order"]:
        done.append(row)
        assert row["flow_after_step"] == pytest.approx(harm.value(mode_numbers(harm, done)), abs=1e-9)
        rest = [one for one in said["order"] if one is not row]
        loss = max(harm.value(mode_numbers(harm, rest)) - said["flow_after"], 0)
        assert row["loss_if_left_out"] == pytest.approx(loss, abs=1e-9)
    for row in said["what_if"]:
        gain = harm.value(()) - harm.value(mode_numbers(harm, [row]))
        assert row["gain"] == pytest.approx(gain, abs=1e-9)
    for row in said["alternatives"]:
        assert row["flow_after"] == pytest.approx(harm.value(mode_numbers(harm, row["plan"])), abs=1e-9)
        assert row["without"] not in {one["id"] for one in row["plan"]}


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_no_single_action_that_lowers_the_flow_is_missing(tree):
    said, harm = answer(tree), model(tree)
    before = harm.value(())
    single = [plan for plan in all_plans(harm) if len(plan) == 1]
    best = max((before - harm.value(plan) for plan in single), default=0.0)
    told = [row["gain"] for row in said["what_if"]]
    assert max(told, default=0.0) == pytest.approx(max(best, 0.0), abs=1e-6 * max(before, 1))


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_each_step_has_the_largest_effect_that_is_left(tree):
    said, harm = answer(tree), model(tree)
    rows = said["order"]
    for at in range(len(rows)):
        head = rows[:at]
        options = [harm.value(mode_numbers(harm, [*head, one])) for one in rows[at:]]
        assert rows[at]["flow_after_step"] == pytest.approx(min(options), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_where_it_is_too_large_to_be_exact_the_figures_are_bounds_and_say_so(tree):
    harm = model(tree)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain_module, "CELLS", 0)
        said = answer(tree)
    if not said["order"]:
        return
    assert not said["exact"]
    done = []
    for row in said["order"]:
        done.append(row)
        assert row["flow_after_step"] >= harm.value(mode_numbers(harm, done)) - 1e-9
    for row in said["what_if"]:
        assert row["gain"] == 0.0
        assert row["gain_at_most"] > 0


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees(extras=False))
def test_a_bound_on_a_single_action_is_not_below_its_gain(tree):
    harm = model(tree)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain_module, "CELLS", 0)
        said = answer(tree)
    for row in said["what_if"]:
        gain = harm.value(()) - harm.value(mode_numbers(harm, [row]))
        assert row["gain_at_most"] >= gain - 1e-9


@pytest.mark.parametrize("tree", [straight(5, 3, 4), straight(0, 3, 4, budget=1), straight(5, budget=1)])
def test_where_there_is_nothing_to_choose_there_is_nothing_to_explain(tree):
    said = answer(tree)
    assert (said["order"], said["what_if"], said["alternatives"], said["exact"]) == ([], [], [], True)
