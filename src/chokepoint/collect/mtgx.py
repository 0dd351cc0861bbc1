"""Maltego graphs: our own exports come back claim for claim, graphs that people drew as entities and links.

Of an export, belief, verdict, votes and contributor are the sender's word on its claims and no claims: they
are skipped by a named rule. What a person added to it in Maltego is read as a graph that they drew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.mapping import entity_of
from chokepoint.collect.origins import provenance
from chokepoint.collect.said import UNNAMED, claim_said, exact, is_withheld
from chokepoint.model.errors import BadInputError, NotValidError
from chokepoint.values.mtgx import (
    CLAIM,
    KIND,
    VALUE,
    MtgxEntity,
    MtgxLink,
    is_mtgx,
    kind_of,
    read_mtgx,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chokepoint.model.identity import Entity

LABELS = ("maltego.link.manual.type", "maltego.link.label", "maltego.link.transform.display-name")


class Mtgx:
    """Collector of Maltego graphs."""

    name = "maltego"

    def recognises(self, document: Document) -> bool:
        """A zip with a graph in the folder where Maltego keeps it."""
        return is_mtgx(document.data)

    def read(self, document: Document) -> Iterator[Item]:
        """The claims of an export as they were, then what people drew, at `entity N` and `link N`."""
        entities, links = read_mtgx(document.data)
        if not entities:
            raise BadInputError("a Maltego graph without entities", mend="save the graph again in Maltego")
        for place, properties in _placed(entities, links):
            for name, value in properties:
                if name == CLAIM:
                    yield from claim_said(document, place, value.encode("utf-8", "surrogatepass"))
        yield from with_derived(_Drawn(document, entities, links).items())

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _placed(
    entities: Sequence[MtgxEntity], links: Sequence[MtgxLink]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for number, link in enumerate(links, 1):
        yield f"link {number}", link.properties
    for number, entity in enumerate(entities, 1):
        yield f"entity {number}", entity.properties


class _Node(NamedTuple):
    """An entity of the graph: what it is, if anything, and whether an export put it there unchanged."""

    entity: Entity | None
    ours: bool


class _Drawn:
    """What people drew: everything in a graph that is no claim of an export."""

    def __init__(self, document: Document, entities: Sequence[MtgxEntity], links: Sequence[MtgxLink]) -> None:
        self._document = document
        self._source = provenance(document)
        self._entities = entities
        self._links = links
        self._nodes: dict[str, _Node] = {}
        self._named: set[Entity] = set()

    def items(self) -> Iterator[Item]:
        """Entities with their properties and notes, then links, then who stands alone."""
        for number, node in enumerate(self._entities, 1):
            yield from self._node(node, Sentences(self._source, f"entity {number}"))
        for number, link in enumerate(self._links, 1):
            if all(name != CLAIM for name, _ in link.properties):
                yield from self._link(link, Sentences(self._source, f"link {number}"))
        for number, node in enumerate(self._entities, 1):
            found = self._nodes[node.id]
            if found.entity is not None and not found.ours and found.entity not in self._named:
                self._named.add(found.entity)
                say = Sentences(self._source, f"entity {number}")
                yield say.say(found.entity, "mentioned-in", self._document.name)

    def _node(self, node: MtgxEntity, say: Sentences) -> Iterator[Item]:
        given = dict(node.properties)
        ours = bool(given.get(KIND) and given.get(VALUE))
        value = node.properties[0][1].strip() if node.properties else ""
        if ours:
            value = given.get(_main(given), given[VALUE])
        kept = ours and value == given[VALUE]
        kind = given[KIND] if ours else kind_of(node.type)
        entity = (_exactly(kind, value) if kept else None) or entity_of(value, kind)
        if node.id in self._nodes:
            yield Rejected(
                say.place, f"a second entity {node.id[:80]!r}. Mend: save the graph again in Maltego"
            )
            return
        self._nodes[node.id] = _Node(entity, kept)
        if entity is None and ours and is_withheld(kind, value):
            yield UNNAMED
        elif entity is None:
            what = kind.partition(":")[0] or "identifier that we know"
            yield Rejected(
                say.place,
                f"{value[:80]!r} ({node.type[:80]}) is no {what}. Mend: give it one of Maltego's own types",
            )
        elif kept:
            yield Skipped("entity that the claims of the export name")
        elif ours:
            yield Rejected(
                say.place,
                f"changed by hand from {given[VALUE][:80]!r} to {value[:80]!r}: read as new, "
                "its claims still speak of the old. Mend: add the other as an entity of its own",
            )
        if entity is not None:
            yield from self._properties(node, entity, say)

    def _properties(self, node: MtgxEntity, entity: Entity, say: Sentences) -> Iterator[Item]:
        known = {entity.value, node.properties[0][1] if node.properties else ""}
        for name, value in node.properties:
            if name in {CLAIM, KIND, VALUE} or value in known or not value.strip():
                continue
            self._named.add(entity)
            yield say.say(entity, "attribute", f"{name}: {value.strip()}")
        if node.notes.strip():
            self._named.add(entity)
            yield say.say(entity, "observation", node.notes.strip())

    def _link(self, link: MtgxLink, say: Sentences) -> Iterator[Item]:
        ends = [self._nodes.get(end) for end in (link.source, link.target)]
        subject, thing = (end.entity if end else None for end in ends)
        if None in ends:
            yield Rejected(
                say.place, "it joins an entity that is not there. Mend: save the graph again in Maltego"
            )
            return
        if subject is None or thing is None:
            yield Skipped("link to an entity that could not be taken")
            return
        if subject == thing:
            yield Skipped("link of an entity with itself")
            return
        self._named |= {subject, thing}
        yield say.say(subject, "related-to", thing)
        given = dict(link.properties)
        label = next((given[name].strip() for name in LABELS if given.get(name, "").strip()), "")
        about = given.get("maltego.link.manual.description", "").strip()
        told = ": ".join(filter(None, (label, about)))
        if told:
            yield say.say(subject, "attribute", f"link to {thing}: {told}")
        unread = sum(
            1 for name, value in link.properties if value.strip() and value.strip() not in {label, about}
        )
        if unread:
            yield Skipped("setting of a Maltego link", unread)


def _main(given: dict[str, str]) -> str:
    """The name of the property that Maltego shows and edits."""
    try:
        return type_of(given[KIND], given[VALUE]).main
    except NotValidError:
        return VALUE


def _exactly(kind: str, value: str) -> Entity | None:
    try:
        return exact(kind, value)
    except NotValidError:
        return None
