"""What lies downstream, what would be left if one thing vanished, and how long it would stay away."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from choke_chains import action, chain_trees, network, slow_flow, straight, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.reach import reached
from chokepoint.choke.times import PRIOR_WEIGHT, SHORTEST, Outcome, expected_times, learnt
from chokepoint.choke.whatif import without_each
from chokepoint.choke.worlds import CHOOSING
from chokepoint.model.vocabulary import vocabulary

Arcs = list[tuple[int, int]]
SIZE = 6
arcs_of = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=12)
seeds_of = st.sets(st.integers(0, SIZE - 1))


def downstream(arcs: Arcs, seeds: set[int], size: int = SIZE) -> set[int]:
    ends = np.array(arcs, np.int32).reshape(-1, 2)
    flags = np.isin(np.arange(size), sorted(seeds))
    return set(np.flatnonzero(reached(ends[:, 0], ends[:, 1], flags)).tolist())


def grown(arcs: Arcs, seeds: set[int]) -> set[int]:
    """The same by adding heads of known tails until nothing is added."""
    known = set(seeds)
    for _ in range(SIZE):
        known |= {head for tail, head in arcs if tail in known}
    return known


# downstream


@given(arcs_of, seeds_of)
@settings(deadline=None)
def test_downstream_is_what_grows_out_of_the_seeds(arcs: Arcs, seeds: set[int]) -> None:
    assert downstream(arcs, seeds) == grown(arcs, seeds)


@given(arcs_of, seeds_of)
@settings(deadline=None)
def test_nothing_new_lies_downstream_of_all_that_lies_downstream(arcs: Arcs, seeds: set[int]) -> None:
    found = downstream(arcs, seeds)
    assert downstream(arcs, found) == found


@given(arcs_of, seeds_of, seeds_of)
@settings(deadline=None)
def test_downstream_of_two_sets_is_downstream_of_either(arcs: Arcs, one: set[int], two: set[int]) -> None:
    assert downstream(arcs, one | two) == downstream(arcs, one) | downstream(arcs, two)


@given(arcs_of, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
@settings(deadline=None)
def test_upstream_is_downstream_of_turned_arcs(arcs: Arcs, here: int, there: int) -> None:
    turned = [(head, tail) for tail, head in arcs]
    assert (there in downstream(arcs, {here})) == (here in downstream(turned, {there}))


@pytest.mark.parametrize(
    ("arcs", "seeds", "found"),
    [
        pytest.param([], set(), set(), id="nothing at all"),
        pytest.param([(0, 1)], set(), set(), id="no seed"),
        pytest.param([], {3}, {3}, id="a seed without arcs"),
        pytest.param([(3, 3)], {3}, {3}, id="an arc to itself"),
        pytest.param([(5, 0), (0, 5)], {5}, {0, 5}, id="a circle through the last node"),
        pytest.param([(1, 0)], {0}, {0}, id="against the arc"),
    ],
)
def test_downstream_at_the_edges(arcs: Arcs, seeds: set[int], found: set[int]) -> None:
    assert downstream(arcs, seeds) == found


@pytest.mark.parametrize("count", [127, 128, 255, 256, 257, 512])
def test_many_statements_of_one_way_are_still_a_way(count: int) -> None:
    assert downstream([(0, 1)] * count + [(1, 2)], {0}, size=3) == {0, 1, 2}


def test_no_nodes_have_nothing_downstream() -> None:
    assert downstream([], set(), size=0) == set()


# vanishing


def left(tree: dict[str, Any]) -> dict[str, float]:
    return without_each(read_network(tree))[0]


@given(chain_trees(largest=6, extras=False, doubt=False))
@settings(max_examples=15, deadline=None)
def test_what_is_left_is_the_flow_of_the_map_without_the_thing(tree: dict[str, Any]) -> None:
    names = [node["id"] for node in tree["nodes"]]
    capacity = {at: node["capacity"] for at, node in enumerate(tree["nodes"])}
    edges = [(names.index(edge["from"]), names.index(edge["to"])) for edge in tree["edges"]]
    ends = {
        role: [at for at, node in enumerate(tree["nodes"]) if node["role"] == role]
        for role in ("victim", "cash-out")
    }
    for name, value in left(tree).items():
        rest = capacity | {names.index(name): 0.0}
        assert value == pytest.approx(slow_flow(rest, edges, ends["victim"], ends["cash-out"]), abs=1e-9)


@given(chain_trees(largest=6))
@settings(max_examples=15, deadline=None)
def test_what_one_can_do_about_things_does_not_change_what_vanishing_them_would(tree: dict[str, Any]) -> None:
    idle = tree | {"nodes": [node | {"modes": []} for node in tree["nodes"]], "budget": 0.0}
    sure = {"edges": [edge | {"belief": 1.0} for edge in tree["edges"]]}
    assert left(tree | sure) == pytest.approx(left(idle | sure))


@given(chain_trees(largest=6, extras=False))
@settings(max_examples=15, deadline=None)
def test_vanishing_leaves_no_less_than_what_the_rest_carried(tree: dict[str, Any]) -> None:
    read = read_network(tree)
    harm = prepare(read, read.worlds, CHOOSING)
    before = harm.value(())
    for name, value in left(tree).items():
        most = read.capacity[read.ids.index(name)]
        assert before - most - 1e-9 <= value <= before + 1e-9


@given(chain_trees(largest=6))
@settings(max_examples=25, deadline=None)
def test_with_room_for_one_question_the_others_get_a_bound_below(tree: dict[str, Any]) -> None:
    truth = left(tree)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chokepoint.choke.whatif.CELLS", 0)
        exact, least = without_each(read_network(tree))
    assert len(exact) == 1
    assert exact == pytest.approx({name: truth[name] for name in exact})  # sums may end otherwise
    assert set(least) == set(truth) - set(exact)
    assert all(value <= truth[name] + 1e-9 for name, value in least.items())


def test_each_link_of_a_single_chain_stops_it_whole() -> None:
    assert left(straight(9.0, 4.0, 7.0, 8.0)) == {"v1": 0.0, "v2": 0.0, "v3": 0.0}


def test_of_two_ways_the_other_is_left() -> None:
    nodes = [thing("v", 20.0), thing("a", 3.0), thing("b", 4.0), thing("c", 20.0)]
    assert left(network(nodes, "v>a>c v>b>c")) == {"a": 4.0, "b": 3.0, "c": 0.0}


def test_slack_on_the_other_way_takes_up_what_vanishes() -> None:
    nodes = [thing("v", 5.0), thing("a", 5.0), thing("b", 4.0), thing("c", 20.0)]
    assert left(network(nodes, "v>a>c v>b>c")) == {"a": 4.0, "b": 5.0, "c": 0.0}


def test_a_thing_that_may_not_be_touched_is_asked_about_too() -> None:
    nodes = [thing("v", 5.0), thing("a", 5.0, shared=True), thing("c", 9.0, victim_asset=True)]
    assert left(network(nodes, "v>a>c")) == {"a": 0.0, "c": 0.0}


def test_a_thing_off_the_chain_stops_nothing() -> None:
    nodes = [thing("v", 5.0), thing("a", 5.0), thing("x", 5.0), thing("c", 9.0)]
    assert left(network(nodes, "v>a>c v>x"))["x"] == 5.0


def test_what_would_come_back_after_a_hit_is_gone_for_good() -> None:
    nodes = [thing("v", 5.0), thing("a", 5.0, action(replacement_days=0.01)), thing("c", 9.0)]
    assert left(network(nodes, "v>a>c"))["a"] == 0.0


@pytest.mark.parametrize(
    ("after", "expected"), [(0, 3.0), (9.99, 3.0), (10, 3.0), (10.01, 0.0)],
    ids=["at once", "just before the stage", "on its day", "just after"],
)  # fmt: skip
def test_another_steps_in_from_its_day_on(after: float, expected: float) -> None:
    nodes = [thing("v", 5.0), thing("a", 5.0), thing("b", 3.0), thing("c", 9.0)]
    found = left(network(nodes, "v>a>c v>b>c", substitutes=[{"for": "a", "id": "b", "after_days": after}]))
    assert found == {"a": expected, "c": 0.0}


@pytest.mark.parametrize(("suppliers", "expected"), [("s", 0.0), ("st", 5.0)], ids=["the only", "one of two"])
def test_a_supplier_stops_what_cannot_do_without_it(suppliers: str, expected: float) -> None:
    nodes = [thing("v", 5.0), thing("a", 5.0), thing("s", 1.0), thing("t", 1.0), thing("c", 9.0)]
    needs = [{"node": "a", "needs_any": list(suppliers)}]
    assert left(network(nodes, "v>a>c", dependencies=needs))["s"] == expected


def test_suppliers_come_first_where_time_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.choke.whatif.CELLS", 0)
    nodes = [thing("v", 5.0), thing("a", 5.0), thing("s", 1.0), thing("c", 9.0)]
    tree = network(nodes, "v>a>c", dependencies=[{"node": "a", "needs_any": ["s"]}])
    exact, least = without_each(read_network(tree))
    assert exact == {"s": 0.0}
    assert least == {"a": 0.0, "c": 0.0}


# staying away

GUESS = (10.0, 1.0)
days = st.floats(SHORTEST, 1000.0)
medians = st.floats(0.5, 500.0)
spreads = st.floats(0.2, 2.0)
outcomes = st.lists(st.builds(Outcome, kind=st.just("url"), days=days, back=st.booleans()), max_size=6)


def seen(*found: float, back: bool = True, kind: str = "url") -> list[Outcome]:
    return [Outcome(kind=kind, days=one, back=back) for one in found]


@given(medians, spreads, st.lists(days, min_size=1, max_size=6))
def test_of_things_that_came_back_the_median_is_a_weighted_geometric_mean(
    median: float, spread: float, found: list[float]
) -> None:
    power = 1 / (PRIOR_WEIGHT + len(found))
    expected = median ** (PRIOR_WEIGHT * power) * math.prod(one**power for one in found)
    assert learnt((median, spread), seen(*found))[0] == pytest.approx(expected)


@given(medians, spreads, outcomes)
def test_outcomes_leave_the_spread_alone(median: float, spread: float, found: list[Outcome]) -> None:
    assert learnt((median, spread), found)[1] == spread


@given(medians, spreads, st.lists(days, min_size=1, max_size=5))
def test_what_is_not_back_never_shortens_the_guess(median: float, spread: float, found: list[float]) -> None:
    assert learnt((median, spread), seen(*found, back=False))[0] >= median * (1 - 1e-9)


@given(medians, spreads, outcomes)
def test_a_longer_guess_stays_the_longer_one(median: float, spread: float, found: list[Outcome]) -> None:
    first, second = (learnt((one, spread), found)[0] for one in (median, median * 2))
    assert first < second


@given(outcomes)
def test_outcomes_may_be_told_one_at_a_time_without_a_list(found: list[Outcome]) -> None:
    assert learnt(GUESS, iter(found)) == learnt(GUESS, found)
    assert expected_times(outcomes=iter(found)) == expected_times(outcomes=found)


@given(outcomes, st.lists(days, max_size=4))
def test_kinds_learn_apart_from_each_other(found: list[Outcome], others: list[float]) -> None:
    both = expected_times(outcomes=[*seen(*others, kind="campaign"), *found])
    assert both["url"] == expected_times(outcomes=found)["url"]
    assert both["campaign"] == expected_times(outcomes=seen(*others, kind="campaign"))["campaign"]


@pytest.mark.parametrize("far", [1e3, 1e6, 1e9], ids=["years", "millennia", "beyond reason"])
@pytest.mark.parametrize("spread", [0.05, 1.0, 3.0])
def test_a_very_long_absence_gives_a_number_between_guess_and_twice_its_length(
    far: float, spread: float
) -> None:
    median = learnt((10.0, spread), seen(far, back=False))[0]
    assert 10.0 < median < 2 * far


def test_a_correction_for_a_kind_of_ones_own_is_kept_and_learnt_from() -> None:
    found = expected_times({"castle": GUESS}, seen(1000.0, kind="castle"))
    assert found["castle"] == learnt(GUESS, seen(1000.0))
    assert set(found) == {*vocabulary().kinds, "castle"}


def test_every_guess_of_the_vocabulary_can_be_learnt_from() -> None:
    for kind, guess in expected_times().items():
        assert all(math.isfinite(one) and one > 0 for one in guess), kind


def test_a_supplier_that_carries_flow_itself_may_stop_its_own_and_its_dependants(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chokepoint.choke.whatif.CELLS", 0)
    nodes = [thing("v", 9.0), thing("a", 5.0), thing("s", 2.0), thing("c", 9.0)]
    tree = network(nodes, "v>a>c v>s>c", dependencies=[{"node": "a", "needs_any": ["s"]}])
    exact, least = without_each(read_network(tree))
    assert exact | least == {"a": 2.0, "s": 0.0, "c": 0.0}


def test_what_is_off_the_chain_stops_nothing_where_time_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.choke.whatif.CELLS", 0)
    nodes = [thing("v", 5.0), thing("a", 5.0), thing("x", 5.0), thing("c", 9.0)]
    exact, least = without_each(read_network(network(nodes, "v>a>c v>x")))
    assert len(exact) == 1
    assert least["x"] == 5.0
    assert json.loads(json.dumps(least, allow_nan=False)) == least
