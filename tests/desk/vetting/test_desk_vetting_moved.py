"""Who moves from one member to another, and who joins under another legal form, brings no second voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.people.staff import invite, join, let_go
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL, TWIN, GANG = entity("domain-name:evil.com"), entity("domain-name:evil.org"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank (founder), police, vendor, ngo, exchange."""
    for name in ("ngo", "exchange"):
        world.join(name)
    return world


def said(world: World, who: str = "vendor") -> list[str]:
    return world.ids(who, world.say(who, SAID))


def support(world: World) -> tuple[int, Verdict]:
    """How the statement stands for somebody who has looked and cannot tell, and so sees the votes."""
    atlas = world.open("exchange")
    vote(atlas, [one.stored.id for one in show(atlas, "evil.com").evidence], Vote.UNSURE, "cannot tell")
    [standing] = {one.standing for one in show(atlas, "evil.com").evidence}
    return standing.confirmations, standing.verdict


def hired(world: World, organisation: str, user: str) -> None:
    join(world.open(organisation, user), invite(world.open(organisation), user, [Role.VETTER]))


@pytest.mark.parametrize("word", [Vote.CONFIRM, Vote.DISPUTE], ids=lambda word: word.value)
def test_who_moves_to_another_member_has_no_second_voice_there(wide: World, word: Vote) -> None:
    """Ann votes for the bank, is let go, is hired by the police and votes again: one human is no quorum."""
    ids = said(wide)
    hired(wide, "bank", "ann")
    vote(wide.open("bank", "ann"), ids, Vote.CONFIRM, "looked")
    let_go(wide.open("bank"), "ann")
    for spelt in ("ann", "Ann"):
        hired(wide, "police", spelt)
        with pytest.raises(RefusedError, match="you have voted on this at another organisation"):
            vote(wide.open("police", spelt), ids, word, "looked again")
        let_go(wide.open("police"), spelt)
    hired(wide, "police", "bea")
    vote(wide.open("police", "bea"), ids, Vote.CONFIRM, "looked myself")
    assert support(wide) == (2, Verdict.ACCEPTED)


def test_who_moved_may_still_say_that_they_cannot_tell_and_vote_on_all_else(wide: World) -> None:
    ids, others = said(wide), wide.ids("vendor", wide.say("vendor", (TWIN, "indicates", GANG), path="b"))
    hired(wide, "bank", "ann")
    vote(wide.open("bank", "ann"), ids, Vote.CONFIRM, "looked")
    let_go(wide.open("bank"), "ann")
    hired(wide, "police", "ann")
    vote(wide.open("police", "ann"), ids, Vote.UNSURE, "have been asked before")
    vote(wide.open("police", "ann"), others, Vote.CONFIRM, "looked")
    with pytest.raises(RefusedError):
        vote(wide.open("police", "ann"), [*others, *ids], Vote.CONFIRM, "all at once")


def test_who_moved_has_no_second_voice_on_a_copy_of_what_they_voted_on(wide: World) -> None:
    ids = said(wide)
    hired(wide, "bank", "ann")
    vote(wide.open("bank", "ann"), ids, Vote.CONFIRM, "looked")
    let_go(wide.open("bank"), "ann")
    hired(wide, "police", "ann")
    copy = said(wide, "ngo")
    with pytest.raises(RefusedError, match="at another organisation"):
        vote(wide.open("police", "ann"), copy, Vote.CONFIRM, "looked")


def test_what_they_voted_on_where_they_may_not_look_any_more_brings_no_voice_either(wide: World) -> None:
    """To refuse would tell of the hidden copy: the vote is taken, and stays in the voter's house."""
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"ngo", "bank", "exchange"}))
    hidden = wide.ids("ngo", wide.say("ngo", SAID, marking=closed, path="closed"))
    hired(wide, "bank", "ann")
    vote(wide.open("bank", "ann"), hidden, Vote.CONFIRM, "looked")
    let_go(wide.open("bank"), "ann")
    hired(wide, "police", "ann")
    shown = said(wide)
    vote(wide.open("police", "ann"), shown, Vote.CONFIRM, "looked")
    assert support(wide)[0] == 1
    told = votes_on(wide.open("police", "ann"), shown)[shown[0]]
    assert ("police", "confirm") in [(one["organisation"], one["vote"]) for one in told]


def test_who_works_where_they_voted_still_is_another_of_that_name(wide: World) -> None:
    ids = said(wide)
    for who in ("bank", "police"):
        hired(wide, who, "ann")
        vote(wide.open(who, "ann"), ids, Vote.CONFIRM, "looked")
    assert support(wide) == (2, Verdict.ACCEPTED)


def test_a_moved_persons_abstention_before_is_no_voice(wide: World) -> None:
    ids = said(wide)
    hired(wide, "bank", "ann")
    vote(wide.open("bank", "ann"), ids, Vote.UNSURE, "cannot tell")
    let_go(wide.open("bank"), "ann")
    hired(wide, "police", "ann")
    vote(wide.open("police", "ann"), ids, Vote.CONFIRM, "now I can")
    assert support(wide)[0] == 1


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("กรุงเทพเพย์", "บริษัท กรุงเทพเพย์ จำกัด (มหาชน)", id="Thai"),
        pytest.param("النور", "شركة النور المحدودة", id="Arabic"),
        pytest.param("Acme", "Acme S.A.", id="with points"),
    ],
)
def test_a_shell_under_another_legal_form_brings_no_second_voice(wide: World, name: str, other: str) -> None:
    ids = said(wide)
    for joined in (name, other):
        wide.join(joined)
        vote(wide.open(joined), ids, Vote.CONFIRM, "looked")
    assert support(wide) == (1, Verdict.PROPOSED)


@pytest.mark.parametrize(
    "joined", ["بنـك الريـاض", "بَنك الرياض", "بنک الریاض"], ids=["drawn", "vowels", "Persian"]
)
def test_an_arabic_name_written_otherwise_is_no_other_member(wide: World, joined: str) -> None:
    wide.join("بنك الرياض")
    with pytest.raises(RefusedError):
        wide.join(joined)
