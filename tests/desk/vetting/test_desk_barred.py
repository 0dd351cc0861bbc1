"""One's own, through a colleague without the need-to-know: the confirmation is taken and tells nobody else anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import invite, join, let_go
from chokepoint.desk.sight import kept_in
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.judgement import Verdict, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

EVIL, GANG = entity("domain-name:evil.com"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)
GREEN, AMBER, STRICT = (Marking(tlp=tlp) for tlp in (Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT))


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank (founder), police, vendor, ngo, exchange."""
    for name in ("ngo", "exchange"):
        world.join(name)
    return world


def hired(world: World, *people: str) -> None:
    for one in people:
        organisation, _, user = one.partition("/")
        token = invite(world.open(organisation), user, [Role.INVESTIGATOR, Role.VETTER, Role.ADMINISTRATOR])
        join(world.open(organisation, user), token)


def in_case(world: World) -> Marking:
    """A marking for those who work on a case of the police's, of whom bob is none."""
    draft = Case(
        id="", title="t", purpose="p", owner="ann", review_date="2099-01-01", members=("police/ann",)
    )
    case = open_case(world.open("police", "ann"), replace(draft, marking=AMBER)).id
    return replace(AMBER, cases=frozenset({case}))


def told(world: World, user: str, marking: Marking, *, said: tuple[Entity, str, Entity | str] = SAID) -> None:
    """What a person of the police records, under whatever marking."""
    opened = world.open
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world, "open", lambda name: opened(name, user))
        world.say("police", said, marking=marking, path="own.txt")


def confirmations(world: World, who: str) -> int:
    """Those that count for somebody who has looked and cannot tell."""
    organisation, _, user = who.partition("/")
    atlas = world.open(organisation, user)
    vote(atlas, [one.stored.id for one in show(atlas, "evil.com").evidence], Vote.UNSURE, "cannot tell")
    [standing] = {one.standing for one in show(atlas, "evil.com").evidence}
    return standing.confirmations


def copied(
    world: World, marking: Marking = CLEAR, *, said: tuple[Entity, str, Entity | str] = SAID
) -> list[str]:
    """The same, as the vendor has it from them."""
    return world.ids("vendor", world.say("vendor", said, marking=marking, path="copy.txt"))


def test_whoever_lacks_the_need_to_know_cannot_vet_what_their_own_house_said(wide: World) -> None:
    hired(wide, "police/ann", "police/bob")
    told(wide, "ann", in_case(wide))
    ids = copied(wide)
    assert vote(wide.open("police", "bob"), ids, Vote.CONFIRM, "looked") == 1
    assert [confirmations(wide, who) for who in ("exchange", "ngo")] == [0, 0]


def test_no_other_member_is_told_that_they_tried(wide: World) -> None:
    """Else a vote without weight would tell that there is something to be hidden."""
    hired(wide, "police/ann", "police/bob")
    told(wide, "ann", in_case(wide))
    ids = copied(wide)
    vote(wide.open("police", "bob"), ids, Vote.CONFIRM, "looked")
    confirmations(wide, "exchange")
    assert [one["organisation"] for one in votes_on(wide.open("exchange"), ids)[ids[0]]] == ["exchange"]


def seen_by_bob(world: World, *, secret: bool) -> list[object]:
    """All that bob is told before and after his vote."""
    hired(world, "police/ann", "police/bob")
    case = in_case(world)
    if secret:
        told(world, "ann", case)
    ids = copied(world)
    bob = world.open("police", "bob")
    before = [one.claim for one in queue(bob)]
    count = vote(bob, ids, Vote.CONFIRM, "looked")
    bob = world.open("police", "bob")
    [evidence] = show(bob, "evil.com").evidence
    return [before, count, votes_on(bob, ids)[ids[0]], evidence.standing, queue(bob)]


def test_they_themselves_read_the_same_as_if_there_were_nothing(wide: World, tmp_path) -> None:
    other = World(tmp_path / "other")
    for name in ("bank", "police", "vendor", "ngo", "exchange"):
        other.join(name)
    assert seen_by_bob(wide, secret=True) == seen_by_bob(other, secret=False)
    other.close()


def test_a_colleague_who_may_know_sees_it_and_that_it_counts_for_nothing(wide: World) -> None:
    hired(wide, "police/ann", "police/bob")
    told(wide, "ann", in_case(wide))
    ids = copied(wide)
    vote(wide.open("police", "bob"), ids, Vote.CONFIRM, "looked")
    ann = wide.open("police", "ann")
    assert [one["organisation"] for one in votes_on(ann, ids)[ids[0]]] == ["police"]
    assert {one.standing.confirmations for one in show(ann, "evil.com").evidence} == {0}


