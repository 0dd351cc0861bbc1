"""Reports in free text, Markdown or AsciiDoc: what their indicators point at, by title and names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect import note
from chokepoint.collect.base import Document, Item, Sentences
from chokepoint.collect.dates import read_day, thai_day
from chokepoint.collect.decoding import beginning, decode, is_data, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import About, said
from chokepoint.collect.taking import until
from chokepoint.collect.titles import about, fallback_name, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

_source_line = re.compile(
    r"(?:ที่มา|source|quelle|fuente|kaynak|出典)\s*[:：]\s*(https?://\S{4,500})", re.IGNORECASE
)
_dated_line = re.compile(
    r"(?:date|published|updated|datum|fecha|tarih|วันที่|発表日?|veröffentlicht)\s*[:：]\s*(.{6,40})",
    re.IGNORECASE,
)
_markup = re.compile(r"^(?:=|#{1,3}) \S|^\|===|^\[options|^\|[ :-]+\|", re.MULTILINE)
_code_starts = (b"<", b"%YAML", b"---\n", b"#!/", b"rule ", b"import ")
_HEAD_LINES = 15


class Report:
    """Collector of running text."""

    name = "report"

    def recognises(self, document: Document) -> bool:
        """Text with headings or sentences; data in braces, tags or code is left to others."""
        if not is_text(document) or document.name.lower().endswith((".json", ".yaml", ".yml")):
            return False
        start = document.head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
        if start.startswith(_code_starts) or is_data(start):
            return False
        text = beginning(document)
        return bool(_markup.search(text)) or _sentences(text)

    def read(self, document: Document) -> Iterator[Item]:
        """Indicators indicate the subject of the report; what it mentions otherwise is only mentioned."""
        text, broken = decode(document)
        yield from broken
        yield from with_derived(told_by(document, text))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _sentences(text: str) -> bool:
    words = sum(1 for line in text.split("\n")[:400] if len(line.split()) >= 4 or len(line) > 120)
    return words >= 1


def told_by(document: Document, text: str) -> Iterator[Item]:
    """The claims of a report's text, lines numbered from its beginning."""
    day = published(text) or (read_day(document.published) if document.published and not text else None)
    what = _what(document, text, day)
    if what.subject is not None:
        if found := _source_line.search(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Sentences(what.provenance, f"line {line}").say(what.subject, "reference", found[1])
        if day:
            say = Sentences(what.provenance, "first lines", what.observed)
            yield say.say(what.subject, "date", day.isoformat())
    yield from said(text, what, lambda number, _raw: f"line {number}")


def note_or_report(document: Document, text: str, place: Callable[[int, str], str]) -> Iterator[Item]:
    """The claims of the text of a rich document: a ransom note where it speaks to a victim, else a report.

    Args:
        document: whose text it is.
        text: as a reader sees it.
        place: of something found, by its line in the text and by how it is written.
    """
    if document.origin in note.COLLECTIONS or note.is_note(text):
        yield from note.told_by(document, text, place)
    else:
        yield from said(text, _what(document, text, published(text)), place)


def _what(document: Document, text: str, day: date | None) -> About:
    return About(
        subject=about(document, text),
        title=title_of(text) or fallback_name(document),
        provenance=provenance(document),
        observed=until(day.isoformat()) if day else None,
    )


def published(text: str) -> date | None:
    """The day of publication that the first lines give."""
    head = "\n".join(text.split("\n")[:_HEAD_LINES])[:5000]
    found = _dated_line.search(head)
    day = read_day(found[1].split("\n")[0].strip(" .)")) if found else None
    return day or thai_day(head)
