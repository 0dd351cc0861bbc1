"""Filling up and prices of limits, each against the same in plain loops; and what of a plan is needed."""

from __future__ import annotations

import numpy as np
import pytest
from choke_chains import action, chain_trees, network, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke import solve as solve_module
from chokepoint.choke.harm import prepare
from chokepoint.choke.kernels.knapsack import fill, multipliers
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.search import Search
from chokepoint.choke.solve import solve
from chokepoint.choke.worlds import CHOOSING


@st.composite
def tables(draw):
    """(worth, use (L, C), room, group_of): small whole numbers."""
    group_of = np.array(sorted(draw(st.lists(st.integers(0, 4), min_size=1, max_size=9))))
    group_of = np.unique(group_of, return_inverse=True)[1]
    rows = draw(st.integers(1, 3))
    whole = st.integers(0, 6).map(float)
    of = [draw(st.lists(whole, min_size=group_of.size, max_size=group_of.size)) for _ in range(rows + 1)]
    room = np.array(draw(st.lists(st.integers(0, 12).map(float), min_size=rows, max_size=rows)))
    return np.array(of[0]), np.array(of[1:]), room, group_of


def begins(group_of):
    return np.flatnonzero(np.diff(group_of, prepend=-1))


def best_of_each(worth, price, use, group_of):
    """What pays most of each group at the prices, the first of equals, none where none pays."""
    left = worth - price @ use
    plan = np.zeros(worth.size, bool)
    for group in range(group_of.max() + 1):
        mine = np.flatnonzero(group_of == group)
        best = mine[np.argmax(left[mine])]
        plan[best] = left[best] > 0
    return plan


@given(tables(), st.randoms())
def test_filling_takes_each_that_still_fits_in_the_order_asked_for(table, draw):
    worth, use, room, group_of = table
    order = list(range(worth.size))
    draw.shuffle(order)
    plan = np.zeros(worth.size, bool)
    fill(np.array(order), use, room, group_of, plan)
    expected: list[int] = []
    for at in order:
        total = use[:, [*expected, at]].sum(axis=1)
        if (total <= room).all() and group_of[at] not in group_of[expected]:
            expected.append(at)
    assert np.flatnonzero(plan).tolist() == sorted(expected)


def test_filling_counts_what_is_in_already():
    plan = np.array([True, False, False, False])
    use, room = np.array([[3.0, 1.0, 2.0, 1.0]]), np.array([5.0])
    fill(np.array([1, 2, 3]), use, room, np.array([0, 0, 1, 2]), plan)
    assert plan.tolist() == [True, False, True, False]


def test_a_start_beyond_the_limits_stays_and_nothing_is_added():
    plan = np.array([True, False])
    fill(np.array([1]), np.array([[9.0, 0.5]]), np.array([5.0]), np.array([0, 1]), plan)
    assert plan.tolist() == [True, False]


@given(tables())
def test_the_plan_within_the_last_limit_is_the_best_at_the_prices(table):
    worth, use, room, group_of = table
    price, binds, over, under = multipliers(worth, use, room, begins(group_of))
    assert (price >= 0).all()
    assert under.tolist() == best_of_each(worth, price, use, group_of).tolist()
    assert use[-1] @ under <= room[-1] + 1e-9
    assert not binds or use[-1] @ over > room[-1]


@given(tables())
def test_limits_that_are_never_met_have_no_price(table):
    worth, use, _, group_of = table
    room = use.sum(axis=1)
    price, binds, _, under = multipliers(worth, use, room, begins(group_of))
    assert price.tolist() == [0.0] * room.size
    assert not binds
    assert under.tolist() == best_of_each(worth, price, use, group_of).tolist()


def test_the_price_of_one_limit_is_the_worth_of_its_last_unit():
    worth, use = np.array([9.0, 6.0, 1.0]), np.array([[1.0, 1.0, 1.0]])
    price, binds, over, under = multipliers(worth, use, np.array([1.0]), np.arange(3))
    assert binds
    assert price[0] == pytest.approx(6.0, rel=1e-6)
    assert (over.tolist(), under.tolist()) == ([True, True, False], [True, False, False])


@settings(max_examples=80, deadline=None)
@given(tree=chain_trees(), seed=st.integers(0, 10**6))
def test_without_what_is_called_needed_more_flows_and_without_what_is_called_idle_no_more(tree, seed):
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    limits = limits_of(harm, read.budget)
    if not limits.candidates.size:
        return
    plan = limits.filled(np.random.default_rng(seed).random(limits.candidates.size))
    search = Search(harm=harm, limits=limits, patience=0)
    kept, needed = search._in_the_cuts(plan)
    tiny = 1e-9 * max(harm.value(()), 1.0)
    assert search.value(kept) <= search.value(plan) + tiny
    assert needed <= kept
    assert all(search.value(plan - {at}) > search.value(plan) for at in needed)


def test_of_two_hits_in_a_row_the_one_beside_the_narrower_cut_is_idle():
    tree = network(
        [
            thing("v", None, role="victim"),
            thing("a", 10, action(cost=1)),
            thing("b", 4, action(cost=1)),
            thing("c", None, role="cash-out"),
        ],
        "v>a a>b b>c", budget=2,
    )  # fmt: skip
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    limits = limits_of(harm, 2.0)
    search = Search(harm=harm, limits=limits, patience=0)
    hit = {str(read.ids[limits.node[at]]): at for at in range(limits.candidates.size)}
    assert harm.value(limits.modes([hit["b"]])) == 0
    assert search.pruned(frozenset(hit.values())) in ({hit["a"]}, {hit["b"]})


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_a_chain_beyond_the_smallest_programs_keeps_its_gap_within_what_is_accepted(tree):
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    smallest = solve_module.SMALL
    solve_module.SMALL = -1
    try:
        solution = solve(harm, limits_of(harm, read.budget))
    finally:
        solve_module.SMALL = smallest
    exact = solve(harm, limits_of(harm, read.budget))
    tiny = 1e-5 * max(exact.before, 1.0)
    assert solution.gap <= solve_module.QUICK_GAP + 1e-9
    assert solution.bound <= exact.after + tiny
    assert exact.before - solution.after >= (1 - solve_module.QUICK_GAP) * (exact.before - exact.after) - tiny
