"""Odd networks through the whole engine: each is answered plainly or refused with place and mend (issue 4)."""

from __future__ import annotations

import json
import math

import pytest
from choke_chains import action, network, straight, thing

from chokepoint.choke.network import MOST_STAGES, MOST_WORLDS, read_network
from chokepoint.choke.plan import make_plan
from chokepoint.model.errors import BadInputError, RefusedError


def answer(tree):
    said = make_plan(read_network(tree)).document
    json.dumps(said, allow_nan=False)
    return said


def refused(tree, error=BadInputError):
    with pytest.raises(error) as caught:
        read_network(tree)
    assert caught.value.mend
    return caught.value


def nodes(*middle):
    return [thing("v", 9), *middle, thing("c", 9)]


CYCLE = network(nodes(thing("a", 5, action()), thing("b", 7)), "v>a>b>a>c", budget=1)
TWO_CYCLES = network(
    nodes(thing("a", 5, action()), thing("b", 4), thing("d", 4)), "v>a>b>d>a>c d>b", budget=1
)
BACK = network(nodes(thing("a", 5, action())), "v>a>c>a>v", budget=1)
MULTI = network(nodes(thing("a", 5, action())), "v>a>c", budget=1)
MULTI["edges"] *= 50
LOOPS = network(nodes(thing("a", 5, action())), "v>a>c v>v a>a c>c", budget=1)


@pytest.mark.parametrize(
    "tree",
    [CYCLE, TWO_CYCLES, BACK, MULTI, LOOPS],
    ids=["cycle", "two cycles", "back", "multi-edges", "self-loops"],
)
def test_the_shape_of_the_graph_does_not_bend_the_answer(tree):
    said = answer(tree)
    assert (said["flow_before"], said["flow_after"]) == (5, 0)
    assert said["plan"] == [{"id": "a", "mode": "takedown"}]


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        (network(nodes(thing("a", 5, action())), "", budget=1), "0 edges"),
        (network(nodes(thing("a", 5, action())), "v>a", budget=1), "the cash-out is cut off"),
        (network(nodes(thing("a", 5, action())), "a>c", budget=1), "the victim is cut off"),
        (network(nodes(thing("a", 5, action()), thing("b", 5)), "v>a b>c", budget=1), "two islands"),
        (network(nodes(thing("a", 5, action())), "c>a>v", budget=1), "all edges run backwards"),
        (network([thing("v", 9), thing("a", 5, action())], "v>a", budget=1), "no cash-out"),
        (network([thing("a", 5, action()), thing("c", 9)], "a>c", budget=1), "no victim"),
        (network(nodes(thing("a", 0, action())), "v>a>c", budget=1), "zero capacity in the middle"),
        (network([thing("v", 5, action())], "", budget=1), "one node"),
        (network([thing("x", 5, action())], "x>x", budget=1), "one node with a loop"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_where_nothing_flows_nothing_is_struck_and_it_is_said(tree, why):
    said = answer(tree)
    assert (said["plan"], said["cost"], said["flow_before"], said["gap"]) == ([], 0, 0, 0), why
    roles = {node["role"] for node in tree["nodes"]}
    absent = " or ".join(role for role in ("victim", "cash-out") if role not in roles)
    lacks = f": no node has the role {absent}" if absent else ""
    assert said["why_no_plan"] == f"no flow leads from a victim to a cash-out{lacks}"


def test_with_all_targets_excluded_what_flows_is_still_told():
    said = answer(network(nodes(thing("a", 5)), "v>a>c", budget=99))
    assert (said["plan"], said["flow_before"], said["flow_after"], said["bound"]) == ([], 5, 5, 5)
    assert (said["gap"], said["what_if"]) == (0, [])


def test_a_budget_of_0_buys_nothing_and_has_no_gap():
    said = answer(network(nodes(thing("a", 5, action(cost=1e-9))), "v>a>c", budget=0))
    assert said["flow_after"] >= 0
    assert said["gap"] == 0


@pytest.mark.parametrize("capacity", [None, math.inf], ids=["null", "infinity"])
def test_a_chain_of_unlimited_nodes_carries_what_its_limited_ones_allow(capacity):
    tree = network(nodes(thing("a", capacity, action())), "v>a>c", budget=1)
    assert answer(tree)["flow_before"] == 9


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e6, 1e12])
def test_amounts_of_any_size_are_answered_to_scale(scale):
    said = answer(straight(5 * scale, 3 * scale, 4 * scale, budget=1))
    assert said["flow_before"] == pytest.approx(3 * scale)
    assert said["flow_after"] == pytest.approx(0, abs=1e-6 * scale)


def test_amounts_of_very_different_size_stand_side_by_side():
    inner = [thing("a", 1e-6, action()), thing("b", 1e9, action())]
    tree = network([thing("v", 1e12), *inner, thing("c", 1e12)], "v>a>c v>b>c", budget=1)
    said = answer(tree)
    assert [row["id"] for row in said["plan"]] == ["b"]


@pytest.mark.parametrize("weight", [0, 1e-12, 1e12])
def test_any_weight_of_a_stage_is_taken(weight):
    said = answer(straight(5, 3, 4, budget=1, stages=[{"at_day": 1, "weight": weight}]))
    assert said["flow_before"] == pytest.approx(3 * weight)


@pytest.mark.parametrize("count", [1, MOST_STAGES])
def test_as_many_stages_as_are_allowed_are_answered(count):
    stages = [{"at_day": day, "weight": 1 / count} for day in range(count)]
    assert answer(straight(5, 3, 4, budget=1, stages=stages))["flow_before"] == pytest.approx(3)


