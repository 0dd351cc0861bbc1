"""Edge lists for `dismantle`: two columns of text or CSV, any node names; the caller reads the file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.choke.chain import Floats, Ints

COMMENTS = ("#", "%", "//")
HEADERS = {("u", "v"), ("source", "target"), ("from", "to"), ("src", "dst"), ("node", "cost"), ("id", "cost")}
LONGEST_LINE = 10_000
MOST_SHOWN = 100
MOST_EDGES = 200_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line that holds no edge.

    Attributes:
        line: 1-based number.
        reason: what is wrong with it.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeList:
    """Edges as numbers, with the names that the file used.

    Attributes:
        names: node names in order of first appearance.
        u, v: int32 (m,), ends by position in `names`.
        broken: the first broken lines, at most `MOST_SHOWN`.
        broken_count: how many there were.
    """

    names: tuple[str, ...]
    u: Ints
    v: Ints
    broken: tuple[BrokenLine, ...]
    broken_count: int


class _Broken:
    """Counts broken lines and keeps the first."""

    def __init__(self) -> None:
        self.kept: list[BrokenLine] = []
        self.count = 0

    def add(self, line: int, reason: str) -> None:
        self.count += 1
        if len(self.kept) < MOST_SHOWN:
            self.kept.append(BrokenLine(line=line, reason=reason))


def read_edges(lines: Iterable[bytes | str]) -> EdgeList:
    """Parse lines of two columns separated by comma, semicolon, tab or blanks; further columns are ignored.

    Comment lines (#, %, //), empty lines and one header line (`source,target` and the like) are
    skipped; a line that is not UTF-8, too long, or has one column is broken and costs only itself.

    Raises:
        BadInputError: there are lines but not one edge.
        TooLargeError: more than `MOST_EDGES` edges.
    """
    from array import array  # noqa: PLC0415 - compact growth is needed here only

    index: dict[str, int] = {}
    ends = array("i")
    broken = _Broken()
    for number, line in enumerate(lines, 1):
        pair = _pair(line, number, broken)
        if pair is None or (not ends and tuple(p.lower() for p in pair) in HEADERS):
            continue
        for name in pair:
            ends.append(index.setdefault(name, len(index)))
        if len(ends) > 2 * MOST_EDGES:
            raise TooLargeError(
                f"more than {MOST_EDGES} edges", place=f"line {number}", mend="split the list"
            )
    if not ends and broken.count:
        first = broken.kept[0]
        raise BadInputError(
            f"no edge in any line; {first.reason}",
            place=f"line {first.line}",
            mend="write two node names a line",
        )
    table = np.frombuffer(ends, dtype=np.int32).reshape(-1, 2) if ends else np.empty((0, 2), dtype=np.int32)
    return EdgeList(
        names=tuple(index), u=table[:, 0].copy(), v=table[:, 1].copy(),
        broken=tuple(broken.kept), broken_count=broken.count,
    )  # fmt: skip


def read_costs(lines: Iterable[bytes | str], names: tuple[str, ...]) -> tuple[Floats, tuple[BrokenLine, ...]]:
    """Parse lines of node name and cost, in the same forms as edges.

    Returns:
        (float64 (len(names),), broken lines); nodes that are not listed cost 1, listed ones that
        the graph does not have are ignored.
    """
    index = {name: at for at, name in enumerate(names)}
    costs = np.ones(len(names))
    broken = _Broken()
    for number, line in enumerate(lines, 1):
        pair = _pair(line, number, broken)
        if pair is None or tuple(p.lower() for p in pair) in HEADERS:
            continue
        try:
            cost = float(pair[1])
        except ValueError:
            cost = float("nan")
        if not 0 < cost < float("inf"):
            broken.add(number, f"cost {pair[1]!r:.40} is not a finite number above 0")
        elif pair[0] in index:
            costs[index[pair[0]]] = cost
    return costs, tuple(broken.kept)


def _pair(line: bytes | str, number: int, broken: _Broken) -> tuple[str, str] | None:
    """The first two columns; None for a line to skip, noted when it is broken."""
    if len(line) > LONGEST_LINE:
        broken.add(number, f"longer than {LONGEST_LINE} characters")
        return None
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
    except UnicodeDecodeError:
        broken.add(number, "not UTF-8")
        return None
    text = text.strip().lstrip("\ufeff")
    if not text or text.startswith(COMMENTS):
        return None
    columns = _columns(text)
    if len(columns) < 2 or not columns[0] or not columns[1]:
        broken.add(number, f"{text!r:.60} has no two columns")
        return None
    return columns[0], columns[1]


def _columns(text: str) -> list[str]:
    for mark in (",", ";", "\t"):
        if mark in text:
            if '"' in text:
                return _quoted(text, mark)
            return [part.strip() for part in text.split(mark)]
    return text.split()


def _quoted(text: str, mark: str) -> list[str]:
    """Columns some of which stand in quotes, so that the mark may be part of a name."""
    row = next(csv.reader([text], delimiter=mark, skipinitialspace=True), [])
    return [part.strip() for part in row]
