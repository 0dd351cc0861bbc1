"""Members described and listed; who may say what of whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chokepoint.desk.member import everybody, one, strangers, to_json, update
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.member import Capability, Member, Mode, Sector

if TYPE_CHECKING:
    from desk_world import World

ACME = frozenset({"Acme"})


def records(world: World) -> int:
    with world.open("bank").engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


def test_a_member_describes_itself_and_all_see_it(world: World) -> None:
    told = update(
        world.open("police"),
        "police",
        lambda known: replace(known, sector=Sector.LAW_ENFORCEMENT, country="ch"),
    )
    assert told.kept == ()
    assert one(world.open("vendor"), "police") == told.member
    assert told.member.sector is Sector.LAW_ENFORCEMENT


def test_the_founder_describes_any_member(world: World) -> None:
    update(world.open("bank"), "vendor", lambda known: replace(known, parents=ACME))
    assert one(world.open("vendor"), "vendor").parents == ACME


@pytest.mark.parametrize("author", ["police", "vendor"])
def test_others_do_not_describe_a_member(world: World, author: str) -> None:
    before = records(world)
    with pytest.raises(RefusedError) as caught:
        update(world.open(author), "bank", lambda known: replace(known, parents=ACME))
    assert caught.value.mend
    assert records(world) == before


def test_a_member_that_lifts_its_own_tie_is_told_that_it_stays(world: World) -> None:
    update(world.open("police"), "police", lambda known: replace(known, parents=ACME, sector=Sector.NGO))
    told = update(
        world.open("police"), "police", lambda known: replace(known, parents=frozenset(), sector=Sector.BANK)
    )
    assert told.kept == ("sector", "parents")
    assert told.member.parents == ACME


def test_the_founder_lifts_a_tie_of_another(world: World) -> None:
    update(world.open("police"), "police", lambda known: replace(known, parents=ACME))
    told = update(world.open("bank"), "police", lambda known: replace(known, parents=frozenset()))
    assert told.kept == ()
    assert one(world.open("police"), "police").parents == frozenset()


def test_saying_the_same_again_writes_nothing(world: World) -> None:
    update(world.open("police"), "police", lambda known: replace(known, country="ch"))
    before = records(world)
    update(world.open("police"), "police", lambda known: replace(known, country="ch"))
    assert records(world) == before


def test_a_member_cannot_be_renamed(world: World) -> None:
    update(world.open("police"), "police", lambda known: replace(known, name="bank", country="ch"))
    assert one(world.open("bank"), "police").country == "ch"
    assert one(world.open("bank"), "bank").country == ""


def test_nobody_of_that_name_is_an_answer_with_a_mend(world: World) -> None:
    with pytest.raises(NotFoundError) as caught:
        update(world.open("bank"), "nobody", lambda known: known)
    assert "member list" in caught.value.mend


def test_a_new_member_has_nothing_said_of_it(world: World) -> None:
    assert everybody(world.open("bank")) == {name: Member(name=name) for name in ("bank", "police", "vendor")}


def test_the_json_of_a_member_is_sorted_words() -> None:
    levers = frozenset({Capability(Mode.SEIZURE), Capability(Mode.FREEZE, "crypto-address")})
    told = to_json(Member(name="x", sector=Sector.BANK, capabilities=levers, feeds=frozenset({"b", "a"})))
    assert told["capabilities"] == ["freeze:crypto-address", "seizure"]
    assert (told["name"], told["sector"], told["feeds"]) == ("x", "bank", ["a", "b"])


@pytest.mark.parametrize(
    ("names", "unknown"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param(["bank", "police/ann"], [], id="members and their people"),
        pytest.param(["polise", "bank"], ["polise"], id="a slip of the pen"),
        pytest.param(["polise/ann"], ["polise/ann"], id="a person of no member"),
        pytest.param(["Bank"], ["Bank"], id="another case is another name"),
        pytest.param(["group:7f1e", "group:"], [], id="sharing groups, which not all may know"),
        pytest.param(["z", "a"], ["a", "z"], id="in one order"),
    ],
)
def test_recipients_that_are_no_members_are_found(world: World, names: list[str], unknown: list[str]) -> None:
    assert strangers(world.open("vendor"), names) == unknown
