"""What rows may buy: suppliers priced for each dependant, so that bounds with them are tight and never false."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from choke_chains import action, all_plans, chain_trees, network, thing
from hypothesis import given, settings

from chokepoint.choke import offers as offers_module
from chokepoint.choke.bound import Dual, dual_of
from chokepoint.choke.harm import Harm, prepare
from chokepoint.choke.limits import Limits, limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.worlds import CHOOSING


def asked(tree: dict[str, Any]) -> tuple[Harm, Limits]:
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    return harm, limits_of(harm, read.budget)


def certified(tree: dict[str, Any]) -> float:
    """The bound after a parametric cut and steps."""
    harm, limits = asked(tree)
    dual = dual_of(harm, limits)
    dual.parametric(16)
    dual.climb(harm.value(()) * 0.9, 60)
    return dual.bound


def supplied(needs: list[dict[str, Any]], *, budget: float, cost: float = 1.0) -> dict[str, Any]:
    """Two shops of 4 and 5 that only suppliers can be hit for."""
    nodes = [
        thing("v", 20.0), thing("a", 4.0), thing("b", 5.0), thing("c", 20.0),
        *(thing(name, 1.0, action("arrest", cost=cost)) for name in ("s", "t")),
    ]  # fmt: skip
    return network(nodes, "v>a>c v>b>c", budget=budget, dependencies=needs)


def test_a_supplier_that_cannot_be_paid_for_starves_nobody() -> None:
    tree = supplied([{"node": "a", "needs_any": ["s"]}], budget=1.0, cost=2.0)
    harm, limits = asked(tree)
    assert limits.candidates.size == 0
    assert harm.value(()) == 9.0


@pytest.mark.parametrize(
    ("needs", "budget", "left"),
    [
        pytest.param([("a", "s")], 1.0, 5.0, id="one that needs one"),
        pytest.param([("a", "s"), ("b", "s")], 1.0, 0.0, id="two that need the same"),
        pytest.param([("a", "s"), ("b", "t")], 1.0, 4.0, id="each needs its own and one can be paid"),
        pytest.param([("a", "st")], 2.0, 5.0, id="both suppliers of one"),
        pytest.param([("b", "s"), ("b", "t")], 1.0, 4.0, id="two needs of one, each enough"),
    ],
)
def test_the_bound_with_suppliers_is_near_the_best_plan(
    needs: list[tuple[str, str]], budget: float, left: float
) -> None:
    tree = supplied([{"node": n, "needs_any": list(s)} for n, s in needs], budget=budget)
    harm, _ = asked(tree)
    assert min(harm.value(plan) for plan in all_plans(harm)) == left
    assert left - 0.6 <= certified(tree) <= left + 1e-6


def test_one_of_two_suppliers_is_half_paid_and_not_for_nothing() -> None:
    tree = supplied([{"node": "b", "needs_any": ["s", "t"]}], budget=1.0)
    assert 6.0 <= certified(tree) <= 9.0


def test_with_one_supplier_too_many_to_price_the_bound_is_looser_and_still_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tree = supplied([{"node": "a", "needs_any": ["s", "t"]}, {"node": "b", "needs_any": ["s"]}], budget=1.0)
    tight = certified(tree)
    monkeypatch.setattr(offers_module, "MANY", 1)
    loose = certified(tree)
    assert loose < tight
    harm, _ = asked(tree)
    assert loose <= min(harm.value(plan) for plan in all_plans(harm))


def random_prices(dual: Dual, seed: int) -> Any:
    shape = (dual.harm.row_weight.size, dual.offers.column.size)
    return (np.random.default_rng(seed).random(shape) * 8).astype(np.float32)


@pytest.mark.parametrize("many", [0, 32], ids=["starved for nothing", "priced"])
@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(largest=6))
def test_no_prices_certify_more_than_any_plan_leaves(tree: dict[str, Any], many: int) -> None:
    harm, limits = asked(tree)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offers_module, "MANY", many)
        dual = dual_of(harm, limits)
    best = min(harm.value(plan) for plan in all_plans(harm))
    for seed in range(3):
        assert dual.ask(random_prices(dual, seed)).value <= best + 1e-6 * max(best, 1)


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(largest=6))
def test_the_cuts_of_any_prices_promise_no_plan_less_than_it_leaves(tree: dict[str, Any]) -> None:
    harm, limits = asked(tree)
    dual = dual_of(harm, limits)
    ceiling = dual.ask(random_prices(dual, 1)).ceiling
    at = {int(mode): position for position, mode in enumerate(limits.candidates)}
    for plan in all_plans(harm):
        if set(plan) <= set(at):
            assert harm.value(plan) <= ceiling.after(at[mode] for mode in plan) + 1e-6


@settings(max_examples=40, deadline=None)
@given(tree=chain_trees(largest=6))
def test_prices_asked_again_give_the_same_answer_whatever_was_asked_between(tree: dict[str, Any]) -> None:
    harm, limits = asked(tree)
    dual = dual_of(harm, limits)
    first = dual.ask(random_prices(dual, 1))
    dual.ask(random_prices(dual, 2))
    again = dual.ask(random_prices(dual, 1))
    assert again.value == pytest.approx(first.value)
    assert np.array_equal(again.bought, first.bought)
