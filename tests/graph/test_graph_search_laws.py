"""The search against brute force, and the laws that any honest path search obeys."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf, log

import numpy as np
from graph_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.graph import frontier
from chokepoint.graph.frontier import OTHER_LIFE, SPECIFICITY, Rules, Search, life_at
from chokepoint.graph.traits import BARRED

GRADES = ("A1", "B2", "C3", "F6", "D4")
KINDS = ("crypto-address", "domain-name", "email-addr", "malware", "country")
LINKS = ("indicates", "contact", "name-server", "pays", "mentioned-with")


@st.composite
def worlds(draw, most=9):
    size = draw(st.integers(3, most))
    names = [f"{draw(st.sampled_from(KINDS))}:n{i}" for i in range(size)]
    world = World()
    for name in names:
        world.eid(name)
    count = draw(st.integers(2, 16))
    node = st.integers(0, size - 1)
    for _ in range(count):
        one, two = draw(node), draw(node)
        if one != two:
            world.say(
                names[one], draw(st.sampled_from(LINKS)), names[two],
                origin=draw(st.sampled_from(("x", "y", "z"))), grade=draw(st.sampled_from(GRADES)),
            )  # fmt: skip
    for _ in range(draw(st.integers(0, 2))):
        one, two = draw(node), draw(node)
        if one != two:
            world.same(names[one], names[two], belief=draw(st.sampled_from((0.6, 0.9))))
    return world, names


def prices(snapshot, *, strict):
    """The cheapest edge between each two neighbours: {(node, node): cost}."""
    said, found = len(snapshot.subject), {}
    for node in range(snapshot.size):
        for at in range(int(snapshot.pointer[node]), int(snapshot.pointer[node + 1])):
            edge, other = int(snapshot.edge[at]), int(snapshot.neighbour[at])
            odd = edge < said and not snapshot.joining[snapshot.relation[edge]]
            belief = snapshot.bond_belief[edge - said] if edge >= said else snapshot.belief[edge]
            if not (strict and odd):
                loose = edge < said and bool(snapshot.loose[snapshot.relation[edge]])
                cost = -log(float(belief)) + (3.0 if odd else 0.0) + (2.0 if loose else 0.0)
                found[node, other] = min(cost, found.get((node, other), inf))
    return found


def toll(snapshot, node, *, strict):
    """What passing through a node costs; infinite where it is refused."""
    refused = (inf if strict else 3.0) if int(snapshot.flags[node]) & BARRED else 0.0
    return SPECIFICITY * log(max(int(snapshot.degree[node]), 1)) + refused


def brute(snapshot, start, goal, *, strict, max_hops):
    """All simple ways with the cheapest edge between neighbours, by exhaustive walking: {nodes: cost}."""
    edge_cost = prices(snapshot, strict=strict)
    ways = {}

    def walk(trail, cost):
        here = trail[-1]
        if here == goal:
            ways[tuple(trail)] = cost
            return
        if len(trail) > 1:
            cost += toll(snapshot, here, strict=strict)
        if len(trail) > max_hops or cost == inf:
            return
        for (one, other), price in edge_cost.items():
            if one == here and other not in trail:
                walk([*trail, other], cost + price)

    walk([start], 0.0)
    return ways


@settings(max_examples=120, deadline=None)
@given(worlds(), st.booleans(), st.integers(1, 6), st.data())
def test_the_search_finds_the_cheapest_way_and_only_true_ways(made, strict, max_hops, data):
    world, names = made
    snapshot = world.snapshot()
    start, goal = data.draw(st.permutations(range(len(names))))[:2]
    ways = brute(snapshot, start, goal, strict=strict, max_hops=max_hops)
    search = Search(snapshot, Rules(strict=strict, max_hops=max_hops, keep=3))
    found = search.run(np.array([start], np.int32), np.array([goal], np.int32))
    assert search.complete
    assert bool(found) == bool(ways)
    for trail in found:
        assert trail.nodes in ways
        assert abs(trail.cost - ways[trail.nodes]) < 1e-5
    if ways:
        assert abs(found[0].cost - min(ways.values())) < 1e-5
    assert [t.cost for t in found] == sorted(t.cost for t in found)


@settings(max_examples=60, deadline=None)
@given(worlds(7), st.data())
def test_with_room_enough_every_way_that_is_not_faint_is_found(made, data):
    world, names = made
    snapshot = world.snapshot()
    start, goal = data.draw(st.permutations(range(len(names))))[:2]
    ways = brute(snapshot, start, goal, strict=True, max_hops=6)
    found = Search(snapshot, Rules(max_hops=6, keep=10_000)).run(
        np.array([start], np.int32), np.array([goal], np.int32)
    )
    strongest = min(ways.values(), default=0.0)
    wanted = {nodes for nodes, cost in ways.items() if cost < strongest + 3.999}
    assert wanted <= {trail.nodes for trail in found}


ROOM = 10_000
"""More paths than there are, so that none is left out for one that is as good."""


def told(world, start, goal, **limits):
    snapshot = world.snapshot()
    return [
        (
            tuple(world.named(snapshot, path.nodes)), round(path.belief, 6), path.joins, path.attribution,
            path.origins, path.single_source, tuple(w.code for w in path.warnings),
        )
        for path in world.paths(start, goal, **limits)
    ]  # fmt: skip


def worths(world, start, goal):
    return [
        (path.joins, path.attribution, round(path.score, 6), len(path.hops))
        for path in world.paths(start, goal)
    ]


@settings(max_examples=40, deadline=None)
@given(worlds(), st.data())
def test_renaming_the_numbers_of_entities_changes_no_answer(made, data):
    """Which of several that are as good comes last before the limit is for the numbers, and nothing else."""
    world, names = made
    order = data.draw(st.permutations(range(len(names))))
    new = {name: 5 + 3 * order[at] for at, name in enumerate(world.eids)}
    old = {eid: name for name, eid in world.eids.items()}
    other = World(
        links=[(s, new[old[a]], new[old[b]], *rest) for s, a, b, *rest in _parts(world.links)],
        sames=[(new[old[a]], new[old[b]], *rest) for a, b, *rest in world.sames],
        eids=new, origins=world.origins,
    )  # fmt: skip
    one, two = (sorted(told(w, *names[:2], k=ROOM), key=_by_worth) for w in (world, other))
    assert one == two
    assert worths(other, *names[:2]) == worths(world, *names[:2])
    assert set(told(other, *names[:2])) <= set(two)


def test_of_paths_as_good_those_come_first_whose_things_were_named_first():
    """The desk numbers things in the order in which the viewer sees them named: nothing hidden decides."""
    world = World()
    for number in range(7):
        world.say("campaign:a", "uses", f"malware:m{number}")
        world.say(f"malware:m{number}", "uses", "tool:b")
    middles = [nodes[1] for nodes, *_ in told(world, "campaign:a", "tool:b")]
    assert middles == [f"malware:m{number}" for number in range(5)]


def _parts(links):
    return [(link[0], link[1], link[2], *link[3:]) for link in links]


def _by_worth(row):
    return (-row[1], row[0])


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_a_claim_about_other_things_changes_no_answer(made):
    world, names = made
    before = told(world, names[0], names[1])
    world.say("file:unrelated", "indicates", "malware:elsewhere")
    assert told(world, names[0], names[1]) == before


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_a_claim_whose_end_is_hidden_changes_no_answer(made):
    world, names = made
    snapshot = world.snapshot()
    world.say(names[0], "contact", "email-addr:hidden@x.org")
    world.say(names[1], "contact", "email-addr:hidden@x.org")
    del world.eids["email-addr:hidden@x.org"]
    after = world.snapshot()
    for name, array in snapshot.to_arrays().items():
        assert np.array_equal(array, after.to_arrays()[name]), name


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_a_path_is_the_same_walked_backwards(made):
    world, names = made
    there = {(nodes, belief) for nodes, belief, *_ in told(world, names[0], names[1])[:1]}
    back = {(nodes[::-1], belief) for nodes, belief, *_ in told(world, names[1], names[0])}
    best = max((belief for _, belief in back), default=0)
    assert there <= back or any(abs(belief - best) < 1e-6 for _, belief in there)


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_joint_belief_is_the_product_of_the_hops(made):
    world, names = made
    for path in world.paths(names[0], names[1]):
        product = np.prod([hop.belief for hop in path.hops])
        assert abs(path.belief - product) < 1e-9
        assert all(one.target == two.source for one, two in pairwise(path.hops))
        assert len(set(path.nodes)) == len(path.nodes)


def test_crossing_lives_costs_once_at_the_node_where_hands_changed():
    world = World()
    world.say("organisation:shop", "website", "domain-name:shop.com", origin="one", until="2020-01-01")
    world.say("domain-name:shop.com", "indicates", "campaign:c", origin="two", day="2024-01-01")
    snapshot = world.snapshot()
    shop, site, campaign = (int(snapshot.index(np.array([world.eids[n]]))[0]) for n in world.eids)
    (trail,) = Search(snapshot, Rules()).run(np.array([shop], np.int32), np.array([campaign], np.int32))
    lives = life_at(snapshot, np.array(trail.edges, np.int32), np.array([site, site], np.int32))
    assert lives.tolist() == [1, 2]
    plain = -log(float(snapshot.belief[0])) - log(float(snapshot.belief[1])) + SPECIFICITY * log(2)
    assert abs(exp(-(trail.cost - plain)) - OTHER_LIFE) < 1e-6


def test_a_search_cut_by_its_budget_says_so(monkeypatch):
    monkeypatch.setattr(frontier, "EDGE_BUDGET", 4)
    world = World()
    for number in range(6):
        world.say("campaign:a", "uses", f"malware:m{number}")
        world.say("campaign:b", "uses", f"malware:m{number}")
        world.say(f"malware:m{number}", "uses", f"tool:t{number}")
    world.say("campaign:b", "contact", "email-addr:z@x.org")
    world.say("campaign:z", "contact", "email-addr:z@x.org")
    snapshot = world.snapshot()
    ends = [snapshot.index(np.array([world.eids[n]])).astype(np.int32) for n in ("campaign:a", "campaign:z")]
    search = Search(snapshot, Rules())
    search.run(*ends)
    assert not search.complete
