"""Known-good and shared things, one list entry and one entity at a time; what must never be matched or joined."""

from __future__ import annotations

import ipaddress
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_link_known import known, one

from chokepoint.link.known import CATEGORIES, CUSTODIAL, Listed, categories, category, match_known, names_of
from chokepoint.link.ranges import NO_ADDRESS, Ranges, ipv4_numbers

BANKS, SHORT, CLOUD = "List of known bank domains", "URL Shorteners", "List of known Cloudflare IP ranges"


def listed(name, *entries, match=""):
    return Listed(name=name, entries=entries, match=match)


@pytest.mark.parametrize(
    ("entry", "host", "found"),
    [
        ("bank.com", "bank.com", True),
        ("bank.com", "www.bank.com", True),
        ("bank.com", "a.b.c.bank.com", True),
        ("bank.com", "evilbank.com", False),
        ("bank.com", "bank.com.evil.org", False),
        ("bank.com", "bank.comm", False),
        ("bank.com", "com", False),
        (".bank.com", "bank.com", True),
        (".bank.com", "x.bank.com", True),
        ("bank.com.", "bank.com", True),
        ("BANK.com", "bank.com", True),
        ("  bank.com  ", "bank.com", True),
        ("www.bank.com", "bank.com", False),
        ("co.uk", "bank.co.uk", True),
        ("com", "bank.com", False),
    ],
)
def test_a_host_is_the_banks_exactly_or_below_what_is_listed(entry, host, found):
    assert one("domain-name", host, listed(BANKS, entry)) == ({"bank"} if found else set())


@pytest.mark.parametrize("host", ["evil.bit.ly", "a.b.bit.ly"])
def test_below_a_shortener_each_host_is_another_customers(host):
    assert one("domain-name", host, listed(SHORT, "bit.ly")) == set()
    assert one("domain-name", "bit.ly", listed(SHORT, "bit.ly")) == {"url-shortener"}
    assert one("domain-name", "www.bit.ly", listed(SHORT, "bit.ly")) == {"url-shortener"}


@pytest.mark.parametrize(
    "value", ["xn--bnk-tla.com", "bаnk.com", "ban\u200bk.com", "bank.com\u202e", "bank\0.com"]
)
def test_a_lookalike_of_a_bank_is_no_bank(value):
    assert one("domain-name", value, listed(BANKS, "bank.com")) == set()


@pytest.mark.parametrize("entry", ["", " ", ".", "..", "/", "0.0.0.0/99", "::/200", "1.2.3", "*", "\0"])
def test_a_useless_entry_matches_nothing_and_spoils_nothing(entry):
    lists = listed(BANKS, entry, "bank.com")
    assert one("domain-name", "bank.com", lists) == {"bank"}
    assert one("domain-name", "other.com", lists) == set()
    assert one("ipv4-addr", "8.8.8.8", lists) == set()


@pytest.mark.parametrize(
    ("entry", "address", "found"),
    [
        ("10.0.0.0/8", "10.255.255.255", True),
        ("10.0.0.0/8", "11.0.0.0", False),
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("10.0.0.7/32", "10.0.0.7", True),
        ("10.0.0.7/24", "10.0.0.200", True),
        ("0.0.0.0/0", "255.255.255.255", True),
        ("0.0.0.0/0", "0.0.0.1", True),
        ("10.0.0.0/33", "10.0.0.0", False),
        ("10.0.0.0/-1", "10.0.0.0", False),
        ("10.0.0.0/", "10.0.0.0", False),
        ("010.0.0.1", "10.0.0.1", True),
        ("256.0.0.1", "0.0.0.1", False),
    ],
)
def test_an_address_is_matched_by_its_number(entry, address, found):
    assert one("ipv4-addr", address, listed(CLOUD, entry)) == ({"cloud"} if found else set())


@pytest.mark.parametrize(
    ("entry", "address", "found"),
    [
        ("2001:db8::/32", "2001:db8:1::5", True),
        ("2001:db8::/32", "2001:db9::", False),
        ("2001:DB8::5", "2001:db8::5", True),
        ("::/0", "fe80::1", True),
        ("2001:db8::/129", "2001:db8::", False),
        ("2001:db8::/32", "2001:db8::%eth0", True),
        ("2001:db8::/32", "nonsense", False),
    ],
)
def test_a_long_address_is_matched_by_its_network(entry, address, found):
    assert one("ipv6-addr", address, listed(CLOUD, entry)) == ({"cloud"} if found else set())


