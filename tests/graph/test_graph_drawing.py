"""Neighbourhoods, layouts and components."""

from __future__ import annotations

import numpy as np
import pytest
from graph_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph.components import label, sizes
from chokepoint.graph.layout import force, layered
from chokepoint.graph.neighbourhood import EACH, around


def star(leaves, centre="campaign:c"):
    world = World()
    for number in range(leaves):
        world.say(f"domain-name:s{number}.com", "indicates", centre)
    return world


def drawn(world, centre, **limits):
    snapshot = world.snapshot()
    node = int(snapshot.index(np.array([world.eids[centre]]))[0])
    return snapshot, around(snapshot, [node], **limits)


def test_a_large_star_is_drawn_in_part_and_the_rest_is_counted():
    snapshot, found = drawn(star(50), "campaign:c")
    assert len(found.nodes) == 1 + EACH
    assert found.hidden == {found.nodes[0]: {"indicates": 50 - EACH}}
    assert len(found.edges) == EACH
    assert found.distance == (0,) + (1,) * EACH
    assert snapshot.size == 51


def test_the_cap_holds_whatever_the_centres():
    world = star(50)
    snapshot = world.snapshot()
    assert len(around(snapshot, range(51), cap=20).nodes) == 20
    assert around(snapshot, [], cap=20).nodes == ()


def test_hops_limit_the_reach():
    world = World()
    for number in range(5):
        world.say(f"crypto-address:btc:{number}", "pays", f"crypto-address:btc:{number + 1}")
    for hops in range(5):
        _, found = drawn(world, "crypto-address:btc:0", hops=hops)
        assert max(found.distance) == hops


def test_shared_things_are_drawn_but_not_walked_through():
    world = World()
    world.say("group:a", "located-in", "country:kp")
    world.say("group:b", "located-in", "country:kp")
    snapshot, found = drawn(world, "group:a", hops=3)
    assert world.named(snapshot, found.nodes) == ["group:a", "country:kp"]
    assert found.hidden[found.nodes[1]] == {"located-in": 1}


def test_identity_is_drawn_as_an_edge_of_its_own():
    world = star(1)
    world.eid("campaign:d")
    world.same("campaign:c", "campaign:d")
    snapshot, found = drawn(world, "campaign:c")
    assert len(snapshot.subject) in found.edges
    assert len(found.nodes) == 3


def test_disputed_statements_are_not_drawn():
    world = World()
    claim = world.say("domain-name:a.com", "indicates", "campaign:c")
    world.vote(claim, 2, -1)
    _, found = drawn(world, "campaign:c")
    assert len(found.nodes) == 1
    assert found.hidden == {}


def test_accepted_only_draws_accepted_statements():
    world = star(2)
    world.vote(10, 2)
    world.vote(10, 3)
    _, found = drawn(world, "campaign:c", accepted_only=True)
    assert len(found.nodes) == 2


graphs = st.integers(0, 14).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(n - 1, 0))), max_size=20 * (n > 0)
        ),
    )
)


@settings(max_examples=30, deadline=None)
@given(graphs, st.integers(0, 9))
def test_forces_place_all_nodes_within_the_square_and_always_alike(graph, seed):
    count, edges = graph
    places = force(count, edges, seed=seed, steps=20)
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert ((places >= 0) & (places <= 1)).all()
    assert np.array_equal(places, force(count, edges[::-1], seed=seed, steps=20))


def test_linked_nodes_lie_nearer_than_others():
    cliques = [(a + s, b + s) for s in (0, 6) for a in range(6) for b in range(a)]
    places = force(12, cliques, seed=1)
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    inside = np.mean([distance[a, b] for a, b in cliques])
    across = distance[:6, 6:].mean()
    assert inside < 0.5 * across


@settings(max_examples=30, deadline=None)
@given(graphs, st.data())
def test_layers_keep_their_order_and_no_two_nodes_share_a_place(graph, data):
    count, edges = graph
    layers = data.draw(st.lists(st.integers(-2, 9), min_size=count, max_size=count))
    places = layered(layers, edges)
    assert places.shape == (count, 2)
    assert len({tuple(p) for p in places.tolist()}) == count
    for a in range(count):
        for b in range(count):
            assert (layers[a] < layers[b]) == (places[a, 0] < places[b, 0])


def test_layers_untangle_crossing_edges():
    places = layered([0, 0, 1, 1], [(0, 3), (1, 2)])
    assert (places[0, 1] < places[1, 1]) == (places[3, 1] < places[2, 1])


@given(graphs)
def test_components_are_those_of_a_plain_walk(graph):
    count, edges = graph
    left, right = (np.array([e[side] for e in edges], np.int32) for side in (0, 1))
    found = label(left, right, count)
    expected = list(range(count))
    for _ in range(count):
        for a, b in edges:
            expected[a] = expected[b] = min(expected[a], expected[b])
    assert found.tolist() == expected


@pytest.mark.parametrize(("labels", "expected"), [([], []), ([0, 0, 2, 0, 4, 4], [(0, 3), (4, 2), (2, 1)])])
def test_components_come_largest_first(labels, expected):
    names, counts = sizes(np.array(labels, np.int32))
    assert list(zip(names.tolist(), counts.tolist(), strict=True)) == expected
