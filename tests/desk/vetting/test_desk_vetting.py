"""Vetting by independent organisations: every indirect way to vet one's own, blinding, answers, recall."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import CLOCK, World, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.looking.check import tell
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.member import update
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import (
    Besides,
    Cast,
    choose_policy,
    in_capture,
    recall,
    simulate,
    vote,
    votes_on,
)
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Answer, Verdict, Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chokepoint.model.member import Member

EVIL, GANG = entity("domain-name:evil.com"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)
SIX = ("bank", "police", "vendor", "ngo", "exchange", "telecom")


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Six members: bank, police, vendor, ngo, exchange, telecom."""
    for name in SIX[3:]:
        world.join(name)
    return world


def verdict(world: World, viewer: str = "bank") -> Verdict:
    return show(world.open(viewer), "evil.com").evidence[0].standing.verdict


def confirm(world: World, ids: list[str], *members: str, **besides: object) -> None:
    for name in members:
        vote(world.open(name), ids, Vote.CONFIRM, "seen", besides=Besides(**besides))  # type: ignore[arg-type]


def tie(world: World, name: str, **ties: str) -> None:
    """The founder describes a member, or it itself."""
    given = {field: frozenset([value]) for field, value in ties.items()}

    def change(known: Member) -> Member:
        return replace(known, **given)  # type: ignore[arg-type]

    update(world.open(name), name, change)


def said(world: World, who: str = "bank", **about: object) -> list[str]:
    return world.ids(who, world.say(who, SAID, **about))


def test_two_independent_members_accept_a_claim(wide: World) -> None:
    confirm(wide, said(wide), "police", "vendor")
    assert verdict(wide) is Verdict.ACCEPTED


@pytest.mark.parametrize("user", ["", "ann", "bob"])
def test_no_user_of_the_contributor_vets_its_claim(wide: World, user: str) -> None:
    ids = said(wide)
    with pytest.raises(RefusedError, match="own claim"):
        vote(wide.open("bank", user), ids, Vote.CONFIRM, "I am another person")


def test_two_users_of_one_organisation_count_as_one(wide: World) -> None:
    ids = said(wide)
    for user in ("ann", "bob"):
        vote(wide.open("police", user), ids, Vote.CONFIRM, "seen")
    assert verdict(wide) is Verdict.PROPOSED


@pytest.mark.parametrize("name", ["Bank", "B.A.N.K", "bаnk", "ＢＡＮＫ"])
def test_another_spelling_of_the_contributor_cannot_even_join(wide: World, name: str) -> None:
    with pytest.raises(RefusedError, match="another spelling"):
        wide.join(name)


def test_a_member_of_the_same_company_under_another_legal_form_does_not_count(wide: World) -> None:
    wide.join("bank Holding Ltd")
    confirm(wide, said(wide), "bank Holding Ltd", "police")
    assert verdict(wide) is Verdict.PROPOSED


@pytest.mark.parametrize(
    ("who", "ties"),
    [
        ("vendor", {"parents": "bank"}),
        ("bank", {"parents": "vendor"}),
        ("vendor", {"origins": "Phish List"}),
        ("vendor", {"feeds": "phish list"}),
    ],
    ids=["its subsidiary", "its parent", "the owner of the origin", "a reader of the feed it came from"],
)
def test_no_tied_member_vets_it(wide: World, who: str, ties: dict[str, str]) -> None:
    tie(wide, who, **ties)
    ids = said(wide, origin="Phish List")
    confirm(wide, ids, "vendor", "police")
    assert verdict(wide) is Verdict.PROPOSED
    confirm(wide, ids, "ngo")
    assert verdict(wide) is Verdict.ACCEPTED


@pytest.mark.parametrize("field", ["parents", "feeds"])
def test_siblings_and_readers_of_one_feed_count_as_one(wide: World, field: str) -> None:
    for name in ("vendor", "police"):
        tie(wide, name, **{field: "Acme Holding"})
    ids = said(wide)
    confirm(wide, ids, "vendor", "police")
    assert verdict(wide) is Verdict.PROPOSED
    confirm(wide, ids, "ngo")
    assert verdict(wide) is Verdict.ACCEPTED


@pytest.mark.parametrize("field", ["parents", "feeds"])
def test_a_sibling_of_the_contributor_does_not_count(wide: World, field: str) -> None:
    for name in ("vendor", "bank"):
        tie(wide, name, **{field: "Acme Holding"})
    confirm(wide, said(wide), "vendor", "police")
    assert verdict(wide) is Verdict.PROPOSED


