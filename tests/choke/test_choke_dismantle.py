"""Removal orders, their curve and every kernel behind them, against slow and obvious programs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chokepoint.choke.dismantle import dismantle, removal_auc
from chokepoint.choke.dismantle.separator import by_separator, vertex_cover
from chokepoint.choke.kernels import between, decimate, pieces
from chokepoint.model.errors import BadInputError

NETWORKS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "networks"


@st.composite
def graphs(draw, largest=30):
    """(n, u, v) without parallels and self-loops."""
    n = draw(st.integers(2, largest))
    seed = draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, n, (draw(st.integers(1, 3 * n)), 2))
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    return n, pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32)


def largest_piece(n, u, v, gone):
    kept = ~np.isin(u, gone) & ~np.isin(v, gone)
    table = csr_array((np.ones(kept.sum()), (u[kept], v[kept])), shape=(n, n))
    _, names = connected_components(table, directed=False)
    left = np.setdiff1d(np.arange(n), gone)
    return int(np.bincount(names[left]).max()) if left.size else 0


def slow_curve(n, u, v, order):
    return [largest_piece(n, u, v, order[: at + 1]) for at in range(len(order))]


@settings(max_examples=100, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 10**6))
def test_the_curve_read_backwards_is_the_curve_counted_forwards(graph, seed):
    n, u, v = graph
    order = np.random.default_rng(seed).permutation(n).astype(np.int32)
    assert pieces.largest_after(*pieces.csr(n, u, v), order).tolist() == slow_curve(n, u, v, order)


@settings(max_examples=40, deadline=None)
@given(graph=graphs())
def test_the_result_is_worth_what_it_says(graph):
    n, u, v = graph
    result = dismantle(n, u, v)
    f = np.array(slow_curve(n, u, v, result.order)) / n
    expected = simpson(f, dx=1) if f.size > 1 else 0.0
    assert result.auc == pytest.approx(expected)
    assert np.all(f[:-1] >= 0.1)
    assert f[-1] < 0.1 or n < 11
    assert len(set(result.order.tolist())) == result.order.size
    assert result.auc == min(result.tried.values(), default=result.auc)
    assert result.edges == u.size


def slow_reinsertion(n, u, v, *, removed, cost):
    gone, found = list(removed), []
    while gone:

        def joined(x):
            kept = [w for w in gone if w != x]
            inside = ~np.isin(u, kept) & ~np.isin(v, kept)
            table = csr_array((np.ones(inside.sum()), (u[inside], v[inside])), shape=(n, n))
            _, names = connected_components(table, directed=False)
            return (names == names[x]).sum() / cost[x]

        best = min(gone, key=lambda x: (joined(x), x))
        found.append((best, joined(best)))
        gone.remove(best)
    return found


@settings(max_examples=60, deadline=None)
@given(graph=graphs(largest=14), seed=st.integers(0, 10**6))
def test_reinsertion_always_puts_back_the_least_harmful(graph, seed):
    n, u, v = graph
    rng = np.random.default_rng(seed)
    removed = rng.permutation(n)[: n // 2 + 1].astype(np.int32)
    cost = rng.integers(1, 4, n).astype(np.float64)
    order = pieces.reinsert(*pieces.csr(n, u, v), removed, cost)
    assert sorted(order.tolist()) == sorted(removed.tolist())
    expected = [node for node, _ in slow_reinsertion(n, u, v, removed=removed.tolist(), cost=cost)]
    assert order[::-1].tolist() == expected


def slow_degree(n, u, v, *, core):
    """Each step's largest degree in the graph, or in its 2-core, until none is left."""
    gone, found = set(), []
    while True:
        inside = set(range(n)) - gone
        while True:
            degree = dict.fromkeys(inside, 0)
            for a, b in zip(u.tolist(), v.tolist(), strict=True):
                if a in inside and b in inside:
                    degree[a] += 1
                    degree[b] += 1
            leaves = {x for x in inside if degree[x] < 2} if core else set()
            if not leaves:
                break
            inside -= leaves
        best = max(degree.values(), default=0)
        if best == 0:
            return found
        yield_from = [x for x in inside if degree[x] == best]
        chosen = yield (best, yield_from)
        gone.add(chosen)


@pytest.mark.parametrize("core", [False, True])
@settings(max_examples=60, deadline=None)
@given(graph=graphs(largest=20))
def test_each_removal_has_the_largest_degree_that_is_left(core, graph):
    n, u, v = graph
    order = decimate.by_degree(*pieces.csr(n, u, v), np.ones(n), core_only=core)
    steps = slow_degree(n, u, v, core=core)
    choice = next(steps, None)
    for node in order.tolist():
        assert node in choice[1]
        try:
            choice = steps.send(node)
        except StopIteration:
            choice = None
    assert choice is None


def slow_influence(n, u, v, gone):
    near = {x: set() for x in range(n) if x not in gone}
    for a, b in zip(u.tolist(), v.tolist(), strict=True):
        if a in near and b in near:
            near[a].add(b)
            near[b].add(a)
    score = {}
    for x, mine in near.items():
        shell = set().union(*(near[y] for y in mine)) - mine - {x} if mine else set()
        score[x] = (len(mine) - 1) * sum(len(near[y]) - 1 for y in shell)
    return score


