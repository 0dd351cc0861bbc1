"""What a warning list lists, by its type and by what it matches; and what it says of itself."""

from __future__ import annotations

import pytest
from structured_reading import Reading, made, read

from chokepoint.collect.misp_warninglist import MispWarninglist
from chokepoint.model.errors import BadInputError

LIST = "known-list:good things"
MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def listed(*entries, sort: str = "string", **more) -> Reading:
    head = {"name": "Good things", "type": sort, "version": 1, "matching_attributes": ["domain", "ip-dst"]}
    return read(MispWarninglist(), made({**head, "list": list(entries), **more}))


def on_it(reading: Reading) -> set[str]:
    return {who for who, prop, thing in reading.said if (prop, thing) == ("listed-on", LIST)}


def test_a_list_says_exactly_what_was_written_down_by_hand():
    reading = listed(
        "good.example.com",
        "8.8.8.8",
        "/index.html",
        sort="hostname",
        description="well known",
        extra={"by": ["CERT-B"]},
    )
    assert reading.said == {
        (LIST, "name", "Good things"),
        (LIST, "category", "hostname"),
        (LIST, "description", "well known"),
        (LIST, "attribute", "matches: domain"),
        (LIST, "attribute", "matches: ip-dst"),
        (LIST, "attribute", "version: 1"),
        (LIST, "attribute", "extra.by: CERT-B"),
        ("domain-name:good.example.com", "listed-on", LIST),
        ("domain-name:good.example.com", "subdomain-of", "domain-name:example.com"),
        ("ipv4-addr:8.8.8.8", "listed-on", LIST),
        (LIST, "pattern", "hostname:/index.html"),
    }
    assert reading.rejected == []


@pytest.mark.parametrize("sort", ["string", "substring", "hostname", "cidr", "regex"])
def test_no_entry_of_any_type_is_ever_called_bad(sort):
    links = {"listed-on", "subdomain-of", "hosted-at"}
    words = {"name", "category", "attribute", "pattern"}
    reading = listed("good.example.com", "8.8.8.8", "https://good.example.org/x", MD5, sort=sort)
    assert {prop for _, prop, _ in reading.said} <= links | words


@pytest.mark.parametrize(
    ("sort", "entry", "entity"),
    [
        pytest.param("string", "good.com", "domain-name:good.com", id="domain"),
        pytest.param("string", "GOOD.com", "domain-name:good.com", id="capitals"),
        pytest.param("hostname", ".good.com", "domain-name:good.com", id="all-below"),
        pytest.param("substring", ".good.com", "domain-name:good.com", id="substring-of-a-domain"),
        pytest.param("hostname", "xn--mnchen-3ya.de", "domain-name:xn--mnchen-3ya.de", id="punycode"),
        pytest.param("string", "8.8.8.8", "ipv4-addr:8.8.8.8", id="address"),
        pytest.param("string", "2001:4860:4860::8888", "ipv6-addr:2001:4860:4860::8888", id="ipv6"),
        pytest.param("cidr", "10.0.0.0/8", "ipv4-addr:10.0.0.0/8", id="network"),
        pytest.param("cidr", "8.8.8.8", "ipv4-addr:8.8.8.8", id="network-of-one"),
        pytest.param("cidr", "2001:db8::/32", "ipv6-addr:2001:db8::/32", id="ipv6-network"),
        pytest.param("string", "https://good.com/x", "url:https://good.com/x", id="url"),
        pytest.param("string", "help@good.com", "email-addr:help@good.com", id="mailbox"),
    ],
)
def test_an_entry_is_the_identifier_that_it_is_written_as(sort, entry, entity):
    assert on_it(listed(entry, sort=sort)) == {entity}


