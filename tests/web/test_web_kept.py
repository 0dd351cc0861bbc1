"""What is kept in memory: made once while nothing changes, for nobody else, and not without end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Event

import pytest

from chokepoint.desk.mark import Mark
from chokepoint.web.kept import FRESH, MOST, Kept


@dataclass(frozen=True)
class Map:
    who: str
    state: int = 0
    late: float = 0.0
    taken: int = 0


def whose(one: Map) -> Mark:
    return Mark((one.who, one.taken), (one.state,))


def kept(clock=time.monotonic):
    made = []
    return Kept(lambda one: made.append(one) or f"{one.who} {one.state}", whose, clock=clock), made


def test_an_answer_is_made_once_while_nothing_changes():
    store, made = kept()
    assert [store.of(Map("ann")) for _ in range(3)] == ["ann 0"] * 3
    assert made == [Map("ann")]


def test_a_change_makes_it_anew():
    store, _ = kept()
    assert (store.of(Map("ann")), store.of(Map("ann", 1))) == ("ann 0", "ann 1")


def test_nobody_gets_what_was_made_for_another():
    store, _ = kept()
    store.of(Map("ann"))
    assert store.of(Map("bob")) == "bob 0"


def test_what_is_not_at_hand_is_not_made():
    store, made = kept()
    assert store.at_hand(Map("ann")) is None
    assert not made
    store.of(Map("ann"))
    assert store.at_hand(Map("ann")) == "ann 0"


def test_what_was_asked_for_longest_ago_goes_first():
    store, made = kept()
    for number in range(MOST):
        store.of(Map(f"ann {number}"))
    store.of(Map("ann 0"))
    store.of(Map("bob"))
    assert store.at_hand(Map("ann 0")) == "ann 0 0"
    assert store.at_hand(Map("ann 1")) is None
    assert len(made) == MOST + 1


def test_what_was_known_before_a_change_is_not_kept_beside_what_is_known_after():
    """Nobody can ask for it any more, and while people work there is a change every second."""
    store, _ = kept()
    for number in range(3):
        store.of(Map("ann", number))
        store.of(Map("bob", number))
    assert len(store._kept) == 2
    assert store.at_hand(Map("ann", 1)) is None
    assert store.at_hand(Map("ann", 2)) == "ann 2"


def test_behind_their_readers_one_answer_is_made_at_a_time():
    """Twenty people are given what is late: their twenty maps are not made anew all at once."""
    at_once, most, store = [], [], None

    def make(one):
        if one.state:
            at_once.append(one)
            most.append(len(at_once))
            held.wait(0.01)
            at_once.remove(one)
        return f"{one.who} {one.state}"

    held = Event()
    store = Kept(make, whose, sleep=lambda _: None)
    people = [f"person {number}" for number in range(4)]
    for who in people:
        store.of(Map(who))
    for who in people:
        assert store.of(Map(who, 1, late=60)) == f"{who} 0"
    behind = [one for one in threading.enumerate() if one.name == "kept"]
    for one in behind:
        one.join(10)
    assert most == [1] * 4
    assert [store.at_hand(Map(who, 1)) for who in people] == [f"{who} 1" for who in people]


def test_as_many_are_kept_as_is_said():
    made = []
    store = Kept(lambda one: made.append(one) or one.who, whose, 6)
    for _ in range(2):
        for number in range(6):
            store.of(Map(f"who {number}"))
    assert len(made) == 6


def test_an_answer_that_fails_is_asked_for_again():
    tries = []

    def make(_):
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("no")
        return "well"

    store = Kept(make, whose)
    with pytest.raises(ValueError, match="no"):
        store.of(Map("ann"))
    assert store.of(Map("ann")) == "well"


LONG = 10.0
"""Seconds after which a test that waits for another thread gives up."""


def test_one_viewers_slow_answer_makes_nobody_else_wait():
    others = Event()

    def make(one: Map) -> str:
        if one.who == "ann":
            assert others.wait(LONG)
        return one.who

    store = Kept(make, whose)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(store.of, Map("ann"))
        assert threads.submit(store.of, Map("bob")).result(LONG) == "bob"
        others.set()
        assert slow.result(LONG) == "ann"


def test_an_answer_that_is_at_hand_is_given_while_another_is_made():
    begun, others = Event(), Event()

    def make(one: Map) -> str:
        if one.who == "ann":
            begun.set()
            assert others.wait(LONG)
        return one.who

    store = Kept(make, whose)
    store.of(Map("bob"))
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(store.of, Map("ann"))
        assert begun.wait(LONG)
        assert (store.of(Map("bob")), store.at_hand(Map("ann"))) == ("bob", None)
        others.set()
        assert slow.result(LONG) == "ann"


def test_of_many_who_ask_for_the_same_at_once_one_makes_it():
    together, made = Barrier(4, timeout=LONG), []

    def ask(store: Kept) -> str:
        together.wait()
        return store.of(Map("ann"))

    store = Kept(lambda one: made.append(one) or one.who, whose)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, [store] * 4)) == ["ann"] * 4
    assert made == [Map("ann")]


def test_an_answer_that_could_not_be_made_is_tried_again_by_the_next():
    tries = []

    def make(one: Map) -> str:
        tries.append(one)
        if len(tries) == 1:
            raise OSError("the disk is full")
        return one.who

    store = Kept(make, whose)
    with pytest.raises(OSError, match="full"):
        store.of(Map("ann"))
    assert store.of(Map("ann")) == "ann"


def test_no_lock_is_left_when_nobody_waits():
    store, _ = kept()
    for state in range(100):
        store.of(Map("ann", state))
    assert vars(store)["_turns"] == {}


def behind():
    """Wait until nothing is made any more behind whoever asks."""
    for thread in threading.enumerate():
        if thread.name == "kept":
            thread.join(LONG)


def test_who_may_be_late_is_given_what_was_known_and_the_next_what_came():
    store, made = kept()
    store.of(Map("ann"))
    assert store.of(Map("ann", 1, late=5)) == "ann 0"
    behind()
    assert store.of(Map("ann", 1, late=5)) == "ann 1"
    assert [one.state for one in made] == [0, 1]


def test_what_is_made_behind_is_made_of_the_newest_map():
    store, made = kept()
    store.of(Map("ann", late=5))
    store.of(Map("ann", 1, late=5))
    behind()
    assert [one.late for one in made] == [0.0, 0.0]


def test_who_may_not_be_late_waits_for_what_came():
    store, _ = kept()
    store.of(Map("ann", late=5))
    assert store.of(Map("ann", 1)) == "ann 1"


def test_nothing_late_is_given_where_something_was_taken_away():
    store, _ = kept()
    store.of(Map("ann"))
    assert store.of(Map("ann", 1, late=5, taken=1)) == "ann 1"
    assert store.at_hand(Map("ann", 2, late=5, taken=2)) is None


def test_nobody_late_gets_what_was_made_for_another():
    store, _ = kept()
    store.of(Map("ann"))
    assert store.of(Map("bob", 1, late=5)) == "bob 1"


@pytest.mark.parametrize(("passed", "given"), [(4.9, "ann 0"), (5.0, "ann 1"), (50.0, "ann 1")])
def test_late_is_so_many_seconds_and_no_more(passed: float, given: str):
    now = [100.0]
    store, _ = kept(lambda: now[0])
    store.of(Map("ann"))
    now[0] += passed
    assert store.of(Map("ann", 1, late=5)) == given
    behind()


def test_an_old_answer_that_still_fits_counts_from_when_it_last_did():
    now = [100.0]
    store, _ = kept(lambda: now[0])
    store.of(Map("ann"))
    now[0] += 60
    store.of(Map("ann"))
    now[0] += 4
    assert store.of(Map("ann", 1, late=5)) == "ann 0"
    behind()


@pytest.mark.parametrize("nothing", [0, "", (), False], ids=repr)
def test_an_answer_of_nothing_is_kept_and_given_late_as_any_other(nothing: object):
    made: list[Map] = []
    store = Kept(lambda one: made.append(one) or nothing, whose)
    store.of(Map("ann"))
    assert store.of(Map("ann")) == nothing
    assert len(made) == 1
    assert store.of(Map("ann", 1, late=5)) == nothing
    behind()


def test_of_many_who_are_late_one_makes_it_behind_them():
    go, made = Event(), []

    def make(one: Map) -> int:
        made.append(one.state)
        assert not one.state or go.wait(LONG)
        return one.state

    store = Kept(make, whose)
    store.of(Map("ann"))
    assert [store.of(Map("ann", 1, late=5)) for _ in range(6)] == [0] * 6
    go.set()
    behind()
    assert made == [0, 1]


def test_what_fails_behind_is_told_and_tried_again(caplog: pytest.LogCaptureFixture):
    def make(one: Map) -> int:
        if one.state == 1:
            raise OSError("the disk is full")
        return one.state

    store = Kept(make, whose)
    store.of(Map("ann"))
    assert store.of(Map("ann", 1, late=5)) == 0
    behind()
    assert "the disk is full" in caplog.text
    assert store.of(Map("ann", 2, late=5)) == 0
    behind()
    assert store.of(Map("ann", 2, late=5)) == 2


def test_what_went_is_not_given_late():
    store, _ = kept()
    store.of(Map("ann"))
    for number in range(MOST):
        store.of(Map(f"who {number}"))
    assert store.of(Map("ann", 1, late=5)) == "ann 1"


@dataclass
class Slow:
    """A clock, and an answer that takes so many seconds of it."""

    takes: float
    now: float = 100.0

    def make(self, one: Map) -> str:
        self.now += self.takes
        return f"{one.who} {one.state}"


@pytest.mark.parametrize(
    ("takes", "passed", "late", "rested"),
    [
        pytest.param(1.0, 0.0, 30.0, 10.0, id="ten times as long as it took"),
        pytest.param(1.0, 4.0, 30.0, 6.0, id="what has passed counts"),
        pytest.param(1.0, 11.0, 30.0, 0.0, id="long enough has passed"),
        pytest.param(5.0, 0.0, 30.0, 15.0, id="no longer than half of what it may be late"),
        pytest.param(0.0, 0.0, 30.0, 0.0, id="what costs nothing is made at once"),
    ],
)
def test_what_takes_long_is_left_for_a_while_after_each_change(
    takes: float, passed: float, late: float, rested: float
):
    slow, rests = Slow(takes), []
    store = Kept(slow.make, whose, clock=lambda: slow.now, sleep=rests.append)
    store.of(Map("ann"))
    slow.now += passed
    assert store.of(Map("ann", 1, late=late)) == "ann 0"
    behind()
    assert rests == [rested]
    assert store.at_hand(Map("ann", 1)) == "ann 1"


def test_what_came_while_it_was_left_is_in_what_is_made_then():
    state = [0]
    slow = Slow(1.0)
    store = Kept(
        lambda one: f"{slow.make(one)} at {state[0]}",
        lambda one: Mark((one.who,), (state[0],)),
        clock=lambda: slow.now,
        sleep=lambda _: state.__setitem__(0, 9),
    )
    store.of(Map("ann"))
    state[0] = 1
    assert store.of(Map("ann", late=30)) == "ann 0 at 0"
    behind()
    assert store.at_hand(Map("ann")) == "ann 0 at 9"


def lately_kept(now: list[float]):
    """A store whose answers say how late the map was that they were made from."""
    made: list[float] = []
    store = Kept(
        lambda one: made.append(one.late) or f"{one.state} late {one.late}",
        whose,
        lately=True,
        clock=lambda: now[0],
        sleep=lambda _: None,
    )
    return store, made


def test_who_may_be_late_and_finds_nothing_waits_for_no_new_map():
    store, made = lately_kept([100.0])
    assert store.of(Map("ann", late=30)) == "0 late 15.0"
    assert made == [15.0]


def test_what_was_made_of_a_late_map_is_never_taken_for_all_there_is():
    store, made = lately_kept([100.0])
    store.of(Map("ann", late=30))
    assert store.of(Map("ann")) == "0 late 0.0"
    assert store.of(Map("ann", late=30)) == "0 late 0.0"
    assert made == [15.0, 0.0]


def test_behind_who_is_given_what_is_late_all_there_is_is_made():
    store, _ = lately_kept([100.0])
    store.of(Map("ann", late=30))
    assert store.of(Map("ann", late=30)) == "0 late 15.0"
    behind()
    assert store.at_hand(Map("ann")) == "0 late 0.0"


@pytest.mark.parametrize(("passed", "given"), [(14.9, "0 late 15.0"), (15.0, "1 late 15.0")])
def test_a_late_map_and_a_late_answer_are_no_later_together_than_was_asked_for(passed: float, given: str):
    now = [100.0]
    store, _ = lately_kept(now)
    store.of(Map("ann", late=30))
    now[0] += passed
    assert store.of(Map("ann", 1, late=30)) == given


def test_nobody_is_given_a_late_answer_where_something_was_taken_away():
    store, made = lately_kept([100.0])
    store.of(Map("ann", late=30))
    assert store.of(Map("ann", 0, late=30, taken=1)) == "0 late 15.0"
    assert len(made) == 2


def behind_others() -> None:
    for one in threading.enumerate():
        if one.name == "kept":
            one.join(LONG)


@pytest.mark.parametrize(
    ("came", "asked_for"), [(0, 0.0), (1, FRESH)], ids=["nothing more", "more while it rested"]
)
def test_while_people_write_on_a_map_of_a_moment_ago_will_do_behind_the_readers(came, asked_for):
    """Else each answer that is made behind them would make the map anew first, which another does."""
    made, state = [], [1]
    store = Kept(
        lambda one: made.append(one.late) or one.who,
        lambda one: Mark((one.who,), (state[0],)),
        lately=True,
        sleep=lambda _: state.append(state.pop() + came),
    )
    store.of(Map("ann"))
    state[0] = 2
    assert store.of(Map("ann", late=60)) == "ann"
    behind_others()
    assert made == [0.0, asked_for]


def test_what_was_made_of_such_a_map_is_made_once_more_when_they_rest():
    made, state = [], [1]
    store = Kept(
        lambda one: made.append(one.late) or f"{one.who} {state[0]}",
        lambda one: Mark((one.who,), (state[0],)),
        lately=True,
        sleep=lambda _: state.append(state.pop() + 1) if len(made) < 2 else None,
    )
    store.of(Map("ann"))
    state[0] = 2
    for _ in range(3):
        store.of(Map("ann", late=60))
        behind_others()
    assert made == [0.0, FRESH, 0.0]
    assert store.at_hand(Map("ann")) == "ann 3"


def test_what_keeps_answers_of_no_map_makes_them_of_all_there_is():
    made, state = [], [1]
    store = Kept(
        lambda one: made.append(one.late) or one.who,
        lambda one: Mark((one.who,), (state[0],)),
        sleep=lambda _: state.append(state.pop() + 1),
    )
    store.of(Map("ann"))
    state[0] = 2
    store.of(Map("ann", late=60))
    behind_others()
    assert made == [0.0, 0.0]
