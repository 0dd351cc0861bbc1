"""The objects of one file, sorted by what they do, and the claims that they make together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.naming import telling_part
from chokepoint.collect.stix2 import objects, observables, sentences
from chokepoint.collect.stix2.about import MOST_CONTEXTS, context_of, everything, references, subjects_of
from chokepoint.collect.stix2.context import Knowledge, Report, unread_markings, valid
from chokepoint.collect.stix2.patterns import Comparison, comparisons
from chokepoint.collect.taking import named, text_of, texts
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

_TYING = frozenset({"indicates", "based-on", "attributed-to", "uses"})
_NAMELESS = frozenset({"relationship", "marking-definition", *sentences.REMARKS, *objects.REPORTS})
_MENTIONED = frozenset({"intrusion-set", "threat-actor", "malware", "tool", "campaign"})
_PARTS = {"indicator": "pattern"} | dict.fromkeys(objects.KINDS, "name")
_RULES = {"marking-definition": "marking definition (applied to what it marks)"}


class Thing(NamedTuple):
    """One object of a file: its JSON pointer, id, type, and all that it says."""

    place: str
    name: str
    sort: str
    said: dict[str, Any]


class Bundle:
    """One file: first `add` every object, then `learn` their ids, then `items` says what they say."""

    def __init__(self, document: Document, known: Knowledge) -> None:
        self.document = document
        self.things: list[Thing] = []
        self.relations: list[tuple[str, dict[str, Any]]] = []
        self._known = known
        self._rejected: list[Rejected] = []
        self._patterns: dict[str, list[tuple[Comparison, Entity | None]]] = {}
        self._refused: dict[str, str] = {}
        self._file_subject: Entity | None = None
        self._places: dict[str, str] = {}
        self._hit: set[str] = set()

    def add(self, place: str, thing: dict[str, Any]) -> Iterator[Item]:
        """Take one object in; a marking whose meaning nobody knows is refused at once."""
        name, sort = text_of(thing.get("id")), text_of(thing.get("type"))
        if not name:
            # An id of our own, so that objects without one are not taken for one and the same.
            name = f"{sort}--{self.document.sha256}{place}"
            thing = {**thing, "id": name}
            yield Rejected(
                f"{place}/id", "no id, so no other object can name this one. Mend: write one as type--uuid"
            )
        self.things.append(Thing(place, name, sort, thing))
        self._places[name] = place
        if sort == "relationship":
            yield from self._add_relation(place, thing)
        elif sort == "marking-definition":
            try:
                self._known.learn_marking(thing)
            except NotValidError as error:
                yield Rejected(place, error.advice)
        elif sort == "identity" and text_of(thing.get("name")):
            self._known.creators[name] = text_of(thing["name"])

    def _add_relation(self, place: str, thing: dict[str, Any]) -> Iterator[Item]:
        source, target = text_of(thing.get("source_ref")), text_of(thing.get("target_ref"))
        if thing.get("revoked") is True or thing.get("x_mitre_deprecated") is True:
            yield Skipped("revoked STIX object")
            return
        if not source or not target:
            yield Rejected(place, "a relationship without source_ref or target_ref. Mend: name both ends")
            return
        self.relations.append((place, thing))
        if text_of(thing.get("relationship_type")) == "targets":
            self._hit.add(target)
        if text_of(thing.get("relationship_type")) in _TYING and target.partition("--")[0] in objects.KINDS:
            self._known.tied.setdefault(source, []).append(target)

    def shown(self, place: str, relation: dict[str, Any]) -> str:
        """Where a reader sees what a relationship speaks of: at its source, if that is in this file."""
        source = text_of(relation.get("source_ref"))
        at = self._places.get(source)
        part = _PARTS.get(source.partition("--")[0])
        return f"{at}/{part}" if at is not None and part else place

    def waits(self) -> bool:
        """Whether another file may still say what an object of this one leans on, or speak of it."""
        return any(self._waits(one) for one in self.things)

    def _waits(self, one: Thing) -> bool:
        known = self._known
        if one.sort in _NAMELESS - sentences.REMARKS - objects.REPORTS:
            return bool(known.unknown(one.said))
        ties, reports = known.tied.get(one.name, ()), known.reported.get(one.name, ())
        spoken_of = one.sort in objects.KINDS or ties or reports
        if not spoken_of and known.entities.get(one.name):
            return True
        leant_on = (*references(one.said), *ties, *(name for each in reports for name in each.references))
        return bool(known.unknown(one.said)) or any(
            name not in known.entities and name not in known.left_out
            for name in leant_on
            if name.partition("--")[0] not in _NAMELESS
        )

    def learn(self) -> None:
        """Remember what each object stands for."""
        entities, left_out = self._known.entities, self._known.left_out
        for place, name, sort, thing in self.things:
            if sort == "relationship":
                continue
            rule = objects.skip_rule(sort, thing)
            if rule:
                left_out[name] = rule
            elif sort == "indicator":
                entities[name] = [*entities.get(name, ()), *self._indicator(place, thing)]
            elif sort == "observed-data":
                entities[name] = self._embedded(place, thing)
            elif observables.is_observable(thing):
                entities[name] = self._observable(place, thing)
            elif sort in objects.REPORTS:
                self._learn_report(thing)
            elif sort not in _NAMELESS:
                entity = objects.entity_of(thing)
                if entity:
                    entities[name] = [entity]
                else:
                    left_out[name] = f"STIX {sort or 'object'} without a name or kind of the vocabulary"

    def resolve(self) -> None:
        """Look again at what refers to other objects, now that all that can be known of them is known."""
        for place, name, _, thing in self.things:
            try:
                self._known.learn_marked(thing)
            except NotValidError as error:
                self._refused[place] = error.advice
                self._known.entities.pop(name, None)
                self._known.left_out[name] = "STIX object under a marking that was refused"
        for _, name, sort, thing in self.things:
            if sort == "observed-data" and name in self._known.entities:
                mine = self._known.entities[name]
                for reference in texts(thing.get("object_refs")):
                    mine += self._known.entities.get(reference, [])
                self._known.entities[name] = list(dict.fromkeys(mine))

    def _learn_report(self, report: dict[str, Any]) -> None:
        said = Report(text_of(report.get("name")), tuple(texts(report.get("object_refs"))))
        for reference in said.references:
            self._known.reported.setdefault(reference, []).append(said)

    def _indicator(self, place: str, thing: dict[str, Any]) -> list[Entity]:
        pattern = text_of(thing.get("pattern"))
        if text_of(thing.get("pattern_type")) not in {"", "stix"}:
            self._patterns[place] = []
            return []
        try:
            tests = comparisons(pattern)
        except ValueError as error:
            self._rejected.append(Rejected(f"{place}/pattern", f"{error}. Mend: write a STIX pattern"))
            return []
        read: list[tuple[Comparison, Entity | None]] = []
        kept, platform = observables.accounts(tests)
        for test in kept:
            values = test.values if test.positive else ()
            found = [
                observables.from_pattern(test.sort, test.path, value, platform=platform) for value in values
            ] or [None]
            for one in found:
                if isinstance(one, Rejected):
                    self._rejected.append(Rejected(f"{place}/pattern", one.reason))
                else:
                    read.append((test, one))
        self._patterns[place] = read
        return list(dict.fromkeys(entity for _, entity in read if entity))

    def _observable(self, place: str, thing: dict[str, Any]) -> list[Entity]:
        found = observables.identifiers(thing, place)
        self._rejected += [one for one in found if isinstance(one, Rejected)]
        return [one for one in found if isinstance(one, Entity)]

    def _embedded(self, place: str, thing: dict[str, Any]) -> list[Entity]:
        """What the observables inside a STIX 2.0 observed-data object stand for."""
        mine: list[Entity] = []
        for inner, content in observables.old_style(thing, place):
            found = self._observable(inner, content)
            self._known.entities[content["id"]] = found
            mine += found
        return list(dict.fromkeys(mine))

    def _subjects(self, name: str) -> list[Entity]:
        """The actors and things that relationships, or else reports, or else the file tie an object to."""
        known = self._known
        found = everything(known, known.tied.get(name, ())) or list(
            dict.fromkeys(
                one for report in known.reported.get(name, ()) for one in subjects_of(known, report)
            )
        )
        if found:
            return found[:MOST_CONTEXTS]
        if self._file_subject is None:
            told = telling_part(self.document)
            self._file_subject = named("campaign", told) if told else None
        return [self._file_subject] if self._file_subject else []

    def _named_with(self, one: Thing) -> list[str]:
        """Ids of the objects that the claims on one object name too."""
        known = self._known
        if one.sort in objects.REPORTS:
            return context_of(known, Report("", tuple(texts(one.said.get("object_refs")))))
        reports = () if known.tied.get(one.name) else known.reported.get(one.name, ())
        return [
            *references(one.said),
            *known.tied.get(one.name, ()),
            *(name for report in reports for name in context_of(known, report)),
        ]

    def items(self) -> Iterator[Item]:
        """The claims of all objects but the relationships."""
        yield from self._rejected
        tally: Counter[str] = Counter()
        for one in self.things:
            place, name, sort, thing = one
            if sort == "relationship":
                continue
            if place in self._refused:
                yield Rejected(place, self._refused[place])
                continue
            rule = self._known.left_out.get(name) or _RULES.get(sort)
            if rule:
                tally[rule] += 1
                continue
            yield from objects.odd_fields(place, thing)
            source = self._known.source(self.document, thing, self._named_with(one))
            yield from unread_markings(self._known, thing)
            yield from self._say(Sentences(source, place), one, tally)
        for rule, count in tally.items():
            yield Skipped(rule, count)

    def _say(self, say: Sentences, one: Thing, tally: Counter[str]) -> Iterator[Item]:
        _, name, sort, thing = one
        mine = self._known.entities.get(name, [])
        if sort == "indicator":
            yield from self._indicate(say, one)
        elif sort in objects.REPORTS:
            yield from self._report(say, one)
        elif sort == "observed-data":
            timed = Sentences(say.provenance, say.place, valid(thing, "first_observed", "last_observed"))
            for inner, content in observables.old_style(thing, say.place):
                yield from observables.facts(
                    Sentences(say.provenance, inner, timed.observed), content, self._known.entities
                )
            yield from sentences.observed(timed, thing, (mine, self._subjects(name)))
        elif sort in sentences.REMARKS:
            yield from sentences.remark(say, thing, self._known)
        elif observables.is_observable(thing):
            said = list(self._lone(say, one, mine))
            yield from said
            if not said:
                tally[f"STIX {sort} without identifier of the vocabulary"] += 1
        else:
            first, last = ("first_seen", "last_seen") if sort != "incident" else ("created", "")
            timed = Sentences(say.provenance, say.place, valid(thing, first, last))
            if name in self._hit and mine[0].kind == "person":
                yield Skipped("what a person who is targeted is reached by")
                thing = objects.name_alone(thing)
            yield from objects.describe(timed, mine[0], thing)
            for sample in everything(self._known, texts(thing.get("sample_refs"))):
                yield timed.say(sample, "indicates", mine[0])

    def _indicate(self, say: Sentences, one: Thing) -> Iterator[Item]:
        timed = Sentences(say.provenance, say.place, valid(one.said, "valid_from", "valid_until"))
        if timed.observed:
            self._known.validity[one.name] = timed.observed
        if say.place in self._patterns:
            read = self._patterns[say.place]
            yield from sentences.indicator(timed, (one.said, read), self._context_of(one.name))

    def _context_of(self, name: str) -> tuple[list[Entity], bool]:
        """Subjects of an indicator, and whether relationships already say so."""
        return self._subjects(name), bool(everything(self._known, self._known.tied.get(name, ())))

    def _lone(self, say: Sentences, one: Thing, mine: list[Entity]) -> Iterator[Item]:
        yield from observables.facts(say, one.said, self._known.entities)
        for entity in mine:
            subjects = [subject for subject in self._subjects(one.name) if subject != entity]
            for subject in subjects:
                yield say.say(entity, "mentioned-with", subject)
            if not subjects:
                yield say.say(entity, "attribute", "observable without context")

    def _report(self, say: Sentences, one: Thing) -> Iterator[Item]:
        known, named_by = self._known, tuple(texts(one.said.get("object_refs")))
        subjects = subjects_of(known, Report(text_of(one.said.get("name")), named_by))
        yield from sentences.report(say, one.said, subjects)
        for number, reference in enumerate(named_by):
            if reference.partition("--")[0] not in _MENTIONED or not subjects:
                continue
            place = f"{say.place}/object_refs/{number}"
            source = self._known.source(self.document, one.said, (*self._named_with(one), reference))
            for entity in self._known.entities.get(reference, []):
                if entity not in subjects:
                    yield Sentences(source, place, say.observed).say(entity, "mentioned-with", subjects[0])
