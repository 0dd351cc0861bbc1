"""Reading the crime script: what flows, what is needed, where victims come in and value leaves."""

from __future__ import annotations

import pytest
from choke_script import Map, said
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.vocabulary import vocabulary

STRAIGHT = "d1 requests-payment-to w1; w1 pays o1"


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        pytest.param(STRAIGHT, "d1>w1 w1>o1", id="a shop, a wallet, an exchange"),
        pytest.param("d1 requests-payment-to w1; w1 controlled-by o1", "d1>w1 w1>o1", id="held by it"),
        pytest.param("d1 requests-payment-to w1; w1 controlled-by s1", "d1>w1 w1>s1", id="held by a service"),
        pytest.param("d1 requests-payment-to w1; w1 controlled-by p1", "", id="held by a person"),
        pytest.param(
            "d1 indicates c1; w1 attributed-to c1; w1 pays o1", "d1>c1 c1>w1 w1>o1", id="a campaign"
        ),
        pytest.param("d1 attributed-to g1; w1 indicates g1; w1 pays o1", "d1>g1 g1>w1 w1>o1", id="a group"),
        pytest.param(
            "u1 indicates c1; b1 indicates c1; b1 pays o1", "u1>c1 c1>b1 b1>o1", id="account to bank"
        ),
        pytest.param("d1 indicates d2; d2 requests-payment-to w1; w1 pays o1", "d2>w1 w1>o1", id="no actor"),
        pytest.param(
            "d1 contact u1; u1 requests-payment-to w1; w1 pays o1", "d1>u1 u1>w1 w1>o1", id="a contact"
        ),
        pytest.param("c1 requests-payment-to w1; w1 pays a1", "c1>w1 w1>a1", id="into a thing bought"),
        pytest.param("d1 requests-payment-to o1", "d1>o1", id="straight to a company"),
        pytest.param(f"{STRAIGHT}; d1 pays d1", "d1>w1 w1>o1", id="what pays itself"),
        pytest.param(f"{STRAIGHT}; w1 pays w2", "d1>w1 w1>o1", id="a dead end"),
        pytest.param(f"{STRAIGHT}; w2 pays w1", "d1>w1 w1>o1", id="money from nowhere"),
        pytest.param(f"{STRAIGHT}; x1 pays w1; w1 pays x1", "d1>w1 w1>o1", id="a kind that nobody knows"),
        pytest.param(f"{STRAIGHT}; d1 mentioned-with w9; d1 targets o9", "d1>w1 w1>o1", id="mere talk"),
        pytest.param("w1 pays o1; w2 pays o1", "", id="no victims"),
        pytest.param("d1 requests-payment-to w1", "", id="no cash-out"),
    ],
)
def test_what_passes_money_or_victims_on(text: str, flow: str) -> None:
    told = Map(said(text))
    assert told.pairs(told.read().flow) == {tuple(pair.split(">")) for pair in flow.split()}


def test_victims_come_in_at_lures_and_where_nothing_else_leads() -> None:
    told = Map(said(f"{STRAIGHT}; d2 contact d1; m1 requests-payment-to w1; d1 contact u1; u1 pays w1"))
    assert told.named(told.read().entries) == {"d1", "d2", "m1"}


def test_lures_that_lead_in_circles_still_meet_victims() -> None:
    told = Map(said(f"{STRAIGHT}; d1 contact d2; d2 contact d1"))
    assert told.named(told.read().entries) == {"d1", "d2"}


def test_a_wallet_that_nobody_leads_to_meets_no_victims() -> None:
    told = Map(said(f"{STRAIGHT}; w9 pays w1"))
    assert told.named(told.read().entries) == {"d1"}
    assert told.named(told.read().loose_starts) == {"w9"}


def test_value_leaves_with_who_may_hold_a_cash_out_and_is_paid() -> None:
    told = Map(said(f"{STRAIGHT}; w1 pays s1; w1 pays a1; w1 pays g1; o2 requests-payment-to w1"))
    assert told.named(told.read().cash_outs) == {"o1", "s1", "a1"}
    assert "o2" in told.named(told.read().entries)


