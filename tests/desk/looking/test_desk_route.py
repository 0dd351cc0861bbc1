"""`path`: connections with their evidence, on the viewer's map alone."""

from __future__ import annotations

import json

import pytest
from desk_world import RED, World, entity, sha

from chokepoint.desk.identity import decide, judgements, to_json
from chokepoint.desk.looking.route import Routes, path
from chokepoint.graph.path import Limits
from chokepoint.model.claim import on_day
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Sameness
from chokepoint.package.redact import WITHHELD

FILE = Entity("file", f"sha256:{sha('ransom')}")
PAGE = entity("domain-name:pay-page.com")
WALLET = Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
SAMSAM = entity("malware:samsam")
HOP = {"from", "to", "property", "claim", "origin", "source", "interval", "belief"}


@pytest.fixture
def chain(world: World) -> World:
    """File to page to wallet by one publisher, wallet to malware by two others."""
    world.say(
        "bank",
        (FILE, "communicates-with", PAGE),
        (PAGE, "requests-payment-to", WALLET),
        origin="Unit 42",
        path="samsa/iocs.csv",
        observed=on_day("2018-02-01"),
    )
    world.say("vendor", (WALLET, "indicates", SAMSAM), origin="GraphSense", path="pack.yaml", place="/tags/3")
    world.say(
        "bank", (WALLET, "indicates", SAMSAM), origin="Ransomwhere", path="ransomwhere.json", grade="A1"
    )
    return world


def routes(world: World, start: str, goal: str, who: str = "police", **limits: bool | int) -> Routes:
    return path(world.open(who), start, goal, limits=Limits(**limits))  # type: ignore[arg-type]


def test_a_path_has_the_shape_that_programs_rely_on(chain: World):
    told = routes(chain, sha("ransom")[:8], "SamSam").to_json()
    json.dumps(told)
    [found] = told["paths"]
    assert found.keys() >= {"belief", "single_source", "warnings", "hops"}
    assert all(hop.keys() >= HOP for hop in found["hops"])
    assert [hop["property"] for hop in found["hops"]] == [
        "communicates-with",
        "requests-payment-to",
        "indicates",
    ]
    assert [hop["to"]["value"] for hop in found["hops"]] == [PAGE.value, WALLET.value, SAMSAM.value]
    assert found["single_source"] is False
    assert found["origins"] == ["GraphSense", "Ransomwhere", "Unit 42"]


def test_each_hop_names_its_best_source_and_place(chain: World):
    [found] = routes(chain, "pay-page.com", "samsam").to_json()["paths"]
    first, last = found["hops"]
    assert first["source"] == {"path": "samsa/iocs.csv", "place": "line 2"}
    assert first["interval"] == {"start": "2018-02-01", "end": "2018-02-02"}
    assert last["origin"] == "Ransomwhere"
    assert last["origins"] == ["GraphSense", "Ransomwhere"]
    assert {one["source"]["place"] for one in last["evidence"]} == {"/tags/3", "line 1"}


def test_every_claim_of_a_hop_can_be_shown(chain: World):
    [found] = routes(chain, "pay-page.com", "samsam").routes
    ids = {witness.id for step in found.steps for witness in step.witnesses}
    reader = chain.open("police").reader
    with reader.connect() as connection:
        assert {claim.id for claim in reader.claims_by_id(connection, ids)} == ids


def test_the_belief_of_a_path_is_the_product_of_its_hops(chain: World):
    [found] = routes(chain, sha("ransom"), "samsam").routes
    product = 1.0
    for step in found.steps:
        product *= step.belief
    assert found.belief == pytest.approx(product, rel=1e-5)


def test_one_source_is_told(chain: World):
    [found] = routes(chain, sha("ransom"), WALLET.value).routes
    assert found.single_source


def test_walking_back_gives_the_same_hops(chain: World):
    [forth] = routes(chain, sha("ransom"), "samsam").routes
    [back] = routes(chain, "samsam", sha("ransom")).routes
    assert [step.property for step in back.steps] == [step.property for step in reversed(forth.steps)]
    assert all(step.forward for step in forth.steps)
    assert not any(step.forward for step in back.steps)
    assert back.belief == pytest.approx(forth.belief, rel=1e-5)


def test_a_known_good_list_warns_and_joins_nothing(world: World):
    address = entity("ipv4-addr:194.58.112.174")
    parking = entity("known-list:parking domains ip")
    one, two = entity("domain-name:omise-go.io"), entity("domain-name:qtum-token.com")
    world.say("bank", (one, "resolves-to", address), (two, "resolves-to", address), origin="EtherScamDB")
    world.say("vendor", (address, "listed-on", parking), origin="MISP warning lists")
    [found] = routes(world, "omise-go.io", "qtum-token.com").routes
    assert not found.joins
    assert "parking" in {code for code, _ in found.warnings}
    assert any("194[.]58[.]112[.]174" in sentence for _, sentence in found.warnings)


@pytest.mark.parametrize(("start", "goal", "unknown"), [
    ("nothing.example.com", "samsam", ("nothing.example.com",)),
    ("samsam", "nobody at all", ("nobody at all",)),
    ("a.com", "b.com", ("a.com", "b.com")),
])  # fmt: skip
def test_what_is_unknown_is_told(chain: World, start: str, goal: str, unknown: tuple[str, ...]):
    found = routes(chain, start, goal)
    assert found.unknown == unknown
    assert found.to_json()["paths"] == []


