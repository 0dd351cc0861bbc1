"""RDAP: a domain's name servers, registrar and days are told of the domain, and of no person."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from line_reading import claims, document, read_as, rejected, skipped, told_at

from chokepoint.collect.rdap import NO_DOMAIN, OTHERS
from chokepoint.desk.looking.taken import taken


def card(*lines: list[Any]) -> list[Any]:
    return ["vcard", [["version", {}, "text", "4.0"], *lines]]


ANSWER: dict[str, Any] = {
    "rdapConformance": ["rdap_level_0"],
    "objectClassName": "domain",
    "handle": "D-1",
    "ldhName": "BAD-SITE.COM",
    "status": ["client transfer prohibited"],
    "events": [
        {"eventAction": "registration", "eventDate": "2023-05-01T10:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2027-05-01T10:00:00Z"},
    ],
    "entities": [
        {
            "objectClassName": "entity",
            "handle": "292",
            "roles": ["registrar"],
            "vcardArray": card(["fn", {}, "text", "MarkMonitor Inc."]),
            "entities": [
                {"roles": ["abuse"], "vcardArray": card(["email", {}, "text", "abuse@markmonitor.com"])}
            ],
        },
        {
            "roles": ["registrant"],
            "vcardArray": card(["fn", {}, "text", "Jane Private"], ["email", {}, "text", "jane@private.org"]),
        },
    ],
    "nameservers": [
        {
            "objectClassName": "nameserver",
            "ldhName": "NS1.HOSTER.NET",
            "ipAddresses": {"v4": ["185.220.101.45"], "v6": ["2a03:2880:f12f::1"]},
        },
        {"objectClassName": "nameserver", "ldhName": "ns2.hoster.net."},
    ],
}


def read(tree: Any) -> list[Any]:
    return read_as("rdap", document(json.dumps(tree), "bad-site.json"))


def test_the_answer_is_told_of_the_domain_at_its_pointers() -> None:
    assert told_at(read(ANSWER)) == {
        ("/", "bad-site.com", "attribute", "registrar: MarkMonitor Inc."),
        ("/", "bad-site.com", "attribute", "registration: 2023-05-01T10:00:00Z"),
        ("/", "bad-site.com", "attribute", "expiration: 2027-05-01T10:00:00Z"),
        ("/", "bad-site.com", "attribute", "domain status: client transfer prohibited"),
        ("/nameservers/0", "bad-site.com", "name-server", "ns1.hoster.net"),
        ("/nameservers/0", "ns1.hoster.net", "resolves-to", "185.220.101.45"),
        ("/nameservers/0", "ns1.hoster.net", "resolves-to", "2a03:2880:f12f::1"),
        ("/nameservers/1", "bad-site.com", "name-server", "ns2.hoster.net"),
    }


def test_neither_registrant_nor_help_desk_is_told() -> None:
    items = read(ANSWER)
    assert not any("jane" in str(one).casefold() or "abuse@" in str(one) for one in claims(items))
    assert skipped(items)[OTHERS] == 1


def test_it_has_its_name_server_since_it_is_registered() -> None:
    [first, *_] = [one for one in claims(read(ANSWER)) if one.property == "name-server"]
    assert first.observed is not None
    assert first.observed.start == "2023-05-01"


def test_check_calls_no_name_server_an_indicator() -> None:
    lines = taken(document(json.dumps(ANSWER), "a.json"), {}, [], Counter())
    roles = {one.entity.value: one.role for line in lines for one in line.found.values()}
    assert roles["ns1.hoster.net"] == "context"
    assert roles["185.220.101.45"] == "context"


@pytest.mark.parametrize("field", ["events", "entities", "nameservers", "status"])
@pytest.mark.parametrize(
    "value", [None, 7, "x", [None, 7, []], {"a": []}], ids=["null", "int", "str", "list", "map"]
)
def test_a_field_of_another_type_costs_only_itself(field: str, value: Any) -> None:
    items = read({**ANSWER, field: value})
    assert any(one.subject.value == "bad-site.com" for one in claims(items))


@pytest.mark.parametrize("value", [None, [], ["vcard"], ["vcard", 7], ["vcard", [[], ["fn"]]]], ids=str)
def test_a_registrar_without_a_card_goes_by_its_handle(value: Any) -> None:
    who = {"roles": ["registrar"], "handle": "292", "vcardArray": value}
    assert ("/", "bad-site.com", "attribute", "registrar: 292") in told_at(
        read({**ANSWER, "entities": [who]})
    )


def test_a_broken_name_is_refused_where_it_stands() -> None:
    servers = [{"ldhName": "no name"}, {"ldhName": "ns1.hoster.net", "ipAddresses": {"v4": ["1.2.3"]}}]
    items = read({**ANSWER, "nameservers": servers})
    assert [one.place for one in rejected(items)] == ["/nameservers/0", "/nameservers/1"]


def test_several_answers_are_each_at_its_place_and_of_networks_nothing_is_taken() -> None:
    items = read([ANSWER, {"objectClassName": "ip network", "handle": "NET-1"}])
    assert ("/0/nameservers/1", "bad-site.com", "name-server", "ns2.hoster.net") in told_at(items)
    assert skipped(items)[NO_DOMAIN] == 1
