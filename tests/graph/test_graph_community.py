"""Groups of a large map: nothing lost, nothing twice, the same again, and what belongs together together."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from graph_world import World
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.graph.community import (
    FEW,
    LUMP,
    Group,
    Pairs,
    communities,
    opened,
    split,
    ties,
    usable,
    within,
)

KINDS = ("domain-name", "malware", "ipv4-addr")


def pairs_of(*edges):
    left, right = zip(*edges, strict=True) if edges else ((), ())
    return Pairs(np.array(left, np.int64), np.array(right, np.int64))


def clique(*nodes):
    return [(one, two) for one in nodes for two in nodes if one < two]


def sets(state):
    return sorted(sorted(np.flatnonzero(state == name).tolist()) for name in np.unique(state))


@st.composite
def edge_lists(draw):
    size = draw(st.integers(1, 24))
    node = st.integers(0, size - 1)
    return size, draw(st.lists(st.tuples(node, node).filter(lambda pair: pair[0] != pair[1]), max_size=60))


@st.composite
def maps(draw):
    """A snapshot of some statements among nodes of three kinds, some of them disputed, some bonds."""
    world = World()
    names = [f"{KINDS[at % 3]}:n{at}" for at in range(draw(st.integers(2, 14)))]
    for name in names:
        world.eid(name)
    node = st.integers(0, len(names) - 1)
    for one, two in draw(st.lists(st.tuples(node, node), max_size=24)):
        if one != two:
            seq = world.say(names[one], "indicates", names[two])
            if draw(st.integers(0, 5)) == 0:
                world.vote(seq, 7, -1)
    if draw(st.booleans()):
        world.same(names[0], names[1])
    return world.snapshot()


def star_world(leaves):
    """One campaign with many domains: nothing divides these but their number."""
    world = World()
    for at in range(leaves):
        world.say(f"domain-name:d{at}.com", "indicates", "campaign:c")
    return world.snapshot()


def test_two_cliques_with_one_edge_between_them_are_two_communities():
    edges = [*clique(0, 1, 2, 3, 4), *clique(5, 6, 7, 8, 9), (4, 5)]
    assert sets(communities(pairs_of(*edges), 10)) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_a_node_without_edges_is_a_community_of_its_own():
    assert sets(communities(pairs_of((0, 1)), 4)) == [[0, 1], [2], [3]]


def test_no_edges_at_all_leave_every_node_alone():
    assert communities(pairs_of(), 3).tolist() == [0, 1, 2]


def test_a_hub_does_not_swallow_the_cliques_that_it_touches():
    groups = [[5 * g + one for one in range(5)] for g in range(6)]
    edges = [edge for group in groups for edge in clique(*group)]
    edges += [(group[0], 30) for group in groups]
    found = sets(communities(pairs_of(*edges), 31))
    whole = [group for group in found if len(group) >= 5]
    assert len(whole) == 6, "each clique stays whole; the hub joins one of them at most"


@given(edge_lists())
def test_a_community_never_reaches_over_what_is_not_connected(given_edges):
    size, edges = given_edges
    state = communities(pairs_of(*edges), size)
    component = list(range(size))
    for one, two in edges:
        old, new = component[one], component[two]
        component = [new if at == old else at for at in component]
    for one in range(size):
        assert component[int(state[one])] == component[one]


@given(edge_lists())
def test_a_community_is_named_by_its_smallest_node(given_edges):
    size, edges = given_edges
    state = communities(pairs_of(*edges), size)
    for name in np.unique(state):
        assert int(name) == int(np.flatnonzero(state == name)[0])


@given(edge_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_edges_does_not_matter(given_edges, random):
    size, edges = given_edges
    mixed = [(two, one) for one, two in edges]
    random.shuffle(mixed)
    assert communities(pairs_of(*edges), size).tolist() == communities(pairs_of(*mixed), size).tolist()


@given(maps(), st.integers(2, 8))
def test_every_node_falls_into_exactly_one_group(snapshot, most):
    found = np.concatenate([group.members for group in split(snapshot, most=most)])
    assert sorted(found.tolist()) == list(range(snapshot.size))


@given(maps(), st.integers(2, 8))
def test_a_map_falls_into_two_groups_at_least_and_no_more_than_asked(snapshot, most):
    groups = split(snapshot, most=most)
    assert 2 <= len(groups) <= most
    assert all(len(group.members) for group in groups)


@given(maps())
def test_the_largest_group_comes_first(snapshot):
    counts = [len(group.members) for group in split(snapshot)]
    assert counts == sorted(counts, reverse=True)


@given(maps())
def test_the_same_part_falls_into_the_same_groups_again(snapshot):
    one, two = split(snapshot), split(snapshot)
    assert [group.members.tolist() for group in one] == [group.members.tolist() for group in two]


@given(maps())
def test_members_are_ascending_node_indices(snapshot):
    for group in split(snapshot):
        assert group.members.tolist() == sorted(group.members.tolist())


@pytest.mark.parametrize("count", [0, 1])
def test_what_cannot_be_divided_is_not(count):
    snapshot = star_world(3)
    groups = split(snapshot, np.arange(count))
    assert [group.members.tolist() for group in groups] == [[0]][:count]


def test_what_no_edge_divides_is_divided_by_kind():
    world = World()
    for at in range(4):
        world.say(f"domain-name:d{at}.com", "indicates", "malware:m")
    groups = split(world.snapshot(), most=10)
    snapshot = world.snapshot()
    kinds = [{snapshot.kind_names[kind] for kind in snapshot.kind[group.members]} for group in groups]
    assert kinds == [{"domain-name"}, {"malware"}]
    assert [snapshot.kind_names[group.kind] for group in groups] == ["domain-name", "malware"]


def test_nodes_of_one_kind_are_divided_by_how_busy_they_are():
    snapshot = star_world(9)
    leaves = np.flatnonzero(snapshot.degree == 1)
    groups = split(snapshot, leaves, most=3)
    assert sorted(np.concatenate([group.members for group in groups]).tolist()) == leaves.tolist()
    assert len(groups) >= 2


def test_scattered_small_communities_go_together_by_their_commonest_kind():
    world = World()
    for at in range(30):
        world.say(f"domain-name:a{at}.com", "resolves-to", f"ipv4-addr:10.0.0.{at}")
        world.say(f"domain-name:b{at}.com", "resolves-to", f"ipv4-addr:10.0.0.{at}")
    snapshot = world.snapshot()
    groups = split(snapshot, most=6)
    scattered = [group for group in groups if group.kind >= 0]
    assert scattered
    assert {snapshot.kind_names[group.kind] for group in scattered} == {"domain-name"}


@given(maps())
def test_ties_count_the_drawn_edges_between_two_groups(snapshot):
    groups = split(snapshot)
    of = {int(node): number for number, group in enumerate(groups) for node in group.members}
    drawn = usable(snapshot)
    counts = Counter()
    edges = [*zip(snapshot.subject, snapshot.object, strict=True),
             *zip(snapshot.bond_left, snapshot.bond_right, strict=True)]  # fmt: skip
    for at, (one, two) in enumerate(edges):
        pair = tuple(sorted((of[int(one)], of[int(two)])))
        if drawn[at] and pair[0] != pair[1]:
            counts[pair] += 1
    assert ties(snapshot, groups) == [(*pair, count) for pair, count in sorted(counts.items())]


def test_nodes_outside_all_groups_have_no_ties():
    snapshot = star_world(4)
    centre = int(np.argmax(snapshot.degree))
    leaves = [node for node in range(snapshot.size) if node != centre]
    assert ties(snapshot, [Group(members=np.array([leaf])) for leaf in leaves]) == []


def test_rejected_and_disputed_statements_are_not_drawn():
    world = World()
    kept = world.say("domain-name:a.com", "indicates", "malware:m")
    voted = world.say("domain-name:b.com", "indicates", "malware:m")
    world.vote(voted, 7, -1)
    snapshot = world.snapshot()
    seqs = [int(snapshot.claim_seq[snapshot.claims(row)][0]) for row in range(2)]
    assert dict(zip(seqs, usable(snapshot).tolist(), strict=True)) == {kept: True, voted: False}


def test_an_identity_bond_is_always_drawn():
    world = World()
    world.say("group:a", "uses", "malware:m")
    world.same("group:a", "group:b")
    assert usable(world.snapshot()).tolist() == [True, True]


@given(maps(), st.data())
def test_edges_within_some_nodes_are_numbered_by_their_places_there(snapshot, data):
    nodes = sorted(data.draw(st.sets(st.integers(0, snapshot.size - 1), min_size=1)))
    pairs = within(snapshot, np.array(nodes))
    drawn = usable(snapshot)
    wanted = Counter(
        (nodes.index(int(one)), nodes.index(int(two)))
        for at, (one, two) in enumerate(
            [*zip(snapshot.subject, snapshot.object, strict=True),
             *zip(snapshot.bond_left, snapshot.bond_right, strict=True)]
        )
        if drawn[at] and int(one) in nodes and int(two) in nodes
    )  # fmt: skip
    assert Counter(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == wanted


def test_the_whole_map_is_the_end_of_the_empty_way():
    members, groups = opened(star_world(FEW + 5), [])
    assert len(members) == FEW + 6
    assert sum(len(group.members) for group in groups) == len(members)


def test_few_nodes_are_not_put_into_groups():
    members, groups = opened(star_world(5), [])
    assert (len(members), groups) == (6, [])


@pytest.mark.parametrize(("leaves", "grouped"), [(FEW - 1, False), (FEW, True)])
def test_nodes_are_shown_one_by_one_up_to_the_limit(leaves, grouped):
    assert bool(opened(star_world(leaves), [])[1]) is grouped


@pytest.mark.parametrize(
    "way", [[99], [-1], [0, 0, 0, 0, 0, 0, 0, 0, 99]], ids=["beyond", "negative", "deeper"]
)
def test_no_such_way_is_told_from_an_empty_part(way):
    assert opened(star_world(FEW + 50), way) is None


def test_a_way_leads_to_what_its_group_holds():
    snapshot = star_world(FEW * 4)
    groups = opened(snapshot, [])[1]
    for number, group in enumerate(groups):
        assert opened(snapshot, [number])[0].tolist() == group.members.tolist()


def test_opening_again_and_again_ends_at_single_nodes():
    snapshot, way = star_world(FEW * 6), []
    for _ in range(20):
        members, groups = opened(snapshot, way)
        if not groups:
            break
        way.append(0)
    assert 0 < len(members) <= FEW


def test_an_empty_map_has_no_groups():
    world = World()
    members, groups = opened(world.snapshot(), [])
    assert (len(members), groups, split(world.snapshot())) == (0, [], [])


def lumps(snapshot, way=()):
    """For each part on the way to the largest bubble: its nodes, and how many are in its largest group."""
    while (part := opened(snapshot, way)).groups:
        yield len(part.members), len(part.groups[0].members)
        way = (*way, 0)


def chain_of_stars(length, leaves):
    """Stars of which each shares its middle with the next: communities peel off one by one."""
    world = World()
    for star in range(length):
        world.say(f"campaign:c{star}", "indicates", f"campaign:c{star + 1}")
        for at in range(leaves if star else 4 * FEW):
            world.say(f"domain-name:d{star}-{at}.com", "indicates", f"campaign:c{star}")
    return world.snapshot()


@pytest.mark.parametrize(
    "snapshot",
    [
        pytest.param(lambda: star_world(3 * FEW), id="a star"),
        pytest.param(lambda: chain_of_stars(3, 20), id="a star with few others beside it"),
        pytest.param(lambda: chain_of_stars(30, 20), id="a star with many others beside it"),
    ],
)
def test_no_group_holds_nearly_all_of_what_is_too_much_to_be_shown(snapshot):
    for nodes, largest in lumps(snapshot()):
        assert largest <= max(FEW, LUMP * nodes)


def test_what_lies_beside_a_lump_stays_as_it_was_found():
    world = World()
    for at in range(4 * FEW):
        world.say(f"domain-name:d{at}.com", "indicates", "campaign:c")
    for at in range(12):
        for other in range(at):
            world.say(f"malware:m{at}", "indicates", f"malware:m{other}")
    groups = split(world.snapshot())
    assert 12 in [len(group.members) for group in groups if group.kind == -1]
    assert sorted(np.concatenate([group.members for group in groups]).tolist()) == list(range(4 * FEW + 13))


@pytest.mark.parametrize("most", [2, 3, 5])
def test_a_lump_is_divided_only_as_far_as_there_is_room(most):
    groups = split(chain_of_stars(2, 10), most=most)
    assert 2 <= len(groups) <= most
