"""A feed of what is accepted: what is in it, since when, and what ever changes it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity

from chokepoint.desk.handing.feed import Piece, feed, feed_mark, fetched
from chokepoint.desk.handing.release import release
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.looking.look import show
from chokepoint.desk.member import update
from chokepoint.desk.people.staff import appoint, invite, join
from chokepoint.desk.vetting.review import Besides, Cast, choose_policy, recall, simulate, vote
from chokepoint.desk.watch.access import for_purpose, log
from chokepoint.desk.watch.oversight import flag_safety, veto
from chokepoint.desk.work.case import Case, open_case
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable

EVIL, GOOD = entity("domain-name:evil.com"), entity("domain-name:good.com")
OTHER = entity("domain-name:other.com")
GANG, JANE = entity("malware:dridex"), entity("person:jane roe")
FIRST, SECOND, THIRD = (f"2026-02-0{day}T04:05:06.000Z" for day in (3, 4, 5))


def accepted(world: World, *sentences, by=("police", "vendor"), **about) -> list[str]:
    """Claims of the bank's that others confirm; their ids."""
    names = world.ids("bank", world.say("bank", *sentences, **about))
    for who in by:
        vote(world.open(who), names, Vote.CONFIRM, "checked")
    return names


def read(world: World, who: str = "vendor") -> list[dict]:
    return [json.loads(one.data) for one in feed(world.open(who))]


def links(world: World, who: str = "vendor") -> list[dict]:
    return [one for one in read(world, who) if one["type"] in {"relationship", "note"}]


def piece_of(world: World, kind: str = "relationship", who: str = "vendor") -> Piece:
    (one,) = [one for one in feed(world.open(who)) if one.type == kind]
    return one


def test_nothing_is_in_it_before_anything_is_accepted(world):
    names = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    assert feed(world.open("vendor")) == ()
    vote(world.open("vendor"), names, Vote.CONFIRM, "checked")
    assert feed(world.open("vendor")) == ()
    vote(world.open("police"), names, Vote.CONFIRM, "checked")
    assert len(links(world)) == 1


def test_an_organisation_that_has_not_voted_gets_what_others_accepted(world):
    accepted(world, (EVIL, "indicates", GANG), by=("police",))
    world.join("charity")
    names = [one.stored.id for one in show(world.open("charity"), "evil.com").evidence]
    assert show(world.open("vendor"), "evil.com").evidence[0].standing.blind
    assert links(world, "vendor") == []
    vote(world.open("charity"), names, Vote.CONFIRM, "checked")
    assert len(links(world, "police")) == len(links(world, "vendor")) == 1


def test_everything_that_an_object_names_is_in_it_too(world):
    accepted(
        world,
        (EVIL, "indicates", GANG),
        (GANG, "alias", "cridex"),
        (EVIL, "resolves-to", entity("ipv4-addr:203.0.113.7")),
    )
    objects = {one["id"]: one for one in read(world)}
    for one in objects.values():
        named = [value for name, value in one.items() if name.endswith("_ref")]
        named += [each for name, value in one.items() if name.endswith("_refs") for each in value]
        assert set(named) <= objects.keys(), one


def test_it_is_in_the_order_in_which_things_came(world):
    accepted(world, (EVIL, "indicates", GANG))
    world.clock = SECOND
    accepted(world, (GOOD, "indicates", GANG), path="p")
    pieces = feed(world.open("vendor"))
    assert list(pieces) == sorted(pieces, key=lambda one: (one.added, one.id))
    assert len({one.id for one in pieces}) == len(pieces)


def test_the_same_map_gives_the_same_bytes_to_the_same_viewer_whoever_asks_when(world):
    accepted(world, (EVIL, "indicates", GANG), (GANG, "alias", "cridex"))
    before = [(one.id, one.added, one.version, one.data) for one in feed(world.open("vendor"))]
    world.clock = "2026-02-03T23:00:00.000Z"
    assert [(one.id, one.added, one.version, one.data) for one in feed(world.open("vendor"))] == before


def test_an_object_is_there_since_the_last_vote_and_keeps_when_it_was_made(world):
    names = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    for world.clock, who in ((SECOND, "police"), (THIRD, "vendor")):
        vote(world.open(who), names, Vote.CONFIRM, "checked")
    one = piece_of(world)
    said = json.loads(one.data)
    assert (said["created"], said["modified"]) == (FIRST, THIRD)
    assert one.added == one.version == THIRD.replace(".000Z", ".000000Z")


def dispute(world: World, names: list[str]) -> None:
    vote(world.open("police"), names, Vote.DISPUTE, "parked")


def withdraw(world: World, names: list[str]) -> None:
    recall(world.open("bank"), names, "wrong list")


