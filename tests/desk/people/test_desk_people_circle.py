"""Sharing groups and cases: who is in them now sees what is shared with them, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.looking.look import show
from chokepoint.desk.people.circle import change_group, find_group, groups, leave_group, make_group
from chokepoint.desk.people.staff import invite, join, may
from chokepoint.desk.work.case import Case, cases, close_case, open_case, set_members
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Right, Role

if TYPE_CHECKING:
    from desk_world import World

EVIL = (entity("domain-name:evil.com"), "indicates", entity("malware:dridex"))
DRAFT = Case(id="", title="A case", purpose="find them", owner="ann", review_date="2027-01-01")


def sees(world: World, who: str) -> bool:
    organisation, _, user = who.partition("/")
    return bool(show(world.open(organisation, user), "evil.com").to_json()["entity"])


def shared(world: World, scope: str) -> None:
    world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER, audience=frozenset({scope})))


def test_a_group_lets_in_whom_it_lists(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police", "vendor/ann"])
    shared(world, group.scope)
    seen = {
        who: sees(world, who)
        for who in ("bank", "police", "police/bob", "vendor", "vendor/ann", "vendor/bob")
    }
    assert seen == {
        "bank": True,
        "police": True,
        "police/bob": True,
        "vendor": False,
        "vendor/ann": True,
        "vendor/bob": False,
    }


def test_whoever_joins_later_sees_what_was_shared_before(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police"])
    shared(world, group.scope)
    change_group(world.open("bank"), "Scam desk", add=["vendor"])
    assert sees(world, "vendor")


def test_whoever_leaves_sees_nothing_under_it_any_more(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police", "vendor"])
    shared(world, group.scope)
    leave_group(world.open("police"), group.scope)
    assert not sees(world, "police")
    assert sees(world, "vendor")
    assert groups(world.open("police")) == []
    assert find_group(world.open("vendor"), "Scam desk").members == ("vendor",)


def test_whoever_is_put_out_sees_nothing_under_it_any_more(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police", "vendor"])
    shared(world, group.scope)
    change_group(world.open("bank"), group.scope, remove=["vendor"])
    assert not sees(world, "vendor")


def test_a_person_who_is_in_a_group_through_the_organisation_cannot_take_it_out(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police"])
    with pytest.raises(RefusedError):
        leave_group(world.open("police", "bob"), group.scope)
    assert find_group(world.open("police"), group.scope).members == ("police",)


@pytest.mark.parametrize("home", ["bank", "police"])
def test_somebody_who_may_not_share_may_leave(world: World, home: str):
    token = invite(world.open(home), "ann", [Role.VETTER])
    join(world.open(home, "ann"), token)
    group = make_group(world.open("bank"), "Scam desk", [f"{home}/ann", "vendor"])
    ann = world.open(home, "ann")
    assert Right.SHARE not in may(ann)
    leave_group(ann, group.scope)
    assert find_group(world.open("vendor"), group.scope).members == ("vendor",)


def test_the_owner_may_leave_its_own_group_and_still_answers_for_it(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["bank", "police"])
    leave_group(world.open("bank"), group.scope)
    assert find_group(world.open("bank"), group.scope).members == ("police",)


def test_a_group_is_unknown_to_whoever_is_not_in_it(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police"])
    assert groups(world.open("vendor")) == []
    for act in (find_group, leave_group, change_group):
        with pytest.raises(NotFoundError) as hidden:
            act(world.open("vendor"), group.scope)
        with pytest.raises(NotFoundError) as absent:
            act(world.open("vendor"), "group:none")
        assert (hidden.value.reason, hidden.value.mend) == (absent.value.reason, absent.value.mend)


def test_a_member_of_a_group_changes_nothing_about_the_others(world: World):
    group = make_group(world.open("bank"), "Scam desk", ["police"])
    with pytest.raises(RefusedError, match="bank's"):
        change_group(world.open("police"), group.scope, add=["vendor"])


def test_nobody_lets_themselves_into_a_colleagues_group(world: World):
    """What a partner shares with its members, RED, would else be open to the maker's whole house."""
    group = make_group(world.open("bank", "ann"), "Scam desk", ["bank/ann", "vendor"])
    world.say("vendor", EVIL, marking=Marking(tlp=Tlp.RED, audience=frozenset({group.scope})))
    for one in ("bank/bob", "police"):
        with pytest.raises(RefusedError, match="colleague made it"):
            change_group(world.open("bank", "bob"), group.scope, add=[one])
    with pytest.raises(RefusedError, match="colleague made it"):
        change_group(world.open("bank", "bob"), group.scope, remove=["vendor"])
    assert [sees(world, who) for who in ("bank/ann", "bank/bob", "police")] == [True, False, False]
    assert find_group(world.open("bank"), group.scope).members == ("bank/ann", "vendor")


