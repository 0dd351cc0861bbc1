"""All the text of a capture, to look for names in it before it leaves."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from chokepoint.model.errors import ChokepointError
from chokepoint.values.mtgx import read_mtgx
from chokepoint.values.office import paragraphs
from chokepoint.values.workbook import MAGIC, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 20_000_000
"""Characters of a capture that are looked through."""


def text_of(data: bytes) -> str | None:
    """All the text of a capture; None where it cannot be read whole: a picture, a locked file, too much.

    Of a PDF that is the text of its pages, of a document its paragraphs, of a workbook its cells, of
    a Maltego graph its properties and notes.
    """
    if data.startswith(b"%PDF"):
        return _read(_pages, data)
    if data.startswith(MAGIC):
        readers = (_paragraphs, _cells, _properties)
        return next((text for text in (_read(one, data) for one in readers) if text is not None), None)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")[:MOST] if len(data) <= 2 * MOST else None
    if b"\x00" in data[:512] or len(data) > MOST:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _read(reader: Callable[[bytes], Iterator[str]], data: bytes) -> str | None:
    """What a reader reads; None where that is nothing, or it fails or goes on too long."""
    parts, room = [], MOST
    try:
        for text in reader(data):
            parts.append(text)
            room -= len(text)
            if room < 0:
                return None
    except ChokepointError:
        return None
    return "\n".join(parts) or None


def _pages(data: bytes) -> Iterator[str]:
    import pypdf  # noqa: PLC0415 - loaded for PDF only

    try:
        for page in pypdf.PdfReader(io.BytesIO(data)).pages:
            yield page.extract_text()
    except Exception as error:  # noqa: BLE001 - pypdf raises whatever a hostile file makes it raise
        raise ChokepointError(f"not a readable PDF: {type(error).__name__}") from None


def _paragraphs(data: bytes) -> Iterator[str]:
    return (one.text for one in paragraphs(data))


def _cells(data: bytes) -> Iterator[str]:
    return (" | ".join(line.cells) for line in workbook(data) if not line.broken)


def _properties(data: bytes) -> Iterator[str]:
    entities, links = read_mtgx(data)
    for one in entities:
        yield from (value for _, value in one.properties)
        yield one.notes
    for link in links:
        yield from (value for _, value in link.properties)
