"""Members described and listed; who may say what of whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chokepoint.desk.member import everybody, one, strangers, terms, to_json, update
from chokepoint.desk.people.staff import depart, may
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.member import Capability, Member, Mode, Sector
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import DEPARTURE

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


def test_the_founder_alone_lifts_no_tie_of_another_and_both_do(world: World) -> None:
    update(world.open("police"), "police", lambda known: replace(known, parents=ACME))
    told = update(world.open("bank"), "police", lambda known: replace(known, parents=frozenset()))
    assert told.kept == ("parents",)
    assert one(world.open("police"), "police").parents == ACME
    told = update(world.open("police"), "police", lambda known: replace(known, parents=frozenset()))
    assert told.kept == ()
    assert one(world.open("vendor"), "police").parents == frozenset()


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


class TestTerms:
    """Since when who is a member, and until when."""

    def test_all_members_have_joined_and_none_has_left(self, world: World) -> None:
        told = terms(world.open("vendor"))
        assert list(told) == list(everybody(world.open("vendor")))
        assert all(term.joined and not term.left and not term.reason for term in told.values())

    def test_whoever_leaves_is_told_with_the_moment_and_the_reason(self, world: World) -> None:
        world.clock = "2026-03-04T05:06:07.000Z"
        depart(world.open("vendor"), "vendor", "we closed")
        told = terms(world.open("bank"))
        assert (told["vendor"].left, told["vendor"].reason) == (world.clock, "we closed")
        assert told["police"].left == ""

    def test_when_it_joined_stays_when_it_leaves(self, world: World) -> None:
        before = terms(world.open("bank"))["vendor"].joined
        world.clock = "2026-03-04T05:06:07.000Z"
        depart(world.open("bank"), "vendor", "put out")
        assert terms(world.open("bank"))["vendor"].joined == before

    def test_the_newest_departure_counts(self, world: World) -> None:
        for moment, left in (("04", True), ("05", False), ("06", True)):
            world.clock = f"2026-03-{moment}T00:00:00.000Z"
            depart(world.open("bank"), "vendor", f"word of day {moment}", left=left)
        told = terms(world.open("bank"))["vendor"]
        assert (told.left, told.reason) == ("2026-03-06T00:00:00.000Z", "word of day 06")

    def test_who_was_readmitted_has_neither_a_day_nor_a_reason(self, world: World) -> None:
        depart(world.open("bank"), "vendor", "put out")
        depart(world.open("bank"), "vendor", "let in", left=False)
        told = terms(world.open("bank"))["vendor"]
        assert (told.left, told.reason) == ("", "")

    @pytest.mark.parametrize(
        ("by", "of", "left"),
        [
            pytest.param("police", "vendor", True, id="another member"),
            pytest.param("vendor", "bank", True, id="of the founder"),
            pytest.param("bank", "bank", True, id="the founder of itself"),
            pytest.param("vendor", "nobody", True, id="of a stranger"),
        ],
    )
    def test_a_departure_by_who_may_not_say_so_counts_for_nothing(
        self, world: World, by: str, of: str, left: bool
    ) -> None:
        atlas = world.open(by)
        said = canonical({"left": left, "organisation": of, "reason": "forged"})
        atlas.ledger.append(atlas.speaker(), [RecordRow(DEPARTURE, said, Marking(tlp=Tlp.GREEN))])
        assert not any(term.left for term in terms(world.open("bank")).values())

    def test_a_member_that_joins_later_stands_last(self, world: World) -> None:
        world.join("charity")
        assert list(terms(world.open("bank")))[-1] == "charity"

    def test_terms_and_rights_agree(self, world: World) -> None:
        depart(world.open("bank"), "police", "put out")
        told = terms(world.open("bank"))
        for name in told:
            assert bool(told[name].left) == (not may(world.open(name)))