def test_a_tie_declared_after_the_vote_counts_too(wide: World) -> None:
    confirm(wide, said(wide), "vendor", "police")
    assert verdict(wide) is Verdict.ACCEPTED
    tie(wide, "vendor", parents="bank")
    assert verdict(wide) is Verdict.PROPOSED


def test_whoever_collects_the_same_file_becomes_a_contributor(wide: World) -> None:
    confirm(wide, said(wide), "police", "vendor")
    wide.say("police", SAID, origin="bank")
    assert verdict(wide) is Verdict.PROPOSED
    mine = wide.ids("police", wide.say("vendor", SAID, origin="elsewhere", path="other"))
    with pytest.raises(RefusedError, match="own claim"):
        vote(wide.open("bank"), mine, Vote.CONFIRM, "a copy of my own sentence")


def test_a_claim_read_back_from_a_package_keeps_its_owner_away(wide: World) -> None:
    """Another member takes in what the bank had published: its origin is still the bank."""
    ids = wide.ids("vendor", wide.say("vendor", SAID, origin="BANK"))
    confirm(wide, ids, "bank", "police")
    assert verdict(wide, "vendor") is Verdict.PROPOSED


def test_simulated_votes_accept_for_demonstrations_only(wide: World) -> None:
    ids = tuple(said(wide))
    casts = [Cast(organisation=one, vote=Vote.CONFIRM, reason="r", claims=ids) for one in ("police", "ngo")]
    simulate(wide.open("bank"), casts)
    [one] = show(wide.open("bank"), "evil.com").evidence
    assert (one.standing.verdict, one.standing.simulated) == (Verdict.ACCEPTED, True)


def test_simulated_votes_of_the_contributor_count_for_nothing(wide: World) -> None:
    ids = tuple(said(wide))
    casts = [Cast(organisation=one, vote=Vote.CONFIRM, reason="r", claims=ids) for one in ("bank", "ngo")]
    simulate(wide.open("bank"), casts)
    assert verdict(wide) is Verdict.PROPOSED


# --- blinding ---


def told(world: World, viewer: str) -> str:
    """Everything that a vetter can learn of the claim by every road, ids and addresses left out."""
    atlas = world.open(viewer)
    waiting = queue(atlas)
    view = load_snapshot(atlas)
    snapshot = view.snapshot
    everything = {
        "show": show(atlas, "evil.com").to_json(),
        "accepted": [one.to_json() for one in show(atlas, "evil.com", accepted=True).evidence],
        "search": [
            (str(one.entity), one.claims, one.belief, one.verdict.value) for one in search(atlas, "evil")
        ],
        "queue": [(str(one.claim), one.contributor, one.recorded_at) for one in waiting],
        "votes": list(votes_on(atlas, [one.id for one in waiting]).values()),
        "check": [one.to_json() for one in tell(atlas, [EVIL]).values()],
        "belief": snapshot.belief.tolist(),
        "verdict": snapshot.verdict.tolist(),
        "simulated": snapshot.simulated.tolist(),
        "origins": view.origin_names,
    }
    text = json.dumps(everything, sort_keys=True, default=str)
    for one in waiting:
        text = text.replace(one.id, "ID").replace(one.claim.provenance.capture, "CAPTURE")
    return text


VOTES = [
    [],
    [("police", Vote.CONFIRM)],
    [("police", Vote.DISPUTE)],
    [("police", Vote.CONFIRM), ("vendor", Vote.DISPUTE)],
    [("police", Vote.UNSURE), ("vendor", Vote.DISPUTE), ("ngo", Vote.DISPUTE)],
]


def copy(world: World, folder: Path) -> World:
    return World(shutil.copytree(world.folder, folder))


@pytest.mark.parametrize("cast", VOTES[1:], ids=range(1, len(VOTES)))
def test_before_voting_a_vetter_learns_nothing_of_others_votes(
    wide: World, tmp_path: Path, cast: list[tuple[str, Vote]]
) -> None:
    ids = said(wide, grade="B2", origin="list")
    other = copy(wide, tmp_path / "other")
    for name, word in cast:
        besides = Besides(crime=Answer.NO, disclose=Answer.NO)
        vote(other.open(name), ids, word, "reason", besides=besides)
    assert told(wide, "telecom") == told(other, "telecom")
    assert told(wide, "bank") != told(other, "bank")
    vote(other.open("telecom"), ids, Vote.UNSURE, "cannot tell")
    assert len(votes_on(other.open("telecom"), ids)[ids[0]]) == len(cast) + 1
    other.close()


