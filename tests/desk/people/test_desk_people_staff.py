"""Invitations, roles and leaving: nobody's rights grow but by somebody who has them to give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import appoint, depart, invite, join, let_go, may, set_roles, staff
from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import NotFoundError, NotValidError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import COALITION, RIGHTS, WHOLE, Right, Role, parse_role, rights
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.ledger import Ledger
from chokepoint.store.people import APPOINTMENT, DEPARTURE, INVITED, PERSON

if TYPE_CHECKING:
    from desk_world import World

EVIL = (entity("domain-name:evil.com"), "indicates", entity("malware:dridex"))
GREEN = Marking(tlp=Tlp.GREEN)


def works(world: World, who: str, *roles: Role) -> None:
    """Somebody is invited by their organisation and joins."""
    organisation, _, user = who.partition("/")
    token = invite(world.open(organisation), user, roles or (Role.INVESTIGATOR,))
    join(world.open(organisation, user), token)


def sees(world: World, who: str) -> bool:
    organisation, _, user = who.partition("/")
    return bool(show(world.open(organisation, user), "evil.com").to_json()["entity"])


def test_an_invited_person_joins_with_the_token_and_works(world: World):
    works(world, "police/bob", Role.VETTER)
    [bob] = staff(world.open("police", "bob"))
    assert (bob.user, bob.state, bob.roles) == ("bob", "active", {Role.VETTER})
    assert may(world.open("police", "bob")) == {Right.LOOK, Right.VET}


def test_a_token_is_good_once_for_one_person_and_for_seven_days(world: World):
    token = invite(world.open("police"), "bob", [Role.VETTER])
    with pytest.raises(RefusedError):
        join(world.open("police", "eve"), token)
    with pytest.raises(RefusedError):
        join(world.open("vendor", "bob"), token)
    late = replace(world.open("police", "bob"), clock=lambda: "2026-02-10T04:05:07.000Z")
    with pytest.raises(RefusedError):
        join(late, token)
    join(world.open("police", "bob"), token)
    with pytest.raises(RefusedError):
        join(world.open("police", "bob"), token)


@pytest.mark.parametrize("token", ["", "   ", "x", "0" * 64])
def test_no_guess_and_no_empty_answer_is_a_token(world: World, token: str):
    invite(world.open("police"), "bob", [Role.VETTER])
    with pytest.raises(RefusedError):
        join(world.open("police", "bob"), token)


def test_no_record_holds_the_token_itself(world: World):
    token = invite(world.open("police"), "bob", [Role.VETTER])
    atlas = world.open("police")
    with atlas.engine.connect() as connection:
        bodies = [row[0] for row in connection.exec_driver_sql("SELECT body FROM records")]
    assert not [body for body in bodies if token.encode() in body]


def test_where_a_register_is_kept_nobody_else_looks_or_speaks(world: World):
    world.say("bank", EVIL, marking=GREEN)
    assert sees(world, "police/mallory")
    works(world, "police/bob")
    assert not sees(world, "police/mallory")
    assert sees(world, "police/bob")
    assert sees(world, "police")
    assert may(world.open("police", "mallory")) == frozenset()


def test_an_invited_person_sees_nothing_before_they_have_joined(world: World):
    world.say("bank", EVIL, marking=GREEN)
    invite(world.open("police"), "bob", [Role.VETTER])
    assert not sees(world, "police/bob")


def test_whoever_left_sees_nothing_and_cannot_speak(world: World):
    world.say("bank", EVIL, marking=GREEN)
    works(world, "police/bob", Role.VETTER, Role.INVESTIGATOR)
    ids = world.ids("police", [world.say("bank", EVIL, marking=GREEN, path="b.txt")[0]])
    let_go(world.open("police"), "bob")
    assert not sees(world, "police/bob")
    with pytest.raises((RefusedError, NotFoundError)):
        vote(world.open("police", "bob"), ids, Vote.CONFIRM, "x")
    bob = world.open("police", "bob")
    with pytest.raises(RefusedError, match="has left"):
        bob.ledger.append(bob.speaker(), [RecordRow("finding/1", b"{}", GREEN)])


def test_the_register_stays_closed_when_its_last_person_has_left(world: World):
    world.say("bank", EVIL, marking=GREEN)
    works(world, "police/bob")
    let_go(world.open("police"), "bob")
    assert not sees(world, "police/mallory")


def test_a_person_may_leave_by_themselves_and_come_back_only_by_invitation(world: World):
    works(world, "police/bob", Role.VETTER)
    let_go(world.open("police", "bob"), "bob")
    assert may(world.open("police", "bob")) == frozenset()
    works(world, "police/bob", Role.VETTER)
    assert Right.VET in may(world.open("police", "bob"))


def test_only_an_administrator_invites(world: World):
    works(world, "police/bob", Role.INVESTIGATOR, Role.VETTER)
    with pytest.raises(RefusedError, match="may not invite"):
        invite(world.open("police", "bob"), "eve", [Role.VETTER])
    works(world, "police/ada", Role.ADMINISTRATOR)
    assert invite(world.open("police", "ada"), "eve", [Role.VETTER])


def test_a_vetter_votes_and_says_nothing_new_and_an_investigator_the_other_way_round(world: World):
    ids = world.ids("police", world.say("bank", EVIL, marking=GREEN))
    works(world, "police/bob", Role.VETTER)
    works(world, "police/ida", Role.INVESTIGATOR)
    assert vote(world.open("police", "bob"), ids, Vote.CONFIRM, "checked") == 1
    with pytest.raises(RefusedError, match="may not vote"):
        vote(world.open("police", "ida"), ids, Vote.CONFIRM, "checked")
    bob = world.open("police", "bob")
    with pytest.raises(RefusedError, match="may not put claims"):
        bob.ledger.append(bob.speaker(), [RecordRow("finding/1", b"{}", GREEN)])


def test_nobody_changes_their_own_roles(world: World):
    """A peer let a reader make themselves an administrator by editing their own entry."""
    works(world, "police/ada", Role.ADMINISTRATOR)
    with pytest.raises(RefusedError, match="their own"):
        set_roles(world.open("police", "ada"), "ada", list(Role))


@pytest.mark.parametrize("role", sorted(COALITION, key=str), ids=lambda role: role.value)
def test_an_administrator_gives_no_role_of_the_coalition(world: World, role: Role):
    works(world, "police/ada", Role.ADMINISTRATOR)
    works(world, "police/bob")
    for act in (
        lambda: invite(world.open("police", "ada"), "eve", [role]),
        lambda: set_roles(world.open("police", "ada"), "bob", [role]),
        lambda: appoint(world.open("police", "ada"), "police/bob", role),
    ):
        with pytest.raises(RefusedError):
            act()
    assert role not in {one for person in staff(world.open("police")) for one in person.roles}


def test_who_is_only_invited_may_be_given_other_roles_and_still_has_to_join(world: World):
    works(world, "police/ada", Role.ADMINISTRATOR)
    token = invite(world.open("police", "ada"), "bob", [Role.VETTER])
    assert set_roles(world.open("police", "ada"), "bob", [Role.INVESTIGATOR]).state == INVITED
    assert may(world.open("police", "bob")) == frozenset()
    assert join(world.open("police", "bob"), token).roles == {Role.INVESTIGATOR}
    assert Right.UNFOLD in may(world.open("police", "bob"))


def test_nobody_touches_somebody_with_a_role_of_the_coalition_but_its_founder(world: World):
    """A peer let an organisation's administrator take over a more privileged account."""
    works(world, "police/olga")
    works(world, "police/ada", Role.ADMINISTRATOR)
    appoint(world.open("bank"), "police/olga", Role.OVERSEER)
    for act in (
        lambda: set_roles(world.open("police", "ada"), "olga", [Role.VETTER]),
        lambda: let_go(world.open("police", "ada"), "olga"),
    ):
        with pytest.raises(RefusedError, match="coalition"):
            act()
    appoint(world.open("bank"), "police/olga", Role.OVERSEER, held=False)
    assert set_roles(world.open("police", "ada"), "olga", [Role.VETTER]).roles == {Role.VETTER}


