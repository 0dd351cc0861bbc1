"""Countries by their codes and by their names in the house's languages, with the Unicode locale data as the oracle."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib import resources

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values.names import country_code, country_names, parse_country, parse_name
from chokepoint.values.registry import parse

LANGUAGES = ("en", "de", "es", "fr", "ja", "th", "tr")
CODES = sorted(country_names())
KNOWN = {
    language: {code.lower(): name for code, name in Locale(language).territories.items() if code.lower() in CODES}
    for language in LANGUAGES
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_is_known_by_its_name_in_each_language_of_the_house(language):
    found = {code: parse_country(name) for code, name in KNOWN[language].items()}
    assert found == {code: code for code in KNOWN[language]}
    assert len(found) >= 245


def test_no_name_in_any_language_stands_for_two_countries():
    meant = defaultdict(set)
    for names in KNOWN.values():
        for code, name in names.items():
            meant[parse_name(name)].add(code)
    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}


def test_every_row_of_the_table_is_found_by_each_of_its_spellings():
    text = resources.files("chokepoint.values").joinpath("countries.csv").read_text("utf-8")
    for code, alpha3, name, others in csv.reader(text.splitlines()):
        for spelling in filter(None, (code, alpha3, name, *others.split("|"))):
            assert parse_country(spelling) == code, spelling


@given(st.sampled_from(CODES), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_a_code_is_read_in_any_case_and_stays_what_it_is(code, shout):
    assert parse_country(shout(code)) == code == country_code(shout(code))


@given(st.sampled_from(LANGUAGES), st.data())
def test_a_country_is_its_own_normal_form_however_it_was_named(language, data):
    name = data.draw(st.sampled_from(sorted(KNOWN[language].values())))
    once = parse("country", f" {name}\u200b ")
    assert parse("country", once.value) == once


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("UK", "gb", id="as people call it"),
        pytest.param("the Netherlands", "nl", id="with its article"),
        pytest.param("THE GAMBIA", "gm", id="shouted"),
        pytest.param("Türkiye", "tr", id="its new name"),
        pytest.param("Turkey", "tr", id="its old one"),
        pytest.param("Bosnia & Herzegovina", "ba", id="an ampersand"),
        pytest.param("Côte d’Ivoire", "ci", id="a raised comma"),
        pytest.param("Cote d'Ivoire", "ci", id="no accents"),
        pytest.param("กัมพูชา", "kh", id="Thai"),
        pytest.param("ミャンマー (ビルマ)", "mm", id="Japanese, with brackets"),
        pytest.param("Kamboçya", "kh", id="Turkish"),
        pytest.param("Österreich", "at", id="German"),
        pytest.param("KHM", "kh", id="three letters"),
    ],
)
def test_a_country_is_read_as_people_write_it(written, code):
    assert parse_country(written) == code


@pytest.mark.parametrize(
    "written",
    ["Atlantis", "EU", "Asia", "XX", "ZZ", "World", "the", "T H", "K", "Khmer Empire", "12", "K\u0301H"],
)
def test_what_is_no_country_is_refused_with_an_example(written):
    with pytest.raises(NotValidError) as refusal:
        parse_country(written)
    assert "such as TH" in refusal.value.mend


@pytest.mark.parametrize("written", ["", "T", "THA", "Thailand", "X1", "ไทย", "T\u200bH"], ids=ascii)
def test_a_two_letter_code_is_exactly_that(written):
    with pytest.raises(NotValidError):
        country_code(written)
