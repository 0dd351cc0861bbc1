"""Who a text names is found by the text's words, and it is exactly whom a look at every person would find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.personal.index import NameIndex, names, persons_in
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store import persons
from chokepoint.values.name_words import plain, words_in

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

SITE = entity("domain-name:evil.com")
NAMES = (
    "jane doe",
    "doe",
    "li wu",
    "สมชาย ใจดี",
    "jean-luc o'brien",
    "ǆemal ßtraße",
    "a",
    "x y z",
    "maria  del carmen",
)


def scanned(people: list[str], text: str) -> set[int]:
    """The rule as it was before there was an index: every person, one after the other."""
    folded = plain(text)
    there = set(words_in(folded))
    found = set()
    for number, value in enumerate(people, 1):
        name = plain(value)
        parts = words_in(name)
        if name in folded or (parts and there.issuperset(parts)):
            found.add(number)
    return found


def indexed(people: list[str], text: str) -> set[int]:
    index = NameIndex()
    index.take(list(enumerate(people, 1)))
    folded = plain(text)
    there = set(words_in(folded))
    return {one for one in index.candidates(folded) if names(folded, there, people[one - 1])}


pieces = st.one_of(
    st.sampled_from(
        [
            *NAMES,
            "Doe, Jane",
            "DOE",
            "janet",
            "jane",
            "ｊａｎｅ ｄｏｅ",
            "\u200bjane doe",
            "คุณสมชาย ใจดีครับ",
            " ",
        ]
    ),
    st.text(max_size=12),
)
texts = st.lists(pieces, max_size=6).map(" ".join)
people = st.lists(st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=14)), max_size=8)


@given(people, texts)
def test_the_index_finds_exactly_whom_the_scan_found(people: list[str], text: str) -> None:
    assert indexed(people, text) == scanned(people, text)


@given(st.text(min_size=1, max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_a_name_is_found_in_the_middle_of_any_word(name: str, before: str, after: str) -> None:
    """Thai is written without blanks; a surname may be part of an address."""
    if plain(name) in plain(before + name + after):
        assert indexed([name], before + name + after) == {1}


@given(people, people, texts)
def test_it_grows_by_what_came_since_and_finds_the_same(first: list[str], more: list[str], text: str) -> None:
    index = NameIndex()
    index.take(enumerate(first, 1))
    index.take(enumerate(more, 1 + len(first)))
    whole = NameIndex()
    whole.take(enumerate([*first, *more], 1))
    assert index.candidates(plain(text)) == whole.candidates(plain(text))


def test_few_are_compared_however_many_there_are() -> None:
    index = NameIndex()
    index.take((number, f"given{number} surname{number}") for number in range(1, 20_001))
    found = index.candidates(plain("we met Given77 Surname77 and surname78"))
    assert 77 in found
    assert len(found) <= 3


# --- in an atlas ---


def found(atlas: Atlas, text: str) -> list[str]:
    return sorted(one.value for one in persons_in(atlas, text))


def test_who_comes_later_is_found_too(world: World) -> None:
    assert found(world.open("bank"), "Jane Doe wrote") == []
    world.say("bank", (SITE, "contact", entity("person:jane doe")))
    assert found(world.open("bank"), "Jane Doe wrote") == ["jane doe"]
    world.say("bank", (SITE, "contact", entity("person:john roe")), path="b.txt")
    assert found(world.open("bank"), "Roe, John and Doe, Jane") == ["jane doe", "john roe"]


def test_who_is_hidden_from_the_viewer_is_not_found_and_is_for_whom_they_are_not(world: World) -> None:
    world.say("police", (SITE, "contact", entity("person:jane doe")), marking=Marking(tlp=Tlp.RED))
    atlas = world.open("police")
    assert found(atlas, "Jane Doe wrote") == ["jane doe"]
    assert found(world.open("bank"), "Jane Doe wrote") == []


@pytest.mark.parametrize("first", ["bank", "police"])
def test_the_viewer_who_asks_first_leaves_no_gap_for_another(world: World, first: str) -> None:
    """One index serves all who look through one connection to the atlas."""
    from dataclasses import replace  # noqa: PLC0415 - here alone

    from chokepoint.model.marking import Viewer  # noqa: PLC0415 - here alone

    world.say("police", (SITE, "contact", entity("person:jane doe")), marking=Marking(tlp=Tlp.RED))
    atlas = world.open("bank")
    as_seen = {who: replace(atlas, viewer=Viewer(organisation=who)) for who in ("bank", "police")}
    found(as_seen[first], "Jane Doe")
    assert {who: found(one, "Jane Doe") for who, one in as_seen.items()} == {
        "bank": [],
        "police": ["jane doe"],
    }


def test_who_was_erased_is_found_no_more_and_found_again_when_said_again(world: World) -> None:
    world.say("bank", (SITE, "contact", entity("person:jane doe")))
    atlas = world.open("bank")
    assert found(atlas, "Jane Doe") == ["jane doe"]
    erase(atlas, entity("person:jane doe"), reason="asked", basis="GDPR Art. 17")
    assert found(atlas, "Jane Doe") == []
    world.say("bank", (SITE, "contact", entity("person:jane doe")), path="again.txt")
    assert found(atlas, "Jane Doe") == ["jane doe"]


def test_who_takes_up_the_number_of_somebody_erased_is_found(world: World) -> None:
    """The highest number is given out again: an index that only looks beyond it would miss who came after."""
    world.say("bank", (SITE, "contact", entity("person:jane doe")))
    atlas = world.open("bank")
    assert found(atlas, "Jane Doe") == ["jane doe"]
    erase(atlas, entity("person:jane doe"), reason="asked", basis="GDPR Art. 17")
    world.say("bank", (SITE, "contact", entity("person:john roe")), path="b.txt")
    assert found(atlas, "John Roe and Jane Doe") == ["john roe"]


def test_where_nobody_is_entered_the_things_of_before_are_not_looked_through_again(world: World) -> None:
    """Every page that tells texts asks: from the first entity on, each time, that took as long as the page."""
    world.say("bank", (entity("domain-name:a.com"), "indicates", entity("group:g")))
    with world.open("bank").engine.connect() as connection:
        newest, entered = persons.entered_after(connection, 0, {"person"})
        assert (newest, entered) == (2, [])
        world.say("bank", (entity("person:ann"), "uses", entity("domain-name:a.com")), path="2")
    with world.open("bank").engine.connect() as connection:
        assert persons.entered_after(connection, newest, {"person"}) == (3, [(3, "ann")])
        assert persons.entered_after(connection, 3, {"person"}) == (3, [])


@pytest.mark.parametrize("before", range(0, 40, 3))
def test_a_name_is_found_wherever_it_stands_between_two_pieces_of_a_text(monkeypatch, before):
    monkeypatch.setattr("chokepoint.desk.personal.index.PIECE", 16)
    index = NameIndex()
    index.take([(1, "สมชาย ใจดี"), (2, "li wu"), (3, "jane van doe")])
    folded = plain(f"{'x' * before}สมชาย ใจดี{'y' * before}jane van doe")
    assert {1, 3} <= index.candidates(folded)
    assert 2 not in index.candidates(folded)
