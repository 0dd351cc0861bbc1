"""The `meta` of a galaxy cluster: what each of its fields says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chokepoint.collect.base import Item, Rejected, Sentences, Skipped
from chokepoint.collect.gradings import stix_grading
from chokepoint.collect.shapes import kept, misfits
from chokepoint.collect.taking import named, raw_of, take, text_of, texts
from chokepoint.model.claim import Claim, Nature, Provenance
from chokepoint.model.identity import Entity
from chokepoint.model.source import Grading
from chokepoint.values.registry import derived, detect
from chokepoint.values.text import scan

CREDIBILITY = {
    "almost-certain": "2",
    "very-likely": "2",
    "likely": "2",
    "roughly-even-chance": "3",
    "unlikely": "4",
    "very-unlikely": "5",
    "almost-no-chance": "5",
}
_ATTRIBUTES = {
    "refs": "reference",
    "ransomnotes-refs": "reference",
    "ransomenotes-refs": "reference",
    "price": "price",
    "date": "date",
    "type": "category",
    "status": "status",
    "synonyms": "alias",
    "synomyms": "alias",
    "category": "category",
}
_COUNTRIES = frozenset({"country", "microsoft-origin-threat"})
_VICTIMS = frozenset({"cfr-suspected-victims", "suspected-victims", "observed_countries"})
_IDENTIFIERS = frozenset({"external_id", "group_attack_id", "software_attack_id", "campaign_attack_id"})
_NOTES = frozenset({"ransomnotes", "ransomenotes"})
_NO_FACTS = frozenset({"colour", "uuid", "name-attribution", "tags", "owner", "source"})
_PAID = frozenset({"crypto-address", "bank-account", "payment-handle"})
_REACHED = frozenset({"email-addr", "onion-service", "url", "user-account", "phone-number"})


def likelihood(tags: list[str], base: Grading) -> Grading | None:
    """The grading that an estimative-language tag of a relation gives, with the reliability of its source."""
    for tag in tags:
        name, _, word = tag.partition("=")
        word = word.strip('"')
        if name == "estimative-language:likelihood-probability" and word in CREDIBILITY:
            return Grading(base.reliability, CREDIBILITY[word], f"estimative-language:{word}")
    return None


def claims(source: Provenance, place: str, about: tuple[Entity, dict[str, Any]]) -> Iterator[Item]:
    """The claims of all fields; those without a reading of their own are kept as attributes.

    Args:
        source: provenance of the cluster.
        place: JSON pointer of the meta object.
        about: the cluster's entity and its meta.
    """
    entity, meta = about
    for key, value in meta.items():
        if key in _NO_FACTS:
            yield Skipped(
                "cluster fields without facts (colour, uuid, tags, name attribution)",
                max(1, len(texts(value))),
            )
            continue
        if not texts(value) and value not in (None, "", [], {}):
            yield from kept(Sentences(source, f"{place}/{key}"), entity, (key, value))
            continue
        yield from misfits(place, {key: value}, {key: "texts"})
        reader = _reader(key)
        for number, text in _numbered(value):
            at = f"{place}/{key}/{number}" if isinstance(value, list) else f"{place}/{key}"
            yield from reader(Sentences(source, at), (entity, key, text), meta)


def _numbered(value: Any) -> Iterator[tuple[int, str]]:
    entries = value if isinstance(value, list) else [value]
    return ((number, text) for number, entry in enumerate(entries) if (text := text_of(entry)))


_Reader = Callable[[Sentences, tuple[Entity, str, str], dict[str, Any]], Iterator[Item]]


def _reader(key: str) -> _Reader:
    if key in _ATTRIBUTES:
        return _attribute
    if key in _COUNTRIES:
        return _home
    if key in _VICTIMS:
        return _victim
    if key in _IDENTIFIERS:
        return _number
    if key in _NOTES:
        return _note
    return {"links": _link, "official-refs": _site}.get(key, _kept)


def _attribute(say: Sentences, what: tuple[Entity, str, str], _: dict[str, Any]) -> Iterator[Item]:
    entity, key, text = what
    name = _ATTRIBUTES[key]
    if name == "alias" and named(entity.kind, text) == entity:
        yield Skipped("alias that is the name in other letters")
    else:
        yield say.say(entity, name, text)


def _kept(say: Sentences, what: tuple[Entity, str, str], _: dict[str, Any]) -> Iterator[Item]:
    entity, key, text = what
    yield say.say(entity, "attribute", f"{key}: {text}")


def _number(say: Sentences, what: tuple[Entity, str, str], _: dict[str, Any]) -> Iterator[Item]:
    entity, _key, text = what
    yield say.say(entity, "identifier", f"mitre:{text}" if text[:1] in "GSCT" else text)


def _home(say: Sentences, what: tuple[Entity, str, str], meta: dict[str, Any]) -> Iterator[Item]:
    entity, key, text = what
    country = named("country", text)
    if country is None:
        yield from _kept(say, what, meta)
        return
    sure = text_of(meta.get("attribution-confidence"))
    grading = (
        stix_grading(int(sure), say.provenance.grading.reliability)
        if sure.isdecimal() and len(sure) < 4
        else None
    )
    yield _assessed(say, grading).say(entity, "located-in", country, text if key != "country" else "")


def _assessed(say: Sentences, grading: Grading | None) -> Sentences:
    source = say.provenance
    if grading:
        source = Provenance(
            capture=source.capture, origin=source.origin, grading=grading, marking=source.marking
        )
    return Sentences(source, say.place, say.observed, Nature.ASSESSMENT)


def _victim(say: Sentences, what: tuple[Entity, str, str], meta: dict[str, Any]) -> Iterator[Item]:
    entity, _, text = what
    country = named("country", text)
    if country:
        yield _assessed(say, None).say(entity, "targets", country)
    else:
        yield from _kept(say, what, meta)


def _site(say: Sentences, what: tuple[Entity, str, str], meta: dict[str, Any]) -> Iterator[Item]:
    entity, _, text = what
    found = detect(text)
    if found and found.kind in {"url", "domain-name"}:
        yield say.say(entity, "website", found, raw_of(found, text))
    else:
        yield from _kept(say, what, meta)


def _link(say: Sentences, what: tuple[Entity, str, str], _: dict[str, Any]) -> Iterator[Item]:
    """A leak or payment site: the host is how the group is reached, and so is a page below it."""
    entity, _key, text = what
    found = detect(text) or take("url", text, say.place)
    if isinstance(found, Rejected):
        yield found
        return
    if found.kind != "url":
        yield say.say(entity, "contact", found, raw_of(found, text))
        return
    for link, host in derived(found):
        yield say.say(entity, "contact", host, text)
        if link != "hosted-at" or found.value.partition("://")[2].rstrip("/") == host.value:
            return
    yield say.say(entity, "contact", found, raw_of(found, text))


def _note(say: Sentences, what: tuple[Entity, str, str], meta: dict[str, Any]) -> Iterator[Item]:
    entity, _, text = what
    yield from _kept(say, what, meta)
    seen: set[Entity] = set()
    for indicator in scan(text):
        other = indicator.entity
        if indicator.role != "indicator":
            yield Skipped("address in a ransom note that is only context (official, how-to)")
        elif other not in seen:
            seen.add(other)
            found = _in_note(say, entity, (other, indicator.raw))
            yield found or Skipped(f"{other.kind} in a ransom note")


def _in_note(say: Sentences, entity: Entity, found: tuple[Entity, str]) -> Claim | None:
    other, raw = found
    name = "requests-payment-to" if other.kind in _PAID else "contact" if other.kind in _REACHED else ""
    return say.say(entity, name, other, raw_of(other, raw)) if name else None
