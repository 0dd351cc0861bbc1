"""Flows: never too much, all there is, and a cut that says so; and the graph that they are sought on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from chokepoint.choke.chain import CASH_OUT, VICTIM
from chokepoint.choke.kernels import flow, residual, rows

if TYPE_CHECKING:
    from chokepoint.choke.chain import Flags, Floats

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
        return residual.world_graph(self.role, self.src, self.dst, alive)

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


@settings(max_examples=150, deadline=None)
@given(seeds_of)
def test_whatever_the_capacities_were_before_the_flow_is_that_of_another_program(seed: int) -> None:
    drawn = Drawn(seed)
    graph = drawn.graph()
    state, work = flow.room_for(graph)
    for _ in range(5):
        capacity = drawn.capacity()
        most = drawn.most(capacity)
        assert flow.fill(graph, state, capacity, work, 0.0) == (most, most)


@settings(max_examples=100, deadline=None)
@given(seeds_of)
def test_the_cut_parts_victims_from_cash_outs_and_is_as_wide_as_the_flow(seed: int) -> None:
    drawn = Drawn(seed)
    graph = drawn.graph()
    state, work = flow.room_for(graph)
    for _ in range(3):
        capacity, cut = drawn.capacity(), np.zeros(drawn.n, np.bool_)
        value, _ = flow.fill(graph, state, capacity, work, 0.0)
        flow.cut_into(graph, work, cut)
        assert capacity[cut].sum() == value == drawn.most(capacity)
        assert drawn.most(np.where(cut, 0.0, capacity)) == 0


@settings(max_examples=100, deadline=None)
@given(seeds_of, st.sampled_from([0.5, 3.0, 50.0]))
def test_with_slack_the_flow_lies_between_what_was_found_and_the_width_of_the_cut(
    seed: int, slack: float
) -> None:
    drawn = Drawn(seed)
    graph = drawn.graph()
    state, work = flow.room_for(graph)
    for _ in range(4):
        capacity, cut = drawn.capacity(), np.zeros(drawn.n, np.bool_)
        least, most = flow.fill(graph, state, capacity, work, slack)
        flow.cut_into(graph, work, cut)
        assert least <= drawn.most(capacity) <= most == capacity[cut].sum()
        assert most - least <= slack


@settings(max_examples=60, deadline=None)
@given(seeds_of)
def test_brought_home_no_node_carries_more_than_it_can_or_than_reaches_and_leaves_it(seed: int) -> None:
    drawn = Drawn(seed)
    graph, capacity, carried = drawn.graph(), drawn.capacity(), np.zeros(drawn.n)
    state, work = flow.room_for(graph)
    value, _ = flow.fill(graph, state, capacity, work, 0.0)
    flow.settle(graph, state, work, 0.0, flow.HOME)
    flow.carried_into(graph, state, carried)
    assert np.all((carried >= 0) & (carried <= capacity))
    assert carried[drawn.role == VICTIM].sum() == carried[drawn.role == CASH_OUT].sum() == value
    assert drawn.most(carried) == value
    assert np.all(state[1][2:] == 0)


@settings(max_examples=100, deadline=None)
@given(seeds_of, st.sampled_from([0.0, 5.0]), st.integers(1, 3))
def test_what_got_stuck_is_taken_back_and_what_arrived_fits_through_what_is_left(
    seed: int, slack: float, passes: int
) -> None:
    drawn = Drawn(seed)
    graph, capacity, before, after = drawn.graph(), drawn.capacity(), np.zeros(drawn.n), np.zeros(drawn.n)
    state, work = flow.room_for(graph)
    value, _ = flow.fill(graph, state, capacity, work, slack)
    flow.carried_into(graph, state, before)
    stuck = state[1][2:].sum()
    flow.withdraw(graph, state, passes)
    flow.carried_into(graph, state, after)
    assert np.all((after >= 0) & (after <= capacity))
    assert drawn.most(after) >= value
    assert state[1][2:].sum() <= stuck
    assert np.all(state[1][2:] >= 0)
    assert after[drawn.role == VICTIM].sum() <= before[drawn.role == VICTIM].sum()


def test_along_a_path_all_that_got_stuck_goes_back_to_the_victims() -> None:
    role = np.array([VICTIM, 0, 0, CASH_OUT], np.int8)
    src, dst = np.array([0, 1, 2], np.int32), np.array([1, 2, 3], np.int32)
    graph = residual.world_graph(role, src, dst, np.ones(3, np.bool_))
    state, work = flow.room_for(graph)
    carried = np.zeros(4)
    assert flow.fill(graph, state, np.array([9.0, 7.0, 2.0, 9.0]), work, 0.0) == (2, 2)
    flow.withdraw(graph, state, 1)
    flow.carried_into(graph, state, carried)
    assert carried.tolist() == [2, 2, 2, 2]


def residual_of(drawn: Drawn, capacity: Floats) -> Any:
    """The graph of the kernel as a matrix of capacities, by vertex."""
    start, head, _, kind, _, _, slot = drawn.graph()
    many = start.size - 1
    tail = np.repeat(np.arange(many), np.diff(start))
    wide = np.where(kind == residual.ONWARD, WIDE, 0)
    wide[slot[slot != residual.NOWHERE]] = capacity[slot != residual.NOWHERE]
    return csr_array((wide, (tail, head)), shape=(many, many)).astype(np.int32)


@settings(max_examples=100, deadline=None)
@given(seeds_of)
def test_what_was_made_one_or_left_out_changes_no_flow(seed: int) -> None:
    drawn = Drawn(seed)
    capacity = drawn.capacity()
    table = residual_of(drawn, capacity)
    assert maximum_flow(table, residual.SOURCE, residual.SINK).flow_value == drawn.most(capacity)


@settings(max_examples=60, deadline=None)
@given(seeds_of)
def test_every_arc_knows_the_one_that_leads_back(seed: int) -> None:
    drawn = Drawn(seed)
    start, head, back, kind, inside, outside, slot = drawn.graph()
    tail = np.repeat(np.arange(start.size - 1), np.diff(start))
    assert np.array_equal(back[back], np.arange(back.size))
    assert np.array_equal(head[back], tail)
    assert np.array_equal(kind[back], np.array([0, 2, 1])[kind])
    there = slot != residual.NOWHERE
    assert np.array_equal(tail[slot[there]], inside[there])
    assert np.array_equal(head[slot[there]], outside[there])
    assert np.all(kind[slot[there]] == residual.NODE)


def test_a_chain_without_a_fork_has_no_edges_left() -> None:
    role = np.array([VICTIM, 0, 0, CASH_OUT, 0], np.int8)
    src, dst = np.array([0, 1, 2, 4], np.int32), np.array([1, 2, 3, 2], np.int32)
    start, _, _, kind, inside, outside, slot = residual.world_graph(role, src, dst, np.ones(4, np.bool_))
    assert start.size - 1 == 5
    assert np.all(kind == residual.NODE)
    assert inside[1] == outside[0]
    assert inside[2] == outside[1]
    assert slot[4] == residual.NOWHERE


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
