"""What is kept of a map is late by what came, and by nothing else: random histories, and answers made anew."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import RED, World, entity
from hypothesis import given, settings
from snapshot_world import perform, upheavals

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.looking.summary import Summary, summary, unvoted
from chokepoint.desk.mark import mark
from chokepoint.desk.vetting.queue import AGAIN, order_of, queue
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.model.judgement import Vote
from chokepoint.web.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

LATE = 1_000.0
SITE, GANG, ANN = entity("domain-name:a.com"), entity("group:g"), entity("person:ann")


def told(found: Summary) -> tuple[Any, ...]:
    """A summary as it can be compared."""
    return found.things, found.statements, found.accepted, found.publishers, found.strike.reasons()


RECKONED: dict[str, Callable[[Atlas], Any]] = {
    "order": partial(order_of, most=20),
    "waiting": unvoted,
    "summary": lambda atlas: told(summary(atlas)),
}


def keeping(reckon: Callable[[Atlas], Any]) -> Kept[Atlas, Any]:
    return Kept(reckon, mark, lately=True, sleep=lambda _: None)


def late(world: World, who: str = "police") -> Atlas:
    return replace(world.open(who), late=LATE)


def rested() -> None:
    """Wait for what is made behind the readers."""
    for thread in threading.enumerate():
        if thread.name == "kept":
            thread.join(20)


@settings(max_examples=6)
@given(upheavals)
def test_an_answer_is_one_of_those_since_anything_was_taken_away(
    made: Callable[[str], World], history: list[Any]
) -> None:
    """And once nobody writes any more, it is the newest."""
    world = made("kept")
    stores = {name: keeping(reckon) for name, reckon in RECKONED.items()}
    sight, since = None, {name: list[Any]() for name in RECKONED}
    for number, action in enumerate(history):
        perform(world, action, number)
        before, sight = sight, mark(world.open("vendor")).sight
        for name, store in stores.items():
            anew = RECKONED[name](world.open("vendor"))
            since[name] = [*(since[name] if sight == before else []), anew]
            assert store.of(late(world, "vendor")) in since[name]
    rested()
    for name, store in stores.items():
        store.of(late(world, "vendor"))
        rested()
        assert store.of(late(world, "vendor")) == since[name][-1]


TAKEN: dict[str, Callable[[World, list[str]], object]] = {
    "recalled": lambda world, ids: recall(world.open("bank"), ids, "wrong"),
    "hidden": lambda world, ids: remark(world.open("bank"), ids, RED, "told otherwise"),
    "erased": lambda world, _: erase(world.open("bank"), ANN, reason="asked", basis="law"),
}


@pytest.mark.parametrize("how", TAKEN)
def test_what_was_taken_away_is_in_no_order_that_is_late(world: World, how: str) -> None:
    gone = world.say("bank", (ANN, "attributed-to", GANG))
    stays = world.say("bank", (SITE, "indicates", GANG), path="two")
    store = keeping(RECKONED["order"])
    assert set(store.of(late(world))) == {*gone, *stays}
    TAKEN[how](world, world.ids("bank", gone))
    assert store.of(late(world)) == tuple(stays)


def test_an_order_that_was_kept_is_asked_for_what_still_waits(world: World) -> None:
    seqs = world.say("bank", (SITE, "indicates", GANG), (entity("domain-name:b.com"), "indicates", GANG))
    kept = keeping(partial(order_of, most=40 + 60)).of
    first = queue(late(world), order=kept)
    assert sorted(one.seq for one in first) == seqs
    vote(world.open("police"), [first[0].id], Vote.CONFIRM, "looked")
    assert [one.seq for one in queue(late(world), order=kept)] == [first[1].seq]


def test_what_is_shown_by_a_kept_order_is_what_is_shown_without(world: World) -> None:
    for number in range(5):
        world.say("bank", (entity(f"domain-name:d{number}.com"), "indicates", GANG), path=f"p{number}")
    kept = keeping(partial(order_of, most=3 + 60)).of
    assert queue(late(world), limit=3, order=kept) == queue(world.open("police"), limit=3)


def test_where_all_of_a_kept_order_is_decided_a_newer_one_is_asked_for(world: World) -> None:
    """Else whoever has voted on all of it would be told for half a minute that nothing waits."""
    world.say("bank", (SITE, "indicates", GANG))
    orders: list[float] = []

    def order(atlas: Atlas) -> tuple[int, ...]:
        orders.append(atlas.late)
        return order_of(atlas, most=100)

    [first] = queue(late(world), order=order)
    vote(world.open("police"), [first.id], Vote.CONFIRM, "looked")
    queue(late(world), order=order)
    assert orders == [LATE, LATE, AGAIN], "it asked for a newer order"


def test_nobody_is_given_the_order_of_another_member(world: World) -> None:
    mine = world.say("bank", (SITE, "indicates", GANG))
    theirs = world.say("police", (entity("domain-name:b.com"), "indicates", GANG), path="two")
    store = keeping(RECKONED["order"])
    assert store.of(late(world, "police")) == tuple(mine)
    assert store.of(late(world, "bank")) == tuple(theirs)


def test_putting_claims_in_order_is_no_look_at_them(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    order_of(world.open("police"), most=5)
    assert not (world.folder / "access").exists()
