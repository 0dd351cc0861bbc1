"""Hostile words at the desk: whatever a person or a criminal writes is kept, told and bounded, and runs nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document
from chokepoint.desk.identity import decide
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.people.circle import find_group, groups, make_group
from chokepoint.desk.resolve import candidates, entity_of
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.desk.watch.access import log
from chokepoint.desk.work.note import LONGEST, LONGEST_OBSERVATION, Draft, day_or_days, note
from chokepoint.model.claim import Nature
from chokepoint.model.errors import ChokepointError, NotValidError, RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.source import parse_grading

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.model.claim import Claim

SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
HOSTILE = {
    "right to left": "evil.com \u202egnp.exe\u202c seen",
    "zero width": "ev\u200bil.com and evil.com",
    "nought": "evil.com \x00 then",
    "escape": "evil.com \x1b[31mred\x1b[0m",
    "markup": "evil.com <script>alert(1)</script>",
    "sql": "evil.com'; DROP TABLE claims; --",
    "a formula": "=cmd|' /C calc'!A0 evil.com",
    "thai": "evil.com เว็บหลอกลวง",
    "emoji": "evil.com 💸🧑‍💻",
    "bell and tabs": "evil.com\t\t\a",
    "many lines": "a\n" * 500 + "evil.com",
    "a long line": "x" * 50_000 + " evil.com",
    "braces": "evil.com {0} {name} %s %(a)s",
}


@pytest.fixture(scope="module")
def common(worlds: Callable[[], World]) -> World:
    """An atlas to look into."""
    world = worlds()
    world.say("bank", (SITE, "indicates", GANG), (GANG, "alias", "Gang \u202eelbat"))
    return world


def observed(claims: tuple[Claim, ...]) -> list[str]:
    return [str(claim.object) for claim in claims if claim.property == "observation"]


# --- notes ---


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_note_of_any_words_is_kept_as_it_was_written_and_names_what_it_names(
    world: World, kind: str
) -> None:
    text = HOSTILE[kind]
    noted = note(world.open("bank"), Draft(text=text))
    assert world.open("bank").vault.get(noted.capture).decode("utf-8") == text
    assert SITE in {claim.subject for claim in noted.claims}
    assert note(world.open("bank"), Draft(text=text)).new == 0
    [*_, claim] = show(world.open("police"), "evil.com").evidence
    assert claim.stored.claim.place == f"line {1 + text[: text.rindex('evil.com')].count(chr(10))}"


@pytest.mark.parametrize("surrogate", ["\ud800", "evil.com \udfff", "a\ud83d"])
def test_half_a_character_is_replaced_and_ends_nothing(world: World, surrogate: str) -> None:
    draft = Draft(text=f"{surrogate} seen", about=("evil.com",))
    noted = note(world.open("bank"), draft)
    assert b"?" in world.open("bank").vault.get(noted.capture)


@pytest.mark.parametrize(("length", "taken"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_note_is_no_longer_than_it_may_be(world: World, length: int, *, taken: bool) -> None:
    draft = Draft(text="x" * length, about=("evil.com",))
    if taken:
        noted = note(world.open("bank"), draft)
        assert world.open("bank").vault.get(noted.capture).decode() == f"{draft.text}\ndomain-name:evil.com"
        assert [len(words) for words in observed(noted.claims)] == [LONGEST_OBSERVATION]
    else:
        with pytest.raises(RefusedError, match="1 to 100,000 characters"):
            note(world.open("bank"), draft)


def test_blanks_and_lines_are_one_blank_in_the_claim_and_stay_in_the_capture(world: World) -> None:
    noted = note(world.open("bank"), Draft(text="  evil.com \n\n\t is   theirs "))
    assert observed(noted.claims) == ["evil.com is theirs"]


def test_a_note_about_a_name_is_about_that_alone_though_it_names_more(world: World) -> None:
    noted = note(world.open("bank"), Draft(text="evil.com and evil.org", about=("group:bad gang",)))
    assert {claim.subject for claim in noted.claims} == {GANG}


def test_a_thing_named_twice_is_said_once(world: World) -> None:
    noted = note(world.open("bank"), Draft(text="evil.com evil[.]com EVIL.COM"))
    assert [claim.subject for claim in noted.claims if claim.property == "observation"] == [SITE]


@pytest.mark.parametrize(
    ("more", "check_"),
    [
        ({"source": "an officer"}, lambda claim: claim.provenance.origin == "an officer"),
        ({"source": ""}, lambda claim: claim.provenance.origin == "bank"),
        ({"grading": parse_grading("C3")}, lambda claim: claim.provenance.grading.code == "C3"),
        ({"marking": Marking(tlp=Tlp.GREEN)}, lambda claim: claim.provenance.marking.tlp is Tlp.GREEN),
        ({"assessment": True}, lambda claim: claim.nature is Nature.ASSESSMENT),
        ({"assessment": False}, lambda claim: claim.nature is Nature.FACT),
        (
            {"when": "2026-01-02"},
            lambda claim: (claim.observed.start, claim.observed.end) == ("2026-01-02", "2026-01-03"),
        ),
        ({"when": ""}, lambda claim: claim.observed is None),
    ],
    ids=["a source", "no source", "a grade", "a label", "a conclusion", "a sight", "a day", "no day"],
)
def test_what_was_said_with_a_note_stands_on_each_of_its_sentences(
    world: World, more: dict[str, Any], check_
) -> None:
    noted = note(
        world.open("bank"),
        Draft(text="seen", about=("evil.com",), links=(("evil.com", "indicates", "group:g"),), **more),
    )
    assert len(noted.claims) == 2
    assert all(check_(claim) for claim in noted.claims)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-02-28", ("2026-02-28", "2026-03-01")),
        ("2024-02-28..2024-02-29", ("2024-02-28", "2024-03-01")),
        ("2025-12-31..2026-01-01", ("2025-12-31", "2026-01-02")),
        ("2026-01-01..2026-01-01", ("2026-01-01", "2026-01-02")),
        ("  ", None),
    ],
)
def test_days_are_half_open_with_the_last_included(text: str, days: tuple[str, str] | None) -> None:
    found = day_or_days(text)
    assert (None if found is None else (found.start, found.end)) == days


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "02/03/2026",
        "2026-13-01",
        "..2026-01-01",
        "2026-01-02..2026-01-01",
        "today",
        "0000-00-00",
    ],
)
def test_what_is_no_day_is_refused_and_names_itself(text: str) -> None:
    with pytest.raises(NotValidError):
        day_or_days(text)


# --- looking ---


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_any_words_can_be_looked_for_checked_and_logged(common: World, kind: str) -> None:
    atlas = common.open("bank")
    text = HOSTILE[kind]
    json.dumps(show(atlas, text).to_json())
    json.dumps([hit.to_json() for hit in search(atlas, text)])
    json.dumps(path(atlas, text, "evil.com").to_json())
    lines = check(atlas, Document(path="paste", data=text.encode()))
    assert any(one.entity == SITE and one.status == "known" for line in lines for one in line.told)
    assert all(len(one.entry.asked) <= 200 for one in log(atlas))


@given(st.text(max_size=60))
def test_no_text_makes_a_look_fail_or_finds_what_is_not_there(common: World, text: str) -> None:
    atlas = common.open("vendor")
    for hit in search(atlas, text):
        assert hit.claims > 0
    dossier = show(atlas, text)
    assert dossier.entity is None or dossier.evidence
    assert dossier.query == text


@given(st.binary(max_size=120))
def test_no_bytes_make_a_check_fail(common: World, data: bytes) -> None:
    refused = None
    lines = []
    try:
        lines = check(common.open("vendor"), Document(path="paste", data=data))
    except ChokepointError as error:
        refused = error
    json.dumps([line.to_json() for line in lines])
    assert refused is None or refused.place


@given(st.text(max_size=40))
def test_what_a_text_names_is_in_its_normal_form(text: str) -> None:
    for one in candidates(text):
        assert one in candidates(str(one))


@pytest.mark.parametrize("wild", ["%", "_", "e%il", "evil.c_m", "*", "?", "[e]vil", "\\", "''"])
def test_no_sign_stands_for_others_in_a_search(common: World, wild: str) -> None:
    found = {hit.entity.value for hit in search(common.open("bank"), wild)}
    assert all(wild.lower() in value for value in found)


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_a_search_gives_no_more_than_asked_and_the_best_first(worlds, limit: int) -> None:
    world = worlds()
    world.say(
        "bank", *[(entity(f"domain-name:{'x' * number}evil.com"), "indicates", GANG) for number in range(4)]
    )
    found = [hit.entity.value for hit in search(world.open("bank"), "evil.com", limit=limit)]
    assert found == ["evil.com", "xevil.com", "xxevil.com", "xxxevil.com"][:limit]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("evil.com", SITE),
        ("hxxps://evil[.]com/", entity("url:https://evil.com/")),
        ("domain-name:EVIL.com", SITE),
        ("group:Bad  Gang", GANG),
        ("bad gang", GANG),
    ],
)
def test_one_thing_is_meant_however_it_is_written(common: World, text: str, wanted: object) -> None:
    reader = common.open("bank").reader
    with reader.connect() as connection:
        assert entity_of(reader, connection, text) == wanted


# --- words beside the claims ---


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_reason_is_kept_word_for_word(worlds, kind: str) -> None:
    world, reason = worlds(), HOSTILE[kind][:2_000]
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG)))
    vote(world.open("police"), ids, Vote.UNSURE, reason)
    [cast] = votes_on(world.open("bank"), ids)[ids[0]]
    assert cast["reason"] == reason
    decided = decide(world.open("bank"), ("evil.com", "bad gang"), Sameness.DIFFERENT, reason=reason)
    assert decided.to_json()["reason"] == reason


@pytest.mark.parametrize("name", ["Desk'); --", "ทีม", "%s {0}", "=1+1", "  spaced  ", "x" * 200])
def test_a_group_bears_any_printable_name_and_is_found_by_it(world: World, name: str) -> None:
    made = make_group(world.open("bank"), name, ["bank"])
    assert [group.name for group in groups(world.open("bank"))] == [name]
    if name == name.strip():
        assert find_group(world.open("bank"), name) == made
    assert find_group(world.open("bank"), made.scope.removeprefix("group:")) == made


@pytest.mark.parametrize(
    "name", ["", " ", "\t", "a\nb", "a\x00", "\u200b", "a\u202eb", "\x1b[31m", "x" * 201]
)
def test_a_group_bears_no_name_that_cannot_be_read_as_it_is(world: World, name: str) -> None:
    with pytest.raises(NotValidError, match="needs a name"):
        make_group(world.open("bank"), name, ["bank"])
    assert groups(world.open("bank")) == []
