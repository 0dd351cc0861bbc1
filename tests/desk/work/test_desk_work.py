"""How much work an answer takes tells nothing of what is hidden: counted in SQLite's steps and Python's calls.

A row that is looked at and left out costs several steps. Sixty hidden records of every sort lie among what
is open, and what a viewer asks may not cost a step a statement more than where there are none: that is what
reading to the end of an index takes, when another's entries follow.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from desk_world import World, entity
from sqlalchemy import event
from test_desk_hidden import A, tell_open

from chokepoint.collect.base import Document
from chokepoint.desk import canvas
from chokepoint.desk.analyse import choke, load_snapshot
from chokepoint.desk.hand import export
from chokepoint.desk.identity import decide, judgements
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.looking.summary import summary
from chokepoint.desk.looking.tell import countries
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.work.case import cases
from chokepoint.model.errors import NotFoundError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas

MANY = 60
SITE, GANG = entity("domain-name:m.cc"), entity("group:zeta")
CLOSED = [
    Marking(tlp=Tlp.RED, audience=frozenset({"bank", *more})) for more in ((), ("vendor",), ("bank/ann",))
]
"""Three markings of the bank's that shut the police out."""


class Work(NamedTuple):
    """What a look took: statements, SQLite's steps, calls of Python functions."""

    statements: int
    steps: int
    calls: int


def hide(world: World) -> None:
    """Records of every sort about what everybody sees, and about things that look like it."""
    for number, marking in enumerate(CLOSED):
        mine: dict[str, Any] = {"marking": marking, "origin": "informant", "path": f"h{number}"}
        seqs = world.say(
            "bank",
            *[(entity(f"domain-name:h{n}.{number}.m.cc"), "indicates", A) for n in range(MANY)],
            *[(SITE, "indicates", entity(f"malware:m{n}")) for n in range(MANY)],
            *[(A, "alias", f"Alpha Bot {n}") for n in range(MANY)],
            *[(GANG, "located-in", entity(f"country:{a}{b}")) for a in "abcdefgh" for b in "klmnopqr"],
            **mine,
        )
    bank = world.open("bank")
    vote(world.open("vendor"), world.ids("vendor", world.say("bank", (SITE, "indicates", A), marking=CLOSED[1])),
         Vote.DISPUTE, "informant")  # fmt: skip
    for n in range(20):
        decide(bank, ("malware:alphabot", f"malware:m{n}"), Sameness.SAME, reason="informant")
        search(bank, f"h{n}.0.m")
    assert len(seqs) == 3 * MANY + 64


@pytest.fixture(scope="module")
def plain(worlds: Callable[[], World]) -> World:
    """Open records alone."""
    world = worlds()
    tell_open(world)
    return world


@pytest.fixture(scope="module")
def closed(worlds: Callable[[], World]) -> World:
    """The same, with the bank's among them."""
    world = worlds()
    tell_open(world)
    hide(world)
    return world


def asked_of(world: World, flow: Callable[[Atlas], object], organisation: str = "police") -> Work:
    """What the third of three looks took, each of an atlas opened anew: the first ones load what is needed."""
    taken = Work(0, 0, 0)
    for _ in range(3):
        atlas = world.open(organisation)
        count = {"statements": 0, "steps": 0, "calls": 0}

        def tick(count: dict[str, int] = count) -> int:
            count["steps"] += 1
            return 0

        def called(frame: Any, what: str, _: object, count: dict[str, int] = count, tick: Any = tick) -> None:
            count["calls"] += what == "call" and frame.f_code is not tick.__code__

        event.listen(atlas.engine, "checkout", lambda raw, *_, tick=tick: raw.set_progress_handler(tick, 1))
        event.listen(
            atlas.engine,
            "before_cursor_execute",
            lambda *_, count=count: count.update(statements=count["statements"] + 1),
        )
        before = sys.getprofile()
        gc.disable()  # what earlier tests left behind would be counted where it is collected
        sys.setprofile(called)
        try:
            flow(atlas)
        finally:
            sys.setprofile(before)
            gc.enable()
            atlas.engine.dispose()
        taken = Work(**count)
    return taken


