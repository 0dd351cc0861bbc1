"""The shrunken graph, reinsertion, annealing and plain rows, against slow and obvious programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chokepoint.choke.dismantle.seeds import by_dissection
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels import pieces
from chokepoint.choke.kernels.anneal import anneal
from chokepoint.choke.kernels.csr import csr, simple_csr
from chokepoint.choke.kernels.quotient import contract
from chokepoint.choke.kernels.regrow import _regrow_priced, curve, regrow


@st.composite
def worlds(draw, largest=24):
    """(n, u, v, gone, candidates): a graph, nodes out for good, and distinct candidates among the others."""
    n = draw(st.integers(2, largest))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    pairs = rng.integers(0, n, (draw(st.integers(1, 3 * n)), 2))
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0).astype(np.int32)
    mixed = rng.permutation(n).astype(np.int32)
    out = draw(st.integers(0, n // 3))
    gone = np.zeros(n, np.bool_)
    gone[mixed[:out]] = True
    taken = draw(st.integers(1, n - out))
    return n, pairs[:, 0].copy(), pairs[:, 1].copy(), gone, np.sort(mixed[out : out + taken])


def largest_left(n, u, v, removed):
    """Nodes in the largest piece when `removed` are out."""
    out = np.zeros(n, np.bool_)
    out[removed] = True
    inside = ~out[u] & ~out[v]
    table = csr_array((np.ones(inside.sum()), (u[inside], v[inside])), shape=(n, n))
    _, names = connected_components(table, directed=False)
    return int(np.bincount(names[~out]).max()) if (~out).any() else 0


def joined(n, u, v, *, removed, node):
    """Nodes of the piece that `node` lies in once it is back."""
    out = np.zeros(n, np.bool_)
    out[removed] = True
    out[node] = False
    inside = ~out[u] & ~out[v]
    table = csr_array((np.ones(inside.sum()), (u[inside], v[inside])), shape=(n, n))
    _, names = connected_components(table, directed=False)
    return int(((names == names[node]) & ~out).sum())


@settings(max_examples=100, deadline=None)
@given(world=worlds(), seed=st.integers(0, 10**6))
def test_the_shrunken_graph_has_the_curve_of_the_whole(world, seed):
    n, u, v, gone, candidates = world
    graph = contract(*csr(n, u, v), gone, candidates)
    order = np.random.default_rng(seed).permutation(candidates.size).astype(np.int32)
    before = np.flatnonzero(gone)
    expected = [
        largest_left(n, u, v, np.concatenate([before, candidates[order[:count]]]))
        for count in range(order.size + 1)
    ]
    assert curve(graph, order).tolist() == expected


@settings(max_examples=100, deadline=None)
@given(world=worlds())
def test_the_shrunken_graph_is_never_larger_than_what_the_candidates_touch(world):
    n, u, v, gone, candidates = world
    start, near = csr(n, u, v)
    weight, rows, ends, _ = contract(start, near, gone, candidates)
    assert rows[-1] == ends.size <= (start[candidates + 1] - start[candidates]).sum()
    assert weight.sum() <= n - gone.sum()
    assert np.all(rows[candidates.size :] == ends.size)
    assert ends.size == 0 or ends.max() < weight.size


def test_blobs_that_the_same_candidates_touch_are_one():
    u, v = np.array([0, 0, 0, 1, 1, 1]), np.array([2, 3, 4, 2, 3, 4])
    graph = contract(*csr(5, u, v), np.zeros(5, np.bool_), np.array([0, 1], np.int32))
    assert graph[0].tolist() == [1, 1, 3]
    assert graph[3] == 1
    assert curve(graph, np.array([0, 1], np.int32)).tolist() == [5, 4, 1]


def test_what_one_candidate_alone_touches_counts_in_its_weight():
    graph = contract(
        *csr(4, np.array([0, 1, 2]), np.array([1, 2, 3])),
        np.zeros(4, np.bool_),
        np.array([0], np.int32),
    )
    assert (graph[0].tolist(), graph[2].size, graph[3]) == ([4], 0, 3)


def slow_regrowth(n, u, v, *, gone, candidates, price):
    """The candidates as greedy reinsertion returns them, first back first."""
    out, before, found = candidates.tolist(), np.flatnonzero(gone).tolist(), []
    while out:
        best = min(
            out, key=lambda node: (joined(n, u, v, removed=before + out, node=node) / price[node], node)
        )
        found.append(best)
        out.remove(best)
    return found


@pytest.mark.parametrize("dearest", [1, 4])
@settings(max_examples=150, deadline=None)
@given(world=worlds(largest=16), seed=st.integers(0, 10**6))
def test_reinsertion_always_puts_back_the_least_harmful(dearest, world, seed):
    n, u, v, gone, candidates = world
    price = np.random.default_rng(seed).integers(1, dearest + 1, n).astype(np.float64)
    order = candidates[regrow(contract(*csr(n, u, v), gone, candidates), price[candidates])]
    assert order[::-1].tolist() == slow_regrowth(n, u, v, gone=gone, candidates=candidates, price=price)


@pytest.mark.parametrize("seed", range(20))
def test_the_near_linear_reinsertion_is_the_lazy_one_on_larger_graphs(seed):
    rng = np.random.default_rng(seed)
    n = 400
    u, v = rng.integers(0, n, (2, 900)).astype(np.int32)
    start, near = simple_csr(n, u, v)
    candidates = np.sort(rng.permutation(n)[:150]).astype(np.int32)
    graph = contract(start, near, np.zeros(n, np.bool_), candidates)
    price = np.ones(candidates.size)
    assert regrow(graph, price).tolist() == _regrow_priced(graph, price).tolist()


def slow_cost(n, u, v, *, order, before, price, limit, free):
    """The area by trapezoids down to the limit, of every removal counted from scratch."""
    total, held = 0.0, largest_left(n, u, v, before)
    for at, node in enumerate(order):
        if held <= limit:
            break
        before = [*before, node]
        now = largest_left(n, u, v, before)
        total += (at >= free) * price[node] * (held + now) / 2
        held = now
    return total


@pytest.mark.parametrize("free", [0, 1])
@settings(max_examples=60, deadline=None)
@given(world=worlds(), seed=st.integers(0, 10**6), share=st.floats(0.05, 0.6))
def test_annealing_tells_the_true_cost_of_its_order(free, world, seed, share):
    n, u, v, gone, candidates = world
    price = np.random.default_rng(seed).integers(1, 4, n).astype(np.float64)
    graph = contract(*csr(n, u, v), gone, candidates)
    limit = max(int(share * n), graph[3])
    places, cost, _ = anneal(graph, price[candidates], limit, free, 300, (float(n), 0.01), seed)
    assert sorted(places.tolist()) == list(range(candidates.size))
    before = np.flatnonzero(gone).tolist()
    order = candidates[places].tolist()
    assert cost == pytest.approx(
        slow_cost(n, u, v, order=order, before=before, price=price, limit=limit, free=free)
    )


@settings(max_examples=60, deadline=None)
@given(world=worlds(), seed=st.integers(0, 10**6))
def test_annealing_is_never_worse_than_where_it_started(world, seed):
    n, u, v, gone, candidates = world
    graph = contract(*csr(n, u, v), gone, candidates)
    price = np.ones(candidates.size)
    _, start, _ = anneal(graph, price, graph[3], 0, 0, (1.0, 0.1), seed)
    _, end, _ = anneal(graph, price, graph[3], 0, 500, (1.0, 0.1), seed)
    assert end <= start + 1e-9


def test_annealing_finds_the_best_of_all_orders_of_a_path():
    u = np.arange(10, dtype=np.int32)
    graph = contract(*csr(11, u, u + 1), np.zeros(11, np.bool_), np.arange(11, dtype=np.int32))
    places, _, _ = anneal(graph, np.ones(11), 5, 0, 4000, (11.0, 0.05), 1)
    assert places[0] == 5


def test_annealing_repeats_itself_by_seed():
    rng = np.random.default_rng(0)
    start, near = simple_csr(40, *rng.integers(0, 40, (2, 90)).astype(np.int32))
    graph = contract(start, near, np.zeros(40, np.bool_), np.arange(40, dtype=np.int32))
    runs = [anneal(graph, np.ones(40), 3, 1, 2000, (40.0, 0.1), seed)[0].tolist() for seed in (3, 3, 4)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@settings(max_examples=150, deadline=None)
@given(n=st.integers(1, 20), m=st.integers(0, 60), seed=st.integers(0, 10**6))
def test_plain_rows_are_sorted_and_hold_each_neighbour_once(n, m, seed):
    u, v = np.random.default_rng(seed).integers(0, n, (2, m)).astype(np.int32)
    start, near = simple_csr(n, u, v)
    pairs = {(a, b) for a, b in zip(u.tolist(), v.tolist(), strict=True) if a != b}
    expected = [sorted({b for a, b in pairs if a == x} | {a for a, b in pairs if b == x}) for x in range(n)]
    assert [near[start[x] : start[x + 1]].tolist() for x in range(n)] == expected


@settings(max_examples=100, deadline=None)
@given(world=worlds(), limit=st.integers(1, 8), seed=st.integers(0, 10**6))
def test_what_stands_above_the_limit_is_what_would_close_too_large_a_piece(world, limit, seed):
    n, u, v, _, _ = world
    ranks = np.random.default_rng(seed).permutation(n).astype(np.int32)
    found, _ = pieces.above_limit(*csr(n, u, v), ranks, limit)
    kept, above = [], []
    for node in ranks.tolist():
        others = np.setdiff1d(np.arange(n), [*kept, node])
        fits = joined(n, u, v, removed=others, node=node) <= limit
        (kept if fits else above).append(node)
    assert found[::-1].tolist() == above


@pytest.mark.parametrize("priced", [False, True])
@settings(max_examples=60, deadline=None)
@given(world=worlds(), imbalance=st.sampled_from([30, 200, 600]), seed=st.integers(0, 50))
def test_dissection_leaves_no_piece_above_the_limit(priced, world, imbalance, seed):
    n, u, v, _, _ = world
    if not u.size:
        return
    start, near = simple_csr(n, u, v)
    price = np.random.default_rng(seed).integers(1, 5, n).astype(np.float64)
    work = Work(start=start, near=near, price=price, priced=priced)
    nodes = by_dissection(work, imbalance, seed)
    assert largest_left(n, u, v, nodes) <= max(work.limit, 0)
    assert len(set(nodes.tolist())) == nodes.size


def test_dissection_cuts_a_dumbbell_at_its_bar():
    cliques = [(a + s, b + s) for s in (0, 11) for a in range(10) for b in range(a)]
    u, v = np.array([*cliques, (0, 10), (10, 11)], dtype=np.int32).T
    start, near = simple_csr(21, u.copy(), v.copy())
    work = Work(start=start, near=near, price=np.ones(21), priced=False)
    order = work.regrown(np.zeros(21, np.bool_), by_dissection(work, 30, 1))
    assert order[0] in {0, 10, 11}
