"""What a case is about: put in, taken out, seen by whoever sees the case, and gone when it is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.work.case import Case, close_case, open_case
from chokepoint.desk.work.meeting import meeting
from chokepoint.desk.work.reserve import deconflict, taken
from chokepoint.desk.work.subject import MOST, take_up
from chokepoint.model.errors import NotFoundError, RefusedError

if TYPE_CHECKING:
    from desk_world import World

EVIL, GOOD, GANG = entity("domain-name:evil.com"), entity("domain-name:good.com"), entity("group:fox")


@pytest.fixture
def case(world: World) -> Case:
    """A case of the police on a map of two domains."""
    world.say("vendor", (EVIL, "indicates", GANG), (GOOD, "indicates", GANG))
    draft = Case(id="", title="Fox", purpose="p", owner="ann", review_date="2099-03-01")
    return open_case(world.open("police"), draft)


def held(world: World, case: Case) -> tuple:
    return meeting(world.open("police"), case).targets


def test_a_case_is_about_what_was_put_into_it(world, case):
    assert take_up(world.open("police"), case.id, ["evil.com", "group:fox"]) == (EVIL, GANG)
    assert set(held(world, case)) == {EVIL, GANG}


def test_what_is_new_to_the_map_can_be_put_in(world, case):
    take_up(world.open("police"), case.id, ["brand-new.example"])
    assert held(world, case) == (entity("domain-name:brand-new.example"),)


def test_what_is_taken_out_is_out_and_may_come_back(world, case):
    police = world.open("police")
    take_up(police, case.id, ["evil.com", "good.com"])
    take_up(police, case.id, ["evil.com"], held=False)
    assert held(world, case) == (GOOD,)
    take_up(police, case.id, ["evil.com"])
    assert set(held(world, case)) == {EVIL, GOOD}


def test_putting_in_reserves_nothing(world, case):
    take_up(world.open("police"), case.id, ["evil.com"])
    assert not taken(world.open("bank"))
    assert not deconflict(world.open("police"))


def test_the_meeting_speaks_of_what_is_said_about_it(world, case):
    take_up(world.open("police"), case.id, ["evil.com"])
    found = meeting(world.open("police"), case)
    assert {one.stored.claim.subject for one in found.new} == {EVIL}


def test_nobody_puts_things_into_anothers_or_a_closed_case(world, case):
    with pytest.raises((RefusedError, NotFoundError)):
        take_up(world.open("bank"), case.id, ["evil.com"])
    close_case(world.open("police"), case.id, "done")
    with pytest.raises(RefusedError, match="closed"):
        take_up(world.open("police"), case.id, ["evil.com"])


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_nothing_and_too_much_are_refused(world, case, count):
    with pytest.raises(RefusedError, match=f"{count} things"):
        take_up(world.open("police"), case.id, ["evil.com"] * count)


def test_what_names_nothing_leaves_the_case_as_it_was(world, case):
    with pytest.raises(NotFoundError):
        take_up(world.open("police"), case.id, ["evil.com", "?"])
    assert held(world, case) == ()


def test_the_erasure_of_one_leaves_the_others(world, case):
    police = world.open("police")
    jane = entity("person:jane roe")
    world.say("police", (jane, "alias", "JR"))
    take_up(police, case.id, [str(jane), "evil.com"])
    erase(world.open("bank"), jane, reason="asked", basis="Art. 17")
    assert held(world, case) == (EVIL,)


def test_who_may_not_see_the_case_sees_nothing_of_what_it_is_about(world):
    world.say("vendor", (EVIL, "indicates", GANG))
    draft = Case(id="", title="Fox", purpose="p", owner="ann", review_date="2099-03-01", members=("police",))
    case = open_case(world.open("police"), draft)
    take_up(world.open("police"), case.id, ["evil.com"])
    with world.open("bank").reader.connect() as connection:
        from chokepoint.desk.work.subject import SUBJECT  # noqa: PLC0415 - the kind alone

        assert not list(world.open("bank").reader.records(connection, SUBJECT))
