"""The STIX bundle, kind by kind and link by link: types, ids, patterns, markings and what leads back."""

import json
import re
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import RYUK, TESLA, WALLET, WHEN, facts, seal, vetted
from stix2patterns.validator import run_validator

from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.privacy import ALWAYS_MASKED, Discretion, Minimised
from chokepoint.package.stix.bundle import (
    PROJECT,
    PROVENANCE_EXTENSION,
    STANDARD,
    Cover,
    bundle,
    bundle_bytes,
)
from chokepoint.package.stix.entities import IDENTIFIER_EXTENSION, NEW_OBSERVABLES, entity_object, pattern
from chokepoint.package.stix.ids import object_id, observable_id
from chokepoint.package.stix.markings import (
    PAP_EXTENSION,
    PAP_IDS,
    TLP_EXTENSION,
    TLP_IDS,
    marking_objects,
)

BASE = vetted(seal(facts()).claims)[0]
CREATED = "2024-05-01T09:30:00.000Z"
COVER = Cover(
    title="Two wallets", created=WHEN, organisation="Example Police", marking=CLEAR, discretion=Discretion()
)
HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}


def claim(subject=TESLA, name="resolves-to", thing=WALLET, **changes):
    return replace(BASE, **{"subject": subject, "property": name, "object": thing, "raw": ""} | changes)


def objects(*claims, cover=COVER):
    return bundle(claims, cover)["objects"]


def of_type(kind, *claims, cover=COVER):
    return [one for one in objects(*claims, cover=cover) if one["type"] == kind]


def link(*claims):
    (one,) = of_type("relationship", *claims)
    return one


@pytest.mark.parametrize(
    ("entity", "said"),
    [
        (Entity("domain-name", "evil.com"), {"type": "domain-name", "value": "evil.com"}),
        (Entity("onion-service", "a" * 56 + ".onion"), {"type": "domain-name", "value": "a" * 56 + ".onion"}),
        (Entity("url", "https://evil.com/"), {"type": "url", "value": "https://evil.com/"}),
        (Entity("ipv4-addr", "192.0.2.1"), {"type": "ipv4-addr", "value": "192.0.2.1"}),
        (Entity("ipv6-addr", "2001:db8::1"), {"type": "ipv6-addr", "value": "2001:db8::1"}),
        (Entity("email-addr", "a@b.example"), {"type": "email-addr", "value": "a@b.example"}),
        (Entity("autonomous-system", "AS64496"), {"type": "autonomous-system", "number": 64496}),
        (Entity("user-account", "twitter:evil"), {"account_type": "twitter", "account_login": "evil"}),
        (Entity("user-account", "line:evil"), {"type": "user-account", "account_login": "evil"}),
        (Entity("user-account", "evil"), {"type": "user-account", "user_id": "evil"}),
        (Entity("file", "sha256:" + "a" * 64), {"hashes": {"SHA-256": "a" * 64}}),
        (Entity("file", "md5:" + "B" * 32), {"hashes": {"MD5": "b" * 32}}),
        (Entity("file", "imphash of nothing"), {"type": "file", "name": "imphash of nothing"}),
        (Entity("x509-certificate", "0102"), {"type": "x509-certificate", "serial_number": "0102"}),
        (Entity("crypto-address", WALLET.value), {"type": "cryptocurrency-wallet", "value": WALLET.value}),
        (Entity("bank-account", "iban:X"), {"type": "bank-account", "value": "iban:X"}),
        (Entity("person", "jane doe"), {"type": "identity", "identity_class": "individual"}),
        (Entity("organisation", "evil ltd"), {"type": "identity", "identity_class": "organization"}),
        (Entity("group", "lazarus"), {"type": "intrusion-set", "name": "lazarus"}),
        (Entity("campaign", "c"), {"type": "campaign", "name": "c"}),
        (Entity("malware", "ryuk"), {"type": "malware", "is_family": True}),
        (Entity("tool", "t"), {"type": "tool"}),
        (Entity("service", "mixer"), {"type": "infrastructure"}),
        (Entity("site", "compound"), {"type": "infrastructure"}),
        (Entity("event", "e"), {"type": "incident"}),
        (Entity("country", "th"), {"type": "location", "country": "TH"}),
    ],
    ids=lambda one: f"{one.kind}-{one.value[:6]}" if isinstance(one, Entity) else "",
)
def test_every_kind_is_the_object_that_stix_has_for_it(entity, said):
    made = entity_object(entity, entity.value, CREATED)
    assert {name: made[name] for name in said} == said


