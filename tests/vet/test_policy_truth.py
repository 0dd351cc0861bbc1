"""Policies by truth table: each demand at its boundary, all compositions against plain logic, and its words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.judgement import Verdict
from chokepoint.vet.policy import (
    ATTRIBUTING,
    DEFAULT,
    NAMED,
    STRICT,
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
    tally_of,
    verdict,
    verdicts,
)

GOOD = replace(
    tally_of(0.97, 3, 0),
    sectors=np.array([2], np.int32),
    origins=np.array([2], np.int32),
    reliability=np.array([1], np.int8),
    property=np.array([0], np.int16),
    properties=("indicates", "attributed-to", "controlled-by"),
)
ints = lambda value: np.array([value], np.int32)  # noqa: E731 - a column of one


def holds(policy, **changes):
    return bool(policy.holds(replace(GOOD, **changes))[0])


@pytest.mark.parametrize(
    ("policy", "column", "enough", "too_little"),
    [
        pytest.param(MinBelief(0.8), "belief", np.array([0.8]), np.array([0.7999]), id="belief"),
        pytest.param(Confirmations(2), "confirmations", ints(2), ints(1), id="confirmations"),
        pytest.param(DistinctSectors(2), "sectors", ints(2), ints(1), id="sectors"),
        pytest.param(IndependentOrigins(2), "origins", ints(2), ints(1), id="origins"),
        pytest.param(StatedAsFact(), "facts", np.array([True]), np.array([False]), id="fact"),
        pytest.param(SourceAtLeast("B"), "reliability", np.array([1], np.int8), np.array([2], np.int8), id="source-b"),
        pytest.param(SourceAtLeast("A"), "reliability", np.array([0], np.int8), np.array([1], np.int8), id="source-a"),
        pytest.param(SourceAtLeast("E"), "reliability", np.array([4], np.int8), np.array([5], np.int8), id="source-e"),
        pytest.param(NoUnresolvedDispute(), "disputes", ints(0), ints(1), id="dispute"),
        pytest.param(AboutCrime(), "innocent", np.array([False]), np.array([True]), id="crime"),
    ],
)  # fmt: skip
def test_each_demand_holds_at_its_boundary_and_not_below(policy, column, enough, too_little):
    assert holds(policy, **{column: enough})
    assert not holds(policy, **{column: too_little})


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param({"belief": np.array([0.7999])}, id="belief"),
        pytest.param({"confirmations": ints(1)}, id="confirmations"),
        pytest.param({"disputes": ints(1)}, id="dispute"),
        pytest.param({"innocent": np.array([True])}, id="innocent"),
    ],
)
def test_the_default_policy_asks_for_all_of_its_four_parts(failing):
    assert holds(DEFAULT)
    assert not holds(DEFAULT, **failing)


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param({"belief": np.array([0.9499])}, id="belief"),
        pytest.param({"confirmations": ints(2)}, id="confirmations"),
        pytest.param({"sectors": ints(1)}, id="sectors"),
        pytest.param({"disputes": ints(1)}, id="dispute"),
        pytest.param({"innocent": np.array([True])}, id="innocent"),
    ],
)
def test_the_strict_policy_asks_for_all_of_its_five_parts(failing):
    assert holds(STRICT)
    assert not holds(STRICT, **failing)


@pytest.mark.parametrize(
    ("name", "changes", "accepted"),
    [
        ("default", {}, True),
        ("strict", {}, True),
        ("frozen", {}, False),
        ("attribution", {"property": np.array([1], np.int16)}, True),
        ("attribution", {"property": np.array([1], np.int16), "sectors": ints(1)}, False),
        ("attribution", {"property": np.array([2], np.int16), "confirmations": ints(2)}, False),
        ("attribution", {"property": np.array([0], np.int16), "sectors": ints(1)}, True),
        ("attribution", {"property": np.array([-1], np.int16), "confirmations": ints(2)}, True),
        ("corroborated", {}, True),
        ("corroborated", {"origins": ints(1)}, True),
        ("corroborated", {"reliability": np.array([3], np.int8)}, True),
        ("corroborated", {"origins": ints(1), "reliability": np.array([3], np.int8)}, False),
        ("corroborated", {"facts": np.array([False])}, False),
    ],
)
def test_a_named_policy_decides_as_its_words_say(name, changes, accepted):
    assert holds(NAMED[name], **changes) is accepted


def test_what_attributes_is_harder_to_accept_than_the_rest():
    assert {"attributed-to", "controlled-by"} == ATTRIBUTING
    row = {"confirmations": ints(2), "sectors": ints(1)}
    easy, hard = (holds(NAMED["attribution"], property=np.array([at], np.int16), **row) for at in (0, 1))
    assert (easy, hard) == (True, False)


leaves = st.sampled_from(
    [MinBelief(0.5), MinBelief(0.9), Confirmations(2), DistinctSectors(2), IndependentOrigins(2), StatedAsFact(), SourceAtLeast("C"), NoUnresolvedDispute(), AboutCrime()]
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just(AllOf), st.lists(inner, max_size=3)),
        st.tuples(st.just(AnyOf), st.lists(inner, max_size=3)),
    ),
    max_leaves=8,
)
rows = st.tuples(st.floats(0.01, 0.99), st.integers(0, 3), st.integers(0, 2), st.integers(0, 3), st.integers(0, 3), st.booleans(), st.integers(0, 5), st.booleans())  # fmt: skip


def built(tree):
    return tree[0](tuple(map(built, tree[1]))) if isinstance(tree, tuple) else tree


def plainly(tree, row):
    """The same tree by Python's own `all` and `any`; without parts nothing holds."""
    belief, confirmations, disputes, sectors, origins, fact, reliability, innocent = row
    if isinstance(tree, tuple):
        parts = [plainly(part, row) for part in tree[1]]
        return bool(parts) and (all(parts) if tree[0] is AllOf else any(parts))
    if isinstance(tree, MinBelief):
        return belief >= tree.least
    if isinstance(tree, SourceAtLeast):
        return reliability <= "ABCDEF".index(tree.letter) and reliability < 5
    numbers = {Confirmations: confirmations, DistinctSectors: sectors, IndependentOrigins: origins}
    if type(tree) in numbers:
        return numbers[type(tree)] >= tree.least
    return {StatedAsFact: fact, NoUnresolvedDispute: disputes == 0, AboutCrime: not innocent}[type(tree)]


