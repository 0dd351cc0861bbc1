"""How two things are connected, hop by hop, with the evidence for each."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from chokepoint.desk.looking.route import Routes
from chokepoint.desk.looking.route import path as connect
from chokepoint.web.route import FromQuery, read
from chokepoint.web.viewer import Here

LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPage:
    """Connections between two things.

    Attributes:
        start, goal: as they were typed.
        routes: what the desk found; None before anything was asked.
    """

    start: str
    goal: str
    routes: Routes | None


@read("/path")
def path(seat: Here, start: FromQuery[str] = "", goal: FromQuery[str] = "") -> Response[str]:
    """The best connections of the viewer's map."""
    one, other = start.strip()[:LONGEST], goal.strip()[:LONGEST]
    routes = connect(seat.atlas, one, other) if one and other else None
    return seat.page("path.html", PathPage(start=one, goal=other, routes=routes), label=seat.label)


ROUTES = (path,)
