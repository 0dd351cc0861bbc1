"""Small coalitions against judging by hand; order, names and strangers change nothing; support never hurts."""

from __future__ import annotations

import numpy as np
import pytest
from court import ORGANISATIONS, ORIGINS, Coalition, by_hand, cases, coalitions, stand
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.judgement import Verdict
from chokepoint.vet.policy import DEFAULT, VERDICTS
from chokepoint.vet.policy import verdict as one_verdict


def same(one, other):
    for name in ("belief", "verdict", "simulated", "confirmations", "disputes", "withheld", "blind"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-6, err_msg=name)


@given(cases())
def test_whole_coalitions_are_judged_as_by_hand(case):
    claims, votes, coalition = case
    found = stand(claims, votes, coalition)
    for statement in {claim[0] for claim in claims}:
        belief, confirmed, disputed = by_hand(claims, votes, statement, coalition)
        assert found.belief[statement] == pytest.approx(belief, abs=1e-5)
        assert (found.confirmations[statement], found.disputes[statement]) == (confirmed, disputed)
        verdict = one_verdict(belief, confirmed, disputed, policy=DEFAULT)
        assert VERDICTS[found.verdict[statement]] is verdict


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_nothing(case, random):
    claims, votes, coalition = case
    order = list(range(len(claims)))
    random.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    moved = [(place[claim], *rest) for claim, *rest in votes]
    same(stand(claims, votes, coalition), stand([claims[at] for at in order], moved, coalition))


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_votes_on_different_pairs_changes_nothing(case, random):
    claims, votes, coalition = case
    last = list({(claim, who): (claim, who, word) for claim, who, word in votes}.values())
    shuffled = list(last)
    random.shuffle(shuffled)
    same(stand(claims, votes, coalition), stand(claims, last, coalition))
    same(stand(claims, last, coalition), stand(claims, shuffled, coalition))


@given(cases(), st.permutations(list(ORGANISATIONS)))
def test_the_numbers_of_organisations_change_nothing(case, numbers):
    claims, votes, coalition = case
    name = dict(zip(ORGANISATIONS, numbers, strict=True))
    renamed = Coalition(
        parents={name[one]: ties for one, ties in coalition.parents.items()},
        owns={name[one]: ties for one, ties in coalition.owns.items()},
        feeds={name[one]: ties for one, ties in coalition.feeds.items()},
    )
    moved_claims = [(s, origin, grade, name[owner]) for s, origin, grade, owner in claims]
    moved_votes = [(claim, name[who], word) for claim, who, word in votes]
    same(stand(claims, votes, coalition), stand(moved_claims, moved_votes, renamed))


@given(cases())
def test_other_statements_and_votes_on_them_change_nothing(case):
    claims, votes, coalition = case
    beside = [*claims, (3, 0, "A1", 1), (3, 1, "A1", 2)]
    more = [*votes, *((len(claims), who, 1) for who in ORGANISATIONS)]
    one, other = stand(claims, votes, coalition), stand(beside, more, coalition)
    for statement in {claim[0] for claim in claims}:
        assert one.belief[statement] == pytest.approx(other.belief[statement], abs=1e-6)
        assert one.verdict[statement] == other.verdict[statement]


@given(cases(), st.integers(0, 5))
def test_a_vote_said_twice_counts_once(case, at):
    claims, votes, coalition = case
    if votes:
        repeated = [*votes, votes[-1]] if at == 0 else [votes[0], *votes]
        same(stand(claims, votes, coalition), stand(claims, repeated, coalition))


@given(cases(), st.sampled_from(list(ORGANISATIONS)))
def test_one_more_confirmation_never_lowers_belief_or_confirmations(case, who):
    claims, votes, coalition = case
    silent = [vote for vote in votes if vote[1] != who]
    before, after = stand(claims, silent, coalition), stand(claims, [*silent, (0, who, 1)], coalition)
    statement = claims[0][0]
    assert after.belief[statement] >= before.belief[statement] - 1e-6
    assert after.confirmations[statement] >= before.confirmations[statement]
    assert after.disputes[statement] == before.disputes[statement]


@given(cases(), st.sampled_from(list(ORGANISATIONS)))
def test_one_more_dispute_never_raises_belief_and_never_leads_to_acceptance(case, who):
    claims, votes, coalition = case
    silent = [vote for vote in votes if vote[1] != who]
    before, after = stand(claims, silent, coalition), stand(claims, [*silent, (0, who, -1)], coalition)
    statement = claims[0][0]
    assert after.belief[statement] <= before.belief[statement] + 1e-6
    assert VERDICTS[after.verdict[statement]] is not Verdict.ACCEPTED


