"""What indicators, reports, sightings and notes say, once it is known whom they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Item, Sentences, Skipped
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.stix2.atlas import property_of
from chokepoint.collect.stix2.objects import references
from chokepoint.collect.taking import named, span, text_of, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.stix2.context import Knowledge
    from chokepoint.collect.stix2.patterns import Comparison
    from chokepoint.model.identity import Entity

MOST_REMARKED = 50
REMARKS = frozenset({"sighting", "note", "opinion"})
_GOOD = frozenset({"benign", "legitimate"})
_HACKED = "compromised"
_OBVIOUS = frozenset({"malicious-activity"})


def indicator(
    say: Sentences,
    what: tuple[dict[str, Any], list[tuple[Comparison, Entity | None]]],
    about: tuple[list[Entity], bool],
) -> Iterator[Item]:
    """Claims of an indicator.

    Args:
        say: with the interval in which it is valid.
        what: the object, and each comparison of its pattern with the identifier it names.
        about: whom it indicates, and whether relationships of their own say so.
    """
    thing, read = what
    subjects, related = about
    labels = [*texts(thing.get("labels")), *texts(thing.get("indicator_types"))]
    link = "legitimate" if _GOOD & set(labels) else "compromised-by" if _HACKED in labels else "indicates"
    entities = list(dict.fromkeys(entity for _, entity in read if entity))
    at = Sentences(say.provenance, f"{say.place}/pattern", say.observed)
    for entity in entities:
        for subject in subjects if not related or link != "indicates" else ():
            yield at.say(entity, link, subject)
        if not subjects:
            yield at.say(entity, "category", "indicator without named threat")
        yield from _described(say, entity, thing)
        for label in labels:
            if label in _OBVIOUS:
                yield Skipped("label malicious-activity (that is what an indicator is)")
            else:
                yield say.say(entity, "category", label)
    digests = [entity for entity in entities if entity.kind == "file"]
    if len(digests) > 1 and len(digests) == len({digest.value.partition(":")[0] for digest in digests}):
        for other in digests[1:]:
            yield at.say(digests[0], "same-file", other)
    yield from _unread(at, (thing, read), (entities, subjects))


def _described(say: Sentences, entity: Entity, thing: dict[str, Any]) -> Iterator[Item]:
    name, description = text_of(thing.get("name")), text_of(thing.get("description"))
    if name and name.lower() not in entity.value and entity.value not in name.lower():
        yield say.say(entity, "name" if entity.kind == "file" else "description", name)
    if description:
        yield say.say(entity, "description", description)
    yield from references(say, entity, thing)


def _unread(
    at: Sentences,
    what: tuple[dict[str, Any], list[tuple[Comparison, Entity | None]]],
    whom: tuple[list[Entity], list[Entity]],
) -> Iterator[Item]:
    """What of the pattern names no identifier is kept as a pattern of whom it indicates."""
    thing, read = what
    entities, subjects = whom
    pattern = text_of(thing.get("pattern"))
    language = text_of(thing.get("pattern_type"))
    if language not in {"", "stix"}:
        yield Skipped(f"indicator in the language {language}")
        return
    odd = [f"{test.sort}:{test.path.partition('.')[0]}" for test, entity in read if entity is None]
    if not odd and (read or not pattern):
        return
    holder = subjects[0] if subjects else entities[0] if entities else None
    if holder:
        yield at.say(holder, "pattern", pattern)
    else:
        yield Skipped(f"pattern on {odd[0] if odd else 'the mere existence of a property'}")


def report(say: Sentences, thing: dict[str, Any], subjects: list[Entity]) -> Iterator[Item]:
    """Claims of a report or grouping on what it is about."""
    if not subjects:
        yield Skipped("report without title or subject")
        return
    day = text_of(thing.get("published"))
    timed = Sentences(say.provenance, say.place, span("", day) if day else None)
    subject = subjects[0]
    title = text_of(thing.get("name"))
    if title:
        # Only a campaign that the title itself made is called by it; others are merely written about.
        own = named("campaign", campaign_title(title)) == subject
        yield timed.say(subject, "name" if own else "mentioned-in", title)
    if text_of(thing.get("description")):
        yield timed.say(subject, "description", text_of(thing["description"]))
    if day:
        yield timed.say(subject, "date", day[:10])
    yield from references(timed, subject, thing)
    for label in (*texts(thing.get("labels")), *texts(thing.get("report_types"))):
        yield timed.say(subject, "category", label)


def observed(
    say: Sentences, thing: dict[str, Any], whom: tuple[list[Entity], list[Entity]]
) -> Iterator[Item]:
    """Claims of observed data on each identifier that was seen."""
    mine, subjects = whom
    count = text_of(thing.get("number_observed")) or "1"
    if not mine:
        yield Skipped("observed data without identifier of the vocabulary")
    for entity in mine:
        yield say.say(entity, "observation", f"observed {count} times")
        for subject in subjects:
            if subject != entity:
                yield say.say(entity, "mentioned-with", subject)


def remark(say: Sentences, thing: dict[str, Any], known: Knowledge) -> Iterator[Item]:
    """A sighting, note or opinion as an observation on what it speaks of."""
    sort = text_of(thing.get("type"))
    if sort == "sighting":
        say = Sentences(
            say.provenance, say.place, span(text_of(thing.get("first_seen")), text_of(thing.get("last_seen")))
        )
        about, text = _sighted(thing, known)
        name = "observation"
    else:
        about = texts(thing.get("object_refs"))
        name, text = _noted(thing)
    if sort == "opinion":
        parts = (text_of(thing.get("opinion")), text_of(thing.get("explanation")))
        text = f"opinion: {' - '.join(filter(None, parts))}" if any(parts) else ""
    entities = list(dict.fromkeys(entity for name in about for entity in known.entities.get(name, [])))
    if not text:
        yield Skipped(f"STIX {sort} without words")
        return
    if not entities:
        yield Skipped(f"STIX {sort} of an object in none of the files so far")
    for entity in entities[:MOST_REMARKED]:
        yield say.say(entity, name, text)
    if len(entities) > MOST_REMARKED:
        yield Skipped(f"{sort} on more than 50 objects: the further ones", len(entities) - MOST_REMARKED)


def _noted(thing: dict[str, Any]) -> tuple[str, str]:
    """The property and words of a note: an observation, unless an atlas wrote what it states."""
    abstract, content = text_of(thing.get("abstract")), text_of(thing.get("content"))
    words = content.partition(f" {abstract}: ")[2]
    name = property_of(thing, link=False)
    return (name, words) if name and words else ("observation", " ".join(filter(None, (abstract, content))))


def _sighted(thing: dict[str, Any], known: Knowledge) -> tuple[list[str], str]:
    about = texts(thing.get("sighting_of_ref")) + texts(thing.get("observed_data_refs"))
    where = [
        known.creators.get(name) or next((one.value for one in known.entities.get(name, [])), "")
        for name in texts(thing.get("where_sighted_refs"))
    ]
    text = f"sighted {text_of(thing.get('count')) or '1'} times"
    return about, text + (f" by {', '.join(filter(None, where))}" if any(where) else "")
