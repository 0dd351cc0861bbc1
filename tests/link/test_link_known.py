from __future__ import annotations

import ipaddress
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.link.known import CATEGORIES, Listed, categories, category, match_known, names_of
from chokepoint.link.ranges import NO_ADDRESS, Ranges, ipv4_numbers

KINDS = ("domain-name", "ipv4-addr", "ipv6-addr", "email-addr", "file", "url", "crypto-address")


def known(entities, *lists, custodial=()):
    nodes = SimpleNamespace(
        kind=np.array([KINDS.index(kind) for kind, _ in entities], np.int16),
        value=[value for _, value in entities],
        kind_names=KINDS,
    )
    return [set(names_of(int(f))) for f in match_known(nodes, lists, custodial=custodial)]


def one(kind, value, *lists):
    return known([(kind, value)], *lists)[0]


PARKING = Listed(name="Parking domains", entries=["194.58.112.174/32", "103.224.182.0/24"], match="cidr")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Parking domains", "parking"),
        ("Parking domains name server", "parking-name-server"),
        ("List of known sinkholes", "sinkhole"),
        ("List of known Amazon AWS IP address ranges", "cloud"),
        ("list of known cloudflare ip ranges", "cloud"),
        ("List of known IPv4 public DNS resolvers", "public-dns"),
        ("Top 1000 website from Alexa", "popular-site"),
        ("Top 10K most-used sites from Tranco", "popular-site"),
        ("List of known URL Shorteners domains", "url-shortener"),
        ("List of known dynamic DNS domains", "dynamic-dns"),
        ("List of LOTS (Living Off Trusted Sites) Project Domains", "free-hosting"),
        ("List of disposable email domains", "disposable-email"),
        ("List of known security providers/vendors blog domain", "security-vendor"),
        ("List of known bank domains", "bank"),
        ("University domains", "university"),
        ("List of RFC 1918 CIDR blocks", "reserved"),
        ("TLDs as known by IANA", "reserved"),
        ("Specialized list of vpn-ipv4 addresses", "vpn"),
        ("List of known hashes for empty files", "hash-false-positive"),
        ("List of known link in Bio domains", "link-in-bio"),
        ("List of known domains to know external IP", "lookup-service"),
        ("something never seen", "listed"),
    ],
)
def test_the_category_is_told_from_the_name_of_the_list(name, expected):
    assert category(name).name == expected


def test_no_category_ever_joins_and_all_fit_the_flags():
    assert not any(one.joins for one in CATEGORIES)
    assert len(CATEGORIES) <= 24
    assert len({one.name for one in CATEGORIES}) == len(CATEGORIES)
    assert categories()[1][0] == "parking"


def test_sinkholes_and_parking_are_no_targets():
    by_name = {one.name: one for one in CATEGORIES}
    assert not by_name["sinkhole"].may_be_target
    assert not by_name["parking"].may_be_target


def test_addresses_match_exactly_and_by_range():
    assert one("ipv4-addr", "194.58.112.174", PARKING) == {"parking"}
    assert one("ipv4-addr", "103.224.182.9", PARKING) == {"parking"}
    assert one("ipv4-addr", "103.224.183.0", PARKING) == set()
    assert one("ipv4-addr", "103.224.181.255", PARKING) == set()


def test_the_version_six_ranges_match_too():
    cloud = Listed(name="Cloudflare ranges", entries=["2400:cb00::/32"], match="cidr")
    assert one("ipv6-addr", "2400:cb00:1::1", cloud) == {"cloud"}
    assert one("ipv6-addr", "2400:cb01::1", cloud) == set()


def test_hosts_below_a_bank_are_the_banks():
    banks = Listed(name="List of known bank domains", entries=[".bank.example"], match="hostname")
    assert one("domain-name", "login.bank.example", banks) == {"bank"}
    assert one("domain-name", "bank.example", banks) == {"bank"}
    assert one("domain-name", "notbank.example", banks) == set()


def test_hosts_below_a_free_host_or_popular_site_belong_to_others():
    popular = Listed(name="Top 1000 website from Alexa", entries=["wordpress.com"], match="hostname")
    assert one("domain-name", "wordpress.com", popular) == {"popular-site"}
    assert one("domain-name", "www.wordpress.com", popular) == {"popular-site"}
    assert one("domain-name", "union83939k.wordpress.com", popular) == set()


