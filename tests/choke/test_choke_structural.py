"""The structural fallback: named, flagged, and right about what falls apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chokepoint.choke.kernels import structure
from chokepoint.choke.kernels.csr import csr
from chokepoint.choke.structural import structural_ranking


def graph_of(n, pairs):
    u, v = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    return csr(n, u.copy(), v.copy())


def connected_pairs(n, pairs, gone):
    kept = [(a, b) for a, b in pairs if gone not in (a, b)]
    rows, columns = zip(*kept, strict=True) if kept else ((), ())
    _, names = connected_components(
        csr_array((np.ones(len(kept)), (rows, columns)), shape=(n, n)), directed=False
    )
    return {
        (a, b) for a, b in itertools.combinations(range(n), 2) if names[a] == names[b] and gone not in (a, b)
    }


def random_pairs(n, m, seed):
    found = np.sort(np.random.default_rng(seed).integers(0, n, (m, 2)), axis=1)
    return sorted({(int(a), int(b)) for a, b in found if a != b})


@settings(max_examples=150, deadline=None)
@given(n=st.integers(1, 16), m=st.integers(0, 24), seed=st.integers(0, 10**6))
def test_the_gain_of_every_node_is_the_pairs_that_it_parts(n, m, seed):
    pairs = random_pairs(n, m, seed)
    gain, parts, largest, component = structure.parted(*graph_of(n, pairs))
    before = connected_pairs(n, pairs, -1)
    for v in range(n):
        among_others = {pair for pair in before if v not in pair}
        assert gain[v] == len(among_others) - len(connected_pairs(n, pairs, v))
        mates = {a for pair in before if v in pair for a in pair} - {v}
        assert component[v] == len(mates) + 1
        table = connected_pairs(n, pairs, v)
        groups = {frozenset({a, *(b for pair in table if a in pair for b in pair)}) for a in mates}
        assert parts[v] == len(groups)
        assert largest[v] == max((len(group) for group in groups), default=0)


def test_a_long_path_needs_no_deep_recursion():
    n = 50_000
    gain, _, _, _ = structure.parted(*graph_of(n, [(at, at + 1) for at in range(n - 1)]))
    assert gain[n // 2] == (n // 2) * (n - 1 - n // 2)


def test_the_bridge_ranks_first_and_the_answer_says_what_it_is():
    pairs = [(a + s, b + s) for s in (0, 6) for a in range(5) for b in range(a)] + [(0, 5), (5, 6)]
    ranking = structural_ranking(*graph_of(11, pairs), np.ones(11, np.bool_), cost=np.ones(11))
    assert ranking.structural_only
    assert ranking.measure == "pairs parted"
    assert ranking.explanation.startswith("structural only")
    first = ranking.points[0]
    assert (first.node, first.gain, first.parts, first.largest_part, first.component) == (5, 25, 2, 5, 11)
    assert [p.gain for p in ranking.points] == sorted((p.gain for p in ranking.points), reverse=True)


def test_only_what_may_be_struck_is_named():
    allowed = np.array([True, False, True])
    ranking = structural_ranking(*graph_of(3, [(0, 1), (1, 2)]), allowed, cost=np.ones(3))
    assert {p.node for p in ranking.points} == {0, 2}


def test_a_dear_node_ranks_behind_a_cheap_one_of_equal_gain():
    path = graph_of(4, [(0, 1), (1, 2), (2, 3)])
    ranking = structural_ranking(*path, np.ones(4, np.bool_), cost=np.array([1, 5.0, 1, 1]))
    assert [p.node for p in ranking.points][:2] == [2, 1]
    assert ranking.points[1].gain_per_cost == ranking.points[0].gain_per_cost / 5


def test_ties_go_to_the_more_influential():
    ring_with_tail = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (4, 5), (5, 6), (6, 4)]
    ranking = structural_ranking(*graph_of(7, ring_with_tail), np.ones(7, np.bool_), cost=np.ones(7))
    influences = [p.influence for p in ranking.points]
    assert influences == sorted(influences, reverse=True)


@pytest.mark.parametrize("top", [0, 1, 3])
def test_no_more_than_asked_is_returned(top):
    path = graph_of(6, [(at, at + 1) for at in range(5)])
    assert len(structural_ranking(*path, np.ones(6, np.bool_), cost=np.ones(6), top=top).points) == top


def test_an_empty_map_has_no_ranking():
    empty = np.zeros(4, np.int32), np.empty(0, np.int32)
    assert structural_ranking(*empty, np.ones(3, np.bool_), cost=np.ones(3)).points == ()
    path = graph_of(3, [(0, 1), (1, 2)])
    assert structural_ranking(*path, np.zeros(3, np.bool_), cost=np.ones(3)).points == ()