@pytest.mark.parametrize("value", ["thailand", "t", "", "th1", "ไทย"])
def test_a_country_that_is_no_code_has_no_object(value):
    assert entity_object(Entity("country", value), value, CREATED) is None


@pytest.mark.parametrize("length", sorted(HASHES))
@pytest.mark.parametrize(
    "spell", [str.lower, str.upper, lambda text: f"x:{text}", lambda text: f"{text} (packed)"]
)
def test_a_digest_is_known_by_its_length_however_it_is_written(length, spell):
    made = entity_object(Entity("file", spell("a" * length)), "x", CREATED)
    assert made["hashes"] == {HASHES[length]: "a" * length}


@pytest.mark.parametrize("length", [31, 33, 39, 41, 63, 65, 127, 129, 200])
def test_figures_of_another_length_are_a_name(length):
    assert "name" in entity_object(Entity("file", "a" * length), "x", CREATED)


@pytest.mark.parametrize("kind", vocabulary().kinds)
@pytest.mark.parametrize("value", ["it's", "a\\b", "a'; [url:value = 'x", "กลุ่ม", "line\nbreak", "", "\u202e"])
def test_any_value_makes_a_pattern_that_parses_or_none(kind, value):
    made = pattern(Entity(kind, value))
    assert made is None or run_validator(made, stix_version="2.1") == []


@pytest.mark.parametrize("kind", vocabulary().kinds)
def test_the_pattern_of_a_kind_is_for_the_object_of_that_kind(kind):
    one = Entity(
        kind, "sha256:" + "a" * 64 if kind == "file" else "AS1" if kind == "autonomous-system" else "v"
    )
    made, built = pattern(one), entity_object(one, one.value, CREATED)
    if made is not None:
        assert made.startswith(f"[{built['type']}:")


@pytest.mark.parametrize(("ends", "targets"), STANDARD.items(), ids=[f"{a}-{b}" for a, b in STANDARD])
def test_standard_links_lead_only_where_the_specification_lets_them(ends, targets):
    """STIX 2.1, appendix B: for each source and type, the targets that it names; no other type of ours is used."""
    kinds = {"intrusion-set", "campaign", "malware", "tool", "infrastructure", "identity", "location", "domain-name",
             "ipv4-addr", "ipv6-addr", "url", "indicator", "file"}  # fmt: skip
    assert ends[0] in kinds
    assert set(targets) <= kinds
    assert ends[1] in {one.stix for one in vocabulary().properties.values()}


@pytest.mark.parametrize(
    ("subject", "name", "thing", "kind"),
    [
        (Entity("domain-name", "a.com"), "resolves-to", Entity("ipv4-addr", "192.0.2.1"), "resolves-to"),
        (Entity("domain-name", "a.com"), "resolves-to", WALLET, "related-to"),
        (Entity("group", "g"), "uses", RYUK, "uses"),
        (Entity("group", "g"), "uses", TESLA, "related-to"),
        (RYUK, "variant-of", Entity("malware", "hermes"), "variant-of"),
        (RYUK, "communicates-with", TESLA, "communicates-with"),
        (Entity("campaign", "c"), "attributed-to", Entity("group", "g"), "attributed-to"),
        (Entity("persona", "p"), "attributed-to", Entity("group", "g"), "related-to"),
        (Entity("organisation", "o"), "located-in", Entity("country", "th"), "located-at"),
        (TESLA, "located-in", Entity("country", "th"), "related-to"),
    ],
)
def test_a_link_has_its_standard_type_where_its_ends_allow_it(subject, name, thing, kind):
    made = link(claim(subject, name, thing))
    assert made["relationship_type"] == kind
    assert made["extensions"][PROVENANCE_EXTENSION]["property"] == name


