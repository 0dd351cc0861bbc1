"""The dual function step by step: prices that no flow uses are free, and what is not looked at anew stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from choke_chains import action, all_plans, chain_trees, network, straight, thing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chokepoint.choke import bound, sweep
from chokepoint.choke import harm as damage
from chokepoint.choke.bound import Dual, _every, dual_of
from chokepoint.choke.ceiling import weigh
from chokepoint.choke.harm import prepare
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.worlds import CHOOSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def dual_in(tree: dict[str, Any]) -> Dual:
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    return dual_of(harm, limits_of(harm, read.budget))


def shape_of(dual: Dual) -> tuple[int, int]:
    return dual.harm.row_weight.size, dual.offers.column.size


def drawn_prices(dual: Dual, seed: int) -> NDArray[np.float32]:
    """From 0 to all there is to take."""
    most = dual.offers.unit * dual.harm.strength[:, dual.offers.mode]
    return (np.random.default_rng(seed).random(shape_of(dual)) * most).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees(largest=6), seed=st.integers(0, 99))
def test_giving_up_the_price_that_no_flow_uses_certifies_no_less_and_nothing_false(
    tree: dict[str, Any], seed: int
) -> None:
    dual = dual_in(tree)
    found = dual.ask(drawn_prices(dual, seed))
    tiny = 1e-6 * max(dual.harm.value(()), 1)
    assert found.sure >= found.value - tiny
    assert found.sure <= min(dual.harm.value(plan) for plan in all_plans(dual.harm)) + tiny


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(largest=6), seed=st.integers(0, 99))
def test_at_the_prices_that_are_used_as_much_flows_as_before(tree: dict[str, Any], seed: int) -> None:
    dual = dual_in(tree)
    if dual.offers.own < shape_of(dual)[1]:
        return
    first = dual.ask(drawn_prices(dual, seed))
    used = np.zeros(shape_of(dual), np.float32)
    for row in range(shape_of(dual)[0]):
        used[row] = dual_of_row(dual, row, first.prices)
    again = dual.ask(np.nextafter(used, np.float32(np.inf)))
    assert again.sums[..., 0] == pytest.approx(first.sums[..., 0], rel=1e-5, abs=1e-5)


def dual_of_row(dual: Dual, row: int, prices: NDArray[np.float32]) -> NDArray[np.float64]:
    """What one row uses of its prices: all others weigh nothing."""
    weight = np.zeros(shape_of(dual)[0])
    weight[row] = 1.0
    harm = replace(dual.harm, row_weight=weight, known={})
    alone = Dual(harm=harm, limits=dual.limits, offers=dual.offers, full=dual.full)
    return np.asarray(alone.ask(prices).spent.sum(axis=(0, 1)))


def test_a_wide_node_before_a_narrow_one_uses_no_more_of_its_price_than_gets_through() -> None:
    tree = straight(9, 9, 4, 9, budget=1)
    dual = dual_in(tree)
    found = dual.ask(np.full(shape_of(dual), 9, np.float32))
    by_node = dict(zip(dual.limits.node.tolist(), found.spent.sum(axis=(0, 1)).tolist(), strict=True))
    assert by_node == pytest.approx({1: 4.0, 2: 4.0})
    assert found.value == pytest.approx(4 - 9)
    assert found.sure == pytest.approx(4 - 4, abs=1e-6)


def test_of_a_capability_every_supplier_gives_up_the_same_part_of_its_price() -> None:
    nodes = [
        thing("v", 20.0), thing("a", 10.0), thing("w", 4.0), thing("c", 20.0),
        *(thing(name, 1.0, action("arrest")) for name in ("s", "t")),
    ]  # fmt: skip
    needs = [{"node": "a", "needs_any": ["s", "t"]}]
    dual = dual_in(network(nodes, "v>a>w>c", budget=2.0, dependencies=needs))
    found = dual.ask(np.array([[6.0, 2.0]], np.float32).repeat(shape_of(dual)[0], axis=0))
    assert found.spent.sum(axis=(0, 1)) == pytest.approx([3.0, 1.0])


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(largest=6), seed=st.integers(0, 99), due=st.tuples(st.booleans(), st.booleans()))
def test_stages_whose_prices_stay_are_known_without_a_look(
    tree: dict[str, Any], seed: int, due: tuple[bool, bool]
) -> None:
    dual, other = dual_in(tree), dual_in(tree)
    first = dual.ask(drawn_prices(dual, seed))
    moved = np.array(due)[dual.harm.row_stage]
    prices = np.where(moved[:, None], drawn_prices(dual, seed + 1), first.prices)
    part, whole = dual.ask(prices, first, np.array([due])), other.ask(prices)
    assert part.value == pytest.approx(whole.value)
    assert part.sure == pytest.approx(whole.sure)
    assert part.ceiling.gain == pytest.approx(whole.ceiling.gain)
    assert np.array_equal(part.bought, whole.bought)


def test_what_is_not_due_is_taken_over_even_where_it_would_be_found_otherwise() -> None:
    dual = dual_in(straight(9, 9, 9, budget=1))
    first = dual.ask(np.full(shape_of(dual), 2, np.float32))
    later = dual.ask(np.full(shape_of(dual), 5, np.float32), first, np.zeros((1, 1), np.bool_))
    assert later.sums.tolist() == first.sums.tolist()


@pytest.fixture
def in_turn() -> Iterator[None]:
    """As on large networks: worlds take steps in groups, on more than one thread, flows up to a slack."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(damage, "LARGE", 0)
        patch.setattr(bound, "HUGE", 0)
        patch.setattr(sweep, "WORTH_A_THREAD", 0)
        yield


