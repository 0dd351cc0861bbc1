"""What the strike answer says in words: why there is or is no plan, when to start, what stands against it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.choke.holders import Concentration, Holder
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.analyse.answer import EPOCH, ChokeAnswer, in_words, kinds
from chokepoint.desk.analyse.choke import newest
from chokepoint.desk.analyse.hub import Hub
from chokepoint.desk.vetting.review import vote
from chokepoint.graph.columns import UNKNOWN
from chokepoint.model.claim import on_day
from chokepoint.model.judgement import Vote

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.model.identity import Entity

TODAY = date(2026, 2, 3)
GANG = entity("group:bad gang")
VERISIGN = Holder(name="Verisign (US)", mode="cooperation", how="suspend the listed domains")


def lever(**more: Any) -> Concentration:
    base: dict[str, Any] = {
        "actor": "bad gang",
        "holder": VERISIGN,
        "kind": "domain-name",
        "count": 3,
        "total": 4,
        "share": 0.75,
        "lasting": 0.02,
        "cost": 1.5,
        "last_seen": (TODAY - EPOCH).days,
        "regrown": ((7, 0.9), (30, 0.99), (90, 1.0)),
        "handles": (1, 2, 3),
        "lead_days": 2.5,
        "if_faster": 0.01,
        "if_slower": 0.05,
    }
    return Concentration(**base | more)


def answer(**more: Any) -> ChokeAnswer:
    base: dict[str, Any] = {
        "as_of": TODAY,
        "since": TODAY - timedelta(days=180),
        "plan": (lever(),),
        "leads": (),
        "coverage": {"lure": (5, 3), "victim": (0, 0)},
        "left_out": {},
        "accepted": 7,
    }
    return ChokeAnswer(**base | more)


# --- when ---


@given(st.lists(st.floats(0, 400), min_size=1, max_size=6))
def test_all_requests_take_effect_on_the_day_of_the_slowest_and_none_starts_before_the_first(leads) -> None:
    told = answer(plan=tuple(lever(lead_days=days) for days in leads))
    starts = [told.start_of(one) for one in told.plan]
    assert min(starts) == TODAY
    assert all(start <= told.effect_day for start in starts)
    for start, days in zip(starts, leads, strict=True):
        assert (told.effect_day - start).days == math.ceil(days)


@pytest.mark.parametrize(("begin", "first"), [(None, TODAY), (date(2026, 3, 1), date(2026, 3, 1))])
def test_nothing_starts_before_the_day_that_was_set(begin: date | None, first: date) -> None:
    told = answer(begin=begin)
    assert told.start_of(told.plan[0]) == first
    assert told.effect_day == first + timedelta(days=3)


def test_without_a_plan_the_effect_is_on_the_day_itself() -> None:
    assert answer(plan=()).effect_day == TODAY


# --- why ---


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"plan": (), "accepted": 0}, "Nothing is accepted yet"),
        ({"plan": (), "accepted": 0, "leads": (lever(),)}, "Leads that wait for vetting (do not act on them yet):"),
        ({"plan": ()}, "No vetted target is alive: of 7 accepted statements none was seen since 2025-08-07"),
        ({}, "1. Verisign (US) can suspend the listed domains: 3 of 4 live domains of bad gang (75%"),
        ({}, "Send the request on 2026-02-03, to take effect with the others on 2026-02-06."),
        ({}, "First ask for preservation of the registration, payment and log-in records"),
        ({}, "Structural only"),
        ({"hub": Hub(name="hub[.]com", links=1234, reason="it is parked")}, "hub[.]com (1,234 links): it is parked."),
    ],
    ids=[
        "nothing accepted", "leads only", "nothing alive", "a plan", "its dates", "what to preserve",
        "no money seen", "the hub",
    ],
)  # fmt: skip
def test_the_explanation_says_why(more: dict[str, Any], words: str) -> None:
    assert words in "\n".join(answer(**more).explanation())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"accepted": 7}, "Nothing is accepted yet"),
        ({"plan": (), "hub": Hub(name="h", links=1, reason="r")}, "Why not the biggest hub"),
        ({"leads": (lever(),)}, "What to do first: members"),
        ({"plan": ()}, "What to do first: members"),
        ({}, "Leads that wait"),
        ({}, "Reserved by other cases"),
        ({}, "No targets:"),
    ],
)
def test_the_explanation_leaves_out_what_does_not_apply(more: dict[str, Any], words: str) -> None:
    assert words not in "\n".join(answer(**more).lines())


def test_where_only_leads_are_found_it_says_who_votes_first_and_why_not_the_biggest_hub() -> None:
    hub = Hub(name="h[.]cc", links=90, reason="what ties it to an actor is not vetted")
    lines = answer(plan=(), leads=(lever(),), hub=hub).lines()
    at = {
        words: place
        for place, line in enumerate(lines)
        for words in ("Leads that", "What to do")
        if words in line
    }
    assert at["Leads that"] < at["What to do"]
    assert "Why not the biggest hub, h[.]cc (90 links): what ties it to an actor is not vetted." in lines


def test_the_lines_tell_the_day_the_coverage_and_what_was_left_out() -> None:
    told = answer(left_out={"parked": 1200, "hacked": 1}, reserved=("a[.]cc", "b[.]cc")).lines()
    assert told[0] == "As of 2026-02-03; alive means seen since 2025-08-07."
    assert "The map knows: lure 5 (3 alive)." in told
    assert "It knows nothing of: victim." in told
    assert "Reserved by other cases: a[.]cc, b[.]cc." in told
    assert told[-1] == "No targets: 1,200 parked, 1 hacked."


def test_a_map_of_nothing_claims_no_coverage() -> None:
    told = answer(coverage={"lure": (0, 0)}, plan=(), accepted=0).lines()
    assert not [line for line in told if "The map knows" in line or "It knows nothing" in line]


def test_steps_are_numbered_in_the_order_of_the_plan() -> None:
    told = answer(plan=(lever(), lever(actor="other gang")))
    assert [line[:2] for line in told.reasons()] == ["1.", "2."]
    assert [one["step"] for one in told.to_json()["plan"]] == [1, 2]


def test_a_lever_in_words_gives_both_stretches_of_replacement_and_the_last_evidence() -> None:
    said = in_words(lever())
    assert "last seen 2026-02-03" in said
    assert "90% by day 7, 99% by day 30" in said
    assert "lasting effect over 90 days 2.0% (1.0% if replaced twice as fast, 5.0% if half as fast)" in said


@pytest.mark.parametrize(
    ("kind", "words"),
    [("domain-name", "domains"), ("email-addr", "e-mail addresses"), ("user-account", "accounts")],
)
def test_several_of_a_kind_read_as_a_person_says_them(kind: str, words: str) -> None:
    assert kinds(kind) == words


def test_the_json_rounds_and_keeps_the_jurisdictions() -> None:
    [step] = answer(plan=(lever(share=1 / 3, cost=1.23456),)).to_json()["plan"]
    assert (step["share"], step["cost"], step["jurisdictions"]) == (0.3333, 1.23, ["US"])
    assert step["sensitivity"] == {"replacement_days_x0.5": 0.01, "replacement_days_x2": 0.05}


# --- which day ---


@given(st.lists(st.integers(-20_000, 30_000), max_size=8))
def test_the_day_of_the_answer_is_that_of_the_newest_evidence(days: list[int]) -> None:
    import numpy as np  # noqa: PLC0415 - beside its use

    seen = np.array([*days, UNKNOWN], np.int32)
    wanted = max(days) if days else (TODAY - EPOCH).days
    assert newest(seen, TODAY) == EPOCH + timedelta(days=wanted)


# --- the hub ---


def accused(world: World, *names: str, day: str = "2026-01-20", votes: bool = True) -> None:
    sites = [(entity(f"domain-name:{name}"), "indicates", GANG) for name in names]
    observed = on_day(day) if day else None
    ids = world.ids("bank", world.say("bank", *sites, observed=observed, grade="A1", path=f"{names}{day}"))
    for who in ("police", "vendor") if votes else ():
        vote(world.open(who), ids, Vote.CONFIRM, "seen")


def links(world: World, subject: Entity, count: int = 4) -> None:
    """Many further statements about one thing, so that it is the biggest hub."""
    hosts = [(subject, "resolves-to", entity(f"ipv4-addr:9.9.9.{number}")) for number in range(count)]
    world.say("bank", *hosts, path=f"dns of {subject.value}")


HUB = entity("domain-name:hub.cc")
REASONS: dict[str, tuple[Callable[[World], object], str]] = {
    "in the plan": (lambda world: accused(world, "hub.cc"), "it is in the plan"),
    "known good": (
        lambda world: [
            accused(world, "hub.cc"),
            world.say("bank", (HUB, "listed-on", entity("known-list:top sites")), path="k"),
        ],
        "parked, sinkholed, shared or known good",
    ),
    "hacked": (
        lambda world: [accused(world, "hub.cc"), world.say("bank", (HUB, "compromised-by", GANG), path="h")],
        "belongs to a victim",
    ),
    "legitimate": (
        lambda world: [
            accused(world, "hub.cc"),
            world.say("bank", (HUB, "legitimate", entity("service:s")), path="l"),
        ],
        "calls it legitimate",
    ),
    "dead": (
        lambda world: [accused(world, "hub.cc", day="2020-01-01"), accused(world, "new.cc")],
        "no recent evidence",
    ),
    "unvetted": (lambda world: accused(world, "hub.cc", votes=False), "is not vetted"),
    "undated": (
        lambda world: [accused(world, "hub.cc", day=""), accused(world, "new.cc")],
        "no recent evidence",
    ),
}


@pytest.mark.parametrize("why", list(REASONS))
def test_the_biggest_hub_is_named_with_the_reason_for_it(world: World, why: str) -> None:
    make, words = REASONS[why]
    make(world)
    links(world, HUB)
    hub = choke_view(load_snapshot(world.open("bank")), ChokeOptions()).hub
    assert hub is not None
    assert hub.name == "hub[.]cc"
    assert hub.links >= 5
    assert words in hub.reason


def test_a_hub_that_nobody_by_name_can_act_on_says_so(world: World) -> None:
    host = entity("ipv4-addr:10.9.9.9")
    ids = world.ids(
        "bank", world.say("bank", (host, "indicates", GANG), observed=on_day("2026-01-20"), grade="A1")
    )
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "seen")
    world.say("bank", *[(entity(f"domain-name:n{n}.cc"), "resolves-to", host) for n in range(4)], path="d")
    hub = choke_view(load_snapshot(world.open("bank")), ChokeOptions()).hub
    assert hub is not None
    assert "nobody is known by name" in hub.reason


def test_a_hub_that_the_budget_passes_over_says_so(world: World) -> None:
    accused(world, "hub.cc", "a.cc")
    links(world, HUB)
    hub = choke_view(load_snapshot(world.open("bank")), ChokeOptions(budget=0.1)).hub
    assert hub is not None
    assert hub.reason == "other levers do more lasting damage for the budget"


@pytest.mark.parametrize("name", ["hub.cc", "HUB.CC", "hub[.]cc", "domain-name:hub.cc"])
def test_an_excluded_hub_gives_way_to_the_next_however_it_is_written(world: World, name: str) -> None:
    accused(world, "hub.cc", "a.cc")
    links(world, HUB)
    links(world, entity("domain-name:a.cc"), 2)
    answered = choke_view(load_snapshot(world.open("bank")), ChokeOptions(without=frozenset({name})))
    assert answered.hub is not None
    assert answered.hub.name == "a[.]cc"
    assert "hub" not in str(answered.to_json()["plan"])
