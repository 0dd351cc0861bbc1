"""Things that a source only names together: a path through them pays for it and says what it is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from graph_world import PROPERTIES, World
from test_graph_path import codes

SITE, WALLET = "domain-name:evil.com", "crypto-address:btc:1"
SENTENCE = "a source names it together with the one before and states no link"


def mentioned(**said):
    world = World()
    world.say(SITE, "mentioned-with", WALLET, **said)
    return world


def chain(world, *names, **said):
    for one, two in pairwise(names):
        world.say(one, "contact", two, **said)


def test_a_mention_is_walked_where_nothing_else_is_and_the_path_says_what_it_is():
    (path,) = mentioned().paths(SITE, WALLET)
    assert [(warn.code, warn.sentence) for warn in path.warnings] == [("mention", SENTENCE)]
    assert path.joins
    assert path.attribution


def test_the_warning_speaks_of_the_thing_at_the_far_end_of_the_mention():
    world = mentioned()
    for start, goal in ((SITE, WALLET), (WALLET, SITE)):
        (path,) = world.paths(start, goal)
        assert world.named(world.snapshot(), [path.warnings[0].node]) == [goal]


def test_a_mention_lowers_the_rank_and_not_the_belief_in_what_was_said():
    (mere,) = mentioned().paths(SITE, WALLET)
    stated = World()
    stated.say(SITE, "requests-payment-to", WALLET)
    (link,) = stated.paths(SITE, WALLET)
    assert mere.belief == link.belief
    assert mere.score < link.score / 5


def test_a_stated_link_between_the_same_two_is_the_hop_that_is_shown():
    world = mentioned(grade="A1")
    world.say(SITE, "requests-payment-to", WALLET, grade="D4")
    (path,) = world.paths(SITE, WALLET)
    assert path.hops[0].property == "requests-payment-to"
    assert "mention" not in codes(path)


@pytest.mark.parametrize("between", [1, 2, 3], ids="{} identifiers between".format)
def test_a_shared_identifier_comes_before_a_sentence(between):
    world = mentioned()
    chain(world, SITE, *(f"email-addr:x{number}@x.org" for number in range(between)), WALLET)
    first, second = world.paths(SITE, WALLET)
    assert len(first.hops) == between + 1
    assert "mention" not in codes(first)
    assert codes(second) == {"mention"}


def test_two_mentions_in_a_row_come_after_one():
    world = mentioned(grade="C3")
    world.say(SITE, "mentioned-with", "email-addr:a@x.org", grade="A1")
    world.say("email-addr:a@x.org", "mentioned-with", WALLET, grade="A1")
    first, second = world.paths(SITE, WALLET)
    assert (len(first.hops), len(second.hops)) == (1, 2)


def test_each_mention_on_a_path_is_told():
    world = World()
    world.say(SITE, "mentioned-with", "email-addr:a@x.org")
    world.say("email-addr:a@x.org", "mentioned-with", WALLET)
    (path,) = world.paths(SITE, WALLET)
    told = [warn for warn in path.warnings if warn.code == "mention"]
    assert world.named(world.snapshot(), [warn.node for warn in told]) == ["email-addr:a@x.org", WALLET]


def test_a_mention_still_comes_before_a_way_through_what_joins_nothing():
    world = mentioned()
    world.say(SITE, "located-in", "country:ru")
    world.say(WALLET, "located-in", "country:ru")
    first, second = world.paths(SITE, WALLET)
    assert codes(first) == {"mention"}
    assert first.joins
    assert not second.joins


def test_an_identity_judgement_pays_nothing_for_the_mention_beside_it():
    world = World()
    world.say(SITE, "mentioned-with", "malware:samsam")
    world.same("malware:samsam", "malware:samas")
    (path,) = world.paths(SITE, "malware:samas")
    assert [hop.property for hop in path.hops] == ["mentioned-with", "same-as"]
    assert [warn.code for warn in path.warnings] == ["mention"]


def test_only_mentions_are_loose():
    loose = World().snapshot().loose
    assert [name for name, one in zip(PROPERTIES, loose, strict=True) if one] == ["mentioned-with"]
