"""MISP events: attributes and objects tied to the campaign that the event is about.

Layouts: `{"Event": …}`, `{"response": […]}`, lists of either, bare events, and attribute searches.
Source: MISP core format (https://www.misp-standard.org/rfc/misp-standard-core.html).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.misp_context import Event, describe, galaxies, marking_of, open_event, tag_names
from chokepoint.collect.misp_references import references
from chokepoint.collect.misp_types import CONTEXT_ONLY, NOTES, identifier, parts
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import named, raw_of, records, span, text_of
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.errors import BadInputError, ChokepointError, NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PAIRS = 100
_hacked = re.compile(r"\b(?:compromi[sz]ed|hacked|hijacked)\b", re.IGNORECASE).search
_good = re.compile(r"\blegitimate|\bbenign|\bfalse[ -]positive", re.IGNORECASE).search
_LEFT_OUT = {
    "ShadowAttribute": "proposals to change an event",
    "RelatedEvent": "references to related events",
    "Sighting": "sightings without times of their own",
    "CryptographicKey": "keys that signed the event",
}
_PAID = frozenset({"crypto-address", "bank-account", "payment-card"})


class Found(NamedTuple):
    """An identifier of an object: its relation in the object's template and its entity."""

    relation: str
    entity: Entity


class Reading(NamedTuple):
    """An event as it is read: what was left out, by rule, and what its parts stand for, by uuid."""

    event: Event
    tally: Counter[str]
    known: dict[str, list[Entity]]


class MispEvent:
    """Collector of MISP events."""

    name = "misp-event"

    def recognises(self, document: Document) -> bool:
        """JSON with an event's `info` and what only events have beside it."""
        keys = json_keys(document.head)
        if "info" not in keys and not {"type", "value", "to_ids"} <= keys:
            return False
        return bool({"Event", "response", "Attribute", "Orgc"} & keys) and bool(
            {"Orgc", "threat_level_id", "analysis", "Attribute", "to_ids"} & keys
        )

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each event; an event with an unknown sharing label is refused as a whole."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        tree, defects = read_json(document.data)
        yield from defects
        count = 0
        for place, content in _events(tree, ""):
            count += 1
            try:
                event = open_event(document, content, place)
            except ChokepointError as error:
                mend = f". Mend: {error.mend}" if error.mend else ""
                yield Rejected(error.place or place, f"event left out: {error.reason}{mend}")
                continue
            yield from describe(event, content)
            yield from self._event(event, content)
        if not count:
            raise BadInputError("no event inside", mend="this is not the format it looks like")

    def _event(self, event: Event, content: dict[str, Any]) -> Iterator[Item]:
        tally: Counter[str] = Counter()
        at = Reading(event, tally, {})
        for number, attribute in enumerate(records(content.get("Attribute"))):
            yield from _attribute(at, f"{event.place}/Attribute/{number}", (attribute, None))
        for number, thing in enumerate(records(content.get("Object"))):
            yield from _object(at, f"{event.place}/Object/{number}", thing)
        yield from references(event, content, at.known)
        for number, report in enumerate(records(content.get("EventReport"))):
            yield from _report(
                event, f"{event.place}/EventReport/{number}/content", text_of(report.get("content"))
            )
        for key, rule in _LEFT_OUT.items():
            if left_out := records(content.get(key)):
                tally[rule] += len(left_out)
        for rule, count in tally.items():
            yield Skipped(rule, count)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each event stands alone."""
        return iter(())


def _events(tree: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every event of a tree with its pointer, whatever wraps it."""
    if isinstance(tree, list):
        for number, part in enumerate(tree):
            yield from _events(part, f"{place}/{number}")
    elif isinstance(tree, dict):
        if isinstance(tree.get("Event"), dict) and "value" not in tree:
            yield f"{place}/Event", tree["Event"]
        elif "response" in tree:
            yield from _events(tree["response"], f"{place}/response")
        elif "info" in tree:
            yield place, tree
        elif isinstance(tree.get("Attribute"), list):
            for number, attribute in enumerate(records(tree["Attribute"])):
                inner = attribute.get("Event")
                head = inner if isinstance(inner, dict) else {}
                info = {
                    "info": head.get("info") or "attributes without their event",
                    "Orgc": head.get("Orgc"),
                }
                yield f"{place}/Attribute/{number}", {**info, "Attribute": [attribute]}


