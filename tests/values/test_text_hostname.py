"""Whether a dotted word is a host: where it ends, and what files, code and abbreviations look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.suffix import rules
from chokepoint.values.text import scan
from chokepoint.values.text.hostname import trim
from chokepoint.values.text.network import tidy
from chokepoint.values.text.words import words


def hosts(text):
    return [one.entity.value for one in scan(text) if one.entity.kind == "domain-name"]


@pytest.mark.parametrize(
    ("word", "host"),
    [
        ("evil.com", "evil.com"),
        ("evil.com-Seite", "evil.com"),
        ("evil.com_backup", "evil.com"),
        ("evil.co.th-domain", "evil.co.th"),
        ("www.evil.com.Dann", "www.evil.com"),
        ("evil.de.Die", "evil.de"),
        ("evil.xyz-Shop", "evil.xyz"),
        ("EVIL.COM", "EVIL.COM"),
        ("evil.php", None),
        ("evil", None),
        (".com", None),
        ("a." * 200 + "com", None),
        ("evil.com-", "evil.com"),
        ("-evil.com", "-evil.com"),
        ("evil.рф", "evil.рф"),
        ("ไทย.ไทย", "ไทย.ไทย"),
    ],
)
def test_a_host_is_cut_out_of_a_dotted_word(word, host):
    found = trim(word)
    assert (found.text if found else None) == host
    if found:
        assert word.startswith(found.text)
        assert found.length == len(found.text)


@pytest.mark.parametrize(
    ("word", "host"),
    [
        ("evil.comของจริง", "evil.com"),
        ("evil.comのサイト", "evil.com"),
        ("evil.co.thเท่านั้น", "evil.co.th"),
        ("evil.phpです", None),
    ],
)
def test_letters_that_need_no_blank_are_cut_off_where_they_are_glued(word, host):
    found = trim(word, glued=True)
    assert (found.text if found else None) == host


@given(st.text(alphabet="abc.-_เの0", max_size=30))
def test_a_cut_is_always_the_beginning_of_its_word(word):
    for glued in (False, True):
        found = trim(word, glued=glued)
        if found:
            assert word[: found.length] == found.text
            assert found.tld.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "open the file report.zip",
        "run setup.sh",
        "see readme.md",
        "main.py failed",
        "named invoice.pub",
        "the script deploy.sh was run",
        "fichier facture.zip",
        "Datei rechnung.zip",
        "archivo factura.zip",
        "ไฟล์ invoice.zip",
        "ファイル invoice.zip",
        "dosya fatura.zip",
        "/etc/cron.sh",
        "C:\\temp\\run.sh",
        "./install.sh",
        "~/bin/tool.pl",
        "$HOME.sh",
        "System.Net",
        "Turla.AN",
        "asp.net and node.js",
        "socket.io",
        "e.g. this, i.e. that",
        "a.k.a. Ivan",
        "U.S. and U.K.",
        "p.s. bye",
        "obj.call(x)",
        "x = data.name;",
        "var a = b.top;",
        "foo.open('x')",
        "if (a.next) {",
        "function f() { return a.total }",
        "evil.com(1)",
        "Inc.com",
        "3.14",
        "v2.exe",
        "...",
        "a..b.com",
        "1.com.2",
    ],
)
def test_files_code_abbreviations_and_products_are_no_hosts(text):
    assert hosts(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("website report.zip", "report.zip"),
        ("the site evil.sh", "evil.sh"),
        ("domain evil.md", "evil.md"),
        ("evil.zip/login", None),
        ("http://evil.zip/login", None),
        ("www.evil.zip", "www.evil.zip"),
        ("evil[.]zip", "evil.zip"),
        ("เว็บ evil.sh", "evil.sh"),
        ("сайт evil.com", "evil.com"),
        ("visit evil.app today", "evil.app"),
        ("evil.es", "evil.es"),
        ("a.evil.name", "a.evil.name"),
        ("evil-host.name;", "evil-host.name"),
        ("t.co", None),
        ("the link t.co", "t.co"),
        ("C2 server a.b.evil.py", "a.b.evil.py"),
        ("EVIL.COM", "evil.com"),
        ("1212OCC.com", "1212occ.com"),
        ("_dmarc.evil.com", "_dmarc.evil.com"),
    ],
)
def test_a_word_about_sites_a_path_or_a_form_makes_a_host(text, found):
    assert hosts(text) == ([found] if found else [])


@pytest.mark.parametrize("ending", sorted(rules().plain & set(words("ending", "file"))))
def test_an_ending_of_files_is_one_of_hosts_where_the_word_domain_stands_before(ending):
    assert hosts(f"the domain evil-shop.{ending} was registered") == [f"evil-shop.{ending}"]


@pytest.mark.parametrize("ending", ["zip", "sh", "md", "py", "mov", "so"])
def test_a_list_of_files_is_none_of_hosts(ending):
    assert hosts("\n".join(f"part{at}.{ending}" for at in range(4))) == []


def test_a_list_of_hosts_takes_its_doubtful_ones_with_it():
    assert hosts("evil.com\nevil.sc\nbad.org") == ["evil.com", "evil.sc", "bad.org"]


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("http://evil.com/a.", "http://evil.com/a"),
        ("http://evil.com/a),", "http://evil.com/a"),
        ("http://evil.com/(a)", "http://evil.com/(a)"),
        ("http://evil.com/(a))", "http://evil.com/(a)"),
        ("http://evil.com/a]}", "http://evil.com/a"),
        ("http://evil.com/a…", "http://evil.com/a"),
        ("http://evil.com/a。", "http://evil.com/a"),
        ("http://evil.com/a**", "http://evil.com/a"),
        ("http://evil.com/a/", "http://evil.com/a/"),
        ("", ""),
        (".,;", ""),
    ],
)
def test_an_address_loses_the_punctuation_of_its_sentence(text, tidied):
    assert tidy(text) == tidied


@given(st.text(alphabet="ab/().,;:!?]}[{*'\"", max_size=30))
def test_tidying_twice_is_tidying_once_and_only_cuts_the_end(text):
    once = tidy(text)
    assert tidy(once) == once
    assert text.startswith(once)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("see 185.196.8.137,45.12.7.9 now", ["185.196.8.137", "45.12.7.9"]),
        ("[1.2.3.4:80,5.6.7.8:80,9.9.9.9/32]", ["1.2.3.4", "5.6.7.8", "9.9.9.9/32"]),
        ("2831416,42.231.90.15,x", ["42.231.90.15"]),
        ("in all 1,234.5.6.7 of them", []),
    ],
)
def test_addresses_between_commas_are_all_found_and_a_figure_with_a_comma_is_none(text, values):
    found = [one.entity.value for one in scan(text) if one.entity.kind == "ipv4-addr"]
    assert [value.removesuffix("/32") for value in values] == [value.removesuffix("/32") for value in found]
