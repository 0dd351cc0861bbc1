"""One attribute of a MISP event: the identifiers in its value and how they belong to the event.

Source: MISP core format (https://www.misp-standard.org/rfc/misp-standard-core.html), "Attribute".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Item, Rejected, Sentences
from chokepoint.collect.misp_context import NAMELESS, Event, Part, galaxies, marking_of, nameless, tag_names
from chokepoint.collect.misp_parts import is_deleted, labels, sightings
from chokepoint.collect.misp_sharing import narrowed
from chokepoint.collect.misp_types import CONTEXT_ONLY, NOTES, identifier, parts, whole_type
from chokepoint.collect.origins import provenance
from chokepoint.collect.shapes import misfits
from chokepoint.collect.taking import named, raw_of, records, span, text_of
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.marking import Marking

_hacked = re.compile(r"\b(?:compromi[sz]ed|hacked|hijacked)\b", re.IGNORECASE).search
_good = re.compile(r"\blegitimate|\bbenign|\bfalse[ -]positive", re.IGNORECASE).search
_PAID = frozenset({"crypto-address", "bank-account", "payment-card"})
_LEFT_OUT = {
    "ShadowAttribute": "proposals to change an event",
    "RelatedEvent": "references to related events",
    "CryptographicKey": "keys that signed the event",
}
ATTRIBUTE: dict[str, Shape] = dict.fromkeys(
    ("type", "value", "uuid", "comment", "to_ids", "first_seen", "last_seen", "object_relation"), "text"
)
ATTRIBUTE |= dict.fromkeys(("Galaxy", "ShadowAttribute"), "records")


class Found(NamedTuple):
    """An identifier of an object: its relation in the object's template, its entity and its marking."""

    relation: str
    entity: Entity
    marking: Marking


class Reading(NamedTuple):
    """An event as it is read: what was left out, by rule, and what its parts stand for, by uuid."""

    event: Event
    tally: Counter[str]
    known: dict[str, Part]


def left_out(thing: dict[str, Any], tally: Counter[str]) -> None:
    """Count what an event or a part of it holds that no claim is made of."""
    for key, rule in _LEFT_OUT.items():
        if there := records(thing.get(key)):
            tally[rule] += len(there)


def attribute(at: Reading, place: str, what: tuple[dict[str, Any], list[Found] | None]) -> Iterator[Item]:
    """What one attribute says.

    Args:
        at: the event as it is read.
        place: JSON pointer of the attribute.
        what: the attribute, and the identifiers of the object that it is a part of, if it is of one.
    """
    event, tally, known = at
    content, siblings = what
    if is_deleted(content):
        tally["deleted attribute"] += 1
        return
    yield from misfits(place, content, ATTRIBUTE)
    left_out(content, tally)
    try:
        say = frame(at, f"{place}/value", content)
    except NotValidError as error:
        yield Rejected(place, error.advice)
        return
    sort, value = whole_type(text_of(content.get("type"))), text_of(content.get("value"))
    told = _worded(say, event, (sort, value))
    if told is not None:
        yield told
        return
    found: list[Entity] = []
    yield from _identified(say, (event, content, tally), found)
    yield from _pair(say, found, (sort, value))
    if text_of(content.get("uuid")):
        known[text_of(content["uuid"])] = Part(found[:1], say.provenance.marking)
    if siblings is not None:
        relation = text_of(content.get("object_relation")) or sort
        siblings += [Found(relation, entity, say.provenance.marking) for entity in found]


def _worded(say: Sentences, event: Event, what: tuple[str, str]) -> Item | None:
    """What an attribute says of the event in words or a name; None where it holds identifiers."""
    sort, value = what
    if sort in NOTES and value:
        return say.say(event.subject, NOTES[sort], value)
    if sort != "threat-actor":
        return None
    actor = named("group", value)
    if actor is None:
        return Rejected(say.place, "an actor without name. Mend: name it")
    return say.say(event.subject, "attributed-to", actor)


def _identified(
    say: Sentences, what: tuple[Event, dict[str, Any], Counter[str]], found: list[Entity]
) -> Iterator[Item]:
    """The claims on each part of the value that is an identifier; those are added to `found`."""
    event, content, tally = what
    sort, value = whole_type(text_of(content.get("type"))), text_of(content.get("value"))
    if sort.count("|") != value.count("|") and not sort.startswith("filename|"):
        reason = f"{value[:80]!r} has not the {sort.count('|') + 1} parts of {sort}"
        yield Rejected(say.place, f"{reason}; what can be is taken. Mend: part them by |")
    for part, text in parts(sort, value):
        entity = None if part in CONTEXT_ONLY else identifier(part, text, say.place)
        if isinstance(entity, Entity):
            found.append(entity)
            yield from _tied(say, (event, entity, text), content)
        elif entity is not None:
            yield entity
        elif part != "filename" or sort == part:
            tally[f"MISP type {part or 'unknown'}"] += 1
    if lost := nameless(content):
        tally[NAMELESS] += lost


def frame(at: Reading, place: str, attribute: dict[str, Any]) -> Sentences:
    """Provenance, marking and days of what one attribute says.

    Raises:
        NotValidError: an unknown label or distribution.
    """
    event, tally, _ = at
    asked = marking_of(tag_names(attribute)) if attribute.get("Tag") else None
    marking = narrowed(event.source.marking, attribute, tally)
    source = event.source
    if asked or marking != source.marking:
        source = provenance(
            event.document,
            origin=source.origin,
            grading=source.grading,
            marking=marking.join(asked) if asked else marking,
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
    for label in labels(attribute):
        yield say.say(entity, "category", label)
    yield from sightings(say, entity, attribute.get("Sighting"))


def _pair(say: Sentences, found: list[Entity], what: tuple[str, str]) -> Iterator[Item]:
    sort, value = what
    if len(found) == 2 and sort in {"domain|ip", "hostname|ip"}:
        yield say.say(found[0], "resolves-to", found[1])
    elif len(found) == 1 and sort.startswith("filename|") and value.rpartition("|")[0]:
        yield say.say(found[0], "name", value.rpartition("|")[0])
