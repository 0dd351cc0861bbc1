"""How hard dismantling searches: by what is known of the graph, and no harder than a simple portfolio would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.dismantle import dismantle, effort, refine, seeds
from chokepoint.choke.dismantle.work import Work
from chokepoint.choke.kernels import between, pieces
from chokepoint.choke.kernels.csr import simple_csr


def ring(n, chords=0, seed=1):
    around = np.arange(n, dtype=np.int32)
    u, v = np.random.default_rng(seed).integers(0, n, (2, chords), dtype=np.int32)
    return np.concatenate([around, u]), np.concatenate([(around + 1) % n, v]).astype(np.int32)


def worked(n, chords=0):
    start, near = simple_csr(n, *ring(n, chords))
    return Work(start=start, near=near, price=np.ones(n), priced=False)


def graph_of(n, edges):
    u, v = np.array(edges, np.int32).reshape(-1, 2).T
    start, near = simple_csr(n, u.copy(), v.copy())
    return Work(start=start, near=near, price=np.ones(n), priced=False)


def walked(work, order, sources):
    """Arcs among the nodes that are left, before each removal, times the sources that there are."""
    left, total = set(range(work.n)), 0
    for node in order:
        arcs = sum(int(w) in left for v in left for w in work.near[work.start[v] : work.start[v + 1]])
        total += arcs * min(sources, largest(work, left))
        left.discard(node)
    return total


def largest(work, left):
    seen, most = set(), 0
    for first in left:
        if first in seen:
            continue
        piece, open_ = {first}, [first]
        while open_:
            v = open_.pop()
            fresh = {int(w) for w in work.near[work.start[v] : work.start[v + 1]]} & left - piece
            piece |= fresh
            open_ += fresh
        seen |= piece
        most = max(most, len(piece))
    return most


@settings(max_examples=60, deadline=None)
@given(n=st.integers(11, 25), chords=st.integers(0, 20), sources=st.integers(1, 30), seed=st.integers(0, 99))
def test_what_counting_costs_is_what_is_walked_before_each_removal(n, chords, sources, seed):
    work = worked(n, chords)
    order = work.judge("any", np.random.default_rng(seed).permutation(n).astype(np.int32)).nodes.tolist()
    assert effort.counting(work, sources) == pytest.approx(walked(work, order, sources) * effort._arc(work))


def test_a_small_graph_may_be_counted_from_every_node_and_from_samples():
    work = worked(300, 200)
    work.judge("any", np.arange(300, dtype=np.int32))
    both = effort.counting(work, effort.SOURCES) + effort.counting(work, 300)
    assert effort.effort_for(work).left == pytest.approx(effort.SHARE * both)


def test_where_counting_from_every_node_is_too_dear_samples_alone_are_the_measure(monkeypatch):
    work = worked(300, 200)
    work.judge("any", np.arange(300, dtype=np.int32))
    monkeypatch.setattr(effort, "EXACT_ARCS", 0.1 * 300**2 * work.near.size - 1)
    assert effort.effort_for(work).left == pytest.approx(effort.SHARE * effort.counting(work, effort.SOURCES))


def test_a_portfolio_samples_less_often_where_the_graph_is_large(monkeypatch):
    work = worked(300, 200)
    work.judge("any", np.arange(300, dtype=np.int32))
    monkeypatch.setattr(effort, "EXACT_ARCS", 0.0)
    whole = effort.effort_for(work).left
    monkeypatch.setattr(effort, "SAMPLED_ARCS", 0.1 * 300 * work.near.size * effort.SOURCES / 4)
    assert effort.effort_for(work).left == pytest.approx(whole / 4)


def test_a_network_that_falls_soon_is_worth_less_effort():
    """A portfolio would be done with it soon, too."""
    slow, soon = worked(200, 100), worked(200, 100)
    slow.judge("last", np.arange(200, dtype=np.int32))
    soon.judge("first", np.arange(0, 200, 9, dtype=np.int32))
    soon.judge("rest", np.argsort(-np.diff(soon.start), kind="stable").astype(np.int32))
    assert soon.best[0].auc < slow.best[0].auc
    assert effort.effort_for(soon).left < effort.effort_for(slow).left


def test_the_smallest_graph_is_worth_some_milliseconds():
    work = worked(12)
    work.judge("any", np.arange(12, dtype=np.int32))
    assert effort.SHARE * 2 * effort.counting(work, 12) < effort.LEAST
    assert effort.effort_for(work).left == effort.LEAST


CLIQUE = [(a, b) for a in range(6) for b in range(a)]


@pytest.mark.parametrize(
    ("n", "edges", "cost"),
    [
        pytest.param(20, [(a, a + 1) for a in range(19)], 1.0, id="a chain is foreseen"),
        pytest.param(6, CLIQUE, 1.0, id="a clique is foreseen"),
        pytest.param(8, [(a, b) for a in range(4) for b in range(4, 8)], effort.TURN, id="neither is not"),
    ],
)
def test_an_arc_costs_more_where_no_processor_foresees_its_turn(n, edges, cost):
    assert effort._arc(graph_of(n, edges)) == cost


def test_an_arc_costs_more_in_a_larger_graph(monkeypatch):
    work = worked(40, 10)
    monkeypatch.setattr(effort, "NEAR_ARCS", work.near.size / 32.0)
    assert effort._arc(work) == pytest.approx(32.0**effort.GROWTH)


@given(left=st.floats(0, 1e9), costs=st.lists(st.floats(0, 1e9), max_size=8))
def test_no_more_is_taken_than_there_is(left, costs):
    one = effort.Effort(left=left)
    taken = [cost for cost in costs if one.take(cost)]
    assert one.left >= 0
    assert one.left == pytest.approx(left - sum(taken), abs=1e-3)


@pytest.mark.parametrize(("cost", "enough"), [(4.0, True), (5.0, True), (5.1, False)])
def test_the_last_of_the_effort_may_be_taken_and_nothing_beyond(cost, enough):
    one = effort.Effort(left=5.0)
    assert one.take(cost) is enough
    assert one.left == (5.0 - cost if enough else 5.0)


def methods_of(monkeypatch, work, left):
    """(methods, sources that betweenness was asked for, what is left) of a search with so much effort."""
    asked, one = [], effort.Effort(left=left)
    monkeypatch.setattr(between, "by_betweenness", lambda *a: asked.append(a[3]) or np.array([0], np.int32))
    monkeypatch.setattr(seeds, "by_dissection", lambda *_: np.array([0], np.int32))
    if not work.best:
        work.judge("degree", np.arange(work.n, dtype=np.int32))
    return [method for method, _ in seeds.thorough(work, one)], asked, one.left


@pytest.mark.parametrize(("sources", "asked"), [(7.5, []), (8.5, [8]), (199.5, [199]), (10**6, [200])])
def test_betweenness_takes_its_part_from_eight_sources_to_every_node(monkeypatch, sources, asked):
    work = worked(200, 50)
    work.judge("degree", np.arange(200, dtype=np.int32))
    left = sources * effort.counting(work, 1) / seeds.BETWEENNESS
    methods, found, _ = methods_of(monkeypatch, work, left)
    assert found == asked
    assert ("betweenness" in methods) is bool(asked)


@pytest.mark.parametrize("more", [0, 1, 3, 100])
def test_more_dissections_take_their_part(monkeypatch, more):
    work = worked(60, 10)
    cost = seeds.NODE_DISSECTED * 60 + seeds.ARC_DISSECTED * work.near.size
    monkeypatch.setattr(seeds, "BETWEENNESS", 0.0)
    whole = (more + 0.5) * cost / seeds.DISSECTIONS
    methods, _, left = methods_of(monkeypatch, work, whole)
    runs = sum(method.startswith("dissection") for method in methods)
    assert runs == min(more, seeds.MOST_DISSECTIONS - 1)
    assert left == pytest.approx(whole - runs * cost)


def test_without_any_effort_nothing_more_is_tried(monkeypatch):
    assert methods_of(monkeypatch, worked(60, 10), 0.0) == ([], [], 0.0)


def test_dissections_hopelessly_behind_end_when_each_imbalance_had_its_turn(monkeypatch):
    work = worked(60, 10)
    work.judge("degree", np.arange(60, dtype=np.int32))
    work.tried["dissection 1+r"] = seeds.HOPELESS * min(work.tried.values()) + 1.0
    methods, _, _ = methods_of(monkeypatch, work, 1e12)
    assert [one for one in methods if one != "betweenness"] == [
        "dissection 2",
        "dissection 3",
        "dissection 4",
    ]


@pytest.mark.parametrize(("room", "there"), [(0.0, True), (1.0, False)], ids=["fits", "too dear"])
def test_influence_is_left_out_where_hubs_make_it_dear(monkeypatch, room, there):
    monkeypatch.setattr(seeds, "INFLUENCE_WORK", 50 * 4.0 - room)
    assert ("influence" in [method for method, _ in seeds.quick(worked(50))]) is there


def test_a_graph_that_metis_gives_up_on_is_left_to_the_other_methods(monkeypatch):
    def gives_up(*_):
        raise RuntimeError

    monkeypatch.setattr(seeds, "by_dissection", gives_up)
    assert [method for method, _ in seeds.quick(worked(50))] == ["corehd", "degree", "influence"]
    assert methods_of(monkeypatch, worked(50), 0.0)[0] == []


def windows(monkeypatch, work, cost, left=1e15):
    """(heat, most) of each window that is annealed when it costs so much beyond what stands around it."""
    asked = []

    def window(*_, heat, most, **__):
        asked.append((heat, most))
        return min(cost, most)

    monkeypatch.setattr(refine, "_window", window)
    monkeypatch.setattr(refine, "NODE_PASSED", 0.0)
    refine.refine(work, effort.Effort(left=left))
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
    assert len(windows(monkeypatch, judged(900, length), 1.0)) == count * refine.ROUNDS


def test_later_rounds_are_cooler(monkeypatch):
    heats = [heat for heat, _ in windows(monkeypatch, judged(50, 5), 1.0)]
    assert heats[: len(refine.HEATS)] == list(refine.HEATS)
    assert heats[len(refine.HEATS)] == refine.HEATS[0]


def test_one_window_takes_at_most_half_of_the_work_and_the_last_what_is_left(monkeypatch):
    found = [most for _, most in windows(monkeypatch, judged(50, 5), 40.0, left=100.0)]
    assert found[:3] == [50.0, 50.0, 20.0]
    assert sum(found[3:]) == 0


def test_no_work_goes_beyond_the_most(monkeypatch):
    found = windows(monkeypatch, judged(50, 5), refine.MOST_WORK / 4)
    assert sum(most > 0 for _, most in found) == 4
    assert found[0][1] == refine.MOST_WORK / 2


def test_a_window_for_which_too_little_is_left_ends_the_search(monkeypatch):
    monkeypatch.setattr(refine, "_window", lambda *_, **__: 0.0)
    one, work = effort.Effort(left=1e9), judged(50, 5)
    refine.refine(work, one)
    assert one.left == 1e9 - refine.NODE_PASSED * (work.n + work.near.size)


def test_too_few_steps_are_not_worth_a_window():
    work = worked(60, 20)
    order = work.judge("degree", np.argsort(-np.diff(work.start), kind="stable").astype(np.int32))
    rng, span = np.random.default_rng(1), (0, order.nodes.size)
    spent = [refine._window(work, order, span, rng=rng, heat=(0.1, 0.01), most=most) for most in (1e2, 1e6)]
    assert spent[0] == 0 < spent[1] < 2e6


@settings(max_examples=12, deadline=None)
@given(n=st.integers(20, 120), chords=st.integers(0, 150), left=st.floats(3e5, 3e6))
def test_annealing_spends_about_what_it_may(n, chords, left):
    """A step costs what it happens to walk, so that the last window may take up to twice its part."""
    work, one = worked(n, chords), effort.Effort(left=left)
    work.offer("degree", np.argsort(-np.diff(work.start), kind="stable").astype(np.int32))
    refine.refine(work, one)
    assert one.left > -left


def test_a_clock_decides_nothing(monkeypatch):
    """The same graph gives the same answer on a machine of any speed."""
    monkeypatch.setattr("time.process_time", lambda: (_ for _ in ()).throw(AssertionError))
    monkeypatch.setattr("time.perf_counter", lambda: (_ for _ in ()).throw(AssertionError))
    monkeypatch.setattr(refine, "MOST_WORK", 1e6)
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
    monkeypatch.setattr(refine, "MOST_WORK", 1e6)
    u, v = ring(60, 20)
    plain, priced = dismantle(60, u, v), dismantle(60, u, v, cost=np.full(60, cost))
    assert (priced.order.tolist(), priced.auc) == (plain.order.tolist(), plain.auc)
