"""What becomes part of a chain, what is no target on it, and how much each thing passes on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from chain_world import (
    FRESH,
    GANG,
    HOST,
    ONE,
    STALE,
    TODAY,
    TWO,
    W1,
    W2,
    A,
    B,
    able,
    accept,
    ask,
    chained,
    node,
)
from desk_world import entity

from chokepoint.desk.identity import decide
from chokepoint.desk.people.staff import depart
from chokepoint.model.claim import on_day
from chokepoint.model.judgement import Sameness

if TYPE_CHECKING:
    from chain_world import World

    from chokepoint.desk.analyse.chain import ChainAnswer
    from chokepoint.model.identity import Entity

AT_ONE, AT_TWO = f"{W1} at {ONE}", f"{W2} at {TWO}"
OTHER_HOST = entity("ipv4-addr:203.0.113.8")
HOT = entity("crypto-address:1BoatSLRHtKNngkdXEeobR76b53LETtpyT")
MAIL = entity("user-account:telegram:shopkeeper")


def flows(answer: ChainAnswer) -> set[tuple[str, str]]:
    return {(edge["from"], edge["to"]) for edge in answer.tree["edges"]}


def targets(answer: ChainAnswer) -> set[str]:
    return {one["id"] for one in answer.tree["nodes"] if one["modes"]}


def modes(answer: ChainAnswer, thing: Entity | str) -> set[str]:
    return {mode["mode"] for mode in node(answer, str(thing))["modes"]}


def test_who_has_left_the_coalition_pulls_no_lever(market: World) -> None:
    assert str(HOST) in targets(chained(market))
    depart(market.open("vendor"), "vendor", "we closed")
    assert str(HOST) not in targets(chained(market))


# what makes a chain


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param([], id="nothing"),
        pytest.param([(A, "requests-payment-to", W1)], id="no cash-out"),
        pytest.param([(W1, "controlled-by", ONE)], id="no victims"),
        pytest.param(
            [(A, "requests-payment-to", W1), (W2, "controlled-by", ONE)], id="two ends that do not meet"
        ),
        pytest.param([(A, "requests-payment-to", W1), (W1, "controlled-by", GANG)], id="held by a gang"),
        pytest.param([(A, "mentioned-with", W1), (W1, "controlled-by", ONE)], id="a mere mention"),
        pytest.param([(W1, "requests-payment-to", A), (W1, "controlled-by", ONE)], id="the wrong way round"),
    ],
)
def test_without_a_way_from_victims_to_a_cash_out_it_is_structural_only(
    world: World, sentences: list[tuple[Entity, str, Entity]]
) -> None:
    if sentences:
        accept(world, *sentences)
    answer = ask(world)
    assert answer.chain is None
    assert answer.structural_only
    assert any(line.startswith("Structural only") for line in answer.lines())


@pytest.mark.parametrize(
    ("sentences", "way"),
    [
        pytest.param(
            [(A, "requests-payment-to", W1), (W1, "pays", W2), (W2, "pays", ONE)],
            [str(A), str(W1), str(W2), f"{W2} at {ONE}", str(ONE)],
            id="payments",
        ),
        pytest.param(
            [(A, "indicates", GANG), (W1, "attributed-to", GANG), (W1, "pays", ONE)],
            [str(A), str(GANG), str(W1), AT_ONE, str(ONE)],
            id="through a campaign: its lures feed it, it feeds its wallets",
        ),
        pytest.param(
            [(A, "contact", MAIL), (MAIL, "requests-payment-to", W1), (W1, "pays", ONE)],
            [str(A), str(MAIL), str(W1), AT_ONE, str(ONE)],
            id="through a contact",
        ),
        pytest.param(
            [(entity("malware:locker"), "requests-payment-to", W1), (W1, "controlled-by", ONE)],
            ["malware:locker", str(W1), AT_ONE, str(ONE)],
            id="from an actor whose victims are not known otherwise",
        ),
        pytest.param(
            [(A, "requests-payment-to", W1), (W1, "pays", entity("asset:villa"))],
            [str(A), str(W1), f"{W1} at asset:villa", "asset:villa"],
            id="into a thing that was bought",
        ),
    ],
)
def test_the_way_from_victims_to_the_cash_out_is_woven(
    world: World, sentences: list[tuple[Entity, str, Entity]], way: list[str]
) -> None:
    accept(world, *sentences)
    answer = chained(world)
    hops = list(zip(["victims", *way], way, strict=False))
    assert set(hops) == flows(answer)
    assert node(answer, way[-1])["role"] == "cash-out"


def test_what_is_not_accepted_is_no_part_of_a_chain(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1))
    world.say("bank", (W1, "controlled-by", ONE), grade="A1", observed=FRESH)
    assert ask(world).chain is None


def test_proposed_statements_add_nothing_to_a_chain(market: World) -> None:
    before = chained(market).tree
    market.say("bank", (entity("domain-name:c.top"), "requests-payment-to", W1), observed=FRESH, path="new")
    assert chained(market).tree == before


def test_what_leads_nowhere_is_left_out_and_counted(market: World) -> None:
    lost = entity("crypto-address:1M98HoRLwEauo6AAicCx1EsUYPQGxWiwRZ")
    found = entity("crypto-address:1Ha4Y7QegJL2t577XK6nSUdCYAKKQC99sG")
    accept(market, (A, "requests-payment-to", lost))
    accept(market, (found, "controlled-by", ONE))
    answer = chained(market)
    assert not {str(lost), str(found)} & {one["id"] for one in answer.tree["nodes"]}
    assert (answer.loose.ends, answer.loose.starts) == (1, 1)
    assert any("1 more things that take victims' payments" in line for line in answer.lines())


def test_a_payment_seen_too_long_ago_is_over(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1), observed=STALE)
    accept(world, (W1, "controlled-by", ONE))
    accept(world, (B, "requests-payment-to", W2), observed=STALE)
    accept(world, (B, "requests-payment-to", W1))
    assert (str(A), str(W1)) not in flows(chained(world))
    assert (str(B), str(W1)) in flows(chained(world))


def test_who_holds_a_wallet_lasts(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1))
    accept(world, (W1, "controlled-by", ONE), observed=STALE)
    assert (str(W1), AT_ONE) in flows(chained(world))


def test_undated_payments_flow_but_make_no_targets(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1), (W1, "controlled-by", ONE), observed=None)
    answer = chained(world)
    assert targets(answer) == set()
    assert answer.document["flow_before"] > 0
    assert "nothing on it is alive" in answer.lines()[0]


def test_evidence_after_the_day_asked_for_makes_no_chain(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1), (W1, "controlled-by", ONE))
    earlier = TODAY - timedelta(days=30)
    assert ask(world, as_of=earlier).chain is None
    assert ask(world, as_of=TODAY).chain is not None


@pytest.mark.parametrize("word", ["Mixer", "coin mixing service", "TUMBLER", "bridge"])
def test_a_holder_that_only_passes_on_is_no_cash_out(world: World, word: str) -> None:
    accept(world, (A, "requests-payment-to", W1), (W1, "pays", ONE))
    accept(world, (ONE, "category", word))
    assert ask(world).chain is None
    accept(world, (ONE, "pays", TWO))
    assert (f"{ONE} at {TWO}", str(TWO)) in flows(chained(world))


def test_two_names_of_one_wallet_are_one_node_with_all_their_flow(market: World) -> None:
    market.say("bank", (W1, "amount", "3"), (W1, "amount", "7"), (W2, "amount", "2"), path="amounts")
    assert [node(chained(market), str(one))["capacity"] for one in (W1, W2)] == [7.0, 2.0]
    for who in ("police", "vendor"):
        decide(market.open(who), (W1.value, W2.value), Sameness.SAME, reason="spent together")
    together = chained(market)
    wallets = [one for one in together.tree["nodes"] if one["kind"] == "crypto-address"]
    assert len(wallets) == 1
    assert wallets[0]["capacity"] == 9.0
    assert any("and 1 more" in name for name in together.names.values())


def test_two_statements_of_one_hop_make_it_surer(world: World) -> None:
    accept(world, (A, "indicates", GANG), (W1, "attributed-to", GANG), (W1, "pays", ONE))
    once = chained(world).document["flow_before"]
    accept(world, (W1, "controlled-by", ONE))
    assert chained(world).document["flow_before"] >= once


def test_a_cycle_of_payments_does_no_harm(market: World) -> None:
    accept(market, (W1, "pays", W2), (W2, "pays", W1))
    assert chained(market).document["flow_before"] > 0


# who is needed


def test_two_hosts_of_one_shop_are_one_need_that_both_must_fail(market: World) -> None:
    accept(market, (A, "resolves-to", OTHER_HOST))
    assert chained(market).tree["dependencies"] == [
        {"node": str(A), "needs_any": [str(HOST), str(OTHER_HOST)]}
    ]


def test_a_provider_that_nobody_can_act_on_makes_the_need_moot(market: World) -> None:
    accept(market, (A, "resolves-to", entity("ipv6-addr:2001:db8::1")))
    accept(market, (B, "uses", entity("tool:kit")))
    needs = chained(market).tree["dependencies"]
    assert [need["node"] for need in needs] == [str(A)]


def test_the_other_host_of_the_map_stands_in_after_the_usual_time(market: World) -> None:
    accept(market, (B, "resolves-to", OTHER_HOST))
    answer = chained(market)
    latent = f"{A} on {OTHER_HOST}"
    assert {"for": str(HOST), "id": latent, "after_days": 3.0} in answer.tree["substitutes"]
    need = next(one for one in answer.tree["dependencies"] if one["node"] == str(A))
    assert need["needs_any"] == [str(HOST), latent]
    assert node(answer, latent)["modes"] == []


def test_an_enabler_of_a_campaign_is_needed_by_it(world: World) -> None:
    accept(world, (A, "indicates", GANG), (W1, "attributed-to", GANG), (W1, "pays", ONE))
    accept(world, (HOST, "indicates", GANG))
    able(world, "vendor", ("takedown", "ipv4-addr"))
    assert chained(world).tree["dependencies"] == [{"node": str(GANG), "needs_any": [str(HOST)]}]


def test_a_contact_that_leads_nowhere_is_needed_to_reach_the_victims(market: World) -> None:
    accept(market, (B, "contact", MAIL))
    answer = chained(market)
    assert {"node": str(B), "needs_any": [str(MAIL)]} in answer.tree["dependencies"]
    assert modes(answer, MAIL) == {"takedown"}


# what is no target


def test_only_named_holders_make_targets(market: World) -> None:
    nobody = entity("domain-name:shop.unknown-tld")
    accept(market, (nobody, "requests-payment-to", W1))
    assert modes(chained(market), nobody) == set()


def test_a_member_that_says_it_can_makes_a_target(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1), (W1, "pays", W2), (W2, "pays", ONE))
    assert modes(chained(world), W1) == set()
    able(world, "police", ("cooperation", "crypto-address"), country="de")
    answer = chained(world, times=(("crypto-address", (300.0, 1.0)),))
    assert modes(answer, W1) == {"cooperation"}
    [step] = [step for step in answer.steps if step["id"] == str(W1)]
    assert (step["by"], step["jurisdiction"]) == (["police"], "DE")


def test_a_freeze_is_for_assets_that_somebody_can_freeze(world: World) -> None:
    token = entity("crypto-address:0x00000000219ab540356cbb839cbe05303d7705fa")
    coin = entity("crypto-address:DU2NRRjeHTxedmcMVzEq2cRL9EmU2r1mWn")
    accept(world, (A, "requests-payment-to", coin), (A, "requests-payment-to", token))
    accept(world, (coin, "pays", W2), (token, "pays", W2), (W2, "pays", ONE))
    able(world, "police", ("freeze", "crypto-address"))
    answer = chained(world)
    assert modes(answer, token) == {"freeze"}
    assert modes(answer, coin) == set()


@pytest.mark.parametrize("mode", ["arrest", "sanction"])
def test_arrests_and_sanctions_are_in_no_plan(market: World, mode: str) -> None:
    able(market, "police", (mode, ""), country="de")
    assert all(mode not in modes(chained(market), one["id"]) for one in chained(market).tree["nodes"])


def test_a_person_a_campaign_and_a_malware_are_no_targets(world: World) -> None:
    accept(world, (A, "indicates", GANG), (W1, "attributed-to", GANG), (W1, "pays", ONE))
    able(world, "police", ("takedown", ""), ("seizure", ""), ("cooperation", ""))
    assert modes(chained(world), GANG) == set()
    assert modes(chained(world), A) == {"takedown"}


def test_a_hacked_shop_is_a_victims_and_only_told(market: World) -> None:
    able(market, "police", ("takedown", "domain-name"), ("notification", "domain-name"))
    market.say("vendor", (A, "compromised-by", GANG), path="hacked")
    answer = chained(market)
    assert modes(answer, A) == {"notification"}
    assert node(answer, str(A))["victim_asset"] is True
    assert modes(answer, B) == {"takedown", "notification"}


@pytest.mark.parametrize("word", ["mule account", "coerced", "hacked account", "victim"])
def test_a_mules_account_is_a_victims_and_only_told(world: World, word: str) -> None:
    handle = entity("payment-handle:promptpay:0812345678")
    accept(world, (A, "requests-payment-to", handle), (handle, "pays", ONE))
    able(world, "police", ("freeze", "payment-handle"), ("notification", "payment-handle"))
    assert modes(chained(world), handle) == {"freeze"}
    world.say("vendor", (handle, "category", word), path="mule")
    assert modes(chained(world), handle) == set()


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ((A, "legitimate", entity("campaign:reviewed")), "honest"),
        ((A, "listed-on", entity("known-list:list of known cdn domains")), "shared"),
    ],
    ids=["called legitimate", "known good"],
)
def test_shared_and_honest_things_are_no_targets(market: World, sentence: object, word: str) -> None:
    market.say("vendor", sentence, path=word)
    assert modes(chained(market), A) == set()


def test_a_thing_that_was_not_seen_lately_is_no_target(world: World) -> None:
    accept(world, (A, "requests-payment-to", W1), (W1, "controlled-by", ONE))
    accept(world, (A, "resolves-to", HOST), observed=STALE)
    able(world, "vendor", ("takedown", "ipv4-addr"))
    assert chained(world).tree["dependencies"] == []


def test_deposits_into_a_hot_wallet_are_asked_about_one_by_one(market: World) -> None:
    accept(market, (W1, "pays", HOT), (W2, "pays", HOT), (HOT, "controlled-by", ONE))
    answer = chained(market)
    assert {f"{W1} at {HOT}", f"{W2} at {HOT}"} <= targets(answer)
    assert (str(HOT), str(ONE)) in flows(answer)
    assert modes(answer, HOT) == set()


# how much passes


def test_an_amount_that_a_claim_carries_is_the_capacity(market: World) -> None:
    market.say("bank", (W1, "amount", "12.5 (Money Received)"), path="amounts")
    answer = chained(market)
    assert answer.unit == "BTC"
    assert node(answer, str(W1))["capacity"] == 12.5
    assert node(answer, AT_ONE)["capacity"] == 12.5
    assert "1 of" in answer.capacities
    assert "not vetted" in answer.capacities


def test_others_count_by_their_sightings_at_the_rate_of_those_with_amounts(market: World) -> None:
    before = {one["id"]: one["capacity"] for one in chained(market).tree["nodes"]}
    market.say("bank", (W1, "amount", "30"), path="amounts")
    answer = chained(market)
    rate = 30 / before[str(W1)]
    for thing in (A, B, W2):
        assert node(answer, str(thing))["capacity"] == pytest.approx(rate * before[str(thing)])


def test_amounts_in_another_unit_are_left_out_and_it_says_so(market: World) -> None:
    market.say("bank", (W1, "amount", "3"), (W2, "amount", "4"), (A, "amount", "500 EUR"), path="amounts")
    answer = chained(market)
    assert answer.unit == "BTC"
    assert node(answer, str(A))["capacity"] != 500
    assert "1 amounts in other units are left out" in answer.capacities


@pytest.mark.parametrize("said", ["0 (Money Received)", "-3", "none", "", "1e400", "NaN"])
def test_an_amount_that_is_none_leaves_the_sightings(market: World, said: str) -> None:
    market.say("bank", (W1, "amount", said or " "), path="amounts")
    assert chained(market).unit == "sightings"


def test_a_sighting_is_one_source_on_one_day(market: World) -> None:
    before = node(chained(market), str(B))["capacity"]
    accept(market, (B, "requests-payment-to", W2), path="the same again", place="elsewhere")
    assert node(chained(market), str(B))["capacity"] == before
    accept(market, (B, "requests-payment-to", W2), observed=on_day(TODAY - timedelta(days=60)))
    assert node(chained(market), str(B))["capacity"] == before + 1
    accept(market, (B, "requests-payment-to", W2), origin="another source")
    assert node(chained(market), str(B))["capacity"] == before + 2
