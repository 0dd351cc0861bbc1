"""Inquiries as they are put on record: questions, hypotheses, items of evidence, ratings.

A hypothesis is an entity of the map, an item of evidence a claim. What rests on a claim is as closed as it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chokepoint.desk.identity import known_under
from chokepoint.desk.people.circle import allowed
from chokepoint.desk.personal.veil import unveiled
from chokepoint.desk.personal.words import cover_of, told
from chokepoint.desk.resolve import claim_ids, entity_of
from chokepoint.desk.sight import inherited
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.store import lookup
from chokepoint.store.base import RATING, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.records import read_marked, read_records
from chokepoint.vet.hypotheses import Rating

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.marking import Marking
    from chokepoint.store.reading import Reader

INQUIRY, HYPOTHESIS, EVIDENCE = "inquiry/1", "hypothesis/1", "evidence/1"
LONGEST = 2_000
MOST_HYPOTHESES, MOST_EVIDENCE = 50, 500
Cell = tuple[str, Entity]
"""A claim's record id and a hypothesis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question with its competing answers, as far as the viewer may see them.

    Attributes:
        id: `inquiry-` and sixteen hexadecimal digits.
        question: in words.
        organisation: who opened it.
        marking: who may see it.
        hypotheses: in the order in which they were brought up.
        evidence: record ids of claims, the same.
        ratings: by cell, by organisation.
    """

    id: str
    question: str
    organisation: str
    marking: Marking
    hypotheses: tuple[Entity, ...] = ()
    evidence: tuple[str, ...] = ()
    ratings: Mapping[Cell, Mapping[str, Rating]] = field(default_factory=dict)


def open_inquiry(atlas: Atlas, question: str, marking: Marking) -> Inquiry:
    """Ask who is behind something.

    Raises:
        RefusedError: no question, or the viewer may not speak under that marking.
    """
    if not question.strip() or len(question) > LONGEST:
        raise RefusedError(
            Said("a question of 1 to {longest:,} characters", longest=LONGEST),
            place="QUESTION",
            mend="ask a question",
        )
    allowed(atlas, marking)
    name = f"inquiry-{secrets.token_hex(8)}"
    payload = canonical({"id": name, "question": question.strip()})
    atlas.ledger.append(atlas.speaker(), [RecordRow(INQUIRY, payload, marking)])
    return Inquiry(
        id=name, question=question.strip(), organisation=atlas.viewer.organisation, marking=marking
    )


def inquiries(atlas: Atlas) -> list[Inquiry]:
    """The inquiries that the viewer may see, in the order in which they were opened."""
    return _covered(atlas, _inquiries(atlas))


def _covered(atlas: Atlas, found: Sequence[Inquiry]) -> list[Inquiry]:
    """These inquiries with questions that name nobody who is minimised; who is asked about is `matrix`'s."""
    whom = {who for one in found for who in one.hypotheses}
    cover = cover_of(atlas, whom, (one.question for one in found))
    return [replace(one, question=told(one.question, cover)) for one in found]


def _inquiries(atlas: Atlas) -> list[Inquiry]:
    reader = atlas.reader
    with reader.connect() as connection:
        return list(_read(reader, connection).values())


def _read(reader: Reader, connection: Connection) -> dict[str, Inquiry]:
    hypotheses, evidence = defaultdict[str, dict[Entity, None]](dict), defaultdict[str, dict[str, None]](dict)
    ratings: dict[str, dict[Cell, dict[str, Rating]]] = defaultdict(lambda: defaultdict(dict))
    for record in read_records(reader, connection, HYPOTHESIS):
        hypotheses[record.said["inquiry"]][Entity(*record.said["entity"])] = None
    for record in read_records(reader, connection, EVIDENCE):
        evidence[record.said["inquiry"]][record.said["claim"]] = None
    for record in read_records(reader, connection, RATING):
        cell = (str(record.said["claim"]), Entity(*record.said["entity"]))
        ratings[record.said["inquiry"]][cell][record.organisation] = Rating(record.said["rating"])
    found: dict[str, Inquiry] = {}
    for record, marking in read_marked(reader, connection, INQUIRY):
        name = str(record.said["id"])
        found.setdefault(
            name,
            Inquiry(
                id=name,
                question=str(record.said["question"]),
                organisation=record.organisation,
                marking=marking,
                hypotheses=tuple(hypotheses[name]),
                evidence=tuple(evidence[name]),
                ratings=ratings[name],
            ),
        )
    return found


def find_inquiry(atlas: Atlas, name: str) -> Inquiry:
    """The inquiry of that id, or of which the id begins so.

    Raises:
        NotFoundError: none that the viewer may see, or several.
    """
    full = name if name.startswith("inquiry-") else f"inquiry-{name}"
    found = [one for one in _inquiries(atlas) if one.id.startswith(full) and full != "inquiry-"]
    if len(found) != 1:
        raise NotFoundError("no such inquiry", place=name, mend="`chokepoint hypothesis list` shows them")
    return _covered(atlas, found)[0]


