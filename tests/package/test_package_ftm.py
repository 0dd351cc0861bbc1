"""FollowTheMoney exports are what that model allows, lose no claim, and come back unchanged.

`ftm_model.json` is the published model (4.11.2) with its inheritance resolved: the library itself needs
PyICU, which has no wheel.
"""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import (
    CAMPAIGN,
    DATA,
    FILE,
    KEY,
    KEYED,
    PAGE,
    RYUK,
    RYUK_MAIL,
    SAMSAM,
    TESLA,
    WALLET,
    facts,
    seal,
    vetted,
)

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.ftm import Ftm
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Claim, Interval, Nature, on_day
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.ftm import SIMULATED, export_ftm
from chokepoint.package.privacy import Discretion, discretion, pseudonym

MODEL = json.loads((DATA / "ftm_model.json").read_text("utf-8"))
CLAIMS = seal(facts()).claims
OPEN = Discretion(minimised=KEYED)
EDITION = Discretion(open_edition=True, minimised=KEYED)
COMPANY, JANE = Entity("organisation", "evil ltd"), Entity("person", "jane doe")
ACCOUNT = Entity("bank-account", "iban:DE89370400440532013000")
THAILAND = Entity("country", "th")


def claim(subject, name, thing, **changes):
    return replace(CLAIMS[0], **{"subject": subject, "property": name, "object": thing, "raw": ""} | changes)


def lines(claims, discreet=OPEN):
    return [json.loads(line) for line in export_ftm(claims, discreet).splitlines()]


def things(claims, discreet=OPEN):
    return {one["id"]: one for one in lines(claims, discreet) if "chokepoint" not in one}


def told(claims, discreet=OPEN):
    return [one for one in lines(claims, discreet) if "chokepoint" in one]


def of(entity, claims, discreet=OPEN):
    return things(claims, discreet)[entity.id]["properties"]


def defects(entities):
    """What FollowTheMoney's model says against the entities: its own rules, applied to its own table."""
    schemata, ids = MODEL["schemata"], {one["id"]: one for one in entities}
    found = [] if len(ids) == len(entities) else ["an id stands twice"]
    for one in entities:
        schema = schemata[one["schema"]]
        found += ["abstract"] * schema["abstract"]
        found += [f"no {name}" for name in schema["required"] if not one["properties"].get(name)]
        found += [] if re.fullmatch(MODEL["entity_id"], one["id"]) else [f"id {one['id']}"]
        for name, values in one["properties"].items():
            kind, _, wanted = schema["properties"][name].partition(":")
            for value in values:
                assert isinstance(value, str)
                assert value
                if kind == "entity" and wanted not in schemata[ids[value]["schema"]]["is"]:
                    found.append(f"{name} is no {wanted}")
                if kind == "date" and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
                    found.append(f"{name} {value} is no date")
                if kind == "country" and value not in MODEL["countries"].split():
                    found.append(f"{name} {value} is no country")
                if kind == "url" and not re.match("https?://", value):
                    found.append(f"{name} {value} is no address")
    return found


def test_the_sample_is_what_the_model_allows():
    assert defects(lines(CLAIMS)) == []


@pytest.mark.parametrize("kind", vocabulary().kinds)
def test_every_kind_can_be_subject_and_object_of_a_link(kind):
    value = "th" if kind == "country" else "value"
    one = claim(Entity(kind, value), "related-to", Entity(kind, "de" if kind == "country" else "other"))
    assert defects(lines([one])) == []
    assert [line["schema"] for line in told([one])] == ["UnknownLink"]


@pytest.mark.parametrize("name", vocabulary().properties)
@pytest.mark.parametrize("subject", [TESLA, COMPANY, WALLET, ACCOUNT], ids=lambda one: one.kind)
def test_every_property_can_be_said_of_things_parties_and_assets(name, subject):
    links = vocabulary().property(name).is_link
    for thing in (COMPANY, RYUK_MAIL, THAILAND) if links else ("text", "2016", "https://a.example/x"):
        assert defects(lines([claim(subject, name, thing)])) == []


def test_every_claim_is_one_line_and_every_entity_one():
    assert sorted(one["id"] for one in told(CLAIMS)) == sorted(one.record for one in CLAIMS)
    named = {end.id for one in CLAIMS for end in (one.subject, one.object) if isinstance(end, Entity)}
    assert set(things(CLAIMS)) == named


