from __future__ import annotations

import itertools

import pytest
from graph_world import World

from chokepoint.link.known import Listed

PARKED = "ipv4-addr:194.58.112.174"


def codes(path):
    return {warning.code for warning in path.warnings}


def parking_world(address=PARKED, listed=("194.58.112.174/32",)):
    world = World()
    world.lists.append(Listed(name="Parking domains", entries=listed, match="cidr"))
    for site, wallet in (("omise-go.io", "0xa"), ("qtum-token.com", "0xb")):
        world.say(f"domain-name:{site}", "resolves-to", address, origin="etherscamdb", day="2017-09-01")
        world.say(
            f"domain-name:{site}", "requests-payment-to", f"crypto-address:{wallet}", origin="etherscamdb"
        )
    return world


def test_a_parked_address_joins_nothing():
    (path,) = parking_world().paths("domain-name:omise-go.io", "domain-name:qtum-token.com")
    assert not path.joins
    assert "parking" in codes(path)
    assert [hop.property for hop in path.hops] == ["resolves-to", "resolves-to"]


def test_the_same_address_unlisted_joins():
    (path,) = parking_world(listed=("10.0.0.0/8",)).paths(
        "domain-name:omise-go.io", "domain-name:qtum-token.com"
    )
    assert path.joins
    assert "parking" not in codes(path)


def test_a_better_way_comes_first_and_the_parked_one_still_carries_its_warning():
    world = parking_world()
    for site in ("omise-go.io", "qtum-token.com"):
        world.say(f"domain-name:{site}", "contact", "email-addr:crook@mail.example", origin="etherscamdb")
    first, second = world.paths("domain-name:omise-go.io", "domain-name:qtum-token.com")
    assert first.joins
    assert first.hops[0].property == "contact"
    assert not second.joins
    assert "parking" in codes(second)


def test_an_end_that_is_parked_is_told_even_when_the_path_starts_there():
    (path,) = parking_world().paths(PARKED, "domain-name:omise-go.io")
    assert "parking" in codes(path)
    assert path.joins


def tidex_world(*, abuser=False, website_until="2023-02-17"):
    world = World()
    world.say(
        "organisation:tidex", "website", "domain-name:tidex.com", origin="graphsense", until=website_until
    )
    world.say(
        "domain-name:tidex.com", "indicates", "campaign:sable squirrel", origin="infoblox", day="2026-08-13"
    )
    if abuser:
        world.abusers.add(world.eid("campaign:sable squirrel"))
    return world


def test_a_lapsed_domain_comes_out_as_two_periods_and_never_as_attribution():
    (path,) = tidex_world().paths("organisation:tidex", "campaign:sable squirrel")
    assert not path.attribution
    assert "two-periods" in codes(path)
    (sentence,) = [w.sentence for w in path.warnings if w.code == "two-periods"]
    assert "period 1 (until 2023-02-17" in sentence
    assert "period 2 (from 2026-08-13" in sentence
    assert path.belief < 0.05


def test_an_undated_legitimate_side_is_split_too():
    (path,) = tidex_world(abuser=True, website_until="").paths(
        "organisation:tidex", "campaign:sable squirrel"
    )
    assert not path.attribution
    assert "two-periods" in codes(path)


def test_a_path_within_one_life_of_a_split_domain_is_not_reduced():
    world = tidex_world()
    world.say("domain-name:tidex.com", "indicates", "campaign:other", origin="infoblox", day="2026-08-14")
    (path,) = world.paths("campaign:other", "campaign:sable squirrel")
    assert path.attribution
    assert path.belief > 0.5


def teslagive_world(day="2023-04-05"):
    world = World()
    site = "domain-name:teslagive.net"
    world.say(
        site, "requests-payment-to", "crypto-address:btc:13LP", origin="cryptoscamdb", until="2022-06-28"
    )
    world.say(site, "indicates", "campaign:cryptdesignbot", origin="infoblox", day=day)
    return world


def test_a_host_seen_at_distant_times_carries_a_time_warning():
    (path,) = teslagive_world().paths("crypto-address:btc:13LP", "campaign:cryptdesignbot")
    (warning,) = [w for w in path.warnings if w.code == "time"]
    assert warning.sentence == "the host may have been re-registered between 2022-06-28 and 2023-04-05"


def test_a_host_at_the_end_that_others_saw_long_before_carries_a_time_warning():
    (path,) = teslagive_world().paths("domain-name:teslagive.net", "campaign:cryptdesignbot")
    (warning,) = [w for w in path.warnings if w.code == "time"]
    assert warning.sentence == "the host may have been re-registered between 2022-06-28 and 2023-04-05"


def test_a_host_at_the_end_that_others_saw_at_the_same_time_carries_none():
    world = teslagive_world(day="2022-06-20")
    (path,) = world.paths("domain-name:teslagive.net", "campaign:cryptdesignbot")
    assert "time" not in codes(path)


