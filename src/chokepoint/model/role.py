"""Roles of people, and what each may do; whoever is not registered where there is a register may do nothing.

Roles of the coalition are given by its founder alone. An organisation's administrator gives the others, to
people of its own organisation: nobody's rights grow by an act of somebody who has not got them to give.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterable


class Right(Enum):
    """What somebody may do."""

    LOOK = "look at the map"
    SPEAK = "put claims, notes and cases on record"
    VET = "vote"
    SHARE = "make groups and change markings"
    PEOPLE = "invite people and give roles"
    WATCH = "read the access log and veto"
    RELEASE = "hand on what is not vetted, or release a name"
    UNFOLD = "see natural persons in full"


class Role(Enum):
    """What somebody is; one person may be several."""

    INVESTIGATOR = "investigator"
    VETTER = "vetter"
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    OVERSEER = "overseer"


RIGHTS = {
    Role.INVESTIGATOR: frozenset({Right.LOOK, Right.SPEAK, Right.SHARE, Right.UNFOLD}),
    Role.VETTER: frozenset({Right.LOOK, Right.VET}),
    Role.ADMINISTRATOR: frozenset({Right.PEOPLE}),
    Role.COORDINATOR: frozenset(Right) - {Right.PEOPLE, Right.WATCH},
    Role.OVERSEER: frozenset({Right.LOOK, Right.WATCH}),
}
COALITION = frozenset({Role.COORDINATOR, Role.OVERSEER})
"""Roles that the founder of the atlas gives, whatever organisation the person is of."""
WHOLE = frozenset(Right) - {Right.WATCH}
"""What an organisation as a whole may do, and a person of one that keeps no register."""


def rights(roles: Iterable[Role]) -> frozenset[Right]:
    """All that these roles allow together; of none, nothing."""
    return frozenset(right for role in roles for right in RIGHTS[role])


def parse_role(text: str) -> Role:
    """Read a role as written.

    Raises:
        NotValidError: no such role.
    """
    try:
        return Role(text.strip().casefold())
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise NotValidError(
            Said("unknown role {text!r}", text=text[:60]), mend=Said("use one of: {known}", known=known)
        ) from None
