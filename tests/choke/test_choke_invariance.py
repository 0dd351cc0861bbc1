"""What must not change an answer: names, units, dead ends, threads, and the flow that a row starts from."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from choke_chains import chain_trees, straight
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from chokepoint.choke import sweep
from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.solve import solve
from chokepoint.choke.sweep import side_by_side
from chokepoint.choke.worlds import CHOOSING


def prepared(tree):
    network = read_network(tree)
    return prepare(network, network.worlds, CHOOSING)


def solved(tree):
    harm = prepared(tree)
    return solve(harm, limits_of(harm, harm.network.budget))


def random_rows(harm, seed):
    """Whole capacities that grow and shrink from row to row."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 9, (harm.row_weight.size, harm.core.size)).astype(np.float64)


@settings(max_examples=80, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_a_row_that_starts_from_the_one_before_ends_where_it_would_alone(tree, seed):
    harm = prepared(tree)
    capacity = random_rows(harm, seed)
    together = harm.run(capacity)
    alone = [harm.cut_rows(capacity[r : r + 1], slice(r, r + 1)) for r in range(capacity.shape[0])]
    assert together.tolist() == [float(flow[0]) for flow, _, _ in alone]
    flow, cut, _ = harm.cut(capacity)
    assert flow.tolist() == together.tolist()
    assert np.array_equal(cut, np.concatenate([one for _, one, _ in alone]))


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_flows_are_those_of_another_implementation(tree, seed):
    harm = prepared(tree)
    capacity = random_rows(harm, seed)
    n = harm.core.size
    role = harm.network.role[harm.core]
    for row, found in enumerate(harm.run(capacity)):
        alive = harm.alive[harm.row_world[row]]
        arcs = [(v, n + v, int(capacity[row, v])) for v in range(n)]
        arcs += [(n + int(a), int(b), 99) for a, b in zip(*(end[alive] for end in harm.ends), strict=True)]
        arcs += [(2 * n, v, 99) for v in range(n) if role[v] == 1]
        arcs += [(n + v, 2 * n + 1, 99) for v in range(n) if role[v] == 2]
        tail, head, room = (list(column) for column in zip(*arcs, strict=True)) if arcs else ([], [], [])
        table = csr_array((np.array(room, np.int32), (tail, head)), shape=(2 * n + 2, 2 * n + 2))
        assert found == (maximum_flow(table, 2 * n, 2 * n + 1).flow_value if n else 0)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_a_cut_carries_exactly_the_flow(tree, seed):
    harm = prepared(tree)
    capacity = random_rows(harm, seed)
    flow, cut, carried = harm.cut(capacity)
    assert np.where(cut, capacity, 0).sum(axis=1).tolist() == flow.tolist()
    assert bool((carried <= capacity + 1e-9).all())
    assert np.array_equal(carried[cut], capacity[cut])


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_more_threads_change_nothing(tree, seed):
    harm = prepared(tree)
    capacity = random_rows(harm, seed)
    one = harm.cut(capacity)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "WORTH_A_THREAD", 0)
        patch.setattr(sweep.os, "cpu_count", lambda: 3)
        many = harm.cut(capacity)
    for a, b in zip(one, many, strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("rows", [1, 4, 12, 30, 64])
@pytest.mark.parametrize("together", [1, 4, 7])
def test_parts_cover_all_rows_once_and_keep_worlds_whole(monkeypatch, rows, together):
    monkeypatch.setattr(sweep, "WORTH_A_THREAD", 0)
    monkeypatch.setattr(sweep.os, "cpu_count", lambda: 4)
    parts = list(side_by_side(lambda part: part, rows, 10, together=together))
    assert [row for part in parts for row in range(part.start, part.stop)] == list(range(rows))
    assert all(part.start % together == 0 for part in parts)


@pytest.mark.parametrize("rows", [1, 40, 1_000])
def test_parts_are_the_same_on_any_number_of_cores(monkeypatch, rows):
    monkeypatch.setattr(sweep, "WORTH_A_THREAD", 0)
    found = []
    for cores in (None, 1, 2, 64):
        monkeypatch.setattr(sweep.os, "cpu_count", lambda cores=cores: cores)
        found.append(list(side_by_side(lambda part: part, rows, 10, together=4)))
    assert all(parts == found[0] for parts in found)


def test_a_fault_in_one_part_is_told_and_no_part_is_left_out(monkeypatch):
    monkeypatch.setattr(sweep, "WORTH_A_THREAD", 0)

    def work(part):
        if part.start == 8:
            raise MemoryError("no room")
        return part

    with pytest.raises(MemoryError, match="no room"):
        list(side_by_side(work, 16, 10, together=4))


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_a_part_that_no_flow_reaches_changes_nothing(tree):
    grown = copy.deepcopy(tree)
    mode = {"mode": "arrest", "cost": 0.5, "success": 1, "replacement_days": None}
    grown["nodes"] += [{"id": f"far{at}", "capacity": 5, "role": None, "modes": [mode]} for at in range(3)]
    grown["edges"] += [{"from": "far0", "to": "far1"}, {"from": "far1", "to": "far2"}]
    one, two = solved(tree), solved(grown)
    assert two.after == pytest.approx(one.after, abs=1e-5 * max(one.before, 1))
    assert two.before == pytest.approx(one.before)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(extras=False), factor=st.sampled_from([0.25, 3.0, 1000.0]))
