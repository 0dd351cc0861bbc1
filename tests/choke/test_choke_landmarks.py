"""Annealing from landmarks: what stands behind a change is not put back again, and nothing is lost by it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.kernels import anneal as kernel
from chokepoint.choke.kernels import pieces
from chokepoint.choke.kernels.csr import simple_csr
from chokepoint.choke.kernels.quotient import contract


def shrunk(n, m, seed, share=0.6):
    """(shrunken graph, how many candidates) of a random graph, of whose nodes a share may be struck."""
    rng = np.random.default_rng(seed)
    start, near = simple_csr(n, *rng.integers(0, n, (2, m)).astype(np.int32))
    candidates = np.sort(rng.permutation(n)[: max(int(share * n), 1)]).astype(np.int32)
    return contract(start, near, np.zeros(n, np.bool_), candidates), candidates.size


@pytest.fixture(autouse=True, scope="module")
def compiled():
    """What graphs are drawn with, before they are."""
    shrunk(4, 3, 1)


def graphs(largest=50):
    return st.builds(
        shrunk, st.integers(2, largest), st.integers(0, 90), st.integers(0, 10**6), st.floats(0.1, 1.0)
    )


def pieces_behind(graph, order, place):
    """The sets of candidates and blobs that hang together when all from this place on are in."""
    weight, rows, ends, _ = graph
    inside = {*order[place:].tolist(), *range(order.size, weight.size)}
    near = {node: set() for node in inside}
    for v in inside:
        for w in ends[rows[v] : rows[v + 1]].tolist():
            if w in inside:
                near[v].add(w)
                near[w].add(v)
    found = set()
    while inside:
        piece, open_ = set(), [min(inside)]
        while open_:
            v = open_.pop()
            piece.add(v)
            open_ += near[v] - piece
        found.add(frozenset(piece))
        inside -= piece
    return found


def told(link):
    """The same by links, with sizes checked by the caller."""
    groups = {}
    for v in np.flatnonzero(link != pieces.OUT).tolist():
        groups.setdefault(int(pieces.root(link, v)), set()).add(v)
    return groups


@settings(max_examples=80, deadline=None)
@given(world=graphs(), seed=st.integers(0, 10**6))
def test_a_landmark_holds_the_pieces_of_all_behind_it(world, seed):
    graph, c = world
    order = np.random.default_rng(seed).permutation(c).astype(np.int32)
    marks = kernel._landmarks(graph, c)
    kernel._mark(graph, order, marks, 0, marks[0].size - 1)
    places, links, largest = marks
    for i in range(1, places.size):
        groups = told(links[i].copy())
        assert {frozenset(group) for group in groups.values()} == pieces_behind(graph, order, places[i])
        sizes = {stands: int(graph[0][list(group)].sum()) for stands, group in groups.items()}
        assert sizes == {stands: -int(links[i][stands]) for stands in groups}
        assert largest[i] == max([graph[3], *sizes.values()])


@pytest.mark.parametrize("c", [1, 2, kernel.LANDMARKS - 1, kernel.LANDMARKS, kernel.LANDMARKS + 1, 400])
def test_landmarks_stand_apart_from_the_first_place_to_behind_the_last(c):
    start, near = simple_csr(c, np.empty(0, np.int32), np.empty(0, np.int32))
    graph = contract(start, near, np.zeros(c, np.bool_), np.arange(c, dtype=np.int32))
    places = kernel._landmarks(graph, c)[0].tolist()
    assert (places[0], places[-1]) == (0, c)
    assert all(one < other for one, other in pairwise(places))
    assert len(places) == min(c, kernel.LANDMARKS) + 1


@settings(max_examples=80, deadline=None)
@given(world=graphs(), seed=st.integers(0, 10**6), share=st.floats(0, 0.5), free=st.integers(0, 1))
def test_from_every_landmark_an_order_costs_what_it_costs_from_the_last(world, seed, share, free):
    graph, c = world
    rng = np.random.default_rng(seed)
    order, price = rng.permutation(c).astype(np.int32), rng.integers(1, 4, c).astype(np.float64)
    rule, share_of = (max(int(share * graph[0].sum()), graph[3]), free, price.min()), np.zeros(c)
    marks = kernel._landmarks(graph, c)
    kernel._mark(graph, order, marks, 0, marks[0].size - 1)
    places, links, largest = marks
    nothing = (graph[3], 0.0, 0)
    whole, active, _ = kernel._replay(
        graph, price, order, links[-1].copy(), (0, c), nothing, rule, share_of, np.inf
    )
    for i in range(1, places.size):
        behind = float(share_of[places[i] :].sum())
        reached = active if largest[i] > rule[0] else 0
        past, span = (largest[i], behind, reached), (0, places[i])
        cost, now, _ = kernel._replay(
            graph, price, order, links[i].copy(), span, past, rule, np.zeros(c), np.inf
        )
        assert cost == pytest.approx(whole)
        assert now == active


@settings(max_examples=80, deadline=None)
@given(world=graphs(), seed=st.integers(0, 10**6), data=st.data())
def test_a_changed_stretch_moves_only_the_landmarks_inside_it(world, seed, data):
    """Those before it hold the same nodes, those behind it the same order."""
    graph, c = world
    rng = np.random.default_rng(seed)
    order = rng.permutation(c).astype(np.int32)
    marks = kernel._landmarks(graph, c)
    kernel._mark(graph, order, marks, 0, marks[0].size - 1)
    low = data.draw(st.integers(0, c - 1))
    high = data.draw(st.integers(low, c - 1))
    order[low : high + 1] = rng.permutation(order[low : high + 1])
    known = int(np.searchsorted(marks[0], high, side="right"))
    kernel._mark(graph, order, marks, low, known)
    places, links, _ = marks
    for i in range(1, places.size):
        groups = {frozenset(group) for group in told(links[i].copy()).values()}
        assert groups == pieces_behind(graph, order, places[i])


def test_a_proposal_that_must_cost_too_much_is_given_up_before_it_is_walked_to_its_end():
    graph, c = shrunk(60, 150, 3, share=1.0)
    order, price = np.arange(c, dtype=np.int32), np.ones(c)
    runs = []
    for bound in (np.inf, 1.0):
        link = kernel._landmarks(graph, c)[1][-1].copy()
        runs.append(
            kernel._replay(
                graph, price, order, link, (0, c), (graph[3], 0.0, 0), (3, 0, 1.0), np.zeros(c), bound
            )
        )
    (whole, _, all_of_it), (given_up, _, some) = runs
    assert whole > 1.0
    assert given_up == np.inf
    assert some < all_of_it


@settings(max_examples=20, deadline=None)
@given(world=graphs(), steps=st.integers(0, 200))
def test_work_grows_with_the_steps_by_no_less_than_a_step_costs(world, steps):
    graph, c = world
    work = [
        kernel.anneal(graph, np.ones(c), graph[3], 0, count, (5.0, 0.1), 1)[2]
        for count in (steps, steps + 50)
    ]
    assert work[1] - work[0] >= (50 * kernel.WORK_A_STEP if c > 1 else 0)


@pytest.mark.parametrize("marks", [1, 3, 10**6], ids=["one", "three", "one a place"])
def test_where_the_landmarks_stand_changes_no_answer(monkeypatch, marks):
    """`py_func` reads the module's own number, which the compiled kernel has built in."""
    graph, c = shrunk(30, 60, 5, share=1.0)
    kept = kernel.anneal(graph, np.ones(c), 3, 1, 150, (20.0, 0.1), 7)
    monkeypatch.setattr(kernel, "LANDMARKS", marks)
    monkeypatch.setattr(kernel, "_landmarks", kernel._landmarks.py_func)
    found = kernel.anneal.py_func(graph, np.ones(c), 3, 1, 150, (20.0, 0.1), 7)
    assert found[0].tolist() == kept[0].tolist()
    assert found[1] == pytest.approx(kept[1])