def green(world: World, names: list[str]) -> None:
    remark(world.open("bank"), names, Marking(tlp=Tlp.GREEN), "not for the press")


def another_source(world: World, names: list[str]) -> None:
    world.say("bank", (EVIL, "indicates", GANG), origin="another lab", path="p")


def another_policy(world: World, names: list[str]) -> None:
    choose_policy(world.open("bank"), "default")


@pytest.mark.parametrize("change", [dispute, withdraw, green, another_source, another_policy])
def test_whatever_changes_a_statement_makes_it_newer(world, change: Callable[[World, list[str]], None]):
    names = accepted(world, (EVIL, "indicates", GANG))
    before = piece_of(world)
    world.clock = SECOND
    change(world, names)
    after = [one for one in feed(world.open("vendor")) if one.id == before.id]
    assert [one.added for one in after] == [SECOND.replace(".000Z", ".000000Z")]
    assert json.loads(after[0].data)["created"] == json.loads(before.data)["created"]


@pytest.mark.parametrize("change", [dispute, withdraw])
def test_what_is_accepted_no_longer_is_revoked(world, change: Callable[[World, list[str]], None]):
    names = accepted(world, (EVIL, "indicates", GANG))
    assert "revoked" not in links(world)[0]
    change(world, names)
    assert links(world)[0]["revoked"] is True


def unsure(world: World, names: list[str]) -> None:
    vote(world.open("police"), names, Vote.UNSURE, "on second thoughts")


def tied(world: World, names: list[str]) -> None:
    tie(world, "police")


def frozen(world: World, names: list[str]) -> None:
    choose_policy(world.open("bank"), "frozen")


def said_by_a_voter(world: World, names: list[str]) -> None:
    world.say("police", (EVIL, "indicates", GANG), path="own list")


@pytest.mark.parametrize("change", [unsure, tied, frozen, said_by_a_voter])
def test_what_falls_back_to_open_is_revoked_from_that_moment_on(world, change: Callable[..., None]):
    names = accepted(world, (EVIL, "indicates", GANG))
    world.clock = SECOND
    change(world, names)
    assert [one["revoked"] for one in links(world)] == [True]
    assert piece_of(world).added == SECOND.replace(".000Z", ".000000Z")


def test_what_other_statements_go_through_uses_up_no_look_back(world, monkeypatch: pytest.MonkeyPatch):
    """Each source of another open statement counted as a change of the rules for all."""
    monkeypatch.setattr("chokepoint.desk.handing.fallen.MOST_TIMES", 2)
    names = accepted(world, (EVIL, "indicates", GANG))
    others = accepted(world, (OTHER, "indicates", GANG))
    world.clock = SECOND
    unsure(world, [*names, *others])
    for number in range(4):
        world.say("bank", (OTHER, "indicates", GANG), origin=f"lab {number}", path=f"p{number}")
    assert {one["revoked"] for one in links(world)} == {True}
    assert len(links(world)) >= 2


