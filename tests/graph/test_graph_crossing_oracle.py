"""Crossings against the sentences themselves: which pairs, by which identifiers, and how sure."""

from __future__ import annotations

from itertools import combinations
from math import prod

import pytest
from graph_world import JOINING, World
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph import crossing as crossing_module
from chokepoint.graph.crossing import MOST_BEARERS, NAMED, SITES, crossings
from chokepoint.vet.belief import belief

THINGS = ("malware:m", "malware:n", "campaign:c", "group:g", "domain-name:a.com", "domain-name:b.com")
BRIDGES = ("crypto-address:btc:1", "email-addr:x@x.org", "ipv4-addr:1.2.3.4", "domain-name:a.com")
LINKS = ("attributed-to", "indicates", "contact", "name-server")
GRADES = ("A1", "B2", "C3", "F6")


def kind(name):
    return name.partition(":")[0]


@st.composite
def told(draw):
    """A world of claims between identifiers and things, and the same as {sentence: [(grade, origin)]}."""
    world, said = World(), {}
    for name in (*THINGS, *BRIDGES):
        world.eid(name)
    for _ in range(draw(st.integers(1, 10))):
        one, two = draw(st.sampled_from(BRIDGES)), draw(st.sampled_from(THINGS))
        if one == two:
            continue
        ends = (one, two) if draw(st.booleans()) else (two, one)
        sentence = (ends[0], draw(st.sampled_from(LINKS)), ends[1])
        grade, origin = draw(st.sampled_from(GRADES)), draw(st.sampled_from("xyz"))
        world.say(*sentence, grade=grade, origin=origin)
        said.setdefault(sentence, []).append((grade, origin))
    return world, said


def sides(said):
    """For each bridge the things that sentences tie to it: {bridge: [(thing, sentence)]}."""
    found = {}
    for sentence in said:
        subject, name, thing = sentence
        for bridge, end in ((thing, subject), (subject, thing)):
            site = kind(end) in SITES and kind(bridge) not in SITES
            if (
                kind(bridge) in {kind(one) for one in BRIDGES}
                and JOINING[name]
                and (kind(end) in NAMED or site)
            ):
                found.setdefault(bridge, []).append((end, sentence))
    return found


def wanted(said):
    """{pair: {bridge}} of things that only several origins together tie."""
    ties, told_by_one = {}, set()
    for sentence in said:
        if kind(sentence[0]) in NAMED and kind(sentence[2]) in NAMED:
            told_by_one.add(frozenset((sentence[0], sentence[2])))
    for bridge, held in sides(said).items():
        for (one, first), (two, second) in combinations(held, 2):
            if one == two or not {kind(one), kind(two)} & NAMED:
                continue
            pair = frozenset((one, two))
            if {o for _, o in said[first]} & {o for _, o in said[second]}:
                told_by_one.add(pair)
            else:
                ties.setdefault(pair, set()).add(bridge)
    return {pair: bridges for pair, bridges in ties.items() if pair not in told_by_one}


def found(world):
    snapshot = world.snapshot()
    return {
        frozenset(world.named(snapshot, (one.left, one.right))): (
            one,
            set(world.named(snapshot, one.bridges)),
        )
        for one in crossings(snapshot)
    }


@settings(max_examples=80, deadline=None)
@given(told())
def test_crossings_are_the_pairs_that_only_several_origins_tie(made):
    world, said = made
    assert {pair: bridges for pair, (_, bridges) in found(world).items()} == wanted(said)


@settings(max_examples=40, deadline=None)
@given(told())
def test_the_strongest_tie_is_shown_with_its_belief_and_all_its_origins(made):
    world, said = made
    snapshot = world.snapshot()
    names = dict(enumerate(world.named(snapshot, range(snapshot.size))))
    numbers = world.origins
    for pair, (one, bridges) in found(world).items():
        first, second = one.hops
        assert {names[first.source], names[second.target]} == set(pair)
        assert names[first.target] == names[second.source] in bridges
        origins = set()
        for hop in one.hops:
            ends = (names[hop.source], names[hop.target])
            sentence = (
                (*ends[:1], hop.property, *ends[1:]) if hop.forward else (ends[1], hop.property, ends[0])
            )
            assert hop.belief == pytest.approx(belief(said[sentence], []), abs=1e-5)
            origins |= {numbers[origin] for _, origin in said[sentence]}
        assert one.origins == tuple(sorted(origins))
        assert not set(first.origins) & set(second.origins)
        assert one.belief >= prod(hop.belief for hop in one.hops) - 1e-6


@settings(max_examples=40, deadline=None)
@given(told())
def test_the_order_of_claims_changes_no_crossing(made):
    world, _ = made
    other = World(eids=dict(world.eids), origins=dict(world.origins))
    other.links = [(at * 10 + 10, *row[1:]) for at, row in enumerate(reversed(world.links))]
    plain, mixed = found(world), found(other)
    assert {pair: (bridges, round(one.score, 5)) for pair, (one, bridges) in plain.items()} == {
        pair: (bridges, round(one.score, 5)) for pair, (one, bridges) in mixed.items()
    }


@settings(max_examples=25, deadline=None)
@given(told(), st.integers(0, 4))
def test_a_shorter_list_is_the_head_of_the_whole(made, limit):
    snapshot = made[0].snapshot()
    assert crossings(snapshot, limit=limit) == crossings(snapshot)[:limit]


@settings(max_examples=25, deadline=None)
@given(told())
def test_crossings_come_strongest_first(made):
    rows = crossings(made[0].snapshot())
    keys = [(-one.score, one.left, one.right) for one in rows]
    assert keys == sorted(keys)
    assert all(one.left < one.right and 0 < one.score <= 1 for one in rows)


@pytest.mark.parametrize(("more", "crossed"), [(MOST_BEARERS - 2, True), (MOST_BEARERS - 1, False)])
def test_an_identifier_of_too_many_says_nothing_of_any_two(more, crossed):
    world = World()
    wallet = "crypto-address:btc:1"
    world.say(wallet, "attributed-to", "malware:m", origin="one")
    world.say(wallet, "attributed-to", "malware:n", origin="two")
    for at in range(more):
        world.say(wallet, "attributed-to", f"malware:other{at}", origin="one")
    pairs = set(found(world))
    assert (frozenset(("malware:m", "malware:n")) in pairs) is crossed


def test_the_same_thing_said_twice_of_an_identifier_is_one_side():
    world = World()
    world.say("crypto-address:btc:1", "attributed-to", "malware:m", origin="one")
    world.say("crypto-address:btc:1", "indicates", "malware:m", origin="two")
    assert found(world) == {}


def test_a_tie_that_may_be_of_two_times_counts_half():
    def score(day):
        world = World()
        world.say("domain-name:a.com", "indicates", "malware:m", origin="one", day="2015-01-01")
        world.say("domain-name:a.com", "indicates", "malware:n", origin="two", day=day)
        ((one, _),) = found(world).values()
        return one.score

    assert score("2023-01-01") == pytest.approx(crossing_module.DOUBT * score("2015-01-02"))
