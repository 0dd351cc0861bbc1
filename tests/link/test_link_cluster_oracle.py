"""Identity against an oracle that tries every way to join, and the ways in which a judgement is withdrawn."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cluster import groups, judgements, tables

from chokepoint.link.cluster import clusters

SAME, DIFFERENT, UNSURE = 1, -1, 0


def standing(rows):
    """(accepted pairs with belief, pairs called different), by the newest word of each organisation."""
    newest = {}
    for number, (a, b, word, who, belief) in enumerate(rows):
        newest[frozenset((a, b)), who] = (word, belief, number)
    said, apart = {}, set()
    for (pair, _), (word, belief, _) in newest.items():
        if len(pair) == 2 and word == DIFFERENT:
            apart.add(pair)
        if len(pair) == 2 and word == SAME and belief >= 0.5:
            said[pair] = max(belief, said.get(pair, 0.0))
    return said, apart


def slow_groups(rows):
    """Joined strongest first, each union refused that would hold a pair called different."""
    said, apart = standing(rows)
    parts = {frozenset((one,)) for pair in said for one in pair}
    for pair in sorted(said, key=lambda p: (-np.float32(said[p]), sorted(p))):
        mine = [part for part in parts if part & pair]
        whole = frozenset().union(*mine)
        if len(mine) == 2 and not any(foe <= whole for foe in apart):
            parts = parts - set(mine) | {whole}
    return sorted(sorted(part) for part in parts if len(part) > 1)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_clusters_are_those_of_the_slow_and_obvious_way(rows):
    assert groups(rows) == slow_groups(rows)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_bonds_and_blocked_pairs_are_all_that_is_said_and_nothing_else(rows):
    said, _ = standing(rows)
    found = clusters(judgements(rows))
    told = {frozenset((bond.left, bond.right)) for bond in (*found.bonds, *found.blocked)}
    assert told == set(said)
    assert len(told) == len(found.bonds) + len(found.blocked)
    for bond in (*found.bonds, *found.blocked):
        assert bond.left < bond.right
        assert bond.belief == pytest.approx(said[frozenset((bond.left, bond.right))])


@settings(max_examples=150, deadline=None)
@given(tables)
def test_the_row_of_a_bond_says_same_of_that_pair_with_that_belief(rows):
    for bond in clusters(judgements(rows)).bonds:
        left, right, word, _, belief = rows[bond.row]
        assert {left, right} == {bond.left, bond.right}
        assert word == SAME
        assert belief == pytest.approx(bond.belief)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_bonds_come_strongest_first(rows):
    found = clusters(judgements(rows))
    for bonds in (found.bonds, found.blocked):
        keys = [(-bond.belief, bond.left, bond.right) for bond in bonds]
        assert keys == sorted(keys)


@settings(max_examples=150, deadline=None)
@given(tables, st.integers(1, 1000))
def test_larger_numbers_for_everybody_only_rename(rows, shift):
    moved = [(a + shift, b + shift, *rest) for a, b, *rest in rows]
    assert groups(moved) == [[one + shift for one in part] for part in groups(rows)]


@settings(max_examples=150, deadline=None)
@given(tables)
def test_which_side_is_left_does_not_matter(rows):
    assert groups([(b, a, *rest) for a, b, *rest in rows]) == groups(rows)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_saying_it_all_again_changes_nothing(rows):
    assert groups(rows + rows) == groups(rows)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_one_more_different_joins_nothing_new(rows):
    before = {pair for part in groups(rows) for pair in combinations(part, 2)}
    for pair in sorted(before)[:3]:
        after = groups([*rows, (*pair, DIFFERENT, 99, 0.9)])
        assert not any(set(pair) <= set(part) for part in after)


@settings(max_examples=100, deadline=None)
@given(tables)
def test_unsure_from_everybody_undoes_everything(rows):
    undone = [(a, b, UNSURE, who, 0.9) for a, b, _, who, _ in rows]
    assert groups(rows + undone) == []


@settings(max_examples=100, deadline=None)
@given(tables, st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_everybody_has_the_head_of_their_cluster(rows, asked):
    found = clusters(judgements(rows))
    heads = found.of(np.array(asked, np.int64)).tolist()
    parts = {one: part for part in groups(rows) for one in part}
    assert heads == [min(parts.get(one, [one])) for one in asked]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([(1, 2, SAME, 1, 0.5)], [[1, 2]]),
        ([(1, 2, SAME, 1, 0.499)], []),
        ([(1, 1, SAME, 1, 0.9)], []),
        ([(1, 1, DIFFERENT, 1, 0.9), (1, 2, SAME, 1, 0.9)], [[1, 2]]),
        ([(1, 2, SAME, 1, 0.9), (1, 2, DIFFERENT, 1, 0.1)], []),
        ([(1, 2, DIFFERENT, 1, 0.1), (1, 2, SAME, 2, 0.99)], []),
        ([(1, 2, SAME, 1, 0.9), (2, 1, UNSURE, 1, 0.9)], []),
        ([(1, 2, SAME, 1, 0.9), (2, 1, UNSURE, 2, 0.9)], [[1, 2]]),
        ([(1, 2, SAME, 1, 0.4), (1, 2, SAME, 2, 0.6)], [[1, 2]]),
        ([(1, 2, SAME, 1, 0.6), (1, 2, SAME, 1, 0.4)], []),
    ],
    ids=[
        "just enough", "just too little", "itself", "different from itself", "one's newest word", "against a surer one",
        "taken back", "another is unsure", "the surer of two", "lowered",
    ],
)  # fmt: skip
def test_whose_word_stands(rows, wanted):
    assert groups(rows) == wanted


def test_a_chain_that_would_bring_foes_together_breaks_at_its_weakest_link():
    rows = [(1, 2, SAME, 1, 0.9), (2, 3, SAME, 1, 0.8), (3, 4, SAME, 1, 0.95), (1, 4, DIFFERENT, 2, 0.9)]
    assert groups(rows) == [[1, 2], [3, 4]]
    found = clusters(judgements(rows))
    assert [(bond.left, bond.right) for bond in found.blocked] == [(2, 3)]


def test_of_equally_strong_links_the_one_between_the_smaller_numbers_stands():
    rows = [(2, 3, SAME, 1, 0.9), (1, 2, SAME, 1, 0.9), (1, 3, DIFFERENT, 1, 0.9)]
    assert groups(rows) == [[1, 2]]


def test_another_threshold_lets_fainter_judgements_join():
    rows = judgements([(1, 2, SAME, 1, 0.4)])
    assert clusters(rows).canonical == {}
    assert clusters(rows, least=0.4).canonical == {1: 1, 2: 1}


def test_a_long_chain_is_one_cluster_and_needs_no_recursion():
    chain = clusters(judgements([(at, at + 1, SAME, 1, 0.9) for at in range(5000)]))
    assert set(chain.canonical.values()) == {0}
    assert len(chain.canonical) == 5001


def test_a_star_of_foes_keeps_all_rays_apart():
    foes = [(a, b, DIFFERENT, 1, 0.9) for a, b in combinations(range(1, 6), 2)]
    rays = [(0, ray, SAME, 1, 0.9) for ray in range(1, 6)]
    assert groups(foes + rays) == [[0, 1]]
