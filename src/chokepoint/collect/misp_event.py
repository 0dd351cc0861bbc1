"""MISP events: attributes and objects tied to the campaign that the event is about.

Layouts: `{"Event": …}`, `{"response": […]}`, lists of either, bare events, and attribute searches.
Source: MISP core format (https://www.misp-standard.org/rfc/misp-standard-core.html).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.misp_atlas import TEMPLATE, atlas_object
from chokepoint.collect.misp_attribute import Found, Reading, attribute, left_out
from chokepoint.collect.misp_context import (
    NAMELESS,
    Part,
    describe,
    nameless,
    open_event,
    strictest,
    within,
)
from chokepoint.collect.misp_parts import is_deleted, seen, with_accounts
from chokepoint.collect.misp_references import references
from chokepoint.collect.misp_sharing import narrowed, opened
from chokepoint.collect.shapes import entries, misfits
from chokepoint.collect.taking import raw_of, records, span, text_of
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.errors import BadInputError, ChokepointError, NotValidError
from chokepoint.model.said import Said, advised
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.identity import Entity

MOST_PAIRS = 100
DEEPEST = 8
"""Steps of the pointer to the innermost list of events, or response."""
EVENT: dict[str, Shape] = {
    "info": "text",
    "date": "text",
    "uuid": "text",
    "Galaxy": "records",
}
EVENT |= dict.fromkeys(("ShadowAttribute", "RelatedEvent", "CryptographicKey"), "records")
EVENT["Orgc"] = "record"
OBJECT: dict[str, Shape] = dict.fromkeys(("name", "uuid", "comment", "first_seen", "last_seen"), "text")
OBJECT |= dict.fromkeys(("Attribute", "ObjectReference"), "records")
REPORT: dict[str, Shape] = dict.fromkeys(("name", "content"), "text")


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
        for place, written in _events(tree, ""):
            if written is None:
                yield Rejected(place, "no event stands here. Mend: write an event with its info")
                continue
            count += 1
            content = opened(written, document.public)
            if content != written:
                yield Skipped("distribution 0 of an event that its creator put on the open web")
            try:
                event = open_event(document, content, place)
            except ChokepointError as error:
                why, mend = error.said
                yield Rejected(error.place or place, advised(Said("event left out: {why}", why=why), mend))
                continue
            yield from misfits(place or "/", content, EVENT)
            yield from describe(event, content)
            tally: Counter[str] = Counter()
            narrowed(document.marking, content, tally)
            yield from self._event(Reading(event, tally, {}), content)
        if not count:
            raise BadInputError("no event inside", mend="this is not the format it looks like")

    def _event(self, at: Reading, content: dict[str, Any]) -> Iterator[Item]:
        event = at.event
        found = content.get("Attribute")
        # Of a search, the event stands inside the attribute.
        outer = event.place.removesuffix("/Event") if isinstance(found, dict) and "Event" in found else ""
        for one in entries(found, outer or f"{event.place}/Attribute"):
            if isinstance(one, Rejected):
                yield one
            else:
                yield from attribute(at, one[0], (one[1], None))
        for one in entries(content.get("Object"), f"{event.place}/Object"):
            if isinstance(one, Rejected):
                yield one
            else:
                yield from _object(at, *one)
        yield from references(event, content, at.known)
        yield from self._around(at, content)

    def _around(self, at: Reading, content: dict[str, Any]) -> Iterator[Item]:
        """What an event holds beside attributes and objects."""
        event, tally, known = at
        for one in entries(content.get("EventReport"), f"{event.place}/EventReport"):
            yield from (one,) if isinstance(one, Rejected) else _report(at, *one)
        for one in entries(content.get("Sighting"), f"{event.place}/Sighting"):
            if isinstance(one, Rejected):
                yield one
                continue
            part = known.get(text_of(one[1].get("attribute_uuid")))
            if part is None or not part.entities:
                tally["sighting of an attribute without an identifier"] += 1
                continue
            say = Sentences(strictest(event, part), one[0])
            yield from (seen(say, entity, one[1]) for entity in part.entities)
        left_out(content, tally)
        if lost := nameless(content):
            tally[NAMELESS] += lost
        for rule, count in (+tally).items():
            yield Skipped(rule, count)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each event stands alone."""
        return iter(())


