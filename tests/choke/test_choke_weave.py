"""Weaving a script into the document of `choke --network`, and what vanishing things would stop."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from choke_chains import chain_trees
from choke_script import SHORT, Map, said
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.plan import make_plan
from chokepoint.choke.weave import Action, Terms, Thing, Woven, weave
from chokepoint.choke.whatif import without_each
from chokepoint.choke.worlds import CHOOSING

if TYPE_CHECKING:
    from collections.abc import Mapping

TERMS = Terms(budget=2.0, collateral=None, caps={}, stages=((7, 0.5), (90, 0.5)), worlds=4)
STRIKE = Action(
    mode="takedown",
    who=("Registry",),
    jurisdiction="US",
    cost=1.0,
    collateral=0.1,
    success=0.8,
    lead_days=3.0,
)
ASKED = Action(
    mode="cooperation",
    who=("Exchange",),
    jurisdiction="",
    cost=1.0,
    collateral=0.0,
    success=0.6,
    lead_days=2.0,
)
SHOPS = "d1 requests-payment-to w1; d2 requests-payment-to w2; w1 pays o1; w2 pays o2"


def thing(name: str, **about: object) -> Thing:
    """A thing with what is usual for its letter: companies hold accounts, the others can be struck."""
    company = name[0] in "os"
    usual: dict[str, Any] = {
        "id": name, "kind": SHORT[name[0]], "capacity": None if company else 5.0, "days": (10.0, 1.0),
        "actions": () if company else (STRIKE,), "asked": (ASKED,) if company else (), "holds": company,
    }  # fmt: skip
    return Thing(**{**usual, **about})


def woven(text: str, terms: Terms = TERMS, **about: Mapping[str, object]) -> Woven:
    told = Map(said(text))
    script = told.read()
    nodes = {*script.nodes.tolist(), *script.needs.head.tolist()}
    things = {node: thing(told.names[node], **about.get(told.names[node], {})) for node in nodes}
    belief = dict.fromkeys(range(len(told.snapshot.subject)), 0.9)
    return weave(script, things, belief, terms)


def nodes(found: Woven) -> dict[str, dict[str, Any]]:
    return {node["id"]: node for node in found.tree["nodes"]}


def hops(found: Woven) -> dict[tuple[str, str], float]:
    return {(edge["from"], edge["to"]): edge["belief"] for edge in found.tree["edges"]}


def moves(found: Woven) -> set[tuple[str, str, float]]:
    return {(row["for"], row["id"], row["after_days"]) for row in found.tree["substitutes"]}


def needs(found: Woven) -> list[tuple[str, list[str]]]:
    return [(row["node"], row["needs_any"]) for row in found.tree["dependencies"]]


def test_a_way_into_a_company_goes_through_an_account() -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1")
    assert hops(found) == {
        ("victims", "d1"): 1.0, ("d1", "w1"): 0.9, ("w1", "w1 at o1"): 0.9, ("w1 at o1", "o1"): 1.0,
    }  # fmt: skip
    account = nodes(found)["w1 at o1"]
    assert account["shared"] is True
    assert account["capacity"] == 5.0
    assert [mode["mode"] for mode in account["modes"]] == ["cooperation"]
    assert found.actions["w1 at o1", "cooperation"] is ASKED
    assert len(found.part_of["w1 at o1"]) == 2


def test_an_account_passes_on_no_more_than_its_owner() -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1", w1={"capacity": 0.5})
    assert nodes(found)["w1 at o1"]["capacity"] == 0.5


def test_a_company_that_nobody_may_ask_still_holds_accounts() -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1", o1={"asked": ()})
    assert nodes(found)["w1 at o1"]["modes"] == []


def test_ways_out_of_what_may_not_be_touched_are_no_targets() -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1", w1={"leaving": False})
    assert nodes(found)["w1 at o1"]["modes"] == []


def test_two_statements_of_one_way_are_one_account() -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1; w1 controlled-by o1")
    assert list(nodes(found)).count("w1 at o1") == 1
    assert [edge["from"] for edge in found.tree["edges"]].count("w1") == 2


def test_victims_are_without_limit_and_companies_too() -> None:
    found = nodes(woven(SHOPS))
    assert found["victims"]["capacity"] is None
    assert found["o1"]["capacity"] is None
    assert found["victims"]["role"] == "victim"
    assert {name for name, node in found.items() if node["role"] == "cash-out"} == {"o1", "o2"}


def test_a_blocked_account_moves_to_the_company_with_most_accounts() -> None:
    text = "; ".join(f"d{at} requests-payment-to w{at}; w{at} pays o{1 + at // 3}" for at in range(7))
    text += "; d9 requests-payment-to w9; w9 pays o9"
    found = {(old, new) for old, new, _ in moves(woven(text))}
    assert {new for old, new in found if old == "w9 at o9"} == {"w9 at o1", "w9 at o2"}
    assert {new for old, new in found if old == "w0 at o1"} == {"w0 at o2", "w0 at o3"}


def test_an_account_does_not_move_to_where_there_is_one_already() -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1; w1 pays o2")
    assert moves(found) == set()


def test_with_one_company_alone_nothing_moves() -> None:
    assert moves(woven("d1 requests-payment-to w1; w1 pays o1")) == set()


def test_moving_takes_the_time_of_the_new_holder() -> None:
    found = woven(SHOPS, o2={"days": (77.0, 1.0)})
    assert ("w1 at o1", "w1 at o2", 77.0) in moves(found)
    assert ("w2 at o2", "w2 at o1", 10.0) in moves(found)
    assert found.latent == {"w1 at o2", "w2 at o1"}


SURE = replace(ASKED, success=1.0)
WARNED = {name: {"asked": (SURE,), "days": (4.0, 1.0)} for name in ("o1", "o2")}


def warned(budget: float, **about: Mapping[str, object]) -> tuple[set[tuple[str, str]], float]:
    """The best plan and what it leaves, where nothing but accounts can be acted on, all of it certain."""
    idle = {name: {"actions": ()} for name in ("d1", "d2", "w1", "w2")}
    terms = replace(TERMS, budget=budget, collateral=None, caps={}, stages=[(5.0, 1.0)])
    tree = woven(SHOPS, terms, **{**WARNED, **idle, **about}).tree
    for edge in tree["edges"]:
        edge["belief"] = 1.0
    for node in tree["nodes"]:
        for mode in node["modes"]:
            mode["replacement_days"] = None
    told = make_plan(read_network(tree)).document
    return {(one["id"], one["mode"]) for one in told["plan"]}, told["flow_after"]


def test_the_next_holder_can_be_warned_of_the_account_that_it_would_get() -> None:
    found = woven(SHOPS)
    assert [one["mode"] for one in nodes(found)["w1 at o2"]["modes"]] == ["cooperation"]
    assert found.actions["w1 at o2", "cooperation"].who == ("Exchange",)
    assert nodes(found)["w1 at o2"]["shared"]


def test_who_cannot_be_asked_is_not_warned_either() -> None:
    assert nodes(woven(SHOPS, o2={"asked": ()}))["w1 at o2"]["modes"] == []
    assert nodes(woven(SHOPS, w1={"leaving": False}))["w1 at o2"]["modes"] == []


def test_blocking_and_warning_the_next_is_the_optimum_where_an_account_would_only_move() -> None:
    assert warned(1.0) == (set(), 10.0)
    plan, left = warned(2.0)
    assert left == 5.0
    assert plan in [
        {("w1 at o1", "cooperation"), ("w1 at o2", "cooperation")},
        {("w2 at o2", "cooperation"), ("w2 at o1", "cooperation")},
    ]
    assert warned(4.0)[1] == 0.0


def test_nobody_is_warned_of_an_account_that_would_not_open_in_time() -> None:
    late = {name: {**WARNED[name], "days": (6.0, 1.0)} for name in ("o1", "o2")}
    plan, left = warned(2.0, **late)
    assert plan == {("w1 at o1", "cooperation"), ("w2 at o2", "cooperation")}
    assert left == 0.0


def test_one_capability_is_one_need_and_two_kinds_are_two() -> None:
    text = "d1 requests-payment-to w1; w1 pays o1; d1 resolves-to h1; d1 resolves-to h2; d1 name-server d9"
    assert needs(woven(text)) == [("d1", ["d9"]), ("d1", ["h1", "h2"])]


def test_a_need_with_a_provider_that_cannot_be_hit_is_none() -> None:
    text = "d1 requests-payment-to w1; w1 pays o1; d1 resolves-to h1; d1 resolves-to h2"
    found = woven(text, h2={"actions": ()})
    assert needs(found) == []
    assert "h1" not in nodes(found)


def test_the_provider_that_serves_most_stands_in_for_another() -> None:
    text = f"{SHOPS}; d1 resolves-to h1; d2 resolves-to h2; w1 resolves-to h2; w2 resolves-to h3"
    found = woven(text, h2={"days": (3.0, 1.0)})
    assert ("d1", ["h1", "d1 on h2"]) in needs(found)
    assert ("h1", "d1 on h2", 3.0) in moves(found)
    assert found.part_of["d1 on h2"]
    assert nodes(found)["d1 on h2"]["modes"] == []


@pytest.mark.parametrize("median", [0.5, 10.0, 365.0])
def test_half_of_a_hit_is_back_after_the_median(median: float) -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1", d1={"days": (median, 1.0)})
    [mode] = nodes(found)["d1"]["modes"]
    assert 1 - math.exp(-median / mode["replacement_days"]) == pytest.approx(0.5)


def test_deposits_into_a_custodial_wallet_are_watched_on_their_way_in() -> None:
    text = "d1 requests-payment-to w1; d1 requests-payment-to w2; w1 pays w9; w2 pays w9; w9 controlled-by o1"
    found = woven(text, w9={"holds": True, "asked": (ASKED,), "shared": True, "actions": ()})
    assert {"w1 at w9", "w2 at w9"} <= set(nodes(found))
    assert ("w9", "o1") in hops(found)
    assert "w9 at o1" not in nodes(found)


def test_a_custodial_wallet_that_victims_pay_is_one_account_with_its_holder() -> None:
    text = "d1 requests-payment-to w9; d2 requests-payment-to w9; w9 controlled-by o1"
    found = woven(text, w9={"holds": True, "asked": (ASKED,), "shared": True, "actions": ()})
    assert {("d1", "w9"), ("d2", "w9"), ("w9", "w9 at o1")} <= set(hops(found))


@pytest.mark.parametrize("mark", ["shared", "victims"])
def test_marks_go_with_the_thing_so_that_the_reader_of_networks_can_refuse(mark: str) -> None:
    found = woven("d1 requests-payment-to w1; w1 pays o1", d1={mark: True, "actions": ()})
    assert nodes(found)["d1"]["shared" if mark == "shared" else "victim_asset"] is True


def test_the_limits_stand_in_the_document() -> None:
    terms = Terms(budget=7.0, collateral=0.5, caps={"US": 2.0}, stages=((1, 1.0),), worlds=3, seed=9)
    tree = woven(SHOPS, terms).tree
    assert {name: tree[name] for name in ("budget", "collateral_limit", "caps", "worlds", "seed")} == {
        "budget": 7.0, "collateral_limit": 0.5, "caps": {"US": 2.0}, "worlds": 3, "seed": 9,
    }  # fmt: skip
    assert tree["stages"] == [{"at_day": 1, "weight": 1.0}]


LINKS = ["requests-payment-to", "pays", "controlled-by", "indicates", "attributed-to", "resolves-to"]
NAMES = ["d1", "d2", "w1", "w2", "w3", "o1", "o2", "c1", "h1", "h2"]
statements = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(LINKS), st.sampled_from(NAMES)), max_size=16
)


@given(statements)
@settings(deadline=None)
def test_whatever_is_woven_reads_as_a_network(rows: list[tuple[str, str, str]]) -> None:
    text = "; ".join(
        " ".join(row) for row in [*rows, ("d1", "requests-payment-to", "w1"), ("w1", "pays", "o1")]
    )
    found = woven(text)
    network = read_network(json.loads(json.dumps(found.tree)))
    assert set(network.ids) == {"victims", *found.part_of}
    assert prepare(network, 1, CHOOSING).value(()) >= 0
    assert {name for name, _ in found.actions} <= set(network.ids)


@given(statements)
@settings(deadline=None)
def test_what_stands_in_reserve_carries_nothing_before_a_strike(rows: list[tuple[str, str, str]]) -> None:
    text = "; ".join(
        " ".join(row) for row in [*rows, ("d1", "requests-payment-to", "w1"), ("w1", "pays", "o1")]
    )
    found = woven(text)
    network = read_network(found.tree)
    harm = prepare(network, 2, CHOOSING)
    _, _, carried = harm.cut(harm.capacities(()))
    latent = [at for at, node in enumerate(harm.core) if network.ids[node] in found.latent]
    assert carried[:, latent].sum() == 0


# what if


@given(chain_trees())
@settings(max_examples=40, deadline=None)
def test_what_is_left_without_a_thing_is_what_a_sure_and_lasting_hit_leaves(tree: dict[str, Any]) -> None:
    network = read_network(tree)
    exact, least = without_each(network)
    assert least == {}
    for node in tree["nodes"]:
        if node["id"] not in exact:
            continue
        gone = json.loads(json.dumps(tree, default=str))
        gone["nodes"] = [{**one, "modes": []} for one in tree["nodes"]]
        hit = next(one for one in gone["nodes"] if one["id"] == node["id"])
        hit["modes"] = [{"mode": "takedown", "cost": 0, "success": 1, "replacement_days": None}]
        hit |= {"shared": False, "victim_asset": False}
        harm = prepare(read_network(gone | {"stages": tree["stages"]}), network.worlds, CHOOSING)
        assert exact[node["id"]] == pytest.approx(harm.value((0,)), abs=1e-9)


@given(chain_trees())
@settings(max_examples=40, deadline=None)
def test_no_victim_and_nothing_in_reserve_is_asked_about(tree: dict[str, Any]) -> None:
    network = read_network(tree)
    latent = {network.ids[at] for at in network.substitutes.node}
    victims = {node["id"] for node in tree["nodes"] if node.get("role") == "victim"}
    assert set(without_each(network)[0]) == set(network.ids) - latent - victims


def test_where_there_is_no_time_a_thing_stops_at_most_what_it_carries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = read_network(woven(SHOPS).tree)
    truth, _ = without_each(network)
    monkeypatch.setattr("chokepoint.choke.whatif.CELLS", 0)
    exact, least = without_each(network)
    assert len(exact) == 1
    assert set(exact) | set(least) == set(truth)
    for name, left in least.items():
        assert left <= truth[name] + 1e-9
