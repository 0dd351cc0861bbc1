"""Domain objects: what each stands for and what it says of itself.

Source: STIX 2.1 §4 (domain objects).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Item, Rejected, Sentences, Skipped
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.formats import meanings, words
from chokepoint.collect.shapes import kept, misfits
from chokepoint.collect.taking import named, records, text_of, texts
from chokepoint.collect.tree import escape
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.identity import Entity

KINDS = meanings("stix-kinds")
SKIPPED = frozenset(words("stix-skipped"))
CONTEXT = ("campaign", "malware", "intrusion-set", "threat-actor")
REPORTS = frozenset({"report", "grouping"})
_ALIASES = ("aliases", "x_mitre_aliases", "x_opencti_aliases")
_LABELS = (
    "labels",
    "malware_types",
    "tool_types",
    "threat_actor_types",
    "infrastructure_types",
    "report_types",
    "roles",
)
_OBVIOUS = frozenset({"malicious-activity", "malware", "tool", "intrusion-set", "campaign"})
_PLAIN = (
    "sophistication",
    "resource_level",
    "primary_motivation",
    "goals",
    "objective",
    "secondary_motivations",
)


_CONTACTS = {"email-addr": "contact", "phone-number": "contact", "user-account": "account"}
_LONGEST_CONTACT = 4_000
_READ = frozenset(
    {
        *(
            "type",
            "spec_version",
            "id",
            "created",
            "modified",
            "created_by_ref",
            "revoked",
            "confidence",
            "lang",
        ),
        *(
            "object_marking_refs",
            "granular_markings",
            "external_references",
            "extensions",
            "kill_chain_phases",
        ),
        *("name", "description", "identity_class", "contact_information", "first_seen", "last_seen"),
        *("published", "object_refs", "context", "country", "defanged", "is_family", "latitude", "longitude"),
        *(*_ALIASES, *_LABELS, *_PLAIN),
    }
)
"""Fields that are told elsewhere, or tell of the object rather than of what it stands for."""
_OF_A_SYSTEM = ("x_mitre_", "x_opencti_", "x_misp_")


SHAPES: dict[str, Shape] = dict.fromkeys(
    ("name", "description", "pattern", "pattern_type", "valid_from", "valid_until", "value", "content"),
    "text",
)
SHAPES |= dict.fromkeys((*_ALIASES, *_LABELS, *_PLAIN, "object_refs", "object_marking_refs"), "texts")
SHAPES |= dict.fromkeys(("external_references", "granular_markings"), "records")
"""What the fields that are read should be, in whatever object they stand."""


_INSIDE: dict[str, dict[str, Shape]] = {
    "external_references": dict.fromkeys(("url", "external_id", "source_name"), "text"),
    "granular_markings": {"marking_ref": "text"},
}


def odd_fields(place: str, thing: dict[str, Any]) -> Iterator[Rejected]:
    """Fields of an object, and of what is listed inside it, that are not shaped as STIX has them."""
    yield from misfits(place, thing, SHAPES)
    for key, shapes in _INSIDE.items():
        for number, inner in enumerate(records(thing.get(key))):
            yield from misfits(f"{place}/{key}/{number}", inner, shapes)


def entity_of(thing: dict[str, Any]) -> Entity | None:
    """The actor, thing, organisation or place that a domain object stands for; None where there is none."""
    sort, name = text_of(thing.get("type")), text_of(thing.get("name"))
    if sort == "campaign":
        return named("campaign", campaign_title(name)) if name else None
    if sort == "threat-actor" and text_of(thing.get("resource_level")) == "individual":
        return named("persona", name) if name else None
    if sort in KINDS:
        return named(KINDS[sort], name) if name else None
    if sort == "identity":
        kind = {"organization": "organisation", "individual": "person"}.get(
            text_of(thing.get("identity_class"))
        )
        return named(kind, name) if kind and name else None
    if sort == "location":
        return _place(thing, name)
    return None


def _place(thing: dict[str, Any], name: str) -> Entity | None:
    country = named("country", text_of(thing.get("country"))) if text_of(thing.get("country")) else None
    if country or not name:
        return country
    return named("country", name) or named("site", name)


def skip_rule(sort: str, thing: dict[str, Any]) -> str:
    """The rule under which an object of a type is left out; empty where it is not."""
    if thing.get("revoked") is True:
        return "revoked STIX object"
    if thing.get("x_mitre_deprecated") is True:
        return "deprecated STIX object"
    if sort in SKIPPED or sort.startswith("x-mitre-"):
        return f"STIX {sort} (a technique, measure or definition, no actor or thing)"
    if sort == "identity" and text_of(thing.get("identity_class")) not in {"organization", "individual"}:
        return "STIX identity that is a sector or class"
    return ""


def name_alone(thing: dict[str, Any]) -> dict[str, Any]:
    """An object without all that is said of it but what it is called: for people who are hit."""
    return {key: thing[key] for key in ("type", "id", "name", "identity_class") if key in thing}


def describe(say: Sentences, entity: Entity, thing: dict[str, Any]) -> Iterator[Item]:
    """Claims on a domain object's own fields."""
    name = text_of(thing.get("name"))
    if name and entity.kind != "country":
        yield _at(say, "name").say(entity, "name", name)
    description = text_of(thing.get("description"))
    if description:
        yield _at(say, "description").say(entity, "description", description)
    for key in _ALIASES:
        for number, alias in enumerate(texts(thing.get(key))):
            if named(entity.kind, alias) != entity:
                yield _at(say, f"{key}/{number}").say(entity, "alias", alias)
    yield from _sorted(say, entity, thing)
    yield from _reached(say, entity, text_of(thing.get("contact_information")))
    yield from references(say, entity, thing)
    for key, value in thing.items():
        if key not in _READ and not key.startswith(_OF_A_SYSTEM):
            yield from kept(_at(say, escape(key)), entity, (key, value))


