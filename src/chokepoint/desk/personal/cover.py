"""Answers of the desk in which natural persons are shown no more than the viewer's case needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.desk.personal.index import persons_in
from chokepoint.desk.personal.veil import veil
from chokepoint.model.identity import Entity
from chokepoint.package.redact import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.looking.dossier import Dossier, Evidence
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.lookup import Sameness

STAYS = (
    "Not shown in full: a victim or witness is, in the case alone to whose people their role was told as"
    " need-to-know."
)


def minimised(atlas: Atlas, one: Dossier) -> Dossier:
    """The dossier in which natural persons are shown no more than the viewer's case needs."""
    lists = [end for listing in one.shared for end in (listing.listed, listing.on)]
    compared = [end for sameness in one.identity for end in (sameness.left, sameness.right)]
    named = [*compared, *one.also, *lists, *([one.entity] if one.entity else [])]
    cover = over(atlas, one.evidence, named)
    if not cover.names:
        return one
    return replace(
        one,
        entity=one.entity and cover.entity(one.entity),
        evidence=tuple(covered(each, cover) for each in one.evidence),
        identity=tuple(judged(each, cover) for each in one.identity),
        also=tuple(map(cover.entity, one.also)),
        shared=tuple(replace(each, listed=cover.entity(each.listed)) for each in one.shared),
        notes=(*map(cover.text, one.notes), *([STAYS] if atlas.unfold and one.entity in cover.names else [])),
    )


def over(atlas: Atlas, evidence: Collection[Evidence], beside: Iterable[Entity] = ()) -> Veil:
    """Who is minimised in claims: of their ends, of whom their words name, and of what is shown beside.

    Raises:
        OSError: that somebody is seen in full cannot be logged.
    """
    said = (one.stored.claim.object for one in evidence)
    words = "\n".join(dict.fromkeys(one for one in said if isinstance(one, str)))
    return veil(atlas, {*ends(evidence), *beside, *(persons_in(atlas, words) if words else ())})


def ends(evidence: Iterable[Evidence]) -> Iterator[Entity]:
    """The entities that claims speak of."""
    return spoken_of(one.stored for one in evidence)


def covered(one: Evidence, cover: Veil) -> Evidence:
    """The evidence in which natural persons are shown no more than the viewer's case needs."""
    stored = one.stored._replace(claim=cover.claim(one.stored.claim))
    return replace(one, stored=stored, path=cover.told(one.path))


def spoken_of(stored: Iterable[StoredClaim]) -> Iterator[Entity]:
    """The entities that stored claims speak of."""
    for one in stored:
        yield one.claim.subject
        if isinstance(one.claim.object, Entity):
            yield one.claim.object


def shown(one: StoredClaim, cover: Veil) -> StoredClaim:
    """The claim with no words that could name who is minimised."""
    return one._replace(claim=cover.claim(one.claim)) if cover.names else one


def judged(one: Sameness, cover: Veil) -> Sameness:
    """The judgement, whose reason is kept back where it is about somebody who is minimised."""
    left, right = cover.entity(one.left), cover.entity(one.right)
    hidden = (left, right) != (one.left, one.right)
    return one._replace(left=left, right=right, said={"reason": WITHHELD} if hidden else one.said)
