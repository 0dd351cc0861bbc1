"""The bundle is valid STIX 2.1 in the validator's strict mode, whatever kinds it holds."""

import json
from dataclasses import replace

import pytest
import stix2
import stix2validator
from package_sample import KEYED, WALLET, facts, seal, vetted

from chokepoint.model.claim import Interval
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.privacy import discretion
from chokepoint.package.stix.bundle import (
    PROVENANCE_EXTENSION,
    STANDARD,
    Cover,
    bundle,
    bundle_bytes,
    timestamp,
)
from chokepoint.package.stix.entities import NEW_OBSERVABLES, entity_object, pattern
from chokepoint.package.stix.ids import object_id
from chokepoint.package.stix.markings import TLP_IDS, marking_objects

CLAIMS = seal(facts()).claims
VALUES = {
    "domain-name": "evil.example",
    "url": "http://evil.example/a?b=1",
    "ipv4-addr": "198.51.100.7",
    "ipv6-addr": "2001:db8::7",
    "autonomous-system": "AS64500",
    "x509-certificate": "ab" * 20,
    "email-addr": "bob@evil.example",
    "user-account": "twitter:joe",
    "file": "ab" * 32,
    "onion-service": "a" * 56 + ".onion",
    "country": "ru",
    "phone-number": "+66812345678",
}


def cover(**changes):
    base = Cover(
        title="Test",
        created="2024-05-01T09:30:00Z",
        organisation="Example Police",
        marking=Marking(tlp=Tlp.GREEN),
        discretion=discretion(CLAIMS, open_edition=False, minimised=KEYED),
        simulated=True,
    )
    return replace(base, **changes)


def of_type(made, kind):
    return [one for one in made["objects"] if one["type"] == kind]


def validate(made):
    options = stix2validator.ValidationOptions(version="2.1", strict=True, enforce_refs=True)
    outcome = stix2validator.validate_instance(made, options)
    assert outcome.is_valid, [str(error) for error in outcome.errors][:5]


def links_of_every_kind():
    """One claim from every kind to a domain and to a malware, under different properties and markings."""
    claims = []
    for number, kind in enumerate(vocabulary().kinds):
        entity = Entity(kind, VALUES.get(kind, f"some {kind}"))
        for thing, name in (
            (Entity("domain-name", "evil.example"), "related-to"),
            (Entity("malware", "ryuk"), "indicates"),
            (Entity("country", "th"), "located-in"),
        ):
            claims.append(
                replace(
                    CLAIMS[0],
                    record=f"{len(claims):064x}",
                    subject=entity,
                    property=name,
                    object=thing,
                    marking=Marking(tlp=Tlp(number % 5), pap=Pap(number % 4), handling=frozenset({"H1"})),
                    simulated=bool(number % 2),
                    votes=(),
                )
            )
    return claims


def test_the_sample_is_valid_in_strict_mode():
    validate(bundle(CLAIMS, cover()))


def test_every_kind_of_the_vocabulary_is_valid_in_strict_mode():
    validate(bundle(links_of_every_kind(), cover()))


def test_every_property_of_the_vocabulary_is_valid_in_strict_mode():
    claims = []
    for name, said in vocabulary().properties.items():
        thing = Entity("malware", "ryuk") if said.is_link else "some text"
        for subject in (Entity("group", "lazarus group"), WALLET):
            claims.append(
                replace(CLAIMS[0], record=f"{len(claims):064x}", subject=subject, property=name, object=thing)
            )
    validate(bundle(claims, cover()))


def test_an_empty_bundle_is_valid_too():
    validate(bundle([], cover(simulated=False)))


def test_the_reference_library_reads_it():
    made = bundle(CLAIMS, cover())
    parsed = stix2.parse(json.loads(bundle_bytes(CLAIMS, cover())), allow_custom=True)
    assert len(parsed.objects) == len(made["objects"])