def test_a_number_of_the_one_kind_is_never_matched_by_a_range_of_the_other():
    assert one("ipv4-addr", "1.2.3.4", listed(CLOUD, "::/0")) == set()
    assert one("ipv6-addr", "::1", listed(CLOUD, "0.0.0.0/0")) == set()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("x@mailinator.com", {"disposable-email"}),
        ("x@inbox.mailinator.com", {"disposable-email"}),
        ("mailinator.com@evil.org", set()),
        ('"a@mailinator.com"@evil.org', set()),
        ("mailinator.com", {"disposable-email"}),
        ("x@notmailinator.com", set()),
        ("@", set()),
    ],
)
def test_a_mailbox_is_matched_by_its_host_alone(address, found):
    assert one("email-addr", address, listed("Disposable email domains", "mailinator.com")) == found


def test_a_mailbox_at_a_bank_is_not_the_banks_own():
    assert one("email-addr", "boss@bank.com", listed(BANKS, "bank.com")) == set()


@pytest.mark.parametrize("kind", ["file", "url", "crypto-address"])
def test_all_else_matches_exactly_in_any_case(kind):
    lists = listed("List of hashes", "ABCdef")
    assert one(kind, "abcDEF", lists) == {"hash-false-positive"}
    assert one(kind, "abcdef0", lists) == set()


@pytest.mark.parametrize("match", ["regex"])
def test_expressions_of_strangers_are_left_out_whatever_they_hold(match):
    assert one("domain-name", "bank.com", listed(BANKS, "bank.com", match=match)) == set()
    assert one("ipv4-addr", "8.8.8.8", listed(CLOUD, "8.8.8.8", match=match)) == set()


@pytest.mark.parametrize("match", ["", "hostname", "cidr", "string", "substring", "whatever"])
def test_any_other_way_of_matching_reads_the_entries(match):
    assert one("domain-name", "bank.com", listed(BANKS, "bank.com", match=match)) == {"bank"}


@settings(max_examples=80, deadline=None)
@given(st.permutations(range(4)), st.permutations(range(4)))
def test_neither_the_order_of_lists_nor_of_entries_matters(order, inside):
    entries = ["bank.com", "10.0.0.0/8", "bit.ly", "x.org"]
    lists = [listed(name, *(entries[at] for at in inside)) for name in (BANKS, SHORT, CLOUD, "Sinkholes")]
    things = [("domain-name", "bank.com"), ("ipv4-addr", "10.1.2.3"), ("domain-name", "a.x.org")]
    assert known(things, *(lists[at] for at in order)) == known(things, *lists)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["bank.com", "a.bank.com", "x.org", "8.8.8.8", "10.0.0.1"]), min_size=1, max_size=8
    )
)
def test_each_thing_is_judged_alone(values):
    things = [("ipv4-addr" if value[0].isdigit() else "domain-name", value) for value in values]
    lists = (listed(BANKS, "bank.com"), listed(CLOUD, "10.0.0.0/8"))
    assert known(things, *lists) == [one(kind, value, *lists) for kind, value in things]


def test_more_lists_never_take_a_flag_away():
    few = one("domain-name", "bank.com", listed(BANKS, "bank.com"))
    more = one("domain-name", "bank.com", listed(BANKS, "bank.com"), listed("Top 1000 websites", "bank.com"))
    assert few < more == {"bank", "popular-site"}


def test_without_lists_nothing_is_known_and_without_nodes_nothing_is_said():
    assert known([("domain-name", "bank.com")]) == [set()]
    assert known([], listed(BANKS, "bank.com")) == []


def test_only_the_named_wallets_are_custodial():
    found = known([("crypto-address", "a"), ("crypto-address", "b")], custodial=[1])
    assert found == [set(), {"custodial"}]
    assert names_of(int(CUSTODIAL)) == ("custodial",)


def test_the_flags_of_all_categories_name_them_in_order():
    assert names_of(2 ** len(CATEGORIES) - 1) == tuple(one.name for one in CATEGORIES)
    assert names_of(0) == ()


