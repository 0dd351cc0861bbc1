"""Sampled worlds: draws that belong to a thing by its name, and to nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from choke_chains import action, chain_trees, network, straight, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.network import read_network
from chokepoint.choke.worlds import CHOOSING, SCORING, sample_worlds


def doubtful(*names, belief=0.5, success=0.5, **said):
    """A star of ways through the named nodes, every edge and action in doubt."""
    inner = [thing(name, 5, action(success=success), action("freeze", success=success)) for name in names]
    ways = " ".join(f"v>{name}>c" for name in names)
    tree = network([thing("v", 99), *inner, thing("c", 99)], ways, worlds=64, **said)
    for edge in tree["edges"]:
        edge["belief"] = belief
    return read_network(tree)


def by_name(read, worlds):
    """The draws of each edge by its ends and of each action by node and mode."""
    edges = {
        (read.ids[a], read.ids[b]): worlds.alive[:, at].tolist()
        for at, (a, b) in enumerate(zip(read.src, read.dst, strict=True))
    }
    actions = {
        (read.ids[node], name): worlds.success[:, at].tolist()
        for at, (node, name) in enumerate(zip(read.modes.node, read.modes.name, strict=True))
    }
    return edges, actions


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(["a", "b", "d", "e"]))
def test_the_order_of_the_document_moves_no_draw(order):
    plain, other = doubtful("a", "b", "d", "e"), doubtful(*order)
    assert by_name(plain, sample_worlds(plain, 16, CHOOSING)) == by_name(
        other, sample_worlds(other, 16, CHOOSING)
    )


def test_a_further_node_moves_no_draw_of_the_others():
    few, many = doubtful("a", "b"), doubtful("a", "b", "zz")
    edges, actions = by_name(few, sample_worlds(few, 16, CHOOSING))
    more_edges, more_actions = by_name(many, sample_worlds(many, 16, CHOOSING))
    assert edges.items() <= more_edges.items()
    assert actions.items() <= more_actions.items()


def test_what_is_likelier_is_real_wherever_the_less_likely_is():
    draws = [sample_worlds(doubtful("a", "b", belief=b), 64, CHOOSING).alive for b in (0.2, 0.5, 0.9)]
    assert not (draws[0] & ~draws[1]).any()
    assert not (draws[1] & ~draws[2]).any()
    assert draws[0].sum() < draws[2].sum()


def test_an_action_that_is_likelier_to_work_works_wherever_the_other_does():
    draws = [sample_worlds(doubtful("a", "b", success=s), 64, CHOOSING).success for s in (0.2, 0.8)]
    assert not (draws[0] & ~draws[1]).any()


@pytest.mark.parametrize("change", [{"seed": 2}, {"seed": 0}])
def test_another_seed_draws_anew(change):
    read = doubtful("a", "b")
    other = replace(read, **change)
    one, two = sample_worlds(read, 32, CHOOSING), sample_worlds(other, 32, CHOOSING)
    assert not np.array_equal(one.alive, two.alive)
    assert not np.array_equal(one.success, two.success)


def test_the_same_question_draws_the_same():
    read = doubtful("a", "b")
    one, two = (sample_worlds(read, 32, SCORING) for _ in range(2))
    assert np.array_equal(one.alive, two.alive)
    assert np.array_equal(one.success, two.success)


@settings(max_examples=30, deadline=None)
@given(few=st.integers(1, 20), more=st.integers(1, 20))
def test_more_worlds_begin_with_the_fewer(few, more):
    read = doubtful("a", "b")
    one, two = sample_worlds(read, few, CHOOSING), sample_worlds(read, few + more, CHOOSING)
    assert np.array_equal(two.alive[:few], one.alive)
    assert np.array_equal(two.success[:few], one.success)
    assert (one.count, two.count) == (few, few + more)


def test_choosing_and_scoring_are_no_more_alike_than_chance():
    read = doubtful("a", "b", "d", "e")
    one, two = sample_worlds(read, 1000, CHOOSING), sample_worlds(read, 1000, SCORING)
    assert (one.alive == two.alive).mean() == pytest.approx(0.5, abs=0.03)
    assert (one.success == two.success).mean() == pytest.approx(0.5, abs=0.03)


def test_the_two_ways_along_one_edge_are_drawn_apart():
    tree = network([thing("v", 9), thing("a", 5), thing("b", 5), thing("c", 9)], "v>a>b>c b>a")
    for edge in tree["edges"]:
        edge["belief"] = 0.5
    read = read_network(tree)
    edges, _ = by_name(read, sample_worlds(read, 400, CHOOSING))
    there, back = np.array(edges["a", "b"]), np.array(edges["b", "a"])
    assert (there == back).mean() == pytest.approx(0.5, abs=0.1)


def test_two_actions_on_a_node_are_drawn_apart():
    read = doubtful("a")
    _, actions = by_name(read, sample_worlds(read, 400, CHOOSING))
    one, two = np.array(actions["a", "takedown"]), np.array(actions["a", "freeze"])
    assert (one == two).mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(("chance", "drawn"), [(0.0, False), (1.0, True)])
def test_what_is_certain_is_so_in_every_world(chance, drawn):
    read = doubtful("a", "b", success=chance)
    assert (sample_worlds(read, 50, CHOOSING).success == drawn).all()


@pytest.mark.parametrize(("success", "worlds"), [(0, 1), (1, 1), (0.5, 7)])
def test_only_doubt_needs_more_than_one_world(success, worlds):
    read = doubtful("a", belief=1.0, success=success)
    assert sample_worlds(read, 7, CHOOSING).count == worlds


@pytest.mark.parametrize("name", ["\ud800", "ไทย", "a\0b", "💰"], ids=["surrogate", "Thai", "NUL", "emoji"])
def test_any_name_has_draws(name):
    read = doubtful(name)
    assert sample_worlds(read, 8, CHOOSING).alive.shape == (8, 2)


def test_a_network_without_edges_or_modes_has_empty_draws():
    tree = network([thing("v", 9), thing("c", 9)], "", worlds=3)
    worlds = sample_worlds(read_network(tree), 3, CHOOSING)
    assert (worlds.alive.shape, worlds.success.shape) == ((1, 0), (1, 0))


@settings(max_examples=30, deadline=None)
@given(tree=chain_trees(), count=st.integers(1, 6))
def test_draws_have_a_row_a_world_and_a_column_a_thing(tree, count):
    read = read_network(tree)
    worlds = sample_worlds(read, count, CHOOSING)
    assert worlds.count in {1, count}
    assert worlds.alive.shape == (worlds.count, read.src.size)
    assert worlds.success.shape == (worlds.count, read.modes.node.size)
    assert worlds.alive.dtype == worlds.success.dtype == np.bool_


def test_the_share_of_real_edges_is_the_belief_for_each_edge():
    tree = straight(*[5] * 12, worlds=1)
    beliefs = [at / 12 for at in range(1, 12)]
    for edge, belief in zip(tree["edges"], beliefs, strict=True):
        edge["belief"] = belief
    read = read_network(tree)
    shares = sample_worlds(read, 3000, CHOOSING).alive.mean(axis=0)
    assert shares == pytest.approx(beliefs, abs=0.04)
