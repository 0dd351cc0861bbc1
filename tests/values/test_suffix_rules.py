"""The public suffix list by its own published checks, against another reader of it, and what follows for sites."""

from __future__ import annotations

import pytest
import tldextract
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values import mailboxes, suffix
from chokepoint.values.host import parent
from chokepoint.values.suffix import is_public_suffix, is_tld, public_suffix, registered_domain, rules

ICANN = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
PRIVATE = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

# From https://publicsuffix.org/list/ "test_psl.txt": host → registrable domain, empty for none.
CHECKS = {
    "com": "",
    "example.com": "example.com",
    "b.example.com": "example.com",
    "a.b.example.com": "example.com",
    "biz": "",
    "domain.biz": "domain.biz",
    "a.b.domain.biz": "domain.biz",
    "uk.com": "",
    "example.uk.com": "example.uk.com",
    "a.b.example.uk.com": "example.uk.com",
    "test.ac": "test.ac",
    "mm": "",
    "c.mm": "",
    "b.c.mm": "b.c.mm",
    "a.b.c.mm": "b.c.mm",
    "jp": "",
    "test.jp": "test.jp",
    "ac.jp": "",
    "test.ac.jp": "test.ac.jp",
    "www.test.ac.jp": "test.ac.jp",
    "kyoto.jp": "",
    "test.kyoto.jp": "test.kyoto.jp",
    "ide.kyoto.jp": "",
    "b.ide.kyoto.jp": "b.ide.kyoto.jp",
    "a.b.ide.kyoto.jp": "b.ide.kyoto.jp",
    "c.kobe.jp": "",
    "b.c.kobe.jp": "b.c.kobe.jp",
    "a.b.c.kobe.jp": "b.c.kobe.jp",
    "city.kobe.jp": "city.kobe.jp",
    "www.city.kobe.jp": "city.kobe.jp",
    "ck": "",
    "test.ck": "",
    "b.test.ck": "b.test.ck",
    "www.ck": "www.ck",
    "www.www.ck": "www.ck",
    "us": "",
    "test.us": "test.us",
    "ak.us": "",
    "test.ak.us": "test.ak.us",
    "k12.ak.us": "",
    "test.k12.ak.us": "test.k12.ak.us",
    "xn--85x722f.com.cn": "xn--85x722f.com.cn",
    "xn--85x722f.xn--55qx5d.cn": "xn--85x722f.xn--55qx5d.cn",
    "www.xn--85x722f.xn--55qx5d.cn": "xn--85x722f.xn--55qx5d.cn",
    "shishi.xn--55qx5d.cn": "shishi.xn--55qx5d.cn",
    "xn--55qx5d.cn": "",
    "xn--85x722f.xn--fiqs8s": "xn--85x722f.xn--fiqs8s",
    "xn--fiqs8s": "",
}


@pytest.mark.parametrize(("name", "registered"), CHECKS.items())
def test_the_lists_own_checks_hold(name, registered):
    suffix_of = public_suffix(name)
    icann = "" if suffix_of == name else name[: -len(suffix_of) - 1].rpartition(".")[2] + "." + suffix_of
    if "uk.com" in name:
        assert registered_domain(name) == (registered or "uk.com")
        return
    assert icann == registered


SAMPLES = sorted(rule for rule in rules().icann if rule[0] not in "*!")[::37]
LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize("rule", SAMPLES[::6])
def test_a_rule_of_the_list_is_a_suffix_and_what_lies_below_it_is_registered(rule):
    if rule == "example":
        return
    assert is_public_suffix(rule) == (ICANN(f"x.{rule}").suffix.endswith(rule))
    assert public_suffix(f"shop.{rule}") == ICANN(f"shop.{rule}").suffix


@given(st.lists(LABEL, min_size=1, max_size=3), st.sampled_from(SAMPLES))
def test_suffix_and_registered_domain_are_those_of_another_reader(labels, rule):
    name = ".".join([*labels, rule])
    if rule == "example" or any(name.endswith(host) for host in suffix._SITE_HOSTS):
        return
    assert public_suffix(name) == ICANN(name).suffix
    if PRIVATE(name).domain:
        assert registered_domain(name) == PRIVATE(name).top_domain_under_public_suffix
    assert public_suffix(name, private=True) == PRIVATE(name).suffix


@given(st.lists(LABEL, min_size=2, max_size=5), st.sampled_from(SAMPLES))
def test_the_registered_domain_of_a_registered_domain_is_itself(labels, rule):
    name = ".".join([*labels, rule])
    registered = registered_domain(name)
    assert registered_domain(registered) == registered
    assert name == registered or name.endswith(f".{registered}")
    assert parent(name) == ("" if name == registered else registered)


@pytest.mark.parametrize(
    "name", ["evil.php", "scam.docx", "localhost", "readme.txt", "a.b.c.invalid", "x.local", ""]
)
def test_an_unknown_ending_has_no_suffix_and_nothing_registered(name):
    assert public_suffix(name) == ""
    assert registered_domain(name) == ""
    assert not is_tld(name.rpartition(".")[2])


def test_the_reserved_ending_of_examples_is_one_and_the_others_are_not():
    assert is_tld("example")
    assert registered_domain("login.bank.example") == "bank.example"
    assert not is_tld("test")
    assert not is_tld("onion") or public_suffix("x.onion") == "onion"


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("evil.wordpress.com", "evil.wordpress.com"),
        ("a.evil.wordpress.com", "evil.wordpress.com"),
        ("wordpress.com", "wordpress.com"),
        ("evil.github.io", "evil.github.io"),
        ("github.io", "github.io"),
        ("evil.blogspot.com", "evil.blogspot.com"),
        ("evil.weebly.com", "evil.weebly.com"),
        ("evil.000webhostapp.com", "evil.000webhostapp.com"),
        ("shop.evil.narod.ru", "evil.narod.ru"),
        ("notwordpress.com", "notwordpress.com"),
    ],
)
def test_a_site_at_a_host_of_sites_is_somebodys_own(name, registered):
    assert registered_domain(name) == registered


@pytest.mark.parametrize(
    "host",
    [
        "gmail.com",
        "mail.gmail.com",
        "protonmail.com",
        "yahoo.co.th",
        "qq.com",
        "cock.li",
        "wordpress.com",
        "github.io",
    ],
)
def test_anybody_has_a_mailbox_or_site_at_these(host):
    assert mailboxes.anybodys(host)


@pytest.mark.parametrize(
    "host", ["evil-pay.com", "gmail.com.evil.com", "notgmail.com", "bank.co.th", "evil.wordpress.com", ""]
)
def test_a_host_of_ones_own_is_not_anybodys(host):
    assert not mailboxes.anybodys(host)


def test_every_provider_has_a_country_and_hosts_that_are_registered():
    for host, provider in mailboxes.providers().items():
        assert provider.endswith(")")
        assert provider[-4] == "("
        assert registered_domain(host) == host
