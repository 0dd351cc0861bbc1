"""The process that opens one workbook: bytes on stdin; on stdout a JSON line a sheet and a filled row.

Runs alone, by its path, because the parser lays out the whole rectangle between the outermost cells of a
sheet and ends its process where that does not fit into memory. Lines are `{"names": [...]}`, `{"refused":
reason}`, `{"sheet": name}`, `{"broken": reason}` and `[row, [cell, ...]]`, rows counted from 1.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = 1536 * 1024 * 1024
LONGEST_CELL = 1_000_000
WIDEST_MERGE = 100_000
MOST_MERGED = 1_000_000


def main() -> None:
    """Tell the workbook on stdin.

    The exit code is 0 also for a workbook that cannot be opened: that is told on stdout.
    """
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    room = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (room, most))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        names = book.sheet_names
    except Exception as error:  # noqa: BLE001 - the library's errors share no class
        return _tell({"refused": _words(error)})
    _tell({"names": names})
    for name in names:
        _tell({"sheet": name})
        sys.stdout.flush()  # what is said so far outlives a parser that dies on this sheet
        try:
            for line in _rows(book.get_sheet_by_name(name)):
                _tell(line)
        except Exception as error:  # noqa: BLE001 - as above; the other sheets are read all the same
            _tell({"broken": _words(error)})
    return None


def _tell(line: Any) -> None:
    # ASCII alone: a lone surrogate in a cell must not end the pipe
    sys.stdout.write(json.dumps(line) + "\n")


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _rows(sheet: Any) -> Iterator[list[Any]]:
    """The rows that hold anything; a merged range says its text in each of its cells."""
    if sheet.start is None:
        return
    left = sheet.start[1]
    merged = _merged(sheet)
    carried: dict[tuple[int, int], Any] = {}
    for number, cells in enumerate(
        sheet.iter_rows()
    ):  # from the first row on, but from the first filled column
        texts = [""] * left
        for column, value in enumerate(cells, left):
            origin = merged.get((number, column))
            if origin == (number, column):
                carried[origin] = value
            texts.append(_cell(carried.get(origin, "") if origin and value in {"", None} else value))
        if any(texts):
            yield [number + 1, texts]


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells covered by a merged range → its first cell; absurdly wide ranges are left alone."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if (bottom - top + 1) * (right - left + 1) > WIDEST_MERGE or len(found) > MOST_MERGED:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                found[row, column] = (top, left)
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:LONGEST_CELL].strip()


if __name__ == "__main__":
    main()
