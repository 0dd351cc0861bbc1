"""Keys for programs: shown once, kept as hashes, for some things only, and for some days only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Viewer
from chokepoint.model.said import BESIDE, Said, linked
from chokepoint.web.guard.register import hashed
from chokepoint.web.signin.belongings import Belongings

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from chokepoint.web.guard.register import Register

SCOPES = ("look", "check", "add")
"""What a key may be for: looking at the map, checking texts against it, adding to it."""
MOST_DAYS, DAY = 366, 24 * 60 * 60
SELDOM = 60
"""Seconds within which a further use is not noted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key without what opens.

    Attributes:
        prefix: the beginning, by which its owner knows it.
        viewer: in whose name it looks.
        label: what for, in the owner's words.
        scopes: what it may be used for.
        made, until, used: Unix seconds; `used` is 0 while nobody has.
    """

    prefix: str
    viewer: Viewer
    label: str
    scopes: frozenset[str]
    made: int
    until: int
    used: int


class Keys:
    """The keys of one desk."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._theirs = Belongings(register=register, table="api_keys", named_by="prefix", what="key")

    def make(self, viewer: Viewer, label: str, scopes: Iterable[str], days: int) -> str:
        """A new key, which is nowhere kept as it is.

        Raises:
            NotValidError: no label, an unknown scope or none, or days that are not 1 to 366.
        """
        given = frozenset(scopes)
        if not label.strip() or not given or not given <= set(SCOPES) or not 1 <= days <= MOST_DAYS:
            raise NotValidError(
                "a key needs a name, something that it is for, and days",
                mend=Said(
                    "choose of {names}, and 1 to {most_days} days",
                    names=linked(BESIDE, map(Said, SCOPES)),
                    most_days=MOST_DAYS,
                ),
            )
        prefix, now = f"cpk_{secrets.token_hex(4)}", self._register.now()
        token = f"{prefix}_{secrets.token_urlsafe(32)}"
        self._register.change(
            "INSERT INTO api_keys (id, prefix, organisation, person, label, scopes, made, until)"
            " VALUES (:id, :prefix, :organisation, :person, :label, :scopes, :made, :until)",
            id=hashed(token),
            prefix=prefix,
            organisation=viewer.organisation,
            person=viewer.user,
            label=label.strip()[:80],
            scopes=" ".join(sorted(given)),
            made=now,
            until=now + days * DAY,
        )
        return token

    def find(self, token: str) -> Key | None:
        """The key of a token, if it still opens; that it was used is noted."""
        now = self._register.now()
        row = self._register.row(
            "SELECT * FROM api_keys WHERE id = :id AND until > :now", id=hashed(token), now=now
        )
        if row is None:
            return None
        if now - row["used"] >= SELDOM:
            self._register.change("UPDATE api_keys SET used = :now WHERE id = :id", now=now, id=row["id"])
        return _key(row)

    def of(self, viewer: Viewer) -> list[Key]:
        """All keys of a person, the newest first, those that are over too."""
        return [_key(row) for row in self._theirs.of(viewer)]

    def revoke(self, viewer: Viewer, prefix: str) -> None:
        """A key of the person opens nothing any more.

        Raises:
            NotFoundError: they have no such key.
        """
        self._theirs.remove(viewer, prefix)


def _key(row: sqlite3.Row) -> Key:
    return Key(
        prefix=row["prefix"],
        viewer=Viewer(organisation=row["organisation"], user=row["person"]),
        label=row["label"],
        scopes=frozenset(row["scopes"].split()),
        made=row["made"],
        until=row["until"],
        used=row["used"],
    )
