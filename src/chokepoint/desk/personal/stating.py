"""Putting on record which role somebody has, and until when what is held on them stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.desk.personal.role import REVIEW, ROLE, ROLES
from chokepoint.desk.personal.veil import unveiled
from chokepoint.desk.resolve import entity_of
from chokepoint.desk.work.note import Draft, Noted, note
from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotValidError, RefusedError
from chokepoint.model.said import Said
from chokepoint.package.privacy import is_personal

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity


def state_role(atlas: Atlas, who: str, role: str, draft: Draft, *, review: str = "") -> Noted:
    """Put on record which role somebody has.

    Args:
        atlas: opened by the contributor.
        who: a natural person, or an identifier that is data about one, as written or as a pseudonym.
        role: suspect, victim, witness or other.
        draft: why, with source, grading, marking and whether it is an assessment; its links are not read.
        review: the day (ISO 8601) by which the contributor looks at it again, or empty.

    Raises:
        NotValidError: no such role, no day, or nothing that has one.
        RefusedError: no reason, a review date that has passed, or the viewer may not speak.
    """
    if role not in ROLES:
        raise NotValidError(
            Said("unknown role {role!r}", role=role[:40]),
            mend=Said("use one of {names}", names=", ".join(ROLES)),
        )
    who = _subject(atlas, who)
    said = [(who, ROLE, role), *_until(atlas, who, review)]
    return note(atlas, replace(draft, about=(who,), links=tuple(said)))


def set_review(atlas: Atlas, who: str, day: str, draft: Draft) -> Noted:
    """Put on record that what one's organisation holds on somebody was reviewed, and until when it stands.

    Raises:
        NotValidError: no day, or nothing that has a review date.
        RefusedError: no reason, a day that has passed, or the viewer may not speak.
    """
    who = _subject(atlas, who)
    return note(atlas, replace(draft, about=(who,), links=tuple(_until(atlas, who, day or "-"))))


def _until(atlas: Atlas, who: str, day: str) -> list[tuple[str, str, str]]:
    if not day:
        return []
    until = parse_day(day).isoformat()
    if until < atlas.clock()[:10]:
        raise RefusedError("the review date has passed", place="--review", mend="name a day to come")
    return [(who, REVIEW, until)]


def _subject(atlas: Atlas, who: str) -> str:
    """The person or identifier as a note names it: under its pseudonym, where it was written so."""
    plain = unveiled(atlas, who)
    reader = atlas.reader
    with reader.connect() as connection:
        entity = entity_of(reader, connection, plain, _is_person)
    if not is_personal(entity):
        raise NotValidError(
            Said("{kind} is no natural person and no identifier of one", kind=entity.kind),
            place=who,
            mend="name a person, or an address, account or number of one",
        )
    return str(entity) if plain == who else who


def _is_person(entity: Entity) -> bool:
    return entity.kind == "person"
