"""A reason on record has an end: of whatever is done, up to 2,000 characters are taken and one more is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.handing.dissemination import Copy, announce, handed, withdraw
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide
from chokepoint.desk.keeping.erase import erase, hold
from chokepoint.desk.people.staff import depart
from chokepoint.desk.reason import LONGEST
from chokepoint.desk.vetting.calibration import publish
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.desk.work.case import Case, close_case, open_case
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Callable

SITE, GANG, TWIN = entity("domain-name:evil.com"), entity("group:bad gang"), entity("group:worse gang")


def claims(world: World) -> list[str]:
    return world.ids("bank", world.say("bank", (SITE, "indicates", GANG), (SITE, "indicates", TWIN)))


def closed(world: World, reason: str) -> None:
    case = Case(id="", title="t", purpose="p", owner="o", review_date="2027-01-01")
    close_case(world.open("bank"), open_case(world.open("bank"), case).id, reason)


def taken_back(world: World, reason: str) -> None:
    bank = world.open("bank")
    announce(bank, claims(world), Copy(frozenset({"police"}), title="t"))
    withdraw(bank, handed(bank)[0].id, reason)


def one_and_another(world: World, reason: str) -> None:
    claims(world)
    decide(world.open("bank"), ("bad gang", "worse gang"), Sameness.SAME, reason=reason)


def erased(world: World, reason: str, basis: str = "b") -> None:
    claims(world)
    erase(world.open("bank"), SITE, reason=reason, basis=basis)


DONE: dict[str, Callable[[World, str], object]] = {
    "a vote": lambda world, reason: vote(world.open("police"), claims(world), Vote.CONFIRM, reason),
    "a recall": lambda world, reason: recall(world.open("bank"), claims(world), reason),
    "another marking": lambda world, reason: remark(
        world.open("bank"), claims(world), Marking(tlp=Tlp.GREEN), reason
    ),
    "a case that is closed": closed,
    "a package that is taken back": taken_back,
    "a legal hold": lambda world, reason: hold(world.open("bank"), SITE, reason=reason),
    "an erasure": erased,
    "the legal basis of an erasure": lambda world, reason: erased(world, "r", reason),
    "a member that leaves": lambda world, reason: depart(world.open("vendor"), "vendor", reason),
    "a member that is held apart": lambda world, reason: publish(
        world.open("bank"), apart={"police": reason}
    ),
    "an identity": one_and_another,
    "a safety flag": lambda world, reason: flag_safety(world.open("bank"), SITE, reason),
}


def records(world: World) -> int:
    with world.open("bank").engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT max(seq) FROM records").scalar_one())


@pytest.mark.parametrize("done", DONE)
def test_a_reason_that_can_be_read_is_taken(world: World, done: str) -> None:
    before = records(world)
    DONE[done](world, "ก" * LONGEST)
    assert records(world) > before


@pytest.mark.parametrize("done", DONE)
def test_a_reason_without_end_is_refused_with_a_mend(world: World, done: str) -> None:
    with pytest.raises(RefusedError, match=r"2,?000") as refused:
        DONE[done](world, "ก" * (LONGEST + 1))
    assert refused.value.mend


@pytest.mark.parametrize("done", DONE)
@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_no_reason_is_none(world: World, done: str, reason: str) -> None:
    with pytest.raises(RefusedError):
        DONE[done](world, reason)
