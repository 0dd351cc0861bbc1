"""The first page: what waits for me, and where to begin."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from chokepoint.desk.case import Case, cases
from chokepoint.web.route import read
from chokepoint.web.viewer import Here


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What waits for the viewer.

    Attributes:
        cases: open ones, those to be looked at again first.
        today: the day (ISO 8601) by which a case is overdue.
    """

    cases: tuple[Case, ...]
    today: str


@read("/")
def home(seat: Here) -> Response[str]:
    """What waits, and the ways in."""
    today = seat.atlas.clock()[:10]
    waiting = sorted((one for one in cases(seat.atlas) if not one.closed), key=lambda one: one.review_date)
    return seat.page("home.html", HomePage(cases=tuple(waiting), today=today))


ROUTES = (home,)