def test_every_statement_leads_back_to_its_record_capture_and_place():
    one = claim(grading="C3", belief=0.12345, verdict="disputed", origin="Unit 42", place="row 2")
    made = link(one)
    assert made["confidence"] == 12
    assert made["external_references"] == [{"source_name": "Unit 42", "external_id": one.record}]
    assert made["extensions"][PROVENANCE_EXTENSION] == {
        "extension_type": "property-extension",
        "property": "resolves-to",
        "record": one.record,
        "capture": one.capture,
        "place": "row 2",
        "origin": "Unit 42",
        "grading": "C3",
        "belief": "0.1235",
        "verdict": "disputed",
        "nature": "fact",
        "simulated": False,
    }


@pytest.mark.parametrize(
    ("belief", "confidence"), [(0.0, 0), (0.004, 0), (0.005, 0), (0.006, 1), (0.5, 50), (1.0, 100)]
)
def test_confidence_is_belief_in_per_cent(belief, confidence):
    assert link(claim(belief=belief))["confidence"] == confidence


@pytest.mark.parametrize(
    ("observed", "start", "stop"),
    [
        (None, None, None),
        (Interval("2016-01-01", "2016-01-02"), "2016-01-01T00:00:00.000Z", "2016-01-02T00:00:00.000Z"),
        (Interval("2016-01-01", ""), "2016-01-01T00:00:00.000Z", None),
        (Interval("", "2016-01-02"), None, "2016-01-02T00:00:00.000Z"),
    ],
)
def test_an_interval_is_half_open_in_stix_as_here(observed, start, stop):
    made = link(claim(observed=observed))
    assert (made.get("start_time"), made.get("stop_time")) == (start, stop)


def test_an_indicator_is_valid_from_when_it_was_seen_or_else_from_now():
    seen = claim(TESLA, "indicates", RYUK, observed=Interval("2020-01-01", ""))
    assert of_type("indicator", seen)[0]["valid_from"] == "2020-01-01T00:00:00.000Z"
    assert of_type("indicator", claim(TESLA, "indicates", RYUK, observed=None))[0]["valid_from"] == CREATED


@pytest.mark.parametrize("label", list(Tlp))
@pytest.mark.parametrize("pap", list(Pap))
def test_markings_are_those_that_oasis_published(label, pap):
    made = marking_objects(Marking(tlp=label, pap=pap), simulated=False)
    ids = [one["id"].removeprefix("marking-definition--") for one in made]
    assert ids == [TLP_IDS[label], *([PAP_IDS[pap][0]] if pap is not Pap.CLEAR else [])]
    assert all(uuid.UUID(one) for one in ids)


@pytest.mark.parametrize("simulated", [False, True])
def test_a_simulated_statement_bears_its_mark_its_label_and_its_extension(simulated):
    made = link(claim(simulated=simulated))
    statements = [
        one["definition"]["statement"]
        for one in of_type("marking-definition", claim(simulated=simulated))
        if "definition" in one
    ]
    assert any("SIMULATED" in text for text in statements) is simulated
    assert ("labels" in made) is simulated
    assert made["extensions"][PROVENANCE_EXTENSION]["simulated"] is simulated


@pytest.mark.parametrize("simulated", [False, True])
def test_the_report_over_all_says_whether_votes_were_simulated(simulated):
    (report,) = of_type("report", claim(), cover=replace(COVER, simulated=simulated))
    assert report.get("labels") == (["simulated"] if simulated else None)


def test_objects_come_in_an_order_in_which_every_reference_is_known_already():
    """Markings, then who speaks and the extensions, then entities and links, the report last."""
    kinds = [one["type"] for one in objects(claim(), claim(RYUK, "alias", "hermes", record="1" * 64))]
    assert kinds[0] == "marking-definition"
    assert kinds[-1] == "report"
    assert kinds.index("extension-definition") < kinds.index("relationship")


