"""STIX 2.0 and 2.1: indicators, observables, actors, reports and relationships, in one file or many.

Objects refer to each other by id, often across files. A file whose markings or creators are defined in a
later one waits for it (small files only), relationships wait for their other half, `finish` takes the rest.
Source: STIX 2.1 (https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.stix2 import objects
from chokepoint.collect.stix2.atlas import nature_of, observed_of, property_of, told
from chokepoint.collect.stix2.bundle import Bundle
from chokepoint.collect.stix2.context import Knowledge, unread_markings, valid
from chokepoint.collect.stix2.links import LEFT_OUT, link
from chokepoint.collect.taking import text_of
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.errors import BadInputError, NotValidError

if TYPE_CHECKING:
    from collections.abc import Iterator

WAITS = 200
"""Objects of the largest file that waits for definitions in later files."""

DEEPEST = 16
"""Steps of the pointer to the innermost bundle."""

MOST_WAITING = 20_000
"""Files that wait; those beyond are read with what is known by then."""

_id = re.compile(rb'"id"\s*:\s*"[a-z0-9-]{2,60}--[0-9a-f]{8}-[0-9a-f]{4}-').search
_bundle = re.compile(rb'"type"\s*:\s*"bundle"').search
_object = re.compile(rb'"type"\s*:\s*"(?:x-)?[a-z0-9-]{3,60}"').search


class Waiting(NamedTuple):
    """A relationship whose other half is in another file."""

    document: Document
    place: str
    thing: dict[str, Any]


class Stix2:
    """Collector of STIX 2."""

    name = "stix2"

    def __init__(self) -> None:
        self._known = Knowledge()
        self._relations: list[Waiting] = []
        self._bundles: list[Bundle] = []

    def recognises(self, document: Document) -> bool:
        """A bundle, or objects with a type and an id of the form `type--uuid`."""
        head = document.head
        keys = json_keys(head)
        if "type" not in keys and "objects" not in keys:
            return False
        if _bundle(head) or _bundle(document.data[-2_000:]):
            return "objects" in keys or "id" in keys
        return bool(_id(head) and _object(head)) and bool(
            {"spec_version", "created", "objects", "modified"} & keys
        )

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on all objects of the file, unless they wait for `finish`."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        bundle, defects = self.parse(document)
        yield from defects
        if not bundle.things:
            raise BadInputError("no STIX object inside", mend="a bundle holds its objects under `objects`")
        if len(bundle.things) <= WAITS and len(self._bundles) < MOST_WAITING and bundle.waits():
            self._bundles.append(bundle)
            self._known.pending.update(one.name for one in bundle.things)
            return
        bundle.resolve()
        yield from self._speak(bundle)

    def parse(self, document: Document) -> tuple[Bundle, list[Item]]:
        """The objects of a file, with every pattern and observable read to identifiers, before any claim.

        Raises:
            BadInputError: no JSON.
        """
        tree, found = read_json(document.data)
        defects: list[Item] = list(found)
        bundle = Bundle(document, self._known)
        for place, thing in _things(tree):
            if thing is None:
                defects.append(
                    Rejected(place, "no STIX object: an object has a type. Mend: check the bundle")
                )
            else:
                defects += bundle.add(place, thing)
        bundle.learn()
        return bundle, defects

    def _speak(self, bundle: Bundle) -> Iterator[Item]:
        yield from bundle.items()
        tally: Counter[str] = Counter()
        for place, thing in bundle.relations:
            waiting = Waiting(bundle.document, bundle.shown(place, thing), thing)
            if self._open(thing):
                self._relations.append(waiting)
            else:
                yield from self._relation(waiting, tally)
        for rule, count in tally.items():
            yield Skipped(rule, count)

    def _open(self, thing: dict[str, Any]) -> bool:
        """Whether an end of a relationship is in no file so far."""
        ends = (text_of(thing.get("source_ref")), text_of(thing.get("target_ref")))
        return not any(self._rule(end) for end in ends) and any(
            end not in self._known.entities or end in self._known.pending for end in ends
        )

    def _rule(self, end: str) -> str:
        """The rule under which an end of a relationship is left out, by id or type; empty if it is not."""
        return self._known.left_out.get(end) or _type_rule(end.partition("--")[0])

    def _relation(self, waiting: Waiting, tally: Counter[str]) -> Iterator[Item]:
        thing = waiting.thing
        sort = text_of(thing.get("relationship_type"))
        source, target = text_of(thing.get("source_ref")), text_of(thing.get("target_ref"))
        rule = self._rule(source) or self._rule(target)
        if rule or sort in LEFT_OUT:
            tally[f"relationship of a {rule}" if rule else f"relationship {sort}"] += 1
            return
        known = self._known.entities
        if source not in known or target not in known:
            tally["relationship to an object in none of the files"] += 1
            return
        try:
            origin = self._known.source(waiting.document, thing, (source, target))
        except NotValidError as error:
            yield Rejected(waiting.place, error.advice)
            return
        tally.update(skip.rule for skip in unread_markings(self._known, thing))
        own = observed_of(thing) if told(thing) else valid(thing, "start_time", "stop_time")
        observed = own or self._known.validity.get(source)
        say = Sentences(origin, waiting.place, observed, nature_of(thing))
        if not known[source] or not known[target]:
            tally["relationship of an object that names no identifier"] += 1
            return
        named = property_of(thing, link=True)
        yield from link(say, (known[source], sort, known[target]), named=named)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Files that waited for definitions, then relationships that waited for their other half."""
        for bundle in self._bundles:
            bundle.resolve()
        for bundle in self._bundles:
            self._known.pending.difference_update(one.name for one in bundle.things)
            for item in with_derived(self._speak(bundle)):
                yield bundle.document, item
        self._bundles.clear()
        tallies: dict[str, tuple[Document, Counter[str]]] = {}
        for waiting in self._relations:
            _, tally = tallies.setdefault(waiting.document.path, (waiting.document, Counter()))
            for item in self._relation(waiting, tally):
                yield waiting.document, item
        for document, tally in tallies.values():
            for rule, count in tally.items():
                yield document, Skipped(rule, count)
        self._relations.clear()


@lru_cache(maxsize=1_000)
def _type_rule(sort: str) -> str:
    return objects.skip_rule(sort, {"identity_class": "organization"})


def _things(tree: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Every object of a bundle, envelope, list or single object, with its pointer; None for what is none."""
    if isinstance(tree, dict) and isinstance(tree.get("objects"), list):
        yield from _listed(tree["objects"], f"{place}/objects")
    elif isinstance(tree, list):
        yield from _listed(tree, place)
    elif isinstance(tree, dict) and text_of(tree.get("type")) not in {"", "bundle"}:
        yield place, tree


def _listed(entries: list[Any], place: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for number, thing in enumerate(entries):
        sort = text_of(thing.get("type")) if thing.__class__ is dict else ""
        if sort == "bundle" and place.count("/") < DEEPEST:
            yield from _things(thing, f"{place}/{number}")
        else:
            yield f"{place}/{number}", thing if sort and sort != "bundle" else None
