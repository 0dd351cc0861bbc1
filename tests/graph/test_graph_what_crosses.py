"""What makes two named things a crossing: identifier by identifier, by hand, each side from a publisher of its own."""

from __future__ import annotations

from itertools import product

import pytest
from graph_world import World

from chokepoint.graph.crossing import DOUBT, crossings

LEFT, RIGHT = "malware:fox lock", "campaign:snow storm"
DAY = "2024-03-05"
BRIDGES = {
    "a wallet": ("crypto-address:0xa", "attributed-to"),
    "a mailbox": ("email-addr:boss@evil.com", "indicates"),
    "a telephone": ("phone-number:+66812345678", "indicates"),
    "a Telegram account": ("user-account:telegram:boss", "indicates"),
    "a site": ("domain-name:evil.com", "indicates"),
    "an address": ("ipv4-addr:194.58.112.1", "indicates"),
    "a file": ("file:sha256:ab", "indicates"),
    "a bank account": ("bank-account:iban:DE1", "attributed-to"),
    "a tracking id": ("tracking-id:google-analytics:UA-1-1", "indicates"),
    "an onion service": ("onion-service:avaddongun7rngel.onion", "indicates"),
}
NO_BRIDGES = {
    "a country": ("country:th", "located-in"),
    "a network": ("autonomous-system:AS1", "indicates"),
    "a list": ("known-list:good", "listed-on"),
    "a company": ("organisation:bad ltd", "attributed-to"),
    "a person": ("person:joe", "attributed-to"),
}
"""What everybody shares, and what is a named thing itself and therefore no identifier."""
every_bridge = pytest.mark.parametrize(("bridge", "name"), BRIDGES.values(), ids=BRIDGES)


def tied(
    *bridges: tuple[str, str], origins: tuple[str, str] = ("one", "two"), days: tuple[str, str] = (DAY, DAY)
) -> World:
    world = World()
    for (bridge, name), (end, origin, day) in product(
        bridges, zip((LEFT, RIGHT), origins, days, strict=True)
    ):
        world.say(bridge, name, end, origin=origin, day=day)
    return world


def found(world: World):
    return crossings(world.snapshot())


@every_bridge
def test_an_identifier_that_two_publishers_tie_to_two_things_crosses_them(bridge, name):
    world = tied((bridge, name))
    (crossing,) = found(world)
    snapshot = world.snapshot()
    assert set(world.named(snapshot, [crossing.left, crossing.right])) == {LEFT, RIGHT}
    assert world.named(snapshot, crossing.bridges) == [bridge]
    assert len(crossing.origins) == 2


@pytest.mark.parametrize(("bridge", "name"), NO_BRIDGES.values(), ids=NO_BRIDGES)
def test_what_everybody_shares_and_what_has_a_name_crosses_nothing(bridge, name):
    assert found(tied((bridge, name))) == []


@every_bridge
def test_one_publisher_of_both_sides_has_already_shown_it(bridge, name):
    assert found(tied((bridge, name), origins=("one", "one"))) == []


@every_bridge
def test_a_publisher_who_comes_late_and_shows_both_sides_ends_the_crossing(bridge, name):
    world = tied((bridge, name))
    world.say(bridge, name, RIGHT, origin="one", day=DAY)
    assert found(world) == []


@every_bridge
def test_a_dispute_that_is_open_takes_the_side_away(bridge, name):
    world = tied((bridge, name))
    world.vote(10, 2, -1)
    assert found(world) == []


@every_bridge
def test_an_echo_of_one_side_makes_it_no_surer(bridge, name):
    world = tied((bridge, name))
    (before,) = found(world)
    for _ in range(5):
        world.say(bridge, name, LEFT, origin="one", day=DAY)
    (after,) = found(world)
    assert (after.belief, after.origins) == (pytest.approx(before.belief), before.origins)


@every_bridge
def test_another_publisher_of_one_side_makes_it_surer(bridge, name):
    world = tied((bridge, name))
    (before,) = found(world)
    world.say(bridge, name, LEFT, origin="three", day=DAY)
    (after,) = found(world)
    assert after.belief > before.belief
    assert len(after.origins) == 3


@every_bridge
def test_with_a_second_bridge_the_two_are_surer_to_belong_together(bridge, name):
    other = BRIDGES["a file"] if bridge != BRIDGES["a file"][0] else BRIDGES["a wallet"]
    (one,) = found(tied((bridge, name)))
    (two,) = found(tied((bridge, name), other))
    assert len(two.bridges) == 2
    assert two.belief == pytest.approx(1 - (1 - one.belief) ** 2)
    assert two.score > one.score


@pytest.mark.parametrize(
    ("kind", "doubted"),
    [
        ("an address", True), ("a site", True), ("a telephone", True), ("a bank account", True),
        ("a wallet", False), ("a file", False), ("an onion service", False),
    ],
)  # fmt: skip
def test_what_changes_hands_counts_half_when_it_was_seen_years_apart(kind, doubted):
    near, far = tied(BRIDGES[kind]), tied(BRIDGES[kind], days=(DAY, "2030-01-01"))
    (one,), (two,) = found(near), found(far)
    assert two.score == pytest.approx(one.score * (DOUBT if doubted else 1.0))
    assert ("time" in {warning.code for warning in two.warnings}) is doubted


def test_all_bridges_together_are_one_crossing_with_the_strongest_first():
    world = tied(*BRIDGES.values())
    world.say(BRIDGES["a file"][0], "indicates", LEFT, origin="three", day=DAY)
    (crossing,) = found(world)
    assert len(crossing.bridges) == len(BRIDGES)
    assert world.named(world.snapshot(), crossing.bridges[:1]) == [BRIDGES["a file"][0]]
    assert crossing.score <= 1