@given(cases(), st.sampled_from(list(ORGANISATIONS)))
def test_an_unsure_vote_of_a_new_voter_changes_nothing(case, who):
    claims, votes, coalition = case
    silent = [vote for vote in votes if vote[1] != who]
    same(stand(claims, silent, coalition), stand(claims, [*silent, (0, who, 0)], coalition))


@given(cases(), st.sampled_from(list(ORGANISATIONS)), st.sampled_from(["house north", "house south"]))
def test_one_more_tie_never_makes_more_confirmations(case, who, house):
    claims, votes, coalition = case
    parents = coalition.parents | {who: coalition.parents.get(who, frozenset()) | {house}}
    closer = Coalition(parents=parents, owns=coalition.owns, feeds=coalition.feeds)
    before, after = stand(claims, votes, coalition), stand(claims, votes, closer)
    assert (after.confirmations <= before.confirmations).all()


@given(cases(), st.sampled_from(list(ORGANISATIONS)), st.sampled_from(["wire", "gazette"]))
def test_one_more_feed_never_makes_more_confirmations(case, who, feed):
    claims, votes, coalition = case
    feeds = coalition.feeds | {who: coalition.feeds.get(who, frozenset()) | {feed}}
    closer = Coalition(parents=coalition.parents, owns=coalition.owns, feeds=feeds)
    before, after = stand(claims, votes, coalition), stand(claims, votes, closer)
    assert (after.confirmations <= before.confirmations).all()


@given(cases())
def test_a_copy_of_a_claim_by_its_own_contributor_changes_nothing(case):
    claims, votes, coalition = case
    copy = [*claims, claims[0]]
    same(stand(claims, votes, coalition), stand(copy, votes, coalition))


@given(
    coalitions,
    st.sampled_from(["A2", "B2", "B3", "C3"]),
    st.sets(st.sampled_from(sorted(ORIGINS)), min_size=1),
)
def test_another_good_origin_never_lowers_belief(coalition, grade, origins):
    known = [(0, origin, grade, 1) for origin in sorted(origins)]
    for origin in ORIGINS:
        more = stand([*known, (0, origin, grade, 1)], [], coalition)
        assert more.belief[0] >= stand(known, [], coalition).belief[0] - 1e-6


@given(cases())
def test_belief_is_never_certain_and_counts_never_exceed_the_voters(case):
    claims, votes, coalition = case
    found = stand(claims, votes, coalition)
    voters = len({who for _, who, _ in votes})
    assert ((found.belief >= 0.0009) & (found.belief <= 0.9991)).all()
    assert (found.confirmations + found.disputes <= voters).all()


@given(cases())
def test_simulated_votes_never_move_what_real_votes_decide(case):
    claims, votes, coalition = case
    staged = [(claim, who, word, True) for claim, who, word in votes]
    real, played = stand(claims, [], coalition), stand(claims, staged, coalition)
    for statement in range(len(real.verdict)):
        if not played.simulated[statement]:
            assert played.verdict[statement] == real.verdict[statement]
            assert played.belief[statement] == pytest.approx(real.belief[statement], abs=1e-6)


@given(cases())
def test_what_rests_on_simulated_votes_is_marked_wherever_it_differs(case):
    claims, votes, coalition = case
    staged = [(claim, who, word, True) for claim, who, word in votes]
    real, played = stand(claims, [], coalition), stand(claims, staged, coalition)
    assert (played.simulated == (real.verdict != played.verdict)).all()
    assert not real.simulated.any()


@given(cases(), st.sampled_from(list(ORGANISATIONS)))
def test_a_viewer_who_is_still_to_vote_learns_nothing_of_others_votes(case, viewer):
    claims, votes, coalition = case
    others = [vote for vote in votes if vote[1] != viewer]
    seen, alone = stand(claims, others, coalition, viewer=viewer), stand(claims, [], coalition, viewer=viewer)
    for statement in np.flatnonzero(seen.blind):
        assert seen.belief[statement] == pytest.approx(alone.belief[statement], abs=1e-6)
        assert seen.verdict[statement] == alone.verdict[statement]
        assert seen.confirmations[statement] == seen.disputes[statement] == 0
        assert not seen.withheld[statement]


@given(cases(), st.sampled_from(list(ORGANISATIONS)))
def test_blinding_ends_with_ones_own_vote(case, viewer):
    claims, votes, coalition = case
    spoken = [*votes, *((row, viewer, 0) for row in range(len(claims)))]
    blind = stand(claims, spoken, coalition, viewer=viewer).blind
    assert not any(blind[claim[0]] for claim in claims)
