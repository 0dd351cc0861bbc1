"""What passes through each statement of a chain: shares of what enters, split evenly, never more than all."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.choke.passing import STEPS, passing


def chain(edges, entries, needs=()):
    """A script of (tail, head) edges, one statement each, then (tail, head) needs."""

    def pairs(found, start):
        table = np.array(list(found), np.int32).reshape(-1, 2)
        rows = np.arange(start, start + len(table), dtype=np.int32)
        return SimpleNamespace(tail=table[:, 0], head=table[:, 1], row=rows)

    flow = pairs(edges, 0)
    return SimpleNamespace(
        flow=flow, needs=pairs(needs, len(flow.row)), entries=np.array(sorted(entries), np.int32)
    )


@pytest.mark.parametrize(
    ("edges", "entries", "shares"),
    [
        pytest.param([(0, 1), (1, 2)], {0}, [1, 1], id="all of it along a line"),
        pytest.param([(0, 1), (0, 2), (1, 3), (2, 3)], {0}, [0.5] * 4, id="half on each of two ways"),
        pytest.param([(0, 2), (1, 2), (2, 3)], {0, 1}, [0.5, 0.5, 1], id="all through where two ways meet"),
        pytest.param([(0, 2), (1, 3)], {0, 1}, [0.5, 0.5], id="half in each of two chains"),
        pytest.param([(0, 1), (0, 1), (1, 2)], {0}, [0.5, 0.5, 1], id="two statements of one step share it"),
        pytest.param([(0, 1)], set(), [0], id="nothing where nobody enters"),
    ],
)
def test_shares_are_those_worked_out_by_hand(edges, entries, shares):
    assert passing(chain(edges, entries), len(edges)).tolist() == pytest.approx(shares)


def test_what_is_needed_has_the_share_of_those_who_need_it_divided_among_those_who_give_it():
    found = passing(chain([(0, 1), (1, 2)], {0}, needs=[(1, 5), (1, 6), (0, 7)]), 5)
    assert found.tolist() == pytest.approx([1, 1, 0.5, 0.5, 1])


def test_statements_outside_the_chain_carry_nothing():
    assert passing(chain([(0, 1)], {0}), 4).tolist() == [1, 0, 0, 0]
    assert passing(chain([], {0}), 3).tolist() == [0, 0, 0]


def test_what_goes_round_in_circles_is_let_go():
    found = passing(chain([(0, 1), (1, 0)], {0}), 2)
    assert found.tolist() == [1, 1]
    assert STEPS < 100


graphs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=14).map(
    lambda edges: [(tail, head + 7 * (tail // 7)) for tail, head in edges if tail < head] or [(0, 1)]
)


@given(graphs, st.sets(st.integers(0, 6), min_size=1))
def test_shares_are_chances_of_a_walk_taken_step_by_step(edges, entries):
    found = passing(chain(edges, entries), len(edges))
    for row, edge in enumerate(edges):
        assert found[row] == pytest.approx(sum(walks(edges, entry, row) for entry in entries) / len(entries))
        assert 0 <= found[row] <= 1, edge


def walks(edges, node, row):
    """Chance that a walk from a node, which takes any way on with equal chance, goes along an edge."""
    ways = [at for at, (tail, _) in enumerate(edges) if tail == node]
    return sum((at == row) + walks(edges, edges[at][1], row) for at in ways) / len(ways) if ways else 0.0
