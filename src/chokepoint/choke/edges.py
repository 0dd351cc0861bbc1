"""Edge lists for `dismantle`: two columns of text or CSV, any node names; the caller reads the file."""

from __future__ import annotations

import csv
from bisect import insort
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.choke.names import Names
from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from chokepoint.choke.chain import Floats, Ints

    Bytes = NDArray[np.uint8]

COMMENTS = ("#", "%", "//")
HEADERS = {("u", "v"), ("source", "target"), ("from", "to"), ("src", "dst"), ("node", "cost"), ("id", "cost")}
LONGEST_LINE = 10_000
LARGEST_BLOCK = 1 << 24
MOST_SHOWN = 100
ARROWS = frozenset({"->", "-->", "=>", "<-", "<->", "--", "→", "↔"})
"""What stands between two names in the files of graph drawing programs."""
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
        names: node names in order of first appearance, as text.
        u, v: int32 (m,), ends by position in `names`.
        broken: the first broken lines, at most `MOST_SHOWN`.
        broken_count: how many there were.
    """

    names: Names
    u: Ints
    v: Ints
    broken: tuple[BrokenLine, ...]
    broken_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostList:
    """What removing nodes costs.

    Attributes:
        costs: float64 (nodes,); 1 where the file says nothing.
        strange: lines with a cost of a node that the graph does not have.
        broken: the first broken lines, at most `MOST_SHOWN`.
        broken_count: how many there were.
    """

    costs: Floats
    strange: int
    broken: tuple[BrokenLine, ...]
    broken_count: int


class _Broken:
    """Counts broken lines and keeps the first, by where they stand."""

    def __init__(self) -> None:
        self.kept: list[BrokenLine] = []
        self.count = 0

    def add(self, line: int, reason: str) -> None:
        self.count += 1
        if len(self.kept) < MOST_SHOWN or line < self.kept[-1].line:
            insort(self.kept, BrokenLine(line=line, reason=reason), key=lambda one: one.line)
            del self.kept[MOST_SHOWN:]


def read_edges(blocks: Iterable[bytes]) -> EdgeList:
    """Parse lines of two columns separated by comma, semicolon, tab or blanks; further columns are ignored.

    Comment lines (#, %, //), empty lines and header lines before the first edge (`source,target` and
    the like) are skipped; a line that is not UTF-8, longer than `LONGEST_LINE` bytes, or has one column
    is broken and costs only itself.

    Args:
        blocks: the bytes of the file, cut anywhere; a megabyte each is read quickest.

    Raises:
        BadInputError: there are lines but not one edge, or arrows stand between the names.
        TooLargeError: more than `MOST_EDGES` edges.
    """
    names, broken = Names(), _Broken()
    parts: list[Ints] = []
    edges = 0
    for lines in _parsed(blocks, broken):
        if not edges:
            _drop_headers(lines)
        at = np.flatnonzero(lines.spans[:, 0] >= 0)
        if not edges and at.size:
            _refuse_an_arrow(lines, int(at[0]))
        edges += at.size
        if edges > MOST_EDGES:
            line = lines.before + int(at[MOST_EDGES - edges]) + 1
            raise TooLargeError(f"more than {MOST_EDGES} edges", place=f"line {line}", mend="split the list")
        parts.append(names.number(lines.block, lines.spans[at].reshape(-1, 2)))
    if not edges and broken.count:
        first = broken.kept[0]
        raise BadInputError(
            f"no edge in any line; {first.reason}",
            place=f"line {first.line}",
            mend="write two node names a line",
        )
    u, v = (np.concatenate([np.empty(0, np.int32), *(part[side::2] for part in parts)]) for side in (0, 1))
    return EdgeList(names=names, u=u, v=v, broken=tuple(broken.kept), broken_count=broken.count)


def read_costs(blocks: Iterable[bytes], names: Names) -> CostList:
    """Parse lines of node name and cost, in the same forms as edges; the last cost of a node counts."""
    costs, broken, strange = np.ones(len(names)), _Broken(), 0
    for lines in _parsed(blocks, broken):
        at = np.flatnonzero(lines.spans[:, 0] >= 0)
        nodes = names.find(lines.block, lines.spans[at, :2])
        for row, node, text in zip(at.tolist(), nodes.tolist(), lines.seconds(at), strict=True):
            cost = _cost(text)
            if not cost and tuple(one.lower() for one in lines.texts(row)) not in HEADERS:
                broken.add(lines.before + row + 1, f"cost {text!r:.40} is not a finite number above 0")
            elif cost and node >= 0:
                costs[node] = cost
            elif cost:
                strange += 1
    return CostList(costs=costs, strange=strange, broken=tuple(broken.kept), broken_count=broken.count)


def _cost(text: str) -> float:
    """What is written, or 0 where it is no cost."""
    try:
        cost = float(text)
    except ValueError:
        return 0.0
    return cost if 0 < cost < float("inf") else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Some whole lines.

    Attributes:
        before: lines of the file before them.
        data: their bytes, and behind them what odd ones hold.
        spans: int32 (lines, 4), begin and end of the first two columns in the data; below 0 where a
            line has none.
    """

    before: int
    data: bytes
    spans: Ints

    @property
    def block(self) -> Bytes:
        """The data as uint8."""
        return np.frombuffer(self.data, np.uint8)

    def texts(self, row: int) -> tuple[str, str]:
        """Both columns of a line."""
        a, b, c, d = self.spans[row].tolist()
        return self.data[a:b].decode(), self.data[c:d].decode()

    def seconds(self, rows: NDArray[np.integer]) -> Iterator[str]:
        """The second column of each of these lines."""
        return (self.data[begin:end].decode() for begin, end in self.spans[rows, 2:].tolist())