def test_every_reference_leads_to_an_object_of_the_bundle():
    made = objects(*vetted(seal(facts()).claims))
    ids = {one["id"] for one in made}
    text = json.dumps(made)
    referred = set(re.findall(r'"((?:[a-z0-9-]+)--[0-9a-f-]{36})"', text))
    assert referred - ids <= {TLP_EXTENSION, PAP_EXTENSION}  # OASIS publishes them for all
    assert PROJECT in ids


@given(st.permutations(range(10)))
def test_the_order_of_claims_changes_nothing_in_the_bundle(order):
    claims = vetted(seal(facts()).claims)
    assert bundle_bytes([claims[k] for k in order], COVER) == bundle_bytes(claims, COVER)


@pytest.mark.parametrize("kind", sorted(ALWAYS_MASKED))
def test_papers_and_cards_are_told_in_a_note_and_are_no_object(kind):
    """A masked value is no observable, and an id made of the value would let it be guessed."""
    made = objects(claim(Entity(kind, "4111111111111111"), "related-to", TESLA))
    assert "4111111111111111" not in json.dumps(made)
    assert NEW_OBSERVABLES[kind] not in {each["type"] for each in made}
    assert any("4•••1" in each.get("content", "") for each in made)


@pytest.mark.parametrize("kind", ["person", "persona", "email-addr"])
def test_no_id_follows_from_the_name_of_who_may_not_be_named(kind):
    one = Entity(kind, "jane doe")
    hidden = Discretion(minimised=Minimised(hidden=frozenset({one}), names={one: "Person 1"}))
    known = {entity_object(one, one.value, COVER.created)["id"], object_id("identity", kind, one.value)}
    said = claim(one, "related-to", TESLA)
    for title in ("One", "Another"):
        ids = {
            each["id"] for each in bundle([said], replace(COVER, discretion=hidden, title=title))["objects"]
        }
        assert not ids & known


def test_two_packages_number_their_persons_apart():
    """Person 1 of one package is not Person 1 of another: their ids must not meet in a recipient's tool."""
    one = Entity("person", "jane doe")
    hidden = Discretion(minimised=Minimised(hidden=frozenset({one}), names={one: "Person 1"}))
    said = claim(one, "related-to", TESLA)
    people = []
    for title in ("One", "Another"):
        made = bundle([said], replace(COVER, discretion=hidden, title=title))["objects"]
        people += [each["id"] for each in made if each.get("name") == "Person 1"]
    assert len(people) == len(set(people)) == 2


@pytest.mark.parametrize("kind", sorted(set(NEW_OBSERVABLES) - ALWAYS_MASKED))
def test_what_stix_lacks_is_declared_by_an_extension_that_stands_in_the_bundle(kind):
    made = objects(claim(Entity(kind, "value"), "related-to", TESLA))
    (one,) = [each for each in made if each["type"] == NEW_OBSERVABLES[kind]]
    assert IDENTIFIER_EXTENSION in one["extensions"]
    assert IDENTIFIER_EXTENSION in {each["id"] for each in made}
    assert not one["type"].startswith("x-")


@pytest.mark.parametrize(("kind", "parts"), [("identity", ("a", "b")), ("report", ()), ("note", ("ก",))])
def test_an_id_is_a_uuid_of_the_fourth_version_and_depends_on_every_part(kind, parts):
    made = object_id(kind, *parts)
    assert made.startswith(f"{kind}--")
    assert uuid.UUID(made.rpartition("--")[2]).version == 4
    assert made == object_id(kind, *parts) != object_id(kind, *parts, "")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_observables_are_named_by_their_value_alone(value):
    made = observable_id("url", {"value": value})
    assert uuid.UUID(made.rpartition("--")[2]).version == 5
    assert made == observable_id("url", {"value": value})
    assert made != observable_id("url", {"value": value + "x"})


def test_a_bundle_without_a_title_still_has_a_named_report():
    (report,) = of_type("report", claim(), cover=replace(COVER, title="", organisation=""))
    assert report["name"] == "Package"
    assert any(
        one.get("name") == "unnamed" for one in objects(claim(), cover=replace(COVER, organisation=""))
    )