def test_rules_that_changed_before_anything_was_confirmed_use_up_none(world, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chokepoint.desk.handing.fallen.MOST_TIMES", 2)
    for name in ("strict", "default", "strict", "default"):
        choose_policy(world.open("bank"), name)
    names = accepted(world, (EVIL, "indicates", GANG))
    world.clock = SECOND
    unsure(world, names)
    for name in ("strict", "default"):
        choose_policy(world.open("bank"), name)
    assert [one["revoked"] for one in links(world)] == [True]
    choose_policy(world.open("bank"), "strict")
    assert links(world) == []  # beyond what is looked at nothing is told, rather than guessed


def test_a_viewer_who_may_not_know_why_is_told_that_it_is_over_and_nothing_else(worlds):
    told = []
    for word in (Vote.DISPUTE, Vote.UNSURE):
        world = worlds()
        world.join("charity")
        names = accepted(world, (EVIL, "indicates", GANG))
        world.clock = SECOND
        vote(world.open("police"), names, word, "why")
        [one] = links(world, "charity")
        told.append(
            [one[key] for key in ("revoked", "modified", "created", "confidence", "labels") if key in one]
        )
        assert "disputed" not in json.dumps(one)
        world.clock = THIRD
        vote(world.open("police"), names, Vote.DISPUTE, "once more")
        assert links(world, "charity") == [one]
    assert told[0] == told[1]
    assert told[0][0] is True


def test_what_nobody_could_see_as_accepted_is_revoked_for_nobody(world):
    names = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    vote(world.open("police"), names, Vote.CONFIRM, "checked")
    vote(world.open("police"), names, Vote.UNSURE, "on second thoughts")
    vote(world.open("vendor"), names, Vote.CONFIRM, "checked")
    assert feed(world.open("bank")) == feed(world.open("vendor")) == ()


def test_what_is_accepted_again_is_revoked_no_longer(world):
    names = accepted(world, (EVIL, "indicates", GANG))
    unsure(world, names)
    vote(world.open("police"), names, Vote.CONFIRM, "sure now")
    assert ["revoked" in one for one in links(world)] == [False]


def test_a_vote_that_holds_no_more_lets_what_it_carried_expire(world):
    names = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    for who in ("police", "vendor"):
        vote(world.open(who), names, Vote.CONFIRM, "checked", besides=Besides(until="2026-03-01"))
    assert "revoked" not in links(world)[0]
    mark = feed_mark(world.open("vendor"))
    world.clock = "2026-03-02T00:00:00.000Z"
    assert feed_mark(world.open("vendor")) != mark
    assert [one["revoked"] for one in links(world)] == [True]
    one = piece_of(world)
    assert one.added == one.version == "2026-03-01T00:00:00.000000Z"


def test_a_source_that_calls_it_legitimate_revokes_it_and_makes_that_known(world):
    accepted(world, (EVIL, "indicates", GANG))
    world.clock = SECOND
    world.say(
        "bank", (EVIL, "legitimate", entity("service:shops")), origin="another lab", path="p", grade="A1"
    )
    one = piece_of(world)
    assert json.loads(one.data)["revoked"] is True
    assert one.added == SECOND.replace(".000Z", ".000000Z")


def test_what_is_accepted_once_its_voters_are_no_longer_tied_is_new_from_then_on(world):
    tie(world, "police")
    accepted(world, (EVIL, "indicates", GANG))
    assert links(world) == []
    world.clock = SECOND
    tie(world)
    assert links(world) == []
    tie(world, by="vendor")
    assert piece_of(world).added == SECOND.replace(".000Z", ".000000Z")


def tie(world: World, *parents: str, by: str = "bank") -> None:
    """Whose child the vendor is, in the founder's words or its own."""
    update(world.open(by), "vendor", lambda known: replace(known, parents=frozenset(parents)))


def test_a_statement_of_several_sources_changes_as_a_whole(world):
    names = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG), origin="a"))
    names += world.ids("bank", world.say("bank", (EVIL, "indicates", GANG), origin="b", path="p"))
    for who in ("police", "vendor"):
        vote(world.open(who), names, Vote.CONFIRM, "checked")
    world.clock = SECOND
    vote(world.open("vendor"), names[:1], Vote.CONFIRM, "once more")
    assert {one["modified"] for one in links(world)} == {SECOND}


def test_what_many_claims_speak_of_is_there_since_the_first_under_the_loosest_label(world):
    accepted(world, (EVIL, "indicates", GANG), marking=Marking(tlp=Tlp.GREEN))
    world.clock = SECOND
    accepted(world, (GOOD, "indicates", GANG), path="p")
    gang = piece_of(world, "malware")
    assert gang.added == FIRST.replace(".000Z", ".000000Z")
    names = {one["id"]: one.get("name") for one in read(world)}
    assert [names[mark] for mark in json.loads(gang.data)["object_marking_refs"]] == ["TLP:CLEAR"]


@pytest.mark.parametrize(
    ("marking", "inside"),
    [
        pytest.param(CLEAR, True, id="CLEAR"),
        pytest.param(Marking(tlp=Tlp.GREEN), True, id="GREEN"),
        pytest.param(
            Marking(tlp=Tlp.AMBER, audience=frozenset({"vendor", "police"})), True, id="AMBER for us"
        ),
        pytest.param(
            Marking(tlp=Tlp.AMBER_STRICT, audience=frozenset({"vendor", "police"})), True, id="STRICT for us"
        ),
        pytest.param(
            Marking(tlp=Tlp.RED, audience=frozenset({"vendor", "police", "bank"})), False, id="RED for us"
        ),
        pytest.param(
            Marking(tlp=Tlp.GREEN, handling=frozenset({"H3: ask us first"})),
            False,
            id="its provider's own words",
        ),
        pytest.param(Marking(tlp=Tlp.GREEN, handling=frozenset({"H2"})), True, id="not to be passed on"),
    ],
)
def test_labels_and_handling_codes_hold_for_programs(world, marking, inside):
    accepted(world, (EVIL, "indicates", GANG), marking=marking)
    assert bool(links(world)) is inside


def test_what_a_vetter_says_must_not_be_disclosed_stays(world):
    names = accepted(world, (EVIL, "indicates", GANG))
    besides = Besides(disclose=Answer.NO)
    vote(world.open("police"), names, Vote.CONFIRM, "an inquiry is open", besides=besides)
    assert links(world) == []


