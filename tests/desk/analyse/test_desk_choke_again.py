"""The same question about choke points asked again: answered at once, and never with another's answer."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from desk_world import CLOCK, RED, entity

from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.member import update
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import record_looks, saw
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.reserve import reserve
from chokepoint.model.claim import on_day
from chokepoint.model.judgement import Vote
from chokepoint.model.member import Capability, Mode
from chokepoint.store.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_world import World

    from chokepoint.desk.analyse import ChokeAnswer
    from chokepoint.desk.atlas import Atlas

CASE = Case(id="", title="Lanterns", purpose="to learn", owner="o", review_date="2027-01-01")
SEEN = on_day("2026-01-24")
module = import_module("chokepoint.desk.analyse.choke")  # the room gives its name to a function
GANG, SITE = entity("malware:gang"), entity("domain-name:evil.cc")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """By whom an answer was worked out."""
    found: list[str] = []
    reckon = module._choke_view

    def counted(view, options):  # type: ignore[no-untyped-def]
        found.append(view.atlas.viewer.organisation)
        return reckon(view, options)

    monkeypatch.setattr(module, "_choke_view", counted)
    return found


def ask(atlas: Atlas, **options: object) -> ChokeAnswer:
    return choke_view(load_snapshot(atlas), ChokeOptions(**options))  # type: ignore[arg-type]


def test_the_same_question_is_worked_out_once(world: World, asked: list[str]) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    atlas = world.open("bank")
    assert ask(atlas) == ask(atlas) == ask(replace(atlas))
    assert asked == ["bank"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"budget": 3.0}, id="another budget"),
        pytest.param({"horizon": 30.0}, id="another horizon"),
        pytest.param({"without": frozenset({"evil.cc"})}, id="something left out"),
        pytest.param({"caps": (("US", 1.0),)}, id="a cap"),
        pytest.param({"seed": 1}, id="other chances"),
    ],
)
def test_another_question_has_an_answer_of_its_own(
    world: World, asked: list[str], other: dict[str, object]
) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    atlas = world.open("bank")
    for options in ({}, other, {}, other):
        ask(atlas, **options)
    assert len(asked) == 2


def test_a_look_that_is_logged_leaves_the_answer_as_it_is(world: World, asked: list[str]) -> None:
    """A log of looks says nothing of the map, and on a busy desk it grows with every page."""
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    atlas = world.open("bank")
    _look(atlas)  # the first brings a marking with it
    before, said = ask(atlas), _records(atlas)
    _look(atlas)
    assert _records(atlas) > said
    assert ask(atlas) is before
    assert asked == ["bank"]


def _look(atlas: Atlas) -> None:
    saw(atlas, "search", "evil.cc", [SITE])
    record_looks(atlas)


def _records(atlas: Atlas) -> int:
    reader = atlas.books
    with reader.connect() as connection:
        return reader.position(connection)


@pytest.mark.parametrize("how", ["a claim", "a vote", "a case", "another profile"])
def test_what_may_bear_on_the_answer_makes_it_anew(world: World, asked: list[str], how: str) -> None:
    [seq] = world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    police = world.open("police")
    ask(police)
    if how == "a claim":
        world.say("bank", (entity("domain-name:other.cc"), "indicates", GANG), observed=SEEN, path="two")
    elif how == "a vote":
        vote(police, world.ids("police", [seq]), Vote.CONFIRM, "looked")
    elif how == "a case":
        open_case(police, CASE)
    else:
        able = frozenset({Capability(Mode.TAKEDOWN, "domain-name")})
        update(police, "police", lambda member: replace(member, capabilities=able))
    ask(police)
    assert asked == ["police", "police"]


def test_what_one_may_see_is_not_in_the_answer_of_another(world: World, asked: list[str]) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN, marking=RED)
    mine = world.open("bank")
    theirs = replace(mine, viewer=world.open("police").viewer)
    assert [len(ask(one).leads) for one in (mine, theirs, mine, theirs)] == [1, 0, 1, 0]
    assert asked == ["bank", "police"]


def by_vote(world: World, seqs: list[int]) -> None:
    for member in ("police", "vendor"):
        vote(world.open(member), world.ids(member, seqs), Vote.CONFIRM, "seen here too")


def by_reservation(world: World, _: list[int]) -> None:
    case = open_case(world.open("police"), CASE)
    reserve(world.open("police"), case.id, [str(SITE)])


def by_time(world: World, _: list[int]) -> None:
    world.clock = CLOCK.replace("2026", "2027")


@pytest.mark.parametrize("change", [by_vote, by_reservation, by_time])
def test_what_changes_the_answer_has_it_worked_out_anew(
    world: World, asked: list[str], change: Callable[[World, list[int]], None]
) -> None:
    seqs = world.say("bank", (SITE, "indicates", GANG), observed=SEEN, grade="A1")
    atlas = world.open("bank")
    ask(atlas)
    change(world, seqs)
    ask(atlas)
    assert asked == ["bank", "bank"]


def test_what_a_hidden_case_reserves_is_heeded_though_the_ledger_seems_to_stand_still(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the wall of PostgreSQL the newest position is that of the newest record that the viewer sees."""
    by_vote(world, world.say("bank", (SITE, "indicates", GANG), observed=SEEN, grade="A1"))
    atlas = world.open("bank")
    monkeypatch.setattr(Reader, "position", lambda self, connection: self.data_position(connection)[0])
    assert ask(atlas).plan
    case = open_case(world.open("police"), replace(CASE, members=("police",)))
    reserve(world.open("police"), case.id, [str(SITE)])
    assert ask(atlas).plan == ()


def test_what_is_asked_for_a_case_is_asked_for_that_case(world: World, asked: list[str]) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    atlas = world.open("bank")
    case = open_case(atlas, CASE)
    ask(atlas)
    ask(replace(atlas, purpose=case.id))
    assert len(asked) == 2


def test_whoever_sees_persons_in_full_is_answered_and_logged_each_time(
    world: World, asked: list[str]
) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    atlas = replace(world.open("bank"), unfold="a warrant")
    for _ in range(2):
        ask(atlas)
    assert len(asked) == 2


def test_a_map_of_the_past_is_never_taken_for_that_of_today(world: World, asked: list[str]) -> None:
    world.say("bank", (SITE, "indicates", GANG), observed=SEEN)
    atlas = world.open("bank")
    past = load_snapshot(atlas, as_of="2026-01-01")
    assert past.name == ""
    assert [len(choke_view(one, ChokeOptions()).leads) for one in (load_snapshot(atlas), past, past)] == [
        1,
        0,
        0,
    ]
    assert len(asked) == 3
