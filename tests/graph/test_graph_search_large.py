"""The search on maps too large to try every way, against dynamic programming and Dijkstra's algorithm."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from graph_world import PROPERTIES, World
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from test_graph_search_laws import prices, toll

from chokepoint.graph.frontier import Rules, Search
from chokepoint.graph.path import Limits, search

KINDS = ("crypto-address", "domain-name", "email-addr", "malware", "url")
LINKS = ("indicates", "contact", "pays", "uses", "mentioned-with", "name-server")
GRADES = ("A1", "B2", "C3", "F6", "D4")


def random_world(seed, *, nodes=45, links=90):
    rng = np.random.default_rng(seed)
    names = [f"{KINDS[int(rng.integers(len(KINDS)))]}:n{at}" for at in range(nodes)]
    world = World()
    for name in names:
        world.eid(name)
    for one, two in rng.integers(0, nodes, (links, 2)):
        if one != two:
            world.say(
                names[one], LINKS[int(rng.integers(len(LINKS)))], names[two],
                origin=f"o{int(rng.integers(5))}", grade=GRADES[int(rng.integers(len(GRADES)))],
            )  # fmt: skip
    for one, two in rng.integers(0, nodes, (3, 2)):
        if one != two:
            world.same(names[one], names[two], belief=float(rng.uniform(0.5, 0.99)))
    return world


def by_length(snapshot, start, goal, *, strict, longest):
    """The least cost of any way of at most 1, 2, … edges, by dynamic programming over last nodes."""
    cost_of = prices(snapshot, strict=strict)
    best = {start: 0.0}
    least = []
    for length in range(1, longest + 1):
        following = dict(best)
        for (one, other), price in cost_of.items():
            if one in best and one != goal:
                passing = toll(snapshot, one, strict=strict) if one != start else 0.0
                following[other] = min(best[one] + passing + price, following.get(other, inf))
        best = following
        least.append((length, best.get(goal, inf)))
    return dict(least)


def ends(seed, size):
    one, two = np.random.default_rng(seed + 1).choice(size, 2, replace=False)
    return int(one), int(two)


def run(snapshot, start, goal, **rules):
    found = Search(snapshot, Rules(**rules))
    return found.run(np.array([start], np.int32), np.array([goal], np.int32)), found.complete


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.integers(1, 8))
def test_the_cheapest_way_within_the_hop_limit_is_found(seed, strict, most):
    snapshot = random_world(seed).snapshot()
    start, goal = ends(seed, snapshot.size)
    found, complete = run(snapshot, start, goal, strict=strict, max_hops=most, keep=4)
    wanted = by_length(snapshot, start, goal, strict=strict, longest=most)[most]
    assert complete
    assert (found[0].cost if found else inf) == pytest.approx(wanted, abs=1e-5)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_with_hops_enough_the_cheapest_way_is_that_of_dijkstra(seed):
    snapshot = random_world(seed, nodes=30, links=70).snapshot()
    start, goal = ends(seed, snapshot.size)
    rows = [
        (one, other, price + (toll(snapshot, one, strict=False) if one != start else 0.0))
        for (one, other), price in prices(snapshot, strict=False).items()
    ]
    tail, head, cost = zip(*rows, strict=True)
    table = csr_array((np.maximum(cost, 1e-12), (tail, head)), shape=(snapshot.size, snapshot.size))
    wanted = float(dijkstra(table, indices=start)[goal])
    found, _ = run(snapshot, start, goal, strict=False, max_hops=29, keep=4)
    assert (found[0].cost if found else inf) == pytest.approx(wanted, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7))
def test_a_longer_leash_never_makes_the_best_way_dearer(seed, most):
    snapshot = random_world(seed).snapshot()
    start, goal = ends(seed, snapshot.size)
    short, _ = run(snapshot, start, goal, max_hops=most)
    long, _ = run(snapshot, start, goal, max_hops=most + 1)
    if short:
        assert long[0].cost <= short[0].cost + 1e-9


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_every_way_found_is_simple_true_and_priced_as_it_is(seed, strict):
    snapshot = random_world(seed).snapshot()
    start, goal = ends(seed, snapshot.size)
    cost_of = prices(snapshot, strict=strict)
    found, _ = run(snapshot, start, goal, strict=strict, keep=5)
    for trail in found:
        assert (trail.nodes[0], trail.nodes[-1]) == (start, goal)
        assert len(set(trail.nodes)) == len(trail.nodes) == len(trail.edges) + 1
        cost = sum(cost_of[pair] for pair in zip(trail.nodes, trail.nodes[1:], strict=False))
        cost += sum(toll(snapshot, node, strict=strict) for node in trail.nodes[1:-1])
        assert trail.cost == pytest.approx(cost, abs=1e-5)
    assert len({trail.nodes for trail in found}) == len(found)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_way_back_costs_what_the_way_there_does(seed):
    snapshot = random_world(seed).snapshot()
    start, goal = ends(seed, snapshot.size)
    there, _ = run(snapshot, start, goal)
    back, _ = run(snapshot, goal, start)
    assert bool(there) == bool(back)
    if there:
        assert there[0].cost == pytest.approx(back[0].cost, abs=1e-9)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_between_two_sets_the_best_way_is_the_best_of_all_pairs(seed, count):
    snapshot = random_world(seed).snapshot()
    chosen = np.random.default_rng(seed + 2).choice(snapshot.size, 2 * count, replace=False).astype(np.int32)
    sources, targets = chosen[:count], chosen[count:]
    found = Search(snapshot, Rules(keep=4)).run(sources, targets)
    singles = [run(snapshot, int(a), int(b), keep=4)[0] for a in sources for b in targets]
    best = min((one[0].cost for one in singles if one), default=inf)
    assert (found[0].cost if found else inf) == pytest.approx(best, abs=1e-5)
    for trail in found:
        assert not set(trail.nodes[1:-1]) & {*sources.tolist(), *targets.tolist()}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_asking_for_fewer_paths_gives_the_head_of_more(seed):
    snapshot = random_world(seed).snapshot()
    start, goal = ends(seed, snapshot.size)
    many = search(snapshot, [start], [goal], limits=Limits(k=8)).paths
    few = search(snapshot, [start], [goal], limits=Limits(k=1)).paths
    assert len(few) == min(len(many), 1)
    if many and many[0].joins:
        assert few[0].score == pytest.approx(many[0].score, rel=0.5)
        assert few[0].joins


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_paths_come_ranked_and_no_more_than_asked(seed, k):
    snapshot = random_world(seed).snapshot()
    start, goal = ends(seed, snapshot.size)
    paths = search(snapshot, [start], [goal], limits=Limits(k=k)).paths
    keys = [(not path.joins, not path.attribution, -path.score, len(path.hops), path.nodes) for path in paths]
    assert keys == sorted(keys)
    assert len(paths) <= k


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_a_stronger_claim_for_a_link_never_weakens_the_best_way(seed):
    world = random_world(seed)
    snapshot = world.snapshot()
    start, goal = ends(seed, snapshot.size)
    before, _ = run(snapshot, start, goal)
    names = {eid: name for name, eid in world.eids.items()}
    _, subject, thing, number, *_ = world.links[seed % len(world.links)]
    world.say(names[subject], PROPERTIES[number], names[thing], grade="A1", origin="fresh")
    after, _ = run(world.snapshot(), start, goal)
    if before:
        assert after[0].cost <= before[0].cost + 1e-6


def test_a_chain_longer_than_the_limit_is_not_walked_and_one_at_the_limit_is():
    world = World()
    for at in range(12):
        world.say(f"crypto-address:btc:{at}", "pays", f"crypto-address:btc:{at + 1}")
    snapshot = world.snapshot()
    first, last = (int(snapshot.index([world.eids[f"crypto-address:btc:{at}"]])[0]) for at in (0, 12))
    assert run(snapshot, first, last, max_hops=11)[0] == []
    (found,) = run(snapshot, first, last, max_hops=12)[0]
    assert found.cost == pytest.approx(12 * -log(float(snapshot.belief[0])) + 11 * 0.15 * log(2), abs=1e-5)
