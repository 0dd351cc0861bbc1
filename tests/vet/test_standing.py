from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.judgement import Verdict
from chokepoint.vet.belief import belief
from chokepoint.vet.policy import DEFAULT, VERDICTS
from chokepoint.vet.policy import verdict as one_verdict
from chokepoint.vet.setting import Setting
from chokepoint.vet.standing import judge


def claims(rows):
    """Rows of (statement, origin, grade, owner), numbered 10, 20, …"""
    return np.array([r[0] for r in rows], np.int64), SimpleNamespace(
        seq=np.arange(1, len(rows) + 1) * 10,
        origin=np.array([r[1] for r in rows], np.int32),
        reliability=np.array(["ABCDEF".index(r[2][0]) for r in rows], np.int8),
        credibility=np.array([int(r[2][1]) for r in rows], np.int8),
        owner=np.array([r[3] for r in rows], np.int32),
    )


def votes(rows):
    """Rows of (claim, organisation, vote, simulated)."""
    return SimpleNamespace(
        claim=np.array([r[0] for r in rows], np.int64),
        organisation=np.array([r[1] for r in rows], np.int32),
        vote=np.array([r[2] for r in rows], np.int8),
        simulated=np.array([r[3] for r in rows], np.bool_),
    )


def stand(claim_rows, vote_rows=(), count=None, **more):
    statement, columns = claims(claim_rows)
    count = int(statement.max(initial=-1)) + 1 if count is None else count
    return judge(statement, columns, votes(vote_rows), count=count, **more)


def verdict_of(found, statement=0):
    return VERDICTS[int(found.verdict[statement])]


ONE = [(0, 0, "B2", 1)]


def test_two_other_organisations_accept_a_well_graded_statement():
    found = stand(ONE, [(10, 2, 1, False), (10, 3, 1, False)])
    assert verdict_of(found) is Verdict.ACCEPTED
    assert found.confirmations.tolist() == [2]
    assert not found.simulated[0]


def test_nobody_vets_their_own():
    found = stand(ONE, [(10, 1, 1, False), (10, 2, 1, False)])
    assert verdict_of(found) is Verdict.PROPOSED
    assert found.confirmations.tolist() == [1]


def test_a_contributor_of_another_claim_for_the_statement_is_no_independent_voter():
    two = [(0, 0, "B2", 1), (0, 1, "B2", 2)]
    found = stand(two, [(10, 2, 1, False), (20, 1, 1, False), (10, 3, 1, False)])
    assert found.confirmations.tolist() == [1]


def test_contributors_may_dispute_their_own():
    found = stand(ONE, [(10, 1, -1, False)])
    assert verdict_of(found) is Verdict.DISPUTED


def test_the_newest_vote_of_an_organisation_counts():
    found = stand(ONE, [(10, 2, -1, False), (10, 2, 1, False), (10, 3, 1, False)])
    assert verdict_of(found) is Verdict.ACCEPTED
    back = stand(ONE, [(10, 2, 1, False), (10, 3, 1, False), (10, 2, -1, False)])
    assert verdict_of(back) is Verdict.DISPUTED


def test_an_organisation_counts_once_however_many_claims_it_votes_on():
    three = [(0, n, "C3", 1) for n in range(3)]
    found = stand(three, [(10, 2, 1, False), (20, 2, 1, False), (30, 2, 1, False)])
    assert found.confirmations.tolist() == [1]


def test_a_standing_dispute_on_one_claim_outweighs_confirming_another():
    two = [(0, 0, "B2", 1), (0, 1, "B2", 1)]
    found = stand(two, [(10, 2, -1, False), (20, 2, 1, False)])
    assert (found.disputes.tolist(), found.confirmations.tolist()) == ([1], [0])


def test_simulated_votes_make_demonstration_verdicts_only():
    found = stand(ONE, [(10, 2, 1, True), (10, 3, 1, True)])
    assert verdict_of(found) is Verdict.ACCEPTED
    assert found.simulated[0]


def test_real_votes_that_suffice_need_no_simulated_ones():
    real = [(10, 2, 1, False), (10, 3, 1, False)]
    alone, mixed = stand(ONE, real), stand(ONE, [*real, (10, 4, 1, True)])
    assert not mixed.simulated[0]
    assert mixed.belief[0] == alone.belief[0]
    assert mixed.confirmations.tolist() == [2]


def test_one_simulated_vote_among_real_ones_marks_what_it_decides():
    found = stand(ONE, [(10, 2, 1, False), (10, 3, 1, True)])
    assert verdict_of(found) is Verdict.ACCEPTED
    assert found.simulated[0]


