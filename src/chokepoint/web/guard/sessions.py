"""Sessions: kept on the server, ids stored hashed, ended by rest, by age, by hand, or all at once."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.marking import Viewer
from chokepoint.web.guard.register import hashed

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register

REST = 60 * 60
"""Seconds without a request after which a session is over (NIST SP 800-63B-4, AAL2)."""
AGE = 12 * 60 * 60
"""Seconds after which it is over whatever happens."""
SELDOM = 60
"""Seconds within which a further request is not noted again: reading should not write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signed-in browser.

    Attributes:
        viewer: who it is.
        made: when it began, Unix seconds.
        seen: when it was last used, to the minute.
        purpose: id of the case that is worked on, or empty.
        how: by what the person proved who they are.
        id: hash of its token.
    """

    viewer: Viewer
    made: int
    seen: int
    purpose: str
    how: str
    id: bytes


class Sessions:
    """All sessions of one desk."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def begin(self, viewer: Viewer, how: str, *, instead_of: str = "") -> str:
        """A new session; returns its token, which is nowhere kept.

        Args:
            viewer: who signed in.
            how: by what.
            instead_of: token of the session that the browser had before, which ends: a token that somebody
                knew before the sign-in opens nothing after it.
        """
        token = secrets.token_urlsafe(32)
        now = self._register.now()
        self.end(instead_of)
        self._register.change(
            "INSERT INTO sessions (id, organisation, person, made, seen, how)"
            " VALUES (:id, :organisation, :person, :now, :now, :how)",
            id=hashed(token),
            organisation=viewer.organisation,
            person=viewer.user,
            now=now,
            how=how,
        )
        self._register.change(
            "DELETE FROM sessions WHERE made <= :age OR seen <= :rest", age=now - AGE, rest=now - REST
        )
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, if it is still on; that it was used is noted."""
        now = self._register.now()
        row = self._register.row(
            "SELECT * FROM sessions WHERE id = :id AND made > :age AND made < :later AND seen > :rest",
            id=hashed(token),
            age=now - AGE,
            later=now + AGE,  # the clock may have been far ahead
            rest=now - REST,
        )
        if row is None:
            return None
        if abs(now - row["seen"]) >= SELDOM:  # a clock that was ahead is no reason to rest for longer
            with suppress(sqlite3.OperationalError):  # a full disk keeps nobody from reading
                self._register.change(
                    "UPDATE sessions SET seen = :now, made = MIN(made, :now) WHERE id = :id",
                    now=now,
                    id=row["id"],
                )
        return _session(row)

    def of(self, viewer: Viewer) -> list[Session]:
        """All that are on of one person, the newest first."""
        now = self._register.now()
        rows = self._register.rows(
            "SELECT * FROM sessions WHERE organisation = :organisation AND person = :person"
            " AND made > :age AND seen > :rest ORDER BY made DESC",
            organisation=viewer.organisation,
            person=viewer.user,
            age=now - AGE,
            rest=now - REST,
        )
        return [_session(row) for row in rows]

    def newest(self, most: int, within: float = REST) -> list[Viewer]:
        """So many of those who are signed in and were here within so many seconds, whoever was last first."""
        now = self._register.now()
        rows = self._register.rows(
            "SELECT organisation, person FROM sessions WHERE made > :age AND seen > :rest"
            " GROUP BY organisation, person ORDER BY max(seen) DESC, organisation, person LIMIT :most",
            age=now - AGE,
            rest=now - min(within, REST),
            most=most,
        )
        return [Viewer(organisation=row["organisation"], user=row["person"]) for row in rows]

    def count(self) -> int:
        """How many are on."""
        now = self._register.now()
        row = self._register.row(
            "SELECT COUNT(*) AS count FROM sessions WHERE made > :age AND seen > :rest",
            age=now - AGE,
            rest=now - REST,
        )
        return int(row["count"]) if row else 0

    def choose(self, session: Session, purpose: str) -> None:
        """From now on the session works on that case; on none where it is empty."""
        self._register.change(
            "UPDATE sessions SET purpose = :purpose WHERE id = :id", purpose=purpose, id=session.id
        )

    def end(self, token: str) -> None:
        """Sign out."""
        self._register.change("DELETE FROM sessions WHERE id = :id", id=hashed(token))

    def end_all(self, viewer: Viewer) -> int:
        """Sign the person out everywhere; returns of how many sessions."""
        return self._register.change(
            "DELETE FROM sessions WHERE organisation = :organisation AND person = :person",
            organisation=viewer.organisation,
            person=viewer.user,
        )


def _session(row: sqlite3.Row) -> Session:
    return Session(
        viewer=Viewer(organisation=row["organisation"], user=row["person"]),
        made=row["made"],
        seen=row["seen"],
        purpose=row["purpose"],
        how=row["how"],
        id=row["id"],
    )
