"""Rows from edges: every edge twice, in the order of the edges, whichever way the rows are filled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.choke.kernels import csr as module
from chokepoint.choke.kernels.csr import SHORT_ROW, _fill, csr, fill_by_stretch, simple_csr


@st.composite
def edge_lists(draw):
    n = draw(st.integers(1, 40))
    ends = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(ends, ends), max_size=80))
    u, v = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    return n, u, v


def by_hand(n, u, v):
    rows = [[] for _ in range(n)]
    for a, b in zip(u.tolist(), v.tolist(), strict=True):
        rows[a].append(b)
        rows[b].append(a)
    return rows


def rows_of(start, near):
    return [near[start[x] : start[x + 1]].tolist() for x in range(start.size - 1)]


@given(edge_lists(), st.integers(0, 6))
def test_filling_by_stretch_gives_the_rows_of_filling_edge_by_edge(edges, bits):
    n, u, v = edges
    start, near = np.zeros(n + 1, np.int32), np.empty(2 * u.size, np.int32)
    fill_by_stretch(u, v, start, near, bits)
    other, beside = np.zeros(n + 1, np.int32), np.empty(2 * u.size, np.int32)
    _fill(u, v, other, beside)
    assert rows_of(start, near) == rows_of(other, beside) == by_hand(n, u, v)


@pytest.mark.parametrize("bits", [3, 16])
@pytest.mark.parametrize("n", [7, 8, 9, 16, 17])
def test_the_last_stretch_may_be_full_or_hold_one_node(n, bits):
    u = np.arange(n - 1, dtype=np.int32)
    start, near = np.zeros(n + 1, np.int32), np.empty(2 * u.size, np.int32)
    fill_by_stretch(u, u + 1, start, near, bits)
    assert rows_of(start, near) == by_hand(n, u, u + 1)


def test_nodes_of_the_highest_number_a_stretch_holds_keep_their_rows():
    u, v = np.array([2**16 - 1, 2**16, 0], np.int32), np.array([2**16, 2**17, 2**17], np.int32)
    start, near = np.zeros(2**17 + 2, np.int32), np.empty(6, np.int32)
    fill_by_stretch(u, v, start, near, 16)
    rows = {x: near[start[x] : start[x + 1]].tolist() for x in (0, 2**16 - 1, 2**16, 2**17)}
    assert rows == {0: [2**17], 2**16 - 1: [2**16], 2**16: [2**16 - 1, 2**17], 2**17: [2**16, 0]}


def test_a_million_nodes_are_filled_by_stretch_and_smaller_ones_edge_by_edge(monkeypatch):
    ways = []
    by_stretch, by_edge = module.fill_by_stretch, module._fill
    monkeypatch.setattr(
        module, "fill_by_stretch", lambda *given: ways.append("stretch") or by_stretch(*given)
    )
    monkeypatch.setattr(module, "_fill", lambda *given: ways.append("edge") or by_edge(*given))
    one = np.array([0, 5], np.int32)
    found = [csr(n, one, one + 1)[1].tolist() for n in (module.SCATTERED - 1, module.SCATTERED)]
    assert ways == ["edge", "stretch"]
    assert found[0] == found[1] == [1, 0, 6, 5]


@given(edge_lists())
def test_simple_rows_are_the_sets_of_other_nodes_that_edges_name_in_ascending_order(edges):
    n, u, v = edges
    expected = [sorted(set(row) - {x}) for x, row in enumerate(by_hand(n, u, v))]
    assert rows_of(*simple_csr(n, u, v)) == expected


@pytest.mark.parametrize("leaves", [SHORT_ROW - 1, SHORT_ROW, SHORT_ROW + 1, 5 * SHORT_ROW])
def test_rows_longer_than_insertion_sorts_are_sorted_and_merged_too(leaves):
    rng = np.random.default_rng(leaves)
    heads = np.repeat(rng.permutation(np.arange(1, leaves + 1)), 2).astype(np.int32)
    start, near = simple_csr(leaves + 1, np.zeros(heads.size, np.int32), heads)
    assert near[: start[1]].tolist() == list(range(1, leaves + 1))
    assert near.size == 2 * leaves
