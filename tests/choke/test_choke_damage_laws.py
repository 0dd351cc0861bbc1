"""Laws of the damage model: what raises the flow, what lowers it, and what it cannot notice."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from choke_chains import action, all_plans, chain_trees, network, straight, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.harm import kept_down, prepare, with_replacement_times
from chokepoint.choke.network import merge_edges, read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.ties import ties_of
from chokepoint.choke.worlds import CHOOSING


def model(tree):
    read = read_network(tree)
    return prepare(read, read.worlds, CHOOSING)


def before(tree):
    return model(tree).value(())


def plain(**how):
    """Trees without dependencies and stand-ins."""
    return chain_trees(extras=False, **how)


@settings(max_examples=50, deadline=None)
@given(tree=plain(), at=st.integers(0, 7), more=st.integers(1, 5))
def test_more_capacity_anywhere_never_lowers_the_flow(tree, at, more):
    wider = copy.deepcopy(tree)
    wider["nodes"][at % len(tree["nodes"])]["capacity"] += more
    gain = before(wider) - before(tree)
    assert -1e-9 <= gain <= more * sum(stage["weight"] for stage in tree["stages"]) + 1e-9


@settings(max_examples=50, deadline=None)
@given(tree=plain(), pair=st.tuples(st.integers(0, 7), st.integers(0, 7)))
def test_a_further_edge_never_lowers_the_flow(tree, pair):
    size = len(tree["nodes"])
    more = copy.deepcopy(tree)
    more["edges"].append({"from": f"n{pair[0] % size}", "to": f"n{pair[1] % size}", "belief": 1.0})
    assert before(more) >= before(tree) - 1e-9


@settings(max_examples=50, deadline=None)
@given(tree=plain(), at=st.integers(0, 50))
def test_a_likelier_edge_never_lowers_the_flow(tree, at):
    surer = copy.deepcopy(tree)
    surer["edges"][at % len(tree["edges"])]["belief"] = 1.0
    read, other = read_network(tree), read_network(surer)
    if (read.belief < 1).any() and (other.belief < 1).any():
        assert before(surer) >= before(tree) - 1e-9


@settings(max_examples=50, deadline=None)
@given(tree=plain(doubt=False))
def test_no_more_flows_than_the_victims_hold_or_the_cash_outs_take(tree):
    weight = sum(stage["weight"] for stage in tree["stages"])
    for role in ("victim", "cash-out"):
        room = sum(node["capacity"] for node in tree["nodes"] if node["role"] == role)
        assert before(tree) <= room * weight + 1e-9


@settings(max_examples=40, deadline=None)
@given(tree=plain())
def test_the_flow_walked_backwards_is_the_same(tree):
    back = copy.deepcopy(tree)
    swap = {"victim": "cash-out", "cash-out": "victim", None: None}
    for node in back["nodes"]:
        node["role"] = swap[node["role"]]
    for edge in back["edges"]:
        edge["from"], edge["to"], edge["belief"] = edge["to"], edge["from"], 1.0
    forth = copy.deepcopy(tree)
    for edge in forth["edges"]:
        edge["belief"] = 1.0
    assert before(back) == pytest.approx(before(forth))


@settings(max_examples=40, deadline=None)
@given(tree=plain(), at=st.integers(0, 7))
def test_a_node_split_into_two_in_a_row_carries_what_it_did(tree, at):
    for edge in tree["edges"]:
        edge["belief"] = 1.0
    chosen = tree["nodes"][at % len(tree["nodes"])]
    split = copy.deepcopy(tree)
    front = {**copy.deepcopy(chosen), "id": "front", "modes": []}
    back = split["nodes"][at % len(tree["nodes"])]
    if chosen["role"] == "victim":
        back["role"] = None
    elif chosen["role"] == "cash-out":
        front["role"] = None
    else:
        front["role"] = None
    split["nodes"].append(front)
    for edge in split["edges"]:
        if edge["to"] == chosen["id"]:
            edge["to"] = "front"
    split["edges"].append({"from": "front", "to": chosen["id"], "belief": 1.0})
    if chosen["role"] != "victim" or not any(edge["to"] == chosen["id"] for edge in tree["edges"]):
        assert before(split) == pytest.approx(before(tree))


@settings(max_examples=40, deadline=None)
@given(tree=plain(), parts=st.integers(2, 4))
def test_a_node_split_into_equals_side_by_side_carries_what_it_did(tree, parts):
    for edge in tree["edges"]:
        edge["belief"] = 1.0
    chosen = tree["nodes"][0]
    split = copy.deepcopy(tree)
    share = chosen["capacity"] / parts
    split["nodes"][0]["capacity"] = share
    for part in range(1, parts):
        split["nodes"].append({**copy.deepcopy(chosen), "id": f"part{part}", "capacity": share, "modes": []})
        for edge in tree["edges"]:
            if chosen["id"] in (edge["from"], edge["to"]):
                renamed = {
                    end: f"part{part}" if edge[end] == chosen["id"] else edge[end] for end in ("from", "to")
                }
                split["edges"].append({**renamed, "belief": 1.0})
    assert before(split) == pytest.approx(before(tree))


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(), factor=st.sampled_from([0.001, 3.0, 1e6]))
def test_scaling_all_amounts_scales_every_value(tree, factor):
    scaled = copy.deepcopy(tree)
    for node in scaled["nodes"]:
        node["capacity"] *= factor
    one, two = model(tree), model(scaled)
    for plan in all_plans(one)[:20]:
        assert two.value(plan) == pytest.approx(factor * one.value(plan), rel=1e-9, abs=1e-9 * factor)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(), factor=st.sampled_from([0.25, 7.0]))
def test_scaling_all_weights_scales_every_value(tree, factor):
    scaled = {**tree, "stages": [{**one, "weight": factor * one["weight"]} for one in tree["stages"]]}
    one, two = model(tree), model(scaled)
    for plan in all_plans(one)[:20]:
        assert two.value(plan) == pytest.approx(factor * one.value(plan))


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees(), factor=st.sampled_from([0.5, 10.0]))
def test_another_unit_of_time_changes_nothing(tree, factor):
    other = copy.deepcopy(tree)
    for stage in other["stages"]:
        stage["at_day"] *= factor
    for node in other["nodes"]:
        for mode in node["modes"]:
            if mode["replacement_days"]:
                mode["replacement_days"] *= factor
    for pair in other.get("substitutes", []):
        pair["after_days"] *= factor
    one, two = model(tree), model(other)
    for plan in all_plans(one)[:20]:
        assert two.value(plan) == pytest.approx(one.value(plan), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_one_stage_in_two_of_half_the_weight_changes_nothing(tree):
    first, second = tree["stages"]
    half = {**first, "weight": first["weight"] / 2}
    one, two = model(tree), model({**tree, "stages": [half, second, half]})
    for plan in all_plans(one)[:20]:
        assert two.value(plan) == pytest.approx(one.value(plan))


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_the_value_is_the_mean_over_worlds_and_the_sum_over_stages(tree):
    harm = model(tree)
    for plan in all_plans(harm)[:10]:
        flows = harm.flows(plan)
        assert harm.by_world(flows).mean() == pytest.approx(harm.value(plan))
        assert float(harm.by_stage(flows) @ harm.network.weight) == pytest.approx(harm.value(plan))


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_flow_never_grows_by_a_plan_that_hits_what_nothing_depends_on(tree):
    harm = model(tree)
    network_ = harm.network
    tied = {s for need in network_.dependencies for s in need.needs_any} | set(
        network_.substitutes.hit.tolist()
    )
    for mode in range(network_.modes.node.size):
        node = int(network_.modes.node[mode])
        if harm.place[node] < 0 and node not in tied:
            assert harm.value((mode,)) == pytest.approx(harm.value(()))


@pytest.mark.parametrize(
    ("days", "stage", "left"),
    [(10.0, 0.0, 1.0), (10.0, 10.0, np.exp(-1)), (0.0, 0.0, 0.0), (np.inf, 1e9, 1.0), (1e-300, 1.0, 0.0)],
)
def test_what_is_left_of_a_hit_by_replacement_time_and_day(days, stage, left):
    tree = straight(5, 3, 4, stages=[{"at_day": stage}])
    tree["nodes"][1]["modes"][0]["replacement_days"] = None if np.isinf(days) else days
    assert kept_down(read_network(tree)) == pytest.approx(np.array([[left]]))


@pytest.mark.parametrize("factor", [0.5, 2.0, 1e6])
def test_never_and_at_once_stay_what_they_are_at_any_speed(factor):
    nodes = [thing("v", 9), thing("a", 5, action(), action("freeze", replacement_days=0)), thing("c", 9)]
    harm = prepare(read_network(network(nodes, "v>a>c")), 1, CHOOSING)
    assert kept_down(with_replacement_times(harm, factor).network).tolist() == [[1.0], [0.0]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0.01, 1)), max_size=12))
def test_parallel_reports_of_an_edge_are_independent(rows):
    ends = np.array([(a, b) for a, b, _ in rows], np.int64).reshape(-1, 2)
    src, dst, belief = merge_edges(ends, np.array([b for *_, b in rows]), 4)
    wanted = {}
    for a, b, chance in rows:
        wanted[a, b] = 1 - (1 - wanted.get((a, b), 0.0)) * (1 - chance)
    found = {(int(a), int(b)): float(c) for a, b, c in zip(src, dst, belief, strict=True)}
    assert found == {pair: pytest.approx(chance) for pair, chance in wanted.items()}
    assert sorted(found) == list(found)


def test_ties_name_who_needs_whom_and_who_waits_for_whom():
    nodes = [thing(name, 1) for name in ("v", "a", "b", "d", "e", "c")]
    tree = network(
        nodes, "v>a>c",
        dependencies=[{"node": "a", "needs_any": ["b", "d"]}, {"node": "b", "needs_any": ["e"]}],
        substitutes=[{"for": "a", "id": "e", "after_days": 1}, {"for": "b", "id": "e", "after_days": 2}],
    )  # fmt: skip
    read = read_network(tree)
    ties = ties_of(read)
    at = read.ids.index
    assert {node: [need.needs_any for need in needs] for node, needs in ties.needs.items()} == {
        at("a"): [(at("b"), at("d"))],
        at("b"): [(at("e"),)],
    }
    assert ties.dependants == {at("b"): [at("a")], at("d"): [at("a")], at("e"): [at("b")]}
    assert ties.called_by == {at("a"): [at("e")], at("b"): [at("e")]}
    assert ties.waiting == {at("e"): [0, 1]}
    assert ties.idle == {at("b")}


def test_a_network_without_ties_has_none():
    ties = ties_of(read_network(straight(5, 3, 4)))
    assert (ties.needs, ties.dependants, ties.called_by, ties.waiting, ties.idle) == (
        {},
        {},
        {},
        {},
        frozenset(),
    )


@settings(max_examples=20, deadline=None)
@given(tree=chain_trees(), more=st.integers(1, 6))
def test_a_larger_budget_or_collateral_limit_never_leaves_more(tree, more):
    read = read_network(tree)
    plain_answer = make_plan(read).document
    richer = make_plan(read, budget=read.budget + more).document
    tiny = 1e-5 * max(plain_answer["flow_before"], 1)
    assert richer["flow_after"] <= plain_answer["flow_after"] + tiny
    assert richer["bound"] <= plain_answer["flow_after"] + tiny
    if "collateral_limit" in tree:
        looser = {**tree, "collateral_limit": tree["collateral_limit"] + more}
        assert make_plan(read_network(looser)).document["flow_after"] <= plain_answer["flow_after"] + tiny


@settings(max_examples=20, deadline=None)
@given(tree=plain(), seed=st.integers(0, 10**6))
def test_other_names_leave_as_much_where_nothing_is_in_doubt(tree, seed):
    for edge in tree["edges"]:
        edge["belief"] = 1.0
    for node in tree["nodes"]:
        for mode in node["modes"]:
            mode["success"] = 1.0
    names = [f"x{at}" for at in np.random.default_rng(seed).permutation(len(tree["nodes"])).tolist()]
    new = {node["id"]: name for node, name in zip(tree["nodes"], names, strict=True)}
    other = copy.deepcopy(tree)
    for node in other["nodes"]:
        node["id"] = new[node["id"]]
    for edge in other["edges"]:
        edge["from"], edge["to"] = new[edge["from"]], new[edge["to"]]
    one, two = (make_plan(read_network(each)).document for each in (tree, other))
    for key in ("flow_before", "flow_after", "bound"):
        assert two[key] == pytest.approx(one[key], abs=1e-5 * max(one["flow_before"], 1))
