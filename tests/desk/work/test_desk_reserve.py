"""Reservations: who may make and end them, how targets are named, what others can tell, what an erasure takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity
from erase_world import PERSON, WHY

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.people.staff import appoint, depart, invite, join
from chokepoint.desk.work.case import Case, close_case, open_case, set_members
from chokepoint.desk.work.reserve import MOST, deconflict, reserve, taken
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from desk_world import World

SHOP, HOST = entity("domain-name:a.cc"), entity("ipv4-addr:203.0.113.7")
AMBER, GREEN = Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.GREEN)


def a_case(world: World, member: str = "bank", title: str = "Shops", **about: object) -> Case:
    said = {"owner": "ann", "review_date": "2026-12-01", "marking": RED, **about}
    return open_case(world.open(member), Case(id="", title=title, purpose="to stop them", **said))  # type: ignore[arg-type]


def hired(world: World, member: str, user: str, role: Role) -> None:
    join(world.open(member, user), invite(world.open(member), user, [role]))


def carol(world: World) -> None:
    """The vendor's Carol is a coordinator of the coalition."""
    hired(world, "vendor", "carol", Role.INVESTIGATOR)
    appoint(world.open("bank"), "vendor/carol", Role.COORDINATOR)


def told(world: World) -> list[tuple[str, str]]:
    """What the coordinator reads: whose, and what."""
    return [(one.organisation, str(one.entity)) for one in deconflict(world.open("vendor", "carol"))]


# who may


@pytest.mark.parametrize(
    ("role", "what", "mend"),
    [
        pytest.param(
            Role.VETTER, "put claims, notes and cases on record", "ask an administrator", id="a vetter"
        ),
        pytest.param(Role.ADMINISTRATOR, "look at the map", "an administrator gives", id="an administrator"),
    ],
)
@pytest.mark.parametrize("held", [True, False], ids=["reserve", "release"])
def test_who_may_not_speak_reserves_and_releases_nothing(
    world: World, role: Role, what: str, mend: str, *, held: bool
) -> None:
    case = a_case(world)
    reserve(world.open("bank"), case.id, [str(HOST)])
    hired(world, "bank", "vera", role)
    with pytest.raises(RefusedError, match=f"bank/vera may not {what}") as caught:
        reserve(world.open("bank", "vera"), case.id, [str(SHOP if held else HOST)], held=held)
    assert caught.value.mend.startswith(mend)
    assert taken(world.open("police")) == {HOST}


def test_an_investigator_reserves_for_the_case_of_the_organisation(world: World) -> None:
    case = a_case(world)
    hired(world, "bank", "ines", Role.INVESTIGATOR)
    assert reserve(world.open("bank", "ines"), case.id, [str(SHOP)]) == (SHOP,)
    assert taken(world.open("police")) == {SHOP}
    assert taken(world.open("bank")) == frozenset()


def test_nobody_else_gives_free_what_a_case_holds(world: World) -> None:
    case = a_case(world, members=("bank", "police"), marking=AMBER)
    reserve(world.open("bank"), case.id, [str(SHOP)])
    with pytest.raises(RefusedError, match="only its own organisation") as caught:
        reserve(world.open("police"), case.id, [str(SHOP)], held=False)
    assert caught.value.place == case.id
    assert taken(world.open("vendor")) == {SHOP}


def test_giving_free_in_ones_own_case_leaves_anothers_reservation(world: World) -> None:
    reserve(world.open("bank"), a_case(world).id, [str(SHOP)])
    own = a_case(world, "police")
    reserve(world.open("police"), own.id, [str(SHOP)], held=False)
    assert taken(world.open("vendor")) == {SHOP}


def test_a_hidden_case_and_none_give_the_same_error(world: World) -> None:
    hidden = a_case(world).id
    errors = []
    for name in (hidden, "case-" + "0" * 16):
        with pytest.raises(NotFoundError) as caught:
            reserve(world.open("police"), name, [str(SHOP)])
        assert caught.value.place == name
        errors.append((caught.value.reason, caught.value.mend))
    assert errors[0] == errors[1] == ("no such case", "`chokepoint case list` shows them")


