"""My organisation's people: who works here in which role, invitations, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Response

from chokepoint.desk.member import everybody
from chokepoint.desk.people.staff import Person, appoint, invite, let_go, set_roles, staff
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Viewer
from chokepoint.model.role import COALITION, Right, Role, parse_role
from chokepoint.web.route import Form, read, write
from chokepoint.web.viewer import Here, Seat

GIVEN = tuple(role for role in Role if role not in COALITION)
"""Roles that an organisation gives its own people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """The people of the viewer's organisation.

    Attributes:
        people: by name, as they are now.
        leads: whether the viewer may invite, give roles and let go.
        founds: whether the viewer's organisation gives the roles of the coalition.
        me: the viewer's own name, which no roles are given to; empty for the organisation as a whole.
        roles: that an organisation gives; coalition: those that the founder gives.
        invited: whom a link was just made for.
        link: with which they join, shown this once.
    """

    people: tuple[Person, ...]
    leads: bool
    founds: bool
    me: str
    roles: tuple[Role, ...] = GIVEN
    coalition: tuple[Role, ...] = tuple(sorted(COALITION, key=lambda role: role.value))
    invited: str = ""
    link: str = ""


@dataclass(slots=True, kw_only=True)
class PersonForm:
    """Somebody and their roles."""

    user: str = ""
    role: list[str] | str = ""
    revoke: str = ""

    @property
    def roles(self) -> list[Role]:
        """Those that are ticked; one alone comes as no list.

        Raises:
            NotValidError: a word that is no role.
        """
        words = [self.role] if isinstance(self.role, str) else self.role
        return [parse_role(word) for word in words if word]

    @property
    def some_roles(self) -> list[Role]:
        """The same for somebody who works here.

        Raises:
            NotValidError: a word that is no role, or none is ticked.
        """
        if not self.roles:
            raise NotValidError("a person needs a role", mend="tick at least one, or let them go")
        return self.roles


@read("/member/people")
def listing(seat: Here) -> Response[str]:
    """Who works here."""
    return _page(seat)


@write("/member/people/invite", again=listing, status_code=200)
def inviting(seat: Here, data: Form[PersonForm]) -> Response[str]:
    """Invite somebody; the link is shown once and holds for one joining."""
    user = data.user.strip()
    token = invite(seat.atlas, user, data.roles)
    who = quote(f"{seat.atlas.viewer.organisation}/{user}")
    return _page(seat, invited=user, link=f"{seat.front.office.origins[0]}/join/{who}/{token}")


@write("/member/people/roles", again=listing)
def changing(seat: Here, data: Form[PersonForm]) -> Response[Any]:
    """Give somebody exactly the roles that are ticked."""
    set_roles(seat.atlas, data.user, data.some_roles)
    return seat.go("/member/people")


@write("/member/people/leave", again=listing)
def leaving(seat: Here, data: Form[PersonForm]) -> Response[Any]:
    """Somebody leaves the organisation and is signed out everywhere."""
    gone = let_go(seat.atlas, data.user)
    seat.front.office.sessions.end_all(Viewer(organisation=gone.organisation, user=gone.user))
    return seat.go("/sign-in" if gone.user == seat.atlas.viewer.user else "/member/people")


@write("/member/people/appoint", again=listing)
def appointing(seat: Here, data: Form[PersonForm]) -> Response[Any]:
    """The founder gives a role of the coalition to a person of any member, or takes it back."""
    for role in data.roles:
        appoint(seat.atlas, data.user.strip(), role, held=not data.revoke)
    return seat.go("/member/people")


def _page(seat: Seat, *, invited: str = "", link: str = "") -> Response[str]:
    leads = Right.PEOPLE in seat.rights
    viewer = seat.atlas.viewer
    page = PeoplePage(
        people=tuple(staff(seat.atlas)),
        leads=leads,
        founds=leads and viewer.organisation == next(iter(everybody(seat.atlas))),
        me=viewer.user,
        invited=invited,
        link=link,
    )
    return seat.page("people.html", page)


ROUTES = (listing, inviting, changing, leaving, appointing)
