"""The exact program, the Lagrangian bound and local search, each against trying every plan."""

from __future__ import annotations

import numpy as np
import pytest
from choke_chains import action, all_plans, chain_trees, network, straight, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke import solve as solve_module
from chokepoint.choke.bound import dual_of
from chokepoint.choke.ceiling import Ceiling, alternate, best_on, hopes, weigh
from chokepoint.choke.exact import model_size, program_of
from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.search import Search
from chokepoint.choke.solve import Solution, solve
from chokepoint.choke.worlds import CHOOSING


def prepared(tree):
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    return harm, limits_of(harm, read.budget)


def best_of_all(harm):
    return min(harm.value(plan) for plan in all_plans(harm))


def open_question(tree):
    """The prepared network, or None where there is nothing to choose or nothing flows."""
    harm, limits = prepared(tree)
    return (harm, limits) if limits.candidates.size and harm.value(()) > 0 else None


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_the_program_ends_at_the_best_of_all_plans(tree):
    asked = open_question(tree)
    if asked is None:
        return
    harm, limits = asked
    solved = program_of(harm, limits).solved(whole=True)
    best, scale = best_of_all(harm), max(harm.value(()), 1.0)
    assert solved.proven
    assert solved.bound == pytest.approx(best, abs=1e-5 * scale)
    plan = np.flatnonzero(solved.chosen > 0.5).tolist()
    assert limits.fits(plan)
    assert harm.value(limits.modes(plan)) == pytest.approx(best, abs=1e-5 * scale)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_the_relaxation_lies_below_the_program_and_above_nothing(tree):
    asked = open_question(tree)
    if asked is None:
        return
    harm, limits = asked
    relaxed = program_of(harm, limits).solved(whole=False)
    assert 0 <= relaxed.bound <= best_of_all(harm) + 1e-6 * harm.value(())
    assert relaxed.chosen.shape == (limits.candidates.size,)
    assert ((relaxed.chosen >= -1e-9) & (relaxed.chosen <= 1 + 1e-9)).all()


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_a_solution_is_within_the_limits_and_its_figures_are_true(tree):
    harm, limits = prepared(tree)
    solution = solve(harm, limits)
    assert solution.plan == tuple(sorted(set(solution.plan)))
    assert solution.plan in set(all_plans(harm))
    assert solution.after == pytest.approx(harm.value(solution.plan), abs=1e-9)
    assert solution.before == pytest.approx(harm.value(()), abs=1e-9)
    assert solution.bound <= solution.after <= solution.before + 1e-9
    assert 0 <= solution.gap <= 1


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_no_action_of_a_solution_is_idle(tree):
    harm, limits = prepared(tree)
    plan = solve(harm, limits).plan
    for mode in plan:
        rest = tuple(m for m in plan if m != mode)
        assert harm.value(rest) > harm.value(plan)


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees(), data=st.data())
def test_a_plan_from_before_is_never_made_worse(tree, data):
    harm, limits = prepared(tree)
    start = data.draw(st.sampled_from(all_plans(harm)))
    assert solve(harm, limits, start=start, patience=0).after <= harm.value(start) + 1e-9


@pytest.mark.parametrize(
    ("before", "after", "bound", "gap"),
    [
        (10, 0, 0, 0.0),
        (10, 4, 4, 0.0),
        (10, 5, 0, 0.5),
        (10, 10, 0, 1.0),
        (10, 6, 2, 0.5),
        (10, 10, 10, 0.0),
        (0, 0, 0, 0.0),
        (10, 4, 4 - 1e-6, 0.0),
        (10, 4, 3, 1 / 7),
        (1e-9, 5e-10, 0, 0.5),
    ],
)
def test_the_gap_is_the_part_of_the_possible_that_may_be_missed(before, after, bound, gap):
    solution = Solution(plan=(), before=before, after=after, bound=bound, method="")
    assert solution.gap == pytest.approx(gap)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(), most=st.integers(1, 12))
def test_every_floor_that_was_met_holds_for_every_plan(tree, most):
    asked = open_question(tree)
    if asked is None:
        return
    harm, limits = asked
    dual = dual_of(harm, limits)
    dual.parametric(most)
    dual.climb(harm.value(()), 4)
    known = {int(mode): at for at, mode in enumerate(limits.candidates)}
    floors = [floor for _, floor in dual.floors] + [dual.dearest()]
    tiny = 1e-5 * harm.value(())
    for plan in all_plans(harm):
        if set(plan) <= set(known):
            chosen = [known[mode] for mode in plan]
            assert all(harm.value(plan) >= f.level - f.worth[chosen].sum() - tiny for f in floors)


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_more_steps_never_lose_what_was_certified(tree):
    asked = open_question(tree)
    if asked is None:
        return
    dual = dual_of(*asked)
    met = []
    for _ in range(3):
        dual.parametric(3)
        met.append(dual.bound)
        dual.climb(dual.bound + 1.0, 3)
        met.append(dual.bound)
    assert met == sorted(met)
    assert dual.bound == max(value for value, _ in dual.floors)


def test_a_parametric_cut_of_one_row_is_exact_at_its_breakpoints():
    harm, limits = prepared(straight(9, 9, 9, budget=1))
    dual = dual_of(harm, limits)
    dual.parametric(16)
    assert dual.bound == pytest.approx(0, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(), data=st.data())