@pytest.mark.parametrize("origin", ["list", None])
def test_before_voting_a_vetter_does_not_learn_who_contributed(
    fresh: Path, tmp_path: Path, origin: str | None
) -> None:
    seen = []
    for number, who in enumerate(("bank", "police")):
        world = copy(World(fresh), tmp_path / str(number))
        about = {"origin": origin} if origin else {}
        world.say(who, SAID, path="list.txt", **about)
        text = told(world, "vendor")
        seen.append(text if origin else text.replace(f'"{who}"', '"?"'))
        if origin is None:
            [shown] = show(world.open("vendor"), "evil.com").evidence
            assert who not in json.dumps(shown.to_json())
            assert who not in str(queue(world.open("vendor"))[0])
        world.close()
    assert seen[0] == seen[1]


def test_after_voting_a_vetter_sees_the_contributor_and_the_votes(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police")
    assert show(wide.open("vendor"), "evil.com").evidence[0].to_json()["contributor"] is None
    vote(wide.open("vendor"), ids, Vote.UNSURE, "cannot tell")
    [one] = show(wide.open("vendor"), "evil.com").evidence
    assert one.to_json()["contributor"] == "bank"
    assert one.standing.confirmations == 1


# --- three questions, answers to dissent ---


def test_true_about_crime_and_to_be_disclosed_are_answered_apart(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police", crime=Answer.YES, disclose=Answer.NO, until="2027-01-01")
    [cast] = votes_on(wide.open("bank"), ids)[ids[0]]
    assert (cast["vote"], cast["crime"], cast["disclose"]) == ("confirm", "yes", "no")
    assert cast["until"] == "2027-01-01"
    confirm(wide, ids, "vendor")
    [one] = show(wide.open("bank"), "evil.com").evidence
    assert (one.standing.verdict, one.standing.withheld) == (Verdict.ACCEPTED, True)


def test_what_is_true_and_no_crime_is_not_accepted(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police", crime=Answer.NO)
    confirm(wide, ids, "vendor", "ngo")
    assert verdict(wide) is Verdict.PROPOSED
    confirm(wide, ids, "police", crime=Answer.YES)
    assert verdict(wide) is Verdict.ACCEPTED


def test_a_dispute_blocks_until_it_is_taken_back(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police", "vendor", "ngo")
    vote(wide.open("telecom"), ids, Vote.DISPUTE, "our customer, a shop")
    assert verdict(wide) is Verdict.DISPUTED
    confirm(wide, ids, "telecom")
    assert verdict(wide) is Verdict.ACCEPTED


def test_a_dispute_is_answered_by_three_who_have_read_it_and_stays_to_be_read(wide: World) -> None:
    ids = said(wide)
    vote(wide.open("telecom"), ids, Vote.DISPUTE, "our customer, a shop")
    confirm(wide, ids, "police", "vendor", "ngo")
    assert verdict(wide) is Verdict.DISPUTED
    confirm(wide, ids, "police", "vendor", despite=True)
    assert verdict(wide) is Verdict.DISPUTED
    confirm(wide, ids, "ngo", despite=True)
    assert verdict(wide) is Verdict.ACCEPTED
    words = [(one["organisation"], one["vote"]) for one in votes_on(wide.open("exchange"), ids)[ids[0]]]
    assert ("telecom", "dispute") in words


def test_nobody_answers_a_dispute_unread(wide: World) -> None:
    ids = said(wide)
    vote(wide.open("telecom"), ids, Vote.DISPUTE, "our customer, a shop")
    with pytest.raises(RefusedError, match="not voted") as caught:
        confirm(wide, ids, "police", despite=True)
    assert caught.value.mend


# --- time ---


def test_acceptance_lapses_on_the_review_date(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police", "vendor", until="2026-03-01")
    assert verdict(wide) is Verdict.ACCEPTED
    later = replace(wide.open("bank"), clock=lambda: "2026-03-01T00:00:00.000Z")
    assert show(later, "evil.com").evidence[0].standing.verdict is Verdict.EXPIRED
    expired = load_snapshot(later).snapshot
    assert load_snapshot(wide.open("bank")).snapshot.verdict.tolist() != expired.verdict.tolist()


@pytest.mark.parametrize("day", ["2026-02-03", "2020-01-01"])
def test_a_review_date_in_the_past_is_refused(wide: World, day: str) -> None:
    assert CLOCK.startswith("2026-02-03")
    with pytest.raises(RefusedError, match="past"):
        confirm(wide, said(wide), "police", until=day)


def test_new_evidence_against_it_opens_it_until_it_is_looked_at_again(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police", "vendor")
    wide.say("ngo", (EVIL, "legitimate", entity("service:shops")))
    verdicts = [one.standing.verdict for one in show(wide.open("bank"), "evil.com").evidence]
    assert Verdict.DISPUTED in verdicts
    assert Verdict.ACCEPTED not in verdicts
    confirm(wide, ids, "police", "vendor")
    assert Verdict.ACCEPTED in {one.standing.verdict for one in show(wide.open("bank"), "evil.com").evidence}


# --- recall, batches, policy ---


def test_a_claim_that_its_contributor_withdraws_is_recalled_for_all(wide: World) -> None:
    ids = said(wide)
    confirm(wide, ids, "police", "vendor")
    assert recall(wide.open("bank"), ids, "a mistake of ours") == 1
    for viewer in ("bank", "police", "telecom"):
        assert verdict(wide, viewer) is Verdict.RECALLED
    assert Verdict.RECALLED.value in {
        list(Verdict)[int(number)].value for number in load_snapshot(wide.open("ngo")).snapshot.verdict
    }


def test_what_others_say_too_outlives_a_recall(wide: World) -> None:
    ids = said(wide)
    wide.say("ngo", SAID, origin="elsewhere")
    confirm(wide, ids, "police", "vendor")
    recall(wide.open("bank"), ids, "a mistake of ours")
    assert verdict(wide) is Verdict.PROPOSED


def test_nobody_withdraws_what_others_said(wide: World) -> None:
    ids = said(wide)
    with pytest.raises(RefusedError, match="contributor"):
        recall(wide.open("police"), ids, "I dislike it")
    assert verdict(wide) is Verdict.PROPOSED


def test_a_recall_of_a_hidden_claim_is_hidden(wide: World) -> None:
    hidden = said(wide, marking=Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"})))
    with pytest.raises(NotFoundError):
        recall(wide.open("vendor"), hidden, "x")
    recall(wide.open("bank"), hidden, "a mistake")
    assert verdict(wide, "police") is Verdict.RECALLED
    assert show(wide.open("vendor"), "evil.com").entity is None


def test_claims_of_one_capture_are_voted_on_together(wide: World) -> None:
    sentences = [(entity(f"domain-name:n{n}.com"), "indicates", GANG) for n in range(5)]
    seqs = wide.say("bank", *sentences, path="a") + wide.say("bank", SAID, path="b")
    police = wide.open("police")
    with police.reader.connect() as connection:
        capture = next(police.reader.claims(connection, seqs[:1])).claim.provenance.capture
    ids = in_capture(police, capture[:10].upper())
    assert ids == wide.ids("police", seqs[:5])
    assert vote(police, ids, Vote.CONFIRM, "read the whole list") == 5
    assert in_capture(wide.open("bank"), capture) == []


@pytest.mark.parametrize("digits", ["", "abc", "zzzzzz", "ffffffff", "%" * 8])
def test_no_such_capture_is_said_so(wide: World, digits: str) -> None:
    said(wide)
    with pytest.raises(NotFoundError, match="no such capture"):
        in_capture(wide.open("police"), digits)


def test_the_founder_chooses_the_policy_for_all(wide: World) -> None:
    confirm(wide, said(wide), "police", "vendor")
    choose_policy(wide.open("bank"), "strict")
    assert verdict(wide) is Verdict.PROPOSED
    choose_policy(wide.open("bank"), "default")
    assert verdict(wide) is Verdict.ACCEPTED


def test_nobody_else_chooses_it_and_an_unknown_one_is_refused(wide: World) -> None:
    with pytest.raises(RefusedError, match="founder"):
        choose_policy(wide.open("police"), "strict")
    with pytest.raises(NotFoundError) as caught:
        choose_policy(wide.open("bank"), "anything goes")
    assert "default" in caught.value.mend
