"""The whole map as bubbles: all of it, named, opened part by part, remembered for whoever looked."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from canvas_world import FAMILY, tell
from desk_world import entity

from chokepoint.desk.canvas import overview
from chokepoint.graph.community import FEW
from chokepoint.model.errors import NotFoundError
from chokepoint.model.marking import Viewer

REMEMBERING = sys.modules["chokepoint.desk.canvas.overview"]  # the package has a function of that name


@pytest.fixture(scope="module")
def atlas(worlds):
    world = worlds()
    tell(world)
    return world.open("police")


def test_a_small_map_is_shown_node_by_node(atlas):
    found = overview(atlas)
    assert (found.bubbles, found.total) == ((), 10)
    assert found.piece is not None
    assert len(found.piece.nodes) == 10


@pytest.fixture(scope="module")
def large(worlds):
    world = worlds()
    tell(world)
    crowd = [
        (entity(f"domain-name:n{at}.net"), "indicates", entity("campaign:flood")) for at in range(FEW + 10)
    ]
    world.say("vendor", *crowd, path="crowd")
    world.say("vendor", (entity("campaign:flood"), "uses", FAMILY), path="tie")
    return world.open("police")


def test_a_large_map_is_shown_as_bubbles_that_hold_all_of_it(large):
    found = overview(large)
    assert found.piece is None
    assert sum(bubble.count for bubble in found.bubbles) == found.total == FEW + 21


def test_a_bubble_is_named_after_its_busiest_actor(large):
    assert overview(large).bubbles[0].label == "flood"


def test_a_bubble_says_what_is_commonest_in_it(large):
    first = overview(large).bubbles[0]
    assert next(iter(first.kinds)) == "Domain"
    assert first.icon == "globe"


def test_opening_a_bubble_shows_what_it_holds(large):
    for bubble in overview(large).bubbles:
        assert overview(large, bubble.way).total == bubble.count


@pytest.mark.parametrize("way", [(7_000,), (-1,), tuple([0] * 60)], ids=["beyond", "negative", "too deep"])
def test_a_part_that_does_not_exist_is_said_so(large, way):
    with pytest.raises(NotFoundError):
        overview(large, way)


def test_a_second_look_at_the_whole_map_is_remembered(large, monkeypatch):
    first = overview(large)
    monkeypatch.setattr(REMEMBERING, "part", None)
    assert overview(large) == first


def test_what_is_remembered_ends_when_the_map_changes(world):
    tell(world)
    before = overview(world.open("police")).total
    world.say("vendor", (entity("domain-name:late.com"), "indicates", FAMILY), path="late")
    assert overview(world.open("police")).total == before + 1


def test_what_one_member_looked_at_is_not_remembered_for_another(large, monkeypatch):
    overview(large)
    monkeypatch.setattr(REMEMBERING, "part", None)
    with pytest.raises(TypeError):
        overview(replace(large, viewer=Viewer(organisation="vendor")))
