"""What a vote counts for: ties, answers to the other questions, review dates, new evidence, blinding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_standing import ONE, claims, verdict_of, votes

from chokepoint.model.judgement import Verdict
from chokepoint.model.member import Member, Sector
from chokepoint.vet.ballots import UNSAID
from chokepoint.vet.policy import DEFAULT, DistinctSectors
from chokepoint.vet.setting import FOREVER, Answers, Setting, Traits
from chokepoint.vet.standing import ANSWERING, judge
from chokepoint.vet.ties import ties_of

TWO = [(10, 2, 1, False), (10, 3, 1, False)]


def answers(count, **given_answers):
    """Answers of `count` votes, each as nobody had asked unless given."""
    plain = {
        "crime": [UNSAID] * count,
        "disclose": [UNSAID] * count,
        "until": [FOREVER] * count,
        "position": list(range(100, 100 + count)),
        "despite": [False] * count,
    } | given_answers
    types = {
        "crime": np.int8,
        "disclose": np.int8,
        "until": np.int32,
        "position": np.int64,
        "despite": np.bool_,
    }
    return Answers(**{name: np.array(values, types[name]) for name, values in plain.items()})


def stand(claim_rows, vote_rows=(), origins=None, members=None, **setting):
    statement, columns = claims(claim_rows)
    count = int(statement.max(initial=-1)) + 1
    if members is not None:
        known = {number: Member(name=f"m{number}") for number in range(1, 9)}
        known |= {number: Member(name=f"m{number}", **ties) for number, ties in members.items()}
        setting["ties"] = ties_of(known, origins or {})
    return judge(statement, columns, votes(vote_rows), count=count, setting=Setting(**setting))


def tie(**names):
    return {name: frozenset(values) for name, values in names.items()}


def test_a_sibling_of_the_contributor_does_not_count():
    found = stand(ONE, TWO, members={1: tie(parents=["acme"]), 2: tie(parents=["acme"])})
    assert found.confirmations.tolist() == [1]
    assert verdict_of(found) is Verdict.PROPOSED


def test_two_siblings_count_as_one():
    found = stand(ONE, TWO, members={2: tie(parents=["acme"]), 3: tie(parents=["acme"])})
    assert found.confirmations.tolist() == [1]


def test_two_siblings_weigh_as_one():
    one = stand(ONE, TWO[:1], members={})
    two = stand(ONE, TWO, members={2: tie(parents=["acme"]), 3: tie(parents=["acme"])})
    assert two.belief[0] == one.belief[0]


def test_a_sibling_of_the_contributor_may_dispute():
    found = stand(ONE, [(10, 2, -1, False)], members={1: tie(parents=["acme"]), 2: tie(parents=["acme"])})
    assert verdict_of(found) is Verdict.DISPUTED


def test_the_owner_of_the_origin_does_not_count_whoever_contributed():
    found = stand(ONE, TWO, origins={0: "list"}, members={2: tie(origins=["list"])})
    assert found.confirmations.tolist() == [1]


def test_the_family_of_the_owner_of_the_origin_does_not_count():
    ties = {2: tie(parents=["m4"]), 4: tie(origins=["list"])}
    assert stand(ONE, TWO, origins={0: "list"}, members=ties).confirmations.tolist() == [1]


def test_a_member_whose_name_the_origin_bears_does_not_count():
    assert stand(ONE, TWO, origins={0: "M2"}, members={}).confirmations.tolist() == [1]


def test_whoever_relies_on_the_feed_that_the_claim_came_from_does_not_count():
    found = stand(ONE, TWO, origins={0: "list"}, members={2: tie(feeds=["list"])})
    assert found.confirmations.tolist() == [1]


def test_whoever_relies_on_one_feed_with_the_contributor_does_not_count():
    found = stand(ONE, TWO, members={1: tie(feeds=["f"]), 2: tie(feeds=["f"])})
    assert found.confirmations.tolist() == [1]


def test_a_common_feed_with_one_contributor_of_two_is_no_bar():
    two = [*ONE, (0, 1, "B2", 4)]
    found = stand(two, TWO, members={1: tie(feeds=["f"]), 2: tie(feeds=["f"])})
    assert found.confirmations.tolist() == [2]


def test_voters_on_one_feed_count_as_one_in_each_chain():
    three = [*TWO, (10, 4, 1, False)]
    ties = {2: tie(feeds=["a"]), 3: tie(feeds=["a", "b"]), 4: tie(feeds=["b"])}
    assert stand(ONE, three, members=ties).confirmations.tolist() == [2]


def test_sectors_of_those_that_count_are_counted():
    policy = DistinctSectors(2)
    apart = {2: {"sector": Sector.BANK}, 3: {"sector": Sector.NGO}}
    assert verdict_of(stand(ONE, TWO, members=apart, policy=policy)) is Verdict.ACCEPTED
    alike = {2: {"sector": Sector.BANK}, 3: {"sector": Sector.BANK}}
    assert verdict_of(stand(ONE, TWO, members=alike, policy=policy)) is Verdict.PROPOSED
    assert verdict_of(stand(ONE, TWO, members={}, policy=policy)) is Verdict.PROPOSED


def test_a_word_that_it_is_not_about_crime_blocks_and_can_be_taken_back():
    said = answers(2, crime=[-1, UNSAID])
    assert verdict_of(stand(ONE, TWO, answers=said)) is Verdict.PROPOSED
    again = [*TWO, (10, 2, 1, False)]
    assert verdict_of(stand(ONE, again, answers=answers(3, crime=[-1, 1, 1]))) is Verdict.ACCEPTED
    assert verdict_of(stand(ONE, again, answers=answers(3, crime=[-1, 1, UNSAID]))) is Verdict.PROPOSED


def test_a_word_against_disclosure_withholds_and_does_not_block():
    found = stand(ONE, TWO, answers=answers(2, disclose=[UNSAID, -1]))
    assert verdict_of(found) is Verdict.ACCEPTED
    assert found.withheld.tolist() == [True]
    assert stand(ONE, TWO, answers=answers(2, disclose=[1, 0])).withheld.tolist() == [False]


def test_acceptance_expires_when_votes_pass_their_review_date():
    said = answers(2, until=[50, FOREVER])
    assert verdict_of(stand(ONE, TWO, answers=said, today=49)) is Verdict.ACCEPTED
    assert verdict_of(stand(ONE, TWO, answers=said, today=50)) is Verdict.EXPIRED
    third = [*TWO, (10, 4, 1, False)]
    assert (
        verdict_of(stand(ONE, third, answers=answers(3, until=[50] + [FOREVER] * 2), today=60))
        is Verdict.ACCEPTED
    )


def test_a_dispute_does_not_pass_with_time():
    said = answers(1, until=[50])
    assert verdict_of(stand(ONE, [(10, 2, -1, False)], answers=said, today=60)) is Verdict.DISPUTED


def test_new_evidence_against_it_opens_what_was_accepted():
    against = {"contradicted": np.array([10]), "contradicted_at": np.array([101])}
    found = stand(ONE, TWO, answers=answers(2), **against)
    assert verdict_of(found) is Verdict.DISPUTED
    assert found.confirmations.tolist() == [1]
    later = answers(2, position=[102, 103])
    assert verdict_of(stand(ONE, TWO, answers=later, **against)) is Verdict.ACCEPTED


def test_evidence_against_another_claim_opens_nothing():
    against = {"contradicted": np.array([11, 99]), "contradicted_at": np.array([500, 500])}
    assert verdict_of(stand(ONE, TWO, answers=answers(2), **against)) is Verdict.ACCEPTED


def test_a_claim_that_is_withdrawn_is_no_evidence():
    two = [*ONE, (0, 1, "A1", 4)]
    bare, found = stand(ONE, TWO), stand(two, TWO, recalled=np.array([20]))
    assert found.belief[0] == bare.belief[0]
    gone = stand(two, TWO, recalled=np.array([10, 20]))
    assert verdict_of(gone) is Verdict.RECALLED
    assert gone.belief[0] == 0.5


DISPUTED = [*TWO, (10, 4, -1, False)]


def despite(*who, before=()):
    rows = [*DISPUTED, *((10, one, 1, False) for one in who)]
    said = answers(len(rows), despite=[False] * 3 + [True] * len(who))
    return stand(ONE, rows, answers=said)


def test_a_dispute_is_answered_by_three_who_confirm_knowing_it():
    assert verdict_of(stand(ONE, DISPUTED, answers=answers(3))) is Verdict.DISPUTED
    assert verdict_of(despite(2, 3)) is Verdict.DISPUTED
    answered = despite(2, 3, 5)
    assert verdict_of(answered) is Verdict.ACCEPTED
    assert answered.disputes.tolist() == [0]
    assert ANSWERING == 3


def test_nine_who_do_not_know_of_a_dispute_answer_nothing():
    rows = [(10, one, 1, False) for one in range(2, 11)] + [(10, 11, -1, False)]
    assert verdict_of(stand(ONE, rows, answers=answers(10))) is Verdict.DISPUTED


def test_a_dispute_after_the_answers_stands():
    rows = [(10, one, 1, False) for one in (2, 3, 5)] + [(10, 4, -1, False)]
    assert verdict_of(stand(ONE, rows, answers=answers(4, despite=[True] * 3 + [False]))) is Verdict.DISPUTED


def test_contributors_and_tied_members_answer_nothing():
    rows = [*DISPUTED, *((10, one, 1, False) for one in (1, 2, 3))]
    said = answers(6, despite=[False] * 3 + [True] * 3)
    assert verdict_of(stand(ONE, rows, answers=said)) is Verdict.DISPUTED
    rows = [*DISPUTED, *((10, one, 1, False) for one in (2, 3, 5))]
    siblings = {2: tie(parents=["acme"]), 3: tie(parents=["acme"])}
    assert verdict_of(stand(ONE, rows, answers=said, members=siblings)) is Verdict.DISPUTED


def test_as_many_who_dispute_as_answer_keep_it_open():
    rows = [(10, one, -1, False) for one in (5, 6, 7)] + [(10, one, 1, False) for one in (2, 3, 4)]
    assert (
        verdict_of(stand(ONE, rows, answers=answers(6, despite=[False] * 3 + [True] * 3))) is Verdict.DISPUTED
    )


@pytest.mark.parametrize(
    "others", [[], TWO[:1], [(10, 2, -1, False)], [(10, 2, 0, False), (10, 3, -1, False)]], ids=range(4)
)
def test_who_is_still_to_vote_sees_an_open_statement_as_if_nobody_had(others):
    bare, found = stand(ONE, [], viewer=5), stand(ONE, others, viewer=5)
    for name in ("belief", "verdict", "simulated", "confirmations", "disputes", "withheld", "blind"):
        assert getattr(found, name).tolist() == getattr(bare, name).tolist(), name
    assert found.blind.tolist() == [True]


def test_who_has_voted_and_who_contributed_see_the_votes():
    said = [(10, 2, 1, False), (10, 5, 0, False)]
    for viewer in (1, 2, 5):
        found = stand(ONE, said, viewer=viewer)
        assert (found.blind.tolist(), found.confirmations.tolist()) == ([False], [1])


def test_what_is_decided_is_open_to_all():
    for viewer in (5, -1):
        found = stand(ONE, TWO, viewer=viewer)
        assert (verdict_of(found), found.blind.tolist()) == (Verdict.ACCEPTED, [False])


def test_the_public_sees_no_vote_on_what_is_open():
    found = stand(ONE, TWO[:1], viewer=-1)
    assert (found.blind.tolist(), found.confirmations.tolist()) == ([True], [0])


@given(
    st.lists(
        st.tuples(st.sampled_from((10, 20, 30)), st.integers(2, 6), st.sampled_from((-1, 0, 1))), max_size=12
    ),
    st.integers(2, 7),
)
def test_a_blind_statement_is_one_that_is_open_and_has_no_word_of_the_viewer(said, viewer):
    rows = [(0, 0, "B2", 1), (0, 1, "C3", 1), (1, 0, "B2", 1)]
    cast = [(*row, False) for row in said]
    open_eyes, found = stand(rows, cast), stand(rows, cast, viewer=viewer)
    for statement in range(2):
        mine = any(who == viewer and rows[claim // 10 - 1][0] == statement for claim, who, _ in said)
        undecided = verdict_of(open_eyes, statement) in {Verdict.PROPOSED, Verdict.DISPUTED}
        assert bool(found.blind[statement]) == (undecided and not mine)
        if not found.blind[statement]:
            assert found.belief[statement] == open_eyes.belief[statement]


def test_traits_reach_the_policy():
    traits = Traits(
        assessment=np.array([True]),
        property=np.array([1], np.int16),
        properties=("indicates", "attributed-to"),
    )

    class Spy:
        def holds(self, tally):
            self.tally = tally
            return DEFAULT.holds(tally)

        def __str__(self):
            return "spy"

    spy = Spy()
    stand(ONE, TWO, traits=traits, policy=spy)
    assert spy.tally.facts.tolist() == [False]
    assert spy.tally.property.tolist() == [1]
    assert spy.tally.properties == ("indicates", "attributed-to")


def test_contradictions_of_claims_that_are_not_asked_about_trouble_nobody():
    """An analysis of words alone holds no claim that a contradiction is about."""
    assert len(stand([], contradicted=np.array([3]), contradicted_at=np.array([9])).belief) == 0
