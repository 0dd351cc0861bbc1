"""PDF documents, page by page, within limits."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from typing import TYPE_CHECKING

from chokepoint.collect import note
from chokepoint.collect.base import Document, Item, Rejected
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, said
from chokepoint.collect.titles import about, fallback_name, title_of
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.said import Said
from chokepoint.values.pdf import page_text

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 64 * 1024 * 1024
MOST_PAGES = 2_000
MOST_TEXT = 20_000_000

_BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    RecursionError,
    OSError,
    NotImplementedError,
    struct.error,
    zlib.error,
    ArithmeticError,
    AssertionError,
)


def pdf_text(data: bytes) -> Iterator[tuple[int, str]]:
    """Page numbers (from 1) with each page's text and targets of links; none where it cannot be read.

    Raises:
        TooLargeError: more than 64 MB, 2,000 pages or 20 million characters.
        BadInputError: encrypted with a password, or no PDF.
    """
    from pypdf import PdfReader  # noqa: PLC0415 - slow to load, and only PDFs need it
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - the same

    broken = (PyPdfError, *_BROKEN)
    if len(data) > LONGEST:
        raise TooLargeError("a PDF of more than 64 MB", mend="split it")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadInputError("the PDF is encrypted with a password", mend="save it without one")
        count = len(reader.pages)
    except broken as error:
        raise BadInputError(
            Said("the PDF cannot be read ({cause})", cause=str(error)),
            mend="print it to a new PDF, or save its text",
        ) from None
    if count > MOST_PAGES:
        raise TooLargeError(
            Said("{count:,} pages, more than {most_pages:,}", count=count, most_pages=MOST_PAGES),
            mend="split it",
        )
    total = 0
    for number in range(count):
        try:
            text = page_text(reader.pages[number])
        except broken:
            text = ""
        total += len(text)
        if total > MOST_TEXT:
            raise TooLargeError(
                "more than 20 million characters", place=f"page {number + 1}", mend="split it"
            )
        yield number + 1, text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


class Pdf:
    """Collector of PDF documents."""

    name = "pdf"

    def recognises(self, document: Document) -> bool:
        """The mark of a PDF in the first kilobyte."""
        return b"%PDF-" in document.head[:1024]

    def read(self, document: Document) -> Iterator[Item]:
        """Each page's indicators, at `page N`."""
        yield from with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        pages: list[tuple[int, str]] = []
        problem: BadInputError | None = None
        try:
            pages.extend(pdf_text(document.data))
        except TooLargeError as error:
            if not pages:
                raise
            problem = error
        beginning = "\n".join(text for _, text in pages[:3])
        is_note = note.is_note(beginning)
        what = About(
            subject=about(document, beginning),
            title=title_of(beginning) or fallback_name(document),
            provenance=provenance(document),
        )
        for number, text in pages:
            where = f"page {number}"
            if not text.strip():
                yield Rejected(where, "no text on this page. Mend: recognise its text (OCR) first")
            elif is_note:
                yield from note.told_by(document, text, lambda _line, _raw, where=where: where)  # type: ignore[misc]
            else:
                yield from said(text, what, lambda _line, _raw, where=where: where)  # type: ignore[misc]
        if problem is not None:
            yield Rejected(problem.place, problem.reason)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())
