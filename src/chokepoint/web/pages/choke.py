"""The choke board: where a strike lasts, what it breaks and when that regrows, for a budget one can move."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litestar import Request, Response

from chokepoint.desk.analyse import ChokeOptions
from chokepoint.desk.analyse.answer import ChokeAnswer, in_words
from chokepoint.desk.analyse.chain.telling import finding_parts
from chokepoint.desk.colleagues import as_all
from chokepoint.desk.looking.summary import LEVERS
from chokepoint.desk.watch.access import saw
from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.member import Mode
from chokepoint.model.said import AT, Said, linked
from chokepoint.package.drawing.chain import SLIM, chain_svg
from chokepoint.package.drawing.chain import WIDE as CHAIN_WIDE
from chokepoint.package.drawing.curve import NARROW, WIDE, curve_svg
from chokepoint.package.findings import Chain, Curve, Line, PlanRow, Stop
from chokepoint.values.registry import show
from chokepoint.web.boards import Board, Question, board_of
from chokepoint.web.route import read
from chokepoint.web.show.told import Teller
from chokepoint.web.viewer import Here, Seat

if TYPE_CHECKING:
    from multidict import MultiMapping

MOST_BUDGET, LONGEST = 200.0, 1825.0
FIRST = 8
"""Leads that stand open; the weaker ones are one press away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the board was asked, as it stands in its form.

    Attributes:
        budget, beside: in registrar takedowns; `beside` is a second plan to compare with, 0 for none.
        horizon: days over which damage counts.
        without: targets and lever-holders that are excluded, one a line.
        country, cap: highest summed cost in one country; empty for none.
        modes_out: ways to act that are not wanted.
        not_before: first day of a request, ISO, or empty.
    """

    budget: float = 20.0
    beside: float = 0.0
    horizon: float = 365.0
    without: str = ""
    country: str = ""
    cap: float = 0.0
    modes_out: tuple[str, ...] = ()
    not_before: str = ""

    def options(self, budget: float) -> ChokeOptions:
        """The question to the desk."""
        first = parse_day(self.not_before) if self.not_before else None
        return ChokeOptions(
            budget=budget,
            horizon=self.horizon,
            top=LEVERS,
            without=frozenset(filter(None, map(str.strip, self.without.splitlines()))),
            caps=((self.country.upper(), self.cap),) if self.country else (),
            modes_out=frozenset(self.modes_out),
            not_before=first,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A lever that waits for vetting, in words, and the name of the actor whose things it reaches."""

    words: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChokePage:
    """The board.

    Attributes:
        asked: as it was asked.
        answer: the desk's.
        rows: the plan on a value chain; empty without one.
        curves: damage over time, wide and narrow; empty without a chain.
        pictures: the chain before and after, wide and slim.
        coverage, sensitivity: what may be doubted.
        leads: without a chain: levers that wait for vetting; first: of these, those that stand open.
        left: flow that is left, of this plan and of the one beside it, as shares of what there was.
        modes: ways to act, for the form.
        problem: what in the form could not be read.
    """

    asked: Asked
    answer: ChokeAnswer
    rows: tuple[PlanRow, ...] = ()
    curves: tuple[str, str] = ("", "")
    pictures: tuple[str, str] = ("", "")
    coverage: tuple[Line, ...] = ()
    sensitivity: tuple[Line, ...] = ()
    leads: tuple[Lead, ...] = ()
    first: int = FIRST
    left: tuple[float, ...] = ()
    modes: tuple[str, ...] = tuple(mode.value for mode in Mode)
    problem: str = ""


@read("/choke")
def choke(seat: Here, request: Request[Any, Any, Any]) -> Response[str]:
    """The board for a question; as a part of a page, the answer alone."""
    page = board(seat, asked_in(request.query_params))
    return seat.page("_choke.html" if seat.front.part else "choke.html", page, label=seat.label)


def asked_in(query: MultiMapping[str]) -> Asked:
    """The question that an address asks; what is no number, or past the limits, is what is nearest to it."""
    return Asked(
        budget=_figure(query.get("budget", ""), 20.0, MOST_BUDGET),
        beside=_figure(query.get("beside", ""), 0.0, MOST_BUDGET),
        horizon=max(1.0, _figure(query.get("horizon", ""), 365.0, LONGEST)),
        without=query.get("without", "")[:20_000],
        country=query.get("country", "").strip()[:2],
        cap=_figure(query.get("cap", ""), 0.0, MOST_BUDGET),
        modes_out=tuple(mode.value for mode in Mode if mode.value in query.getall("no", [])),
        not_before=query.get("not_before", "")[:10],
    )


def _figure(text: str, otherwise: float, most: float) -> float:
    try:
        figure = float(text)
    except ValueError:
        return otherwise
    return min(max(figure, 0.0), most) if math.isfinite(figure) else otherwise


def board(seat: Seat, asked: Asked) -> ChokePage:
    """Ask the desk, and draw."""
    saw(seat.atlas, "choke", "the whole map")
    problem = ""
    try:
        options = asked.options(asked.budget)
    except NotValidError as error:
        problem, asked = error.said[0], Asked(budget=asked.budget, horizon=asked.horizon)
        options = asked.options(asked.budget)
    found = _found(seat, options)
    answer = found.answer
    if answer.chain is None:
        leads = tuple(Lead(words=in_words(one), actor=one.actor) for one in answer.leads)
        return ChokePage(asked=asked, answer=answer, leads=leads, problem=problem)
    other = _found(seat, asked.options(asked.beside)).answer if asked.beside else None
    parts = finding_parts(answer.chain, found.names)
    tell = Teller(seat.front.language, flat=True)
    second = other.chain.curve if other and other.chain else ()
    return ChokePage(
        asked=asked,
        answer=answer,
        rows=parts["plan"],
        curves=_curves(parts["curve"], tuple(point.after for point in second), tell),
        pictures=_pictures(parts["chain"], tell),
        coverage=parts["coverage"],
        sensitivity=parts["sensitivity"],
        left=_left(answer, other),
        problem=problem,
    )


def _found(seat: Seat, options: ChokeOptions) -> Board:
    """The answer to one question; anew where persons are shown in full, which is logged each time."""
    question = Question(atlas=as_all(seat.atlas), options=options, late=seat.atlas.late)
    return board_of(question) if seat.atlas.unfold else seat.front.office.boards.of(question)


def _curves(curve: Curve, beside: tuple[float, ...], tell: Teller) -> tuple[str, str]:
    wide, narrow = (curve_svg(curve, size, beside=beside, tell=tell) for size in (WIDE, NARROW))
    return wide, narrow


def _pictures(chain: Chain, tell: Teller) -> tuple[str, str]:
    """The chain with each thing by its name: whoever looks at the board sees the map that it is made of."""
    named = replace(chain, stops=tuple(stop._replace(name=_name(stop)) for stop in chain.stops))
    return chain_svg(named, CHAIN_WIDE, tell), chain_svg(named, SLIM, tell)


def _name(stop: Stop) -> str:
    return linked(AT, map(show, stop.parts)) or Said(stop.column)


def _left(*answers: ChokeAnswer | None) -> tuple[float, ...]:
    """The share of the flow that each plan leaves."""
    told = [one.chain.document for one in answers if one and one.chain]
    return tuple(one["flow_after"] / one["flow_before"] if one["flow_before"] > 0 else 1.0 for one in told)


ROUTES = (choke,)
