"""Reliability of voters learnt without certain truth, and the belief that what two confirm must reach."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.belief import USUAL, Ballots, Record, telling
from chokepoint.vet.calibration import learn
from chokepoint.vet.reliability import ENOUGH, MOST, WRONG, bar, reliability
from chokepoint.vet.rings import Seen

COUNT = 1200
ALL = 16
STAMP, COIN, RARE = 13, 14, 15


class Poor:
    """Statements of which a fifth is false; members right in 75 of 100, one stamp, one coin, one hardly seen."""

    def __init__(self, seed=5, base=0.0):
        rng = np.random.default_rng(seed)
        self.truth = rng.random(COUNT) < 0.8
        self.owner = rng.integers(20, 40, COUNT).astype(np.int32)
        self.base = np.full(COUNT, base)
        says = np.where(rng.random((ALL, COUNT)) < 0.75, self.truth, ~self.truth)
        says[STAMP], says[COIN] = True, rng.random(COUNT) < 0.5
        asked = rng.random((ALL, COUNT)) < 0.5
        asked[RARE] = np.arange(COUNT) < 3
        self.voter, self.statement = (column.astype(np.int64) for column in np.nonzero(asked))
        self.yes = says[self.voter, self.statement]

    @property
    def seen(self):
        return Seen(self.statement, self.voter, self.owner[self.statement].astype(np.int64), self.yes)

    def fit(self, weight=None):
        weight = np.ones(len(self.yes)) if weight is None else weight
        return reliability(self.base, self.seen, weight, size=40)

    def learn(self):
        ballots = Ballots(
            statement=self.statement,
            organisation=self.voter.astype(np.int32),
            vote=np.where(self.yes, 1, -1).astype(np.int8),
        )
        return learn(self.base, ballots, self.owner)


@pytest.fixture(scope="module")
def poor():
    return Poor()


@pytest.fixture(scope="module")
def learnt(poor):
    return poor.learn()


def test_honest_members_who_are_right_three_times_of_four_are_heard(learnt):
    assert all(telling(learnt.records[one]) for one in range(STAMP))


def test_who_confirms_everything_and_who_tosses_a_coin_is_not(learnt):
    assert not telling(learnt.records[STAMP])
    assert not telling(learnt.records[COIN])


def test_who_was_hardly_seen_is_judged_as_members_are_on_the_whole(learnt):
    assert sum(learnt.records[RARE][:4]) == pytest.approx(3)
    assert learnt.records[RARE].usual == learnt.usual
    assert telling(learnt.records[RARE])


def test_the_coalitions_means_lie_near_those_of_its_members(learnt):
    """Thirteen at 0.75 and 0.75, a stamp at 1 and 0, a coin at 0.5 and 0.5."""
    assert learnt.usual == pytest.approx((0.76, 0.69), abs=0.06)


def test_each_member_is_measured_as_it_is(poor):
    found = poor.fit().counts
    for one in range(STAMP):
        mine = poor.voter == one
        true = poor.truth[poor.statement[mine]]
        share = (poor.yes[mine] & true).sum() / true.sum()
        assert found[0, one] / (found[0, one] + found[1, one]) == pytest.approx(share, abs=0.06)


def test_every_vote_is_counted_once_by_what_it_says(poor):
    found = poor.fit().counts
    yes, no = (np.bincount(poor.voter[poor.yes == word], minlength=40) for word in (True, False))
    np.testing.assert_allclose(found[0] + found[3], yes)
    np.testing.assert_allclose(found[1] + found[2], no)


def test_votes_without_a_voice_teach_nothing(poor):
    heard = poor.voter != COIN
    some = Poor()
    some.voter, some.statement, some.yes = poor.voter[heard], poor.statement[heard], poor.yes[heard]
    silent = poor.fit(np.where(heard, 1.0, 0.0))
    np.testing.assert_allclose(silent.counts, some.fit().counts)
    assert silent.counts[:, COIN].sum() == 0


def test_the_order_of_votes_changes_nothing(poor):
    order = np.random.default_rng(1).permutation(len(poor.yes))
    other = Poor()
    other.voter, other.statement, other.yes = poor.voter[order], poor.statement[order], poor.yes[order]
    np.testing.assert_allclose(other.fit().chance, poor.fit().chance, atol=1e-9)


@pytest.mark.parametrize("base", [-1.5, -0.5, 0.5])
def test_honest_members_are_heard_though_gradings_call_most_of_what_is_true_doubtful(base):
    found = Poor(base=base).learn()
    assert sum(telling(found.records[one]) for one in range(STAMP)) >= STAMP - 1


def test_where_nobody_voted_members_are_held_to_be_as_usual():
    none = np.zeros(0, np.int64)
    found = reliability(np.array([1.0, -1.0]), Seen(none, none, none, none > 0), np.zeros(0), size=3)
    assert found.usual == pytest.approx(USUAL)
    assert not found.counts.any()
    assert found.chance == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))])


def test_nobody_is_silenced_before_they_were_measured():
    assert telling(Record(usual=(0.5, 0.5)))
    assert not telling(Record(found=1, usual=(0.5, 0.5)))


# --- the bar ---


def backed(*, yes=2, count=ENOUGH):
    """So many statements, each confirmed so often."""
    statement = np.repeat(np.arange(count), yes)
    return Seen(statement, statement * 0, statement * 0, np.ones(len(statement), np.bool_))


def test_no_bar_is_set_where_all_that_two_confirm_is_true_enough():
    assert bar(np.full(ENOUGH, 2.0), np.full(ENOUGH, 1 - WRONG / 2), backed()) == 0.0


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(backed(count=ENOUGH - 1), id="too few statements"),
        pytest.param(backed(yes=1), id="one confirmation each"),
        pytest.param(backed()._replace(yes=np.tile([True, False], ENOUGH)), id="each of them disputed"),
    ],
)
def test_no_bar_is_set_where_too_little_was_voted_on(seen):
    assert bar(np.full(ENOUGH, 2.0), np.full(ENOUGH, 0.5), seen) == 0.0


def test_where_nothing_is_true_enough_the_bar_is_as_high_as_it_gets():
    assert bar(np.linspace(0, 5, ENOUGH), np.full(ENOUGH, 0.9), backed()) == MOST


def test_the_bar_lies_where_the_share_of_false_ones_among_what_is_above_it_is_small_enough():
    """Of a hundred the likelier half is true for certain, of the others less than half."""
    logit = np.concatenate([np.linspace(3, 4, 50), np.linspace(1, 2, 50)])
    chance = np.where(logit > 2.5, 1.0, 0.4)
    assert bar(logit, chance, backed()) == pytest.approx(1 / (1 + np.exp(-3.0)))


chances = st.lists(st.tuples(st.integers(-60, 90), st.floats(0.9, 1.0)), min_size=ENOUGH, max_size=130)


@given(chances)
def test_what_reaches_the_bar_is_true_enough_and_no_lower_one_would_do(rows):
    logit = np.array([row[0] for row in rows]) / 10.0 + np.arange(len(rows)) * 1e-6
    chance = np.array([row[1] for row in rows])
    found = bar(logit, chance, backed(count=len(rows)))
    belief = 1 / (1 + np.exp(-logit))

    def wrong(least):
        above = belief >= least - 1e-12
        return (1 - chance[above]).mean() if above.any() else 0.0

    if found < MOST:
        assert wrong(found) <= WRONG + 1e-12
    assert all(wrong(least) > WRONG for least in belief[belief < found - 1e-9])


def test_what_is_believed_alike_is_accepted_or_left_together():
    """Two hundred of one belief, of which the first are surer than the others: in all, 5 % are false."""
    few = np.where(np.arange(2 * ENOUGH) < ENOUGH, 0.999, 0.901)
    alike = np.full(2 * ENOUGH, 3.0) + np.tile([0.0, 1e-15], ENOUGH)
    assert bar(alike, few, backed(count=2 * ENOUGH)) == MOST
    logit, chance = np.append(np.full(ENOUGH, 4.0), alike), np.append(np.full(ENOUGH, 0.999), few)
    assert bar(logit, chance, backed(count=3 * ENOUGH)) == pytest.approx(1 / (1 + np.exp(-4.0)))


def test_a_coalition_of_the_careless_asks_more_of_what_two_confirm_than_one_of_the_careful():
    poor, base = Poor(), np.full(COUNT, log(4.0))
    seen = poor.seen
    few = np.concatenate([np.flatnonzero(seen.statement == one)[:2] for one in range(COUNT)])
    seen = Seen(*(column[few] for column in seen))
    sure = np.where(poor.truth, 0.9999, 0.0001)
    assert bar(base, sure, seen) > bar(base, np.full(COUNT, 0.9999), seen) == 0.0
