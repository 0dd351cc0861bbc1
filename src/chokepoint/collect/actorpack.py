"""GraphSense ActorPacks: services and groups that tags name by id, with their sites, accounts and countries.

Source: https://github.com/graphsense/graphsense-tagpacks (actors/).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.formats import words
from chokepoint.collect.origins import provenance
from chokepoint.collect.shapes import kept, misfits
from chokepoint.collect.taking import named, span, take, text_of, texts, until
from chokepoint.collect.tree import peek_records, read_records
from chokepoint.values.registry import derived, detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.identity import Entity

SERVICES = frozenset({"mixing_service", "coinjoin", "dark_web"})
BUSINESSES = frozenset(words("graphsense-businesses"))
CRIMES = frozenset(words("graphsense-crimes"))
ACTOR: dict[str, Shape] = {"id": "text", "label": "text", "context": "record"}
ACTOR |= dict.fromkeys(("aliases", "categories", "jurisdictions", "uri", "uris"), "texts")
CONTEXT: dict[str, Shape] = dict.fromkeys(("start_activity", "end_activity"), "text")
CONTEXT |= dict.fromkeys(("aliases", "uris", "uri", "refs", "description", "legal_name", "images"), "texts")
_PICTURES = frozenset({"images"})
_bare_domain = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}", re.IGNORECASE).fullmatch


def actor_kind(categories: frozenset[str]) -> str:
    """The kind of an actor by its categories: mixers are services, those with crimes only are groups."""
    if categories & SERVICES:
        return "service"
    if categories & CRIMES and not categories & BUSINESSES:
        return "group"
    return "organisation"


class ActorPack:
    """Collector of ActorPacks; fills the table of actors that tagpacks of the same run read."""

    name = "actorpack"

    def __init__(self, actors: dict[str, Entity] | None = None) -> None:
        self._actors = actors if actors is not None else {}

    def recognises(self, document: Document) -> bool:
        """A YAML list `actors` half of whose records, or more, have an id and a label."""
        peeked = peek_records(document.head, "actors")
        fitting = sum(isinstance(one, dict) and {"id", "label"} <= set(one) for _, one in peeked)
        return fitting * 2 >= len(peeked) > 0

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each actor."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        found = read_records(document.data, "actors")
        yield from found.defects
        head = found.head
        source = provenance(document, origin=text_of(head.get("creator")))
        observed = until(text_of(head.get("lastmod")))
        for record in found.items:
            place = record.place
            if not isinstance(record.value, dict):
                yield Rejected(place, "no actor but a single value. Mend: write id and label")
                continue
            yield from misfits(place, record.value, ACTOR)
            merged = {"categories": head.get("categories"), **record.value}
            yield from self._actor(Sentences(source, place, observed), merged)
        if head:
            yield Skipped("head of the pack (inherited by its records)", len(head))

    def _actor(self, say: Sentences, content: dict[str, Any]) -> Iterator[Item]:
        label, number = text_of(content.get("label")), text_of(content.get("id"))
        categories = texts(content.get("categories"))
        actor = named(actor_kind(frozenset(categories)), label or number)
        if actor is None:
            yield Rejected(say.place, f"the label {label[:80]!r} names nothing. Mend: write a name")
            return
        if number:
            known = self._actors.setdefault(number, actor)
            if known != actor:
                reason = f"the id {number[:80]} of {known.value[:80]}, to whom tags with it go"
                yield Rejected(say.place, f"{reason}. Mend: give each actor its own")
            yield say.say(actor, "identifier", f"graphsense:{number}", label)
        if label and label != actor.value:
            yield say.say(actor, "name", label)
        if number and named(actor.kind, number) != actor:
            yield say.say(actor, "alias", number)
        yield from self._described(say, actor, content)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each pack stands alone."""
        return iter(())

    def _described(self, say: Sentences, actor: Entity, content: dict[str, Any]) -> Iterator[Item]:
        context = content.get("context")
        context = context if isinstance(context, dict) else {}
        for alias in dict.fromkeys([*texts(content.get("aliases")), *texts(context.get("aliases"))]):
            yield say.say(actor, "alias", alias)
        for category in texts(content.get("categories")):
            yield say.say(actor, "category", category)
        for code in texts(content.get("jurisdictions")):
            country = take("country", code, say.place)
            yield country if isinstance(country, Rejected) else say.say(actor, "located-in", country)
        for address in dict.fromkeys(
            text
            for holder in (content, context)
            for key in ("uri", "uris")
            for text in texts(holder.get(key))
        ):
            yield _website(say, actor, address)
        yield from _context(say, actor, context)
        for key, value in content.items():
            if key not in ACTOR:
                yield from kept(say, actor, (key, value))


def _website(say: Sentences, actor: Entity, address: str) -> Item:
    if address.endswith(".dummy"):
        return Skipped("web address is a placeholder (.dummy)")
    found = take("domain-name", address, say.place) if _bare_domain(address) else None
    if found is None or isinstance(found, Rejected):
        found = detect(address) or take("url", address, say.place)
    if isinstance(found, Rejected):
        return found
    account = next((one for _, one in derived(found) if one.kind == "user-account"), None)
    return say.say(actor, "account" if account else "website", account or found, address)


_PLATFORMS = {"github_organisation": "github"} | {
    f"{platform}_handle": platform for platform in ("twitter", "telegram", "facebook", "instagram", "reddit")
}
_TEXTS = {"refs": "reference", "description": "description", "legal_name": "alias"}
_READ_ELSEWHERE = frozenset({"aliases", "uris", "uri"})


def _context(say: Sentences, actor: Entity, context: dict[str, Any]) -> Iterator[Item]:
    yield from misfits(say.place, context, CONTEXT | dict.fromkeys(_PLATFORMS, "texts"))
    for key, value in context.items():
        if key in _PLATFORMS:
            for handle in ",".join(texts(value)).split(","):
                account = take("user-account", f"{_PLATFORMS[key]}:{handle}", say.place)
                yield account if isinstance(account, Rejected) else say.say(actor, "account", account, handle)
        elif key in _TEXTS:
            for text in texts(value):
                yield say.say(actor, _TEXTS[key], text)
        elif key in _PICTURES:
            yield Skipped("pictures of actors", max(1, len(texts(value))))
        elif key not in _READ_ELSEWHERE:
            yield from kept(say, actor, (key, value))
    active = span(text_of(context.get("start_activity")), text_of(context.get("end_activity")))
    if active:
        yield Sentences(say.provenance, say.place, active).say(actor, "status", "active")
