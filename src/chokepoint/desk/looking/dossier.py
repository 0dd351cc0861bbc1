"""What is told of an entity: its claims with all that bears on them, and what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chokepoint.desk.looking.shared import Shared
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.model.claim import Interval
    from chokepoint.model.identity import Entity
    from chokepoint.model.judgement import Verdict
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.lookup import Sameness


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
class Said:
    """The part of a text that a claim says in which words stand.

    Attributes:
        property: of the claim.
        passage: the part, at most 160 letters.
        marks: where in the passage the words stand, from and before which letter, ascending and apart.
    """

    property: str
    passage: str
    marks: tuple[tuple[int, int], ...]

    def to_json(self) -> dict[str, Any]:
        """What is said of a hit of `search --json` that was found by its texts."""
        return {
            "property": self.property,
            "passage": self.passage,
            "marks": [list(mark) for mark in self.marks],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entity that a search found.

    Attributes:
        entity: what was found.
        claims: number of visible claims that name it.
        belief: the strongest belief among its statements; of what was found by a text, of the claim with it.
        verdict: of that statement.
        said: what a claim says of it, where the words stand in that and not in its value.
    """

    entity: Entity
    claims: int
    belief: float
    verdict: Verdict
    said: Said | None = None

    def to_json(self) -> dict[str, Any]:
        """A hit of `search --json`."""
        return {
            **entity_json(self.entity),
            "claims": self.claims,
            "belief": round(self.belief, 4),
            "verdict": self.verdict.value,
            "said": self.said and self.said.to_json(),
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
