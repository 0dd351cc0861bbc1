"""What MISP instances write around values: sightings, accounts, tags, reports, deletions, markings of parts."""

from __future__ import annotations

import pytest
from misp_making import MD5, SHA256, SUBJECT, WALLET, attribute, beyond_the_head, event, part, thing, told
from structured_reading import made, read

from chokepoint.collect.misp_event import MispEvent
from chokepoint.model.claim import Interval
from chokepoint.model.marking import Tlp

EVIL = "domain-name:evil.com"
TAG_RED = {"Tag": [{"name": "tlp:red"}]}


def test_an_event_of_everything_says_exactly_what_was_written_down_by_hand():
    reading = told(
        attribute("domain", "evil.com", uuid="a1", comment="C2", Tag=[{"name": "kill-chain:c2"}],
                  Sighting=[{"type": "0", "date_sighting": "1709596800", "Organisation": {"name": "CERT-C"}}]),
        attribute("ip-dst|port", "91.243.44.18|8443"),
        attribute("malware-sample", f"fox.exe|{MD5}", data="UEsDBA=="),
        attribute("url", "hxxps://evil[.]com/login", to_ids=False),
        attribute("vulnerability", "CVE-2023-1234"),
        Object=[
            thing("file", part("sha256", "sha256", SHA256), part("filename", "filename", "fox.apk", to_ids=False),
                  uuid="o1", comment="dropper"),
            thing("telegram-account", part("text", "username", "@foxdesk", to_ids=False)),
            thing("domain-ip", part("domain", "domain", "cdn.evil.com"), part("ip-dst", "ip", "91.243.44.19"), uuid="o2",
                  ObjectReference=[{"referenced_uuid": "o1", "relationship_type": "delivers"},
                                   {"referenced_uuid": "a1", "relationship_type": "related-to"}]),
        ],
        EventReport=[{"name": "Fox case", "content": "The malicious domain fox-evil[.]com"}],
        Tag=[{"name": "type:OSINT"}, {"name": 'misp-galaxy:threat-actor="Winter Fox"'}],
        Galaxy=[{"type": "ransomware", "GalaxyCluster": [
            {"type": "ransomware", "value": "FoxLock", "meta": {"synonyms": ["FoxCrypt"]}}]}],
        extends_uuid="e0",
    )  # fmt: skip
    file, cdn = f"file:sha256:{SHA256}", "domain-name:cdn.evil.com"
    assert beyond_the_head(reading) == {
        (SUBJECT, "attribute", "extends event e0"),
        (SUBJECT, "uses", "malware:foxlock"),
        ("malware:foxlock", "alias", "FoxCrypt"),
        (SUBJECT, "attributed-to", "group:winter fox"),
        (SUBJECT, "category", "type:OSINT"),
        (EVIL, "indicates", SUBJECT),
        (EVIL, "description", "C2"),
        (EVIL, "category", "kill-chain:c2"),
        (EVIL, "observation", "sighted by CERT-C"),
        ("ipv4-addr:91.243.44.18", "indicates", SUBJECT),
        (f"file:md5:{MD5}", "indicates", SUBJECT),
        (f"file:md5:{MD5}", "name", "fox.exe"),
        ("url:https://evil.com/login", "mentioned-with", SUBJECT),
        ("url:https://evil.com/login", "hosted-at", EVIL),
        (file, "indicates", SUBJECT),
        (file, "name", "fox.apk"),
        (file, "description", "dropper"),
        ("user-account:telegram:foxdesk", "mentioned-with", SUBJECT),
        (cdn, "indicates", SUBJECT),
        (cdn, "subdomain-of", EVIL),
        ("ipv4-addr:91.243.44.19", "indicates", SUBJECT),
        (cdn, "resolves-to", "ipv4-addr:91.243.44.19"),
        (cdn, "downloads", file),
        (cdn, "related-to", EVIL),
        (SUBJECT, "mentioned-in", "Fox case"),
        ("domain-name:fox-evil.com", "mentioned-with", SUBJECT),
    }
    assert reading.rejected == []
    assert dict(reading.skipped) == {"MISP type port": 1, "MISP type vulnerability": 1}


