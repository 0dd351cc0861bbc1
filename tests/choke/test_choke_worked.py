"""Chains whose answers were worked out by hand: what flows, what to strike, what is left, and when."""

from __future__ import annotations

import math

import pytest
from choke_chains import action, network, straight, thing

from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan


def answer(tree, **how):
    return make_plan(read_network(tree), **how).document


def told(tree):
    """The plan's ids, and what flows before and after."""
    said = answer(tree)
    return [row["id"] for row in said["plan"]], said["flow_before"], said["flow_after"]


@pytest.mark.parametrize(
    ("capacities", "flow"),
    [
        ((5, 3, 4), 3),
        ((5, 5, 5), 5),
        ((0, 3, 4), 0),
        ((5, 0, 4), 0),
        ((5, 3, 0), 0),
        ((2, 9, 9, 9, 9, 1), 1),
        ((1e-6, 1, 1), 1e-6),
        ((1e12, 2e12, 3e12), 1e12),
        ((7, None, 9), 7),
        ((None, 4, None), 4),
    ],
)
def test_a_straight_chain_carries_what_its_narrowest_node_does(capacities, flow):
    assert answer(straight(*capacities))["flow_before"] == pytest.approx(flow)


def diamond(left, right, **said):
    """A victim, two payment channels, and a cash-out that takes it all."""
    nodes = [
        thing("v", 20),
        thing("a", left, action()),
        thing("b", right, action()),
        thing("c", 20),
    ]
    return network(nodes, "v>a>c v>b>c", **said)


@pytest.mark.parametrize(
    ("left", "right", "budget", "plan", "after"),
    [
        (6, 4, 0, [], 10),
        (6, 4, 0.999, [], 10),
        (6, 4, 1, ["a"], 4),
        (4, 6, 1, ["b"], 4),
        (6, 4, 2, ["a", "b"], 0),
        (6, 4, 100, ["a", "b"], 0),
        (6, 0, 2, ["a"], 0),
        (0, 0, 2, [], 0),
    ],
)
def test_the_wider_of_two_channels_goes_first(left, right, budget, plan, after):
    said = answer(diamond(left, right, budget=budget))
    assert [row["id"] for row in said["plan"]] == plan
    assert said["flow_after"] == pytest.approx(after)
    assert said["cost"] == len(plan)


def test_where_everything_meets_one_strike_does_what_two_do_upstream():
    nodes = [
        thing("v", 20),
        thing("a", 6, action()),
        thing("b", 4, action()),
        thing("m", 20, action(cost=1.5)),
        thing("c", 20),
    ]
    tree = network(nodes, "v>a>m>c v>b>m>c", budget=1.5)
    assert told(tree) == (["m"], 10, 0)
    assert told({**tree, "budget": 1.0}) == (["a"], 10, 4)


def test_a_victim_and_a_cash_out_may_be_struck_themselves():
    nodes = [thing("v", 8), thing("a", 8), thing("c", 8, action("freeze"))]
    assert told(network(nodes, "v>a>c", budget=1)) == (["c"], 8, 0)
    nodes = [thing("v", 8, action("notification")), thing("a", 8), thing("c", 8)]
    assert told(network(nodes, "v>a>c", budget=1)) == (["v"], 8, 0)


def test_a_node_that_is_victim_side_and_reaches_no_cash_out_is_not_worth_a_strike():
    nodes = [thing("v", 8), thing("a", 5, action()), thing("dead", 100, action(cost=0.1)), thing("c", 8)]
    assert told(network(nodes, "v>a>c v>dead", budget=2)) == (["a"], 5, 0)


def test_money_that_runs_back_is_no_second_way():
    nodes = [thing("v", 8), thing("a", 5, action()), thing("b", 5), thing("c", 8)]
    assert told(network(nodes, "v>a>c c>b>v", budget=1)) == (["a"], 5, 0)


def test_a_loop_on_the_way_does_not_multiply_the_flow():
    nodes = [thing("v", 8), thing("a", 5, action()), thing("b", 100), thing("c", 8)]
    assert told(network(nodes, "v>a>b>a>c", budget=1)) == (["a"], 5, 0)


def test_of_two_actions_on_a_node_the_lasting_one_is_taken_though_it_is_dearer():
    weak = action("takedown", cost=1, replacement_days=0)
    strong = action("seizure", cost=2)
    nodes = [thing("v", 8), thing("a", 5, weak, strong), thing("c", 8)]
    said = answer(network(nodes, "v>a>c", budget=3))
    assert said["plan"] == [{"id": "a", "mode": "seizure"}]
    assert said["flow_after"] == 0


