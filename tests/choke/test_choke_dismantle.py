"""Removal orders, their curve and every kernel behind them, against slow and obvious programs."""

from __future__ import annotations

import csv
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from chokepoint.choke.dismantle import dismantle, effort, portfolio, removal_auc
from chokepoint.choke.dismantle.score import priced_area
from chokepoint.choke.dismantle.seeds import without_needless
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels import between, decimate, pieces
from chokepoint.choke.kernels.csr import csr, simple_csr
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


def random_graph(n, m, *, seed):
    """(u, v) of m random pairs, parallels and loops included."""
    return np.random.default_rng(seed).integers(0, n, (2, m))


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
    assert pieces.largest_after(*csr(n, u, v), order).tolist() == slow_curve(n, u, v, order)


@settings(max_examples=25, deadline=None)
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
    order = decimate.by_degree(*csr(n, u, v), np.ones(n), core_only=core)
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
    order = decimate.by_influence(*csr(n, u, v), np.ones(n), 1)
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
    order = decimate.break_trees(*csr(n, u, v), np.ones(n, np.bool_), target)
    assert largest_piece(n, u, v, order) <= target
    assert len(set(order.tolist())) == order.size


def test_a_path_is_broken_in_its_middle():
    order = decimate.break_trees(*csr(9, np.arange(8), np.arange(1, 9)), np.ones(9, np.bool_), 4)
    assert order.tolist() == [4]


def test_the_bridge_between_two_cliques_goes_first_by_betweenness():
    pairs = [(a + s, b + s) for s in (0, 6) for a in range(5) for b in range(a)] + [(0, 5), (5, 6)]
    u, v = np.array(pairs, dtype=np.int32).T
    order = between.by_betweenness(*csr(11, u.copy(), v.copy()), np.ones(11), 11, 1, 5)
    assert order.tolist() == [5]


@settings(max_examples=15, deadline=None)
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


@pytest.mark.parametrize(
    "name", ["foodweb-baydry", "corruption", "london_transport_multiplex_aggr", "eu-powergrid"]
)
def test_known_networks_fall_sooner_than_others_reached(name):
    if not NETWORKS.is_dir():
        pytest.skip(f"the reference networks are not at {NETWORKS}")
    with (NETWORKS / "targets.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["name"] == name)
    graph = np.load(NETWORKS / "graphs" / f"{name}.npz")
    found = dismantle(int(graph["n"]), graph["u"], graph["v"]).auc
    for column in ("published_auc_mind", "authors_code_best_auc", "portfolio_best_auc"):
        assert found <= float(row[column] or "inf")


def best_order_by_trial(n, u, v):
    """The least area of all orders of removal, by trying every one up to where the network has fallen."""
    start, near = simple_csr(n, u.astype(np.int32), v.astype(np.int32))
    orders = np.array(list(permutations(range(n))), dtype=np.int32)
    return min(removal_auc(pieces.largest_after(start, near, order) / n)[0] for order in orders)


@pytest.mark.parametrize("seed", range(8))
def test_on_tiny_graphs_the_order_is_nearly_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    pairs = np.array([pair for pair in combinations(range(6), 2) if rng.random() < 0.45] or [(0, 1)])
    u, v = pairs.T
    found, best = dismantle(6, u, v).auc, best_order_by_trial(6, u, v)
    assert best - 1e-12 <= found <= best + 0.17


def test_the_same_graph_gives_the_same_order_again():
    u, v = random_graph(80, 200, seed=5)
    one, two = dismantle(80, u, v), dismantle(80, u, v)
    assert one.order.tolist() == two.order.tolist()
    assert one.tried == two.tried


@pytest.mark.parametrize("seed", range(4))
def test_other_names_for_the_nodes_change_the_area_little(seed):
    u, v = random_graph(60, 130, seed=seed)
    names = np.random.default_rng(seed).permutation(60)
    one, two = dismantle(60, u, v).auc, dismantle(60, names[u], names[v]).auc
    assert one == pytest.approx(two, rel=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_nodes_that_nothing_reaches_are_not_removed(seed):
    u, v = random_graph(60, 130, seed=seed)
    lonely = set(range(60, 75))
    assert not lonely & set(dismantle(75, u, v).order.tolist())


@pytest.mark.parametrize("seed", range(3))
def test_a_second_part_smaller_than_a_tenth_is_left_alone(seed):
    u, v = random_graph(60, 130, seed=seed)
    island = np.array([60, 61, 62])
    order = dismantle(63, np.append(u, island[:2]), np.append(v, island[1:])).order
    assert not set(island.tolist()) & set(order.tolist())


@pytest.mark.parametrize("factor", [0.001, 7.0, 1e6])
def test_prices_in_another_currency_buy_the_same(factor):
    u, v = random_graph(40, 90, seed=2)
    cost = np.random.default_rng(2).integers(1, 9, 40).astype(float)
    assert (
        dismantle(40, u, v, cost=cost).order.tolist()
        == dismantle(40, u, v, cost=cost * factor).order.tolist()
    )


@pytest.mark.parametrize("seed", range(4))
def test_with_prices_the_area_over_cost_is_no_worse_than_without(seed):
    u, v = random_graph(60, 140, seed=seed)
    cost = np.random.default_rng(seed).integers(1, 20, 60).astype(float)

    def area(order):
        return priced_area(np.array(slow_curve(60, u, v, order)) / 60, cost[order])

    assert area(dismantle(60, u, v, cost=cost).order) <= area(dismantle(60, u, v).order) + 1e-9


def test_the_area_over_cost_is_the_mean_of_before_and_after_times_the_price():
    assert priced_area(np.array([0.5, 0.1]), np.array([2.0, 10.0])) == pytest.approx(2 * 0.75 + 10 * 0.3)


@settings(max_examples=30, deadline=None)
@given(f=st.lists(st.floats(0, 1), min_size=1, max_size=12), price=st.floats(0.1, 10))
def test_equal_prices_only_scale_the_area_over_cost(f, price):
    curve = np.array(f)
    one = priced_area(curve, np.ones(curve.size))
    assert priced_area(curve, np.full(curve.size, price)) == pytest.approx(price * one)


def test_a_huge_graph_is_taken_apart_by_the_linear_method_alone(monkeypatch):
    monkeypatch.setattr(portfolio, "MOST_THOROUGH", 100)
    u, v = random_graph(80, 200, seed=1)
    result = dismantle(80, u, v)
    assert (result.method, set(result.tried)) == ("corehd+b", {"corehd+b"})
    f = np.array(slow_curve(80, u, v, result.order)) / 80
    assert f[-1] < 0.1


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 10**6), share=st.floats(0, 1))
def test_what_is_needless_in_any_order_is_left_out_and_the_rest_still_suffices(graph, seed, share):
    n, u, v = graph
    start, near = simple_csr(n, u, v)
    work = Work(start=start, near=near, price=np.ones(n), priced=False)
    nodes = np.random.default_rng(seed).permutation(n)[: int(share * n)].astype(np.int32)
    kept, sizes = without_needless(work, nodes)
    assert sizes.tolist() == slow_curve(n, u, v, kept)
    assert largest_piece(n, u, v, kept) <= work.limit
    common = [node for node in kept.tolist() if node in set(nodes.tolist())]
    assert common == [node for node in nodes.tolist() if node in set(kept.tolist())]


