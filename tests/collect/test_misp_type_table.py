"""Every attribute type that MISP has for an identifier, with a value of it and what it stands for."""

from __future__ import annotations

import pytest
from misp_making import MD5, SHA256, SUBJECT, WALLET, attribute, beyond_the_head, told

from chokepoint.collect.misp_types import (
    ACCOUNTS,
    CONTEXT_ONLY,
    DIGESTS,
    IP_TYPES,
    KINDS,
    NOTES,
    parts,
    whole_type,
)

XMR = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
IBAN = "DE89370400440532013000"
SHA1 = "a" * 40
VALUES = {
    "domain": ("evil.com", "domain-name:evil.com"),
    "hostname": ("a.evil.com", "domain-name:a.evil.com"),
    "fqdn": ("evil.com", "domain-name:evil.com"),
    "url": ("http://evil.com/x", "url:http://evil.com/x"),
    "uri": ("http://evil.com/x", "url:http://evil.com/x"),
    "onion-address": (f"{'a' * 16}.onion", f"onion-service:{'a' * 16}.onion"),
    "email": ("a@evil.com", "email-addr:a@evil.com"),
    "email-src": ("a@evil.com", "email-addr:a@evil.com"),
    "email-dst": ("a@evil.com", "email-addr:a@evil.com"),
    "email-reply-to": ("a@evil.com", "email-addr:a@evil.com"),
    "whois-registrant-email": ("a@evil.com", "email-addr:a@evil.com"),
    "dns-soa-email": ("a@evil.com", "email-addr:a@evil.com"),
    "eppn": ("a@evil.com", "email-addr:a@evil.com"),
    "btc": (WALLET, f"crypto-address:{WALLET}"),
    "xmr": (XMR, f"crypto-address:{XMR}"),
    "iban": (IBAN, f"bank-account:iban:{IBAN}"),
    "bank-account-nr": (IBAN, f"bank-account:iban:{IBAN}"),
    "phone-number": ("+66 81 234 5678", "phone-number:+66812345678"),
    "prtn": ("+66812345678", "phone-number:+66812345678"),
    "whois-registrant-phone": ("+66812345678", "phone-number:+66812345678"),
    "AS": ("64500", "autonomous-system:AS64500"),
    "mac-address": ("00:11:22:33:44:55", "device:mac:00:11:22:33:44:55"),
    "x509-fingerprint-sha1": (SHA1, f"x509-certificate:sha1:{SHA1}"),
    "x509-fingerprint-sha256": (SHA256, f"x509-certificate:sha256:{SHA256}"),
    "x509-fingerprint-md5": (MD5, f"x509-certificate:md5:{MD5}"),
    "ip-src": ("91.243.44.18", "ipv4-addr:91.243.44.18"),
    "ip-dst": ("91.243.44.0/24", "ipv4-addr:91.243.44.0/24"),
    "ip": ("2001:db8::1", "ipv6-addr:2001:db8::1"),
    "ip-any": ("91.243.44.18", "ipv4-addr:91.243.44.18"),
    "twitter-id": ("@FoxDesk", "user-account:twitter:foxdesk"),
    "github-username": ("fox-desk", "user-account:github:fox-desk"),
    "telegram-username": ("foxdesk", "user-account:telegram:foxdesk"),
    "md5": (MD5, f"file:md5:{MD5}"),
    "sha1": (SHA1, f"file:sha1:{SHA1}"),
    "sha256": (SHA256, f"file:sha256:{SHA256}"),
    "imphash": (MD5, f"file:imphash:{MD5}"),
}
INDICATING = [*VALUES]


@pytest.mark.parametrize("sort", INDICATING)
def test_a_value_of_each_type_is_its_identifier_and_indicates_the_event(sort):
    value, entity = VALUES[sort]
    reading = told(attribute(sort, value))
    assert reading.rejected == []
    assert (entity, "indicates", SUBJECT) in reading.said


