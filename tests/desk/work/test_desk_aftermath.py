"""The map before and after: the same measure twice, a comparison where there is one, and plain words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.aftermath import around
from chokepoint.desk.work.operation import act, open_operation
from chokepoint.desk.work.outcome import Hit, record
from chokepoint.impact.baseline import Baseline
from chokepoint.model.claim import on_day
from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import CLEAR

if TYPE_CHECKING:
    from desk_world import World

DAY = date(2026, 1, 10)
EVIL, GANG = entity("domain-name:evil.com"), entity("group:fox")


def seen(world: World, name: str, *days: int, **about: object) -> None:
    """A domain that resolves to another address on each of these days, counted from the action."""
    for number in days:
        host = entity(f"ipv4-addr:192.0.{abs(number)}.{sum(map(ord, name)) % 250}")
        when = on_day(DAY + timedelta(days=number))
        world.say(
            "bank",
            (entity(f"domain-name:{name}"), "resolves-to", host),
            observed=when,
            path=f"{name}{number}",
            **about,
        )


def struck(world: World, *targets: str) -> Operation:
    one = open_operation(world.open("police"), Operation(id="", name="Fox"))
    for target in targets or ("evil.com",):
        one = act(world.open("police"), one.id, target, ("takedown", DAY.isoformat(), "a registrar"))
    return one


def test_links_seen_before_and_after_are_counted_in_windows_of_the_same_length(world: World) -> None:
    seen(world, "evil.com", -40, -10, -9, -1, 0, 5, 40)
    found = around(world.open("police"), struck(world), 20)
    assert found is not None
    assert (found.baseline.before, found.baseline.after) == (3, 2)
    assert (found.day, found.days, found.targets) == ("2026-01-10", 20, 1)


def test_the_first_sighting_from_the_day_of_the_action_is_when_it_was_back(world: World) -> None:
    seen(world, "evil.com", -3, 6, 9)
    assert around(world.open("police"), struck(world)).baseline.back == 6


def test_what_was_not_seen_again_is_not_said_to_be_back(world: World) -> None:
    seen(world, "evil.com", -3)
    found = around(world.open("police"), struck(world))
    assert found.baseline.back is None
    assert not any("again" in sentence for sentence in found.sentences())


def test_windows_are_no_longer_than_the_map_has_been_watched_since(world: World) -> None:
    assert around(world.open("police"), struck(world), 365).days == 24


def test_an_action_on_the_first_day_that_there_is_has_nothing_before_it(world: World) -> None:
    """Its operation could never be looked at again: what is on record cannot be taken back."""
    seen(world, "evil.com", -3)
    one = open_operation(world.open("police"), Operation(id="", name="Fox"))
    one = act(world.open("police"), one.id, "evil.com", ("takedown", "0001-01-01", "a registrar"))
    found = around(world.open("police"), one)
    assert (found.day, found.days, found.baseline.before, found.hindsight) == ("0001-01-01", 30, 0, True)
    assert found.sentences()


def test_things_of_the_same_kind_that_nobody_struck_are_the_comparison(world: World) -> None:
    seen(world, "evil.com", -3, -2)
    for number in range(12):
        seen(world, f"other{number}.com", -2)
    for number in range(6):
        seen(world, f"other{number}.com", 3)
    found = around(world.open("police"), struck(world))
    assert (found.baseline.others_before, found.baseline.others_after) == (12, 6)
    assert found.baseline.expected == pytest.approx(1.0)
    assert any("went from 12 to 6" in sentence for sentence in found.sentences())


def test_neighbours_of_a_target_are_no_comparison(world: World) -> None:
    seen(world, "evil.com", -2)
    for number in range(12):
        world.say(
            "bank",
            (entity(f"domain-name:near{number}.com"), "subdomain-of", EVIL),
            observed=on_day(DAY - timedelta(2)),
            path=f"n{number}",
        )
    assert around(world.open("police"), struck(world)).baseline.others_before == 0


def test_without_enough_to_compare_with_it_is_said_that_nobody_knows(world: World) -> None:
    seen(world, "evil.com", -3, -2)
    for number in range(10):
        seen(world, f"other{number}.com", -2)
    found = around(world.open("police"), struck(world))
    assert found.baseline.expected is None
    assert found.to_json()["expected"] is None
    assert any("not known" in sentence and "not an effect" in sentence for sentence in found.sentences())


@pytest.mark.parametrize(("before", "expected"), [(10, None), (11, 10.0)])
def test_eleven_sightings_are_the_fewest_that_compare(before: int, expected: float | None) -> None:
    found = Baseline(before=10, after=0, others_before=before, others_after=before, back=None)
    assert found.expected == expected


def test_what_was_on_record_before_the_action_is_measured_on_the_map_of_that_time(world: World) -> None:
    world.clock = "2026-01-08T00:00:00.000Z"
    seen(world, "evil.com", -5, -4)
    world.clock = "2026-02-03T04:05:06.000Z"
    seen(world, "evil.com", -3, 2)  # of the days before, known only later
    found = around(world.open("police"), struck(world))
    assert not found.hindsight
    assert (found.baseline.before, found.baseline.after) == (2, 1)


def test_what_came_on_record_only_later_is_measured_on_todays_map_and_said_so(world: World) -> None:
    seen(world, "evil.com", -5, 2)
    found = around(world.open("police"), struck(world))
    assert found.hindsight
    assert found.baseline.before == 1
    assert any("today's map" in sentence for sentence in found.sentences())


def test_hidden_sightings_change_nothing_for_whoever_may_not_see_them(world: World) -> None:
    seen(world, "evil.com", -3, 2)
    one = struck(world)
    before = around(world.open("police"), one)
    seen(world, "evil.com", -2, 1, marking=RED)
    assert around(world.open("police"), one) == before
    assert around(world.open("bank"), one) != before


def test_undated_links_are_seen_in_no_window(world: World) -> None:
    world.say("bank", (EVIL, "indicates", GANG))
    found = around(world.open("police"), struck(world))
    assert (found.baseline.before, found.baseline.after, found.baseline.back) == (0, 0, None)


def test_what_nobody_has_done_yet_has_no_aftermath(world: World) -> None:
    one = open_operation(world.open("police"), Operation(id="", name="Fox"))
    assert around(world.open("police"), one) is None
    planned = act(world.open("police"), one.id, "evil.com", ("takedown", "2026-02-03", "a registrar"))
    assert around(world.open("police"), planned) is None


def test_outcomes_since_the_action_say_how_long_each_target_lasted(world: World) -> None:
    seen(world, "evil.com", -3)
    one = struck(world, "evil.com", "bad.com")
    police = world.open("police")
    bad = entity("domain-name:bad.com")
    record(police, Hit(entity=EVIL, mode="takedown", on=DAY, back=DAY + timedelta(4)), CLEAR)
    record(police, Hit(entity=bad, mode="takedown", on=DAY, gone=DAY + timedelta(9)), CLEAR)
    record(police, Hit(entity=GANG, mode="takedown", on=DAY, gone=DAY + timedelta(9)), CLEAR)
    record(police, Hit(entity=EVIL, mode="takedown", on=DAY - timedelta(9), gone=DAY), CLEAR)
    assert set(around(police, one).lasted) == {(EVIL, 4, True), (bad, 9, False)}


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_windows_have_one_day_to_ten_years(world: World, days: int) -> None:
    with pytest.raises(RefusedError):
        around(world.open("police"), struck(world), days)
