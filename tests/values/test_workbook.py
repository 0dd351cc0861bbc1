"""Workbooks row by row: what stands where, what is refused, and that no workbook ends or fills the reader."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from books import column, sheet, spread, workbook
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values import workbook as module
from chokepoint.values.workbook import Line
from chokepoint.values.workbook import workbook as read


def rows(data: bytes) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in read(data)]


def test_rows_come_in_order_with_their_sheet_and_number():
    data = workbook(("One", sheet([["a", "b"], ["c", "d"]])), ("Two", sheet([["e"]])))
    assert list(read(data)) == [
        Line("One", 1, ["a", "b"]),
        Line("One", 2, ["c", "d"]),
        Line("Two", 1, ["e"]),
    ]


def test_a_table_that_starts_far_from_the_corner_keeps_its_row_numbers_and_columns():
    assert rows(workbook(("S", spread(("C3", "x"), ("D5", "y"))))) == [
        (3, ["", "", "x", ""]),
        (5, ["", "", "", "y"]),
    ]


def test_rows_without_text_are_not_told():
    assert rows(workbook(("S", sheet([["a"], [""], ["  "], ["b"]])))) == [(1, ["a"]), (4, ["b"])]


def test_an_empty_sheet_says_nothing_and_its_neighbours_are_read():
    assert rows(workbook(("Empty", sheet([])), ("Full", sheet([["a"]])))) == [(1, ["a"])]


def test_a_merged_cell_says_its_text_in_every_cell_of_its_range():
    data = workbook(("S", sheet([["gang", "x"], ["", "y"], ["", "z"]], merged=["A1:A2"])))
    assert rows(data) == [(1, ["gang", "x"]), (2, ["gang", "y"]), (3, ["", "z"])]


def test_a_merge_below_and_beside_the_corner_is_filled_where_it_stands():
    body = spread(("B2", "gang"), ("C2", "x"), ("C3", "y"))
    data = workbook(
        (
            "S",
            body.replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B2:B3"/></mergeCells>'),
        )
    )
    assert rows(data) == [(2, ["", "gang", "x"]), (3, ["", "gang", "y"])]


def test_a_formula_gives_the_value_that_was_last_computed():
    assert rows(workbook(("S", sheet([[("A1&amp;B1", "evil.com")]])))) == [(1, ["evil.com"])]


def made(*cells: object) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(list(cells))
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(7, "7", id="a whole number"),
        pytest.param(0.5, "0.5", id="a fraction"),
        pytest.param(2_000_000.0, "2000000", id="a whole number kept as a float, as account numbers are"),
        pytest.param("  evil.com \n", "evil.com", id="blanks around a text"),
        pytest.param("two\nlines", "two\nlines", id="a line break within"),
        pytest.param("=1+1", "", id="a formula never computed"),
        pytest.param("'=1+1", "'=1+1", id="a text that looks like a formula"),
        pytest.param("ชื่อ 名前", "ชื่อ 名前", id="any script"),
        pytest.param("\U0001f4b0", "\U0001f4b0", id="outside the basic plane"),
    ],
)
def test_a_cell_is_written_as_a_person_reads_it(value: object, text: str):
    assert [line.cells[1] for line in read(made("x", value, "end"))] == [text]


def test_a_day_is_written_in_iso_form():
    [line] = read(made(date(2023, 4, 3)))
    assert line.cells == ["2023-04-03"]


def test_an_open_document_sheet_is_read_alike():
    body = (
        '<?xml version="1.0"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Sites"><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>evil.com</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", body)
        book.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest'
            ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    assert list(read(out.getvalue())) == [Line("Sites", 1, ["evil.com"])]


def test_cells_at_opposite_corners_are_refused_with_their_sheet_and_a_mend():
    with pytest.raises(TooLargeError) as caught:
        list(read(workbook(("Far", spread(("A1", "a"), ("XFD1048576", "far"))))))
    assert caught.value.place == "sheet 'Far'"
    assert "memory" in caught.value.reason
    assert "CSV" in caught.value.mend


def test_sheets_before_one_that_ends_its_reader_are_told():
    data = workbook(("Good", sheet([["evil.com"]])), ("Far", spread(("A1", "a"), ("XFD1048576", "far"))))
    reading = read(data)
    found = [next(reading)]
    with pytest.raises(TooLargeError):
        next(reading)
    assert found == [Line("Good", 1, ["evil.com"])]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK\x03\x04 and then nothing", id="no zip"),
        pytest.param(column(["evil.com"])[:300], id="a zip cut off"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), id="an empty compound file"),
        pytest.param(b"\xd0\xcf\x11\xe0", id="the mark of a compound file alone"),
        pytest.param(b"name,site\n", id="a text"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_mend(data: bytes):
    with pytest.raises(BadInputError) as caught:
        list(read(data))
    assert "workbook" in caught.value.reason
    assert caught.value.mend


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "refused"),
    [
        pytest.param(module.RATIO_FROM - 1_000, False, id="small enough to be looked at"),
        pytest.param(module.RATIO_FROM + 1_000, True, id="far more than it weighs"),
    ],
)
def test_a_workbook_that_unfolds_like_a_bomb_is_not_opened(size: int, refused: bool):
    data = zipped(**{"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * size})
    with pytest.raises(BadInputError) as caught:
        list(read(data))
    assert isinstance(caught.value, TooLargeError) is refused
    assert ("unfolds" in caught.value.reason) is refused


def test_a_list_of_contents_that_lies_about_sizes_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_UNPACKED", 1_000)
    with pytest.raises(TooLargeError, match="unfolds to"):
        list(read(column(["evil.com"])))


def children() -> list[str]:
    """Command lines of the processes that this one started to open workbooks and that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = (status.parent / "cmdline").read_bytes().decode(errors="replace")
            found += [command] if parent == os.getpid() and "sheets_child" in command else []
    return found


def test_a_reader_who_stops_early_leaves_no_process_behind():
    reading = read(column([f"host{number}.com" for number in range(20_000)]))
    assert next(reading).cells == ["host0.com"]
    assert len(children()) == 1
    reading.close()
    assert children() == []


def test_external_entities_in_a_workbook_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("evil-secret.com")
    body = sheet([["&xxe;"]]).replace(
        '<?xml version="1.0"?>',
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY xxe SYSTEM "{secret.as_uri()}">]>',
    )
    try:
        told = rows(workbook(("S", body)))
    except BadInputError:
        told = []
    assert "evil-secret" not in str(told)
