"""Whose word counts towards a quorum and why another's does not: as many as the verdict rests on, and for the right reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from court import ORIGINS, Coalition, cases, columns_of, stand, votes_of
from hypothesis import given

from chokepoint.vet.belief import Record
from chokepoint.vet.setting import FOREVER, Answers, Setting
from chokepoint.vet.ties import measured, ties_of
from chokepoint.vet.voices import Weight, voices

ONE = [(0, 0, "B2", 1)]
STAMP = Record(found=90, denied=5, caught=2, passed=48)


def tie(**groups):
    return Coalition(
        **{name: {who: frozenset(names) for who, names in of.items()} for name, of in groups.items()}
    )


def weighed(claims, votes, coalition=None, **setting) -> dict[int, Weight]:
    ties = ties_of((coalition or Coalition()).members(), ORIGINS)
    rules = Setting(**{"ties": ties} | setting)
    found = voices(np.zeros(len(claims), np.int64), columns_of(claims), votes_of(votes), rules)
    return {who: word.weight for (_, who), word in found.items()}


def answers(votes, **given) -> Answers:
    count = len(votes)
    plain = {
        "crime": np.full(count, 2, np.int8),
        "disclose": np.full(count, 2, np.int8),
        "until": np.full(count, FOREVER, np.int32),
        "position": np.arange(100, 100 + count, dtype=np.int64),
        "despite": np.zeros(count, np.bool_),
    }
    return Answers(**plain | given)


@given(cases())
def test_as_many_words_count_as_the_verdict_rests_on(case):
    """Statement by statement; which of two tied voters speaks for both may differ, how many does not."""
    claims, votes, coalition = case
    found = stand(claims, votes, coalition)
    statement = np.array([claim[0] for claim in claims], np.int64)
    rules = Setting(ties=ties_of(coalition.members(), ORIGINS))
    told = voices(statement, columns_of(claims), votes_of(votes), rules)
    assert set(told) == {(claims[claim][0], who) for claim, who, _ in votes}
    for one in range(len(found.belief)):
        counting = [
            word.disputes
            for (which, _), word in told.items()
            if which == one and word.weight is Weight.COUNTS
        ]
        assert counting.count(True) == found.disputes[one]
        assert counting.count(False) == found.confirmations[one]


@given(cases())
def test_a_statement_is_weighed_among_others_as_it_is_alone(case):
    claims, votes, coalition = case
    statement = np.array([claim[0] for claim in claims], np.int64)
    rules = Setting(ties=ties_of(coalition.members(), ORIGINS))
    together = voices(statement, columns_of(claims), votes_of(votes), rules)
    for one in set(statement.tolist()):
        rows = np.flatnonzero(statement == one).tolist()
        mine = [(rows.index(claim), who, word) for claim, who, word in votes if claim in rows]
        alone = weighed([(0, *claims[row][1:]) for row in rows], mine, coalition)
        assert alone == {who: word.weight for (which, who), word in together.items() if which == one}


@pytest.mark.parametrize(
    ("claims", "votes", "coalition", "wanted"),
    [
        pytest.param(ONE, [(0, 2, 1), (0, 3, -1)], None, {2: Weight.COUNTS, 3: Weight.COUNTS}, id="both sides"),
        pytest.param(ONE, [(0, 2, 0)], None, {2: Weight.UNSURE}, id="undecided"),
        pytest.param(ONE, [(0, 1, 1)], None, {1: Weight.OWN}, id="the contributor"),
        pytest.param(ONE, [(0, 1, -1)], None, {1: Weight.COUNTS}, id="the contributor against itself"),
        pytest.param(
            ONE, [(0, 2, 1)], tie(parents={1: ["house north"], 2: ["house north"]}), {2: Weight.TIED}, id="a sister"
        ),
        pytest.param(ONE, [(0, 2, 1)], tie(owns={2: ["gazette"]}), {2: Weight.TIED}, id="the owner of the origin"),
        pytest.param(ONE, [(0, 2, 1)], tie(feeds={2: ["gazette"]}), {2: Weight.FEED}, id="a reader of the origin"),
        pytest.param(
            [*ONE, (0, 1, "B2", 4)], [(0, 2, 1)], tie(feeds={2: ["gazette"]}), {2: Weight.COUNTS},
            id="a reader of one of two origins",
        ),
        pytest.param(
            ONE, [(0, 2, 1), (0, 3, 1)], tie(feeds={2: ["wire"], 3: ["wire"]}), {2: Weight.COUNTS, 3: Weight.ONE},
            id="two readers of one feed",
        ),
        pytest.param(
            ONE, [(0, 2, -1), (0, 3, -1)], tie(parents={2: ["house north"], 3: ["house north"]}),
            {2: Weight.COUNTS, 3: Weight.ONE}, id="two sisters against it",
        ),
        pytest.param(ONE, [(0, 2, 1, True)], None, {2: Weight.SIMULATED}, id="a rule"),
        pytest.param(ONE, [(0, 2, 1), (0, 2, 1, True)], None, {2: Weight.COUNTS}, id="a rule after a word"),
        pytest.param(ONE, [(0, 2, -1), (0, 2, 1)], None, {2: Weight.COUNTS}, id="the newest word"),
        pytest.param(ONE, [(0, 2, 1), (0, 2, 0)], None, {2: Weight.UNSURE}, id="a word taken back"),
        pytest.param(ONE, [], None, {}, id="nobody"),
    ],
)  # fmt: skip
def test_each_word_is_weighed_for_its_own_reason(claims, votes, coalition, wanted):
    assert weighed(claims, votes, coalition) == wanted


def test_whose_confirmations_tell_nothing_is_told_so_and_may_dispute():
    found = weighed(ONE, [(0, 2, 1), (0, 3, -1)], calibration={2: STAMP, 3: STAMP})
    assert found == {2: Weight.MUTE, 3: Weight.COUNTS}


def test_that_it_is_ones_own_is_said_before_that_ones_word_tells_nothing():
    assert weighed(ONE, [(0, 1, 1)], calibration={1: STAMP}) == {1: Weight.OWN}


def test_a_confirmation_lapses_on_its_day_and_a_dispute_does_not():
    votes = [(0, 2, 1), (0, 3, 1), (0, 4, -1)]
    until = answers(votes, until=np.array([10, 11, 10], np.int32))
    found = weighed(ONE, votes, answers=until, today=10)
    assert found == {2: Weight.LAPSED, 3: Weight.COUNTS, 4: Weight.COUNTS}


def test_a_confirmation_older_than_evidence_against_it_is_to_be_cast_anew():
    votes = [(0, 2, 1), (0, 3, 1)]
    against = {"contradicted": np.array([1]), "contradicted_at": np.array([101])}
    found = weighed(ONE, votes, answers=answers(votes), **against)
    assert found == {2: Weight.LAPSED, 3: Weight.COUNTS}


def test_a_tied_voter_speaks_where_the_other_has_lapsed():
    votes = [(0, 2, 1), (0, 3, 1)]
    until = answers(votes, until=np.array([10, FOREVER], np.int32))
    sisters = tie(parents={2: ["house north"], 3: ["house north"]})
    assert weighed(ONE, votes, sisters, answers=until, today=10) == {2: Weight.LAPSED, 3: Weight.COUNTS}


def test_what_was_withdrawn_still_bars_who_said_it_and_takes_no_votes():
    claims = [*ONE, (0, 1, "B2", 4)]
    gone = {"recalled": np.array([1])}
    assert weighed(claims, [(0, 3, 1)], **gone) == {}
    assert weighed(claims, [(1, 1, 1), (1, 3, 1)], **gone) == {1: Weight.OWN, 3: Weight.COUNTS}


def test_ties_that_were_measured_weigh_like_declared_ones():
    ties = measured(ties_of(Coalition().members(), ORIGINS), [[1, 2], [3, 4]], [])
    found = weighed(ONE, [(0, 2, 1), (0, 3, 1), (0, 4, 1)], ties=ties)
    assert found == {2: Weight.TIED, 3: Weight.COUNTS, 4: Weight.ONE}
    assert weighed(ONE, [(0, 2, 1)], ties=replace(ties, family=np.arange(len(ties.family)))) == {
        2: Weight.COUNTS
    }


def test_two_who_are_close_to_the_contributor_are_one_voice_on_it():
    ties = measured(ties_of(Coalition().members(), ORIGINS), [], [(2, 1), (3, 1)])
    assert weighed(ONE, [(0, 2, 1), (0, 3, 1)], ties=ties) == {2: Weight.COUNTS, 3: Weight.ONE}