def test_a_member_that_was_put_out_reserves_nothing(world: World) -> None:
    case = a_case(world, "police")
    depart(world.open("bank"), "police", "closed down")
    with pytest.raises(NotFoundError, match="no such case"):
        reserve(world.open("police"), case.id, [str(SHOP)])
    assert taken(world.open("bank")) == frozenset()


# what is named


def test_a_case_is_named_by_title_id_or_its_beginning(world: World) -> None:
    case = a_case(world, title="Fake Shops")
    for name, target in (("fake shops", SHOP), (case.id, HOST), (case.id[5:13], PERSON)):
        assert reserve(world.open("bank"), name, [str(target)]) == (target,)
    assert taken(world.open("police")) == {SHOP, HOST, PERSON}


def test_a_target_is_named_as_people_write_it(world: World) -> None:
    found = reserve(world.open("bank"), a_case(world).id, ["A[.]CC", "203[.]0[.]113[.]7"])
    assert found == (SHOP, HOST)
    assert taken(world.open("police")) == {SHOP, HOST}


@pytest.mark.parametrize("words", ["???", ""], ids=["signs", "nothing"])
def test_one_name_that_is_none_reserves_none_of_the_others(world: World, words: str) -> None:
    case = a_case(world)
    with pytest.raises(NotFoundError) as caught:
        reserve(world.open("bank"), case.id, [str(SHOP), words])
    assert (caught.value.place, caught.value.mend) == (words, "write kind:value")
    assert taken(world.open("police")) == frozenset()


def test_a_number_of_targets_that_is_refused_is_named_with_the_limit(world: World) -> None:
    case = a_case(world)
    with pytest.raises(RefusedError) as caught:
        reserve(world.open("bank"), case.id, [])
    assert caught.value.explain() == f"{case.id}: 0 targets. Mend: name 1 to {MOST:,} at once"


# twice, and the other way round


def test_the_same_reservation_twice_is_one_and_one_release_ends_it(world: World) -> None:
    carol(world)
    case = a_case(world)
    for _ in range(2):
        reserve(world.open("bank"), case.id, [str(SHOP), str(SHOP)])
    assert told(world) == [("bank", str(SHOP))]
    reserve(world.open("bank"), case.id, [str(SHOP)], held=False)
    assert told(world) == []
    assert taken(world.open("police")) == frozenset()


def test_giving_free_what_was_never_held_changes_nothing_and_twice_neither(world: World) -> None:
    case = a_case(world)
    reserve(world.open("bank"), case.id, [str(HOST)])
    for _ in range(2):
        reserve(world.open("bank"), case.id, [str(SHOP)], held=False)
    assert taken(world.open("police")) == {HOST}


def test_what_was_given_free_can_be_held_again(world: World) -> None:
    case = a_case(world)
    for held in (True, False, True):
        reserve(world.open("bank"), case.id, [str(SHOP)], held=held)
    assert taken(world.open("police")) == {SHOP}


def test_a_closed_case_holds_nothing_and_gives_nothing_free(world: World) -> None:
    case = a_case(world)
    reserve(world.open("bank"), case.id, [str(SHOP)])
    close_case(world.open("bank"), case.id, "done")
    assert taken(world.open("police")) == frozenset()
    with pytest.raises(RefusedError) as caught:
        reserve(world.open("bank"), case.id, [str(SHOP)], held=False)
    assert caught.value.place == case.id


# what others see


def test_both_organisations_that_want_a_target_pass_over_it(world: World) -> None:
    carol(world)
    for member in ("bank", "police"):
        reserve(world.open(member), a_case(world, member).id, [str(SHOP)])
    assert taken(world.open("bank")) == taken(world.open("police")) == {SHOP}
    assert told(world) == [("bank", str(SHOP)), ("police", str(SHOP))]


