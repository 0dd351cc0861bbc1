"""Cyber-observable objects: what each stands for, what it says of itself, and where it leads."""

from __future__ import annotations

import pytest
from stix2_making import RYUK, WHEN, bundle, thing, told
from structured_reading import made, read

from chokepoint.collect.stix2 import Stix2
from chokepoint.model.claim import Interval

MD5, SHA1, SHA256 = "d41d8cd98f00b204e9800998ecf8427e", "a" * 40, "b" * 64
WALLET = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
LONE = "observable without context"


def alone(sort: str, **more):
    return told(thing(sort, **more), path="_.json")


def seen(**objects) -> dict:
    """STIX 2.0 observed data with its objects inside."""
    inside = {number.removeprefix("n"): content for number, content in objects.items()}
    return thing("observed-data", first_observed=WHEN, last_observed=WHEN, number_observed=3, objects=inside)


@pytest.mark.parametrize(
    ("sort", "fields", "entity"),
    [
        pytest.param("domain-name", {"value": "Evil.COM."}, "domain-name:evil.com", id="domain"),
        pytest.param("domain-name", {"value": f"{'a' * 16}.onion"}, f"onion-service:{'a' * 16}.onion", id="onion"),
        pytest.param("url", {"value": "hxxp://evil[.]com/x"}, "url:http://evil.com/x", id="defanged-url"),
        pytest.param("ipv4-addr", {"value": "91.243.44.0/24"}, "ipv4-addr:91.243.44.0/24", id="network"),
        pytest.param("ipv6-addr", {"value": "2001:DB8::0001"}, "ipv6-addr:2001:db8::1", id="ipv6"),
        pytest.param("email-addr", {"value": "Boss@Fox.com"}, "email-addr:boss@fox.com", id="mailbox"),
        pytest.param("mac-addr", {"value": "00-11-22-33-44-55"}, "device:mac:00:11:22:33:44:55", id="mac"),
        pytest.param("autonomous-system", {"number": 64500}, "autonomous-system:AS64500", id="as"),
        pytest.param("file", {"hashes": {"MD5": MD5}}, f"file:md5:{MD5}", id="md5"),
        pytest.param("file", {"hashes": {"sha256": SHA256.upper()}}, f"file:sha256:{SHA256}", id="sha256-without-dash"),
        pytest.param("artifact", {"hashes": {"SHA-1": SHA1}}, f"file:sha1:{SHA1}", id="artifact"),
        pytest.param("x509-certificate", {"hashes": {"SHA-1": SHA1}}, f"x509-certificate:sha1:{SHA1}", id="certificate"),
        pytest.param(
            "user-account", {"account_type": "telegram", "account_login": "FoxDesk"}, "user-account:telegram:foxdesk", id="login"
        ),
        pytest.param(
            "user-account", {"account_type": "twitter", "display_name": "foxt"}, "user-account:twitter:foxt", id="display-name"
        ),
        pytest.param("cryptocurrency-wallet", {"value": WALLET}, f"crypto-address:{WALLET}", id="wallet-by-value"),
        pytest.param("cryptocurrency-wallet", {"address": WALLET}, f"crypto-address:{WALLET}", id="wallet-by-address"),
        pytest.param("x-opencti-hostname", {"value": "a.evil.com"}, "domain-name:a.evil.com", id="opencti-hostname"),
        pytest.param("phone-number", {"value": "+66 81 234 5678"}, "phone-number:+66812345678", id="phone"),
        pytest.param(
            "bank-account", {"iban": "DE89 3704 0044 0532 0130 00"}, "bank-account:iban:DE89370400440532013000", id="iban"
        ),
        pytest.param("x-acme-wallet", {"value": WALLET}, f"crypto-address:{WALLET}", id="custom-object-of-an-address"),
        pytest.param("x-acme-site", {"value": "https://evil.com/"}, "url:https://evil.com/", id="custom-object-of-a-url"),
    ],
)  # fmt: skip
def test_each_observable_stands_for_one_identifier(sort, fields, entity):
    reading = alone(sort, **fields)
    assert ("attribute", LONE) in reading.about(entity)
    assert reading.rejected == []


@pytest.mark.parametrize(
    ("sort", "fields", "place"),
    [
        pytest.param("domain-name", {"value": "not a domain"}, "/objects/0/value", id="domain"),
        pytest.param("ipv4-addr", {"value": "999.1.1.1"}, "/objects/0/value", id="ipv4"),
        pytest.param("url", {"value": "http://"}, "/objects/0/value", id="url"),
        pytest.param("email-addr", {"value": "nobody"}, "/objects/0/value", id="mailbox"),
        pytest.param("file", {"hashes": {"MD5": "short"}}, "/objects/0/hashes/MD5", id="short-digest"),
        pytest.param(
            "file", {"hashes": {"CRC32": "abcd"}}, "/objects/0/hashes/CRC32", id="unknown-algorithm"
        ),
        pytest.param(
            "cryptocurrency-wallet", {"value": WALLET[:-1] + "X"}, "/objects/0/value", id="wrong-checksum"
        ),
        pytest.param("autonomous-system", {"number": "many"}, "/objects/0/number", id="as"),
        pytest.param("bank-account", {"iban": "DE00370400440532013000"}, "/objects/0/iban", id="iban"),
    ],
)
def test_a_value_that_is_none_is_rejected_at_its_field_and_the_bundle_goes_on(sort, fields, place):
    reading = told(thing(sort, **fields), RYUK)
    assert [one.place for one in reading.rejected] == [place]
    assert "Mend: " in reading.rejected[0].reason
    assert ("malware:ryuk", "name", "Ryuk") in reading.said


