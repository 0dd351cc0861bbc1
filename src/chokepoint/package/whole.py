"""A claim whole, as exports to other tools carry it: what `collect` takes back claim for claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.model.identity import Entity
from chokepoint.package.manifest import marking_form

if TYPE_CHECKING:
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion


def named(entity: Entity, discretion: Discretion) -> Entity:
    """The entity as the edition may write it: itself, or one whose value is the pseudonym or the mask."""
    return Entity(entity.kind, discretion.apart(entity))


def ends(claim: PackageClaim, discretion: Discretion) -> tuple[Entity, Entity | str]:
    """Subject and object of a claim as the edition may write them."""
    thing = claim.object
    told = discretion.words(claim) if isinstance(thing, str) else named(thing, discretion)
    return named(claim.subject, discretion), told


def whole(claim: PackageClaim, discretion: Discretion) -> dict[str, Any]:
    """The claim as JSON without floats; belief and verdict stand in it as the sender's word."""
    subject, thing = ends(claim, discretion)
    return {
        "subject": list(subject),
        "property": claim.property,
        "object": thing if isinstance(thing, str) else list(thing),
        "record": claim.record,
        "capture": claim.capture,
        "place": claim.place,
        "origin": claim.origin,
        "grading": claim.grading,
        "graded": claim.graded,
        "raw": claim.raw if discretion.may_name(claim.subject) else "",
        "observed": list(claim.observed) if claim.observed else None,
        "nature": claim.nature.value,
        "marking": [part if isinstance(part, str) else list(part) for part in marking_form(claim.marking)],
        "contributor": claim.contributor,
        "belief": f"{claim.belief:.4f}",
        "verdict": claim.verdict,
        "simulated": claim.watermarked,
    }
