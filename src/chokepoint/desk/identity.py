"""`identity`: judgements on whether two entities are one; each can be taken back by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chokepoint.desk.looking.dossier import identity_json
from chokepoint.desk.people.circle import allowed
from chokepoint.desk.personal.cover import judged
from chokepoint.desk.personal.veil import all_unveiled, unveiled, veil
from chokepoint.desk.resolve import entity_of, resolve
from chokepoint.desk.sight import steps
from chokepoint.desk.watch.access import saw
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Sameness
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.said import Said
from chokepoint.store import lookup
from chokepoint.store.base import IDENTITY, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity
    from chokepoint.store.lookup import Sameness as Judged

PERMILLE = {Sameness.SAME: 950, Sameness.DIFFERENT: 950, Sameness.UNSURE: 500}
"""How sure a human's word is taken to be, in thousandths."""

LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A judgement as it was recorded."""

    left: Entity
    right: Entity
    sameness: Sameness
    organisation: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """The shape of `identity confirm --json` and `identity split --json`."""
        return {
            "left": str(self.left),
            "right": str(self.right),
            "sameness": self.sameness.value,
            "organisation": self.organisation,
            "reason": self.reason,
        }


def judgements(atlas: Atlas, text: str = "", *, limit: int = 50) -> list[Judged]:
    """Visible judgements, newest first: on what a text names, or the newest of all."""
    found = _judgements(atlas, unveiled(atlas, text), limit)
    cover = veil(atlas, [end for one in found for end in (one.left, one.right)])
    return [judged(one, cover) for one in found]


def _judgements(atlas: Atlas, text: str, limit: int) -> list[Judged]:
    reader = atlas.reader
    with reader.connect() as connection:
        if not text:
            newest = lookup.sames(reader, connection, limit)
            saw(atlas, "identity", "", [end for one in newest for end in (one.left, one.right)])
            return newest
        found = [
            one
            for known in resolve(reader, connection, text)
            for one in lookup.sames_of(reader, connection, known.eid)
        ]
    saw(atlas, "identity", text, [end for one in found for end in (one.left, one.right)])
    once = {one.id: one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: one.recorded_at, reverse=True)[:limit]


def to_json(found: list[Judged]) -> dict[str, Any]:
    """The shape of `identity list --json`."""
    return {"identity": [{"id": one.id, **identity_json(one)} for one in found]}


def decide(
    atlas: Atlas, pair: tuple[str, str], word: Sameness, *, reason: str, marking: Marking = CLEAR
) -> Decided:
    """Record the viewer's word on whether two things that the map knows are one.

    Args:
        atlas: opened by the organisation that judges.
        pair: the two, as written.
        word: same, different or unsure.
        reason: what it rests on; a court may read it.
        marking: who may see it; made as closed as the claims by which both are known.

    Raises:
        RefusedError: no reason, both are one entity already, or the map knows nothing of one of them.
        NotValidError: a text that names nothing, or several things.
    """
    if not reason.strip() or len(reason) > LONGEST:
        needed = Said("a judgement needs a reason of 1 to {longest:,} characters", longest=LONGEST)
        raise RefusedError(needed, mend="--reason TEXT")
    allowed(atlas, marking)
    reader = atlas.reader
    with reader.connect() as connection:
        left, right = (entity_of(reader, connection, text) for text in all_unveiled(atlas, pair))
        known = lookup.known(reader, connection, (left, right))
    if left == right:
        raise RefusedError("both name the same entity", place=pair[0], mend="name two different entities")
    for entity, text in zip((left, right), pair, strict=True):
        if entity not in known:
            raise RefusedError(
                "nothing is known of it", place=text, mend="take in a source that names it first"
            )
    payload = {
        "left": list(left),
        "permille": PERMILLE[word],
        "reason": reason,
        "right": list(right),
        "sameness": word.value,
    }
    row = RecordRow(IDENTITY, canonical(payload), marking.join(known_under(atlas, left, right)))
    atlas.ledger.append(atlas.speaker(), [row])
    cover = veil(atlas, (left, right))
    left, right = cover.entity(left), cover.entity(right)
    return Decided(
        left=left, right=right, sameness=word, organisation=atlas.viewer.organisation, reason=reason
    )


def known_under(atlas: Atlas, *pair: Entity) -> Marking:
    """The marking of the most open look that shows both: a judgement must not tell that more is known."""
    for step in steps(atlas.viewer, atlas.engine):
        with step.reader.connect() as connection:
            if len(lookup.known(step.reader, connection, pair)) == len(pair):
                return step.marking
    return Marking(tlp=Tlp.RED)
