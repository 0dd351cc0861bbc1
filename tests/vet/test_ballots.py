"""From votes to ballots: the newest answer, one word an organisation, and whose word of a side counts."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.ballots import SPAN, UNSAID, newest, words
from chokepoint.vet.ties import Ties, untied

SEQ = np.array([10, 20, 30, 40], np.int64)
STATEMENT = np.array([0, 0, 1, -1], np.int64)
ballots = st.lists(
    st.tuples(st.sampled_from([10, 20, 30, 40, 5, 35, 99]), st.integers(1, 5), st.sampled_from([-1, 0, 1, UNSAID]), st.booleans()),
    max_size=16,
)  # fmt: skip


def votes(rows):
    return SimpleNamespace(
        claim=np.array([row[0] for row in rows], np.int64),
        organisation=np.array([row[1] for row in rows], np.int32),
        vote=np.array([row[2] for row in rows], np.int8),
        simulated=np.array([row[3] for row in rows], np.bool_),
    )


def claims(owners=(1, 1, 1, 1), origins=(0, 0, 0, 0)):
    return SimpleNamespace(owner=np.array(owners, np.int32), origin=np.array(origins, np.int32))


def cast(rows):
    said = votes(rows)
    return newest(STATEMENT, SEQ, said, said.vote)


@given(ballots)
def test_the_newest_answer_of_each_pair_is_kept_and_no_simulated_one_over_a_real_one(rows):
    wanted = {}
    for at, (claim, who, vote, simulated) in enumerate(rows):
        if claim not in {10, 20, 30} or vote == UNSAID:
            continue
        held = wanted.get((claim, who))
        if held is None or not (simulated and not held[1]):
            wanted[claim, who] = (vote, simulated, at)
    found = cast(rows)
    got = {
        (int(SEQ[row]), int(who)): (int(vote), bool(simulated), int(source))
        for row, who, vote, simulated, source in zip(
            found.row, found.organisation, found.vote, found.simulated, found.source, strict=True
        )
    }
    assert got == wanted
    assert len(found.row) == len(wanted)


@given(ballots)
def test_the_statement_of_a_vote_is_that_of_its_claim(rows):
    found = cast(rows)
    assert (found.statement == STATEMENT[found.row]).all()
    assert (found.statement >= 0).all()


@given(ballots, st.integers(0, 4))
def test_votes_on_claims_that_are_hidden_or_belong_to_no_statement_are_passed_over(rows, at):
    beside = [*rows[:at], (40, 3, 1, False), (7, 3, -1, False), *rows[at:]]
    one, other = cast(rows), cast(beside)
    assert one.row.tolist() == other.row.tolist()
    assert one.vote.tolist() == other.vote.tolist()


def test_a_question_left_open_is_no_answer_and_takes_none_back():
    found = cast([(10, 2, 1, False), (10, 2, UNSAID, False)])
    assert found.vote.tolist() == [1]


def test_a_vote_taken_back_by_unsure_is_unsure():
    assert cast([(10, 2, 1, False), (10, 2, 0, False)]).vote.tolist() == [0]


def test_a_real_vote_replaces_a_simulated_one_whichever_came_first():
    for rows in ([(10, 2, 1, True), (10, 2, -1, False)], [(10, 2, -1, False), (10, 2, 1, True)]):
        assert cast(rows).vote.tolist() == [-1]
        assert cast(rows).simulated.tolist() == [False]


@given(ballots)
def test_where_keeps_the_rows_that_the_mask_holds(rows):
    found = cast(rows)
    mask = found.vote > 0
    kept = found.where(mask)
    for name in ("row", "statement", "organisation", "vote", "simulated", "source"):
        assert getattr(kept, name).tolist() == getattr(found, name)[mask].tolist()


@given(ballots)
def test_each_organisation_has_one_word_a_statement_in_order(rows):
    said = words(cast(rows), claims(), STATEMENT, untied(6))
    pairs = list(zip(said.statement.tolist(), said.organisation.tolist(), strict=True))
    assert pairs == sorted(set(pairs))


@pytest.mark.parametrize(
    ("said", "word"),
    [([1, -1], -1), ([-1, 1], -1), ([1, 0], 1), ([0, 1], 1), ([0, 0], 0), ([-1, 0], -1), ([1, 1], 1)],
    ids=["yes-no", "no-yes", "yes-unsure", "unsure-yes", "unsure", "no-unsure", "yes-yes"],
)
def test_a_dispute_of_one_claim_comes_before_the_confirmation_of_another(said, word):
    rows = [(10, 2, said[0], False), (20, 2, said[1], False)]
    assert words(cast(rows), claims(), STATEMENT, untied(6)).vote.tolist() == [word]


def test_a_contributors_confirmation_counts_for_nothing_and_its_dispute_for_one():
    yes = words(cast([(10, 1, 1, False)]), claims(), STATEMENT, untied(6))
    no = words(cast([(10, 1, -1, False)]), claims(), STATEMENT, untied(6))
    assert (yes.vote.tolist(), no.vote.tolist()) == ([0], [-1])


@given(
    st.sets(st.integers(1, 5), min_size=1),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
    st.sampled_from([1, -1]),
)
def test_of_tied_voters_on_one_side_the_most_of_whom_no_two_are_tied_count(voters, families, side):
    ties = Ties(family=np.array([9, *families[1:]], np.int64), sector=np.full(6, -1, np.int8))
    said = words(
        cast([(30, who, side, False) for who in sorted(voters)]), claims((0, 0, 0, 0)), STATEMENT, ties
    )
    counted = said.organisation[said.counted].tolist()
    assert len(counted) == len({families[who] for who in voters})
    assert not any(ties.tied(one, other) for one, other in combinations(counted, 2))


def test_tied_voters_on_different_sides_count_each_on_its_own():
    ties = Ties(family=np.array([0, 1, 2, 2, 3, 4], np.int64), sector=np.full(6, -1, np.int8))
    said = words(cast([(30, 2, 1, False), (30, 3, -1, False)]), claims((0, 0, 0, 0)), STATEMENT, ties)
    assert said.counted.tolist() == [True, True]


def test_a_chain_of_common_feeds_counts_its_ends():
    feed = np.zeros((6, 6), np.bool_)
    for one, other in ((2, 3), (3, 4)):
        feed[one, other] = feed[other, one] = True
    ties = Ties(family=np.arange(6), sector=np.full(6, -1, np.int8), feed=feed)
    rows = [(30, who, 1, False) for who in (2, 3, 4)]
    said = words(cast(rows), claims((0, 0, 0, 0)), STATEMENT, ties)
    assert said.organisation[said.counted].tolist() == [2, 4]


def test_numbers_of_organisations_up_to_the_span_do_not_run_into_statements():
    assert np.iinfo(np.int32).max < SPAN
    last = np.iinfo(np.int32).max
    found = cast([(10, last, 1, False), (20, 1, -1, False)])
    assert found.organisation.tolist() == [last, 1]
    assert found.statement.tolist() == [0, 0]


def test_no_votes_are_no_words():
    said = words(cast([]), claims(), STATEMENT, untied(6))
    assert len(said.statement) == len(said.vote) == len(said.counted) == 0