@pytest.mark.parametrize("sort", INDICATING)
def test_the_same_value_not_meant_for_detection_is_only_mentioned(sort):
    value, entity = VALUES[sort]
    links = {prop for who, prop, _ in told(attribute(sort, value, to_ids=False)).said if who == entity}
    assert "mentioned-with" in links
    assert "indicates" not in links


@pytest.mark.parametrize("sort", INDICATING)
def test_rubbish_under_each_type_is_rejected_at_its_value_with_a_mend(sort):
    reading = told(attribute(sort, "@@ !!"))
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0/value"]
    assert "Mend: " in reading.rejected[0].reason
    assert beyond_the_head(reading) == set()


@pytest.mark.parametrize("sort", INDICATING)
@pytest.mark.parametrize("value", ["", "   ", None], ids=["empty", "blank", "null"])
def test_nothing_under_each_type_is_rejected_and_said_to_be_nothing(sort, value):
    reading = told(attribute(sort, value))
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0/value"]
    assert "nothing is written" in reading.rejected[0].reason or sort in ACCOUNTS | dict.fromkeys(DIGESTS)


@pytest.mark.parametrize(
    ("sort", "value", "expected"),
    [
        pytest.param("ip-src|port", "91.243.44.18|80", {"ipv4-addr:91.243.44.18"}, id="address-port"),
        pytest.param("ip-dst|port", "2001:db8::1|80", {"ipv6-addr:2001:db8::1"}, id="ipv6-port"),
        pytest.param("hostname|port", "evil.com|8080", {"domain-name:evil.com"}, id="host-port"),
        pytest.param(
            "domain|ip",
            "evil.com|91.243.44.18",
            {"domain-name:evil.com", "ipv4-addr:91.243.44.18"},
            id="domain-address",
        ),
        pytest.param("filename|md5", f"a|b.exe|{MD5}", {f"file:md5:{MD5}"}, id="name-with-a-bar"),
        pytest.param("filename|sha256", f"x.exe|{SHA256}", {f"file:sha256:{SHA256}"}, id="name-digest"),
        pytest.param("malware-sample", f"x.exe|{MD5}", {f"file:md5:{MD5}"}, id="sample"),
        pytest.param("regkey|value", "HKLM|x", set(), id="registry"),
    ],
)
def test_a_composite_type_gives_the_identifiers_of_its_parts(sort, value, expected):
    reading = told(attribute(sort, value))
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == expected
    assert reading.rejected == []


@pytest.mark.parametrize("sort", sorted(NOTES))
def test_words_of_each_type_are_said_of_the_event(sort):
    assert (SUBJECT, NOTES[sort], "some words") in told(attribute(sort, "some words")).said


@pytest.mark.parametrize("sort", sorted(CONTEXT_ONLY))
def test_who_was_targeted_is_never_taken_for_an_indicator(sort):
    reading = told(attribute(sort, "a@evil.com"))
    assert beyond_the_head(reading) == set()
    assert reading.skipped[f"MISP type {sort}"] == 1


@pytest.mark.parametrize(
    "sort", ["yara", "snort", "sigma", "mutex", "regkey", "user-agent", "filename", "port", "x-own", ""]
)
def test_a_type_without_identifier_is_counted_by_its_name(sort):
    reading = told(attribute(sort, "value"))
    assert beyond_the_head(reading) == set()
    assert reading.skipped[f"MISP type {sort or 'unknown'}"] == 1


def test_no_type_is_in_two_tables():
    tables = [set(KINDS), set(ACCOUNTS), set(DIGESTS), set(IP_TYPES), set(NOTES), set(CONTEXT_ONLY)]
    assert sum(map(len, tables)) == len(set().union(*tables))


def test_the_last_bar_of_a_file_name_is_the_one_before_its_digest():
    assert parts("filename|md5", "a|b|c") == [("filename", "a|b"), ("md5", "c")]
    assert parts(whole_type("malware-sample"), "a|b|c") == [("filename", "a|b"), ("md5", "c")]
    assert parts("domain|ip", "a") == [("domain", "a")]
