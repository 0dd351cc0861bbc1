"""Tables inside a text: what makes one, how cells are parted, and what the head of a column says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.text import scan
from chokepoint.values.text.table import Table, column_head, parted, tables
from chokepoint.values.text.view import View


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\tb\nc\td", [Table(0, 1, "\t")]),
        ("a;b;c\nd;e;f", [Table(0, 1, ";")]),
        ("a,b,c\nd,e,f\ng,h,i", [Table(0, 2, ",")]),
        ("| a | b |\n|---|---|\n| c | d |", [Table(0, 2, "|")]),
        ("before\na;b;c\nd;e;f\nafter", [Table(1, 2, ";")]),
        ('a;b;c\nd;"e;e";f', [Table(0, 1, ";")]),
        ("a,b,c\nd,e,f", []),
        ("a;b\nc;d", []),
        ("one line\nanother", []),
        ("a;b;c\nd;e", []),
        ("", []),
    ],
    ids=[
        "tabs",
        "semicolons",
        "commas",
        "pipes",
        "between",
        "quoted",
        "two-rows-of-commas",
        "two-cells",
        "prose",
        "uneven",
        "empty",
    ],
)
def test_rows_of_equal_width_are_a_table(text, found):
    assert list(tables(text.split("\n"))) == found


def test_sentences_with_as_many_commas_are_no_table():
    sentence = "He wrote, as he had often done on many of the long and rainy evenings in the far north of the country, to her, again."
    assert list(tables([sentence] * 4)) == []


@given(st.lists(st.text('ab;", ', max_size=20), max_size=6), st.sampled_from(";,\t|"))
def test_parting_a_row_keeps_its_length_and_all_but_the_separators(rows, mark):
    for row in rows:
        done = parted(row, mark)
        assert len(done) == len(row)
        assert all(new in {old, "\t"} for old, new in zip(row, done, strict=True))


def test_a_separator_inside_quotation_marks_parts_nothing():
    assert parted('a;"b;c";d', ";") == 'a\t"b;c"\td'


@pytest.mark.parametrize(
    ("row", "head"), [("", "site"), ("x\t", "phone"), ("x\ty\t", "note"), ("x\ty\tz\t", "")]
)
def test_a_cell_knows_the_head_of_its_column(row, head):
    assert column_head("site\tphone\tnote", row, ";") == head


def test_the_first_row_has_no_head_and_prose_has_none():
    view = View("site;phone;note\na.com;1;x\n\nprose")
    assert [view.column_head(at) for at in (0, 16, 22, 30)] == ["", "site", "phone", ""]


def test_a_cell_ends_an_address_where_the_separator_stands():
    text = "when;url;ip\n1;http://evil.com/a;192.0.2.7\n2;http://bad.com/;192.0.2.8"
    assert [tuple(one.entity) for one in scan(text)] == [
        ("url", "http://evil.com/a"),
        ("ipv4-addr", "192.0.2.7"),
        ("url", "http://bad.com/"),
        ("ipv4-addr", "192.0.2.8"),
    ]


def test_the_head_of_a_column_says_what_its_cells_are():
    text = "fake site,real site,reported\nevil.com,bank.com,1 May\nbad.com,shop.com,2 May"
    assert [(one.entity.value, one.role) for one in scan(text)] == [
        ("evil.com", "indicator"),
        ("bank.com", "context"),
        ("bad.com", "indicator"),
        ("shop.com", "context"),
    ]


def test_what_one_row_says_is_not_said_of_the_next():
    text = "type,value,note\nsite,bank.com,the real site\nsite,evil.com,\nsite,bad.com,phishing"
    assert [one.role for one in scan(text)] == ["context", "indicator", "indicator"]


@given(st.text('a,;|\t\n"0.', max_size=200))
def test_a_view_of_any_table_keeps_every_offset(text):
    view = View(text)
    assert len(view.text) == len(view.low)
    assert view.text.count("\n") == text.count("\n")
