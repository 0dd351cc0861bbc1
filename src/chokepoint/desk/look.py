"""`search` and `show`: find entities, and lay out all that is known of one."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chokepoint.desk.personal.about import notes_on
from chokepoint.desk.personal.cover import minimised
from chokepoint.desk.personal.veil import unveiled, veil
from chokepoint.desk.resolve import Known, resolve
from chokepoint.desk.shared import Shared, shared
from chokepoint.desk.standing import Standing, standings, veiled
from chokepoint.desk.watch.access import saw
from chokepoint.model.judgement import Verdict
from chokepoint.store import lookup
from chokepoint.store.base import day_number
from chokepoint.store.moments import position_at
from chokepoint.store.siblings import siblings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.claim import Interval
    from chokepoint.model.identity import Entity
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.lookup import Sameness
    from chokepoint.store.reading import Reader

MOST_CLAIMS = 2_000
"""Claims of a dossier: a page of the busiest thing in a map of millions takes a seventh of a second."""
EVERYTHING = 100_000
MOST_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A claim with where it stands and what its statement is worth to this viewer.

    Attributes:
        stored: the claim.
        path: of its capture.
        standing: belief and verdict of its statement.
    """

    stored: StoredClaim
    path: str
    standing: Standing

    def to_json(self) -> dict[str, Any]:
        """The shape of a claim in `show --json`."""
        claim = self.stored.claim
        return {
            "id": self.stored.id,
            "property": claim.property,
            "subject": entity_json(claim.subject),
            "object": claim.object if isinstance(claim.object, str) else entity_json(claim.object),
            "origin": claim.provenance.origin,
            "source": {"path": self.path, "place": claim.place, "capture": claim.provenance.capture},
            "interval": interval_json(claim.observed),
            "belief": round(self.standing.belief, 4),
            "verdict": self.standing.verdict.value,
            "simulated": self.standing.simulated,
            "marking": claim.provenance.marking.tlp.label,
            "grading": claim.provenance.grading.code,
            "nature": claim.nature.value,
            "contributor": self.stored.contributor or None,
            "recorded_at": self.stored.recorded_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that the viewer may know of an entity.

    Attributes:
        query: what was asked for.
        entity: what it names, or None when the viewer's map holds nothing of it.
        evidence: claims that name it, newest first.
        identity: judgements on whether it is the same as another.
        also: further entities that the text names.
        shared: what known-good and shared-infrastructure lists say of it.
        more: how many older claims there are beyond these.
        notes: what a reader must know of it as personal data: a review that is due, a legal hold.
    """

    query: str
    entity: Entity | None = None
    evidence: tuple[Evidence, ...] = ()
    identity: tuple[Sameness, ...] = ()
    also: tuple[Entity, ...] = ()
    shared: tuple[Shared, ...] = ()
    more: int = 0
    notes: tuple[str, ...] = ()

    @property
    def origins(self) -> list[str]:
        """Root publishers, in the order of the alphabet."""
        return sorted({evidence.stored.claim.provenance.origin for evidence in self.evidence})

    def to_json(self) -> dict[str, Any]:
        """The shape of `show --json`."""
        if self.entity is None:
            return {"entity": None, "query": self.query}
        return {
            "entity": entity_json(self.entity),
            "query": self.query,
            "claims": [evidence.to_json() for evidence in self.evidence],
            "origins": self.origins,
            "identity": [identity_json(sameness) for sameness in self.identity],
            "also": [entity_json(entity) for entity in self.also],
            "warnings": [one.sentence() for one in self.shared],
            "more": self.more,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entity that a search found.

    Attributes:
        entity: what was found.
        claims: number of visible claims that name it.
        belief: the strongest belief among its statements.
        verdict: of that statement.
    """

    entity: Entity
    claims: int
    belief: float
    verdict: Verdict

    def to_json(self) -> dict[str, Any]:
        """A hit of `search --json`."""
        return {
            **entity_json(self.entity),
            "claims": self.claims,
            "belief": round(self.belief, 4),
            "verdict": self.verdict.value,
        }


def entity_json(entity: Entity) -> dict[str, str]:
    """An entity as programs read it."""
    return {"kind": entity.kind, "value": entity.value, "id": entity.id}


def interval_json(observed: Interval | None) -> dict[str, str] | None:
    """A half-open interval of days as programs read it; None when the source gives none."""
    return None if observed is None else dict(zip(("start", "end", "precision"), observed, strict=True))


def identity_json(sameness: Sameness) -> dict[str, Any]:
    """An identity judgement as programs read it."""
    return {
        **sameness.said,
        "left": entity_json(sameness.left),
        "right": entity_json(sameness.right),
        "sameness": sameness.sameness,
        "organisation": sameness.organisation,
    }


def show(
    atlas: Atlas, text: str, *, accepted: bool = False, most: int = MOST_CLAIMS, as_of: str = ""
) -> Dossier:
    """The dossier of what a text names.

    Args:
        atlas: opened by the viewer.
        text: an entity as a person writes it.
        accepted: leave out statements that are not accepted.
        most: claims, the newest; that belief rests on all is not touched by it.
        as_of: a past moment or day, as in `load_snapshot`; empty for now.

    Raises:
        NotValidError: `as_of` is no moment.
    """
    now = atlas.reader
    with now.connect() as connection:
        reader = _then(now, connection, as_of) if as_of else now
        found = resolve(now, connection, unveiled(atlas, text))
        saw(atlas, "show", text, [one.entity for one in found])
        if not found:
            return Dossier(query=text)
        first, *others = found
        shown, more = _newest(reader, connection, first.eid, most)
        cut = {first.eid: shown} if more else {}
        if as_of and not shown:  # nothing of it was known then
            return Dossier(query=text)
        evidence = gather_evidence(reader, connection, shown, cut=cut)
        identity = lookup.sames_of(reader, connection, first.eid)
        lists = shared(reader, connection, [first.entity])
        notes = notes_on(atlas, now, connection, known=first)
    if accepted:
        evidence = [one for one in evidence if one.standing.verdict is Verdict.ACCEPTED]
    dossier = Dossier(
        query=text,
        entity=first.entity,
        evidence=tuple(evidence),
        identity=tuple(identity),
        also=tuple(known.entity for known in others),
        shared=tuple(lists.get(first.entity, ())),
        more=more,
        notes=notes,
    )
    return minimised(atlas, dossier)


def _newest(reader: Reader, connection: Connection, eid: int, most: int) -> tuple[list[int], int]:
    """Positions of an entity's newest claims that the reader looks at, and how many are older."""
    seqs = reader.about(connection, eid, limit=most + 1)
    more = lookup.claim_counts(reader, connection, [eid])[eid] - most if len(seqs) > most else 0
    return seqs[:most], more


def _then(reader: Reader, connection: Connection, as_of: str) -> Reader:
    """The same look at what had been recorded by a past moment or day."""
    from chokepoint.desk.analyse.view import moment_of  # noqa: PLC0415 - heavy, and for the past alone

    moment = moment_of(as_of)
    return reader.as_of(position_at(connection, moment), day_number(moment[:10]) or 0)


def gather_evidence(
    reader: Reader,
    connection: Connection,
    seqs: Sequence[int],
    *,
    cut: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> list[Evidence]:
    """The claims at these positions with their standing, newest first.

    Args:
        reader: of the viewer.
        connection: of one reading.
        seqs: positions of claims.
        cut: entities of which only the newest claims are among them, by number, each with those; what
            older claims say for the same statements counts all the same.
    """
    with no_collection():
        stored = list(reader.claims(connection, seqs))
        stored.reverse()
        beside = [one for eid, newest in cut.items() for one in siblings(reader, connection, eid, newest)]
        standing = standings(reader, connection, stored, beside=beside)
        paths = lookup.paths_of(reader, connection, (claim.seq for claim in stored))
        return [
            Evidence(
                stored=veiled(claim, standing[claim.seq]),
                path=paths.get(claim.seq, ""),
                standing=standing[claim.seq],
            )
            for claim in stored
        ]


@contextmanager
def no_collection() -> Iterator[None]:
    """Hold the garbage collector back while tens of thousands of objects that stay are made.

    It would go through all of them again and again, which takes as long as making them.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def search(
    atlas: Atlas, text: str, *, limit: int = MOST_FOUND, accepted: bool = False, aside: bool = False
) -> list[Hit]:
    """Entities whose value holds the text: what it names first, then the shortest first.

    Who is shown minimised is found by the whole name alone: parts would spell it.

    Args:
        atlas: opened by the viewer.
        text: a part of a value or name, defanged or not.
        limit: at most so many.
        accepted: leave out entities without an accepted statement.
        aside: whether somebody is still writing the text.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        exact = resolve(reader, connection, unveiled(atlas, text))
        words = _words(text, exact)
        eids = lookup.holding(reader, connection, words, limit) if words else []
        entities = reader.entities(connection, eids)
        found = dict.fromkeys([*exact, *(Known(eid, entities[eid]) for eid in eids)])
        hits = _hits(reader, connection, list(found)[:limit])
    saw(atlas, "search", text, [hit.entity for hit in hits], aside=aside)
    cover = veil(atlas, [hit.entity for hit in hits])
    whole = {one.entity for one in exact}
    return [
        replace(hit, entity=cover.entity(hit.entity))
        for hit in hits
        if (not accepted or hit.verdict is Verdict.ACCEPTED)
        and (hit.entity in whole or hit.entity not in cover.names)
    ]


def _words(text: str, exact: Sequence[Known]) -> str:
    """What to look for inside values: the normal form where the text names something, else the text."""
    if exact and exact[0].entity.value.lower() != text.strip().lower():
        return exact[0].entity.value
    return " ".join(text.replace("[.]", ".").split())


def _hits(reader: Reader, connection: Connection, found: Sequence[Known]) -> list[Hit]:
    """Things with the strongest of their statements, all judged together: rules and votes are read once."""
    seqs = {one.eid: sorted(reader.about(connection, one.eid, limit=SAMPLE)) for one in found}
    stored = {
        one.seq: one for one in reader.claims(connection, sorted({*chain.from_iterable(seqs.values())}))
    }
    older = {
        one.seq: one
        for eid, some in seqs.items()
        if len(some) == SAMPLE
        for one in siblings(reader, connection, eid, some)
        if one.seq not in stored
    }
    standing = standings(reader, connection, list(stored.values()), beside=list(older.values()))
    counts = lookup.claim_counts(reader, connection, list(seqs))
    return [
        _hit(one, counts[one.eid], [standing[at] for at in seqs[one.eid] if at in standing]) for one in found
    ]


def _hit(known: Known, claims: int, standing: Sequence[Standing]) -> Hit:
    accepted = [one for one in standing if one.verdict is Verdict.ACCEPTED]
    best = max(accepted or standing, key=lambda one: one.belief)
    return Hit(entity=known.entity, claims=claims, belief=best.belief, verdict=best.verdict)


SAMPLE = 200