@settings(max_examples=60, deadline=None)
@given(graph=graphs(largest=20))
def test_each_removal_has_the_largest_collective_influence(graph):
    n, u, v = graph
    order = decimate.by_influence(*pieces.csr(n, u, v), np.ones(n), 1)
    gone = set()
    for node in order.tolist():
        score = slow_influence(n, u, v, gone)
        assert score[node] == max(score.values()) > 0
        gone.add(node)
    assert max(slow_influence(n, u, v, gone).values(), default=0) <= 0


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), target=st.integers(1, 6))
def test_after_tree_breaking_no_piece_is_large(graph, target):
    n, u, v = graph
    order = decimate.break_trees(*pieces.csr(n, u, v), np.ones(n, np.bool_), target)
    assert largest_piece(n, u, v, order) <= target
    assert len(set(order.tolist())) == order.size


def test_a_path_is_broken_in_its_middle():
    order = decimate.break_trees(*pieces.csr(9, np.arange(8), np.arange(1, 9)), np.ones(9, np.bool_), 4)
    assert order.tolist() == [4]


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), target=st.integers(1, 6))
def test_separators_leave_no_piece_large(graph, target):
    n, u, v = graph
    assert largest_piece(n, u, v, by_separator(*pieces.csr(n, u, v), target, sweeps=20)) <= target


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6), m=st.integers(0, 12))
def test_the_cover_touches_every_edge_and_is_as_small_as_can_be(seed, m):
    rng = np.random.default_rng(seed)
    edges = (rng.integers(0, 5, m), rng.integers(5, 10, m))
    cover = set(vertex_cover(edges).tolist())
    pairs = list(zip(edges[0].tolist(), edges[1].tolist(), strict=True))
    assert all(a in cover or b in cover for a, b in pairs)
    smallest = min(
        mask.bit_count() for mask in range(1024) if all(mask >> a & 1 or mask >> b & 1 for a, b in pairs)
    )
    assert len(cover) == smallest


def test_the_bridge_between_two_cliques_goes_first_by_betweenness():
    pairs = [(a + s, b + s) for s in (0, 6) for a in range(5) for b in range(a)] + [(0, 5), (5, 6)]
    u, v = np.array(pairs, dtype=np.int32).T
    order = between.by_betweenness(*pieces.csr(11, u.copy(), v.copy()), np.ones(11), 11, 1, 5)
    assert order.tolist() == [5]


@settings(max_examples=30, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 10**6))
def test_direction_parallels_and_loops_do_not_count(graph, seed):
    n, u, v = graph
    messy_u = np.concatenate([v, u, np.arange(n)])
    messy_v = np.concatenate([u, v, np.arange(n)])
    mixed = np.random.default_rng(seed).permutation(messy_u.size)
    one, two = dismantle(n, u, v), dismantle(n, messy_u[mixed], messy_v[mixed])
    assert one.order.tolist() == two.order.tolist()
    assert (one.auc, one.method, one.edges) == (two.auc, two.method, two.edges)


def test_a_star_falls_with_its_centre():
    result = dismantle(50, np.zeros(49, np.int64), np.arange(1, 50))
    assert result.order.tolist() == [0]
    assert result.auc == 0


def test_a_dear_centre_is_spared_while_cheap_ones_do():
    ring = np.arange(40)
    cost = np.ones(40)
    cost[::2] = 50.0
    u, v = np.concatenate([ring, ring]), np.concatenate([(ring + 1) % 40, (ring + 2) % 40])
    dear = dismantle(40, u, v, cost=cost)
    assert (dear.order % 2 == 0).mean() < 0.5


def test_equal_costs_of_any_size_are_no_costs():
    ring = np.arange(60)
    plain, priced = (
        dismantle(60, ring, (ring + 1) % 60),
        dismantle(60, ring, (ring + 1) % 60, cost=np.full(60, 7.5)),
    )
    assert plain.tried == priced.tried


@pytest.mark.parametrize("n", [0, 1, 5, 11, 100])
def test_without_edges_there_is_nothing_to_dismantle(n):
    result = dismantle(n, [], [])
    assert result.auc == 0 or n <= 10
    assert result.order.size <= max(n, 1)


def test_one_edge_is_a_network_too():
    assert dismantle(2, [0], [1]).edges == 1


@pytest.mark.parametrize(
    ("n", "u", "v", "cost"),
    [
        (3, [0], [3], None), (3, [-1], [0], None), (3, [0, 1], [1], None), (-1, [], [], None),
        (3, [0], [1], [1, 2]), (3, [0], [1], [1, 0, 1]), (3, [0], [1], [1, float("nan"), 1]),
        (3, [0], [1], [1, float("inf"), 1]), (3, [0], [1], [1, -2, 1]),
    ],
)  # fmt: skip
def test_what_is_no_network_is_refused(n, u, v, cost):
    with pytest.raises(BadInputError) as caught:
        dismantle(n, u, v, cost=cost)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("f", "area", "length"),
    [
        ([0.05], 0.0, 1), ([0.5, 0.05], 0.275, 2), ([1, 1, 1], 2, 3),
        ([0.9, 0.5, 0.09, 0.01], simpson([0.9, 0.5, 0.09], dx=1), 3),
    ],
)  # fmt: skip
def test_the_area_ends_with_the_first_value_below_a_tenth(f, area, length):
    assert removal_auc(np.array(f)) == (pytest.approx(area), length)


@pytest.mark.parametrize("name", ["maayan-foodweb", "corruption", "london_transport_multiplex_aggr"])
def test_known_networks_fall_about_as_fast_as_others_reached(name):
    if not NETWORKS.is_dir():
        pytest.skip(f"the reference networks are not at {NETWORKS}")
    with (NETWORKS / "targets.csv").open(encoding="utf-8") as file:
        target = {row["name"]: float(row["portfolio_best_auc"]) for row in csv.DictReader(file)}[name]
    graph = np.load(NETWORKS / "graphs" / f"{name}.npz")
    assert dismantle(int(graph["n"]), graph["u"], graph["v"]).auc <= 1.05 * target