def add_hypotheses(atlas: Atlas, name: str, who: Sequence[str]) -> Inquiry:
    """Bring up competing answers: entities of the viewer's map, as written.

    Raises:
        NotFoundError: no such inquiry. NotValidError: a text that names nothing, or several things.
        RefusedError: the map knows nothing of one, or there are too many.
    """
    one = find_inquiry(atlas, name)
    entities = [_known(atlas, text) for text in who]
    new = [each for each in dict.fromkeys(entities) if each not in one.hypotheses]
    if len(one.hypotheses) + len(new) > MOST_HYPOTHESES:
        raise RefusedError(
            Said("an inquiry holds at most {most_hypotheses} hypotheses", most_hypotheses=MOST_HYPOTHESES),
            place=one.id,
        )
    base = inherited(one.marking, one.organisation, atlas.viewer.organisation)
    rows = [
        RecordRow(
            HYPOTHESIS,
            canonical({"entity": list(each), "inquiry": one.id}),
            base.join(known_under(atlas, each)),
        )
        for each in new
    ]
    if rows:
        atlas.ledger.append(atlas.speaker(), rows)
    return find_inquiry(atlas, one.id)


def _known(atlas: Atlas, text: str) -> Entity:
    reader = atlas.reader
    with reader.connect() as connection:
        entity = entity_of(reader, connection, unveiled(atlas, text))
        if entity not in lookup.known(reader, connection, [entity]):
            raise RefusedError(
                "nothing is known of it", place=text, mend="take in a source that names it first"
            )
    return entity


def add_evidence(atlas: Atlas, name: str, claims: Sequence[str]) -> Inquiry:
    """Bring up items of evidence: claims that the viewer sees, by the beginning of their ids.

    Raises:
        NotFoundError: no such inquiry, or no such claim. RefusedError: too many.
    """
    one = find_inquiry(atlas, name)
    wanted = [each for each in dict.fromkeys(claim_ids(atlas, claims)) if each not in one.evidence]
    if len(one.evidence) + len(wanted) > MOST_EVIDENCE:
        raise RefusedError(
            Said("an inquiry holds at most {most_evidence} items of evidence", most_evidence=MOST_EVIDENCE),
            place=one.id,
        )
    closed = _closed_as(atlas, one, wanted)
    rows = [
        RecordRow(EVIDENCE, canonical({"claim": each, "inquiry": one.id}), closed[each]) for each in wanted
    ]
    if rows:
        atlas.ledger.append(atlas.speaker(), rows)
    return find_inquiry(atlas, one.id)


def _closed_as(atlas: Atlas, one: Inquiry, claims: Sequence[str]) -> dict[str, Marking]:
    """Of each claim the marking of what rests on it in an inquiry."""
    own = atlas.viewer.organisation
    base = inherited(one.marking, one.organisation, own)
    reader = atlas.reader
    with reader.connect() as connection:
        return {
            each.id: base.join(inherited(each.claim.provenance.marking, each.contributor, own))
            for each in reader.claims_by_id(connection, claims)
        }


def rate(atlas: Atlas, name: str, cell: tuple[str, str], rating: Rating, *, reason: str) -> Inquiry:
    """The viewer's organisation says how an item of evidence goes with a hypothesis; its newest word counts.

    Args:
        atlas: opened by who rates.
        name: of the inquiry.
        cell: the beginning of a claim's id, and a hypothesis as written.
        rating: CC, C, N, I or II.
        reason: in words.

    Raises:
        NotFoundError: no such inquiry, or the claim or entity is not part of it.
        RefusedError: no reason, or the viewer may not vote.
    """
    if not reason.strip() or len(reason) > LONGEST:
        raise RefusedError(
            Said("a rating needs a reason of 1 to {longest:,} characters", longest=LONGEST),
            mend="--reason TEXT",
        )
    one = find_inquiry(atlas, name)
    [claim] = claim_ids(atlas, [cell[0]])
    entity = _known(atlas, cell[1])
    if claim not in one.evidence or entity not in one.hypotheses:
        raise NotFoundError(
            "not part of the inquiry",
            place=cell[0 if claim not in one.evidence else 1],
            mend="add what is missing to the inquiry first",
        )
    said = {
        "claim": claim,
        "entity": list(entity),
        "inquiry": one.id,
        "rating": rating.value,
        "reason": reason.strip(),
    }
    marking = _closed_as(atlas, one, [claim])[claim].join(known_under(atlas, entity))
    atlas.ledger.append(atlas.speaker(), [RecordRow(RATING, canonical(said), marking)])
    return find_inquiry(atlas, one.id)
