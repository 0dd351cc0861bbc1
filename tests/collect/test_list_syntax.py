"""Blocklists of each syntax: what is blocked is taken, what is excepted never, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, skipped

from chokepoint.collect.base import Rejected
from chokepoint.collect.list_syntax import EXCEPTION, Listed, listed
from chokepoint.collect.plain_list import PlainList
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.titles import title_of

ADBLOCK = (
    "[Adblock Plus]\n! Title: Phishing URL Blocklist\n! License: https://creativecommons.org\n||evil-bank.com^$all\n"
    "||bad.example-pay.net/login^$document\n@@||good-bank.com^$document\nevil-shop.com##.ad\n"
)
DNSMASQ = (
    "# Title: dnsmasq list\naddress=/evil-bank.com/0.0.0.0\naddress=/bad-pay.net/#\nserver=/corp.internal/10.0.0.1\n"
    "local=/evil-two.com/\n"
)
RPZ = (
    "$TTL 2h\n@ IN SOA localhost. root.localhost. (2024050201 2h 1h 1w 30)\n  IN NS localhost.\n; Title: RPZ\n"
    "evil-bank.com CNAME .\n*.evil-bank.com CNAME .\ngood-bank.com CNAME rpz-passthru.\n"
    "32.7.90.231.42.rpz-ip CNAME .\n24.0.113.0.203.rpz-ip CNAME rpz-drop.\nbad-two.com 60 IN CNAME *.\n"
)
UNBOUND = 'local-zone: "evil-bank.com" always_nxdomain\nzone "evil-two.com" { type master; file "null"; };\n'


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        pytest.param(ADBLOCK, {"evil-bank.com", "http://bad.example-pay.net/login"}, id="ad blocker"),
        pytest.param(DNSMASQ, {"evil-bank.com", "bad-pay.net", "evil-two.com"}, id="dnsmasq"),
        pytest.param(
            RPZ, {"evil-bank.com", "42.231.90.7", "203.0.113.0/24", "bad-two.com"}, id="response policy zone"
        ),
        pytest.param(UNBOUND, {"evil-bank.com", "evil-two.com"}, id="unbound"),
    ],
)
def test_a_blocklist_of_each_syntax_is_a_list_of_what_it_blocks(text: str, taken: set[str]) -> None:
    found = document(text, "list.dat")
    assert recognise(found, collectors()).name == "plain-list"
    said = {one.subject.value for one in claims(PlainList().read(found)) if one.property == "mentioned-in"}
    assert said == taken


@pytest.mark.parametrize(
    ("text", "count"), [(ADBLOCK, 1), (RPZ, 1)], ids=["ad blocker", "response policy zone"]
)
def test_what_a_list_excepts_is_counted_and_never_called_bad(text: str, count: int) -> None:
    items = list(PlainList().read(document(text, "list.dat")))
    assert "good-bank.com" not in repr(claims(items))
    assert skipped(items)[EXCEPTION] == count


@pytest.mark.parametrize("text", [ADBLOCK, DNSMASQ, RPZ, UNBOUND], ids=["ad", "dnsmasq", "rpz", "unbound"])
def test_every_line_is_taken_or_counted(text: str) -> None:
    items = list(PlainList().read(document(text, "list.dat")))
    places = {one.place for one in claims(items)}
    assert len(places) + sum(skipped(items).values()) == len(text.split("\n"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("0.0.0.0 evil.com", Listed("evil.com")),
        ("::1\tevil.com", Listed("evil.com")),
        ("1.2.3.4 evil.com", None),
        ("||evil.com^$third-party,domain=a.com", Listed("evil.com")),
        ("||evil.com^$third-party", Listed("evil.com")),
        ("||evil.com/", Listed("evil.com")),
        ("|https://evil.com/a|", Listed("http://evil.com/a")),
        ("www.evil.com CNAME evil.com.", None),
        ("33.7.90.231.42.rpz-ip CNAME .", Listed("42.231.90.7/33")),
        ("server=/corp.internal/10.0.0.1", Listed("", "comment")),
        ("evil.com", None),
        ("evil.com # bad", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_line_is_read_as_its_program_reads_it(line: str, found: Listed | None) -> None:
    assert listed(line) == found


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("0812345678", id="a phone number without its country"),
        pytest.param("4111 1111 1111 1111", id="a card"),
        pytest.param("66812345678 # scammer", id="a number with a comment"),
    ],
)
def test_a_number_that_is_no_identifier_is_refused_by_its_line_and_no_comment(line: str) -> None:
    found = list(PlainList().read(document(f"evil.com\n{line}\nbad.com\n", "list.txt")))
    assert [one.place for one in found if isinstance(one, Rejected)] == ["line 2"]
    assert "comment" not in skipped(found)


def test_numbers_of_a_zone_are_a_comment_as_its_own_comments_tell_them() -> None:
    text = "@ IN SOA localhost. root.localhost. (\n 2024050201 ; serial\n 3600 )\nevil.com CNAME .\n"
    found = list(PlainList().read(document(text, "zone.txt")))
    assert skipped(found)["comment"] == 3
    assert not [one for one in found if isinstance(one, Rejected)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param("[evil.com]", "evil.com", id="in brackets, as a filter list begins"),
        pytest.param("http://evil.com/a##b", "http://evil.com/a", id="an address with two signs of a filter"),
        pytest.param(
            "1234567890" * 3 + "12", "md5:" + "1234567890" * 3 + "12", id="a digest of figures alone"
        ),
    ],
)
def test_what_is_one_indicator_is_never_left_out_as_a_comment(line: str, value: str) -> None:
    found = list(PlainList().read(document(f"bad.org\n{line}\n", "list.txt")))
    assert [one.subject.value for one in claims(found) if one.place == "line 2"][:1] == [value]


@given(st.text(max_size=200))
def test_no_line_breaks_the_reader_and_none_is_both_value_and_note(line: str) -> None:
    found = listed(line)
    assert found is None or bool(found.value) is not bool(found.note)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$ORIGIN evil-shop.com.\n@ IN SOA x. y. (1)\n", id="a zone"),
        pytest.param("! Title: List of somebody\n||evil.com^\n", id="a filter list"),
        pytest.param("# StevenBlack\n0.0.0.0 evil.com\n", id="a hosts file"),
        pytest.param("Domain Name: EVIL-PUMP.COM\nRegistrar: X\n", id="a record of a registry"),
        pytest.param("; made by us\nevil.com\n", id="a comment"),
    ],
)
def test_what_speaks_to_a_program_has_no_title_that_a_campaign_could_be_called_by(text: str) -> None:
    assert title_of(text) == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Operation Ghost\n\nThey used evil.com.\n", "Operation Ghost"),
        ("Operation Ghost: new malware\n\nThey used evil.com.\n", "Operation Ghost: new malware"),
    ],
)
def test_a_heading_of_people_still_is_one(text: str, title: str) -> None:
    assert title_of(text) == title
