"""Tables out of delimited text and spreadsheets: preamble, header rows and merged cells found."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.decoding import decode
from chokepoint.collect.mapping.words import hint, is_blank
from chokepoint.collect.rows import LONGEST_CELL, Row, rows, separator_of
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.registry import detect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
MOST_UNPACKED = 512 * 1024 * 1024
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
        return f"{self.place}row {row}" if self.place else f"line {row}"


def tables(document: Document, sample: int = 400) -> Iterator[Table | Rejected]:
    """The tables of a document, the sheets of a workbook one after another.

    Raises:
        BadInputError: a workbook that cannot be opened.
    """
    if document.head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        yield from _sheets(document, sample)
        return
    text, broken = decode(document)
    yield from broken
    yield _table("", rows(text, separator_of(text) or ","), sample)


def _table(place: str, source: Iterator[Row | Rejected], sample: int) -> Table:
    rejected: list[Rejected] = []
    first: list[Row] = []
    limited = _limited(source)
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


def _limited(source: Iterator[Row | Rejected]) -> Iterator[Row | Rejected]:
    for count, row in enumerate(source):
        if count >= MOST_ROWS:
            yield Rejected(
                f"row {count + 1}", f"rows after the first {MOST_ROWS:,} are not read. Mend: split the table"
            )
            return
        if isinstance(row, Row) and len(row.cells) > MOST_COLUMNS:
            yield Rejected(
                f"line {row.line}", f"{len(row.cells)} columns, cut at {MOST_COLUMNS}. Mend: split the table"
            )
            yield Row(row.line, row.cells[:MOST_COLUMNS])
        else:
            yield row


def header_row(first: Sequence[Sequence[str]]) -> int:
    """The index of the header row among the first rows; −1 for a table without.

    The header row is the first as wide as most rows, without a value that is an indicator, and with
    words of headers, or with words where the rows below hold indicators. A title merged over all columns
    counts as one cell.
    """
    filled = [len({cell for cell in row if not is_blank(cell)}) for row in first]
    wide = max((count for count in filled if count > 1), default=0)
    for at, row in enumerate(first):
        if filled[at] < min(wide, max(2, wide * 0.6)) or not filled[at]:
            continue
        return at if is_header(row) and _differs(row, first[at + 1 :]) else -1
    return -1


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


def _sheets(document: Document, sample: int) -> Iterator[Table | Rejected]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only workbooks need it

    _check_unpacked(document.data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(document.data))
        names = workbook.sheet_names
    except (CalamineError, OSError, ValueError) as error:
        raise BadInputError(
            f"the workbook cannot be opened ({error})", mend="save it as .xlsx or CSV without a password"
        ) from None
    for name in names:
        try:
            sheet = workbook.get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError) as error:
            yield Rejected(f"sheet {name!r}", f"cannot be read ({error}). Mend: save the sheet as CSV")
            continue
        if sheet.total_height:
            yield _table(f"sheet {name!r}, ", _sheet_rows(sheet), sample)


def _check_unpacked(data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadInputError(f"the workbook is damaged ({error})", mend="save it again") from None
    if total > MOST_UNPACKED or (total > 10_000_000 and total > 200 * len(data)):
        raise TooLargeError(f"the workbook unfolds to {total:,} bytes", mend="save the sheet as CSV")


def _sheet_rows(sheet: Any) -> Iterator[Row | Rejected]:
    merged = _merged(sheet)
    carried: dict[tuple[int, int], Any] = {}
    first = sheet.start[0] if sheet.start else 0
    left = sheet.start[1] if sheet.start else 0
    for offset, cells in enumerate(sheet.iter_rows()):
        number = first + offset
        texts = []
        for column, value in enumerate(cells):
            origin = merged.get((number, column + left))
            if origin == (number, column + left):
                carried[origin] = value
            texts.append(_cell(carried.get(origin, "") if origin and value in {"", None} else value))
        yield Row(number + 1, texts)


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells covered by a merged range → its first cell; ranges of more than 100,000 cells are left alone."""
    ranges = getattr(sheet, "merged_cell_ranges", None) or []
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in ranges:
        if (bottom - top + 1) * (right - left + 1) > 100_000 or len(found) > MOST_ROWS:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                found[row, column] = (top, left)
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:LONGEST_CELL].strip()
