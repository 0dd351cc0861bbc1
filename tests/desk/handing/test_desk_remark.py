"""Only the originator changes a marking, by a record of its own, and today's marking is the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from desk_world import RED, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.looking.look import show
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store.base import REMARKING, RecordRow
from chokepoint.store.canonical import canonical, read_envelope
from chokepoint.store.judged import read_votes

if TYPE_CHECKING:
    from desk_world import World

EVIL = (entity("domain-name:evil.com"), "indicates", entity("malware:dridex"))
GREEN = Marking(tlp=Tlp.GREEN)


def told(world: World, who: str) -> int:
    """How many links a member's map holds."""
    return len(load_snapshot(world.open(who)).snapshot.subject)


def markings(world: World, who: str) -> list[str]:
    reader = world.open(who).reader
    with reader.connect() as connection:
        seqs = reader.with_property(connection, ["indicates"])
        return [one.claim.provenance.marking.tlp.label for one in reader.claims(connection, seqs)]


def test_a_downgrade_opens_the_claim_to_others_from_then_on(world: World):
    seqs = world.say("bank", EVIL, marking=RED)
    assert told(world, "police") == 0
    assert remark(world.open("bank"), world.ids("bank", seqs), GREEN, "the raid is over") == 1
    assert told(world, "police") == 1
    assert markings(world, "police") == markings(world, "bank") == ["TLP:GREEN"]


def test_a_stricter_marking_closes_the_claim_to_others_from_then_on(world: World):
    seqs = world.say("bank", EVIL)
    assert told(world, "police") == 1
    remark(world.open("bank"), world.ids("bank", seqs), RED, "an informant is at risk")
    assert told(world, "police") == 0
    assert told(world, "bank") == 1
    assert not show(world.open("police"), "evil.com").to_json()["entity"]


def test_nobody_but_the_originator_changes_a_marking(world: World):
    seqs = world.say("bank", EVIL, marking=GREEN)
    [name] = world.ids("police", seqs)
    with pytest.raises(RefusedError, match="originator"):
        remark(world.open("police"), [name], CLEAR, "everybody should know")
    assert markings(world, "bank") == ["TLP:GREEN"]


def test_a_hidden_claim_and_an_absent_one_are_refused_alike(world: World):
    [hidden] = world.ids("bank", world.say("bank", EVIL, marking=RED))
    errors = []
    for name in (hidden, "0" * 64):
        with pytest.raises(NotFoundError) as caught:
            remark(world.open("police"), [name], CLEAR, "x")
        errors.append((caught.value.reason, caught.value.mend))
    assert errors[0] == errors[1]


def test_a_list_with_one_foreign_claim_changes_none_of_them(world: World):
    """Authorised for one id, another changed: a fault of a peer, replayed."""
    mine = world.ids("bank", world.say("bank", EVIL, marking=GREEN))
    other = (entity("domain-name:other.com"), "indicates", entity("malware:dridex"))
    theirs = world.ids("police", world.say("police", other, marking=GREEN))
    with pytest.raises(RefusedError):
        remark(world.open("bank"), [*mine, *theirs], CLEAR, "x")
    assert markings(world, "vendor") == ["TLP:GREEN", "TLP:GREEN"]


def test_a_record_that_names_anothers_claim_changes_nothing_even_if_it_is_in_the_ledger(world: World):
    """The projection checks once more: a record made by hand or brought from elsewhere has no effect."""
    theirs = world.ids("police", world.say("police", EVIL, marking=GREEN))
    bank = world.open("bank")
    payload = canonical({"marking": CLEAR.to_form(), "reason": "x", "records": theirs})
    bank.ledger.append(bank.speaker(), [RecordRow(REMARKING, payload, CLEAR)])
    assert markings(world, "vendor") == ["TLP:GREEN"]


