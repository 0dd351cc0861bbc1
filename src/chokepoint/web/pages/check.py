"""Check: pasted text, a table or a document, line by line; kept only if one then puts it on record."""

from __future__ import annotations

import base64
import binascii
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from chokepoint.collect.base import Document, Rejected
from chokepoint.desk.looking.check import Line
from chokepoint.desk.looking.check import check as look_up
from chokepoint.desk.work.case import Case, cases, open_case
from chokepoint.desk.work.subject import take_up
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.marking import Marking, Tlp, parse_tlp
from chokepoint.model.role import Right
from chokepoint.model.said import Said
from chokepoint.web.pages.collect import LABELS, PATIENCE, checked_wishes
from chokepoint.web.pages.map import of_map
from chokepoint.web.route import Form, Upload, read, write
from chokepoint.web.show.account import Wishes
from chokepoint.web.show.words import COUNTED
from chokepoint.web.viewer import Here, Seat

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is checked in the browser; `chokepoint check` takes more."""
CARRIED = 3 * 1024 * 1024
"""Bytes of a file that the page itself carries on to what is done next; larger ones are chosen again."""
PASTED = "pasted text"
LATER = 90
"""Days after which a case that is opened from here is looked at again, unless somebody says otherwise."""
MOST_NAMES = 200
"""Things that go on into a case."""
ACTED_ON = frozenset({"new", "known", "conflicting"})
"""Statuses of what goes on into a case or to the map: what many share or nobody uses is no lead."""


@dataclass(slots=True, kw_only=True)
class CheckForm:
    """A pasted text or a file."""

    text: str = ""
    file: UploadFile | None = None
    csrf: str = ""


@dataclass(slots=True, kw_only=True)
class RecordForm:
    """What was checked, to put on record; `content` is a file's in base64, empty for a pasted text."""

    name: str = PASTED
    text: str = ""
    content: str = ""
    source: str = ""
    grade: str = ""
    tlp: str = "amber"
    csrf: str = ""


@dataclass(slots=True, kw_only=True)
class IntoForm:
    """Things for a case, `kind:value` a line each: one that is open, or a new one."""

    names: str = ""
    case: str = ""
    title: str = ""
    purpose: str = ""
    review: str = ""
    tlp: str = "amber"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """What the map says of a text.

    Attributes:
        name: of the file, or empty before anything was checked.
        text: what was pasted, to change it and check again.
        content: of a file that is small enough to be carried on, in base64.
        lines: those that hold something.
        counts: how many entities have a status, by status.
        problems: what could not be read.
        names: what can go on into a case or to the map, `kind:value`; mapped: of these, a line each, what an
            address can hold.
        cases: open ones of the viewer's organisation.
        speaks: whether the viewer may put something on record.
        labels: of TLP; review: the day (ISO 8601) that is proposed for a new case.
    """

    name: str = ""
    text: str = ""
    content: str = ""
    lines: tuple[Line, ...] = ()
    counts: dict[str, Said] = field(default_factory=dict)
    problems: tuple[Rejected, ...] = ()
    names: tuple[str, ...] = ()
    mapped: str = ""
    cases: tuple[Case, ...] = ()
    speaks: bool = False
    labels: tuple[Tlp, ...] = LABELS
    review: str = ""


@read("/check")
def check(seat: Here) -> Response[str]:
    """Where to paste."""
    return seat.page("check.html", CheckPage())


@write("/check", again=check, request_max_body_size=LARGEST, status_code=200)
def checked(seat: Here, data: Upload[CheckForm]) -> Response[str]:
    """Each line with what is known of what stands in it."""
    return _answer(seat, _document(data), pasted=not _is_file(data))


def _record_again(seat: Seat, data: RecordForm) -> Response[str]:
    """What was checked, once more, if it can be read."""
    pasted = not data.content
    content = data.text.encode("utf-8", "replace") if pasted else _carried(data.content)
    return _answer(seat, Document(path=PASTED if pasted else data.name[:200], data=content), pasted=pasted)


def _case_again(seat: Seat, data: IntoForm) -> Response[str]:
    """What was to go into the case; the text in which it stood is not sent along."""
    names = tuple(filter(None, map(str.strip, data.names.split("\n"))))[:MOST_NAMES]
    page = CheckPage(
        name=PASTED,
        names=names,
        mapped=of_map(names),
        cases=_open_ones(seat),
        speaks=Right.SPEAK in seat.rights,
        review=_later(seat),
    )
    return seat.page("check.html", page, label=seat.label)


