"""Vetting as its users try it: every order of votes, ties of ties, dates, recalls, and what opens a verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide
from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import depart, invite, join, let_go
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import Besides, choose_policy, recall, simulate, vote, votes_on
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Answer, Sameness, Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.member import Sector
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVIL, TWIN, GANG = entity("domain-name:evil.com"), entity("domain-name:evil.org"), entity("malware:gang")
SAID = (EVIL, "indicates", GANG)
MEMBERS = ("police", "vendor", "ngo", "exchange", "telecom")
Y, N, U = Vote.CONFIRM, Vote.DISPUTE, Vote.UNSURE
ACCEPTED, PROPOSED, DISPUTED = Verdict.ACCEPTED, Verdict.PROPOSED, Verdict.DISPUTED
REJECTED, EXPIRED, RECALLED = Verdict.REJECTED, Verdict.EXPIRED, Verdict.RECALLED


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Six members: the bank contributes, the others may vote."""
    for name in MEMBERS[2:]:
        world.join(name)
    return world


def said(world: World, who: str = "bank", **about: Any) -> list[str]:
    return world.ids(who, world.say(who, about.pop("what", SAID), **about))


def cast(world: World, ids: list[str], who: str, word: Vote = Y, **besides: Any) -> None:
    name, _, user = who.partition("/")
    vote(world.open(name, user), ids, word, "looked", besides=Besides(**besides))


def verdict(world: World, text: str = "evil.com", *, on: str = "", viewer: str = "bank") -> Verdict:
    atlas = world.open(viewer)
    if on:
        atlas = replace(atlas, clock=lambda: f"{on}T00:00:00.000Z")
    found = {
        one.standing.verdict for one in show(atlas, text).evidence if one.stored.claim.property == "indicates"
    }
    [one] = found
    return one


def tie(world: World, name: str, **ties: str) -> None:
    given = {field: frozenset({value}) for field, value in ties.items()}
    update(world.open("bank"), name, lambda known: replace(known, **given))


# --- what votes make, whatever their order ---


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([], PROPOSED),
        ([("police", Y)], PROPOSED),
        ([("police", Y), ("police", Y)], PROPOSED),
        ([("police", Y), ("vendor", Y)], ACCEPTED),
        ([("police", Y), ("vendor", U)], PROPOSED),
        ([("police", Y), ("vendor", Y), ("ngo", U)], ACCEPTED),
        ([("police", Y), ("vendor", Y), ("ngo", N)], DISPUTED),
        ([("police", N)], DISPUTED),
        ([("police", N), ("police", U)], PROPOSED),
        ([("police", N), ("police", Y), ("vendor", Y)], ACCEPTED),
        ([("police", Y), ("vendor", Y), ("vendor", U)], PROPOSED),
        ([("police", Y), ("vendor", Y), ("vendor", N)], DISPUTED),
        ([("police/ann", Y), ("police/bob", N)], DISPUTED),
        ([("police/ann", N), ("police/bob", Y), ("vendor", Y)], ACCEPTED),
        ([("police", N), ("vendor", N), ("ngo", Y)], DISPUTED),
    ],
    ids=[
        "nobody", "one", "one twice", "two", "one and a doubt", "two and a doubt", "two against one",
        "one against", "a dispute becomes a doubt", "a dispute becomes a yes", "a yes becomes a doubt",
        "a yes becomes a dispute", "the newest word of one house is no", "the newest word of one house is yes",
        "two against and one for",
    ],
)  # fmt: skip
def test_each_organisations_newest_word_makes_the_verdict(wide: World, votes, expected: Verdict) -> None:
    ids = said(wide)
    for who, word in votes:
        cast(wide, ids, who, word)
    assert verdict(wide) is expected


@pytest.mark.parametrize(("grade", "expected"), [("E5", REJECTED), ("A1", DISPUTED)])
def test_two_disputes_reject_only_what_is_not_believed(wide: World, grade: str, expected: Verdict) -> None:
    ids = said(wide, grade=grade)
    for who in ("police", "vendor"):
        cast(wide, ids, who, N)
    assert verdict(wide) is expected


@settings(max_examples=12)
@given(
    words=st.lists(
        st.tuples(st.sampled_from(MEMBERS[:4]), st.sampled_from((Y, N, U))), min_size=1, max_size=6
    )
)
def test_the_verdict_is_that_of_the_newest_words_alone(worlds: Callable[[], World], words) -> None:
    """What somebody said before changes nothing, nor does the order among organisations."""
    verdicts = []
    for cast_now in (words, sorted(dict(words).items(), reverse=True)):
        world = worlds()
        for name in MEMBERS[2:]:
            world.join(name)
        ids = said(world)
        for who, word in cast_now:
            cast(world, ids, who, word)
        verdicts.append(verdict(world))
    assert verdicts[0] is verdicts[1]


