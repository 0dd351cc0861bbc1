"""How outcomes move the expected time to replacement."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.choke.times import PRIOR_WEIGHT, SHORTEST, Outcome, expected_times, learnt
from chokepoint.model.vocabulary import vocabulary

GUESS = (10.0, 1.0)
days = st.floats(0.1, 1000.0)
outcome = st.builds(Outcome, kind=st.just("url"), days=days, back=st.booleans())


def back(*found: float) -> list[Outcome]:
    return [Outcome(kind="url", days=one, back=True) for one in found]


def gone(*found: float) -> list[Outcome]:
    return [Outcome(kind="url", days=one, back=False) for one in found]


def by_grid(guess: tuple[float, float], found: list[Outcome]) -> float:
    """The posterior's mode by trying every log median on a grid: density of what is back, tail of what is not."""
    median, spread = guess
    best, best_at = -math.inf, 0.0
    for step in range(-4000, 8001):
        middle = step / 1000
        value = -0.5 * PRIOR_WEIGHT * ((middle - math.log(median)) / spread) ** 2
        for one in found:
            z = (math.log(max(one.days, SHORTEST)) - middle) / spread
            value += -0.5 * z * z if one.back else math.log(max(0.5 * math.erfc(z / math.sqrt(2)), 1e-300))
        if value > best:
            best, best_at = value, middle
    return math.exp(best_at)


def test_without_outcomes_the_guess_stands() -> None:
    assert learnt(GUESS, []) == GUESS


def test_as_many_outcomes_as_the_guess_is_worth_meet_it_half_way() -> None:
    median, spread = learnt(GUESS, back(*[1000.0] * int(PRIOR_WEIGHT)))
    assert median == pytest.approx(math.sqrt(10.0 * 1000.0))
    assert spread == 1.0


def test_many_outcomes_outweigh_the_guess() -> None:
    assert learnt(GUESS, back(*[90.0] * 2000))[0] == pytest.approx(90.0, rel=0.01)


@pytest.mark.parametrize(
    "found",
    [back(3.0), back(30.0, 2.0), gone(30.0), gone(1.0), [*back(3.0, 5.0), *gone(200.0)], gone(500.0, 500.0)],
    ids=["one back", "two back", "one gone", "gone but briefly", "some of both", "two long gone"],
)
def test_the_median_is_that_of_the_posterior(found: list[Outcome]) -> None:
    assert learnt(GUESS, found)[0] == pytest.approx(by_grid(GUESS, found), rel=0.02)


def test_still_gone_says_more_than_back_on_the_same_day() -> None:
    assert learnt(GUESS, gone(10.0))[0] > learnt(GUESS, back(10.0))[0]


def test_gone_for_a_moment_says_nearly_nothing() -> None:
    assert learnt(GUESS, gone(0.0))[0] == pytest.approx(10.0, rel=0.01)


def test_back_at_once_counts_as_an_hour() -> None:
    assert learnt(GUESS, back(0.0)) == learnt(GUESS, back(SHORTEST))


def test_what_is_gone_for_ever_stays_finite() -> None:
    assert math.isfinite(learnt((0.5, 0.1), gone(36_500.0))[0])


@given(st.lists(outcome, max_size=8))
def test_the_order_of_outcomes_does_not_matter(found: list[Outcome]) -> None:
    assert learnt(GUESS, found)[0] == pytest.approx(learnt(GUESS, found[::-1])[0])


@given(st.lists(outcome, max_size=6), st.floats(10.0, 1000.0))
def test_a_longer_absence_never_shortens_the_expectation(found: list[Outcome], longer: float) -> None:
    first, second = ([*found, *gone(one)] for one in (longer, longer * 2))
    assert learnt(GUESS, second)[0] >= learnt(GUESS, first)[0] - 1e-9


@given(st.lists(days, min_size=1, max_size=8))
def test_the_median_lies_between_the_guess_and_what_was_seen(found: list[float]) -> None:
    median = learnt(GUESS, back(*found))[0]
    assert min(*found, 10.0) - 1e-9 <= median <= max(*found, 10.0) + 1e-9


@given(st.lists(outcome, max_size=6), st.floats(0.1, 10.0))
def test_another_unit_of_time_changes_nothing(found: list[Outcome], unit: float) -> None:
    scaled = [Outcome(kind=one.kind, days=one.days * unit, back=one.back) for one in found]
    if any(one.days <= SHORTEST or one.days * unit <= SHORTEST for one in found):
        return
    there = learnt((10.0 * unit, 1.0), scaled)[0]
    assert there == pytest.approx(learnt(GUESS, found)[0] * unit, rel=1e-6)


def test_outcomes_move_their_own_kind_alone() -> None:
    plain, moved = expected_times(), expected_times(outcomes=back(300.0))
    assert {kind for kind in plain if plain[kind] != moved[kind]} == {"url"}
    assert moved["url"][0] > plain["url"][0]


def test_without_anything_the_vocabulary_stands() -> None:
    assert expected_times() == {name: kind.replace_days for name, kind in vocabulary().kinds.items()}


def test_a_correction_stands_in_for_the_vocabulary_and_is_learnt_from() -> None:
    corrected = expected_times({"url": (50.0, 1.0)})
    assert corrected["url"] == (50.0, 1.0)
    both = expected_times({"url": (50.0, 1.0)}, back(50.0, 50.0))
    assert both["url"][0] == pytest.approx(50.0)


def test_an_outcome_of_an_unknown_kind_is_left_aside() -> None:
    assert expected_times(outcomes=[Outcome(kind="castle", days=1.0, back=True)]) == expected_times()


@pytest.mark.parametrize("many", [1, 30, 1_000, 20_000])
@pytest.mark.parametrize("days", [1.0, 30.0, 3_650.0])
def test_the_median_stands_still_however_many_are_gone(many: int, days: float) -> None:
    """At the end the pull of the guess and of what is not back yet are equal: the score is nothing."""
    median, spread = learnt(GUESS, gone(*[days] * many))
    z = (math.log(days) - math.log(median)) / spread
    hazard = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) / (0.5 * math.erfc(z / math.sqrt(2)))
    pull = PRIOR_WEIGHT * (math.log(GUESS[0]) - math.log(median)) / spread + many * hazard
    assert pull == pytest.approx(0.0, abs=1e-4 * (PRIOR_WEIGHT + many))
