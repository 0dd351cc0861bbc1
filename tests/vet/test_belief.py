from __future__ import annotations

from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.source import CREDIBILITY, RELIABILITY
from chokepoint.vet.belief import NO_BALLOTS, Ballots, Evidence, Record, belief, beliefs, vote_logits

GRADES = ["".join(pair) for pair in product(RELIABILITY, CREDIBILITY)]
grades = st.sampled_from(GRADES)
origins = st.sampled_from("abcde")
claim_lists = st.lists(st.tuples(grades, origins), max_size=8)
vote_lists = st.dictionaries(st.sampled_from("PQRST"), st.sampled_from((-1, 0, 1)), max_size=5).map(
    dict.items
)
usual = st.tuples(*[st.floats(0.5, 0.95)] * 2)
records = st.builds(Record, *[st.integers(0, 50)] * 4, usual)


def columns(statements):
    rows = [(s, ord(o) - 97, g) for s, (claims, _) in enumerate(statements) for g, o in claims]
    return Evidence(
        statement=np.array([r[0] for r in rows], np.int64),
        origin=np.array([r[1] for r in rows], np.int32),
        reliability=np.array([RELIABILITY.index(r[2][0]) for r in rows], np.int8),
        credibility=np.array([int(r[2][1]) for r in rows], np.int8),
        count=len(statements),
    )


def ballots(statements):
    rows = [(s, ord(o), v) for s, (_, votes) in enumerate(statements) for o, v in votes]
    return Ballots(
        statement=np.array([r[0] for r in rows], np.int64),
        organisation=np.array([r[1] for r in rows], np.int32),
        vote=np.array([r[2] for r in rows], np.int8),
    )


@given(
    st.lists(st.tuples(claim_lists, vote_lists), min_size=1, max_size=6),
    st.dictionaries(st.sampled_from("PQRST"), records),
)
def test_whole_arrays_give_what_the_readable_reference_gives(statements, calibration):
    expected = [belief(claims, tuple(votes), calibration) for claims, votes in statements]
    numbered = {ord(name): record for name, record in calibration.items()}
    found = beliefs(columns(statements), ballots(statements), numbered)
    assert np.allclose(found, expected, atol=1e-12)


@given(grades, st.integers(2, 60), claim_lists)
def test_thirty_copies_of_one_origin_weigh_as_much_as_one(grade, copies, others):
    assert belief([(grade, "z")] * copies + others) == pytest.approx(belief([(grade, "z"), *others]))


@given(claim_lists, st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(claims, random):
    mixed = random.sample(claims, len(claims))
    assert belief(mixed) == pytest.approx(belief(claims))


@given(claim_lists, vote_lists, records)
def test_a_further_confirmation_never_lowers_and_a_dispute_never_raises_belief(claims, votes, record):
    votes, known = list(votes), {"new": record}
    before = belief(claims, votes, known)
    assert belief(claims, [*votes, ("new", 1)], known) >= before
    assert belief(claims, [*votes, ("new", -1)], known) <= before
    assert belief(claims, [*votes, ("new", 0)], known) == before


@given(claim_lists, vote_lists)
def test_nothing_is_ever_certain(claims, votes):
    assert 0.0009 < belief(claims * 20, tuple(votes)) < 0.9991
    many = [("A1", f"origin {n}") for n in range(500)]
    assert belief(many) == pytest.approx(0.999)
    assert belief([("E5", name) for _, name in many]) == pytest.approx(0.001)


@given(st.sampled_from(CREDIBILITY), origins)
def test_a_better_source_is_believed_more(credibility, origin):
    ranked = [belief([(letter + credibility, origin)]) for letter in "ABCDE"]
    assert ranked == sorted(ranked, reverse=True)


@given(st.sampled_from(RELIABILITY))
def test_better_information_is_believed_more(reliability):
    ranked = [belief([(reliability + figure, "x"), ("F6", "y")]) for figure in "12345"]
    assert ranked == sorted(ranked, reverse=True)


def test_cannot_be_judged_means_next_to_even_and_not_worst():
    alone = belief([("F6", "x")])
    assert 0.5 < alone < 0.6
    assert belief([("E5", "x")]) < alone < belief([("A2", "x")])
    assert belief([("B6", "x")]) > alone
    assert belief([("F2", "x")]) > alone


def test_without_evidence_belief_is_even():
    assert belief([]) == 0.5
    empty = columns([([], ())])
    assert beliefs(empty).tolist() == [0.5]


def test_confirmed_needs_somebody_else_to_have_said_it():
    assert belief([("B1", "x")]) == belief([("B2", "x")])
    assert belief([("B1", "x"), ("B1", "x")]) == belief([("B2", "x")])
    other = [("F6", "y")]
    assert belief([("B1", "x"), *other]) > belief([("B2", "x"), *other])


def test_a_further_origin_of_good_standing_raises_belief():
    one = belief([("C3", "x")])
    two = belief([("C3", "x"), ("C3", "y")])
    assert one < two < belief([("C3", "x"), ("C3", "y"), ("B2", "z")])


def test_the_strongest_claim_of_an_origin_speaks_for_it():
    assert belief([("E5", "x"), ("B2", "x")]) == belief([("B2", "x")])


def test_an_uncalibrated_voter_counts_as_right_four_times_of_five():
    assert vote_logits(Record()) == pytest.approx((log(4), log(4)))
    assert belief([], [("P", 1)]) == pytest.approx(0.8)


@given(records)
def test_a_voter_never_counts_against_its_own_word(record):
    assert min(vote_logits(record)) >= 0


@given(records)
def test_being_right_once_more_raises_a_voters_weight(record):
    better = record._replace(found=record.found + 1, caught=record.caught + 1)
    worse = record._replace(denied=record.denied + 1, passed=record.passed + 1)
    for of in (0, 1):
        assert vote_logits(better)[of] >= vote_logits(record)[of] >= vote_logits(worse)[of]


def test_a_voter_that_confirms_everything_says_nothing_by_confirming():
    stamp = Record(found=800, passed=200)
    assert vote_logits(stamp)[0] < 0.1
    assert vote_logits(stamp)[1] > 1  # the one thing that it has never been seen to do


def test_a_coin_weighs_nothing_on_either_side():
    assert max(vote_logits(Record(500, 500, 500, 500))) < 0.05


def test_log_odds_of_the_table_come_out_as_written():
    assert belief([("B2", "x")]) == pytest.approx(1 / (1 + exp(-2.0)))


def test_votes_on_nothing_change_nothing():
    evidence = columns([([("B2", "a")], ()), ([], ())])
    assert beliefs(evidence, NO_BALLOTS).tolist() == beliefs(evidence).tolist()
