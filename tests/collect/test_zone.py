"""Zone files: each record that names something is a relation of its owner, at its line."""

from __future__ import annotations

from typing import Any

import pytest
from line_reading import claims, document, read_as, rejected, skipped, told_at, unaccounted

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.zone import OTHER

ZONE = """$ORIGIN bad-site.com.
$TTL 3600
; made by hand
@       IN SOA ns1.hoster.net. admin.bad-site.com. (
            2024010101 ; serial
            7200 3600 1209600 3600 )
        IN NS    ns1.hoster.net.
        IN MX    10 mail.provider.org.
@       300 IN A 185.220.101.45
www     IN CNAME bad-site.com.
api 1h  IN AAAA  2a03:2880:f12f::1
*.shop  A        185.220.101.46
@       IN TXT   "v=spf1 -all"

other-site.net. IN A 185.220.101.47
"""


def read(text: str) -> list[Any]:
    return read_as("dns-zone", document(text, "bad-site.zone"))


def test_every_record_is_told_of_its_whole_owner_at_its_line() -> None:
    assert told_at(read(ZONE)) == {
        ("line 7", "bad-site.com", "name-server", "ns1.hoster.net"),
        ("line 8", "bad-site.com", "mentioned-with", "mail.provider.org"),
        ("line 8", "bad-site.com", "attribute", "mail host: mail.provider.org"),
        ("line 9", "bad-site.com", "resolves-to", "185.220.101.45"),
        ("line 10", "www.bad-site.com", "resolves-to", "bad-site.com"),
        ("line 11", "api.bad-site.com", "resolves-to", "2a03:2880:f12f::1"),
        ("line 12", "shop.bad-site.com", "resolves-to", "185.220.101.46"),
        ("line 15", "other-site.net", "resolves-to", "185.220.101.47"),
    }


def test_no_line_is_lost() -> None:
    items = read(ZONE)
    assert unaccounted(ZONE, items) == 0
    assert skipped(items)["comment"] == 1


def test_nothing_of_a_zone_indicates_anything() -> None:
    assert not any(one.property in {"indicates", "related-to"} for one in claims(read(ZONE)))


def test_without_an_origin_the_start_of_authority_gives_it() -> None:
    text = "bad-site.com. IN SOA a.b.net. c.b.net. 1 2 3 4 5\nwww IN A 185.220.101.45\n"
    assert told_at(read(text)) == {("line 2", "www.bad-site.com", "resolves-to", "185.220.101.45")}


def test_a_broken_address_is_refused_at_its_line() -> None:
    items = read(ZONE + "x IN A 1.2.3\n")
    assert [one.place for one in rejected(items)] == ["line 16"]


def test_a_bracket_that_does_not_close_takes_only_the_rest() -> None:
    items = read(ZONE + "x IN SOA a. b. ( 1\ny IN A 185.220.101.48\n")
    assert ("line 15", "other-site.net", "resolves-to", "185.220.101.47") in told_at(items)
    assert skipped(items)[OTHER] >= 4


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$TTL 1\n@ SOA a. b. 1 2 3 4 5\nevil.com CNAME .\n", id="response policy"),
        pytest.param("evil.com\nworse.com\n", id="list"),
        pytest.param("We saw www IN A 1.2.3.4\nand $ORIGIN\n", id="prose"),
    ],
)
def test_what_is_no_zone_is_read_as_before(text: str) -> None:
    assert recognise(document(text, "a.txt"), collectors()).name != "dns-zone"