@pytest.mark.parametrize(
    ("sort", "entry"),
    [
        pytest.param("regex", "good.com", id="a-regex-is-never-a-domain"),
        pytest.param("regex", "([", id="broken-regex"),
        pytest.param("regex", "8.8.8.8", id="a-regex-is-never-an-address"),
        pytest.param("string", "localhost", id="word"),
        pytest.param("string", "5", id="number-as-text"),
        pytest.param("substring", "/wp-content/", id="path"),
        pytest.param("string", "ทดสอบ", id="thai"),
        pytest.param("string", MD5, id="digest-where-digests-are-not-matched"),
    ],
)
def test_what_is_no_identifier_stays_as_a_pattern_of_the_list(sort, entry):
    reading = listed(entry, sort=sort)
    assert on_it(reading) == set()
    assert (LIST, "pattern", f"{sort}:{entry}") in reading.said


@pytest.mark.parametrize("matching", [["md5"], ["filename|md5"], ["sha1", "domain"], []], ids=str)
def test_a_digest_is_one_where_the_list_matches_digests_or_does_not_say(matching):
    assert on_it(listed(MD5, matching_attributes=matching)) == {f"file:md5:{MD5}"}


@pytest.mark.parametrize("entry", ["999.1.1.1/8", "10.0.0.0/33", "2001:db8::/129", "good.com", "nonsense"])
def test_an_entry_of_a_network_list_that_is_no_network_is_rejected(entry):
    reading = listed(entry, "8.8.8.8", sort="cidr")
    assert [one.place for one in reading.rejected] == ["/list/0"]
    assert "Mend: " in reading.rejected[0].reason
    assert on_it(reading) == {"ipv4-addr:8.8.8.8"}


@pytest.mark.parametrize("entry", [None, "", "  ", [], {}, ["a"], {"a": 1}, False], ids=repr)
def test_an_entry_that_is_no_text_is_rejected_at_its_pointer(entry):
    reading = listed("good.com", entry, "fine.com")
    assert [one.place for one in reading.rejected] == ["/list/1"]
    assert on_it(reading) == {"domain-name:good.com", "domain-name:fine.com"}


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        pytest.param("description", ["a"], "/description", id="description"),
        pytest.param("matching_attributes", {"a": 1}, "/matching_attributes", id="matching-mapping"),
        pytest.param(
            "matching_attributes", ["domain", {"a": 1}], "/matching_attributes/1", id="matching-entry"
        ),
        pytest.param("type", ["string"], "/type", id="type"),
    ],
)
def test_a_field_of_the_wrong_type_is_rejected_and_the_entries_are_read(key, value, place):
    reading = listed("good.com", **{key: value})
    assert [one.place for one in reading.rejected] == [place]
    assert on_it(reading) == {"domain-name:good.com"}


@pytest.mark.parametrize("name", [None, "", "---", [], {}], ids=repr)
def test_a_list_without_a_name_is_refused_because_nothing_can_be_listed_on_it(name):
    with pytest.raises(BadInputError, match="no name") as refusal:
        listed("good.com", name=name)
    assert (refusal.value.place, bool(refusal.value.mend)) == ("/name", True)


@pytest.mark.parametrize(
    "tree", [[], [1], {"name": "x"}, {"name": "x", "list": {}}, {"name": "x", "list": "a"}, 5], ids=repr
)
def test_a_document_without_a_list_is_refused_as_a_whole(tree):
    with pytest.raises(BadInputError, match="no warning list"):
        read(MispWarninglist(), made(tree))


def test_an_empty_list_still_says_what_it_is():
    assert {prop for _, prop, _ in listed().said} == {"name", "category", "attribute"}


def test_the_order_of_entries_does_not_matter():
    entries = ["good.com", ".b.com", "8.8.8.8", "x"]
    assert listed(*entries).said == listed(*entries[::-1]).said


def test_the_entry_as_it_was_written_is_kept_where_the_normal_form_differs():
    claims = {
        str(c.subject): c.raw
        for c in listed(".cdn.example.net", "good.com").claims
        if c.property == "listed-on"
    }
    assert claims == {"domain-name:cdn.example.net": ".cdn.example.net", "domain-name:good.com": ""}