@pytest.mark.parametrize(
    "sort",
    ["process", "mutex", "directory", "software", "windows-registry-key", "email-message", "network-traffic"],
)
def test_an_observable_that_the_vocabulary_has_no_kind_for_is_counted_by_its_type(sort):
    reading = alone(sort, value="x", name="y", pid=1)
    assert reading.claims == []
    assert dict(reading.skipped) == {f"STIX {sort} without identifier of the vocabulary": 1}


@pytest.mark.parametrize("sort", ["x-acme-thing", "x-mitre-matrix", "ttp", "exploit-target"])
def test_a_type_that_nobody_knows_is_counted_by_its_name(sort):
    reading = alone(sort, foo="bar")
    assert reading.claims == []
    assert [count for rule, count in reading.skipped.items() if sort in rule] == [1]


def test_all_digests_of_a_file_are_one_file_and_carry_its_name():
    reading = alone("file", name="fox.exe", hashes={"MD5": MD5, "SHA-1": SHA1, "SHA-256": SHA256})
    md5 = f"file:md5:{MD5}"
    assert reading.said == {
        (md5, "same-file", f"file:sha1:{SHA1}"),
        (md5, "same-file", f"file:sha256:{SHA256}"),
        (md5, "name", "fox.exe"),
        (md5, "attribute", LONE),
        (f"file:sha1:{SHA1}", "attribute", LONE),
        (f"file:sha256:{SHA256}", "attribute", LONE),
    }


def test_a_broken_digest_costs_only_itself():
    reading = alone("file", hashes={"MD5": "zz", "SHA-256": SHA256})
    assert len(reading.rejected) == 1
    assert {claim.subject.value for claim in reading.claims} == {f"sha256:{SHA256}"}


ADDRESS = thing("ipv4-addr", 1, value="91.243.44.22")
HOST = thing("domain-name", 2, value="evil.com")
ACCOUNT = thing("user-account", 3, account_type="telegram", account_login="fox")
SYSTEM = thing("autonomous-system", 4, number=64500, name="FOX-AS")


@pytest.mark.parametrize(
    ("leading", "link"),
    [
        pytest.param({**HOST, "resolves_to_refs": [ADDRESS["id"]]}, ("domain-name:evil.com", "resolves-to", "ipv4-addr:91.243.44.22"), id="resolves"),
        pytest.param(
            {**thing("domain-name", 9, value="www.evil.com"), "resolves_to_refs": [HOST["id"]]},
            ("domain-name:www.evil.com", "related-to", "domain-name:evil.com"),
            id="canonical-name",
        ),
        pytest.param({**ADDRESS, "belongs_to_refs": [SYSTEM["id"]]}, ("ipv4-addr:91.243.44.22", "part-of", "autonomous-system:AS64500"), id="belongs-to-as"),
        pytest.param(
            thing("email-addr", 9, value="a@b.com", belongs_to_ref=ACCOUNT["id"]),
            ("email-addr:a@b.com", "related-to", "user-account:telegram:fox"),
            id="mailbox-of-account",
        ),
        pytest.param(
            thing("network-traffic", 9, src_ref=ADDRESS["id"], dst_ref=HOST["id"], protocols=["tcp"]),
            ("ipv4-addr:91.243.44.22", "communicates-with", "domain-name:evil.com"),
            id="traffic",
        ),
    ],
)  # fmt: skip
def test_a_reference_leads_from_one_observable_to_the_other(leading, link):
    others = [one for one in (ADDRESS, HOST, ACCOUNT, SYSTEM) if one["id"] != leading["id"]]
    for things in ([leading, *others], [*others, leading]):
        reading = told(*things, path="_.json")
        assert link in reading.said
        assert {claim.property for claim in reading.claims} <= {
            link[1],
            "attribute",
            "name",
            "hosted-at",
            "subdomain-of",
        }


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(
            {"resolves_to_refs": ["ipv4-addr--00000000-0000-4000-8000-000000000404"]}, id="to-nothing"
        ),
        pytest.param({"resolves_to_refs": [HOST["id"]]}, id="to-itself"),
        pytest.param({"resolves_to_refs": [5, None, {}]}, id="no-ids"),
        pytest.param({"belongs_to_ref": [HOST["id"]]}, id="list-for-one"),
        pytest.param({"src_ref": {"a": 1}, "dst_ref": HOST["id"]}, id="mapping-for-one"),
    ],
)
def test_a_reference_that_leads_nowhere_says_nothing(fields):
    assert told({**HOST, **fields}, path="_.json").said == {("domain-name:evil.com", "attribute", LONE)}


