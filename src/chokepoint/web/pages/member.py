"""Members: who is in the coalition, what each can do, what ties it to others, since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from litestar import Response

from chokepoint.desk.member import Term, everybody, terms, update
from chokepoint.desk.member import one as find
from chokepoint.desk.people.staff import depart
from chokepoint.model.member import Member, Sector, parse_capability, parse_sector, parse_ties
from chokepoint.model.role import Right
from chokepoint.values.names import country_code
from chokepoint.web.route import Form, FromQuery, read, write
from chokepoint.web.viewer import Here, Seat

TIES = ("parents", "origins", "feeds")


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersPage:
    """The coalition.

    Attributes:
        members: all of them with when they joined and left, in the order in which they joined.
        mine: name of the viewer's organisation.
    """

    members: tuple[tuple[Member, Term], ...]
    mine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """One member.

    Attributes:
        member: as its records describe it.
        term: when it joined and left.
        own: whether it is the viewer's organisation.
        describes: whether the viewer may describe it.
        lifts: whether the viewer has one of the two words that end its ties.
        departs: whether the viewer may say that it leaves, or is a member again.
        sectors: to choose from.
        kept: fields in which the last word was not followed: the founder's or the member's is missing.
    """

    member: Member
    term: Term
    own: bool
    describes: bool
    lifts: bool
    departs: bool
    sectors: tuple[Sector, ...] = tuple(Sector)
    kept: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class DescribeForm:
    """What is said of a member; several with commas between. Ties that are named come to those there are."""

    name: str = ""
    sector: str = ""
    country: str = ""
    capabilities: str = ""
    parents: str = ""
    origins: str = ""
    feeds: str = ""
    lift: str = ""


@dataclass(slots=True, kw_only=True)
class DepartForm:
    """That a member leaves, or is one again, and why."""

    name: str = ""
    reason: str = ""
    again: str = ""


def others(seat: Seat) -> tuple[str, ...]:
    """Names of the other members, in the order in which they joined, for forms to propose."""
    gone = {name for name, term in terms(seat.atlas).items() if term.left}
    mine = seat.atlas.viewer.organisation
    return tuple(name for name in everybody(seat.atlas) if name != mine and name not in gone)


@read("/member")
def listing(seat: Here) -> Response[str]:
    """All of them."""
    spans = terms(seat.atlas)
    every = tuple((one, spans[name]) for name, one in everybody(seat.atlas).items())
    return seat.page("members.html", MembersPage(members=every, mine=seat.atlas.viewer.organisation))


@read("/member/one")
def one(seat: Here, name: FromQuery[str]) -> Response[str]:
    """One with its ties, and forms for whoever may describe it.

    Raises:
        NotFoundError: there is no such member.
    """
    return _page(seat, name)


def _again(seat: Seat, data: DescribeForm | DepartForm) -> Response[str]:
    return _page(seat, data.name)


@write("/member/describe", again=_again)
def describe(seat: Here, data: Form[DescribeForm]) -> Response[Any]:
    """Record what the form says; where the word was not followed, the page says in what."""
    told = update(seat.atlas, data.name, lambda known: described(known, data))
    return _page(seat, data.name, kept=told.kept)


@write("/member/depart", again=_again)
def departing(seat: Here, data: Form[DepartForm]) -> Response[Any]:
    """A member leaves the coalition, or is readmitted."""
    depart(seat.atlas, data.name, data.reason.strip(), left=not data.again)
    # whoever said so of their own organisation has no desk any more
    own = data.name == seat.atlas.viewer.organisation
    return seat.go("/sign-in" if own else "/member")


def described(known: Member, form: DescribeForm) -> Member:
    """The member as the form says it: what is named replaces, ties are added, what is lifted goes.

    Raises:
        NotValidError: a word that names nothing.
    """
    lifted = parse_ties(form.lift.split(","))
    ties = {
        name: (getattr(known, name) | parse_ties(getattr(form, name).split(","))) - lifted for name in TIES
    }
    return replace(
        known,
        sector=parse_sector(form.sector) if form.sector else known.sector,
        country=country_code(form.country.strip()) if form.country.strip() else known.country,
        capabilities=frozenset(
            parse_capability(word) for word in form.capabilities.split(",") if word.strip()
        ),
        **ties,
    )


def _page(seat: Seat, name: str, *, kept: tuple[str, ...] = ()) -> Response[str]:
    member = find(seat.atlas, name)
    mine, founder = seat.atlas.viewer.organisation, next(iter(everybody(seat.atlas)))
    page = MemberPage(
        member=member,
        term=terms(seat.atlas)[member.name],
        own=member.name == mine,
        describes=Right.SPEAK in seat.rights and mine in {member.name, founder},
        lifts=Right.SPEAK in seat.rights and mine in {member.name, founder} and member.name != founder,
        departs=Right.PEOPLE in seat.rights and member.name != founder and mine in {member.name, founder},
        kept=kept,
    )
    return seat.page("member.html", page)


ROUTES = (listing, one, describe, departing)