@pytest.mark.parametrize(
    ("sighting", "said", "day"),
    [
        pytest.param({"type": "0", "date_sighting": "1709596800"}, "sighted", "2024-03-05", id="plain"),
        pytest.param({"date_sighting": 1709596800}, "sighted", "2024-03-05", id="number-and-no-type"),
        pytest.param({"type": "1", "date_sighting": "1709683200"}, "called a false positive", "2024-03-06", id="false-positive"),
        pytest.param({"type": "2", "date_sighting": "1709683200"}, "expired", "2024-03-06", id="expiration"),
        pytest.param(
            {"type": "0", "date_sighting": "1709596800", "source": "SOC", "Organisation": {"name": "CERT-C"}},
            "sighted by CERT-C, SOC", "2024-03-05", id="by-whom",
        ),
        pytest.param({"date_sighting": "2024-03-05", "Organisation": "x"}, "sighted", "2024-03-05", id="odd-organisation"),
    ],
)  # fmt: skip
def test_a_sighting_is_an_observation_on_its_day(sighting, said, day):
    reading = told(attribute("domain", "evil.com", Sighting=[sighting]))
    claim = reading.claim(EVIL, "observation")
    assert (claim.object, claim.observed.start) == (said, day)
    assert claim.place == "/Event/Attribute/0/Sighting/0"


@pytest.mark.parametrize(
    "sighting",
    [{"type": "0"}, {"type": "7", "date_sighting": "1709596800"}, {"date_sighting": "soon"}, 5, "x"],
    ids=str,
)
def test_a_sighting_without_time_or_meaning_is_rejected_at_its_pointer(sighting):
    reading = told(attribute("domain", "evil.com", Sighting=[sighting]))
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0/Sighting/0"]
    assert (EVIL, "indicates", SUBJECT) in reading.said


def test_sightings_of_the_event_speak_of_the_attribute_that_they_name():
    sightings = [
        {"attribute_uuid": "a1", "type": "0", "date_sighting": "1709596800"},
        {"attribute_uuid": "absent", "type": "0", "date_sighting": "1709596800"},
        {"type": "0", "date_sighting": "1709596800"},
    ]
    reading = told(attribute("domain", "evil.com", uuid="a1"), Sighting=sightings)
    assert reading.claim(EVIL, "observation").observed == Interval("2024-03-05", "2024-03-06")
    assert reading.skipped["sighting of an attribute without an identifier"] == 2


@pytest.mark.parametrize(
    ("name", "relation", "value", "account"),
    [
        pytest.param("telegram-account", "username", "@FoxDesk", "telegram:foxdesk", id="telegram"),
        pytest.param("twitter-account", "name", "foxdesk", "twitter:foxdesk", id="twitter"),
        pytest.param("facebook-account", "account-name", "fox.desk", "facebook:fox.desk", id="facebook"),
        pytest.param("instagram-account", "account-name", "foxdesk", "instagram:foxdesk", id="instagram"),
        pytest.param("github-user", "username", "fox-desk", "github:fox-desk", id="github"),
        pytest.param("reddit-account", "account-name", "foxdesk", "reddit:foxdesk", id="reddit"),
    ],
)
def test_an_object_of_a_platform_names_an_account_there(name, relation, value, account):
    reading = told(Object=[thing(name, part("text", relation, value))])
    assert reading.objects("observation") == set()
    assert (f"user-account:{account}", "indicates", SUBJECT) in reading.said


def test_the_object_for_any_account_says_its_platform_beside_it_in_any_order():
    parts = [part("text", "username", "foxdesk"), part("text", "account-type", "Telegram")]
    for inside in (parts, parts[::-1]):
        reading = told(Object=[thing("user-account", *inside)])
        assert ("user-account:telegram:foxdesk", "indicates", SUBJECT) in reading.said


