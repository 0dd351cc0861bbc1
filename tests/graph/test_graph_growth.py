"""A map that grew by some claims is the map that is built of all: a law, on every array."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from graph_world import JOINING, KINDS, LOOSE, PROPERTIES, link_rows, same_rows, vote_rows
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.graph import traits
from chokepoint.graph.adjacency import Adjacency, adjacency, with_edges
from chokepoint.graph.columns import UNKNOWN, Listing, NodeRows, Rows, within
from chokepoint.graph.components import joined, label
from chokepoint.graph.growth import Fresh, grown, judged, statements_at
from chokepoint.graph.snapshot import build
from chokepoint.link.known import categories
from chokepoint.vet.standing import judge

THINGS = 9
KIND = np.array([KINDS.index(name) for name in ("domain-name", "ipv4-addr", "malware")], np.int16)
LINKS = [PROPERTIES.index(name) for name in ("indicates", "resolves-to", "mentioned-with")]
day = st.sampled_from([UNKNOWN, -3, 0, 9])
claim = st.tuples(
    st.integers(0, THINGS - 1), st.integers(0, THINGS - 1), st.sampled_from(LINKS), st.integers(0, 2),
    st.integers(0, 5), st.integers(1, 6), st.integers(1, 3), day, day,
)  # fmt: skip
claims = st.lists(claim, max_size=14)
sames = st.lists(
    st.tuples(st.integers(0, THINGS + 1), st.integers(0, THINGS + 1), st.sampled_from([1, -1, 0])), max_size=4
)


@pytest.fixture(autouse=True)
def _small_hubs(monkeypatch):
    """Hubs of three links, so that a small world has some."""
    monkeypatch.setattr(traits, "NORMAL_DEGREE", {**traits.NORMAL_DEGREE, "malware": 3, "ipv4-addr": 3})


def numbered(said):
    """Claims with their things by the order in which they come up, and of each node which thing it is."""
    order = list(dict.fromkeys(end for one in said for end in one[:2]))
    place = {thing: at for at, thing in enumerate(order)}
    rows = link_rows([(10 * at, place[one[0]], place[one[1]], *one[2:]) for at, one in enumerate(said)])
    return replace(rows, assessment=rows.start < 0), order


def flagged(order):
    """Every fifth thing stands on a list."""
    return np.array([1 if thing % 5 == 0 else 0 for thing in order], np.uint32)


def judged_ones(order, pairs):
    """Judgements of identity by the numbers of nodes, and of what is none behind them."""
    place = {thing: at for at, thing in enumerate(order)}
    for one, other, _ in pairs:
        place.setdefault(one, len(place))
        place.setdefault(other, len(place))
    return same_rows([(place[a], place[b], word, 1, 0.9, f"{a} {b}") for a, b, word in pairs])


def built(said, pairs):
    """The map of all claims, its entities numbered otherwise than its nodes."""
    rows, order = numbered(said)
    nodes = NodeRows(
        eid=np.arange(len(order)), kind=KIND[np.array(order, np.int64) % 3], value=[], kind_names=KINDS
    )
    given = Rows(
        links=rows,
        votes=vote_rows([]),
        nodes=nodes,
        same=judged_ones(order, pairs),
        listing=Listing(flags=flagged(order), categories=categories()),
    )
    eids = 1_000 - 7 * np.array(order, np.int64)
    return build(given, judge=judge, joining=JOINING, loose=LOOSE, eids=eids), rows, order


def fresh_of(base_order, links, order, pairs):
    new = order[len(base_order) :]
    return Fresh(
        links=links,
        eid=1_000 - 7 * np.array(new, np.int64),
        kind=KIND[np.array(new, np.int64) % 3],
        flags=flagged(new),
        marked=np.zeros(0, np.int64),
        mark=0,
        same=judged_ones(order, pairs),
    )


def part(links, rows):
    """Some of the claims."""
    columns = {one.name: getattr(links, one.name) for one in fields(links)}
    return replace(links, **{name: c[rows] for name, c in columns.items() if isinstance(c, np.ndarray)})


@given(claims, claims, sames)
def test_a_map_that_grew_is_the_map_that_is_built_of_all(first, then, pairs):
    base, _, base_order = built(first, pairs)
    whole, links, order = built([*first, *then], pairs)
    found = grown(base, fresh_of(base_order, part(links, slice(len(first), None)), order, pairs))
    if found is None:  # a judged thing came into sight
        assert len(whole.bond_left) != len(base.bond_left) or whole.bond_reason != base.bond_reason
        return
    due = found.touched
    of_row = np.full(len(links.seq), -1, np.int64)
    for at, statement in enumerate(due.tolist()):
        of_row[np.isin(links.seq, found.snapshot.claim_seq[found.snapshot.claims(statement)])] = at
    standing = judge(of_row, links, vote_rows([]), count=len(due))
    told = judged(found.snapshot, due, standing).to_arrays()
    for name, array in whole.to_arrays().items():
        assert told[name].tolist() == array.tolist(), name
        assert told[name].dtype == array.dtype, name


def test_what_nothing_came_to_is_the_same_array():
    """It is then not written anew, and what no claim touches is not judged."""
    base, _, order = built([(0, 1, LINKS[0], 0, 1, 2, 1, UNKNOWN, UNKNOWN)], [])
    found = grown(base, fresh_of(order, part(numbered([])[0], slice(0)), order, []))
    assert not len(found.touched)
    assert all(getattr(found.snapshot, one.name) is getattr(base, one.name) for one in fields(base))
    assert judged(found.snapshot, found.touched, None) is found.snapshot


def test_a_further_claim_of_a_statement_leaves_edges_and_nodes_as_they_are():
    said = (0, 1, LINKS[0], 0, 1, 2, 1, UNKNOWN, UNKNOWN)
    base, _, order = built([said], [])
    _, links, _ = built([said, said], [])
    found = grown(base, fresh_of(order, part(links, slice(1, None)), order, []))
    assert found.touched.tolist() == [0]
    assert found.snapshot.edge is base.edge
    assert found.snapshot.claim_seq.tolist() == [0, 10]


def test_where_what_is_held_to_be_one_comes_into_sight_the_map_is_to_be_built():
    said, pairs = (0, 1, LINKS[0], 0, 1, 2, 1, UNKNOWN, UNKNOWN), [(0, 2, 1)]
    later = (2, 1, LINKS[0], 0, 1, 2, 1, UNKNOWN, UNKNOWN)
    base, _, before = built([said], pairs)
    _, links, order = built([said, later], pairs)
    assert grown(base, fresh_of(before, part(links, slice(1, None)), order, pairs)) is None


@given(claims, st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from(LINKS)), max_size=9))
def test_statements_are_found_by_their_words_and_none_is_made_up(said, asked):
    snapshot, _, order = built(said, [])
    place = {thing: at for at, thing in enumerate(order)}
    known = [one for one in asked if one[0] in place and one[1] in place]
    subject, thing = (np.array([place[one[end]] for one in known], np.int64) for end in (0, 1))
    found = statements_at(snapshot, subject, thing, np.array([one[2] for one in known], np.int16))
    wanted = {(place[a], place[b], word) for a, b, word in known}
    words = zip(snapshot.subject.tolist(), snapshot.object.tolist(), snapshot.relation.tolist(), strict=True)
    assert found.tolist() == [at for at, one in enumerate(words) if one in wanted]


edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12)


@given(edges, st.data())
def test_edges_laid_later_stand_where_they_would_have_stood(laid, data):
    """Loops and parallel edges among them: the order of equal ones is part of the answer."""
    early = data.draw(st.lists(st.booleans(), min_size=len(laid), max_size=len(laid)))
    left, right = (np.array([one[end] for one in laid], np.int32) for end in (0, 1))
    moved = np.flatnonzero(np.array(early, np.bool_))
    size = max([-1, *left[moved].tolist(), *right[moved].tolist()]) + 1
    known = adjacency(left[moved], right[moved], size)
    found, wanted = with_edges(known, left, right, moved=moved, size=7), adjacency(left, right, 7)
    assert [one.tolist() for one in found] == [one.tolist() for one in wanted]
    assert isinstance(found, Adjacency)


@given(edges, edges)
def test_labels_joined_by_further_edges_are_those_of_all_edges(first, then):
    (a, b), (c, d) = (
        tuple(np.array([one[end] for one in some], np.int64) for end in (0, 1)) for some in (first, then)
    )
    found = joined(label(a, b, 7), c, d)
    assert found.tolist() == label(np.concatenate([a, c]), np.concatenate([b, d]), 7).tolist()


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5))))
def test_ranges_are_written_out_one_after_the_other(given):
    start = np.array([one for one, _ in given], np.int64)
    length = np.array([size for _, size in given], np.int64)
    assert within(start, start + length).tolist() == [n for s, k in given for n in range(s, s + k)]
