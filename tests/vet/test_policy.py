from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.judgement import Verdict
from chokepoint.vet.policy import (
    DEFAULT,
    NAMED,
    VERDICTS,
    AboutCrime,
    AllOf,
    AnyOf,
    ByProperty,
    Confirmations,
    DistinctSectors,
    IndependentOrigins,
    MinBelief,
    NoUnresolvedDispute,
    SourceAtLeast,
    StatedAsFact,
    Tally,
    verdict,
    verdicts,
)

rows = st.lists(
    st.tuples(st.floats(0.001, 0.999), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=12
)
leaves = st.one_of(
    st.builds(MinBelief, st.floats(0, 1)),
    st.builds(Confirmations, st.integers(0, 4)),
    st.just(NoUnresolvedDispute()),
)
policies = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda p: AllOf(tuple(p))),
        st.lists(inner, max_size=3).map(lambda p: AnyOf(tuple(p))),
    ),
    max_leaves=6,
)


def tally(given_rows):
    size = len(given_rows)
    return Tally(
        belief=np.array([r[0] for r in given_rows]),
        confirmations=np.array([r[1] for r in given_rows], np.int32),
        disputes=np.array([r[2] for r in given_rows], np.int32),
        sectors=np.array([min(r[1], 1 + r[2] % 2) for r in given_rows], np.int32),
        origins=np.array([1 + r[2] % 3 for r in given_rows], np.int32),
        facts=np.array([r[1] % 2 == 0 for r in given_rows], np.bool_),
        reliability=np.array([r[2] % 6 for r in given_rows], np.int8),
        innocent=np.zeros(size, np.bool_),
        property=np.array([r[1] % 3 - 1 for r in given_rows], np.int16),
        properties=("indicates", "attributed-to"),
    )


@given(rows)
def test_an_empty_policy_accepts_nothing(given_rows):
    for empty in (AllOf(()), AnyOf(())):
        assert not empty.holds(tally(given_rows)).any()
        assert str(empty) == "nothing is accepted"
        assert Verdict.ACCEPTED not in {VERDICTS[v] for v in verdicts(tally(given_rows), empty)}


@given(rows, policies)
def test_one_part_is_the_part_itself(given_rows, policy):
    expected = policy.holds(tally(given_rows)).tolist()
    assert AllOf((policy,)).holds(tally(given_rows)).tolist() == expected
    assert AnyOf((policy,)).holds(tally(given_rows)).tolist() == expected


@given(rows, policies, policies)
def test_the_order_of_parts_does_not_matter(given_rows, one, two):
    for combine in (AllOf, AnyOf):
        there, back = combine((one, two)), combine((two, one))
        assert there.holds(tally(given_rows)).tolist() == back.holds(tally(given_rows)).tolist()


@given(rows, policies, policies, policies)
def test_nesting_does_not_matter(given_rows, one, two, three):
    for combine in (AllOf, AnyOf):
        flat, nested = combine((one, two, three)), combine((one, combine((two, three))))
        assert flat.holds(tally(given_rows)).tolist() == nested.holds(tally(given_rows)).tolist()


@given(rows, policies, policies)
def test_a_further_condition_never_accepts_more_and_a_further_way_never_less(given_rows, one, two):
    alone = one.holds(tally(given_rows))
    assert not (AllOf((one, two)).holds(tally(given_rows)) & ~alone).any()
    assert not (alone & ~AnyOf((one, two)).holds(tally(given_rows))).any()


@given(rows, policies)
def test_absorption_holds(given_rows, policy):
    other = MinBelief(0.5)
    absorbed = AllOf((policy, AnyOf((policy, other))))
    assert absorbed.holds(tally(given_rows)).tolist() == policy.holds(tally(given_rows)).tolist()


@given(rows, policies)
def test_more_confirmations_never_undo_an_acceptance(given_rows, policy):
    more = [(b, c + 1, d) for b, c, d in given_rows]
    assert not (policy.holds(tally(given_rows)) & ~policy.holds(tally(more))).any()


@pytest.mark.parametrize(
    ("belief", "confirmations", "disputes", "expected"),
    [
        (0.8, 2, 0, Verdict.ACCEPTED),
        (0.79, 5, 0, Verdict.PROPOSED),
        (0.99, 1, 0, Verdict.PROPOSED),
        (0.99, 9, 1, Verdict.DISPUTED),
        (0.2, 0, 2, Verdict.REJECTED),
        (0.2, 1, 2, Verdict.DISPUTED),
        (0.5, 0, 2, Verdict.DISPUTED),
        (0.01, 0, 0, Verdict.PROPOSED),
    ],
)
def test_the_default_policy_is_that_of_the_design(belief, confirmations, disputes, expected):
    assert verdict(belief, confirmations, disputes) is expected


