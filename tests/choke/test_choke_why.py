"""Why there is no plan, and why not the biggest hub: each reason by the smallest chain that has it."""

from __future__ import annotations

import pytest
from choke_chains import action, chain_trees, network, straight, thing
from hypothesis import given, settings

from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan


def chain(*modes, capacity=7, **more):
    """v > a > c, with these actions on a."""
    nodes = [thing("v", None), thing("a", capacity, *modes), thing("c", None)]
    return network(nodes, "v>a>c", **{"budget": 5, **more})


def told(tree):
    return make_plan(read_network(tree)).document


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        pytest.param(chain(), "nobody can act on anything that the flow passes", id="no action"),
        pytest.param(
            chain(action(cost=2), budget=1.5),
            "the cheapest action that would last costs 2, and the budget is 1.5",
            id="too dear",
        ),
        pytest.param(
            chain(action(cost=9), action("freeze", cost=3), action("arrest", cost=1, success=0), budget=0),
            "the cheapest action that would last costs 3, and the budget is 0",
            id="the cheapest that works",
        ),
        pytest.param(
            chain(action(collateral=3), collateral_limit=1),
            "no action that would last keeps to the budget, the collateral limit and the caps",
            id="too harmful",
        ),
        pytest.param(
            chain(action(jurisdiction="NL"), caps={"NL": 0}),
            "no action that would last keeps to the budget, the collateral limit and the caps",
            id="capped",
        ),
        pytest.param(
            chain(action(replacement_days=0)),
            "no action on what the flow passes would last: each fails in every sampled world or is undone before "
            "a stage counts",
            id="replaced at once",
        ),
        pytest.param(
            network([thing("v", 1), thing("a", 1)], "v>a"),
            "no flow leads from a victim to a cash-out: no node has the role cash-out",
            id="no cash-out",
        ),
        pytest.param(
            network([thing("a", 1), thing("b", 1)], "a>b"),
            "no flow leads from a victim to a cash-out: no node has the role victim or cash-out",
            id="neither end",
        ),
        pytest.param(
            network([thing("v", 1), thing("a", 1), thing("c", 1)], "v>a c>a"),
            "no flow leads from a victim to a cash-out",
            id="both ends and no way",
        ),
        pytest.param(
            network(
                [thing("v", 1), thing("a", 9, action()), thing("b", 9, action()), thing("c", None)],
                "v>a>c v>b>c", budget=1,
            ),
            "no action that fits, nor any together, lowers the flow",
            id="only both together",
        ),
        pytest.param(chain(action()), "", id="there is a plan"),
    ],
)  # fmt: skip
def test_an_empty_plan_says_why(tree, why):
    document = told(tree)
    assert document["why_no_plan"] == why
    assert bool(document["plan"]) == (why == "")


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_there_is_a_reason_just_where_there_is_no_plan(tree):
    document = told(tree)
    assert bool(document["why_no_plan"]) != bool(document["plan"])


def hub_of(*hub_modes, budget=1.0, capacity=9, extra="", **more):
    """Two ways through one hub h, whose neighbours a and b can be struck for 1 each."""
    nodes = [
        thing("v", None),
        thing("a", 2, action()),
        thing("b", 5, action()),
        thing("h", capacity, *hub_modes),
        thing("c", None),
        thing("x", 1),
        thing("y", 1),
    ]
    tree = network(nodes, f"v>a>h>c v>b>h x>h h>y {extra}".strip(), budget=budget, **more)
    return told(tree)


def test_a_hub_on_which_nobody_can_act_is_told_as_such():
    hub = hub_of()["biggest_hub"]
    assert hub == {"id": "h", "links": 5, "in_plan": False, "reason": "nobody can act on it"}


def test_a_hub_in_the_plan_is_told_as_such():
    hub = hub_of(action(cost=1))["biggest_hub"]
    assert (hub["in_plan"], hub["reason"]) == (True, "it is in the plan")


def test_a_hub_that_is_too_dear_is_told_as_such():
    assert hub_of(action(cost=4))["biggest_hub"]["reason"] == "no action on it keeps to the limits and lasts"


def test_a_hub_that_a_weak_action_stops_little_of_is_told_beside_the_plan():
    document = hub_of(action("notification", cost=1, success=1, replacement_days=4))
    hub = document["biggest_hub"]
    assert [one["id"] for one in document["plan"]] == ["b"]
    assert hub["reason"].startswith("notification of it stops ") or hub["reason"].endswith("nothing alone")
    assert not hub["in_plan"]


def test_a_hub_beside_the_flow_is_told_as_such():
    nodes = [thing("v", None), thing("a", 2, action()), thing("c", None)]
    nodes += [thing("s", 1, action()), thing("x", 1), thing("y", 1), thing("z", 1)]
    hub = told(network(nodes, "v>a>c x>s y>s z>s", budget=1))["biggest_hub"]
    assert (hub["id"], hub["links"], hub["reason"]) == ("s", 3, "no flow passes it")


def test_of_equal_hubs_the_first_is_told_and_without_ways_none():
    assert told(straight(5, 4, 4, 5, budget=1))["biggest_hub"]["id"] == "v1"
    assert told(network([thing("v", 1)], ""))["biggest_hub"] is None


@pytest.mark.parametrize(
    ("capacity", "loose"), [(None, True), (7, False), (0, False)], ids=["unknown", "known", "nothing"]
)
def test_where_no_capacity_on_a_way_is_known_the_figures_are_called_shares(capacity, loose):
    note = told(chain(action(), capacity=capacity))["note"]
    assert ("only shares mean anything" in note) == loose


def test_one_known_capacity_on_each_way_is_enough():
    nodes = [thing("v", None), thing("a", None), thing("b", 3, action()), thing("c", None)]
    assert "only shares" not in told(network(nodes, "v>a>b>c", budget=1))["note"]
    assert "only shares" in told(network(nodes, "v>a>b>c a>c", budget=1))["note"]
