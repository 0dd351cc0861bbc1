"""Who may see what, as SQL: `chokepoint.model.marking.may_see` said once more for the data base.

A property test holds the two equal. Need-to-know, groups and departures are looked up inside the statement,
so that a row-level policy can use it with nothing but the viewer's name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import text

from chokepoint.model.marking import CASE, GROUP, ROLE, Form, Marking, Tlp, Viewer
from chokepoint.store.predicates import marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

STAFF = "staff:"
"""How the circle of an organisation's registered people begins; an empty member says that it has one."""
LEFT = "left"
"""The circle of organisations and persons who have left the coalition; to them the map is the public's."""

HELD = f"""
WITH me (organisation, person) AS (
    SELECT CAST(:organisation AS VARCHAR), CAST(:person AS VARCHAR)
    WHERE EXISTS (SELECT 1 FROM organisations WHERE name = CAST(:organisation AS VARCHAR))
    AND NOT EXISTS (
        SELECT 1 FROM memberships
        WHERE scope = '{LEFT}' AND member <> ''
        AND member IN (CAST(:organisation AS VARCHAR), CAST(:person AS VARCHAR)))
    AND (CAST(:person AS VARCHAR) = '' OR EXISTS (
        SELECT 1 FROM memberships WHERE scope = '{STAFF}' || CAST(:organisation AS VARCHAR)
            AND member = CAST(:person AS VARCHAR))
        OR NOT EXISTS (SELECT 1 FROM memberships WHERE scope = '{STAFF}' || CAST(:organisation AS VARCHAR)))
),
held (term) AS (
    SELECT organisation FROM me WHERE organisation <> ''
    UNION SELECT person FROM me WHERE person <> ''
    UNION SELECT s.scope FROM memberships s JOIN me ON s.member IN (me.organisation, me.person)
        WHERE me.organisation <> '' AND s.member <> ''
)"""  # noqa: S608 - a constant of ours
"""The names of a viewer, and the circles in which they are; a name that is no member's is the public's."""

VISIBLE = f"""{HELD},
reached (number) AS (
    SELECT number FROM markings WHERE circle = 0
    UNION SELECT number FROM markings WHERE circle = 1 AND EXISTS (SELECT 1 FROM held)
    UNION SELECT t.marking FROM held h JOIN marking_terms t ON t.term = h.term WHERE t.needed = 0
    UNION SELECT m.number FROM me JOIN organisations o ON o.name = me.organisation
        JOIN markings m ON m.owner = o.number WHERE me.organisation <> '' AND m.tlp < 4
)
SELECT m.number FROM reached r JOIN markings m ON m.number = r.number
WHERE m.tlp <= :most
AND NOT EXISTS (
    SELECT 1 FROM marking_terms t
    WHERE t.marking = m.number AND t.needed = 1 AND t.term NOT IN (SELECT term FROM held))
ORDER BY m.number
"""  # noqa: S608 - a constant of ours
"""Numbers of the markings that a viewer may see; asks for `organisation`, `person` and `most`.

They are reached from the viewer's names, so that those of others are not even looked at.
"""

_visible, _held = text(VISIBLE), text(f"{HELD} SELECT term FROM held")  # noqa: S608 - constants of ours


def circle(marking: Marking) -> int:
    """Whom a marking lets in without naming them: 0 everybody, 1 every member, 2 nobody but its owner."""
    if not marking.is_open:
        return 2
    return 0 if marking.tlp is Tlp.CLEAR and not marking.cases else 1


def terms(marking: Marking) -> list[tuple[str, int]]:
    """The names that a marking asks for, each with 1 where it is needed and 0 where it is one of several."""
    return [
        *((name, 0) for name in sorted(marking.audience)),
        *((CASE + name, 1) for name in sorted(marking.cases)),
    ]


def _names(viewer: Viewer) -> Mapping[str, str]:
    return {"organisation": viewer.organisation, "person": viewer.person}


def visible(connection: Connection, viewer: Viewer, most: Tlp = Tlp.RED) -> frozenset[int]:
    """Numbers of the markings up to a label that a viewer may see; of them, only names are believed."""
    rows = connection.execute(_visible, {**_names(viewer), "most": int(most)})
    return frozenset(int(row[0]) for row in rows)


def resolved(connection: Connection, viewer: Viewer) -> Viewer:
    """The viewer with the groups and cases in which the ledger has them; who has left is the public."""
    rows = connection.execute(_held, _names(viewer))
    held = {str(row[0]) for row in rows}
    if viewer.organisation not in held:
        return Viewer(organisation="")
    return Viewer(
        organisation=viewer.organisation,
        user=viewer.user,
        groups=frozenset(name for name in held if name.startswith((GROUP, ROLE))),
        cases=frozenset(name.removeprefix(CASE) for name in held if name.startswith(CASE)),
    )


class Company(NamedTuple):
    """What of the coalition's circles some viewers may read, sorted.

    Attributes:
        names: theirs, as organisations and as persons; what a circle says of these may be read.
        scopes: of the groups and cases that they are in or that their organisations own, and of their staff.
    """

    names: tuple[str, ...]
    scopes: tuple[str, ...]


def company(connection: Connection, viewers: Iterable[Viewer]) -> Company:
    """Of these viewers together."""
    names, scopes = set[str](), set[str]()
    for viewer in viewers:
        now = resolved(connection, viewer)
        names |= {viewer.organisation, viewer.person} - {""}
        scopes |= {STAFF + viewer.organisation, *(CASE + name for name in now.cases)}
        scopes |= {name for name in now.groups if name.startswith(GROUP)}
        scopes.update(_owned(connection, now.organisation))
    return Company(tuple(sorted(names)), tuple(sorted(scopes)))


def _owned(connection: Connection, organisation: str) -> list[str]:
    rows = connection.execute(
        text("SELECT c.scope FROM circles c JOIN organisations o ON o.number = c.owner WHERE o.name = :name"),
        {"name": organisation},
    )
    return [str(row[0]) for row in rows]


def markings(connection: Connection, numbers: frozenset[int]) -> dict[int, Marking]:
    """The markings of these numbers."""
    rows = connection.exec_driver_sql(
        f"SELECT number, form FROM markings WHERE number IN ({marks(sorted(numbers))})"  # noqa: S608 - integers
    )
    return {int(number): marking(form) for number, form in rows}


def labels(connection: Connection, shown: Mapping[int, Marking]) -> set[Tlp]:
    """The labels of those markings by number that are on a claim."""
    rows = connection.exec_driver_sql(
        f"SELECT number FROM markings WHERE number IN ({marks(list(shown))})"  # noqa: S608 - integers only
        " AND EXISTS (SELECT 1 FROM claims WHERE claims.marking = markings.number)"
    )
    return {shown[int(row[0])].tlp for row in rows}


@lru_cache(maxsize=4096)
def marking(form: str) -> Marking:
    """The marking that the table keeps in this form, of which there are few."""
    return Marking.from_form(msgspec.json.decode(form, type=Form))
