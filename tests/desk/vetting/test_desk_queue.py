"""The vetter's queue: what waits for whom, in which order, and what nobody can read from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from desk_world import World, entity

import chokepoint.desk.vetting.queue as queue_module
from chokepoint.desk.handing.dissemination import Copy, announce
from chokepoint.desk.member import everybody, update
from chokepoint.desk.vetting.calibration import publish
from chokepoint.desk.vetting.draw import draw
from chokepoint.desk.vetting.queue import KEY, _voices, queue
from chokepoint.desk.vetting.review import Besides, recall, vote
from chokepoint.desk.watch.access import log
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.member import Sector
from chokepoint.vet.queue import place

if TYPE_CHECKING:
    from collections.abc import Callable

GANG = entity("group:bad gang")
SITES = tuple(entity(f"domain-name:n{number}.com") for number in range(6))


def said(world: World, who: str = "bank", **about: object) -> list[str]:
    return world.ids(who, world.say(who, *[(site, "indicates", GANG) for site in SITES], **about))


def waiting(world: World, who: str = "police", **options: int) -> list[str]:
    return [one.id for one in queue(world.open(who), **options)]


def test_everything_that_others_said_waits_for_a_member_who_has_not_voted(world: World) -> None:
    ids = said(world)
    assert sorted(waiting(world)) == sorted(waiting(world, "vendor")) == sorted(ids)
    assert waiting(world, "bank") == []


def test_attributes_wait_for_nobody(world: World) -> None:
    """Only what ties two things makes a map; words on one thing are read with it."""
    world.say("bank", (SITES[0], "status", "live"), (SITES[0], "observation", "seen"))
    assert waiting(world) == []


@pytest.mark.parametrize("word", list(Vote), ids=lambda word: word.value)
def test_whatever_a_member_has_said_takes_it_off_its_own_list_and_nobody_elses(
    world: World, word: Vote
) -> None:
    world.join("charity")
    ids = said(world)
    vote(world.open("police"), ids[:2], word, "looked")
    assert sorted(waiting(world)) == sorted(ids[2:])
    assert sorted(waiting(world, "charity")) == sorted(ids)


def test_a_colleagues_vote_is_the_organisations(world: World) -> None:
    ids = said(world)
    vote(world.open("police", "ann"), ids[:3], Vote.UNSURE, "looked")
    assert sorted(waiting(world)) == sorted(ids[3:])


def test_one_claim_speaks_for_its_statement_the_oldest(world: World) -> None:
    ids = said(world)
    said(world, path="again.txt", origin="another")
    assert sorted(waiting(world)) == sorted(ids)


def test_a_statement_that_one_has_contributed_to_under_any_claim_is_not_ones_own_to_vet(world: World) -> None:
    ids = said(world)
    world.say("police", (SITES[0], "indicates", GANG), path="own.txt")
    assert sorted(waiting(world)) == sorted(ids[1:])
    assert len(waiting(world, "vendor")) == len(SITES)


def test_a_statement_of_which_one_claim_was_voted_on_is_done(world: World) -> None:
    first = said(world)
    said(world, path="again.txt", origin="another")
    vote(world.open("police"), first[:1], Vote.CONFIRM, "seen")
    assert sorted(waiting(world)) == sorted(first[1:])


def test_what_was_withdrawn_waits_for_nobody(world: World) -> None:
    ids = said(world)
    recall(world.open("bank"), ids[:4], "wrong")
    assert sorted(waiting(world)) == sorted(ids[4:])


def test_what_three_reject_waits_for_nobody_any_more(world: World) -> None:
    world.join("charity")
    ids = said(world, grade="E5")
    for who in ("police", "vendor"):
        vote(world.open(who), ids[:1], Vote.DISPUTE, "no")
    assert sorted(waiting(world, "charity")) == sorted(ids[1:])


def test_what_is_disputed_waits_for_those_who_have_not_spoken(world: World) -> None:
    ids = said(world)
    vote(world.open("vendor"), ids[:1], Vote.DISPUTE, "a shop")
    assert ids[0] in waiting(world)


@pytest.mark.parametrize("limit", [0, 1, 3, 40])
def test_the_limit_cuts_the_list_and_leaves_its_order(world: World, limit: int) -> None:
    said(world)
    assert waiting(world, limit=limit) == waiting(world)[:limit]


def test_the_list_of_an_empty_map_is_empty(world: World) -> None:
    assert waiting(world) == []


@pytest.mark.parametrize(
    ("sector", "first"), [(Sector.BANK, "bank-account"), (Sector.TELECOM, "phone-number")]
)
def test_a_member_is_asked_first_about_what_its_sector_can_act_on(
    worlds: Callable[[], World], sector: Sector, first: str
) -> None:
    """A tie-break among equals: whoever holds the lever knows the thing best."""
    world = worlds()
    accounts = [entity(f"bank-account:TH{number:018d}") for number in range(8)]
    phones = [entity(f"phone-number:+6681234567{number}") for number in range(8)]
    world.say("bank", *[(one, "indicates", GANG) for one in (*accounts, *phones)])
    before = [one.claim.subject.kind for one in queue(world.open("police"))]
    update(world.open("bank"), "police", lambda known: replace(known, sector=sector))
    after = [one.claim.subject.kind for one in queue(world.open("police"))]
    assert after[0] == first
    assert after[:4].count(first) >= before[:4].count(first)


def test_others_votes_move_nothing_in_the_order_of_what_is_open(world: World) -> None:
    world.join("charity")
    ids = said(world)
    before = waiting(world, "charity")
    vote(world.open("police"), ids[2:3], Vote.CONFIRM, "seen", besides=Besides(crime=Answer.NO))
    vote(world.open("vendor"), ids[4:5], Vote.DISPUTE, "no")
    assert waiting(world, "charity") == before


def test_members_are_not_all_asked_about_the_same_thing_first(world: World) -> None:
    """So that two votes, which suffice, do not become six on one statement and none on another."""
    for name in ("ngo", "exchange", "telecom", "charity"):
        world.join(name)
    said(world)
    firsts = {waiting(world, who)[0] for who in ("police", "vendor", "ngo", "exchange", "telecom", "charity")}
    assert len(firsts) > 1


def test_hidden_claims_neither_wait_nor_reorder_what_does(world: World) -> None:
    said(world)
    before = waiting(world)
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "vendor"}))
    hidden = world.ids(
        "bank",
        world.say("bank", (SITES[3], "uses", GANG), (SITES[0], "uses", GANG), path="h", marking=closed),
    )
    assert waiting(world) == before
    assert set(hidden) <= set(waiting(world, "vendor"))


def test_who_reads_the_list_is_logged_with_what_it_names(world: World) -> None:
    said(world)
    waiting(world, limit=2)
    [look] = log(world.open("police"))
    assert look.entry.verb == "review"
    assert len(look.entry.entities) == 2


def test_the_contributor_is_on_no_line_of_the_list(world: World) -> None:
    said(world)
    for one in queue(world.open("police")):
        assert one.contributor == ""
        assert one.claim.provenance.origin == "(a member)"


# --- what would be done otherwise ---


def chained(world: World) -> tuple[list[str], list[str]]:
    """A lure that pays a wallet that pays an exchange; and a star of well-connected names beside it."""
    wallet, exchange = entity("crypto-address:bc1qwallet"), entity("organisation:exchange x")
    lures = [entity(f"domain-name:lure{number}.com") for number in range(4)]
    hub = entity("campaign:much talked of")
    beside = [(entity(f"domain-name:talk{number}.com"), "indicates", hub) for number in range(12)]
    chain = [*[(lure, "requests-payment-to", wallet) for lure in lures], (wallet, "hosted-at", exchange)]
    star = world.ids("bank", world.say("bank", *beside, path="star", grade="B2"))
    return world.ids("bank", world.say("bank", *chain, path="chain", grade="B2")), star


def test_what_the_money_passes_through_waits_before_what_is_only_well_connected(world: World) -> None:
    chain, star = chained(world)
    order = waiting(world)
    assert sorted(order) == sorted([*chain, *star])
    mean = {
        name: sum(map(order.index, group)) / len(group) for name, group in (("chain", chain), ("star", star))
    }
    assert mean["chain"] < mean["star"]


def test_a_claim_in_a_package_that_one_got_moves_up(world: World) -> None:
    ids = said(world)
    last = waiting(world)[-1]
    announce(world.open("bank"), [last], Copy(to=frozenset({"police"}), title="Packed"))
    assert waiting(world).index(last) < len(ids) - 1
    assert sorted(waiting(world)) == sorted(ids)


def test_a_package_between_others_moves_nothing(world: World) -> None:
    world.join("charity")
    said(world)
    before = waiting(world, "charity")
    announce(world.open("bank"), [before[-1]], Copy(to=frozenset({"police"}), title="Packed"))
    assert waiting(world, "charity") == before


def test_whose_word_tells_nothing_is_asked_last(world: World) -> None:
    """By its published record: what it is shown first is worth a hundredth, and others are asked before it."""
    for name in ("ngo", "exchange", "charity"):
        world.join(name)
    sites = [(entity(f"domain-name:q{number}.com"), "indicates", GANG) for number in range(24)]
    ids = world.ids("bank", world.say("bank", *sites, grade="F6", path="long.txt"))
    for who in ("police", "vendor", "ngo"):
        vote(world.open(who), ids[:8], Vote.CONFIRM, "seen")
        vote(world.open(who), ids[8:16], Vote.DISPUTE, "looked")
    vote(world.open("exchange"), ids[:16], Vote.CONFIRM, "all fine")
    publish(world.open("bank"))
    bank, everyone = world.open("bank"), list(everybody(world.open("bank")))
    voices = _voices(bank, everyone)
    assert [name for name, mute in zip(everyone, voices.mute, strict=True) if mute] == ["exchange"]
    places = place(np.arange(50, dtype=np.uint64), KEY, everyone.index("exchange"), voices=voices)
    assert set(places.tolist()) == {len(everyone) - 1}
    assert set(waiting(world, "exchange")) == set(ids[16:]), "it is asked all the same"


@pytest.mark.parametrize("part", [1, 3, 10])
@pytest.mark.parametrize("limit", [0, 1, 5, 40])
def test_the_best_are_the_same_however_few_places_are_drawn_at_first(
    world: World, monkeypatch: pytest.MonkeyPatch, part: int, limit: int
) -> None:
    for name in ("ngo", "exchange", "charity"):
        world.join(name)
    hubs = [entity(f"ipv4-addr:203.0.113.{number}") for number in range(4)]
    sites = [entity(f"domain-name:p{number}.com") for number in range(24)]
    for grade, start in (("A1", 0), ("C3", 1), ("F6", 2)):
        some = [(site, "resolves-to", hubs[at % 4]) for at, site in enumerate(sites)][start::3]
        ids = world.ids("bank", world.say("bank", *some, grade=grade, path=grade))
    draw(world.open("bank"), share=0.3)
    for who in ("police", "vendor"):
        vote(world.open(who), ids[:3], Vote.CONFIRM, "seen")
    whole = waiting(world, "charity", limit=limit)
    monkeypatch.setattr("chokepoint.desk.vetting.queue.PART", part)
    assert waiting(world, "charity", limit=limit) == whole


def test_what_rests_on_statements_is_worked_out_once_a_map(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And anew when the map changes."""
    said(world)
    made = []
    computed = queue_module._computed
    monkeypatch.setattr(
        "chokepoint.desk.vetting.queue._computed", lambda snapshot: made.append(1) or computed(snapshot)
    )
    first = waiting(world)  # builds the map
    assert waiting(world) == waiting(world) == first
    before = len(made)
    assert waiting(world) == first
    assert len(made) == before
    world.say("bank", (SITES[0], "uses", GANG), path="new.txt")
    assert len(waiting(world)) == len(first) + 1
    assert len(made) > before
