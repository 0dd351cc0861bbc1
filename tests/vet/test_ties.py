"""Ties: families, owners of origins, common feeds; and how many voters stand on their own."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.member import Member, Sector
from chokepoint.values.company import company_key
from chokepoint.vet.ties import EXACT, SECTORS, Ties, independent, ties_of, untied

BANK, CHILD, SIBLING, POLICE = range(1, 5)


def members(**changes):
    """Four members by number; keywords give each its ties."""
    names = {"bank": BANK, "child": CHILD, "sibling": SIBLING, "police": POLICE}
    return {
        number: Member(name=name, **{k: frozenset(v) for k, v in changes.get(name, {}).items()})
        for name, number in names.items()
    }


def test_nobody_is_tied_to_anybody_without_a_word():
    ties = ties_of(members(), {})
    assert not any(ties.tied(one, other) for one, other in combinations(range(1, 5), 2))
    assert ties.owners == {} == ties.relying


def test_a_parent_and_its_children_are_one_family():
    ties = ties_of(members(child={"parents": ["bank"]}, sibling={"parents": ["bank"]}), {})
    assert ties.tied(BANK, CHILD)
    assert ties.tied(CHILD, SIBLING)
    assert not ties.tied(CHILD, POLICE)


def test_siblings_under_a_parent_that_is_no_member_are_one_family():
    ties = ties_of(members(child={"parents": ["Acme Holding"]}, sibling={"parents": ["ACME"]}), {})
    assert ties.tied(CHILD, SIBLING)
    assert not ties.tied(CHILD, BANK)


def test_a_grandchild_is_family():
    ties = ties_of(members(child={"parents": ["bank"]}, sibling={"parents": ["child"]}), {})
    assert ties.tied(BANK, SIBLING)


@pytest.mark.parametrize("spelling", ["BANK", "Bank Ltd.", "bаnk", "Bank Holding GmbH", "b-a-n-k"])
def test_a_parent_is_known_under_any_spelling(spelling):
    assert ties_of(members(child={"parents": [spelling]}), {}).tied(BANK, CHILD)


def test_members_whose_names_differ_in_legal_form_only_are_one_family():
    ties = ties_of({1: Member(name="Acme"), 2: Member(name="Acme Ltd"), 3: Member(name="Acme Nine")}, {})
    assert ties.tied(1, 2)
    assert not ties.tied(1, 3)


def test_a_name_made_of_a_legal_form_keeps_its_key():
    assert company_key("Group") == "group"
    assert company_key("Acme Group Ltd") == company_key("acme")


def test_an_origin_is_owned_by_its_owner_its_family_and_whoever_bears_its_name():
    known = members(
        bank={"origins": ["Phish List"]}, child={"parents": ["bank"]}, sibling={"parents": ["Big News"]}
    )
    ties = ties_of(known, {7: "phish list", 8: "police", 9: "somebody", 10: "BIG NEWS Inc"})
    assert ties.owners[7] == {int(ties.family[BANK])} == {int(ties.family[CHILD])}
    assert ties.owners[8] == {int(ties.family[POLICE])}
    assert ties.owners[10] == {int(ties.family[SIBLING])}
    assert 9 not in ties.owners


def test_members_that_rely_on_one_feed_count_as_one_and_only_pairwise():
    known = members(bank={"feeds": ["A"]}, child={"feeds": ["A", "B"]}, sibling={"feeds": ["b"]})
    ties = ties_of(known, {3: "a"})
    assert ties.tied(BANK, CHILD)
    assert ties.tied(CHILD, SIBLING)
    assert not ties.tied(BANK, SIBLING)
    assert ties.relying[3] == {BANK, CHILD}


def test_sectors_are_kept_by_number():
    ties = ties_of({2: Member(name="x", sector=Sector.NGO), 3: Member(name="y")}, {})
    assert SECTORS[int(ties.sector[2])] is Sector.NGO
    assert ties.sector[3] == -1


def test_no_members_have_no_ties():
    ties = ties_of({}, {1: "x"})
    assert len(ties.family) == 0 == len(ties.sector)


edges = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda e: e[0] < e[1]), max_size=14)


def graph(pairs, size=9):
    feed = np.eye(size, dtype=np.bool_)
    for one, other in pairs:
        feed[one, other] = feed[other, one] = True
    return Ties(family=np.arange(size), sector=np.full(size, -1, np.int8), feed=feed)


@given(edges, st.sets(st.integers(0, 8), max_size=8))
def test_the_independent_are_as_many_as_can_be_found_by_trying_all(pairs, voters):
    ties, voters = graph(pairs), tuple(sorted(voters))
    found = independent(voters, ties)
    assert not any(ties.tied(one, other) for one, other in combinations(found, 2))
    best = max(
        len(group)
        for size in range(len(voters) + 1)
        for group in combinations(voters, size)
        if not any(ties.tied(one, other) for one, other in combinations(group, 2))
    )
    assert len(found) == best


@given(edges, st.sets(st.integers(0, 8), min_size=1, max_size=8))
def test_one_more_voter_never_makes_fewer(pairs, voters):
    ties, voters = graph(pairs), tuple(sorted(voters))
    assert len(independent(voters, ties)) >= len(independent(voters[1:], ties))


def test_very_many_tied_voters_are_counted_too_few_rather_than_too_many():
    size = 2 * EXACT
    ring = graph([(n, n + 1) for n in range(size - 1)], size)
    found = independent(tuple(range(size)), ring)
    assert not any(ring.tied(one, other) for one, other in combinations(found, 2))
    assert 2 <= len(found) <= EXACT


def test_a_family_counts_once():
    ties = Ties(family=np.array([0, 0, 0, 3]), sector=np.full(4, -1, np.int8))
    assert len(independent((0, 1, 2, 3), ties)) == 2
    assert len(independent((0, 3), untied(4))) == 2
