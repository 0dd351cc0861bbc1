"""Check: pasted text, a table or a document, line by line. Nothing of it is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from litestar import Response
from litestar.datastructures import UploadFile

from chokepoint.collect.base import Document, Rejected
from chokepoint.desk.check import Line
from chokepoint.desk.check import check as look_up
from chokepoint.web.route import Upload, read, write
from chokepoint.web.show.words import STATUSES
from chokepoint.web.viewer import Here

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is checked in the browser; `chokepoint check` takes more."""
PASTED = "pasted text"


@dataclass(slots=True, kw_only=True)
class CheckForm:
    """A pasted text or a file."""

    text: str = ""
    file: UploadFile | None = None
    csrf: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """What the map says of a text.

    Attributes:
        name: of the file, or empty before anything was checked.
        text: what was pasted, to change it and check again.
        lines: those that hold something.
        counts: entities by status.
        problems: what could not be read.
    """

    name: str = ""
    text: str = ""
    lines: tuple[Line, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    problems: tuple[Rejected, ...] = ()


@read("/check")
def check(seat: Here) -> Response[str]:
    """Where to paste."""
    return seat.page("check.html", CheckPage())


@write("/check", request_max_body_size=LARGEST, status_code=200)
def checked(seat: Here, data: Upload[CheckForm]) -> Response[str]:
    """Each line with what is known of what stands in it."""
    problems: list[Rejected] = []
    document = _document(data)
    lines = tuple(look_up(seat.atlas, document, problems))
    counts = Counter(told.status for line in lines for told in line.told)
    page = CheckPage(
        name=document.path,
        text="" if document.path != PASTED else data.text,
        lines=lines,
        counts={status: counts[status] for status in STATUSES if counts[status]},
        problems=tuple(problems),
    )
    return seat.page("check.html", page)


def _document(data: CheckForm) -> Document:
    """The file, or the pasted text where there is none."""
    if data.file is not None and data.file.filename:
        return Document(path=data.file.filename[:200], data=data.file.file.read())
    return Document(path=PASTED, data=data.text.encode("utf-8", "replace"))


ROUTES = (check, checked)
