"""The structural ranking under renaming, prices and bars; influence against walks counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_choke_structural import connected_pairs, graph_of, random_pairs

from chokepoint.choke.kernels import structure
from chokepoint.choke.structural import EXPLANATION, MEASURE, structural_ranking


def ranked(n, pairs, *, allowed=None, cost=None, top=20):
    start, near = graph_of(n, pairs)
    open_nodes = np.ones(n, np.bool_) if allowed is None else np.array(allowed, np.bool_)
    price = np.ones(n) if cost is None else np.array(cost, float)
    return structural_ranking(start, near, open_nodes, cost=price, top=top)


def graphs():
    return st.builds(
        lambda n, m, seed: (n, random_pairs(n, m, seed)),
        st.integers(2, 14), st.integers(1, 22), st.integers(0, 10**6),
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_influence_is_own_degree_by_the_degrees_two_steps_away_each_less_one(graph):
    n, pairs = graph
    near = {v: [b if a == v else a for a, b in pairs if v in (a, b)] for v in range(n)}
    wanted = [
        (len(near[v]) - 1) * sum(len(near[w]) - 1 for u in near[v] for w in near[u] if w != v)
        for v in range(n)
    ]
    assert structure.influence(*graph_of(n, pairs)).tolist() == wanted


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_figure_of_a_point_is_that_of_its_node(graph):
    n, pairs = graph
    before = connected_pairs(n, pairs, -1)
    for point in ranked(n, pairs).points:
        v = point.node
        others = {pair for pair in before if v not in pair}
        assert point.gain == len(others) - len(connected_pairs(n, pairs, v))
        assert point.degree == sum(v in pair for pair in pairs)
        assert point.gain_per_cost == point.gain
        assert point.parts >= 1


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_other_names_give_the_same_ranking_up_to_ties(graph, data):
    n, pairs = graph
    new = data.draw(st.permutations(range(n)))
    renamed = sorted(tuple(sorted((new[a], new[b]))) for a, b in pairs)
    plain = [(p.gain, p.influence, p.degree, p.component) for p in ranked(n, pairs, top=n).points]
    other = [(p.gain, p.influence, p.degree, p.component) for p in ranked(n, renamed, top=n).points]
    assert [row[:2] for row in plain] == [row[:2] for row in other]
    assert sorted(plain) == sorted(other)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.sampled_from([0.01, 3.0, 1e6]))
def test_another_currency_changes_no_rank(graph, factor):
    n, pairs = graph
    cost = [1 + at % 3 for at in range(n)]
    plain = ranked(n, pairs, cost=cost)
    other = ranked(n, pairs, cost=[factor * one for one in cost])
    assert [p.node for p in plain.points] == [p.node for p in other.points]


@settings(max_examples=60, deadline=None)
@given(graphs(), st.integers(1, 5))
def test_a_part_that_touches_nothing_changes_no_figure_of_the_rest(graph, size):
    n, pairs = graph
    apart = [(n + at, n + at + 1) for at in range(size)]
    plain = {p.node: p for p in ranked(n, pairs, top=99).points}
    other = {p.node: p for p in ranked(n + size + 1, pairs + apart, top=99).points if p.node < n}
    assert other == plain


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_only_allowed_nodes_with_edges_are_named_and_the_order_is_by_gain_for_cost(graph, data):
    n, pairs = graph
    allowed = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    cost = data.draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))
    points = ranked(n, pairs, allowed=allowed, cost=cost, top=n).points
    linked = {v for pair in pairs for v in pair}
    assert {p.node for p in points} == {v for v in linked if allowed[v]}
    keys = [(-p.gain / cost[p.node], -p.influence, p.node) for p in points]
    assert keys == sorted(keys)


@settings(max_examples=40, deadline=None)
@given(graphs(), st.integers(0, 6))
def test_a_shorter_list_is_the_head_of_a_longer_one(graph, top):
    n, pairs = graph
    assert ranked(n, pairs, top=top).points == ranked(n, pairs, top=99).points[:top]


@pytest.mark.parametrize(
    ("pairs", "gain", "parts", "largest"),
    [
        ([(0, 1), (0, 2), (0, 3)], 3, 3, 1),
        ([(0, 1), (0, 2), (1, 2)], 0, 1, 2),
        ([(0, 1), (1, 2), (2, 0), (0, 3)], 2, 2, 2),
        ([(0, 1), (0, 2), (2, 3), (3, 4)], 3, 2, 3),
        ([(1, 2)], 0, 0, 0),
    ],
    ids=["star", "triangle", "triangle with a tail", "path", "alone"],
)
def test_small_shapes_by_hand(pairs, gain, parts, largest):
    told = structure.parted(*graph_of(5, pairs))
    assert [int(column[0]) for column in told[:3]] == [gain, parts, largest]


def test_a_ranking_says_what_it_measures_and_that_it_is_structure_only():
    said = ranked(3, [(0, 1), (1, 2)])
    assert (said.measure, said.structural_only, said.explanation) == (MEASURE, True, EXPLANATION)
    assert "structural only" in EXPLANATION
    assert "damage cannot be computed" in EXPLANATION


@pytest.mark.parametrize("allowed", [[False] * 3, [True] * 3])
def test_with_nobody_to_strike_or_nothing_linked_the_ranking_is_empty_and_still_named(allowed):
    pairs = [] if all(allowed) else [(0, 1), (1, 2)]
    said = ranked(3, pairs, allowed=allowed)
    assert (said.points, said.structural_only) == ((), True)


def test_a_path_of_a_hundred_thousand_parts_more_pairs_than_32_bits_hold():
    n = 100_000
    start = np.concatenate([[0], np.minimum(np.arange(1, n + 1) * 2 - 1, 2 * n - 2)]).astype(np.int32)
    near = np.empty(2 * n - 2, np.int32)
    near[0], near[-1] = 1, n - 2
    middle = np.arange(1, n - 1)
    near[1:-1:2], near[2:-1:2] = middle - 1, middle + 1
    gain = structure.parted(start, near)[0]
    assert gain[n // 2] == (n // 2) * (n - 1 - n // 2)
    assert gain.max() > 2**31


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_transitivity_is_the_share_of_pairs_of_neighbours_that_are_joined(graph):
    n, pairs = graph
    near = {v: {b if a == v else a for a, b in pairs if v in (a, b)} for v in range(n)}
    asked = [(x, y) for v in range(n) for x in near[v] for y in near[v] if x != y]
    wanted = sum(y in near[x] for x, y in asked) / max(len(asked), 1)
    assert structure.transitivity(*graph_of(n, pairs)) == pytest.approx(wanted)
