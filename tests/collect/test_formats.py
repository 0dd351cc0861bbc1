"""The table of foreign words: every meaning is one of ours, every word stands once and as its format writes it."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from chokepoint.collect.formats import meanings, words
from chokepoint.collect.stix2.links import LINKS
from chokepoint.model.source import CREDIBILITY, parse_grading
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.platforms import by_name

TABLE = tomllib.loads(resources.files("chokepoint.collect").joinpath("formats.toml").read_text("utf-8"))
MAPS = sorted(name for name, one in TABLE.items() if isinstance(one, dict))
LISTS = sorted(name for name, one in TABLE.items() if isinstance(one, list))
KINDS = ("misp-types", "galaxy-kinds", "stix-values", "stix-kinds")
PROPERTIES = ("misp-notes", "galaxy-relations", "galaxy-reversed", "stix-links", "stix-reversed")


@pytest.mark.parametrize("name", MAPS)
def test_no_word_has_two_meanings(name):
    listed = [word for meant in TABLE[name].values() for word in meant]
    assert len(listed) == len(set(listed)) == len(meanings(name))


@pytest.mark.parametrize("name", LISTS)
def test_no_word_is_listed_twice_and_the_order_is_kept(name):
    assert list(words(name)) == TABLE[name]
    assert len(set(words(name))) == len(words(name))


@pytest.mark.parametrize("name", [*MAPS, *LISTS])
def test_words_hold_no_blank_at_their_ends(name):
    for word in words(name) if name in LISTS else meanings(name):
        assert word == word.strip()
        assert word or name == "blank-cells"


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_that_is_meant_is_one_of_the_vocabulary(name):
    assert set(TABLE[name]) <= set(vocabulary().kinds)


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_that_is_meant_is_one_of_the_vocabulary_and_of_the_right_sort(name):
    for meaning in TABLE[name]:
        assert vocabulary().property(meaning).is_link is (name != "misp-notes"), meaning


def test_rows_are_about_kinds_of_the_vocabulary():
    assert set(words("identifiers")) <= set(vocabulary().kinds)


def test_accounts_are_on_platforms_that_values_know():
    assert set(TABLE["misp-accounts"]) <= set(by_name())


def test_grades_are_grades_and_no_single_source_is_confirmed_by_others():
    for code in TABLE["tagpack-confidence"]:
        assert parse_grading(code).credibility != "1"
    assert set(TABLE["misp-confidence"]) <= set(CREDIBILITY) - {"1"}


def test_references_of_misp_lead_to_relationships_that_are_read():
    known = {*LINKS, *meanings("stix-reversed")}
    assert set(TABLE["misp-relations"]) <= known


@pytest.mark.parametrize("sort", ["stix-links", "galaxy-relations"])
def test_no_word_is_read_both_ways_round(sort):
    other = {"stix-links": "stix-reversed", "galaxy-relations": "galaxy-reversed"}[sort]
    assert not set(meanings(sort)) & set(meanings(other))


def test_no_category_is_both_a_business_and_a_crime():
    assert not set(words("graphsense-businesses")) & set(words("graphsense-crimes"))


def test_blank_cells_are_written_as_they_compare():
    assert all(word == word.casefold() for word in words("blank-cells"))


@pytest.mark.parametrize("name", ["nonsense", ""])
def test_there_is_no_other_table(name):
    with pytest.raises(KeyError):
        words(name)
