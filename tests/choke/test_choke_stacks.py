"""Removal by degree in the exact order of its stacks, against lists that do the same slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.kernels import decimate
from chokepoint.choke.kernels.csr import simple_csr


def peeled(near, here, node):
    """Take out a node with one neighbour left, then that neighbour if it has one, and so on."""
    while node in here and len(near[node] & here) == 1:
        (other,) = near[node] & here
        here.discard(node)
        node = other


class Left:
    """What is left of a graph; keys of nodes that are out are those of no neighbours."""

    def __init__(self, n, pairs, scale):
        self.near = [{b for a, b in pairs if a == x} | {a for a, b in pairs if b == x} for x in range(n)]
        self.here = {x for x in range(n) if self.near[x]}
        self.scale = scale

    def degree(self, node):
        return len(self.near[node] & self.here) if node in self.here else 0

    def key(self, node):
        return int(self.degree(node) * self.scale[node])


def slow(n, pairs, scale, *, core):
    """The nodes in order: each waits on the stack of the key it had when it was last looked at."""
    left, order = Left(n, pairs, scale), []
    for node in range(n if core else 0):
        peeled(left.near, left.here, node)
    stacks = [[] for _ in range(max(map(left.key, range(n))) + 1)]
    for node in range(n - 1, -1, -1):
        if left.degree(node) > core:
            stacks[left.key(node)].append(node)
    while stacks:
        if not stacks[-1]:
            stacks.pop()
            continue
        node = stacks[-1].pop()
        if left.degree(node) > core and left.key(node) < len(stacks) - 1:
            stacks[left.key(node)].append(node)
        elif left.degree(node) > core:
            left.here.discard(node)
            order.append(node)
            for other in sorted(left.near[node]) if core else []:
                peeled(left.near, left.here, other)
    return order


@st.composite
def graphs(draw, most=24):
    n = draw(st.integers(2, most))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node).filter(lambda pair: pair[0] != pair[1]), max_size=3 * n))
    return n, pairs


def ordered(n, pairs, scale, *, core):
    u, v = np.array(pairs or [(0, 0)], np.int32).T
    start, near = simple_csr(n, u.copy(), v.copy())
    return decimate.by_degree(start, near, np.array(scale, np.float64), core_only=core).tolist()


@pytest.mark.parametrize("chunk", [1, 2, 3, 256])
@settings(max_examples=40, deadline=None)
@given(graph=graphs(), core=st.booleans(), data=st.data())
def test_nodes_go_as_from_stacks_whatever_a_chunk_holds(chunk, graph, core, data):
    n, pairs = graph
    scale = data.draw(st.lists(st.sampled_from([1.0]) | st.floats(0.05, 40), min_size=n, max_size=n))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decimate, "CHUNK", chunk)
        assert ordered(n, pairs, scale, core=core) == slow(n, pairs, scale, core=core)


@pytest.mark.parametrize("core", [False, True])
def test_more_nodes_than_a_chunk_holds_go_in_the_same_order(core, monkeypatch):
    """A ring of many equal nodes fills chunk after chunk of one stack."""
    monkeypatch.setattr(decimate, "CHUNK", 256)
    n = 3 * decimate.CHUNK + 5
    rng = np.random.default_rng(3)
    pairs = [(x, (x + 1) % n) for x in range(n)] + rng.integers(0, n, (n, 2)).tolist()
    pairs = [(a, b) for a, b in pairs if a != b]
    assert ordered(n, pairs, np.ones(n), core=core) == slow(n, pairs, np.ones(n), core=core)


@pytest.mark.parametrize("most", [2.0**12, 1e-9], ids=["keys far beyond the nodes", "one key for all"])
def test_as_many_keys_as_prices_may_make_need_no_more_room_than_there_is(most):
    pairs = [(a, b) for a in range(12) for b in range(a)]
    scale = np.linspace(most / 12, most, 12) / 11
    order = ordered(12, pairs, scale, core=False)
    assert order == slow(12, pairs, scale, core=False)
    assert len(order) == 11


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), core=st.booleans(), price=st.integers(1, 50))
def test_one_price_for_all_changes_no_order_whatever_it_is(graph, core, price):
    n, pairs = graph
    assert ordered(n, pairs, np.full(n, float(price)), core=core) == ordered(n, pairs, np.ones(n), core=core)


@pytest.mark.parametrize("dear", range(4))
def test_a_price_of_one_node_alone_is_heeded(dear):
    pairs = [(a, b) for a in range(4) for b in range(a)]
    scale = np.ones(4)
    scale[dear] = 0.25
    assert dear not in ordered(4, pairs, scale, core=False)[:2]
