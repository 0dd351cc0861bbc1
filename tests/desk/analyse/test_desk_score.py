"""What one thing matters: by flow where a chain is accepted, by structure where none is, and which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chain_world import FRESH, GANG, HOST, TODAY, A, B, chain, chained
from desk_world import RED, entity

from chokepoint.desk.analyse.score import Flow, numbered, scores
from chokepoint.desk.watch.access import log
from chokepoint.model.claim import on_day
from chokepoint.model.errors import NotFoundError

if TYPE_CHECKING:
    from desk_world import World

SHOPS = [entity(f"domain-name:shop{number}.com") for number in range(3)]


def score(world: World, thing, who: str = "bank"):
    atlas = world.open(who)
    return scores(atlas).of(numbered(atlas, str(thing)))


def test_on_a_chain_the_score_is_the_flow_that_is_left_without_the_thing(world):
    chain(world)
    answer = chained(world)
    left = {row["name"].replace("[.]", "."): row["flow_without"] for row in answer.what_if}
    before = answer.document["flow_before"]
    found = score(world, A)
    assert (found.chained, found.flow) == (True, Flow(left=left["a.cc"] / before, exact=True))
    assert found.lever is None


def test_the_shop_that_more_victims_reach_matters_more_and_its_host_as_much(world):
    chain(world)
    big, small, host = (score(world, one).flow.left for one in (A, B, HOST))
    assert 0 <= big < small <= 1
    assert host <= big + 1e-9


def test_what_is_on_no_chain_has_no_flow_and_the_map_still_says_that_there_is_one(world):
    chain(world)
    world.say("bank", (entity("domain-name:elsewhere.com"), "indicates", entity("malware:x")), observed=FRESH)
    found = score(world, "elsewhere.com")
    assert (found.chained, found.flow) == (True, None)


def test_without_a_chain_the_score_is_the_lever_under_which_the_thing_stands(world):
    world.say("bank", *((one, "indicates", GANG) for one in SHOPS), observed=FRESH, grade="A1")
    for thing in (SHOPS[0], GANG):
        found = score(world, thing)
        assert (found.chained, found.flow, found.vetted) == (False, None, False)
        assert found.lever.holder.name == "Verisign (US)"
        assert found.lever.count == 3
        assert 0 < found.lever.lasting <= found.lever.share <= 1


def test_what_nobody_can_pull_or_is_long_gone_has_no_lever(world):
    old = on_day(TODAY.replace(year=TODAY.year - 3))
    world.say("bank", (SHOPS[0], "indicates", GANG), observed=old, grade="A1")
    world.say("bank", (entity("email-addr:a@b.example"), "indicates", GANG), observed=FRESH, path="p")
    for thing in (SHOPS[0], "a@b.example"):
        assert score(world, thing).lever is None


def test_a_score_is_made_from_the_viewers_map_alone(world):
    world.say("bank", (SHOPS[0], "indicates", GANG), observed=FRESH, grade="A1")
    before = score(world, GANG, "vendor")
    world.say(
        "police", *((one, "indicates", GANG) for one in SHOPS[1:]), observed=FRESH, marking=RED, path="p"
    )
    assert score(world, GANG, "vendor") == before
    assert score(world, GANG, "police").lever.count == 3


def test_asking_for_one_is_logged_and_for_nothing_known_too(world):
    world.say("bank", (SHOPS[0], "indicates", GANG), observed=FRESH)
    numbered(world.open("police"), "shop0.com")
    with pytest.raises(NotFoundError):
        numbered(world.open("police"), "nobody.example")
    asked = [(one.entry.verb, one.entry.asked) for one in log(world.open("police"))]
    assert sorted(asked) == [("score", "nobody.example"), ("score", "shop0.com")]


def test_a_hidden_thing_is_as_unknown_as_an_absent_one(world):
    world.say("police", (SHOPS[0], "indicates", GANG), marking=RED)
    with pytest.raises(NotFoundError) as hidden:
        numbered(world.open("bank"), "shop0.com")
    assert hidden.value.reason == "nothing known"
