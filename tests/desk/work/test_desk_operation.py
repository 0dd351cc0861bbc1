"""Operations: who opens and changes them, what a target may be, and who learns of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.desk.handing.dissemination import Copy, announce, handed
from chokepoint.desk.work.act import Operation, Partner
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.operation import (
    ACTION,
    OPERATION,
    act,
    add_partners,
    find_operation,
    open_operation,
    operations,
    partner,
    set_state,
)
from chokepoint.model.errors import ChokepointError, NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from desk_world import World

DRAFT = Operation(id="", name="Red Card 3", partners=(Partner("KE", "Police"), Partner("GH")))
TAKEDOWN = ("takedown", "2026-01-05", "a registrar")


def opened(world: World, **about: object) -> Operation:
    return open_operation(world.open("police"), replace(DRAFT, **about))


def test_an_operation_is_read_back_as_it_was_opened(world: World) -> None:
    one = opened(world)
    assert operations(world.open("bank")) == [one]
    assert one.id.startswith("operation-")
    assert (one.state, one.organisation) == ("planned", "police")
    assert one.partners == (Partner("GH"), Partner("KE", "Police"))
    assert one.countries == {"GH", "KE"}
    assert str(one.event) == "event:operation red card 3"


def test_each_change_is_a_new_record_and_the_newest_counts(world: World) -> None:
    one = opened(world)
    set_state(world.open("police"), one.id, "under way")
    add_partners(world.open("police"), one.id, (Partner("NG"), Partner("GH")))
    act(world.open("police"), one.id, "evil.com", TAKEDOWN)
    now = set_state(world.open("police"), one.id, "done")
    assert operations(world.open("bank")) == [now]
    assert now.state == "done"
    assert [one.country for one in now.partners] == ["GH", "KE", "NG"]
    assert [(str(one.entity), one.mode, one.on, one.by) for one in now.actions] == [
        ("domain-name:evil.com", *TAKEDOWN)
    ]


@pytest.mark.parametrize("name", ["Red Card 3", "red card 3", "Operation Red Card 3"])
def test_an_operation_is_found_by_its_name_with_or_without_the_word(world: World, name: str) -> None:
    one = opened(world)
    assert find_operation(world.open("bank"), name) == one
    assert find_operation(world.open("bank"), one.id) == one
    assert find_operation(world.open("bank"), one.id[:16]) == one


@pytest.mark.parametrize("name", ["", "operation-", "Red Card 4", "zzzz"])
def test_what_names_no_operation_finds_none(world: World, name: str) -> None:
    opened(world)
    with pytest.raises(NotFoundError):
        find_operation(world.open("bank"), name)


def test_a_name_that_two_operations_bear_finds_neither(world: World) -> None:
    opened(world)
    opened(world)
    with pytest.raises(NotFoundError):
        find_operation(world.open("police"), "Red Card 3")


@pytest.mark.parametrize(
    ("about", "error"),
    [
        pytest.param({"name": " "}, ChokepointError, id="no name"),
        pytest.param({"name": "x" * 201}, RefusedError, id="a letter too many"),
        pytest.param({"name": "\u200b"}, ChokepointError, id="a name that nobody sees"),
        pytest.param({"state": "won"}, NotValidError, id="an unknown state"),
        pytest.param({"basis": "case-0000000000000000"}, NotFoundError, id="no such case"),
        pytest.param(
            {"partners": tuple(Partner("KE", str(n)) for n in range(501))}, RefusedError, id="partners"
        ),
        pytest.param(
            {"marking": Marking(tlp=Tlp.AMBER, cases=frozenset({"case-0"}))}, NotFoundError, id="circle"
        ),
    ],
)
def test_an_operation_that_says_too_little_or_too_much_is_not_put_on_record(
    world: World, about, error
) -> None:
    with pytest.raises(error):
        opened(world, **about)
    assert operations(world.open("police")) == []


def test_what_comes_from_a_case_is_for_nobody_who_may_not_see_the_case(world: World) -> None:
    case = open_case(
        world.open("police", "ann"),
        Case(id="", title="Fox", purpose="p", owner="ann", review_date="2026-03-01", members=("police/ann",)),
    )
    one = open_operation(world.open("police", "ann"), replace(DRAFT, basis="Fox", marking=CLEAR))
    assert one.basis == case.id
    assert operations(world.open("police", "ann")) == [one]
    assert operations(world.open("police", "bob")) == []
    assert operations(world.open("bank")) == []


def test_an_operation_names_the_package_that_it_came_from(world: World) -> None:
    announce(world.open("police"), ["0" * 64], Copy(to=frozenset({"bank"}), title="evil.com"))
    [package] = handed(world.open("bank"))
    one = open_operation(world.open("bank"), replace(DRAFT, basis=package.id[:12]))
    assert one.basis == package.id
    with pytest.raises(NotFoundError):
        open_operation(world.open("vendor"), replace(DRAFT, basis=package.id[:12]))


def test_only_whoever_leads_it_changes_it(world: World) -> None:
    one = opened(world)
    bank = world.open("bank")
    for change in (
        lambda: set_state(bank, one.id, "done"),
        lambda: add_partners(bank, one.id, (Partner("NG"),)),
        lambda: act(bank, one.id, "evil.com", TAKEDOWN),
    ):
        with pytest.raises(RefusedError, match="police's"):
            change()
    assert operations(bank) == [one]


def test_a_record_of_another_organisation_under_the_same_id_changes_nothing(world: World) -> None:
    one = opened(world)
    bank = world.open("bank")
    forged = {"basis": "", "id": one.id, "name": "Forged", "partners": [], "state": "called off"}
    action = {"by": "x", "entity": ["domain-name", "good.com"], "mode": "takedown", "on": "2026-01-01"}
    rows = [
        RecordRow(OPERATION, canonical(forged), CLEAR),
        RecordRow(ACTION, canonical(action | {"operation": one.id}), CLEAR),
    ]
    bank.ledger.append(bank.speaker(), rows)
    mine = next(each for each in operations(world.open("police")) if each.organisation == "police")
    assert mine == one


def test_hidden_operations_and_their_actions_do_not_exist_for_others(world: World) -> None:
    one = opened(world, marking=RED)
    act(world.open("police"), one.id, "evil.com", TAKEDOWN)
    assert operations(world.open("bank")) == []
    told = []
    for name in (one.id, "operation-" + "0" * 16):
        with pytest.raises(NotFoundError) as caught:
            find_operation(world.open("bank"), name)
        told.append((caught.value.reason, caught.value.mend))
    assert told[0] == told[1]


HINT = (entity("domain-name:evil.com"), "indicates", entity("group:fox"))
TO_POLICE = Marking(tlp=Tlp.AMBER, audience=frozenset({"police"}))


@pytest.mark.parametrize(
    ("markings", "seen"),
    [
        pytest.param([TO_POLICE], {"police": 1, "vendor": 1, "bank": 0}, id="told to the police alone"),
        pytest.param([TO_POLICE, CLEAR], {"police": 1, "vendor": 1, "bank": 1}, id="told to all besides"),
        pytest.param([], {"police": 1, "vendor": 1, "bank": 1}, id="known to nobody"),
    ],
)
def test_what_is_done_to_a_target_tells_of_it_whom_the_claims_tell(
    world: World, markings: list[Marking], seen: dict[str, int]
) -> None:
    """An operation in the open would else name to everybody what a partner said to its leader."""
    for number, marking in enumerate(markings):
        world.say("vendor", HINT, marking=marking, path=f"{number}.txt")
    one = opened(world, marking=CLEAR)
    act(world.open("police"), one.id, "evil.com", TAKEDOWN)
    assert {who: len(find_operation(world.open(who), one.id).actions) for who in seen} == seen


def test_a_closed_action_bears_its_label_and_so_does_the_paper_that_shows_it(world: World) -> None:
    world.say("vendor", HINT, marking=TO_POLICE)
    one = opened(world, marking=Marking(tlp=Tlp.GREEN))
    act(world.open("police"), one.id, "evil.com", TAKEDOWN)
    act(world.open("police"), one.id, "other.com", TAKEDOWN)
    seen = find_operation(world.open("police"), one.id)
    assert [action.to_json()["marking"] for action in seen.actions] == ["TLP:AMBER", "TLP:GREEN"]
    assert (seen.label, seen.marking.tlp) == (Tlp.AMBER, Tlp.GREEN)
    assert find_operation(world.open("bank"), one.id).label is Tlp.GREEN


@pytest.mark.parametrize(
    ("target", "mode", "error"),
    [
        pytest.param("evil.com", "takedown", None, id="a domain"),
        pytest.param("person:jane doe", "arrest", None, id="a person"),
        pytest.param("organisation:shell ltd", "sanction", None, id="a company"),
        pytest.param("malware:foxlock", "takedown", RefusedError, id="a malware name"),
        pytest.param("country:ke", "sanction", RefusedError, id="a country"),
        pytest.param("campaign:fox", "takedown", RefusedError, id="a campaign"),
        pytest.param("group:fox", "arrest", RefusedError, id="a group's label"),
        pytest.param("known-list:tranco", "takedown", RefusedError, id="a list"),
        pytest.param("evil.com", "arrest", RefusedError, id="arrest of a domain"),
        pytest.param("person:jane doe", "takedown", RefusedError, id="takedown of a person"),
        pytest.param("person:jane doe", "freeze", RefusedError, id="freeze of a person"),
        pytest.param("evil.com", "nuke", NotValidError, id="an unknown mode"),
    ],
)
def test_only_a_concrete_thing_is_a_target(world: World, target, mode, error) -> None:
    one = opened(world)
    police = world.open("police")
    if error is None:
        assert str(act(police, one.id, target, (mode, "2026-01-05", "x")).actions[0].entity).endswith(
            target.split(":")[-1]
        )
    else:
        with pytest.raises(error):
            act(police, one.id, target, (mode, "2026-01-05", "x"))
        assert operations(police)[0].actions == ()


@pytest.mark.parametrize(
    ("action", "error"),
    [
        pytest.param(("takedown", "soon", "x"), NotValidError, id="no day"),
        pytest.param(("takedown", "2026-01-05", " "), RefusedError, id="nobody who can"),
        pytest.param(("takedown", "2026-01-05", "x" * 201), RefusedError, id="a long name"),
    ],
)
def test_an_action_has_a_day_and_somebody_who_can(world: World, action, error) -> None:
    one = opened(world)
    with pytest.raises(error):
        act(world.open("police"), one.id, "evil.com", action)


def test_an_action_on_an_account_is_sealed_and_read_back(world: World) -> None:
    one = opened(world)
    police = world.open("police")
    act(police, one.id, "user-account:telegram:shop", ("takedown", "2026-01-05", "Telegram"))
    assert operations(police)[0].actions[0].entity == entity("user-account:telegram:shop")
    with police.engine.connect() as connection:
        bodies = b"".join(row[0] for row in connection.exec_driver_sql("SELECT body FROM records"))
    assert b"telegram:shop" not in bodies


@pytest.mark.parametrize(
    ("text", "found"),
    [("KE", ("KE", "")), ("kenya:Police", ("KE", "Police")), ("GH: Cyber  Unit ", ("GH", "Cyber Unit"))],
)
def test_partners_are_read_as_people_write_them(text: str, found: tuple[str, str]) -> None:
    assert partner(text) == found


@pytest.mark.parametrize("text", ["", "ALL", "GH+NG", "Atlantis", ":Police", "KE:" + "x" * 201])
def test_what_is_no_partner_is_refused(text: str) -> None:
    with pytest.raises(NotValidError):
        partner(text)