def test_two_actions_on_one_node_are_never_both_taken():
    half = action("takedown", success=1, replacement_days=10 / math.log(2))
    other = action("freeze", success=1, replacement_days=10 / math.log(2))
    nodes = [thing("v", 8), thing("a", 4, half, other), thing("c", 8)]
    said = answer(network(nodes, "v>a>c", budget=9))
    assert len(said["plan"]) == 1
    assert said["flow_after"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("days", "at_day", "left"),
    [
        (None, 0, 0.0),
        (None, 10_000, 0.0),
        (0, 0, 1.0),
        (10, 0, 0.0),
        (10, 10, 1 - math.exp(-1)),
        (10, 10 * math.log(2), 0.5),
        (10, 10 * math.log(4), 0.75),
        (1, 1000, 1.0),
        (1e9, 1, 0.0),
    ],
)
def test_what_grows_back_is_one_less_the_exponential(days, at_day, left):
    nodes = [thing("v", 8), thing("a", 4, action(replacement_days=days)), thing("c", 8)]
    tree = network(nodes, "v>a>c", budget=1, stages=[{"at_day": at_day, "weight": 1}])
    assert answer(tree)["flow_after"] == pytest.approx(4 * left, abs=1e-6)


def test_the_stages_add_up_by_their_weights():
    nodes = [thing("v", 8), thing("a", 4, action(replacement_days=10)), thing("c", 8)]
    stages = [{"at_day": 0, "weight": 3}, {"at_day": 10, "weight": 0.5}, {"at_day": 20, "weight": 0}]
    said = answer(network(nodes, "v>a>c", budget=1, stages=stages))
    assert said["flow_before"] == pytest.approx(4 * 3.5)
    assert said["flow_after"] == pytest.approx(0.5 * 4 * (1 - math.exp(-1)))
    assert [row["at_day"] for row in said["stages"]] == [0, 10, 20]
    assert [row["flow_before"] for row in said["stages"]] == [4, 4, 4]
    after = [row["flow_after"] for row in said["stages"]]
    assert after == pytest.approx([0, 4 * (1 - math.exp(-1)), 4 * (1 - math.exp(-2))])


def test_what_is_back_in_a_day_is_left_for_what_stays_away_a_year():
    nodes = [
        thing("v", 20),
        thing("a", 10, action(replacement_days=1)),
        thing("b", 6, action(replacement_days=365)),
        thing("c", 20),
    ]
    tree = network(nodes, "v>a>c v>b>c", budget=1, stages=[{"at_day": 90, "weight": 1}])
    plan, before, after = told(tree)
    assert (plan, before) == (["b"], 16)
    assert after == pytest.approx(10 + 6 * (1 - math.exp(-90 / 365)))


@pytest.mark.parametrize(("day", "after"), [(5, 0), (29, 0), (30, 3), (365, 3)])
def test_a_stand_in_takes_over_from_its_switching_day_on(day, after):
    nodes = [thing("v", 8), thing("a", 4, action()), thing("b", 3), thing("c", 8)]
    tree = network(
        nodes, "v>a>c v>b>c", budget=1, stages=[{"at_day": day, "weight": 1}],
        substitutes=[{"for": "a", "id": "b", "after_days": 30}],
    )  # fmt: skip
    plan, before, left = told(tree)
    assert (plan, before) == (["a"], 4)
    assert left == pytest.approx(after)


def test_a_strike_that_only_calls_in_a_larger_stand_in_is_not_made():
    nodes = [thing("v", 20), thing("a", 4, action()), thing("b", 9), thing("c", 20)]
    tree = network(nodes, "v>a>c v>b>c", budget=1, substitutes=[{"for": "a", "id": "b", "after_days": 0}])
    assert told(tree) == ([], 4, 4)


def test_the_stand_in_is_struck_along_with_what_calls_it_in():
    nodes = [thing("v", 20), thing("a", 4, action()), thing("b", 9, action()), thing("c", 20)]
    tree = network(nodes, "v>a>c v>b>c", budget=2, substitutes=[{"for": "a", "id": "b", "after_days": 0}])
    assert told(tree) == (["a", "b"], 4, 0)


def test_a_stand_in_alone_is_no_target():
    nodes = [thing("v", 20), thing("a", 4), thing("b", 9, action()), thing("c", 20)]
    tree = network(nodes, "v>a>c v>b>c", budget=2, substitutes=[{"for": "a", "id": "b", "after_days": 0}])
    assert told(tree) == ([], 4, 4)


