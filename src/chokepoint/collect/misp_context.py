"""What a MISP event says around its attributes: who speaks, how it may be shared, whom it is about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Sentences
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.gradings import misp_grading
from chokepoint.collect.labels import asked_for
from chokepoint.collect.misp_galaxy import kind_of
from chokepoint.collect.misp_sharing import narrowed
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import named, records, text_of, texts, until
from chokepoint.model.claim import Interval, Nature, Provenance
from chokepoint.model.errors import BadInputError, NotValidError
from chokepoint.model.marking import CLEAR, Marking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

_galaxy_tag = re.compile(r'misp-galaxy:([a-z0-9-]{2,80})="([^"]{1,300})"').fullmatch
_code = re.compile(r"(.{1,280}?) - [A-Z]{1,3}[0-9]{4}(?:\.[0-9]{3})?").fullmatch
_LINKS = {"group": "attributed-to", "campaign": "part-of", "country": "targets", "organisation": "targets"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as its attributes see it.

    Attributes:
        document: that it stands in.
        place: JSON pointer of the event object.
        subject: the campaign that the event is about.
        source: provenance of what carries no marking of its own.
        date: of the event, as it is written.
        observed: until that date, for attributes without times.
    """

    document: Document
    place: str
    subject: Entity
    source: Provenance
    date: str
    observed: Interval | None


class Part(NamedTuple):
    """What an attribute or object of an event stands for, and who may see it."""

    entities: list[Entity]
    marking: Marking


def strictest(event: Event, *parts: Part) -> Provenance:
    """The provenance of a claim that names parts of an event: marked as the strictest of them."""
    marking = reduce(Marking.join, (part.marking for part in parts), event.source.marking)
    return event.source if marking == event.source.marking else replace(event.source, marking=marking)


def within(event: Event, thing: dict[str, Any], tally: Counter[str]) -> Event:
    """The event as a part of it sees it, an object or a report: as closed as the part's own distribution.

    Raises:
        NotValidError: an unknown distribution.
    """
    marking = narrowed(event.source.marking, thing, tally)
    if marking == event.source.marking:
        return event
    return replace(event, source=replace(event.source, marking=marking))


def tag_names(thing: dict[str, Any]) -> list[str]:
    """Names of the tags of an event or attribute, written as mappings with a name or as bare texts.

    Raises:
        NotValidError: a tag that cannot be read, which may be the label that restricts the sharing.
    """
    tags = thing.get("Tag")
    listed = tags if isinstance(tags, list) else [tags] if tags else []
    names = [tag.get("name") if isinstance(tag, dict) else tag for tag in listed]
    read = [name.strip() for name in names if isinstance(name, str)]
    if len(read) != len(names):
        raise NotValidError("a tag without a readable name may say who may see this", mend="name each tag")
    return read


def marking_of(names: list[str]) -> Marking | None:
    """The marking that TLP and PAP tags ask for, None where there is none.

    Raises:
        NotValidError: a TLP or PAP label that nobody knows, under which nothing may be shown to anybody.
    """
    tags = (name.partition(":") for name in names)
    return asked_for((scheme, label) for scheme, _, label in tags)


def open_event(document: Document, content: dict[str, Any], place: str) -> Event:
    """The event's frame.

    Raises:
        BadInputError: the event is about nothing.
        NotValidError: an unknown TLP label or distribution.
    """
    info = text_of(content.get("info"))
    subject = named("campaign", campaign_title(info))
    if subject is None:
        raise BadInputError("the event has no info", place=f"{place}/info", mend="say what it is about")
    creator = content.get("Orgc") or content.get("Org")
    origin = text_of(creator.get("name")) if isinstance(creator, dict) else ""
    names = tag_names(content)
    marking = narrowed(marking_of(names) or CLEAR, content, Counter())
    source = provenance(document, origin=origin, grading=misp_grading(names), marking=marking)
    date = text_of(content.get("date"))
    return Event(
        document=document, place=place, subject=subject, source=source, date=date, observed=until(date)
    )


def describe(event: Event, content: dict[str, Any]) -> Iterator[Item]:
    """Claims on the campaign itself: name, date, identifier, and whom the galaxies tie it to."""
    say = Sentences(event.source, event.place, event.observed)
    yield Sentences(event.source, f"{event.place}/info").say(
        event.subject, "name", text_of(content.get("info"))
    )
    if event.date:
        yield Sentences(event.source, f"{event.place}/date").say(event.subject, "date", event.date)
    if text_of(content.get("uuid")):
        yield say.say(event.subject, "identifier", f"misp-event:{text_of(content['uuid'])}")
    if text_of(content.get("extends_uuid")):
        yield say.say(event.subject, "attribute", f"extends event {text_of(content['extends_uuid'])}")
    for actor, aliases in galaxies(content):
        judged = Sentences(event.source, event.place, event.observed, Nature.ASSESSMENT)
        if actor != event.subject:
            yield judged.say(event.subject, _LINKS.get(actor.kind, "uses"), actor)
        for alias in aliases:
            yield say.say(actor, "alias", alias)
    for name in tag_names(content):
        if not name.lower().startswith(("tlp:", "pap:", "misp-galaxy:")):
            yield say.say(event.subject, "category", name)


def galaxies(thing: dict[str, Any]) -> list[tuple[Entity, list[str]]]:
    """Actors and things that galaxies and galaxy tags of an event or attribute name, with their aliases."""
    found: dict[Entity, list[str]] = {}
    for galaxy in records(thing.get("Galaxy")):
        for cluster in records(galaxy.get("GalaxyCluster")):
            sort = text_of(cluster.get("type")) or text_of(galaxy.get("type"))
            actor = _actor(sort, text_of(cluster.get("value")))
            if actor:
                meta = cluster.get("meta")
                found[actor] = texts(meta.get("synonyms")) if isinstance(meta, dict) else []
    for name in tag_names(thing):
        tagged = _galaxy_tag(name)
        actor = _actor(tagged[1], tagged[2]) if tagged else None
        if actor:
            found.setdefault(actor, [])
    return list(found.items())


NAMELESS = "galaxy cluster that names no actor or thing (sectors, techniques and the like)"


def nameless(thing: dict[str, Any]) -> int:
    """How many clusters and galaxy tags of an event or attribute name nothing of the vocabulary."""
    if not (thing.get("Galaxy") or thing.get("Tag")):
        return 0
    galaxy_tags = [{"name": name} for name in tag_names(thing) if name.lower().startswith("misp-galaxy:")]
    clusters = [one for each in records(thing.get("Galaxy")) for one in records(each.get("GalaxyCluster"))]
    named_by_tags = sum(1 for tag in galaxy_tags if galaxies({"Tag": tag}))
    named_by_clusters = sum(1 for one in clusters if galaxies({"Galaxy": {"GalaxyCluster": one}}))
    return len(galaxy_tags) + len(clusters) - named_by_tags - named_by_clusters


def _actor(sort: str, value: str) -> Entity | None:
    kind = kind_of(sort.replace("enterprise-attack-", "").replace("mobile-attack-", ""), "")
    coded = _code(value)
    return named(kind, coded[1] if coded else value) if kind else None
