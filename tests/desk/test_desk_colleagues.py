"""Who may be answered with what was worked out for their whole organisation, and who may not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.colleagues import as_all
from chokepoint.desk.people.staff import appoint, invite, join, let_go
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.reserve import reserve, taken
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.atlas import Atlas

SITE, OTHER, GANG = entity("domain-name:a.cc"), entity("domain-name:b.cc"), entity("malware:gang")
BANK = Viewer(organisation="bank")
GREEN = Marking(tlp=Tlp.GREEN)
ANN = Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"}))


@pytest.fixture
def staffed(world: World) -> World:
    """Ann and Ben investigate for the bank; the map holds one sentence for all."""
    for user in ("ann", "ben"):
        join(world.open("bank", user), invite(world.open("bank"), user, [Role.INVESTIGATOR]))
    world.say("police", (SITE, "indicates", GANG), marking=GREEN)
    return world


def a_case(atlas: Atlas, *members: str, marking: Marking = RED) -> Case:
    said = {"owner": "ann", "review_date": "2026-12-01", "marking": marking, "members": members}
    return open_case(atlas, Case(id="", title="Shops", purpose="to stop them", **said))  # type: ignore[arg-type]


def things(atlas: Atlas) -> list[int]:
    return load_snapshot(atlas).snapshot.eid.tolist()


def test_colleagues_who_see_the_same_are_answered_with_the_same(staffed: World) -> None:
    ann, ben = (as_all(staffed.open("bank", user)) for user in ("ann", "ben"))
    assert ann.viewer == ben.viewer == BANK
    assert things(ann) == things(staffed.open("bank", "ann"))


def test_the_case_that_one_works_on_sets_nobody_apart(staffed: World) -> None:
    case = a_case(staffed.open("bank"), "bank")
    asked = replace(staffed.open("bank", "ann"), purpose=case.id, late=30.0)
    assert as_all(asked).purpose == ""
    assert as_all(asked).late == 30.0


def test_the_organisation_itself_is_as_it_is(staffed: World) -> None:
    atlas = staffed.open("bank")
    assert as_all(atlas) is atlas


def test_a_colleague_of_another_organisation_is_answered_with_its_own(staffed: World) -> None:
    join(staffed.open("police", "pat"), invite(staffed.open("police"), "pat", [Role.INVESTIGATOR]))
    assert as_all(staffed.open("police", "pat")).viewer == Viewer(organisation="police")


def test_who_alone_was_told_something_is_answered_alone_from_then_on(staffed: World) -> None:
    assert as_all(staffed.open("bank", "ann")).viewer == BANK
    staffed.say("bank", (OTHER, "indicates", GANG), marking=ANN)
    ann, ben = staffed.open("bank", "ann"), staffed.open("bank", "ben")
    assert as_all(ann) is ann
    assert as_all(ben).viewer == BANK
    assert len(things(as_all(ann))) == len(things(as_all(ben))) + 1


def test_who_is_shown_persons_in_full_is_answered_alone_each_time(staffed: World) -> None:
    asked = replace(staffed.open("bank", "ann"), unfold="to warn them")
    assert as_all(asked) is asked


def test_what_is_read_for_others_too_is_nobody_elses(staffed: World) -> None:
    asked = staffed.open("bank", "ann").shared_with([Viewer(organisation="vendor")])
    assert as_all(asked) is asked


def test_a_coordinator_is_answered_alone(staffed: World) -> None:
    appoint(staffed.open("bank"), "bank/ann", Role.COORDINATOR)
    ann = staffed.open("bank", "ann")
    assert as_all(ann) is ann
    assert as_all(staffed.open("bank", "ben")).viewer == BANK


def test_who_is_on_a_case_of_others_is_answered_alone(staffed: World) -> None:
    """What the case keeps to itself may be struck for them; for the rest of their house it is passed over."""
    case = a_case(staffed.open("police"), "police", "bank/ann", marking=GREEN)
    reserve(staffed.open("police"), case.id, [str(SITE)])
    ann, ben = staffed.open("bank", "ann"), staffed.open("bank", "ben")
    assert as_all(ann) is ann
    assert as_all(ben).viewer == BANK
    assert [taken(ann), taken(as_all(ben))] == [frozenset(), {SITE}]


def test_who_has_left_sees_no_more_than_the_public(staffed: World) -> None:
    before = as_all(staffed.open("bank", "ben"))
    let_go(staffed.open("bank"), "ben")
    after = as_all(staffed.open("bank", "ben"))
    assert len(things(before)) == 2
    assert things(after) == []
    assert after.viewer == Viewer(organisation="bank", user="ben")