def _answer(seat: Seat, document: Document, *, pasted: bool) -> Response[str]:
    problems: list[Rejected] = []
    lines = tuple(look_up(seat.atlas, document, problems))
    counts = Counter(told.status for line in lines for told in line.told)
    names = _names(lines)
    page = CheckPage(
        name=document.path,
        text=document.data.decode() if pasted else "",
        content="" if pasted or len(document.data) > CARRIED else base64.b64encode(document.data).decode(),
        lines=lines,
        counts={status: Said(*COUNTED[status], count=counts[status]) for status in COUNTED if counts[status]},
        problems=tuple(problems),
        names=names,
        mapped=of_map(names),
        cases=_open_ones(seat),
        speaks=Right.SPEAK in seat.rights,
        review=_later(seat),
    )
    return seat.page("check.html", page, label=seat.label)


@write("/check/record", again=_record_again, request_max_body_size=2 * CARRIED)
def record(seat: Here, data: Upload[RecordForm]) -> Response[Any]:
    """Put what was checked on record as `collect` does: its bytes are the capture to which claims lead back.

    Raises:
        RefusedError: the viewer may not speak, or too many of theirs wait.
        NotValidError: a label or grade that is none, or a content that no page of ours has carried.
    """
    pasted = not data.content
    own = seat.atlas.viewer.organisation if pasted else ""
    wishes = checked_wishes(seat, Wishes(origin=data.source.strip() or own, grade=data.grade, tlp=data.tlp))
    content = data.text.encode("utf-8", "replace") if pasted else _carried(data.content)
    if not content.strip():
        raise RefusedError("there is nothing to put on record", mend="check something first")
    name = f"{PASTED}.txt" if pasted else data.name
    sending = seat.front.office.intake.take(seat.session.viewer, [(name, io.BytesIO(content))], wishes)
    seat.front.office.intake.settle(sending, PATIENCE)
    return seat.go(f"/collect/{sending}")


@write("/check/case", again=_case_again)
def into_case(seat: Here, data: Form[IntoForm]) -> Response[Any]:
    """Put what stood in a text into a case; a new one where none is named.

    Raises:
        RefusedError: another's or a closed case, or a new one without title or purpose.
        NotFoundError: no such case.
    """
    names = list(filter(None, map(str.strip, data.names.split("\n"))))[:MOST_NAMES]
    viewer, name = seat.atlas.viewer, data.case.strip()
    if not name:
        draft = Case(
            id="",
            title=data.title.strip(),
            purpose=data.purpose.strip(),
            owner=viewer.user or viewer.organisation,
            review_date=data.review.strip() or _later(seat),
            marking=Marking(tlp=parse_tlp(data.tlp)),
        )
        name = open_case(seat.atlas, draft).id
    take_up(seat.atlas, name, names)
    return seat.go(f"/case/{name}")


def _is_file(data: CheckForm) -> bool:
    return data.file is not None and bool(data.file.filename)


def _document(data: CheckForm) -> Document:
    """The file, or the pasted text where there is none."""
    if data.file is not None and _is_file(data):
        return Document(path=data.file.filename[:200], data=data.file.file.read())
    return Document(path=PASTED, data=data.text.encode("utf-8", "replace"))


def _names(lines: tuple[Line, ...]) -> tuple[str, ...]:
    """What stands in the lines and is a lead, what the map knows of it first; context is none."""
    told = [
        one
        for line in lines
        for one in line.told
        if one.status in ACTED_ON and not ((found := line.found.get(one.entity)) and found.role == "context")
    ]
    known = [str(near) for one in told for near in (one.near if one.status == "new" else (one.entity,))]
    return tuple(dict.fromkeys([*known, *(str(one.entity) for one in told)]))[:MOST_NAMES]


def _open_ones(seat: Seat) -> tuple[Case, ...]:
    own = (one for one in cases(seat.atlas) if one.organisation == seat.atlas.viewer.organisation)
    return tuple(sorted((one for one in own if not one.closed), key=lambda one: one.title))


def _later(seat: Seat) -> str:
    return (date.fromisoformat(seat.atlas.clock()[:10]) + timedelta(days=LATER)).isoformat()


def _carried(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (ValueError, binascii.Error):
        raise NotValidError(
            "what was checked came back changed", mend="check the text or file again"
        ) from None


ROUTES = (check, checked, record, into_case)
