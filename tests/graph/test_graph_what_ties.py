"""What may tie two sites to one operator and what may not: thing by thing, by hand, each from sources of its own."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from graph_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.link.known import Listed

LEFT, RIGHT = "domain-name:fox-a.com", "domain-name:fox-b.com"
DAY = "2024-03-05"
TIES = {
    "an address": ("ipv4-addr:194.58.112.1", "resolves-to"),
    "a mailbox": ("email-addr:boss@evil.com", "contact"),
    "a telephone": ("phone-number:+66812345678", "contact"),
    "a Telegram account": ("user-account:telegram:boss", "contact"),
    "a wallet": ("crypto-address:0xa", "requests-payment-to"),
    "a bank account": ("bank-account:iban:DE1", "requests-payment-to"),
    "a payment handle": ("payment-handle:cashapp:$e", "requests-payment-to"),
    "a tracking id": ("tracking-id:google-analytics:UA-1-1", "related-to"),
    "a certificate": ("x509-certificate:sha1:ab", "related-to"),
    "a file that both hand out": ("file:sha256:ab", "downloads"),
    "a device": ("device:imei:1", "uses"),
    "a company that controls both": ("organisation:bad ltd", "controlled-by"),
    "a person who controls both": ("person:joe", "controlled-by"),
    "a campaign": ("campaign:winter fox", "indicates"),
    "a group": ("group:snow", "attributed-to"),
    "malware": ("malware:fox", "communicates-with"),
    "a domain above both": ("domain-name:evil.com", "subdomain-of"),
}
"""What speaks for one operator where two sites share it."""
NO_TIES = {
    "a name server": ("domain-name:ns1.den.net", "name-server", {"joins-nothing"}),
    "a country": ("country:th", "located-in", {"joins-nothing", "shared-infrastructure"}),
    "a network": ("autonomous-system:AS1", "part-of", {"shared-infrastructure"}),
    "a bank that both imitate": ("organisation:bank", "impersonates", {"joins-nothing"}),
    "a victim of both": ("organisation:victim", "targets", {"joins-nothing"}),
    "an authority that listed both": ("organisation:police", "sanctioned-by", {"joins-nothing"}),
    "a list of both": ("known-list:good", "listed-on", {"joins-nothing", "shared-infrastructure"}),
    "a list that clears both": ("known-list:good", "legitimate", {"joins-nothing", "shared-infrastructure"}),
}
every_tie = pytest.mark.parametrize(("thing", "name"), TIES.values(), ids=TIES)


def shared(*ties: tuple[str, str], origin: str = "", day: str = DAY, grade: str = "B2") -> World:
    """Two sites that share things; each site has a publisher of its own unless one is given."""
    world = World()
    for site, (thing, name) in product((LEFT, RIGHT), ties):
        world.say(site, name, thing, origin=origin or site, day=day, grade=grade)
    return world


def codes(path) -> set[str]:
    return {warning.code for warning in path.warnings}


@every_tie
def test_what_speaks_for_one_operator_joins_without_a_warning(thing, name):
    (path,) = shared((thing, name)).paths(LEFT, RIGHT)
    assert (path.joins, codes(path), path.attribution, path.single_source) == (True, set(), True, False)
    assert [(hop.property, hop.forward) for hop in path.hops] == [(name, True), (name, False)]


@pytest.mark.parametrize(("thing", "name", "why"), NO_TIES.values(), ids=NO_TIES)
def test_what_strangers_share_joins_nothing_and_says_why(thing, name, why):
    (path,) = shared((thing, name)).paths(LEFT, RIGHT)
    assert not path.joins
    assert codes(path) == why


@every_tie
def test_the_way_back_is_the_same_way(thing, name):
    world = shared((thing, name))
    (there,), (back,) = world.paths(LEFT, RIGHT), world.paths(RIGHT, LEFT)
    assert (back.belief, back.origins, back.joins, back.score) == pytest.approx(
        (there.belief, there.origins, there.joins, there.score)
    )
    assert [hop.property for hop in back.hops] == [hop.property for hop in reversed(there.hops)]


@every_tie
def test_one_publisher_of_both_sides_is_told_as_a_single_source(thing, name):
    (alone,) = shared((thing, name), origin="one lab").paths(LEFT, RIGHT)
    (two,) = shared((thing, name)).paths(LEFT, RIGHT)
    assert alone.single_source
    assert alone.origins == 1
    assert alone.score < two.score
    assert alone.belief == pytest.approx(two.belief)


@every_tie
def test_the_belief_of_a_way_is_the_product_of_what_each_claim_alone_would_have(thing, name):
    (path,) = shared((thing, name)).paths(LEFT, RIGHT)
    world = World()
    world.say(LEFT, name, thing, origin="x", day=DAY)
    (single,) = world.paths(LEFT, thing)
    assert path.belief == pytest.approx(single.belief**2)


@every_tie
def test_a_second_publisher_of_one_side_makes_the_way_surer_and_never_less_sure(thing, name):
    world = shared((thing, name))
    (before,) = world.paths(LEFT, RIGHT)
    world.say(LEFT, name, thing, origin="a third lab", day=DAY)
    (after,) = world.paths(LEFT, RIGHT)
    assert after.belief > before.belief
    assert after.origins == 3


@every_tie
def test_an_echo_of_a_publisher_adds_nothing(thing, name):
    world = shared((thing, name))
    (before,) = world.paths(LEFT, RIGHT)
    for _ in range(5):
        world.say(LEFT, name, thing, origin=LEFT, day=DAY)
    (after,) = world.paths(LEFT, RIGHT)
    assert (after.belief, after.origins) == pytest.approx((before.belief, before.origins))


@every_tie
def test_better_graded_sources_make_surer_ways(thing, name):
    beliefs = [
        shared((thing, name), grade=grade).paths(LEFT, RIGHT)[0].belief
        for grade in ("A2", "B2", "C3", "D4", "E5")
    ]
    assert beliefs == sorted(beliefs, reverse=True)
    assert len(set(beliefs)) == len(beliefs)


@every_tie
def test_a_dispute_that_is_open_is_told_on_the_way(thing, name):
    world = shared((thing, name))
    world.vote(10, 2, -1)
    ways = world.paths(LEFT, RIGHT)
    assert all("disputed" in codes(path) for path in ways)


@pytest.mark.parametrize(
    ("kind", "later", "warned"),
    [
        pytest.param("an address", "2024-04-05", False, id="an address within a month"),
        pytest.param("an address", "2024-04-06", True, id="an address after it"),
        pytest.param("a telephone", "2024-04-06", True, id="a telephone after a month"),
        pytest.param("a domain above both", "2030-01-01", False, id="a name within a name, years after"),
        pytest.param("a wallet", "2030-01-01", False, id="a wallet never changes hands"),
        pytest.param("a bank account", "2024-04-06", True, id="a bank account does"),
        pytest.param("malware", "2030-01-01", False, id="nor malware"),
        pytest.param("a company that controls both", "2030-01-01", False, id="nor a company"),
    ],
)
def test_what_changes_hands_is_doubted_when_the_two_sightings_lie_too_far_apart(kind, later, warned):
    thing, name = TIES[kind]
    world = World()
    world.say(LEFT, name, thing, origin="one", day=DAY)
    world.say(RIGHT, name, thing, origin="two", day=later)
    (path,) = world.paths(LEFT, RIGHT)
    assert ("time" in codes(path)) is warned


def test_a_tie_comes_before_what_strangers_share_however_well_known_that_is():
    world = shared(TIES["a wallet"])
    for thing, name, _ in NO_TIES.values():
        for number in range(4):
            world.say(LEFT, name, thing, origin=f"lab {number}", day=DAY, grade="A2")
            world.say(RIGHT, name, thing, origin=f"lab {number}", day=DAY, grade="A2")
    ways = world.paths(LEFT, RIGHT)
    assert ways[0].joins
    assert ways[0].hops[0].property == "requests-payment-to"


@settings(max_examples=20)
@given(st.lists(st.sampled_from(sorted(TIES)), min_size=1, max_size=4, unique=True))
def test_as_many_ways_as_things_shared_are_found_each_once(kinds):
    world = shared(*(TIES[kind] for kind in kinds))
    middles = [
        world.named(world.snapshot(), [path.hops[0].target])[0] for path in world.paths(LEFT, RIGHT, k=10)
    ]
    assert sorted(middles) == sorted(TIES[kind][0] for kind in kinds)


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(sorted(TIES)), min_size=2, max_size=4, unique=True),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_things_were_claimed_decides_no_warning(kinds, chance):
    ties = [TIES[kind] for kind in kinds]
    first = {frozenset(codes(path)) for path in shared(*ties).paths(LEFT, RIGHT, k=10)}
    chance.shuffle(ties)
    assert {frozenset(codes(path)) for path in shared(*ties).paths(LEFT, RIGHT, k=10)} == first


@pytest.mark.parametrize(
    ("name", "entry", "thing", "link"),
    [
        pytest.param("Parking domains", "194.58.112.0/24", "ipv4-addr:194.58.112.1", "resolves-to", id="a parking address"),
        pytest.param("Parking domains", "0.0.0.0/0", "ipv4-addr:9.9.9.9", "resolves-to", id="a list of everything"),
    ],
)  # fmt: skip
def test_what_a_list_knows_as_shared_joins_nothing(name, entry, thing, link):
    world = shared((thing, link))
    assert world.paths(LEFT, RIGHT)[0].joins
    world.lists.append(Listed(name=name, entries=(entry,), match="cidr"))
    (path,) = world.paths(LEFT, RIGHT)
    assert not path.joins
    assert path.warnings[0].sentence


@pytest.mark.parametrize("hops", [2, 3, 4])
def test_a_longer_chain_of_ties_still_joins_and_is_less_sure(hops):
    world = World()
    nodes = [LEFT, *(f"crypto-address:0x{at}" for at in range(hops - 1)), RIGHT]
    for at, (one, two) in enumerate(pairwise(nodes)):
        world.say(one, "related-to", two, origin=f"lab {at}", day=DAY)
    (path,) = world.paths(LEFT, RIGHT)
    assert path.joins
    assert len(path.hops) == path.origins == hops
    assert path.belief == pytest.approx(path.hops[0].belief ** hops)
