"""Events: who says what of which campaign, and under which marking."""

from __future__ import annotations

import pytest
from structured_reading import Reading, made, read, sample

from chokepoint.collect.misp_event import MispEvent
from chokepoint.collect.misp_types import identifier, parts
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Pap, Tlp

SUBJECT = "campaign:big scam"


def event(*attributes: dict, **more) -> dict:
    return {
        "info": "Big scam",
        "date": "2023-05-18",
        "uuid": "u",
        "Orgc": {"name": "ESET"},
        "analysis": "2",
        "Attribute": list(attributes),
        **more,
    }


def attribute(sort: str, value: str, **more) -> dict:
    return {"type": sort, "value": value, "to_ids": True, "category": "Network activity", **more}


def told(*attributes: dict, **more) -> Reading:
    return read(MispEvent(), made({"Event": event(*attributes, **more)}))


def test_the_real_event_ties_its_domains_to_the_campaign_with_first_sight():
    reading = read(MispEvent(), sample("misp/infoblox.json"))
    claim = reading.claim("domain-name:teslagive.net", "indicates")
    assert str(claim.object) == "campaign:cryptdesignbot"
    assert claim.observed.start >= "2022"
    assert (claim.provenance.origin, claim.provenance.marking.tlp) == ("Infoblox", Tlp.CLEAR)
    assert claim.place.startswith("/Event/Attribute/")


def test_what_was_made_for_detection_indicates_and_the_rest_is_mentioned():
    reading = told(attribute("domain", "a.com"), attribute("domain", "b.com", to_ids=False))
    assert ("indicates", SUBJECT) in reading.about("domain-name:a.com")
    assert {prop for prop, _ in reading.about("domain-name:b.com")} == {"mentioned-with"}


def test_a_hacked_site_is_a_victim_and_a_legitimate_one_no_indicator():
    reading = told(
        attribute("domain", "hacked.com", comment="Compromised website"),
        attribute("domain", "fine.com", comment="Legitimate server abused"),
        attribute("sha1", "a" * 40, comment="compromised build"),
    )
    assert ("compromised-by", SUBJECT) in reading.about("domain-name:hacked.com")
    assert ("legitimate", SUBJECT) in reading.about("domain-name:fine.com")
    assert not {prop for prop, _ in reading.about("domain-name:fine.com")} & {"indicates", "mentioned-with"}
    assert ("indicates", SUBJECT) in reading.about("file:sha1:" + "a" * 40)


@pytest.mark.parametrize(
    ("sort", "value", "entities"),
    [
        ("ip-dst", "1.2.3.4", ["ipv4-addr:1.2.3.4"]),
        ("ip-src", "2001:db8::1", ["ipv6-addr:2001:db8::1"]),
        ("ip-dst|port", "1.2.3.4|443", ["ipv4-addr:1.2.3.4"]),
        ("hostname|port", "a.com|80", ["domain-name:a.com"]),
        ("filename|sha256", f"x|y.exe|{'b' * 64}", [f"file:sha256:{'b' * 64}"]),
        ("url", "http://a.com/x", ["url:http://a.com/x"]),
        ("email-src", "x@a.com", ["email-addr:x@a.com"]),
        ("btc", "12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw", ["crypto-address:12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw"]),
        ("imphash", "c" * 32, [f"file:imphash:{'c' * 32}"]),
        ("twitter-id", "@BadGuy", ["user-account:twitter:badguy"]),
        ("github-username", "bad-guy", ["user-account:github:bad-guy"]),
        ("AS", "AS13335", ["autonomous-system:AS13335"]),
        ("domain", f"{'a' * 16}.onion", [f"onion-service:{'a' * 16}.onion"]),
    ],
)
def test_each_type_names_its_identifiers(sort, value, entities):
    reading = told(attribute(sort, value))
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == set(entities)
    assert reading.rejected == []


@pytest.mark.parametrize(
    "sort", ["regkey", "mutex", "yara", "filename", "port", "target-email", "x-new-type"]
)
def test_a_type_without_identifier_is_skipped_by_its_name(sort):
    assert told(attribute(sort, "v@a.com")).skipped[f"MISP type {sort}"] == 1


def test_a_value_that_is_none_of_its_type_is_rejected_with_its_pointer():
    reading = told(attribute("md5", "short"), attribute("md5", "a" * 32))
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0/value"]
    assert len(reading.objects("indicates")) == 1


