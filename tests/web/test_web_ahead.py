"""The process that makes maps ahead: it runs as long as the desk does, and nobody depends on it."""

from __future__ import annotations

import io
import os
import signal
import threading
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from chokepoint.desk.analyse import load_snapshot, view
from chokepoint.desk.analyse.shelf import KEPT
from chokepoint.desk.hand import export
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.marking import Viewer
from chokepoint.web import ahead, maps, warm
from chokepoint.web.serve import LATE
from chokepoint.web.warm import Warmth

if TYPE_CHECKING:
    from collections.abc import Callable

    from web_desk import Web

STAYS = ("cat",)
"""It ends when its input does, as the maker of maps."""
DIES = ("true",)
LINK = ("domain-name:ahead.example", "contact", "domain-name:other.example")
BANK = Viewer(organisation="bank")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the processes that were started."""
    numbers, start = list[int](), ahead._started

    def noted(command: tuple[str, ...]) -> object:
        process = start(command)
        numbers.append(process.pid)
        return process

    monkeypatch.setattr(ahead, "_started", noted)
    return numbers


def runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_runs_beside_the_desk_and_ends_with_it(started: list[int]) -> None:
    with ahead.maps_made_ahead(STAYS) as look_after:
        look_after()
        assert [runs(number) for number in started] == [True]
    assert [runs(number) for number in started] == [False]


def test_it_ends_with_a_desk_that_fails(started: list[int]) -> None:
    with pytest.raises(OSError, match="the door broke"), ahead.maps_made_ahead(STAYS):
        raise OSError("the door broke")
    assert [runs(number) for number in started] == [False]


def test_one_that_died_is_started_again(started: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "AGAIN", 0.0)
    with ahead.maps_made_ahead(STAYS) as look_after:
        os.kill(started[0], signal.SIGKILL)
        os.waitid(os.P_PID, started[0], os.WEXITED | os.WNOWAIT)
        look_after()
        assert [runs(number) for number in started] == [False, True]
        look_after()
        assert len(started) == 2


def test_one_that_dies_at_once_is_not_started_again_and_again(started: list[int]) -> None:
    with ahead.maps_made_ahead(DIES) as look_after:
        os.waitid(os.P_PID, started[0], os.WEXITED | os.WNOWAIT)
        for _ in range(3):
            look_after()
    assert len(started) == 1


def test_a_desk_goes_on_where_it_cannot_be_started_again_and_tries_anew(
    started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "AGAIN", 0.0)
    start = ahead._started

    def refused(_: tuple[str, ...]) -> None:
        raise BlockingIOError("no more processes")

    with ahead.maps_made_ahead(STAYS) as look_after:
        os.kill(started[0], signal.SIGKILL)
        os.waitid(os.P_PID, started[0], os.WEXITED | os.WNOWAIT)
        monkeypatch.setattr(ahead, "_started", refused)
        look_after()
        monkeypatch.setattr(ahead, "_started", start)
        look_after()
        assert [runs(number) for number in started] == [False, True]


def test_it_ends_when_whoever_started_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(maps.os, "kill", lambda *one: told.append(one))
    maps.end_with(io.BytesIO(b""))
    assert told == [(os.getpid(), signal.SIGTERM)]


def test_it_does_not_end_while_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(maps.os, "kill", lambda *one: told.append(one))
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as given:
        thread = threading.Thread(target=maps.end_with, args=(given,))
        thread.start()
        assert not told
        os.close(theirs)
        thread.join(10)
    assert len(told) == 1


def test_it_makes_maps_and_reckons_nothing_of_them(fresh: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh.office.sessions.begin(BANK, "password")
    warmth = Warmth(fresh.office, answers=False)
    monkeypatch.setattr(warmth, "_answers", _nothing)
    monkeypatch.setattr(warmth, "_pages", _nothing)
    warmth.make()
    assert list(fresh.atlas.cache.glob("snapshot-*"))
    monkeypatch.setattr(warmth._over, "wait", _once())
    warmth.follow()


def _nothing(*_: object, **__: object) -> None:
    raise AssertionError("that is for those who answer")


def _once() -> Callable[[float], bool]:
    told = [False, True]
    return lambda _: told.pop(0)


def test_who_answers_leaves_maps_to_it_and_makes_one_that_it_has_not(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.office.sessions.begin(BANK, "password")
    first = load_snapshot(fresh.office.opened_by(BANK)).snapshot.size
    note(fresh.office.opened_by(BANK), Draft(text="seen", links=(LINK,)))
    for late, things in ((LATE / 2, first), (0.0, first + 2)):
        warmth = Warmth(fresh.office, late=late)
        monkeypatch.setattr(warmth, "_answers", lambda *_, **__: None)
        monkeypatch.setattr(warmth._over, "wait", _once())
        warmth.follow()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(view, "_made", _nothing)
            seen = load_snapshot(replace(fresh.office.opened_by(BANK), late=LATE))
        assert seen.snapshot.size == things


@pytest.mark.parametrize(
    ("passed", "reckoned"), [(LATE / 2 - 1, []), (LATE / 2, ["bank"])], ids=["too early", "due"]
)
def test_what_is_reckoned_of_maps_is_made_anew_before_it_is_too_late_and_not_all_the_time(
    opening: Callable[..., Web], monkeypatch: pytest.MonkeyPatch, passed: float, reckoned: list[str]
) -> None:
    desk, clock = opening(late=LATE), [0.0]
    desk.office.sessions.begin(BANK, "password")
    monkeypatch.setattr(warm.time, "monotonic", lambda: clock[0])
    warmth, told = Warmth(desk.office), list[str]()
    monkeypatch.setattr(warmth, "_answers", lambda viewer, **_: told.append(viewer.organisation))
    for _ in range(2):
        clock[0] = passed
        monkeypatch.setattr(warmth._over, "wait", _once())
        warmth.follow()
    assert told == reckoned


def test_a_desk_that_is_never_late_reckons_nothing_before_it_is_asked(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.office.sessions.begin(BANK, "password")
    warmth = Warmth(fresh.office)
    monkeypatch.setattr(warmth, "_answers", _nothing)
    monkeypatch.setattr(warmth._over, "wait", _once())
    warmth.follow()


def test_what_may_be_handed_on_to_everybody_is_ready_for_a_first_export(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made of what its readers may see, which is another map: nobody should wait for that either."""
    fresh.office.sessions.begin(BANK, "password")
    Warmth(fresh.office, answers=False).make()
    monkeypatch.setattr(view, "_made", _nothing)
    with io.BytesIO() as out:
        made = export(fresh.office.opened_by(BANK), "csv", out, names=["domain-name:evil.com"])
    assert made.form == "csv"