def test_of_a_group_whose_making_was_erased_nobody_passes_as_the_maker(world: World):
    """Then who answers for it are those in it, and the organisation as a whole."""
    group = make_group(world.open("bank", "ann"), "somebody@evil.example", ["bank/ann", "vendor"])
    founder = world.open("bank")
    erase(
        founder, entity("email-addr:somebody@evil.example"), reason="asked for it", basis="GDPR Art. 17(1)(d)"
    )
    with pytest.raises(RefusedError, match="colleague made it"):
        change_group(world.open("bank", "bob"), group.scope, add=["bank/bob"])
    assert change_group(founder, group.scope, remove=["vendor"]).members == ("bank/ann",)


@pytest.mark.parametrize(
    ("maker", "members"),
    [
        pytest.param("bob", ["vendor"], id="who made it and is not in it"),
        pytest.param("ann", ["bank/bob", "vendor"], id="who is in it by name"),
        pytest.param("ann", ["bank", "vendor"], id="whose organisation is in it"),
        pytest.param("", ["vendor"], id="whose organisation made it as a whole"),
    ],
)
def test_a_group_is_changed_by(world: World, maker: str, members: list[str]):
    group = make_group(world.open("bank", maker), "Scam desk", members)
    assert "police" in change_group(world.open("bank", "bob"), group.scope, add=["police"]).members


@pytest.mark.parametrize("name", ["everybody", "*", "bank/", "", "group:1"])
def test_a_member_that_is_none_is_refused(world: World, name: str):
    with pytest.raises(NotValidError):
        make_group(world.open("bank"), "Scam desk", ["police", name])
    assert groups(world.open("bank")) == []


@pytest.mark.parametrize("scope", ["group:6e2f", "group:", "group:*"])
def test_nothing_is_recorded_for_a_group_that_the_speaker_is_not_in(world: World, scope: str):
    """A foreign group's id fails closed, at the door and not only at the look."""
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({scope}))
    with pytest.raises(NotFoundError):
        note(world.open("bank"), Draft(text="evil.com is theirs", marking=marking))
    assert not sees(world, "bank")


def test_a_case_lets_in_its_members_and_not_the_rest_of_their_organisations(world: World):
    case = open_case(world.open("bank", "ann"), case_of("bank/ann", "police"))
    world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER, cases=frozenset({case.id})))
    seen = {who: sees(world, who) for who in ("bank", "bank/ann", "bank/bob", "police", "vendor")}
    assert seen == {"bank": False, "bank/ann": True, "bank/bob": False, "police": True, "vendor": False}


def case_of(*members: str) -> Case:
    return Case(
        id="",
        title="A case",
        purpose="find them",
        owner="ann",
        review_date="2027-01-01",
        members=members,
        marking=Marking(tlp=Tlp.AMBER),
    )


def test_a_case_itself_is_known_to_its_members_alone(world: World):
    opened = open_case(world.open("bank", "ann"), case_of("bank/ann", "police"))
    assert [one.id for one in cases(world.open("police"))] == [opened.id]
    assert cases(world.open("bank", "bob")) == cases(world.open("vendor")) == []


def test_amber_strict_in_a_case_stays_in_the_owners_organisation(world: World):
    case = open_case(world.open("bank"), case_of("bank", "police"))
    world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER_STRICT, cases=frozenset({case.id})))
    assert sees(world, "bank")
    assert not sees(world, "police")


def test_the_need_to_know_can_be_given_and_taken(world: World):
    case = open_case(world.open("bank"), case_of("bank"))
    world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER, cases=frozenset({case.id})))
    set_members(world.open("bank"), case.id, add=["vendor"])
    assert sees(world, "vendor")
    set_members(world.open("bank"), case.id, remove=["vendor"])
    assert not sees(world, "vendor")


def test_a_closed_case_leaves_the_need_to_know_with_its_own_organisation(world: World):
    case = open_case(world.open("bank"), case_of("bank", "police"))
    world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER, cases=frozenset({case.id})))
    close_case(world.open("bank"), case.id, "done")
    assert sees(world, "bank")
    assert not sees(world, "police")


def test_another_organisation_cannot_let_itself_into_a_case(world: World):
    case = open_case(world.open("bank"), case_of("bank", "police"))
    with pytest.raises(RefusedError, match="bank's"):
        set_members(world.open("police"), case.id, add=["vendor"])
    with pytest.raises(NotFoundError):
        set_members(world.open("vendor"), case.id, add=["vendor"])


def test_a_record_needs_every_case_that_it_names(world: World):
    one = open_case(world.open("bank"), case_of("bank", "police"))
    two = open_case(world.open("bank"), case_of("bank"))
    world.say("bank", EVIL, marking=Marking(tlp=Tlp.AMBER, cases=frozenset({one.id, two.id})))
    assert sees(world, "bank")
    assert not sees(world, "police")


def test_a_plain_case_of_an_organisation_is_for_all_of_its_people(world: World):
    opened = open_case(world.open("bank"), DRAFT)
    assert opened.members == ("bank",)
    assert [one.id for one in cases(world.open("bank", "bob"))] == [opened.id]
