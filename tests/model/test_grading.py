"""Gradings, handling codes and levers: every written form, and nothing guessed."""

from __future__ import annotations

from itertools import product

import pytest

from chokepoint.model.errors import NotValidError
from chokepoint.model.handling import MEANING, code, has, meaning, parse_handling
from chokepoint.model.member import Mode, Sector
from chokepoint.model.source import CREDIBILITY, RELIABILITY, Grading, parse_grading
from chokepoint.model.vocabulary import vocabulary


@pytest.mark.parametrize("pair", list(product(RELIABILITY, CREDIBILITY)), ids="".join)
def test_every_grade_of_the_admiralty_scale_is_read_in_either_case(pair):
    grade = "".join(pair)
    assert parse_grading(grade.lower()) == parse_grading(f" {grade} ") == Grading(*pair)
    assert Grading(*pair).code == grade


@pytest.mark.parametrize("text", ["", "B", "2B", "BB", "22", "G1", "A7", "A0", "A-2", "B2 ok", "Б2", "B２"])
def test_what_is_no_grade_is_refused_with_an_example(text):
    with pytest.raises(NotValidError) as refusal:
        parse_grading(text)
    assert refusal.value.mend


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("h0", "H0"),
        (" H1 ", "H1"),
        ("H3: ask us", "H3: ask us"),
        ("h3 ; ask\tus  first", "H3: ask us first"),
        ("H3,ask", "H3: ask"),
    ],
)
def test_a_handling_code_is_read_as_written(text, entry):
    assert parse_handling(text) == entry
    assert code(entry) == entry[:2]


@pytest.mark.parametrize("text", ["H4", "H", "", "H2: words", "H3", "H3:", "H3: \x00", "H33: x", "handle"])
def test_another_code_or_one_with_the_wrong_words_is_refused_at_its_option(text):
    with pytest.raises(NotValidError) as refusal:
        parse_handling(text)
    assert refusal.value.place == "--handling"


def test_a_code_is_found_among_entries_by_itself_and_not_by_its_words():
    entries = ["H2", "H3: see H1"]
    assert (has(entries, "H2"), has(entries, "H3"), has(entries, "H1"), has([], "H0")) == (
        True,
        True,
        False,
        False,
    )
    assert code("H2x") == "H2x"


def test_a_meaning_is_a_sentence_and_an_unknown_entry_keeps_its_words():
    assert all(meaning(name) == f"{name}: {said}" for name, said in MEANING.items())
    assert meaning("ORCON") == "ORCON"


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
def test_the_levers_of_a_kind_are_pulled_by_members_that_there_can_be(kind):
    for lever in vocabulary().kind(kind).levers:
        assert Mode(lever.mode)
        assert Sector(lever.sector)
        assert all(asset.isupper() for asset in lever.only)
        assert lever.cost > 0


@pytest.mark.parametrize("name", sorted(vocabulary().properties))
def test_a_link_has_a_name_back_and_an_attribute_has_none(name):
    found = vocabulary().property(name)
    assert bool(found.reverse) == found.is_link
    assert name == name.lower()
