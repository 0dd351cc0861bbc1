"""Tables out of delimited text and spreadsheets: preamble, header rows and merged cells found."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.decoding import decode
from chokepoint.collect.mapping.words import hint, is_blank
from chokepoint.collect.rows import LONGEST_CELL, Row, rows, separator_of, uncommented
from chokepoint.model.said import Said, advised
from chokepoint.values.registry import detect
from chokepoint.values.workbook import MAGIC, Line, workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
SEARCHED = 25


@dataclass(slots=True, kw_only=True)
class Table:
    """One table: where it stands, its headers, and its rows still to be read.

    Attributes:
        place: prefix of its rows' places, empty for a file that is one table.
        headers: texts, empty for a table without a header row.
        sample: the first rows after the header.
        rest: the rows after the sample.
        before: number of lines above the header row.
    """

    place: str
    headers: tuple[str, ...]
    sample: list[Row] = field(default_factory=list)
    rest: Iterator[Row | Rejected]
    before: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def rows(self) -> Iterator[Row | Rejected]:
        """All rows below the header, once."""
        yield from self.sample
        yield from self.rest

    def where(self, row: int) -> str:
        """The place of a row."""
        return _where(self.place, row)


def tables(document: Document, sample: int = 400) -> Iterator[Table | Rejected | Skipped]:
    """The tables of a document, the sheets of a workbook one after another.

    Raises:
        BadInputError: a workbook that cannot be opened, or not within the memory allowed.
    """
    if document.head.startswith(MAGIC):
        yield from _sheets(document, sample)
        return
    text, broken = decode(document)
    yield from broken
    text, comments = uncommented(text)
    if comments:
        yield Skipped("comment", comments)
    table = _table("", rows(text, separator_of(text) or ","), sample)
    table.before = max(table.before - comments, 0)
    yield table


def _table(place: str, source: Iterator[Row | Rejected], sample: int) -> Table:
    rejected: list[Rejected] = []
    first: list[Row] = []
    limited = _limited(source, place)
    for row in limited:
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            first.append(row)
        if len(first) >= sample:
            break
    at = header_row([row.cells for row in first[:SEARCHED]])
    headers = tuple(first[at].cells) if at >= 0 else ()
    return Table(
        place=place,
        headers=headers,
        sample=first[at + 1 :],
        rest=limited,
        before=max(at, 0),
        rejected=rejected,
    )


def _limited(source: Iterator[Row | Rejected], place: str) -> Iterator[Row | Rejected]:
    count = 0
    for row in source:
        if isinstance(row, Rejected):
            yield row
            continue
        count += any(row.cells)
        if count > MOST_ROWS:
            yield Rejected(
                _where(place, row.line),
                advised(
                    Said("rows after {most_rows:,} filled ones are not read", most_rows=MOST_ROWS),
                    "split the table",
                ),
            )
            return
        if len(row.cells) > MOST_COLUMNS:
            yield Rejected(
                _where(place, row.line),
                advised(
                    Said(
                        "{cells} columns, cut at {most_columns}",
                        cells=len(row.cells),
                        most_columns=MOST_COLUMNS,
                    ),
                    "split the table",
                ),
            )
        yield Row(row.line, row.cells[:MOST_COLUMNS])


def _where(place: str, row: int) -> str:
    return f"{place}row {row}" if place else f"line {row}"


def header_row(first: Sequence[Sequence[str]]) -> int:
    """The index of the header row among the first rows; −1 for a table without.

    The header row is the first as wide as most rows, without a value that is an indicator, and with
    words of headers, or with words where the rows below hold indicators. A title merged over all columns
    counts as one cell; merged headings over the headers are passed over.
    """
    filled = [_filled(row) for row in first]
    counted = [(len(row), count) for row, count in zip(first, filled, strict=True) if count > 1]
    lengths = [length for length, _ in counted]
    usual = max(set(lengths), key=lengths.count, default=0)
    wide = max((count for length, count in counted if length <= usual), default=0)
    for at, row in enumerate(first):
        if filled[at] < min(wide, max(2, wide * 0.6)) or not filled[at]:
            continue
        if at + 1 < len(first) and _is_heading(row, first[at + 1]):
            continue
        return at if is_header(row) and _differs(row, first[at + 1 :]) else -1
    return -1


def _filled(row: Sequence[str]) -> int:
    cells = [cell for cell in row if not is_blank(cell)]
    return len(cells) if len(set(cells)) > 1 else len(set(cells))


def _is_heading(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row of merged cells stands over the headers rather than being them."""
    cells, under = [[cell for cell in one if not is_blank(cell)] for one in (row, below)]
    return len(set(cells)) < len(cells) and len(set(cells)) < len(set(under)) and is_header(below)


def is_header(row: Sequence[str]) -> bool:
    """Whether cells read like headers: no indicator among them, and short."""
    cells = [cell for cell in row if not is_blank(cell)]
    if not cells or any(detect(cell) for cell in cells):
        return False
    return all(len(cell) <= 120 for cell in cells) and any(not _numeric(cell) for cell in cells)


def _differs(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    if any(hint(cell)[0] for cell in row):
        return True
    return any(detect(cell) for other in below for cell in other if not is_blank(cell))


def _numeric(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace("-", "").isdigit()


def _sheets(document: Document, sample: int) -> Iterator[Table]:
    for name, lines in groupby(workbook(document.data), key=lambda line: line.sheet):
        yield _table(f"sheet {name!r}, ", _sheet_rows(lines), sample)


def _sheet_rows(lines: Iterator[Line]) -> Iterator[Row | Rejected]:
    """The rows of one sheet, with those between them that hold nothing."""
    last = 0
    for line in lines:
        if line.broken:
            yield Rejected(
                f"sheet {line.sheet!r}, after row {last}",
                advised(Said("cannot be read ({broken})", broken=line.broken), "save the sheet as CSV"),
            )
            return
        yield from (Row(number, []) for number in range(last + 1, line.number))
        yield Row(line.number, [cell[:LONGEST_CELL] for cell in line.cells])
        last = line.number