def test_who_comes_into_the_case_has_its_targets_and_who_goes_loses_them(world: World) -> None:
    case = a_case(world, members=("bank",))
    reserve(world.open("bank"), case.id, [str(SHOP)])
    set_members(world.open("bank"), case.id, add=["police"])
    assert taken(world.open("police")) == frozenset()
    set_members(world.open("bank"), case.id, remove=["police"])
    assert taken(world.open("police")) == {SHOP}


@pytest.mark.parametrize(
    ("marking", "seen"), [(RED, 0), (AMBER, 0), (GREEN, 1)], ids=["red", "amber", "green"]
)
def test_the_record_of_a_reservation_is_as_closed_as_its_case(
    world: World, marking: Marking, seen: int
) -> None:
    reserve(world.open("bank"), a_case(world, marking=marking).id, [str(SHOP)])
    reader = world.open("police").reader
    with reader.connect() as connection:
        assert len(list(reader.records(connection, "reservation/1"))) == seen
    assert taken(world.open("police")) == {SHOP}


def test_a_coordinator_that_is_recalled_is_told_nothing_any_more(world: World) -> None:
    carol(world)
    reserve(world.open("bank"), a_case(world).id, [str(SHOP)])
    assert told(world) == [("bank", str(SHOP))]
    appoint(world.open("bank"), "vendor/carol", Role.COORDINATOR, held=False)
    assert told(world) == []


def test_a_name_that_is_like_a_coordinators_is_told_nothing(world: World) -> None:
    carol(world)
    reserve(world.open("bank"), a_case(world).id, [str(SHOP)])
    for member, user in (("police", "carol"), ("vendor", "Carol"), ("vendor", "")):
        assert deconflict(world.open(member, user)) == ()


# what an erasure takes


def test_an_erased_target_is_reserved_no_more_and_named_to_nobody(world: World) -> None:
    carol(world)
    case = a_case(world)
    reserve(world.open("bank"), case.id, [str(PERSON)])
    reserve(world.open("bank"), case.id, [str(SHOP)])
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    assert taken(world.open("police")) == {SHOP}
    assert told(world) == [("bank", str(SHOP))]


def test_an_erasure_frees_nothing_that_was_reserved_in_the_same_breath(world: World) -> None:
    case = a_case(world)
    reserve(world.open("bank"), case.id, [str(PERSON), str(SHOP), str(HOST)])
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    assert taken(world.open("police")) == {SHOP, HOST}


def test_an_erasure_holds_nothing_again_that_was_given_free_in_the_same_breath(world: World) -> None:
    case = a_case(world)
    reserve(world.open("bank"), case.id, [str(SHOP), str(PERSON)])
    reserve(world.open("bank"), case.id, [str(PERSON), str(SHOP)], held=False)
    reserve(world.open("bank"), case.id, [str(HOST)])
    for atlas in world.opened:
        atlas.engine.dispose()
    erase(world.open("bank"), PERSON, **WHY)
    assert taken(world.open("police")) == {HOST}


@pytest.mark.parametrize(
    ("closed", "mend"),
    [(False, "ask the organisation whose case it is"), (True, "open a new case for it")],
    ids=["anothers", "closed"],
)
def test_a_refusal_says_what_can_be_done_instead(world: World, *, closed: bool, mend: str) -> None:
    case = a_case(world, members=("bank", "police"), marking=AMBER)
    if closed:
        close_case(world.open("bank"), case.id, "done")
    with pytest.raises(RefusedError) as caught:
        reserve(world.open("bank" if closed else "police"), case.id, [str(SHOP)])
    assert caught.value.mend == mend


def test_a_target_that_is_named_twice_is_told_once(world: World) -> None:
    case = a_case(world)
    assert reserve(world.open("bank"), case.id, ["a.cc", "A.cc", "domain-name:a.cc"]) == (SHOP,)
