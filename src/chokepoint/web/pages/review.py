"""The review desk: a claim with its evidence and the words of its source, a vote, and what waits after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from litestar import Response
from litestar.enums import RequestEncodingType
from litestar.params import Body

from chokepoint.desk.colleagues import as_all
from chokepoint.desk.looking.source import Source, source
from chokepoint.desk.resolve import claim_ids
from chokepoint.desk.vetting.again import again as twice
from chokepoint.desk.vetting.calibration import calibrate, shares
from chokepoint.desk.vetting.queue import SPARE, queue
from chokepoint.desk.vetting.review import Besides, vote
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Answer, Vote
from chokepoint.store.base import StoredClaim
from chokepoint.vet.belief import telling
from chokepoint.vet.calibration import Report, Share
from chokepoint.web.office import QUEUED
from chokepoint.web.route import FromQuery, read, write
from chokepoint.web.viewer import Here, Seat

LISTED = 40
"""Claims of the queue that stand beside the one that is read."""
TOGETHER = QUEUED - SPARE
"""Claims among which others of the same capture are looked for."""
MOST_DONE = 100_000


@dataclass(slots=True, kw_only=True)
class VoteForm:
    """A word on one claim or several."""

    claim: list[str] | str = ""
    word: str = ""
    reason: str = ""
    crime: str = ""
    disclose: str = ""
    until: str = ""
    despite: bool = False
    done: int = 0
    again: bool = False
    csrf: str = ""

    @property
    def ticked(self) -> list[str]:
        """Ids of the claims; a form with one sends no list."""
        return [self.claim] if isinstance(self.claim, str) and self.claim else list(self.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The desk of a vetter.

    Attributes:
        waiting: what waits for their organisation's word, most worth a vote first.
        source: the claim that is read, at its place in its capture; None where nothing waits.
        together: claims of the same capture that wait too.
        voted: claims just voted on; done: how many since they sat down, as the page itself carries it on.
        waits: claims that wait for their word; more: whether there are more than were looked for.
        again: whether what waits was judged by the organisation already, and is worth a second look.
        form: what was sent and refused, to be mended.
        problem: why it was refused.
    """

    waiting: tuple[StoredClaim, ...]
    source: Source | None = None
    together: tuple[StoredClaim, ...] = ()
    voted: tuple[str, ...] = ()
    done: int = 0
    waits: int = 0
    more: bool = False
    again: bool = False
    form: VoteForm = field(default_factory=VoteForm)
    problem: RefusedError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """What is known by now of voters and gradings.

    Attributes:
        gradings: how well beliefs from gradings alone met what voters found.
        errors: share of once accepted statements that fell since.
        members: of each, the share of true statements it confirmed, and of false ones it disputed; and
            whether its confirmations count towards a quorum.
    """

    gradings: Report
    errors: Share
    members: tuple[tuple[str, tuple[Share, Share], bool], ...]


@read("/review")
def review(
    seat: Here,
    *,
    claim: FromQuery[str] = "",
    voted: FromQuery[str] = "",
    done: FromQuery[int] = 0,
    again: FromQuery[bool] = False,
) -> Response[str]:
    """The claim that is asked for, or the one of which a vote changes most; or, again, a second look.

    Raises:
        NotFoundError: the claim is none that the viewer sees.
    """
    form = VoteForm(done=done, again=again)
    return _page(seat, claim, voted=tuple(filter(None, voted.split(",")))[:TOGETHER], form=form)


