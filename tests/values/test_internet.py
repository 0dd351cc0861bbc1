"""Hosts, addresses, web and mail addresses: normal forms, refusals with reasons, and laws."""

import ipaddress

import pytest
import tldextract
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import address, host, internet, suffix
from chokepoint.values.defang import defang, refang
from chokepoint.values.unseen import visible

ORACLE = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
PRIVATE = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
SUFFIX = st.sampled_from(
    [
        "com",
        "co.th",
        "co.uk",
        "or.jp",
        "gov.tr",
        "ck",
        "www.ck",
        "city.kawasaki.jp",
        "de",
        "com.br",
        "xn--o3cw4h",
    ]
)


@given(st.lists(LABEL, min_size=1, max_size=3), SUFFIX)
def test_public_suffixes_agree_with_tldextract(labels, ending):
    name = ".".join([*labels, ending])
    assert suffix.public_suffix(name) == ORACLE(name).suffix
    assert suffix.is_public_suffix(name) == (ORACLE(name).suffix == name)
    if PRIVATE(name).domain:
        assert suffix.registered_domain(name) == PRIVATE(name).top_domain_under_public_suffix


@given(st.lists(LABEL, min_size=1, max_size=4), SUFFIX)
def test_a_domain_in_normal_form_is_left_alone(labels, ending):
    name = ".".join([*labels, ending])
    if suffix.public_suffix(name) == name:
        return
    assert host.parse_domain(name) == name
    assert host.parse_domain(name.upper() + ".") == name
    assert host.parse_domain(name.replace(".", "[.]")) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("MÜLLER-Bank.de", "xn--mller-bank-9db.de"),
        ("ไทย.ไทย", "xn--o3cw4h.xn--o3cw4h"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("_dmarc.evil.com", "_dmarc.evil.com"),
        ("4.3.2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa"),
        ("faß.de", "xn--fa-hia.de"),
        ("i❤.ws", "xn--i-7iq.ws"),
        ("evil\u200b.com", "evil.com"),
        ("ｅｖｉｌ．ｃｏｍ", "evil.com"),
    ],
)
def test_a_domain_is_lower_case_and_in_a_labels(text, value):
    assert host.parse_domain(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "com",
        "co.uk",
        "localhost",
        "scam.php",
        "a..com",
        ".com",
        "-.com",
        "a" * 64 + ".com",
        "a b.com",
        "x.onion",
        "evil.com/a",
        "a." * 127 + "com",
        "evil!.com",
        "ü" * 64 + ".de",
    ],
)
def test_what_is_no_domain_is_refused_with_a_reason(text):
    with pytest.raises(NotValidError) as refusal:
        host.parse_domain(text)
    assert refusal.value.reason


def test_a_site_at_a_hosting_service_is_its_own_registered_domain():
    assert suffix.registered_domain("pay.union83939k.wordpress.com") == "union83939k.wordpress.com"
    assert suffix.registered_domain("www.wordpress.com") in {"wordpress.com", "www.wordpress.com"}
    assert suffix.registered_domain("a.github.io") == "a.github.io"
    assert suffix.registered_domain("co.uk") == ""


@given(st.ip_addresses(v=4).map(str), st.integers(0, 65535))
def test_an_ipv4_address_keeps_its_value_and_loses_its_port(value, port):
    assert address.parse_ipv4(value) == value
    assert address.parse_ipv4(f"{value}:{port}") == value
    assert address.parse_ipv4(defang(value)) == value
    assert address.parse_ipv4(f"{value}/32") == value


@given(st.ip_addresses(v=4), st.integers(0, 31))
def test_a_network_has_its_host_bits_cleared(value, length):
    assert address.parse_ipv4(f"{value}/{length}") == str(
        ipaddress.ip_network(f"{value}/{length}", strict=False)
    )


@given(st.ip_addresses(v=6))
def test_every_spelling_of_an_ipv6_address_gives_one_value(value):
    one = address.parse_ipv6(value.compressed)
    assert address.parse_ipv6(value.exploded.upper()) == one
    assert address.parse_ipv6(f"[{value.exploded}]:443") == one
    assert ipaddress.IPv6Address(one) == value


@pytest.mark.parametrize("text", ["256.1.1.1", "1.2.3", "01.2.3.4", "1.2.3.4.5", "1.2.3.4/33", "", "a.b.c.d"])
def test_what_is_no_ipv4_address_is_refused(text):
    with pytest.raises(NotValidError):
        address.parse_ipv4(text)


@pytest.mark.parametrize("text", ["fe80::1%eth0", "1::2::3", "12:30:45", "", "::/129", "g::1"])
def test_what_is_no_ipv6_address_is_refused(text):
    with pytest.raises(NotValidError):
        address.parse_ipv6(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("AS13335", "AS13335"), ("as 13335", "AS13335"), ("13335", "AS13335"), ("ASN:1", "AS1")],
)
def test_a_network_number_is_written_with_as(text, value):
    assert address.parse_autonomous_system(text) == value


