"""Flows that are kept from capacities to capacities: never too much, all there is, and a cut that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from chokepoint.choke.chain import CASH_OUT, VICTIM
from chokepoint.choke.kernels import flow, rows

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats, Ints

WIDE = 10**6
seeds_of = st.integers(0, 10**6)


class Drawn:
    """A random graph with roles, cycles, parallels and self-loops, and what can be asked of it."""

    def __init__(self, seed: int, least: int = 2, most: int = 30) -> None:
        self.rng = np.random.default_rng(seed)
        self.n = int(self.rng.integers(least, most))
        many = int(self.rng.integers(0, 4 * self.n))
        self.src, self.dst = (self.rng.integers(0, self.n, many).astype(np.int32) for _ in range(2))
        self.role = self.rng.choice([0, 0, 0, VICTIM, CASH_OUT], self.n).astype(np.int8)

    def graph(self, kept: Flags | None = None) -> Any:
        alive = np.ones(self.src.size, np.bool_) if kept is None else kept
        return flow.world_graph(self.role, self.src, self.dst, alive)

    def capacity(self) -> Floats:
        return self.rng.integers(0, 20, self.n).astype(np.float64)

    def most(self, capacity: Floats) -> int:
        """The maximum flow by another program."""
        n, table = self.n, np.zeros((2 * self.n + 2, 2 * self.n + 2), np.int32)
        table[n + self.src, self.dst] = WIDE
        table[np.arange(n), n + np.arange(n)] = capacity
        table[2 * n, np.flatnonzero(self.role == VICTIM)] = WIDE
        table[n + np.flatnonzero(self.role == CASH_OUT), 2 * n + 1] = WIDE
        return int(maximum_flow(csr_array(table), 2 * n, 2 * n + 1).flow_value)


def width(capacity: Floats, label: Ints) -> float:
    n = capacity.size
    return float(capacity[(label[:n] == 2 * n) & (label[n:] < 2 * n)].sum())


@settings(max_examples=150, deadline=None)
@given(seeds_of)
def test_whatever_the_capacities_were_before_the_flow_is_that_of_a_new_start(seed: int) -> None:
    drawn = Drawn(seed)
    graph, work = drawn.graph(), flow.room_for(drawn.n)
    state = flow.no_flow(graph)
    for _ in range(5):
        capacity = drawn.capacity()
        value = flow.fill(graph, state, capacity, work, 0.0)
        assert value == drawn.most(capacity)
        assert value == flow.fill(graph, flow.no_flow(graph), capacity, flow.room_for(drawn.n), 0.0)


@settings(max_examples=100, deadline=None)
@given(seeds_of)
def test_the_labels_tell_a_cut_that_is_as_wide_as_the_flow(seed: int) -> None:
    drawn = Drawn(seed)
    graph, work = drawn.graph(), flow.room_for(drawn.n)
    state = flow.no_flow(graph)
    for _ in range(3):
        capacity = drawn.capacity()
        value = flow.fill(graph, state, capacity, work, 0.0)
        assert width(capacity, work[0]) == value == drawn.most(capacity)


@settings(max_examples=100, deadline=None)
@given(seeds_of, st.sampled_from([0.5, 3.0, 50.0]))
def test_what_is_left_unfound_is_never_more_than_was_allowed_and_never_invented(
    seed: int, slack: float
) -> None:
    drawn = Drawn(seed)
    graph, work = drawn.graph(), flow.room_for(drawn.n)
    state = flow.no_flow(graph)
    for _ in range(4):
        capacity = drawn.capacity()
        most = drawn.most(capacity)
        assert most - slack <= flow.fill(graph, state, capacity, work, slack) <= most


@settings(max_examples=60, deadline=None)
@given(seeds_of)
def test_brought_home_the_flow_keeps_to_capacities_and_loses_nothing_on_its_way(seed: int) -> None:
    drawn = Drawn(seed)
    graph, capacity = drawn.graph(), drawn.capacity()
    state, work = flow.no_flow(graph), flow.room_for(drawn.n)
    value = flow.fill(graph, state, capacity, work, 0.0)
    flow.settle(graph, state, capacity, work, 0.0, flow.HOME)
    inner, along, excess = state
    _, out_start, head, _, _, _ = graph
    tail = np.repeat(np.arange(drawn.n), np.diff(out_start))
    leaving = np.bincount(tail, weights=along, minlength=drawn.n)
    coming = np.bincount(head, weights=along, minlength=drawn.n)
    assert np.all((inner >= 0) & (inner <= capacity))
    assert np.all(along >= 0)
    assert np.allclose(excess, 0)
    assert np.allclose(coming[drawn.role != VICTIM], inner[drawn.role != VICTIM])
    assert np.allclose(leaving[drawn.role != CASH_OUT], inner[drawn.role != CASH_OUT])
    assert inner[drawn.role == CASH_OUT].sum() == pytest.approx(value)


@settings(max_examples=60, deadline=None)
@given(seeds_of)
def test_a_world_holds_the_edges_that_are_real_and_can_carry_by_both_their_ends(seed: int) -> None:
    drawn = Drawn(seed)
    real = drawn.rng.random(drawn.src.size) < 0.6
    _, out_start, head, in_start, edge, tail = drawn.graph(real)
    carries = real & (drawn.role[drawn.dst] != VICTIM) & (drawn.role[drawn.src] != CASH_OUT)
    expected = sorted(zip(drawn.src[carries].tolist(), drawn.dst[carries].tolist(), strict=True))
    begins = np.repeat(np.arange(drawn.n), np.diff(out_start))
    ends = np.repeat(np.arange(drawn.n), np.diff(in_start))
    assert sorted(zip(begins.tolist(), head.tolist(), strict=True)) == expected
    assert np.array_equal(begins[edge], tail)
    assert np.array_equal(head[edge], ends)


@settings(max_examples=40, deadline=None)
@given(seeds_of)
def test_rows_of_several_worlds_are_those_of_each_world_alone(seed: int) -> None:
    drawn = Drawn(seed)
    real = drawn.rng.random((2, drawn.src.size)) < 0.7
    world = np.array([0, 0, 1, 1], np.int32)
    table = np.array([drawn.capacity() for _ in world])
    whole = rows.flows(drawn.role, drawn.src, drawn.dst, table, real, world)
    for row, at in enumerate(world):
        alone = np.zeros(1, np.int32)
        one = rows.flows(drawn.role, drawn.src, drawn.dst, table[row : row + 1], real[at : at + 1], alone)
        assert one[0] == whole[row]


def test_no_nodes_carry_nothing() -> None:
    none, no_edge = np.zeros(0, np.int8), np.zeros(0, np.int32)
    found = rows.flows(
        none, no_edge, no_edge, np.zeros((2, 0)), np.zeros((1, 0), np.bool_), np.zeros(2, np.int32)
    )
    assert found.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("capacity", "value"),
    [
        pytest.param([0.0, 1.0, 1.0], 0.0, id="no victim pays"),
        pytest.param([5.0, 0.0, 9.0], 0.0, id="closed between"),
        pytest.param([5.0, 3.0, 0.0], 0.0, id="no way out"),
        pytest.param([1e-300, 1e300, 1.0], 1e-300, id="as little as can be"),
        pytest.param([1e18, 1e-3, 1e18], 1e-3, id="narrow between wide"),
        pytest.param([0.1, 0.2, 0.3], 0.1, id="no whole number"),
    ],
)
def test_a_chain_of_three_carries_what_its_narrowest_does(capacity: list[float], value: float) -> None:
    role = np.array([VICTIM, 0, CASH_OUT], np.int8)
    ends = np.array([0, 1], np.int32), np.array([1, 2], np.int32)
    one = np.zeros(1, np.int32)
    found = rows.flows(role, *ends, np.array([capacity]), np.ones((1, 2), np.bool_), one)
    assert found[0] == value
