"""Laws of weaving, for things of every kind of marks, against plain readings of the rules in words."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from choke_chains import slow_flow
from choke_script import SHORT, Map, Said, said
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.harm import prepare
from chokepoint.choke.network import read_network
from chokepoint.choke.weave import HEIRS, VICTIMS, Action, Terms, Thing, Woven, weave
from chokepoint.choke.worlds import CHOOSING
from chokepoint.model.errors import BadInputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.choke.script import Script

STRIKE, ASKED = (
    Action(
        mode=mode, who=("Somebody",), jurisdiction=law, cost=cost, collateral=0.25, success=1.0, lead_days=3.0
    )
    for mode, law, cost in (("takedown", "US", 2.0), ("cooperation", "", 1.0))
)
TERMS = Terms(budget=4.0, collateral=None, caps={}, stages=((10.0, 1.0),), worlds=2)
LINKS = ["requests-payment-to", "pays", "pays", "controlled-by", "contact", "resolves-to", "name-server"]
NAMES = ["d1", "d2", "w1", "w2", "w3", "o1", "o2", "o3", "h1", "h2", "h3"]
FLOWING = said("d1 requests-payment-to w1; w1 pays o1")
SHOPS = "d1 requests-payment-to w1; d2 requests-payment-to w2; w1 pays o1; w2 pays o2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A map, what is said about its things by name, and what comes of it."""

    told: Map
    script: Script
    things: dict[str, Thing]
    found: Woven

    @property
    def nodes(self) -> dict[str, dict[str, Any]]:
        return {node["id"]: node for node in self.found.tree["nodes"]}

    @property
    def flow(self) -> list[tuple[str, str, int]]:
        flow = self.script.flow
        names = self.told.names
        rows = zip(flow.tail.tolist(), flow.head.tolist(), flow.row.tolist(), strict=True)
        return [(names[tail], names[head], row) for tail, head, row in rows]

    @property
    def split(self) -> set[tuple[str, str]]:
        """Ways in that are accounts: into holders, from payers unless watched already, or where none pay."""
        pairs = {(tail, head) for tail, head, _ in self.flow}
        holds = {name for name, one in self.things.items() if one.holds}
        watched = {head for tail, head in pairs if head in holds and pays(tail) and self.things[head].shared}
        return {(a, b) for a, b in pairs if b in holds and a not in watched and (pays(a) or not pays(b))}


def pays(name: str) -> bool:
    return name[0] in "wba"


def usual(name: str) -> dict[str, Any]:
    company = name[0] == "o"
    return {
        "id": name, "kind": SHORT[name[0]], "capacity": 5.0, "days": (10.0, 1.0), "holds": company,
        "actions": () if company else (STRIKE,), "asked": (ASKED,) if company else (),
    }  # fmt: skip


def case(rows: list[Said], about: Mapping[str, Mapping[str, Any]], *, sure: float = 1.0) -> Case:
    told = Map(rows)
    script = told.read()
    reach = {*script.nodes.tolist(), *script.needs.head.tolist()}
    known = {node: Thing(**{**usual(told.names[node]), **about.get(told.names[node], {})}) for node in reach}
    belief = {row: sure / (row + 1) if sure < 1 else 1.0 for row in range(len(rows))}
    things = {told.names[node]: one for node, one in known.items()}
    return Case(told=told, script=script, things=things, found=weave(script, known, belief, TERMS))


marks = st.fixed_dictionaries(
    {
        "capacity": st.integers(0, 6).map(float),
        "days": st.sampled_from([(0.5, 1.0), (10.0, 1.0), (90.0, 2.0)]),
        "actions": st.sampled_from([(), (STRIKE,)]),
        "holds": st.booleans(),
        "shared": st.booleans(),
        "leaving": st.booleans(),
    }
)
rows_of = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(LINKS), st.sampled_from(NAMES)), max_size=12
).map(lambda rows: [*FLOWING, *rows])
about_of = st.fixed_dictionaries(dict.fromkeys(NAMES, marks))
law = settings(deadline=None, max_examples=25)


@given(rows_of, about_of)
@law
def test_every_statement_of_the_flow_is_one_edge_with_its_belief(rows: list[Said], about: Any) -> None:
    one = case(rows, about, sure=0.9)
    expected = Counter(
        (tail, f"{tail} at {head}" if (tail, head) in one.split else head, 0.9 / (row + 1))
        for tail, head, row in one.flow
    )
    latent = one.found.latent
    edges = [(edge["from"], edge["to"], edge["belief"]) for edge in one.found.tree["edges"]]
    spoken = (edge for edge in edges if edge[0] in one.things and edge[1] not in latent)
    assert Counter(spoken) == expected


