"""The order of votes: each statement asks everybody once, by a key, and what counts for it is plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chokepoint.vet.queue import AUDITED, SLOTS, Voices, place, sampled, value

names = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=8, unique=True).map(
    lambda numbers: np.array(numbers, np.uint64)
)
keys = st.integers(0, 2**64 - 1)
chances = st.floats(0.002, 0.998)


def worth(belief, slot=0, weight=1.0):
    return float(value(np.array([belief]), np.array([slot]), np.array([weight]))[0])


@given(names, keys, st.integers(1, 9))
def test_every_member_has_another_place_in_each_statements_order(statements, key, members):
    places = np.stack(
        [place(statements, key, member, voices=Voices.alone(members)) for member in range(members)]
    )
    assert (np.sort(places, axis=0) == np.arange(members)[:, None]).all()


@given(names, keys)
def test_the_places_of_a_statement_do_not_hang_on_the_others_asked_for(statements, key):
    together = place(statements, key, 2, voices=Voices.alone(5))
    assert together.tolist() == [
        int(place(name[None], key, 2, voices=Voices.alone(5))[0]) for name in statements
    ]


@given(names, keys)
def test_a_sample_is_drawn_per_statement_and_the_same_every_time(statements, key):
    together = sampled(statements, key)
    assert together.tolist() == [bool(sampled(name[None], key)[0]) for name in statements]


def test_neighbours_in_the_list_of_members_do_not_follow_each_other():
    """An order that only turns round would ask a ring that joined together one after the other."""
    names = np.arange(4_000, dtype=np.uint64)
    first, second = (place(names, 3, member, voices=Voices.alone(12)) for member in (4, 5))
    assert ((second - first) % 12 == 1).mean() == pytest.approx(1 / 11, abs=0.03)


def test_nobody_to_ask_divides_by_nothing():
    assert place(np.zeros(1, np.uint64), 1, 0, voices=Voices.alone(0)).tolist() == [0]


@given(chances, chances, st.integers(0, SLOTS - 1))
@example(0.03125, 0.015625, 0)
def test_what_is_likelier_is_never_worth_less_up_to_the_threshold(one, other, slot):
    low, high = sorted((one, other))
    if high <= 0.5:
        assert worth(low, slot) <= worth(high, slot) + 1e-9


@given(chances, st.integers(0, SLOTS - 1), st.floats(0, 100))
def test_the_worth_is_the_weight_of_what_rests_on_it_times_that_of_one(belief, slot, weight):
    assert worth(belief, slot, weight) == pytest.approx(weight * worth(belief, slot), rel=1e-9)


@given(chances, st.integers(SLOTS, 200))
def test_a_place_beyond_the_last_is_worth_a_hundredth_of_it(belief, slot):
    assert worth(belief, slot) == pytest.approx(worth(belief, SLOTS - 1) / 100)


def test_about_one_in_twelve_accepted_statements_is_looked_at_again():
    share = sampled(np.arange(4_000, dtype=np.uint64), 17).mean()
    assert share == pytest.approx(AUDITED, abs=0.02)


@pytest.mark.parametrize("belief", [0.0, 1.0, 0.001, 0.999])
def test_a_belief_at_the_very_ends_has_a_worth(belief):
    assert np.isfinite(worth(belief))
    assert worth(belief) >= 0


@st.composite
def coalitions(draw):
    size = draw(st.integers(1, 7))
    family = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    mute = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    return Voices(np.array(family, np.int64), np.array(mute, np.bool_))


@given(coalitions(), st.integers(0, 2**32))
def test_those_come_first_whose_votes_add_something(voices, key):
    """Every family speaks before any speaks twice; after all of them those whose word tells nothing."""
    size = len(voices.family)
    names = np.arange(20, dtype=np.uint64)
    places = np.stack([place(names, key, member, voices=voices) for member in range(size)])
    assert (np.sort(places, axis=0) == np.arange(size)[:, None]).all(), "each has a place of its own"
    heard = np.flatnonzero(~voices.mute)
    families = len(set(voices.family[heard].tolist()))
    for order in places.argsort(axis=0).T:
        assert len(set(voices.family[order[:families]].tolist())) == families
        assert set(order[: len(heard)].tolist()) == set(heard.tolist())


@given(st.integers(0, 2**32))
def test_among_equals_the_order_is_the_lots_alone(key):
    """A family or a mute member elsewhere does not reorder the rest."""
    names = np.arange(30, dtype=np.uint64)
    plain, mixed = (
        Voices.alone(6),
        Voices(np.array([0, 1, 2, 3, 4, 4]), np.array([False] * 3 + [True] + [False] * 2)),
    )
    before, after = (np.stack([place(names, key, n, voices=one) for n in range(3)]) for one in (plain, mixed))
    assert (before.argsort(axis=0) == after.argsort(axis=0)).all()


def test_many_statements_are_drawn_in_parts_and_nothing_changes(monkeypatch):
    names, voices = np.arange(50, dtype=np.uint64), Voices(np.array([0, 0, 2, 3]), np.zeros(4, np.bool_))
    whole = place(names, 9, 1, voices=voices).tolist()
    monkeypatch.setattr("chokepoint.vet.queue.PART", 7)
    assert place(names, 9, 1, voices=voices).tolist() == whole
