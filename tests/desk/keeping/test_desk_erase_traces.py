"""What an erasure must not leave behind in the tables beside the records: the names of publishers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_world import entity
from erase_world import MAIL, PERSON, WHY, places_of

from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.erase import erase

if TYPE_CHECKING:
    from desk_world import World

OTHER = entity("domain-name:evil.com")
SAID = (OTHER, "contact", PERSON)


def test_the_name_of_a_publisher_goes_with_the_last_claim_of_theirs(world: World) -> None:
    world.say("bank", SAID, origin=f"letter of {MAIL}")
    world.say("bank", (OTHER, "indicates", entity("group:bad gang")), origin="Phish List")
    atlas = world.open("bank")
    erase(atlas, PERSON, **WHY)
    assert places_of(atlas, MAIL) == []
    again = world.say("bank", (OTHER, "indicates", entity("group:other gang")), origin="Phish List")
    assert world.ids("bank", again)
    assert verify(atlas).records


def test_a_publisher_of_what_stays_keeps_its_name(world: World) -> None:
    world.say("bank", SAID, origin="Phish List")
    world.say("bank", (OTHER, "indicates", entity("group:bad gang")), origin="Phish List")
    atlas = world.open("bank")
    erase(atlas, PERSON, **WHY)
    assert places_of(atlas, "Phish List")
