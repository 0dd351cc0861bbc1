"""What one named person answers for: a name that no authority published, or claims that nobody vetted yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.standing import setting_of
from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Right
from chokepoint.model.said import Said
from chokepoint.package.provisional import UNVETTED
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store.base import RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.judged import read_votes
from chokepoint.store.people import rights_of
from chokepoint.store.projection import Space
from chokepoint.store.records import read_records
from chokepoint.vet.ballots import barred_from
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.standing import judge
from chokepoint.vet.ties import untied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.desk.analyse import View
    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.reading import Reader

RELEASE = "release/1"
"""A named person releases somebody's name for their organisation's packages, or takes that back."""
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


def approvable(view: View, rows: Sequence[int]) -> list[int]:
    """Those statements for whose disclosure the viewer's organisation may answer.

    They are accepted; or it is as independent of them as their vetters must be, and nobody disputes them,
    though it be still to vote: what was disclosed cannot be taken back. Whatever it sees counts, though no
    recipient sees it.
    """
    snapshot, atlas = view.snapshot, replace(view.atlas, beside=())
    vetted = snapshot.verdict == VERDICTS.index(Verdict.ACCEPTED)
    claims = {row: snapshot.claim_seq[snapshot.claims(row)] for row in rows if not vetted[row]}
    if not claims:
        return list(rows)
    reader = atlas.reader
    with reader.connect() as connection:
        unfit = _not_to_approve(reader, connection, np.unique(np.concatenate(list(claims.values()))))
    return [row for row in rows if row not in claims or not np.isin(claims[row], unfit).any()]


def _not_to_approve(reader: Reader, connection: Connection, seqs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of claims, of statements like these, that the viewer may not vet or somebody disputes."""
    links = reader.links_like(connection, seqs)
    votes = read_votes(reader, connection, links.seq.tolist())
    origins = reader.names(connection, Space.ORIGIN)
    rules = setting_of(reader, connection, votes, origins=origins, claims=links.seq.tolist())
    sentences = np.stack([links.subject, links.property.astype(np.int64), links.object])
    found, statement = np.unique(sentences, axis=1, return_inverse=True)
    statement, count = statement.ravel().astype(np.int64), found.shape[1]
    standing = judge(statement, links, votes, count=count, setting=replace(rules, viewer=None))
    ours = np.full(count, rules.viewer, np.int64)
    tied = barred_from(np.arange(count), ours, links, (statement, rules.ties or untied(count)))
    disputed = ~np.isin(standing.verdict, [VERDICTS.index(Verdict(one)) for one in UNVETTED])
    return links.seq[(tied | disputed)[statement]]
