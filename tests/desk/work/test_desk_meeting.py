"""The weekly meeting of a case: what is new, what waits, what moved, and what is none of its business."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.work import meeting as meeting_module
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.meeting import Meeting, meeting
from chokepoint.desk.work.operation import act, open_operation
from chokepoint.desk.work.reserve import reserve
from chokepoint.desk.work.subject import take_up
from chokepoint.model.judgement import Verdict, Vote

if TYPE_CHECKING:
    from desk_world import World

EVIL, GOOD, GANG = entity("domain-name:evil.com"), entity("domain-name:good.com"), entity("group:fox")
EARLY, NOW = "2026-01-01T00:00:00.000Z", "2026-02-03T04:05:06.000Z"


@pytest.fixture
def case(world: World) -> Case:
    """A case of the police that has reserved evil.com."""
    world.clock = EARLY
    world.say("vendor", (EVIL, "indicates", GANG), (GOOD, "indicates", GANG))
    one = open_case(
        world.open("police"),
        Case(id="", title="Fox", purpose="p", owner="ann", review_date="2026-03-01"),
    )
    reserve(world.open("police"), one.id, ["evil.com"])
    world.clock = NOW
    return one


def held(world: World, case: Case, who: str = "police", **more: int) -> Meeting:
    return meeting(world.open(who), case, **more)


def subjects(found: Meeting) -> list[str]:
    return [str(one.stored.claim.subject) for one in found.new]


def test_what_was_known_before_the_week_is_not_new(world: World, case: Case) -> None:
    found = held(world, case)
    assert found.targets == (EVIL,)
    assert found.since == "2026-01-27"
    assert found.new == ()


def test_what_came_in_the_week_about_a_target_is_new_and_nothing_else_is(world: World, case: Case) -> None:
    world.say("bank", (EVIL, "resolves-to", entity("ipv4-addr:192.0.2.1")), path="a")
    world.say("bank", (GOOD, "resolves-to", entity("ipv4-addr:192.0.2.2")), path="b")
    assert subjects(held(world, case)) == ["domain-name:evil.com"]


def test_a_longer_look_back_finds_more(world: World, case: Case) -> None:
    assert len(held(world, case, days=60).new) == 1


def test_what_the_viewer_could_vote_on_waits_for_it_and_not_for_whoever_said_it(
    world: World, case: Case
) -> None:
    assert len(held(world, case).waiting) == 1
    assert held(world, case, "vendor").waiting == ()


def test_a_verdict_that_changed_in_the_week_is_told_with_what_it_was(world: World, case: Case) -> None:
    [name] = [one.stored.id for one in held(world, case).waiting]
    for who in ("police", "bank"):
        vote(world.open(who), [name], Vote.CONFIRM, "seen")
    found = held(world, case)
    [moved] = found.moved
    assert moved.verdict is Verdict.PROPOSED
    assert moved.evidence.standing.verdict is Verdict.ACCEPTED
    assert moved.before < moved.evidence.standing.belief
    assert found.waiting == ()


def test_votes_before_the_week_moved_nothing_in_it(world: World, case: Case) -> None:
    [name] = [one.stored.id for one in held(world, case).waiting]
    world.clock = "2026-01-02T00:00:00.000Z"
    for who in ("police", "bank"):
        vote(world.open(who), [name], Vote.CONFIRM, "seen")
    world.clock = NOW
    assert held(world, case).moved == ()


def test_what_an_operation_of_the_case_acts_on_is_a_target_too(world: World, case: Case) -> None:
    police = world.open("police")
    one = open_operation(police, Operation(id="", name="Fox", basis=case.id))
    open_operation(police, Operation(id="", name="Wolf"))
    act(police, one.id, "good.com", ("takedown", "2026-02-01", "a registrar"))
    found = held(world, case)
    assert found.targets == (EVIL, GOOD)
    assert [each.name for each in found.operations] == ["Fox"]


def test_what_was_given_free_again_is_no_target(world: World, case: Case) -> None:
    reserve(world.open("police"), case.id, ["evil.com"], held=False)
    assert held(world, case).targets == ()


def test_hidden_claims_are_not_spoken_of(world: World, case: Case) -> None:
    before = held(world, case)
    world.say("bank", (EVIL, "resolves-to", entity("ipv4-addr:192.0.2.1")), marking=RED)
    assert held(world, case) == before
    assert len(held(world, case, "bank").new) == 1


def test_the_look_is_logged_with_the_case(world: World, case: Case) -> None:
    held(world, case)
    assert [one.entry.asked for one in log(world.open("police")) if one.entry.verb == "meeting"] == [case.id]


def test_nothing_waits_for_an_organisation_that_has_voted_on_it(world: World, case: Case) -> None:
    [name] = [one.stored.id for one in held(world, case).waiting]
    vote(world.open("police"), [name], Vote.CONFIRM, "seen")
    assert held(world, case).waiting == ()


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_a_claim_is_worth_as_much_where_older_ones_are_too_many_to_be_read(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    take_up(world.open("police"), case.id, ["group:fox"])
    [name] = [one.stored.id for one in held(world, case).waiting if one.stored.claim.subject == EVIL]
    for who in ("police", "bank"):
        vote(world.open(who), [name], Vote.CONFIRM, "seen")
    world.say("bank", (EVIL, "indicates", GANG), origin="other", path="b")
    world.say("bank", (GOOD, "indicates", GANG), origin="other", path="c")
    whole = {one.stored.id: one.standing for one in show(world.open("police"), "group:fox").evidence}
    monkeypatch.setattr(meeting_module, "MOST", most)
    found = held(world, case)
    assert len(found.new) == min(most, 2)
    assert {one.stored.id: one.standing for one in found.new} == {
        one.stored.id: whole[one.stored.id] for one in found.new
    }
