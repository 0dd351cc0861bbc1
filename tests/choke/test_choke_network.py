"""Reading the JSON of `choke --network`: what is taken, what is merged, and how faults are named."""

from __future__ import annotations

import copy
import json
import math
import random

import numpy as np
import pytest
from choke_chains import chain_trees, straight
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.chain import CASH_OUT, NO_ROLE, VICTIM
from chokepoint.choke.fields import SHOWN_FAULTS
from chokepoint.choke.network import MODE_NAMES, read_network
from chokepoint.model.errors import BadInputError, ChokepointError, RefusedError


def changed(path, value):
    """The three-node chain with one place changed; a missing value deletes it."""
    tree = straight(5, 3, 4, budget=1)
    at = tree
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return tree


def test_a_chain_is_read_as_it_is_written():
    network = read_network(straight(5, 3, 4, budget=2))
    assert network.ids == ("v0", "v1", "v2")
    assert network.capacity.tolist() == [5, 3, 4]
    assert network.role.tolist() == [VICTIM, NO_ROLE, CASH_OUT]
    assert (network.src.tolist(), network.dst.tolist()) == ([0, 1], [1, 2])
    assert (network.budget, network.worlds, network.seed) == (2, 4, 1)
    assert network.collateral_limit == math.inf
    assert network.modes.node.tolist() == [1]
    assert np.isinf(network.modes.replacement_days[0])
    assert (network.src.dtype, network.capacity.dtype) == (np.int32, np.float64)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["nodes", 1, "capacity"], float("nan"), "/nodes/1/capacity"),
        (["nodes", 1, "capacity"], -1, "/nodes/1/capacity"),
        (["nodes", 1, "capacity"], -math.inf, "/nodes/1/capacity"),
        (["nodes", 1, "capacity"], "much", "/nodes/1/capacity"),
        (["nodes", 1, "capacity"], True, "/nodes/1/capacity"),
        (["nodes", 1, "capacity"], ..., "/nodes/1/capacity"),
        (["nodes", 1, "capacity"], 10**4000, "/nodes/1/capacity"),
        (["nodes", 1, "id"], "v0", "/nodes/1/id"),
        (["nodes", 1, "id"], "", "/nodes/1/id"),
        (["nodes", 1, "id"], "x" * 5000, "/nodes/1/id"),
        (["nodes", 1, "role"], "boss", "/nodes/1/role"),
        (["nodes", 1, "role"], ["victim"], "/nodes/1/role"),
        (["nodes", 1], 7, "/nodes/1"),
        (["nodes"], {}, "/nodes"),
        (["nodes", 1, "modes"], 3, "/nodes/1/modes"),
        (["nodes", 1, "modes", 0, "mode"], "bomb", "/nodes/1/modes/0/mode"),
        (["nodes", 1, "modes", 0, "cost"], -2, "/nodes/1/modes/0/cost"),
        (["nodes", 1, "modes", 0, "cost"], math.inf, "/nodes/1/modes/0/cost"),
        (["nodes", 1, "modes", 0, "success"], 1.5, "/nodes/1/modes/0/success"),
        (["nodes", 1, "modes", 0, "replacement_days"], -1, "/nodes/1/modes/0/replacement_days"),
        (["edges", 0, "to"], "nobody", "/edges/0/to"),
        (["edges", 0, "from"], ..., "/edges/0/from"),
        (["edges", 0, "belief"], 2, "/edges/0/belief"),
        (["edges", 0, "belief"], float("nan"), "/edges/0/belief"),
        (["stages"], [], "/stages"),
        (["stages"], [{"at_day": 1}] * 65, "/stages"),
        (["stages", 0, "weight"], -1, "/stages/0/weight"),
        (["budget"], -1, "/budget"),
        (["budget"], float("nan"), "/budget"),
        (["budget"], ..., "/budget"),
        (["worlds"], 0, "/worlds"),
        (["worlds"], 10**9, "/worlds"),
        (["worlds"], 2.5, "/worlds"),
        (["seed"], -1, "/seed"),
        (["seed"], "x", "/seed"),
        (["collateral_limit"], -3, "/collateral_limit"),
        (["caps"], [1], "/caps"),
        (["caps"], {"DE": float("nan")}, "/caps/DE"),
        (["substitutes"], [{"for": "v1", "id": "v9", "after_days": 1}], "/substitutes/0/id"),
        (["substitutes"], [{"for": "v1", "id": "v1", "after_days": 1}], "/substitutes/0"),
        (["substitutes"], [{"for": "v1", "id": "v2", "after_days": -1}], "/substitutes/0/after_days"),
        (["dependencies"], [{"node": "v1", "needs_any": []}], "/dependencies/0/needs_any"),
        (["dependencies"], [{"node": "v1", "needs_any": ["v9"]}], "/dependencies/0/needs_any/0"),
    ],
)
def test_every_fault_is_named_with_its_place_and_mend(path, value, place):
    with pytest.raises(BadInputError) as caught:
        read_network(changed(path, value))
    assert caught.value.place == place
    assert caught.value.mend