@pytest.mark.parametrize(
    ("entity", "schema", "said"),
    [
        (WALLET, "CryptoWallet", {"publicKey": [WALLET.value], "currency": ["BTC"]}),
        (ACCOUNT, "BankAccount", {"iban": ["DE89370400440532013000"]}),
        (Entity("bank-account", "th:014:123"), "BankAccount", {"accountNumber": ["th:014:123"]}),
        (RYUK_MAIL, "UserAccount", {"username": [RYUK_MAIL.value], "email": [RYUK_MAIL.value]}),
        (Entity("phone-number", "+66812345678"), "UserAccount", {"phone": ["+66812345678"]}),
        (Entity("user-account", "line:evil"), "UserAccount", {"username": ["evil"], "service": ["line"]}),
        (Entity("payment-handle", "paypal:x"), "UserAccount", {"username": ["x"], "service": ["paypal"]}),
        (Entity("site", "1 high street"), "Address", {"full": ["1 high street"]}),
        (THAILAND, "Territory", {"territoryCode": ["th"], "country": ["th"]}),
        (JANE, "Person", {"name": ["jane doe"]}),
        (Entity("persona", "jane"), "LegalEntity", {"name": ["jane"]}),
        (COMPANY, "Organization", {"name": ["evil ltd"]}),
        (Entity("group", "lazarus"), "Organization", {"name": ["lazarus"]}),
        (CAMPAIGN, "Event", {"name": ["cryptdesignbot"]}),
        (TESLA, "Asset", {"name": [TESLA.value]}),
        (FILE, "Asset", {"name": [FILE.value]}),
        (RYUK, "Asset", {"name": ["ryuk"]}),
    ],
    ids=lambda one: one.kind + one.value[:3] if isinstance(one, Entity) else "",
)
def test_entities_have_the_schema_and_properties_that_ftm_tools_match_on(entity, schema, said):
    discreet = Discretion(public_persons=frozenset({JANE}), minimised=KEYED)
    found = things([claim(entity, "related-to", TESLA)], discreet)[entity.id]
    assert found["schema"] == schema
    assert {name: found["properties"][name] for name in said} == said
    assert entity.kind in found["properties"]["keywords"]


def test_an_account_without_a_platform_is_served_by_its_kind():
    said = of(RYUK_MAIL, [claim(RYUK, "contact", RYUK_MAIL)])
    assert said["service"] == ["E-mail address"]


@pytest.mark.parametrize(
    ("subject", "name", "thing", "schema", "said"),
    [
        (TESLA, "controlled-by", COMPANY, "Ownership", {"owner": COMPANY, "asset": TESLA}),
        (WALLET, "controlled-by", COMPANY, "UnknownLink", {"subject": WALLET, "object": COMPANY}),
        (TESLA, "controlled-by", WALLET, "UnknownLink", {"subject": TESLA, "object": WALLET}),
        (COMPANY, "pays", Entity("group", "g"), "Payment", {"payer": COMPANY}),
        (COMPANY, "pays", WALLET, "UnknownLink", {"subject": COMPANY, "object": WALLET}),
        (RYUK, "requests-payment-to", WALLET, "UnknownLink", {"subject": RYUK, "object": WALLET}),
        (COMPANY, "sanctioned-by", Entity("organisation", "ofac"), "Sanction", {"entity": COMPANY}),
        (TESLA, "listed-on", Entity("known-list", "top"), "UnknownLink", {"subject": TESLA}),
    ],
)
def test_links_are_the_schema_whose_ends_they_fit(subject, name, thing, schema, said):
    one = claim(subject, name, thing)
    (found,) = told([one])
    assert found["schema"] == schema
    assert {key: found["properties"][key] for key in said} == {key: [end.id] for key, end in said.items()}
    assert defects(lines([one])) == []


def test_a_sanction_names_its_authority_and_when():
    (found,) = told(
        [claim(COMPANY, "sanctioned-by", Entity("organisation", "ofac"), observed=on_day("2018-11-28"))]
    )
    assert found["properties"]["authority"] == ["ofac"]
    assert found["properties"]["startDate"] == found["properties"]["endDate"] == ["2018-11-28"]


