"""Under which label stands what is reckoned from a whole map: the strictest of what its viewer may see."""

from __future__ import annotations

import pytest
from desk_world import World, entity

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.label import strictest
from chokepoint.model.marking import CLEAR, Marking, Tlp

SHOP, GANG = entity("domain-name:shop.com"), entity("group:gang")


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "atlas")
    for name in ("bank", "police"):
        made.join(name)
    yield made
    made.close()


def said(world: World, who: str, tlp: Tlp) -> list[str]:
    marking = Marking(tlp=tlp)
    return world.ids(
        who, world.say(who, (SHOP, "attributed-to", GANG), marking=marking, origin=f"{who} {tlp}")
    )


def test_an_empty_map_is_for_everybody(world):
    assert strictest(world.open("bank")) is Tlp.CLEAR


@pytest.mark.parametrize("tlp", list(Tlp))
def test_the_strictest_claim_counts_beside_open_ones(world, tlp):
    said(world, "bank", Tlp.CLEAR)
    said(world, "bank", tlp)
    assert strictest(world.open("bank")) is tlp


def test_what_others_keep_to_themselves_changes_nothing(world):
    said(world, "bank", Tlp.GREEN)
    said(world, "police", Tlp.RED)
    assert strictest(world.open("bank")) is Tlp.GREEN
    assert strictest(world.open("police")) is Tlp.RED


def test_what_was_opened_later_counts_as_it_is_marked_today(world):
    names = said(world, "bank", Tlp.AMBER_STRICT)
    remark(world.open("bank"), names, CLEAR, "it was published")
    assert strictest(world.open("bank")) is Tlp.CLEAR