def test_an_account_object_without_platform_stays_a_text():
    reading = told(Object=[thing("user-account", part("text", "username", "foxdesk"))])
    assert (SUBJECT, "observation", "foxdesk") in reading.said


@pytest.mark.parametrize("flag", [True, "1", 1, "true", "True"], ids=repr)
def test_what_was_taken_back_is_not_taken_in_however_it_is_written(flag):
    reading = told(
        attribute("domain", "evil.com", deleted=flag),
        Object=[
            thing("file", part("md5", "md5", MD5), deleted=flag),
            thing("x", part("domain", "d", "a.com", deleted=flag)),
        ],
        EventReport=[{"name": "gone", "content": "malicious evil-evil[.]com", "deleted": flag}],
    )
    assert beyond_the_head(reading) == set()
    assert dict(reading.skipped) == {"deleted attribute": 2, "deleted object": 1, "deleted report": 1}


@pytest.mark.parametrize("flag", [False, "0", 0, "false", None, ""], ids=repr)
def test_what_was_not_taken_back_is_taken_in(flag):
    assert (EVIL, "indicates", SUBJECT) in told(attribute("domain", "evil.com", deleted=flag)).said


def test_a_deleted_name_is_not_given_to_the_files_of_its_object():
    inside = [part("md5", "md5", MD5), part("filename", "filename", "secret.exe", deleted=True)]
    assert told(Object=[thing("file", *inside)]).objects("name") == {"Big scam"}


RED_DOMAIN = part("domain", "domain", "evil.com", uuid="a1", **TAG_RED)


def told_of(reading, word: str) -> set[Tlp]:
    return {c.provenance.marking.tlp for c in reading.claims if word in f"{c.subject} {c.object}"}


def test_what_an_object_ties_together_is_as_red_as_its_reddest_part():
    reading = told(
        Object=[thing("domain-ip", RED_DOMAIN, part("ip-dst", "ip", "91.243.44.19"), comment="seen")]
    )
    assert told_of(reading, "evil.com") == {Tlp.RED}
    assert reading.claim("ipv4-addr:91.243.44.19", "indicates").provenance.marking.tlp == Tlp.CLEAR


def test_a_reference_is_as_red_as_either_end():
    clear = thing("file", part("md5", "md5", MD5), uuid="o1",
                  ObjectReference=[{"referenced_uuid": "a1", "relationship_type": "connects-to"}])  # fmt: skip
    red = thing(
        "domain-ip",
        RED_DOMAIN,
        uuid="o2",
        ObjectReference=[{"referenced_uuid": "o1", "relationship_type": "drops"}],
    )
    assert told_of(told(Object=[clear, red]), "evil.com") == {Tlp.RED}


def test_a_sighting_is_as_red_as_what_was_sighted():
    sighting = {"attribute_uuid": "a1", "type": "0", "date_sighting": "1709596800"}
    reading = told(
        attribute("domain", "evil.com", uuid="a1", Sighting=[sighting], **TAG_RED), Sighting=[sighting]
    )
    assert told_of(reading, "evil.com") == {Tlp.RED}


def test_parts_without_a_uuid_are_not_taken_for_one_another():
    lost = thing(
        "domain-ip", part("domain", "domain", "evil.com"), ObjectReference=[{"relationship_type": "drops"}]
    )
    reading = told(attribute("md5", MD5), Object=[lost, thing("file", part("sha256", "sha256", SHA256))])
    assert {prop for _, prop, _ in beyond_the_head(reading)} == {"indicates"}
    assert reading.skipped["reference to an object without an identifier"] == 1


