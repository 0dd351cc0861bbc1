"""Removal by betweenness against shortest paths counted one pair at a time."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.kernels import between
from chokepoint.choke.kernels.csr import simple_csr


def neighbours(n, pairs):
    near = [set() for _ in range(n)]
    for a, b in pairs:
        if a != b:
            near[a].add(b)
            near[b].add(a)
    return near


@st.composite
def small(draw):
    n = draw(st.integers(2, 9))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=18))
    return n, pairs


def walk(near, here, source):
    """(depth, number of shortest paths) from the source, by node reached."""
    depth, paths, queue = {source: 0}, {source: 1}, deque([source])
    while queue:
        v = queue.popleft()
        for w in near[v] & here:
            if w not in depth:
                depth[w], paths[w] = depth[v] + 1, 0
                queue.append(w)
            if depth[w] == depth[v] + 1:
                paths[w] += paths[v]
    return depth, paths


def slow_betweenness(near, here, sources):
    """By the definition: shares of the shortest paths from each source to each other node that a node is on."""
    told = {v: walk(near, here, v) for v in here}
    score = dict.fromkeys(here, Fraction(0))
    for s in sources:
        depth, paths = told[s]
        for t in set(depth) - {s}:
            for v in set(depth) - {s, t}:
                if depth[v] + told[v][0].get(t, len(near)) == depth[t]:
                    score[v] += Fraction(paths[v] * told[v][1][t], paths[t])
    return score


def pieces_of(near, here):
    left, found = set(here), []
    while left:
        found.append(set(walk(near, here, min(left))[0]))
        left -= found[-1]
    return found


def ordered(n, pairs, *, scale=None, sample=None, batch=1, target=1):
    u, v = np.array(pairs or [(0, 0)], np.int32).T
    start, near = simple_csr(n, u.copy(), v.copy())
    weights = np.ones(n) if scale is None else np.array(scale, np.float64)
    return between.by_betweenness(
        start, near, weights, n if sample is None else sample, batch, target
    ).tolist()


@settings(max_examples=120, deadline=None)
@given(graph=small(), target=st.integers(1, 3), data=st.data())
def test_each_removal_lies_on_most_shortest_paths_of_a_largest_piece(graph, target, data):
    n, pairs = graph
    scale = data.draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=n, max_size=n))
    near, here = neighbours(n, pairs), set(range(n))
    for node in ordered(n, pairs, scale=scale, target=target):
        parts = pieces_of(near, here)
        mine = next(part for part in parts if node in part)
        assert len(mine) == max(map(len, parts)) > target
        score = slow_betweenness(near, here, mine)
        worth = {v: float(score[v]) * scale[v] for v in mine}
        assert worth[node] >= max(worth.values()) - 1e-9
        here.remove(node)
    assert max(map(len, pieces_of(near, here)), default=0) <= target


@settings(max_examples=60, deadline=None)
@given(graph=small(), batch=st.integers(1, 5), sample=st.integers(1, 4), target=st.integers(1, 4))
def test_samples_and_batches_end_at_the_target_too_and_name_nobody_twice(graph, batch, sample, target):
    n, pairs = graph
    order = ordered(n, pairs, sample=sample, batch=batch, target=target)
    assert len(set(order)) == len(order)
    left = pieces_of(neighbours(n, pairs), set(range(n)) - set(order))
    assert max(map(len, left), default=0) <= target


@pytest.mark.parametrize("batch", [1, 2, 3, 50])
def test_a_batch_never_takes_more_than_the_piece_is_too_large_by(batch):
    """A path of six with a target of five has one node too many."""
    assert len(ordered(6, [(at, at + 1) for at in range(5)], batch=batch, target=5)) == 1


def test_a_batch_goes_by_the_counts_before_its_first_removal():
    """On a path of seven the middle parts most, then its neighbours: counted anew the halves' middles would."""
    path = [(at, at + 1) for at in range(6)]
    assert ordered(7, path, batch=3, target=1)[:3] == [3, 2, 4]
    assert ordered(7, path, batch=1, target=1)[:2] == [3, 1]


def test_a_graph_that_has_fallen_loses_nobody():
    assert ordered(4, [(0, 1), (2, 3)], target=2) == []


def test_sources_turn_from_count_to_count():
    """From one and the same source of many, what lies behind it would never be seen."""
    clique = [(a, b) for a in range(12) for b in range(a)]
    tail = [(at, at + 1) for at in range(11, 30)]
    assert set(ordered(31, clique + tail, sample=1, target=8)) & set(range(12, 30))


@settings(max_examples=40, deadline=None)
@given(graph=small(), seed=st.integers(0, 99))
def test_the_order_of_edges_and_their_direction_change_nothing(graph, seed):
    n, pairs = graph
    rng = np.random.default_rng(seed)
    turned = [pair[::-1] if rng.random() < 0.5 else pair for pair in pairs]
    rng.shuffle(turned)
    assert ordered(n, pairs) == ordered(n, turned)
