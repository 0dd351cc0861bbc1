"""Annealing step by step and window by window: what a proposal may change, what a window may touch."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.dismantle import refine as refining
from chokepoint.choke.dismantle.effort import Effort
from chokepoint.choke.dismantle.refine import refine
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels import pieces
from chokepoint.choke.kernels.anneal import NEARBY, _below, _propose, _roll, anneal
from chokepoint.choke.kernels.csr import simple_csr
from chokepoint.choke.kernels.quotient import contract


def work_of(n, m, seed, *, price=None):
    rng = np.random.default_rng(seed)
    start, near = simple_csr(n, *rng.integers(0, n, (2, m)).astype(np.int32))
    return Work(
        start=start, near=near, price=np.ones(n) if price is None else price, priced=price is not None
    )


@settings(max_examples=200, deadline=None)
@given(k=st.integers(2, 40), active=st.integers(1, 60), seed=st.integers(0, 2**32))
def test_a_proposal_reorders_the_places_that_it_names_and_no_others(k, active, seed):
    old = np.random.default_rng(seed).permutation(k).astype(np.int32)
    new = old.copy()
    low, high = _propose(old, new, active, np.array([seed], np.uint64))
    assert 0 <= low <= high < k
    assert sorted(new.tolist()) == sorted(old.tolist())
    assert new[:low].tolist() == old[:low].tolist()
    assert new[high + 1 :].tolist() == old[high + 1 :].tolist()


def test_proposals_reach_every_place_from_every_active_one():
    """Half of them go anywhere, the other half nearby: all pairs of places are met."""
    k, dice, met = 3 * NEARBY, np.array([5], np.uint64), set()
    old = np.arange(k, dtype=np.int32)
    for _ in range(40_000):
        new = old.copy()
        met.add(_propose(old, new, k, dice))
    assert {(low, high) for low in range(k) for high in range(low, k)} <= met


@settings(max_examples=60, deadline=None)
@given(end=st.integers(1, 2**31 - 1), seed=st.integers(0, 2**64 - 1))
def test_a_throw_is_below_its_end(end, seed):
    dice = np.array([seed], np.uint64)
    assert all(0 <= _below(dice, end) < end for _ in range(20))


def test_throws_are_even():
    dice = np.array([1], np.uint64)
    counts = np.bincount([_below(dice, 7) for _ in range(7_000)], minlength=7)
    assert counts.size == 7
    assert np.all(np.abs(counts - 1_000) < 150)


def test_the_dice_are_splitmix64():
    """The first numbers from seed 1234567, as its author's program prints them."""
    dice = np.array([1234567], np.uint64)
    assert [int(_roll(dice)) for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def cost_of(n, edges, order, limit):
    """Trapezoids of the largest piece until it is at most the limit, by hand."""

    def largest(gone):
        parent = {x: x for x in range(n) if x not in gone}

        def root(x):
            while parent[x] != x:
                x = parent[x]
            return x

        for a, b in edges:
            if a in parent and b in parent:
                parent[root(a)] = root(b)
        return max(([root(x) for x in parent].count(r) for r in set(map(root, parent))), default=0)

    held, total = largest(set()), 0.0
    for at, _ in enumerate(order):
        if held <= limit:
            return total
        now = largest(set(order[: at + 1]))
        total += (held + now) / 2
        held = now
    return total


@pytest.mark.parametrize("seed", range(8))
def test_on_tiny_graphs_annealing_finds_the_cheapest_of_all_orders(seed):
    n = 6
    pairs = np.random.default_rng(seed).integers(0, n, (9, 2))
    edges = [(a, b) for a, b in pairs.tolist() if a != b]
    start, near = simple_csr(n, *pairs.T.astype(np.int32).copy())
    graph = contract(start, near, np.zeros(n, np.bool_), np.arange(n, dtype=np.int32))
    _, cost, _ = anneal(graph, np.ones(n), 1, 0, 6_000, (float(n), 0.05), seed)
    assert cost == pytest.approx(min(cost_of(n, edges, order, 1) for order in permutations(range(n))))


@settings(max_examples=10, deadline=None)
@given(n=st.integers(12, 30), share=st.floats(1.0, 3.0), seed=st.integers(0, 999), priced=st.booleans())
def test_refining_never_loses_what_was_found(n, share, seed, priced):
    price = np.random.default_rng(seed).integers(1, 5, n).astype(float) if priced else None
    work = work_of(n, int(n * share), seed, price=price)
    work.offer("degree", np.argsort(-np.diff(work.start), kind="stable").astype(np.int32))
    before = work.best[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refining, "ROUNDS", 1)
        patch.setattr(refining, "WIDEST", 8)
        refine(work, Effort(left=1e7))
    after = work.best[0]
    assert after.score <= before.score
    assert len(set(after.nodes.tolist())) == after.nodes.size
    assert pieces.largest_after(work.start, work.near, after.nodes)[-1] <= work.limit or n < 11


def test_refining_repeats_itself_by_seed():
    found = []
    for seed in (1, 1):
        work = work_of(80, 160, 4)
        work.offer("degree", np.argsort(-np.diff(work.start), kind="stable").astype(np.int32))
        refine(work, Effort(left=2e6), seed=seed)
        found.append(work.best[0].nodes.tolist())
    assert found[0] == found[1]


@pytest.fixture
def wide():
    work = work_of(900, 1_500, 7)
    work.offer("degree", np.argsort(-np.diff(work.start), kind="stable").astype(np.int32))
    return work


def others(work, span, seed=1):
    return refining._others(work, work.best[0], span, np.random.default_rng(seed)).tolist()


@pytest.mark.parametrize("span", [(0, 5), (3, 90), (10, 10**6)])
def test_nobody_takes_a_place_who_has_gone_or_holds_nothing_together(wide, span):
    """A node of one neighbour parts nobody."""
    chosen = others(wide, span)
    degrees = np.diff(wide.start)
    assert not set(chosen) & set(wide.best[0].nodes[: span[1]].tolist())
    assert all(degrees[node] > 1 for node in chosen)
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize(
    ("span", "most"),
    [
        pytest.param((0, 5), 40, id="forty for a few places"),
        pytest.param((0, 30), 60, id="twice as many for some"),
        pytest.param((0, 80), 120, id="not more than that for more"),
        pytest.param((0, 130), 130, id="as many for many"),
    ],
)
def test_how_many_others_there_are_follows_the_places(wide, span, most):
    assert wide.best[0].nodes.size > span[1]
    assert 0 < len(others(wide, span)) <= most


def test_others_stand_beside_the_window_or_in_another_good_order(wide):
    span = (0, 10)
    own = wide.best[0].nodes[:10]
    beside = {int(w) for v in own for w in wide.near[wide.start[v] : wide.start[v + 1]]}
    elsewhere = {int(node) for order in wide.best[1:] for node in order.nodes}
    assert set(others(wide, span)) <= beside | elsewhere


def test_of_a_small_graph_everybody_who_could_help_may_take_a_place():
    work = work_of(40, 70, 3)
    order = work.judge("any", np.array([0, 1, 2], np.int32))
    chosen = refining._others(work, order, (0, 1), np.random.default_rng(1)).tolist()
    beside = work.near[work.start[0] : work.start[1]]
    assert chosen == [x for x in range(1, 40) if np.diff(work.start)[x] > 1 and x in beside]
