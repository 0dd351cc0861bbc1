"""The votes that a package proves: all that every recipient may read whole, and nothing that tells of more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.handing import attested as room
from chokepoint.desk.handing.attested import still_to_vote
from chokepoint.desk.handing.publish import MARK, read
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import Besides, simulate, vote
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp, Viewer
from chokepoint.package.manifest import RECORDS
from chokepoint.package.verify import verify
from chokepoint.package.votes import BEHIND, SIGNED

if TYPE_CHECKING:
    from pathlib import Path

    from chokepoint.model.identity import Entity
    from chokepoint.package.outcome import Verification

EVIL, GANG = entity("domain-name:evil.com"), entity("malware:gang")
OTHER = entity("domain-name:other.com")
POLICE = frozenset({"police"})
TO_POLICE = Dispatch(recipients=POLICE)


def claim(world: World, thing: Entity = EVIL) -> str:
    [name] = world.ids(
        "bank", world.say("bank", (thing, "indicates", GANG), grade="A1", text=f"{thing.value} gang")
    )
    return name


def accepted(world: World, ids: list[str]) -> None:
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, f"checked by {who}")


def sent(world: World, tmp_path: Path, to: Dispatch = TO_POLICE) -> Verification:
    """The package about the first domain as its recipient verifies it."""
    return verify(read(build(world.open("bank"), "evil.com", tmp_path / "out", to).folder))


def fates(found: Verification) -> list[tuple[str, str]]:
    return [(one.organisation, one.reason) for one in found.votes]


def lines(tmp_path: Path) -> str:
    return (tmp_path / "out" / RECORDS).read_text()


def test_the_votes_that_accepted_a_claim_are_proved_to_its_recipient(world, tmp_path):
    accepted(world, [claim(world)])
    found = sent(world, tmp_path)
    assert found.proved
    assert fates(found) == [("police", SIGNED), ("vendor", SIGNED)]
    assert {name for name, _ in found.keys} == {"bank", "police", "vendor"}


def test_a_dispute_that_was_answered_is_proved_like_a_confirmation(world, tmp_path):
    for name in ("ngo", "cert"):
        world.join(name)
    name = claim(world)
    vote(world.open("vendor"), [name], Vote.DISPUTE, "an old list")
    for who in ("police", "ngo", "cert"):
        vote(world.open(who), [name], Vote.UNSURE, "looking")
        vote(world.open(who), [name], Vote.CONFIRM, "seen today", besides=Besides(despite=True))
    found = sent(world, tmp_path)
    assert ("vendor", "dispute", True) in [(o.organisation, o.vote, o.proved) for o in found.votes]
    assert all(one.proved for one in found.votes)


def test_a_vote_on_several_claims_that_all_recipients_see_goes_whole(world, tmp_path):
    accepted(world, [claim(world), claim(world, OTHER)])
    assert fates(sent(world, tmp_path)) == [("police", SIGNED), ("vendor", SIGNED)]


def test_a_vote_that_names_a_claim_closed_since_stays_behind_and_tells_no_id(world, tmp_path):
    """What was GREEN when it was voted on and is the bank's alone today must not be counted by its id."""
    shown, closed = claim(world), claim(world, OTHER)
    accepted(world, [shown, closed])
    remark(world.open("bank"), [closed], Marking(tlp=Tlp.RED, audience=frozenset({"bank"})), "a mistake")
    assert fates(sent(world, tmp_path)) == [("police", BEHIND), ("vendor", BEHIND)]
    assert closed not in lines(tmp_path)


def test_a_vote_that_would_tell_a_recipient_how_an_open_claim_was_voted_on_stays_behind(world, tmp_path):
    """The vendor spoke on both at once; the police voted on one of them only, and must stay unmoved."""
    shown, waiting = claim(world), claim(world, OTHER)
    vote(world.open("vendor"), [shown, waiting], Vote.CONFIRM, "both")
    vote(world.open("police"), [shown], Vote.CONFIRM, "this one")
    assert fates(sent(world, tmp_path)) == [("vendor", BEHIND), ("police", SIGNED)]
    assert waiting not in lines(tmp_path)


