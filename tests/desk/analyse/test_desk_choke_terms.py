"""What a coordinator may set, and that what another case reserved vanishes as if for any other reason."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from desk_world import entity
from test_desk_choke import FRESH, GANG, TODAY, accuse, confirm, site

from chokepoint.choke.holders import Holder, holder_of, lead_days, preserve_first
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.analyse import ChokeAnswer


def ask(world: World, **options: object) -> ChokeAnswer:
    return choke_view(load_snapshot(world.open("bank")), ChokeOptions(**options))


def holders(answer: ChokeAnswer) -> set[str]:
    return {lever.holder.name for lever in answer.plan}


@pytest.fixture
def two(world: World) -> World:
    """Two vetted, live domains under different registries."""
    accuse(world, "a.cc", "b.cc", "x.de")
    return world


def test_an_excluded_identifier_leaves_the_plan_and_its_neighbours_stay(two: World) -> None:
    lever = next(one for one in ask(two, without=frozenset({"a.cc"})).plan if "Verisign" in one.holder.name)
    assert (lever.count, lever.total) == (1, 2)
    assert lever.share == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["DENIC (DE)", "denic (de)"])
def test_an_excluded_holder_is_asked_for_nothing(two: World, name: str) -> None:
    assert holders(ask(two)) == {"Verisign (US)", "DENIC (DE)"}
    assert holders(ask(two, without=frozenset({name}))) == {"Verisign (US)"}


@pytest.mark.parametrize(("room", "left"), [(0.5, {"DENIC (DE)"}), (5.0, {"Verisign (US)", "DENIC (DE)"})])
def test_a_cap_binds_its_own_jurisdiction_only(two: World, room: float, left: set[str]) -> None:
    assert holders(ask(two, caps=(("US", room),))) == left


def test_a_reservation_looks_exactly_like_an_exclusion_to_others(two: World) -> None:
    reserved = ask(two, reserved=frozenset({"a.cc"}))
    excluded = ask(two, without=frozenset({"a.cc"}))
    assert reserved.to_json() == excluded.to_json()
    assert reserved.lines() == excluded.lines()
    assert "reserved" not in json.dumps(reserved.to_json())


@pytest.mark.parametrize("name", ["a.cc", "x.de"])
def test_the_plan_around_a_reservation_is_that_of_a_map_without_that_lever(world: World, name: str) -> None:
    others = {"a.cc", "b.cc", "x.de"} - {name}
    accuse(world, *sorted(others))
    without = ask(world).to_json()
    accuse(world, name)
    held = ask(world, reserved=frozenset({name})).to_json()
    assert held["plan"] == without["plan"]
    assert held["leads"] == without["leads"]
    assert name not in json.dumps(held)
    assert name.replace(".", "[.]") not in json.dumps(held)


def test_a_reserved_hub_is_passed_over_without_a_word(two: World) -> None:
    confirm(two, two.say("bank", (site("a.cc"), "resolves-to", entity("ipv4-addr:9.9.9.9")), observed=FRESH))
    assert ask(two).hub.name == "a[.]cc"
    assert ask(two, reserved=frozenset({"a.cc"})).hub.name != "a[.]cc"


def test_the_coordinator_is_told_what_is_reserved(two: World) -> None:
    answer = ask(two, reserved=frozenset({"a.cc", "elsewhere.cc"}), coordinator=True)
    assert answer.reserved == ("a[.]cc",)
    assert any("Reserved by other cases: a[.]cc" in line for line in answer.lines())
    assert answer.to_json()["reserved"] == ["a[.]cc"]


def test_all_targets_excluded_leave_a_plain_reason(two: World) -> None:
    answer = ask(two, without=frozenset({"a.cc", "b.cc", "x.de"}))
    assert answer.plan == ()
    assert any("No vetted target is alive" in line for line in answer.lines())


def test_all_requests_take_effect_on_one_day(two: World) -> None:
    accuse_account = two.say(
        "bank", (entity("user-account:telegram:gang_help"), "indicates", GANG), observed=FRESH
    )
    confirm(two, accuse_account)
    answer = ask(two)
    leads = [timedelta(days=lever.lead_days) for lever in answer.plan]
    assert {answer.start_of(lever) + lead for lever, lead in zip(answer.plan, leads, strict=True)} == {
        answer.effect_day
    }
    assert min(answer.start_of(lever) for lever in answer.plan) == answer.as_of


def test_nothing_starts_before_the_day_that_was_set(two: World) -> None:
    day = TODAY + timedelta(days=40)
    answer = ask(two, not_before=day)
    assert min(answer.start_of(lever) for lever in answer.plan) == day
    assert all(row["start"] >= day.isoformat() for row in answer.to_json()["plan"])
    early = ask(two, not_before=date(2000, 1, 1))
    assert min(early.start_of(lever) for lever in early.plan) == early.as_of


def test_each_line_says_what_to_preserve_and_how_sure_the_effect_is(two: World) -> None:
    line = next(line for line in ask(two).lines() if line.startswith("1. "))
    assert "First ask for preservation of" in line
    assert "if replaced twice as fast" in line
    assert "Send the request on" in line


def test_slower_replacement_never_lasts_less(two: World) -> None:
    for lever in ask(two).plan:
        assert lever.if_faster <= lever.lasting <= lever.if_slower


def test_the_biggest_hub_is_named_with_its_reason(two: World) -> None:
    hub = ask(two).hub
    assert hub.reason == "it is in the plan"
    two.say(
        "bank", *[(site("old.cc"), "indicates", entity(f"malware:m{n}")) for n in range(6)], observed=None
    )
    hub = ask(two).hub
    assert (hub.name, hub.reason) == ("old[.]cc", "there is no recent evidence that it is alive")


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (("domain-name:h.nowhere", FRESH), "nobody is known by name who could act on it"),
        (("domain-name:h.cc", FRESH), "what ties it to an actor is not vetted"),
    ],
    ids=["no holder", "not vetted"],
)
def test_a_hub_that_cannot_be_struck_says_why(two: World, about: tuple[str, object], reason: str) -> None:
    name, observed = about
    rows = [(entity(name), "indicates", entity(f"malware:m{n}")) for n in range(6)]
    two.say("bank", *rows, observed=observed)
    assert ask(two).hub.reason == reason


def test_a_map_that_accuses_nothing_has_no_hub(world: World) -> None:
    world.say("bank", (site("a.cc"), "resolves-to", entity("ipv4-addr:9.9.9.9")), observed=FRESH)
    assert ask(world).hub is None


def test_coverage_names_the_phases_that_the_map_does_not_know(two: World) -> None:
    lines = ask(two).lines()
    assert any(line.startswith("The map knows: lure 3 (3 alive)") for line in lines)
    assert any("cash-out" in line for line in lines if line.startswith("It knows nothing of"))


@pytest.mark.parametrize(
    ("name", "laws"), [("Verisign (US)", ("US",)), ("Radix (AE/IN)", ("AE", "IN")), ("somebody", ())]
)
def test_jurisdictions_are_read_from_the_name(name: str, laws: tuple[str, ...]) -> None:
    assert Holder(name=name, mode="cooperation", how="ask").jurisdictions == laws


def test_every_kind_with_a_holder_has_a_lead_time_and_something_to_preserve() -> None:
    for text in ("domain-name:a.cc", "user-account:telegram:x_help", "email-addr:a@gmail.com"):
        one = entity(text)
        assert holder_of(one) is not None
        assert lead_days(one.kind) > 0
        assert "records" in preserve_first(one.kind)
