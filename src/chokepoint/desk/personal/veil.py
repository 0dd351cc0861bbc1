"""The minimised view: who is a natural person is shown as a pseudonym and a role (DESIGN §9).

Everybody looks through it. Who is on a case may see in full whom that case needs, says why, and every person
so seen is in the log; victims and witnesses only where their role is need-to-know in that very case. Whom a
public authority charged, convicted or sanctioned, or whose name a named human of one's own organisation
released, is named. So is an identifier that is vetted as a means of crime and no victim's or witness's.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chokepoint.desk.handing.release import released
from chokepoint.desk.personal.role import UNKNOWN, read_roles
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.watch.access import LONGEST, saw
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.privacy import (
    CRIMINAL_TIES,
    LETTERS,
    NAMELESS,
    is_personal,
    pseudonym,
    pseudonyms,
)
from chokepoint.package.redact import NATURAL_PERSONS, WITHHELD, Redactor
from chokepoint.store import lookup, persons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.personal.role import Person
    from chokepoint.model.claim import Claim, Provenance

OWNED = frozenset({"account", "contact", "uses", "controlled-by", "attributed-to", "related-to"})
"""Links by which an identifier is a person's own; whom somebody pays or meets is not."""
MEANS = CRIMINAL_TIES - {"pays"}
SPOKEN_OF = NATURAL_PERSONS | {"persona"}
TOLD = NAMELESS | {"role", "review-date"}
MOST_OWNED, SAMPLE = 500, 200
HOME = Entity("site", "a withheld address")
_pseudonym = re.compile(
    rf"(?:[a-z-]+:)?([\w -]+? [a-z2-7]{{{LETTERS}}}(?:[a-z2-7]{{{LETTERS}}})?)(?: \([\w ,]+\))?"
).fullmatch


@dataclass(frozen=True, slots=True)
class Veil:
    """Who is minimised in one answer, each with the name under which they are shown."""

    names: Mapping[Entity, Entity] = field(default_factory=dict)
    _made: list[Redactor] = field(default_factory=list, compare=False, repr=False)
    _told: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def entity(self, one: Entity) -> Entity:
        """The entity as it may be shown."""
        return self.names.get(one, one)

    def claim(self, one: Claim) -> Claim:
        """The sentence as it may be shown: of who is minimised, no words that could name them."""
        if not self.names:
            return one
        subject, thing = self.entity(one.subject), one.object
        if isinstance(thing, Entity):
            subject, thing = self.pair(one.subject, thing)
        elif subject != one.subject and one.property not in TOLD:
            thing = WITHHELD
        else:
            thing = self.told(thing)
        return replace(
            one,
            subject=subject,
            object=thing,
            place=self.told(one.place),
            provenance=self._source(one.provenance),
            raw="" if subject != one.subject else self.told(one.raw),
        )

    def _source(self, one: Provenance) -> Provenance:
        """Where it comes from; a letter is called after who wrote it, and so may a publisher be."""
        origin, original = self.told(one.origin), self.told(one.grading.original)
        if (origin, original) == (one.origin, one.grading.original):
            return one
        return replace(one, origin=origin, grading=replace(one.grading, original=original))

    def pair(self, one: Entity, other: Entity) -> tuple[Entity, Entity]:
        """Both ends of a link: where somebody minimised lives is not shown beside them."""
        first, second = self.entity(one), self.entity(other)
        if first != one and other.kind == "site":
            return first, HOME
        if second != other and one.kind == "site":
            return HOME, second
        return first, second

    def text(self, words: str) -> str:
        """Words in which every value of somebody minimised gives way to their pseudonym."""
        return self.redactor.replaced(words) if self.names and words else words

    def told(self, words: str) -> str:
        """Words as they may be shown: with pseudonyms, or withheld where that would leave somebody named."""
        if not self.names or not words:
            return words
        if words not in self._told:
            self._told[words] = self.redactor.told(words)
        return self._told[words]

    @property
    def redactor(self) -> Redactor:
        """What keeps them out of words; made when it is first asked for."""
        if not self._made:
            self._made.append(Redactor({one: shown.value for one, shown in self.names.items()}))
        return self._made[0]


OPEN = Veil()


def veil(atlas: Atlas, entities: Iterable[Entity]) -> Veil:
    """How these entities are shown to the viewer; whom it lets them see in full is logged before.

    Raises:
        OSError: that somebody is seen in full cannot be logged.
    """
    asked = {one for one in entities if is_personal(one)}
    if not asked:
        return OPEN
    reader = atlas.reader
    with reader.connect() as connection:
        folded, unfolded = _Folding(atlas, connection).fold(asked)
    for start in range(0, len(unfolded), LONGEST):
        saw(atlas, "unfold", atlas.unfold, unfolded[start : start + LONGEST])
    return Veil(folded)


def folded(atlas: Atlas, entities: Iterable[Entity]) -> frozenset[Entity]:
    """Who among these is minimised for everybody outside a case, the viewer's own case or none."""
    asked = {one for one in entities if is_personal(one)}
    if not asked:
        return frozenset()
    with atlas.reader.connect() as connection:
        return frozenset(_Folding(replace(atlas, unfold=""), connection).fold(asked)[0])


