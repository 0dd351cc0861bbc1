"""Words in what claims say are found, as far as the viewer may see them and nobody is spelt out by them."""

from __future__ import annotations

import sqlite3
import stat
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.looking import freetext
from chokepoint.desk.looking.freetext import is_unread, passage, read_texts
from chokepoint.desk.looking.look import search
from chokepoint.desk.vetting.review import recall
from chokepoint.desk.watch.access import log
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.marking import CLEAR
from chokepoint.model.source import parse_grading
from chokepoint.store.fulltext import turn_to_read, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

GANG, TOOL = entity("group:gang"), entity("tool:loader")
STORY = "They rent flats near the border and hire couriers by the week."


def found(atlas: Atlas, text: str, **how: int) -> list[tuple[str, str]]:
    """Whom texts found, each with the words that are marked in the passage."""
    return [
        (hit.entity.value, "+".join(hit.said.passage[at:to] for at, to in hit.said.marks))
        for hit in search(atlas, text, **how)
        if hit.said
    ]


def read(world: World, organisation: str) -> Atlas:
    atlas = world.open(organisation)
    assert read_texts(atlas)
    assert not is_unread(atlas)
    return atlas


def files(atlas: Atlas) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((atlas.cache / "texts").glob("*"))}


@pytest.mark.parametrize(
    ("text", "sought", "marked"),
    [
        pytest.param(STORY, "courier", "courier", id="a part of a word"),
        pytest.param(STORY, "COURIERS flats", "flats+couriers", id="words in any order and case"),
        pytest.param(STORY, "by courier", "courier+by", id="a short word beside a longer one"),
        pytest.param("see https://evil.com/a", "evil[.]com", "evil.com", id="defanged"),
        pytest.param("แก๊งคอลเซ็นเตอร์ในปอยเปต", "ปอยเปต", "ปอยเปต", id="Thai, which has no blanks"),
        pytest.param("شبكة احتيال عبر الهاتف", "احتيال", "احتيال", id="Arabic"),
        pytest.param("跨境电信诈骗团伙", "诈骗", "诈骗", id="a Chinese word of two letters"),
        pytest.param("보이스피싱 조직", "조직", "조직", id="a Korean word of two letters"),
        pytest.param("Café Straße", "STRASSE", "Straße", id="a letter that is two without capitals"),
        pytest.param("cafe\u0301 noir", "caf\u00e9", "caf\u00e9", id="an accent of its own"),
        pytest.param(
            'say "now" OR never*', '"now" or never*', '"now"+OR+never*', id="signs of a query language"
        ),
        pytest.param("one\ntwo\x00three", "three", "three", id="blanks and NUL between words"),
    ],
)
def test_words_of_a_text_find_its_thing_and_are_marked(world: World, text: str, sought: str, marked: str):
    world.say("bank", (GANG, "description", text), (TOOL, "description", "nothing of the kind"))
    assert found(read(world, "police"), sought) == [("gang", marked)]