@write("/review")
def decide(
    seat: Here, data: Annotated[VoteForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
) -> Response[Any]:
    """The organisation's word; then the next claim, or the same page with what to mend."""
    try:
        ids = cast(seat, data)
    except RefusedError as refused:
        return _page(seat, next(iter(data.ticked), ""), form=data, problem=refused)
    return seat.go(_next(ids, data))


def cast(seat: Seat, data: VoteForm) -> list[str]:
    """Vote as the form says; returns the ids of the claims.

    Raises:
        RefusedError: nothing ticked, no word, or what the desk refuses.
        NotFoundError: a claim that the viewer does not see.
    """
    if not data.ticked:
        raise RefusedError("no claim is ticked", mend="tick those that your word is about")
    if data.word not in {one.value for one in Vote}:
        raise RefusedError("the vote is missing", mend="say whether the claim is true, wrong, or undecided")
    ids = claim_ids(seat.atlas, data.ticked)
    besides = Besides(
        crime=_answer(data.crime), disclose=_answer(data.disclose), until=data.until, despite=data.despite
    )
    vote(seat.atlas, ids, Vote(data.word), data.reason.strip(), besides=besides)
    return ids


@read("/review/together")
def together(seat: Here, claim: FromQuery[str], done: FromQuery[int] = 0) -> Response[str]:
    """Claims of one capture that wait, to be voted on at once.

    Raises:
        NotFoundError: the claim is none that the viewer sees.
    """
    return _together(seat, claim, form=VoteForm(done=done))


@write("/review/together")
def decide_together(
    seat: Here,
    data: Annotated[VoteForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    claim: FromQuery[str] = "",
) -> Response[Any]:
    """One word on all that are ticked."""
    try:
        ids = cast(seat, data)
    except RefusedError as refused:
        return _together(seat, claim, form=data, problem=refused)
    return seat.go(_next(ids, data))


@read("/review/record")
def record(seat: Here) -> Response[str]:
    """How often votes and gradings turned out right."""
    found = calibrate(seat.atlas)
    members = tuple((name, shares(one), telling(one)) for name, one in found.members.items())
    page = RecordPage(gradings=found.gradings, errors=found.errors, members=members)
    return seat.page("review_record.html", page, label=seat.label)


def _next(ids: list[str], data: VoteForm) -> str:
    """Where the desk goes on once a word is given."""
    voted = ",".join(name[:12] for name in ids[:LISTED])
    more = "&again=true" if data.again else ""
    return f"/review?voted={voted}&done={_counted(_counted(data.done) + len(ids))}{more}"


def _counted(done: int) -> int:
    """What a page may have carried on: whoever changes it fools themselves alone."""
    return min(max(done, 0), MOST_DONE)


def _page(
    seat: Seat,
    claim: str,
    *,
    form: VoteForm,
    voted: tuple[str, ...] = (),
    problem: RefusedError | None = None,
) -> Response[str]:
    found = twice(seat.atlas, limit=TOGETHER) if form.again else _waiting(seat)
    wanted = claim or (found[0].id if found else "")
    one = _source(seat, wanted) if wanted else None
    page = ReviewPage(
        waiting=tuple(found[:LISTED]),
        source=one,
        together=() if form.again else _others(found, one),
        voted=voted,
        done=_counted(form.done),
        waits=len(found),
        more=len(found) == TOGETHER,
        again=form.again,
        form=form,
        problem=problem,
    )
    return seat.page("review.html", page, status=400 if problem else 200, label=seat.label)


def _together(
    seat: Seat, claim: str, *, form: VoteForm, problem: RefusedError | None = None
) -> Response[str]:
    one = _source(seat, claim)
    found = _waiting(seat)
    page = ReviewPage(
        waiting=(),
        source=one,
        together=_others(found, one),
        done=_counted(form.done),
        form=form,
        problem=problem,
    )
    return seat.page("review_together.html", page, status=400 if problem else 200, label=seat.label)


def _waiting(seat: Seat) -> list[StoredClaim]:
    """What waits; colleagues are shown the same in one order, which is kept for all of them."""
    orders = seat.front.office.orders
    return queue(seat.atlas, limit=TOGETHER, order=lambda atlas: orders.of(as_all(atlas)))


def _others(found: list[StoredClaim], one: Source | None) -> tuple[StoredClaim, ...]:
    """Those of the same capture, the one that is read among them if it waits."""
    if one is None:
        return ()
    capture = one.stored.claim.provenance.capture
    return tuple(other for other in found if other.claim.provenance.capture == capture)


def _source(seat: Seat, claim: str) -> Source:
    """A claim by its id or the beginning of one."""
    return source(seat.atlas, claim_ids(seat.atlas, [claim])[0])


def _answer(word: str) -> Answer:
    return Answer(word) if word in {one.value for one in Answer} else Answer.UNSAID


ROUTES = (review, decide, together, decide_together, record)
