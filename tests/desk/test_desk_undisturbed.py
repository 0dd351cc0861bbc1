"""Two people change the same at once: what one did is never undone by what the other had read before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk import member as member_room
from chokepoint.desk.handing import remark as remark_room
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.looking.look import show
from chokepoint.desk.people import circle as circle_room
from chokepoint.desk.people import staff as staff_room
from chokepoint.desk.people.circle import change_group, groups, leave_group, make_group
from chokepoint.desk.undisturbed import TRIES, settled, undisturbed
from chokepoint.desk.vetting import calibration as calibration_room
from chokepoint.desk.vetting import review as review_room
from chokepoint.desk.vetting.review import recall
from chokepoint.desk.work import case as case_room
from chokepoint.desk.work import operation as operation_room
from chokepoint.desk.work.act import Operation, Partner
from chokepoint.desk.work.case import Case, cases, close_case, finish_task, open_case, set_members, set_task
from chokepoint.desk.work.operation import add_partners, find_operation, open_operation, set_state
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.member import Sector
from chokepoint.model.role import Role
from chokepoint.store.base import CIRCLE, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import GONE, INVITED
from chokepoint.store.visible import resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

DRAFT = Case(
    id="", title="A", purpose="p", owner="ann", review_date="2027-01-01", members=("bank", "police", "vendor")
)

EVIL = (entity("domain-name:evil.com"), "indicates", entity("group:fox"))
OTHER = RecordRow("subject/1", canonical({"case": "x", "entity": ["group", "fox"], "held": True}), CLEAR)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let something happen once, just after a room has read what it is about to change."""

    def arrange(room: object, read: str, act: Callable[[], object]) -> None:
        real, waiting = getattr(room, read), [act]

        def reading(*given: object) -> object:
            found = real(*given)
            if waiting:
                waiting.pop()()
            return found

        monkeypatch.setattr(room, read, reading)

    return arrange


def case_of(world: World) -> Case:
    [case] = cases(world.open("bank"))
    return case


def test_a_task_that_comes_as_the_case_is_closed_does_not_open_it_again(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), DRAFT).id
    meanwhile(case_room, "own_case", lambda: close_case(world.open("bank"), name, "done"))
    with pytest.raises(RefusedError, match="the case is closed"):
        set_task(world.open("bank"), name, "ask the registrar")
    assert (case_of(world).closed, case_of(world).tasks) == ("done", ())


def test_two_tasks_set_at_once_are_both_there(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), DRAFT).id
    meanwhile(case_room, "own_case", lambda: set_task(world.open("bank"), name, "one"))
    set_task(world.open("bank"), name, "two")
    assert [task.text for task in case_of(world).tasks] == ["one", "two"]


def test_two_tasks_finished_at_once_are_both_done(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), DRAFT).id
    for text in ("one", "two"):
        set_task(world.open("bank"), name, text)
    meanwhile(case_room, "own_case", lambda: finish_task(world.open("bank"), name, 1))
    finish_task(world.open("bank"), name, 2)
    assert [task.done for task in case_of(world).tasks] == [True, True]


def test_who_is_taken_off_a_case_is_not_put_back_by_whoever_adds_another(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), DRAFT).id
    meanwhile(case_room, "own_case", lambda: set_members(world.open("bank"), name, remove=["police"]))
    set_members(world.open("bank"), name, add=["bank/ann"])
    assert case_of(world).members == ("bank", "bank/ann", "vendor")


def test_nobody_is_put_on_a_case_that_is_closed_meanwhile(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), DRAFT).id
    world.join("ngo")
    meanwhile(case_room, "own_case", lambda: close_case(world.open("bank"), name, "done"))
    with pytest.raises(RefusedError, match="the case is closed"):
        set_members(world.open("bank"), name, add=["ngo"])
    assert case_of(world).members == ("bank",)
    with world.open("ngo").engine.connect() as connection:
        assert resolved(connection, world.open("ngo").viewer).cases == frozenset()


def test_who_is_put_on_a_case_as_it_is_closed_is_off_it_again(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), DRAFT).id
    world.join("ngo")
    meanwhile(case_room, "own_case", lambda: set_members(world.open("bank"), name, add=["ngo"]))
    close_case(world.open("bank"), name, "done")
    assert case_of(world).members == ("bank",)


def test_who_is_put_out_of_a_group_is_not_put_back_by_whoever_adds_another(world: World, meanwhile) -> None:
    scope = make_group(world.open("bank"), "G", ["bank", "police"]).scope
    meanwhile(circle_room, "find_group", lambda: change_group(world.open("bank"), scope, remove=["police"]))
    change_group(world.open("bank"), scope, add=["vendor"])
    assert [group.members for group in groups(world.open("bank"))] == [("bank", "vendor")]


def test_who_leaves_a_group_is_not_put_back_by_whoever_adds_another(world: World, meanwhile) -> None:
    scope = make_group(world.open("bank"), "G", ["bank", "police"]).scope
    meanwhile(circle_room, "find_group", lambda: leave_group(world.open("police"), scope))
    change_group(world.open("bank"), scope, add=["vendor"])
    assert [group.members for group in groups(world.open("bank"))] == [("bank", "vendor")]


def test_a_partner_added_as_the_state_changes_stays_and_so_does_the_state(world: World, meanwhile) -> None:
    name = open_operation(world.open("bank"), Operation(id="", name="Operation Net")).id
    bank = world.open("bank")
    meanwhile(operation_room, "_own", lambda: add_partners(bank, name, (Partner("KE"),)))
    assert set_state(world.open("bank"), name, "under way").partners == (Partner("KE"),)
    assert find_operation(bank, name).state == "under way"