def test_what_only_passes_on_is_no_cash_out_but_still_on_the_way() -> None:
    told = Map(said("d1 requests-payment-to w1; w1 pays s1; s1 pays o1"))
    script = told.read(laundering=["s1"])
    assert told.named(script.cash_outs) == {"o1"}
    assert told.pairs(script.flow) == {("d1", "w1"), ("w1", "s1"), ("s1", "o1")}
    assert not told.read(laundering=["s1", "o1"]).nodes.size


def test_a_payment_that_leads_nowhere_is_a_loose_end() -> None:
    told = Map(said(f"{STRAIGHT}; d1 requests-payment-to w2; w2 pays w3"))
    assert told.named(told.read().loose_ends) == {"w2", "w3"}
    assert told.read().loose_starts.size == 0


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        pytest.param("d1 resolves-to h1", "d1>h1", id="a host"),
        pytest.param("d1 hosted-at h1; d1 name-server d9", "d1>h1 d1>d9", id="two capabilities"),
        pytest.param("d1 subdomain-of d9", "d1>d9", id="the name above"),
        pytest.param("d1 contact u1", "d1>u1", id="a contact that leads nowhere"),
        pytest.param(
            "h1 indicates c1; d1 indicates c1; w1 attributed-to c1", "c1>h1", id="an enabler of an actor"
        ),
        pytest.param("h1 resolves-to h2; d9 hosted-at h3", "", id="of things off the chain"),
        pytest.param("h1 resolves-to d1", "", id="the wrong way round"),
        pytest.param("d1 resolves-to d1", "", id="itself"),
    ],
)
def test_what_is_needed_by_things_on_the_chain(text: str, needs: str) -> None:
    told = Map(said(f"{STRAIGHT}; {text}"))
    assert told.pairs(told.read().needs) == {tuple(pair.split(">")) for pair in needs.split()}


def test_a_contact_that_leads_on_is_no_mere_need() -> None:
    told = Map(said("d1 contact u1; u1 requests-payment-to w1; w1 pays o1"))
    assert told.pairs(told.read().needs) == set()


def test_only_statements_that_count_are_read() -> None:
    told = Map(said(f"{STRAIGHT}; d2 requests-payment-to w1; d1 resolves-to h1"))
    script = told.read([True, True, False, False])
    assert told.named(script.nodes) == {"d1", "w1", "o1"}
    assert script.needs.row.size == 0
    assert not told.read([False] * 4).nodes.size


def test_each_pair_knows_its_statement() -> None:
    told = Map(said(f"d9 targets o9; {STRAIGHT}; d1 resolves-to h1"))
    script = told.read()
    rows = dict(
        zip(script.flow.row.tolist(), zip(script.flow.tail, script.flow.head, strict=True), strict=True)
    )
    assert {row: tuple(told.names[int(end)] for end in ends) for row, ends in rows.items()} == {
        1: ("d1", "w1"), 2: ("w1", "o1"),
    }  # fmt: skip
    assert script.needs.row.tolist() == [3]
    assert script.rows.tolist() == [1, 2, 3]


def test_a_cluster_is_one_thing_under_its_head() -> None:
    told = Map(said("d1 requests-payment-to w1; w2 pays o1"), same={"w2": "w1"})
    assert told.pairs(told.read().flow) == {("d1", "w1"), ("w1", "o1")}
    assert told.named(told.read().nodes) == {"d1", "w1", "o1"}


def test_what_a_cluster_pays_within_itself_is_no_flow() -> None:
    told = Map(said("d1 requests-payment-to w1; w1 pays w2; w2 pays o1"), same={"w2": "w1"})
    assert told.pairs(told.read().flow) == {("d1", "w1"), ("w1", "o1")}


def test_an_empty_map_has_no_script() -> None:
    assert not Map([]).read().nodes.size


LINKS = [
    "requests-payment-to",
    "pays",
    "controlled-by",
    "indicates",
    "attributed-to",
    "contact",
    "resolves-to",
]
NAMES = ["d1", "d2", "w1", "w2", "o1", "o2", "c1", "h1", "u1", "s1", "m1"]
statements = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(LINKS), st.sampled_from(NAMES)), max_size=14
)


