"""Which way comes first, what each way warns of, and what an investigator can check hop by hop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.desk.connect import connect
from chokepoint.desk.identity import decide
from chokepoint.desk.looking.route import WITNESSES, Routes, path
from chokepoint.desk.vetting.review import recall, vote
from chokepoint.graph.path import Limits
from chokepoint.model.claim import between, on_day, parse_day
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Callable

A, B = entity("group:alpha"), entity("group:omega")
SURE, WEAK = entity("domain-name:sure.com"), entity("domain-name:weak.com")
HOST, LIST = entity("ipv4-addr:10.1.2.3"), entity("known-list:cloud ranges")


def ways(world: World, start: str = "alpha", goal: str = "omega", who: str = "bank", **limits: Any) -> Routes:
    return path(world.open(who), start, goal, limits=Limits(**limits))


def through(routes: Routes) -> list[list[str]]:
    """The things between the ends of each way, in order."""
    return [[step.target.value for step in route.steps[:-1]] for route in routes.routes]


def tie(world: World, middle: Any, **about: Any) -> None:
    world.say("vendor", (middle, "indicates", A), (middle, "indicates", B), **about)


# --- order ---


def test_the_better_graded_way_comes_first(world: World) -> None:
    tie(world, WEAK, grade="E5", path="weak", origin="weak")
    tie(world, SURE, grade="A1", path="sure", origin="sure")
    found = ways(world)
    assert through(found) == [["sure.com"], ["weak.com"]]
    assert found.routes[0].belief > found.routes[1].belief


def test_of_two_equal_ways_the_one_that_two_publishers_tell_comes_first(world: World) -> None:
    tie(world, WEAK, path="one", origin="one")
    world.say("vendor", (SURE, "indicates", A), path="two", origin="two")
    world.say("vendor", (SURE, "indicates", B), path="three", origin="three")
    found = ways(world)
    assert through(found)[0] == ["sure.com"]
    assert [route.single_source for route in found.routes] == [False, True]


def test_a_longer_way_of_sure_hops_comes_before_a_short_doubtful_one(world: World) -> None:
    """Ranked by belief and independence, not by the number of hops (DESIGN §6)."""
    second = entity("domain-name:second.com")
    wallet = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
    world.say("vendor", (WEAK, "indicates", A), (WEAK, "indicates", B), grade="E5", path="w", origin="w")
    for number, sentence in enumerate(
        [
            (SURE, "indicates", A),
            (SURE, "requests-payment-to", wallet),
            (second, "requests-payment-to", wallet),
            (second, "indicates", B),
        ]
    ):
        world.say("vendor", sentence, grade="A1", path=f"s{number}", origin=f"s{number}")
    assert through(ways(world))[0] == ["sure.com", wallet.value, "second.com"]


def test_accepted_ways_alone_leave_out_the_proposed_ones(world: World) -> None:
    tie(world, WEAK, grade="A1", path="weak")
    ids = world.ids(
        "vendor", world.say("vendor", (SURE, "indicates", A), (SURE, "indicates", B), path="sure")
    )
    assert through(ways(world, accepted_only=True)) == []
    for who in ("bank", "police"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")
    found = ways(world, accepted_only=True)
    assert through(found) == [["sure.com"]]
    assert {step.verdict for step in found.routes[0].steps} == {"accepted"}


def test_vetting_a_way_brings_it_to_the_front(world: World) -> None:
    tie(world, WEAK, grade="C3", path="weak", origin="weak")
    tie(world, SURE, grade="B2", path="sure", origin="sure")
    assert through(ways(world))[0] == ["sure.com"]
    reader = world.open("vendor").reader
    with reader.connect() as connection:
        seqs = [one.seq for one in reader.claims(connection, range(1, 50)) if one.claim.subject == WEAK]
    for who in ("bank", "police"):
        vote(world.open(who), world.ids("vendor", seqs), Vote.CONFIRM, "seen")
    assert through(ways(world))[0] == ["weak.com"]


def test_a_disputed_or_withdrawn_hop_is_no_way_where_there_is_a_better(world: World) -> None:
    tie(world, SURE, path="sure", origin="sure")
    ids = world.ids(
        "vendor", world.say("vendor", (WEAK, "indicates", A), (WEAK, "indicates", B), path="weak")
    )
    assert len(ways(world).routes) == 2
    recall(world.open("vendor"), ids[:1], "wrong")
    assert through(ways(world)) == [["sure.com"]]


# --- warnings ---


def test_a_way_through_a_shared_host_is_told_last_joins_nothing_and_warns(world: World) -> None:
    one, other = entity("domain-name:one.com"), entity("domain-name:other.com")
    world.say(
        "vendor",
        (one, "indicates", A),
        (other, "indicates", B),
        (one, "resolves-to", HOST),
        (other, "resolves-to", HOST),
    )
    world.say("bank", (HOST, "listed-on", LIST), path="known")
    found = ways(world)
    assert not any(route.joins for route in found.routes)
    assert all("shared-infrastructure" in dict(route.warnings) for route in found.routes)
    tie(world, SURE, path="sure", origin="sure")
    best = ways(world).routes[0]
    assert best.joins
    assert best.warnings == ()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("parking domains ip", "parking"),
        ("known sinkholes", "sinkhole"),
        ("cloudflare ranges", "shared-infrastructure"),
        ("vpn ipv4", "shared-infrastructure"),
        ("some list of ours", "known-good"),
    ],
)
def test_a_warning_says_what_kind_of_shared_thing_it_is(world: World, name: str, code: str) -> None:
    one, other = entity("domain-name:one.com"), entity("domain-name:other.com")
    world.say("vendor", (one, "resolves-to", HOST), (other, "resolves-to", HOST))
    world.say("bank", (HOST, "listed-on", entity(f"known-list:{name}")), path="known")
    [route] = ways(world, "one.com", "other.com").routes
    warnings = dict(route.warnings)
    assert code in warnings
    assert warnings[code].startswith("10[.]1[.]2[.]3: ")
    assert not route.joins


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ("2026-01-01", "2026-01-02", False),
        ("2026-01-01", "2026-01-01", False),
        ("2020-01-01", "2026-01-01", True),
        ("2026-01-01", "", True),
    ],
    ids=["the next day", "the same day", "years apart", "one undated"],
)
def test_hops_that_were_not_seen_at_one_time_are_warned_of(
    world: World, first: str, second: str, warned: bool
) -> None:
    site = entity("domain-name:evil.com")
    for number, (day, middle) in enumerate(((first, A), (second, HOST))):
        observed = on_day(day) if day else None
        name = "indicates" if middle is A else "resolves-to"
        world.say("vendor", (site, name, middle), observed=observed, path=f"{number}")
    [route] = ways(world, "alpha", "10.1.2.3").routes
    assert ("time" in dict(route.warnings)) is warned


def test_a_name_that_lived_twice_attributes_nothing_across_its_lives(world: World) -> None:
    """Registered anew by somebody else, a domain ties its old owner to its new one by nothing but its name."""
    site, old, new = (
        entity("domain-name:shop.com"),
        entity("organisation:bakery"),
        entity("campaign:drop catch gang"),
    )
    early = between(parse_day("2012-01-01"), parse_day("2014-01-01"))
    late = between(parse_day("2024-01-01"), parse_day("2025-01-01"))
    world.say(
        "vendor",
        (site, "legitimate", old),
        observed=early,
        path="old",
        origin="registry",
    )
    world.say(
        "vendor",
        (site, "attributed-to", new),
        (site, "indicates", new),
        observed=late,
        path="new",
        origin="report",
    )
    assert connect(world.open("bank")).split == 1
    found = ways(world, "organisation:bakery", "drop catch gang")
    assert found.routes
    for route in found.routes:
        assert not route.attribution
        assert any("lives" in sentence or "life" in sentence for _, sentence in route.warnings)


def test_a_site_that_a_company_owns_is_no_wallet_of_an_exchange(world: World) -> None:
    """Only wallets are held for many customers; who owns a domain answers for it."""
    world.say("vendor", (SURE, "controlled-by", entity("organisation:shell company")), (SURE, "indicates", A))
    [route] = ways(world, "organisation:shell company", "alpha").routes
    assert route.joins
    assert route.warnings == ()


# --- what can be checked at each hop ---


def test_each_publisher_is_a_witness_before_anyone_is_twice_and_five_are_enough(world: World) -> None:
    for number in range(WITNESSES + 2):
        world.say(
            "vendor",
            (SURE, "indicates", A),
            path=f"{number}",
            origin=f"origin {number % 3}",
            grade="ABCDEF"[number % 6] + "2",
        )
    [route] = ways(world, "sure.com", "alpha").routes
    [step] = route.steps
    assert len(step.witnesses) == WITNESSES
    assert [one.origin for one in step.witnesses[:3]] == ["origin 0", "origin 1", "origin 2"]
    assert step.origins == ("origin 0", "origin 1", "origin 2")
    assert step.to_json()["claim"] == step.witnesses[0].id


def test_the_best_graded_claim_is_named_first_whatever_was_recorded_first(world: World) -> None:
    world.say("vendor", (SURE, "indicates", A), path="rumour", origin="rumour", grade="F6")
    world.say("vendor", (SURE, "indicates", A), path="court", origin="court", grade="A1", place="page 3")
    [step] = ways(world, "sure.com", "alpha").routes[0].steps
    assert (step.witnesses[0].origin, step.witnesses[0].path, step.witnesses[0].place) == (
        "court",
        "court",
        "page 3",
    )


def test_the_interval_of_a_hop_spans_all_its_sightings(world: World) -> None:
    for day in ("2024-05-01", "2022-01-01", "2023-01-01"):
        world.say("vendor", (SURE, "indicates", A), observed=on_day(day), path=day)
    [step] = ways(world, "sure.com", "alpha").routes[0].steps
    assert step.interval == ("2022-01-01", "2024-05-02")


def test_a_hop_walked_backwards_says_so_and_keeps_its_sentence(world: World) -> None:
    world.say("vendor", (SURE, "indicates", A))
    [there], [back] = (ways(world, *ends).routes for ends in (("sure.com", "alpha"), ("alpha", "sure.com")))
    assert (there.steps[0].forward, back.steps[0].forward) == (True, False)
    assert there.steps[0].property == back.steps[0].property == "indicates"
    assert there.belief == back.belief


def test_an_identity_hop_has_its_judge_for_witness_and_no_publisher(world: World) -> None:
    world.say("vendor", (SURE, "indicates", A), (WEAK, "indicates", B))
    decide(world.open("police"), ("alpha", "omega"), Sameness.SAME, reason="one letter under two names")
    [route] = ways(world).routes
    [step] = route.steps
    assert (step.property, step.origins, step.interval) == ("same-as", (), ("", ""))
    assert [(one.origin, one.place) for one in step.witnesses] == [("police", "one letter under two names")]
    assert step.to_json()["interval"] is None


# --- for whom ---


def test_each_viewer_gets_the_best_way_of_their_own_map(world: World) -> None:
    tie(world, WEAK, grade="E5", path="weak", origin="weak")
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"vendor", "bank"}))
    tie(world, SURE, grade="A1", path="sure", origin="sure", marking=closed)
    assert through(ways(world, who="bank")) == [["sure.com"], ["weak.com"]]
    assert through(ways(world, who="police")) == [["weak.com"]]


@settings(max_examples=10)
@given(order=st.permutations(range(4)))
def test_the_order_in_which_things_were_told_changes_no_way(
    worlds: Callable[[], World], order: list[int]
) -> None:
    sayings = [
        ((SURE, "indicates", A), "A1"),
        ((SURE, "indicates", B), "B2"),
        ((WEAK, "indicates", A), "C3"),
        ((WEAK, "indicates", B), "E5"),
    ]
    world = worlds()
    for number in order:
        sentence, grade = sayings[number]
        world.say("vendor", sentence, grade=grade, path=f"{number}", origin=f"origin {number}")
    found = ways(world)
    assert through(found) == [["sure.com"], ["weak.com"]]
    assert [round(route.belief, 4) for route in found.routes] == sorted(
        (round(route.belief, 4) for route in found.routes), reverse=True
    )


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 2), (5, 3)])
def test_no_more_ways_than_asked_for_are_given_and_the_best_stay(world: World, k: int, count: int) -> None:
    for number, grade in enumerate(("A1", "B2", "C3")):
        tie(world, entity(f"domain-name:n{number}.com"), grade=grade, path=f"{number}", origin=f"{number}")
    assert through(ways(world, k=k)) == [[f"n{number}.com"] for number in range(count)]


@pytest.mark.parametrize(("hops", "found"), [(1, 0), (2, 1), (8, 1)])
def test_a_way_longer_than_allowed_is_none(world: World, hops: int, found: int) -> None:
    tie(world, SURE)
    assert len(ways(world, max_hops=hops).routes) == found