def test_hopes_are_never_below_what_an_addition_gains(tree, data):
    harm, limits = prepared(tree)
    search = Search(harm=harm, limits=limits, patience=1000)
    known = {int(mode): at for at, mode in enumerate(limits.candidates)}
    plans = [frozenset(known[m] for m in plan) for plan in all_plans(harm) if set(plan) <= set(known)]
    plan = data.draw(st.sampled_from(plans))
    latent = {int(node) for node in harm.network.substitutes.hit}
    hope = search.hopes(plan)
    for at in range(limits.candidates.size):
        if at not in plan and int(limits.node[at]) not in latent and limits.fits(plan | {at}):
            assert search.value(plan) - search.value(plan | {at}) <= hope[at] + 1e-9


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_local_search_never_leaves_more_than_where_it_began_and_stays_within_the_limits(tree):
    harm, limits = prepared(tree)
    search = Search(harm=harm, limits=limits, patience=200)
    start = limits.filled(np.ones(limits.candidates.size))
    end = search.improve(start)
    assert limits.fits(end)
    assert search.value(end) <= search.value(start) + search.tiny


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees())
def test_pruning_changes_the_plan_and_not_what_it_leaves(tree):
    harm, limits = prepared(tree)
    search = Search(harm=harm, limits=limits, patience=200)
    search.value(frozenset())
    plan = limits.filled(np.ones(limits.candidates.size))
    slim = search.pruned(plan)
    assert slim <= plan
    assert search.value(slim) <= search.value(plan) + search.tiny * (1 + len(plan))


def test_a_plan_that_was_seen_costs_no_patience():
    harm, limits = prepared(straight(5, 3, 4, budget=1))
    search = Search(harm=harm, limits=limits, patience=5)
    assert search.value(frozenset({0})) == 0.0
    assert search.value(frozenset({0})) == 0.0
    assert search.patience == 4


def test_without_patience_the_search_gives_back_where_it_began():
    harm, limits = prepared(straight(5, 3, 3, 4, budget=1))
    search = Search(harm=harm, limits=limits, patience=0)
    assert search.improve(frozenset()) == frozenset()


def test_two_that_only_work_together_are_found_by_the_solver_though_no_addition_pays():
    nodes = [thing("v", 5), thing("a", 9, action()), thing("b", 9, action()), thing("c", 20)]
    harm, limits = prepared(network(nodes, "v>a>c v>b>c", budget=2))
    assert Search(harm=harm, limits=limits, patience=100).improve(frozenset()) == frozenset()
    assert solve(harm, limits).after == 0


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(extras=False), data=st.data())
def test_fixed_cuts_are_tight_for_the_plan_whose_cuts_they_are(tree, data):
    harm, limits = prepared(tree)
    known = {int(mode): at for at, mode in enumerate(limits.candidates)}
    plans = [frozenset(known[m] for m in plan) for plan in all_plans(harm) if set(plan) <= set(known)]
    found = weigh(harm, limits, data.draw(st.sampled_from(plans)))
    assert found.ceiling.after(found.chosen) == pytest.approx(found.value, abs=1e-9)


def test_a_ceiling_never_promises_less_than_nothing():
    assert Ceiling(level=3.0, gain=np.array([2.0, 2.0])).after([0, 1]) == 0.0


def test_the_best_on_fixed_cuts_takes_gain_for_its_cost():
    harm, limits = prepared(
        network(
            [thing("v", 99), thing("a", 9, action(cost=9)), thing("b", 6, action()), thing("d", 5, action()),
             thing("c", 99)],
            "v>a>c v>b>c v>d>c", budget=9,
        )
    )  # fmt: skip
    whole = weigh(harm, limits, frozenset())
    assert {int(limits.node[at]) for at in best_on(limits, whole.ceiling)} == {2, 3}


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees(), rounds=st.integers(1, 5))
def test_alternating_stops_at_its_number_of_rounds(tree, rounds):
    harm, limits = prepared(tree)
    assert 1 <= len(alternate(harm, limits, frozenset(), rounds=rounds)) <= rounds


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees())
def test_the_hope_of_an_untouched_network_is_that_of_the_empty_plan(tree):
    asked = open_question(tree)
    if asked is None:
        return
    harm, limits = asked
    search = Search(harm=harm, limits=limits, patience=10)
    inside = np.isfinite(search.hopes(frozenset()))
    if not harm.network.dependencies and not harm.network.latent.any():
        assert hopes(harm, limits)[inside] == pytest.approx(search.hopes(frozenset())[inside])


def test_the_size_of_the_program_grows_with_rows_nodes_and_candidates():
    small = model_size(*prepared(straight(5, 3, 4, budget=1)))
    stages = [{"at_day": day} for day in (1, 2, 3)]
    assert model_size(*prepared(straight(5, 3, 4, budget=1, stages=stages))) == 3 * small
    assert model_size(*prepared(straight(5, 3, 3, 4, budget=1))) > small


@pytest.mark.parametrize(
    ("modest", "worth", "branched"),
    [
        pytest.param(0, 0.05, True, id="a large program that swaps leave far from its bound"),
        pytest.param(0, 0.5, False, id="a large program that they leave near enough"),
        pytest.param(10**6, 0.5, True, id="a modest one for any gap above the accepted"),
    ],
)
def test_branch_and_bound_is_tried_where_it_is_worth_its_time(monkeypatch, modest, worth, branched):
    """Of two shops of 5 and 4 one can be paid for; the relaxation takes the second by half, a gap of 2 in 7."""
    for name, value in (("SMALL", 0), ("MODEST", modest), ("BRANCHING_GAP", worth)):
        monkeypatch.setattr(solve_module, name, value)
    nodes = [
        thing("v", 20.0), thing("a", 5.0, action(cost=2)), thing("b", 4.0, action(cost=2)), thing("c", 20.0),
    ]  # fmt: skip
    solution = solve(*prepared(network(nodes, "v>a>c v>b>c", budget=3)))
    assert solution.after == 4
    assert solution.method.startswith("mixed-integer program") is branched
    assert solution.gap == pytest.approx(0.0 if branched else 2 / 7, abs=1e-3)
