"""Text of word processor documents (`.docx`, `.odt`), a paragraph or table row at a time, within limits.

Sources: ECMA-376 part 1, 17 (WordprocessingML); OpenDocument 1.3 part 3, 5 and 9.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.markup import events, local
from chokepoint.values.zips import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MAX_XML = 128 * 1024 * 1024
MAX_TEXT = 20_000_000
MAX_MEMBERS = 20_000
_PARTS = re.compile(
    r"(?:word/(document|footnotes|endnotes|comments|header\d{0,3}|footer\d{0,3})|(content))\.xml"
)
_TARGETS = re.compile(r"word/_rels/[a-z]{3,12}\d{0,3}\.xml\.rels")
_PARAGRAPHS = frozenset({"p", "h"})
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "table-cell"})
_BLANKS = frozenset({"tab", "br", "cr", "s", "line-break", "noBreakHyphen"})
_UNSAID = frozenset({"delText", "tracked-changes", "instrText"})


class Paragraph(NamedTuple):
    """A paragraph or a row of a table: its place in the document, and its text on one line."""

    place: str
    text: str


def is_office_text(data: bytes) -> bool:
    """Whether bytes are a word processor's document."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return True
            if "mimetype" not in names or archive.getinfo("mimetype").file_size > 200:
                return False
            return archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.text")
    except BROKEN:
        return False


def paragraphs(data: bytes) -> Iterator[Paragraph]:
    """The paragraphs that hold text, then where its links lead.

    Places are `paragraph 3` in the body and `footnotes paragraph 1` elsewhere; empty paragraphs count.
    The row of a table is one paragraph, written `| cell | cell |`.

    Raises:
        BadInputError: no such document, locked, or malformed.
        TooLargeError: more than 128 MB of XML or 20 million characters, or nested absurdly deep.
    """
    total = 0
    try:
        for part, text in _parts(data):
            for paragraph in _links(text) if part.endswith(".rels") else _said(text, part):
                total += len(paragraph.text)
                if total > MAX_TEXT:
                    raise TooLargeError(
                        f"more than {MAX_TEXT:,} characters", place=paragraph.place, mend="split the document"
                    )
                yield paragraph
    except (ParseError, DefusedXmlException, *BROKEN) as error:
        raise BadInputError(
            f"the document cannot be read ({error})", mend="save it again without a password, or as text"
        ) from None


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and XML of each part that holds text, the body first."""
    left = MAX_XML
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise TooLargeError(f"a document of {len(members):,} parts", mend="save it again")
        wanted = [
            one for one in members if _PARTS.fullmatch(one.filename) or _TARGETS.fullmatch(one.filename)
        ]
        for member in sorted(wanted, key=lambda one: (_rank(one.filename), one.filename)):
            with archive.open(member) as stream:
                text = stream.read(left + 1)
            left -= len(text)
            if left < 0:
                raise TooLargeError(f"more than {MAX_XML:,} bytes of XML", mend="split the document")
            found = _PARTS.fullmatch(member.filename)
            yield (found[1] or found[2] if found else member.filename), text


def _rank(name: str) -> int:
    return 0 if name in {"word/document.xml", "content.xml"} else 2 if name.endswith(".rels") else 1


def _said(xml: bytes, part: str) -> Iterator[Paragraph]:
    room = "" if part in {"document", "content"} else f"{part} "
    cells: list[str] = []
    words: list[str] = []
    number = rows = 0
    for event, element in events(xml, _PARAGRAPHS):
        name = local(element)
        if name in _ROWS:
            rows += 1 if event == "start" else -1
            if not rows:
                number += 1
                if any(cells):
                    yield Paragraph(f"{room}paragraph {number}", f"| {' | '.join(cells)} |")
                cells = []
        elif event == "start":
            continue
        elif name in _PARAGRAPHS:
            text = " ".join("".join(_texts(element)).split())
            if rows:
                words.append(text)
            else:
                number += 1
                if text:
                    yield Paragraph(f"{room}paragraph {number}", text)
            element.clear()
        elif name in _CELLS:
            cells.append(" ".join(filter(None, words)))
            words = []


def _texts(element: Element) -> Iterator[str]:
    """The texts of a paragraph in reading order, without what was struck out."""
    stack: list[Element | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
            continue
        if local(item) in _BLANKS:
            yield " "
        if local(item) in _UNSAID:
            continue
        told: list[Element | str] = [item.text or ""]
        for child in item:
            told += [child, child.tail or ""]
        stack.extend(reversed([*told, _target(item)]))


def _target(element: Element) -> str:
    """Where a link of OpenDocument leads, unless its own text says so."""
    href = next((value for key, value in element.attrib.items() if key.endswith("}href")), "")
    outside = href.startswith(("http://", "https://", "mailto:"))
    return f" {href.removeprefix('mailto:')} " if outside and element.text != href else ""


def _links(xml: bytes) -> Iterator[Paragraph]:
    number = 0
    for event, element in events(xml, _PARAGRAPHS):
        if event == "end" and element.get("TargetMode") == "External":
            number += 1
            yield Paragraph(f"links paragraph {number}", " ".join(element.get("Target", "").split()))
