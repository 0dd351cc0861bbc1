"""The dossier of an entity: what is believed and why, by property, with what contradicts it beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response

from chokepoint.desk.analyse.score import Score, numbered
from chokepoint.desk.colleagues import as_all
from chokepoint.desk.looking.dossier import Dossier, Evidence
from chokepoint.desk.looking.lives import Life, lives
from chokepoint.desk.looking.look import MOST_CLAIMS, show
from chokepoint.desk.looking.spelling import called
from chokepoint.desk.vetting.review import votes_on
from chokepoint.desk.vetting.standing import Standing
from chokepoint.model.errors import NotFoundError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Tlp
from chokepoint.model.role import Right
from chokepoint.model.vocabulary import vocabulary
from chokepoint.web.route import FromQuery, read
from chokepoint.web.show.values import address
from chokepoint.web.viewer import Here, Seat

LONGEST = 4_000
VOTED = 100
"""Claims of a page of which it tells who voted."""
LAST = frozenset(("attribute", "mentioned-in"))
"""Properties of which a reader learns least: columns kept as found, and where a thing was named."""
FIRST = 500
"""Claims of a page at first: two thousand take a third of a second to put into words."""


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
        entity: whose it is; called: as people spell it, or empty.
        dossier: as the desk gave it.
        sections: its statements by property.
        accepted: whether only accepted statements are shown.
        as_of: the past moment or day at which the map is shown, or empty for now.
        older: where the same page stands with older claims; empty where it has all that a page can have.
        phase: where things of its kind stand in a crime script, or empty; phases: of one, in their order.
        lives: of an identifier that changed hands; empty where it has had one alone.
        votes: by claim, who confirmed and who disputed, as far as the viewer may know.
        score: what would stop without it, where that is at hand; None where it has to be reckoned first.
        taken: whether the viewer may put it into the case that they look for.
    """

    entity: Entity
    called: str
    dossier: Dossier
    sections: tuple[Section, ...]
    accepted: bool
    as_of: str
    older: str
    phase: str
    phases: tuple[str, ...]
    lives: tuple[Life, ...]
    votes: dict[str, list[dict[str, Any]]]
    score: Score | None
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePage:
    """What one thing matters: `of` as it was asked for."""

    of: str
    score: Score


@read("/entity")
def entity(
    seat: Here,
    *,
    of: FromQuery[str],
    accepted: FromQuery[bool] = False,
    as_of: FromQuery[str] = "",
    older: FromQuery[bool] = False,
) -> Response[str]:
    """What the viewer may know of an entity: its newest claims, with the older ones where they are asked for.

    Raises:
        NotFoundError: their map holds nothing of it.
        NotValidError: `as_of` is no moment.
    """
    most = MOST_CLAIMS if older else FIRST
    dossier = show(seat.atlas, of[:LONGEST], accepted=accepted, most=most, as_of=as_of.strip()[:40])
    if dossier.entity is None and (accepted or as_of.strip()):
        dossier = _bare(show(seat.atlas, of[:LONGEST], most=1))
    if dossier.entity is None:
        raise NotFoundError("nothing that you may see is known of it")
    kind = vocabulary().kinds.get(dossier.entity.kind)
    kept = seat.front.office.scores.at_hand(as_all(seat.atlas))
    page = EntityPage(
        entity=dossier.entity,
        called=called(dossier.entity, dossier.evidence),
        dossier=dossier,
        sections=tuple(sections(dossier)),
        accepted=accepted,
        as_of=as_of.strip()[:40],
        older=_older(dossier.entity, accepted=accepted) if dossier.more and not older else "",
        phase=kind.phase if kind else "",
        phases=vocabulary().phases,
        lives=lives(seat.atlas, of[:LONGEST]) if dossier.evidence else (),
        votes=_votes(seat, dossier),
        score=kept.of(numbered(seat.atlas, of[:LONGEST])) if kept else None,
        taken=bool(seat.atlas.purpose) and Right.SPEAK in seat.rights,
    )
    return seat.page("entity.html", page, label=_label(seat, page))


@read("/entity/score")
def score(seat: Here, of: FromQuery[str]) -> Response[str]:
    """What would stop without an entity; a part of the page where htmx asks for one.

    Raises:
        NotFoundError: their map holds nothing of it.
    """
    eid = numbered(seat.atlas, of[:LONGEST])
    page = ScorePage(of=of[:LONGEST], score=seat.front.office.scores.of(as_all(seat.atlas)).of(eid))
    return seat.page("_score.html" if seat.front.part else "score.html", page, label=seat.label)


def _bare(known: Dossier) -> Dossier:
    """The thing alone: nothing of it was known then, or nothing is accepted."""
    return Dossier(query=known.query, entity=known.entity)


def _label(seat: Seat, page: EntityPage) -> Tlp:
    """That of the claims on the page; that of the whole map where more is told of it than these say."""
    dossier = page.dossier
    if not dossier.evidence or page.score or page.lives or dossier.identity or dossier.shared or dossier.also:
        return seat.label
    return max((one.stored.claim.provenance.marking.tlp for one in dossier.evidence), default=Tlp.CLEAR)


def _votes(seat: Seat, dossier: Dossier) -> dict[str, list[dict[str, Any]]]:
    """The votes on the claims that a page shows first and that have any."""
    voted = [one.stored.id for one in dossier.evidence if one.standing.confirmations or one.standing.disputes]
    return votes_on(seat.atlas, voted[:VOTED]) if voted else {}


def _older(entity: Entity, *, accepted: bool) -> str:
    return f"{address(entity)}&older=true{'&accepted=true' if accepted else ''}"


def sections(dossier: Dossier) -> list[Section]:
    """The claims of a dossier as statements by property: what it is first, links to others after."""
    groups: dict[tuple[str, bool], dict[Entity | str, list[Evidence]]] = {}
    for one in dossier.evidence:
        claim = one.stored.claim
        forward = claim.subject == dossier.entity
        thing = claim.object if forward else claim.subject
        key = (claim.property, forward or _mutual(claim.property))
        groups.setdefault(key, {}).setdefault(thing, []).append(one)
    made = [_section(name, forward, things) for (name, forward), things in groups.items()]
    return sorted(made, key=_order)


def _mutual(name: str) -> bool:
    """Whether a property reads the same from both ends."""
    known = vocabulary().properties.get(name)
    return bool(known and known.reverse == known.label)


def _section(name: str, forward: bool, things: dict[Entity | str, list[Evidence]]) -> Section:
    statements = [
        Statement(
            thing=thing,
            standing=max((one.standing for one in evidence), key=_belief),
            evidence=tuple(evidence),
        )
        for thing, evidence in things.items()
    ]
    statements.sort(key=lambda one: -_belief(one.standing))
    known = vocabulary().properties.get(name)
    return Section(
        property=name,
        forward=forward,
        statements=tuple(statements),
        conflicting=bool(forward and known and known.single and len(statements) > 1),
    )


def _belief(standing: Standing) -> float:
    return standing.belief


def _order(section: Section) -> tuple[bool, bool, bool, str]:
    """What a thing is, its links, those to it; what nobody made sense of and mere mentions come last."""
    linked = any(isinstance(one.thing, Entity) for one in section.statements)
    return (section.property in LAST, linked, not section.forward, section.property)


ROUTES = (entity, score)