def _events(tree: Any, place: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Every event of a tree with its pointer, whatever wraps it; None for what is no event."""
    if isinstance(tree, list) and place.count("/") < DEEPEST:
        for number, part in enumerate(tree):
            yield from _events(part, f"{place}/{number}")
    elif not isinstance(tree, dict):
        yield place, None
    elif isinstance(tree.get("Event"), dict) and "value" not in tree:
        yield f"{place}/Event", tree["Event"]
    elif "response" in tree and place.count("/") < DEEPEST:
        yield from _events(tree["response"], f"{place}/response")
    elif "info" in tree:
        yield place, tree
    elif isinstance(tree.get("Attribute"), list):
        for number, found in enumerate(tree["Attribute"]):
            at = f"{place}/Attribute/{number}"
            yield (f"{at}/Event", _searched(found)) if isinstance(found, dict) else (at, None)
    else:
        yield place, None


def _searched(found: dict[str, Any]) -> dict[str, Any]:
    """An attribute found by a search as an event of its own, under the head of the event that it is of."""
    inner = found.get("Event")
    head = inner if isinstance(inner, dict) else {}
    info = text_of(head.get("info")) or "attributes without their event"
    return {**head, "info": info, "Attribute": found}


def _object(at: Reading, place: str, thing: dict[str, Any]) -> Iterator[Item]:
    event, tally, _ = at
    if is_deleted(thing):
        tally["deleted object"] += 1
        return
    yield from misfits(place, thing, OBJECT)
    try:
        closed = at._replace(event=within(event, thing, tally))
    except NotValidError as error:
        yield Rejected(place, error.advice)
        return
    yield from _inside(closed, place, thing)


def _inside(at: Reading, place: str, thing: dict[str, Any]) -> Iterator[Item]:
    """What an object says, as closed as `at` has its event."""
    event, tally, known = at
    if thing.get("name") == TEMPLATE:
        yield from atlas_object(at, place, thing)
        return
    left_out(thing, tally)
    found: list[Found] = []
    for one in entries(with_accounts(thing), f"{place}/Attribute"):
        if isinstance(one, Rejected):
            yield one
        else:
            yield from attribute(at, one[0], (one[1], found))
    if not found and not records(thing.get("Attribute")):
        tally["object without attributes"] += 1
    seen = span(text_of(thing.get("first_seen")), text_of(thing.get("last_seen"))) or event.observed
    digests = [one.entity for one in found if one.entity.kind == "file"]
    main = (digests or [one.entity for one in found])[:1]
    source = strictest(event, *(Part([], one.marking) for one in found))
    say = Sentences(source, place, seen)
    if text_of(thing.get("uuid")):
        known[text_of(thing["uuid"])] = Part(main, source.marking)
    for entity in main if text_of(thing.get("comment")) else ():
        yield say.say(entity, "description", text_of(thing["comment"]))
    for other in digests[1:]:
        yield say.say(digests[0], "same-file", other)
    if digests:
        yield from _file_names(say, digests[0], (thing, tally))
    yield from _served(say, found)


def _file_names(say: Sentences, file: Entity, what: tuple[dict[str, Any], Counter[str]]) -> Iterator[Item]:
    """The names that an object gives to its file, which then do not count as left out."""
    thing, tally = what
    for one in records(thing.get("Attribute")):
        name = text_of(one.get("value"))
        if one.get("object_relation") == "filename" and name and not is_deleted(one):
            if text_of(one.get("type")) == "filename":
                tally["MISP type filename"] -= 1
            yield say.say(file, "name", name)


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


def _report(at: Reading, place: str, report: dict[str, Any]) -> Iterator[Item]:
    event, tally, _ = at
    if is_deleted(report):
        tally["deleted report"] += 1
        return
    yield from misfits(place, report, REPORT)
    try:
        event = within(event, report, tally)
    except NotValidError as error:
        yield Rejected(place, error.advice)
        return
    if text_of(report.get("name")):
        named_at = Sentences(event.source, f"{place}/name", event.observed)
        yield named_at.say(event.subject, "mentioned-in", text_of(report["name"]))
    seen_before: set[Entity] = set()
    for found in scan(text_of(report.get("content"))):
        if found.role != "indicator":
            yield Skipped("identifier in a report's text that is only context")
        elif found.entity not in seen_before:
            seen_before.add(found.entity)
            say = Sentences(event.source, f"{place}/content", event.observed)
            yield say.say(found.entity, "mentioned-with", event.subject, raw_of(found.entity, found.raw))