def test_observed_data_counts_what_was_seen_in_its_interval_wherever_its_objects_stand():
    data = thing(
        "observed-data", first_observed="2024-03-05T10:00:00Z", last_observed="2024-03-06T09:00:00Z", number_observed=5,
        object_refs=[ADDRESS["id"], HOST["id"]],
    )  # fmt: skip
    for things in ([data, ADDRESS, HOST], [HOST, ADDRESS, data]):
        reading = told(*things, path="_.json")
        observed = {(str(c.subject), c.observed) for c in reading.claims if c.object == "observed 5 times"}
        day = Interval("2024-03-05", "2024-03-07")
        assert observed == {("ipv4-addr:91.243.44.22", day), ("domain-name:evil.com", day)}


def test_observed_data_of_version_2_0_refers_by_number_within_itself():
    reading = told(
        seen(
            n0={"type": "ipv4-addr", "value": "91.243.44.30", "belongs_to_refs": ["3"]},
            n1={"type": "domain-name", "value": "evil.com", "resolves_to_refs": ["0"]},
            n2={"type": "network-traffic", "src_ref": "0", "dst_ref": "1", "protocols": ["tcp"]},
            n3={"type": "autonomous-system", "number": 64501},
            n4={"type": "email-addr", "value": "t@fox.com", "belongs_to_ref": "5"},
            n5={"type": "user-account", "account_type": "twitter", "account_login": "foxt"},
        ),
        path="_.json",
    )
    address, host = "ipv4-addr:91.243.44.30", "domain-name:evil.com"
    mailbox, account = "email-addr:t@fox.com", "user-account:twitter:foxt"
    assert reading.said == {
        (address, "part-of", "autonomous-system:AS64501"),
        (host, "resolves-to", address),
        (address, "communicates-with", host),
        (mailbox, "related-to", account),
        (mailbox, "hosted-at", "domain-name:fox.com"),
        *(
            (one, "observation", "observed 3 times")
            for one in (address, host, mailbox, account, "autonomous-system:AS64501")
        ),
    }
    assert reading.claim(address, "part-of").place == "/objects/0/objects/0"


def test_numbers_of_two_observed_data_objects_are_not_mixed_up():
    first = {
        **seen(n0={"type": "ipv4-addr", "value": "1.1.1.1"}),
        "id": "observed-data--00000000-0000-4000-8000-000000000001",
    }
    second = {
        **seen(
            n0={"type": "ipv4-addr", "value": "2.2.2.2"},
            n1={"type": "domain-name", "value": "evil.com", "resolves_to_refs": ["0"]},
        ),
        "id": "observed-data--00000000-0000-4000-8000-000000000002",
    }
    assert told(first, second).objects("resolves-to") == {"ipv4-addr:2.2.2.2"}


@pytest.mark.parametrize(
    "inside",
    [pytest.param(value, id=name) for name, value in {"null": None, "list": [1], "text": "x", "junk": {"0": "junk", "1": 5}, "empty": {}}.items()],
)  # fmt: skip
def test_observed_data_with_nothing_inside_is_counted(inside):
    reading = told(
        thing("observed-data", objects=inside, first_observed=WHEN, last_observed=WHEN, number_observed=1)
    )
    assert reading.claims == []
    assert reading.skipped["observed data without identifier of the vocabulary"] == 1


def test_a_sample_of_a_malware_indicates_it():
    file = thing("file", 7, hashes={"SHA-256": SHA256})
    malware = {**RYUK, "sample_refs": [file["id"], "file--00000000-0000-4000-8000-000000000404"]}
    for order in ([file, malware], [malware, file]):
        assert (f"file:sha256:{SHA256}", "indicates", "malware:ryuk") in told(*order).said


def test_observables_without_an_id_are_each_themselves():
    things = [{"type": "domain-name", "value": f"evil{n}.com"} for n in range(3)]
    reading = read(Stix2(), made(bundle(*things, RYUK), path="_.json"))
    assert {c.subject.value for c in reading.claims if c.property == "attribute"} == {
        "evil0.com",
        "evil1.com",
        "evil2.com",
    }
    assert [one.place for one in reading.rejected] == [f"/objects/{n}/id" for n in range(3)]


def test_a_relationship_without_ends_ties_no_objects_that_lack_an_id():
    nameless = {key: value for key, value in RYUK.items() if key != "id"}
    lost = thing("relationship", 9, relationship_type="uses")
    reading = told(nameless, {**nameless, "name": "Emotet"}, lost)
    assert {claim.property for claim in reading.claims} == {"name"}
    assert "/objects/2" in {one.place for one in reading.rejected}
