"""Excess agreement of pairs, counted by hand, and who hardly ever disputes whom."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.rings import Outside, Seen, described, excess, uncritical


def pair(voter, owner, count):
    return Seen(np.arange(count), np.full(count, voter), np.full(count, owner), np.ones(count, np.bool_))


votes = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans(), st.booleans()
    ),
    max_size=25,
    unique_by=lambda row: (row[0], row[1]),
)


def told(seen, wrong, known):
    """Outsiders who are certain of what they know, and know nothing else."""
    return Outside(false=(known & (seen.yes == wrong)).astype(float), wrong=wrong, known=known)


def found_in(seen, outside, *, met=()):
    """Excess among as many as there are names, each right four times of five and alone."""
    size = int(max(seen.voter.max(initial=0), seen.owner.max(initial=0), 2)) + 2
    pairs = np.zeros((size, size), np.bool_)
    for pair in met:
        pairs[pair] = True
    errors = (np.full(size, 0.2), np.full(size, 0.2))
    return excess(seen, outside, error=errors, group=np.arange(size), met=pairs)


def columns(rows):
    owner_of = {}
    fixed = [(s, v, owner_of.setdefault(s, o), y, w, k) for s, v, o, y, w, k in rows]
    table = np.array(fixed, np.int64).reshape(-1, 6)
    seen = Seen(table[:, 0], table[:, 1], table[:, 2], table[:, 3] > 0)
    return fixed, seen, table[:, 4] > 0, table[:, 5] > 0


@given(votes)
def test_passed_caught_and_joint_errors_are_those_counted_by_hand(rows):
    fixed, seen, wrong, known = columns(rows)
    found = found_in(seen, told(seen, wrong, known))
    size = len(found.odds)
    passed, caught, together = (np.zeros((size, size)) for _ in range(3))
    for _, voter, owner, yes, err, sure in fixed:
        if sure and yes and err:
            passed[voter, owner] += 1
        if sure and not yes and not err:
            caught[voter, owner] += 1
    for one in fixed:
        for other in fixed:
            same = one[0] == other[0] and one[1] != other[1] and one[3] == other[3]
            own = any(row[3] and row[1] == row[2] for row in (one, other))
            if same and one[4] and other[4] and one[5] and other[5] and not own:
                together[one[1], other[1]] += 1
    np.testing.assert_array_equal(found.passed, passed)
    np.testing.assert_array_equal(found.caught, caught)
    np.testing.assert_array_equal(found.together, together)
    np.testing.assert_allclose(found.odds, found.odds.T)


def one_pair(here, elsewhere, met=()):
    """Excess of voter 0 and 1, from (passed, caught) on false claims of 1 and of 2."""
    yes = np.array(
        [word for passed, caught in (here, elsewhere) for word in [True] * passed + [False] * caught]
    )
    owner = np.repeat([1, 2], [sum(here), sum(elsewhere)])
    seen = Seen(np.arange(len(yes)), np.zeros(len(yes), np.int64), owner, yes)
    return found_in(seen, told(seen, yes, np.ones(len(yes), np.bool_)), met=met).odds[0, 1]


def test_passing_what_is_false_speaks_for_a_ring_and_catching_it_against():
    assert one_pair((1, 0), (2, 43)) == pytest.approx(log(0.95 / 0.09))
    assert one_pair((0, 1), (2, 43)) < -2.5
    assert one_pair((3, 0), (2, 43)) == pytest.approx(3 * one_pair((1, 0), (2, 43)))


def test_where_nothing_else_is_known_of_a_voter_little_is_held_against_it():
    assert one_pair((1, 0), (0, 0)) == pytest.approx(log(0.95 / 0.5))


def test_passing_what_is_false_of_everybody_says_nothing_of_a_pair():
    assert one_pair((20, 0), (200, 5)) == pytest.approx(0.0)
    assert one_pair((20, 0), (500, 0)) == pytest.approx(0.0)


def test_what_a_ring_passes_of_its_further_members_does_not_make_it_look_careless():
    """Voter 0 is of one ring with 1 and 2: that it passes 2 whatever it says excuses nothing about 1."""
    assert one_pair((20, 0), (200, 5), met=[(0, 2)]) == pytest.approx(20 * log(0.95 / 0.5))


def test_what_is_false_by_half_speaks_half_as_loud():
    seen = pair(0, 1, 10)
    half, no = Outside(np.full(10, 0.5), *[np.zeros(10, np.bool_)] * 2), np.zeros(10, np.bool_)
    whole = Outside(np.ones(10), no, no)
    assert found_in(seen, half).passed[0, 1] == 5
    assert found_in(seen, half).odds[0, 1] == pytest.approx(found_in(seen, whole).odds[0, 1] / 2)


# --- who hardly ever disputes ---


def words(voter, owner, *, yes, no):
    return [(voter, owner, True)] * yes + [(voter, owner, False)] * no


@pytest.mark.parametrize(
    ("against", "expected"),
    [
        pytest.param(0, True, id="never, where a fifth is disputed elsewhere"),
        pytest.param(3, True, id="not half as often"),
        pytest.param(5, False, id="half as often"),
        pytest.param(10, False, id="as often as anybody"),
    ],
)
def test_who_disputes_somebody_not_half_as_often_as_others_is_uncritical(against, expected):
    rows = [*words(0, 1, yes=50 - against, no=against), *words(0, 2, yes=80, no=20)]
    voter, owner, yes = (np.array(column) for column in zip(*rows, strict=True))
    met = np.zeros((3, 3), np.bool_)
    met[0, 1] = True
    found = uncritical(Seen(np.arange(len(rows)), voter, owner, yes), met)
    assert np.argwhere(found).tolist() == ([[0, 1]] if expected else [])


@given(votes)
def test_nobody_is_uncritical_of_whom_they_were_not_asked_about(rows):
    _, seen, _, _ = columns(rows)
    assert not uncritical(seen, np.zeros((4, 4), np.bool_)).any()
    assert not (uncritical(seen, np.eye(4, dtype=np.bool_)) & ~np.eye(4, dtype=np.bool_)).any()


def test_organisations_that_stand_alone_are_not_described():
    seen, no = pair(1, 2, 3), np.zeros(3, np.bool_)
    assert described(np.arange(4), found_in(seen, told(seen, no, no))) == ()
