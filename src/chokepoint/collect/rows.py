"""Delimited text → rows with their line numbers; an unclosed quote never swallows the rest of a file."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Literal, NamedTuple

from chokepoint.collect.base import Rejected
from chokepoint.model.said import Said, advised

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

LONGEST_QUOTE = 200
"""Lines that one quoted cell may span."""

LONGEST_CELL = 32_768
MOST_REPAIRS = 200
SEPARATORS = ",\t;|"


class Row(NamedTuple):
    """One record: the line it starts on (1-based) and its cells, trimmed."""

    line: int
    cells: list[str]


class _Lines:
    """Feeds lines to `csv.reader` and knows how far it got."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self.at = 0
        self.stop = len(lines)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.at >= self.stop:
            raise StopIteration
        line = self._lines[self.at]
        self.at += 1
        return line + "\n"


def rows(text: str, separator: str = ",") -> Iterator[Row | Rejected]:
    """The records of a delimited text; cells over 32,768 characters are cut and reported."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    start, repairs = 0, 0
    while start < len(lines):
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if repairs < MOST_REPAIRS else csv.QUOTE_NONE
        bad = yield from _run(lines, start, separator, quoting)
        if bad < 0:
            return
        if len(lines[bad]) <= csv.field_size_limit():
            reason = "a quote opens that does not close; the line is read without quotes. Mend: close it"
        else:
            reason = f"a line of {len(lines[bad]):,} characters, cut at {LONGEST_CELL:,}. Mend: shorten it"
        yield Rejected(f"line {bad + 1}", reason)
        yield from _trimmed(
            bad + 1,
            next(csv.reader([lines[bad][:LONGEST_CELL]], delimiter=separator, quoting=csv.QUOTE_NONE), []),
        )
        start, repairs = bad + 1, repairs + 1


def _run(
    lines: list[str], start: int, separator: str, quoting: Literal[0, 3]
) -> Generator[Row | Rejected, None, int]:
    """Rows from a line on; ends with the index of a line whose quote does not close, or −1."""
    feed = _Lines(lines)
    feed.at = start
    reader = csv.reader(feed, delimiter=separator, quoting=quoting, skipinitialspace=True)
    while True:
        first = feed.at
        try:
            cells = next(reader)
        except StopIteration:
            return -1
        except csv.Error:
            return first
        if feed.at - first > 1 and (feed.at - first > LONGEST_QUOTE or _unclosed(feed, lines, first)):
            return first
        yield from _trimmed(first + 1, cells)


def _unclosed(feed: _Lines, lines: list[str], first: int) -> bool:
    return feed.at == len(lines) and sum(line.count('"') for line in lines[first : feed.at]) % 2 == 1


def _trimmed(line: int, cells: list[str]) -> Iterator[Row | Rejected]:
    short = []
    for cell in cells:
        if len(cell) > LONGEST_CELL:
            yield Rejected(
                f"line {line}",
                advised(
                    Said(
                        "a cell of {cell:,} characters, cut at {longest_cell:,}",
                        cell=len(cell),
                        longest_cell=LONGEST_CELL,
                    ),
                    "shorten it",
                ),
            )
        short.append(cell[:LONGEST_CELL].strip())
    yield Row(line, short)


def uncommented(text: str) -> tuple[str, int]:
    r"""A delimited text without the lines that its publisher commented out, and their number.

    Lines keep their numbers. The last comment before the first row is the header, if it has as many cells.

    >>> uncommented("# Terms\n# id,url\n1,http://a.com/")
    ('\nid,url\n1,http://a.com/', 1)
    """
    lines = text.split("\n")
    marked = [at for at, line in enumerate(lines) if line.lstrip("\ufeff \t")[:1] == "#"]
    comments = set(marked)
    body = next((at for at, line in enumerate(lines) if line.strip() and at not in comments), -1)
    if body < 1 or not marked or marked[0] > body:
        return text, 0
    header = max(at for at in marked if at < body)
    told = lines[header].strip("# \t\r\ufeff")
    separator = separator_of("\n".join(lines[body : body + 60]))
    widths = [
        len(next(csv.reader([one], delimiter=separator or ",", skipinitialspace=True), []))
        for one in (told, lines[body])
    ]
    kept = {header: told} if widths[0] == widths[1] > 1 else {}
    for at in marked:
        lines[at] = kept.get(at, "")
    return "\n".join(lines), len(marked) - len(kept)


def separator_of(text: str) -> str:
    r"""The separator under which the first lines fall into the same number of cells; empty where none does.

    >>> separator_of("a;b;c\\n1;2,5;3\\n4;5;6\\n")
    ';'
    """
    best, best_share = "", 0.0
    sample = "\n".join(text[:65_536].split("\n")[:60])
    for separator in SEPARATORS:
        widths = [
            len(row.cells) for row in rows(sample, separator) if isinstance(row, Row) and any(row.cells)
        ]
        if not widths:
            continue
        width = max(set(widths), key=lambda w: (widths.count(w), w))
        share = widths.count(width) / len(widths) + (0.001 * min(width, 50))
        if width > 1 and share > best_share:
            best, best_share = separator, share
    return best if best_share >= 0.5 else ""
