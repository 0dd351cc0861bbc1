"""Dismantling under changes that must not matter, and reinsertion and tree breaking by brute force."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_choke_dismantle import graphs, largest_piece, slow_curve
from test_choke_kernels import joined, largest_left, worlds
from test_choke_score import work_on

from chokepoint.choke.dismantle import dismantle, effort
from chokepoint.choke.dismantle.score import largest_fallen, removal_auc
from chokepoint.choke.kernels import decimate, pieces
from chokepoint.choke.kernels.csr import simple_csr
from chokepoint.choke.kernels.quotient import contract
from chokepoint.choke.kernels.regrow import curve, regrow
from chokepoint.model.errors import BadInputError


def ring(n):
    return np.arange(n), (np.arange(n) + 1) % n


@settings(max_examples=20, deadline=None)
@given(graph=graphs(largest=20))
def test_a_graph_falls_by_an_order_of_its_own_nodes_each_once(graph):
    n, u, v = graph
    order = dismantle(n, u, v).order.tolist()
    assert len(set(order)) == len(order)
    assert set(order) <= set(range(n))
    if n > 10:
        assert largest_piece(n, u, v, order) / n < 0.1
        assert largest_piece(n, u, v, order[:-1]) / n >= 0.1 or len(order) == 1


@settings(max_examples=15, deadline=None)
@given(graph=graphs(largest=20), factor=st.sampled_from([1e-6, 4.0, 1e9]))
def test_prices_times_a_power_of_two_or_not_buy_the_same(graph, factor):
    n, u, v = graph
    price = 1.0 + np.arange(n) % 4
    plain = dismantle(n, u, v, cost=price)
    other = dismantle(n, u, v, cost=price * factor)
    assert other.auc == pytest.approx(plain.auc, rel=0.3)
    assert other.edges == plain.edges


@settings(max_examples=15, deadline=None)
@given(graph=graphs(largest=20))
def test_numbers_as_any_integer_type_are_the_same_graph(graph):
    n, u, v = graph
    plain = dismantle(n, u, v)
    for kind in (np.int64, np.uint16, np.int32):
        assert dismantle(n, u.astype(kind), v.astype(kind)).order.tolist() == plain.order.tolist()
    assert dismantle(n, u.tolist(), v.tolist()).order.tolist() == plain.order.tolist()


@pytest.mark.parametrize(
    ("n", "u", "v"),
    [(3, [0.5], [1]), (3, ["0"], ["1"]), (3, [0], [np.nan]), (3, [0], [np.inf]), (3, [None], [1])],
)
def test_ends_that_are_no_whole_numbers_are_refused(n, u, v):
    with pytest.raises(BadInputError, match="no whole number") as caught:
        dismantle(n, u, v)
    assert caught.value.mend


def test_whole_numbers_written_as_fractions_are_whole_numbers():
    assert dismantle(3, [0.0, 1.0], [1.0, 2.0]).edges == 2


@pytest.mark.parametrize("n", [12, 40, 101])
def test_a_ring_falls_at_once_in_two_places_and_never_by_one(monkeypatch, n):
    """Given twenty milliseconds; the area decides, not the number, so that one node more may be struck."""
    monkeypatch.setattr(effort, "LEAST", 1e7)
    result = dismantle(n, *ring(n))
    f = np.array(slow_curve(n, *ring(n), result.order)) / n
    assert f[0] == pytest.approx((n - 1) / n)
    fewest = -(-n // (largest_fallen(n) + 1))
    assert fewest <= result.order.size <= fewest + 1


@pytest.mark.parametrize("leaves", [10, 50, 500])
def test_a_star_falls_with_its_centre_whatever_number_it_has(leaves):
    for centre in (0, leaves):
        others = np.setdiff1d(np.arange(leaves + 1), [centre])
        result = dismantle(leaves + 1, np.full(leaves, centre), others)
        assert result.order.tolist() == [centre]


def test_of_two_stars_the_larger_goes_first():
    u = np.array([0] * 20 + [1] * 12)
    v = np.arange(2, 34)
    assert dismantle(34, u, v).order.tolist()[:2] == [0, 1]


def test_a_bridge_between_two_stars_is_no_better_than_their_centres():
    u = np.array([0] * 20 + [1] * 20 + [0])
    v = np.concatenate([np.arange(2, 42), [1]])
    assert set(dismantle(42, u, v).order.tolist()) == {0, 1}


@settings(max_examples=15, deadline=None)
@given(graph=graphs(largest=12))
def test_the_answer_is_not_worse_than_by_degree_alone(graph):
    n, u, v = graph
    work = work_on(graph)
    if work.near.size:
        by_degree = decimate.by_degree(work.start, work.near, np.ones(n), core_only=False)
        assert dismantle(n, u, v).auc <= work.judge("degree", work.finished(by_degree)).auc + 1e-12


@settings(max_examples=40, deadline=None)
@given(world=worlds(largest=14))
def test_reinsertion_read_backwards_takes_each_time_the_node_of_the_smallest_piece(world):
    n, u, v, gone, candidates = world
    start, near = simple_csr(n, u, v)
    order = candidates[regrow(contract(start, near, gone, candidates), np.ones(candidates.size))]
    out = set(candidates.tolist())
    fixed = np.flatnonzero(gone).tolist()
    for node in order[::-1].tolist():
        sizes = {one: joined(n, u, v, removed=[*fixed, *out], node=one) for one in out}
        assert sizes[node] == min(sizes.values())
        out.remove(node)


@settings(max_examples=40, deadline=None)
@given(world=worlds(largest=18), seed=st.integers(0, 10**6))
def test_the_curve_of_a_shrunken_graph_is_counted_on_the_whole(world, seed):
    n, u, v, gone, candidates = world
    start, near = simple_csr(n, u, v)
    places = np.random.default_rng(seed).permutation(candidates.size).astype(np.int32)
    found = curve(contract(start, near, gone, candidates), places).tolist()
    fixed = np.flatnonzero(gone).tolist()
    wanted = [
        largest_left(n, u, v, [*fixed, *candidates[places[:count]].tolist()])
        for count in range(places.size + 1)
    ]
    assert found == wanted


@settings(max_examples=40, deadline=None)
@given(graph=graphs(largest=18), limit=st.integers(1, 6), seed=st.integers(0, 10**6))
def test_what_must_stay_out_is_what_would_close_too_large_a_piece(graph, limit, seed):
    n, u, v = graph
    start, near = simple_csr(n, u, v)
    ranks = np.random.default_rng(seed).permutation(n).astype(np.int32)
    out, back = [], []
    for node in ranks.tolist():
        absent = [one for one in range(n) if one not in back and one != node]
        if joined(n, u, v, removed=absent, node=node) > limit:
            out.append(node)
        else:
            back.append(node)
    assert set(pieces.above_limit(start, near, ranks, limit)[0].tolist()) == set(out)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 14), m=st.integers(0, 30), seed=st.integers(0, 10**6))
def test_pieces_are_named_by_a_plain_walk(n, m, seed):
    rng = np.random.default_rng(seed)
    u, v = (ends.astype(np.int32) for ends in rng.integers(0, n, (2, m)))
    start, near = simple_csr(n, u, v)
    present = rng.random(n) < 0.8
    names = np.full(n, -7, np.int32)
    sizes = pieces.label(start, near, present, names).tolist()
    assert (names[~present] == -1).all()
    for one in range(n):
        for other in range(n):
            if present[one] and present[other]:
                alike = joined(n, u, v, removed=np.flatnonzero(~present), node=one)
                assert sizes[names[one]] == alike
                if names[one] == names[other]:
                    assert sizes[names[other]] == alike


@pytest.mark.parametrize("seed", range(6))
def test_on_very_small_graphs_no_order_at_all_is_much_better(seed):
    rng = np.random.default_rng(seed)
    n, m = 6, int(rng.integers(4, 10))
    u, v = rng.integers(0, n, (2, m))
    kept = u != v
    u, v = u[kept], v[kept]
    if not u.size:
        return
    best = min(
        removal_auc(np.array(slow_curve(n, u, v, list(order))) / n)[0] for order in permutations(range(n))
    )
    assert dismantle(n, u, v).auc <= 1.1 * best + 1e-9
