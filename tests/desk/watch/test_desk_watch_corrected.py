"""Who saw something before it was recalled is told, an overseer sees who was, and nobody learns anything else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import export
from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import appoint
from chokepoint.desk.vetting.review import recall
from chokepoint.desk.watch import corrected as module
from chokepoint.desk.watch.access import looks
from chokepoint.desk.watch.corrected import VERB, Correction, corrections
from chokepoint.desk.watch.oversight import held_on
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.package.redact import WITHHELD
from chokepoint.store.base import RECALL, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

SITE, GANG, JANE = entity("domain-name:evil.com"), entity("group:bad gang"), entity("person:jane doe")
DAYS = [f"2026-03-0{day}T10:00:00.000Z" for day in range(1, 8)]
WHY = "the list named the wrong site"


def at(world: World, day: int) -> World:
    world.clock = DAYS[day]
    return world


def had(found: list[Correction]) -> list[tuple[str, str, str]]:
    return [(one.who, one.verb, one.told) for each in found for one in each.had]


@pytest.fixture
def said(world: World) -> tuple[World, str]:
    """A claim of the bank's of the first day; an overseer of the vendor's."""
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    [name] = world.ids("bank", at(world, 0).say("bank", (SITE, "indicates", GANG)))
    return world, name


def corrected(world: World, name: str, day: int = 3) -> None:
    recall(at(world, day).open("bank"), [name], WHY)


def test_who_looked_before_is_told_what_when_by_whom_and_why(said) -> None:
    world, name = said
    show(at(world, 1).open("police"), "evil.com")
    corrected(world, name)
    [one] = corrections(at(world, 4).open("police"))
    assert (one.record, one.subject, one.property, one.object) == (name, SITE, "indicates", GANG)
    assert (one.at, one.by, one.reason) == (DAYS[3], "bank", WHY)
    assert [(each.who, each.verb, each.at) for each in one.had] == [("police", "show", DAYS[1])]


@pytest.mark.parametrize("day", [4, 5])
def test_who_looked_only_after_the_recall_had_nothing_wrong(said, day: int) -> None:
    world, name = said
    corrected(world, name)
    show(at(world, day).open("police"), "evil.com")
    assert corrections(at(world, 6).open("police")) == []


def test_who_looked_before_there_was_the_claim_never_had_it(world: World) -> None:
    at(world, 0).say("police", (SITE, "alias", "another"))
    show(at(world, 1).open("police"), "evil.com")
    [name] = world.ids("bank", at(world, 2).say("bank", (SITE, "indicates", GANG), path="b.txt"))
    corrected(world, name)
    assert corrections(at(world, 4).open("police")) == []


def test_who_looked_at_something_else_is_told_nothing(said) -> None:
    world, name = said
    at(world, 0).say("bank", (entity("domain-name:other.com"), "alias", "x"), path="c.txt")
    show(at(world, 1).open("police"), "other.com")
    corrected(world, name)
    assert corrections(at(world, 4).open("police")) == []


def test_who_exported_it_is_told_though_they_looked_at_nothing(said) -> None:
    world, name = said
    export(at(world, 1).open("police"), "csv", io.BytesIO())
    corrected(world, name)
    assert had(corrections(at(world, 4).open("police"))) == [("police", "export", "")]


def test_an_export_without_the_claim_is_none_of_it(said) -> None:
    world, name = said
    at(world, 0).say("bank", (entity("domain-name:other.com"), "alias", "x"), path="c.txt")
    export(at(world, 1).open("police"), "csv", io.BytesIO(), target="other.com")
    corrected(world, name)
    assert corrections(at(world, 4).open("police")) == []


def test_what_is_said_instead_is_named(said) -> None:
    world, name = said
    show(at(world, 1).open("police"), "evil.com")
    corrected(world, name)
    new = world.ids("bank", world.say("bank", (SITE, "indicates", entity("group:good gang")), path="n.txt"))
    [one] = corrections(at(world, 4).open("police"))
    assert one.instead == tuple(new)


def test_an_overseer_sees_who_was_told_and_who_is_still_to_be(said) -> None:
    world, name = said
    show(at(world, 1).open("police"), "evil.com")
    show(at(world, 1).open("vendor", "vic"), "evil.com")
    corrected(world, name)
    corrections(at(world, 4).open("police"))
    found = had(corrections(at(world, 5).open("vendor", "olga")))
    assert found == [("police", "show", DAYS[4]), ("vendor/vic", "show", "")]


def test_a_look_for_corrections_before_the_recall_told_nobody(said) -> None:
    world, name = said
    show(at(world, 1).open("police"), "evil.com")
    corrections(at(world, 2).open("police"))
    corrected(world, name)
    assert had(corrections(at(world, 5).open("vendor", "olga"))) == [("police", "show", "")]


def test_nobody_else_sees_whom_it_reached(said) -> None:
    world, name = said
    for who in ("police", "vendor"):
        show(at(world, 1).open(who), "evil.com")
    corrected(world, name)
    for who in ("police", "vendor"):
        assert {one[0] for one in had(corrections(at(world, 4).open(who)))} == {who}


def test_what_is_hidden_now_is_corrected_to_nobody(world: World) -> None:
    """The police looked at evil.com; what the bank keeps under RED and recalls tells them nothing."""
    at(world, 0).say("police", (SITE, "alias", "another"))
    [name] = world.ids(
        "bank", world.say("bank", (SITE, "indicates", GANG), marking=Marking(tlp=Tlp.RED), path="r")
    )
    show(at(world, 1).open("police"), "evil.com")
    corrected(world, name)
    assert corrections(at(world, 4).open("police")) == []


def test_a_private_person_stays_minimised_in_it(world: World) -> None:
    [name] = world.ids("bank", at(world, 0).say("bank", (SITE, "contact", JANE)))
    show(at(world, 1).open("police"), "evil.com")
    recall(at(world, 3).open("bank"), [name], "it was not Jane Doe but somebody of that street")
    [one] = corrections(at(world, 4).open("police"))
    assert "jane" not in str(one.to_json()).lower()
    assert one.reason == WITHHELD or "Person" in one.reason


def test_a_word_of_somebody_else_on_the_claim_hides_no_correction(said) -> None:
    world, name = said
    show(at(world, 1).open("police"), "evil.com")
    corrected(world, name)
    vendor = at(world, 4).open("vendor")
    row = RecordRow(RECALL, canonical({"claims": [name], "reason": "forged"}), Marking())
    vendor.ledger.append(vendor.speaker(), [row])
    [one] = corrections(at(world, 5).open("police"))
    assert (one.by, one.reason, one.at) == ("bank", WHY, DAYS[3])


def test_of_many_looks_each_claim_names_those_at_it_and_the_last_of_each(said) -> None:
    world, name = said
    [other] = world.ids(
        "bank", world.say("bank", (entity("domain-name:other.com"), "indicates", GANG), path="p")
    )
    for day, text in ((1, "evil.com"), (1, "other.com"), (2, "evil.com"), (2, "nothing.com")):
        show(at(world, day).open("police"), text)
    export(world.open("vendor"), "csv", io.BytesIO(), target="other.com")
    recall(at(world, 3).open("bank"), [name, other], WHY)
    told = {one.record: one.had for one in corrections(at(world, 4).open("vendor", "olga"))}
    assert [(each.who, each.verb, each.at) for each in told[name]] == [("police", "show", DAYS[2])]
    assert [(each.who, each.verb, each.at) for each in told[other]] == [
        ("police", "show", DAYS[1]),
        ("vendor", "export", DAYS[2]),
    ]


def test_that_somebody_asked_stands_in_the_log(said) -> None:
    world, _ = said
    corrections(at(world, 2).open("police"))
    olga: Atlas = world.open("vendor", "olga")
    assert held_on(olga, SITE).looks == ()
    from chokepoint.desk.personal.looks import log  # noqa: PLC0415 - here alone

    assert [(one.who, one.entry.verb) for one in log(olga, who="police")] == [("police", VERB)]


def test_where_nothing_was_recalled_nobody_reads_the_log(said, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = said
    show(at(world, 1).open("police"), "evil.com")
    monkeypatch.setattr(module, "looks", unread)
    assert corrections(at(world, 4).open("police")) == []
    assert VERB in [one.entry.verb for one in looks(world.open("police"))]


def unread(*_: object, **__: object) -> None:
    raise AssertionError


@pytest.mark.parametrize(("day", "verbs"), [(0, [1, 2, 3]), (2, [2, 3]), (3, [3]), (4, [])])
def test_looks_are_read_from_a_moment_on_that_moment_included(said, day: int, verbs: list[int]) -> None:
    world, _ = said
    for seen in (1, 2, 3):
        show(at(world, seen).open("police"), "evil.com")
        list(looks(world.open("police")))  # what was looked at is on record now
    found = looks(at(world, 5).open("police"), since=DAYS[day])
    assert [one.entry.at for one in found] == [DAYS[one] for one in verbs]
