"""What a start makes in the background: maps for whoever comes first, and nothing that anybody could notice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from chokepoint.desk.analyse import load_snapshot, view
from chokepoint.desk.analyse.shelf import KEPT
from chokepoint.desk.colleagues import as_all
from chokepoint.desk.people.staff import invite, join
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.model.role import Role
from chokepoint.web import warm as module
from chokepoint.web.show.templates import environment
from chokepoint.web.warm import Warmth

if TYPE_CHECKING:
    from pathlib import Path

    from web_desk import Web

    from chokepoint.desk.atlas import Atlas

BANK = Viewer(organisation="bank")
NEW = ("domain-name:seen.example", "contact", "domain-name:other.example")


def shelved(atlas: Atlas) -> list[Path]:
    return sorted(atlas.cache.glob("snapshot-*"))


def map_of(web: Web, viewer: Viewer) -> list[int]:
    """The map of a viewer, taken from the shelf or not at all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view, "read_material", no_reading)
        return load_snapshot(web.office.opened_by(viewer)).snapshot.eid.tolist()


def no_reading(*_: object) -> None:
    raise AssertionError("the map was made while somebody waited")


def test_whoever_comes_first_finds_their_map_made(fresh: Web) -> None:
    Warmth(fresh.office).make()
    for name in ("bank", "police", "vendor"):
        assert map_of(fresh, Viewer(organisation=name))


def test_a_map_that_is_made_for_one_is_nobody_elses(fresh: Web) -> None:
    Warmth(fresh.office).make()
    police = set(map_of(fresh, Viewer(organisation="police")))
    bank = set(map_of(fresh, BANK))
    assert bank < police


def test_warming_is_no_look_of_anybody(fresh: Web) -> None:
    Warmth(fresh.office).make()
    assert not (fresh.atlas.folder / "access").exists()


def test_whoever_is_signed_in_comes_before_the_organisations(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.hired("vendor/ann", Role.INVESTIGATOR).get("/")
    made: list[Viewer] = []
    monkeypatch.setattr(module, "load_snapshot", lambda atlas: made.append(atlas.viewer))
    Warmth(fresh.office).make()
    assert [one.organisation for one in made] == ["vendor", "bank", "police"]


def test_no_more_maps_are_made_than_the_shelf_holds(fresh: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(KEPT + 2):
        person = Viewer(organisation="bank", user=f"p{number}")
        token = invite(fresh.office.opened_by(BANK), person.user, [Role.INVESTIGATOR])
        join(fresh.office.opened_by(person), token)
        told = Marking(tlp=Tlp.RED, audience=frozenset({f"bank/p{number}"}))
        note(
            fresh.office.opened_by(BANK),
            Draft(text="for them alone", about=("domain-name:seen.example",), marking=told),
        )
        fresh.office.sessions.begin(person, "password")
    made: list[Viewer] = []
    monkeypatch.setattr(module, "load_snapshot", lambda atlas: made.append(atlas.viewer))
    Warmth(fresh.office).make()
    assert made == [Viewer(organisation="bank", user=f"p{number}") for number in range(KEPT)]
    assert len(fresh.office.sessions.newest(100)) == KEPT + 2


def test_for_an_organisation_whose_key_lies_elsewhere_nothing_is_made(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fresh.atlas.folder / "keys" / f"{b'vendor'.hex()}.ed25519").unlink()
    made: list[str] = []
    monkeypatch.setattr(module, "load_snapshot", lambda atlas: made.append(atlas.viewer.organisation))
    Warmth(fresh.office).make()
    assert made == ["bank", "police"]


def test_of_two_processes_one_makes_the_maps(fresh: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    build = view._built
    monkeypatch.setattr(
        view,
        "_built",
        lambda reader, *given: made.append(reader.viewer.organisation) or build(reader, *given),
    )
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda one: one.make(), [Warmth(fresh.office), Warmth(fresh.office)]))
    assert sorted(made) == ["bank", "police", "vendor"]


def test_colleagues_who_see_the_same_take_one_place_on_the_shelf(fresh: Web) -> None:
    for name in ("ann", "ben", "eve"):
        fresh.hired(f"vendor/{name}", Role.INVESTIGATOR).get("/")
    Warmth(fresh.office).make()
    assert len(shelved(fresh.atlas)) == 3


def test_what_is_reckoned_from_the_map_is_at_hand_for_the_first_colleague(fresh: Web) -> None:
    person = fresh.hired("vendor/ann", Role.INVESTIGATOR)
    Warmth(fresh.office).make()
    seen = as_all(fresh.office.opened_by(Viewer(organisation="vendor", user="ann")))
    assert fresh.office.scores.at_hand(seen)
    assert fresh.office.summaries.at_hand(seen)
    boards: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fresh.office.boards, "_make", boards.append)
        assert person.get("/choke").status_code == 200
    assert boards == []


def test_of_an_organisation_of_which_nobody_is_here_the_map_alone_is_made(fresh: Web) -> None:
    fresh.hired("vendor/ann", Role.INVESTIGATOR).get("/")
    Warmth(fresh.office).make()
    for name, there in (("vendor", True), ("police", False)):
        seen = fresh.office.opened_by(Viewer(organisation=name))
        assert bool(fresh.office.scores.at_hand(seen)) is there


def test_readiness_says_whether_it_is_warm_and_not_for_whom(fresh: Web) -> None:
    person = fresh.visitor()
    answer = person.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "warming\n")
    person.client.app.state.warmth.make()
    answer = person.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "warm\n")