@pytest.mark.parametrize(
    ("name", "text", "where", "value"),
    [
        ("alias", "Teslagive", "alias", "Teslagive"),
        ("description", "a lure", "description", "a lure"),
        ("category", "Phishing", "keywords", "Phishing"),
        ("reporter", "CERT", "publisher", "CERT"),
        ("reference", "https://a.example/b", "sourceUrl", "https://a.example/b"),
        ("reference", "ftp://a.example", "notes", "reference: ftp://a.example"),
        ("reference", "page 3", "notes", "reference: page 3"),
        ("amount", "1.5", "notes", "amount received: 1.5"),
        ("observation", "seen", "notes", "observation: seen"),
        ("status", "offline", "notes", "status: offline"),
        ("identifier", "HRB 1", "notes", "identifier elsewhere: HRB 1"),
    ],
)
def test_texts_stand_in_the_property_that_fits_and_else_in_notes(name, text, where, value):
    assert value in of(TESLA, [claim(TESLA, name, text)])[where]


@pytest.mark.parametrize(
    ("subject", "name", "text", "where"),
    [
        (COMPANY, "status", "dissolved", "status"),
        (COMPANY, "identifier", "HRB 1", "idNumber"),
        (CAMPAIGN, "date", "2023-01", "date"),
        (CAMPAIGN, "date", "spring 2023", "notes"),
    ],
)
def test_parties_and_events_have_properties_of_their_own(subject, name, text, where):
    assert any(text in value for value in of(subject, [claim(subject, name, text)])[where])


def test_a_text_is_a_note_with_its_source_too():
    (found,) = told([claim(TESLA, "alias", "Teslagive", origin="CERT")])
    assert found["schema"] == "Note"
    said = found["properties"]
    assert (said["entity"], said["name"], said["description"]) == (
        [TESLA.id],
        ["is also called"],
        ["Teslagive"],
    )
    assert said["publisher"] == ["CERT"]


def test_contacts_of_a_party_stand_where_screening_looks_for_them():
    phone = Entity("phone-number", "+66812345678")
    claims = [
        claim(COMPANY, "contact", RYUK_MAIL),
        claim(COMPANY, "contact", phone, record="1" * 64),
        claim(COMPANY, "website", PAGE, record="2" * 64),
        claim(COMPANY, "located-in", THAILAND, record="3" * 64),
    ]
    said = of(COMPANY, claims)
    assert said["email"] == [RYUK_MAIL.value]
    assert said["phone"] == [phone.value]
    assert said["website"] == [PAGE.value]
    assert said["country"] == ["th"]


def test_a_masked_contact_stands_in_no_matched_property():
    claims = [claim(COMPANY, "contact", RYUK_MAIL)]
    assert "wayne" not in export_ftm(claims, EDITION).decode()
    assert all("email" not in one["properties"] for one in lines(claims, EDITION))


def test_a_vetted_contact_is_written_in_full_in_an_open_edition():
    claims = vetted((claim(COMPANY, "contact", RYUK_MAIL),))
    assert of(COMPANY, claims, discretion(claims, open_edition=True, minimised=KEYED))["email"] == [
        RYUK_MAIL.value
    ]


@pytest.mark.parametrize("end", ["subject", "object"])
def test_a_person_leaves_under_a_pseudonym_and_its_id(end):
    one = replace(claim(TESLA, "related-to", TESLA, raw="Jane DOE"), **{end: JANE})
    text = export_ftm([one], OPEN).decode()
    assert "jane" not in text.casefold() or end == "object"
    assert JANE.id not in text
    assert JANE.value not in text
    assert pseudonym(JANE, KEY) in text


def test_a_simulated_vote_is_told_of_every_line_that_rests_on_it():
    for one in told(CLAIMS):
        assert "(SIMULATED)" in one["properties"]["summary"][0]
        assert one["chokepoint"]["simulated"] is True
    for one in things(CLAIMS).values():
        assert SIMULATED in one["properties"]["keywords"]


def test_what_people_vetted_carries_no_simulated_mark():
    assert b"simulated" not in export_ftm(vetted(CLAIMS), OPEN).lower().replace(b'"simulated":false', b"")


def test_one_simulated_claim_marks_its_own_ends_alone():
    real = vetted(CLAIMS)
    claims = [CLAIMS[0], *real[1:]]
    marked = {name for name, one in things(claims).items() if SIMULATED in one["properties"]["keywords"]}
    assert marked == {CLAIMS[0].subject.id, CLAIMS[0].object.id}


