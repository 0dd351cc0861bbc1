"""Roles of natural persons, and of identifiers that are data about one: claims like all others.

A role is a `role` claim with its source, contributor and nature; a review date a `review-date` claim of the
organisation that must look again. So both are marked, sealed, vetted, recalled and erased as claims are.
Nothing infers a role: one that nobody stated is `other`, and `suspect` counts only once it is accepted, while
a victim or witness is protected from the first word on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.desk.vetting.standing import of_claims
from chokepoint.model.judgement import Verdict
from chokepoint.package.privacy import AUTHORITY_STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.model.identity import Entity
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

ROLE, REVIEW = "role", "review-date"
SUSPECT, OTHER = "suspect", "other"
PROTECTED = ("victim", "witness")
ROLES = (SUSPECT, *PROTECTED, OTHER)
READ = (ROLE, REVIEW, "status", "sanctioned-by")
STANDS = frozenset({Verdict.PROPOSED, Verdict.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the viewer's map says of somebody as a data subject.

    Attributes:
        role: suspect, victim, witness or other.
        due: organisations whose review date for it has passed, with that date (ISO 8601).
        cases: in which what is said of the role is need-to-know.
        public: whether a public authority charged, convicted or sanctioned them.
    """

    role: str = OTHER
    due: tuple[tuple[str, str], ...] = ()
    cases: frozenset[str] = frozenset()
    public: bool = False

    @property
    def protected(self) -> bool:
        """Whether they are a victim or a witness."""
        return self.role in PROTECTED


UNKNOWN = Person()


def read_roles(
    reader: Reader, connection: Connection, eids: Iterable[int], *, today: str
) -> dict[Entity, Person]:
    """The roles and review dates of those entities of which the viewer's map states any.

    Args:
        reader: of the viewer.
        connection: of one reading.
        eids: numbers of entities.
        today: the day (ISO 8601) before which review dates have passed.
    """
    stored = list(reader.claims(connection, reader.said_of(connection, eids, READ)))
    standing = of_claims(reader, connection, stored) if stored else {}
    about: dict[Entity, list[StoredClaim]] = defaultdict(list)
    for one in stored:
        about[one.claim.subject].append(one)
    return {entity: _person(said, standing, today) for entity, said in about.items()}


def _person(said: list[StoredClaim], standing: dict[int, Standing], today: str) -> Person:
    stands = [one for one in said if standing[one.seq].verdict in STANDS]
    roles = [one for one in stands if one.claim.property == ROLE]
    stated = {
        one.claim.object
        for one in roles
        if one.claim.object != SUSPECT or standing[one.seq].verdict is Verdict.ACCEPTED
    }
    strictest = (*PROTECTED, SUSPECT, OTHER)
    return Person(
        role=next((role for role in strictest if role in stated), OTHER),
        due=tuple(sorted((who, day) for who, day in reviews(said).items() if day < today)),
        cases=frozenset().union(*(one.claim.provenance.marking.cases for one in roles)),
        public=any(map(_by_authority, stands)),
    )


def reviews(said: Iterable[StoredClaim]) -> dict[str, str]:
    """The newest review date (ISO 8601) of each organisation among claims in ledger order."""
    return {
        one.contributor: str(one.claim.object)
        for one in said
        if one.claim.property == REVIEW and one.contributor
    }


def _by_authority(one: StoredClaim) -> bool:
    if one.claim.provenance.grading.reliability not in ("A", "B"):
        return False
    if one.claim.property == "sanctioned-by":
        return True
    return one.claim.property == "status" and str(one.claim.object).strip().casefold() in AUTHORITY_STATUS


def due(atlas: Atlas) -> list[tuple[str, Entity]]:
    """What the viewer's organisation must review: review dates that have passed, oldest first, with whom."""
    own, today = atlas.viewer.organisation, atlas.clock()[:10]
    reader = atlas.reader
    newest: dict[Entity, str] = {}
    with reader.connect() as connection:
        for one in reader.claims(connection, reader.with_property(connection, [REVIEW], texts=True)):
            if one.contributor == own:
                newest[one.claim.subject] = str(one.claim.object)
    return sorted((day, entity) for entity, day in newest.items() if day < today)


def overdue(reader: Reader, connection: Connection, *, today: str) -> list[int]:
    """Positions of the visible claims about somebody whom their contributor should have reviewed by today."""
    passed: dict[Entity, dict[str, str]] = defaultdict(dict)
    for one in reader.claims(connection, reader.with_property(connection, [REVIEW], texts=True)):
        passed[one.claim.subject][one.contributor] = str(one.claim.object)
    found = []
    for entity, dates in passed.items():
        late = {who for who, day in dates.items() if day < today}
        eid = reader.eid(connection, entity) if late else None
        if eid is not None:
            named = reader.claims(connection, reader.about(connection, eid))
            found += [one.seq for one in named if one.contributor in late]
    return sorted(set(found))