def test_every_category_has_a_code_a_sentence_and_a_place_below_the_flags_of_the_graph():
    assert len(CATEGORIES) <= 24
    assert categories() == tuple((one.code, one.warning) for one in CATEGORIES)
    for kind in CATEGORIES:
        assert not kind.joins
        assert kind.warning[0].islower()
        assert not kind.warning.endswith(".")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_every_list_name_has_a_category(name):
    assert category(name) in CATEGORIES


@pytest.mark.parametrize(
    "name", ["PARKING DOMAINS", "parking_domains", "Parking-Domains", "  parking   domains "]
)
def test_case_and_separators_of_a_list_name_do_not_matter(name):
    assert category(name).name == "parking"


@pytest.mark.parametrize("name", ["", "My own list", "清单", "\u202e"])
def test_a_list_of_an_unknown_kind_still_bars_joining(name):
    assert category(name).name == "listed"
    assert not category(name).joins


def test_a_page_at_a_bank_is_no_match_by_its_host_alone():
    assert one("url", "https://bank.com/login", listed(BANKS, "bank.com")) == set()


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("ns1.parked.com", True),
        ("ns.parked.com", True),
        ("dns12.parked.com", True),
        ("dns-1.parked.com", True),
        ("ns1-05.parked.com", True),
        ("xns1.parked.com", True),
        ("parked.com", False),
        ("shop.parked.com", False),
        ("ns1", False),
    ],
)
def test_a_list_of_parking_name_servers_speaks_of_hosts_that_look_like_one(host, found):
    lists = listed("Parking domains name server", "parked.com")
    assert one("domain-name", host, lists) == ({"parking-name-server"} if found else set())


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(8, 32), st.sampled_from((1, 2))), max_size=8),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8),
)
def test_ranges_that_overlap_touch_or_nest_answer_as_each_alone_would(spans, asked):
    ranges = Ranges()
    networks = [(ipaddress.ip_network((number, length), strict=False), bit) for number, length, bit in spans]
    for network, bit in networks:
        assert ranges.add(str(network), bit)
    ranges.close()
    asked += [int(edge) for network, _ in networks for edge in (network[0], network[-1])]
    found = ranges.match_v4(np.array(asked, np.int64)).tolist()
    for number, flags in zip(asked, found, strict=True):
        wanted = 0
        for network, bit in networks:
            wanted |= bit if ipaddress.ip_address(number) in network else 0
        assert flags == wanted


def test_no_address_lies_in_no_range_not_even_the_widest():
    ranges = Ranges()
    ranges.add("0.0.0.0/0", 1)
    ranges.close()
    assert ranges.match_v4(np.array([NO_ADDRESS, 0], np.int64)).tolist() == [0, 1]


@pytest.mark.parametrize("text", ["1.2.3.4", "255.255.255.255", "0.0.0.1", "8.8.8.8"])
def test_an_address_as_a_number_is_that_of_the_standard_library(text):
    assert ipv4_numbers([text]).tolist() == [int(ipaddress.ip_address(text))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "a.b.c.d",
        "1.2.3.4/32",
        " 1.2.3.4",
        "1.2.3.٤",
        "1..3.4",
        "0001.2.3.4",
    ],
)
def test_what_is_no_address_has_no_number_alone_or_among_others(text):
    assert ipv4_numbers([text]).tolist() == [NO_ADDRESS]
    assert ipv4_numbers(["1.2.3.4", text, "8.8.8.8"]).tolist() == [16909060, NO_ADDRESS, 134744072]


def test_a_thousand_addresses_and_one_are_read_in_parts():
    values = [f"10.{at // 256}.{at % 256}.1" for at in range(1001)]
    assert ipv4_numbers(values).tolist() == [int(ipaddress.ip_address(value)) for value in values]
    assert ipv4_numbers([]).tolist() == []


def test_flags_fit_the_width_that_a_snapshot_keeps():
    nodes = SimpleNamespace(kind=np.zeros(1, np.int16), value=["bank.com"], kind_names=("domain-name",))
    assert match_known(nodes, [listed(BANKS, "bank.com")]).dtype == np.uint32