def test_a_thing_carries_the_strictest_marking_of_its_claims():
    amber = Marking(tlp=Tlp.AMBER)
    claims = [claim(TESLA, "alias", "a"), claim(TESLA, "alias", "b", marking=amber, record="1" * 64)]
    assert "TLP:AMBER" in of(TESLA, claims)["keywords"]
    assert "TLP:CLEAR" not in of(TESLA, claims)["keywords"]
    summaries = [one["properties"]["summary"][0] for one in told(claims)]
    assert sorted(text.rpartition("; ")[2] for text in summaries) == ["TLP:AMBER", "TLP:CLEAR"]


@pytest.mark.parametrize(
    ("observed", "start", "end"),
    [
        (None, None, None),
        (Interval("2016-01-01", "2016-01-02"), ["2016-01-01"], ["2016-01-01"]),
        (Interval("2016-01-01", "2016-03-01"), ["2016-01-01"], ["2016-02-29"]),
        (Interval("2016-01-01", "2017-01-01", "year"), ["2016"], ["2016"]),
        (Interval("2016-02-01", "2016-03-01", "month"), ["2016-02"], ["2016-02"]),
        (Interval("2016-01-01", "", "second"), ["2016-01-01"], None),
        (Interval("", "2016-01-02"), None, ["2016-01-01"]),
    ],
)
def test_half_open_periods_become_first_and_last_day_as_precise_as_the_source(observed, start, end):
    (found,) = told([claim(TESLA, "related-to", WALLET, observed=observed)])
    assert found["properties"].get("startDate") == start
    assert found["properties"].get("endDate") == end


def test_the_order_of_claims_changes_nothing():
    assert export_ftm(CLAIMS, OPEN) == export_ftm(CLAIMS[::-1], OPEN)


def test_no_claims_give_an_empty_file():
    assert export_ftm([], OPEN) == b""


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60))
def test_any_text_stays_one_line_and_comes_back(text):
    data = export_ftm([claim(TESLA, "observation", text, origin="x", place="y")], OPEN)
    assert data.count(b"\n") == 2
    (found,) = [item for item in Ftm().read(Document(path="x", data=data)) if isinstance(item, Claim)]
    assert found.object == text


def read(data, **more):
    return list(Ftm().read(Document(path="export.ftm.json", data=data, **more)))


def test_an_export_comes_back_claim_for_claim():
    items = read(export_ftm(CLAIMS, OPEN))
    back = {
        (one.subject, one.property, one.object, one.place, one.provenance, one.observed, one.nature, one.raw)
        for one in items
        if isinstance(one, Claim)
    }
    sent = {
        (one.subject, one.property, one.object, one.place, one.provenance, one.observed, one.nature, one.raw)
        for one in facts()
    }
    assert back == sent
    assert not [one for one in items if isinstance(one, Rejected)]


def test_every_line_of_an_export_is_a_claim_or_skipped_by_a_named_rule():
    items = read(export_ftm(CLAIMS, OPEN))
    rules = [one.rule for one in items if isinstance(one, Skipped)]
    assert rules.count("simulated verdict of the sender") == len(CLAIMS)
    assert rules.count("entity that the claims of the export name") == len(things(CLAIMS))


def test_the_verdict_and_belief_of_the_sender_are_no_claims():
    one = claim(TESLA, "related-to", WALLET, nature=Nature.ASSESSMENT, grading="C3")
    (found,) = [item for item in read(export_ftm([one], OPEN)) if isinstance(item, Claim)]
    assert found.nature is Nature.ASSESSMENT
    assert found.provenance.grading.code == "C3"
    assert "accepted" not in repr(found)


def test_a_marking_is_never_loosened_on_the_way_back():
    one = claim(TESLA, "related-to", WALLET, marking=Marking(tlp=Tlp.GREEN))
    (found,) = [
        item
        for item in read(export_ftm([one], OPEN), marking=Marking(tlp=Tlp.AMBER))
        if isinstance(item, Claim)
    ]
    assert found.provenance.marking.tlp is Tlp.AMBER


