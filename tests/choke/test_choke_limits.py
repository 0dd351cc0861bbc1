"""What a plan may cost: greedy filling, fractional and whole knapsacks, and which modes are looked at."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from choke_chains import action, all_plans, chain_trees, network, thing
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import Limits, limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.worlds import CHOOSING


def limits(node, use, room):
    """Limits over candidates that are numbered as they come."""
    return Limits(
        candidates=np.arange(len(node), dtype=np.int32), node=np.array(node, np.int32),
        use=np.array(use, float).reshape(len(room), len(node)), room=np.array(room, float),
    )  # fmt: skip


@st.composite
def knapsacks(draw, rows=2, largest=7):
    """(limits, worth): small whole numbers, some nodes with two modes."""
    count = draw(st.integers(1, largest))
    node = sorted(draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    whole = st.integers(0, 6).map(float)
    use = [draw(st.lists(whole, min_size=count, max_size=count)) for _ in range(rows)]
    room = [draw(st.integers(0, 12).map(float)) for _ in range(rows)]
    worth = np.array(draw(st.lists(whole, min_size=count, max_size=count)))
    return limits(node, use, room), worth


def plans(made):
    """Every set of candidate positions within the limits, by trying all."""
    size = made.node.size
    for count in range(size + 1):
        for plan in itertools.combinations(range(size), count):
            nodes = {int(made.node[at]) for at in plan}
            total = made.use[:, list(plan)].sum(axis=1)
            if len(nodes) == count and bool((total <= made.room).all()):
                yield frozenset(plan)


def best_of_all(made, worth):
    return max(float(worth[sorted(plan)].sum()) for plan in plans(made))


def relaxed(made, worth):
    """The linear relaxation by another solver."""
    groups = [(made.node == node).astype(float) for node in np.unique(made.node)]
    table, right = [*made.use, *groups], [*made.room, *([1.0] * len(groups))]
    return -linprog(-worth, A_ub=np.array(table), b_ub=np.array(right), bounds=(0, 1)).fun


@settings(max_examples=150, deadline=None)
@given(knapsacks(), st.data())
def test_a_plan_fits_when_every_sum_does_and_no_node_is_hit_twice(given_, data):
    made, _ = given_
    chosen = data.draw(st.sets(st.integers(0, made.node.size - 1)))
    assert made.fits(chosen) is (frozenset(chosen) in set(plans(made)))


@settings(max_examples=150, deadline=None)
@given(knapsacks())
def test_the_fractional_value_is_never_below_the_best_plan_nor_below_the_relaxation(given_):
    made, worth = given_
    x, value = made.best_fractional(worth)
    assert value >= best_of_all(made, worth) - 1e-9
    assert value >= relaxed(made, worth) - 1e-6
    assert ((x >= 0) & (x <= 1)).all()


@settings(max_examples=100, deadline=None)
@given(knapsacks(rows=1))
def test_under_one_limit_the_fractional_value_is_the_relaxation(given_):
    made, worth = given_
    assert made.best_fractional(worth)[1] == pytest.approx(relaxed(made, worth), abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(knapsacks(rows=1))
def test_the_fractional_plan_keeps_to_the_limit_and_takes_one_mode_a_node(given_):
    made, worth = given_
    x, _ = made.best_fractional(worth)
    assert float(made.use[0] @ x) <= made.room[0] + 1e-6
    for node in np.unique(made.node):
        assert x[made.node == node].sum() <= 1 + 1e-9


@settings(max_examples=25, deadline=None)
@given(knapsacks())
def test_the_whole_bound_is_the_best_of_all_plans(given_):
    made, worth = given_
    plan, value = made.best_whole(worth)
    best = best_of_all(made, worth)
    assert value == pytest.approx(best, abs=1e-4)
    assert made.fits(np.flatnonzero(plan > 0.5).tolist())
    assert float(worth @ plan) == pytest.approx(best, abs=1e-4)


@settings(max_examples=150, deadline=None)
@given(knapsacks())
def test_filling_takes_only_what_is_wanted_and_fits(given_):
    made, preference = given_
    plan = made.filled(preference)
    assert made.fits(plan)
    assert all(preference[at] > 0 for at in plan)


@settings(max_examples=150, deadline=None)
@given(knapsacks())
def test_filling_stops_only_where_nothing_wanted_fits_any_more(given_):
    made, preference = given_
    plan = made.filled(preference)
    for at in np.flatnonzero(preference > 0).tolist():
        assert at in plan or not made.fits(plan | {at})


@settings(max_examples=80, deadline=None)
@given(knapsacks(), st.data())
def test_filling_keeps_its_start(given_, data):
    made, preference = given_
    start = data.draw(st.sampled_from(sorted(plans(made), key=sorted)))
    assert start <= made.filled(preference, start)


def test_filling_takes_the_preferred_first_and_ties_as_they_come():
    made = limits([0, 1, 2, 3], [[1, 1, 1, 1]], [2])
    assert made.filled(np.array([1.0, 3, 2, 2])) == {1, 2}
    assert made.filled(np.array([1.0, 1, 1, 1])) == {0, 1}


def test_filling_passes_over_what_is_too_large_and_goes_on():
    made = limits([0, 1, 2], [[5, 9, 4]], [9])
    assert made.filled(np.array([3.0, 2, 1])) == {0, 2}


@settings(max_examples=150, deadline=None)
@given(given_=knapsacks(largest=9), start=st.integers(0, 8))
def test_filling_many_at_once_takes_what_filling_one_by_one_takes(given_, start):
    made, preference = given_
    plan = {start} if start < made.node.size and made.fits([start]) else set()
    expected = set(plan)
    for at in sorted(range(made.node.size), key=lambda at: -preference[at]):
        if preference[at] > 0 and at not in expected and made.fits(expected | {at}):
            expected.add(at)
    assert made.filled(preference, plan) == expected


@settings(max_examples=150, deadline=None)
@given(given_=knapsacks())
def test_the_plan_by_the_limits_prices_fits_and_is_no_worse_than_filling(given_):
    made, worth = given_
    plan = made.best_filled(worth)
    assert made.fits(plan)
    assert float(worth[sorted(made.filled(worth))].sum()) <= float(worth[sorted(plan)].sum())
    assert float(worth[sorted(plan)].sum()) <= made.best_fractional(worth)[1] + 1e-9


@pytest.mark.parametrize("room", [99, 100, 101, 150, 199, 200, 500])
def test_where_all_nodes_are_alike_as_many_get_their_dearer_mode_as_can_be_paid(room):
    made = limits(np.repeat(np.arange(100), 2), np.tile([1.0, 2.0], 100), [room])
    worth = np.tile([2.0, 3.0], 100)
    best = 2 * room if room <= 100 else min(200 + (room - 100), 300)
    assert float(worth[sorted(made.best_filled(worth))].sum()) == best


def test_a_cheap_mode_that_pays_best_does_not_keep_a_node_from_its_strong_one():
    made = limits([0, 0, 1], [1, 4, 9], [5])
    assert made.best_filled(np.array([3.0, 9.0, 1.0])) == {1}


@settings(max_examples=60, deadline=None)
@given(given_=knapsacks(rows=1, largest=9))
def test_under_one_limit_the_plan_misses_less_than_the_most_that_one_node_is_worth(given_):
    made, worth = given_
    if not made.fits([int(np.argmax(made.use[0]))]):
        return
    missed = made.best_fractional(worth)[1] - float(worth[sorted(made.best_filled(worth))].sum())
    assert missed <= worth.max() + 1e-6


def test_rounding_does_not_shut_out_a_plan_that_fits_exactly():
    made = limits([0, 1, 2], [[0.1, 0.2, 0.3]], [0.6])
    assert made.fits([0, 1, 2])
    assert made.filled(np.ones(3)) == {0, 1, 2}


def test_what_is_a_millionth_too_dear_does_not_fit():
    assert not limits([0, 1], [[1, 1.000002]], [2]).fits([0, 1])


def test_mode_numbers_come_back_ascending():
    made = Limits(
        candidates=np.array([4, 7, 9], np.int32), node=np.array([1, 2, 3], np.int32),
        use=np.ones((1, 3)), room=np.array([3.0]),
    )  # fmt: skip
    assert made.modes({2, 0}) == (4, 9)
    assert made.modes(()) == ()


def test_without_candidates_everything_is_empty():
    made = limits([], [[]], [5])
    assert made.filled(np.zeros(0)) == frozenset()
    assert made.best_fractional(np.zeros(0))[1] == 0.0
    assert made.best_whole(np.zeros(0))[1] == 0.0
    assert made.fits([])


def test_what_a_scarce_limit_uses_weighs_more():
    made = limits([0, 1], [[1, 1], [9, 1]], [100, 9])
    dear, cheap = made.scarcity(np.array([1.0, 1.0]))
    assert dear > cheap


def candidates(tree, budget=None):
    """Names and modes that are worth a look."""
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    made = limits_of(harm, read.budget if budget is None else budget)
    return [(read.ids[read.modes.node[mode]], read.modes.name[mode]) for mode in made.candidates]


def chain(*modes, **said):
    return network([thing("v", 8), thing("a", 5, *modes), thing("c", 8)], "v>a>c", budget=5, **said)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (action(cost=5.1), {}),
        (action(success=0), {}),
        (action(replacement_days=0), {}),
        (action(collateral=2), {"collateral_limit": 1}),
        (action(jurisdiction="DE"), {"caps": {"DE": 0.5}}),
    ],
    ids=["beyond the budget", "never works", "back at once", "too much harm", "capped"],
)
def test_what_cannot_help_is_no_candidate(mode, said):
    assert candidates(chain(mode, **said)) == []


@pytest.mark.parametrize(
    "mode", [action(cost=5), action(success=0.99), action(replacement_days=0.5), action(collateral=99)]
)
def test_what_may_help_is_a_candidate(mode):
    assert candidates(chain(mode, worlds=200)) == [("a", "takedown")]


def test_another_budget_than_the_networks_decides():
    tree = chain(action(cost=6), action("freeze", cost=2))
    assert candidates(tree) == [("a", "freeze")]
    assert candidates(tree, 1.0) == []
    assert candidates(tree, 6.0) == [("a", "freeze")]


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (action(cost=1), action("freeze", cost=2), ["takedown"]),
        (action(cost=2), action("freeze", cost=1), ["freeze"]),
        (action(cost=1), action("freeze", cost=1), ["takedown"]),
        (action(cost=1, replacement_days=9), action("freeze", cost=1), ["freeze"]),
        (action(cost=1, replacement_days=9), action("freeze", cost=2), ["takedown", "freeze"]),
        (action(collateral=3), action("freeze", cost=2, collateral=1), ["takedown"]),
    ],
    ids=["dearer", "cheaper", "equal", "weaker", "weaker and cheaper", "harm that nothing limits"],
)
def test_of_two_modes_of_a_node_a_beaten_one_is_left_out(one, other, kept):
    assert [mode for _, mode in candidates(chain(one, other))] == kept


def test_harm_that_is_limited_keeps_the_gentler_mode():
    tree = chain(action(collateral=3), action("freeze", cost=2, collateral=1), collateral_limit=5)
    assert [mode for _, mode in candidates(tree)] == ["takedown", "freeze"]


def test_a_supplier_outside_the_flow_is_a_candidate_when_what_it_supplies_lies_in_it():
    nodes = [thing("v", 8), thing("a", 5), thing("c", 8), thing("host", 1, action()), thing("x", 1, action())]
    tree = network(nodes, "v>a>c", budget=5, dependencies=[{"node": "a", "needs_any": ["host"]}])
    assert candidates(tree) == [("host", "takedown")]


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_every_row_of_the_limits_is_a_limit_of_the_document(tree):
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    made = limits_of(harm, read.budget)
    rows = 1 + (tree.get("collateral_limit") is not None) + len(tree.get("caps", {}))
    assert made.use.shape == (rows, made.candidates.size)
    assert made.use[0].tolist() == read.modes.cost[made.candidates].tolist()
    assert made.room[0] == read.budget
    assert (np.diff(made.candidates) > 0).all()


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_a_plan_of_candidates_fits_exactly_when_the_document_allows_it(tree):
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    made = limits_of(harm, read.budget)
    known = {int(mode): at for at, mode in enumerate(made.candidates)}
    allowed = {frozenset(known[m] for m in plan) for plan in all_plans(harm) if set(plan) <= set(known)}
    assert allowed == set(plans(made))