@pytest.mark.parametrize(
    ("entity", "oracle"),
    [
        (Entity("domain-name", "evil.example"), lambda: stix2.DomainName(value="evil.example")),
        (Entity("onion-service", "x.onion"), lambda: stix2.DomainName(value="x.onion")),
        (Entity("url", "http://e.example/ä"), lambda: stix2.URL(value="http://e.example/ä")),
        (Entity("ipv4-addr", "198.51.100.3"), lambda: stix2.IPv4Address(value="198.51.100.3")),
        (Entity("ipv6-addr", "2001:db8::1"), lambda: stix2.IPv6Address(value="2001:db8::1")),
        (Entity("email-addr", "a@b.example"), lambda: stix2.EmailAddress(value="a@b.example")),
        (Entity("autonomous-system", "AS64500"), lambda: stix2.AutonomousSystem(number=64500)),
        (Entity("file", "sha256:" + "ab" * 32), lambda: stix2.File(hashes={"SHA-256": "ab" * 32})),
        (Entity("file", "cd" * 16), lambda: stix2.File(hashes={"MD5": "cd" * 16})),
        (
            Entity("user-account", "twitter:joe"),
            lambda: stix2.UserAccount(account_type="twitter", user_id="twitter:joe", account_login="joe"),
        ),
        (Entity("x509-certificate", "ab" * 20), lambda: stix2.X509Certificate(hashes={"SHA-1": "ab" * 20})),
    ],
)
def test_observables_have_the_ids_that_other_producers_give_them(entity, oracle):
    assert entity_object(entity, "x", "2024-01-01T00:00:00.000Z")["id"] == oracle().id


@pytest.mark.parametrize("kind", sorted(NEW_OBSERVABLES))
def test_identifiers_that_stix_lacks_keep_their_value_and_declare_the_extension(kind):
    made = entity_object(Entity(kind, "value"), "x", "2024-01-01T00:00:00.000Z")
    assert made["value"] == "value"
    (extension,) = made["extensions"].values()
    assert extension == {"extension_type": "new-sco"}
    assert not made["type"].startswith("x-")


def test_patterns_match_the_observables_that_they_are_made_from():
    assert pattern(Entity("domain-name", "it's.example")) == r"[domain-name:value = 'it\'s.example']"
    assert pattern(Entity("file", "ab" * 32)) == f"[file:hashes.'SHA-256' = '{'ab' * 32}']"
    assert pattern(Entity("file", "cd" * 16)) == f"[file:hashes.MD5 = '{'cd' * 16}']"
    assert pattern(Entity("autonomous-system", "AS1")) == "[autonomous-system:number = 1]"
    assert pattern(Entity("malware", "ryuk")) is None


def test_tlp_labels_carry_the_ids_that_oasis_published():
    assert TLP_IDS[Tlp.CLEAR] == "94868c89-83c2-464b-929b-a1a8aa3c8487"
    assert TLP_IDS[Tlp.AMBER_STRICT] == "939a9414-2ddd-4d32-a0cd-375ea402b003"
    for label in Tlp:
        (made,) = marking_objects(Marking(tlp=label), simulated=False)
        assert made["name"] == label.label
        (extension,) = made["extensions"].values()
        assert extension["tlp_2_0"] == label.label[4:].lower()
        assert stix2.parse(made, allow_custom=True)["id"] == made["id"]


def test_pap_audience_handling_and_simulation_each_have_their_marking():
    marking = Marking(tlp=Tlp.RED, pap=Pap.AMBER, audience=frozenset({"B", "A"}), handling=frozenset({"H2"}))
    names = [
        one.get("name") or one["definition"]["statement"] for one in marking_objects(marking, simulated=True)
    ]
    said = "Handling: H2: not to be passed on without the provider's permission"
    assert names[:4] == ["TLP:RED", "PAP:AMBER", "Recipients: A, B", said]
    assert names[4].startswith("SIMULATED")


def test_every_link_says_how_sure_and_leads_back_to_its_record():
    made = bundle(CLAIMS, cover())
    found = {
        one["extensions"][PROVENANCE_EXTENSION]["record"]: one
        for kind in ("relationship", "note")
        for one in of_type(made, kind)
    }
    assert set(found) == {claim.record for claim in CLAIMS}
    for claim in CLAIMS:
        one = found[claim.record]
        assert one["confidence"] == round(100 * claim.belief)
        said = one["extensions"][PROVENANCE_EXTENSION]
        assert (said["place"], said["capture"]) == (claim.place, claim.capture)
        assert one["external_references"][0]["source_name"] == claim.origin


