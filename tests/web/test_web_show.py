"""What strangers' texts look like: harmless, nothing hidden, in the reader's language."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.claim import Interval
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Tlp
from chokepoint.values.registry import parse
from chokepoint.values.suffix import is_public_suffix
from chokepoint.values.unseen import visible
from chokepoint.web.show import figures, strange, values

EN, FR, AR, TH = (Locale.parse(code) for code in ("en", "fr", "ar", "th"))
HIDDEN = "\u202e\u200b\u2066\u00ad\ufeff\x00\x07\x9b\ud800\u2028\u3164\U000e0041"


@pytest.mark.parametrize("character", HIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_a_character_that_hides_is_named(character):
    shown = str(strange.text(f"a{character}b"))
    assert character not in shown
    assert f"U+{ord(character):04X}</span>" in shown
    assert 'class="strange"' in shown


def test_a_character_that_hides_says_its_name():
    assert 'title="RIGHT-TO-LEFT OVERRIDE"' in strange.text("a\u202eb")


def test_a_letter_that_passes_for_another_is_named():
    assert "U+0430</span>pple" in strange.text("\u0430pple")


@pytest.mark.parametrize(
    "honest", ["สมชาย ใจดี", "العربية", "Пётр Иванов", "張偉", "Zoë", "naïve café", "👩 ok"]
)
def test_honest_writing_is_left_as_it_is(honest):
    assert str(strange.text(honest)) == f"<bdi>{honest}</bdi>"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("http://evil.com/a.php", "hxxp://evil[.]com/a.php"),
        ("HTTPS://EVIL.COM", "HxxPS://EVIL[.]COM"),
        ("ask bob@evil.com now", "ask bob@evil[.]com now"),
        ("see www.evil.co.uk.", "see www[.]evil[.]co[.]uk."),
        ("at 1.2.3.4:80", "at 1[.]2[.]3[.]4:80"),
        ("version 1.2.3 of e.g. it", "version 1.2.3 of e.g. it"),
        ("https://1.2.3.4/x", "hxxps://1[.]2[.]3[.]4/x"),
        ("evil[.]com", "evil[.]com"),
        ("//evil.com/a", "//evil[.]com/a"),
        ("ftp://evil.com/a.php", "ftp://evil[.]com/a.php"),
        ("pay at evil.xn--p1ai", "pay at evil[.]xn--p1ai"),
        ("evil.\u0440\u0444", "evil[.]\u0440\u0444"),
        ("a." * 20 + "com", "a[.]" * 20 + "com"),
    ],
)
def test_nothing_that_software_makes_a_link_of_is_left(said, shown):
    assert strange.unlinked(said) == shown


@given(st.text("https:/.evilcomxn-[] 1", max_size=60))
def test_what_is_harmless_already_stays_as_it_is(said):
    assert strange.unlinked(strange.unlinked(said)) == strange.unlinked(said)


@given(st.text(max_size=200))
def test_no_text_brings_markup_or_hides_anything(said):
    shown = str(strange.text(said))
    inner = shown.removeprefix("<bdi>").removesuffix("</bdi>")
    inner = re.sub(r'<span class="strange" title="[^"<>]*">(U\+[0-9A-F]{4,6})</span>', r"[\1]", inner)
    assert "<" not in inner
    assert visible(unescape(inner)) == unescape(inner)
    shown.encode("utf-8")


@given(st.text(min_size=200, max_size=400))
def test_of_a_long_text_the_whole_is_one_step_away(said):
    shown = str(strange.cut(said))
    assert str(strange.text(said)) in shown
    assert shown.startswith('<details class="long"><summary>')


def test_a_text_without_end_ends():
    assert len(strange.text("x" * 1_000_000)) < 21_000


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("chat.txt", "chat.txt", id="a file"),
        pytest.param("July.2026.CSV", "July.2026.CSV", id="with dots and capitals"),
        pytest.param("evil.com in list.csv", "evil[.]com in list.csv", id="a domain beside a file"),
        pytest.param("list.csv.com", "list[.]csv[.]com", id="a domain that looks like a file"),
        pytest.param("invoice.zip", "invoice[.]zip", id="an ending that is a top-level domain too"),
        pytest.param("https://evil.com/a.html", "hxxps://evil[.]com/a.html", id="a file of a web address"),
        pytest.param("https://list.csv/a", "hxxps://list[.]csv/a", id="whatever a web address names"),
    ],
)
def test_the_name_of_a_file_is_left_alone_unless_software_would_make_a_link_of_it(said, told):
    assert strange.unlinked(said) == told


def test_no_ending_that_is_left_alone_ends_a_name_on_the_internet():
    assert not {ending for ending in strange.FILES if is_public_suffix(ending)}


@pytest.mark.parametrize(
    ("entity", "shown"),
    [
        (Entity("domain-name", "evil.com"), "evil[.]com"),
        (Entity("url", "https://evil.com/a.b"), "hxxps://evil[.]com/a.b"),
        (Entity("ipv4-addr", "1.2.3.4"), "1[.]2[.]3[.]4"),
        (Entity("email-addr", "bob@evil.com"), "bob@evil[.]com"),
    ],
)
def test_an_identifier_is_shown_defanged(entity, shown):
    assert str(values.value(entity, locale=EN)) == f'<bdi class="value">{shown}</bdi>'


def test_a_domain_in_foreign_letters_says_which():
    assert "Cyrillic" in values.value(Entity("domain-name", "xn--80ak6aa92e.com"), locale=EN)


@given(st.text(max_size=80), st.sampled_from(["group", "url", "person", "domain-name"]))
def test_the_address_of_a_dossier_holds_no_character_that_ends_it(value, kind):
    address = values.address(Entity(kind, value))
    assert re.fullmatch(r"/entity\?of=[A-Za-z0-9_.~:%/-]*", address)


@pytest.mark.parametrize(
    ("belief", "shown"), [(0.0, "0%"), (0.004, "<1%"), (0.5, "50%"), (0.9999, ">99%"), (1.0, "100%")]
)
def test_per_cent_never_claims_a_certainty_that_is_not_there(belief, shown):
    assert figures.percent(belief, EN) == shown


def test_numbers_and_days_are_written_as_the_language_does():
    assert figures.number(1234567, EN) == "1,234,567"
    assert figures.number(1234567, FR).replace("\u202f", " ") == "1 234 567"
    assert ">3 Feb 2026<" in figures.day("2026-02-03", EN)
    assert ">3 févr. 2026<" in figures.day("2026-02-03", FR)
    assert "ก.พ." in figures.day("2026-02-03", TH)


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        (None, ""),
        (Interval("2025-03-01", "2025-03-02"), "1 Mar 2025"),
        (Interval("2025-03-01", "2025-03-11"), "1 Mar 2025–10 Mar 2025"),
        (Interval("2025-03-01", "2025-04-01", "month"), "Mar 2025"),
        (Interval("2025-01-01", "2026-01-01", "year"), "2025"),
        (Interval("", "2025-03-02"), "–1 Mar 2025"),
        (Interval("2025-03-01", ""), "1 Mar 2025"),
    ],
)
def test_an_interval_shows_its_days_as_exactly_as_the_source_knew(observed, shown):
    assert re.sub(r"<[^>]*>", "", str(figures.interval(observed, EN))) == shown


def test_a_moment_is_given_in_utc_and_says_so():
    assert figures.moment("2026-02-03T06:05:06+02:00", EN).endswith(">3 Feb 2026 04:05 UTC</time>")
    assert figures.moment("<b>", EN) == "<bdi>&lt;b&gt;</bdi>"


@pytest.mark.parametrize("label", list(Tlp), ids=lambda one: one.name)
def test_a_label_is_shown_as_the_standard_writes_it(label):
    assert f'dir="ltr" lang="en" translate="no">{label.label}</span>' in figures.tlp(label)


@pytest.mark.parametrize(
    ("belief", "shown"),
    [(0.999, '<bdi dir="ltr">&gt;99%</bdi>'), (0.001, '<bdi dir="ltr">&lt;1%</bdi>'), (0.5, "50%")],
)
def test_more_than_is_not_read_as_less_than_from_right_to_left(belief, shown):
    assert figures.percent(belief, AR) == shown


@pytest.mark.parametrize(
    "written", ["จำกัด", "น้ำ", "ทองคำ ซัน", "ຈຳກັດ"], ids=["limited", "water", "gold", "Lao limited"]
)
def test_a_name_with_am_is_shown_as_people_write_it(written):
    """Normal forms take the sign apart, and a tone mark then stands between its halves."""
    assert values.value(parse("organisation", written), locale=FR).striptags() == written
    assert strange.line(unicodedata.normalize("NFKC", written)).striptags() == written


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (341873.469, "341,900"),
        (5_622_580.3, "5,623,000"),
        (0.98512, "0.985"),
        (12, "12"),
        (0, "0"),
        (99_999, "100,000"),
    ],
)
def test_what_was_reckoned_has_no_more_digits_than_count(figure, told):
    assert figures.rounded(figure, EN) == told