def _reached(say: Sentences, entity: Entity, text: str) -> Iterator[Item]:
    """How an identity is reached: the mailboxes, numbers and accounts in the text, else the text itself."""
    there = _at(say, "contact_information")
    found = [one for one in scan(text[:_LONGEST_CONTACT]) if one.entity.kind in _CONTACTS]
    for one in found:
        yield there.say(entity, _CONTACTS[one.entity.kind], one.entity)
    if text and not found:
        yield there.say(entity, "attribute", f"contact_information: {text}")


def _sorted(say: Sentences, entity: Entity, thing: dict[str, Any]) -> Iterator[Item]:
    """What sort of thing it is said to be."""
    for key in _LABELS:
        for number, label in enumerate(texts(thing.get(key))):
            if label in _OBVIOUS:
                yield Skipped("label that repeats the object's type")
            else:
                yield _at(say, f"{key}/{number}").say(entity, "category", label)
    for key in _PLAIN:
        for text in texts(thing.get(key)):
            yield _at(say, key).say(entity, "attribute", f"{key}: {text}")


def references(say: Sentences, entity: Entity, thing: dict[str, Any]) -> Iterator[Item]:
    """External references: addresses as references, numbers as identifiers elsewhere."""
    for number, reference in enumerate(records(thing.get("external_references"))):
        url, code = text_of(reference.get("url")), text_of(reference.get("external_id"))
        source = text_of(reference.get("source_name"))
        there = _at(say, f"external_references/{number}")
        if code:
            yield there.say(
                entity, "identifier", f"{'mitre' if source.startswith('mitre') else source}:{code}"
            )
        if url:
            yield there.say(entity, "reference", url)
        elif not code:
            yield Skipped("reference without address (citations and alias notes)")


def _at(say: Sentences, key: str) -> Sentences:
    return Sentences(say.provenance, f"{say.place}/{key}", say.observed, say.nature)