def test_no_property_begins_with_x():
    def names(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from names(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from names(inner)

    assert not [name for name in names(bundle(CLAIMS, cover())) if name.startswith("x_")]


def test_an_identifier_that_indicates_becomes_an_indicator():
    made = bundle(CLAIMS, cover())
    (indicator,) = of_type(made, "indicator")
    (link,) = [one for one in of_type(made, "relationship") if one["relationship_type"] == "indicates"]
    assert link["source_ref"] == indicator["id"]
    assert link["target_ref"].startswith("malware--")
    assert indicator["pattern"].startswith("[file:hashes.'SHA-256'")
    assert indicator["valid_from"] == "2016-01-01T00:00:00.000Z"


def test_relationship_types_outside_the_specification_become_related_to_and_keep_their_name():
    made = bundle(CLAIMS, cover())
    for link in of_type(made, "relationship"):
        ends = (link["source_ref"].partition("--")[0], link["target_ref"].partition("--")[0])
        if link["relationship_type"] != "related-to":
            assert ends[1] in STANDARD[ends[0], link["relationship_type"]]
        assert link["extensions"][PROVENANCE_EXTENSION]["property"] in vocabulary().properties


def test_intervals_become_start_and_stop():
    claim = replace(CLAIMS[0], observed=Interval("2020-01-01", "2021-01-01", "year"))
    (link,) = of_type(bundle([claim], cover()), "relationship")
    assert (link["start_time"], link["stop_time"]) == ("2020-01-01T00:00:00.000Z", "2021-01-01T00:00:00.000Z")


@pytest.mark.parametrize(
    "observed",
    [
        Interval("", ""),
        Interval("", "2021-01-01"),
        Interval("2020-01-01", ""),
        Interval("2020-01-01", "2020-01-01"),
    ],
)
def test_open_and_empty_intervals_stay_valid(observed):
    validate(bundle([replace(CLAIMS[0], observed=observed)], cover()))


def test_the_same_claims_give_the_same_bundle():
    assert bundle_bytes(CLAIMS, cover()) == bundle_bytes(CLAIMS, cover())


def test_an_entity_stands_once_however_often_it_is_named():
    made = bundle(CLAIMS, cover())
    ids = [one["id"] for one in made["objects"]]
    assert len(ids) == len(set(ids))


def test_an_entity_keeps_its_id_in_other_bundles():
    first, second = bundle(CLAIMS[:3], cover()), bundle(CLAIMS[4:5], cover(created="2025-01-01T00:00:00Z"))
    assert of_type(first, "malware")[0]["id"] == of_type(second, "malware")[0]["id"]


def test_an_entity_bears_the_most_open_marking_under_which_it_was_named():
    strict = replace(CLAIMS[0], marking=Marking(tlp=Tlp.RED), record="f" * 64)
    made = bundle([strict, CLAIMS[0]], cover())
    (wallet,) = of_type(made, "cryptocurrency-wallet")
    assert wallet["object_marking_refs"] == [f"marking-definition--{TLP_IDS[Tlp.CLEAR]}"]


def test_simulated_claims_are_labelled_and_others_are_not():
    mixed = (CLAIMS[0], *vetted(CLAIMS[1:]))
    made = bundle(mixed, cover())
    labelled = [one for one in of_type(made, "relationship") if "simulated" in one.get("labels", ())]
    assert len(labelled) == 1
    assert of_type(made, "report")[0]["labels"] == ["simulated"]
    clean = bundle(vetted(CLAIMS), cover(simulated=False))
    assert "labels" not in of_type(clean, "report")[0]
    assert "SIMULATED" not in json.dumps(clean)


def test_a_person_is_a_pseudonym_unless_an_authority_named_them():
    claim = replace(CLAIMS[0], subject=Entity("person", "jane doe"), property="uses", object=WALLET)
    text = json.dumps(bundle([claim], cover()))
    assert "jane" not in text.lower()
    assert "Person " in text


def test_the_report_refers_to_all_that_is_in_it():
    made = bundle(CLAIMS, cover())
    (report,) = of_type(made, "report")
    ids = {one["id"] for one in made["objects"]}
    assert set(report["object_refs"]) <= ids
    told = {
        one["id"]
        for one in made["objects"]
        if one["type"] in ("relationship", "note", "indicator", "malware")
    }
    assert told <= set(report["object_refs"])


def test_object_ids_have_the_layout_that_the_specification_asks_for():
    name = object_id("malware", "ryuk").partition("--")[2]
    assert name[14] == "4"
    assert name[19] in "89ab"


@pytest.mark.parametrize(
    ("text", "stix"),
    [
        ("2024-05-01", "2024-05-01T00:00:00.000Z"),
        ("2024-05-01T09:30:00Z", "2024-05-01T09:30:00.000Z"),
        ("2024-05-01T09:30:00.123456+07:00", "2024-05-01T02:30:00.123Z"),
        ("0001-01-01", "0001-01-01T00:00:00.000Z"),
        ("0999-12-31T23:59:59.9999Z", "0999-12-31T23:59:59.999Z"),
    ],
)
def test_timestamps_are_utc_with_milliseconds(text, stix):
    assert timestamp(text) == stix


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00+01:00"]
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(NotValidError):
        timestamp(text)


def test_hostile_text_stays_data():
    claim = replace(CLAIMS[0], object="<script>alert(1)</script>\u202e\x00'\\", property="description")
    made = bundle([claim], cover(marking=CLEAR))
    validate(made)
    assert of_type(made, "note")[0]["content"].endswith("'\\")