@pytest.mark.parametrize("withhold", [veto, flag_safety])
def test_what_is_withheld_leaves_the_feed_at_once(world, withhold):
    accepted(world, (EVIL, "indicates", GANG))
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    mark = feed_mark(world.open("vendor"))
    withhold(world.open("vendor", "olga"), EVIL, "somebody is in danger")
    assert feed_mark(world.open("vendor")) != mark
    assert "evil.com" not in str(read(world))


def test_natural_persons_are_pseudonyms_until_somebody_answers_for_the_name(world):
    accepted(world, (JANE, "uses", GANG), marking=Marking(tlp=Tlp.GREEN))
    assert "jane roe" not in str(read(world))
    appoint(world.open("bank"), "vendor/cora", Role.COORDINATOR)
    mark = feed_mark(world.open("vendor"))
    release(world.open("vendor", "cora"), JANE, basis="a court's order")
    assert feed_mark(world.open("vendor")) != mark
    assert "jane roe" in str(read(world))
    assert "jane roe" not in str(read(world, "police"))


def test_simulated_votes_are_marked_wherever_they_decide(world):
    names = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    casts = [
        Cast(organisation=who, vote=Vote.CONFIRM, reason="a rule", claims=tuple(names))
        for who in ("police", "vendor")
    ]
    simulate(world.open("bank"), casts)
    assert [one["labels"] for one in links(world)] == [["simulated"]]


def test_what_a_case_needs_to_know_is_for_programs_of_its_people_alone(world):
    case = open_case(
        world.open("bank"),
        Case(
            id="",
            title="A",
            purpose="p",
            owner="ann",
            review_date="2027-01-01",
            members=("bank", "police", "vendor"),
        ),
    )
    marking = Marking(tlp=Tlp.AMBER, cases=frozenset({case.id}))
    world.join("charity")
    accepted(world, (EVIL, "indicates", GANG), marking=marking)
    assert len(links(world, "vendor")) == 1
    assert read(world, "charity") == []


@pytest.mark.parametrize("who", ["vendor", "police"])
def test_hidden_claims_change_no_byte_and_no_mark(world, who):
    accepted(world, (EVIL, "indicates", GANG))
    before, mark = feed(world.open(who)), feed_mark(world.open(who))
    hidden = Marking(tlp=Tlp.AMBER)
    world.say(
        "bank",
        (GOOD, "indicates", GANG),
        (EVIL, "indicates", entity("malware:other")),
        marking=hidden,
        path="p",
    )
    world.say("bank", (EVIL, "legitimate", "yes"), marking=RED, path="q")
    assert feed_mark(world.open(who)) == mark
    assert feed(world.open(who)) == before


def test_looks_leave_the_mark_as_it_is(world):
    accepted(world, (EVIL, "indicates", GANG))
    mark = feed_mark(world.open("vendor"))
    show(world.open("vendor"), "evil.com")
    log(world.open("vendor"))
    assert feed_mark(world.open("vendor")) == mark


def test_the_mark_tells_viewers_and_their_cases_apart(world):
    case = open_case(
        world.open("vendor"), Case(id="", title="A", purpose="p", owner="ann", review_date="2027-01-01")
    )
    inside = world.open("vendor")
    object.__setattr__(inside, "purpose", case.id)
    marks = [feed_mark(each) for each in (world.open("vendor"), world.open("police"), for_purpose(inside))]
    assert len(set(marks)) == 3


def test_what_a_program_is_given_is_logged_for_the_organisation_it_serves(world):
    names = accepted(world, (EVIL, "indicates", GANG))
    atlas = world.open("vendor")
    fetched(atlas, feed(atlas), "collection accepted")
    [entry] = [one.entry for one in log(atlas) if one.entry.verb == "taxii"]
    assert (entry.asked, entry.to, entry.claims) == ("collection accepted", ("vendor",), tuple(names))
    assert set(entry.entities) == {tuple(EVIL), tuple(GANG)}


def test_who_may_not_look_is_given_nothing(world):
    accepted(world, (EVIL, "indicates", GANG))
    join(world.open("vendor", "adam"), invite(world.open("vendor"), "adam", [Role.ADMINISTRATOR]))
    with pytest.raises(RefusedError, match="may not look"):
        fetched(world.open("vendor", "adam"), feed(world.open("vendor")), "collection accepted")


@pytest.mark.parametrize("where", ["origin", "place"])
def test_what_it_says_of_a_source_names_nobody_whom_the_map_hides(world, where):
    accepted(world, (JANE, "uses", GANG), origin="a lab", path="first")
    accepted(world, (EVIL, "indicates", GANG), path="second", **{where: "line 1, letter of Jane Roe"})
    told = json.dumps(read(world), ensure_ascii=False).casefold()
    assert "evil.com" in told
    assert "jane" not in told
    assert "roe" not in told