@pytest.mark.parametrize("marking", [AMBER, STRICT, RED], ids=lambda one: one.tlp.label)
@pytest.mark.parametrize("tie", ["parents", "origins", "feeds"])
def test_a_daughter_cannot_vet_what_her_parent_said_where_she_may_not_look(
    wide: World, marking: Marking, tie: str
) -> None:
    """Nor the owner of its origin; but who only reads a feed may, where somebody else says it too."""
    update(wide.open("ngo"), "ngo", lambda known: replace(known, **{tie: frozenset({"police"})}))
    wide.say("police", SAID, marking=marking, path="own.txt")
    ids = copied(wide)
    vote(wide.open("ngo"), ids, Vote.CONFIRM, "looked")
    vote(wide.open("bank"), ids, Vote.CONFIRM, "looked")
    assert confirmations(wide, "exchange") == (2 if tie == "feeds" else 1)


def test_a_stranger_to_what_is_hidden_counts_as_ever(wide: World) -> None:
    wide.say("police", SAID, marking=STRICT, path="own.txt")
    ids = copied(wide)
    for who in ("ngo", "bank"):
        vote(wide.open(who), ids, Vote.CONFIRM, "looked")
    assert {one.standing.verdict for one in show(wide.open("exchange"), "evil.com").evidence} == {
        Verdict.ACCEPTED
    }


def test_who_may_not_confirm_may_dispute_for_all_to_see(wide: World) -> None:
    hired(wide, "police/ann", "police/bob")
    told(wide, "ann", in_case(wide))
    ids = copied(wide)
    vote(wide.open("police", "bob"), ids, Vote.DISPUTE, "it is not so")
    confirmations(wide, "exchange")
    assert {one["vote"] for one in votes_on(wide.open("exchange"), ids)[ids[0]]} == {"dispute", "unsure"}


def test_who_moved_cannot_vet_what_they_wrote_where_they_may_not_look_any_more(wide: World) -> None:
    hired(wide, "police/ann", "police/boss")
    told(wide, "ann", AMBER)
    ids = copied(wide)
    let_go(wide.open("police", "boss"), "ann")
    vote(wide.open("ngo", "ann"), ids, Vote.CONFIRM, "looked")
    assert confirmations(wide, "exchange") == 0
    vote(wide.open("ngo", "eve"), ids, Vote.CONFIRM, "looked")
    assert confirmations(wide, "exchange") == 1


def test_of_texts_the_very_words_alone_are_ones_own(wide: World) -> None:
    hired(wide, "police/ann", "police/bob")
    told(wide, "ann", in_case(wide), said=(EVIL, "alias", "one"))
    ids = [*copied(wide, said=(EVIL, "alias", "one")), *copied(wide, said=(EVIL, "alias", "two"))]
    vote(wide.open("police", "bob"), ids, Vote.CONFIRM, "looked")
    exchange = wide.open("exchange")
    vote(exchange, ids, Vote.UNSURE, "cannot tell")
    assert [len(votes_on(exchange, ids)[one]) for one in ids] == [1, 2]


@pytest.mark.parametrize(
    ("audience", "reader", "others"),
    [
        pytest.param({"police", "exchange"}, "police/eve", ["exchange"], id="the house is named"),
        pytest.param(
            {"police/bob", "exchange"}, "police/bob", ["police/eve", "exchange"], id="one person is"
        ),
    ],
)
def test_the_vote_is_read_by_nobody_who_does_not_read_the_claim(
    wide: World, audience: set[str], reader: str, others: list[str]
) -> None:
    hired(wide, "police/ann", "police/bob", "police/eve")
    told(wide, "ann", in_case(wide))
    marking = Marking(tlp=Tlp.RED, audience=frozenset(audience | {"vendor"}))
    ids = copied(wide, marking)
    vote(wide.open("police", "bob"), ids, Vote.CONFIRM, "looked")
    seen = {}
    for who in (reader, *others):
        organisation, _, user = who.partition("/")
        atlas = wide.open(organisation, user)
        if organisation != "police":
            vote(atlas, ids, Vote.UNSURE, "cannot tell")
        seen[who] = [one["organisation"] for one in votes_on(atlas, ids).get(ids[0], [])]
    assert "police" in seen[reader]
    assert all("police" not in seen[who] for who in others)


def test_a_group_has_no_name_for_the_part_of_it_in_one_house() -> None:
    """So the vote stays with whoever cast it."""
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({"group:1"}))
    bob = Viewer(organisation="police", user="bob")
    assert kept_in(marking, bob).audience == {"police/bob"}
    assert kept_in(marking, Viewer(organisation="police")).audience == {"police"}
    assert kept_in(replace(GREEN, cases=frozenset({"case-1"})), bob) == replace(
        STRICT, cases=frozenset({"case-1"})
    )
