"""Edge lists and cost lists line by line: quotes, odd names, limits, and what is said of a broken line."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from choke_lines import costs_of, edges_of, pairs_of
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.choke import edges as edges_module
from chokepoint.choke.edges import LONGEST_LINE, MOST_SHOWN, read_edges
from chokepoint.model.errors import BadInputError, TooLargeError


def pairs(lines):
    return pairs_of(edges_of(lines))


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ('"Bank of X, Y Ltd",b', ("Bank of X, Y Ltd", "b")),
        ('a, "b, c"', ("a", "b, c")),
        ('"a;b";c', ("a;b", "c")),
        ('"a\tb"\tc', ("a\tb", "c")),
        ('"say ""hi""",b', ('say "hi"', "b")),
        ('12" pipe,b', ('12" pipe', "b")),
        ('"a","b","c"', ("a", "b")),
        ('" a ",b', ("a", "b")),
    ],
)
def test_a_mark_inside_quotes_is_part_of_the_name(line, pair):
    assert pairs([line]) == [pair]


@settings(max_examples=150, deadline=None)
@given(
    names=st.lists(
        st.text(st.sampled_from('ab ,;"ไท-'), min_size=1, max_size=6).map(str.strip).filter(bool),
        min_size=2, max_size=2,
    ),
    mark=st.sampled_from([",", ";", "\t"]),
)  # fmt: skip
def test_what_a_csv_writer_writes_is_read_back(names, mark):
    earlier = {",": "", ";": ",", "\t": ",;"}[mark]
    names = ["".join("x" if letter in earlier else letter for letter in name) for name in names]
    text = io.StringIO()
    csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL, lineterminator="").writerow(names)
    if tuple(name.lower() for name in names) not in edges_module.HEADERS:
        assert pairs([text.getvalue()]) == [tuple(names)]


@pytest.mark.parametrize(
    "line",
    ["alone", "a,", ",b", ",", ";", '"a,b"', '"open,b', "a\t", "\t", '"",b'],
    ids=[
        "one",
        "no second",
        "no first",
        "mark",
        "semicolon",
        "one quoted",
        "open quote",
        "tab after",
        "tab",
        "empty",
    ],
)
def test_a_line_without_two_names_is_broken_and_shown(line):
    read = edges_of(["x y", line])
    if line.strip():
        assert [row.line for row in read.broken] == [2]
        assert repr(line.strip())[:20] in read.broken[0].reason
    assert read.u.size == 1


def test_a_return_beside_quotes_breaks_its_line_and_not_the_run():
    read = edges_of(["x y", '"a"\rb,c', "y z"])
    assert (read.u.size, [row.line for row in read.broken]) == (2, [2])


def test_a_line_as_long_as_may_be_is_read_and_one_longer_is_broken():
    longest = "a " + "b" * (LONGEST_LINE - 2)
    read = edges_of([longest, longest + "b"])
    assert read.u.size == 1
    assert (read.broken[0].line, read.broken[0].reason) == (2, "longer than 10000 bytes")


@pytest.mark.parametrize("line", [b"\xff\xfe", b"a \xc3(", b"\x80 b", b"a b \xff"])
def test_bytes_that_are_no_utf_8_cost_their_line(line):
    read = edges_of([b"a b", line])
    assert [row.reason for row in read.broken] == ["not UTF-8"]


@pytest.mark.parametrize(
    "name",
    ["\u202eevil", "a\u200bb", "раураl", "💰", "../../etc/passwd", "$(rm)", "-1", "1e9", "NULL"],
)
def test_any_word_may_be_a_name(name):
    assert pairs([f"{name},b"]) == [(name, "b")]


def test_names_that_look_alike_are_different_nodes():
    assert len(edges_of(["a,а", "A,a\u200b"]).names) == 4


def test_numbers_are_names_and_01_is_not_1():
    assert tuple(edges_of(["1 01", "1.0 1"]).names) == ("1", "01", "1.0")


@pytest.mark.parametrize(
    "header", ["source,target", "SOURCE;TARGET", "from to", "src\tdst", "u v", "Source,Target,w"]
)
def test_a_header_is_skipped_once_and_only_at_the_top(header):
    pair = tuple(header.replace(";", ",").replace("\t", ",").replace(" ", ",").split(",")[:2])
    assert pairs([header, "a b"]) == [("a", "b")]
    assert pairs(["a b", header]) == [("a", "b"), pair]


