"""The audit draw: a share of claims and a jury each, by a seed that nobody can choose."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.draw import chosen, jury, seed_of

SEED = seed_of(b"r" * 32, 7)
NAMES = [f"{number:064x}" for number in range(4_000)]
MEMBERS = [f"member {number}" for number in range(12)]
members = st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=9)


@pytest.mark.parametrize(
    ("root", "size"), [(b"r" * 32, 8), (b"s" * 32, 7)], ids=["another size", "another root"]
)
def test_another_head_is_another_seed(root, size):
    assert seed_of(root, size) != SEED
    assert len(seed_of(root, size)) == 32


def test_about_the_share_is_chosen_and_all_or_none_at_its_ends():
    assert sum(chosen(SEED, name, 0.05) for name in NAMES) == pytest.approx(200, abs=45)
    assert all(chosen(SEED, name, 1.0) for name in NAMES)
    assert not any(chosen(SEED, name, 0.0) for name in NAMES)


@given(st.sampled_from(NAMES), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_leaves_nothing_out_that_a_smaller_holds(name, one, other):
    small, large = sorted((one, other))
    assert chosen(SEED, name, large) or not chosen(SEED, name, small)


def test_every_member_sits_on_as_many_juries():
    seats = Counter(name for claim in NAMES for name in jury(SEED, claim, MEMBERS, 4))
    assert set(seats) == set(MEMBERS)
    assert min(seats.values()) > 0.85 * max(seats.values())


def test_neighbours_sit_together_no_oftener_than_others():
    """A ring that joins one after the other must not come as a block."""
    pairs = Counter()
    for claim in NAMES:
        sat = jury(SEED, claim, MEMBERS, 2)
        pairs[frozenset(sat)] += 1
    assert max(pairs.values()) < 2 * min(pairs.values())


@given(members, st.integers(0, 12), st.randoms(use_true_random=False))
def test_a_jury_hangs_on_who_belongs_and_not_on_their_order(names, many, random):
    shuffled = list(names)
    random.shuffle(shuffled)
    drawn = jury(SEED, NAMES[0], names, many)
    assert drawn == jury(SEED, NAMES[0], shuffled, many)
    assert len(drawn) == len(set(drawn)) == min(many, len(names))


@given(members, st.text(min_size=1, max_size=8), st.integers(1, 9))
def test_one_who_joins_takes_at_most_one_seat(names, newcomer, many):
    before, after = jury(SEED, NAMES[1], names, many), jury(SEED, NAMES[1], {*names, newcomer}, many)
    assert len(set(before) - set(after)) <= 1
    assert set(after) - set(before) <= {newcomer}
