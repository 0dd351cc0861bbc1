"""Beside each vote, whether it counts and why not: after one's own word, in words that name nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import look_at_votes, recall, simulate, vote, votes_on
from chokepoint.desk.watch.access import log
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR
from chokepoint.store.base import CALIBRATION, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL, GANG = entity("domain-name:evil.com"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank (founder), police, vendor, ngo, exchange."""
    for name in ("ngo", "exchange"):
        world.join(name)
    return world


def said(world: World, who: str = "vendor", **about: object) -> str:
    [name] = world.ids(who, world.say(who, SAID, **about))
    return name


def cast(world: World, claim: str, who: str, word: Vote = Vote.CONFIRM, **more: object) -> None:
    vote(world.open(who), [claim], word, "looked", **more)  # type: ignore[arg-type]


def told(world: World, claim: str, who: str = "exchange") -> dict[str, object]:
    """Of each voter whether its last word counts, else why not, as somebody reads it who cannot tell."""
    cast(world, claim, who, Vote.UNSURE)
    found = votes_on(world.open(who), [claim])[claim]
    return {
        one["organisation"]: one["counts"] or str(one["why"]) for one in found if one["organisation"] != who
    }


def tie(world: World, name: str, **ties: str) -> None:
    given = {field: frozenset({value}) for field, value in ties.items()}
    update(world.open(name), name, lambda known: replace(known, **given))  # type: ignore[arg-type]


def test_each_vote_says_whether_it_counts(wide: World) -> None:
    claim = said(wide)
    for who in ("police", "bank"):
        cast(wide, claim, who)
    assert told(wide, claim) == {"police": True, "bank": True}


def test_who_is_still_to_vote_is_told_nothing(wide: World) -> None:
    claim = said(wide)
    cast(wide, claim, "police")
    assert votes_on(wide.open("exchange"), [claim]) == {}
    assert look_at_votes(wide.open("exchange"), claim) == []


@pytest.mark.parametrize(
    ("ties", "why"),
    [
        pytest.param({"parents": "vendor"}, "tied to whoever contributed it", id="a daughter"),
        pytest.param({"origins": "the paper"}, "or owns its origin", id="the owner of the origin"),
        pytest.param({"feeds": "the paper"}, "relies on the feed", id="a reader of the feed"),
    ],
)
def test_why_a_tied_vote_does_not_count(wide: World, ties: dict[str, str], why: str) -> None:
    tie(wide, "police", **ties)
    claim = said(wide, origin="the paper")
    for who in ("police", "bank"):
        cast(wide, claim, who)
    found = told(wide, claim)
    assert found["bank"] is True
    assert why in str(found["police"])


def test_of_two_readers_of_one_feed_one_counts_and_neither_is_named_to_explain_the_other(wide: World) -> None:
    for who in ("police", "ngo"):
        tie(wide, who, feeds="wire")
    claim = said(wide)
    for who in ("police", "ngo"):
        cast(wide, claim, who)
    found = told(wide, claim)
    assert sorted(map(str, found.values())) == ["True", "one voice with another member, whose word counts"]


def test_saying_it_after_ones_vote_takes_the_vote_back_and_says_so(wide: World) -> None:
    claim = said(wide)
    cast(wide, claim, "police")
    said(wide, "police", path="own.txt")
    assert "contributed themselves" in str(told(wide, claim)["police"])


def test_only_the_last_word_of_a_member_counts(wide: World) -> None:
    claim = said(wide)
    cast(wide, claim, "police")
    cast(wide, claim, "police", Vote.DISPUTE)
    cast(wide, claim, "exchange", Vote.UNSURE)
    found = votes_on(wide.open("exchange"), [claim])[claim]
    assert [one["counts"] for one in found] == [False, True, False]
    assert "another word of this member" in found[0]["why"]


def test_a_confirmation_gives_way_to_the_same_members_dispute_of_another_claim_of_it(wide: World) -> None:
    claim, other = said(wide), said(wide, "ngo", path="copy.txt")
    cast(wide, claim, "police")
    cast(wide, other, "police", Vote.DISPUTE)
    assert "another word of this member" in str(told(wide, claim)["police"])


def test_a_vote_by_rule_counts_for_nobody(wide: World) -> None:
    claim = said(wide)
    simulate(
        wide.open("bank"), [Cast(organisation="police", vote=Vote.CONFIRM, reason="rule", claims=(claim,))]
    )
    assert "by a rule" in str(told(wide, claim)["police"])


def published(world: World, **given: object) -> None:
    """What the founder measured of members."""
    plain: dict[str, object] = {"organisations": [], "rings": [], "close": [], "apart": []}
    plain |= {"usual": [800, 800], "bar": 0}
    bank = world.open("bank")
    bank.ledger.append(bank.speaker(), [RecordRow(CALIBRATION, canonical(plain | given), CLEAR)])


@pytest.mark.parametrize("ring", [["police", "vendor"], ["police", "bank"]], ids=["contributor", "voter"])
def test_a_measured_tie_names_nobody(wide: World, ring: list[str]) -> None:
    """Overseers see who and why."""
    published(wide, rings=[ring])
    claim = said(wide)
    for who in ("bank", "police"):
        cast(wide, claim, who)
    assert sorted(map(str, told(wide, claim).values())) == [
        "True",
        "measured to be one voice with others; overseers see why",
    ]


def test_whose_word_tells_nothing_is_told_so(wide: World) -> None:
    published(wide, organisations=[["police", 90, 5, 2, 48]])
    claim = said(wide)
    cast(wide, claim, "police")
    assert "tell nothing" in str(told(wide, claim)["police"])


def test_what_is_told_agrees_with_the_verdict(wide: World) -> None:
    tie(wide, "police", parents="vendor")
    claim = said(wide)
    for who in ("bank", "police", "ngo"):
        cast(wide, claim, who)
    counting = [who for who, counts in told(wide, claim).items() if counts is True]
    [evidence] = show(wide.open("exchange"), "evil.com").evidence
    assert len(counting) == evidence.standing.confirmations == 2


def test_votes_on_what_was_withdrawn_are_told_as_they_were_cast(wide: World) -> None:
    claim = said(wide)
    cast(wide, claim, "police")
    recall(wide.open("vendor"), [claim], "wrong")
    [one] = votes_on(wide.open("police"), [claim])[claim]
    assert (one["vote"], one["counts"]) == ("confirm", False)


def test_to_ask_for_votes_is_a_look_that_is_logged(wide: World) -> None:
    claim = said(wide)
    cast(wide, claim, "police")
    look_at_votes(wide.open("police"), claim)
    assert ("votes", claim) in [(one.entry.verb, one.entry.asked) for one in log(wide.open("police"))]
