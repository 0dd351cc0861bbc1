"""Objects by which another atlas writes an entity into a MISP event: kind, value, what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Item, Rejected, Sentences, Skipped
from chokepoint.collect.misp_attribute import Reading, frame
from chokepoint.collect.misp_context import Part, strictest
from chokepoint.collect.misp_parts import is_deleted
from chokepoint.collect.misp_types import identifier, whole_type
from chokepoint.collect.taking import records, take, text_of
from chokepoint.model.errors import NotValidError
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

TEMPLATE = "chokepoint-entity"


def entity_of(thing: dict[str, Any], place: str) -> Entity | Rejected:
    """The entity of an object; MISP's own types leave away what they say by themselves (`sha256:`)."""
    parts = {text_of(one.get("object_relation")): one for one in reversed(records(thing.get("Attribute")))}
    main, kind = parts.get("value", {}), text_of(parts.get("kind", {}).get("value"))
    value, sort = text_of(main.get("value")), whole_type(text_of(main.get("type")))
    typed = None if sort == "text" else identifier(sort, value, place)
    return (
        typed
        if typed and not isinstance(typed, Rejected) and typed.kind == kind
        else take(kind, value, place)
    )


def atlas_object(at: Reading, place: str, thing: dict[str, Any]) -> Iterator[Item]:
    """What is said of the entity in words, each under its own property and marking."""
    entity = entity_of(thing, place)
    if isinstance(entity, Rejected):
        yield entity
        return
    event = at.event
    source = strictest(event)
    at.known[text_of(thing.get("uuid"))] = Part([entity], source.marking)
    if entity != event.subject:
        yield Sentences(source, place, event.observed).say(entity, "mentioned-with", event.subject)
    for number, one in enumerate(records(thing.get("Attribute"))):
        name = text_of(one.get("object_relation"))
        known = vocabulary().properties.get(name)
        if name in {"kind", "value"} or is_deleted(one):
            continue
        if known is None or known.is_link or not text_of(one.get("value")):
            yield Skipped("word of an atlas's object that is no property")
            continue
        try:
            yield frame(at, f"{place}/Attribute/{number}/value", one).say(entity, name, text_of(one["value"]))
        except NotValidError as error:
            yield Rejected(f"{place}/Attribute/{number}", error.advice)