@pytest.mark.parametrize(
    ("sort", "value", "taken", "why"),
    [
        pytest.param("ip-dst|port", "91.243.44.18", {"ipv4-addr:91.243.44.18"}, "has not the 2 parts", id="one-too-few"),
        pytest.param("domain|ip", "evil.com|91.243.44.18|x", {EVIL, "ipv4-addr:91.243.44.18"}, "has not the 2 parts", id="one-too-many"),
        pytest.param("domain|ip", "evil.com|999.1.1.1", {EVIL}, "999.1.1.1", id="second-broken"),
        pytest.param("domain|ip", "nohost|91.243.44.18", {"ipv4-addr:91.243.44.18"}, "nohost", id="first-broken"),
        pytest.param("filename|md5", "fox.exe|zz", set(), "zz", id="digest-broken"),
        pytest.param("malware-sample", "fox.exe", set(), "fox.exe", id="sample-without-digest"),
    ],
)  # fmt: skip
def test_a_broken_part_of_a_composite_costs_only_itself(sort, value, taken, why):
    reading = told(attribute(sort, value))
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == taken
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0/value"]
    assert why in reading.rejected[0].reason
    assert "Mend: " in reading.rejected[0].reason


def test_clusters_and_tags_that_name_no_actor_are_counted():
    sector = {"type": "sector", "GalaxyCluster": [{"type": "sector", "value": "Finance"}]}
    tags = [
        {"name": 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"'},
        {"name": 'misp-galaxy:ransomware="Ryuk"'},
    ]
    reading = told(attribute("domain", "evil.com", Galaxy=[sector], Tag=tags), Galaxy=[sector], Tag=tags)
    rule = "galaxy cluster that names no actor or thing (sectors, techniques and the like)"
    assert reading.skipped[rule] == 4
    assert (EVIL, "indicates", "malware:ryuk") in reading.said


def test_proposals_are_counted_wherever_they_stand():
    reading = told(
        attribute("domain", "evil.com", ShadowAttribute=[{"value": "x"}]),
        Object=[thing("file", part("md5", "md5", MD5, ShadowAttribute=[{}, {}]))],
        ShadowAttribute=[{}],
    )
    assert reading.skipped["proposals to change an event"] == 4


def test_a_wallet_in_an_object_is_asked_to_be_paid():
    reading = told(
        Object=[thing("coin-address", part("btc", "address", WALLET), part("text", "symbol", "BTC"))]
    )
    assert (SUBJECT, "requests-payment-to", f"crypto-address:{WALLET}") in reading.said


JUNK = ["junk", 7, None, True, [], 1.5]


@pytest.mark.parametrize("key", ["Attribute", "Object", "EventReport", "Sighting"])
def test_entries_that_are_no_mappings_are_rejected_each_at_its_pointer_and_the_rest_is_taken(key):
    whole = event(attribute("domain", "good.com"))
    whole[key] = [*JUNK, *(whole[key] if key == "Attribute" else [])]
    reading = read(MispEvent(), made({"Event": whole}))
    assert [one.place for one in reading.rejected] == [
        f"/Event/{key}/{number}" for number in range(len(JUNK))
    ]
    assert ("domain-name:good.com", "indicates", SUBJECT) in reading.said


@pytest.mark.parametrize("value", ["junk", 7, True, 0.5], ids=repr)
@pytest.mark.parametrize(
    "key", ["Attribute", "Object", "EventReport", "Sighting", "Galaxy", "ShadowAttribute", "Orgc"]
)
def test_a_scalar_where_a_list_or_mapping_stands_is_rejected_at_its_key(key, value):
    whole = {
        **event(attribute("domain", "good.com"), Object=[thing("file", part("md5", "md5", MD5))]),
        key: value,
    }
    reading = read(MispEvent(), made({"Event": whole}))
    assert f"/Event/{key}" in {one.place for one in reading.rejected}
    assert (f"file:md5:{MD5}" if key == "Attribute" else "domain-name:good.com") in {
        who for who, _, _ in reading.said
    } or key == "Object"


@pytest.mark.parametrize("value", [["a"], {"a": 1}], ids=["list", "mapping"])
@pytest.mark.parametrize("key", ["comment", "uuid", "first_seen", "to_ids", "object_relation"])
def test_a_field_of_the_wrong_type_costs_only_itself(key, value):
    reading = told(attribute("domain", "evil.com", **{key: value}), attribute("domain", "good.com"))
    assert [one.place for one in reading.rejected] == [f"/Event/Attribute/0/{key}"]
    assert {who for who, _, _ in reading.said} >= {EVIL, "domain-name:good.com"}


def test_among_events_what_is_none_is_rejected_and_the_others_are_read():
    good = {"Event": event(attribute("domain", "evil.com"))}
    reading = read(MispEvent(), made({"response": [1, good, {"Event": 5}, None, "x", {}]}))
    assert [one.place for one in reading.rejected] == [f"/response/{n}" for n in (0, 2, 3, 4, 5)]
    assert (EVIL, "indicates", SUBJECT) in reading.said


def test_a_search_for_attributes_points_at_the_value_and_keeps_the_marking_of_the_event():
    head = {
        "info": "Big scam",
        "Tag": [{"name": "tlp:amber"}],
        "date": "2024-03-05",
        "Orgc": {"name": "CERT-B"},
    }
    found = [{**attribute("domain", "evil.com"), "Event": head}, 5]
    reading = read(MispEvent(), made({"response": {"Attribute": found}}))
    claim = reading.claim(EVIL, "indicates")
    assert claim.place == "/response/Attribute/0/value"
    assert (claim.provenance.marking.tlp, claim.provenance.origin) == (Tlp.AMBER, "CERT-B")
    assert claim.observed == Interval("", "2024-03-06")
    assert reading.claim(SUBJECT, "name").place == "/response/Attribute/0/Event/info"
    assert [one.place for one in reading.rejected] == ["/response/Attribute/1"]


def test_the_order_of_attributes_and_objects_does_not_matter():
    attributes = [attribute("domain", "evil.com", uuid="a1"), attribute("md5", MD5), attribute("btc", WALLET)]
    objects = [
        thing("domain-ip", part("domain", "domain", "cdn.evil.com"), uuid="o1",
              ObjectReference=[{"referenced_uuid": "o2", "relationship_type": "delivers"}]),
        thing("file", part("sha256", "sha256", SHA256), uuid="o2"),
    ]  # fmt: skip
    forwards = told(*attributes, Object=objects)
    assert told(*attributes[::-1], Object=objects[::-1]).said == forwards.said
    assert ("domain-name:cdn.evil.com", "downloads", f"file:sha256:{SHA256}") in forwards.said


@pytest.mark.parametrize(
    "tags", [[{"name": ["tlp:red"]}], [{"colour": "#f00"}], [None], [5], {"a": 1}, 7, True], ids=repr
)
def test_a_tag_that_cannot_be_read_may_be_a_label_and_hides_what_it_marks(tags):
    reading = told(attribute("domain", "evil.com", Tag=tags), attribute("domain", "good.com"))
    assert not any("evil.com" in f"{claim.subject}" for claim in reading.claims)
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0"]
    assert "Mend: " in reading.rejected[0].reason
    whole = told(attribute("domain", "evil.com"), Tag=tags)
    assert (whole.claims, len(whole.rejected)) == ([], 1)


@pytest.mark.parametrize(
    "tags",
    [["tlp:red"], "tlp:red", {"name": "tlp:red"}, [{"name": " TLP:RED "}], [{"name": "x"}, "tlp:red"]],
    ids=repr,
)
def test_a_label_is_read_from_a_tag_however_it_is_written(tags):
    assert {c.provenance.marking.tlp for c in told(attribute("domain", "evil.com"), Tag=tags).claims} == {
        Tlp.RED
    }


@pytest.mark.parametrize("tags", [None, [], "", {}, False], ids=repr)
def test_no_tags_are_no_label(tags):
    assert (EVIL, "indicates", SUBJECT) in told(attribute("domain", "evil.com", Tag=tags), Tag=tags).said


def test_an_object_without_attributes_is_counted():
    reading = told(Object=[{}, {"name": "file"}, thing("file")])
    assert reading.skipped["object without attributes"] == 3