def test_the_registry_knows_the_format_by_content():
    data = export_ftm(CLAIMS, OPEN)
    assert recognise(Document(path="noname", data=data), collectors()).name == "ftm"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"[]",
        b"{",
        b'{"id":1,"schema":"Thing","properties":{},"datasets":["chokepoint"]}',
        b'{"id":"a","schema":"Person","properties":{"name":["x"]}}\n',
        b'{"id":"a","schema":"Person","properties":{"name":["x"]},"datasets":["us_ofac_sdn"]}\n',
        b'{"type":"bundle","id":"bundle--1","objects":[]}',
        b"{" * 20_000,
    ],
)
def test_what_no_atlas_exported_is_left_to_others(data):
    assert not Ftm().recognises(Document(path="x.json", data=data))


def _edited(change):
    first, *rest = export_ftm([claim(TESLA, "related-to", WALLET)], OPEN).splitlines()
    last = json.loads(rest.pop())
    change(last)
    return b"\n".join([first, *rest, json.dumps(last).encode()])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda one: one.pop("schema"), "no FollowTheMoney entity"),
        (lambda one: one.update(datasets=["other"]), "no atlas exported"),
        (lambda one: one.update(properties=[]), "no FollowTheMoney entity"),
        (lambda one: one.update(chokepoint=[]), "not readable"),
        (lambda one: one["chokepoint"].update(property="invented"), "unknown property"),
        (lambda one: one["chokepoint"].update(object="a text"), "is a link"),
        (lambda one: one["chokepoint"].update(subject=["domain-name", "EVIL.com"]), "not the normal form"),
        (lambda one: one["chokepoint"].update(subject=["nothing", "x"]), "nothing"),
        (lambda one: one["chokepoint"].update(capture="xyz"), "no SHA-256"),
        (lambda one: one["chokepoint"].update(place=""), "empty or overlong"),
        (lambda one: one["chokepoint"].update(origin="o" * 401), "empty or overlong"),
        (lambda one: one["chokepoint"].update(nature="rumour"), "neither fact nor assessment"),
        (lambda one: one["chokepoint"].update(grading="Z9"), "unknown reliability"),
        (lambda one: one["chokepoint"].update(raw="r" * 100_001), "100,000 characters"),
        (lambda one: one["chokepoint"].update(observed=["2016-02-30", "", "day"]), "2016-02-30"),
        (lambda one: one["chokepoint"].update(observed=["2016-02-02", "2016-02-01", "day"]), "no interval"),
        (lambda one: one["chokepoint"].update(marking=["TLP:PINK", "PAP:CLEAR", [], []]), "TLP:PINK"),
    ],
    ids=[
        "schema", "dataset", "properties", "claim", "property", "object", "normal-form", "kind", "capture",
        "place", "origin", "nature", "grading", "raw", "day", "interval", "marking",
    ],
)  # fmt: skip
def test_an_edited_line_is_rejected_with_its_place_and_mend_and_the_rest_is_taken(change, reason):
    items = read(_edited(change) + b"\n" + export_ftm([claim(TESLA, "alias", "still here")], OPEN))
    rejected = [one for one in items if isinstance(one, Rejected)]
    assert [one.place for one in rejected] == ["line 3"]
    assert reason in rejected[0].reason
    assert "Mend: " in rejected[0].reason
    assert [one.object for one in items if isinstance(one, Claim)] == ["still here"]


def test_samsam_reads_in_ftm_as_a_person_would_write_it():
    """One claim of the corpus (Unit 42's samsa CSV, row 2), written out by hand in full."""
    one = next(one for one in CLAIMS if one.property == "contact" and one.subject == FILE)
    (found,) = told([one])
    own = found.pop("chokepoint")
    assert found == {
        "id": one.record,
        "schema": "UnknownLink",
        "datasets": ["chokepoint"],
        "properties": {
            "subject": [FILE.id],
            "object": [PAGE.id],
            "role": ["is reached at"],
            "startDate": ["2016-01-01"],
            "endDate": ["2016-01-01"],
            "publisher": ["Unit 42"],
            "recordId": [one.record],
            "description": [f"row 2 of capture {one.capture}"],
            "summary": ["accepted (SIMULATED), belief 0.90; grade B2; fact; TLP:CLEAR"],
        },
    }
    assert own["subject"] == ["file", FILE.value]
    assert own["belief"] == "0.9000"
    assert SAMSAM.id not in json.dumps(found)