def test_another_unit_of_cost_changes_nothing(tree, factor):
    other = copy.deepcopy(tree)
    other["budget"] *= factor
    for node in other["nodes"]:
        for mode in node["modes"]:
            mode["cost"] *= factor
    one, two = solved(tree), solved(other)
    assert two.after == pytest.approx(one.after, abs=1e-5 * max(one.before, 1))


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(), factor=st.sampled_from([0.5, 4.0, 1e6]))
def test_another_unit_of_flow_scales_the_answer(tree, factor):
    other = copy.deepcopy(tree)
    for node in other["nodes"]:
        node["capacity"] *= factor
    one, two = solved(tree), solved(other)
    assert two.after == pytest.approx(one.after * factor, abs=1e-5 * max(two.before, 1))


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_self_loops_and_impossible_edges_change_nothing(tree):
    other = copy.deepcopy(tree)
    names = [node["id"] for node in other["nodes"]]
    other["edges"] += [{"from": name, "to": name} for name in names]
    other["edges"] += [{"from": names[0], "to": names[-1], "belief": 0}]
    one, two = solved(tree), solved(other)
    assert two.after == pytest.approx(one.after, abs=1e-5 * max(one.before, 1))


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(extras=False))
def test_a_cost_split_over_two_nodes_in_series_is_still_enough(tree):
    """A node cut in two halves of which each stops all: the cheaper half does what the whole did."""
    other = copy.deepcopy(tree)
    for node in list(other["nodes"]):
        if node["modes"] and node["role"] is None:
            twin = {**copy.deepcopy(node), "id": f"{node['id']}b"}
            for mode in twin["modes"]:
                mode["cost"] *= 3
            for edge in other["edges"]:
                if edge["from"] == node["id"] != edge["to"]:
                    edge["from"] = twin["id"]
            other["nodes"].append(twin)
            other["edges"].append({"from": node["id"], "to": twin["id"], "belief": 1})
    one, two = solved({**tree, "worlds": 1}), solved({**other, "worlds": 1})
    certain = all(e["belief"] == 1 for e in tree["edges"])
    certain &= all(m["success"] == 1 for n in tree["nodes"] for m in n["modes"])
    if certain:
        assert two.after <= one.after + 1e-5 * max(one.before, 1)


def test_a_cycle_of_flow_is_no_flow():
    tree = straight(9, 4, 4, 9, budget=0)
    tree["edges"].append({"from": "v2", "to": "v1"})
    assert make_plan(read_network(tree)).solution.before == 4


@pytest.mark.parametrize("capacity", [None, float("inf")], ids=["null", "infinity"])
def test_a_chain_without_any_limit_is_still_answered(capacity):
    tree = straight(1, 1, 1, budget=1)
    for node in tree["nodes"]:
        node["capacity"] = capacity
    answer = make_plan(read_network(tree)).document
    assert answer["plan"] == [{"id": "v1", "mode": "takedown"}]
    assert answer["flow_after"] == 0
