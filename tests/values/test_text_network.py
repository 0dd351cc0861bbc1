"""Hosts, mailboxes, onions and addresses in running text: spelt out, in mail heads, in code, next to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minting import onion as mint_onion

from chokepoint.model.errors import NotValidError
from chokepoint.values import registry
from chokepoint.values.text import scan

V2 = "avaddongun7rngel.onion"


def found(text):
    return [tuple(one.entity) for one in scan(text)]


def kinds(text):
    return [kind for kind, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("write to bob99 at evil dot com", "bob99@evil.com"),
        ("bob_x at evil-shop dot co dot th", "bob_x@evil-shop.co.th"),
        ("bob99 arroba evil punto es", "bob99@evil.es"),
        ("bob99 arobase evil point fr", "bob99@evil.fr"),
        ("bob99 ät evil punkt de", "bob99@evil.de"),
        ("bob99 แอท evil จุด com", "bob99@evil.com"),
        ("bob99 アット evil ドット jp", "bob99@evil.jp"),
        ("bob.x @ evil.com", "bob.x@evil.com"),
        ("e-mail: bob @ evil.com", "bob@evil.com"),
        ("bob(at)evil(dot)com", "bob@evil.com"),
        ("BOB AT EVIL DOT COM".replace("BOB", "BOB9"), "bob9@evil.com"),
    ],
)
def test_a_mailbox_spelt_out_in_any_language_is_one(text, value):
    assert ("email-addr", value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "meet me at noon dot",
        "look at evil.com today",
        "good at math",
        "the dot com crash",
        "a point of view",
        "dinner @ restaurant",
        "we are at the bank",
        "punto y aparte",
        "at dot at dot at",
    ],
)
def test_words_that_only_sound_like_an_address_are_none(text):
    assert not {"email-addr"} & set(kinds(text))


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from(["{}", "http://{}/", "http://{}/login", "chat at {}.", "({})", "【{}】", "{}:8080"]),
)
def test_an_onion_service_of_version_3_is_found_in_every_dress(key, form):
    name = mint_onion(key)
    assert ("onion-service", name) in found(f"the gang: {form.format(name)} now")


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.integers(1, 31))
def test_an_onion_service_with_a_changed_letter_is_none(key, at, step):
    name = mint_onion(key)
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    changed = name[:at] + alphabet[(alphabet.index(name[at]) + step) % 32] + name[at + 1 :]
    assert "onion-service" not in kinds(f"see {changed} now")
    with pytest.raises(NotValidError):
        registry.parse("onion-service", changed)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"http://www.{V2}/x", [("url", f"http://www.{V2}/x"), ("onion-service", V2)]),
        (f"{V2}/login", [("onion-service", V2), ("url", f"http://{V2}/login")]),
        (f"{V2.upper()}", [("onion-service", V2)]),
        (f"{V2[:-6]}[.]onion", [("onion-service", V2)]),
        (f"bob@{V2}", [("email-addr", f"bob@{V2}")]),
        (f"{V2}, {V2}", [("onion-service", V2), ("onion-service", V2)]),
        ("short.onion", []),
        ("onion.com", [("domain-name", "onion.com")]),
        (f"x{V2}", []),
        (f"{V2}s", []),
        ("a" * 57 + ".onion", []),
        ("red onion. onions", []),
    ],
    ids=[
        "page",
        "path",
        "capitals",
        "defanged",
        "mailbox",
        "twice",
        "short",
        "com",
        "glued-before",
        "glued-behind",
        "long",
        "vegetable",
    ],
)
def test_an_onion_service_is_its_16_or_56_letters_and_nothing_glued_to_them(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("From: Bank <support@evil-pay.top>", ["support@evil-pay.top"]),
        ("From: =?utf-8?B?abc?= <support@evil-pay.top>", ["support@evil-pay.top"]),
        ("Reply-To: a@evil-pay.top, b@evil-pay.top", ["a@evil-pay.top", "b@evil-pay.top"]),
        ("Return-Path: <bounce+x=y@evil-pay.top>", None),
        ("Message-ID: <abc123@mail.evil-pay.top>", []),
        ("In-Reply-To: <abc123@mail.evil-pay.top>", []),
        ("References: <a@x-evil.com> <b@y-evil.com>", []),
        ("Content-ID: <img1@evil-pay.top>", []),
        ("List-Unsubscribe: <mailto:out@evil-pay.top>", ["out@evil-pay.top"]),
        ("Authentication-Results: spf=pass smtp.mailfrom=support@evil-pay.top", ["support@evil-pay.top"]),
    ],
)
def test_a_head_of_a_mail_names_mailboxes_and_its_numbers_are_none(line, wanted):
    got = [value for kind, value in found(line) if kind == "email-addr"]
    if wanted is None:
        assert len(got) <= 1
        return
    assert got == wanted


def test_the_relays_of_a_mail_are_hosts_and_addresses():
    text = "Received: from smtp7.vps-lattice.net (unknown [91.206.14.77])\n by mx1.school-trust.org (Postfix) with ESMTPS id 4ABC\n for <bob@school-trust.org>; Tue, 14 Jan 2025 09:12:44 +0000"
    assert found(text) == [
        ("domain-name", "smtp7.vps-lattice.net"),
        ("ipv4-addr", "91.206.14.77"),
        ("domain-name", "mx1.school-trust.org"),
        ("email-addr", "bob@school-trust.org"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("evil.com/a", [("url", "http://evil.com/a")]),
        ("evil.com:8080/a", [("url", "http://evil.com:8080/a")]),
        ("evil.com:8080", [("domain-name", "evil.com")]),
        ("evil.com/", [("domain-name", "evil.com")]),
        ("1.2.3.4/a.php", [("url", "http://1.2.3.4/a.php")]),
        ("1.2.3.4:8080/a", [("url", "http://1.2.3.4:8080/a")]),
        ("1.2.3.0/24", [("ipv4-addr", "1.2.3.0/24")]),
        ("http://evil.com http://evil.com/", [("url", "http://evil.com/"), ("url", "http://evil.com/")]),
        ("http://evil.comhttp://bad.com", None),
        ("http://user:pw@evil.com/x", [("url", "http://user:pw@evil.com/x")]),
        ("http://[2001:db8::1]/x", [("url", "http://[2001:db8::1]/x")]),
        ("https://evil.com?x=1", [("url", "https://evil.com/?x=1")]),
        ("https://evil.com:443/x", [("url", "https://evil.com/x")]),
        ("ftp://evil.com/x", [("url", "ftp://evil.com/x")]),
        ("ssh://evil.com", None),
        ("javascript:alert(1)", []),
        ("http://localhost:8080/x", []),
        ("http://evil.php/x", []),
        ("//evil.com/x", None),
        ("http:///", []),
        ("http://", []),
        ("www.evil.com", [("domain-name", "www.evil.com")]),
        ("EVIL.COM/PATH", [("url", "http://evil.com/PATH")]),
    ],
)
def test_what_is_an_address_with_a_path_and_what_a_bare_host(text, wanted):
    got = found(text)
    if wanted is not None:
        assert got == wanted
    assert all(registry.parse(*pair) for pair in got)


@pytest.mark.parametrize(
    "text",
    [
        "aa:bb:cc:dd:ee:ff",
        "10:20:30",
        "std::string::npos",
        "a::b",
        "::",
        "12:34:56:78",
        "face::book",
        "dead:beef",
        "2024:01:02:03:04:05:06:07:08:09",
    ],
)
def test_colons_alone_make_no_ipv6_address(text):
    assert "ipv6-addr" not in kinds(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("host 2001:db8:1::7 up", "2001:db8:1::7"),
        ("[2001:db8:1::7]:443", "2001:db8:1::7"),
        ("2001:DB8:1:0:0:0:0:7,", "2001:db8:1::7"),
        ("2001:db8:1::/48", "2001:db8:1::/48"),
        ("addr:2001:db8:1::7", None),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"),
        ("::ffff:91.206.14.77", "::ffff:91.206.14.77"),
        ("2a10[:]c943[:]100[:]4f[:][:]a2", "2a10:c943:100:4f::a2"),
    ],
)
def test_an_ipv6_address_is_read_in_its_forms(text, value):
    got = [found_value for kind, found_value in found(text) if kind == "ipv6-addr"]
    assert got == ([value] if value else got)


@given(
    st.lists(
        st.sampled_from(
            ["evil-a.com", "http://evil-b.com/x", "bob@evil-c.com", "91.206.14.77", V2, "2001:db8:1::7"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([", ", " ", "\n", "; ", " and ", " / ", "\t", " | "]),
)
def test_a_list_gives_back_its_items_whatever_parts_them(items, mark):
    got = [one.raw for one in scan(mark.join(items))]
    assert got == items