def test_the_same_vote_goes_whole_once_its_recipient_has_voted_on_all_of_it(world, tmp_path):
    shown, waiting = claim(world), claim(world, OTHER)
    vote(world.open("vendor"), [shown, waiting], Vote.CONFIRM, "both")
    vote(world.open("police"), [shown], Vote.CONFIRM, "this one")
    vote(world.open("police"), [waiting], Vote.UNSURE, "cannot tell")
    assert fates(sent(world, tmp_path)) == [("vendor", SIGNED), ("police", SIGNED)]


def test_a_package_of_what_is_not_vetted_tells_a_vetter_no_votes(world, tmp_path):
    """Handed on for 72 hours, it would else show those who are still to vote how others did."""
    world.join("ngo")
    [name] = world.ids("vendor", world.say("vendor", (EVIL, "indicates", GANG)))
    vote(world.open("ngo"), [name], Vote.CONFIRM, "told by nobody")
    vote(world.open("bank"), [name], Vote.UNSURE, "cannot tell")
    hours = Dispatch(recipients=POLICE, provisional="children at risk")
    folder = build(world.open("bank", "ann"), "evil.com", tmp_path / "out", hours).folder
    assert verify(read(folder)).votes == ()
    assert "told by nobody" not in (folder / MARK).read_text()
    assert "told by nobody" not in lines(tmp_path)


@pytest.mark.parametrize("most", [2, 1], ids=["at the limit", "above it"])
def test_a_vote_on_very_many_claims_stays_behind(world, tmp_path, monkeypatch, most):
    monkeypatch.setattr(room, "MOST_NAMED", most)
    accepted(world, [claim(world), claim(world, OTHER)])
    assert {reason for _, reason in fates(sent(world, tmp_path))} == {SIGNED if most == 2 else BEHIND}


def test_votes_cast_by_a_rule_are_proved_as_such_and_mark_the_package(world, tmp_path):
    names = (claim(world),)
    casts = [
        Cast(organisation=one, vote=Vote.CONFIRM, reason="by rule", claims=names)
        for one in ("police", "vendor")
    ]
    simulate(world.open("bank"), casts)
    found = sent(world, tmp_path)
    assert found.simulated
    assert fates(found) == [("police", SIGNED), ("vendor", SIGNED)]


def test_an_old_vote_and_the_one_that_replaced_it_are_both_proved(world, tmp_path):
    name = claim(world)
    vote(world.open("police"), [name], Vote.UNSURE, "not yet")
    accepted(world, [name])
    assert [(one.organisation, one.vote, one.proved) for one in sent(world, tmp_path).votes] == [
        ("police", "unsure", True),
        ("police", "confirm", True),
        ("vendor", "confirm", True),
    ]


def waiting(world: World, who: str, *others: str) -> int:
    atlas = world.open(who).shared_with([Viewer(organisation=name) for name in others])
    with atlas.reader.connect() as connection:
        stored = list(atlas.reader.claims(connection, [1, 2, 3, 4, 5]))
    return len(still_to_vote(atlas, stored))


def test_whoever_among_several_is_still_to_vote_keeps_it_blind_for_all(world):
    """The bank said it and the vendor voted; beside the police, who did neither, it is open."""
    name = claim(world)
    vote(world.open("vendor"), [name], Vote.CONFIRM, "seen")
    assert waiting(world, "bank") == 0
    assert waiting(world, "bank", "vendor") == 0
    assert waiting(world, "bank", "vendor", "police") == 1
    assert waiting(world, "police", "bank") == 1


def test_an_organisation_outside_the_atlas_is_no_vetter_who_waits(world):
    vote(world.open("vendor"), [claim(world)], Vote.CONFIRM, "seen")
    assert waiting(world, "bank", "a court elsewhere") == 0


def test_a_package_does_not_tell_how_much_was_recorded_before_it(world, tmp_path):
    """A batch's place in the log counts what others put there, hidden records among them."""
    accepted(world, [claim(world)])
    world.say(
        "vendor", (OTHER, "indicates", GANG), marking=Marking(tlp=Tlp.RED, audience=frozenset({"vendor"}))
    )
    build(world.open("bank"), "evil.com", tmp_path / "out", TO_POLICE)
    batches = [json.loads(line)["batch"] for line in lines(tmp_path).splitlines()]
    assert {name for batch in batches for name in batch} == {
        *("organisation", "previous", "public_key", "root", "signature", "size")
    }
