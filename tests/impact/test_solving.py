"""Counts of regions that cross, as an attacker with linear algebra would use them; numpy is the attacker."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, permutations

import numpy as np
import pytest
from figures import cells
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.impact.few import K, held_back
from chokepoint.impact.solving import MOST_EQUATIONS, cross, tells_below

PLACES = ("GH", "KE", "NG", "elsewhere")
REGIONS = [frozenset(some) for size in range(1, 5) for some in combinations(PLACES, size)]


def told(**counts: int):
    """Regions by their letters: `ab=30` is thirty in a and b together."""
    return [(frozenset(region), frozenset({Decimal(count)})) for region, count in counts.items()]


def attacked(shown) -> set[int]:
    """Counts between none and K of any region that rows of a matrix determine, by least squares."""
    if not shown:
        return set()
    matrix = np.array([[place in region for place in PLACES] for region, _ in shown], float)
    right = np.array([count for _, count in shown], float)
    rank = np.linalg.matrix_rank(matrix)
    found = set()
    for region in REGIONS:
        wanted = np.array([place in region for place in PLACES], float)
        if np.linalg.matrix_rank(np.vstack([matrix, wanted])) == rank:
            weights = np.linalg.lstsq(matrix.T, wanted, rcond=None)[0]
            count = round(float(weights @ right), 6)
            if 0 < count < K:
                found.add(count)
    return found


worlds = st.tuples(
    st.lists(st.integers(0, 40), min_size=4, max_size=4), st.lists(st.sampled_from(REGIONS), min_size=1, max_size=6, unique=True)
)  # fmt: skip


@given(worlds)
def test_whatever_linear_algebra_finds_is_found(world):
    people, regions = dict(zip(PLACES, world[0], strict=True)), world[1]
    shown = [(region, sum(people[place] for place in region)) for region in regions]
    asked = [(region, frozenset({Decimal(count)})) for region, count in shown]
    assert tells_below(asked, K) is bool(attacked(shown))


@given(worlds)
def test_no_combination_of_what_is_shown_of_an_operation_tells_of_one_to_ten_victims(world):
    people, regions = dict(zip(PLACES, world[0], strict=True)), world[1]
    said, meant = [], {}
    for region in regions:
        if "elsewhere" in region and len(region) < 4:
            continue  # a figure is of countries, or of everything
        where = "" if "elsewhere" in region else f" in {'+'.join(sorted(region))}"
        said.append(("fox", f"victims{where}: {sum(people[place] for place in region)}"))
        meant[() if "elsewhere" in region else tuple(sorted(region))] = region
    found = cells(*said)
    shown = [(meant[cell.where], int(cell.least)) for cell in found if cell not in held_back(found)]
    assert attacked(shown) == set()


def test_of_three_countries_the_counts_of_each_two_tell_each_one():
    three = told(ab=30, ac=25, bc=45)
    assert tells_below(three, K)
    assert not any(tells_below(list(pair), K) for pair in combinations(three, 2))
    found = cells(
        ("fox", "victims in GH+KE: 30"), ("fox", "victims in GH+NG: 25"), ("fox", "victims in KE+NG: 45")
    )
    assert [cell.where for cell in held_back(found)] == [("GH", "NG")]


@pytest.mark.parametrize(
    ("counts", "tells"),
    [
        pytest.param({"ab": 30, "ac": 36, "bc": 44}, False, id="eleven is the least"),
        pytest.param({"ab": 30, "ac": 34, "bc": 44}, True, id="ten is too few"),
        pytest.param({"ab": 30, "ac": 30, "bc": 60}, False, id="nobody is nobody's secret"),
        pytest.param({"ab": 30, "ac": 30, "bc": 61}, False, id="less than nobody is a contradiction"),
        pytest.param({"ab": 30, "ac": 31, "bc": 32}, False, id="half a person is one as well, and more than ten"),
        pytest.param({"ab": 30, "bc": 25}, False, id="two that cross leave all open"),
        pytest.param({"ab": 30, "bc": 25, "abc": 35}, True, id="with all of them they do not"),
        pytest.param({"ab": 30, "bc": 25, "abc": 41}, False, id="unless each has enough"),
        pytest.param({"abc": 60, "abd": 50, "cd": 32}, False, id="what is left is large"),
        pytest.param({"abc": 60, "abd": 50, "cd": 20}, True, id="what is left is small"),
        pytest.param({"a": 5}, True, id="a small one by itself"),
        pytest.param({"a": 50}, False, id="a large one by itself"),
        pytest.param({}, False, id="nothing at all"),
    ],
)  # fmt: skip
def test_equations_are_solved_by_hand_as_by_the_house(counts, tells):
    assert tells_below(told(**counts), K) is tells


@given(worlds, st.permutations(range(6)))
def test_the_order_of_regions_does_not_matter(world, order):
    people, regions = dict(zip(PLACES, world[0], strict=True)), world[1]
    asked = [(region, frozenset({Decimal(sum(people[place] for place in region))})) for region in regions]
    turned = [asked[at] for at in order if at < len(asked)]
    assert tells_below(turned, K) is tells_below(asked, K)


@given(worlds)
def test_more_that_is_told_never_tells_less(world):
    people, regions = dict(zip(PLACES, world[0], strict=True)), world[1]
    asked = [(region, frozenset({Decimal(sum(people[place] for place in region))})) for region in regions]
    for few in range(len(asked)):
        if tells_below(asked[:few], K):
            assert tells_below(asked, K)


def test_of_conflicting_counts_each_is_looked_at():
    several = [*told(ab=30, ac=36), (frozenset("bc"), frozenset({Decimal(44), Decimal(46)}))]
    assert not tells_below([*several[:2], (several[2][0], frozenset({Decimal(44)}))], K)
    assert tells_below(several, K)


def test_more_equations_than_are_looked_through_tell_too_much():
    letters = "abcdefghijklm"
    chain = [(frozenset(letters[at : at + 2]), frozenset({Decimal(1_000)})) for at in range(12)]
    assert tells_below(chain, K)
    assert not tells_below(chain[:MOST_EQUATIONS], K)


def test_more_possible_counts_than_are_looked_through_tell_too_much():
    vague = [
        (frozenset(pair), frozenset(Decimal(10_000 * at + 7**at * number**2) for number in range(40)))
        for at, pair in enumerate(["ab", "bc", "ac"], 1)
    ]
    assert tells_below(vague, K)


@pytest.mark.parametrize(
    ("regions", "crossing"),
    [
        (["ab", "bc"], True), (["a", "b"], False), (["a", "ab"], False), (["ab", "ab"], False),
        (["ab", "abc", "cd"], True), ([], False), (["abc"], False),
    ],
)  # fmt: skip
def test_regions_cross_when_each_has_something_of_its_own_and_something_shared(regions, crossing):
    for order in permutations(regions):
        assert cross([(frozenset(region), frozenset()) for region in order]) is crossing
