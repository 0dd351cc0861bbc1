"""How names are compared: the same in every form of their letters, word by word in every script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.name_words import plain, words_in

NAMES = ["José Müller", "สุดา ใจดี", "王小明", "김 민수", "राहुल शर्मा", "مُحَمَّد حسين", "Nguyễn Thị Ánh"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("case", [str.upper, str.lower, str.title])
def test_a_name_is_the_same_in_every_form_and_case(name, form, case):
    assert plain(case(unicodedata.normalize(form, name))) == plain(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_what_shows_nothing_makes_no_other_name(name, unseen):
    assert plain(unseen.join(name)) == plain(name)


@pytest.mark.parametrize("name", NAMES)
def test_vowels_and_tones_written_as_marks_end_no_word(name):
    assert words_in(plain(name)) == plain(name).split()


@pytest.mark.parametrize("apart", [" ", "_", ", ", "-", ".", "/", "\t", "\n", "·"])
def test_a_mark_between_words_parts_them(apart):
    assert words_in(f"jane{apart}roe") == ["jane", "roe"]


@given(st.text(), st.text())
def test_words_of_two_texts_beside_each_other_are_those_of_both(one, other):
    assert words_in(f"{one} {other}") == words_in(one) + words_in(other)