def test_stages_in_any_order_and_twice_on_a_day_are_answered():
    stages = [{"at_day": day, "weight": 1} for day in (90, 1, 1, 30)]
    said = answer(straight(5, 3, 4, budget=1, stages=stages))
    assert [row["at_day"] for row in said["stages"]] == [90, 1, 1, 30]
    assert said["flow_before"] == 12


@pytest.mark.parametrize("worlds", [1, 2, MOST_WORLDS])
def test_any_allowed_number_of_worlds_is_answered(worlds):
    tree = straight(5, 3, 4, budget=1, worlds=worlds)
    tree["edges"][0]["belief"] = 0.5
    assert answer(tree)["worlds"] == worlds


@pytest.mark.parametrize("worlds", [0, MOST_WORLDS + 1, -1, True, 1.0, "4", None])
def test_another_number_of_worlds_is_refused_at_its_place(worlds):
    assert refused(straight(5, 3, 4, worlds=worlds)).place == "/worlds"


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_any_seed_in_range_is_taken(seed):
    assert read_network(straight(5, 3, 4, seed=seed)).seed == seed


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "7", True, None])
def test_another_seed_is_refused_at_its_place(seed):
    assert refused(straight(5, 3, 4, seed=seed)).place == "/seed"


@pytest.mark.parametrize(
    "name",
    [
        "\u202eevil",
        "a\u200bb",
        "раураl",
        "x\0y",
        "\ud800",
        "💰",
        "../../etc/passwd",
        "$(rm -rf)",
        "'; DROP",
        " ",
    ],
    ids=[
        "right to left",
        "zero width",
        "homograph",
        "NUL",
        "surrogate",
        "emoji",
        "path",
        "shell",
        "sql",
        "blank",
    ],
)
def test_any_text_may_be_an_id_and_comes_back_as_it_was(name):
    tree = network([thing("v", 9), {**thing("x", 5, action()), "id": name}, thing("c", 9)], "", budget=1)
    tree["edges"] = [{"from": "v", "to": name}, {"from": name, "to": "c"}]
    assert make_plan(read_network(tree)).document["plan"] == [{"id": name, "mode": "takedown"}]


def test_ids_that_look_alike_are_different_nodes():
    look = ["a", "а", "A", "a\u200b"]
    inner = [{**thing("x", 2, action()), "id": name} for name in look]
    tree = network([thing("v", 99), *inner, thing("c", 99)], "", budget=4)
    tree["edges"] = [{"from": a, "to": b} for name in look for a, b in (("v", name), (name, "c"))]
    said = answer(tree)
    assert said["flow_before"] == 8
    assert {row["id"] for row in said["plan"]} == set(look)


def test_a_number_and_its_digits_are_the_same_id():
    tree = network([thing("v", 9), {**thing("x", 5, action()), "id": 7}, thing("c", 9)], "", budget=1)
    tree["edges"] = [{"from": "v", "to": "7"}, {"from": 7, "to": "c"}]
    assert answer(tree)["flow_before"] == 5


def test_unknown_keys_are_let_be():
    tree = straight(5, 3, 4, budget=1, colour="red", comment=["x"] * 9)
    tree["nodes"][1]["icon"] = {"deep": [1, 2, {"deeper": None}]}
    assert answer(tree)["flow_before"] == 3


@pytest.mark.parametrize("mode", ["takedown", "seizure", "freeze", "arrest", "sanction", "notification"])
def test_shared_infrastructure_is_refused_with_the_place_of_the_mode(mode):
    tree = network(nodes({**thing("a", 5, action(mode)), "shared": True}), "v>a>c")
    error = refused(tree, RefusedError)
    assert error.place == "/nodes/1/modes/0/mode"
    assert mode in error.reason


@pytest.mark.parametrize("mode", ["takedown", "seizure", "freeze", "arrest", "sanction"])
def test_what_belongs_to_a_victim_is_refused_with_the_place_of_the_mode(mode):
    tree = network(nodes({**thing("a", 5, action(mode)), "victim_asset": True}), "v>a>c")
    assert refused(tree, RefusedError).place == "/nodes/1/modes/0/mode"


def test_shared_infrastructure_may_be_asked_and_counts_in_the_plan():
    tree = network(nodes({**thing("a", 5, action("cooperation")), "shared": True}), "v>a>c", budget=1)
    assert answer(tree)["plan"] == [{"id": "a", "mode": "cooperation"}]


def test_a_dependency_on_itself_is_only_its_own_share():
    tree = network(nodes(thing("a", 5, action())), "v>a>c", budget=1)
    tree["dependencies"] = [{"node": "a", "needs_any": ["a"]}]
    said = answer(tree)
    assert (said["flow_before"], said["flow_after"]) == (5, 0)


def test_dependencies_in_a_ring_are_answered():
    tree = network(nodes(thing("a", 5, action()), thing("b", 5)), "v>a>b>c", budget=1)
    tree["dependencies"] = [{"node": "a", "needs_any": ["b"]}, {"node": "b", "needs_any": ["a"]}]
    assert answer(tree)["flow_after"] == 0


def test_substitutes_in_a_ring_never_start_each_other():
    tree = network(nodes(thing("a", 5, action()), thing("b", 5, action())), "v>a>c v>b>c", budget=2)
    tree["substitutes"] = [
        {"for": "a", "id": "b", "after_days": 0},
        {"for": "b", "id": "a", "after_days": 0},
    ]
    said = answer(tree)
    assert (said["flow_before"], said["plan"]) == (0, [])
    assert said["why_no_plan"].startswith("no flow")


def test_a_victim_that_is_a_stand_in_loses_nothing_until_it_is_called():
    tree = network([thing("v", 9), thing("v2", 9), thing("a", 20, action()), thing("c", 20)], "v>a>c v2>a")
    tree["substitutes"] = [{"for": "a", "id": "v2", "after_days": 0}]
    assert answer(tree)["flow_before"] == 9
