"""Signing in with a provider (OpenID Connect): there, back, and the link between its account and a person's.

Whatever goes wrong on the way is one page for whoever came, and a line in the log for the operator.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from litestar import Response
from litestar.params import QueryParameter

from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.web.front import Front, Visitor, inside
from chokepoint.web.guard.register import hashed
from chokepoint.web.pages.sign_in import SHOWN, SignInPage, joined, signed_in, viewer_of, visited, works_here
from chokepoint.web.route import Form, FromPath, read, write
from chokepoint.web.signin.oidc.journey import JOIN, LINK, SIGN_IN, Journey
from chokepoint.web.signin.oidc.party import Returned
from chokepoint.web.signin.oidc.token import Subject
from chokepoint.web.viewer import Here

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 4000
"""Characters of anything that a browser brings back."""
log = logging.getLogger("chokepoint.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayPage:
    """The way to a provider: its label, and the address there."""

    label: str
    address: str


@dataclass(slots=True, kw_only=True)
class AwayForm:
    """What is to be done with the answer: where to go on, or which invitation to accept."""

    next: str = "/"
    who: str = ""
    token: str = ""


@dataclass(slots=True, kw_only=True)
class LinkedForm:
    """Which link goes."""

    name: str = ""


@write("/sign-in/with/{name:str}", status_code=200)
def away(front: Visitor, name: FromPath[str], data: Form[AwayForm]) -> Response[Any]:
    """Send the browser to a provider, to be let in."""
    return _away(front, name, SIGN_IN, carried=inside(data.next))


@write("/join/with/{name:str}", status_code=200)
def away_to_join(front: Visitor, name: FromPath[str], data: Form[AwayForm]) -> Response[Any]:
    """Send the browser to a provider, to accept an invitation with its account."""
    return _away(front, name, JOIN, who=data.who.strip()[:SHOWN], carried=data.token.strip()[:SHOWN])


@write("/account/provider/{name:str}", status_code=200)
def away_to_link(seat: Here, name: FromPath[str]) -> Response[Any]:
    """Send the browser to a provider, to link its account to whoever is signed in."""
    return _away(seat.front, name, LINK, who=_written(seat.session.viewer))


@write("/account/providers/remove")
def unlink(seat: Here, data: Form[LinkedForm]) -> Response[Any]:
    """Take a link away."""
    seat.front.office.party.subjects.remove(seat.session.viewer, data.name[:40])
    return seat.go("/account")


@read("/sign-in/with/{name:str}/back")
def back(
    front: Visitor,
    name: FromPath[str],
    *,
    code: Annotated[str, QueryParameter()] = "",
    told: Annotated[str, QueryParameter(name="state")] = "",
    iss: Annotated[str, QueryParameter()] = "",
    error: Annotated[str, QueryParameter()] = "",
) -> Response[Any]:
    """Whoever comes back from a provider: let in, linked, joined, or told that it does not fit."""
    party = front.office.party
    party.named(name)
    returned = Returned(code=code[:LONGEST], state=told[:LONGEST], iss=iss[:LONGEST], error=error[:LONGEST])
    return _unless_refused(front, name, lambda: _arrived(front, *party.arrival(front.cookie, name, returned)))


def _arrived(front: Front, journey: Journey, subject: Subject) -> Response[Any]:
    if journey.goal == LINK:
        return _linked(front, journey, subject)
    if journey.goal == JOIN:
        return _joined(front, journey, subject)
    viewer = front.office.party.subjects.who(subject)
    if viewer is None or not works_here(front, viewer):
        raise RefusedError("nobody who works here is linked to that account")
    return signed_in(front, viewer, how="provider", where=journey.carried)


def _joined(front: Front, journey: Journey, subject: Subject) -> Response[Any]:
    """The account is looked at before the invitation, which would be used up."""
    subjects, invited = front.office.party.subjects, viewer_of(journey.who)
    _freed(front, subject)
    if subjects.who(subject) is not None:
        raise RefusedError("an invitation, with an account that is linked already")
    if not joined(front, invited, journey.carried):
        raise RefusedError("the invitation does not hold")
    subjects.link(subject, invited)
    return signed_in(front, invited, how="provider", where="/")


def _freed(front: Front, subject: Subject) -> None:
    """Take away a link to somebody who has left."""
    viewer = front.office.party.subjects.who(subject)
    if viewer is not None and not works_here(front, viewer):
        front.office.party.subjects.forget(subject)


def _linked(front: Front, journey: Journey, subject: Subject) -> Response[Any]:
    """The session that set out must be on still, and be of the same person."""
    session = front.office.sessions.find(front.session)
    if session is None or _written(session.viewer) != journey.who or not works_here(front, session.viewer):
        raise RefusedError("whoever wanted to link is not signed in any more")
    _freed(front, subject)
    front.office.party.subjects.link(subject, session.viewer)
    return front.go("/account")


def _away(front: Front, name: str, goal: str, *, who: str = "", carried: str = "") -> Response[Any]:
    party = front.office.party
    provider = party.named(name)

    def leave() -> Response[Any]:
        address = party.way(party.journeys.begin(front.cookie, name, goal, who=who, carried=carried))
        return front.page("away.html", AwayPage(label=provider.label, address=address))

    return _unless_refused(front, name, leave)


def _unless_refused(front: Front, name: str, step: Callable[[], Response[Any]]) -> Response[Any]:
    """A step of the way by a provider, unless too many before it were refused; counted until it is not."""
    rate, browser = front.office.rate, f"{name} {hashed(front.cookie).hex()}"
    if not rate.counted(browser, front.address):
        return _again(front, SignInPage(waiting=True), status=429)
    try:
        answer = step()
    except RefusedError as refusal:
        log.warning("sign-in with %s: %s", name, refusal.reason)
        return _again(front, SignInPage(refused=True), status=401)
    except BaseException:
        rate.spared(browser, front.address)
        raise
    rate.spared(browser, front.address)
    return answer


def _again(front: Front, page: SignInPage, *, status: int) -> Response[Any]:
    """The way in once more, which repeats nothing of what the browser brought."""
    return visited(replace(front, path="/sign-in"), "sign_in.html", page, status=status)


def _written(viewer: Viewer) -> str:
    return viewer.person or viewer.organisation


ROUTES = (away, away_to_join, away_to_link, unlink, back)