def test_a_simulated_vote_that_decides_nothing_leaves_no_trace():
    found, bare = stand(ONE, [(10, 2, 1, True)]), stand(ONE)
    assert found.belief[0] == bare.belief[0]
    assert found.confirmations.tolist() == [0]
    assert not found.simulated[0]


def test_a_simulated_vote_never_replaces_a_real_one_of_the_same_organisation():
    found = stand(ONE, [(10, 2, -1, False), (10, 2, 1, True)])
    assert verdict_of(found) is Verdict.DISPUTED
    assert not found.simulated[0]


def test_votes_on_unknown_or_hidden_claims_are_passed_over():
    bare = stand(ONE)
    found = stand(ONE, [(5, 2, 1, False), (15, 2, 1, False), (99, 3, -1, False)])
    assert (found.belief.tolist(), found.verdict.tolist()) == (bare.belief.tolist(), bare.verdict.tolist())
    hidden = stand([(0, 0, "B2", 1), (-1, 0, "A1", 1)], [(20, 2, -1, False)])
    assert (hidden.belief.tolist(), hidden.verdict.tolist()) == (bare.belief.tolist(), bare.verdict.tolist())


def test_no_claims_and_no_votes_stand_nowhere():
    found = stand([], count=0)
    assert found.belief.tolist() == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 2), st.sampled_from(("A1", "B2", "C3", "E5")), st.integers(1, 3)
        ),
        min_size=1,
        max_size=10,
    ),
    st.lists(
        st.tuples(
            st.integers(0, 9), st.integers(1, 6), st.sampled_from((-1, 0, 1)), st.sampled_from((False,))
        ),
        max_size=14,
    ),
)
def test_whole_arrays_give_what_counting_by_hand_gives(claim_rows, vote_rows):
    said = [(10 * (claim % len(claim_rows)) + 10, *rest) for claim, *rest in vote_rows]
    found = stand(claim_rows, said, count=4)
    for statement in range(4):
        mine = {10 * at + 10: row for at, row in enumerate(claim_rows) if row[0] == statement}
        owners = {row[3] for row in mine.values()}
        newest = {(claim, who): word for claim, who, word, _ in said if claim in mine}
        words = {}
        for (_, who), word in newest.items():
            words.setdefault(who, set()).add(word)
        final = {
            who: -1 if -1 in given_words else int(1 in given_words and who not in owners)
            for who, given_words in words.items()
        }
        expected = belief([(row[2], str(row[1])) for row in mine.values()], list(final.items()))
        confirmed, disputed = (sum(v == w for v in final.values()) for w in (1, -1))
        assert found.belief[statement] == pytest.approx(expected, abs=1e-6)
        assert (found.confirmations[statement], found.disputes[statement]) == (confirmed, disputed)
        assert verdict_of(found, statement) is one_verdict(expected, confirmed, disputed, policy=DEFAULT)


@given(st.permutations([(10, 2, 1, False), (10, 3, -1, False), (20, 4, 1, True), (20, 5, 0, False)]))
def test_the_order_of_different_voters_does_not_matter(order):
    two = [(0, 0, "B2", 1), (0, 1, "C3", 1)]
    expected = stand(two, sorted(order))
    found = stand(two, order)
    assert found.belief.tolist() == expected.belief.tolist()
    assert found.verdict.tolist() == expected.verdict.tolist()


@given(
    st.lists(st.tuples(st.integers(-1, 3), st.just(0), st.just("B2"), st.integers(1, 4)), max_size=8),
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(1, 4), st.sampled_from((-1, 0, 1)), st.booleans()),
        max_size=8,
    ),
    st.sets(st.integers(0, 7)),
)
def test_the_viewer_has_spoken_of_what_it_said_ever_and_of_what_it_voted_on(claim_rows, vote_rows, withdrawn):
    """Its own claim counts though it withdrew it, a vote on a claim that was withdrawn does not."""
    said = [(10 * claim + 10, *rest) for claim, *rest in vote_rows]
    gone = {10 * row + 10 for row in withdrawn}
    rules = Setting(viewer=2, recalled=np.array(sorted(gone), np.int64))
    found = stand(claim_rows, said, count=4, setting=rules)
    expected = {row[0] for row in claim_rows if row[3] == 2}
    of_claim = {10 * at + 10: row[0] for at, row in enumerate(claim_rows)}
    expected |= {of_claim[claim] for claim, who, *_ in said if who == 2 and claim in of_claim.keys() - gone}
    assert set(np.flatnonzero(found.spoken).tolist()) == expected - {-1}


def test_nobody_who_judges_for_all_has_spoken():
    assert not stand(ONE, [(10, 2, 1, False)]).spoken.any()
    assert not stand(ONE, [(10, 2, 1, False)], setting=Setting(viewer=-1)).spoken.any()