def test_a_graph_that_metis_gives_up_on_is_left_to_the_others(monkeypatch):
    def fails(*_args, **_kept):
        raise RuntimeError("Caught an unknown exception!")

    monkeypatch.setattr("pymetis.nested_dissection", fails)
    u, v = random_graph(60, 130, seed=3)
    result = dismantle(60, u, v)
    assert not any(name.startswith("dissection") for name in result.tried)
    assert result.auc > 0


@pytest.mark.parametrize("kind", ["path", "ring", "clique", "two cliques", "tree", "grid"])
def test_regular_shapes_fall_below_a_tenth(kind):
    graph = shape(kind)
    n, (u, v) = graph
    order = dismantle(n, u, v).order
    assert largest_piece(n, u, v, order) < 0.1 * n


def shape(kind):
    """(n, ends) of a well-known graph."""
    clique = np.array(list(combinations(range(20), 2)))
    line = np.arange(49)
    grid = np.arange(49).reshape(7, 7)
    return {
        "path": (50, (line, line + 1)),
        "ring": (50, (np.arange(50), (np.arange(50) + 1) % 50)),
        "clique": (20, tuple(clique.T)),
        "two cliques": (40, tuple(np.concatenate([clique, clique + 20, [[0, 20]]]).T)),
        "tree": (63, (np.arange(1, 63), (np.arange(1, 63) - 1) // 2)),
        "grid": (
            49,
            (
                np.concatenate([grid[:, :-1].ravel(), grid[:-1].ravel()]),
                np.concatenate([grid[:, 1:].ravel(), grid[1:].ravel()]),
            ),
        ),
    }[kind]


@pytest.mark.parametrize(("kind", "most"), [("path", 10), ("ring", 11), ("two cliques", 36), ("tree", 14)])
def test_regular_shapes_need_no_more_removals_than_they_must(monkeypatch, kind, most):
    """Given twenty milliseconds: a simple portfolio would be done with them in fewer."""
    monkeypatch.setattr(effort, "LEAST", 1e7)
    n, (u, v) = shape(kind)
    assert dismantle(n, u, v).order.size <= most