def test_that_an_address_lies_at_its_host_is_true_at_any_time():
    world = World()
    world.say("url:http://evil.com/pay", "hosted-at", "domain-name:evil.com", origin="one")
    world.say("url:http://evil.com/pay", "indicates", "malware:m", origin="one", day="2016-01-01")
    world.say("domain-name:evil.com", "indicates", "campaign:c", origin="two", day="2023-01-01")
    (near,) = world.paths("domain-name:evil.com", "malware:m")
    assert "time" not in codes(near)
    (far,) = world.paths("campaign:c", "malware:m")
    (warning,) = [w for w in far.warnings if w.code == "time"]
    assert world.named(world.snapshot(), [warning.node]) == ["domain-name:evil.com"]
    assert "between 2016-01-01 and 2023-01-01" in warning.sentence


def test_hops_that_overlap_in_time_carry_no_time_warning():
    (path,) = teslagive_world(day="2022-06-20").paths("crypto-address:btc:13LP", "campaign:cryptdesignbot")
    assert "time" not in codes(path)


def test_a_host_dated_on_one_side_only_carries_a_time_warning():
    (path,) = teslagive_world(day="").paths("crypto-address:btc:13LP", "campaign:cryptdesignbot")
    assert "time" in codes(path)


def test_a_host_that_one_record_ties_undated_carries_no_time_warning():
    world = World()
    for wallet in ("btc:1", "eth:2"):
        world.say("domain-name:evil.com", "requests-payment-to", f"crypto-address:{wallet}", origin="db")
    (path,) = world.paths("crypto-address:btc:1", "crypto-address:eth:2")
    assert "time" not in codes(path)


def test_a_wallet_does_not_change_hands_and_carries_no_time_warning():
    world = World()
    world.say(
        "domain-name:a.com", "requests-payment-to", "crypto-address:btc:1", origin="one", day="2017-01-01"
    )
    world.say(
        "domain-name:b.com", "requests-payment-to", "crypto-address:btc:1", origin="two", day="2024-01-01"
    )
    (path,) = world.paths("domain-name:a.com", "domain-name:b.com")
    assert "time" not in codes(path)


def test_identity_is_a_hop_with_its_reason():
    world = World()
    world.say("crypto-address:btc:19Cb", "indicates", "malware:samsam", origin="ransomwhere")
    world.say("group:boss spider", "uses", "malware:samas samsam", origin="misp-galaxy")
    world.same("malware:samsam", "malware:samas samsam", reason="alias: 'SamSam' and 'SamSam'")
    (path,) = world.paths("crypto-address:btc:19Cb", "group:boss spider")
    assert [hop.property for hop in path.hops] == ["indicates", "same-as", "uses"]
    assert path.hops[1].reason == "alias: 'SamSam' and 'SamSam'"
    assert path.hops[1].statement == -1
    assert not path.single_source
    assert path.origins == 2


def test_withdrawing_an_identity_takes_the_path_away_and_giving_it_back_restores_it():
    world = World()
    world.say("crypto-address:btc:19Cb", "indicates", "malware:samsam")
    world.say("group:boss spider", "uses", "malware:samas")
    ends = ("crypto-address:btc:19Cb", "group:boss spider")
    assert world.paths(*ends) == []
    world.same("malware:samsam", "malware:samas")
    before = world.paths(*ends)
    world.same("malware:samsam", "malware:samas", word=0)
    assert world.paths(*ends) == []
    world.same("malware:samsam", "malware:samas")
    assert world.paths(*ends) == before


def test_a_name_server_never_carries_a_path_silently():
    world = World()
    for site in ("a.com", "b.com"):
        world.say(f"domain-name:{site}", "name-server", "domain-name:ns1.host.net")
    (path,) = world.paths("domain-name:a.com", "domain-name:b.com")
    assert not path.joins
    assert "joins-nothing" in codes(path)


def test_a_country_never_joins():
    world = World()
    world.say("group:a", "located-in", "country:kp")
    world.say("group:b", "located-in", "country:kp")
    (path,) = world.paths("group:a", "group:b")
    assert not path.joins
    assert {"joins-nothing", "shared-infrastructure"} <= codes(path)


def test_a_hub_is_used_only_when_nothing_else_exists():
    world = World()
    for number in range(70):
        world.say(f"domain-name:s{number}.com", "resolves-to", "ipv4-addr:9.9.9.1")
    (through_hub,) = world.paths("domain-name:s0.com", "domain-name:s1.com")
    assert "hub" in codes(through_hub)
    assert not through_hub.joins
    for site, wallet in (("s0", "btc:x"), ("s1", "btc:x")):
        world.say(f"domain-name:{site}.com", "requests-payment-to", f"crypto-address:{wallet}")
    best, *_ = world.paths("domain-name:s0.com", "domain-name:s1.com")
    assert best.joins
    assert "hub" not in codes(best)


