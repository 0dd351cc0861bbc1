"""Belief from graded evidence: the tables in order, monotone in independent support, and its weighing of votes."""

from __future__ import annotations

from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.belief import (
    CAP,
    CREDIBILITY_LOGIT,
    RELIABILITY_LOGIT,
    Ballots,
    Evidence,
    Record,
    ballot_logits,
    belief,
    beliefs,
    evidence_logits,
    vote_logits,
)

GRADES = ["".join(pair) for pair in product("ABCDEF", "123456")]
grade = st.sampled_from(GRADES)
claim_lists = st.lists(st.tuples(grade, st.sampled_from(["a", "b", "c"])), min_size=1, max_size=6)
counts = st.integers(0, 60)


def evidence(rows, count):
    """Rows of (statement, origin number, grade)."""
    return Evidence(
        statement=np.array([row[0] for row in rows], np.int64),
        origin=np.array([row[1] for row in rows], np.int32),
        reliability=np.array(["ABCDEF".index(row[2][0]) for row in rows], np.int8),
        credibility=np.array([int(row[2][1]) for row in rows], np.int8),
        count=count,
    )


@pytest.mark.parametrize("letter", "ABCDE")
def test_a_more_reliable_source_weighs_more_at_every_credibility(letter):
    better = "ABCDEF"["ABCDEF".index(letter) - 1] if letter != "A" else letter
    for figure in "23456":
        assert belief([(better + figure, "x")]) >= belief([(letter + figure, "x")])


@pytest.mark.parametrize(("better", "worse"), [("2", "3"), ("3", "4"), ("4", "5")])
def test_more_credible_information_weighs_more_from_every_source(better, worse):
    for letter in "ABCDEF":
        assert belief([(letter + better, "x")]) > belief([(letter + worse, "x")])


def test_what_cannot_be_judged_lies_between_good_and_bad_on_both_axes():
    assert RELIABILITY_LOGIT["C"] > RELIABILITY_LOGIT["F"] > RELIABILITY_LOGIT["E"]
    assert CREDIBILITY_LOGIT["3"] > CREDIBILITY_LOGIT["6"] > CREDIBILITY_LOGIT["4"]


@pytest.mark.parametrize(
    ("code", "probability"),
    [("A2", 0.917), ("B2", 0.881), ("C3", 0.690), ("D4", 0.354), ("E5", 0.109), ("F6", 0.550)],
)
def test_one_claim_of_a_grade_gives_the_stated_belief(code, probability):
    assert belief([(code, "x")]) == pytest.approx(probability, abs=5e-4)
    total = RELIABILITY_LOGIT[code[0]] + CREDIBILITY_LOGIT[code[1]]
    assert belief([(code, "x")]) == pytest.approx(1 / (1 + exp(-total)))


@given(claim_lists, grade)
def test_a_claim_of_positive_weight_from_a_new_origin_never_lowers_belief(claims, extra):
    weight = RELIABILITY_LOGIT[extra[0]] + CREDIBILITY_LOGIT["2" if extra[1] == "1" else extra[1]]
    before, after = belief(claims), belief([*claims, (extra, "new")])
    if weight >= 0:
        assert after >= before - 1e-12
    elif not any(code[1] == "1" for code, _ in claims):
        assert after <= before + 1e-12


@given(claim_lists, st.integers(1, 30), st.data())
def test_echoes_of_a_known_origin_change_nothing_unless_they_are_better(claims, copies, data):
    code, origin = data.draw(st.sampled_from(claims))
    assert belief([*claims, *([(code, origin)] * copies)]) == pytest.approx(belief(claims))


@given(claim_lists, grade, st.sampled_from(["a", "b", "c"]))
def test_a_further_claim_of_one_origin_never_weakens_it(claims, code, origin):
    if any(known == origin for _, known in claims):
        assert belief([*claims, (code, origin)]) >= belief(claims) - 1e-12


def test_confirmed_by_nobody_else_is_only_probably_true():
    assert belief([("B1", "a")]) == belief([("B2", "a")])
    assert belief([("B1", "a"), ("F6", "b")]) > belief([("B2", "a"), ("F6", "b")])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), grade), max_size=12),
    st.randoms(use_true_random=False),
)
def test_summed_evidence_is_that_of_each_statement_alone_in_any_order(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    together = evidence_logits(evidence(mixed, 4))
    for statement in range(4):
        mine = [(0, origin, code) for at, origin, code in rows if at == statement]
        assert together[statement] == pytest.approx(evidence_logits(evidence(mine, 1))[0])


@given(counts, counts, counts, counts)
def test_the_weights_of_a_voter_are_the_log_ratios_of_two_beta_means(found, denied, caught, passed):
    sensitivity = (4 + found) / (5 + found + denied)
    specificity = (4 + caught) / (5 + caught + passed)
    confirm, dispute = vote_logits(Record(found, denied, caught, passed))
    assert confirm == pytest.approx(max(0.0, log(sensitivity / (1 - specificity))))
    assert dispute == pytest.approx(max(0.0, log(specificity / (1 - sensitivity))))


@given(counts, counts, counts, counts)
def test_a_mistake_more_never_raises_either_weight(found, denied, caught, passed):
    confirm, dispute = vote_logits(Record(found, denied, caught, passed))
    for worse in (Record(found, denied + 1, caught, passed), Record(found, denied, caught, passed + 1)):
        assert vote_logits(worse)[0] <= confirm + 1e-12
        assert vote_logits(worse)[1] <= dispute + 1e-12


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.sampled_from([-1, 0, 1])), max_size=10))
def test_votes_add_up_by_the_weight_of_each_voter(rows):
    records = {1: Record(20, 0, 20, 0), 2: Record(0, 20, 0, 20), 3: Record(10, 10, 10, 10)}
    ballots = Ballots(
        statement=np.array([row[0] for row in rows], np.int64),
        organisation=np.array([row[1] for row in rows], np.int32),
        vote=np.array([row[2] for row in rows], np.int8),
    )
    wanted = [0.0] * 3
    for statement, who, vote in rows:
        confirm, dispute = vote_logits(records.get(who, Record()))
        wanted[statement] += confirm if vote > 0 else -dispute if vote < 0 else 0.0
    assert ballot_logits(ballots, 3, records).tolist() == pytest.approx(wanted)


@given(st.integers(1, 200))
def test_however_much_speaks_for_it_belief_stays_below_999_of_1000(size):
    rows = [(0, origin, "A1") for origin in range(size)]
    found = beliefs(evidence(rows, 1))[0]
    assert 0.5 < found <= 1 / (1 + exp(-CAP)) == pytest.approx(0.999)
    against = beliefs(evidence([(0, origin, "E5") for origin in range(size)], 1))[0]
    assert against >= 1 / (1 + exp(CAP))


def test_statements_without_any_evidence_are_even():
    assert beliefs(evidence([(1, 0, "B2")], 3)).tolist()[::2] == [0.5, 0.5]
