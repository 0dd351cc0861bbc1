"""MISP galaxy clusters: groups, malware, vendors and countries with their aliases, homes and relations.

Relations name the other cluster by UUID, often in another file: they wait until all files are read.
Source: https://github.com/MISP/misp-galaxy (schema_clusters.json).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect import galaxy_meta
from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.formats import meanings
from chokepoint.collect.galaxy_mentions import Mentions
from chokepoint.collect.misp_sharing import narrowed
from chokepoint.collect.origins import provenance
from chokepoint.collect.shapes import misfits
from chokepoint.collect.taking import records, take, text_of, texts
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.claim import Nature, Provenance
from chokepoint.model.errors import BadInputError, NotValidError
from chokepoint.model.said import Said, advised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.identity import Entity
    from chokepoint.model.marking import Marking

KINDS = meanings("galaxy-kinds")
CATEGORIES = {"actor": "group", "threat groups": "group", "tool": "malware"}
NOT_ENTITIES = re.compile(
    r"attack-pattern|course-of-action|mitigation|technique|tactic|sector|matrix|data-source|asset|fraud"
)
RELATIONS = meanings("galaxy-relations")
REVERSED = meanings("galaxy-reversed")
PUBLISHERS = {
    "malpedia": "Malpedia",
    "mitre-": "MITRE ATT&CK",
    "tidal": "Tidal Cyber",
    "microsoft-": "MISP galaxy",
}

CLUSTER: dict[str, Shape] = {"value": "text", "description": "text", "meta": "record", "related": "records"}
_code = re.compile(r"(.{1,280}?) - ([A-Z]{1,3}[0-9]{4}(?:\.[0-9]{3})?)").fullmatch


class Relation(NamedTuple):
    """A relation whose other end may be in another file."""

    document: Document
    say: Sentences
    subject: Entity
    name: str
    other: str


class MispGalaxy:
    """Collector of galaxy clusters."""

    name = "misp-galaxy"

    def __init__(self) -> None:
        self._entities: dict[str, Entity] = {}
        self._ambiguous: set[str] = set()
        self._relations: list[Relation] = []
        self._marks: dict[str, Marking] = {}
        self._mentions = Mentions()

    def recognises(self, document: Document) -> bool:
        """An object with `values` that have a `value` each, and UUIDs."""
        keys = json_keys(document.head, b"{")
        return {"values", "value", "uuid"} <= keys and "Event" not in keys

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each cluster; relations wait for `finish`."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        tree, defects = read_json(document.data)
        yield from defects
        if not isinstance(tree, dict) or not isinstance(tree.get("values"), list):
            raise BadInputError("no galaxy at the top", mend="this is not the format it looks like")
        sort = text_of(tree.get("type"))
        kind = kind_of(sort, text_of(tree.get("category")))
        if not kind:
            rule = f"galaxy {sort or 'without type'}: no actors or things of the vocabulary"
            yield Skipped(rule, max(1, len(tree["values"])))
            return
        tally: Counter[str] = Counter()
        try:
            marking = narrowed(document.marking, tree, tally)
        except NotValidError as error:
            raise BadInputError(error.reason, place="/distribution", mend=error.mend) from None
        publisher = _publisher(sort, text_of(tree.get("source")))
        source = provenance(document, origin=publisher, marking=marking)
        for number, cluster in enumerate(tree["values"]):
            place = f"/values/{number}"
            if not isinstance(cluster, dict) or not text_of(cluster.get("value")):
                yield Rejected(place, "a cluster without value. Mend: name it")
            elif cluster.get("revoked") is True:
                tally["revoked cluster"] += 1
            else:
                yield from self._closed(document, (cluster, place, kind), (source, tally))
        for rule, count in tally.items():
            yield Skipped(rule, count)

    def _closed(
        self, document: Document, what: tuple[dict[str, Any], str, str], how: tuple[Provenance, Counter[str]]
    ) -> Iterator[Item]:
        """A cluster as closed as its own distribution asks for."""
        source, tally = how
        try:
            marking = narrowed(source.marking, what[0], tally)
        except NotValidError as error:
            why, mend = error.said
            yield Rejected(f"{what[1]}/distribution", advised(Said("cluster left out: {why}", why=why), mend))
            return
        yield from self._cluster(document, what, (replace(source, marking=marking), tally))

    def _cluster(
        self, document: Document, what: tuple[dict[str, Any], str, str], how: tuple[Provenance, Counter[str]]
    ) -> Iterator[Item]:
        cluster, place, kind = what
        source, tally = how
        written = text_of(cluster["value"])
        coded = _code(written)
        entity = take(kind, coded[1] if coded else written, f"{place}/value")
        if isinstance(entity, Rejected):
            yield entity
            return
        number = text_of(cluster.get("uuid")).lower()
        if number and self._entities.setdefault(number, entity) != entity:
            self._ambiguous.add(number)
            reason = f"the uuid {number[:40]} of another cluster; relations to it are left out"
            yield Rejected(f"{place}/uuid", f"{reason}. Mend: give each its own")
        if number:
            self._marks[number] = source.marking.join(self._marks.get(number, source.marking))
        yield from misfits(place, cluster, CLUSTER)
        say = Sentences(source, f"{place}/value")
        yield say.say(entity, "name", coded[1] if coded else written)
        if coded:
            yield say.say(entity, "identifier", f"mitre:{coded[2]}")
        if kind == "country":
            tally["facts about countries (reference data)"] += 1
            return
        text = text_of(cluster.get("description"))
        if text:
            described = Sentences(source, f"{place}/description")
            yield described.say(entity, "description", text)
            self._mentions.read(document, described, (entity, text))
        if source.marking == document.marking:
            # What a closed cluster calls a thing is found in no open text.
            self._learn(entity, (coded[1] if coded else written, cluster.get("meta")))
        meta = cluster.get("meta")
        if isinstance(meta, dict):
            yield from galaxy_meta.claims(source, f"{place}/meta", (entity, meta))
        yield from self._relate(document, (source, f"{place}/related"), (entity, cluster.get("related")))

    def _learn(self, entity: Entity, names: tuple[str, Any]) -> None:
        written, meta = names
        if entity.kind == "malware":
            self._mentions.learn(entity, written, main=True)
            for alias in texts(meta.get("synonyms")) if isinstance(meta, dict) else ():
                self._mentions.learn(entity, alias, main=False)

    def _relate(
        self, document: Document, where: tuple[Provenance, str], what: tuple[Entity, Any]
    ) -> Iterator[Item]:
        source, place = where
        entity, related = what
        for number, relation in enumerate(related if isinstance(related, list) else records(related)):
            if not isinstance(relation, dict):
                continue
            other, sort = text_of(relation.get("dest-uuid")).lower(), text_of(relation.get("type"))
            if sort == "revoked-by":
                yield Skipped("relation revoked-by")
                continue
            if not other:
                yield Rejected(f"{place}/{number}", "a relation to no uuid. Mend: write its dest-uuid")
                continue
            try:
                marking = narrowed(source.marking, relation, Counter())
            except NotValidError as error:
                yield Rejected(f"{place}/{number}/distribution", error.advice)
                continue
            grading = galaxy_meta.likelihood(texts(relation.get("tags")), source.grading)
            graded = replace(source, marking=marking, grading=grading or source.grading)
            say = Sentences(graded, f"{place}/{number}", None, Nature.ASSESSMENT)
            self._relations.append(Relation(document, say, entity, sort, other))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Relations whose other end is in some file, and malware that descriptions of actors name."""
        yield from self._mentions.found()
        lost: dict[str, tuple[Document, int]] = {}
        for relation in self._relations:
            other = self._entities.get(relation.other) if relation.other not in self._ambiguous else None
            if other is None:
                document, count = lost.get(relation.document.path, (relation.document, 0))
                lost[relation.document.path] = (document, count + 1)
            elif relation.name in REVERSED:
                yield (
                    relation.document,
                    self._strict(relation).say(other, REVERSED[relation.name], relation.subject),
                )
            elif other != relation.subject:
                name = RELATIONS.get(relation.name, "related-to")
                yield relation.document, self._strict(relation).say(relation.subject, name, other)
            else:
                yield relation.document, Skipped("relation between two clusters of one name")
        for document, count in lost.values():
            yield (
                document,
                Skipped("relation to a cluster in none of the files (attack patterns and the like)", count),
            )
        self._relations.clear()

    def _strict(self, relation: Relation) -> Sentences:
        """How a relation is said: as closed as the cluster at its other end at least."""
        say = relation.say
        marking = say.provenance.marking
        joined = marking.join(self._marks.get(relation.other, marking))
        return Sentences(replace(say.provenance, marking=joined), say.place, say.observed, say.nature)


def kind_of(sort: str, category: str) -> str:
    """The vocabulary's kind for a galaxy's type and category; empty where it holds no actors or things."""
    if sort in KINDS:
        return KINDS[sort]
    return "" if NOT_ENTITIES.search(sort) else CATEGORIES.get(category.lower(), "")


def _publisher(sort: str, source: str) -> str:
    for start, publisher in PUBLISHERS.items():
        if sort.startswith(start):
            return publisher
    return source or "MISP galaxy"
