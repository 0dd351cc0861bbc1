"""Who is minimised in an edition is never shown, by name or by an identifier, whatever else is said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.choose import Audience, choose
from chokepoint.package.parts import PackageClaim
from chokepoint.package.privacy import (
    NOBODY,
    Discretion,
    Minimised,
    discretion,
    is_personal,
    mask,
    pseudonym,
)
from chokepoint.package.redact import WITHHELD

JANE, SITE = Entity("person", "jane doe"), Entity("domain-name", "evil.com")
MAIL, PHONE = Entity("email-addr", "jane.doe@home.example"), Entity("phone-number", "+66812345678")
ACCOUNT, OTHER = (
    Entity("bank-account", "GB29NWBK60161331926819"),
    Entity("bank-account", "DE89370400440532013000"),
)
GANG = Entity("group", "bad gang")
SAID = PackageClaim(
    record="a" * 64,
    subject=SITE,
    property="contact",
    object=MAIL,
    place="line 1",
    capture="b" * 64,
    origin="bank",
    grading="A1",
    verdict="accepted",
)
SANCTION = replace(SAID, subject=JANE, property="sanctioned-by", object=Entity("organisation", "us treasury"))
HIDDEN = Minimised(
    hidden=frozenset({JANE, MAIL}),
    names={JANE: "Person 1 (victim)"},
    judged=frozenset({JANE, MAIL, SITE}),
    key=KEY,
)
entities = st.sampled_from([JANE, MAIL, PHONE, ACCOUNT, OTHER, SITE, GANG])
editions = st.builds(
    Minimised,
    hidden=st.frozensets(entities),
    names=st.just({JANE: "Person 1"}),
    judged=st.none() | st.frozensets(entities),
)


# --- laws ---


@given(editions, entities, st.booleans())
def test_who_is_hidden_may_be_named_in_no_edition(
    minimised: Minimised, one: Entity, open_edition: bool
) -> None:
    rules = discretion([SAID, SANCTION], open_edition=open_edition, minimised=minimised)
    if one in minimised.hidden:
        assert not rules.may_name(one)


@given(editions, entities)
def test_an_identifier_that_nobody_judged_is_hidden_and_anything_else_is_not(
    minimised: Minimised, one: Entity
) -> None:
    if minimised.judged is not None and one not in minimised.judged and is_personal(one):
        assert minimised.hides(one)
    if not is_personal(one) and one not in minimised.hidden:
        assert not minimised.hides(one)


@given(editions, entities, st.booleans())
def test_minimising_never_names_anybody_more(minimised: Minimised, one: Entity, open_edition: bool) -> None:
    before = discretion([SAID, SANCTION], open_edition=open_edition, minimised=KEYED)
    after = discretion([SAID, SANCTION], open_edition=open_edition, minimised=minimised)
    assert before.may_name(one) or not after.may_name(one)


@given(editions, entities)
def test_a_label_of_the_hidden_does_not_hold_their_value(minimised: Minimised, one: Entity) -> None:
    rules = Discretion(minimised=minimised)
    if one in minimised.hidden:
        assert one.value not in rules.label(one, one.value)


def test_an_edition_that_minimises_nobody_hides_nobody() -> None:
    for one in (JANE, MAIL, SITE):
        assert not NOBODY.hides(one)


# --- names ---


def test_the_pseudonym_of_the_edition_goes_before_the_general_one() -> None:
    assert discretion([], open_edition=False, minimised=HIDDEN).label(JANE, "jane doe") == "Person 1 (victim)"


def test_a_person_whom_the_edition_did_not_number_has_the_general_one() -> None:
    stranger = Entity("person", "john smith")
    assert discretion([], open_edition=False, minimised=HIDDEN).label(stranger, "x") == pseudonym(
        stranger, KEY
    )


def test_a_sanctioned_victim_is_not_named() -> None:
    """A person forced to work for criminals may stand on a list; the role protects all the same."""
    assert discretion([SANCTION], open_edition=True, minimised=KEYED).may_name(JANE)
    assert not discretion([SANCTION], open_edition=True, minimised=HIDDEN).may_name(JANE)


def test_a_released_victim_is_not_named() -> None:
    rules = discretion([], open_edition=False, released=frozenset({JANE}), minimised=HIDDEN)
    assert not rules.may_name(JANE)


@pytest.mark.parametrize("shown", ["jane.doe@home.example", "jane[.]doe@home[.]example"])
def test_a_hidden_identifier_is_masked_as_it_would_have_been_shown(shown: str) -> None:
    assert discretion([SAID], open_edition=False, minimised=HIDDEN).label(MAIL, shown) == mask(shown)


@pytest.mark.parametrize("name", ["description", "name", "observation", "identifier", "reference", "alias"])
def test_words_about_the_hidden_are_withheld(name: str) -> None:
    one = replace(SAID, subject=JANE, property=name, object="lives alone")
    assert discretion([SANCTION, one], open_edition=False, minimised=HIDDEN).words(one) == WITHHELD


@pytest.mark.parametrize("name", ["status", "category", "date", "amount", "price"])
def test_words_that_cannot_name_anybody_stay(name: str) -> None:
    one = replace(SAID, subject=JANE, property=name, object="open")
    assert discretion([one], open_edition=False, minimised=HIDDEN).words(one) == "open"


# --- whose account is a criminal contact ---


def test_who_pays_is_no_criminal_contact_and_who_is_paid_is() -> None:
    """A victim's account that pays a tainted one is not thereby a means of crime."""
    paid = replace(SAID, subject=ACCOUNT, property="pays", object=OTHER)
    assert discretion([paid], open_edition=True, minimised=KEYED).vetted_contacts == {OTHER}


