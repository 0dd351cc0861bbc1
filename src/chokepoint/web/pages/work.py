"""For which case is looked: chosen once, it stands beside every look in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from chokepoint.desk.watch.access import for_purpose
from chokepoint.desk.work.case import Case, cases
from chokepoint.web.route import Form, read, write
from chokepoint.web.viewer import Here, label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    """The open cases to choose from.

    Attributes:
        cases: those that the viewer is on and that are open.
        chosen: id of the one that is worked on, or empty.
    """

    cases: tuple[Case, ...]
    chosen: str


@dataclass(slots=True, kw_only=True)
class WorkForm:
    """The chosen case, or none."""

    case: str = ""
    next: str = "/"


@read("/work")
def work(seat: Here) -> Response[str]:
    """The cases that one can work on."""
    open_ones = tuple(one for one in cases(seat.atlas) if not one.closed)
    return seat.page(
        "work.html", WorkPage(cases=open_ones, chosen=seat.atlas.purpose), label=label_of(open_ones)
    )


@write("/work")
def choose(seat: Here, data: Form[WorkForm]) -> Response[Any]:
    """Work on a case from now on."""
    wanted = for_purpose(seat.front.office.opened_by(seat.session.viewer, data.case[:100]))
    seat.front.office.sessions.choose(seat.session, wanted.purpose)
    return seat.go(data.next)


ROUTES = (work, choose)
