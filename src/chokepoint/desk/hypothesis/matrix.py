"""The matrix of an inquiry: what evidence and hypotheses come to for one viewer.

Nobody sees how others rate an item against a hypothesis before their own organisation has, neither as such
nor in the ranking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.desk.hypothesis.inquiry import find_inquiry
from chokepoint.desk.hypothesis.voices import voices
from chokepoint.desk.looking.dossier import entity_json
from chokepoint.desk.personal.veil import veil
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.watch.access import saw
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.store import lookup
from chokepoint.vet.hypotheses import Analysis, Item, Rating, analyse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.hypothesis.inquiry import Inquiry
    from chokepoint.desk.hypothesis.voices import Voices
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.model.claim import Claim
    from chokepoint.store.base import StoredClaim

NO_EVIDENCE = frozenset({Verdict.REJECTED, Verdict.RECALLED})


class Row(NamedTuple):
    """One item of evidence as it is shown: the claim, its worth, ratings by hypothesis and organisation."""

    id: str
    claim: Claim
    standing: Standing
    ratings: dict[Entity, dict[str, Rating]]
    heard: Voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Evidence by hypotheses, with what it comes to for the viewer.

    Attributes:
        inquiry: its id. question: in words.
        hypotheses: as they may be shown, in the order in which they were brought up.
        rows: items of evidence.
        analysis: of what the viewer sees; its names are claim ids and `kind:value` of hypotheses as shown.
        to_rate: how many cells the viewer's organisation has not rated.
    """

    inquiry: str
    question: str
    hypotheses: tuple[Entity, ...]
    rows: tuple[Row, ...]
    analysis: Analysis
    to_rate: int

    def to_json(self) -> dict[str, Any]:
        """The shape of `hypothesis show --json`."""
        by_name = {str(one): one for one in self.hypotheses}
        return {
            "inquiry": self.inquiry,
            "question": self.question,
            "hypotheses": [
                {
                    "entity": entity_json(by_name[name]),
                    "inconsistency": round(float(weight), 4),
                    "first": name in self.analysis.first,
                }
                for name, weight in self.analysis.ranking
            ],
            "evidence": [self._row(row) for row in self.rows],
            "fewest": list(self.analysis.fewest),
            "to_rate": self.to_rate,
        }

    def _row(self, row: Row) -> dict[str, Any]:
        thing = row.claim.object
        return {
            "id": row.id,
            "subject": entity_json(row.claim.subject),
            "property": row.claim.property,
            "object": thing if isinstance(thing, str) else entity_json(thing),
            "belief": round(row.standing.belief, 4),
            "verdict": row.standing.verdict.value,
            "ratings": {
                str(one): {name: word.value for name, word in sorted(given.items())}
                for one, given in row.ratings.items()
            },
            "undiagnostic": row.id in self.analysis.undiagnostic,
            "turning": row.id in self.analysis.turning,
            "stirring": row.id in self.analysis.stirring,
        }


def matrix(atlas: Atlas, name: str, *, blinded: bool = True) -> Matrix:
    """Evidence by hypotheses, ranked by least inconsistency, as far as the viewer may see and has rated.

    Args:
        atlas: opened by the viewer.
        name: of the inquiry.
        blinded: whether others' ratings of what the viewer's organisation is still to rate are kept back.

    Raises:
        NotFoundError: no such inquiry.
    """
    one = find_inquiry(atlas, name)
    reader = atlas.reader
    with reader.connect() as connection:
        stored = {each.id: each for each in reader.claims_by_id(connection, one.evidence)}
        standing = of_claims(reader, connection, list(stored.values())) if stored else {}
        known = lookup.known(reader, connection, one.hypotheses)
        raters = {who for given in one.ratings.values() for who in given}
        heard = voices(reader, connection, list(stored.values()), raters)
    hypotheses = [each for each in one.hypotheses if each in known]
    ends = [end for each in stored.values() for end in (each.claim.subject, each.claim.object)]
    entities = [*hypotheses, *(end for end in ends if isinstance(end, Entity))]
    saw(atlas, "hypothesis", one.id, entities)
    cover = veil(atlas, entities)
    rows = [
        _row(
            atlas, one, stored[each], (standing[stored[each].seq], hypotheses, cover, heard), blinded=blinded
        )
        for each in one.evidence
        if each in stored
    ]
    shown = [cover.entity(each) for each in hypotheses]
    mine = {cell for cell, given in one.ratings.items() if atlas.viewer.organisation in given}
    return Matrix(
        inquiry=one.id,
        question=cover.text(one.question),
        hypotheses=tuple(shown),
        rows=tuple(rows),
        analysis=analyse([str(each) for each in shown], [_item(row) for row in rows]),
        to_rate=sum((row.id, each) not in mine for row in rows for each in hypotheses),
    )


def _row(
    atlas: Atlas,
    one: Inquiry,
    stored: StoredClaim,
    about: tuple[Standing, Sequence[Entity], Veil, Voices],
    *,
    blinded: bool,
) -> Row:
    standing, hypotheses, cover, heard = about
    own = atlas.viewer.organisation
    ratings = {}
    for each in hypotheses:
        given = one.ratings.get((stored.id, each), {})
        if own in given or not blinded:
            ratings[cover.entity(each)] = dict(given)
    return Row(stored.id, cover.claim(stored.claim), standing, ratings, heard)


def _item(row: Row) -> Item:
    belief = 0.0 if row.standing.verdict in NO_EVIDENCE else row.standing.belief
    ratings = {str(one): tuple(given.values()) for one, given in row.ratings.items()}
    shares = {str(one): row.heard.shares(row.id, list(given)) for one, given in row.ratings.items()}
    return Item(name=row.id, permille=round(belief * 1000), ratings=ratings, shares=shares)
