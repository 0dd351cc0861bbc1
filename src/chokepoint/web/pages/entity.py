"""The dossier of an entity: what is believed and why, by property, with what contradicts it beside it."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response

from chokepoint.desk.look import Dossier, Evidence, show
from chokepoint.desk.standing import Standing
from chokepoint.model.errors import NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.web.route import FromQuery, read
from chokepoint.web.viewer import Here

LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence with all claims for it.

    Attributes:
        thing: the other end: an entity or words.
        standing: belief and verdict.
        evidence: claims for it, newest first.
    """

    thing: Entity | str
    standing: Standing
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All statements of one property in one direction, the most believed first.

    Attributes:
        property: its name in the vocabulary.
        forward: whether the entity is the subject.
        statements: of it.
        conflicting: whether only one of the values can be right.
    """

    property: str
    forward: bool
    statements: tuple[Statement, ...]
    conflicting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """The dossier.

    Attributes:
        entity: whose it is.
        dossier: as the desk gave it.
        sections: its statements by property.
        accepted: whether only accepted statements are shown.
        as_of: the past moment or day at which the map is shown, or empty for now.
        phase: where things of its kind stand in a crime script, or empty.
    """

    entity: Entity
    dossier: Dossier
    sections: tuple[Section, ...]
    accepted: bool
    as_of: str
    phase: str


@read("/entity")
def entity(
    seat: Here, of: FromQuery[str], accepted: FromQuery[bool] = False, as_of: FromQuery[str] = ""
) -> Response[str]:
    """All that the viewer may know of an entity.

    Raises:
        NotFoundError: their map holds nothing of it.
        NotValidError: `as_of` is no moment.
    """
    dossier = show(seat.atlas, of[:LONGEST], accepted=accepted, as_of=as_of.strip()[:40])
    if dossier.entity is None:
        raise NotFoundError("nothing that you may see is known of it")
    kind = vocabulary().kinds.get(dossier.entity.kind)
    page = EntityPage(
        entity=dossier.entity,
        dossier=dossier,
        sections=tuple(sections(dossier)),
        accepted=accepted,
        as_of=as_of.strip()[:40],
        phase=kind.phase if kind else "",
    )
    return seat.page("entity.html", page)


def sections(dossier: Dossier) -> list[Section]:
    """The claims of a dossier as statements by property: what it is first, links to others after."""
    groups: dict[tuple[str, bool], dict[Entity | str, list[Evidence]]] = {}
    for one in dossier.evidence:
        claim = one.stored.claim
        forward = claim.subject == dossier.entity
        thing = claim.object if forward else claim.subject
        groups.setdefault((claim.property, forward), {}).setdefault(thing, []).append(one)
    made = [_section(name, forward, things) for (name, forward), things in groups.items()]
    return sorted(made, key=_order)


def _section(name: str, forward: bool, things: dict[Entity | str, list[Evidence]]) -> Section:
    statements = [
        Statement(thing=thing, standing=evidence[0].standing, evidence=tuple(evidence))
        for thing, evidence in things.items()
    ]
    statements.sort(key=lambda one: -one.standing.belief)
    known = vocabulary().properties.get(name)
    return Section(
        property=name,
        forward=forward,
        statements=tuple(statements),
        conflicting=bool(forward and known and known.single and len(statements) > 1),
    )


def _order(section: Section) -> tuple[bool, bool, str]:
    linked = any(isinstance(one.thing, Entity) for one in section.statements)
    return (linked, not section.forward, section.property)


ROUTES = (entity,)
