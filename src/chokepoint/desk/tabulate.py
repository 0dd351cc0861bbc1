"""A document of any kind as passages of text with their places: text, web page, PDF, spreadsheet."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.tree.decode import decode
from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.collect.base import Document, Rejected

PAGES = 2_000
ROWS = 200_000
CELLS = 200
CHARACTERS = 50_000_000
SHEET_BYTES = 512 * 1024 * 1024
SHEET_RATIO = 200

_tag = re.compile(r"<(?:!--.{0,100000}?-->|[a-zA-Z/!?][^<>]{0,8192}>)", re.DOTALL)
_address = re.compile(r"""\b(?:href|src|content|data-url)\s{0,8}=\s{0,8}["']?([^"'\s<>]{4,2048})""", re.IGNORECASE)
_unread = re.compile(r"<(script|style)\b[^<>]{0,8192}>", re.IGNORECASE)


class Passage(NamedTuple):
    """A stretch of text and where it stands.

    Attributes:
        place: of the whole, such as `page 3` or `sheet Wallets row 12`; empty for a plain text.
        text: its lines.
    """

    place: str
    text: str

    def place_of(self, line: int) -> str:
        """The place of a line, counted from 1."""
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
    head = document.head
    budget = CHARACTERS
    for passage in _reader(head)(document, [] if problems is None else problems):
        budget -= len(passage.text)
        if budget < 0:
            raise TooLargeError(f"more than {CHARACTERS:,} characters", place=document.path, mend="split the file")
        yield passage


def _reader(head: bytes) -> Callable[[Document, list[Rejected]], Iterator[Passage]]:
    if head.startswith(b"%PDF-"):
        return _pdf
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheets
    start = head[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<hta:")) or b"<html" in start:
        return _web
    return _text


def _text(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    text, found = decode(document.data)
    problems.extend(found)
    yield Passage("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _web(document: Document, problems: list[Rejected]) -> Iterator[Passage]:
    for _, text in _text(document, problems):
        yield Passage("", web_text(text))


def web_text(page: str) -> str:
    """The words and link targets of a web page, each on the line on which it stood.

    >>> web_text('<p>see <a href="https://evil.example/x">this</a>')
    '  see   https://evil.example/x  this '
    """
    kept: list[str] = []
    at = 0
    while found := _unread.search(page, at):
        end = page.lower().find(f"</{found[1].lower()}", found.end())
        end = len(page) if end < 0 else end
        kept += (page[at : found.start()], "\n" * page.count("\n", found.start(), end))
        at = end
    kept.append(page[at:])
    return html.unescape(_tag.sub(_without_tag, "".join(kept)))


def _without_tag(tag: re.Match[str]) -> str:
    """Link targets of a tag, and its line breaks."""
    targets = "".join(f" {target} " for target in _address.findall(tag[0]))
    return f" {targets} " + "\n" * tag[0].count("\n")


def _pdf(document: Document, _: list[Rejected]) -> Iterator[Passage]:
    import logging  # noqa: PLC0415 - only for this format

    import pypdf  # noqa: PLC0415 - the same

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = pypdf.PdfReader(io.BytesIO(document.data)).pages
        count = len(pages)
    except Exception as error:  # noqa: BLE001 - a hostile PDF fails in every way there is
        raise _broken(document, "PDF", error) from error
    if count > PAGES:
        raise TooLargeError(f"{count} pages; the limit is {PAGES}", place=document.path, mend="split the file")
    for number in range(count):
        try:
            text = pages[number].extract_text()
        except Exception as error:  # noqa: BLE001 - the same
            raise _broken(document, f"page {number + 1} of the PDF", error) from error
        yield Passage(f"page {number + 1}", text.encode("utf-8", "replace").decode("utf-8"))


def _sheets(document: Document, _: list[Rejected]) -> Iterator[Passage]:
    import python_calamine  # noqa: PLC0415 - only for this format

    _refuse_bomb(document)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(document.data))
        names = book.sheet_names
    except Exception as error:  # noqa: BLE001 - the library's errors share no class
        raise _broken(document, "spreadsheet", error) from error
    count = 0
    for name in names:
        try:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except Exception as error:  # noqa: BLE001 - the same
            raise _broken(document, f"sheet {name}", error) from error
        for number, row in enumerate(rows, 1):
            text = "\t".join(_cell(cell) for cell in row[:CELLS]).strip()
            if not text:
                continue
            count += 1
            if count > ROWS:
                raise TooLargeError(f"more than {ROWS:,} rows", place=document.path, mend="split the sheet")
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
        raise _broken(document, "spreadsheet", error) from error
    if unfolded > SHEET_BYTES or unfolded > SHEET_RATIO * max(len(document.data), 50_000):
        raise TooLargeError(
            "unfolds to far more than a spreadsheet does", place=document.path, mend="save it anew as CSV"
        )


def _broken(document: Document, what: str, error: Exception) -> BadInputError:
    words = " ".join(str(error).split())[:160] or type(error).__name__
    return BadInputError(
        f"the {what} cannot be read ({words})", place=document.path, mend="open it, save it anew, or paste its text"
    )