def test_what_comes_too_late_each_time_is_given_up_and_leaves_nothing(world: World) -> None:
    row = RecordRow(CIRCLE, canonical({"members": [], "name": "n", "scope": "group:x"}), CLEAR)
    bank, tried = world.open("bank"), list[int]()

    def change(then: object) -> None:
        tried.append(1)
        world.open("police").ledger.append(world.open("police").speaker(), [row])
        bank.ledger.append(bank.speaker(), [row], then)  # type: ignore[arg-type]

    with pytest.raises(RefusedError, match="all the time"):
        undisturbed(bank, CIRCLE, change)
    with bank.reader.connect() as connection:
        found = list(bank.reader.records(connection, CIRCLE))
    assert len(tried) == len(found) == TRIES


def test_what_two_say_of_a_member_at_once_is_both_said(world: World, meanwhile) -> None:
    def sector(atlas: Atlas) -> None:
        member_room.update(atlas, "police", lambda one: replace(one, sector=Sector.NGO))

    meanwhile(member_room, "one", lambda: sector(world.open("police")))
    told = member_room.update(world.open("bank"), "police", lambda one: replace(one, country="DE"))
    assert (told.member.sector, told.member.country) == (Sector.NGO, "DE")


def test_whoever_was_let_go_meanwhile_is_not_brought_back_by_new_roles(world: World, meanwhile) -> None:
    bank = world.open("bank")
    staff_room.join(world.open("bank", "ann"), staff_room.invite(bank, "ann", [Role.VETTER]))
    meanwhile(staff_room, "staff", lambda: staff_room.let_go(world.open("bank"), "ann"))
    with pytest.raises(NotFoundError, match="nobody of that name"):
        staff_room.set_roles(bank, "ann", [Role.INVESTIGATOR])
    assert [one.state for one in staff_room.staff(bank)] == [GONE]


def test_an_invitation_taken_back_as_it_is_accepted_lets_nobody_in(world: World) -> None:
    token = staff_room.invite(world.open("bank"), "ann", [Role.VETTER])
    ann, real = world.open("bank", "ann"), staff_room._young

    def young(atlas: Atlas, until: str) -> bool:
        if staff_room.staff(world.open("bank"))[0].state == INVITED:
            staff_room.let_go(world.open("bank"), "ann")
        return real(atlas, until)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staff_room, "_young", young)
        with pytest.raises(RefusedError, match="no such invitation"):
            staff_room.join(ann, token)


def test_whoever_leaves_by_themselves_can(world: World) -> None:
    bank = world.open("bank")
    staff_room.join(world.open("bank", "ann"), staff_room.invite(bank, "ann", [Role.VETTER]))
    assert staff_room.let_go(world.open("bank", "ann"), "ann").state == GONE


def test_members_held_apart_by_two_at_once_are_both_held_apart(world: World, meanwhile) -> None:
    def apart(name: str) -> None:
        calibration_room.publish(world.open("bank"), apart={name: "looked into"})

    meanwhile(calibration_room, "published", lambda: apart("vendor"))
    apart("police")
    assert set(calibration_room.calibrate(world.open("bank")).apart) == {"police", "vendor"}


def test_who_is_taken_off_a_case_as_it_is_closed_is_not_put_back_by_that(world: World, meanwhile) -> None:
    name = open_case(world.open("bank"), replace(DRAFT, members=("bank/ann", "bank/eve", "police"))).id
    set_members(world.open("bank"), name, add=["bank"])
    meanwhile(case_room, "own_case", lambda: set_members(world.open("bank"), name, remove=["bank/eve"]))
    closed = close_case(world.open("bank"), name, "done")
    assert closed.members == case_of(world).members == ("bank", "bank/ann")


def test_a_claim_opened_as_it_is_withdrawn_is_withdrawn_for_all_who_see_it(world: World, meanwhile) -> None:
    [name] = world.ids("bank", world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER)))
    meanwhile(review_room, "_own_markings", lambda: remark(world.open("bank"), [name], CLEAR, "all may know"))
    assert recall(world.open("bank"), [name], "it was wrong") == 1
    [told] = show(world.open("police"), "evil.com").evidence
    assert told.standing.verdict is Verdict.RECALLED


def test_a_claim_withdrawn_as_it_is_to_be_opened_stays_closed(world: World, meanwhile) -> None:
    [name] = world.ids("bank", world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER)))
    meanwhile(remark_room, "_withdrawn", lambda: recall(world.open("bank"), [name], "it was wrong"))
    with pytest.raises(RefusedError, match="it was withdrawn"):
        remark(world.open("bank"), [name], CLEAR, "all may know")
    assert show(world.open("police"), "evil.com").entity is None


def test_what_never_settles_is_refused_after_so_many_tries(world: World) -> None:
    looks = iter(range(1_000))
    tried: list[int] = []

    def change(found: int, then: Callable[[object], None]) -> None:
        tried.append(found)
        world.open("bank").ledger.append(world.open("bank").speaker(), [OTHER], then)

    with pytest.raises(RefusedError, match="others change it all the time"):
        settled(world.open("bank"), lambda _: next(looks), change)
    assert len(tried) == TRIES


def test_what_settles_is_carried_out_once(world: World) -> None:
    looks = iter([1, 2, 3, 3])
    done: list[int] = []

    def change(found: int, then: Callable[[object], None]) -> int:
        then(object())
        done.append(found)
        return found

    assert settled(world.open("bank"), lambda _: next(looks), change) == 3
    assert done == [3]