def _attribute(at: Reading, place: str, what: tuple[dict[str, Any], list[Found] | None]) -> Iterator[Item]:
    event, tally, known = at
    attribute, siblings = what
    if attribute.get("deleted") is True:
        tally["deleted attribute"] += 1
        return
    try:
        say = _frame(event, f"{place}/value", attribute)
    except NotValidError as error:
        yield Rejected(place, f"{error.reason}. Mend: {error.mend}")
        return
    sort, value = text_of(attribute.get("type")), text_of(attribute.get("value"))
    if sort in NOTES and value:
        yield say.say(event.subject, NOTES[sort], value)
        return
    if sort == "threat-actor":
        actor = named("group", value)
        yield (
            say.say(event.subject, "attributed-to", actor)
            if actor
            else Rejected(place, "an actor without name")
        )
        return
    found: list[Entity] = []
    for part, text in parts(sort, value):
        entity = None if part in CONTEXT_ONLY else identifier(part, text, f"{place}/value")
        if isinstance(entity, Entity):
            found.append(entity)
            yield from _tied(say, (event, entity, text), attribute)
        elif entity is not None:
            yield entity
        elif part == "filename" and sort != part:
            continue
        else:
            tally[f"MISP type {part or 'unknown'}"] += 1
    yield from _pair(say, found, (sort, value))
    known[text_of(attribute.get("uuid"))] = found[:1]
    if siblings is not None:
        siblings += [Found(text_of(attribute.get("object_relation")) or sort, entity) for entity in found]


def _frame(event: Event, place: str, attribute: dict[str, Any]) -> Sentences:
    marking = marking_of(tag_names(attribute)) if attribute.get("Tag") else None
    source = event.source
    if marking:
        source = provenance(
            event.document, origin=source.origin, grading=source.grading, marking=source.marking.join(marking)
        )
    seen = span(text_of(attribute.get("first_seen")), text_of(attribute.get("last_seen")))
    return Sentences(source, place, seen or event.observed)


def _tied(say: Sentences, what: tuple[Event, Entity, str], attribute: dict[str, Any]) -> Iterator[Item]:
    """How the attribute belongs to the event: as an indicator, a hacked or legitimate thing, or context."""
    event, entity, text = what
    comment = text_of(attribute.get("comment"))
    raw = raw_of(entity, text)
    if _good(comment):
        link = "legitimate"
    elif _hacked(comment) and entity.kind in {"domain-name", "url", "ipv4-addr", "ipv6-addr", "email-addr"}:
        link = "compromised-by"
    else:
        link = "indicates" if text_of(attribute.get("to_ids")).lower() in {"true", "1"} else "mentioned-with"
    yield say.say(entity, link, event.subject, raw)
    if entity.kind in _PAID and link in {"indicates", "mentioned-with"}:
        yield say.say(event.subject, "requests-payment-to", entity, raw)
    for actor, _ in galaxies(attribute) if attribute.get("Galaxy") or attribute.get("Tag") else ():
        yield say.say(entity, "indicates" if link == "indicates" else "mentioned-with", actor, raw)
    if comment:
        yield say.say(entity, "description", comment)


def _pair(say: Sentences, found: list[Entity], what: tuple[str, str]) -> Iterator[Item]:
    sort, value = what
    if len(found) == 2 and sort in {"domain|ip", "hostname|ip"}:
        yield say.say(found[0], "resolves-to", found[1])
    elif len(found) == 1 and sort.startswith("filename|") and value.rpartition("|")[0]:
        yield say.say(found[0], "name", value.rpartition("|")[0])


def _object(at: Reading, place: str, thing: dict[str, Any]) -> Iterator[Item]:
    event, tally, known = at
    if thing.get("deleted") is True:
        tally["deleted object"] += 1
        return
    found: list[Found] = []
    inside = records(thing.get("Attribute"))
    for number, attribute in enumerate(inside):
        yield from _attribute(at, f"{place}/Attribute/{number}", (attribute, found))
    seen = span(text_of(thing.get("first_seen")), text_of(thing.get("last_seen"))) or event.observed
    say = Sentences(event.source, place, seen)
    digests = [one.entity for one in found if one.entity.kind == "file"]
    known[text_of(thing.get("uuid"))] = (digests or [one.entity for one in found])[:1]
    for other in digests[1:]:
        yield say.say(digests[0], "same-file", other)
    names = [text_of(one.get("value")) for one in inside if one.get("object_relation") == "filename"]
    for name in names:
        if digests and name:
            yield say.say(digests[0], "name", name)
    yield from _served(say, found)


def _served(say: Sentences, found: list[Found]) -> Iterator[Item]:
    domains = [one.entity for one in found if one.entity.kind == "domain-name"]
    addresses = [one.entity for one in found if one.entity.kind in {"ipv4-addr", "ipv6-addr"}]
    if len(domains) * len(addresses) > MOST_PAIRS:
        yield Rejected(
            say.place, f"{len(domains)} domains and {len(addresses)} addresses in one object. Mend: split it"
        )
        return
    for domain in domains:
        for address in addresses:
            yield say.say(domain, "resolves-to", address)


def _report(event: Event, place: str, text: str) -> Iterator[Item]:
    seen: set[Entity] = set()
    for found in scan(text):
        if found.role != "indicator":
            yield Skipped("identifier in a report's text that is only context")
        elif found.entity not in seen:
            seen.add(found.entity)
            say = Sentences(event.source, place, event.observed)
            yield say.say(found.entity, "mentioned-with", event.subject, raw_of(found.entity, found.raw))