def arc(left: str, name: str, right: str) -> tuple[str, str] | None:
    """The way that a statement tells of, by the rules in words; `dwuhf` are identifiers, `os` hold cash-outs."""
    if name in {"requests-payment-to", "pays", "contact"}:
        return left, right
    if name == "controlled-by":
        return (left, right) if right[0] in "os" else None
    if name == "resolves-to" or right[0] in "dwuhf":
        return None
    return {"d": (left, right), "u": (left, right), "w": (right, left)}.get(left[0])


def reach(starts: set[str], steps: set[tuple[str, str]]) -> set[str]:
    seen, queue = set(starts), list(starts)
    while queue:
        here = queue.pop()
        new = {head for tail, head in steps if tail == here} - seen
        seen |= new
        queue += new
    return seen


def plain_reading(rows: list[tuple[str, str, str]]) -> tuple[set[str], set[str], set[str]]:
    """Nodes, entries and cash-outs, by walking a set at a time."""
    arcs = {found for left, name, right in rows if left != right and (found := arc(left, name, right))}
    fed, feeding = {head for _, head in arcs}, {tail for tail, _ in arcs}
    entries = {one for one in feeding if one[0] == "d" or (one not in fed and one[0] != "w")}
    ends = {one for one in fed if one[0] in "os"}
    nodes = reach(entries, arcs) & reach(ends, {(head, tail) for tail, head in arcs})
    return nodes, entries & nodes, ends & nodes


@given(statements)
def test_the_script_is_that_of_a_plain_reading(rows: list[tuple[str, str, str]]) -> None:
    told = Map(rows)
    script = told.read()
    expected = plain_reading(rows)
    assert (
        told.named(script.nodes), told.named(script.entries), told.named(script.cash_outs)
    ) == expected  # fmt: skip


@given(statements, st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(rows: list[tuple[str, str, str]], dice) -> None:
    mixed = rows[:]
    dice.shuffle(mixed)
    first, second = Map(rows), Map(mixed)
    for part in ("flow", "needs"):
        assert first.pairs(getattr(first.read(), part)) == second.pairs(getattr(second.read(), part))
    for part in ("nodes", "entries", "cash_outs", "loose_ends", "loose_starts"):
        assert first.named(getattr(first.read(), part)) == second.named(getattr(second.read(), part))


@given(statements, statements)
def test_more_statements_never_take_a_hop_away(rows, more) -> None:
    first, second = Map(rows), Map([*rows, *more])
    before, after = first.pairs(first.read().flow), second.pairs(second.read().flow)
    entered = second.named(second.read().entries)
    lost = before - after
    assert not lost or not first.named(first.read().entries) <= entered


@given(statements)
def test_loose_things_are_no_part_of_the_chain(rows: list[tuple[str, str, str]]) -> None:
    told = Map(rows)
    script = told.read()
    nodes = told.named(script.nodes)
    assert not nodes & told.named(script.loose_ends)
    assert not nodes & told.named(script.loose_starts)
    assert all(one[0] in "wb" for one in told.named([*script.loose_ends, *script.loose_starts]))


def test_every_part_that_a_property_may_play_is_known() -> None:
    parts = {one.chain for one in vocabulary().properties.values()}
    assert parts == {"", "flow", "holder", "member", "need", "victim"}
    assert all(one.is_link for one in vocabulary().properties.values() if one.chain)


def test_kinds_that_may_end_a_chain_are_no_identifiers() -> None:
    words = vocabulary()
    assert {words.kind(name).family for name in words.chain.cash_out} <= {"actor", "thing"}


def test_every_lever_of_the_vocabulary_says_how_it_fares() -> None:
    words = vocabulary()
    modes = {lever.mode for kind in words.kinds.values() for lever in kind.levers}
    assert modes <= set(words.modes)
    for effect in words.modes.values():
        assert 0 < effect.success < 1
        assert effect.collateral >= 0