def supplied(*suppliers, **said):
    """A mule account that works only while one of the suppliers does."""
    nodes = [thing("v", 9), thing("a", 6), thing("c", 9), *suppliers]
    return network(
        nodes, "v>a>c", dependencies=[{"node": "a", "needs_any": [one["id"] for one in suppliers]}], **said
    )


def test_the_only_supplier_of_a_capability_is_a_choke_point():
    assert told(supplied(thing("host", 1, action()), budget=1)) == (["host"], 6, 0)


def test_of_two_suppliers_one_is_enough_for_the_criminal():
    pair = [thing("host", 1, action()), thing("host2", 1, action())]
    assert told(supplied(*pair, budget=1)) == ([], 6, 6)
    assert told(supplied(*pair, budget=2)) == (["host", "host2"], 6, 0)


def test_a_supplier_half_back_lets_half_through():
    half = thing("host", 1, action(replacement_days=10 / math.log(2)))
    assert told(supplied(half, budget=1))[2] == pytest.approx(3)


def test_the_scarcest_of_several_needs_decides():
    nodes = [
        thing("v", 9),
        thing("a", 6),
        thing("c", 9),
        thing("host", 1, action(replacement_days=10 / math.log(2))),
        thing("kit", 1, action(replacement_days=10 / math.log(4 / 3))),
    ]
    needs = [{"node": "a", "needs_any": ["host"]}, {"node": "a", "needs_any": ["kit"]}]
    tree = network(nodes, "v>a>c", budget=2, dependencies=needs)
    assert told(tree)[2] == pytest.approx(6 * 0.25)


def test_a_capacity_of_the_supplier_does_not_matter_only_whether_it_works():
    assert told(supplied(thing("host", 0.001, action()), budget=0))[2] == 6


@pytest.mark.parametrize(
    ("limits", "plan"),
    [
        ({}, ["a", "b"]),
        ({"collateral_limit": 3}, ["a", "b"]),
        ({"collateral_limit": 2.5}, ["a"]),
        ({"collateral_limit": 1}, ["b"]),
        ({"collateral_limit": 0}, []),
        ({"caps": {"DE": 1}}, ["a", "b"]),
        ({"caps": {"DE": 0.5}}, ["b"]),
        ({"caps": {"DE": 0, "TH": 0}}, []),
        ({"caps": {"FR": 0}}, ["a", "b"]),
    ],
    ids=str,
)
def test_collateral_and_jurisdiction_bind_beside_the_budget(limits, plan):
    nodes = [
        thing("v", 20),
        thing("a", 6, action(collateral=2, jurisdiction="DE")),
        thing("b", 4, action(collateral=1, jurisdiction="TH")),
        thing("c", 20),
    ]
    assert told(network(nodes, "v>a>c v>b>c", budget=2, **limits))[0] == plan


def test_what_never_works_is_never_asked_for():
    nodes = [thing("v", 8), thing("a", 5, action(success=0)), thing("c", 8)]
    assert told(network(nodes, "v>a>c", budget=9)) == ([], 5, 5)


def test_a_free_action_is_taken_with_no_budget_at_all():
    nodes = [thing("v", 8), thing("a", 5, action(cost=0)), thing("c", 8)]
    assert told(network(nodes, "v>a>c", budget=0)) == (["a"], 5, 0)


def test_an_impossible_edge_carries_nothing_and_a_certain_one_everything():
    tree = network([thing("v", 8), thing("a", 5), thing("c", 8)], "v>a>c")
    for belief, flow in ((0, 0), (1, 5)):
        tree["edges"][0]["belief"] = belief
        assert answer(tree)["flow_before"] == flow


def test_over_many_worlds_a_doubtful_edge_carries_by_its_belief():
    tree = network([thing("v", 8), thing("a", 10), thing("c", 10)], "v>a>c", worlds=4000)
    tree["nodes"][0]["capacity"] = 10
    tree["edges"][0]["belief"] = 0.3
    said = answer(tree)
    assert said["flow_before"] == pytest.approx(3, abs=0.3)
    assert said["flow_before_heldout"] == pytest.approx(3, abs=0.3)
    assert said["flow_before_heldout"] != said["flow_before"]


def test_over_many_worlds_an_action_that_works_half_the_time_stops_half():
    nodes = [thing("v", 10), thing("a", 10, action(success=0.5)), thing("c", 10)]
    said = answer(network(nodes, "v>a>c", budget=1, worlds=2000))
    assert said["flow_after"] == pytest.approx(5, abs=0.4)
    assert said["band"] == [0, 10]
