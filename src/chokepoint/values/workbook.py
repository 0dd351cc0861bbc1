"""Workbooks (`.xlsx`, `.xls`, `.ods`) row by row, opened by a process of their own within limits.

A cell in the last corner of a sheet makes the parser reserve 512 GB and end its process; so that process is
never the one that asks.
"""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import zipfile
from contextlib import closing, suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values import sheets_child

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MOST_UNPACKED = 512 * 1024 * 1024
RATIO = 200
RATIO_FROM = 10_000_000
_MEND = "save it again without a password, or its sheets as CSV"


class Line(NamedTuple):
    """One filled row of a sheet.

    Attributes:
        sheet: its name.
        number: of the row, from 1.
        cells: trimmed texts from the first column on; empty where the sheet itself cannot be read.
        broken: why the rest of the sheet cannot be read, or empty.
    """

    sheet: str
    number: int
    cells: list[str]
    broken: str = ""


def workbook(data: bytes) -> Iterator[Line]:
    """All filled rows of all sheets, in order; a merged cell's text stands in each cell of its range.

    Whole numbers are written without a fraction; formulas give the value that was last computed.

    Raises:
        BadInputError: no workbook, damaged, or locked.
        TooLargeError: it unfolds too far, or its cells lie too far apart for the memory allowed.
    """
    _check_unpacked(data)
    command = [sys.executable, "-I", sheets_child.__file__]
    with (
        subprocess.Popen(  # noqa: S603 - our own file; the bytes go to its stdin alone
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child,
        closing(_Ended(child)),
    ):
        _hand(child, data)
        yield from _lines(child)


class _Ended:
    """Ends the process of a reader who stops early."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def close(self) -> None:
        self._child.kill()


def _hand(child: subprocess.Popen[bytes], data: bytes) -> None:
    pipe: IO[bytes] = child.stdin  # type: ignore[assignment]
    with suppress(BrokenPipeError), pipe:
        pipe.write(data)


def _lines(child: subprocess.Popen[bytes]) -> Iterator[Line]:
    out: IO[bytes] = child.stdout  # type: ignore[assignment]
    sheet, number = "", 0
    for text in out:
        told: Any = _read(text)
        if isinstance(told, list):
            number = told[0]
            yield Line(sheet, *told)
        elif "sheet" in told:
            sheet, number = told["sheet"], 0
        elif "broken" in told:
            yield Line(sheet, number, [], told["broken"])
        elif "refused" in told:
            raise BadInputError(f"the workbook cannot be opened ({told['refused']})", mend=_MEND)
    if child.wait() != 0:
        raise TooLargeError(
            "the workbook needs more memory than is allowed: its cells or their texts are too many,"
            " or lie too far apart",
            place=f"sheet {sheet!r}" if sheet else "",
            mend="delete stray cells far out, or save the sheet as CSV",
        )


def _read(text: bytes) -> Any:
    """A line of the child; one that a dying child left unfinished says nothing."""
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _check_unpacked(data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadInputError(f"the workbook is damaged ({error})", mend=_MEND) from None
    if total > MOST_UNPACKED or (total > RATIO_FROM and total > RATIO * len(data)):
        raise TooLargeError(
            f"the workbook unfolds to {total:,} bytes, far more than a workbook does",
            mend="save its sheets as CSV",
        )


def unquoted(name: str) -> str:
    """The name of a sheet, which places of claims write as Python does and people as it is.

    >>> unquoted("'Codes'"), unquoted("Codes"), unquoted(repr("Bob's codes"))
    ('Codes', 'Codes', "Bob's codes")
    """
    if name[:1] not in {"'", '"'} or name[-1:] != name[:1]:
        return name
    try:
        return str(ast.literal_eval(name))
    except (ValueError, SyntaxError):
        return name
