"""A document of any kind as passages of text with their places: text, web page, PDF, spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Rejected
from chokepoint.collect.decoding import decode, is_page, is_text
from chokepoint.collect.fallback import guessed
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.said import Said
from chokepoint.values.office import is_office_text, paragraphs
from chokepoint.values.workbook import MAGIC, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.collect.base import Document

ROWS = 200_000
CELLS = 200
CHARACTERS = 50_000_000
WHOLE = "the whole file"


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
        problems: is told of bytes that were no text, and of pages and documents without any.

    Raises:
        BadInputError: no text at all, or a PDF or spreadsheet that is damaged or locked.
        TooLargeError: more pages, rows or characters than a person looks up at once.
    """
    budget, silent, reader = CHARACTERS, True, _reader(document)
    problems = [] if problems is None else problems
    try:
        for passage in reader(document, problems):
            budget -= len(passage.text)
            silent = silent and not passage.text.strip()
            if budget < 0:
                raise TooLargeError(
                    Said("more than {characters:,} characters", characters=CHARACTERS), mend="split the file"
                )
            yield passage
    except BadInputError as error:
        place = document.path if not error.place else f"{document.path}, {error.place}"
        raise type(error)(error.reason, place=place, mend=error.mend) from error
    if silent and not problems and reader is not _text:
        problems.append(Rejected(WHOLE, "holds no text. Mend: recognise its text first (OCR)"))


def _reader(document: Document) -> Callable[[Document, list[Rejected]], Iterator[Passage]]:
    head = document.head
    if b"%PDF-" in head[:1024]:
        return _pdf
    if is_office_text(document.data):
        return _office
    if head.startswith(MAGIC):
        return _sheets
    return _web if is_page(head) else _text


def _text(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    if document.data and not is_text(document):
        raise BadInputError(
            Said("not text but {data}", data=guessed(document.data)), mend="save it as text, CSV or PDF"
        )
    text, found = decode(document)
    problems.extend(found)
    yield Passage("", text)


def _web(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    from chokepoint.collect.html import visible  # noqa: PLC0415 - only web pages need the parser

    for _, source, _ in _text(document, problems):
        yield Passage("", visible(source), source)


def _pdf(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    from chokepoint.collect.pdf import pdf_text  # noqa: PLC0415 - only PDFs need the parser

    for number, text in pdf_text(document.data):
        if not text.strip():
            reason = "no text on this page. Mend: recognise its text (OCR) first"
            problems.append(Rejected(f"page {number}", reason))
        yield Passage(f"page {number}", text)


def _office(document: Document, _: list[Rejected]) -> Iterator[Passage]:
    for paragraph in paragraphs(document.data):
        yield Passage(paragraph.place, paragraph.text)


def _sheets(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    for count, line in enumerate(workbook(document.data), 1):
        if count > ROWS:
            raise TooLargeError(Said("more than {rows:,} rows", rows=ROWS), mend="split the sheet")
        if line.broken:
            reason = f"cannot be read ({line.broken}). Mend: save the sheet as CSV"
            problems.append(Rejected(f"sheet {line.sheet}", reason))
            continue
        text = "\t".join(" ".join(cell.split()) for cell in line.cells[:CELLS]).strip()
        if text:
            yield Passage(f"sheet {line.sheet} row {line.number}", text)
