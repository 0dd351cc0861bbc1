"""A publisher spelt in several ways corroborates itself no more than an echo does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.vetting.standing import standings
from chokepoint.store.interning import Space

if TYPE_CHECKING:
    from desk_world import World

EVIL = (entity("domain-name:evil.com"), "indicates", entity("malware:dridex"))


def origins(world: World, who: str) -> set[int]:
    atlas = world.open(who)
    with atlas.reader.connect() as connection:
        return set(atlas.reader.links(connection).origin.tolist())


@pytest.mark.parametrize("other", ["SOME BLOG", "some blog.", "Some  Blog", "Some Blog, Inc."])
def test_two_spellings_are_one_origin_and_two_publishers_two(world: World, other: str) -> None:
    world.say("bank", EVIL, origin="Some Blog", path="a.txt")
    world.say("police", EVIL, origin=other, path="b.txt")
    assert len(origins(world, "vendor")) == 1
    world.say("vendor", EVIL, origin="Other Blog", path="c.txt")
    assert len(origins(world, "vendor")) == 2


def test_belief_does_not_rise_by_a_spelling_as_it_does_by_a_publisher(world: World) -> None:
    def belief() -> float:
        return float(load_snapshot(world.open("vendor")).snapshot.belief.max())

    world.say("bank", EVIL, origin="Some Blog", grade="C3", path="a.txt")
    once = belief()
    world.say("police", EVIL, origin="SOME BLOG.", grade="C3", path="b.txt")
    assert belief() == pytest.approx(once)
    world.say("police", EVIL, origin="Other", grade="C3", path="c.txt")
    assert belief() > once


def test_the_dossier_believes_what_the_map_believes(world: World) -> None:
    world.say("bank", EVIL, origin="Some Blog", grade="C3", path="a.txt")
    world.say("police", EVIL, origin="SOME BLOG.", grade="C3", path="b.txt")
    atlas = world.open("vendor")
    with atlas.reader.connect() as connection:
        claims = list(atlas.reader.claims(connection, atlas.reader.with_property(connection, ["indicates"])))
        found = standings(atlas.reader, connection, claims)
    on_map = float(load_snapshot(atlas).snapshot.belief.max())
    assert {round(one.belief, 5) for one in found.values()} == {round(on_map, 5)}


def test_a_spelling_that_somebody_does_not_see_names_nothing_to_them(world: World) -> None:
    world.say("bank", EVIL, origin="Secret Blog", path="a.txt", marking=RED)
    world.say("police", EVIL, origin="SECRET BLOG", path="b.txt")
    atlas = world.open("vendor")
    with atlas.reader.connect() as connection:
        names = atlas.reader.names(connection, Space.ORIGIN)
        assert {names[number] for number in atlas.reader.links(connection).origin.tolist()} == {"SECRET BLOG"}
