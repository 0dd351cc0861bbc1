"""People are named only by the rule of DESIGN §9."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED, RYUK, RYUK_MAIL, facts, seal, vetted

from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.parts import PackageClaim
from chokepoint.package.privacy import (
    AUTHORITY_STATUS,
    Discretion,
    discretion,
    is_personal,
    mask,
    places_a_person,
    pseudonym,
)

JANE = Entity("person", "jane doe")
TREASURY = Entity("organisation", "us treasury")
SANCTION = PackageClaim(
    record="a" * 64,
    subject=JANE,
    property="sanctioned-by",
    object=TREASURY,
    place="line 1",
    capture="b" * 64,
    origin="US Treasury",
    grading="A1",
    verdict="accepted",
)


def test_an_unknown_person_is_a_pseudonym_everywhere():
    for open_edition in (True, False):
        rules = discretion([], open_edition=open_edition, minimised=KEYED)
        assert rules.label(JANE, "Jane Doe") == pseudonym(JANE, KEY)
        assert "Jane" not in rules.label(JANE, "Jane Doe")


def test_a_person_whom_an_authority_sanctioned_is_named():
    rules = discretion([SANCTION], open_edition=True, minimised=KEYED)
    assert rules.label(JANE, "Jane Doe") == "Jane Doe"


@pytest.mark.parametrize("status", sorted(AUTHORITY_STATUS))
def test_charged_or_convicted_by_a_graded_source_is_named(status):
    claim = replace(SANCTION, property="status", object=status.upper())
    assert discretion([claim], open_edition=True, minimised=KEYED).may_name(JANE)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "proposed"},
        {"verdict": "disputed"},
        {"simulated": True},
        {"grading": "F6"},
        {"grading": "C1"},
        {"property": "status", "object": "suspected"},
        {"property": "related-to"},
        {"subject": Entity("person", "somebody else")},
    ],
)
def test_anything_less_than_an_accepted_citation_names_nobody(change):
    assert not discretion([replace(SANCTION, **change)], open_edition=False, minimised=KEYED).may_name(JANE)


def test_the_one_who_sanctions_is_not_thereby_the_sanctioned():
    claim = replace(SANCTION, subject=TREASURY, object=JANE)
    assert not discretion([claim], open_edition=False, minimised=KEYED).may_name(JANE)


def test_members_see_contact_details_and_the_public_sees_them_masked():
    claims = seal(facts()).claims
    assert discretion(claims, open_edition=False, minimised=KEYED).may_name(RYUK_MAIL)
    assert not discretion(claims, open_edition=True, minimised=KEYED).may_name(RYUK_MAIL)


def test_a_contact_vetted_by_people_as_criminal_is_public():
    rules = discretion(vetted(seal(facts()).claims), open_edition=True, minimised=KEYED)
    assert rules.may_name(RYUK_MAIL)


def test_a_simulated_acceptance_unmasks_nothing():
    claims = tuple(replace(claim, votes=()) for claim in seal(facts()).claims)
    assert not discretion(claims, open_edition=True, minimised=KEYED).may_name(RYUK_MAIL)


@pytest.mark.parametrize("kind", ["document", "payment-card"])
def test_papers_and_cards_are_masked_for_everyone(kind):
    rules = Discretion(vetted_contacts=frozenset({Entity(kind, "1234567890")}), minimised=KEYED)
    assert rules.label(Entity(kind, "1234567890"), "1234567890") == "1•••0"


def test_what_the_vocabulary_calls_personal_is_personal():
    for name, kind in vocabulary().kinds.items():
        assert is_personal(Entity(name, "x")) == kind.personal


def test_an_unknown_kind_counts_as_personal():
    assert is_personal(Entity("something-new", "x"))


@given(st.text(st.characters(exclude_characters="@•"), min_size=5, max_size=40))
def test_a_mask_keeps_two_characters_of_each_part_at_most(text):
    masked = mask(text)
    assert masked == f"{text[0]}•••{text[-1]}"


@pytest.mark.parametrize("text", ["", "a", "abcd", "a@b", "abcd@efgh"])
def test_short_parts_are_masked_whole(text):
    assert set(mask(text)) <= {"•", "@"}


def test_where_somebody_lives_is_recognised_from_either_end():
    home = Entity("site", "12 some street")
    for subject, thing in ((JANE, home), (home, JANE)):
        claim = replace(SANCTION, subject=subject, property="located-in", object=thing)
        assert places_a_person(claim)
    assert not places_a_person(replace(SANCTION, subject=RYUK, object=home))
    assert not places_a_person(replace(SANCTION, object="12 some street"))
