"""The text as the scanner reads it, and the way back to the text as it stood."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property

from chokepoint.values.defang import NARROW, edits
from chokepoint.values.text.table import Table, column_head, parted, tables
from chokepoint.values.text.words import fold

_INNOCENT = frozenset({"hidden", "half", "spaced", "entity", "apart", "wide", "accents"})
"""Habits that also have innocent reasons."""


class View:
    """A text made whole: refanged, narrow, without hidden characters; with offsets into the original.

    Attributes:
        source: the text as it stood.
        text: the text made whole.
        low: `text` folded to lower case, of equal length.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        narrow = source if source.isascii() else source.translate(NARROW)
        parts: list[str] = []
        self._at: list[int] = [0]
        self._original: list[int] = [0]
        self._defanged: list[int] = []
        last = length = 0
        for edit in edits(narrow):
            start = max(last, edit.start)
            parts += (narrow[last:start], edit.plain)
            length += start - last
            if edit.habit not in _INNOCENT:
                self._defanged.append(length)
            length += len(edit.plain)
            last = edit.end
            self._at.append(length)
            self._original.append(last)
        parts.append(narrow[last:])
        self.text = "".join(parts) if last else narrow
        self._tables = self._part_tables()
        self.low = fold(self.text)

    def _part_tables(self) -> list[Table]:
        """Tables of the text, whose separators become tabs."""
        if not any(mark in self.text for mark in ",;|\t"):
            return []
        lines = self.text.split("\n")
        found = list(tables(lines))
        for table in found:
            if table.mark in ",;":
                rows = slice(table.first, table.last + 1)
                lines[rows] = [parted(line, table.mark) for line in lines[rows]]
        self.text = "\n".join(lines)
        return found

    def table_at(self, line: int) -> Table | None:
        """The table to which a line belongs."""
        at = bisect_right(self._tables, line, key=lambda table: table.first) - 1
        return self._tables[at] if at >= 0 and line <= self._tables[at].last else None

    def column_head(self, offset: int) -> str:
        """The head of the column in whose cell an offset lies, folded; empty where there is none."""
        line = self.line_of(offset)
        table = self.table_at(line)
        if table is None or line == table.first:
            return ""
        first, last = self.line_span(table.first)
        start = self.line_span(line)[0]
        return column_head(self.low[first:last], self.low[start:offset], table.mark)

    def origin(self, offset: int) -> int:
        """The offset in the original of an offset in `text`."""
        at = bisect_right(self._at, offset) - 1
        return min(self._original[at] + offset - self._at[at], len(self.source))

    def defanged(self, start: int, end: int) -> bool:
        """Whether something between the offsets had been made harmless by its writer."""
        at = bisect_left(self._defanged, start)
        return at < len(self._defanged) and self._defanged[at] < end

    @cached_property
    def any_defanged(self) -> bool:
        """Whether anything in the text had been made harmless."""
        return bool(self._defanged)

    @cached_property
    def lines(self) -> list[int]:
        """Offsets in `text` at which lines start."""
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def line_of(self, offset: int) -> int:
        """Index of the line in which an offset lies."""
        return bisect_right(self.lines, offset) - 1

    def line_span(self, line: int) -> tuple[int, int]:
        """Start and end of a line, its break excluded."""
        start = self.lines[line]
        end = self.lines[line + 1] - 1 if line + 1 < len(self.lines) else len(self.text)
        return start, end

    def before(self, offset: int, reach: int) -> str:
        """What stands before an offset on its line, folded, at most `reach` characters."""
        start = max(self.line_span(self.line_of(offset))[0], offset - reach)
        return self.low[start:offset]

    def introduction(self, offset: int, reach: int) -> str:
        """As `before`; of the first thing on a line also the end of the line above, which leads to it."""
        line = self.line_of(offset)
        here = self.before(offset, reach)
        if line == 0 or here.strip(" \t>|*-") or offset - self.line_span(line)[0] > reach:
            return here
        first, last = self.line_span(line - 1)
        return f"{self.low[max(first, last - reach) : last]} "

    def after(self, offset: int, reach: int) -> str:
        """What stands after an offset on its line, folded, at most `reach` characters."""
        return self.low[offset : min(self.line_span(self.line_of(offset))[1], offset + reach)]
