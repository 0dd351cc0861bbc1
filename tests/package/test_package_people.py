"""Natural persons by DESIGN §9: who may be named, whose data is masked, what an open edition never holds."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEYED, RYUK, RYUK_MAIL, TESLA, WALLET, facts, finding, seal, vetted

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.choose import Audience, choose, fit_for, strictest
from chokepoint.package.privacy import (
    AUTHORITY_STATUS,
    CRIMINAL_TIES,
    Discretion,
    discretion,
    is_personal,
    mask,
    places_a_person,
    tells_of_a_person,
)

JANE = Entity("person", "jane doe")
HOME = Entity("site", "12 high street, leeds")
OFAC = Entity("organisation", "ofac")
BASE = vetted(seal(facts()).claims)[0]
PUBLIC = Audience(minimised=KEYED)
OPEN = Discretion(open_edition=True, minimised=KEYED)


def claim(subject=TESLA, name="related-to", thing=WALLET, **changes):
    return replace(BASE, **{"subject": subject, "property": name, "object": thing, "raw": ""} | changes)


def allowed(claims, audience=PUBLIC):
    return choose(claims, audience)[0]


def rules(claims, audience=PUBLIC):
    return [one.rule for one in choose(claims, audience)[1]]


@pytest.mark.parametrize("status", sorted(AUTHORITY_STATUS))
@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title, lambda text: f"  {text} "])
@pytest.mark.parametrize("grading", ["A1", "A6", "B2"])
def test_an_authority_that_acted_names_a_person(status, spelling, grading):
    said = claim(JANE, "status", spelling(status), grading=grading)
    assert discretion([said], open_edition=True, minimised=KEYED).may_name(JANE)


@pytest.mark.parametrize(
    "said",
    [
        claim(JANE, "status", "charged", grading="C1"),
        claim(JANE, "status", "charged", grading="F6"),
        claim(JANE, "status", "charged", grading=""),
        claim(JANE, "status", "charged", verdict="proposed"),
        claim(JANE, "status", "charged", verdict="disputed"),
        claim(JANE, "status", "charged", verdict="rejected"),
        claim(JANE, "status", "charged", verdict="expired"),
        claim(JANE, "status", "charged", verdict="recalled"),
        claim(JANE, "status", "charged", simulated=True),
        claim(JANE, "status", "suspected"),
        claim(JANE, "status", "not charged"),
        claim(JANE, "status", "acquitted"),
        claim(JANE, "status", "arrested"),
        claim(JANE, "description", "charged"),
        claim(JANE, "status", Entity("event", "charged")),
        claim(JANE, "indicates", RYUK),
        claim(JANE, "attributed-to", RYUK),
        claim(OFAC, "sanctioned-by", JANE),
        claim(JANE, "sanctioned-by", OFAC, grading="D1"),
    ],
    ids=range(19),
)
def test_nothing_less_names_a_person(said):
    for edition in (True, False):
        assert not discretion([said], open_edition=edition, minimised=KEYED).may_name(JANE)


def test_a_sanctioned_person_is_named_and_the_sanction_may_be_published():
    said = claim(JANE, "sanctioned-by", OFAC)
    assert discretion([said], open_edition=True, minimised=KEYED).may_name(JANE)
    assert allowed([said]) == (said,)


def test_one_person_named_names_no_namesake_and_no_associate():
    other = Entity("person", "john doe")
    claims = [claim(JANE, "status", "convicted"), claim(JANE, "related-to", other)]
    discreet = discretion(claims, open_edition=True, minimised=KEYED)
    assert discreet.may_name(JANE)
    assert not discreet.may_name(other)
    assert rules(claims) == ["person"]


@pytest.mark.parametrize("kind", vocabulary().kinds)
def test_what_is_nobodys_data_is_always_named(kind):
    one = Entity(kind, "value of it")
    free = not vocabulary().kind(kind).personal
    assert is_personal(one) is not free
    assert OPEN.may_name(one) is free
    if kind not in {"person", "document", "payment-card"}:
        assert Discretion(minimised=KEYED).may_name(one)


@pytest.mark.parametrize("kind", sorted(kind for kind, one in vocabulary().kinds.items() if one.personal))
@pytest.mark.parametrize("end", ["subject", "object"])
def test_an_open_edition_refuses_personal_data_at_either_end(kind, end):
    one = Entity(kind, "a personal value")
    said = replace(claim(property="related-to"), **{end: one})
    assert rules([said]) == ["person"]


@pytest.mark.parametrize("name", sorted(CRIMINAL_TIES))
def test_a_contact_that_people_tied_to_crime_is_public(name):
    said = claim(RYUK, name, RYUK_MAIL)
    assert discretion([said], open_edition=True, minimised=KEYED).may_name(RYUK_MAIL)
    assert allowed([said]) == (said,)


@pytest.mark.parametrize("name", ["related-to", "mentioned-with", "targets", "impersonates", "part-of"])
def test_a_contact_that_only_stands_beside_crime_is_not(name):
    assert rules([claim(RYUK, name, RYUK_MAIL)]) == ["person"]


@pytest.mark.parametrize("kind", ["document", "payment-card"])
def test_papers_and_cards_are_masked_however_they_were_vetted(kind):
    card = Entity(kind, "4111111111111111")
    said = claim(RYUK, "uses", card)
    for edition in (True, False):
        discreet = discretion([said], open_edition=edition, minimised=KEYED)
        assert not discreet.may_name(card)
        assert discreet.label(card, card.value) == "4•••1"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", "•••"),
        ("abcd", "•••"),
        ("abcde", "a•••e"),
        ("bob@x.example", "•••@x•••e"),
        ("jane.doe@mail.example", "j•••e@m•••e"),
        ("+66812345678", "+•••8"),
        ("a@b@c", "•••@•••@•••"),
        ("ชื่อของฉัน", "ช•••น"),
    ],
)
def test_a_mask_shows_the_ends_of_each_part(text, masked):
    assert mask(text) == masked


@given(st.text(min_size=5, max_size=40))
def test_a_mask_never_shows_the_middle(text):
    for part, shown in zip(text.split("@"), mask(text).split("@"), strict=True):
        assert len(shown) <= 5
        assert len(part) <= 4 or part[2:-2] == "" or part not in shown


@pytest.mark.parametrize(
    ("subject", "thing", "places"),
    [
        (JANE, HOME, True),
        (HOME, JANE, True),
        (Entity("persona", "jd"), HOME, True),
        (Entity("organisation", "evil ltd"), HOME, False),
        (JANE, Entity("country", "gb"), False),
        (JANE, "12 high street", False),
    ],
)
def test_where_somebody_lives(subject, thing, places):
    said = claim(subject, "located-in", thing)
    assert places_a_person(said) is places


def test_a_home_stays_out_of_an_open_edition_even_of_a_convicted_person():
    claims = [claim(JANE, "status", "convicted"), claim(JANE, "located-in", HOME)]
    assert rules(claims) == ["home"]
    members = Audience(organisations=frozenset({"Example Police"}), minimised=KEYED)
    assert len(allowed(claims, members)) == 2


@pytest.mark.parametrize(
    "head",
    ["victim", "Victim name", "name", "birth date", "address", "phone", "mobile", "passport no", "reporter", "owner",
     "ผู้เสียหาย", "ชื่อ", "ที่อยู่", "Opfer", "Adresse", "Geburtsdatum", "victime", "prénom", "naissance", "víctima",
     "nombre", "domicilio", "被害者", "氏名", "住所", "mağdur", "soyad", "doğum",
     "registrant", "Registrant organization", "admin contact", "tech_contact_1", "Account holder", "beneficiary", "subscriber",
     "Customer", "contact person", "payee_iban", "payee", "witness 2", "titulaire du compte", "titular da conta", "Kontoinhaber",
     "Ansprechpartner", "nome completo", "endereço", "vítima", "teléfono", "müşteri", "jina", "anwani", "simu",
     "mmiliki", "ผู้จดทะเบียน", "เจ้าของบัญชี", "登録者", "口座名義人", "الاسم الكامل", "العنوان", "صاحب الحساب", "الضحية"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["attribute", "identifier", "observation"])
def test_columns_about_people_are_known_by_their_heads_in_ten_languages(head, name):
    assert tells_of_a_person(claim(TESLA, name, f"{head}: whatever"), OPEN)
    assert rules([claim(TESLA, name, f"{head}: whatever")]) == ["person"]


@pytest.mark.parametrize("head", ["víctima", "geschädigt", "mağdur", "prénom", "doğum yeri"])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_the_head_of_a_column_is_known_with_its_accents_apart(head, form):
    told = claim(TESLA, "attribute", f"{unicodedata.normalize(form, head.title())}: x y")
    assert tells_of_a_person(told, OPEN)


@pytest.mark.parametrize("head", ["ＶＩＣＴＩＭ", "vic\u00adtim", "Ｔｅｌ"])
def test_the_head_of_a_column_is_known_in_other_letters(head):
    assert tells_of_a_person(claim(TESLA, "attribute", f"{head}: x y"), OPEN)


@pytest.mark.parametrize(
    "head",
    ["registrar", "Registration date", "persona", "amount", "first seen", "hash", "status", "asn", "tlp"],
)
def test_columns_about_things_stay(head):
    assert not tells_of_a_person(claim(TESLA, "attribute", f"{head}: whatever"), OPEN)


@pytest.mark.parametrize(
    "text",
    [
        "write to jane.doe@mail.example.com",
        "call +44 113 496 0123",
        "Line ID: janedoe99",
        "see t.me/janedoe99",
    ],
)
def test_words_that_hold_somebodys_contact_stay_in(text):
    assert tells_of_a_person(claim(TESLA, "description", text), OPEN)
    assert not tells_of_a_person(claim(TESLA, "description", text), Discretion(minimised=KEYED))


@pytest.mark.parametrize("before", [0, 1, 19_990, 20_000, 45_000])
def test_somebodys_contact_is_found_however_long_the_words_before_it_are(before):
    text = f"{'so it went on ' * (before // 14)}write to jane.doe@mail.example"
    assert tells_of_a_person(claim(TESLA, "description", text), OPEN)
    assert not tells_of_a_person(claim(TESLA, "description", text.replace("jane.doe@", "it at ")), OPEN)


def test_a_run_that_nothing_reads_may_hold_anybodys_contact():
    assert tells_of_a_person(claim(TESLA, "description", f"{'a' * 20_001}@mail.example"), OPEN)
    assert not tells_of_a_person(claim(TESLA, "description", "a" * 20_001), OPEN)


def test_words_that_hold_a_vetted_contact_may_leave():
    mail = Entity("email-addr", "jane.doe@mail.example.com")
    discreet = Discretion(open_edition=True, vetted_contacts=frozenset({mail}), minimised=KEYED)
    assert not tells_of_a_person(claim(TESLA, "description", "write to jane.doe@mail.example.com"), discreet)


@pytest.mark.parametrize("text", ["", "x" * 100_000, "a lure for give-aways", "5 wallets, 12 domains"])
def test_words_about_things_may_leave(text):
    assert not tells_of_a_person(claim(TESLA, "description", text), OPEN)


def test_an_open_edition_holds_no_plan_and_keeps_the_rest():
    told = fit_for(finding(), PUBLIC)
    assert (told.plan, told.curve, told.sensitivity, told.explanation) == ((), None, (), ())
    assert told.marking == CLEAR
    assert "withheld" in told.warnings[-1]
    assert (told.routes, told.as_of, told.coverage) == (finding().routes, finding().as_of, finding().coverage)


def test_a_finding_for_members_is_untouched():
    assert (
        fit_for(finding(), Audience(organisations=frozenset({"Example Police"}), minimised=KEYED))
        == finding()
    )


def test_an_edition_for_named_recipients_at_clear_is_open():
    edition = Audience(organisations=frozenset({"Example Police"}), at_most=Tlp.CLEAR, minimised=KEYED)
    assert edition.public
    assert fit_for(finding(), edition).plan == ()


LABELS = [Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED]


@pytest.mark.parametrize("label", LABELS, ids=lambda one: one.name)
@pytest.mark.parametrize("most", LABELS, ids=lambda one: one.name)
def test_nothing_goes_above_the_label_that_was_allowed(label, most):
    names = frozenset({"Example Police"})
    said = claim(marking=Marking(tlp=label, audience=names), contributor="Example Police")
    edition = Audience(
        organisations=names,
        readers=frozenset({Viewer(organisation="Example Police")}),
        at_most=most,
        minimised=KEYED,
    )
    assert bool(allowed([said], edition)) is (label <= most)


@pytest.mark.parametrize("label", LABELS[1:], ids=lambda one: one.name)
def test_the_public_gets_what_is_clear_and_nothing_else(label):
    assert rules([claim(marking=Marking(tlp=label))]) == ["marking"]


@pytest.mark.parametrize("end", ["subject", "object"])
def test_what_is_withheld_for_somebodys_safety_goes_to_nobody(end):
    kept = claim()
    one = getattr(kept, end)
    for organisations in (frozenset(), frozenset({"Example Police"})):
        edition = Audience(organisations=organisations, withheld=frozenset({one}), minimised=KEYED)
        assert rules([kept], edition) == ["handling"]
        assert one.value not in choose([kept], edition)[1][0].reason


def test_every_claim_is_chosen_or_refused_once_with_its_rule():
    claims = [
        claim(record="1" * 64),
        claim(JANE, "related-to", WALLET, record="2" * 64),
        claim(marking=Marking(tlp=Tlp.RED), record="3" * 64),
        claim(verdict="disputed", record="4" * 64),
        claim(JANE, "located-in", HOME, record="5" * 64),
    ]
    chosen, refused = choose(claims, PUBLIC)
    assert [one.record for one in chosen] == ["1" * 64]
    assert [(one.what[0], one.rule) for one in refused] == [
        ("2", "person"),
        ("3", "marking"),
        ("4", "verdict"),
        ("5", "home"),
    ]


@given(st.permutations(range(5)))
def test_the_strictest_label_does_not_depend_on_the_order(order):
    markings = [Marking(tlp=label) for label in LABELS]
    assert strictest(markings[k] for k in order) == strictest(markings)
    assert strictest([]) == CLEAR
