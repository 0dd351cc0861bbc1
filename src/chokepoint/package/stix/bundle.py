"""The bundle: entities, relationships with confidence, notes for attributes, one report over all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.model.identity import Entity
from chokepoint.model.moment import read_moment, stamp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.package.stix.entities import IDENTIFIER_EXTENSION, entity_object, pattern
from chokepoint.package.stix.ids import object_id
from chokepoint.package.stix.markings import marking_objects, statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.model.marking import Marking
    from chokepoint.package.parts import PackageClaim, Provisional
    from chokepoint.package.privacy import Discretion

PROVENANCE_EXTENSION = object_id("extension-definition", "provenance", "1.0.0")
PROJECT = object_id("identity", "chokepoint")
PROJECT_CREATED = "2024-01-01T00:00:00.000Z"

_THINGS = ("infrastructure", "malware", "tool")
_VICTIMS = ("identity", "location")
# STIX 2.1 §3.6 and appendix B, for the object types that occur here; all else is `related-to`.
STANDARD: dict[tuple[str, str], tuple[str, ...]] = {
    ("intrusion-set", "uses"): _THINGS,
    ("campaign", "uses"): _THINGS,
    ("malware", "uses"): _THINGS,
    ("tool", "uses"): ("infrastructure",),
    ("infrastructure", "uses"): ("infrastructure",),
    ("campaign", "attributed-to"): ("intrusion-set",),
    ("intrusion-set", "targets"): _VICTIMS,
    ("campaign", "targets"): _VICTIMS,
    ("malware", "targets"): (*_VICTIMS, "infrastructure"),
    ("tool", "targets"): (*_VICTIMS, "infrastructure"),
    ("malware", "variant-of"): ("malware",),
    ("identity", "located-at"): ("location",),
    ("infrastructure", "located-at"): ("location",),
    ("domain-name", "resolves-to"): ("domain-name", "ipv4-addr", "ipv6-addr"),
    ("indicator", "indicates"): ("campaign", "intrusion-set", *_THINGS),
    ("malware", "communicates-with"): ("domain-name", "ipv4-addr", "ipv6-addr", "url"),
    ("malware", "downloads"): ("malware", "tool", "file"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the bundle says about itself.

    Attributes:
        title: of the report object.
        created: UTC, ISO 8601.
        organisation: who publishes it.
        marking: of the whole.
        discretion: who may be named in it.
        simulated: whether it rests on simulated votes.
        provisional: who answers for what in it is not vetted yet, or None.
        copy: the name of the recipients' copy, or empty.
    """

    title: str
    created: str
    organisation: str
    marking: Marking
    discretion: Discretion
    simulated: bool = False
    provisional: Provisional | None = None
    copy: str = ""


def bundle(claims: Sequence[PackageClaim], cover: Cover) -> dict[str, Any]:
    """A STIX 2.1 bundle of the claims; the same input gives the same objects in the same order.

    Links become relationships and attributes notes, each with the claim's own marking, confidence and
    provenance; identifiers that indicate something also become indicators.

    Raises:
        NotValidError: `created` is no moment in time.
    """
    made = _Maker(cover)
    for claim in claims:
        made.add(claim)
    objects = made.finish()
    return {"type": "bundle", "id": object_id("bundle", *(one["id"] for one in objects)), "objects": objects}


