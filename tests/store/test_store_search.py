"""Finding entities by a part of their value, in any script and with nothing taken for a pattern."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_world import AMBER, link, say, seen_by, source, texts

from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Viewer
from chokepoint.settings import Settings
from chokepoint.store import lookup
from chokepoint.wiring import make_atlas


def holding(atlas, words, limit=50):
    reader = atlas.reader
    with reader.connect() as connection:
        found = lookup.holding(reader, connection, words, limit)
        entities = reader.entities(connection, found)
        return [entities[eid].value for eid in found]


def starting(atlas, words, limit=50):
    reader = atlas.reader
    with reader.connect() as connection:
        found = lookup.starting(reader, connection, words, limit)
        entities = reader.entities(connection, found)
        return [entities[eid].value for eid in found]


def named(atlas, *values, marking=None):
    provenance = source() if marking is None else source("marked.txt", marking)
    paths = ["list.txt" if marking is None else "marked.txt"]
    say(atlas, [Claim(Entity("campaign", value), "alias", "x", value, provenance) for value in values], paths)


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("ธนาคารกสิกรไทยปลอม", "กสิกร"),
        ("ธนาคารกสิกรไทยปลอม", "ปลอม"),
        ("แก๊งคอลเซ็นเตอร์", "คอล"),
        ("株式会社フィッシング", "フィッシ"),
        ("Ärzte-Bank", "zte-B"),
        ("казино", "ази"),
        ("مصرف", "صرف"),
        ("evil-bank.example", "bank"),
    ],
)
def test_a_part_of_a_value_is_found_in_any_script(atlas, value, part):
    one = atlas()
    named(one, value, "something else")
    assert holding(one, part) == [value]


@pytest.mark.parametrize(
    "words", ["%", "_", "%%%", "___", "a%b", "a_b", "\\", "\\%", "100%", "%a%", "*", "?", '"', "'"]
)
def test_no_letter_of_a_search_is_taken_for_a_pattern(atlas, words):
    one = atlas()
    named(one, "aXb", "plain", "100 per cent", f"<{words}>")
    assert holding(one, words) == [f"<{words}>"]


@pytest.mark.parametrize(
    "words", ['"unbalanced', "a OR b", "NEAR(a b)", "value:x", "a*", "-x", "(", "'; DROP TABLE search; --"]
)
def test_no_word_of_a_search_is_taken_for_an_operator(atlas, words):
    one = atlas()
    named(one, "a", "b", f"[{words}]")
    assert holding(one, words) == [f"[{words}]"]


def test_the_shortest_values_come_first(atlas):
    one = atlas()
    named(one, "bank of examples", "bank", "a bank")
    assert holding(one, "bank") == ["bank", "a bank", "bank of examples"]
    assert holding(one, "bank", 2) == ["bank", "a bank"]


def test_hidden_values_crowd_out_no_visible_one(atlas):
    one = atlas()
    named(one, *[f"bank{n}" for n in range(600)], marking=AMBER)
    named(one, "the only bank that everybody sees")
    police = seen_by(one, "police")
    assert holding(police, "bank", 3) == ["the only bank that everybody sees"]
    assert starting(police, "bank", 3) == []
    assert len(holding(one, "bank", 700)) == 601


def test_values_begin_with_what_was_asked_for(atlas):
    one = atlas()
    named(one, "abc", "abd", "b", "ab%", "Abc")
    assert starting(one, "ab") == ["ab%", "abc", "abd"]
    assert starting(one, "ab%") == ["ab%"]
    assert starting(one, "z") == []


def test_an_entity_is_found_in_the_append_that_brings_it_and_after_many_more(atlas):
    one = atlas()
    for number in range(40):
        say(one, [link(f"needle{number:03}.example", "10.0.0.1", place=str(number))])
        assert holding(one, f"needle{number:03}") == [f"needle{number:03}.example"]
    assert len(holding(one, "needle")) == 40


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    """An atlas to which one example after the other is added."""
    folder = tmp_path_factory.mktemp("growing") / "atlas"
    one = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation="bank")))
    yield one
    one.engine.dispose()
    one.vault._engine.dispose()


@settings(max_examples=40)
@given(texts.filter(lambda text: "\x00" not in text), st.integers(0, 29), st.integers(1, 30))
def test_any_part_of_any_value_finds_it(growing, value, start, length):
    named(growing, value)
    part = value[start % len(value) :][:length]
    assert value in holding(growing, part, 10_000)
    assert value in starting(growing, value[:length], 10_000)