def test_what_fails_is_told_to_the_operator_and_holds_up_nothing(
    fresh: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "load_snapshot", no_reading)
    warmth = Warmth(fresh.office)
    warmth.make()
    assert warmth.warm
    assert "the desk could not be warmed" in caplog.text


def test_beginning_waits_for_nothing_and_ending_ends_it(fresh: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, held = threading.Event(), threading.Event()

    def slow(_: Atlas) -> None:
        begun.set()
        held.wait(10)

    monkeypatch.setattr(module, "load_snapshot", slow)
    warmth = Warmth(fresh.office)
    warmth.begin()
    assert begun.wait(10)
    assert not warmth.warm
    warmth.close()
    held.set()
    for thread in threading.enumerate():
        if thread.name == "warmth":
            thread.join(10)
            assert not thread.is_alive()
    assert warmth.warm


def rounds(warmth: Warmth, monkeypatch: pytest.MonkeyPatch, number: int) -> list[float]:
    """Let it look so many times after its start; returns how long it rested before each."""
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) > number

    monkeypatch.setattr(warmth._over, "wait", wait)
    warmth.follow()
    return waits


def test_a_map_is_made_anew_soon_after_something_came(fresh: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    warmth, bank = Warmth(fresh.office), fresh.office.opened_by(BANK)
    fresh.office.sessions.begin(BANK, "password")
    warmth.make()
    before = map_of(fresh, BANK)
    note(bank, Draft(text="seen.example sends to other.example", links=(NEW,)))
    monkeypatch.setattr(warmth, "make", lambda: None)
    assert rounds(warmth, monkeypatch, 1)[0] == module.REST
    monkeypatch.setattr(view, "_built", no_reading)
    assert len(map_of(fresh, BANK)) == len(before) + 2


@pytest.mark.parametrize(("away", "made"), [(module.HERE - 1, ["bank"]), (module.HERE + 1, [])])
def test_as_things_come_in_maps_are_made_for_whoever_is_here(
    fresh: Web, monkeypatch: pytest.MonkeyPatch, away: float, made: list[str]
) -> None:
    fresh.office.sessions.begin(BANK, "password")
    fresh.clock.passes(away)
    looked: list[str] = []
    warmth = Warmth(fresh.office)
    monkeypatch.setattr(warmth, "make", lambda: None)
    monkeypatch.setattr(module, "load_snapshot", lambda atlas: looked.append(atlas.viewer.organisation))
    rounds(warmth, monkeypatch, 1)
    assert looked == made


@pytest.mark.parametrize(
    ("took", "rests"),
    [(0.0, 2.0), (0.2, 2.0), (0.5, 5.0), (1.0, 10.0), (60.0, 10.0)],
    ids=["nothing to do", "little", "half a second", "a second", "a minute"],
)
def test_the_more_there_is_to_make_the_longer_people_have_the_processors(took: float, rests: float) -> None:
    assert module.rest_after(took) == rests


def test_memory_in_which_maps_were_made_goes_back_after_each_round(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    warmth = Warmth(fresh.office)
    monkeypatch.setattr(warmth, "make", lambda: None)
    monkeypatch.setattr(module, "give_back", lambda: given.append(1))
    rounds(warmth, monkeypatch, 3)
    assert len(given) == 3


@pytest.mark.parametrize("library", [object(), None], ids=["another C library", "this one"])
def test_where_the_c_library_gives_nothing_back_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, library: object
) -> None:
    if library:
        monkeypatch.setattr(module.ctypes, "CDLL", lambda _: library)
    module.give_back()
    module.keep_nothing()


def test_the_c_library_is_told_to_take_every_large_array_from_the_system_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[int, int] = {}
    monkeypatch.setattr(module.ctypes, "CDLL", lambda _: SimpleNamespace(mallopt=told.__setitem__))
    module.keep_nothing()
    assert told == {-3: 128 * 1024, -8: 2}, "M_MMAP_THRESHOLD and M_ARENA_MAX, as malloc.h numbers them"


def test_where_nothing_came_nothing_is_made(fresh: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    warmth = Warmth(fresh.office)
    fresh.office.sessions.begin(BANK, "password")
    warmth.make()
    monkeypatch.setattr(view, "_built", no_reading)
    monkeypatch.setattr(warmth, "make", lambda: None)
    rounds(warmth, monkeypatch, 3)


def test_a_failure_of_every_round_is_told_once(
    fresh: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    warmth = Warmth(fresh.office)
    fresh.office.sessions.begin(BANK, "password")
    monkeypatch.setattr(warmth, "make", lambda: None)
    monkeypatch.setattr(module, "load_snapshot", no_reading)
    rounds(warmth, monkeypatch, 5)
    assert caplog.text.count("maps could not be made anew") == 1


def test_a_map_of_yesterday_is_not_todays(fresh: Web) -> None:
    Warmth(fresh.office).make()
    tomorrow = replace(fresh.office.opened_by(BANK), clock=lambda: "2099-01-01T00:00:00.000Z")
    before = set(shelved(fresh.atlas))
    load_snapshot(tomorrow)
    after = set(shelved(fresh.atlas))
    assert [len(after - before), len(before - after)] == [1, 1]  # today's is there instead of it


def test_no_message_is_put_into_a_page_before_it_is_asked_for() -> None:
    """Pages are compiled once for all languages: a constant that a filter translates would be in the first."""
    pages, english = environment("ar"), environment("en")
    for name in pages.list_templates(extensions=["html"]):
        assert pages.loader is not None
        source, _, _ = pages.loader.get_source(pages, name)
        ours = pages.compile(source, name, name, raw=True)
        assert ours == english.compile(source, name, name, raw=True), name