def bundle_bytes(claims: Sequence[PackageClaim], cover: Cover) -> bytes:
    """The bundle as UTF-8 JSON with sorted keys, for files."""
    text = json.dumps(bundle(claims, cover), ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


def timestamp(text: str) -> str:
    """A date or moment as STIX writes it, UTC with milliseconds.

    Raises:
        NotValidError: it is neither.
    """
    return stamp(read_moment(text))


class _Maker:
    """Collects the objects of one bundle, each once."""

    def __init__(self, cover: Cover) -> None:
        self._cover = cover
        self._created = timestamp(cover.created)
        self._author = object_id("identity", "organisation", cover.organisation)
        self._objects: dict[str, dict[str, Any]] = {}
        self._seen_under: dict[str, Marking] = {}
        self._markings: dict[str, dict[str, Any]] = {}

    def add(self, claim: PackageClaim) -> None:
        """The objects of one claim."""
        subject = self._entity(claim.subject, claim)
        if isinstance(claim.object, str):
            self._note(claim, [subject], self._cover.discretion.words(claim))
            return
        target = self._entity(claim.object, claim)
        standard = vocabulary().property(claim.property).stix
        if subject is None or target is None or subject == target or not standard:
            self._note(claim, [subject, target], self._shown(claim.object))
        else:
            self._relationship(claim, self._source(claim, subject, target), target)

    def finish(self) -> list[dict[str, Any]]:
        """All objects: markings and definitions first, then entities and links, the report last."""
        for name, marking in self._seen_under.items():
            self._objects[name] |= self._marks(marking, simulated=False)
        everything = [self._objects[name] for name in sorted(self._objects)]
        report = self._report([one["id"] for one in everything])
        markings = [self._markings[name] for name in sorted(self._markings)]
        return [*markings, *self._definitions(), *everything, report]

    def _report(self, references: list[str]) -> dict[str, Any]:
        report = {
            **self._head("report", self._cover.title, self._cover.created, *references),
            "name": self._cover.title or "Package",
            "published": self._created,
            "report_types": ["threat-report"],
            "object_refs": references or [PROJECT],
            **self._marks(self._cover.marking, simulated=self._cover.simulated),
        }
        if self._cover.copy:
            report["object_marking_refs"] += self._marked([statement(f"Copy {self._cover.copy}")])
        marks = {"simulated": self._cover.simulated, "unvetted": self._cover.provisional}
        labels = [name for name, holds in marks.items() if holds]
        return {**report, "labels": labels} if labels else report

    def _definitions(self) -> list[dict[str, Any]]:
        project = {
            "type": "identity",
            "spec_version": "2.1",
            "id": PROJECT,
            "created": PROJECT_CREATED,
            "modified": PROJECT_CREATED,
            "name": "Chokepoint",
            "identity_class": "system",
        }
        author = {
            **project,
            "id": self._author,
            "created": self._created,
            "modified": self._created,
            "name": self._cover.organisation or "unnamed",
            "identity_class": "organization",
        }
        return [project, author, *(_definition(*row) for row in _DEFINITIONS)]

    def _marks(self, marking: Marking, *, simulated: bool) -> dict[str, Any]:
        unvetted = self._cover.provisional.label if self._cover.provisional else ""
        return {
            "object_marking_refs": self._marked(
                marking_objects(marking, simulated=simulated, unvetted=unvetted)
            )
        }

    def _marked(self, definitions: Sequence[dict[str, Any]]) -> list[str]:
        """Ids of marking definitions, which the bundle then holds."""
        self._markings.update({one["id"]: one for one in definitions})
        return [one["id"] for one in definitions]

    def _head(self, kind: str, *parts: str) -> dict[str, Any]:
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": object_id(kind, *parts),
            "created": self._created,
            "modified": self._created,
            "created_by_ref": self._author,
        }

    def _shown(self, entity: Entity) -> str:
        return self._cover.discretion.label(entity, entity.value)

    def _entity(self, entity: Entity, claim: PackageClaim) -> str | None:
        built = self._built(entity)
        if built is None:
            return None
        name = str(built["id"])
        self._objects.setdefault(name, built)
        known = self._seen_under.get(name)
        if known is None or claim.marking.tlp < known.tlp:
            self._seen_under[name] = claim.marking
        return name

    def _built(self, entity: Entity) -> dict[str, Any] | None:
        """The object of an entity; of who may not be named, a person of this bundle alone, else nothing.

        An id that follows from a value would let anybody who guesses the value see that they guessed.
        """
        if self._cover.discretion.may_name(entity):
            return entity_object(entity, self._shown(entity), self._created)
        if entity.kind not in NATURAL_PERSONS:
            return None
        name = Entity(entity.kind, self._shown(entity))
        built = entity_object(name, name.value, self._created)
        return built and built | {"id": object_id("identity", self._created, self._cover.title, name.value)}

    def _source(self, claim: PackageClaim, subject: str, target: str) -> str:
        """The start of a relationship: an indicator where an identifier indicates something."""
        indicates = claim.property == "indicates" and self._cover.discretion.may_name(claim.subject)
        found = pattern(claim.subject) if indicates else None
        if found is None or target.partition("--")[0] not in STANDARD["indicator", "indicates"]:
            return subject
        indicator = {
            **self._head("indicator", claim.record),
            "name": self._shown(claim.subject),
            "description": f"{claim.subject.kind} {self._shown(claim.subject)}, as {claim.origin} states.",
            "indicator_types": ["malicious-activity"],
            "pattern": found,
            "pattern_type": "stix",
            "valid_from": self._since(claim),
            **self._provenance(claim),
        }
        self._objects[indicator["id"]] = indicator
        return str(indicator["id"])

    def _since(self, claim: PackageClaim) -> str:
        return timestamp(claim.observed.start) if claim.observed and claim.observed.start else self._created

    def _relationship(self, claim: PackageClaim, source: str, target: str) -> None:
        wanted = vocabulary().property(claim.property).stix
        ends = (source.partition("--")[0], target.partition("--")[0])
        standard = ends[1] in STANDARD.get((ends[0], wanted), ())
        link = {
            **self._head("relationship", claim.record),
            "relationship_type": wanted if standard else "related-to",
            "source_ref": source,
            "target_ref": target,
            **self._provenance(claim),
        }
        if claim.observed and claim.observed.start:
            link["start_time"] = timestamp(claim.observed.start)
        if claim.observed and claim.observed.end > claim.observed.start:
            link["stop_time"] = timestamp(claim.observed.end)
        self._objects[link["id"]] = link

    def _note(self, claim: PackageClaim, ends: Sequence[str | None], text: str) -> None:
        label = vocabulary().property(claim.property).label
        references = sorted({end for end in ends if end}) or [self._author]
        note = {
            **self._head("note", claim.record),
            "abstract": label,
            "content": f"{self._shown(claim.subject)} {label}: {text}",
            "object_refs": references,
            **self._provenance(claim),
        }
        self._objects[note["id"]] = note

    def _provenance(self, claim: PackageClaim) -> dict[str, Any]:
        """Confidence, marking, and the extension that leads back to record, capture and place."""
        said: dict[str, Any] = {
            "confidence": round(100 * claim.belief),
            **self._marks(claim.marking, simulated=claim.watermarked),
            "external_references": [{"source_name": claim.origin or "unknown", "external_id": claim.record}],
            "extensions": {
                PROVENANCE_EXTENSION: {
                    "extension_type": "property-extension",
                    "property": claim.property,
                    "record": claim.record,
                    "capture": claim.capture,
                    "place": claim.place,
                    "origin": claim.origin,
                    "grading": claim.grading,
                    "belief": f"{claim.belief:.4f}",
                    "verdict": claim.verdict,
                    "nature": claim.nature.value,
                    "simulated": claim.watermarked,
                }
            },
        }
        return {**said, "labels": ["simulated"]} if claim.watermarked else said


_DEFINITIONS = (
    (
        IDENTIFIER_EXTENSION,
        "Chokepoint identifiers",
        "new-sco",
        "Identifiers that STIX 2.1 lacks: each has a required property `value` (string), the normal form.",
    ),
    (
        PROVENANCE_EXTENSION,
        "Chokepoint provenance",
        "property-extension",
        (
            "Where a statement comes from: property, record (ledger record id), capture (SHA-256), place (in "
            "the capture), origin, grading (Admiralty), belief (decimal text), verdict, nature, simulated."
        ),
    ),
)


def _definition(name: str, title: str, kind: str, schema: str) -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": name,
        "created": PROJECT_CREATED,
        "modified": PROJECT_CREATED,
        "created_by_ref": PROJECT,
        "name": title,
        "description": schema,
        "schema": schema,
        "version": "1.0.0",
        "extension_types": [kind],
    }