def test_the_record_of_a_downgrade_tells_those_who_did_not_see_the_claim_nothing(world: World):
    seqs = world.say("bank", EVIL, marking=RED)
    remark(world.open("bank"), world.ids("bank", seqs), GREEN, "informant is safe now")
    for who, count in (("bank", 1), ("police", 0), ("", 0)):
        reader = world.open(who or "nobody").reader
        with reader.connect() as connection:
            found = [read_envelope(body) for _, _, body in reader.records(connection, REMARKING)]
        assert len(found) == count, who
    reader = world.open("bank").reader
    with reader.connect() as connection:
        [(_, _, body)] = reader.records(connection, REMARKING)
    assert msgspec.json.decode(read_envelope(body).payload)["reason"] == "informant is safe now"


def test_captures_follow_only_when_they_are_named(world: World):
    seqs = world.say("bank", EVIL, marking=RED)
    ids = world.ids("bank", seqs)

    def paths() -> int:
        reader = world.open("police").reader
        with reader.connect() as connection:
            claims = reader.claims(connection, seqs)
            return len(reader.captures(connection, {one.claim.provenance.capture for one in claims}))

    remark(world.open("bank"), ids, GREEN, "the sentence")
    assert paths() == 0
    remark(world.open("bank"), ids, GREEN, "the file too", captures=True)
    assert paths() == 1


def test_a_vote_on_a_claim_that_was_closed_is_seen_by_nobody_else(world: World):
    seqs = world.say("bank", EVIL)
    [name] = world.ids("bank", seqs)
    vote(world.open("police"), [name], Vote.DISPUTE, "not so")
    remark(world.open("bank"), [name], RED, "x")
    for who, count in (("bank", 1), ("vendor", 0)):
        reader = world.open(who).reader
        with reader.connect() as connection:
            assert len(read_votes(reader, connection).claim) == count, who


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_of_marking_needs_a_reason(world: World, reason: str):
    ids = world.ids("bank", world.say("bank", EVIL))
    with pytest.raises(RefusedError):
        remark(world.open("bank"), ids, RED, reason)
    assert markings(world, "police") == ["TLP:CLEAR"]


def test_a_group_that_nobody_knows_is_refused_and_the_marking_stays(world: World):
    ids = world.ids("bank", world.say("bank", EVIL))
    lost = Marking(tlp=Tlp.AMBER, audience=frozenset({"group:6e2f"}))
    with pytest.raises(NotFoundError, match="no such group"):
        remark(world.open("bank"), ids, lost, "x")
    assert markings(world, "police") == ["TLP:CLEAR"]


def test_what_happens_under_a_hidden_marking_leaves_the_snapshot_of_others_as_it_is(world: World):
    """Else the time of the next look would tell that somebody recorded something."""
    world.say("bank", EVIL)
    police = world.open("police")

    def position() -> int:
        with police.reader.connect() as connection:
            return police.reader.data_position(connection)

    before = position()
    hidden = (entity("domain-name:evil.com"), "resolves-to", entity("ipv4-addr:10.0.0.1"))
    seqs = world.say("bank", hidden, marking=RED)
    assert position() == before
    remark(world.open("bank"), world.ids("bank", seqs), GREEN, "x")
    assert position() > before


STRICT = Marking(tlp=Tlp.AMBER_STRICT)
NAMED = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))


@pytest.mark.parametrize(
    ("before", "after", "opened"),
    [
        pytest.param(STRICT, GREEN, True, id="to everybody"),
        pytest.param(RED, NAMED, True, id="to one more"),
        pytest.param(GREEN, STRICT, False, id="to fewer"),
        pytest.param(GREEN, GREEN, False, id="to nobody else"),
    ],
)
def test_what_was_withdrawn_is_never_opened_to_those_who_would_not_know(
    world: World, before: Marking, after: Marking, opened: bool
):
    """The recall is as closed as the claim was: with the claim alone in sight it would stand for them."""
    ids = world.ids("bank", world.say("bank", EVIL, marking=before))
    recall(world.open("bank"), ids, "a typing error")
    if not opened:
        remark(world.open("bank"), ids, after, "why")
        assert markings(world, "bank") == [after.tlp.label]
        return
    with pytest.raises(RefusedError, match="it was withdrawn"):
        remark(world.open("bank"), ids, after, "why")
    assert markings(world, "bank") == [before.tlp.label]
    assert told(world, "police") == 0
