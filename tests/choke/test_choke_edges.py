"""Edge lists as people write them, whole and broken."""

from __future__ import annotations

import pytest
from choke_lines import costs_of, edges_of, pairs_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke.edges import MOST_SHOWN, read_edges
from chokepoint.model.errors import BadInputError


@pytest.mark.parametrize(
    "line", ["a b", "a\tb", "a,b", "a;b", " a  b ", '"a","b"', "a,b,3.5,x", "a b # note", b"a b\r\n"]
)
def test_two_columns_in_any_common_form_are_an_edge(line):
    assert pairs_of(edges_of([line])) == [("a", "b")]


@pytest.mark.parametrize(
    "first", ["source,target", "From\tTo", "u v", "# made by hand", "% asym", "// x", "", "  ", "\ufeff"]
)
def test_headers_comments_and_empty_lines_are_no_edges(first):
    edges = edges_of([first, "x y"])
    assert pairs_of(edges) == [("x", "y")]
    assert edges.broken == ()


def test_a_byte_order_mark_is_no_part_of_a_name():
    assert pairs_of(edges_of([b"\xef\xbb\xbfa,b"])) == [("a", "b")]


def test_a_nul_character_is_in_no_name():
    """Text of two bytes a character would else give names that look right and match nothing."""
    edges = edges_of(["a\0 b", "a b", "\0"])
    assert pairs_of(edges) == [("a", "b")]
    assert [one.line for one in edges.broken] == [1, 3]
    assert "UTF-8" in edges.broken[0].reason


def test_names_with_blanks_survive_in_csv():
    assert pairs_of(edges_of(["Bank of X, Y Ltd"])) == [("Bank of X", "Y Ltd")]


def test_a_broken_line_costs_only_itself_and_is_named():
    edges = edges_of(["a b", "alone", b"\xff\xfe x", "c,", "x" * 20_000, "c d"])
    assert pairs_of(edges) == [("a", "b"), ("c", "d")]
    assert [row.line for row in edges.broken] == [2, 3, 4, 5]
    assert edges.broken_count == 4
    assert all(row.reason and len(row.reason) < 200 for row in edges.broken)


def test_a_million_broken_lines_are_counted_not_kept():
    edges = edges_of(["a b", *["alone"] * 5000])
    assert (len(edges.broken), edges.broken_count) == (MOST_SHOWN, 5000)


def test_lines_without_one_edge_are_refused_with_the_first_reason():
    with pytest.raises(BadInputError) as caught:
        edges_of(["# head", "alone", "too"])
    assert caught.value.place == "line 2"


@pytest.mark.parametrize("lines", [[], [""], ["# only a comment"]])
def test_an_empty_list_is_an_empty_network(lines):
    edges = edges_of(lines)
    assert (tuple(edges.names), edges.u.size, edges.v.size) == ((), 0, 0)


NAMES = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_characters='#%/,;"\t\n\r\ufeff', exclude_categories=["Z", "C"]
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=20),
    mark=st.sampled_from([",", ";", "\t", " "]),
)
def test_what_was_written_is_what_is_read(rows, mark):
    edges = edges_of(["edges,follow", *(f"{a}{mark}{b}" for a, b in rows)])
    assert pairs_of(edges) == [("edges", "follow"), *rows]
    assert len(set(edges.names)) == len(edges.names)


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes_are_read_or_refused(lines):
    try:
        edges = edges_of(lines)
    except BadInputError as error:
        found = error.place
    else:
        assert edges.u.size == edges.v.size <= b"\n".join(lines).count(b"\n") + 1
        found = "edges"
    assert found


def test_costs_are_joined_by_name_and_default_to_one():
    found = costs_of(["node,cost", "a,2.5", "zz,9", "c,-1", "b,nan", "c,x"], ("a", "b", "c"))
    assert found.costs.tolist() == [2.5, 1, 1]
    assert [row.line for row in found.broken] == [4, 5, 6]


def test_costs_of_nodes_that_the_graph_has_not_are_counted():
    found = costs_of(["a 2", "A 3", "aa 4", "a 5", "b x"], ("a", "b"))
    assert (found.strange, found.broken_count, found.costs.tolist()) == (2, 1, [5, 1])


def test_a_million_broken_costs_are_counted_not_kept():
    found = costs_of(["a 0"] * (MOST_SHOWN + 3), ("a",))
    assert (len(found.broken), found.broken_count) == (MOST_SHOWN, MOST_SHOWN + 3)


@pytest.mark.parametrize("arrow", ["->", "-->", "=>", "--", "<->", "→"])
@pytest.mark.parametrize("before", ["", "# a drawing\n"], ids=["at once", "after a comment"])
def test_an_arrow_between_two_names_is_no_node(arrow, before):
    text = f"{before}a {arrow} b\nb {arrow} c\n"
    with pytest.raises(BadInputError, match="an arrow and no node") as caught:
        read_edges([text.encode()])
    assert caught.value.place == f"line {1 + len(before.splitlines())}"
    assert caught.value.mend == "write two node names a line alone"


@pytest.mark.parametrize("line", ['"a","->",1', "a,->,1", "a\t->", "a ->"])
def test_an_arrow_that_nothing_follows_or_that_is_quoted_is_a_name(line):
    assert list(read_edges([f"{line}\n".encode()]).names) == ["a", "->"]


@pytest.mark.parametrize("name", ["-", "-1", "->x", "a->", "=", ">"])
def test_a_name_that_only_looks_a_little_like_an_arrow_is_a_name(name):
    assert list(read_edges([f"a {name}\n{name} c\n".encode()]).names) == ["a", name, "c"]


def test_an_arrow_that_is_a_node_of_a_later_line_stays_one():
    assert "->" in read_edges([b"a b\nb ->\n"]).names