def test_only_the_founder_appoints(world: World):
    with pytest.raises(RefusedError, match="founder"):
        appoint(world.open("vendor"), "vendor/ann", Role.OVERSEER)
    appoint(world.open("bank"), "vendor/ann", Role.OVERSEER)
    assert Right.WATCH in may(world.open("vendor", "ann"))


@pytest.mark.parametrize("person", ["nobody/ann", "police", "police/", "/ann", ""])
def test_only_a_person_of_a_member_is_appointed(world: World, person: str):
    with pytest.raises(NotFoundError):
        appoint(world.open("bank"), person, Role.OVERSEER)


def test_a_record_about_anothers_people_changes_nothing(world: World):
    """Cross-organisation edits: whatever the record says, it speaks of the speaker's own people alone."""
    world.say("bank", EVIL, marking=GREEN)
    works(world, "police/bob", Role.VETTER)
    vendor = world.open("vendor")
    said = {
        "person": "../police/bob",
        "roles": ["administrator", "overseer"],
        "state": "left",
        "token": "",
        "until": "",
    }
    rows = [
        RecordRow(PERSON, canonical(said), GREEN),
        RecordRow(PERSON, canonical(said | {"person": "bob", "organisation": "police"}), GREEN),
        RecordRow(APPOINTMENT, canonical({"held": True, "person": "vendor/eve", "role": "overseer"}), GREEN),
        RecordRow(DEPARTURE, canonical({"left": True, "organisation": "police"}), GREEN),
    ]
    vendor.ledger.append(vendor.speaker(), rows)
    assert may(world.open("police", "bob")) == {Right.LOOK, Right.VET}
    assert may(world.open("police")) == WHOLE
    assert Right.WATCH not in may(world.open("vendor", "eve"))


