"""The objects of one file, sorted by what they do, and the claims that they make together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.naming import telling_part
from chokepoint.collect.stix2 import objects, observables, sentences
from chokepoint.collect.stix2.context import Knowledge, broken, valid
from chokepoint.collect.stix2.patterns import Comparison, comparisons
from chokepoint.collect.taking import named, text_of, texts
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CONTEXTS = 6
_TYING = frozenset({"indicates", "based-on", "attributed-to", "uses"})
_NAMELESS = frozenset({"relationship", "marking-definition", "sighting", *objects.REPORTS, "note"})
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
        self._reported: dict[str, list[Entity]] = {}
        self._tied: dict[str, list[Entity]] = {}
        self._about: dict[str, list[Entity]] = {}
        self._file_subject: Entity | None = None
        self._places: dict[str, str] = {}

    def add(self, place: str, thing: dict[str, Any]) -> Iterator[Item]:
        """Take one object in; a marking with a label that nobody knows is refused at once."""
        name, sort = text_of(thing.get("id")), text_of(thing.get("type"))
        self.things.append(Thing(place, name, sort, thing))
        self._places[name] = place
        if sort == "relationship":
            if thing.get("revoked") is True or thing.get("x_mitre_deprecated") is True:
                yield Skipped("revoked STIX object")
            else:
                self.relations.append((place, thing))
        elif sort == "marking-definition":
            try:
                self._known.learn_marking(thing)
            except NotValidError as error:
                yield Rejected(place, broken(error))
        elif sort == "identity" and text_of(thing.get("name")):
            self._known.creators[name] = text_of(thing["name"])

    def shown(self, place: str, relation: dict[str, Any]) -> str:
        """Where a reader sees what a relationship speaks of: at its source, if that is in this file."""
        source = text_of(relation.get("source_ref"))
        at = self._places.get(source)
        part = _PARTS.get(source.partition("--")[0])
        return f"{at}/{part}" if at is not None and part else place

    def waits(self) -> bool:
        """Whether a marking or creator of an object is defined in no file so far."""
        return any(self._known.unknown(thing) for _, _, _, thing in self.things)

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
                entities[name] = self._observed(place, thing)
            elif observables.bare_sort(sort) in observables.SORTS:
                entities[name] = self._observable(place, thing)
            elif sort not in _NAMELESS:
                entity = objects.entity_of(thing)
                if entity:
                    entities[name] = [entity]
                else:
                    left_out[name] = f"STIX {sort or 'object'} without a name or kind of the vocabulary"
        self._contexts()

    def _indicator(self, place: str, thing: dict[str, Any]) -> list[Entity]:
        pattern = text_of(thing.get("pattern"))
        if text_of(thing.get("pattern_type")) not in {"", "stix"}:
            self._patterns[place] = []
            return []
        try:
            tests = comparisons(pattern)
        except ValueError as error:
            self._rejected.append(Rejected(f"{place}/pattern", f"{error}. Mend: write a STIX pattern"))
            self._patterns[place] = []
            return []
        read: list[tuple[Comparison, Entity | None]] = []
        for test in tests:
            values = test.values if test.positive else ()
            found = [observables.from_pattern(test.sort, test.path, value) for value in values] or [None]
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

    def _observed(self, place: str, thing: dict[str, Any]) -> list[Entity]:
        mine: list[Entity] = []
        for inner, content in observables.old_style(thing, place):
            found = self._observable(inner, content)
            self._known.entities[content["id"]] = found
            mine += found
        for reference in texts(thing.get("object_refs")):
            mine += self._known.entities.get(reference, [])
        return list(dict.fromkeys(mine))

    def _contexts(self) -> None:
        """For each object, the actors and things that its relationships and its reports tie it to."""
        for _, relation in self.relations:
            if text_of(relation.get("relationship_type")) in _TYING:
                target = text_of(relation.get("target_ref"))
                kept = target.partition("--")[0] in objects.KINDS
                found = self._known.entities.get(target, []) if kept else []
                self._tied.setdefault(text_of(relation.get("source_ref")), []).extend(found)
        for place, _, sort, report in self.things:
            if sort in objects.REPORTS:
                subjects = self._about[place] = self._report_subjects(report)
                for reference in texts(report.get("object_refs")):
                    self._reported.setdefault(reference, []).extend(subjects)

    def _report_subjects(self, report: dict[str, Any]) -> list[Entity]:
        """What a report is about: campaigns, else malware, else groups, else a campaign of its title."""
        by_sort: dict[str, list[Entity]] = {}
        for reference in texts(report.get("object_refs")):
            by_sort.setdefault(reference.partition("--")[0], []).extend(
                self._known.entities.get(reference, [])
            )
        for sort in objects.CONTEXT:
            if 0 < len(by_sort.get(sort, [])) <= MOST_CONTEXTS:
                return list(dict.fromkeys(by_sort[sort]))
        title = text_of(report.get("name"))
        campaign = named("campaign", campaign_title(title)) if title else None
        return [campaign] if campaign else []

    def _subjects(self, name: str) -> list[Entity]:
        found = self._tied.get(name) or self._reported.get(name)
        if found:
            return list(dict.fromkeys(found))[:MOST_CONTEXTS]
        if self._file_subject is None:
            told = telling_part(self.document)
            self._file_subject = named("campaign", told) if told else None
        return [self._file_subject] if self._file_subject else []

    def items(self) -> Iterator[Item]:
        """The claims of all objects but the relationships."""
        yield from self._rejected
        tally: Counter[str] = Counter()
        for one in self.things:
            place, name, sort, thing = one
            if sort == "relationship":
                continue
            rule = self._known.left_out.get(name) or _RULES.get(sort)
            if rule:
                tally[rule] += 1
                continue
            try:
                source = self._known.source(self.document, thing)
            except NotValidError as error:
                yield Rejected(place, broken(error))
                continue
            if "object_marking_refs" in thing or "granular_markings" in thing:
                yield from self._unknown_markings(place, thing)
            yield from self._say(Sentences(source, place), one, tally)
        for rule, count in tally.items():
            yield Skipped(rule, count)

    def _unknown_markings(self, place: str, thing: dict[str, Any]) -> Iterator[Item]:
        for reference in texts(thing.get("object_marking_refs")):
            if self._known.marking(reference) is None:
                yield Skipped("marking defined in none of the files (a statement: TLP has fixed ids)")
        if thing.get("granular_markings"):
            yield Rejected(
                f"{place}/granular_markings",
                "markings of single fields are not applied. Mend: mark the whole object",
            )

    def _say(self, say: Sentences, one: Thing, tally: Counter[str]) -> Iterator[Item]:
        _, name, sort, thing = one
        mine = self._known.entities.get(name, [])
        if sort == "indicator":
            timed = Sentences(say.provenance, say.place, valid(thing, "valid_from", "valid_until"))
            if timed.observed:
                self._known.validity[name] = timed.observed
            yield from sentences.indicator(
                timed, (thing, self._patterns.get(say.place, [])), self._context_of(name)
            )
        elif sort in objects.REPORTS:
            yield from sentences.report(say, thing, self._about.get(say.place, []))
            yield from self._mentions(say, one)
        elif sort == "observed-data":
            timed = Sentences(say.provenance, say.place, valid(thing, "first_observed", "last_observed"))
            for inner, content in observables.old_style(thing, say.place):
                yield from observables.facts(
                    Sentences(say.provenance, inner, timed.observed), content, self._known.entities
                )
            yield from sentences.observed(timed, thing, (mine, self._subjects(name)))
        elif sort in {"sighting", "note"}:
            yield from sentences.remark(say, thing, self._known.entities)
        elif observables.bare_sort(sort) in observables.SORTS:
            yield from self._lone(say, one, mine)
            if not mine:
                tally[f"STIX {sort} without identifier of the vocabulary"] += 1
        else:
            first, last = ("first_seen", "last_seen") if sort != "incident" else ("created", "")
            timed = Sentences(say.provenance, say.place, valid(thing, first, last))
            yield from objects.describe(timed, mine[0], thing)

    def _context_of(self, name: str) -> tuple[list[Entity], bool]:
        """Subjects of an indicator, and whether relationships already say so."""
        return self._subjects(name), bool(self._tied.get(name))

    def _lone(self, say: Sentences, one: Thing, mine: list[Entity]) -> Iterator[Item]:
        yield from observables.facts(say, one.said, self._known.entities)
        for entity in mine:
            subjects = [subject for subject in self._subjects(one.name) if subject != entity]
            for subject in subjects:
                yield say.say(entity, "mentioned-with", subject)
            if not subjects:
                yield say.say(entity, "attribute", "observable without context")

    def _mentions(self, say: Sentences, report: Thing) -> Iterator[Item]:
        subjects = self._about.get(report.place, [])
        for number, reference in enumerate(texts(report.said.get("object_refs"))):
            if reference.partition("--")[0] in _MENTIONED:
                for entity in self._known.entities.get(reference, []):
                    if subjects and entity not in subjects:
                        at = Sentences(say.provenance, f"{say.place}/object_refs/{number}", say.observed)
                        yield at.say(entity, "mentioned-with", subjects[0])