def pasted(text: str) -> Callable[[Atlas], object]:
    return lambda atlas: check(atlas, Document(path="pasted", data=text.encode()))


class Sink:
    """Takes what is exported and keeps nothing."""

    def write(self, data: bytes) -> int:
        """All of it."""
        return len(data)


FLOWS: dict[str, Callable[[Atlas], object]] = {
    "search": lambda atlas: search(atlas, "m.cc"),
    "search for two letters": lambda atlas: search(atlas, "m."),
    "search for a sign of patterns": lambda atlas: search(atlas, "m_"),
    "search for what only the hidden have": lambda atlas: search(atlas, "h7.0.m"),
    "a thing with hidden claims": lambda atlas: show(atlas, "malware:alphabot"),
    "a subject of hidden claims": lambda atlas: show(atlas, "m.cc"),
    "the beginning of a value": lambda atlas: show(atlas, "m.cc..."),
    "check": pasted("m.cc h7.0.m.cc new.example alphabot"),
    "the map": load_snapshot,
    "path": lambda atlas: path(atlas, "m.cc", "malware:zetaware"),
    "summary": summary,
    "countries": lambda atlas: countries(load_snapshot(atlas)),
    "choke": choke,
    "review list": queue,
    "canvas begin": lambda atlas: canvas.begin(atlas, "malware:alphabot"),
    "canvas branches": lambda atlas: canvas.branches(atlas, "malware:alphabot"),
    "canvas expand": lambda atlas: canvas.expand(atlas, "malware:alphabot", ("indicates", True), beside=[]),
    "canvas overview": lambda atlas: canvas.overview(atlas, []),
    "judgements": judgements,
    "cases": cases,
    "log": log,
    "export": lambda atlas: export(atlas, "csv", Sink()),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_hidden_records_cost_no_look_anything(plain: World, closed: World, flow: Any) -> None:
    without, among = asked_of(plain, flow), asked_of(closed, flow)
    assert among.statements == without.statements
    assert abs(among.steps - without.steps) <= without.statements
    assert abs(among.calls - without.calls) <= 5


@pytest.mark.parametrize("flow", ["search", "a subject of hidden claims", "the map", "choke"])
def test_they_do_cost_whoever_sees_them(plain: World, closed: World, flow: str) -> None:
    """Else the count above would count nothing."""
    without, among = (asked_of(world, FLOWS[flow], "bank") for world in (plain, closed))
    assert among.steps > without.steps + MANY


def test_what_is_hidden_is_refused_with_the_work_of_what_is_nowhere(closed: World) -> None:
    for hidden, absent in (
        ("h7.0.m.cc", "x7.9.m.cc"),
        ("malware:m7", "malware:x7"),
        ("h7.0.m.c...", "x7.9.m.c..."),
    ):
        one, other = (
            asked_of(closed, lambda atlas, what=what: show(atlas, what)) for what in (hidden, absent)
        )
        assert one.statements == other.statements
        assert abs(one.steps - other.steps) <= one.statements
        assert abs(one.calls - other.calls) <= 5


def test_a_hidden_claim_is_voted_on_with_the_refusal_and_work_of_an_absent_one(closed: World) -> None:
    [hidden] = closed.ids("bank", closed.say("bank", (SITE, "indicates", A), marking=CLOSED[0], path="late"))

    def refused(name: str) -> Work:
        def flow(atlas: Atlas) -> None:
            with pytest.raises(NotFoundError):
                vote(atlas, [name], Vote.CONFIRM, "seen")

        return asked_of(closed, flow)

    one, other = refused(hidden), refused(hidden[:-6] + ("0" * 6 if hidden[-6:] != "0" * 6 else "1" * 6))
    assert one.statements == other.statements
    assert abs(one.steps - other.steps) <= 2 * one.statements
