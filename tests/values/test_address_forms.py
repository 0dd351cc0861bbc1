"""Numbers of the internet against the standard library: every spelling, every network, every refusal."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import registry
from chokepoint.values.address import parse_autonomous_system, parse_ipv4, parse_ipv6
from chokepoint.values.text import scan

v4 = st.ip_addresses(v=4)
v6 = st.ip_addresses(v=6)


@given(st.lists(st.integers(0, 300), min_size=3, max_size=5))
def test_four_numbers_are_an_address_exactly_where_the_standard_library_says_so(numbers):
    text = ".".join(map(str, numbers))
    try:
        wanted = str(ipaddress.IPv4Address(text))
    except ValueError:
        with pytest.raises(NotValidError, match="no IPv4 address"):
            parse_ipv4(text)
        return
    assert parse_ipv4(text) == wanted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1[.]2[.]3[.]4", "1.2.3.4", id="defanged"),
        pytest.param("1.2.3[.]4:8080", "1.2.3.4", id="defanged-with-port"),
        pytest.param("１.２.３.４", "1.2.3.4", id="full-width"),
        pytest.param("๑.๒.๓.๔", "1.2.3.4", id="thai-digits"),
        pytest.param("http://1.2.3.4/", "1.2.3.4", id="as-a-page"),
        pytest.param(" 1.2.3.4 ", "1.2.3.4", id="spaces"),
        pytest.param("1.2.3.4/32", "1.2.3.4", id="network-of-one"),
        pytest.param("1.2.3.4/31", "1.2.3.4/31", id="network-of-two"),
        pytest.param("1.2.3.5/31", "1.2.3.4/31", id="host-bit-cleared"),
        pytest.param("255.255.255.255/0", "0.0.0.0/0", id="everything"),
        pytest.param("1.2.3.4/24:80", "1.2.3.0/24", id="network-with-port"),
        pytest.param("0.0.0.1", "0.0.0.1", id="lowest"),
        pytest.param("255.255.255.255", "255.255.255.255", id="highest"),
    ],
)
def test_an_address_is_read_through_what_stands_around_it(text, value):
    assert parse_ipv4(text) == value
    assert parse_ipv4(value) == value


@pytest.mark.parametrize(
    "text",
    [
        "256.0.0.1",
        "1.2.3.256",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.04",
        "1.2.3.4/33",
        "1.2.3.4:123456",
        "1..2.3",
        ".1.2.3.4",
        "1.2.3.4.",
        "0x1.2.3.4",
        "1,2,3,4",
        "1.2.3.4 5",
        "-1.2.3.4",
        "1.2.3.4\n5.6.7.8",
        "２５６.1.1.1",
        "",
    ],
)
def test_what_is_nearly_an_ipv4_address_is_refused(text):
    with pytest.raises(NotValidError):
        parse_ipv4(text)


@given(v4, st.integers(0, 32))
def test_a_network_of_ipv4_holds_the_address_it_was_written_with(value, length):
    network = ipaddress.ip_network(parse_ipv4(f"{value}/{length}"))
    assert value in network
    assert network.prefixlen == length


@given(v6, st.integers(0, 128))
def test_a_network_of_ipv6_holds_the_address_it_was_written_with(value, length):
    network = ipaddress.ip_network(parse_ipv6(f"{value}/{length}"))
    assert value in network
    assert network.prefixlen == length


@given(st.text(alphabet="0123456789abcdefABCDEF:.%/[]", max_size=45))
def test_an_ipv6_text_is_an_address_exactly_where_the_standard_library_says_so(text):
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") and "/" not in text else text
    try:
        wanted = ipaddress.IPv6Interface(bare) if "/" in bare else ipaddress.IPv6Address(bare)
    except ValueError:
        return
    if "%" in bare or ("/" in bare and not bare.partition("/")[2].isdigit()):
        return
    assert ipaddress.ip_network(parse_ipv6(text)).network_address in ipaddress.ip_network(
        str(wanted), strict=False
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1", id="exploded"),
        pytest.param("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", id="first-longest-run"),
        pytest.param("::ffff:1.2.3.4", "::ffff:1.2.3.4", id="mapped"),
        pytest.param("::FFFF:0102:0304", "::ffff:1.2.3.4", id="mapped-in-hexadecimal"),
        pytest.param("::", "::", id="none"),
        pytest.param("::1", "::1", id="own"),
        pytest.param("[2001:db8::1]", "2001:db8::1", id="brackets"),
        pytest.param("[2001:db8::1]:65535", "2001:db8::1", id="port"),
        pytest.param("2001[:]db8[:][:]1", "2001:db8::1", id="defanged"),
        pytest.param("2001:db8::/32", "2001:db8::/32", id="network"),
        pytest.param("2001:db8::1/128", "2001:db8::1", id="network-of-one"),
        pytest.param("64:ff9b::192.0.2.33", "64:ff9b::c000:221", id="dotted-tail"),
    ],
)
def test_an_ipv6_address_is_written_as_rfc_5952_wants_it(text, value):
    assert parse_ipv6(text) == value
    assert parse_ipv6(value) == value


@pytest.mark.parametrize(
    "text",
    ["1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", ":::", "1::2::3", "12345::", "::g", "fe80::1%1", "::1/129", "::1/x", "12:34", "a", "::" * 30, "[::1", "::1]", "1.2.3.4"],
)  # fmt: skip
def test_what_is_nearly_an_ipv6_address_is_refused(text):
    with pytest.raises(NotValidError):
        parse_ipv6(text)


@given(
    st.integers(1, 2**32 - 2),
    st.sampled_from(["AS{}", "as{}", "ASN{}", "AS {}", "AS:{}", "asn: {}", "AS-{}", "{}", " AS{} "]),
)
def test_every_number_of_a_network_is_read_in_every_spelling(number, form):
    assert parse_autonomous_system(form.format(number)) == f"AS{number}"


@pytest.mark.parametrize(
    "text",
    [
        "AS0",
        "0",
        f"AS{2**32 - 1}",
        f"AS{2**32}",
        "AS-",
        "ASX1",
        "AS1.5",
        "BS1",
        "AS 1 2",
        "A" * 50,
        "AS12345678901",
    ],
)
def test_a_network_number_out_of_range_or_shape_is_refused_with_an_example(text):
    with pytest.raises(NotValidError) as refusal:
        parse_autonomous_system(text)
    assert "AS13335" in refusal.value.mend


def test_the_ends_of_the_range_of_network_numbers_are_taken():
    assert parse_autonomous_system("AS1") == "AS1"
    assert parse_autonomous_system(f"AS{2**32 - 2}") == f"AS{2**32 - 2}"
    assert parse_autonomous_system("AS0001") == "AS1"


@given(
    v4,
    st.sampled_from(["C2 at {}.", "({})", "{}:443", "ip={}", "| {} |", "「{}」", "{},", "http-server {} up"]),
)
def test_an_ipv4_address_is_found_in_a_text_in_every_punctuation(value, form):
    text = form.format(value)
    if str(value).endswith(".0.0.0"):
        return  # reads as the number of a release
    assert [one.entity.value for one in scan(text)] == [str(value)]


@given(v6)
def test_an_ipv6_address_is_found_in_a_text_where_it_has_three_groups_and_a_digit(value):
    written = value.compressed
    groups = [group for group in written.replace(".", ":").split(":") if group]
    if len(groups) < 3 or not any(c.isdigit() for c in written):
        return
    assert registry.parse("ipv6-addr", written) in [one.entity for one in scan(f"beacon to {written} seen")]


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4",
        "Chrome/120.0.6099.109",
        "section 1.2.3.4 of the act",
        "1.2.3.4.5",
        "v10.2.3.4",
        "300.1.2.3",
        "build 22.0.0.0",
        "10:30:00",
        "aa:bb:cc:dd:ee:ff",
        "std::vector::iterator",
        "2024-01-01 10:20:30",
        "1.2.3.4.in-addr.example.exe",
    ],
)
def test_numbers_with_dots_or_colons_that_are_no_address_are_left_alone(text):
    assert not [one for one in scan(text) if one.entity.kind in {"ipv4-addr", "ipv6-addr"}]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("10.1.2.3", "private"),
        ("192.168.0.1", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("127.0.0.1", "nowhere"),
        ("0.0.0.1", "nowhere"),
        ("224.0.0.5", "nowhere"),
        ("255.1.2.3", "nowhere"),
    ],
)
def test_an_address_that_leads_nowhere_is_context_whatever_the_words_say(address, reason):
    (found,) = scan(f"malware called {address} all day")
    assert found.role == "context"
    assert reason in found.reason


@pytest.mark.parametrize(
    "address", ["172.15.0.1", "172.32.0.1", "11.0.0.1", "192.167.0.1", "223.255.255.254", "9.9.9.8"]
)
def test_a_neighbour_of_a_private_range_is_a_public_address(address):
    (found,) = scan(f"malware called {address} all day")
    assert found.role == "indicator"
