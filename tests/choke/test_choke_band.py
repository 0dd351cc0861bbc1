"""The band that a fresh world lies in nine times in ten, against all bands there are."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.choke.band import band

few_values = st.lists(st.sampled_from([0.0, 1.0, 2.5, 4.0, 9.0]), min_size=1, max_size=40)
many_values = st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=40)


def held(values: list[float], low: float, high: float) -> int:
    return sum(low <= value <= high for value in values)


def enough(values: list[float]) -> int:
    return min(math.ceil(0.9 * (len(values) + 1)), len(values))


@given(values=few_values | many_values)
def test_of_all_bands_between_two_values_that_hold_enough_it_holds_least_with_the_most_even_tails(
    values: list[float],
) -> None:
    def rank(ends: tuple[float, float]) -> tuple[int, int]:
        low, high = ends
        uneven = abs(sum(value < low for value in values) - sum(value > high for value in values))
        return held(values, low, high), uneven

    pairs = [(a, b) for a, b in itertools.product(set(values), repeat=2) if a <= b]
    assert rank(band(np.array(values))) == min(
        rank(pair) for pair in pairs if held(values, *pair) >= enough(values)
    )


@given(values=few_values, seed=st.integers(0, 9))
def test_the_order_of_the_worlds_does_not_matter(values: list[float], seed: int) -> None:
    mixed = np.random.default_rng(seed).permutation(values)
    assert band(mixed) == band(np.array(values))


@given(values=few_values | many_values, factor=st.sampled_from([0.25, 8.0]))
def test_the_unit_of_the_flow_does_not_matter(values: list[float], factor: float) -> None:
    low, high = band(np.array(values))
    assert band(np.array(values) * factor) == (low * factor, high * factor)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        pytest.param([3.0], (3.0, 3.0), id="one world"),
        pytest.param([0.0] * 50, (0.0, 0.0), id="nothing left in any"),
        pytest.param(list(range(9)), (0.0, 8.0), id="nine worlds are too few to leave one out"),
        pytest.param(list(range(19)), (0.0, 17.0), id="of nineteen it holds eighteen"),
        pytest.param(list(range(39)), (1.0, 36.0), id="of 39 it holds 36, one below and two above"),
        pytest.param(list(range(199)), (9.0, 188.0), id="of 199 it holds 180, nine below and ten above"),
        pytest.param([0.0] * 185 + [5.0] * 14, (0.0, 0.0), id="one value that is enough alone"),
        pytest.param([0.0] * 150 + [1.0] * 35 + [7.0] * 14, (0.0, 1.0), id="the rare value is left out"),
        pytest.param([0.0] * 14 + [1.0] * 150 + [7.0] * 35, (1.0, 7.0), id="at either end"),
        pytest.param([0.0] * 25 + [1.0] * 150 + [7.0] * 25, (0.0, 7.0), id="where none is rare all are in"),
    ],
)
def test_bands_worked_by_hand(values: list[float], ends: tuple[float, float]) -> None:
    assert band(np.array(values, np.float64)) == ends


def test_values_that_differ_by_rounding_are_one() -> None:
    """A fifth of the worlds at 1, all but the last digits: the end of the band is never between them."""
    near = 1.0 + np.arange(40) * 1e-13
    low, high = band(np.concatenate([np.zeros(160), near]))
    assert (low, high) == (0.0, near[-1])


@pytest.mark.parametrize("size", [19, 60, 200])
@pytest.mark.parametrize(
    "shares",
    [(0.5, 0.3, 0.15, 0.05), (0.2, 0.6, 0.2), (0.04, 0.9, 0.06)],
    ids=["falling", "middle", "rare ends"],
)
def test_a_fresh_world_is_held_at_least_nearly_as_often_as_promised(
    size: int, shares: tuple[float, ...]
) -> None:
    """Exactly, by the shares of the values; the mean over draws is what conformal prediction promises."""
    rng = np.random.default_rng(7)
    mass = np.array(shares)
    found = []
    for _ in range(200):
        low, high = band(rng.choice(mass.size, size, p=mass).astype(np.float64))
        found.append(mass[int(low) : int(high) + 1].sum())
    assert np.mean(found) >= 0.88
