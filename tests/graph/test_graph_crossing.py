from __future__ import annotations

from graph_world import World

from chokepoint.graph.crossing import crossings
from chokepoint.link.known import Listed

WALLET = "crypto-address:btc:1"


def two_sources(**more):
    world = World(**more)
    world.say(WALLET, "attributed-to", "malware:dmalocker", origin="one")
    world.say(WALLET, "attributed-to", "malware:other name", origin="two")
    return world


def found(world, **limits):
    snapshot = world.snapshot()
    return [
        (*sorted(world.named(snapshot, [c.left, c.right])), world.named(snapshot, c.bridges))
        for c in crossings(snapshot, **limits)
    ]


def test_an_identifier_that_two_origins_tie_to_different_things_is_a_crossing():
    assert found(two_sources()) == [("malware:dmalocker", "malware:other name", [WALLET])]


def test_its_hops_lead_from_one_thing_over_the_identifier_to_the_other():
    world = two_sources()
    snapshot = world.snapshot()
    (crossing,) = crossings(snapshot)
    assert world.named(snapshot, [hop.source for hop in crossing.hops]) == ["malware:dmalocker", WALLET]
    assert crossing.hops[0].target == crossing.hops[1].source
    assert len(crossing.origins) == 2
    assert abs(crossing.belief - crossing.hops[0].belief * crossing.hops[1].belief) < 1e-6


def test_what_one_origin_already_showed_is_no_crossing():
    world = two_sources()
    world.say(WALLET, "attributed-to", "malware:other name", origin="one")
    assert found(world) == []


def test_a_single_source_tie_by_any_other_identifier_takes_the_pair_out():
    world = two_sources()
    for name in ("dmalocker", "other name"):
        world.say("crypto-address:btc:2", "attributed-to", f"malware:{name}", origin="three")
    assert found(world) == []


def test_things_that_are_linked_or_one_already_are_no_crossing():
    linked = two_sources()
    linked.say("malware:dmalocker", "variant-of", "malware:other name", origin="three")
    assert found(linked) == []
    joined = two_sources()
    joined.same("malware:dmalocker", "malware:other name")
    assert found(joined) == []


def test_shared_infrastructure_crosses_nothing():
    world = World(lists=[Listed(name="Parking domains", entries=["9.9.9.9"])])
    world.say("ipv4-addr:9.9.9.9", "indicates", "malware:a", origin="one")
    world.say("ipv4-addr:9.9.9.9", "indicates", "malware:b", origin="two")
    assert found(world) == []


def test_an_identifier_that_lived_twice_crosses_nothing():
    world = World()
    world.say("organisation:shop", "website", "domain-name:shop.com", origin="one", until="2020-01-01")
    world.say("domain-name:shop.com", "indicates", "campaign:c", origin="two", day="2024-01-01")
    assert found(world) == []


def test_an_identifier_of_a_crowd_crosses_nothing():
    world = World()
    for number in range(40):
        world.say(WALLET, "attributed-to", f"malware:m{number}", origin=f"o{number}")
    assert found(world) == []


def test_two_sites_alone_are_no_crossing_but_a_site_and_a_campaign_are():
    world = World()
    world.say("domain-name:a.com", "requests-payment-to", WALLET, origin="one")
    world.say("domain-name:b.com", "requests-payment-to", WALLET, origin="two")
    assert found(world) == []
    world.say(WALLET, "attributed-to", "campaign:c", origin="three")
    assert {pair[:2] for pair in found(world)} == {
        ("campaign:c", "domain-name:a.com"),
        ("campaign:c", "domain-name:b.com"),
    }


def test_more_identifiers_rank_higher_and_distant_times_lower():
    world = World()
    for number in range(3):
        world.say(f"crypto-address:btc:s{number}", "attributed-to", "malware:a", origin="one")
        world.say(f"crypto-address:btc:s{number}", "attributed-to", "malware:b", origin="two")
    world.say("domain-name:x.com", "indicates", "malware:c", origin="one", day="2015-01-01")
    world.say("domain-name:x.com", "indicates", "malware:d", origin="two", day="2023-01-01")
    world.say(WALLET, "attributed-to", "malware:e", origin="one")
    world.say(WALLET, "attributed-to", "malware:f", origin="two")
    assert [pair[:2] for pair in found(world)] == [
        ("malware:a", "malware:b"), ("malware:e", "malware:f"), ("malware:c", "malware:d"),
    ]  # fmt: skip
    assert len(found(world, limit=1)) == 1


def test_members_of_a_cluster_count_as_one_thing():
    world = two_sources()
    world.say("crypto-address:btc:2", "attributed-to", "malware:dma", origin="one")
    world.say("crypto-address:btc:2", "attributed-to", "malware:other name", origin="two")
    world.same("malware:dma", "malware:dmalocker")
    ((_, _, bridges),) = found(world)
    assert len(bridges) == 2


def test_accepted_only_uses_accepted_statements_alone():
    world = two_sources()
    assert found(world, accepted_only=True) == []
    for claim in (10, 20):
        world.vote(claim, 2)
        world.vote(claim, 3)
    assert len(found(world, accepted_only=True)) == 1
