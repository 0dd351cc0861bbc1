"""`check`: a pasted text, table or document, line by line: known, new, conflicting, parked or shared.

Answered for this viewer alone. Nothing of what is checked is kept, but what the map knows of it, in the log.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chokepoint.desk.gather.mappings import load
from chokepoint.desk.looking.dossier import Evidence, entity_json
from chokepoint.desk.looking.look import gather_evidence
from chokepoint.desk.looking.shared import Shared, shared
from chokepoint.desk.looking.taken import MOST, Found, Taken, taken, too_many
from chokepoint.desk.personal.cover import covered, over
from chokepoint.desk.resolve import candidates
from chokepoint.desk.watch.access import saw
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.said import AGAINST, Said, linked
from chokepoint.model.vocabulary import vocabulary
from chokepoint.store import lookup
from chokepoint.values.registry import derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chokepoint.collect.base import Document, Rejected
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.personal.veil import Veil

CRIME = frozenset(
    {"indicates", "attributed-to", "controlled-by", "requests-payment-to", "contact", "sanctioned-by"}
)
NAMES = frozenset({"group", "malware", "campaign", "persona", "person", "organisation", "tool", "service"})
CLAIMS_EACH = 200
_cells = re.compile(r"[\t,;|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the viewer's map says of one entity.

    Attributes:
        entity: as it stands in the checked text.
        status: `parked`, `conflicting`, `shared`, `known` or `new`: the first that applies.
        evidence: claims that name it, the most believed first.
        shared: words of known-good lists.
        conflicts: what contradicts what, in sentences.
        near: what follows from the value and is known, such as the host of a new web address.
        shown: the name under which the evidence speaks of it, where that is not its own.
    """

    entity: Entity
    status: str
    evidence: tuple[Evidence, ...] = ()
    shared: tuple[Shared, ...] = ()
    conflicts: tuple[str, ...] = ()
    near: tuple[Entity, ...] = ()
    shown: Entity | None = None

    @property
    def origins(self) -> list[str]:
        """By whom it is known."""
        return sorted({one.stored.claim.provenance.origin for one in self.evidence})

    @property
    def best(self) -> Evidence | None:
        """The most believed claim of crime, or else the most believed claim."""
        crime = (one for one in self.evidence if one.stored.claim.property in CRIME)
        return next(crime, self.evidence[0] if self.evidence else None)

    def to_json(self) -> dict[str, Any]:
        """An entity of a line in `check --json`."""
        best = self.best
        return {
            **entity_json(self.entity),
            "status": self.status,
            "known_by": self.origins,
            "belief": round(best.standing.belief, 4) if best else None,
            "verdict": best.standing.verdict.value if best else None,
            "claims": [one.to_json() for one in self.evidence[:5]],
            "shared": [
                {"list": one.on.value, "origin": one.origin, "listed": one.listed.value, "parked": one.parked}
                for one in self.shared
            ],
            "conflicts": list(self.conflicts),
            "near": [entity_json(entity) for entity in self.near],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the text with what is told of its entities, in the order in which they stand."""

    place: str
    text: str
    told: tuple[Told, ...]
    found: Mapping[Entity, Found] = field(default_factory=dict)
    """What `collect` would take it for, by entity."""

    def to_json(self) -> dict[str, Any]:
        """A line of `check --json`."""
        found = []
        for told in self.told:
            one = self.found.get(told.entity)
            role = {"role": one.role or "named", "reason": str(one.reason)} if one else {}
            found.append({**told.to_json(), **role})
        return {"place": self.place, "text": self.text, "found": found}


def check(
    atlas: Atlas,
    document: Document,
    problems: list[Rejected] | None = None,
    skipped: Counter[str] | None = None,
) -> list[Line]:
    """What the viewer's map says of each line that holds what `collect` would take, or a name that it knows.

    Args:
        atlas: as the viewer.
        document: after unpacking.
        problems: is told of what could not be read, such as a page without text.
        skipped: is told how much is left out on purpose, by rule.

    Raises:
        BadInputError: no text, or a document that is damaged or locked.
        TooLargeError: more identifiers than a person checks at once.
    """
    notes = ([] if problems is None else problems), (Counter[str]() if skipped is None else skipped)
    kept = _kept(document, atlas, notes)
    told = tell(atlas, {entity for line in kept for entity in line.found})
    saw(
        atlas,
        "check",
        document.path,
        (one.entity for one in told.values() if one.status != "new" or one.near),
    )
    lines = []
    for line in kept:
        worth = tuple(
            told[one.entity] for one in line.found.values() if one.role or told[one.entity].status != "new"
        )
        if worth:
            lines.append(Line(place=line.place, text=line.text, told=worth, found=line.found))
    return lines


def _kept(document: Document, atlas: Atlas, notes: tuple[list[Rejected], Counter[str]]) -> list[Taken]:
    """The lines that hold something, or that may name what the map knows."""
    kept, held = [], 0
    for line in taken(document, load(atlas.folder), *notes, most=MOST):
        for entity in () if line.found else _names(line.text):
            line.add(Found(entity=entity, role=""))
        if line.found:
            kept.append(line)
            held += len(line.found)
        if held > MOST:
            raise too_many(document, MOST)
    return kept


def _names(text: str) -> list[Entity]:
    """Actors and malware that the line or its cells may name; whether they do, the map must say."""
    found: list[Entity] = []
    for cell in dict.fromkeys([text, *_cells.split(text)[:50]]):
        if 3 <= len(cell.strip()) <= 60 and len(cell.split()) <= 5:
            found.extend(entity for entity in candidates(cell) if entity.kind in NAMES)
    return found


def tell(atlas: Atlas, entities: Iterable[Entity]) -> dict[Entity, Told]:
    """What the viewer's map says of each entity."""
    wanted = sorted(set(entities))
    relatives = {entity: [other for _, other in derived(entity)] for entity in wanted}
    reader = atlas.reader
    with reader.connect() as connection:
        numbers = lookup.known(
            reader, connection, {*wanted, *(other for ones in relatives.values() for other in ones)}
        )
        seqs = {
            entity: reader.about(connection, numbers[entity], limit=CLAIMS_EACH)
            for entity in wanted
            if entity in numbers
        }
        all_of = gather_evidence(
            reader,
            connection,
            sorted({seq for ones in seqs.values() for seq in ones}),
            cut={numbers[one]: newest for one, newest in seqs.items() if len(newest) == CLAIMS_EACH},
        )
        lists = shared(reader, connection, (entity for entity in wanted if entity.kind not in NAMES))
    by_seq = {one.stored.seq: one for one in all_of}
    told = {
        entity: _told(
            entity,
            [by_seq[seq] for seq in seqs.get(entity, ())],
            lists.get(entity, []),
            [other for other in relatives[entity] if other in numbers],
        )
        for entity in wanted
    }
    cover = over(atlas, all_of, numbers)
    return {entity: _covered(one, cover) for entity, one in told.items()} if cover.names else told


def _covered(one: Told, cover: Veil) -> Told:
    """What is told, in which natural persons are shown no more than the viewer's case needs.

    What stands in the checked text is the viewer's own, and stays as it stands.
    """
    return replace(
        one,
        evidence=tuple(covered(each, cover) for each in one.evidence),
        conflicts=tuple(map(cover.told, one.conflicts)),
        near=tuple(map(cover.entity, one.near)),
        shown=cover.names.get(one.entity),
    )


def _told(entity: Entity, evidence: list[Evidence], lists: list[Shared], near: list[Entity]) -> Told:
    evidence.sort(key=lambda one: -one.standing.belief)
    conflicts = tuple(dict.fromkeys(_conflicts(entity, evidence, lists)))
    said = [one for one in evidence if one.stored.claim.property != "listed-on"]
    return Told(
        entity=entity,
        status=_status(said, lists, conflicts),
        evidence=tuple(said),
        shared=tuple(lists),
        conflicts=conflicts,
        near=tuple(near) if not said else (),
    )


def _status(said: Sequence[Evidence], lists: Sequence[Shared], conflicts: Sequence[str]) -> str:
    if any(one.parked for one in lists):
        return "parked"
    if conflicts:
        return "conflicting"
    if lists:
        return "shared"
    return "known" if said else "new"


def _conflicts(entity: Entity, evidence: Sequence[Evidence], lists: Sequence[Shared]) -> Iterator[str]:
    own = [one for one in evidence if one.stored.claim.subject == entity]
    crime = [one for one in own if one.stored.claim.property in CRIME]
    for one in evidence:
        if one.standing.verdict in {Verdict.DISPUTED, Verdict.REJECTED}:
            yield Said("{words} is {verdict}", words=_words(one), verdict=Said(one.standing.verdict.value))
    if crime and any(listing.listed == entity and not listing.parked for listing in lists):
        yield Said("{words}, but a known-good list holds it", words=_words(crime[0]))
    legitimate = [one for one in own if one.stored.claim.property == "legitimate"]
    if crime and legitimate:
        origin = legitimate[0].stored.claim.provenance.origin
        yield Said("{words}, but {origin} calls it legitimate", words=_words(crime[0]), origin=origin)
    yield from _contradictions(own)


def _contradictions(own: Sequence[Evidence]) -> Iterator[str]:
    """Properties of which there can be one value and are two."""
    values: dict[str, dict[str, str]] = {}
    for one in own:
        claim = one.stored.claim
        known = vocabulary().properties.get(claim.property)
        if known is not None and known.single:
            values.setdefault(known.label, {}).setdefault(str(claim.object), claim.provenance.origin)
    for label, said in values.items():
        if len(said) > 1:
            sides = (Said("{value} ({origin})", value=value, origin=origin) for value, origin in said.items())
            yield Said("{label}: {sides}", label=Said(label), sides=linked(AGAINST, sides))


def _words(one: Evidence) -> str:
    claim = one.stored.claim
    known = vocabulary().properties.get(claim.property)
    thing = claim.object.value if isinstance(claim.object, Entity) else claim.object
    label = Said(known.label if known else claim.property)
    return Said(
        "{origin} says “{label}: {thing}”", origin=claim.provenance.origin, label=label, thing=thing[:80]
    )
