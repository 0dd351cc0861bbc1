"""A document of any kind as passages of text with their places: text, web page, PDF, spreadsheet."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.decoding import decode, is_page
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.office import is_office_text, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.collect.base import Document, Rejected

ROWS = 200_000
CELLS = 200
CHARACTERS = 50_000_000
SHEET_BYTES = 512 * 1024 * 1024
SHEET_RATIO = 200
SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Passage(NamedTuple):
    """A stretch of text and where it stands.

    Attributes:
        place: of the whole, such as `page 3` or `sheet Wallets row 12`; empty for a plain text.
        text: its lines.
        source: the markup of a web page, of which `text` is what a reader sees.
    """

    place: str
    text: str
    source: str = ""

    def place_of(self, line: int, raw: str = "") -> str:
        """The place of a line, counted from 1, on which `raw` stands."""
        if self.source:
            at = self.source.find(raw) if raw else -1
            return f"line {self.source.count(chr(10), 0, at) + 1}" if at >= 0 else f"visible line {line}"
        if not self.place:
            return f"line {line}"
        return f"{self.place} line {line}" if self.place.startswith("page ") else self.place


def passages(document: Document, problems: list[Rejected] | None = None) -> Iterator[Passage]:
    """The text of a document in reading order.

    Args:
        document: after unpacking.
        problems: is told of bytes that were no text.

    Raises:
        BadInputError: a PDF or spreadsheet that is damaged or locked.
        TooLargeError: more pages, rows or characters than a person looks up at once.
    """
    budget = CHARACTERS
    try:
        for passage in _reader(document)(document, [] if problems is None else problems):
            budget -= len(passage.text)
            if budget < 0:
                raise TooLargeError(f"more than {CHARACTERS:,} characters", mend="split the file")
            yield passage
    except BadInputError as error:
        place = document.path if not error.place else f"{document.path}, {error.place}"
        raise type(error)(error.reason, place=place, mend=error.mend) from error


def _reader(document: Document) -> Callable[[Document, list[Rejected]], Iterator[Passage]]:
    head = document.head
    if b"%PDF-" in head[:1024]:
        return _pdf
    if is_office_text(document.data):
        return _office
    if head.startswith(SHEETS):
        return _sheets
    return _web if is_page(head) else _text


def _text(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    text, found = decode(document)
    problems.extend(found)
    yield Passage("", text)


def _web(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    from chokepoint.collect.html import visible  # noqa: PLC0415 - only web pages need the parser

    for _, source, _ in _text(document, problems):
        yield Passage("", visible(source), source)


def _pdf(document: Document, _: list[Rejected]) -> Iterator[Passage]:
    from chokepoint.collect.pdf import pdf_text  # noqa: PLC0415 - only PDFs need the parser

    for number, text in pdf_text(document.data):
        yield Passage(f"page {number}", text)


def _office(document: Document, _: list[Rejected]) -> Iterator[Passage]:
    for paragraph in paragraphs(document.data):
        yield Passage(paragraph.place, paragraph.text)


def _sheets(document: Document, _: list[Rejected]) -> Iterator[Passage]:
    import python_calamine  # noqa: PLC0415 - only spreadsheets need the parser

    _refuse_bomb(document)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(document.data))
        sheets = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        ]
    except Exception as error:  # the library's errors share no class
        raise _broken(error) from error
    count = 0
    for name, rows in sheets:
        for number, row in enumerate(rows, 1):
            text = "\t".join(_cell(cell) for cell in row[:CELLS]).strip()
            count += bool(text)
            if count > ROWS:
                raise TooLargeError(f"more than {ROWS:,} rows", mend="split the sheet")
            if text:
                yield Passage(f"sheet {name} row {number}", text)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _refuse_bomb(document: Document) -> None:
    """Refuse a workbook that unfolds to much more than a workbook does."""
    if not document.head.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
            unfolded = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken(error) from error
    if unfolded > SHEET_BYTES or unfolded > SHEET_RATIO * max(len(document.data), 50_000):
        raise TooLargeError("unfolds to far more than a spreadsheet does", mend="save it anew as CSV")


def _broken(error: Exception) -> BadInputError:
    words = " ".join(str(error).split())[:160] or type(error).__name__
    return BadInputError(
        f"the spreadsheet cannot be read ({words})", mend="open it and save it anew, or paste its text"
    )
