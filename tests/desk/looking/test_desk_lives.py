"""The lives of an identifier that changed hands, for whoever may see what tells of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_world import RED, entity

from chokepoint.desk.analyse.rows import read_periods
from chokepoint.desk.connect import connect
from chokepoint.desk.looking.lives import lives
from chokepoint.model.claim import Interval

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity
    from chokepoint.store.reading import Reader

HOST = entity("domain-name:shop.com")


def lapsed(world, **about):
    squirrel = entity("campaign:lapsed domain squirrel")
    shop = entity("organisation:the shop")
    early, late = Interval("2016-01-01", "2017-01-01"), Interval("2024-01-01", "2024-03-01")
    world.say("bank", (shop, "website", HOST), observed=early, origin="a", grade="A1", **about)
    world.say("bank", (HOST, "indicates", squirrel), observed=late, origin="b", path="b", grade="A1", **about)
    connect(world.open("bank"))


def test_a_domain_that_somebody_else_took_over_has_two_lives(world):
    lapsed(world)
    first, second = lives(world.open("bank"), "shop.com")
    assert (first.number, second.number) == (1, 2)
    assert first.span.start == ""
    assert second.span.end == ""
    assert first.reason
    assert second.reason


def test_what_lies_between_two_lives_is_neither(world):
    lapsed(world)
    first, second = lives(world.open("police"), "shop.com")
    assert (first.span.end, second.span.start) == ("2017-01-01", "2024-01-01")


def test_what_never_changed_hands_is_told_of_nothing(world):
    world.say("bank", (HOST, "indicates", entity("malware:x")))
    connect(world.open("bank"))
    assert lives(world.open("bank"), "shop.com") == ()


def test_what_is_unknown_has_no_lives(world):
    assert lives(world.open("bank"), "nobody.example") == ()
    assert lives(world.open("bank"), "") == ()


def test_who_may_not_see_both_lives_is_told_of_none(world):
    lapsed(world, marking=RED)
    world.say("police", (HOST, "indicates", entity("malware:x")), path="p")
    assert lives(world.open("police"), "shop.com") == ()
    assert len(lives(world.open("bank"), "shop.com")) == 2


def test_the_lives_on_a_map_are_those_of_claims_that_nobody_had_to_open(world, monkeypatch):
    lapsed(world)
    reader = world.open("police").reader
    with reader.connect() as connection:
        expected = [one.seq for one in reader.claims(connection, reader.about(connection, of(reader, HOST)))]
        monkeypatch.setattr("chokepoint.store.reading.Reader.claims", None)
        found = read_periods(reader, connection)
    assert [one.number for one in found] == [1, 2]
    assert sorted(seq for one in found for seq in one.claims) == expected


def test_lives_are_read_anew_when_somebody_has_found_more(world):
    assert lives(world.open("police"), "shop.com") == ()
    lapsed(world)
    assert len(lives(world.open("police"), "shop.com")) == 2


def of(reader: Reader, thing: Entity) -> int:
    with reader.connect() as connection:
        number = reader.eid(connection, thing)
    assert number is not None
    return number
