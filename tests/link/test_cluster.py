from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.link.cluster import clusters


def judgements(rows):
    """Rows of (left, right, word, organisation, belief)."""
    return SimpleNamespace(
        left=np.array([r[0] for r in rows], np.int64),
        right=np.array([r[1] for r in rows], np.int64),
        sameness=np.array([r[2] for r in rows], np.int8),
        organisation=np.array([r[3] for r in rows], np.int32),
        belief=np.array([r[4] for r in rows], np.float32),
        reason=[f"row {n}" for n in range(len(rows))],
    )


def groups(rows):
    found = {}
    for member, head in clusters(judgements(rows)).canonical.items():
        found.setdefault(head, set()).add(member)
    return sorted(map(sorted, found.values()))


row = st.tuples(
    st.integers(1, 8),
    st.integers(1, 8),
    st.sampled_from((1, 1, 1, 0, -1)),
    st.integers(1, 3),
    st.sampled_from((0.3, 0.6, 0.7, 0.9)),
)
tables = st.lists(row, max_size=14)


def test_same_joins_and_joins_on():
    assert groups([(1, 2, 1, 1, 0.9), (3, 2, 1, 1, 0.9)]) == [[1, 2, 3]]


def test_without_judgements_everything_stands_alone():
    assert groups([]) == []
    found = clusters(judgements([]))
    assert found.of(np.array([4, 2])).tolist() == [4, 2]


def test_the_canonical_member_is_the_smallest_number():
    found = clusters(judgements([(9, 4, 1, 1, 0.9), (7, 9, 1, 1, 0.9)]))
    assert found.of(np.array([9, 7, 4, 5])).tolist() == [4, 4, 4, 5]


def test_unsure_and_faint_belief_join_nothing():
    assert groups([(1, 2, 0, 1, 0.9), (3, 4, 1, 1, 0.4)]) == []


def test_different_by_anybody_cuts_the_pair():
    assert groups([(1, 2, 1, 1, 0.9), (2, 1, -1, 2, 0.5)]) == []


def test_different_also_blocks_the_way_round():
    rows = [(1, 2, 1, 1, 0.9), (2, 3, 1, 1, 0.6), (1, 3, -1, 2, 1.0)]
    assert groups(rows) == [[1, 2]]
    found = clusters(judgements(rows))
    assert [(bond.left, bond.right) for bond in found.blocked] == [(2, 3)]


def test_the_stronger_bond_wins_where_both_cannot_stand():
    assert groups([(1, 2, 1, 1, 0.6), (2, 3, 1, 1, 0.9), (1, 3, -1, 2, 1.0)]) == [[2, 3]]


def test_enemies_are_inherited_by_the_merged_cluster():
    rows = [(1, 5, -1, 1, 1.0), (1, 2, 1, 1, 0.9), (5, 6, 1, 1, 0.9), (2, 6, 1, 1, 0.8)]
    assert groups(rows) == [[1, 2], [5, 6]]


def test_withdrawing_different_joins_again():
    rows = [(1, 2, 1, 1, 0.9), (1, 2, -1, 2, 1.0)]
    assert groups(rows) == []
    assert groups([*rows, (1, 2, 0, 2, 1.0)]) == [[1, 2]]


def test_a_bond_names_the_judgement_it_rests_on():
    found = clusters(judgements([(1, 2, 1, 1, 0.6), (2, 1, 1, 2, 0.9)]))
    assert [(bond.left, bond.right, bond.row) for bond in found.bonds] == [(1, 2, 1)]


def standing(rows):
    newest = {(min(a, b), max(a, b), who): (word, belief) for a, b, word, who, belief in rows if a != b}
    cuts = {pair[:2] for pair, (word, _) in newest.items() if word < 0}
    joins = {pair[:2] for pair, (word, belief) in newest.items() if word > 0 and belief >= 0.5}
    return joins, cuts


@given(tables)
def test_no_cluster_holds_a_pair_that_somebody_calls_different(rows):
    _, cuts = standing(rows)
    for group in groups(rows):
        assert not any(a in group and b in group for a, b in cuts)


@given(tables)
def test_without_cuts_clusters_are_the_connected_components(rows):
    rows = [row for row in rows if row[2] >= 0]
    joins, _ = standing(rows)
    component = {n: {n} for n in range(1, 9)}
    for a, b in joins:
        merged = component[a] | component[b]
        for n in merged:
            component[n] = merged
    expected = sorted({tuple(sorted(c)) for c in component.values() if len(c) > 1})
    assert [tuple(group) for group in groups(rows)] == expected


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_judgements_on_different_pairs_does_not_matter(rows, random):
    unique = list({(min(r[0], r[1]), max(r[0], r[1]), r[3]): r for r in rows}.values())
    mixed = random.sample(unique, len(unique))
    assert groups(mixed) == groups(unique)


@given(tables, row)
def test_undoing_a_judgement_restores_what_was(rows, extra):
    rows = [r for r in rows if r[3] != 9]
    added = (*extra[:3], 9, extra[4])
    undone = (*extra[:2], 0, 9, extra[4])
    assert groups([*rows, added, undone]) == groups(rows)


@given(tables)
def test_every_joined_bond_lies_inside_a_cluster_and_no_blocked_one_does(rows):
    found = clusters(judgements(rows))
    head = found.canonical
    assert all(head[bond.left] == head[bond.right] for bond in found.bonds)
    assert all(head.get(b.left, b.left) != head.get(b.right, b.right) for b in found.blocked)
