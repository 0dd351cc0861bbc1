"""STIX 1.x and CybOX XML: indicators with their observables, TTPs, campaigns and threat actors.

Source: STIX 1.2.1 (https://docs.oasis-open.org/cti/stix/v1.2.1/), CybOX 2.1. Read without entities or DTDs.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.derive import with_derived
from chokepoint.collect.meta_naming import operation
from chokepoint.collect.naming import subject, untelling
from chokepoint.collect.origins import provenance
from chokepoint.collect.stix1_parts import (
    Seen,
    child_text,
    grading_of,
    header_lines,
    inline,
    lines_by_id,
    marking_of,
    objects,
    references,
    text_under,
    valid_time,
)
from chokepoint.collect.taking import named, raw_of
from chokepoint.collect.tree import read_xml
from chokepoint.model.claim import Nature, Provenance
from chokepoint.model.errors import BadInputError, NotValidError
from chokepoint.model.marking import Marking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from chokepoint.model.identity import Entity

DEEPEST = 200
_TAKEN = frozenset({"Indicator", "Observable", "TTP", "Campaign", "Threat_Actor", "STIX_Header"})
_THINGS = frozenset({"TTP", "Campaign", "Threat_Actor"})
_KINDS = {"Campaign": "campaign", "Threat_Actor": "group", "TTP": "malware"}
_ATTRIBUTED = {("Campaign", "Threat_Actor"): "attributed-to", ("Threat_Actor", "Campaign"): "attributed-to"}
_root = re.compile(rb"<(?:[\w-]+:)?(?:STIX_Package|Observables|Indicators)\b")
_namespace = re.compile(rb"stix\.mitre\.org|cybox\.mitre\.org|docs\.oasis-open\.org/cti/ns/(?:stix|cybox)")
_prefix = re.compile(r"([A-Z][\w .-]{2,40}): \S").match
_suffix = re.compile(r" \([a-z0-9_-]{2,20}\)$")


class Held(NamedTuple):
    """An indicator until the end of the file, where the observables and TTPs stand that it points to.

    Attributes:
        say: with its place, time and marking.
        entities: its own identifiers.
        observables: ids of observables that it points to.
        things: ids of TTPs, campaigns and actors.
        texts: title and description.
    """

    say: Sentences
    entities: tuple[Entity, ...]
    observables: tuple[str, ...]
    things: tuple[str, ...]
    texts: tuple[str, str]


class Observed(NamedTuple):
    """What an observable stands for, and where it stands."""

    place: str
    entities: tuple[Entity, ...]


class Tie(NamedTuple):
    """What a campaign, actor or TTP points to."""

    say: Sentences
    name: str
    thing: Entity
    other: tuple[str, str]


class Stix1:
    """Collector of STIX 1 packages."""

    name = "stix1"

    def recognises(self, document: Document) -> bool:
        """XML of a STIX or CybOX namespace with a package, indicators or observables."""
        head = document.head
        if b"\0" in head[:4]:
            head = head.replace(b"\0", b"")
        return b"<" in head[:200] and bool(_namespace.search(head)) and bool(_root.search(head))

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each indicator of the package."""
        return with_derived(_Package(document).items())

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each package stands alone."""
        return iter(())


class _Package:
    """One document while it is read."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = lines_by_id(document.data)
        self._subject = operation(document).campaign
        self._creator = ""
        self._marking: Marking | None = None
        self._source: Provenance = provenance(document)
        self._things: dict[str, Entity] = {}
        self._observed: dict[str, Observed] = {}
        self._marks: dict[str, Marking] = {}
        self._ties: list[Tie] = []
        self._held: list[Held] = []
        self._tally: Counter[str] = Counter()
        self._number = 0

    def items(self) -> Iterator[Item]:
        """All items; an error in the middle ends them, and what was said before stays."""
        inside = 0
        for event, name, element in read_xml(self._document.data, deepest=DEEPEST, mend="mend the file"):
            if name not in _TAKEN:
                continue
            inside += 1 if event == "start" else -1
            if event == "end" and inside == 0:
                yield from self._element(name, element)
                element.clear()
        yield from self._pointed()

    def _element(self, name: str, element: Element) -> Iterator[Item]:
        if name == "STIX_Header":
            yield from self._header(element)
        elif name in {"Indicator", "Observable"}:
            yield from self._indicator(element)
        else:
            yield from self._thing(name, element)

    def _header(self, element: Element) -> Iterator[Item]:
        try:
            self._marking = marking_of(element)
        except NotValidError as error:
            raise BadInputError(error.reason, place="STIX_Header", mend=error.mend) from None
        self._creator = text_under(element, "Information_Source", "Name")
        self._source = self._provenance(element)
        title = child_text(element, "Title")
        campaign = named("campaign", campaign_title(title)) if title else None
        if campaign:
            self._subject = campaign
        say = Sentences(self._source, header_lines(self._document.data))
        for key, prop in (("Title", "name"), ("Description", "description")):
            if child_text(element, key):
                yield say.say(self._subject, prop, child_text(element, key))

    def _provenance(self, element: Element) -> Provenance:
        """The provenance of claims on an element: of the package, or stricter and surer where it says so.

        Raises:
            NotValidError: a TLP colour that nobody knows.
        """
        own = [one for one in (self._marking, marking_of(element)) if one is not None]
        marking = reduce(Marking.join, own) if own else None
        return provenance(self._document, origin=self._creator, grading=grading_of(element), marking=marking)

    def _indicator(self, element: Element) -> Iterator[Item]:
        self._number += 1
        place = self._place(element, "indicator")
        if (element.get("negate") or "").lower() in {"true", "1"}:
            self._tally["negated STIX 1 indicator (says what was not there)"] += 1
            return
        try:
            say = Sentences(self._provenance(element), place, valid_time(element))
        except NotValidError as error:
            yield Rejected(place, error.advice)
            return
        found: list[Entity] = []
        for seen in objects(element, place):
            yield from self._seen(say, seen)
            found += [entity for entity, _ in seen.identifiers]
        texts = (_suffix.sub("", child_text(element, "Title")), child_text(element, "Description"))
        for entity in dict.fromkeys(found):
            yield from self._titled(say, entity, texts)
        for part in (element, *(one for _, one in inline(element, frozenset({"Observable"})))):
            self._observed[part.get("id") or ""] = Observed(place, tuple(found))
            self._marks[part.get("id") or ""] = say.provenance.marking
        yield from self._hold(say, element, (tuple(dict.fromkeys(found)), texts))

    def _hold(
        self, say: Sentences, element: Element, own: tuple[tuple[Entity, ...], tuple[str, str]]
    ) -> Iterator[Item]:
        things = [reference for _, reference in references(element, _THINGS)]
        for name, part in inline(element, _THINGS):
            number = part.get("id") or f"inline {self._number} {len(things)}"
            part.set("id", number)
            things.append(number)
            yield from self._thing(name, part)
        pointed = tuple(reference for _, reference in references(element, frozenset({"Observable"})))
        self._held.append(Held(say, own[0], pointed, tuple(things), own[1]))

    def _seen(self, say: Sentences, seen: Seen) -> Iterator[Item]:
        """What one CybOX object says."""
        yield from seen.rejected
        for entity, written in seen.identifiers:
            yield say.say(entity, "indicates", self._subject, raw_of(entity, written))
        digests = list(dict.fromkeys(seen.digests))
        for other in digests[1:]:
            yield say.say(digests[0], "same-file", other)
        if digests and seen.file_name:
            yield say.say(digests[0], "name", seen.file_name)
        if not seen.identifiers and not seen.rejected:
            self._tally[f"CybOX {seen.sort or 'object'} without identifier of the vocabulary"] += 1

    def _titled(self, say: Sentences, entity: Entity, texts: tuple[str, str]) -> Iterator[Item]:
        for text in dict.fromkeys(filter(None, texts)):
            yield say.say(entity, "description", text)
        prefix = _prefix(texts[0])
        if prefix and not untelling(prefix[1]) and named("country", prefix[1]) is None:
            group = subject(prefix[1], "group")
            if group:
                judged = Sentences(say.provenance, say.place, say.observed, Nature.ASSESSMENT)
                yield judged.say(entity, "indicates", group)

    def _thing(self, name: str, element: Element) -> Iterator[Item]:
        """A TTP's malware, a campaign or a threat actor by its name."""
        kind, title = _KINDS[name], child_text(element, "Title")
        for _, part in inline(element, frozenset({"Indicator"})):
            yield from self._indicator(part)
        if name == "TTP":
            title = text_under(element, "Malware_Instance", "Name") or text_under(
                element, "Malware_Instance", "Title"
            )
        thing = named(kind, campaign_title(title) if kind == "campaign" else title) if title else None
        if thing is None:
            self._tally[f"STIX 1 {name} without a name (a technique)"] += 1
            return
        self._things[element.get("id") or ""] = thing
        try:
            say = Sentences(self._provenance(element), self._place(element, name))
        except NotValidError as error:
            yield Rejected(self._place(element, name), error.advice)
            del self._things[element.get("id") or ""]
            return
        self._marks[element.get("id") or ""] = say.provenance.marking
        self._ties += [Tie(say, name, thing, other) for other in references(element, _THINGS)]
        yield say.say(thing, "name", title)
        if child_text(element, "Description"):
            yield say.say(thing, "description", child_text(element, "Description"))

    def _pointed(self) -> Iterator[Item]:
        """What points to other parts of the file, now that all of them are known."""
        for held in self._held:
            yield from self._resolved(held)
        for tie in self._ties:
            yield from self._tied(tie)
        for rule, count in self._tally.items():
            yield Skipped(rule, count)

    def _resolved(self, held: Held) -> Iterator[Item]:
        said = [(held.say, entity) for entity in held.entities]
        for name in held.observables:
            observed = self._observed.get(name, Observed("", ()))
            there = f"{observed.place}, to which {held.say.place} points"
            say = self._strict(held.say, name, there)
            for entity in dict.fromkeys(observed.entities):
                said.append((say, entity))
                yield say.say(entity, "indicates", self._subject)
                yield from self._titled(say, entity, held.texts)
        if not said:
            self._tally["STIX 1 indicator without identifier of the vocabulary"] += 1
        for reference in held.things:
            thing = self._things.get(reference)
            if thing is None:
                self._tally["reference to a technique or to a part of another file"] += 1
                continue
            for say, entity in said:
                yield self._strict(say, reference, say.place).say(entity, "indicates", thing)

    def _strict(self, say: Sentences, name: str, place: str) -> Sentences:
        """The same frame at a place, marked as strictly as the part of that id at least."""
        marking = say.provenance.marking.join(self._marks.get(name, say.provenance.marking))
        return Sentences(replace(say.provenance, marking=marking), place, say.observed, say.nature)

    def _tied(self, tie: Tie) -> Iterator[Item]:
        name, reference = tie.other
        other = self._things.get(reference)
        if other is None or other == tie.thing:
            self._tally["reference to a technique or to a part of another file"] += 1
            return
        link = _ATTRIBUTED.get((tie.name, name)) or ("uses" if name == "TTP" else "related-to")
        nature = Nature.ASSESSMENT if link == "attributed-to" else Nature.FACT
        judged = self._strict(tie.say, reference, tie.say.place)
        judged.nature = nature
        pair = (other, tie.thing) if (tie.name, name) == ("Threat_Actor", "Campaign") else (tie.thing, other)
        yield judged.say(pair[0], link, pair[1])

    def _place(self, element: Element, word: str) -> str:
        lines = self._lines.get(element.get("id") or "")
        return f"lines {lines[0]}-{lines[1]}" if lines else f"{word} {self._number}"