class _Folding:
    """Decides who is minimised among the entities of one answer."""

    def __init__(self, atlas: Atlas, connection: Connection) -> None:
        self._atlas, self._connection, self._reader = atlas, connection, atlas.reader
        self._released = released(atlas)
        self._unfolds = bool(atlas.unfold and atlas.purpose)

    def fold(self, asked: set[Entity]) -> tuple[dict[Entity, Entity], list[Entity]]:
        """Who is minimised and under which name, and who would be but is shown in full."""
        numbers = lookup.known(self._reader, self._connection, asked)
        things = {eid: one for one, eid in numbers.items() if one.kind not in NATURAL_PERSONS}
        owners = persons.beside(
            self._reader, self._connection, things, kinds=NATURAL_PERSONS, properties=OWNED
        )
        owned = {eid for ones in owners.values() for eid in ones}
        today = self._atlas.clock()[:10]
        roles = read_roles(self._reader, self._connection, {*numbers.values(), *owned}, today=today)
        people = self._reader.entities(self._connection, owned)
        behind = {things[eid]: [people[one] for one in sorted(ones)] for eid, ones in owners.items()}
        means = self._means([one for one in behind if one in numbers], numbers)
        folded: dict[Entity, Person] = {}
        unfolded: list[Entity] = []
        for one in sorted(numbers):
            whom = [one, *behind.get(one, ())]
            states = [(each, roles.get(each, UNKNOWN)) for each in whom]
            if not self._is_minimised(one, states, is_means=one in means):
                continue
            if self._unfolds and all(self._may_unfold(state) for _, state in states):
                unfolded.append(one)
            else:
                folded[one] = states[0][1]
        codes = pseudonyms(folded, self._atlas.pseudonym_key)
        return {one: _shown(one, codes[one], state) for one, state in folded.items()}, unfolded

    def _is_minimised(self, one: Entity, states: list[tuple[Entity, Person]], *, is_means: bool) -> bool:
        if any(state.protected for _, state in states):
            return True
        if one.kind in NATURAL_PERSONS:
            return not self._may_name(one, states[0][1])
        return not is_means and any(
            each.kind in NATURAL_PERSONS and not self._may_name(each, state) for each, state in states[1:]
        )

    def _may_name(self, one: Entity, state: Person) -> bool:
        return state.public or one in self._released

    def _may_unfold(self, state: Person) -> bool:
        return not state.protected or self._atlas.purpose in state.cases

    def _means(self, owned: list[Entity], numbers: Mapping[Entity, int]) -> set[Entity]:
        """Identifiers of persons that are vetted as a means of crime, by what no person stands in."""
        found: set[Entity] = set()
        for one in sorted(owned)[:MOST_OWNED]:
            seqs = self._reader.about(self._connection, numbers[one], limit=SAMPLE)
            stored = [
                each
                for each in self._reader.claims(self._connection, seqs)
                if each.claim.property in MEANS
                and isinstance(each.claim.object, Entity)
                and SPOKEN_OF.isdisjoint({each.claim.subject.kind, each.claim.object.kind})
            ]
            standing = of_claims(self._reader, self._connection, stored) if stored else {}
            if any(s.verdict is Verdict.ACCEPTED and not s.simulated for s in standing.values()):
                found.add(one)
        return found


def _shown(one: Entity, code: str, state: Person) -> Entity:
    words = [state.role] if one.kind in NATURAL_PERSONS or state != UNKNOWN else []
    words += ["to be reviewed"] if state.due else []
    return Entity(one.kind, code + (f" ({', '.join(words)})" if words else ""))


def home(atlas: Atlas, one: Entity) -> Entity:
    """A site at which somebody minimised lives, as it may be shown beside them, told from others."""
    return Entity(HOME.kind, f"{HOME.value} {pseudonym(one, atlas.pseudonym_key).rpartition(' ')[2]}")


def unveiled(atlas: Atlas, words: str) -> str:
    """What a pseudonym that the viewer was shown stands for, as `kind:value`; other words as they are."""
    return all_unveiled(atlas, [words])[0]


def all_unveiled(atlas: Atlas, texts: Sequence[str]) -> list[str]:
    """As `unveiled`, of many at once and in their order."""
    matches = {text: _pseudonym(text.strip()) for text in texts}
    codes = {text: match[1] for text, match in matches.items() if match}
    labels = {code.rpartition(" ")[0] for code in codes.values()}
    wanted = {name for name, kind in vocabulary().kinds.items() if kind.personal and kind.label in labels}
    if not wanted:
        return list(texts)
    found = _led_back(atlas, wanted, set(codes.values()))
    return [found.get(codes.get(text, ""), text) for text in texts]


def _led_back(atlas: Atlas, kinds: set[str], sought: set[str]) -> dict[str, str]:
    """Who bears pseudonyms on the viewer's pages or in what their organisation sent; if only one does."""
    key, lengths = atlas.pseudonym_key, {len(code.rpartition(" ")[2]) for code in sought}
    reader = atlas.reader
    with reader.connect() as connection:
        found = [
            (code, str(one))
            for one in persons.of_kinds(reader, connection, kinds)
            for length in lengths
            if (code := pseudonym(one, key, letters=length)) in sought
        ]
    held = Counter(code for code, _ in found)
    return {code: one for code, one in found if held[code] == 1}
