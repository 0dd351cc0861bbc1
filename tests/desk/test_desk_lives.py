"""The lives of an identifier that changed hands, for whoever may see what tells of both."""

from __future__ import annotations

from desk_world import RED, entity

from chokepoint.desk.connect import connect
from chokepoint.desk.lives import lives
from chokepoint.model.claim import Interval

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
