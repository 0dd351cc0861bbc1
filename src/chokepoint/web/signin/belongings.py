"""What people sign in with, table by table: each sees and takes away their own and nobody else's."""
# ruff: noqa: S608 - tables and columns are names of ours

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotFoundError
from chokepoint.model.said import Said

if TYPE_CHECKING:
    import sqlite3

    from chokepoint.model.marking import Viewer
    from chokepoint.web.guard.register import Register

WHOSE = "organisation = :organisation AND person = :person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """The rows of one table of the register that belong to people.

    Attributes:
        register: that holds it.
        table: its name.
        named_by: SQL for the name by which a person knows a row.
        what: one of them, in words, such as `key`.
    """

    register: Register
    table: str
    named_by: str
    what: str

    def of(self, viewer: Viewer) -> list[sqlite3.Row]:
        """A person's, the newest first."""
        return self.register.rows(
            f"SELECT * FROM {self.table} WHERE {WHOSE} ORDER BY made DESC, id DESC",
            organisation=viewer.organisation,
            person=viewer.user,
        )

    def remove(self, viewer: Viewer, name: str) -> None:
        """One of a person's opens nothing any more.

        Raises:
            NotFoundError: they have none of that name.
        """
        gone = self.register.change(
            f"DELETE FROM {self.table} WHERE {self.named_by} = :name AND {WHOSE}",
            name=name,
            organisation=viewer.organisation,
            person=viewer.user,
        )
        if not gone:
            raise NotFoundError(Said("you have no such {what}", what=Said(self.what)))
