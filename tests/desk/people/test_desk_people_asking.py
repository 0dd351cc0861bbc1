"""Asking to come into a sharing group: who learns of it, who answers, and that nothing tells what groups there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.asking import (
    DECLINED,
    MOST_WAITING,
    TAKEN,
    WAITING,
    answer_request,
    ask_to_join,
    meant,
    requests,
)
from chokepoint.desk.people.circle import groups, leave_group, make_group
from chokepoint.desk.people.staff import invite, join
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import ANSWER, ASKING

if TYPE_CHECKING:
    from desk_world import World

WHY = "we see the same shops"


@pytest.fixture
def group(world: World):
    """A group of the bank's, in which nobody else is."""
    return make_group(world.open("bank"), "Lanterns", ["bank"])


def states(world: World, who: str = "police") -> list[str]:
    return [one.state for one in requests(world.open(who))]


def only(world: World, who: str = "bank"):
    (one,) = requests(world.open(who))
    return one


@pytest.mark.parametrize("by", ["name", "scope", "number"])
def test_whoever_is_told_of_a_group_asks_and_its_owner_takes_them_in(world, group, by):
    words = {"name": group.name, "scope": group.scope, "number": group.scope.partition(":")[2]}[by]
    ask_to_join(world.open("police"), "bank", words, WHY)
    asked = only(world)
    assert (asked.who, asked.why, asked.state) == ("police", WHY, WAITING)
    assert meant(world.open("bank"), asked).scope == group.scope
    answer_request(world.open("bank"), asked.id, take=True)
    assert [one.scope for one in groups(world.open("police"))] == [group.scope]
    assert states(world) == [TAKEN]


def test_what_is_under_the_group_is_seen_from_then_on(world, group):
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({group.scope}))
    world.say("bank", (entity("domain-name:evil.com"), "indicates", entity("malware:x")), marking=marking)
    assert show(world.open("police"), "evil.com").entity is None
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    assert show(world.open("police"), "evil.com").entity is None
    answer_request(world.open("bank"), only(world).id, take=True)
    assert show(world.open("police"), "evil.com").entity is not None


def test_the_owner_declines_with_a_reason_that_the_asker_reads(world, group):
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    answer_request(world.open("bank"), only(world).id, take=False, why="the group is closed")
    asked = only(world, "police")
    assert (asked.state, asked.reason) == (DECLINED, "the group is closed")
    assert not groups(world.open("police"))


def test_declining_without_a_reason_is_refused_and_the_request_still_waits(world, group):
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    with pytest.raises(RefusedError, match="reason"):
        answer_request(world.open("bank"), only(world).id, take=False, why=" ")
    assert states(world) == [WAITING]


def test_asking_for_a_group_that_is_not_there_tells_the_asker_nothing(world, group):
    ask_to_join(world.open("police"), "bank", "Lanterns", WHY)
    ask_to_join(world.open("police"), "bank", "No such group", WHY)
    assert states(world) == [WAITING, WAITING]
    unknown = requests(world.open("bank"))[0]
    assert meant(world.open("bank"), unknown) is None
    with pytest.raises(NotFoundError, match="no group of yours"):
        answer_request(world.open("bank"), unknown.id, take=True)
    answer_request(world.open("bank"), unknown.id, take=False, why="there is none")
    assert states(world) == [DECLINED, WAITING]


def test_a_name_that_two_groups_bear_means_neither(world, group):
    make_group(world.open("bank"), group.name, ["bank"])
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    assert meant(world.open("bank"), only(world)) is None


def test_nobody_but_the_two_learns_that_somebody_asked_and_was_answered(world, group):
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    answer_request(world.open("bank"), only(world).id, take=True)
    assert not requests(world.open("vendor"))
    with world.open("vendor").reader.connect() as connection:
        for kind in (ASKING, ANSWER):
            assert not list(world.open("vendor").reader.records(connection, kind))


def hired(world: World, who: str, *roles: Role):
    organisation, _, user = who.partition("/")
    join(world.open(organisation, user), invite(world.open(organisation), user, list(roles)))
    return world.open(organisation, user)


