"""What things pass on: amounts of one unit where claims carry them, sightings elsewhere, never two units added."""

from __future__ import annotations

from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.analyse.chain.amounts import SIGHTINGS, capacities
from chokepoint.model.vocabulary import vocabulary

PRIOR = vocabulary().chain.prior
NODES = st.integers(0, 7)
UNITS = st.sampled_from(["BTC", "USD", "THB"])
said = st.dictionaries(
    NODES, st.dictionaries(UNITS, st.floats(0.01, 1e9), min_size=1, max_size=3), max_size=6
)
sightings = st.dictionaries(NODES, st.integers(0, 40), max_size=8)


def in_unit(amounts, unit):
    return {node: of_node[unit] for node, of_node in amounts.items() if unit in of_node}


@given(said, sightings)
def test_every_thing_that_was_asked_for_has_a_capacity_and_no_other_has(amounts, seen):
    found = capacities(amounts, seen)
    assert set(found.of) == set(seen)
    assert all(value > 0 for value in found.of.values())


@given(said, sightings)
def test_what_a_claim_says_is_the_capacity_and_the_rest_is_sightings_at_one_rate(amounts, seen):
    found = capacities(amounts, seen)
    known = {node: value for node, value in in_unit(amounts, found.unit).items() if node in seen}
    assert found.claimed == frozenset(known)
    for node, value in found.of.items():
        assert value == pytest.approx(known.get(node, (seen[node] + PRIOR) * found.rate))
    if known:
        assert found.rate == pytest.approx(
            median(value / (seen[node] + PRIOR) for node, value in known.items())
        )
    else:
        assert (found.unit, found.rate) == (SIGHTINGS, 1.0)


@given(said, sightings)
def test_the_unit_is_that_of_most_things_and_the_others_are_counted_and_left_out(amounts, seen):
    found = capacities(amounts, seen)
    units = Counter(unit for of_node in amounts.values() for unit in of_node)
    if found.unit != SIGHTINGS:
        assert units[found.unit] == max(units.values())
        assert found.other == sum(units.values()) - units[found.unit]
    if not units:
        assert found.other == 0


@given(said, sightings, st.floats(0.01, 100))
def test_amounts_in_another_denomination_scale_all_capacities_alike(amounts, seen, factor):
    first = capacities(amounts, seen)
    scaled = {node: {unit: value * factor for unit, value in one.items()} for node, one in amounts.items()}
    again = capacities(scaled, seen)
    times = 1.0 if first.unit == SIGHTINGS else factor
    assert again.of == pytest.approx({node: value * times for node, value in first.of.items()})


@given(said, sightings)
def test_the_order_in_which_things_come_decides_nothing(amounts, seen):
    again = capacities(dict(reversed(amounts.items())), dict(reversed(seen.items())))
    first = capacities(amounts, seen)
    assert (again.unit, again.rate, again.other) == (first.unit, first.rate, first.other)
    assert again.of == first.of


@given(sightings)
def test_without_amounts_a_thing_counts_as_often_as_it_was_seen_and_once_more(seen):
    found = capacities({}, seen)
    assert found.of == {node: count + PRIOR for node, count in seen.items()}
    assert "No claim carries an amount" in found.in_words()


@pytest.mark.parametrize(
    ("amounts", "seen", "words"),
    [
        pytest.param({1: {"BTC": 2.0}}, {1: 0}, "1 of 1 things have an amount in BTC", id="all of them"),
        pytest.param({1: {"BTC": 2.0}}, {1: 0, 2: 3}, "1 of 2 things have an amount in BTC", id="one of two"),
        pytest.param(
            {1: {"BTC": 2.0, "USD": 9.0}}, {1: 0}, "1 amounts in other units are left out", id="two units"
        ),
        pytest.param(
            {9: {"BTC": 2.0}}, {1: 0}, "No claim carries an amount", id="an amount of somebody else"
        ),
        pytest.param({1: {"THB": 6.0}}, {1: 2}, "stands for 2 THB", id="the rate"),
    ],
)
def test_people_are_told_where_capacities_come_from(amounts, seen, words):
    assert words in capacities(amounts, seen).in_words()


def test_of_units_as_frequent_the_first_by_name_is_taken_so_that_the_answer_is_always_the_same():
    assert capacities({1: {"USD": 1.0}, 2: {"BTC": 1.0}}, {1: 0, 2: 0}).unit == "BTC"
