"""Who asks: from a session to the atlas as its person sees it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from litestar import Request  # noqa: TC002 - litestar reads what a dependency asks for
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from chokepoint.desk.label import strictest
from chokepoint.desk.people.staff import may
from chokepoint.desk.watch.access import for_purpose
from chokepoint.desk.work.case import cases
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.role import Right
from chokepoint.web.front import Front, front_of
from chokepoint.web.guard.forgery import SAFE
from chokepoint.web.guard.sessions import Session
from chokepoint.web.signin.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar import Response

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.work.act import Operation
    from chokepoint.desk.work.case import Case
    from chokepoint.model.marking import Tlp, Viewer
    from chokepoint.web.office import Office


CANVAS = frozenset(
    f"/api/v1/map/{name}" for name in ("begin", "piece", "branches", "expand", "path", "overview")
)
"""Where the canvas asks and changes nothing."""
LONGEST = 200
"""Characters of what a program shows."""
LOOK = frozenset({"look"})
"""What a key must be for where a page does not say otherwise."""


def label_of(listed: Iterable[Case | Operation]) -> Tlp | None:
    """The strictest label of cases and operations that are named on a page; none where none is."""
    return max((one.marking.tlp for one in listed), default=None)


class NobodyError(Exception):
    """Nobody is signed in; the answer is the way to sign in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody at the desk.

    Attributes:
        front: of the request.
        session: of the browser.
        atlas: as they see it, for the case that they work on.
        rights: what they may do, to leave out what they would be refused; the desk decides.
    """

    front: Front
    session: Session
    atlas: Atlas
    rights: frozenset[Right]

    @property
    def who(self) -> str:
        """`ORG` or `ORG/USER`."""
        return _who(self.atlas.viewer)

    @property
    def case(self) -> str:
        """What people call the case that they work on; empty outside any."""
        purpose = self.atlas.purpose
        return next((one.title for one in cases(self.atlas) if one.id == purpose), purpose) if purpose else ""

    @property
    def looks(self) -> bool:
        """Whether they may look at the map; else nothing that leads into it is shown."""
        return Right.LOOK in self.rights

    @property
    def speaks(self) -> bool:
        """Whether they may put claims, cases and operations on record; else no form for it is shown."""
        return Right.SPEAK in self.rights

    @property
    def votes(self) -> bool:
        """Whether they may vote."""
        return Right.VET in self.rights

    @property
    def label(self) -> Tlp:
        """The label of what is reckoned from their whole map."""
        return strictest(self.atlas)

    def page(
        self, template: str, page: object = None, *, status: int = 200, label: Tlp | None = None
    ) -> Response[str]:
        """An answer with a page; see `Front.page`. Its label stands on each sheet of paper."""
        return self.front.page(template, page, status=status, seat=self, label=label)

    def go(self, where: str) -> Response[None]:
        """An answer that sends the browser on after a form was taken."""
        return self.front.go(where)


Here = SkipValidation[NamedDependency[Seat]]
"""How a page asks for the seat: `seat: Here`. Whoever has none does not reach it."""


def seat_of(request: Request[Any, Any, Any]) -> Seat:
    """The seat of a request. A page that asks for it is closed to whoever has none.

    Raises:
        NobodyError: nobody is signed in, the session is over, or the person has left since.
        RefusedError: a key of theirs that was made for something else: 403 (TAXII 2.1 §3.6.1, RFC 6750 §3.1).
    """
    office: Office = request.app.state.office
    front = front_of(request)
    session = _session(request, office, front)
    if session is None:
        raise NobodyError
    atlas = replace(office.opened_by(session.viewer, session.purpose), late=_late(request, office))
    rights = may(atlas)
    if not rights:
        office.sessions.end_all(session.viewer)
        raise NobodyError
    try:
        atlas = for_purpose(atlas)
    except NotFoundError:
        if session.how == "key":
            raise
        # the case was closed to them: they go on outside any, and the shell says so
        office.sessions.choose(session, "")
        atlas = office.opened_by(session.viewer)
    return Seat(front=front, session=session, atlas=atlas, rights=rights)


def bearer(request: Request[Any, Any, Any]) -> str:
    """The key that a program shows, or nothing; where there is one, cookies count for nothing.

    TAXII's programs may show it as the password of HTTP Basic too.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and for_programs(request):
        return token.strip()[:LONGEST]
    if kind.lower() == "basic" and for_taxii(request):
        return _basic(token)[1][:LONGEST] or "none"
    return ""


def _basic(token: str) -> tuple[str, str]:
    """Name and password of HTTP Basic (RFC 7617); empty where it is malformed."""
    try:
        name, _, password = base64.b64decode(token.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return name, password


def for_programs(request: Request[Any, Any, Any]) -> bool:
    """Whether programs ask here."""
    return for_taxii(request) or request.scope["path"].startswith("/api/")


def for_taxii(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asks in the words of TAXII; the path loses its last stroke once it is known."""
    return f"{request.scope['path']}/".startswith("/taxii2/")


def _late(request: Request[Any, Any, Any], office: Office) -> float:
    """How late the map may be: not at all for what is put on record or sent away.

    The canvas asks by POST for what must not stand in an address.
    """
    reads = request.method in SAFE or request.scope["path"] in CANVAS
    return office.late if reads else 0.0


def _who(viewer: Viewer) -> str:
    return viewer.person or viewer.organisation


def _session(request: Request[Any, Any, Any], office: Office, front: Front) -> Session | None:
    token = bearer(request)
    if not token:
        return office.sessions.find(front.session)
    key = Keys(office.register).find(token)
    if key is None or not office.serves(key.viewer.organisation):
        return None
    kind, _, shown = request.headers["authorization"].partition(" ")
    if kind.lower() == "basic" and _basic(shown)[0] not in {_who(key.viewer), key.prefix}:
        return None
    if key.scopes.isdisjoint(request.route_handler.opt.get("scopes", LOOK)):
        raise RefusedError("the key is not for that", mend="make a key that is, on the page of your account")
    case = request.headers.get("x-chokepoint-case", "")[:100]
    return Session(viewer=key.viewer, made=key.made, seen=key.used, purpose=case, how="key", id=b"")