def test_an_organisation_that_left_sees_nothing_new_and_cannot_speak(world: World):
    world.say("bank", EVIL, marking=GREEN)
    depart(world.open("police"), "police", "merged")
    assert not sees(world, "police")
    assert not sees(world, "police/bob")
    police = world.open("police")
    with pytest.raises(RefusedError, match="has left"):
        police.ledger.append(police.speaker(), [RecordRow("finding/1", b"{}", GREEN)])
    depart(world.open("bank"), "police", "is back", left=False)
    assert sees(world, "police")


def test_what_an_organisation_said_stays_when_it_leaves(world: World):
    world.say("police", EVIL, marking=GREEN)
    depart(world.open("police"), "police", "merged")
    assert sees(world, "vendor")


@pytest.mark.parametrize(("who", "gone"), [("vendor", "police"), ("police", "bank"), ("bank", "bank")])
def test_nobody_puts_out_another_but_the_founder_who_stays(world: World, who: str, gone: str):
    with pytest.raises(RefusedError):
        depart(world.open(who), gone, "x")


def test_an_organisation_that_was_put_out_does_not_readmit_itself(world: World):
    depart(world.open("bank"), "police", "broke the rules")
    with pytest.raises(RefusedError):
        depart(world.open("police"), "police", "sorry", left=False)
    assert not sees(world, "police/bob")


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a:b", "x" * 65, "a\nb"])
def test_a_name_that_could_be_taken_for_another_is_refused(world: World, name: str):
    with pytest.raises(NotValidError):
        invite(world.open("police"), name, [Role.VETTER])


def test_every_role_has_rights_and_none_has_all():
    assert set(RIGHTS) == set(Role)
    assert all(held < frozenset(Right) for held in RIGHTS.values())
    assert rights([]) == frozenset()
    assert rights([Role.VETTER, Role.ADMINISTRATOR]) == {Right.LOOK, Right.VET, Right.PEOPLE}


def test_no_organisation_as_a_whole_watches_the_others():
    assert Right.WATCH not in WHOLE
    assert parse_role(" Overseer ") is Role.OVERSEER
    with pytest.raises(NotValidError):
        parse_role("root")


def test_a_token_is_never_taken_for_an_option_of_the_command_line(world: World):
    for number in range(40):
        token = invite(world.open("police"), f"user{number}", [Role.VETTER])
        assert len(token) == 48
        assert token.isalnum()


def test_somebody_who_is_let_go_while_a_role_is_given_gets_none(world: World):
    """The founder has read that they work there; when its word is recorded they do not any more."""
    works(world, "police/bob", Role.VETTER)
    founder = world.open("bank")

    class Late(Ledger):
        def append(self, speaker, rows, then=None):
            if rows[0].kind == APPOINTMENT:
                let_go(world.open("police"), "bob")
            return super().append(speaker, rows, then)

    ledger = Late(founder.engine, founder.keys, founder.id)
    with pytest.raises(NotFoundError, match="no such person"):
        appoint(replace(founder, ledger=ledger), "police/bob", Role.COORDINATOR)
    token = invite(world.open("police"), "bob", [Role.VETTER])
    join(world.open("police", "bob"), token)
    assert may(world.open("police", "bob")) == {Right.LOOK, Right.VET}


@pytest.mark.parametrize("way", ["let go", "by themselves"])
def test_who_comes_back_has_no_role_of_the_coalition_from_before(world: World, way: str):
    works(world, "police/bob", Role.VETTER)
    appoint(world.open("bank"), "police/bob", Role.OVERSEER)
    if way == "let go":
        appoint(world.open("bank"), "police/bob", Role.OVERSEER, held=False)
    let_go(world.open("police", "bob" if way == "by themselves" else ""), "bob")
    works(world, "police/bob", Role.VETTER)
    assert may(world.open("police", "bob")) == {Right.LOOK, Right.VET}
