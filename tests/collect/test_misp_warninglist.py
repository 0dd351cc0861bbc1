"""Known-good lists never accuse anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structured_reading import Reading, made, read, sample

from chokepoint.collect.misp_warninglist import MispWarninglist
from chokepoint.model.errors import BadInputError

HARMLESS = {
    "listed-on",
    "pattern",
    "category",
    "name",
    "description",
    "attribute",
    "subdomain-of",
    "hosted-at",
    "related-to",
}


def listed(sort: str, *entries, matches=("domain",)) -> Reading:
    content = {
        "name": "Good things",
        "type": sort,
        "version": 1,
        "matching_attributes": list(matches),
        "list": list(entries),
    }
    return read(MispWarninglist(), made(content))


def test_a_parking_address_is_listed():
    reading = read(MispWarninglist(), sample("warninglists/parking.json"))
    assert ("ipv4-addr:194.58.112.174", "listed-on", "known-list:parking domains") in reading.said


@pytest.mark.parametrize("name", ["parking", "google", "contact"])
def test_no_warning_list_ever_says_anything_of_crime(name):
    assert {
        claim.property for claim in read(MispWarninglist(), sample(f"warninglists/{name}.json")).claims
    } <= HARMLESS


@pytest.mark.parametrize(
    ("sort", "entry", "listed_entity"),
    [
        ("cidr", "10.0.0.0/8", "ipv4-addr:10.0.0.0/8"),
        ("cidr", "1.2.3.4", "ipv4-addr:1.2.3.4"),
        ("cidr", "1.2.3.4/32", "ipv4-addr:1.2.3.4"),
        ("cidr", "2001:67c:4e8::/48", "ipv6-addr:2001:67c:4e8::/48"),
        ("hostname", ".example.com", "domain-name:example.com"),
        ("hostname", "bit.ly", "domain-name:bit.ly"),
        ("string", "evil@mail.com", "email-addr:evil@mail.com"),
    ],
)
def test_an_identifier_is_listed_as_itself(sort, entry, listed_entity):
    assert (listed_entity, "listed-on", "known-list:good things") in listed(sort, entry).said


@pytest.mark.parametrize(
    ("sort", "entry"),
    [("regex", "/^(soc|abuse)@.*/i"), ("string", "COM"), ("substring", "-250.")],
)
def test_what_is_no_identifier_is_a_pattern_of_the_list(sort, entry):
    reading = listed(sort, entry)
    assert ("known-list:good things", "pattern", f"{sort}:{entry}") in reading.said
    assert reading.objects("listed-on") == set()


def test_hashes_are_files_only_where_the_list_matches_hashes():
    digest = "d41d8cd98f00b204e9800998ecf8427e"
    assert listed("string", digest, matches=("md5",)).objects("listed-on")
    assert listed("string", digest, matches=("domain",)).objects("listed-on") == set()


def test_type_name_and_matches_are_kept():
    about = listed("cidr").about("known-list:good things")
    assert {
        ("category", "cidr"),
        ("name", "Good things"),
        ("attribute", "matches: domain"),
        ("attribute", "version: 1"),
    } <= about


@given(
    st.lists(
        st.text(max_size=30) | st.integers() | st.none() | st.lists(st.text(max_size=3), max_size=2),
        max_size=8,
    )
)
def test_every_entry_is_one_claim_or_one_rejection(entries):
    reading = listed("string", *entries)
    found = [
        c for c in reading.claims if c.place.startswith("/list/") and c.property in {"listed-on", "pattern"}
    ]
    assert len(found) + len(reading.rejected) == len(entries)


@pytest.mark.parametrize("broken", [[], {"list": "x", "name": "y"}, {"list": [], "name": "…"}])
def test_a_list_without_name_or_list_is_refused(broken):
    with pytest.raises(BadInputError):
        read(MispWarninglist(), made(broken))


def test_a_list_whose_type_stands_at_its_end_is_recognised():
    content = {
        "description": "d",
        "list": [f"x{n}.example.com" for n in range(5_000)],
        "name": "N",
        "type": "hostname",
    }
    assert MispWarninglist().recognises(made(content))
