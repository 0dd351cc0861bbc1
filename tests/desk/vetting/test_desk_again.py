"""What is worth a second look: statements on which members disagree and most confirm, to those who voted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.member import update
from chokepoint.desk.vetting.again import again
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import Besides, recall, simulate, vote
from chokepoint.desk.watch.access import log
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL, TWIN, GANG = entity("domain-name:evil.com"), entity("domain-name:evil.org"), entity("malware:gang")
Y, N, U = Vote.CONFIRM, Vote.DISPUTE, Vote.UNSURE
FOUR = ("police", "vendor", "ngo", "exchange")
KNOWING = Besides(despite=True)


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Six members: the bank contributes, the others may vote."""
    for name in ("ngo", "exchange", "telecom"):
        world.join(name)
    return world


def said(world: World, thing=EVIL, **about) -> str:
    [name] = world.ids("bank", world.say("bank", (thing, "indicates", GANG), grade="A1", **about))
    return name


def cast(world: World, name: str, word: Vote, *who: str) -> None:
    for one in who:
        vote(world.open(one), [name], word, f"{one} looked")


def listed(world: World, who: str, **options) -> list[str]:
    return [one.id for one in again(world.open(who), **options)]


def test_who_disputes_alone_what_three_confirm_is_asked_to_look_again(wide):
    name = said(wide)
    cast(wide, name, N, "police")
    cast(wide, name, Y, "vendor", "ngo")
    assert listed(wide, "police") == []
    cast(wide, name, Y, "exchange")
    assert listed(wide, "police") == [name]


def test_those_who_confirmed_without_knowing_the_dissent_are_asked_too(wide):
    name = said(wide)
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    cast(wide, name, N, "police")
    assert listed(wide, "vendor") == listed(wide, "ngo") == [name]


@pytest.mark.parametrize("who", ["telecom", "bank"], ids=["still to vote", "the contributor"])
def test_nobody_else_is_told_that_members_disagree(wide, who):
    name = said(wide)
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    cast(wide, name, N, "police")
    assert listed(wide, who) == []


@pytest.mark.parametrize("word", [N, U, Y], ids=lambda word: word.value)
def test_whoever_has_looked_again_is_asked_no_more(wide, word):
    name = said(wide)
    cast(wide, name, N, "police")
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    cast(wide, name, word, "police")
    assert listed(wide, "police") == []


def test_a_confirmation_despite_the_dissent_is_a_second_look(wide):
    name = said(wide)
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    cast(wide, name, N, "police")
    vote(wide.open("vendor"), [name], Y, "read it", besides=KNOWING)
    assert (listed(wide, "vendor"), listed(wide, "ngo")) == ([], [name])
    cast(wide, name, N, "police")
    assert listed(wide, "vendor") == [name]


def test_an_accepted_or_an_undisputed_statement_is_settled(wide):
    name = said(wide)
    cast(wide, name, Y, *FOUR)
    assert listed(wide, "vendor") == []


def test_as_many_who_dispute_need_more_who_confirm(wide):
    name = said(wide)
    cast(wide, name, N, "police", "telecom")
    cast(wide, name, Y, "vendor", "ngo")
    assert listed(wide, "police") == []


def test_voices_of_one_company_are_one(wide):
    """Three who confirm are two where two of them are a parent and its daughter."""
    update(wide.open("bank"), "ngo", lambda known: replace(known, parents=frozenset({"vendor"})))
    name = said(wide)
    cast(wide, name, N, "police")
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    assert listed(wide, "police") == []


def test_votes_cast_by_a_rule_are_nobodys_to_look_at_again(wide):
    name = said(wide)
    casts = [Cast(organisation=one, vote=Y, reason="by rule", claims=(name,)) for one in ("vendor", "ngo")]
    simulate(wide.open("bank"), casts)
    cast(wide, name, N, "police")
    cast(wide, name, Y, "exchange")
    assert [listed(wide, who) for who in ("police", "vendor", "exchange")] == [[], [], []]


def test_those_with_most_who_confirm_come_first_and_no_more_than_wanted(wide):
    first, second = said(wide), said(wide, TWIN)
    for name in (first, second):
        cast(wide, name, N, "police")
        cast(wide, name, Y, "vendor", "ngo", "exchange")
    cast(wide, second, Y, "telecom")
    assert listed(wide, "police") == [second, first]
    assert listed(wide, "police", limit=1) == [second]


def test_what_was_closed_since_is_listed_to_nobody_who_may_not_see_it(wide):
    name = said(wide)
    cast(wide, name, N, "police")
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    remark(wide.open("bank"), [name], Marking(tlp=Tlp.RED, audience=frozenset({"bank"})), "at risk")
    assert listed(wide, "police") == []


def test_the_list_is_a_look_and_is_logged(wide):
    name = said(wide)
    cast(wide, name, N, "police")
    cast(wide, name, Y, "vendor", "ngo", "exchange")
    again(wide.open("police", "pia"))
    [one] = log(wide.open("police", "pia"))
    assert (one.entry.verb, one.entry.entities) == ("review", (("domain-name", "evil.com"),))


def test_a_confirmation_whose_day_has_passed_waits_for_whoever_gave_it(wide):
    name = said(wide)
    vote(wide.open("police"), [name], Y, "looked", besides=Besides(until="2026-03-01"))
    cast(wide, name, Y, "vendor")
    wide.clock = "2026-02-28T23:59:59.000Z"
    assert listed(wide, "police") == []
    wide.clock = "2026-03-01T00:00:00.000Z"
    assert (listed(wide, "police"), listed(wide, "vendor")) == ([name], [])
    cast(wide, name, Y, "police")
    assert listed(wide, "police") == []


def test_a_lapsed_confirmation_waits_for_nobody_while_the_others_suffice(wide):
    name = said(wide)
    vote(wide.open("police"), [name], Y, "looked", besides=Besides(until="2026-03-01"))
    cast(wide, name, Y, "vendor", "ngo")
    wide.clock = "2026-03-02T00:00:00.000Z"
    assert listed(wide, "police") == []


def test_a_confirmation_from_before_contrary_evidence_waits_for_whoever_gave_it(wide):
    name = said(wide)
    cast(wide, name, Y, "police", "vendor")
    wide.say("ngo", (EVIL, "legitimate", "the owner's own shop"), path="b")
    assert (listed(wide, "police"), listed(wide, "vendor"), listed(wide, "exchange")) == ([name], [name], [])
    cast(wide, name, Y, "police")
    assert (listed(wide, "police"), listed(wide, "vendor")) == ([], [name])


def test_nobody_is_asked_again_about_what_was_withdrawn(wide):
    name = said(wide)
    vote(wide.open("police"), [name], Y, "looked", besides=Besides(until="2026-03-01"))
    cast(wide, name, Y, "vendor")
    recall(wide.open("bank"), [name], "wrong")
    wide.clock = "2026-03-02T00:00:00.000Z"
    assert listed(wide, "police") == []