@pytest.mark.parametrize(
    "sought",
    [
        pytest.param("couriers boats", id="one word is not there"),
        pytest.param("courtiers", id="letters that stand there but not in a row"),
        pytest.param("by", id="too short to be looked for"),
        pytest.param("%ourier", id="a sign that stands for any"),
        pytest.param("courier\ud800", id="a lone surrogate"),
        pytest.param("x" * 10_000, id="ten thousand letters"),
        pytest.param('" OR "', id="nothing but signs"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_words_find_nothing_in_it(world: World, sought: str):
    world.say("bank", (GANG, "description", STORY))
    assert found(read(world, "police"), sought) == []


def test_values_come_first_and_no_thing_twice(world: World):
    world.say("bank", (GANG, "description", "a gang"), (TOOL, "description", "of the gang"))
    world.say("bank", (TOOL, "observation", "seen with the gang"))
    hits = search(read(world, "police"), "gang")
    assert [(hit.entity.value, hit.said and hit.said.passage) for hit in hits] == [
        ("gang", None),
        ("loader", "seen with the gang"),
    ]
    assert hits[1].to_json()["said"] == {
        "property": "observation", "passage": "seen with the gang", "marks": [[14, 18]],
    }  # fmt: skip


@pytest.mark.parametrize(("limit", "most"), [(1, 1), (2, 1), (3, 2), (50, 5)])
def test_half_as_many_are_found_by_texts_the_newest_first(worlds_read: Atlas, limit: int, most: int):
    assert [value for value, _ in found(worlds_read, "flats", limit=limit)] == list("edcba")[:most]


@pytest.fixture(scope="module")
def worlds_read(worlds: Callable[[], World]) -> Atlas:
    world = worlds()
    for value in "abcde":
        world.say("bank", (entity(f"group:{value}"), "description", STORY), place=value)
    return read(world, "police")


def test_until_texts_are_read_that_is_said_and_nothing_of_them_is_found(world: World):
    world.say("bank", (GANG, "description", STORY))
    atlas = world.open("police")
    assert (is_unread(atlas), found(atlas, "couriers")) == (True, [])
    assert not read_texts(atlas, over=lambda: True)
    assert (read_texts(atlas), is_unread(atlas)) == (True, False)
    world.say("bank", (TOOL, "description", STORY))
    assert (is_unread(atlas), found(atlas, "couriers")) == (True, [("gang", "couriers")])


def test_what_is_hidden_changes_no_answer_and_no_file_that_the_viewer_opens(made: Callable[[str], World]):
    worlds = made("without"), made("with")
    for world in worlds:
        world.say("bank", (GANG, "description", STORY))
    worlds[1].say("vendor", (TOOL, "description", STORY), marking=RED)
    worlds[1].say("vendor", (GANG, "description", "secret couriers"), marking=RED)
    read(worlds[1], "vendor")
    told = [[hit.to_json() for hit in search(read(world, "police"), "couriers")] for world in worlds]
    assert told[0] == told[1] != []
    assert found(worlds[1].open("police"), "secret") == []
    assert found(worlds[1].open("vendor"), "secret") == [("gang", "secret")]
    assert not is_unread(worlds[1].open("police"))


def test_texts_that_only_another_may_see_are_not_told_to_be_unread(world: World):
    world.say("vendor", (TOOL, "description", STORY), marking=RED)
    assert not is_unread(world.open("police"))
    assert is_unread(world.open("vendor"))
    assert read_texts(world.open("police"))
    assert is_unread(world.open("vendor"))


def test_a_text_that_was_marked_anew_is_found_by_those_alone_who_still_see_it(world: World):
    [seq, _] = world.say("bank", (GANG, "description", STORY), (TOOL, "description", "rents flats too"))
    atlas = read(world, "police")
    remark(world.open("bank"), world.ids("bank", [seq]), RED, "a mistake")
    assert found(atlas, "flats") == []
    assert is_unread(atlas)
    assert found(read(world, "police"), "flats") == [("loader", "flats")]
    assert found(read(world, "bank"), "flats") == [("loader", "flats"), ("gang", "flats")]


def test_what_was_recalled_is_found_no_more(world: World):
    seqs = world.say("bank", (GANG, "description", STORY))
    atlas = read(world, "police")
    assert found(atlas, "flats") == [("gang", "flats")]
    recall(world.open("bank"), world.ids("bank", seqs), "wrong")
    assert found(atlas, "flats") == []


def test_of_an_erased_thing_no_letters_stay_and_the_rest_is_found_again(world: World):
    world.say("bank", (GANG, "description", "Zxqj lives here"), (TOOL, "description", STORY))
    atlas = read(world, "bank")
    assert any(b"zxq" in data for data in files(atlas).values())
    erase(atlas, GANG, reason="asked", basis="law")
    assert files(atlas) == {}
    assert found(atlas, "zxqj") == []
    assert found(read(world, "bank"), "flats") == [("loader", "flats")]
    assert not any(b"zxq" in data for data in files(atlas).values())


def test_a_file_of_before_an_erasure_is_not_asked_and_is_made_anew(world: World):
    world.say("bank", (GANG, "description", "Zxqj lives here"), (TOOL, "description", STORY))
    atlas = read(world, "bank")
    kept = files(atlas)
    erase(atlas, GANG, reason="asked", basis="law")
    for name, data in kept.items():  # as where another machine had it
        (atlas.cache / "texts").mkdir(exist_ok=True)
        (atlas.cache / "texts" / name).write_bytes(data)
    assert is_unread(atlas)
    assert found(atlas, "flats") == []
    read(world, "bank")
    assert not any(b"zxq" in data for data in files(atlas).values())


def test_a_text_about_a_person_is_in_no_file(world: World):
    person = entity("person:ivan petrov")
    world.say("bank", (person, "description", "Zxqj of Minsk"), (GANG, "description", "Zbbb of Minsk"))
    atlas = read(world, "bank")
    assert not any(b"zxq" in data for data in files(atlas).values())
    assert found(atlas, "minsk") == [("gang", "Minsk")]


def test_nobody_minimised_is_found_by_parts_of_a_name_in_the_text_of_another(world: World):
    person = entity("person:ivan petrovsky")
    world.say(
        "bank", (person, "role", "victim"), (GANG, "description", "They cheated Ivan Petrovsky in Minsk.")
    )
    atlas = read(world, "bank")
    for part in ("petrov", "Ivan Petrovsky", "ovsky minsk"):
        assert found(atlas, part) == []
    [hit] = [hit for hit in search(atlas, "minsk") if hit.said]
    assert "etrovsky" not in str(hit.to_json())


def test_a_look_is_logged_with_what_texts_found(world: World):
    world.say("bank", (GANG, "description", STORY))
    search(read(world, "police"), "couriers")
    assert any("couriers" in str(one) and GANG.value in str(one) for one in log(world.open("police")))


def test_files_are_their_owners_alone(world: World):
    world.say("bank", (GANG, "description", STORY))
    folder = read(world, "police").cache / "texts"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)


@pytest.mark.parametrize(
    "data", [b"", b"no data base", b"SQLite format 3\x00" + bytes(200)], ids=["empty", "text", "torn"]
)
def test_a_broken_file_finds_nothing_and_is_made_anew(world: World, data: bytes):
    world.say("bank", (GANG, "description", STORY))
    atlas = read(world, "police")
    for path in (atlas.cache / "texts").glob("*.sqlite"):
        path.write_bytes(data)
    assert (is_unread(atlas), found(atlas, "flats")) == (True, [])
    assert found(read(world, "police"), "flats") == [("gang", "flats")]


def test_where_another_process_reads_texts_they_are_left_to_it(world: World):
    world.say("bank", (GANG, "description", STORY))
    atlas = world.open("police")
    atlas.cache.mkdir(exist_ok=True)
    with turn_to_read(atlas.cache):
        assert not read_texts(atlas)
    assert read_texts(atlas)


def test_a_full_disk_is_no_error_of_whoever_searches(world: World, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    world.say("bank", (GANG, "description", STORY))
    atlas = world.open("police")
    monkeypatch.setattr("chokepoint.store.fulltext.Book.add", full)
    assert not read_texts(atlas)
    assert [hit.entity for hit in search(atlas, "gang")] == [GANG]


def test_reading_that_breaks_off_leaves_what_was_read_and_goes_on_there(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(freetext, "STEP", 1)
    for value in "abc":
        world.say("bank", (entity(f"group:{value}"), "description", STORY), place=value)
    atlas = world.open("police")
    asked = iter([False, True])
    assert not read_texts(atlas, over=lambda: next(asked))
    assert found(atlas, "flats") == [("a", "flats")]
    assert read_texts(atlas)
    assert [value for value, _ in found(atlas, "flats")] == ["c", "b", "a"]


@pytest.fixture(scope="module")
def growing(worlds: Callable[[], World]) -> World:
    return worlds()


@settings(max_examples=12)
@given(texts=st.lists(st.text("abท诈A ", min_size=1, max_size=8), min_size=1, max_size=4))
def test_what_grew_finds_what_a_file_made_at_once_does_and_what_reading_all_texts_does(
    growing: World, texts: list[str]
):
    atlas = growing.open("bank")
    for text in texts:
        growing.say("bank", (entity(f"group:g{len(GROWN)}"), "description", text), place=str(len(GROWN)))
        GROWN.append(text)
        assert read_texts(atlas)
    sought = [word for text in texts for word in text.split() if words_of(word)]
    grown = [found(atlas, word, limit=1000) for word in sought]
    for path in (atlas.cache / "texts").iterdir():
        path.unlink()
    assert read_texts(atlas)
    assert [found(atlas, word, limit=1000) for word in sought] == grown
    for word, hits in zip(sought, grown, strict=True):
        said = {f"g{n}" for n, text in enumerate(GROWN) if word.casefold() in text.casefold()}
        named = {hit.entity.value for hit in search(atlas, word, limit=1000) if not hit.said}
        assert {value for value, _ in hits} == said - named


GROWN: list[str] = []


def claim(text: str) -> Claim:
    source = Provenance(capture="0" * 64, origin="x", grading=parse_grading("B2"), marking=CLEAR)
    return Claim(GANG, "description", text, "line 1", source)


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, 0), (0, 153), (0, 154), (49, 500), (50, 500), (51, 500), (500, 0), (500, 3), (10**6, 10**6)],
)
def test_a_passage_holds_the_first_word_and_at_most_160_letters(before: int, after: int):
    said = passage(claim("x" * before + "courier" + "y" * after), ("courier",))
    assert said is not None
    assert len(said.passage) == min(160, before + 7 + after)
    assert [said.passage[at:to] for at, to in said.marks] == ["courier"]


def test_marks_are_ascending_and_apart():
    said = passage(claim("abcdef abc"), ("bcd", "abcd", "cdef"))
    assert said is not None
    assert said.marks == ((0, 4), (4, 6))