@pytest.mark.parametrize("comment", ["# a b", "% a b", "// a b", "  # a b", "#", "%%MatrixMarket matrix"])
def test_a_comment_anywhere_is_no_edge_and_not_broken(comment):
    read = edges_of(["x y", comment, "y z"])
    assert (read.u.size, read.broken_count) == (2, 0)


def test_loops_and_parallels_are_kept_as_they_stand():
    assert pairs(["a a", "a b", "b a", "a b"]) == [("a", "a"), ("a", "b"), ("b", "a"), ("a", "b")]


def test_names_are_numbered_as_they_first_come():
    read = edges_of(["z a", "a m", "m z"])
    assert tuple(read.names) == ("z", "a", "m")
    assert (read.u.tolist(), read.v.tolist()) == ([0, 1, 2], [1, 2, 0])
    assert read.u.dtype == read.v.dtype == np.int32


def test_the_arrays_are_the_readers_own():
    read = edges_of(["a b"])
    read.u[0] = 1
    assert read.u.tolist() == [1]


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(8)))
def test_the_order_of_lines_changes_numbers_and_not_edges(order):
    lines = [f"n{a} n{b}" for a, b in ((0, 1), (1, 2), (2, 0), (3, 1), (4, 4), (5, 0), (0, 5), (2, 4))]
    assert sorted(pairs([lines[at] for at in order])) == sorted(pairs(lines))


def test_broken_lines_are_numbered_in_the_file_and_not_among_the_edges():
    read = edges_of(["# head", "", "a b", "alone", "", "b c", "lonely"])
    assert [row.line for row in read.broken] == [4, 7]


def test_no_more_than_a_hundred_broken_lines_are_kept():
    read = edges_of(["a b", *(f"alone{at}" for at in range(MOST_SHOWN + 1))])
    assert (len(read.broken), read.broken_count) == (MOST_SHOWN, MOST_SHOWN + 1)


def test_a_file_of_nothing_but_broken_lines_says_what_to_write():
    with pytest.raises(BadInputError, match="alone") as caught:
        edges_of(["", "alone", "too"])
    assert (caught.value.place, caught.value.mend) == ("line 2", "write two node names a line")


def test_one_edge_too_many_is_refused_at_its_line(monkeypatch):
    monkeypatch.setattr(edges_module, "MOST_EDGES", 3)
    assert edges_of(["a b"] * 3).u.size == 3
    with pytest.raises(TooLargeError, match="more than 3 edges") as caught:
        edges_of(["# head", *["a b"] * 4])
    assert caught.value.place == "line 5"
    assert caught.value.mend == "split the list"


def test_a_stream_is_read_without_being_held():
    assert read_edges(block for block in (b"a b\nb", b" c")).u.size == 2


@pytest.mark.parametrize(
    ("text", "cost"), [("2.5", 2.5), ("1e3", 1000), (" 7 ", 7), ("0.001", 0.001), ("+3", 3), ("1_0", 10)]
)
def test_a_cost_is_any_finite_number_above_0(text, cost):
    found = costs_of([f"a,{text}"], ("a",))
    assert (found.costs.tolist(), found.broken) == ([cost], ())


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "-inf", "x", "1,5x", "0x10", "1e999", "٣x"])
def test_what_is_no_cost_leaves_the_node_at_1_and_is_named(text):
    found = costs_of([f"a;{text}"], ("a",))
    assert found.costs.tolist() == [1]
    assert found.broken[0].line == 1
    assert "not a finite number above 0" in found.broken[0].reason


def test_the_last_cost_of_a_node_counts():
    assert costs_of(["a 2", "a 3"], ("a",)).costs.tolist() == [3]


def test_costs_of_strangers_are_passed_over_and_a_header_may_stand_anywhere():
    found = costs_of(["node,cost", "x,5", "a,2", "id,cost"], ("a", "b"))
    assert (found.costs.tolist(), found.strange, found.broken) == ([2, 1], 1, ())


def test_no_costs_at_all_are_ones():
    assert costs_of([], ("a", "b", "c")).costs.tolist() == [1, 1, 1]