def test_lists_of_parking_name_servers_speak_of_name_servers_alone():
    servers = Listed(
        name="Parking domains name server", entries=["wordpress.com", "above.com"], match="hostname"
    )
    assert one("domain-name", "ns1.above.com", servers) == {"parking-name-server"}
    assert one("domain-name", "dns2.above.com", servers) == {"parking-name-server"}
    assert one("domain-name", "union83939k.wordpress.com", servers) == set()


def test_a_mailbox_of_a_disposable_service_is_shared():
    disposable = Listed(
        name="List of disposable email domains", entries=["mailinator.com"], match="substring"
    )
    assert one("email-addr", "x@mailinator.com", disposable) == {"disposable-email"}
    assert one("email-addr", "mailinator.com@evil.example", disposable) == set()


def test_hashes_match_exactly():
    digest = "d41d8cd98f00b204e9800998ecf8427e"
    empty = Listed(name="List of known hashes for empty files", entries=[digest.upper()], match="string")
    assert one("file", digest, empty) == {"hash-false-positive"}
    assert one("url", "http://" + digest, empty) == set()


def test_regular_expressions_of_strangers_are_not_run():
    assert one("email-addr", "abuse@x.org", Listed(name="contacts", entries=["/.*/"], match="regex")) == set()


def test_wallets_that_a_service_holds_are_shared():
    assert known([("crypto-address", "btc:a"), ("crypto-address", "btc:b")], custodial=[1]) == [
        set(),
        {"custodial"},
    ]


def test_one_thing_may_be_on_several_lists():
    dns = Listed(name="public DNS resolvers", entries=["8.8.8.8"])
    cloud = Listed(name="Google ranges", entries=["8.8.8.0/24"])
    assert one("ipv4-addr", "8.8.8.8", dns, cloud) == {"public-dns", "cloud"}


def test_broken_entries_spoil_nothing():
    broken = Listed(
        name="Parking domains", entries=["", ".", "1.2.3.4/77", "999.1.1.1/8", "::g/12", "5.6.7.8"]
    )
    assert one("ipv4-addr", "5.6.7.8", broken) == {"parking"}
    assert one("ipv4-addr", "1.2.3.4", broken) == set()


networks = st.builds(
    lambda number, length: ipaddress.ip_network((number, length), strict=False),
    st.integers(0, 2**32 - 1), st.integers(4, 32),
)  # fmt: skip


@given(st.lists(st.tuples(networks, st.sampled_from((1, 2, 4))), max_size=12), st.data())
def test_ranges_answer_as_the_standard_library_does(given_networks, data):
    ranges = Ranges()
    for network, bit in given_networks:
        assert ranges.add(str(network), bit)
    ranges.close()
    near = [
        int(n.network_address) + d
        for n, _ in given_networks
        for d in (-1, 0, n.num_addresses - 1, n.num_addresses)
    ]
    numbers = [n % 2**32 for n in near] + data.draw(st.lists(st.integers(0, 2**32 - 1), max_size=5))
    values = [str(ipaddress.IPv4Address(n)) for n in numbers]
    expected = [
        sum({bit for network, bit in given_networks if ipaddress.IPv4Address(n) in network}) for n in numbers
    ]
    assert ipv4_numbers(values).tolist() == numbers
    assert ranges.match_v4(ipv4_numbers(values)).tolist() == expected


@given(st.text(max_size=30))
def test_what_is_no_address_is_in_no_range(text):
    (number,) = ipv4_numbers([text])
    try:
        assert number == int(ipaddress.IPv4Address(text))
    except ValueError:
        assert number == NO_ADDRESS or all(part.isdigit() for part in text.split("."))


@given(
    st.lists(
        st.one_of(
            st.ip_addresses(v=4).map(str),
            st.sampled_from(("1.2.3.4/24", "1.2.3", "256.1.1.1", "0001.1.1.1", "..1.", "")),
        ),
        max_size=9,
    )
)
def test_addresses_are_read_alike_one_by_one_and_in_bulk(values):
    assert ipv4_numbers(values).tolist() == [int(ipv4_numbers([value])[0]) for value in values]
    assert (ipv4_numbers(["256.1.1.1", "0001.1.1.1", "..1.", "1.2.3.4/24"]) == NO_ADDRESS).all()
