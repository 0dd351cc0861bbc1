"""All the text of a capture, to look for names in it before it leaves."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from chokepoint.model.errors import ChokepointError
from chokepoint.values.encoded import UTF8, as_meant, encoding_of, read_text
from chokepoint.values.mail import is_mail, mail_parts
from chokepoint.values.mtgx import read_mtgx
from chokepoint.values.office import paragraphs
from chokepoint.values.pdf import page_text
from chokepoint.values.workbook import MAGIC, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 20_000_000
"""Characters of a capture that are looked through."""
_OLD = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("koi8-r", "koi8-u", "mac-roman", "cp932", "euc-jp", "gb18030", "big5", "cp949"),
)


def text_of(data: bytes) -> str | None:
    """All the text of a capture; None where it cannot be read whole: a picture, a locked file, too much.

    Of a PDF that is the text of its pages, of a document its paragraphs, of a workbook its cells, of
    a Maltego graph its properties and notes, of mail its headers and parts. Everything else is read in the
    encoding in which it is collected and, where that is one of the old code pages, in all of them: which it
    is can only be guessed. What JSON, addresses and web pages write otherwise follows as it is meant.
    """
    if data.startswith(b"%PDF"):
        return _read(_pages, data)
    if data.startswith(MAGIC):
        readers = (_paragraphs, _cells, _properties)
        return next((text for text in (_read(one, data) for one in readers) if text is not None), None)
    if is_mail(data):
        return _read(_mail, data)
    if len(data) > MOST * (1 if encoding_of(data) == UTF8 else 2):
        return None
    told = read_text(data)
    if "\x00" in told.text or not (told.whole or (told.page and len(data) * len(_OLD) <= MOST // 4)):
        return None
    read = [told.text, *(data.decode(page, "replace") for page in _OLD if told.page)]
    return "\n".join(dict.fromkeys([*read, *map(as_meant, read)]))


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
            yield page_text(page)
    except Exception as error:  # noqa: BLE001 - pypdf raises whatever a hostile file makes it raise
        raise ChokepointError(f"not a readable PDF: {type(error).__name__}") from None


def _mail(data: bytes) -> Iterator[str]:
    for part in mail_parts(data):
        if part.text is None:
            raise ChokepointError(f"{part.place} is no text")
        yield part.text


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
