"""Roundabout attempts to vet one's own: by who comes back, by a house that leaves, by words respelt, by copies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import depart, invite, join, let_go
from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL, GANG = entity("domain-name:evil.com"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)
OWN = "their own"
MOVED = "at another organisation"


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank (founder), police, vendor, ngo, exchange."""
    for name in ("ngo", "exchange"):
        world.join(name)
    return world


def said(world: World, who: str = "vendor", what: Any = SAID, **about: object) -> list[str]:
    """Record ids of what somebody, as ORG or ORG/USER, records."""
    name, _, user = who.partition("/")
    with pytest.MonkeyPatch.context() as patch:
        opened = world.open
        patch.setattr(world, "open", lambda organisation: opened(organisation, user))
        seqs = world.say(name, what, **about)
    return world.ids(name, seqs)


def confirm(world: World, ids: list[str], who: str, word: Vote = Vote.CONFIRM) -> None:
    name, _, user = who.partition("/")
    vote(world.open(name, user), ids, word, "looked")


def support(world: World) -> tuple[int, Verdict]:
    """How the statement stands for somebody who has looked and cannot tell, and so sees the votes."""
    confirm(
        world,
        [one.stored.id for one in show(world.open("exchange"), "evil.com").evidence],
        "exchange",
        Vote.UNSURE,
    )
    [standing] = {one.standing for one in show(world.open("exchange"), "evil.com").evidence}
    return standing.confirmations, standing.verdict


def hired(world: World, who: str, *roles: Role) -> None:
    name, _, user = who.partition("/")
    join(world.open(name, user), invite(world.open(name), user, roles or (Role.VETTER, Role.INVESTIGATOR)))


@pytest.mark.parametrize("back", ["ann", "Ann"])
def test_whom_their_former_house_takes_back_vets_nowhere_what_they_wrote_there(
    wide: World, back: str
) -> None:
    hired(wide, "vendor/ann")
    ids = said(wide, "vendor/ann")
    let_go(wide.open("vendor"), "ann")
    hired(wide, "police/ann")
    hired(wide, f"vendor/{back}")
    with pytest.raises(RefusedError, match=OWN):
        confirm(wide, ids, "police/ann")


@pytest.mark.parametrize("back", ["ann", "Ann"])
def test_whom_their_former_house_takes_back_has_no_second_voice_elsewhere(wide: World, back: str) -> None:
    ids = said(wide)
    hired(wide, "bank/ann")
    confirm(wide, ids, "bank/ann")
    let_go(wide.open("bank"), "ann")
    hired(wide, "police/ann")
    hired(wide, f"bank/{back}")
    with pytest.raises(RefusedError, match=MOVED):
        confirm(wide, ids, "police/ann")


def test_who_worked_for_a_house_that_left_vets_nothing_that_they_wrote_there(wide: World) -> None:
    hired(wide, "vendor/ann")
    ids = said(wide, "vendor/ann")
    depart(wide.open("vendor"), "vendor", "merged")
    hired(wide, "police/ann")
    with pytest.raises(RefusedError, match=OWN):
        confirm(wide, ids, "police/ann")


def test_who_voted_for_a_house_that_left_has_no_second_voice(wide: World) -> None:
    ids = said(wide)
    hired(wide, "ngo/ann")
    confirm(wide, ids, "ngo/ann")
    depart(wide.open("ngo"), "ngo", "merged")
    hired(wide, "police/ann")
    with pytest.raises(RefusedError, match=MOVED):
        confirm(wide, ids, "police/ann")


def test_who_never_was_registered_and_voted_for_a_house_that_left_has_no_second_voice(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "ngo/ann")
    depart(wide.open("ngo"), "ngo", "merged")
    with pytest.raises(RefusedError, match=MOVED):
        confirm(wide, ids, "police/ann")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("COPPER LANTERN", id="capitals"),
        pytest.param("copper  lantern", id="spaces"),
        pytest.param("Copper Lantern\u200b", id="nothing to see"),
        pytest.param("Copper Lantern.", id="a point"),
        pytest.param("Сopper Lantern", id="a Cyrillic letter"),
    ],
)
def test_a_text_that_another_spells_otherwise_stays_ones_own(wide: World, written: str) -> None:
    said(wide, "vendor", (EVIL, "alias", "Copper Lantern"))
    copy = said(wide, "ngo", (EVIL, "alias", written), path="copy")
    with pytest.raises(RefusedError, match=OWN):
        confirm(wide, copy, "vendor")
    confirm(wide, copy, "police")


@pytest.mark.parametrize(
    ("own", "other"),
    [
        pytest.param("version 1.5", "version 15", id="numbers"),
        pytest.param("!!!", "???", id="signs alone"),
        pytest.param("Copper Lantern", "Copper Lanterns", id="one letter more"),
    ],
)
def test_a_text_that_says_something_else_may_be_vetted(wide: World, own: str, other: str) -> None:
    said(wide, "vendor", (EVIL, "alias", own))
    confirm(wide, said(wide, "ngo", (EVIL, "alias", other), path="copy"), "vendor")


def tie(world: World, name: str, **ties: str) -> None:
    given = {field: frozenset({value}) for field, value in ties.items()}
    update(world.open("bank"), name, lambda known: replace(known, **given))


def through_a_feed(world: World) -> None:
    """The police draw on the NGO, which draws on what the vendor draws on."""
    tie(world, "police", feeds="ngo")
    tie(world, "ngo", feeds="Upstream")
    tie(world, "vendor", feeds="Upstream")


def through_a_daughter(world: World) -> None:
    tie(world, "ngo", parents="vendor")
    tie(world, "police", feeds="ngo")


def by_the_daughters_feed(world: World) -> None:
    """The police's daughter draws on the vendor, so that the police do."""
    tie(world, "ngo", parents="police", feeds="vendor")


def from_ones_own_feed(world: World) -> None:
    """What the vendor says it has of the police's list."""
    tie(world, "vendor", feeds="police list")
    tie(world, "police", origins="Police List Ltd.")


@pytest.mark.parametrize(
    "way", [through_a_feed, through_a_daughter, by_the_daughters_feed, from_ones_own_feed]
)
def test_no_feed_at_second_hand_lets_somebody_vet_their_own(wide: World, way) -> None:
    ids = said(wide)
    confirm(wide, ids, "police")
    assert support(wide)[0] == 1
    way(wide)
    assert support(wide)[0] == 0
    confirm(wide, ids, "bank")
    assert support(wide)[0] == 1


def test_a_feed_that_another_branch_draws_on_ties_nobody_else(wide: World) -> None:
    tie(wide, "ngo", feeds="Upstream")
    tie(wide, "police", feeds="Elsewhere")
    ids = said(wide)
    for who in ("police", "ngo"):
        confirm(wide, ids, who)
    assert support(wide) == (2, Verdict.ACCEPTED)
