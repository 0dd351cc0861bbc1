"""Nobody vets their own: each indirect way to do it, alone and together, and what may still be done."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from court import ORGANISATIONS, ORIGINS, Coalition, cases, coalitions, stand
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.judgement import Verdict
from chokepoint.vet.ballots import barred_from
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.ties import Ties, measured, ties_of, untied

OWN = [(0, 0, "B2", 1)]
TWO = [(0, 0, "B2", 1), (0, 1, "B2", 4)]


def tie(**groups):
    """Ties by organisation: `tie(parents={1: ["house north"]})`."""
    return Coalition(
        **{name: {who: frozenset(names) for who, names in of.items()} for name, of in groups.items()}
    )


WAYS = {
    "itself": (OWN, tie(), [1]),
    "a-subsidiary": (OWN, tie(parents={1: ["house north"], 2: ["house north"]}), [2]),
    "its-parent": (OWN, tie(parents={1: ["member 2"]}), [2]),
    "its-child": (OWN, tie(parents={2: ["member 1"]}), [2]),
    "a-cousin": (OWN, tie(parents={1: ["house north"], 3: ["house north", "house south"], 2: ["house south"]}), [2]),
    "a-parent-under-another-spelling": (OWN, tie(parents={1: ["House North Ltd."], 2: ["HOUSE-NORTH"]}), [2]),
    "the-owner-of-the-publisher": (OWN, tie(owns={2: ["gazette"]}), [2]),
    "the-owner-under-its-legal-form": (OWN, tie(owns={2: ["Gazette GmbH"]}), [2]),
    "a-sibling-of-the-publishers-owner": (OWN, tie(owns={2: ["gazette"]}, parents={2: ["house north"], 3: ["house north"]}), [3]),
    "who-draws-on-the-publisher": (OWN, tie(feeds={2: ["gazette"]}), [2]),
    "who-draws-on-one-feed-with-the-contributor": (OWN, tie(feeds={1: ["wire"], 2: ["wire"]}), [2]),
    "a-second-contributor": (TWO, tie(), [4]),
    "a-sibling-of-a-second-contributor": (TWO, tie(parents={4: ["house north"], 5: ["house north"]}), [5]),
    "the-owner-of-a-second-publisher": (TWO, tie(owns={5: ["bulletin"]}), [5]),
    "who-draws-on-both-publishers": (TWO, tie(feeds={5: ["gazette", "bulletin"]}), [5]),
    "who-draws-on-one-and-shares-a-feed-for-the-other": (TWO, tie(feeds={5: ["gazette", "wire"], 4: ["wire"]}), [5]),
}  # fmt: skip
parametrised = pytest.mark.parametrize(("claims", "coalition", "voters"), WAYS.values(), ids=WAYS)


@parametrised
def test_no_indirect_way_makes_ones_own_word_a_confirmation(claims, coalition, voters):
    found = stand(claims, [(0, who, 1) for who in voters], coalition)
    assert found.confirmations.tolist() == [0]
    assert found.belief[0] == pytest.approx(stand(claims, [], coalition).belief[0])


@parametrised
def test_confirming_another_claim_of_the_statement_is_no_way_round(claims, coalition, voters):
    for row in range(len(claims)):
        assert stand(claims, [(row, who, 1) for who in voters], coalition).confirmations.tolist() == [0]


@parametrised
def test_one_honest_confirmation_beside_it_is_one_and_not_two(claims, coalition, voters):
    found = stand(claims, [*((0, who, 1) for who in voters), (0, 6, 1)], coalition)
    assert found.confirmations.tolist() == [1]
    assert VERDICTS[found.verdict[0]] is Verdict.PROPOSED


@parametrised
def test_whoever_may_not_confirm_may_dispute(claims, coalition, voters):
    found = stand(claims, [(0, who, -1) for who in voters], coalition)
    assert found.disputes.tolist() == [len(voters)]
    assert VERDICTS[found.verdict[0]] is Verdict.DISPUTED


@parametrised
def test_a_simulated_vote_is_no_way_round_either(claims, coalition, voters):
    found = stand(claims, [(0, who, 1, True) for who in voters] * 2, coalition)
    assert VERDICTS[found.verdict[0]] is Verdict.PROPOSED
    assert not found.simulated.any()


@pytest.mark.parametrize(
    ("claims", "coalition", "voter"),
    [
        pytest.param(TWO, tie(feeds={5: ["gazette"]}), 5, id="one-of-two-publishers-is-a-feed"),
        pytest.param(
            TWO, tie(feeds={5: ["wire"], 4: ["wire"]}), 5, id="one-of-two-contributors-shares-a-feed"
        ),
        pytest.param(OWN, tie(owns={5: ["bulletin"]}), 5, id="owner-of-another-publisher"),
        pytest.param(OWN, tie(parents={5: ["house north"]}), 5, id="of-another-family"),
        pytest.param(OWN, tie(feeds={1: ["wire"], 5: ["gazettete"]}), 5, id="a-feed-of-a-longer-name"),
        pytest.param(OWN, tie(), 5, id="a-stranger"),
    ],
)
def test_a_tie_that_leaves_independent_support_bars_nobody(claims, coalition, voter):
    assert stand(claims, [(0, voter, 1)], coalition).confirmations.tolist() == [1]


@given(cases())
def test_a_family_alone_never_makes_its_own_claim_accepted(case):
    claims, _, coalition = case
    for statement in {claim[0] for claim in claims}:
        owners = {owner for s, _, _, owner in claims if s == statement}
        family = {one for owner in owners for one in coalition.family(owner)}
        votes = [(row, who, 1) for row in range(len(claims)) for who in family]
        found = stand(claims, votes, coalition)
        assert found.confirmations[statement] == 0
        assert VERDICTS[found.verdict[statement]] is Verdict.PROPOSED


@given(coalitions, st.sampled_from(sorted(ORIGINS)))
def test_two_who_count_for_an_acceptance_are_never_tied(coalition, origin):
    claims = [(0, origin, "A2", 1)]
    for one, other in combinations(ORGANISATIONS, 2):
        found = stand(claims, [(0, one, 1), (0, other, 1)], coalition)
        if VERDICTS[found.verdict[0]] is Verdict.ACCEPTED:
            assert not coalition.tied(one, other)
            assert not coalition.barred(one, claims)
            assert not coalition.barred(other, claims)


@given(cases())
def test_who_is_barred_is_barred_as_by_hand(case):
    claims, _, coalition = case
    ties = ties_of(coalition.members(), ORIGINS)
    statements = sorted({claim[0] for claim in claims})
    pairs = [(s, who) for s in statements for who in ORGANISATIONS]
    columns = type(
        "Columns",
        (),
        {
            "owner": np.array([row[3] for row in claims], np.int32),
            "origin": np.array([row[1] for row in claims], np.int32),
        },
    )
    found = barred_from(
        np.array([s for s, _ in pairs], np.int64),
        np.array([who for _, who in pairs], np.int64),
        columns,
        (np.array([row[0] for row in claims], np.int64), ties),
    )
    for (statement, who), barred in zip(pairs, found.tolist(), strict=True):
        assert barred == coalition.barred(who, [row for row in claims if row[0] == statement])


def test_nobody_is_barred_from_nothing():
    columns = type("Columns", (), {"owner": np.array([1], np.int32), "origin": np.array([0], np.int32)})
    nothing = np.zeros(0, np.int64)
    assert barred_from(nothing, nothing, columns, (np.zeros(1, np.int64), untied(3))).tolist() == []


@pytest.mark.parametrize(("voter", "count"), [(2, 0), (3, 1)], ids=["of-the-ring", "another"])
def test_a_member_of_one_ring_with_the_contributor_does_not_count(voter, count):
    ties = measured(untied(7), [(1, 2)], [])
    found = stand(OWN, [(0, voter, 1)], ties=ties)
    assert found.confirmations.tolist() == [count]


def test_a_ring_is_one_voice_on_the_claims_of_others():
    ties = measured(untied(7), [(1, 2, 3)], [])
    elsewhere = [(0, 0, "B2", 4)]
    assert stand(elsewhere, [(0, 2, 1)], ties=ties).confirmations.tolist() == [1]
    assert stand(elsewhere, [(0, who, 1) for who in (1, 2, 3)], ties=ties).confirmations.tolist() == [1]
    assert stand(elsewhere, [(0, who, -1) for who in (1, 2, 3)], ties=ties).disputes.tolist() == [1]
    assert stand(elsewhere, [(0, who, 1) for who in (1, 2, 5)], ties=ties).confirmations.tolist() == [2]


def test_rings_that_share_a_member_or_a_family_are_one():
    declared = Ties(family=np.array([0, 1, 2, 3, 3, 5, 6]), sector=np.full(7, -1, np.int8))
    found = measured(declared, [(0, 1), (1, 4)], []).family
    assert found.tolist() == [0, 0, 2, 0, 0, 5, 6]


def test_what_a_member_of_a_ring_owns_is_not_vetted_by_the_others():
    declared = Ties(
        family=np.arange(7), sector=np.full(7, -1, np.int8), owners={0: frozenset({3}), 1: frozenset({6})}
    )
    bound = measured(declared, [(2, 3)], [])
    claims = [(0, 0, "B2", 1)]
    assert stand(claims, [(0, 2, 1)], ties=bound).confirmations.tolist() == [0]
    assert stand(claims, [(0, 2, 1)], ties=declared).confirmations.tolist() == [1]
    assert stand(claims, [(0, 6, 1)], ties=bound).confirmations.tolist() == [1]


CLOSE = measured(untied(7), [], [(2, 1), (3, 1)])


@pytest.mark.parametrize(
    ("votes", "confirmations", "disputes"),
    [
        pytest.param([(0, 2, 1)], 1, 0, id="one close voter is a voice"),
        pytest.param([(0, 2, 1), (0, 3, 1)], 1, 0, id="two close voters are one voice"),
        pytest.param([(0, 2, 1), (0, 3, 1), (0, 4, 1)], 2, 0, id="an outsider is another"),
        pytest.param([(0, 4, 1), (0, 5, 1)], 2, 0, id="outsiders count as ever"),
        pytest.param([(0, 2, -1), (0, 3, -1)], 0, 2, id="disputes of close voters count each"),
        pytest.param([(0, 2, 1), (0, 3, -1)], 1, 1, id="close voters may differ"),
    ],
)
def test_voters_close_to_the_contributor_are_one_voice(votes, confirmations, disputes):
    found = stand(OWN, votes, ties=CLOSE)
    assert (found.confirmations.tolist(), found.disputes.tolist()) == ([confirmations], [disputes])


def test_closeness_bears_on_that_contributors_claims_alone_and_one_way():
    both = [(0, 2, 1), (0, 3, 1)]
    assert stand([(0, 0, "B2", 4)], both, ties=CLOSE).confirmations.tolist() == [2]
    assert stand([(0, 0, "B2", 2)], [(0, 1, 1), (0, 3, 1)], ties=CLOSE).confirmations.tolist() == [2]


def test_two_close_voters_on_two_statements_are_a_voice_on_each():
    claims = [(0, 0, "B2", 1), (1, 0, "B2", 1)]
    votes = [(claim, who, 1) for claim in (0, 1) for who in (2, 3)]
    assert stand(claims, votes, ties=CLOSE).confirmations.tolist() == [1, 1]
