"""What one named person answers for: a name that no authority published, or claims that nobody vetted yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Right
from chokepoint.model.said import Said
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store.base import RELEASE, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.people import rights_of
from chokepoint.store.records import read_records

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

OWN = Marking(tlp=Tlp.AMBER_STRICT)
LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A name that may stand in its organisation's packages, who released it, and on which legal basis."""

    entity: Entity
    by: str
    basis: str


def must_release(atlas: Atlas) -> str:
    """The person who looks, where they may answer for a release; an organisation as a whole never may.

    Raises:
        RefusedError: nobody is named, or they have not the right to it.
    """
    if not atlas.viewer.user:
        raise RefusedError(
            "one named person answers for that",
            place=atlas.viewer.organisation,
            mend="say who you are: --as ORG/USER",
        )
    with atlas.engine.connect() as connection:
        held = rights_of(connection, atlas.viewer.organisation, atlas.viewer.user)
    if Right.RELEASE not in held:
        raise RefusedError(
            Said("{who} may not {right}", who=atlas.viewer.person, right=Said(Right.RELEASE.value)),
            place=atlas.viewer.person,
            mend="ask a coordinator: chokepoint people list shows who is one",
        )
    return atlas.viewer.person


def release(atlas: Atlas, entity: Entity, *, basis: str, revoke: bool = False) -> None:
    """Let a natural person's name stand in the packages of the viewer's organisation, or no longer.

    An open edition never names them all the same.

    Args:
        atlas: opened by the person who answers for it.
        entity: the natural person.
        basis: the legal basis, in words that a court may read; for a revocation, why.
        revoke: takes an earlier release back.

    Raises:
        RefusedError: no basis, no natural person, or the viewer may not.
    """
    must_release(atlas)
    if entity.kind not in NATURAL_PERSONS:
        raise RefusedError("only a natural person's name is released", place=str(entity))
    if not basis.strip() or len(basis) > LONGEST:
        raise RefusedError(
            Said("this needs a legal basis of 1 to {longest:,} characters", longest=LONGEST),
            mend="--basis TEXT",
        )
    payload = canonical({"basis": basis.strip(), "entity": list(entity), "released": not revoke})
    atlas.ledger.append(atlas.speaker(), [RecordRow(RELEASE, payload, OWN)])


def released(atlas: Atlas) -> dict[Entity, Released]:
    """The names that the viewer's organisation may print, by whom their newest word was."""
    found: dict[Entity, Released] = {}
    reader = atlas.reader
    with reader.connect() as connection:
        for record in read_records(reader, connection, RELEASE):
            if record.organisation != atlas.viewer.organisation or not record.author:
                continue
            entity = Entity(*record.said["entity"])
            found.pop(entity, None)
            if record.said["released"]:
                found[entity] = Released(entity=entity, by=record.person, basis=str(record.said["basis"]))
    return found