@given(trees, rows)
def test_every_composition_decides_as_plain_logic(tree, row):
    belief, confirmations, disputes, sectors, origins, fact, reliability, innocent = row
    found = built(tree).holds(
        replace(
            GOOD,
            belief=np.array([belief]),
            confirmations=ints(confirmations),
            disputes=ints(disputes),
            sectors=ints(sectors),
            origins=ints(origins),
            facts=np.array([fact]),
            reliability=np.array([reliability], np.int8),
            innocent=np.array([innocent]),
        )
    )
    assert found.tolist() == [plainly(tree, row)]


@given(leaves, leaves)
def test_operators_build_what_their_names_say(one, other):
    assert one & other == AllOf((one, other))
    assert one | other == AnyOf((one, other))


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (MinBelief(0.8), "belief at least 0.8"),
        (Confirmations(2), "2 confirming organisations other than the contributors"),
        (DistinctSectors(2), "confirmations from 2 sectors"),
        (IndependentOrigins(2), "2 independent origins"),
        (StatedAsFact(), "stated as a fact, not only as an assessment"),
        (SourceAtLeast("B"), "a source of reliability B or better"),
        (NoUnresolvedDispute(), "no unresolved dispute"),
        (AboutCrime(), "nobody says that it is not about crime"),
        (AllOf(()), "nothing is accepted"),
        (AnyOf(()), "nothing is accepted"),
        (MinBelief(0.5) & Confirmations(1), "(belief at least 0.5 and 1 confirming organisations other than the contributors)"),
        (MinBelief(0.5) | StatedAsFact(), "(belief at least 0.5 or stated as a fact, not only as an assessment)"),
        (ByProperty(frozenset({"b", "a"}), StatedAsFact(), AboutCrime()), "(stated as a fact, not only as an assessment for a, b; else nobody says that it is not about crime)"),
    ],
    ids=["belief", "confirmations", "sectors", "origins", "fact", "source", "dispute", "crime", "empty-all", "empty-any", "and", "or", "property"],
)  # fmt: skip
def test_a_policy_reads_as_a_sentence(policy, words):
    assert str(policy) == words


@pytest.mark.parametrize(
    ("belief", "confirmations", "disputes", "expected"),
    [
        (0.80, 2, 0, Verdict.ACCEPTED),
        (0.7999, 2, 0, Verdict.PROPOSED),
        (0.80, 1, 0, Verdict.PROPOSED),
        (0.99, 9, 1, Verdict.DISPUTED),
        (0.20, 0, 2, Verdict.REJECTED),
        (0.2001, 0, 2, Verdict.DISPUTED),
        (0.20, 0, 1, Verdict.DISPUTED),
        (0.20, 1, 2, Verdict.DISPUTED),
        (0.001, 0, 0, Verdict.PROPOSED),
        (0.001, 0, 99, Verdict.REJECTED),
    ],
)
def test_a_verdict_turns_at_its_boundaries(belief, confirmations, disputes, expected):
    assert verdict(belief, confirmations, disputes) is expected


@given(st.floats(0.01, 0.99), st.integers(0, 4), st.integers(0, 4), st.booleans(), st.booleans())
def test_recalled_comes_before_expired_and_expired_before_accepted(
    belief, confirmations, disputes, recalled, fresh
):
    tally = tally_of(belief, confirmations, disputes)
    plain = VERDICTS[verdicts(tally, DEFAULT)[0]]
    flags = {"recalled": np.array([recalled]), "standing": np.array([fresh])}
    found = VERDICTS[verdicts(tally, DEFAULT, **flags)[0]]
    expected = Verdict.RECALLED if recalled else plain
    if not recalled and plain is Verdict.ACCEPTED and not fresh:
        expected = Verdict.EXPIRED
    assert found is expected


@given(st.floats(0.01, 0.99), st.integers(0, 9), st.integers(1, 9))
def test_a_frozen_atlas_and_a_policy_without_parts_accept_nothing(belief, confirmations, disputes):
    for policy in (NAMED["frozen"], AllOf(()), AnyOf(()), AnyOf((AllOf(()),))):
        assert verdict(belief, confirmations, 0, policy=policy) is Verdict.PROPOSED
        assert verdict(belief, confirmations, disputes, policy=policy) is not Verdict.ACCEPTED
