"""Calibration: what votes tell of voters, and how predictions meet the truth."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.belief import Ballots, vote_logits
from chokepoint.vet.calibration import BINS, learn, report, wilson

HONEST, COIN, STAMP, RING = range(6), 6, 7, (8, 9, 10)
SIZE, COUNT = 11, 900


def world(seed=3, favour=True):
    """Statements of random contributors, a third of them false; everybody but the contributor votes."""
    rng = np.random.default_rng(seed)
    truth = rng.random(COUNT) < 2 / 3
    owner = rng.integers(0, SIZE, COUNT).astype(np.int32)
    vote = np.where(rng.random((SIZE, COUNT)) < 0.92, np.where(truth, 1, -1), np.where(truth, -1, 1))
    vote[COIN] = rng.choice([1, -1], COUNT)
    vote[STAMP] = 1
    if favour:
        vote[np.ix_(np.isin(np.arange(SIZE), RING), np.isin(owner, RING))] = 1
    asked = rng.random((SIZE, COUNT)) < 0.8
    asked[owner, np.arange(COUNT)] = False
    organisation, statement = np.nonzero(asked)
    ballots = Ballots(
        statement=statement.astype(np.int64),
        organisation=organisation.astype(np.int32),
        vote=vote[organisation, statement].astype(np.int8),
    )
    return truth, owner, ballots


def test_honest_voters_come_out_well_and_careless_ones_as_saying_nothing():
    _, owner, ballots = world()
    records = learn(np.zeros(COUNT), ballots, owner).records
    assert min(min(vote_logits(records[one])) for one in HONEST) > 1.5
    assert max(vote_logits(records[COIN])) < 0.5
    assert vote_logits(records[STAMP])[0] < 0.2


def test_a_ring_is_found_and_nobody_else_is_accused():
    _, owner, ballots = world()
    assert [ring.members for ring in learn(np.zeros(COUNT), ballots, owner).rings] == [RING]


def test_where_nobody_favours_anybody_nobody_is_accused():
    for seed in range(6):
        _, owner, ballots = world(seed, favour=False)
        assert learn(np.zeros(COUNT), ballots, owner).rings == ()


def test_weighed_votes_are_right_more_often_than_the_majority():
    truth, owner, ballots = world()
    weighed = learn(np.zeros(COUNT), ballots, owner).logit > 0
    counted = np.bincount(ballots.statement, weights=ballots.vote, minlength=COUNT) > 0
    assert (weighed == truth).mean() >= (counted == truth).mean()
    assert (weighed == truth).mean() > 0.99


def test_a_vote_alone_teaches_nothing_of_its_voter():
    ballots = Ballots(statement=np.arange(50), organisation=np.zeros(50, np.int32), vote=np.ones(50, np.int8))
    learnt = learn(np.full(50, 5.0), ballots, np.ones(50, np.int32))
    assert learnt.records == {}
    assert learnt.rings == ()


def test_nothing_teaches_nothing():
    none = Ballots(
        statement=np.zeros(0, np.int64), organisation=np.zeros(0, np.int32), vote=np.zeros(0, np.int8)
    )
    learnt = learn(np.array([0.5, -1.0]), none, np.zeros(2, np.int32))
    assert learnt.records == {}
    assert learnt.logit.tolist() == [0.5, -1.0]


def test_learning_is_the_same_every_time():
    _, owner, ballots = world()
    one, other = (learn(np.zeros(COUNT), ballots, owner) for _ in range(2))
    assert one.records == other.records
    assert one.logit.tolist() == other.logit.tolist()


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_interval_of_a_share_holds_the_share(hits, misses):
    share = wilson(hits, hits + misses)
    assert 0 <= share.low <= share.mean <= share.high <= 1 or share.size == 0
    wider = wilson(hits * 10, (hits + misses) * 10)
    assert wider.high - wider.low <= share.high - share.low + 1e-12


@pytest.mark.parametrize(("predicted", "brier"), [(1.0, 0.0), (0.0, 1.0), (0.5, 0.25)])
def test_the_brier_score_is_the_mean_squared_distance(predicted, brier):
    told = report(np.full(20, predicted), np.ones(20, np.bool_))
    assert told.brier == pytest.approx(brier)
    assert told.low <= told.brier <= told.high


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_reliability_table_counts_every_prediction_once(rows):
    predicted, truth = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    told = report(predicted, truth)
    assert len(told.bins) == BINS
    assert sum(one.size for one in told.bins) == told.count == len(rows)
    assert sum(one.true for one in told.bins) == sum(truth)
    assert told.brier == pytest.approx(float(((predicted - truth) ** 2).mean()))


def test_of_no_predictions_nothing_is_said():
    told = report(np.zeros(0), np.zeros(0, np.bool_))
    assert (told.count, told.bins, told.low, told.high) == (0, (), 0.0, 1.0)


# --- the figures, by hand ---

predictions = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(predictions)
def test_the_brier_score_and_the_table_are_those_summed_by_hand(pairs):
    told = report(np.array([p for p, _ in pairs]), np.array([t for _, t in pairs]))
    squares = [(p - t) ** 2 for p, t in pairs]
    mean = sum(squares) / len(squares)
    assert told.brier == pytest.approx(mean)
    assert 0 <= told.low <= told.brier <= told.high <= 1
    for number, found in enumerate(told.bins):
        inside = [(p, t) for p, t in pairs if min(int(p * 10), 9) == number]
        assert (found.size, found.true) == (len(inside), sum(t for _, t in inside))
        if inside:
            assert found.mean == pytest.approx(sum(p for p, _ in inside) / len(inside))


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none of ten"),
        pytest.param(10, 10, 0.7225, 1.0, id="all of ten"),
        pytest.param(81, 263, 0.2553, 0.3662, id="Newcombe 1998, table I, first"),
        pytest.param(15, 148, 0.0624, 0.1605, id="Newcombe 1998, table I, second"),
        pytest.param(0, 20, 0.0, 0.1611, id="Newcombe 1998, table I, third"),
        pytest.param(1, 29, 0.0061, 0.1718, id="Newcombe 1998, table I, fourth"),
    ],
)
def test_intervals_are_those_that_were_printed(hits, count, low, high):
    found = wilson(hits, count)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_bounds_of_an_interval_are_where_the_share_is_two_deviations_off(hits, misses):
    count = hits + misses
    found = wilson(hits, count)
    for bound in (found.low, found.high):
        if 1e-6 < bound < 1 - 1e-6 and count:
            off = abs(found.mean - bound) / sqrt(bound * (1 - bound) / count)
            assert off == pytest.approx(1.959964, rel=1e-5)


def test_records_of_known_truth_are_counted_as_by_hand():
    """Four sure voters against a fifth, whose votes are counted where the four leave no doubt."""
    says = np.array([1, 1, 1, -1, -1, -1, 1, -1])
    fifth = np.array([1, 1, -1, -1, 1, 0, 1, -1])
    statement = np.tile(np.arange(8), 5)
    organisation = np.repeat(np.arange(5), 8).astype(np.int32)
    vote = np.concatenate([says, says, says, says, fifth]).astype(np.int8)
    ballots = Ballots(statement=statement, organisation=organisation, vote=vote)
    owner = (np.arange(8) + 5).astype(np.int32)
    found = learn(np.zeros(8), ballots, owner).records
    assert found[4][:4] == pytest.approx((3, 1, 2, 1), abs=0.05)  # found, denied, caught, passed
    assert found[0][:4] == pytest.approx((4, 0, 4, 0), abs=0.05)


@pytest.mark.parametrize("count", [2, 5, 20])
@pytest.mark.parametrize(
    ("said", "happens"),
    [
        pytest.param(0.95, 0.95, id="sure-and-right"),
        pytest.param(0.99, 0.93, id="too-sure"),
        pytest.param(0.8, 0.8, id="likely"),
        pytest.param(0.5, 0.5, id="a-coin"),
    ],
)
def test_nineteen_of_twenty_intervals_hold_the_score_of_whoever_predicts_so(count, said, happens):
    draw = np.random.default_rng(20_261_127)
    expected = happens * (1 - said) ** 2 + (1 - happens) * said**2
    told = [report(np.full(count, said), draw.random(count) < happens) for _ in range(150)]
    holding = sum(one.low - 1e-9 <= expected <= one.high + 1e-9 for one in told)
    assert holding >= 0.9 * len(told)  # 0.95 but for chance: three standard errors of 150 draws


def test_an_interval_is_never_a_point_however_alike_the_predictions_were():
    told = report(np.full(2, 0.88), np.ones(2, np.bool_))
    assert told.low < told.brier < told.high - 0.3


def test_the_interval_narrows_as_the_root_of_how_much_is_known():
    few, many = (report(np.full(size, 0.5), np.arange(size) % 2 == 0) for size in (100, 10_000))
    skewed = [report(np.full(size, 0.9), np.arange(size) % 10 > 0) for size in (100, 10_000)]
    assert (few.high - few.low) > (many.high - many.low)
    wide, narrow = (one.high - one.low for one in skewed)
    assert wide / narrow == pytest.approx(10, rel=0.1)