def test_a_domain_with_its_address_resolves_to_it():
    assert ("domain-name:a.com", "resolves-to", "ipv4-addr:1.2.3.4") in told(
        attribute("domain|ip", "a.com|1.2.3.4")
    ).said


def test_a_wallet_is_asked_to_be_paid_by_the_campaign():
    wallet = "crypto-address:12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw"
    assert (SUBJECT, "requests-payment-to", wallet) in told(attribute("btc", wallet.partition(":")[2])).said


def test_times_of_an_attribute_go_before_the_date_of_its_event():
    timed = attribute(
        "domain", "a.com", first_seen="2023-01-08T00:00:00+00:00", last_seen="2023-02-01T00:00:00+00:00"
    )
    reading = told(timed, attribute("domain", "b.com"))
    assert reading.claim("domain-name:a.com", "indicates").observed == Interval("2023-01-08", "2023-02-02")
    assert reading.claim("domain-name:b.com", "indicates").observed == Interval("", "2023-05-19")


def test_the_strictest_tag_marks_an_event_and_an_attribute_can_be_stricter_still():
    tags = [{"name": "tlp:green"}, {"name": "PAP:RED"}]
    reading = told(
        attribute("domain", "a.com"), attribute("domain", "b.com", Tag=[{"name": "tlp:red"}]), Tag=tags
    )
    marking = reading.claim("domain-name:a.com", "indicates").provenance.marking
    assert (marking.tlp, marking.pap) == (Tlp.GREEN, Pap.RED)
    assert reading.claim("domain-name:b.com", "indicates").provenance.marking.tlp == Tlp.RED


def test_an_event_under_an_unknown_label_is_left_out_as_a_whole():
    reading = told(attribute("domain", "a.com"), Tag=[{"name": "tlp:purple"}])
    assert reading.claims == []
    assert "purple" in reading.rejected[0].reason


def test_an_attribute_under_an_unknown_label_is_left_out_alone():
    reading = told(attribute("domain", "a.com", Tag=[{"name": "tlp:purple"}]), attribute("domain", "b.com"))
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == {"domain-name:b.com"}
    assert len(reading.rejected) == 1


def test_galaxies_say_who_is_behind_and_what_is_used():
    galaxies = [
        {
            "type": "threat-actor",
            "GalaxyCluster": [{"type": "threat-actor", "value": "Sofacy", "meta": {"synonyms": ["APT 28"]}}],
        },
        {"type": "mitre-malware", "GalaxyCluster": [{"type": "mitre-malware", "value": "Zebrocy - S0251"}]},
        {
            "type": "mitre-attack-pattern",
            "GalaxyCluster": [{"type": "mitre-attack-pattern", "value": "X - T1"}],
        },
    ]
    about = told(Galaxy=galaxies, Tag=[{"name": 'misp-galaxy:threat-actor="Turla Group"'}]).about(SUBJECT)
    assert {
        ("attributed-to", "group:sofacy"),
        ("uses", "malware:zebrocy"),
        ("attributed-to", "group:turla group"),
    } <= about
    assert len([prop for prop, _ in about if prop in {"uses", "attributed-to"}]) == 3


def test_a_galaxy_of_an_attribute_is_indicated_by_it_alone():
    tagged = attribute("domain", "a.com", Tag=[{"name": 'misp-galaxy:ransomware="Ryuk"'}])
    reading = told(tagged, attribute("domain", "b.com"))
    assert {who for who, _, thing in reading.said if thing == "malware:ryuk"} == {"domain-name:a.com"}


def test_objects_tie_the_digests_and_names_of_one_file():
    parts_of_file = [
        attribute("filename", "x.exe", object_relation="filename", to_ids=False),
        attribute("md5", "a" * 32, object_relation="md5"),
        attribute("sha1", "b" * 40, object_relation="sha1"),
    ]
    reading = told(Object=[{"name": "file", "Attribute": parts_of_file}])
    assert ("file:md5:" + "a" * 32, "same-file", "file:sha1:" + "b" * 40) in reading.said
    assert ("file:md5:" + "a" * 32, "name", "x.exe") in reading.said


def test_real_objects_tie_their_parts_to_the_campaign():
    reading = read(MispEvent(), sample("misp/candiru.json"))
    tied = [
        claim
        for claim in reading.claims
        if claim.property in {"indicates", "mentioned-with", "compromised-by"}
    ]
    assert len(tied) == 4
    assert all("/Object/" in claim.place for claim in tied)


