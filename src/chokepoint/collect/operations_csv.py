"""Tables of what operations achieved: a row says one figure, of one operation, by one source.

Layout: `operation,start,end,country,measure,qualifier,value,unit,source_url,note`; all but the operation, the
measure and the value may be absent. What is published is kept as it is: figures of several sources for the
same thing become several claims.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.decoding import beginning, decode
from chokepoint.collect.origins import provenance
from chokepoint.collect.rows import Row, rows, separator_of
from chokepoint.collect.shapes import beyond
from chokepoint.collect.taking import raw_of, take
from chokepoint.model.claim import Interval, between, parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.figure import FIGURE, Figure, amount, tidy
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said, advised
from chokepoint.values import registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEEDED = frozenset({"operation", "measure", "value"})
ALSO = frozenset({"start", "end", "country", "qualifier", "unit", "source_url", "note"})
EVERYWHERE = frozenset({"", "all"})
REPORT = "report over several operations"
"""Category of what is no operation of its own: its figures count what operations counted."""
_SEARCHED = 5
_several = re.compile(r"\b(?:aggregate|combined|overall|totals?)\b", re.IGNORECASE).search
_SPANS = {4: "year", 7: "month", 10: "day"}


class _Row(NamedTuple):
    """A row by column, and its place."""

    cells: Mapping[str, str]
    place: str


class OperationsCsv:
    """Collector of figures of operations."""

    name = "operations-csv"

    def recognises(self, document: Document) -> bool:
        """Whether one of the first lines is a header with operation, measure, value and one column more."""
        head = document.head[:4096].replace(b"\x00", b"").lower()
        if b"operation" not in head or b"measure" not in head:
            return False
        text = "\n".join(beginning(document).split("\n")[:_SEARCHED])
        found = rows(text, separator_of(text) or ",")
        return any(isinstance(row, Row) and _header(row.cells) for row in found)

    def read(self, document: Document) -> Iterator[Item]:
        """Each row as a figure of the operation, with its countries, its address and what is noted beside."""
        text, broken = decode(document)
        yield from broken
        header: list[str] = []
        for row in rows(text, separator_of(text) or ","):
            if isinstance(row, Rejected):
                yield row
            elif not any(row.cells):
                yield Skipped("blank line")
            elif fresh := _header(row.cells):
                header = fresh
                yield Skipped("header row")
            elif not header:
                yield Skipped("line before the header row")
            else:
                yield from beyond(row, len(header))
                cells = dict(zip(header, row.cells, strict=False))
                yield from _said(document, _Row(cells, f"line {row.line}"))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _header(cells: list[str]) -> list[str]:
    names = [cell.lower().strip("\ufeff \"'") for cell in cells]
    return names if set(names) >= NEEDED and set(names) & ALSO else []


def _said(document: Document, row: _Row) -> Iterator[Item]:
    name = row.cells.get("operation", "")
    event = _event(name, row.place)
    if isinstance(event, Rejected):
        yield event
        return
    source = row.cells.get("source_url", "")
    say = Sentences(provenance(document, origin=source), row.place)
    try:
        say.observed = _days(row.cells.get("start", ""), row.cells.get("end", ""))
    except NotValidError as error:
        why, mend = error.said
        yield Rejected(row.place, advised(Said("{why}: the row is taken without its days", why=why), mend))
    try:
        figure = figure_of(row.cells)
    except NotValidError as error:
        yield Rejected(row.place, error.advice)
        return
    yield say.say(event, FIGURE, figure.text, raw_of(event, name))
    if _several(name):
        yield say.say(event, "category", REPORT)
    for code in figure.where:
        yield say.say(event, "located-in", Entity("country", code.lower()))
    if source:
        yield say.say(event, "reference", source)
    if note := row.cells.get("note", ""):
        yield say.say(event, "observation", note)
    for column, cell in row.cells.items():
        if cell and column not in NEEDED | ALSO:
            yield say.say(event, "attribute", f"{column}: {cell}")


def _event(name: str, place: str) -> Entity | Rejected:
    """As `event_of`, for a row; a name may be too long only with the word that is put before it."""
    found = take("event", name, place)
    return found if isinstance(found, Rejected) else take("event", called(name), place)


def event_of(name: str) -> Entity:
    """The event that figures of an operation of that name are about.

    Raises:
        NotValidError: the name names nothing.
    """
    registry.parse("event", name)  # the word that is put before would name something by itself
    return registry.parse("event", called(name))


def called(name: str) -> str:
    """An operation's name as an event's: what would be anybody's word says that it is an operation.

    >>> called("Red Card"), called("Operation Red Card")
    ('Operation Red Card', 'Operation Red Card')
    """
    return name if "operation" in name.lower() else f"Operation {name}"


def figure_of(cells: Mapping[str, str]) -> Figure:
    """The figure that a row says.

    Raises:
        NotValidError: naming the cell and its mend.
    """
    low, _, high = cells.get("value", "").partition("..")
    first = amount(low)
    return Figure(
        measure=tidy(cells.get("measure", "")),
        low=first,
        high=amount(high) if high else first,
        bound=cells.get("qualifier") or "=",
        unit=cells.get("unit", ""),
        where=countries(cells.get("country", "")),
    )


def countries(text: str) -> tuple[str, ...]:
    """ISO 3166 codes, sorted, of countries written as `KE`, `Kenya` or `GH+NG`; none for `ALL`.

    Raises:
        NotValidError: one is no country.
    """
    if text.strip().lower() in EVERYWHERE:
        return ()
    return tuple(sorted({registry.parse("country", one).value.upper() for one in text.split("+")}))


def _days(start: str, end: str) -> Interval | None:
    """From the first day of the one to the last of the other; a year or month stands for all its days."""
    found = [_span(text) for text in (start, end) if text]
    if not found:
        return None
    vaguest = min((precision for _, _, precision in found), key=list(_SPANS.values()).index)
    return between(found[0][0] if start else None, found[-1][1] if end else None, vaguest)


def _span(text: str) -> tuple[date, date, str]:
    first = parse_day(f"{text}-01-01"[:10] if len(text) in {4, 7} else text)
    precision = _SPANS.get(len(text), "day")
    if precision == "year":
        return first, date(first.year, 12, 31), precision
    if precision == "month":
        return first, first.replace(day=monthrange(first.year, first.month)[1]), precision
    return first, first, precision
