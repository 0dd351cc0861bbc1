"""Signing in and out: by password, by a link once, by an invitation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Annotated, Any

from litestar import Response
from litestar.params import QueryParameter

from chokepoint.desk.people.staff import join as accept
from chokepoint.desk.people.staff import may
from chokepoint.model.errors import ChokepointError, NotValidError
from chokepoint.model.marking import Viewer
from chokepoint.web.front import SESSION, VISIT, Front, Visitor, inside
from chokepoint.web.route import Form, FromPath, read, write
from chokepoint.web.signin.anew import begin_anew
from chokepoint.web.signin.link import Links
from chokepoint.web.signin.password import SHORTEST, Passwords, check
from chokepoint.web.viewer import Here

SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """The way in.

    Attributes:
        who: as it was typed.
        back: where the person wanted to go.
        refused: whether what they gave did not fit.
        waiting: whether they have to wait before they try again.
    """

    who: str = ""
    back: str = "/"
    refused: bool = False
    waiting: bool = False


@dataclass(slots=True, kw_only=True)
class SignInForm:
    """What the way in sends."""

    who: str = ""
    password: str = ""
    next: str = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """The first visit of somebody who was invited.

    Attributes:
        who: `ORG/USER`.
        token: of the invitation.
        shortest: characters that a password needs.
        problem: what did not fit of the password, if anything.
        refused: whether the invitation does not hold.
    """

    who: str
    token: str
    shortest: int = SHORTEST
    problem: NotValidError | None = None
    refused: bool = False


@dataclass(slots=True, kw_only=True)
class JoinForm:
    """What the first visit sends."""

    who: str = ""
    token: str = ""
    password: str = ""


@read("/sign-in")
def sign_in(front: Visitor, back: Annotated[str, QueryParameter(name="next")] = "/") -> Response[str]:
    """The way in."""
    return visited(front, "sign_in.html", SignInPage(back=inside(back)))


@write("/sign-in")
def enter(front: Visitor, data: Form[SignInForm]) -> Response[Any]:
    """A session for whoever gives the right password; all others get one answer after the same time."""
    who, back = data.who.strip()[:SHOWN], inside(data.next)
    rate = front.office.rate
    if not rate.counted(who, front.address):
        return front.page("sign_in.html", SignInPage(who=who, back=back, waiting=True), status=429)
    viewer = viewer_of(who)
    fits = Passwords(front.office.register).fits(viewer, data.password)
    if not fits or not works_here(front, viewer):
        return front.page("sign_in.html", SignInPage(who=who, back=back, refused=True), status=401)
    rate.succeeded(who, front.address)
    return signed_in(front, viewer, how="password", where=back)


@read("/enter/{token:str}")
def by_link(front: Visitor, token: FromPath[str]) -> Response[Any]:
    """A session for whoever holds a link that was not used yet."""
    viewer = Links(front.office.register).use(token)
    if viewer is None or not works_here(front, viewer):
        return visited(front, "sign_in.html", SignInPage(refused=True), status=401)
    return signed_in(front, viewer, how="link", where="/")


@read("/join/{who:path}")
def invited(front: Visitor, who: FromPath[str]) -> Response[str]:
    """The form with which an invitation, `ORG/USER/TOKEN`, is accepted; opening it uses nothing up."""
    person, _, token = who.strip("/").rpartition("/")
    return visited(front, "join.html", JoinPage(who=person[:SHOWN], token=token[:SHOWN]))


@write("/join")
def join(front: Visitor, data: Form[JoinForm]) -> Response[Any]:
    """Accept an invitation and choose a password."""
    who, token = data.who.strip()[:SHOWN], data.token.strip()[:SHOWN]
    viewer = viewer_of(who)
    try:
        check(viewer, data.password)
    except NotValidError as error:
        return front.page("join.html", JoinPage(who=who, token=token, problem=error), status=422)
    if not joined(front, viewer, token):
        return front.page("join.html", JoinPage(who=who, token=token, refused=True), status=403)
    Passwords(front.office.register).set(viewer, data.password)
    return signed_in(front, viewer, how="invitation", where="/")


def joined(front: Front, viewer: Viewer, token: str) -> bool:
    """Whether the invitation held, and is used up; the same for one that is old, used, or never was."""
    rate = front.office.rate
    if not front.office.serves(viewer.organisation) or not rate.counted(viewer.person, front.address):
        return False
    try:
        accept(front.office.opened_by(viewer), token)
    except ChokepointError:
        return False
    rate.succeeded(viewer.person, front.address)
    begin_anew(front.office.register, viewer)
    return True


@write("/sign-out")
def leave(front: Visitor) -> Response[Any]:
    """End this session."""
    front.office.sessions.end(front.session)
    return _gone(front)


@write("/sign-out-everywhere")
def leave_everywhere(seat: Here) -> Response[Any]:
    """End all sessions of this person."""
    seat.front.office.sessions.end_all(seat.session.viewer)
    return _gone(seat.front)


def signed_in(front: Front, viewer: Viewer, *, how: str, where: str) -> Response[Any]:
    """A new session for somebody who has proved who they are; the one that the browser had is over."""
    token = front.office.sessions.begin(viewer, how, instead_of=front.session)
    answer = front.go(where)
    answer.cookies.append(front.keep(SESSION, token, seconds=None))
    return answer


def _gone(front: Front) -> Response[Any]:
    answer = front.go("/sign-in")
    answer.cookies.append(front.keep(SESSION, "", seconds=0))
    return answer


def viewer_of(who: str) -> Viewer:
    """Whom `ORG` or `ORG/USER` names."""
    organisation, _, user = who.partition("/")
    return Viewer(organisation=organisation.strip(), user=user.strip())


def works_here(front: Front, viewer: Viewer) -> bool:
    """Whether the desk serves the person's organisation and they work there now."""
    office = front.office
    return office.serves(viewer.organisation) and bool(may(office.opened_by(viewer)))


def visited(front: Front, template: str, page: object, *, status: int = 200) -> Response[str]:
    """A page with a form for somebody who has no session, and the cookie to which the form belongs."""
    if front.cookie:
        return front.page(template, page, status=status)
    visit = secrets.token_urlsafe(24)
    answer = replace(front, visit=visit).page(template, page, status=status)
    answer.cookies.append(front.keep(VISIT, visit, seconds=None))
    return answer


ROUTES = (sign_in, enter, by_link, invited, join, leave, leave_everywhere)
