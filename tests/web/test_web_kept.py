"""What is kept in memory: made once while nothing changes, for nobody else, and not without end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Event

import pytest

from chokepoint.web.kept import MOST, Kept


@dataclass(frozen=True)
class Map:
    who: str
    state: int = 0


def kept():
    made = []
    return Kept(
        lambda one: made.append(one) or f"{one.who} {one.state}", lambda one: (one.who, one.state)
    ), made


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
        store.of(Map("ann", number))
    store.of(Map("ann", 0))
    store.of(Map("bob"))
    assert store.at_hand(Map("ann", 0)) == "ann 0"
    assert store.at_hand(Map("ann", 1)) is None
    assert len(made) == MOST + 1


def test_as_many_are_kept_as_is_said():
    made = []
    store = Kept(lambda one: made.append(one) or one.who, lambda one: (one.who,), 6)
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

    store = Kept(make, lambda one: (one,))
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

    store = Kept(make, lambda one: (one.who,))
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

    store = Kept(make, lambda one: (one.who,))
    store.of(Map("bob"))
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(store.of, Map("ann"))
        assert begun.wait(LONG)
        assert (store.of(Map("bob")), store.at_hand(Map("ann"))) == ("bob", None)
        others.set()
        assert slow.result(LONG) == "ann"


def test_of_many_who_ask_for_the_same_at_once_one_makes_it():
    together, made = Barrier(4, timeout=LONG), []

    def ask(store: Kept[str]) -> str:
        together.wait()
        return store.of(Map("ann"))

    store = Kept(lambda one: made.append(one) or one.who, lambda one: (one.who,))
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

    store = Kept(make, lambda one: (one.who,))
    with pytest.raises(OSError, match="full"):
        store.of(Map("ann"))
    assert store.of(Map("ann")) == "ann"


def test_no_lock_is_left_when_nobody_waits():
    store, _ = kept()
    for state in range(100):
        store.of(Map("ann", state))
    assert vars(store)["_turns"] == {}
