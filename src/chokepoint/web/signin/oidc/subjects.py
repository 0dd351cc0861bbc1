"""Links from a subject of a provider to a person here: by (iss, sub) to the letter, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Viewer
from chokepoint.web.signin.belongings import Belongings

if TYPE_CHECKING:
    from chokepoint.web.guard.register import Register
    from chokepoint.web.signin.oidc.token import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A link as its person knows it: its number here, the provider, when it was made (Unix seconds)."""

    name: str
    issuer: str
    made: int


class Subjects:
    """The links of one desk."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._theirs = Belongings(
            register=register, table="subjects", named_by="CAST(id AS TEXT)", what="link"
        )

    def who(self, subject: Subject) -> Viewer | None:
        """Whom the subject signs in, or None."""
        row = self._register.row(
            "SELECT * FROM subjects WHERE issuer = :issuer AND subject = :subject",
            issuer=subject.issuer,
            subject=subject.subject,
        )
        return Viewer(organisation=row["organisation"], user=row["person"]) if row else None

    def link(self, subject: Subject, viewer: Viewer) -> None:
        """From now on the subject signs this person in.

        Raises:
            RefusedError: it signs somebody else in.
        """
        with self._register.together():
            if self.who(subject) not in {None, viewer}:
                raise RefusedError("that account is linked already")
            self._register.change(
                "INSERT INTO subjects (issuer, subject, organisation, person, made)"
                " VALUES (:issuer, :subject, :organisation, :person, :made) ON CONFLICT DO NOTHING",
                issuer=subject.issuer,
                subject=subject.subject,
                organisation=viewer.organisation,
                person=viewer.user,
                made=self._register.now(),
            )

    def forget(self, subject: Subject) -> None:
        """The subject signs nobody in any more."""
        self._register.change(
            "DELETE FROM subjects WHERE issuer = :issuer AND subject = :subject",
            issuer=subject.issuer,
            subject=subject.subject,
        )

    def of(self, viewer: Viewer) -> list[Linked]:
        """The links of a person, the newest first."""
        rows = self._theirs.of(viewer)
        return [Linked(name=str(row["id"]), issuer=row["issuer"], made=row["made"]) for row in rows]

    def remove(self, viewer: Viewer, name: str) -> None:
        """A link of the person signs nobody in any more.

        Raises:
            NotFoundError: they have no such link.
        """
        self._theirs.remove(viewer, name)
