"""Sharing groups: those that I am in, make one, change it, leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from chokepoint.desk.member import everybody
from chokepoint.desk.people.asking import (
    WAITING,
    Request,
    answer_request,
    ask_to_join,
    meant,
    requests,
)
from chokepoint.desk.people.circle import Group, change_group, groups, leave_group, make_group
from chokepoint.model.marking import Viewer
from chokepoint.model.role import Right
from chokepoint.store.circles import at_home
from chokepoint.web.route import Form, read, write
from chokepoint.web.viewer import Here


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsPage:
    """The sharing groups of the viewer.

    Attributes:
        groups: those that the viewer is in or that its organisation owns, by name.
        mine: the viewer's organisation, which changes those that it owns.
        shares: whether the viewer may make, change and leave groups.
        inside: scopes of those that the viewer is in by name and can leave.
        members: of the coalition, to choose from.
        asked: what the viewer asked for, newest first.
        asking: who asks to come into groups of the viewer's organisation, each with the group that is
            meant, or None where it has no such.
    """

    groups: tuple[Group, ...]
    mine: str
    shares: bool
    inside: frozenset[str]
    members: tuple[str, ...]
    asked: tuple[Request, ...] = ()
    asking: tuple[tuple[Request, Group | None], ...] = ()


@dataclass(slots=True, kw_only=True)
class GroupForm:
    """A group: its name when it is made, its scope afterwards; who comes in or goes, with commas between."""

    name: str = ""
    group: str = ""
    members: str = ""
    add: str = ""
    remove: str = ""


@dataclass(slots=True, kw_only=True)
class AskForm:
    """A wish to come into a group; or an answer to one: `take` or `decline`."""

    owner: str = ""
    group: str = ""
    why: str = ""
    request: str = ""
    answer: str = ""


@read("/member/groups")
def listing(seat: Here) -> Response[str]:
    """Those that I am in."""
    viewer = seat.atlas.viewer
    found, told = groups(seat.atlas), requests(seat.atlas)
    mine = viewer.person or viewer.organisation
    waiting = [one for one in told if one.owner == viewer.organisation and one.state == WAITING]
    page = GroupsPage(
        groups=tuple(found),
        mine=viewer.organisation,
        shares=Right.SHARE in seat.rights,
        inside=frozenset(one.scope for one in found if _inside(viewer, one)),
        members=tuple(everybody(seat.atlas)),
        asked=tuple(one for one in told if one.who == mine),
        asking=tuple((one, meant(seat.atlas, one)) for one in waiting),
    )
    return seat.page("groups.html", page)


@write("/member/groups", again=listing)
def making(seat: Here, data: Form[GroupForm]) -> Response[Any]:
    """A new group of my organisation."""
    make_group(seat.atlas, data.name.strip(), _names(data.members))
    return seat.go("/member/groups")


@write("/member/groups/change", again=listing)
def changing(seat: Here, data: Form[GroupForm]) -> Response[Any]:
    """Put members into a group of my organisation, or out of it."""
    change_group(seat.atlas, data.group, add=_names(data.add), remove=_names(data.remove))
    return seat.go("/member/groups")


@write("/member/groups/leave", again=listing)
def leaving(seat: Here, data: Form[GroupForm]) -> Response[Any]:
    """Leave one: nothing under it is seen any more."""
    leave_group(seat.atlas, data.group)
    return seat.go("/member/groups")


@write("/member/groups/ask", again=listing)
def asking(seat: Here, data: Form[AskForm]) -> Response[Any]:
    """Ask the owner of a group to be taken in; the answer does not tell whether there is such a group."""
    ask_to_join(seat.atlas, data.owner.strip(), data.group, data.why)
    return seat.go("/member/groups")


@write("/member/groups/answer", again=listing)
def answering(seat: Here, data: Form[AskForm]) -> Response[Any]:
    """Take in who asks, or decline."""
    answer_request(seat.atlas, data.request, take=data.answer == "take", why=data.why)
    return seat.go("/member/groups")


def _names(text: str) -> list[str]:
    return list(filter(None, map(str.strip, text.split(","))))


def _inside(viewer: Viewer, group: Group) -> bool:
    """Whether the viewer can leave: a person by name alone, an organisation with all of its people."""
    if viewer.user:
        return viewer.person in group.members
    return any(at_home(name, viewer.organisation) for name in group.members)


ROUTES = (listing, making, changing, leaving, asking, answering)
