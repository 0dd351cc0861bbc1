"""The first page: what is in front of me, what waits, what is under way, and the whole in two minutes."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from chokepoint.desk.analyse.answer import in_words
from chokepoint.desk.colleagues import as_all
from chokepoint.desk.looking.summary import MOST_WAITING, OPEN, Summary
from chokepoint.desk.watch.access import saw
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.case import Case, cases
from chokepoint.desk.work.operation import operations
from chokepoint.web.route import read
from chokepoint.web.viewer import Here, label_of

SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What waits for the viewer.

    Attributes:
        cases: open ones, those to be looked at again first.
        today: the day (ISO 8601) by which a case is overdue.
        unvoted: claims by others on which the viewer's organisation has not voted; None for who does not
            vote; most: up to how many are counted.
        led: operations that are planned or under way.
    """

    cases: tuple[Case, ...]
    today: str
    unvoted: int | None
    led: tuple[Operation, ...]
    most: int = MOST_WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPage:
    """Two minutes.

    Attributes:
        summary: of the viewer's map.
        today: the day (ISO 8601) of it.
        strike: where a strike would last, in sentences; lead: the first that waits for vetting, or empty.
    """

    summary: Summary
    today: str
    strike: tuple[str, ...]
    lead: str


@read("/")
def home(seat: Here) -> Response[str]:
    """What waits, and the ways in."""
    held = cases(seat.atlas) if seat.looks else []
    page = HomePage(
        cases=tuple(sorted((one for one in held if not one.closed), key=lambda one: one.review_date)),
        today=seat.atlas.clock()[:10],
        unvoted=seat.front.office.waiting.of(as_all(seat.atlas)) if seat.votes else None,
        led=tuple(one for one in operations(seat.atlas) if one.state in OPEN) if seat.looks else (),
    )
    return seat.page("home.html", page, label=label_of([*page.cases, *page.led]))


@read("/summary")
def brief(seat: Here) -> Response[str]:
    """What is known, what was done and what it changed, on one printed page.

    Raises:
        RefusedError: the viewer may not look.
    """
    found = seat.front.office.summaries.of(as_all(seat.atlas))
    saw(seat.atlas, "summary", "the whole map", found.events)
    answer = found.strike
    page = SummaryPage(
        summary=found,
        today=seat.atlas.clock()[:10],
        strike=answer.reasons()[:SENTENCES],
        lead=in_words(answer.leads[0]) if answer.leads and not answer.chain else "",
    )
    return seat.page("summary.html", page, label=seat.label)


ROUTES = (home, brief)
