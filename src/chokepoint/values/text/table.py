"""Rows of tables inside a text: cells are parted from their neighbours and know the head of their column."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEAST = {"\t": (1, 2), ";": (2, 2), "|": (2, 2), ",": (2, 3)}
"""Separator → marks in a row and rows one after another that make a table; commas are also for prose."""

_LONGEST_CELL = 90
_quoted = re.compile(r'"[^"\n]*"')


class Table(NamedTuple):
    """Lines of one table.

    Attributes:
        first: index of its first line.
        last: index of its last line.
        mark: what parts the cells in the text as it was read.
    """

    first: int
    last: int
    mark: str


def tables(lines: Sequence[str]) -> Iterator[Table]:
    """Runs of lines that one separator parts into the same number of cells."""
    for (mark, _), run in groupby(enumerate(lines), key=lambda numbered: _shape(numbered[1])):
        if not mark:
            continue
        numbers = [number for number, _ in run]
        if len(numbers) >= _LEAST[mark][1]:
            yield Table(numbers[0], numbers[-1], mark)


def _shape(line: str) -> tuple[str, int]:
    """The separator of a row and how often it stands there; empty where the line is none."""
    for mark, (least, _) in _LEAST.items():
        count = line.count(mark)
        if count < least:
            continue
        bare = _quoted.sub("", line) if '"' in line and mark in ";," else line
        count = bare.count(mark)
        if count >= least and (mark in "\t|" or max(map(len, bare.split(mark))) <= _LONGEST_CELL):
            return mark, count
    return "", 0


def parted(line: str, mark: str) -> str:
    """A row with a tab for each separator outside quotation marks; as long as it was."""
    if mark in "\t|":
        return line
    if '"' not in line:
        return line.replace(mark, "\t")
    pieces = line.split('"')
    pieces[::2] = [piece.replace(mark, "\t") for piece in pieces[::2]]
    return '"'.join(pieces)


def column_head(head: str, row: str, mark: str) -> str:
    """What the first row of a table says above the cell that begins where `row` ends."""
    mark = mark if mark == "|" else "\t"
    cells = head.split(mark)
    at = row.count(mark)
    return cells[at].strip() if at < len(cells) else ""