@pytest.mark.parametrize(
    ("policy", "votes", "expected"),
    [
        ("default", ("police", "vendor"), ACCEPTED),
        ("strict", ("police", "vendor"), PROPOSED),
        ("strict", ("police", "vendor", "ngo"), ACCEPTED),
        ("attribution", ("police", "vendor"), ACCEPTED),
        ("corroborated", ("police", "vendor"), ACCEPTED),
        ("frozen", ("police", "vendor", "ngo", "exchange", "telecom"), PROPOSED),
    ],
)
def test_the_chosen_policy_says_how_much_is_enough(
    wide: World, policy: str, votes, expected: Verdict
) -> None:
    for name, sector in zip(MEMBERS, (Sector.LAW_ENFORCEMENT, Sector.VENDOR, Sector.NGO), strict=False):
        update(wide.open("bank"), name, lambda known, sector=sector: replace(known, sector=sector))
    ids = said(wide, grade="A1")
    for who in votes:
        cast(wide, ids, who)
    choose_policy(wide.open("bank"), policy)
    assert verdict(wide) is expected


def test_three_of_one_sector_do_not_meet_the_strict_policy(wide: World) -> None:
    for name in MEMBERS:
        update(wide.open("bank"), name, lambda known: replace(known, sector=Sector.VENDOR))
    ids = said(wide, grade="A1")
    for who in MEMBERS:
        cast(wide, ids, who)
    choose_policy(wide.open("bank"), "strict")
    assert verdict(wide) is PROPOSED


def test_what_names_who_is_behind_it_needs_more_under_the_attribution_policy(wide: World) -> None:
    what = (EVIL, "attributed-to", entity("group:g"))
    ids = said(wide, what=what, grade="A1")
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    choose_policy(wide.open("bank"), "attribution")
    assert show(wide.open("bank"), "evil.com").evidence[0].standing.verdict is PROPOSED


# --- indirect ways to vet one's own ---


def chain(world: World) -> None:
    """The vendor belongs to a holding that belongs to the bank."""
    tie(world, "vendor", parents="Middle Holding")
    world.join("Middle Holding")
    tie(world, "Middle Holding", parents="bank")


WAYS: dict[str, Callable[[World], None]] = {
    "a grandchild of the contributor": chain,
    "a sibling by another spelling of the parent": lambda world: [
        tie(world, "bank", parents="ACME Holding Ltd"),
        tie(world, "vendor", parents="Acme"),
    ],
    "a daughter of the publisher": lambda world: tie(world, "vendor", parents="Phish List Inc"),
    "the owner of the origin in capitals": lambda world: tie(world, "vendor", origins="PHISH LIST"),
    "whoever draws on the contributor itself": lambda world: tie(world, "vendor", feeds="Phish List GmbH"),
    "a sibling that owns the origin": lambda world: [
        tie(world, "vendor", parents="Acme"),
        tie(world, "ngo", parents="Acme", origins="Phish List"),
    ],
    "both draw on one feed": lambda world: [
        tie(world, "vendor", feeds="Upstream"),
        tie(world, "bank", feeds="UPSTREAM"),
    ],
}  # type: ignore[dict-item]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("way", list(WAYS))
def test_no_indirect_tie_lets_somebody_vet_their_own(wide: World, way: str, when: str) -> None:
    """Ties count whenever they are declared: before the vote or long after it."""
    if when == "before":
        WAYS[way](wide)
    ids = said(wide, origin="Phish List")
    for who in ("vendor", "police"):
        cast(wide, ids, who)
    if when == "after":
        assert verdict(wide) is ACCEPTED
        WAYS[way](wide)
    assert verdict(wide) is PROPOSED
    cast(wide, ids, "telecom")
    assert verdict(wide) is ACCEPTED


def test_a_member_cannot_lift_its_own_tie_after_the_vote(wide: World) -> None:
    tie(wide, "vendor", parents="bank")
    ids = said(wide)
    for who in ("vendor", "police"):
        cast(wide, ids, who)
    told = update(wide.open("vendor"), "vendor", lambda known: replace(known, parents=frozenset()))
    assert told.kept == ("parents",)
    assert verdict(wide) is PROPOSED


def test_votes_on_one_thing_are_no_votes_on_another_that_is_judged_the_same(wide: World) -> None:
    """Merging identities merges no votes: else whoever merges would accept what nobody vetted."""
    ids = said(wide)
    other = said(wide, what=(TWIN, "indicates", GANG), path="twin.txt")
    cast(wide, ids, "police")
    cast(wide, other, "vendor")
    for who in ("bank", "police", "vendor"):
        decide(wide.open(who), ("evil.com", "evil.org"), Sameness.SAME, reason="one owner")
    assert verdict(wide) is PROPOSED
    assert verdict(wide, "evil.org") is PROPOSED
    view = load_snapshot(wide.open("telecom"))
    assert len(view.snapshot.bond_left) == 1