@pytest.mark.parametrize("name", ["contact", "uses", "account", "indicates", "requests-payment-to"])
def test_other_criminal_ties_speak_of_both_ends(name: str) -> None:
    tie = replace(SAID, subject=ACCOUNT, property=name, object=OTHER)
    assert discretion([tie], open_edition=True, minimised=KEYED).vetted_contacts == {ACCOUNT, OTHER}


@pytest.mark.parametrize("verdict", ["proposed", "disputed", "rejected", "expired", "recalled"])
def test_what_is_not_accepted_makes_no_contact(verdict: str) -> None:
    assert (
        discretion([replace(SAID, verdict=verdict)], open_edition=True, minimised=KEYED).vetted_contacts
        == frozenset()
    )


# --- what is chosen ---


def _audience(minimised: Minimised, **about: object) -> Audience:
    return Audience(minimised=minimised, **about)  # type: ignore[arg-type] - as Audience's own


def test_an_open_edition_leaves_out_a_vetted_contact_that_is_a_victims() -> None:
    assert len(choose([SAID], _audience(NOBODY, at_most=Tlp.CLEAR))[0]) == 1
    chosen, refused = choose([SAID], _audience(HIDDEN, at_most=Tlp.CLEAR))
    assert chosen == ()
    assert [one.rule for one in refused] == ["person"]


def test_a_refusal_does_not_hold_what_it_protects() -> None:
    _, refused = choose([SAID], _audience(HIDDEN, at_most=Tlp.CLEAR))
    assert MAIL.value not in str(refused)


def test_a_closed_edition_keeps_the_claim_and_masks_the_end() -> None:
    members = frozenset({"bank", "police"})
    one = replace(SAID, marking=Marking(tlp=Tlp.GREEN))
    audience = _audience(HIDDEN, organisations=members)
    chosen, _ = choose([one], audience)
    assert chosen == (one,)
    assert not audience.discreet(chosen).may_name(MAIL)


@given(editions)
def test_no_open_edition_holds_a_hidden_end(minimised: Minimised) -> None:
    claims = [
        SAID,
        replace(SAID, object=PHONE),
        replace(SAID, subject=ACCOUNT, property="pays", object=OTHER),
    ]
    chosen, _ = choose(claims, _audience(minimised, at_most=Tlp.CLEAR))
    ends = {end for one in chosen for end in (one.subject, one.object)}
    assert not {end for end in ends if isinstance(end, Entity) and is_personal(end)} & minimised.hidden
