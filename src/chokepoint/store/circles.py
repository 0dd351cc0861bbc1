"""Circles: the sharing groups and cases that markings name, and who is in them now.

A circle belongs to the organisation that first recorded it; what others say of it changes nothing, except
that everybody may leave. Its record lists all members; none of its words means "all organisations".
Re-marking: the originator of a record, and nobody else, gives it another marking from now on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from sqlalchemy import text

from chokepoint.model.marking import CASE, GROUP, Form, Marking
from chokepoint.store import ids
from chokepoint.store.visible import LEFT, resolved

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.model.marking import Viewer
    from chokepoint.store.interning import Interner

SCOPES = (GROUP, CASE)
MARKED = {"others": "seq", "captures": "seq", "sames": "seq", "votes": "record", "recalls": "record"}
"""Projections that keep a record's marking, and the column with its ledger position."""


class Speaking(NamedTuple):
    """Where a record stands and who recorded it.

    Attributes:
        seq: its position.
        owner: the organisation's number.
        organisation: the organisation's name.
        user: the person of it who recorded it, or empty.
    """

    seq: int
    owner: int
    organisation: str
    user: str = ""


class Circle(NamedTuple):
    """A circle as it is now: its scope, the organisation that owns it, and its members, sorted."""

    scope: str
    owner: str
    members: tuple[str, ...]


def circles_of(connection: Connection, viewer: Viewer) -> list[Circle]:
    """The circles that a viewer is in or whose organisation owns them, in the order of their scopes."""
    now = resolved(connection, viewer)
    mine = now.groups | {CASE + name for name in now.cases}
    rows = connection.execute(
        text(
            "SELECT c.scope, o.name, s.member FROM circles c JOIN organisations o ON o.number = c.owner"
            " LEFT JOIN memberships s ON s.scope = c.scope ORDER BY c.scope, s.member"
        )
    )
    members: dict[tuple[str, str], list[str]] = {}
    for scope, owner, member in rows:
        if scope in mine or (now.organisation and owner == now.organisation):
            members.setdefault((scope, owner), []).extend([member] if member is not None else [])
    return [Circle(scope, owner, tuple(names)) for (scope, owner), names in members.items()]


def project_circle(connection: Connection, said: dict[str, Any], by: Speaking) -> None:
    """Enter what a record says of a circle's members; a record without the right to changes nothing."""
    scope, members = str(said["scope"]), [str(name) for name in said["members"]]
    if scope == LEFT or not scope.startswith(SCOPES):
        return
    about = {"scope": scope, "owner": by.owner}
    owner = connection.execute(text("SELECT owner FROM circles WHERE scope = :scope"), about).scalar()
    if owner is None:
        connection.execute(text("INSERT INTO circles (scope, owner) VALUES (:scope, :owner)"), about)
    elif owner != by.owner:
        _leave(connection, scope, [name for name in members if at_home(name, by.organisation)])
        return
    connection.execute(text("DELETE FROM memberships WHERE scope = :scope"), {"scope": scope})
    enter(connection, scope, members)


def enter(connection: Connection, scope: str, members: list[str]) -> None:
    """Put members into a circle; who is in it already stays."""
    for member in dict.fromkeys(members):
        connection.execute(
            text("INSERT INTO memberships (scope, member) VALUES (:scope, :member) ON CONFLICT DO NOTHING"),
            {"scope": scope, "member": member},
        )


def _leave(connection: Connection, scope: str, members: list[str]) -> None:
    for member in members:
        connection.execute(
            text("DELETE FROM memberships WHERE scope = :scope AND member = :member"),
            {"scope": scope, "member": member},
        )


def at_home(name: str, organisation: str) -> bool:
    """Whether a member's name is that of the organisation or of a person of it."""
    return name == organisation or name.startswith(f"{organisation}/")


def project_remarking(connection: Connection, interner: Interner, said: dict[str, Any], by: Speaking) -> None:
    """Give the speaker's own records that a record names another marking from now on."""
    number = interner.marking(by.owner, Marking.from_form(msgspec.convert(said["marking"], Form)))
    touched, ends = {number}, set[int]()
    for seq in ids.positions(connection, [bytes.fromhex(name) for name in said["records"]]).values():
        before = _marking_of(connection, seq, by.owner)
        if before:
            touched.add(before)
            ends |= _remark_claim(connection, interner, seq, number)
            for table, position in MARKED.items():
                connection.exec_driver_sql(
                    f"UPDATE {table} SET marking = ? WHERE {position} = ?",  # noqa: S608 - our own names
                    (number, seq),
                )
    interner.show(number, np.fromiter(ends, np.int64, len(ends)))
    interner.hide(ends)
    connection.exec_driver_sql(
        "UPDATE markings SET moved = ? WHERE number = ?", [(by.seq, one) for one in sorted(touched)]
    )


def _marking_of(connection: Connection, seq: int, owner: int) -> int:
    """The number of the marking of an organisation's own record; 0 of another's."""
    row = connection.exec_driver_sql(
        "SELECT m.number FROM markings m WHERE m.owner = ? AND m.number IN ("
        "SELECT marking FROM claims WHERE seq = ?"
        " UNION ALL SELECT marking FROM others WHERE seq = ?)",
        (owner, seq, seq),
    ).first()
    return int(row[0]) if row else 0


def _remark_claim(connection: Connection, interner: Interner, seq: int, number: int) -> set[int]:
    """Move a claim to another marking; the numbers of the entities that it names."""
    row = connection.exec_driver_sql(
        "SELECT p.capture, n.name, p.reliability, p.credibility, c.subject, c.object FROM claims c"
        " JOIN provenances p ON p.number = c.provenance JOIN names n ON n.number = p.origin WHERE c.seq = ?",
        (seq,),
    ).first()
    if row is None:
        return set()
    grades = int(row[2]), int(row[3])
    provenance = interner.provenance(int(row[0]), number, str(row[1]), grades)
    connection.exec_driver_sql(
        "UPDATE claims SET provenance = ?, marking = ? WHERE seq = ?", (provenance, number, seq)
    )
    return {int(end) for end in row[4:] if end is not None}


def seen_until(connection: Connection, touched: dict[int, int]) -> None:
    """Note for each marking the newest position at which something changed for those whom it lets see."""
    connection.exec_driver_sql(
        "UPDATE markings SET newest = ? WHERE number = ? AND newest < ?",
        [(seq, number, seq) for number, seq in touched.items()],
    )