def test_claiming_the_same_after_a_vote_takes_the_vote_back(wide: World) -> None:
    """Who says it too is a contributor, and a contributor's vote counts for nothing."""
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    assert verdict(wide) is ACCEPTED
    said(wide, "vendor", origin="elsewhere")
    assert verdict(wide) is PROPOSED


def test_a_contributor_of_the_statement_cannot_confirm_anothers_claim_of_it(wide: World) -> None:
    said(wide, "vendor", origin="elsewhere")
    ids = said(wide)
    with pytest.raises(RefusedError, match="own claim"):
        cast(wide, ids, "vendor")
    vote(wide.open("vendor"), ids, N, "we looked again and were wrong")
    assert verdict(wide) is DISPUTED


def test_votes_on_two_claims_of_one_statement_add_up_once_an_organisation(wide: World) -> None:
    ids = said(wide)
    other = said(wide, origin="another", path="b.txt")
    cast(wide, ids, "police")
    cast(wide, other, "police")
    assert verdict(wide) is PROPOSED
    cast(wide, other, "vendor")
    assert verdict(wide) is ACCEPTED


def test_simulated_votes_never_add_to_real_ones(wide: World) -> None:
    ids = said(wide)
    cast(wide, ids, "police")
    simulate(wide.open("bank"), [Cast(organisation="vendor", vote=Y, reason="rule", claims=tuple(ids))])
    assert not [
        one
        for one in show(wide.open("bank"), "evil.com", accepted=True).evidence
        if not one.standing.simulated
    ]


# --- people and organisations that go ---


def test_what_an_organisation_voted_stands_when_it_has_left(wide: World) -> None:
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    depart(wide.open("bank"), "vendor", "merged with another")
    assert verdict(wide) is ACCEPTED
    with pytest.raises(NotFoundError):
        cast(
            wide,
            said(wide, path="b", marking=Marking(tlp=Tlp.GREEN), what=(TWIN, "indicates", GANG)),
            "vendor",
        )


def test_the_vote_of_somebody_who_has_left_is_still_their_organisations(wide: World) -> None:
    join(wide.open("police", "ann"), invite(wide.open("police"), "ann", [Role.VETTER]))
    ids = said(wide)
    cast(wide, ids, "police/ann")
    cast(wide, ids, "vendor")
    let_go(wide.open("police"), "ann")
    assert verdict(wide) is ACCEPTED
    cast(wide, ids, "police", U)
    assert verdict(wide) is PROPOSED


def test_a_vote_on_what_was_closed_since_is_no_vote_for_whoever_sees_neither(wide: World) -> None:
    ids = said(wide, marking=Marking(tlp=Tlp.GREEN))
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    said(wide, "ngo", origin="elsewhere")
    remark(wide.open("bank"), ids, Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"})), "a source")
    assert verdict(wide, viewer="telecom") is PROPOSED
    assert show(wide.open("telecom"), "evil.com").evidence[0].standing.confirmations == 0


# --- time ---


@pytest.mark.parametrize(
    ("until", "day", "expected"),
    [
        (("2026-03-01", "2026-03-01"), "2026-02-28", ACCEPTED),
        (("2026-03-01", "2026-03-01"), "2026-03-01", EXPIRED),
        (("2026-03-01", "2027-01-01"), "2026-03-01", EXPIRED),
        (("2026-03-01", ""), "2026-03-01", EXPIRED),
        (("", ""), "2099-01-01", ACCEPTED),
        (("2026-03-01", "2027-01-01", ""), "2026-03-01", ACCEPTED),
        (("2026-03-01", "2027-01-01", ""), "2027-01-01", EXPIRED),
    ],
    ids=[
        "the day before", "on the day", "one of two lapsed", "one dated one not", "no date never lapses",
        "two of three still hold", "one of three still holds",
    ],
)  # fmt: skip
def test_acceptance_holds_until_too_few_votes_do(wide: World, until, day: str, expected: Verdict) -> None:
    ids = said(wide)
    for who, last in zip(MEMBERS, until, strict=False):
        cast(wide, ids, who, until=last)
    assert verdict(wide, on=day) is expected


def test_whoever_votes_anew_renews_what_has_lapsed(wide: World) -> None:
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who, until="2026-03-01")
    for who in ("police", "vendor"):
        later = replace(wide.open(who), clock=lambda: "2026-03-02T00:00:00.000Z")
        vote(later, ids, Y, "looked again", besides=Besides(until="2026-09-01"))
    assert verdict(wide, on="2026-03-02") is ACCEPTED
    assert verdict(wide, on="2026-09-01") is EXPIRED


