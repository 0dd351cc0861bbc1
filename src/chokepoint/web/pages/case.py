"""Cases: purpose, owner, members, tasks, review date, and the page of the weekly meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litestar import Response

from chokepoint.desk.work.case import (
    Case,
    cases,
    close_case,
    find_case,
    finish_task,
    open_case,
    set_members,
    set_task,
)
from chokepoint.desk.work.meeting import Meeting, meeting
from chokepoint.desk.work.subject import take_up
from chokepoint.model.marking import Marking, Tlp, parse_tlp
from chokepoint.web.pages.map import of_map
from chokepoint.web.pages.member import others
from chokepoint.web.route import Form, FromPath, read, write
from chokepoint.web.viewer import Here, label_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.looking.dossier import Evidence

LABELS = tuple(label for label in Tlp)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage:
    """The cases that the viewer may see.

    Attributes:
        open_ones: those to be looked at again first; closed: the others.
        today: the day (ISO 8601) by which a case is overdue.
        labels: of TLP, to choose from.
        members: of the coalition, to give the need to know to.
    """

    open_ones: tuple[Case, ...]
    closed: tuple[Case, ...]
    today: str
    labels: tuple[Tlp, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case.

    Attributes:
        case: as it stands.
        own: whether the viewer's organisation may change it.
        chosen: whether it is what the viewer looks for now.
        mapped: addresses of what it is about, a line each, as many as the map's address holds.
        members: of the coalition, to give the need to know to.
        today: the day (ISO 8601) by which it is overdue.
        meeting: of the last seven days; fresh: its new claims by what they say, newest first.
    """

    case: Case
    own: bool
    chosen: bool
    mapped: str
    members: tuple[str, ...]
    today: str
    meeting: Meeting
    fresh: tuple[tuple[Evidence, ...], ...]


@dataclass(slots=True, kw_only=True)
class OpenForm:
    """A new case; members with commas between."""

    title: str = ""
    purpose: str = ""
    owner: str = ""
    review: str = ""
    members: str = ""
    tlp: str = "amber"


@dataclass(slots=True, kw_only=True)
class ChangeForm:
    """One change: a task to add or one that is done, a member or a thing that comes or goes, why it ends."""

    task: str = ""
    done: int = 0
    add: str = ""
    remove: str = ""
    thing: str = ""
    out: str = ""
    reason: str = ""


@read("/case")
def listing(seat: Here) -> Response[str]:
    """All of them, and a form for a new one."""
    every = sorted(cases(seat.atlas), key=lambda one: (one.review_date, one.title))
    page = CasesPage(
        open_ones=tuple(one for one in every if not one.closed),
        closed=tuple(one for one in every if one.closed),
        today=seat.atlas.clock()[:10],
        labels=LABELS,
        members=others(seat),
    )
    return seat.page("cases.html", page, label=label_of(every))


@write("/case", again=listing)
def opening(seat: Here, data: Form[OpenForm]) -> Response[Any]:
    """Open one."""
    viewer = seat.atlas.viewer
    draft = Case(
        id="",
        title=data.title.strip(),
        purpose=data.purpose.strip(),
        owner=data.owner.strip() or viewer.user or viewer.organisation,
        review_date=data.review.strip(),
        members=tuple(filter(None, map(str.strip, data.members.split(",")))),
        marking=Marking(tlp=parse_tlp(data.tlp)),
    )
    return seat.go(f"/case/{open_case(seat.atlas, draft).id}")


@read("/case/{name:str}")
def one(seat: Here, name: FromPath[str]) -> Response[str]:
    """One with its tasks and its weekly meeting."""
    case = find_case(seat.atlas, name)
    week = meeting(seat.atlas, case)
    page = CasePage(
        case=case,
        own=seat.speaks and case.organisation == seat.atlas.viewer.organisation and not case.closed,
        chosen=case.id == seat.atlas.purpose,
        mapped=of_map(map(str, week.targets)),
        members=others(seat),
        today=seat.atlas.clock()[:10],
        meeting=week,
        fresh=_by_sentence(week.new),
    )
    return seat.page("case.html", page, label=_label(case, week))


@write("/case/{name:str}/change", again=one)
def changing(seat: Here, name: FromPath[str], data: Form[ChangeForm]) -> Response[Any]:
    """Make the change that the form says."""
    case = find_case(seat.atlas, name)
    if data.task.strip():
        set_task(seat.atlas, case.id, data.task.strip())
    if data.done:
        finish_task(seat.atlas, case.id, data.done)
    if data.add.strip() or data.remove.strip():
        set_members(seat.atlas, case.id, add=_some(data.add), remove=_some(data.remove))
    for text, held in ((data.thing, True), (data.out, False)):
        if text.strip():
            take_up(seat.atlas, case.id, [text.strip()], held=held)
    if data.reason.strip():
        close_case(seat.atlas, case.id, data.reason.strip())
    return seat.go(f"/case/{case.id}")


def _label(case: Case, week: Meeting) -> Tlp:
    """The strictest of the case, of the claims of which its meeting speaks, and of its operations."""
    told = (*week.new, *week.waiting, *(one.evidence for one in week.moved))
    claims = (one.stored.claim.provenance.marking for one in told)
    return max(one.tlp for one in (case.marking, *claims, *(led.marking for led in week.operations)))


def _by_sentence(claims: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Claims that say the same together, where the first of them stands."""
    same: dict[tuple[object, ...], list[Evidence]] = {}
    for one in claims:
        claim = one.stored.claim
        same.setdefault((claim.subject, claim.property, claim.object), []).append(one)
    return tuple(map(tuple, same.values()))


def _some(text: str) -> list[str]:
    return [text.strip()] if text.strip() else []


ROUTES = (listing, opening, one, changing)
