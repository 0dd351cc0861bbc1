"""Web addresses: one normal form, agreement with the standard library, and mail addresses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values import internet, registry
from chokepoint.values.text import scan

hosts = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]\.(com|net|org|co\.th|de|xyz)", fullmatch=True)
ports = st.one_of(st.just(""), st.integers(1, 65535).map(lambda port: f":{port}"))
paths = st.from_regex(r"(/[A-Za-z0-9._~%-]{0,8}){0,4}(\?[A-Za-z0-9=&._-]{0,20})?", fullmatch=True)
schemes = st.sampled_from(["http", "https", "ftp"])


@given(schemes, hosts, ports, paths)
def test_the_parts_are_those_that_the_standard_library_finds(scheme, name, port, path):
    text = f"{scheme}://{name}{port}{path}"
    parts, wanted = internet.split_url(text), urlsplit(text)
    default = {"http": 80, "https": 443, "ftp": 21}[scheme]
    assert parts.scheme == wanted.scheme
    assert parts.host == Entity("domain-name", wanted.hostname)
    assert parts.port == ("" if wanted.port in {None, default} else str(wanted.port))
    query = f"?{wanted.query}" if "?" in text else ""
    assert parts.rest == f"{wanted.path or '/'}{query}"


@given(schemes, hosts, ports, paths)
def test_a_normal_form_is_left_alone_and_case_of_scheme_and_host_never_matters(scheme, name, port, path):
    value = internet.parse_url(f"{scheme}://{name}{port}{path}")
    assert internet.parse_url(value) == value
    assert internet.parse_url(f"{scheme.upper()}://{name.upper()}{port}{path}") == value


@given(st.text(max_size=60), hosts)
def test_any_path_makes_an_address_of_printable_ascii_or_is_refused(path, name):
    try:
        value = internet.parse_url(f"http://{name}/{path}")
    except NotValidError:
        return
    assert value.isascii()
    assert " " not in value
    assert not set('"<>`') & set(value)
    assert internet.parse_url(value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("HTTP://EVIL.COM/PATH", "http://evil.com/PATH", id="path-keeps-its-case"),
        pytest.param("http://evil.com:80", "http://evil.com/", id="default-port"),
        pytest.param("https://evil.com:80/", "https://evil.com:80/", id="other-schemes-port"),
        pytest.param("http://evil.com:00080/", "http://evil.com/", id="zeros-before-the-port"),
        pytest.param("http://evil.com:/x", "http://evil.com/x", id="empty-port"),
        pytest.param("http://evil.com./x", "http://evil.com/x", id="final-dot"),
        pytest.param("http:/evil.com", "http://evil.com/", id="one-slash"),
        pytest.param("http:///evil.com", "http://evil.com/", id="three-slashes"),
        pytest.param("http://evil.com\\x", "http://evil.com/x", id="backslash"),
        pytest.param("<http://evil.com/>", "http://evil.com/", id="angle-brackets"),
        pytest.param("'http://evil.com/'", "http://evil.com/", id="quotes"),
        pytest.param("http://evil.com/#top", "http://evil.com/", id="anchor-dropped"),
        pytest.param("http://evil.com/#/login", "http://evil.com/#/login", id="page-drawn-in-the-browser"),
        pytest.param("http://evil.com/#!/login", "http://evil.com/#!/login", id="hash-bang"),
        pytest.param("http://evil.com?q=1#x", "http://evil.com/?q=1", id="query-without-path"),
        pytest.param("http://evil.com/ก", "http://evil.com/%E0%B8%81", id="thai-path"),
        pytest.param("http://evil.com/%41", "http://evil.com/%41", id="escapes-stay"),
        pytest.param("http://evil.com/a|b", "http://evil.com/a|b", id="pipe-stays"),
        pytest.param('http://evil.com/a"b', "http://evil.com/a%22b", id="quote-escaped"),
        pytest.param("http://bob:pw@evil.com/", "http://bob:pw@evil.com/", id="user"),
        pytest.param("http://paypal.com@evil.com/", "http://paypal.com@evil.com/", id="user-that-poses-as-host"),
        pytest.param("http://1.2.3.4:8080/x", "http://1.2.3.4:8080/x", id="ipv4"),
        pytest.param("http://[2001:DB8::1]/", "http://[2001:db8::1]/", id="ipv6"),
        pytest.param("evil.com", "http://evil.com/", id="bare"),
        pytest.param("//evil.com/x", "http://evil.com/x", id="no-scheme"),
        pytest.param("ftp://evil.com:21/", "ftp://evil.com/", id="ftp"),
        pytest.param("http://a_b.evil.com/", "http://a_b.evil.com/", id="underscore"),
    ],
)  # fmt: skip
def test_a_web_address_is_written_one_way(text, value):
    assert internet.parse_url(text) == value
    assert internet.parse_url(value) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("javascript:alert(1)", "none of http"),
        ("data:text/html;base64,AA==", "none of http"),
        ("file:///etc/passwd", "none of http"),
        ("ssh://evil.com", "none of http"),
        ("magnet:?xt=urn", "none of http"),
        ("about:blank", "none of http"),
        ("http://", "no host"),
        ("http://?x", "no host"),
        ("http://:80/", "no host"),
        ("http://evil.com:65536/", "does not exist"),
        ("http://evil.com:99999999999999999999/", "does not exist"),
        ("http://evil.php/", "public suffix"),
        ("http://localhost/", "no dot"),
        ("http://256.1.1.1/", "no IPv4"),
        ("http://[::g]/", "no IPv6|no host|label"),
        ("http://com/", "no dot"),
        ("http://co.uk/", "suffix"),
        ("http://" + "a" * 8200, "longer"),
        ("", "no host"),
    ],
)
def test_what_is_no_web_address_is_refused_with_its_reason(text, reason):
    with pytest.raises(NotValidError, match=reason):
        internet.parse_url(text)


def test_an_address_of_8192_characters_is_taken_and_one_more_is_not():
    head = "http://evil.com/"
    longest = head + "a" * (internet.LONGEST_URL - len(head))
    assert internet.parse_url(longest) == longest
    with pytest.raises(NotValidError, match="longer than 8192"):
        internet.parse_url(longest + "a")


def test_a_users_name_that_poses_as_a_host_does_not_become_one():
    parts = internet.split_url("http://www.bank.com@evil.com/login")
    assert parts.userinfo == "www.bank.com"
    assert parts.host == Entity("domain-name", "evil.com")


def test_an_onion_service_keeps_its_subdomain_in_an_address_and_loses_it_as_a_host():
    onion = "santat7kpllt6iyvqbr7q4amdv6dzrh6paatvyrzl7ry3zm72zigf4ad.onion"
    assert internet.parse_url(f"http://Chat.{onion}/x") == f"http://chat.{onion}/x"
    assert internet.split_url(f"http://chat.{onion}/x").host == Entity("onion-service", onion)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Bob@Evil.COM", "bob@evil.com", id="case"),
        pytest.param("<bob@evil.com>", "bob@evil.com", id="angle-brackets"),
        pytest.param("mailto:bob@evil.com?subject=hi", "bob@evil.com", id="mailto"),
        pytest.param("MAILTO:bob@evil.com", "bob@evil.com", id="mailto-capitals"),
        pytest.param("bob+tag@evil.com", "bob+tag@evil.com", id="tag-kept"),
        pytest.param("b.o.b@evil.com", "b.o.b@evil.com", id="dots-kept"),
        pytest.param("bob@evil.com.", "bob@evil.com", id="final-dot"),
        pytest.param("!#$%&'*+/=^_`{|}~@evil.com", "!#$%&'*+/=^_`{|}~@evil.com", id="every-mark"),
        pytest.param("用户@evil.com", "用户@evil.com", id="letters-of-any-script"),
        pytest.param("a" * 64 + "@evil.com", "a" * 64 + "@evil.com", id="longest-name"),
    ],
)
def test_a_mailbox_is_written_one_way(text, value):
    assert internet.parse_email(text) == value
    assert internet.parse_email(value) == value


@pytest.mark.parametrize(
    "text",
    ["bob", "@evil.com", "bob@", "bob@evil", "bob@evil.php", "b ob@evil.com", ".bob@evil.com", "bob@1.2.3.4", "bob@[1.2.3.4]", "a" * 65 + "@evil.com", "bob@@evil.com", "bob(x)@evil.com", "bob@evil..com", "", "@", "bob,al@evil.com"],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused(text):
    with pytest.raises(NotValidError):
        internet.parse_email(text)


@given(
    st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,20}[a-z0-9]", fullmatch=True),
    hosts,
    st.sampled_from(["{}", "<{}>", "({})", "{}.", "{},", "„{}“", "「{}」", "mailto:{}", "E-Mail: {}"]),
)
def test_a_mailbox_is_found_in_a_text_in_every_punctuation(local, name, form):
    if ".." in local or "._" in local or "-." in local:
        return
    found = [tuple(one.entity) for one in scan(f"write to {form.format(f'{local}@{name}')} today")]
    assert found == [("email-addr", f"{local}@{name}")]


@given(
    hosts,
    paths,
    st.sampled_from(["{}", "<{}>", "({})", "{} .", '"{}"', "«{}»", "„{}“", "「{}」", "[{}]", "URL={}"]),
)
def test_a_web_address_is_found_in_a_text_in_every_punctuation(name, path, form):
    address = f"https://{name}/x{path.rstrip('._~%-?=&/')}z"
    found = [one.entity.value for one in scan(f"open {form.format(address)} now") if one.entity.kind == "url"]
    assert found == [internet.parse_url(address)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see http://evil.com/a(b) now", "http://evil.com/a(b)"),
        ("(see http://evil.com/a)", "http://evil.com/a"),
        ("[x](http://evil.com/a)", "http://evil.com/a"),
        ("http://evil.com/a...", "http://evil.com/a"),
        ("http://evil.com/a.", "http://evil.com/a"),
        ("http://evil.com/a?", "http://evil.com/a"),
        ("http://evil.com/a!!", "http://evil.com/a"),
        ("**http://evil.com/a**", "http://evil.com/a"),
        ("`http://evil.com/a`", "http://evil.com/a"),
        ("http://evil.com/a, http", "http://evil.com/a"),
        ("http://evil.com/aได้", "http://evil.com/a"),
        ("http://evil.com/aへ", "http://evil.com/a"),
        ("http://evil.com/a{b}", "http://evil.com/a"),
        ("hxxp://evil[.]com/a[.]php", "http://evil.com/a.php"),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text, address):
    assert [one.entity.value for one in scan(text)] == [address]


@pytest.mark.parametrize("kind", ["url", "email-addr"])
@given(text=st.text(max_size=80))
def test_hostile_texts_are_an_address_or_a_refusal_never_a_failure(kind, text):
    for prefix in ("", "http://", "bob@"):
        try:
            entity = registry.parse(kind, prefix + text)
        except NotValidError:
            continue
        assert registry.parse(kind, entity.value) == entity
