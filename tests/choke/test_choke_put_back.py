"""Links, rows and the linear method on graphs with hubs, against slow and obvious programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from chokepoint.choke.dismantle import dismantle, seeds
from chokepoint.choke.dismantle.effort import Effort
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels import decimate, pieces
from chokepoint.choke.kernels.csr import SHORT_ROW, simple_csr
from chokepoint.choke.kernels.fetch import fetch
from chokepoint.choke.kernels.pieces import OUT


def grown(n, neighbours, inside):
    """Sizes of the pieces of the nodes inside, by member, by a plain walk."""
    size, seen = {}, set()
    for first in inside:
        if first in seen:
            continue
        piece, stack = {first}, [first]
        while stack:
            for other in neighbours[stack.pop()]:
                if other in inside and other not in piece:
                    piece.add(other)
                    stack.append(other)
        seen |= piece
        size |= dict.fromkeys(piece, len(piece))
    return size


@st.composite
def hubs(draw):
    """(n, u, v, neighbours): a few nodes with rows longer and shorter than what is sorted by insertion."""
    n = draw(st.integers(2, 3 * SHORT_ROW))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    centres = rng.integers(0, min(n, 4), draw(st.integers(1, 6 * SHORT_ROW)))
    pairs = np.column_stack([centres, rng.integers(0, n, centres.size)])
    pairs = np.concatenate([pairs, rng.integers(0, n, (draw(st.integers(0, n)), 2))]).astype(np.int32)
    neighbours = [set() for _ in range(n)]
    for a, b in pairs.tolist():
        if a != b:
            neighbours[a].add(b)
            neighbours[b].add(a)
    return n, pairs[:, 0].copy(), pairs[:, 1].copy(), neighbours


@settings(max_examples=150, deadline=None)
@given(graph=hubs())
def test_rows_of_any_length_are_sorted_and_hold_each_neighbour_once(graph):
    n, u, v, neighbours = graph
    start, near = simple_csr(n, u, v)
    assert [near[start[x] : start[x + 1]].tolist() for x in range(n)] == [sorted(row) for row in neighbours]
    assert near.size == start[-1]


@settings(max_examples=40, deadline=None)
@given(graph=hubs(), seed=st.integers(0, 10**6), limit=st.integers(1, 80))
def test_a_node_goes_back_unless_its_piece_would_be_too_large(graph, seed, limit):
    n, u, v, neighbours = graph
    start, near = simple_csr(n, u, v)
    link, found, inside = pieces.all_out(n), np.empty(n, np.int32), set()
    for node in np.random.default_rng(seed).permutation(n).tolist():
        count = pieces.beside(start, near, link, node, found)
        sizes = grown(n, neighbours, inside)
        roots = {pieces.root(link, other) for other in neighbours[node] & inside}
        assert sorted(found[:count].tolist()) == sorted(roots)
        assert all(link[piece] == -sizes[piece] for piece in roots)
        wanted = grown(n, neighbours, inside | {node})[node]
        before = link.copy()
        got = pieces.put_back(link, node, 1, found[:count], limit)
        if wanted <= limit:
            inside.add(node)
            assert got == wanted
        else:
            assert got == 0
            assert np.array_equal(link, before)
    assert set(np.flatnonzero(link == OUT).tolist()) == set(range(n)) - inside


@settings(max_examples=200, deadline=None)
@given(graph=hubs(), seed=st.integers(0, 10**6), limit=st.integers(1, 40))
def test_the_curve_that_comes_with_the_needed_nodes_is_that_of_their_removal(graph, seed, limit):
    n, u, v, _ = graph
    start, near = simple_csr(n, u, v)
    ranks = np.random.default_rng(seed).permutation(n).astype(np.int32)
    order, sizes = pieces.above_limit(start, near, ranks, limit)
    assert sizes.tolist() == pieces.largest_after(start, near, order).tolist()
    assert not sizes.size or sizes[-1] <= limit


@pytest.mark.parametrize("core", [False, True])
@settings(max_examples=150, deadline=None)
@given(graph=hubs())
def test_by_degree_ends_when_no_edge_or_no_core_is_left(core, graph):
    n, u, v, neighbours = graph
    order = decimate.by_degree(*simple_csr(n, u, v), np.ones(n), core_only=core).tolist()
    assert len(set(order)) == len(order)
    inside = set(range(n)) - set(order)
    least = 2 if core else 1
    while leaves := {x for x in inside if len(neighbours[x] & inside) < least}:
        inside -= leaves
    assert not inside


@pytest.mark.parametrize("factor", [1.0, 3.0, 1000.0])
@settings(max_examples=60, deadline=None)
@given(graph=hubs(), seed=st.integers(0, 10**6))
def test_among_equal_prices_by_degree_is_by_degree_whatever_the_scale(factor, graph, seed):
    n, u, v, _ = graph
    start, near = simple_csr(n, u, v)
    plain = decimate.by_degree(start, near, np.ones(n), core_only=True)
    assert decimate.by_degree(start, near, np.full(n, factor), core_only=True).tolist() == plain.tolist()


@pytest.mark.parametrize("index", [0, 1, 99, 100, 10**9, -1, -(10**9)])
def test_asking_for_memory_ahead_reads_nothing_whatever_the_place(index):
    @njit
    def ask(array, at):
        fetch(array, at)
        return array.sum()

    assert ask(np.arange(100, dtype=np.int32), index) == 4950


def random_edges(n, m, seed):
    return np.random.default_rng(seed).integers(0, n, (2, m)).astype(np.int32)


def test_the_linear_method_alone_is_run_when_it_is_asked_for():
    result = dismantle(60, *random_edges(60, 120, 1), linear=True)
    assert (result.method, list(result.tried)) == ("corehd+b", ["corehd+b"])


@pytest.mark.parametrize("seed", range(5))
def test_the_linear_method_finds_nearly_the_same_area_under_other_names(seed):
    n = 3000
    u, v = random_edges(n, 9000, seed)
    named = np.random.default_rng(seed + 100).permutation(n).astype(np.int32)
    one, other = (dismantle(n, *ends, linear=True).auc for ends in ((u, v), (named[u], named[v])))
    assert one == pytest.approx(other, rel=0.03)


@pytest.mark.parametrize("seed", range(3))
def test_the_linear_method_repeats_itself_and_its_curve_is_counted_anew(seed):
    n = 2000
    u, v = random_edges(n, 5000, seed)
    one, again = dismantle(n, u, v, linear=True), dismantle(n, u, v, linear=True)
    assert one.order.tolist() == again.order.tolist()
    start, near = simple_csr(n, u, v)
    sizes = pieces.largest_after(start, near, one.order)
    assert sizes[-1] < n / 10 <= sizes[-2]


def works(n, m, seed):
    start, near = simple_csr(n, *random_edges(n, m, seed))
    return Work(start=start, near=near, price=np.ones(n), priced=False)


@pytest.mark.parametrize(("ahead", "runs"), [(1.0, 4), (1e9, 24)], ids=["hopeless", "ahead"])
def test_hopeless_dissections_end_once_each_imbalance_was_tried(monkeypatch, ahead, runs):
    asked = []
    monkeypatch.setattr(
        seeds,
        "by_dissection",
        lambda _, imbalance, seed: asked.append((imbalance, seed)) or np.array([0], np.int32),
    )
    work = works(60, 150, 1)
    work.tried["degree+r"] = ahead
    work.tried.update((method, 2.0) for method, _ in seeds._dissection(work, 0))
    for method, _ in seeds._dissections(work, Effort(left=1e12)):
        work.tried[method] = 2.0
    assert len(asked) == runs
    assert [imbalance for imbalance, _ in asked[:4]] == list(seeds.IMBALANCE)
    assert len({seed for _, seed in asked}) == runs