@pytest.mark.usefixtures("in_turn")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=chain_trees(largest=6), seed=st.integers(0, 99), turn=st.integers(0, 5))
def test_worlds_whose_turn_it_is_not_are_known_without_a_look(
    tree: dict[str, Any], seed: int, turn: int
) -> None:
    dual, other = dual_in(tree), dual_in(tree)
    dual.steps = turn
    due = dual._due(np.ones(2, np.int64))
    first = dual.ask(drawn_prices(dual, seed))
    moved = due[dual.group(dual.harm.row_world), dual.harm.row_stage]
    prices = np.where(moved[:, None], drawn_prices(dual, seed + 1), first.prices)
    part, whole = dual.ask(prices, first, due), other.ask(prices)
    assert (part.value, part.sure) == (whole.value, whole.sure)
    assert part.ceiling.gain == pytest.approx(whole.ceiling.gain)
    assert np.array_equal(part.bought, whole.bought)


@pytest.mark.usefixtures("in_turn")
@pytest.mark.parametrize("worlds", [1, 2, 3, 4, 5, 9])
def test_in_as_many_steps_as_there_are_groups_each_world_has_its_turn_once(worlds: int) -> None:
    tree = {**straight(9, 9, 9, budget=1), "worlds": worlds}
    tree["edges"][0]["belief"] = 0.5
    dual = dual_in(tree)
    turns = np.zeros(dual.harm.row_weight.size, np.int64)
    for step in range(dual.groups):
        dual.steps = step
        turns += dual._due(np.ones(1, np.int64))[dual.group(dual.harm.row_world), dual.harm.row_stage]
    assert dual.groups == min(worlds, 4)
    assert turns.tolist() == [1] * worlds


@pytest.mark.usefixtures("in_turn")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=chain_trees(largest=6))
def test_what_steps_in_turn_certify_holds_for_every_plan(tree: dict[str, Any]) -> None:
    dual = dual_in(tree)
    best = min(exactly(dual, plan) for plan in all_plans(dual.harm))
    dual.parametric(4)
    dual.climb(best, 3)
    assert dual.bound <= best + 1e-6 * max(dual.harm.value(()), 1)


def exactly(dual: Dual, plan: tuple[int, ...]) -> float:
    """What a plan leaves, without the slack that large networks have."""
    return float(dual.harm.row_weight @ dual.harm.run(dual.harm.capacities(plan)))


@pytest.mark.usefixtures("in_turn")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=chain_trees())
def test_bounds_and_ceilings_are_the_same_to_the_last_digit_on_any_number_of_cores(
    tree: dict[str, Any],
) -> None:
    found = []
    for cores in (1, 2, 7):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sweep.os, "cpu_count", lambda cores=cores: cores)
            dual = dual_in(tree)
            dual.parametric(4)
            dual.climb(0.0, 3)
            plan = weigh(dual.harm, dual.limits, dual.limits.filled(dual.leaning))
            found.append((dual.bound, plan.value, plan.ceiling.level, plan.ceiling.gain.tolist()))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("paid", "every"),
    [
        pytest.param([4.0, 4.0], [1, 1], id="stages that pay alike are due in each step"),
        pytest.param([4.0, 1.0], [1, 2], id="a quarter of the pay, every second step"),
        pytest.param([1.0, 9.0, 4.0], [3, 1, 1], id="the root is rounded down"),
        pytest.param([1.0, 0.0], [1, 10**6], id="what pays nothing is due in the first step alone"),
        pytest.param([0.0, 0.0], [1, 1], id="where nothing pays all are due"),
    ],
)
def test_how_often_a_stage_is_due(paid: list[float], every: list[int]) -> None:
    assert _every(np.array(paid)).tolist() == every


@settings(max_examples=20, deadline=None)
@given(tree=chain_trees(largest=6), factor=st.sampled_from([0.5, 2.0]))
def test_looking_at_another_budget_leaves_the_first_as_it_was(tree: dict[str, Any], factor: float) -> None:
    dual = dual_in(tree)
    dual.parametric(4)
    dual.climb(dual.harm.value(()), 3)
    before = (dual.bound, len(dual.floors), dual.often.copy(), dual.leaning.copy())
    other = dual.elsewhere(factor)
    other.climb(dual.harm.value(()), 3)
    assert (dual.bound, len(dual.floors)) == before[:2]
    assert np.array_equal(dual.often, before[2])
    assert np.array_equal(dual.leaning, before[3])
    assert other.limits.room[0] == pytest.approx(dual.limits.room[0] * factor)


def test_another_budget_is_looked_at_once_and_only_after_something_was_found() -> None:
    dual = dual_in(straight(9, 9, 9, budget=1))
    assert dual.elsewhere(0.5).floors == []
    dual.parametric(4)
    assert len(dual.elsewhere(0.5).floors) == 1


def test_without_anything_found_there_is_no_step() -> None:
    dual = dual_in(straight(9, 9, 9, budget=1))
    dual.climb(0.0, 5)
    assert (dual.steps, dual.floors) == (0, [])


@settings(max_examples=25, deadline=None)
@given(tree=chain_trees(largest=6))
def test_steps_end_where_the_bound_is_good_enough(tree: dict[str, Any]) -> None:
    dual = dual_in(tree)
    dual.parametric(2)
    dual.climb(dual.harm.value(()), 5, enough=dual.bound)
    assert dual.steps == 0