def test_a_thing_is_not_connected_with_itself(chain: World):
    found = routes(chain, "samsam", "malware:SamSam")
    assert found.same
    assert not found.routes


def test_limits_hold(chain: World):
    assert routes(chain, sha("ransom"), "samsam", max_hops=2).routes == ()
    assert routes(chain, sha("ransom"), "samsam", accepted_only=True).routes == ()


def test_a_hidden_hop_is_no_hop(world: World):
    world.say("bank", (FILE, "communicates-with", PAGE))
    world.say("vendor", (WALLET, "indicates", SAMSAM))
    before = json.dumps(routes(world, sha("ransom"), "samsam").to_json())
    world.say("bank", (PAGE, "requests-payment-to", WALLET), marking=RED)
    assert json.dumps(routes(world, sha("ransom"), "samsam").to_json()) == before
    assert routes(world, sha("ransom"), "samsam", who="bank").routes


def test_hidden_evidence_for_a_visible_hop_changes_nothing(chain: World):
    before = json.dumps(routes(chain, sha("ransom"), "samsam").to_json())
    chain.say("bank", (FILE, "communicates-with", PAGE), origin="secret source", grade="A1", marking=RED)
    assert json.dumps(routes(chain, sha("ransom"), "samsam").to_json()) == before
    assert "secret source" in json.dumps(routes(chain, sha("ransom"), "samsam", who="bank").to_json())


def test_an_identity_is_a_hop_with_its_judge_and_reason(chain: World):
    ring = entity("group:boss spider")
    chain.say("vendor", (ring, "uses", entity("tool:mimikatz")))
    decide(
        chain.open("vendor"), ("samsam", "boss spider"), Sameness.SAME, reason="named so in the indictment"
    )
    found = routes(chain, WALLET.value, "boss spider").routes[0]
    last = found.to_json()["hops"][-1]
    assert last["property"] == "same-as"
    assert last["origin"] == "vendor"
    assert last["source"]["place"] == "named so in the indictment"
    assert last["claim"]


def test_a_later_judgement_undoes_an_earlier_one(chain: World):
    ring = entity("group:boss spider")
    chain.say("vendor", (ring, "status", "active"), (ring, "uses", entity("tool:mimikatz")))
    decide(chain.open("vendor"), ("samsam", "boss spider"), Sameness.SAME, reason="first thought")
    decide(chain.open("vendor"), ("samsam", "boss spider"), Sameness.DIFFERENT, reason="second thought")
    assert routes(chain, WALLET.value, "boss spider").routes == ()
    assert [one.sameness for one in judgements(chain.open("police"), "boss spider")] == ["different", "same"]


def test_judgements_are_listed_newest_first(chain: World):
    chain.say("vendor", (entity("group:boss spider"), "status", "active"))
    atlas = chain.open("vendor")
    for reason in ("one", "two", "three"):
        decide(atlas, ("samsam", "boss spider"), Sameness.UNSURE, reason=reason)
    assert [one.said["reason"] for one in judgements(atlas, limit=2)] == ["three", "two"]
    told = to_json(judgements(atlas))["identity"]
    assert {one["organisation"] for one in told} == {"vendor"}


def test_a_judgement_on_a_hidden_thing_is_hidden_with_it(world: World):
    world.say("vendor", (SAMSAM, "status", "active"))
    world.say("bank", (entity("group:secret ring"), "status", "active"), marking=RED)
    decide(world.open("bank"), ("samsam", "secret ring"), Sameness.SAME, reason="our informant")
    assert judgements(world.open("police")) == []
    assert judgements(world.open("police"), "samsam") == []
    assert len(judgements(world.open("bank"))) == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_a_judgement_needs_a_reason(chain: World, reason: str):
    with pytest.raises(RefusedError):
        decide(chain.open("police"), ("samsam", "pay-page.com"), Sameness.SAME, reason=reason)


def test_a_judgement_needs_two_known_things(chain: World):
    atlas = chain.open("police")
    with pytest.raises(RefusedError, match="same entity"):
        decide(atlas, ("samsam", "malware:samsam"), Sameness.SAME, reason="x")
    with pytest.raises(RefusedError, match="nothing is known"):
        decide(atlas, ("samsam", "new.com"), Sameness.SAME, reason="x")
    with pytest.raises(NotValidError):
        decide(atlas, ("samsam", ""), Sameness.SAME, reason="x")


def test_the_reason_why_two_are_one_is_kept_back_where_one_of_them_is_minimised(world: World) -> None:
    jane, mail = entity("person:jane roe"), entity("email-addr:jr@mail.example")
    double, site = entity("person:jay of leeds"), entity("domain-name:evil.com")
    world.say("bank", (jane, "contact", mail), (double, "uses", site))
    decide(
        world.open("bank"), (str(jane), str(double)), Sameness.SAME, reason="the passport says Jane Anne Roe"
    )
    told = path(world.open("vendor"), "jr@mail.example", "evil.com").to_json()
    assert "same-as" in {hop["property"] for hop in told["paths"][0]["hops"]}
    assert "Roe" not in json.dumps(told)
    assert WITHHELD in json.dumps(told)
