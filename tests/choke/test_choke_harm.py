"""The damage model against its definition, and the laws that it must keep."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from choke_chains import all_plans, chain_trees, slow_value, straight
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from chokepoint.choke.chain import CASH_OUT, VICTIM
from chokepoint.choke.harm import (
    kept_down,
    kept_down_lognormal,
    prepare,
    with_lognormal_times,
    with_replacement_times,
)
from chokepoint.choke.kernels import rows
from chokepoint.choke.network import read_network
from chokepoint.choke.worlds import CHOOSING, SCORING, sample_worlds


def model(tree, purpose=CHOOSING):
    network = read_network(tree)
    return prepare(network, network.worlds, purpose)


@settings(max_examples=100, deadline=None)
@given(tree=chain_trees(largest=5), pick=st.integers(0, 10**6))
def test_the_value_of_a_plan_is_its_definition(tree, pick):
    harm = model({**tree, "budget": 100.0})
    plans = all_plans(harm)
    for plan in {plans[pick % len(plans)], plans[-1], ()}:
        assert harm.value(plan) == pytest.approx(slow_value(harm, plan), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(n=st.integers(3, 40), seed=st.integers(0, 10**6))
def test_the_flow_of_a_random_graph_is_that_of_another_program(n, seed):
    rng = np.random.default_rng(seed)
    m = int(rng.integers(0, 4 * n))
    src, dst = rng.integers(0, n, m).astype(np.int32), rng.integers(0, n, m).astype(np.int32)
    capacity = rng.integers(0, 20, (4, n)).astype(np.float64)
    alive, world = rng.random((2, m)) < 0.8, np.array([0, 0, 0, 1], np.int32)
    role = np.zeros(n, np.int8)
    role[:2], role[n - 1] = VICTIM, CASH_OUT
    value, cut, carried = rows.cuts(role, src, dst, capacity, alive, world, carry=True)
    assert np.array_equal(value, rows.flows(role, src, dst, capacity, alive, world))
    assert np.array_equal(cut, rows.cuts(role, src, dst, capacity, alive, world, carry=False)[1])
    for row in range(4):
        table, here = np.zeros((2 * n + 2, 2 * n + 2), dtype=np.int32), alive[world[row]]
        table[np.arange(n), n + np.arange(n)] = capacity[row]
        table[n + src[here], dst[here]] = 10**6
        table[2 * n, :2] = table[2 * n - 1, 2 * n + 1] = 10**6
        assert value[row] == maximum_flow(csr_array(table), 2 * n, 2 * n + 1).flow_value
        assert carried[row, n - 1] == pytest.approx(value[row])
        assert carried[row, :2].sum() == pytest.approx(value[row])
        assert capacity[row][cut[row]].sum() == pytest.approx(value[row])
        assert np.all(carried[row] <= capacity[row] + 1e-9)


@settings(max_examples=100, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_the_order_of_the_document_changes_nothing(tree, seed):
    shuffled = {**tree, "nodes": list(tree["nodes"]), "edges": list(tree["edges"])}
    rng = np.random.default_rng(seed)
    rng.shuffle(shuffled["nodes"])
    rng.shuffle(shuffled["edges"])
    assert model(shuffled).value(()) == pytest.approx(model(tree).value(()), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees())
def test_a_part_that_reaches_nothing_changes_nothing(tree):
    modes = [{"mode": "arrest", "cost": 1, "success": 0.5, "replacement_days": 3}]
    grown = {
        **tree,
        "nodes": [
            {"id": "far1", "capacity": 3, "role": "victim"},
            *tree["nodes"],
            {"id": "far2", "capacity": 3, "modes": modes},
        ],
        "edges": [{"from": "far1", "to": "far2", "belief": 0.5}, *tree["edges"]],
    }
    assert model(grown).value(()) == pytest.approx(model(tree).value(()), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees(extras=False), pick=st.integers(0, 10**6))
def test_without_substitutes_another_action_never_raises_the_flow(tree, pick):
    harm = model({**tree, "budget": 100.0})
    plans = all_plans(harm)
    plan = plans[pick % len(plans)]
    for left_out in plan:
        assert harm.value(plan) <= harm.value(tuple(m for m in plan if m != left_out)) + 1e-9


def test_half_of_a_hit_is_back_after_ln2_replacement_times():
    tree = straight(8, 8, 8)
    tree["nodes"][1]["modes"][0]["replacement_days"] = 10 / math.log(2)
    harm = model(tree)
    assert harm.value((0,)) == pytest.approx(4)


@pytest.mark.parametrize(
    ("days", "day", "left"), [(0, 0, 0), (0, 5, 0), (None, 5, 1), (None, 0, 1), (3, 0, 1)]
)
def test_what_comes_back_at_once_or_never(days, day, left):
    tree = straight(1, 1, 1, stages=[{"at_day": day, "weight": 1}])
    tree["nodes"][1]["modes"][0]["replacement_days"] = days
    assert kept_down(read_network(tree)).tolist() == [[left]]


def test_a_stand_in_carries_the_flow_only_after_its_switching_time():
    tree = straight(8, 8, 8, stages=[{"at_day": 5, "weight": 1}, {"at_day": 50, "weight": 1}])
    tree["nodes"].append({"id": "spare", "kind": "site", "capacity": 6})
    tree["edges"] += [{"from": "v0", "to": "spare"}, {"from": "spare", "to": "v2"}]
    tree["substitutes"] = [{"for": "v1", "id": "spare", "after_days": 20}]
    harm = model(tree)
    assert harm.by_stage(harm.flows(())).tolist() == [8, 8]
    assert harm.by_stage(harm.flows((0,))).tolist() == [0, 6]


def test_a_need_is_met_by_the_best_supplier_that_is_left():
    tree = straight(8, 8, 8)
    arrest = [{"mode": "arrest", "cost": 1, "success": 1, "replacement_days": None}]
    tree["nodes"] += [
        {"id": name, "kind": "kit", "capacity": 1, "modes": arrest} for name in ("kit1", "kit2")
    ]
    tree["dependencies"] = [{"node": "v2", "needs_any": ["kit1", "kit2"]}]
    harm = model(tree)
    assert [harm.value(plan) for plan in ((), (1,), (2,), (1, 2))] == [8, 8, 8, 0]


def test_no_victim_no_cash_out_no_edge_or_one_node_is_no_flow():
    for change in ({"edges": []}, {"nodes": straight(3)["nodes"], "edges": []}):
        assert model({**straight(3, 3, 3), **change}).value(()) == 0
    for at in (0, 2):
        tree = straight(3, 3, 3)
        tree["nodes"][at]["role"] = None
        assert model(tree).value(()) == 0


def test_a_cycle_carries_no_more_than_its_nodes():
    tree = straight(9, 4, 3, 9)
    tree["edges"] += [{"from": "v2", "to": "v1"}, {"from": "v1", "to": "v0"}, {"from": "v3", "to": "v0"}]
    assert model(tree).value(()) == 3


def test_choosing_and_scoring_look_at_different_worlds():
    tree = straight(*[5] * 40, worlds=64)
    for edge in tree["edges"]:
        edge["belief"] = 0.5
    network = read_network(tree)
    chosen, scored = sample_worlds(network, 64, CHOOSING), sample_worlds(network, 64, SCORING)
    assert not np.array_equal(chosen.alive, scored.alive)
    assert np.array_equal(chosen.alive, sample_worlds(network, 64, CHOOSING).alive)
    assert not np.array_equal(chosen.alive, sample_worlds(replace(network, seed=2), 64, CHOOSING).alive)
    assert not {row.tobytes() for row in chosen.alive} & {row.tobytes() for row in scored.alive}


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_worlds_draw_at_the_rate_of_the_belief(chance):
    tree = straight(*[5] * 60)
    for edge in tree["edges"]:
        edge["belief"] = chance
    for node in tree["nodes"][1:-1]:
        node["modes"][0]["success"] = chance
    worlds = sample_worlds(read_network(tree), 400, CHOOSING)
    assert worlds.alive.mean() == pytest.approx(chance, abs=0.02)
    assert worlds.success.mean() == pytest.approx(chance, abs=0.02)
    assert abs(np.corrcoef(worlds.alive[:, 0], worlds.alive[:, 1])[0, 1]) < 0.2
    assert abs(np.corrcoef(worlds.alive[:, 0], worlds.success[:, 0])[0, 1]) < 0.2


def test_more_worlds_keep_the_first_ones():
    tree = straight(*[5] * 20)
    tree["edges"][3]["belief"] = 0.5
    network = read_network(tree)
    few, many = sample_worlds(network, 5, CHOOSING), sample_worlds(network, 9, CHOOSING)
    assert np.array_equal(few.alive, many.alive[:5])


def test_a_network_without_doubt_has_one_world():
    assert model(straight(5, 5, 5, worlds=1000)).worlds.count == 1


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_slower_replacement_keeps_more_down(factor):
    tree = straight(8, 8, 8)
    tree["nodes"][1]["modes"][0]["replacement_days"] = 20
    harm = model(tree)
    now, then = (kept_down(one.network)[0, 0] for one in (harm, with_replacement_times(harm, factor)))
    assert then == pytest.approx(now ** (1 / factor))


def test_the_room_opens_without_loading_compilers():
    code = (
        "import sys, chokepoint.choke.plan, chokepoint.choke.dismantle, chokepoint.choke.structural, "
        "chokepoint.choke.edges; print([m for m in ('numba', 'scipy', 'llvmlite') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("day", "median", "spread", "left"),
    [
        pytest.param(30.0, 30.0, 1.0, 0.5, id="at the median half is left"),
        pytest.param(30.0, 30.0, 0.1, 0.5, id="at the median half is left whatever the spread"),
        pytest.param(30.0 * math.e, 30.0, 1.0, 0.158655, id="a spread later a sixth"),
        pytest.param(30.0 / math.e**2, 30.0, 1.0, 0.977250, id="two spreads sooner nearly all"),
        pytest.param(30.0 * math.e, 30.0, 2.0, 0.308538, id="half a spread later three tenths"),
        pytest.param(0.0, 30.0, 1.0, 1.0, id="on the day of the strike all"),
        pytest.param(5.0, 0.0, 1.0, 0.0, id="nothing of what is replaced at once"),
        pytest.param(5.0, math.inf, 1.0, 1.0, id="all of what never is"),
        pytest.param(0.0, 0.0, 1.0, 0.0, id="replaced at once, looked at at once"),
        pytest.param(0.0, math.inf, 1.0, 1.0, id="never replaced, looked at at once"),
    ],
)
def test_what_is_left_where_replacement_times_are_log_normal(day, median, spread, left):
    tree = straight(9, 9, 9, stages=[{"at_day": day, "weight": 1}])
    days = None if math.isinf(median) else median / math.log(2)
    tree["nodes"][1]["modes"][0]["replacement_days"] = days
    assert kept_down_lognormal(read_network(tree), spread).tolist() == [[pytest.approx(left, abs=1e-6)]]


@settings(max_examples=40, deadline=None)
@given(
    days=st.floats(0.1, 1000), first=st.floats(0.1, 1000), later=st.floats(0.1, 1000),
    spread=st.floats(0.2, 3),
)  # fmt: skip
def test_with_log_normal_times_less_is_left_later_and_the_unit_of_time_does_not_matter(
    days, first, later, spread
):
    def left(scale):
        stages = [{"at_day": scale * day, "weight": 1} for day in sorted((first, later))]
        tree = straight(9, 9, 9, stages=stages)
        tree["nodes"][1]["modes"][0]["replacement_days"] = scale * days
        return kept_down_lognormal(read_network(tree), spread)[0]

    early, late = left(1.0)
    assert 1 >= early >= late >= 0
    assert left(24.0) == pytest.approx([early, late])


@pytest.mark.parametrize("median", [2.0, 30.0])
def test_log_normal_times_have_less_back_at_once_and_more_away_for_long(median):
    stages = [{"at_day": median * share, "weight": 1} for share in (0.1, 1.0, 4.0)]
    tree = straight(9, 9, 9, stages=stages)
    tree["nodes"][1]["modes"][0]["replacement_days"] = median / math.log(2)
    network = read_network(tree)
    soon, half, late = kept_down_lognormal(network, 1.0)[0] - kept_down(network)[0]
    assert soon > 0.03
    assert half == pytest.approx(0)
    assert late > 0.01


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(largest=5), spread=st.sampled_from([0.5, 1.0]))
def test_another_curve_changes_what_comes_back_and_neither_worlds_nor_flow_before(tree, spread):
    harm = model(tree)
    other = with_lognormal_times(harm, spread)
    assert other.value(()) == pytest.approx(harm.value(()))
    assert other.worlds is harm.worlds
    works = np.repeat(harm.worlds.success, harm.network.at_day.size, axis=0)
    assert np.all(other.strength[~works] == 0)
    assert np.all((other.strength >= 0) & (other.strength <= 1))
    day0 = harm.row_stage == 0
    assert np.array_equal(other.strength[day0], harm.strength[day0])
