"""The order of the queue: worth grows with what rests on a claim, and falls with each vote that it may have."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.queue import AUDITED, SLOTS, Voices, place, sampled, value

chances = st.floats(0.001, 0.999)


def worth(belief, slot, weight=1.0):
    return float(value(np.array([belief]), np.array([slot]), np.array([weight]))[0])


@given(chances, st.integers(0, 40), st.floats(0, 1000), st.floats(0, 1000))
def test_more_rests_on_it_more_it_is_worth(belief, slot, light, heavy):
    light, heavy = sorted((light, heavy))
    assert worth(belief, slot, light) <= worth(belief, slot, heavy)


@given(chances, st.integers(0, 40))
def test_a_later_place_is_never_worth_more(belief, slot):
    assert worth(belief, slot + 1) <= worth(belief, slot) + 1e-12


@given(chances, st.integers(0, SLOTS - 1))
def test_every_vote_is_worth_something(belief, slot):
    assert worth(belief, slot) > 0


def test_what_two_votes_can_accept_is_worth_more_than_what_they_cannot():
    assert worth(0.88, 0) > worth(0.5, 0) > worth(0.1, 0)


def test_the_first_two_votes_are_worth_more_than_the_third():
    assert worth(0.88, 1) > 2 * worth(0.88, 2)


NAMES = np.arange(3_000, dtype=np.uint64)


def test_each_statement_asks_every_member_once_in_an_order_of_its_own():
    places = np.stack([place(NAMES, 17, member, voices=Voices.alone(7)) for member in range(7)])
    assert (np.sort(places, axis=0) == np.arange(7)[:, None]).all()
    first = np.bincount(places.argmin(axis=0), minlength=7)
    assert first.min() > len(NAMES) / 7 * 0.8


def test_the_order_and_the_sample_hang_on_the_key():
    assert (
        place(NAMES, 1, 0, voices=Voices.alone(7)).tolist()
        != place(NAMES, 2, 0, voices=Voices.alone(7)).tolist()
    )
    assert sampled(NAMES, 1).tolist() != sampled(NAMES, 2).tolist()
    assert (
        place(NAMES, 1, 0, voices=Voices.alone(7)).tolist()
        == place(NAMES, 1, 0, voices=Voices.alone(7)).tolist()
    )


def test_about_the_stated_share_is_sampled():
    assert abs(sampled(NAMES, 17).mean() - AUDITED) < 0.02


def test_no_statements_have_no_order():
    assert len(place(NAMES[:0], 5, 0, voices=Voices.alone(3))) == 0 == len(sampled(NAMES[:0], 5))