def _parsed(blocks: Iterable[bytes], broken: _Broken) -> Iterator[_Lines]:
    """Lines by the block: plain ones by the kernel, the others one by one with care."""
    from chokepoint.choke.kernels import lines  # noqa: PLC0415 - numba loads when it computes

    before = 0
    for data in _whole_lines(blocks):
        spans = np.empty((data.count(b"\n"), 4), np.int32)
        lines.split(np.frombuffer(data, np.uint8), LONGEST_LINE, spans)
        odd, extra, size = np.flatnonzero(spans[:, 0] == lines.ODD), bytearray(), len(data)
        if odd.size:
            rows = []
            for row, (_, begin, end, _) in zip(odd.tolist(), spans[odd].tolist(), strict=True):
                pair = _pair(data[begin:end], before + row + 1, broken)
                if pair is None:
                    rows.append((lines.NONE, begin, end, 0))
                    continue
                first, second = (name.encode() for name in pair)
                middle = size + len(extra) + len(first)
                rows.append((middle - len(first), middle, middle, middle + len(second)))
                extra += first + second
            spans[odd] = rows
        yield _Lines(before=before, data=data + extra, spans=spans)
        before += len(spans)


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut behind ends of lines; of a line that is too long only so much that it stays so."""
    rest = b""
    for block in (
        part[at : at + LARGEST_BLOCK] for part in blocks for at in range(0, len(part), LARGEST_BLOCK)
    ):
        cut = block.rfind(b"\n") + 1
        if cut:
            yield rest + block[:cut]
            rest = b""
        rest = (rest + block[cut:])[: LONGEST_LINE + 1]
    if rest:
        yield rest + b"\n"


def _drop_headers(lines: _Lines) -> None:
    """Leave out what stands before the first edge and only names the columns."""
    for row in np.flatnonzero(lines.spans[:, 0] >= 0).tolist():
        if tuple(text.lower() for text in lines.texts(row)) not in HEADERS:
            return
        lines.spans[row, 0] = -1


def _refuse_an_arrow(lines: _Lines, row: int) -> None:
    """Stop where the first edge is written as drawings are; a name in quotes or between commas is a name."""
    words = lines.data.split(b"\n", row + 1)[row].decode(errors="replace").split()
    if len(words) > 2 and words[1] in ARROWS:
        raise BadInputError(
            f"the second column is {words[1]!r}, an arrow and no node",
            place=f"line {lines.before + row + 1}",
            mend="write two node names a line alone",
        )


def _pair(line: bytes, number: int, broken: _Broken) -> tuple[str, str] | None:
    """The first two columns; None for a line to skip, noted when it is broken."""
    if len(line) > LONGEST_LINE:
        broken.add(number, f"longer than {LONGEST_LINE} bytes")
        return None
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        broken.add(number, "not UTF-8")
        return None
    if "\0" in text:
        broken.add(number, "a NUL character: no text, or text that is not UTF-8")
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
    try:
        row = next(csv.reader([text], delimiter=mark, skipinitialspace=True), [])
    except csv.Error:  # a return outside of quotes
        return []
    return [part.strip() for part in row]