@pytest.fixture
def aided(opening: Callable[..., Web], monkeypatch: pytest.MonkeyPatch) -> Warmth:
    """The warming of a process that answers, of a desk as `serve` opens it."""
    desk = opening(late=LATE)
    desk.office.sessions.begin(BANK, "password")
    warmth = Warmth(desk.office, late=LATE / 2)
    monkeypatch.setattr(warmth, "_pages", lambda: None)
    monkeypatch.setattr(warmth, "_answers", lambda *_, **__: None)
    return warmth


def test_no_more_is_made_than_the_shelf_holds_and_nothing_twice(
    fresh: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more, and what was made first would be gone before anybody came."""
    many = [Viewer(organisation="bank", user=f"p{number}") for number in range(KEPT + 2)]
    monkeypatch.setattr(warm, "as_all", lambda atlas: atlas)
    monkeypatch.setattr(fresh.office.sessions.__class__, "newest", lambda *_: many)
    made: list[tuple[Viewer, int]] = []
    monkeypatch.setattr(warm, "load_snapshot", lambda atlas: made.append((atlas.viewer, len(atlas.beside))))
    Warmth(fresh.office, answers=False).make()
    assert len(set(made)) == len(made) == KEPT
    assert (many[0], 0) in made


def test_who_answers_is_warm_when_the_maps_are_made_and_makes_none_meanwhile(
    aided: Warmth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three who make all maps at once make the first of them late."""
    looks: list[float] = []

    def other(seconds: float) -> bool:
        looks.append(seconds)
        if len(looks) == 2:
            Warmth(aided._office, answers=False).make()
        assert not aided.warm
        return False

    monkeypatch.setattr(aided._over, "wait", other)
    aided.make()
    assert (aided.warm, len(looks)) == (True, 2)
    monkeypatch.setattr(view, "_made", _nothing)
    for name in ("bank", "police", "vendor"):
        asked = aided._office.opened_by(Viewer(organisation=name))
        assert load_snapshot(asked).snapshot.size


def test_where_nobody_makes_maps_who_answers_does_in_the_end(
    aided: Warmth, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = count(0, 20)
    monkeypatch.setattr(warm.time, "monotonic", lambda: float(next(passed)))
    monkeypatch.setattr(aided._over, "wait", lambda _: False)
    aided.make()
    assert aided.warm
    assert len(list(aided._office.atlas.cache.glob("snapshot-*"))) == 3


def test_a_desk_that_ends_waits_for_no_maps(aided: Warmth, monkeypatch: pytest.MonkeyPatch) -> None:
    aided.close()
    monkeypatch.setattr(warm, "load_snapshot", _nothing)
    aided.make()
    assert aided.warm