def test_what_has_lapsed_waits_in_the_queue_of_whoever_has_not_voted(wide: World) -> None:
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who, until="2026-03-01")
    later = replace(wide.open("ngo"), clock=lambda: "2026-03-02T00:00:00.000Z")
    assert [one.id for one in queue(later)] == ids


# --- what opens a verdict again ---


@pytest.mark.parametrize(
    ("marking", "expected"),
    [(Marking(), DISPUTED), (Marking(tlp=Tlp.RED, audience=frozenset({"ngo", "police"})), ACCEPTED)],
    ids=["open", "hidden"],
)
def test_evidence_against_it_opens_it_for_whoever_sees_that(wide: World, marking, expected: Verdict) -> None:
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    wide.say("ngo", (EVIL, "legitimate", entity("service:shops")), marking=marking)
    assert verdict(wide) is expected
    assert verdict(wide, viewer="police") is DISPUTED
    assert verdict(wide, viewer="ngo") is PROPOSED  # blind again: it has not voted


def test_evidence_that_voters_knew_does_not_open_what_they_accepted(wide: World) -> None:
    wide.say("ngo", (EVIL, "legitimate", entity("service:shops")))
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    assert verdict(wide) is ACCEPTED


def test_evidence_that_its_contributor_withdraws_speaks_against_nothing(wide: World) -> None:
    """Else whoever says once, and takes back, that a shop is lawful, opens what was accepted for good."""
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    against = wide.ids("ngo", wide.say("ngo", (EVIL, "legitimate", entity("service:shops"))))
    assert verdict(wide) is DISPUTED
    recall(wide.open("ngo"), against, "another shop was meant")
    assert verdict(wide) is ACCEPTED


def test_of_two_who_speak_against_it_one_who_withdraws_leaves_the_other(wide: World) -> None:
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    for who in ("ngo", "exchange"):
        wide.say(who, (EVIL, "legitimate", entity("service:shops")))
    against = [
        one
        for one in show(wide.open("exchange"), "evil.com").evidence
        if one.stored.contributor == "exchange"
    ]
    recall(wide.open("exchange"), [one.stored.id for one in against], "not sure any more")
    assert verdict(wide) is DISPUTED


# --- recall ---


def test_what_is_said_again_after_a_recall_is_vetted_anew(wide: World) -> None:
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    recall(wide.open("bank"), ids, "a typing error")
    assert verdict(wide) is RECALLED
    said(wide, path="corrected.txt", origin="bank again")
    assert PROPOSED in {one.standing.verdict for one in show(wide.open("bank"), "evil.com").evidence}
    assert ACCEPTED not in {one.standing.verdict for one in show(wide.open("bank"), "evil.com").evidence}


def test_a_vote_revives_nothing_that_was_recalled(wide: World) -> None:
    ids = said(wide)
    recall(wide.open("bank"), ids, "wrong")
    for who in MEMBERS:
        cast(wide, ids, who)
    assert verdict(wide) is RECALLED


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_neither_a_vote_nor_a_recall_goes_without_a_reason(wide: World, reason: str) -> None:
    ids = said(wide)
    with pytest.raises(RefusedError, match="reason"):
        vote(wide.open("police"), ids, Y, reason)
    with pytest.raises(RefusedError, match="reason"):
        recall(wide.open("bank"), ids, reason)


@pytest.mark.parametrize("number", [0, 10_001])
def test_a_vote_names_between_one_and_ten_thousand_claims(wide: World, number: int) -> None:
    with pytest.raises(RefusedError, match="1 to 10000 claims"):
        vote(wide.open("police"), ["0" * 64] * number, Y, "all")


def test_one_wrong_id_among_many_records_no_vote_at_all(wide: World) -> None:
    ids = said(wide)
    with pytest.raises(NotFoundError) as caught:
        cast(wide, [*ids, "f" * 64], "police")
    assert caught.value.place == "f" * 64
    assert votes_on(wide.open("bank"), ids) == {}


def test_an_answer_on_crime_stands_apart_from_the_answer_on_truth(wide: World) -> None:
    """Two say that it is true; a third alone, who is unsure of that, says that it is no crime."""
    ids = said(wide)
    for who in ("police", "vendor"):
        cast(wide, ids, who)
    cast(wide, ids, "ngo", U, crime=Answer.NO)
    assert verdict(wide) is PROPOSED
    cast(wide, ids, "ngo", U, crime=Answer.YES)
    assert verdict(wide) is ACCEPTED
