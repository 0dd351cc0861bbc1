"""Further attempts to have one's own word count as somebody else's, each by one who knows the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.vetting.draw import draw
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import Besides, recall, vote
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store.ballots import MIRRORED

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL, GANG, TWIN = entity("domain-name:evil.com"), entity("malware:gang"), entity("domain-name:evil.org")
SHELLS = ("shell one", "shell two", "shell three")
DAY, LATER = "2026-02-10", "2026-03-01T04:05:06.000Z"


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Bank, police, vendor, ngo, exchange, and three shells that belong to the vendor."""
    for name in ("ngo", "exchange", *SHELLS):
        world.join(name)
    for name in SHELLS:
        update(world.open("bank"), name, lambda known: replace(known, parents=frozenset({"vendor"})))
    return world


def said(world: World, who: str = "vendor", **about: object) -> list[str]:
    return world.ids(who, world.say(who, (EVIL, "indicates", GANG), **about))


def confirm(world: World, ids: list[str], *members: str, **besides: object) -> None:
    for name in members:
        vote(world.open(name), ids, Vote.CONFIRM, "seen", besides=Besides(**besides))  # type: ignore[arg-type]


def stands(world: World, ids: list[str], who: str = "ngo") -> tuple[int, Verdict]:
    """Confirmations and verdict as somebody sees them who has voted that it cannot tell."""
    vote(world.open(who), ids, Vote.UNSURE, "cannot tell")
    standing = next(
        one.standing for one in show(world.open(who), "evil.com").evidence if one.stored.id == ids[0]
    )
    return standing.confirmations, standing.verdict


@pytest.mark.parametrize("name", ["group:desk", "case:one", "staff:vendor", "role:overseer"])
def test_no_circle_can_join_and_vote(wide: World, name: str) -> None:
    """A sharing group is seen by its members; it is none itself."""
    with pytest.raises(NotValidError):
        wide.join(name)


def test_ones_shells_do_not_answer_a_dispute_of_ones_own_claim(wide: World) -> None:
    """Three who have read it must be three independent of the contributor."""
    ids = said(wide)
    confirm(wide, ids, "bank", "exchange")
    vote(wide.open("police"), ids, Vote.DISPUTE, "a shop")
    confirm(wide, ids, *SHELLS)
    confirm(wide, ids, *SHELLS, despite=True)
    assert stands(wide, ids) == (2, Verdict.DISPUTED)


def test_what_has_lapsed_is_not_renewed_by_the_contributor_or_its_shells(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "bank", "police", until=DAY)
    wide.clock = LATER
    with pytest.raises(RefusedError, match="their own"):
        confirm(wide, ids, "vendor")
    confirm(wide, ids, *SHELLS)
    assert stands(wide, ids)[1] is Verdict.EXPIRED


def test_votes_under_a_closed_marking_accept_nothing_for_those_to_whom_it_is_opened(wide: World) -> None:
    """Two friends confirm under RED; whoever sees the claim later sees no vote of theirs."""
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"vendor", "bank", "police"}))
    ids = said(wide, marking=closed)
    confirm(wide, ids, "bank", "police")
    remark(wide.open("vendor"), ids, Marking(tlp=Tlp.GREEN), reason="open now")
    assert stands(wide, ids) == (0, Verdict.PROPOSED)


def test_confirmations_of_what_was_recalled_do_not_pass_to_what_is_said_in_its_stead(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "bank", "police")
    recall(wide.open("vendor"), ids, "with a new grade")
    again = said(wide, path="again.txt", grade="A1")
    assert stands(wide, again) == (0, Verdict.PROPOSED)


@pytest.mark.parametrize("name", MIRRORED)
def test_the_same_said_the_other_way_round_is_ones_own_too(wide: World, name: str) -> None:
    wide.say("vendor", (EVIL, name, TWIN))
    mirrored = wide.ids("ngo", wide.say("ngo", (TWIN, name, EVIL), path="copy.txt"))
    with pytest.raises(RefusedError, match="their own"):
        confirm(wide, mirrored, "vendor")
    confirm(wide, mirrored, "police")


def test_what_holds_one_way_alone_is_another_statement_the_other_way_round(wide: World) -> None:
    wide.say("vendor", (EVIL, "subdomain-of", TWIN))
    other = wide.ids("ngo", wide.say("ngo", (TWIN, "subdomain-of", EVIL), path="copy.txt"))
    confirm(wide, other, "vendor")


def test_being_drawn_to_look_lets_nobody_vet_their_own(wide: World) -> None:
    """Who is drawn at a copy of its own claim is refused as ever."""
    said(wide)
    copies = said(wide, "ngo", path="copy.txt")
    draw(wide.open("bank"), share=1.0)
    with pytest.raises(RefusedError, match="their own"):
        confirm(wide, copies, "vendor")
    assert copies[0] not in {one.id for one in queue(wide.open("vendor"))}


def test_a_shell_that_is_bought_after_its_vote_has_no_voice_any_more(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "bank", "police")
    update(wide.open("bank"), "police", lambda known: replace(known, parents=frozenset({"vendor"})))
    assert stands(wide, ids)[0] == 1