@pytest.mark.parametrize("text", ["AS0", "AS4294967295", "ASX", ""])
def test_reserved_network_numbers_are_refused(text):
    with pytest.raises(NotValidError):
        address.parse_autonomous_system(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("HTTP://EVIL.com", "http://evil.com/"),
        ("evil.com/a", "http://evil.com/a"),
        ("https://evil.com:443/A?b=C#d", "https://evil.com/A?b=C"),
        ("http://evil.com:8080", "http://evil.com:8080/"),
        ("http://evil.com?x=1", "http://evil.com/?x=1"),
        ("https://user:pw@evil.com/", "https://user:pw@evil.com/"),
        ("http://[2001:db8::0:1]:80/x", "http://[2001:db8::1]/x"),
        ("http://müller.de/ä b", "http://xn--mller-kva.de/%C3%A4%20b"),
        ("hxxps[:]//evil[.]com/", "https://evil.com/"),
        ("ftp://evil.com:21/x", "ftp://evil.com/x"),
        ("http://www.evil.it:80:/wp/", "http://www.evil.it/wp/"),
        ("//evil.com/x", "http://evil.com/x"),
    ],
)
def test_a_web_address_has_one_normal_form(text, value):
    assert internet.parse_url(text) == value
    assert internet.parse_url(value) == value


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "mailto:a@b.com",
        "file:///etc/passwd",
        "gopher://evil.com/",
        "http://",
        "http://localhost/",
        "http://evil.com:99999/",
        "http:///",
        "data:text/html,x",
        "http://ev il.com/",
        "x" * 9000,
    ],
)
def test_other_schemes_and_hostless_addresses_are_refused_with_a_reason(text):
    with pytest.raises(NotValidError) as refusal:
        internet.parse_url(text)
    assert refusal.value.reason


def test_an_email_address_is_lower_case_and_may_live_at_an_onion_service():
    onion = "hxuzjtocnzvv5g2rtg2bhwkcbupmk7rclb6lly3fo4tvqkk5oyrv3nid.onion"
    assert internet.parse_email("Bob@Evil.COM") == "bob@evil.com"
    assert internet.parse_email("mailto:bob@evil.com?subject=x") == "bob@evil.com"
    assert internet.parse_email(f"bob@{onion}") == f"bob@{onion}"
    for text in (
        "bob",
        "@evil.com",
        "bob@",
        "bob@1.2.3.4",
        "bob@evil.php",
        "b ob@evil.com",
        "a" * 65 + "@evil.com",
    ):
        with pytest.raises(NotValidError):
            internet.parse_email(text)


def test_an_onion_service_of_version_3_must_carry_its_checksum():
    good = "santat7kpllt6iyvqbr7q4amdv6dzrh6paatvyrzl7ry3zm72zigf4ad.onion"
    assert host.parse_onion(f"http://chat.{good}/x") == good
    assert host.parse_onion(good.upper()) == good
    with pytest.raises(NotValidError, match="checksum"):
        host.parse_onion("b" + good[1:])
    with pytest.raises(NotValidError):
        host.parse_onion("short.onion")


def test_certificates_and_trackers_are_named_by_their_form():
    assert internet.parse_certificate("AB:" * 19 + "AB") == "sha1:" + "ab" * 20
    assert internet.parse_certificate("serial:0A1B") == "serial:a1b"
    assert internet.parse_tracking_id("gtm-abc12") == "google-tag-manager:GTM-ABC12"
    assert internet.parse_tracking_id("facebook-pixel:123456") == "facebook-pixel:123456"
    for text in ("xyz", "sha256:abcd"):
        with pytest.raises(NotValidError):
            internet.parse_certificate(text)
    with pytest.raises(NotValidError):
        internet.parse_tracking_id("xyz")


@given(
    st.sampled_from(
        [
            "http://evil.com/a",
            "https://a.b.evil.org/x.php?y=1",
            "https://evil.com/a.php?to=http://next.com./b.php&or=www.third.com",
            "bob@evil.com",
            "evil.co.th",
            "1.2.3.4",
        ]
    )
)
def test_refanging_undoes_defanging(text):
    assert refang(defang(text)) == text


def test_an_address_within_an_address_is_as_dead_as_the_whole():
    shown = defang("https://evil.com/a.php?to=https://next.com/b.php&or=www.third.com&at=ftp://x.org")
    assert shown == (
        "hxxps://evil[.]com/a.php?to=hxxps://next[.]com/b.php&or=www[.]third[.]com&at=fxp://x[.]org"
    )


@given(st.text(max_size=200))
def test_refanging_twice_changes_nothing_that_is_hidden(text):
    assert "\u202e" not in refang(text)
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("hXXp://a[.]b[.com", "http://a.b.com"),
        ("h**p://a.b", "http://a.b"),
        ("meet [at] noon", "meet@noon"),
        ("evil . com", "evil.com"),
        ("evil\\.com", "evil.com"),
        ("hxxps://www[.]x[.]com", "https://www.x.com"),
        ("bob{@}evil{.}com", "bob@evil.com"),
        ("bob arroba evil", "bob arroba evil"),
        ("hxxp[://]x.y", "http://x.y"),
        ("(a) . (b)", "(a) . (b)"),
        ("ev\u00adil\u200d.com", "evil.com"),
    ],
)
def test_every_habit_of_defanging_is_undone(text, whole):
    assert refang(text) == whole
