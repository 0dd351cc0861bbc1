"""References between the objects and attributes of a MISP event → links of the vocabulary.

Source: MISP core format, "ObjectReference"; relationship types of the misp-objects project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Item, Sentences, Skipped
from chokepoint.collect.formats import meanings
from chokepoint.collect.misp_context import strictest
from chokepoint.collect.misp_parts import is_deleted
from chokepoint.collect.stix2.links import LINKS, link
from chokepoint.collect.taking import records, text_of
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chokepoint.collect.misp_context import Event, Part

_AS_STIX = meanings("misp-relations")


def references(event: Event, content: Mapping[str, Any], known: Mapping[str, Part]) -> Iterator[Item]:
    """The links of an event's references.

    Args:
        event: whose frame the claims take.
        content: the event as parsed.
        known: what each object and attribute stands for, by its uuid.
    """
    for number, thing in enumerate(records(content.get("Object"))):
        mine = known.get(text_of(thing.get("uuid")))
        for reference in records(thing.get("ObjectReference")):
            other = known.get(text_of(reference.get("referenced_uuid")))
            sort = text_of(reference.get("relationship_type")).lower()
            if is_deleted(reference):
                yield Skipped("deleted reference")
                continue
            if not mine or not other or not mine.entities or not other.entities:
                yield Skipped("reference to an object without an identifier")
                continue
            ours, theirs = mine.entities, other.entities
            say = Sentences(strictest(event, mine, other), f"{event.place}/Object/{number}", event.observed)
            if _is_ours(sort) and ours != theirs:
                yield from (say.say(left, sort, right) for left in ours for right in theirs)
            else:
                yield from link(say, ([*ours], _AS_STIX.get(sort, sort), [*theirs]))


def _is_ours(sort: str) -> bool:
    """Whether a relationship is a link of our own vocabulary, as in an event that an atlas exported."""
    found = vocabulary().properties.get(sort)
    return found is not None and found.kind == "link" and sort not in LINKS
