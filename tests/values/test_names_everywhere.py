"""Names in every script, countries in every spelling, and which names are too common to join on."""

from __future__ import annotations

import csv
import unicodedata
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import names
from chokepoint.values.names import (
    countries,
    country_code,
    country_names,
    generic,
    parse_country,
    parse_name,
    squash,
)
from chokepoint.values.tables import table

scripts = st.text(
    alphabet=st.characters(categories=("L", "M", "N", "Zs", "Pd", "Po", "Pc")), min_size=1, max_size=40
)


@given(scripts)
def test_a_name_is_itself_again_and_the_same_composed_or_not(text):
    try:
        value = parse_name(text)
    except NotValidError:
        return
    assert parse_name(value) == value
    assert parse_name(unicodedata.normalize("NFD", text)) == value
    assert parse_name(unicodedata.normalize("NFC", text)) == value
    assert parse_name(f"  {text}\u200b ") == value


@given(st.text(alphabet="abcdefg ", min_size=1, max_size=20))
def test_case_blanks_underscores_and_hyphens_make_no_other_name(text):
    if text.strip():
        wanted = parse_name(text)
        assert (
            parse_name(text.upper())
            == parse_name(text.replace(" ", "_"))
            == parse_name(text.replace(" ", " - "))
            == wanted
        )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Fancy Bear (APT28)", "fancy bear apt28", id="brackets"),
        pytest.param("APT-28/Sofacy", "apt 28 sofacy", id="slash"),
        pytest.param("“Wizard” Spider", "wizard spider", id="quotes"),
        pytest.param("D'Angelo", "dangelo", id="apostrophe"),
        pytest.param("O’Neil", "oneil", id="curly-apostrophe"),
        pytest.param("A.B.C. Co.,Ltd", "a b c co ltd", id="stops"),
        pytest.param("ＡＰＴ２８", "apt28", id="full-width"),
        pytest.param("Ⅷ", "viii", id="roman"),
        pytest.param("½ Life", "1 2 life", id="fraction"),
        pytest.param("Çağrı", "çağrı", id="turkish"),
        pytest.param("İstanbul", "i̇stanbul", id="dotted-i"),
        pytest.param("ΣΊΣΥΦΟΣ", "σίσυφοσ", id="greek"),
        pytest.param("Иван Иванов", "иван иванов", id="cyrillic"),
        pytest.param("محمد علي", "محمد علي", id="arabic"),
        pytest.param("מֹשֶׁה", "מֹשֶׁה", id="hebrew"),
        pytest.param("राम", "राम", id="hindi"),
        pytest.param("สมชาย ใจดี", "สมชาย ใจดี", id="thai"),
        pytest.param("山田　太郎", "山田 太郎", id="wide-blank"),
        pytest.param("김철수", "김철수", id="korean"),
        pytest.param("C++ & C#", "c++ c", id="plus"),
        pytest.param("$cash€", "$cash€", id="money"),
        pytest.param("a\u202eb", "ab", id="override"),
        pytest.param("a\x00b", "a b", id="nul"),
        pytest.param("emoji 😈 gang", "emoji gang", id="picture"),
    ],
)
def test_a_name_of_any_script_has_one_form(text, value):
    assert parse_name(text) == value


def test_a_name_of_300_characters_is_taken_and_one_more_is_not():
    assert parse_name("a" * names.LONGEST) == "a" * names.LONGEST
    assert parse_name("é" * names.LONGEST) == "é" * names.LONGEST
    for text in ("é" * (names.LONGEST + 1), "a b" * 200, "x" * 5000 + " "):
        with pytest.raises(NotValidError, match="at most 300"):
            parse_name(text)


@pytest.mark.parametrize("text", ["", " ", "___", "---", "\u200b\u200c", "()", "…", "\n"])
def test_a_text_without_letter_or_digit_names_nothing(text):
    with pytest.raises(NotValidError, match="no letter or digit"):
        parse_name(text)


@given(scripts)
def test_squashing_takes_the_blanks_and_nothing_else(text):
    assert squash(text) == text.replace(" ", "")


@pytest.mark.parametrize("word", table("names")["common"])
def test_a_common_word_joins_nothing_alone_or_with_another(word):
    assert generic(word)
    assert generic(f"the {word}")
    assert not generic(f"{word} xyzzy")


@pytest.mark.parametrize("value", ["a", "ab", "1", "1234567", "12 34", "apt", "fin", "a b c", "the a"])
def test_what_is_too_short_or_all_figures_joins_nothing(value):
    assert generic(value)


@pytest.mark.parametrize(
    "value", ["apt28", "fin7", "ta505", "กลุ่ม", "東京都", "лаз", "lazarus", "wizard spider", "unc1234"]
)
def test_what_tells_may_join(value):
    assert not generic(value)


ROWS = list(
    csv.reader(resources.files("chokepoint.values").joinpath("countries.csv").read_text("utf-8").splitlines())
)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_country_is_known_by_both_codes_its_name_and_its_other_names(row):
    code, alpha3, name, others = row
    for spelling in (
        code,
        code.upper(),
        alpha3,
        name,
        name.upper(),
        f"The {name}",
        *filter(None, others.split("|")),
    ):
        assert parse_country(spelling) in {code, countries()[parse_name(spelling.removeprefix("The "))]}
    assert country_names()[code] == name
    assert country_code(code.upper()) == code


def test_no_two_countries_share_a_code_or_an_english_name():
    assert len({row[0] for row in ROWS}) == len({row[2] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "gb"),
        ("uk", "gb"),
        ("GB", "gb"),
        ("Great Britain", "gb"),
        ("USA", "us"),
        ("Czechia", "cz"),
        ("Ivory Coast", "ci"),
        ("Burma", "mm"),
        ("Deutschland", "de"),
    ],
)
def test_a_country_is_read_by_the_names_that_people_use(text, code):
    assert parse_country(text) == code


@pytest.mark.parametrize("text", ["", "zz", "t", "tha", "Atlantis", "uk2"])
def test_a_code_of_no_country_is_refused_with_an_example(text):
    with pytest.raises(NotValidError, match="ISO 3166") as refusal:
        country_code(text)
    assert "TH" in refusal.value.mend