@given(rows_of, about_of)
@law
def test_an_account_leads_on_to_its_holder_for_sure(rows: list[Said], about: Any) -> None:
    one = case(rows, about, sure=0.9)
    accounts = {name for name in one.found.part_of if " at " in name}
    leaving = {(e["from"], e["to"]) for e in one.found.tree["edges"] if e["from"] in accounts}
    assert leaving == {(name, name.split(" at ")[1]) for name in accounts}
    assert {e["belief"] for e in one.found.tree["edges"] if e["from"] in accounts} <= {1.0}


@given(rows_of, about_of)
@law
def test_victims_lead_to_the_entries_alone(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    first = [edge["to"] for edge in one.found.tree["edges"] if edge["from"] == VICTIMS]
    assert sorted(first) == sorted(one.told.named(one.script.entries))
    assert not [edge for edge in one.found.tree["edges"] if edge["to"] == VICTIMS]


@given(rows_of, about_of)
@law
def test_an_account_in_reserve_is_with_the_busiest_others(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    ends = one.told.named(one.script.cash_outs)
    clients = {end: {tail for tail, head in one.split if head == end} for end in ends}
    ranked = sorted((end for end in ends if clients[end]), key=lambda end: (-len(clients[end]), end))
    expected = {
        (f"{tail} at {head}", f"{tail} at {other}", one.things[other].days[0])
        for head in ranked
        for tail in clients[head]
        for other in [end for end in ranked if end != head][:HEIRS]
        if tail not in clients[other]
    }
    moves = [(row["for"], row["id"], row["after_days"]) for row in one.found.tree["substitutes"]]
    assert Counter(move for move in moves if " at " in move[1]) == Counter(expected)


@given(rows_of, about_of)
@law
def test_a_need_is_all_suppliers_of_one_kind_that_can_all_be_hit(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    groups: dict[tuple[str, str], set[str]] = {}
    for tail, head in one.told.pairs(one.script.needs):
        groups.setdefault((tail, one.things[head].kind), set()).add(head)
    real = [
        (row["node"], frozenset(row["needs_any"]) - one.found.latent)
        for row in one.found.tree["dependencies"]
    ]
    assert Counter(real) == Counter(
        (tail, frozenset(heads))
        for (tail, _), heads in groups.items()
        if all(one.things[head].actions for head in heads)
    )


@given(rows_of, about_of)
@law
def test_a_provider_in_reserve_is_another_of_the_same_kind(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    for need in one.found.tree["dependencies"]:
        reserve = [name for name in need["needs_any"] if name in one.found.latent]
        assert len(reserve) <= 1
        for name in reserve:
            tail, other = name.split(" on ")
            others = [own for own in need["needs_any"] if own != name]
            assert tail == need["node"]
            assert other not in others
            assert {one.things[own].kind for own in others} == {one.things[other].kind}
            calls = [row for row in one.found.tree["substitutes"] if row["id"] == name]
            assert {(row["for"], row["after_days"]) for row in calls} == {
                (own, one.things[other].days[0]) for own in others
            }


@given(rows_of, about_of)
@law
def test_what_is_in_reserve_is_warned_of_at_most_and_never_moves_on(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    for name in one.found.latent:
        tail, _, holder = name.partition(" at ")
        warned = bool(holder) and one.things[tail].leaving
        asked = {action.mode for action in one.things[holder].asked} if warned else set()
        assert {row["mode"] for row in one.nodes[name]["modes"]} == asked
        assert {mode for of, mode in one.found.actions if of == name} == asked
    assert not one.found.latent & {row["for"] for row in one.found.tree["substitutes"]}


@given(rows_of, about_of)
@law
def test_every_mode_is_an_action_and_every_action_a_mode(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    modes = {(name, row["mode"]): row for name, node in one.nodes.items() for row in node["modes"]}
    assert set(modes) == set(one.found.actions)
    for at, row in modes.items():
        act = one.found.actions[at]
        assert (row["cost"], row["success"], row["collateral"], row["lead_days"], row["jurisdiction"]) == (
            act.cost, act.success, act.collateral, act.lead_days, act.jurisdiction,
        )  # fmt: skip
        slow = one.things[at[0].split(" at ")[-1]].days[0]
        assert row["replacement_days"] * math.log(2) == pytest.approx(slow)


@given(rows_of, about_of)
@law
def test_each_id_stands_for_the_nodes_that_its_name_says(rows: list[Said], about: Any) -> None:
    one = case(rows, about)
    for name, parts in one.found.part_of.items():
        assert name.replace(" on ", " at ").split(" at ") == [one.told.names[part] for part in parts]
    assert set(one.nodes) == {VICTIMS, *one.found.part_of}


@given(rows_of, about_of, st.randoms(use_true_random=False))
@law
def test_the_order_of_statements_does_not_change_the_document(
    rows: list[Said], about: Any, dice: Any
) -> None:
    mixed = rows[:]
    dice.shuffle(mixed)
    first, second = (case(order, about) for order in (rows, mixed))
    assert first.nodes == second.nodes
    for part in ("edges", "substitutes"):
        plain = [Counter(tuple(row.values()) for row in one.found.tree[part]) for one in (first, second)]
        assert plain[0] == plain[1]
    needs = [
        Counter((row["node"], frozenset(row["needs_any"])) for row in one.found.tree["dependencies"])
        for one in (first, second)
    ]
    assert needs[0] == needs[1]


few_of = st.lists(
    st.tuples(st.sampled_from(NAMES[:8]), st.sampled_from(LINKS[:4]), st.sampled_from(NAMES[:8])), max_size=8
).map(lambda rows: [*FLOWING, *rows])


@given(few_of, about_of)
@settings(deadline=None, max_examples=15)
def test_before_any_strike_as_much_flows_as_in_the_bare_script(rows: list[Said], about: Any) -> None:
    about = {name: one | {"actions": ()} for name, one in about.items()}
    one = case(rows, about)
    names = sorted(one.told.named(one.script.nodes))
    place = {name: at for at, name in enumerate(names)}
    capacity = {place[name]: one.things[name].capacity or 0.0 for name in names}
    edges = sorted({(place[tail], place[head]) for tail, head, _ in one.flow})
    entries, ends = (
        [place[name] for name in one.told.named(part)] for part in (one.script.entries, one.script.cash_outs)
    )
    expected = slow_flow(capacity, edges, entries, ends)
    assert prepare(read_network(one.found.tree), 2, CHOOSING).value(()) == pytest.approx(expected)


# worked


def after(one: Case, name: str, day: float) -> float:
    """What flows on a day after a sure strike against one thing."""
    tree = one.found.tree | {"stages": [{"at_day": day, "weight": 1.0}]}
    network = read_network(tree)
    [mode] = [m for m, node in enumerate(network.modes.node.tolist()) if network.ids[node] == name]
    return prepare(network, 1, CHOOSING).value((mode,))


@pytest.mark.parametrize(
    ("day", "expected"), [(0.0, 5.0), (4.0, 5 + 5 * (1 - 2**-0.4)), (5.0, 10.0), (90.0, 10.0)],
    ids=["at once", "growing back", "moved", "long after"],
)  # fmt: skip
def test_a_blocked_account_grows_back_until_it_has_moved(day: float, expected: float) -> None:
    one = case(said(SHOPS), {"o2": {"days": (5.0, 1.0), "capacity": None}})
    assert after(one, "w1 at o1", day) == pytest.approx(expected)


@pytest.mark.parametrize(("day", "expected"), [(0.0, 5.0), (2.99, 5 + 5 * (1 - 2**-0.299)), (3.0, 10.0)])
def test_a_shop_without_its_host_is_down_until_the_other_host_takes_it(day: float, expected: float) -> None:
    rows = said(f"{SHOPS}; d1 resolves-to h1; d2 resolves-to h2")
    assert after(case(rows, {"h2": {"days": (3.0, 1.0)}}), "h1", day) == pytest.approx(expected)


def test_a_host_of_both_shops_takes_both_down() -> None:
    rows = said(f"{SHOPS}; d1 resolves-to h1; d2 resolves-to h1")
    assert after(case(rows, {}), "h1", 0.0) == 0.0


def test_a_supplier_that_nothing_is_known_of_supplies_for_sure() -> None:
    told = Map(said(f"{SHOPS}; d1 resolves-to h1; d1 resolves-to h2"))
    known = {at: Thing(**usual(name)) for at, name in enumerate(told.names) if name[0] != "h"}
    found = weave(told.read(), known, dict.fromkeys(range(6), 1.0), TERMS)
    assert found.tree["dependencies"] == []
    assert not {"h1", "h2"} & {node["id"] for node in found.tree["nodes"]}


def test_a_chain_of_wallets_has_an_account_only_at_its_end() -> None:
    wallets = ["w1", "w2", "w3", "o1"]
    rows = [*said("d1 requests-payment-to w1"), *((a, "pays", b) for a, b in pairwise(wallets))]
    assert [name for name in case(rows, {}).found.part_of if " at " in name] == ["w3 at o1"]


def test_a_takedown_of_what_is_shared_is_refused_with_its_place_and_a_mend() -> None:
    one = case(FLOWING, {"d1": {"shared": True}})
    place = list(one.nodes).index("d1")
    with pytest.raises(RefusedError, match=f"/nodes/{place}/modes/0/mode.*Mend: offer cooperation"):
        read_network(one.found.tree)


@pytest.mark.parametrize("sure", [-0.5, 1.5, math.nan], ids=["below none", "above all", "no number"])
def test_a_belief_that_is_none_is_named_by_its_place(sure: float) -> None:
    told = Map(FLOWING)
    things = {at: Thing(**usual(name)) for at, name in enumerate(told.names)}
    found = weave(told.read(), things, {0: 1.0, 1: sure}, TERMS)
    place = next(at for at, edge in enumerate(found.tree["edges"]) if edge["to"] == "w1 at o1")
    with pytest.raises(BadInputError, match=f"/edges/{place}/belief.*Mend: "):
        read_network(found.tree)
