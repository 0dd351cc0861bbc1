"""Links that sign somebody in once: what whoever starts the desk on their own machine is given."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from chokepoint.model.marking import Viewer
from chokepoint.web.guard.register import hashed

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register

VALID = 24 * 60 * 60
"""Seconds."""


class Links:
    """The links of one desk, as hashes."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def make(self, viewer: Viewer) -> str:
        """A token that signs this viewer in once within a day."""
        token = secrets.token_urlsafe(32)
        self._register.change(
            "INSERT INTO links (id, organisation, person, until)"
            " VALUES (:id, :organisation, :person, :until)",
            id=hashed(token),
            organisation=viewer.organisation,
            person=viewer.user,
            until=self._register.now() + VALID,
        )
        return token

    def use(self, token: str) -> Viewer | None:
        """Whom the token signs in, which it does no second time; None if it is none."""
        with self._register.together():
            row = self._register.row(
                "SELECT * FROM links WHERE id = :id AND until > :now",
                id=hashed(token),
                now=self._register.now(),
            )
            self._register.change(
                "DELETE FROM links WHERE id = :id OR until <= :now",
                id=hashed(token),
                now=self._register.now(),
            )
        return Viewer(organisation=row["organisation"], user=row["person"]) if row else None
