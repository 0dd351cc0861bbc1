"""What is done on huge networks, held to the truth on tiny ones: steps in turn, promises, kept budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from choke_chains import all_plans, chain_trees, straight
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chokepoint.choke import bound as dual
from chokepoint.choke import harm as damage
from chokepoint.choke import solve as solving
from chokepoint.choke import sweep
from chokepoint.choke.ceiling import Ceiling, Found
from chokepoint.choke.harm import prepare
from chokepoint.choke.kept import ask_again
from chokepoint.choke.limits import limits_of
from chokepoint.choke.network import read_network
from chokepoint.choke.worlds import CHOOSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.choke.harm import Harm
    from chokepoint.choke.limits import Limits

LAW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def huge() -> Iterator[None]:
    """Every network counts as huge: no solver, slack, groups of worlds, threads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(damage, "LARGE", 0)
        patch.setattr(sweep, "WORTH_A_THREAD", 0)
        patch.setattr(dual, "HUGE", 0)
        for name in ("HUGE", "SMALL", "LARGE", "PATIENT_CELLS"):
            patch.setattr(solving, name, 0)
        yield


def prepared(tree: dict[str, Any]) -> tuple[Harm, Limits]:
    network = read_network(tree)
    harm = prepare(network, network.worlds, CHOOSING)
    return harm, limits_of(harm, network.budget)


def exactly(harm: Harm, plan: tuple[int, ...]) -> float:
    """What a plan leaves, to the last unit of flow."""
    return float(harm.row_weight @ harm.run(harm.capacities(plan)))


@LAW
@given(tree=chain_trees(largest=6))
def test_the_plan_fits_and_both_its_ends_are_true(tree: dict[str, Any]) -> None:
    harm, limits = prepared(tree)
    found = solving.solve(harm, limits)
    tiny = 1e-6 * max(found.before, 1)
    assert "program" not in found.method
    assert found.plan == () or found.plan in set(all_plans(harm))
    assert exactly(harm, found.plan) <= found.after + tiny
    assert found.bound <= min(exactly(harm, plan) for plan in all_plans(harm)) + tiny


@LAW
@given(tree=chain_trees(largest=6), factor=st.sampled_from([0.5, 0.7, 0.9, 1.0]))
def test_a_kept_answer_holds_for_every_plan_of_a_smaller_budget(tree: dict[str, Any], factor: float) -> None:
    harm, limits = prepared(tree)
    kept = solving.solve_and_keep(harm, limits).kept
    assert kept is not None
    told = ask_again(kept, budget=tree["budget"] * factor)
    costs = harm.network.modes.cost
    plans = [plan for plan in all_plans(harm) if costs[list(plan)].sum() <= tree["budget"] * factor]
    assert told["bound"] <= min(exactly(harm, plan) for plan in plans) + 1e-6 * max(told["flow_before"], 1)
    assert told["cost"] <= tree["budget"] * factor + 1e-9


@LAW
@given(tree=chain_trees())
def test_the_answer_is_the_same_twice(tree: dict[str, Any]) -> None:
    first, second = (solving.solve_and_keep(*prepared(tree)) for _ in range(2))
    assert (first.plan, first.after, first.bound) == (second.plan, second.after, second.bound)
    assert first.kept is not None
    assert second.kept is not None
    assert first.kept.low.tolist() == second.kept.low.tolist()
    assert first.kept.high.tolist() == second.kept.high.tolist()


def test_what_is_promised_is_the_least_of_what_the_cuts_met_certify() -> None:
    harm, limits = prepared(straight(9, 4, 6, 9, budget=1))
    gains = ([3.0, 1.0], [0.0, 5.0])
    found = [
        Found(chosen=frozenset(), value=9.0, ceiling=Ceiling(level=8.0, gain=limits.use[0] * gain))
        for gain in gains
    ]
    assert solving._promised(dual.dual_of(harm, limits), 9.0, found) == (3.0, frozenset({1}))


def test_nothing_is_promised_where_nothing_was_met() -> None:
    harm, limits = prepared(straight(9, 4, 9, budget=1))
    assert solving._promised(dual.dual_of(harm, limits), 4.0, []) == (4.0, frozenset())


@pytest.mark.parametrize(
    ("best", "before", "gap", "bound"),
    [
        pytest.param(5.0, 10.0, 0.0, 5.0, id="no gap is left at the plan's own value"),
        pytest.param(5.5, 10.0, 0.1, 5.0, id="half a unit of five that are possible"),
        pytest.param(10.0, 10.0, 0.1, 10.0, id="where nothing is stopped nothing may be possible"),
    ],
)
def test_how_high_a_bound_must_be(best: float, before: float, gap: float, bound: float) -> None:
    assert solving._close(best, before, gap) == pytest.approx(bound)
