"""How hard dismantling searches: by the size of the graph alone, and no harder than a simple portfolio would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.dismantle import dismantle, refine, seeds
from chokepoint.choke.dismantle.work import EXACT_ARCS, MOST_ARCS, SOURCES, Work
from chokepoint.choke.kernels import between, pieces


def of_size(n, arcs):
    """A work of so many nodes and arcs that nobody walks."""
    return Work(
        start=np.zeros(n + 1, np.int32), near=np.empty(arcs, np.int32), price=np.ones(n), priced=False
    )


def ring(n, chords=0, seed=1):
    around = np.arange(n, dtype=np.int32)
    u, v = np.random.default_rng(seed).integers(0, n, (2, chords), dtype=np.int32)
    return np.concatenate([around, u]), np.concatenate([(around + 1) % n, v]).astype(np.int32)


def worked(n, chords=0):
    start, near = pieces.simple_csr(n, *ring(n, chords))
    return Work(start=start, near=near, price=np.ones(n), priced=False)


def test_a_small_graph_may_be_counted_from_every_node_and_from_samples():
    assert of_size(100, 400).allowance == pytest.approx(0.1 * 100 * 400 * (SOURCES + 100))


def test_a_middling_graph_is_counted_from_samples_alone():
    work = of_size(3_000, 100_000)
    assert 0.1 * work.n * work.near.size * work.n > EXACT_ARCS
    assert work.allowance == pytest.approx(0.1 * 3_000 * 100_000 * SOURCES)


def test_no_graph_is_worth_more_than_the_most():
    assert of_size(2_000_000, 1_000_000).allowance == MOST_ARCS


@settings(max_examples=80, deadline=None)
@given(n=st.integers(1, 10**5), arcs=st.integers(1, 10**6))
def test_a_bound_on_work_holds_for_any_size(n, arcs):
    assert 0 < of_size(n, arcs).allowance <= MOST_ARCS + EXACT_ARCS


def counted_sources(monkeypatch, work):
    """How many sources betweenness is asked for, or None where it is left out."""
    asked = []
    monkeypatch.setattr(between, "by_betweenness", lambda *a: asked.append(a[3]) or np.array([0], np.int32))
    monkeypatch.setattr(seeds, "by_dissection", lambda *_: np.array([0], np.int32))
    work.tried["degree"] = 1.0
    methods = [method for method, _ in seeds.thorough(work)]
    assert ("betweenness" in methods) is bool(asked)
    return asked[0] if asked else None


@pytest.mark.parametrize("n", [20, 200])
def test_small_graphs_are_counted_from_every_node(monkeypatch, n):
    assert counted_sources(monkeypatch, worked(n)) == n


@pytest.mark.parametrize(("most", "sources"), [(8.5, 8), (7.5, None)], ids=["eight", "fewer"])
def test_fewer_than_eight_sources_are_not_worth_a_count(monkeypatch, most, sources):
    """What a count of one source costs is arcs times a tenth of the nodes."""
    work = worked(200)
    one = work.near.size * 20
    monkeypatch.setattr(seeds, "LEAST_BETWEENNESS", most * one)
    monkeypatch.setattr(seeds, "MOST_BETWEENNESS", most * one)
    assert counted_sources(monkeypatch, work) == sources


def test_influence_is_left_out_where_hubs_make_it_dear(monkeypatch):
    work = worked(50)
    for most, there in ((50 * 4.0, True), (50 * 4.0 - 1, False)):
        monkeypatch.setattr(seeds, "INFLUENCE_WORK", most)
        monkeypatch.setattr(seeds, "by_dissection", lambda *_: np.array([0], np.int32))
        assert ("influence" in [method for method, _ in seeds.thorough(work)]) is there


def windows(monkeypatch, work, cost):
    """How many windows are annealed when each costs so much."""
    asked = []
    monkeypatch.setattr(refine, "_window", lambda *_, **heat: asked.append(heat["heat"]) or cost)
    refine.refine(work)
    return asked


def judged(n, length):
    work = worked(n)
    work.best = [work.judge("any", np.arange(length, dtype=np.int32))]
    work.best[0] = type(work.best[0])(
        nodes=np.arange(length, dtype=np.int32), auc=1.0, score=1.0, method="any"
    )
    return work


@pytest.mark.parametrize(("length", "count"), [(1, 1), (200, 1), (201, 1), (400, 1), (401, 2), (800, 3)])
def test_every_stretch_is_annealed_once_a_round_and_overlaps_the_next_by_half(monkeypatch, length, count):
    assert len(windows(monkeypatch, judged(900, length), 0.0)) == count * refine.ROUNDS


def test_later_rounds_are_cooler(monkeypatch):
    heats = windows(monkeypatch, judged(50, 5), 0.0)
    assert heats[: len(refine.HEATS)] == list(refine.HEATS)
    assert heats[len(refine.HEATS)] == refine.HEATS[0]


def test_annealing_stops_once_its_work_is_spent(monkeypatch):
    work = judged(50, 5)
    monkeypatch.setattr(refine, "LEAST_WORK", 25.0)
    monkeypatch.setattr(refine, "MOST_WORK", 25.0)
    assert len(windows(monkeypatch, work, 10.0)) == 3


def test_work_on_annealing_is_bounded_from_below_and_above(monkeypatch):
    small, large = judged(50, 5), judged(50, 5)
    monkeypatch.setattr(refine, "ROUNDS", 10_000)
    small.near = np.empty(2, np.int32)
    large.near = np.broadcast_to(np.int32(0), 10**9)
    assert len(windows(monkeypatch, small, 1e8)) == int(refine.LEAST_WORK / 1e8) + 1
    assert len(windows(monkeypatch, large, 1e9)) == int(refine.MOST_WORK / 1e9) + 1


def test_a_clock_decides_nothing(monkeypatch):
    """The same graph gives the same answer on a machine of any speed."""
    monkeypatch.setattr("time.process_time", lambda: (_ for _ in ()).throw(AssertionError))
    monkeypatch.setattr("time.perf_counter", lambda: (_ for _ in ()).throw(AssertionError))
    monkeypatch.setattr(refine, "LEAST_WORK", 1e6)
    u, v = ring(40, 30)
    assert dismantle(40, u, v).order.tolist() == dismantle(40, u, v).order.tolist()


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 40), data=st.data())
def test_the_others_go_back_first_and_then_the_nodes_from_the_last_on(n, data):
    nodes = data.draw(st.permutations(range(n)))[: data.draw(st.integers(0, n))]
    ranks = pieces.others_first(n, np.array(nodes, np.int32)).tolist()
    assert ranks == [x for x in range(n) if x not in nodes] + nodes[::-1]


@pytest.mark.parametrize("cost", [1.0, 7.0, 1e-3])
def test_one_price_for_all_is_none(monkeypatch, cost):
    monkeypatch.setattr(refine, "LEAST_WORK", 1e6)
    u, v = ring(60, 20)
    plain, priced = dismantle(60, u, v), dismantle(60, u, v, cost=np.full(60, cost))
    assert (priced.order.tolist(), priced.auc) == (plain.order.tolist(), plain.auc)