def test_policies_are_values_that_say_what_they_demand():
    assert AllOf((MinBelief(0.8), Confirmations(2))) == AllOf((MinBelief(0.8), Confirmations(2)))
    demanded = "belief at least 0.8 and 2 confirming organisations other than the contributors"
    innocent = "nobody says that it is not about crime"
    assert str(DEFAULT) == f"({demanded} and no unresolved dispute and {innocent})"
    assert (
        str(AnyOf((MinBelief(0.5), NoUnresolvedDispute())))
        == "(belief at least 0.5 or no unresolved dispute)"
    )


def test_what_is_recalled_stays_recalled_and_acceptance_expires():
    given_tally = tally([(0.9, 2, 0)] * 3 + [(0.9, 0, 0)])
    found = verdicts(
        given_tally,
        DEFAULT,
        recalled=np.array([True, False, False, False]),
        standing=np.array([False, False, True, False]),
    )
    assert [VERDICTS[v] for v in found] == [
        Verdict.RECALLED, Verdict.EXPIRED, Verdict.ACCEPTED, Verdict.PROPOSED,
    ]  # fmt: skip


def same(one, other, given_rows):
    return one.holds(tally(given_rows)).tolist() == other.holds(tally(given_rows)).tolist()


parts = st.one_of(
    leaves,
    st.builds(DistinctSectors, st.integers(0, 3)),
    st.builds(IndependentOrigins, st.integers(0, 3)),
    st.builds(SourceAtLeast, st.sampled_from("ABCDE")),
    st.just(StatedAsFact()),
    st.just(AboutCrime()),
    st.builds(ByProperty, st.just(frozenset({"indicates"})), leaves, leaves),
)


@given(rows, parts, parts, parts)
def test_policies_obey_the_laws_of_a_lattice(given_rows, a, b, c):
    assert same(a & b, b & a, given_rows)
    assert same(a | b, b | a, given_rows)
    assert same((a & b) & c, a & (b & c), given_rows)
    assert same((a | b) | c, a | (b | c), given_rows)
    assert same(a & a, a, given_rows)
    assert same(a | a, a, given_rows)
    assert same(a & (a | b), a, given_rows)
    assert same(a | (a & b), a, given_rows)
    assert same(a & (b | c), (a & b) | (a & c), given_rows)
    assert same(a | (b & c), (a | b) & (a | c), given_rows)


@given(rows, parts)
def test_the_empty_policy_absorbs_all_and_refuses_alone(given_rows, a):
    nothing = AllOf(())
    assert not (a & nothing).holds(tally(given_rows)).any()
    assert same(a | nothing, a, given_rows)


@given(rows, parts)
def test_a_policy_judges_each_statement_for_itself(given_rows, a):
    alone = [bool(a.holds(tally([row]))[0]) for row in given_rows]
    assert a.holds(tally(given_rows)).tolist() == alone


@pytest.mark.parametrize("name", NAMED)
def test_a_named_policy_says_its_rule_and_never_accepts_a_dispute(name):
    assert str(NAMED[name])
    for confirmations in range(12):
        assert verdict(0.999, confirmations, 1, policy=NAMED[name]) is Verdict.DISPUTED


def test_frozen_accepts_nothing():
    assert verdict(0.999, 99, 0, policy=NAMED["frozen"]) is Verdict.PROPOSED


def test_sectors_origins_facts_and_sources_are_asked_for():
    one = replace(
        tally([(0.9, 3, 0)]),
        sectors=np.array([2], np.int32),
        origins=np.array([1], np.int32),
        facts=np.array([False]),
        reliability=np.array([1], np.int8),
    )
    assert DistinctSectors(2).holds(one)[0]
    assert not DistinctSectors(3).holds(one)[0]
    assert not IndependentOrigins(2).holds(one)[0]
    assert not StatedAsFact().holds(one)[0]
    assert SourceAtLeast("B").holds(one)[0]
    assert not SourceAtLeast("A").holds(one)[0]


def test_a_source_that_cannot_be_judged_is_good_enough_for_no_letter():
    unknown = replace(tally([(0.9, 3, 0)]), reliability=np.array([5], np.int8))
    assert not any(SourceAtLeast(letter).holds(unknown)[0] for letter in "ABCDE")


def test_one_property_can_be_harder_than_others():
    policy = ByProperty(frozenset({"attributed-to"}), Confirmations(3), Confirmations(1))
    given_tally = replace(
        tally([(0.9, 1, 0)] * 3),
        property=np.array([0, 1, -1], np.int16),
        properties=("indicates", "attributed-to"),
    )
    assert policy.holds(given_tally).tolist() == [True, False, True]
    assert "attributed-to" in str(policy)


def test_what_somebody_calls_innocent_is_not_accepted_by_default():
    one = replace(tally([(0.99, 3, 0)]), innocent=np.array([True]))
    assert VERDICTS[int(verdicts(one, DEFAULT)[0])] is Verdict.PROPOSED
