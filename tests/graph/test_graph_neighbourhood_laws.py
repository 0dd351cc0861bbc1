"""What is drawn around a node, and what is only counted, against a plain walk over the sentences."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from graph_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph.layout import force, layered, packed
from chokepoint.graph.neighbourhood import EACH, around
from chokepoint.graph.traits import BARRED

NAMES = (*tuple(f"domain-name:n{at}.com" for at in range(6)), "malware:m", "country:kp", "email-addr:x@x.org")
LINKS = ("indicates", "contact", "located-in", "uses")


@st.composite
def worlds(draw):
    world = World()
    for name in NAMES:
        world.eid(name)
    node = st.integers(0, len(NAMES) - 1)
    for one, two, link in draw(
        st.lists(st.tuples(node, node, st.sampled_from(LINKS)), min_size=1, max_size=16)
    ):
        if one != two:
            seq = world.say(NAMES[one], link, NAMES[two], grade=draw(st.sampled_from(("A1", "C3"))))
            if draw(st.integers(0, 7)) == 0:
                world.vote(seq, 7, -1)
    if draw(st.booleans()):
        world.same(NAMES[0], NAMES[1])
    return world


def plain_edges(snapshot):
    """{edge: (node, node)} of all edges that are not disputed."""
    said = len(snapshot.subject)
    statements = {
        at: (int(snapshot.subject[at]), int(snapshot.object[at]))
        for at in range(said)
        if int(snapshot.verdict[at]) in {0, 1}
    }
    bonds = zip(snapshot.bond_left.tolist(), snapshot.bond_right.tolist(), strict=True)
    return statements | {said + at: pair for at, pair in enumerate(bonds)}


def walk(snapshot, centres, hops):
    """Distances by breadth first over what may be walked: barred nodes are reached, not passed."""
    distance = dict.fromkeys(centres, 0)
    layer = set(centres)
    for step in range(1, hops + 1):
        walked = {node for node in layer if step == 1 or not int(snapshot.flags[node]) & BARRED}
        pairs = [pair for ends in plain_edges(snapshot).values() for pair in (ends, ends[::-1])]
        layer = {b for a, b in pairs if a in walked and b not in distance}
        distance.update(dict.fromkeys(layer, step))
    return distance


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 4), st.data())
def test_with_room_enough_all_that_can_be_walked_to_is_drawn_at_its_distance(world, hops, data):
    snapshot = world.snapshot()
    centres = data.draw(st.lists(st.integers(0, snapshot.size - 1), min_size=1, max_size=3, unique=True))
    found = around(snapshot, centres, hops=hops)
    assert dict(zip(found.nodes, found.distance, strict=True)) == walk(snapshot, centres, hops)
    assert list(found.nodes[: len(centres)]) == centres
    assert list(found.distance) == sorted(found.distance)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 3), st.integers(1, 9))
def test_every_edge_of_a_drawn_node_is_drawn_or_counted(world, hops, cap):
    snapshot = world.snapshot()
    found = around(snapshot, [0], hops=hops, cap=cap)
    inside = set(found.nodes)
    edges = plain_edges(snapshot)
    assert set(found.edges) == {edge for edge, ends in edges.items() if set(ends) <= inside}
    for node in found.nodes:
        out = Counter(
            "same-as" if edge >= len(snapshot.subject) else snapshot.property_names[snapshot.relation[edge]]
            for edge, ends in edges.items()
            if node in ends and not set(ends) <= inside
        )
        assert found.hidden.get(node, {}) == dict(out)
    assert set(found.hidden) <= inside


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(1, 9), st.integers(0, 3))
def test_a_smaller_cap_draws_the_head_of_what_a_larger_one_does(world, cap, hops):
    snapshot = world.snapshot()
    whole = around(snapshot, [0], hops=hops).nodes
    assert around(snapshot, [0], hops=hops, cap=cap).nodes == whole[:cap]


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 3))
def test_a_further_hop_only_adds(world, hops):
    snapshot = world.snapshot()
    near, far = (around(snapshot, [0], hops=reach) for reach in (hops, hops + 1))
    assert far.nodes[: len(near.nodes)] == near.nodes
    assert set(near.edges) <= set(far.edges)


def star(properties, leaves):
    world = World()
    for name in properties:
        for at in range(leaves):
            world.say(f"domain-name:{name}{at}.com", name, "malware:m", grade="A1" if at % 2 else "D4")
    return world


@pytest.mark.parametrize("leaves", [EACH - 1, EACH, EACH + 1, 3 * EACH])
def test_of_each_property_the_most_believed_are_drawn_and_the_rest_is_counted(leaves):
    world = star(("indicates", "uses"), leaves)
    snapshot = world.snapshot()
    centre = int(snapshot.index([world.eids["malware:m"]])[0])
    found = around(snapshot, [centre], hops=1)
    assert len(found.nodes) == 1 + 2 * min(leaves, EACH)
    rest = dict.fromkeys(("indicates", "uses"), leaves - EACH) if leaves > EACH else {}
    assert found.hidden.get(centre, {}) == rest
    if leaves == 3 * EACH:
        assert all(name[-5] in "13579" for name in world.named(snapshot, found.nodes[1:]))


def test_among_equals_what_fewer_share_comes_first():
    world = World()
    for name in ("a", "b", "d"):
        world.say(f"domain-name:{name}.com", "indicates", "malware:m")
    for at in range(3):
        world.say("domain-name:a.com", "contact", f"email-addr:{at}@x.org")
    world.say("domain-name:b.com", "contact", "email-addr:y@x.org")
    snapshot = world.snapshot()
    centre = int(snapshot.index([world.eids["malware:m"]])[0])
    drawn = world.named(snapshot, around(snapshot, [centre], hops=1).nodes[1:])
    assert drawn == ["domain-name:d.com", "domain-name:b.com", "domain-name:a.com"]


def test_centres_named_twice_are_drawn_once_and_no_centres_draw_nothing():
    snapshot = star(("indicates",), 3).snapshot()
    assert around(snapshot, [1, 1, 0, 1], hops=0).nodes == (1, 0)
    assert around(snapshot, [], hops=3) == around(snapshot, [], hops=0)
    assert around(snapshot, []).nodes == ()


def test_more_centres_than_the_cap_are_cut_off():
    assert around(star(("indicates",), 9).snapshot(), range(9), cap=4, hops=0).nodes == (0, 1, 2, 3)


GRAPHS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20)
    )
)


@settings(max_examples=40, deadline=None)
@given(GRAPHS, st.integers(0, 5))
def test_pieces_are_packed_within_the_square_without_sharing_room(graph, seed):
    count, edges = graph
    places = packed(count, edges, seed=seed)
    assert places.shape == (count, 2)
    assert ((places >= 0) & (places <= 1)).all()
    pieces = []
    for node in range(count):
        linked = {node} | {b for a, b in edges if a == node} | {a for a, b in edges if b == node}
        near = [piece for piece in pieces if piece & linked]
        pieces = [piece for piece in pieces if not piece & linked] + [set().union(linked, *near)]
    boxes = [(places[sorted(piece)].min(axis=0), places[sorted(piece)].max(axis=0)) for piece in pieces]
    for at, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[at + 1 :]:
            assert (low > other_high).any() or (other_low > high).any()


@settings(max_examples=30, deadline=None)
@given(GRAPHS, st.integers(0, 5))
def test_the_same_graph_is_packed_alike_and_direction_does_not_count(graph, seed):
    count, edges = graph
    turned = [(b, a) for a, b in edges]
    assert np.array_equal(packed(count, edges, seed=seed), packed(count, turned, seed=seed))


@pytest.mark.parametrize("draw", [force, packed])
@pytest.mark.parametrize("count", [0, 1])
def test_one_node_lies_in_the_middle_and_none_nowhere(draw, count):
    assert draw(count, []).tolist() == [[0.5, 0.5]] * count


def test_another_seed_is_another_drawing():
    ring = [(at, (at + 1) % 8) for at in range(8)]
    assert not np.array_equal(force(8, ring, seed=1, steps=20), force(8, ring, seed=2, steps=20))


def test_loops_and_parallels_pull_no_harder():
    once = force(4, [(0, 1), (1, 2)], seed=3, steps=30)
    assert np.array_equal(once, force(4, [(0, 1), (1, 0), (0, 1), (2, 2), (1, 2)], seed=3, steps=30))


@settings(max_examples=40, deadline=None)
@given(GRAPHS, st.data())
def test_only_the_order_of_layers_matters(graph, data):
    count, edges = graph
    layers = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    stretched = [10 * layer - 7 for layer in layers]
    assert np.array_equal(layered(layers, edges), layered(stretched, edges))


@settings(max_examples=40, deadline=None)
@given(GRAPHS, st.data())
def test_layers_stand_in_columns_of_even_width_and_their_rows_at_even_heights(graph, data):
    count, edges = graph
    layers = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    places = layered(layers, edges)
    columns = sorted(set(layers))
    for number, layer in enumerate(columns):
        mine = places[[at for at in range(count) if layers[at] == layer]]
        assert np.allclose(mine[:, 0], (number + 0.5) / len(columns))
        assert np.allclose(sorted(mine[:, 1]), [(at + 0.5) / len(mine) for at in range(len(mine))])


def test_nothing_is_layered_into_nothing():
    assert layered([], []).shape == (0, 2)
