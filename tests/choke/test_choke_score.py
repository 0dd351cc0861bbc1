"""What a removal order is worth, by hand and by whole numbers; and one dismantling at work."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_choke_dismantle import graphs, largest_piece, slow_curve

from chokepoint.choke.dismantle import dismantle
from chokepoint.choke.dismantle.effort import Effort
from chokepoint.choke.dismantle.score import largest_fallen, priced_area, removal_auc
from chokepoint.choke.dismantle.seeds import quick, thorough
from chokepoint.choke.dismantle.work import MOST_KEPT, Work
from chokepoint.choke.kernels.csr import simple_csr


def area(*values):
    return removal_auc(np.array(values, float))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((), (0.0, 0)),
        ((1.0,), (0.0, 1)),
        ((0.0,), (0.0, 1)),
        ((0.8, 0.0), (0.4, 2)),
        ((1.0, 0.5, 0.0), ((1.0 + 4 * 0.5 + 0.0) / 3, 3)),
        ((0.9, 0.6, 0.3, 0.2, 0.05), ((0.9 + 4 * 0.6 + 2 * 0.3 + 4 * 0.2 + 0.05) / 3, 5)),
        ((0.9, 0.05, 0.9, 0.9), ((0.9 + 0.05) / 2, 2)),
        ((0.1, 0.1, 0.1), (0.2, 3)),
        ((0.1, 0.0999), (0.09995, 2)),
        ((0.5, 0.5, 0.5), (1.0, 3)),
    ],
    ids=["empty", "one", "fallen at once", "two", "three", "five", "later rise", "a tenth is not below", "just below",
         "never"],
)  # fmt: skip
def test_simpsons_rule_over_what_is_not_yet_below_a_tenth(values, wanted):
    assert area(*values) == (pytest.approx(wanted[0]), wanted[1])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.1, 1), min_size=2, max_size=15), st.floats(0, 0.0999))
def test_what_comes_after_the_fall_does_not_count(values, last):
    head = area(*values, last)
    assert head == area(*values, last, 1.0, 0.7)
    assert head[1] == len(values) + 1


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 60), st.floats(0.1, 1), st.floats(-0.01, 0))
def test_a_straight_decline_has_the_area_of_its_trapezoid(count, first, slope):
    line = first + slope * np.arange(count)
    line = line[line >= 0.1]
    if line.size > 1:
        assert removal_auc(line)[0] == pytest.approx((line[0] + line[-1]) / 2 * (line.size - 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.1, 1), min_size=3, max_size=15))
def test_a_lower_curve_of_odd_length_has_no_larger_area(values):
    values = values if len(values) % 2 else values[:-1]
    lower = [0.1 + (value - 0.1) / 2 for value in values]
    assert area(*lower)[0] <= area(*values)[0] + 1e-12


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 9)), min_size=1, max_size=10))
def test_the_area_over_cost_is_a_sum_of_trapezoids_from_the_whole_network_on(rows):
    f, price = (np.array(column, float) for column in zip(*rows, strict=True))
    total, before = Fraction(0), Fraction(1)
    for share, cost in rows:
        after = Fraction(share, 10)
        total += cost * (before + after) / 2
        before = after
    assert priced_area(f / 10, price) == pytest.approx(float(total))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 9)), min_size=1, max_size=8), st.data())
def test_a_node_bought_in_two_parts_of_its_price_spans_the_same_cost(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    f, price = (np.array(column) for column in zip(*rows, strict=True))
    halves = np.insert(price, at, price[at] / 2)
    halves[at + 1] = price[at] / 2
    before = f[at - 1] if at else 1.0
    steps = np.insert(f, at, (before + f[at]) / 2)
    assert priced_area(steps, halves) == pytest.approx(priced_area(f, price))


@pytest.mark.parametrize(
    ("nodes", "largest"),
    [(0, 0), (1, 0), (5, 0), (10, 0), (11, 1), (20, 1), (21, 2), (100, 9), (101, 10), (1000, 99)],
)
def test_the_largest_piece_that_counts_as_fallen_is_less_than_a_tenth(nodes, largest):
    assert largest_fallen(nodes) == largest
    assert nodes == 0 or largest / nodes < 0.1 or largest == 0
    assert (largest + 1) / max(nodes, 1) >= 0.1 or nodes == 0


def work_on(graph, price=None):
    n, u, v = graph
    start, near = simple_csr(n, u, v)
    cost = np.ones(n) if price is None else np.asarray(price, float)
    return Work(start=start, near=near, price=cost, priced=price is not None)


@settings(max_examples=60, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 10**6))
def test_a_judged_order_ends_where_the_network_has_fallen(graph, seed):
    n, u, v = graph
    order = np.random.default_rng(seed).permutation(n).astype(np.int32)
    found = work_on(graph).judge("trial", order)
    curve = np.array(slow_curve(n, u, v, order)) / n
    length = int(np.flatnonzero(curve < 0.1)[0]) + 1 if (curve < 0.1).any() else n
    assert found.nodes.tolist() == order[:length].tolist()
    assert found.auc == pytest.approx(removal_auc(curve)[0])
    assert found.score == found.auc


@settings(max_examples=40, deadline=None)
@given(graph=graphs(largest=20), seed=st.integers(0, 10**6))
def test_with_prices_the_area_over_cost_is_the_score(graph, seed):
    n, u, v = graph
    rng = np.random.default_rng(seed)
    order, price = rng.permutation(n).astype(np.int32), rng.integers(1, 9, n).astype(float)
    found = work_on(graph, price).judge("trial", order)
    curve = np.array(slow_curve(n, u, v, found.nodes)) / n
    assert found.score == pytest.approx(priced_area(curve, price[found.nodes]))


@settings(max_examples=25, deadline=None)
@given(graph=graphs(largest=20), seed=st.integers(0, 10**6))
def test_the_best_few_are_kept_best_first_and_each_method_by_its_best(graph, seed):
    work, rng = work_on(graph), np.random.default_rng(seed)
    judged = [work.judge(f"m{turn % 3}", rng.permutation(work.n).astype(np.int32)) for turn in range(9)]
    scores = sorted(one.score for one in judged)
    assert [one.score for one in work.best] == scores[:MOST_KEPT]
    for name in ("m0", "m1", "m2"):
        assert work.tried[name] == min(one.auc for one in judged if one.method == name)


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 10**6), share=st.floats(0, 0.5))
def test_finishing_an_order_leaves_no_piece_above_the_limit_and_keeps_its_head(graph, seed, share):
    n, u, v = graph
    work = work_on(graph)
    head = np.random.default_rng(seed).permutation(n)[: int(share * n)].astype(np.int32)
    whole = work.finished(head)
    assert whole[: head.size].tolist() == head.tolist()
    assert len(set(whole.tolist())) == whole.size
    assert largest_piece(n, u, v, whole) <= max(work.limit, 1)


@settings(max_examples=40, deadline=None)
@given(graph=graphs(largest=20), seed=st.integers(0, 10**6))
def test_growing_an_order_anew_only_reorders_it(graph, seed):
    n, _, _ = graph
    work = work_on(graph)
    nodes = np.random.default_rng(seed).permutation(n)[: max(n // 2, 1)].astype(np.int32)
    again = work.regrown(np.zeros(n, np.bool_), nodes)
    assert sorted(again.tolist()) == sorted(nodes.tolist())


@settings(max_examples=25, deadline=None)
@given(graph=graphs(largest=20))
def test_every_first_order_names_nodes_once(graph):
    work = work_on(graph)
    if not work.near.size:
        return
    work.judge("any", np.arange(work.n, dtype=np.int32))
    for method, nodes in (*quick(work), *thorough(work, Effort(left=1e7))):
        listed = nodes.tolist()
        assert len(set(listed)) == len(listed), method
        assert set(listed) <= set(range(work.n)), method


@settings(max_examples=20, deadline=None)
@given(graph=graphs(largest=25), seed=st.integers(0, 10**6))
def test_parallels_loops_and_the_order_of_edges_change_nothing(graph, seed):
    n, u, v = graph
    rng = np.random.default_rng(seed)
    order = rng.permutation(u.size)
    more = np.concatenate([order, order[: u.size // 2]])
    flip = rng.random(more.size) < 0.5
    tails, heads = np.where(flip, u[more], v[more]), np.where(flip, v[more], u[more])
    loops = rng.integers(0, n, 3)
    plain = dismantle(n, u, v)
    other = dismantle(n, np.concatenate([tails, loops]), np.concatenate([heads, loops]))
    assert other.order.tolist() == plain.order.tolist()
    assert (other.auc, other.edges, other.tried) == (plain.auc, plain.edges, plain.tried)


@settings(max_examples=20, deadline=None)
@given(graph=graphs(largest=25))
def test_no_first_order_beats_the_answer(graph):
    n, u, v = graph
    work = work_on(graph)
    if not work.near.size:
        return
    result = dismantle(n, u, v)
    for method, nodes in quick(work):
        assert result.auc <= work.judge(method, work.finished(nodes)).auc + 1e-12