def test_a_longer_believed_path_comes_before_a_shorter_doubtful_one():
    world = World()
    world.say("domain-name:a.com", "contact", "email-addr:x@x.org", grade="D4")
    world.say("domain-name:b.com", "contact", "email-addr:x@x.org", grade="D4")
    chain = (
        "domain-name:a.com",
        "crypto-address:btc:1",
        "domain-name:c.com",
        "crypto-address:btc:2",
        "domain-name:b.com",
    )
    for number, (one, two) in enumerate(itertools.pairwise(chain)):
        world.say(one, "pays", two, grade="A2", origin=f"o{number}")
    first, second = world.paths("domain-name:a.com", "domain-name:b.com")
    assert (len(first.hops), len(second.hops)) == (4, 2)


def test_equal_belief_from_more_origins_comes_first():
    world = World()
    for site, other in (("a.com", "one"), ("b.com", "one")):
        world.say(f"domain-name:{site}", "contact", "email-addr:lonely@x.org", origin=other)
    for site, other in (("a.com", "one"), ("b.com", "two")):
        world.say(f"domain-name:{site}", "contact", "email-addr:shared@x.org", origin=other)
    first, second = world.paths("domain-name:a.com", "domain-name:b.com")
    assert (first.origins, second.origins) == (2, 1)
    assert second.single_source
    assert not first.single_source


def test_a_source_that_holds_every_hop_makes_it_single_source_whatever_others_add():
    world = World()
    for origin in ("one", "two"):
        world.say("domain-name:a.com", "contact", "email-addr:x@x.org", origin=origin)
    world.say("domain-name:b.com", "contact", "email-addr:x@x.org", origin="two")
    (path,) = world.paths("domain-name:a.com", "domain-name:b.com")
    assert path.single_source
    assert path.hops[0].origins == (0, 1)


def test_accepted_only_walks_no_proposed_statement():
    world = World()
    first = world.say("domain-name:a.com", "contact", "email-addr:x@x.org")
    second = world.say("domain-name:b.com", "contact", "email-addr:x@x.org")
    ends = ("domain-name:a.com", "domain-name:b.com")
    assert world.paths(*ends, accepted_only=True) == []
    for claim in (first, second):
        world.vote(claim, 2)
        world.vote(claim, 3)
    (path,) = world.paths(*ends, accepted_only=True)
    assert path.belief > 0.95


def test_a_disputed_hop_is_used_only_for_want_of_another_and_says_so():
    world = World()
    disputed = world.say("domain-name:a.com", "contact", "email-addr:x@x.org")
    world.say("domain-name:b.com", "contact", "email-addr:x@x.org")
    world.vote(disputed, 2, -1)
    (path,) = world.paths("domain-name:a.com", "domain-name:b.com")
    assert "disputed" in codes(path)
    assert world.paths("domain-name:a.com", "domain-name:b.com", accepted_only=True) == []


def test_a_hop_that_simulated_votes_decided_is_marked():
    world = World()
    for site in ("a.com", "b.com"):
        claim = world.say(f"domain-name:{site}", "contact", "email-addr:x@x.org")
        world.vote(claim, 2, simulated=True)
        world.vote(claim, 3, simulated=True)
    (path,) = world.paths("domain-name:a.com", "domain-name:b.com")
    assert "simulated" in codes(path)


@pytest.mark.parametrize("hops", [1, 2, 3, 5, 8])
def test_the_hop_limit_is_exact(hops):
    world = World()
    for number in range(hops):
        world.say(f"crypto-address:btc:{number}", "pays", f"crypto-address:btc:{number + 1}")
    ends = ("crypto-address:btc:0", f"crypto-address:btc:{hops}")
    assert world.paths(*ends, max_hops=hops - 1) == []
    (path,) = world.paths(*ends, max_hops=hops)
    assert len(path.hops) == hops
    assert all(hop.forward for hop in path.hops)
    (back,) = world.paths(*ends[::-1], max_hops=hops)
    assert not any(hop.forward for hop in back.hops)
    assert back.nodes == path.nodes[::-1]


def test_what_is_in_both_ends_connects_to_itself_by_nothing():
    world = World()
    world.say("domain-name:a.com", "contact", "email-addr:x@x.org")
    assert world.paths("domain-name:a.com", "domain-name:a.com") == []


def test_unconnected_things_have_no_path():
    world = World()
    world.say("domain-name:a.com", "contact", "email-addr:x@x.org")
    world.say("domain-name:b.com", "contact", "email-addr:y@x.org")
    assert world.paths("domain-name:a.com", "domain-name:b.com") == []


def test_parallel_statements_make_one_path_by_the_best_of_them():
    world = World()
    world.say("domain-name:a.com", "indicates", "campaign:c", grade="C3")
    world.say("domain-name:a.com", "attributed-to", "campaign:c", grade="A2")
    world.say("domain-name:b.com", "indicates", "campaign:c")
    (path,) = world.paths("domain-name:a.com", "domain-name:b.com")
    assert path.hops[0].property == "attributed-to"
