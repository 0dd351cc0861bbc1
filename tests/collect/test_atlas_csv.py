"""Tables of claims that an atlas exported, as spreadsheets and people save them again."""

from __future__ import annotations

import pytest
from line_reading import claims, document, rejected, skipped, triples

from chokepoint.collect.atlas_csv import NEEDED, AtlasCsv

HEAD = [
    *("subject_kind", "subject", "property", "object_kind", "object", "origin", "grading", "observed_from"),
    *("observed_until", "nature", "marking", "capture", "place"),
]
ROW = [
    "domain-name",
    "evil.com",
    "alias",
    "",
    "fox",
    "Unit 42",
    "B2",
    "",
    "",
    "fact",
    "TLP:GREEN",
    "a" * 64,
    "line 3",
]


def text(*rows: list[str], end: str = "\r\n") -> str:
    return "".join(",".join(row) + end for row in (HEAD, *rows))


def read(written: str | bytes) -> list:
    paper = document(written, "claims.csv")
    assert AtlasCsv().recognises(paper)
    return list(AtlasCsv().read(paper))


def test_the_columns_that_are_needed_are_enough():
    assert set(HEAD) == NEEDED
    items = read(text(ROW))
    assert triples(items) == {("domain-name:evil.com", "alias", "fox")}
    assert skipped(items) == {"header row": 1, "belief and verdict of the sender": 1}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_how_a_spreadsheet_saves_it_again_changes_nothing(encoding, end):
    assert len(claims(read(text(ROW, ROW, end=end).encode(encoding)))) == 2


def test_a_column_more_and_blank_lines_cost_nothing():
    written = text(ROW).replace("place\r\n", "place,mine\r\n").replace("line 3\r\n", "line 3,note\r\n\r\n")
    items = read(written)
    assert len(claims(items)) == 1
    assert skipped(items)["blank line"] == 1


def test_a_broken_letter_costs_its_line_a_word_and_no_other_line():
    good = text(ROW, [*ROW[:4], "ประตู", *ROW[5:]], [*ROW[:4], "ประตู", *ROW[5:]]).encode()
    items = read(good + b"domain-name,ev\xffil.com," + ",".join(ROW[2:]).encode() + b"\r\n")
    assert len(claims(items)) == 3
    assert {one.place for one in rejected(items)} == {"line 5"}