def test_a_person_asks_for_themselves_alone(world, group):
    ann = hired(world, "police/ann", Role.INVESTIGATOR)
    ask_to_join(ann, "bank", group.name, WHY)
    answer_request(world.open("bank"), only(world).id, take=True)
    assert [one.scope for one in groups(ann)] == [group.scope]
    bob = hired(world, "police/bob", Role.INVESTIGATOR)
    assert not groups(bob)
    assert not requests(bob)


def test_who_may_not_share_may_neither_ask_nor_answer(world, group):
    vic = hired(world, "police/vic", Role.VETTER)
    with pytest.raises(RefusedError, match="may not"):
        ask_to_join(vic, "bank", group.name, WHY)
    ask_to_join(world.open("vendor"), "bank", group.name, WHY)
    val = hired(world, "bank/val", Role.VETTER)
    with pytest.raises(RefusedError, match="may not"):
        answer_request(val, only(world).id, take=False, why="no")


@pytest.mark.parametrize("who", ["police", "vendor"])
def test_nobody_else_answers(world, group, who):
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    with pytest.raises(NotFoundError, match="no such request"):
        answer_request(world.open(who), only(world).id, take=True)


def test_a_request_is_answered_once(world, group):
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    name = only(world).id
    answer_request(world.open("bank"), name, take=False, why="no")
    with pytest.raises(NotFoundError, match="no such request"):
        answer_request(world.open("bank"), name, take=True)


def test_who_was_declined_or_has_left_may_ask_again(world, group):
    police = world.open("police")
    ask_to_join(police, "bank", group.name, WHY)
    answer_request(world.open("bank"), only(world).id, take=False, why="not yet")
    ask_to_join(police, "bank", group.name, WHY)
    answer_request(world.open("bank"), requests(world.open("bank"))[0].id, take=True)
    leave_group(police, group.scope)
    ask_to_join(police, "bank", group.name, WHY)
    assert states(world) == [WAITING, TAKEN, DECLINED]


def test_the_same_is_not_asked_twice_while_it_waits(world, group):
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    with pytest.raises(RefusedError, match="already"):
        ask_to_join(world.open("police"), "bank", f" {group.name} ", "please")


def test_nobody_floods_an_owner(world):
    for number in range(MOST_WAITING):
        ask_to_join(world.open("police"), "bank", f"group {number}", WHY)
    with pytest.raises(RefusedError, match="wait"):
        ask_to_join(world.open("police"), "bank", "one more", WHY)
    ask_to_join(world.open("vendor"), "bank", "one more", WHY)


@pytest.mark.parametrize(
    ("owner", "words", "why"),
    [
        pytest.param("nobody", "Lanterns", WHY, id="no member"),
        pytest.param("", "Lanterns", WHY, id="no owner"),
        pytest.param("bank", " ", WHY, id="no group"),
        pytest.param("bank", "Lanterns", "", id="no reason"),
        pytest.param("bank", "x" * 501, WHY, id="too long"),
        pytest.param("bank", "Lan\u202eterns", WHY, id="hidden characters"),
        pytest.param("bank", "Lanterns", "a\x00b", id="NUL"),
    ],
)
def test_what_cannot_be_a_request_is_none(world, owner, words, why):
    with pytest.raises(NotValidError):
        ask_to_join(world.open("police"), owner, words, why)
    assert not requests(world.open("police"))


def test_ones_own_organisation_is_not_asked(world, group):
    with pytest.raises(RefusedError, match="your own organisation"):
        ask_to_join(world.open("bank"), "bank", group.name, WHY)


def forged(world: World, speaker: str, kind: str, said: dict) -> None:
    atlas = world.open(speaker)
    marking = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police", "vendor"}))
    atlas.ledger.append(atlas.speaker(), [RecordRow(kind, canonical(said), marking)])


def test_nobody_asks_in_anothers_name_and_nobody_answers_for_the_owner(world, group):
    forged(world, "vendor", ASKING, {"group": group.name, "owner": "bank", "who": "police", "why": "x"})
    assert not requests(world.open("bank"))
    ask_to_join(world.open("police"), "bank", group.name, WHY)
    forged(world, "vendor", ANSWER, {"request": only(world).id, "taken": True, "why": "x"})
    assert states(world) == [WAITING]
