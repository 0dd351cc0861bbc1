from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Rejected
from chokepoint.collect.rows import LONGEST_CELL, Row, rows, separator_of

cells = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=12
)
tables = st.lists(st.lists(cells, min_size=2, max_size=5), min_size=1, max_size=12)


def found(text, separator=","):
    return list(rows(text, separator))


@given(tables)
def test_what_the_standard_library_writes_is_read_back_with_its_lines(table):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    assert [row.cells for row in found(out.getvalue())] == table


@given(tables)
def test_lines_are_numbered_as_an_editor_does(table):
    text = "".join('"' + '","'.join(cell.replace('"', '""') for cell in row) + '\n"\n' for row in table)
    read = [row for row in found(text) if isinstance(row, Row)]
    assert [row.line for row in read] == [1 + 2 * at for at in range(len(table))]


def test_an_unclosed_quote_costs_one_line_and_not_the_file():
    text = 'a,b\n"open,1\n' + "".join(f"x{at},{at}\n" for at in range(500))
    read = found(text)
    assert sum(isinstance(row, Rejected) for row in read) == 1
    assert [row.cells for row in read if isinstance(row, Row)][-1] == ["x499", "499"]
    assert sum(isinstance(row, Row) for row in read) == 502


def test_an_unclosed_quote_near_the_end_is_found_too():
    read = found('a,b\n1,2\n"open,3\n4,5\n')
    assert [row.cells for row in read if isinstance(row, Row)] == [
        ["a", "b"],
        ["1", "2"],
        ['"open', "3"],
        ["4", "5"],
    ]


def test_a_cell_may_span_lines():
    assert [row.cells for row in found('a,"b\nc",d\n')] == [["a", "b\nc", "d"]]


def test_a_flood_of_unclosed_quotes_ends():
    read = found('"a\n' * 1000)
    assert sum(isinstance(row, Row) for row in read) >= 500


def test_an_overlong_cell_is_cut_and_said():
    read = found("a," + "x" * (LONGEST_CELL + 5))
    assert isinstance(read[0], Rejected)
    assert len(read[1].cells[1]) == LONGEST_CELL


def test_a_line_beyond_what_the_library_takes_is_cut_and_the_next_is_read():
    read = found("x" * 200_000 + ",1\n2,3\n")
    assert [row.cells for row in read if isinstance(row, Row)][-1] == ["2", "3"]
    assert any(isinstance(row, Rejected) for row in read)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_cuts_all_lines_alike(separator):
    text = "\n".join(
        separator.join((f"a{at}", "1,5 x" if separator != "," else "y", "z; w" if separator != ";" else "v"))
        for at in range(9)
    )
    assert separator_of(text) == separator


def test_a_text_without_columns_has_no_separator():
    assert separator_of("just\nwords\n") == ""


@given(st.text(max_size=300))
def test_any_text_is_read_to_its_end(text):
    read = found(text.replace("\r", ""))
    assert all(isinstance(row, Row | Rejected) for row in read)
