"""A small hand-made value chain: two shops, two wallets, two exchanges, one host, one cash-out each way.

victims → a.cc (9 sightings) → w1 → Exchange One (US)
victims → b.ru (4 sightings) → w2 → Exchange Two
a.cc needs 203.0.113.7 (host)
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desk_world import CLOCK, RED, World, entity

from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.member import update
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.claim import Interval, on_day
from chokepoint.model.judgement import Vote
from chokepoint.model.member import Capability, Member, Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.analyse import ChokeAnswer
    from chokepoint.desk.analyse.chain import ChainAnswer
    from chokepoint.model.identity import Entity

TODAY = date.fromisoformat(CLOCK[:10])
FRESH = on_day(TODAY - timedelta(days=10))
STALE = on_day(TODAY - timedelta(days=400))

A, B = entity("domain-name:a.cc"), entity("domain-name:b.ru")
W1 = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
W2 = entity("crypto-address:1KbHGbM2Uqqfksujn7X18GPUbGyfaDTZU9")
ONE, TWO = entity("organisation:exchange one"), entity("organisation:exchange two")
HOST = entity("ipv4-addr:203.0.113.7")
GANG = entity("campaign:gang")

Sentence = tuple["Entity", str, "Entity | str"]


def accept(
    world: World, *sentences: Sentence, observed: Interval | None = FRESH, times: int = 1, **about: object
) -> list[int]:
    """Sentences of a reliable source that two others confirm, said on so many days."""
    seqs: list[int] = []
    for back in range(times):
        day = observed and Interval(
            (date.fromisoformat(observed.start) - timedelta(days=back)).isoformat(), observed.end
        )
        path = f"{sentences}{observed}{back}"
        seqs += world.say("bank", *sentences, **{"grade": "A1", "path": path, "observed": day, **about})
    for member in ("police", "vendor"):
        vote(world.open(member), world.ids(member, seqs), Vote.CONFIRM, "seen here too")
    return seqs


def able(world: World, member: str, *what: tuple[str, str], country: str = "") -> None:
    """What a member can do, as it says itself."""
    can = frozenset(Capability(Mode(mode), kind) for mode, kind in what)

    def change(known: Member) -> Member:
        return Member(name=known.name, country=country or known.country, capabilities=can)

    update(world.open(member), member, change)


def chain(world: World) -> World:
    """The chain of this module's head; the vendor can take hosts down."""
    accept(world, (A, "requests-payment-to", W1), times=9)
    accept(world, (B, "requests-payment-to", W2), times=4)
    accept(world, (W1, "controlled-by", ONE), (W2, "controlled-by", TWO))
    accept(world, (ONE, "located-in", entity("country:us")))
    accept(world, (A, "resolves-to", HOST))
    able(world, "vendor", ("takedown", "ipv4-addr"), country="th")
    return world


def ask(world: World, member: str = "bank", **options: object) -> ChokeAnswer:
    """The answer to a member."""
    return choke_view(load_snapshot(world.open(member)), ChokeOptions(**options))  # type: ignore[arg-type]


def chained(world: World, member: str = "bank", **options: object) -> ChainAnswer:
    """The answer's chain, which there must be."""
    answer = ask(world, member, **options).chain
    assert answer is not None
    return answer


def struck(answer: ChainAnswer) -> set[tuple[str, str]]:
    """(id, mode) of the plan."""
    return {(step["id"], step["mode"]) for step in answer.steps}


def node(answer: ChainAnswer, name: str) -> dict[str, object]:
    """A node of the woven network."""
    return next(one for one in answer.tree["nodes"] if one["id"] == name)


def ids(things: Sequence[Entity]) -> list[str]:
    """Names of things in the network."""
    return [str(thing) for thing in things]


def said(world: World, member: str, **options: object) -> str:
    """All that a member is told, byte by byte."""
    answer = ask(world, member, **options)
    return json.dumps([answer.to_json(), answer.lines()])


def a_case(world: World, member: str = "bank", **about: object) -> Case:
    draft = Case(id="", title="Shops", purpose="to stop them", owner="ann", review_date="2026-12-01")
    return open_case(
        world.open(member),
        Case(**{**{name: getattr(draft, name) for name in draft.__slots__}, "marking": RED, **about}),  # type: ignore[arg-type]
    )