def test_an_object_resolves_its_domains_to_its_addresses():
    inside = [attribute("domain", "a.com"), attribute("ip-dst", "1.2.3.4"), attribute("ip-dst", "1.2.3.5")]
    reading = told(Object=[{"name": "domain-ip", "first_seen": "2020-01-01", "Attribute": inside}])
    assert reading.objects("resolves-to") == {"ipv4-addr:1.2.3.4", "ipv4-addr:1.2.3.5"}
    assert {c.observed for c in reading.claims if c.property == "resolves-to"} == {Interval("2020-01-01", "")}


def test_an_object_with_too_many_pairs_is_rejected_and_its_parts_kept():
    inside = [attribute("domain", f"a{n}.com") for n in range(11)] + [
        attribute("ip-dst", f"1.2.3.{n}") for n in range(11)
    ]
    reading = told(Object=[{"name": "domain-ip", "Attribute": inside}])
    assert reading.objects("resolves-to") == set()
    assert len(reading.rejected) == 1
    assert len([c for c in reading.claims if c.property == "indicates"]) == 22


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda one: {"Event": one},
        lambda one: {"response": [{"Event": one}]},
        lambda one: [{"Event": one}],
        lambda one: one,
        lambda one: {"response": {"Event": one}},
        lambda one: [one, one],
    ],
)
def test_every_wrapper_of_an_event_is_opened(wrapped):
    document = made(wrapped(event(attribute("domain", "a.com"))))
    assert MispEvent().recognises(document)
    assert ("domain-name:a.com", "indicates", SUBJECT) in read(MispEvent(), document).said


def test_a_search_for_attributes_names_the_event_of_each():
    found = [{**attribute("domain", "a.com"), "Event": {"info": "Big scam"}}]
    document = made({"response": {"Attribute": found}})
    assert MispEvent().recognises(document)
    assert ("domain-name:a.com", "indicates", SUBJECT) in read(MispEvent(), document).said


def test_notes_links_and_names_are_kept_with_the_campaign():
    about = told(
        attribute("text", "seen twice"),
        attribute("link", "https://eset.com/x"),
        attribute("threat-actor", "Evil Bear"),
        attribute("campaign-name", "Scam Two"),
    ).about(SUBJECT)
    assert {
        ("observation", "seen twice"),
        ("reference", "https://eset.com/x"),
        ("attributed-to", "group:evil bear"),
        ("alias", "Scam Two"),
    } <= about


def test_deleted_parts_proposals_and_related_events_are_counted():
    reading = told(
        attribute("domain", "a.com", deleted=True),
        Object=[{"deleted": True}],
        ShadowAttribute=[{}],
        RelatedEvent=[{}, {}],
    )
    assert reading.skipped["deleted attribute"] == reading.skipped["deleted object"] == 1
    assert reading.skipped["references to related events"] == 2
    assert not reading.objects("indicates")


def test_a_reports_text_mentions_what_it_names():
    content = "Indicators of compromise: the malicious C2 domain evil-decrypt[.]com. Report fraud at https://www.police.uk"
    reading = told(EventReport=[{"content": content}])
    assert ("domain-name:evil-decrypt.com", "mentioned-with", SUBJECT) in reading.said


def test_admiralty_tags_grade_the_event():
    reading = told(attribute("domain", "a.com"), Tag=[{"name": 'admiralty-scale:source-reliability="c"'}])
    assert reading.claim("domain-name:a.com", "indicates").provenance.grading.reliability == "C"
    assert (
        told(attribute("domain", "a.com")).claim("domain-name:a.com", "indicates").provenance.grading.code
        == "B2"
    )


def test_an_event_about_nothing_is_rejected_and_a_file_without_events_refused():
    assert len(read(MispEvent(), made([event(), event(info="")])).rejected) == 1
    with pytest.raises(BadInputError):
        read(MispEvent(), made({"Event": 5}))


def test_other_json_is_not_taken_for_an_event():
    for other in ({"info": {"title": "an API"}, "paths": {}}, {"Event": "x"}, [1], {"response": []}):
        assert not MispEvent().recognises(made(other))


def test_a_composite_value_falls_into_the_parts_of_its_type():
    assert parts("domain|ip", "a.com|1.2.3.4") == [("domain", "a.com"), ("ip", "1.2.3.4")]
    assert parts("filename|md5", "a|b|c") == [("filename", "a|b"), ("md5", "c")]
    assert identifier("ip", "1.2.3.4", "x") == Entity("ipv4-addr", "1.2.3.4")
    assert identifier("mutex", "x", "y") is None