@pytest.mark.parametrize("tree", [None, [], "x", 3, {}, {"nodes": []}])
def test_a_document_without_nodes_is_refused(tree):
    with pytest.raises(BadInputError):
        read_network(tree)


def test_all_faults_are_told_at_once():
    tree = changed(["nodes", 1, "capacity"], -1)
    tree["edges"][0]["to"] = "nobody"
    tree["worlds"] = 0
    with pytest.raises(BadInputError) as caught:
        read_network(tree)
    text = caught.value.explain()
    assert all(place in text for place in ("/nodes/1/capacity", "/edges/0/to", "/worlds"))
    assert "and 2 more" in text


def test_a_thousand_faults_make_a_short_message():
    tree = straight(1, 1, 1)
    tree["edges"] = [{"from": "a" * 900, "to": "b" * 900} for _ in range(1000)]
    with pytest.raises(BadInputError) as caught:
        read_network(tree)
    assert "and 1999 more" in caught.value.reason
    assert len(caught.value.explain()) < SHOWN_FAULTS * 1100


@pytest.mark.parametrize("name", [n for n in MODE_NAMES if n != "cooperation"])
def test_shared_infrastructure_is_asked_never_struck(name):
    tree = changed(["nodes", 1, "shared"], value=True)
    tree["nodes"][1]["modes"][0]["mode"] = name
    with pytest.raises(RefusedError) as caught:
        read_network(tree)
    assert caught.value.place == "/nodes/1/modes/0/mode"
    tree["nodes"][1]["modes"][0]["mode"] = "cooperation"
    assert read_network(tree).modes.name == ("cooperation",)


@pytest.mark.parametrize("name", MODE_NAMES)
def test_what_belongs_to_a_victim_is_only_notified_or_asked(name):
    tree = changed(["nodes", 1, "victim_asset"], value=True)
    tree["nodes"][1]["modes"][0]["mode"] = name
    if name in ("notification", "cooperation"):
        assert read_network(tree).modes.name == (name,)
    else:
        with pytest.raises(RefusedError):
            read_network(tree)


def test_parallel_edges_merge_as_independent_reports_and_self_loops_vanish():
    tree = straight(1, 1, 1)
    tree["edges"] = [
        {"from": "v0", "to": "v1", "belief": 0.5},
        {"from": "v1", "to": "v1", "belief": 1},
        {"from": "v0", "to": "v1", "belief": 0.6},
        {"from": "v1", "to": "v0", "belief": 0.25},
        {"from": "v1", "to": "v2", "belief": 0},
    ]
    network = read_network(tree)
    assert list(zip(network.src.tolist(), network.dst.tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert network.belief == pytest.approx([1 - 0.5 * 0.4, 0.25])


@pytest.mark.parametrize("unlimited", [None, math.inf])
def test_an_unlimited_node_is_bounded_by_the_sum_of_the_others(unlimited):
    network = read_network(straight(5, unlimited, 4))
    assert network.capacity.tolist() == [5, 9, 4]


def test_when_all_are_unlimited_one_is_the_unit():
    assert read_network(straight(None, None, None)).capacity.tolist() == [1, 1, 1]


def test_capacities_that_overflow_are_a_fault_and_no_infinity():
    with pytest.raises(BadInputError) as caught:
        read_network(straight(1.7e308, 1.7e308, 1))
    assert caught.value.place == "/nodes"


def test_numbers_as_ids_are_their_decimal_text():
    tree = straight(1, 1, 1)
    tree["nodes"][1]["id"] = 17
    tree["edges"] = [{"from": "v0", "to": 17}, {"from": "17", "to": "v2"}]
    assert read_network(tree).ids[1] == "17"


def test_reading_leaves_the_document_alone():
    tree = straight(1, 2, 3, caps={"DE": 1})
    before = copy.deepcopy(tree)
    read_network(tree)
    assert tree == before


@settings(max_examples=60, deadline=None)
@given(tree=chain_trees())
def test_what_json_carries_is_what_is_read(tree):
    once, twice = read_network(tree), read_network(json.loads(json.dumps(tree)))
    assert once.ids == twice.ids
    assert np.array_equal(once.belief, twice.belief)
    assert np.all(once.src != once.dst)
    pairs = list(zip(once.src.tolist(), once.dst.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert np.all(np.isfinite(once.capacity))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(tree=chain_trees(largest=4), junk=JUNK, seed=st.integers(0, 10**6))
def test_junk_anywhere_is_read_or_refused_but_never_a_crash(tree, junk, seed):
    rng = random.Random(seed)  # noqa: S311 - a test's choice
    at = tree
    while True:
        key = rng.choice(list(at) if isinstance(at, dict) else range(len(at)))
        inner = at[key]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.8:
            at = inner
            continue
        at[key] = junk
        break
    try:
        network = read_network(tree)
    except ChokepointError as error:
        answer = error.mend
    else:
        answer = network.ids
    assert answer
