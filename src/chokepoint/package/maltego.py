"""Claims as a Maltego graph: entities by their type, each claim in the properties of its link or entity.

Readable properties stand first for the analyst; the last, `chokepoint.claim`, holds the claim whole as
canonical JSON, so that nothing is lost on the way through Maltego and back into an atlas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.sign import canonical_json
from chokepoint.package.whole import ends, whole
from chokepoint.values.mtgx import (
    CLAIM,
    KIND,
    VALUE,
    MtgxEntity,
    MtgxLink,
    definition,
    own_types,
    type_of,
    write_mtgx,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.model.identity import Entity
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion


def export_mtgx(
    claims: Sequence[PackageClaim],
    discretion: Discretion,
    places: Mapping[Entity, tuple[float, float]] | None = None,
) -> bytes:
    """The claims as an `.mtgx` archive; their order and record ids do not change the graph.

    Args:
        claims: that the reader may have.
        discretion: who may be named; others are written under their pseudonym.
        places: x and y by entity, in any unit; Maltego lays out what has none.
    """
    spots = places or {}
    told = sorted(((*ends(claim, discretion), claim) for claim in claims), key=_order)
    names: dict[Entity, str] = {}
    attributes: dict[Entity, list[tuple[str, str]]] = {}
    links = []
    for subject, thing, claim in told:
        text = canonical_json(whole(claim, discretion)).decode()
        names.setdefault(subject, f"n{len(names)}")
        if isinstance(thing, str):
            attributes.setdefault(subject, []).append((CLAIM, text))
            continue
        names.setdefault(thing, f"n{len(names)}")
        links.append(MtgxLink(source=names[subject], target=names[thing], properties=_said(claim, text)))
    entities = [
        _entity(entity, name, (attributes.get(entity, ()), spots.get(entity, (0.0, 0.0))))
        for entity, name in names.items()
    ]
    kinds = own_types(entity.kind for entity in names)
    return write_mtgx(entities, links, definitions=[definition(kind) for kind in kinds])


def _order(told: tuple[Entity, Entity | str, PackageClaim]) -> tuple[str, ...]:
    """By what is said, where and by whom, never by the record that says it."""
    subject, thing, claim = told
    ends = (*subject, claim.property, *((thing,) if isinstance(thing, str) else thing))
    return (*ends, claim.origin, claim.capture, claim.place, *(claim.observed or ()), claim.raw, claim.record)


def _entity(
    entity: Entity, name: str, rest: tuple[Sequence[tuple[str, str]], tuple[float, float]]
) -> MtgxEntity:
    claims, (x, y) = rest
    made = type_of(entity.kind, entity.value)
    main = [(made.main, entity.value)]
    if entity.kind == "url":
        main += [("url", entity.value), ("title", entity.value)]
    return MtgxEntity(
        id=name,
        type=made.name,
        properties=(*main, (KIND, entity.kind), (VALUE, entity.value), *claims),
        x=x,
        y=y,
    )


def _said(claim: PackageClaim, text: str) -> tuple[tuple[str, str], ...]:
    observed = "/".join(claim.observed[:2]) if claim.observed else ""
    return (
        ("maltego.link.manual.type", vocabulary().property(claim.property).label),
        ("maltego.link.manual.description", f"{claim.origin}, {claim.place}"),
        ("chokepoint.belief", f"{claim.belief:.4f}"),
        ("chokepoint.verdict", claim.verdict + (" (SIMULATED)" if claim.watermarked else "")),
        ("chokepoint.grading", claim.grading),
        ("chokepoint.observed", observed),
        ("chokepoint.marking", claim.marking.tlp.label),
        (CLAIM, text),
    )
