"""GraphSense TagPacks: attribution tags of crypto addresses; each tag inherits what the head says.

Source: https://github.com/graphsense/graphsense-tagpack-tool (README, "TagPack structure").
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.actorpack import actor_kind
from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.derive import with_derived
from chokepoint.collect.gradings import tagpack_grading
from chokepoint.collect.origins import origin_of, provenance
from chokepoint.collect.shapes import kept, misfits
from chokepoint.collect.taking import named, other_coin, take, text_of, texts, until
from chokepoint.collect.tree import peek_records, read_records
from chokepoint.model.identity import Entity
from chokepoint.values.names import squash
from chokepoint.values.registry import detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.shapes import Shape
    from chokepoint.model.claim import Claim, Provenance

OFAC_NAME = "US Treasury OFAC"
OFAC = Entity("organisation", OFAC_NAME.lower())
NOT_A_SERVICE = frozenset({"user", "donation"})
EVENTS = frozenset({"service_hack", "hack"})
TAG: dict[str, Shape] = dict.fromkeys(
    (
        "address",
        "tx_hash",
        "currency",
        "network",
        "asset",
        "label",
        "actor",
        "source",
        "lastmod",
        "confidence",
    ),
    "text",
)
TAG |= dict.fromkeys(("abuse", "category", "concepts"), "texts")
_KNOWN = TAG.keys() | {
    "is_cluster_definer",
    "title",
    "creator",
    "description",
    "is_public",
    "tag_type",
    "tags",
}
_COINS = ("currency", "asset", "network")
_two_names = re.compile(r"([^()]{2,80}?)\s*\(([^()]{2,80})\)").fullmatch


class Tag(NamedTuple):
    """A tag with what it inherits, as it is worked on."""

    say: Sentences
    wallet: Entity
    content: dict[str, Any]
    concepts: frozenset[str]

    def text(self, key: str) -> str:
        """The field as text."""
        return text_of(self.content.get(key))


class TagPack:
    """Collector of TagPacks; tags of actors whose pack comes later in the run wait for it."""

    name = "tagpack"

    def __init__(self, actors: dict[str, Entity] | None = None) -> None:
        self._actors = actors if actors is not None else {}
        self._waiting: list[tuple[Document, Tag]] = []
        self._provenance: dict[tuple[str, str, str], Provenance] = {}
        self._shown: set[tuple[str, str]] = set()

    def recognises(self, document: Document) -> bool:
        """A YAML list `tags` half of whose records, or more, have an address or a transaction."""
        peeked = peek_records(document.head, "tags")
        fitting = sum(isinstance(one, dict) and bool({"address", "tx_hash"} & set(one)) for _, one in peeked)
        return fitting * 2 >= len(peeked) > 0

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each tag."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        found = read_records(document.data, "tags")
        yield from found.defects
        yield from misfits("line 1", found.head, TAG)
        tally: Counter[str] = Counter()
        for record in found.items:
            place = record.place
            if isinstance(record.value, dict):
                yield from misfits(place, record.value, TAG)
                yield from self._tag(document, place, ({**found.head, **record.value}, tally))
            else:
                yield Rejected(place, "no tag but a single value. Mend: write address and currency")
        if found.head:
            yield Skipped("head of the pack (inherited by its records)", len(found.head))
        for rule, count in tally.items():
            yield Skipped(rule, count)

    def _tag(self, document: Document, place: str, at: tuple[dict[str, Any], Counter[str]]) -> Iterator[Item]:
        content, tally = at
        written = text_of(content.get("address"))
        if not written and text_of(content.get("tx_hash")):
            wallet = take("crypto-transaction", text_of(content["tx_hash"]), place)
        else:
            wallet = take("crypto-address", written, place)
        if isinstance(wallet, Rejected):
            coin = text_of(content.get("currency")) or "coin not named"
            yield Rejected(place, f"{coin}: {wallet.reason}")
            return
        if "is_cluster_definer" in content:
            tally["flag is_cluster_definer (says how GraphSense spreads a tag)"] += 1
        say = Sentences(self._source(document, content), place, until(text_of(content.get("lastmod"))))
        words = {
            *texts(content.get("category")),
            *texts(content.get("abuse")),
            *texts(content.get("concepts")),
        }
        tag = Tag(say, wallet, content, frozenset(words))
        if tag.text("actor") and tag.text("actor") not in self._actors:
            self._waiting.append((document, tag))
        else:
            yield from self._who(tag)
        yield from _what(tag, written)

    def _source(self, document: Document, content: dict[str, Any]) -> Provenance:
        source, confidence = text_of(content.get("source")), text_of(content.get("confidence"))
        key = (document.sha256, source, confidence)
        if key not in self._provenance:
            grading = tagpack_grading(confidence)
            self._provenance[key] = provenance(
                document, origin=source or text_of(content.get("creator")), grading=grading
            )
        return self._provenance[key]

    def _who(self, tag: Tag) -> Iterator[Item]:
        number, label = tag.text("actor"), tag.text("label")
        if number:
            actor = self._actors.get(number) or _by_id(tag, (number, label))
            if actor is None:
                yield Rejected(tag.say.place, f"the actor {number[:80]!r} names nothing. Mend: write its id")
                return
            yield tag.say.say(tag.wallet, "controlled-by", actor, label)
            own = named(actor.kind, label) if label else None
            if own and squash(own.value) not in {squash(actor.value), squash(number)}:
                yield tag.say.say(tag.wallet, "name", label)
        elif label:
            for claim in _labelled(tag, label):
                if (
                    claim.subject is tag.wallet
                    or not isinstance(claim.object, str)
                    or self._first_time(claim)
                ):
                    yield claim

    def _first_time(self, claim: Claim) -> bool:
        """Whether the name of a thing (not of an address) is new in its document."""
        key = (claim.provenance.capture, f"{claim.subject} {claim.object}")
        new = key not in self._shown
        self._shown.add(key)
        return new

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Tags whose actor the run has met only later, or not at all: then the id is its name."""
        for document, tag in self._waiting:
            for item in self._who(tag):
                yield document, item
        self._waiting.clear()


def _by_id(tag: Tag, names: tuple[str, str]) -> Entity | None:
    """An actor that no pack describes: its label where that is the id in other words, else the id."""
    number, label = names
    kind = actor_kind(tag.concepts - NOT_A_SERVICE)
    by_label, by_id = named(kind, label) if label else None, named(kind, number)
    if by_label and by_id and squash(by_label.value) == squash(by_id.value):
        return by_label
    return by_id


def _what(tag: Tag, written: str) -> Iterator[Item]:
    """What is said of the address itself, whoever is behind it."""
    claim = partial(tag.say.say, tag.wallet)
    for word in dict.fromkeys(
        [
            *texts(tag.content.get("abuse")),
            *texts(tag.content.get("category")),
            *texts(tag.content.get("concepts")),
        ]
    ):
        yield claim("category", word, written if written != tag.wallet.value else "")
    if "sanction" in tag.concepts or origin_of(tag.text("source")) == OFAC_NAME:
        yield claim("sanctioned-by", OFAC)
    for code in dict.fromkeys(tag.text(key) for key in _COINS):
        yield from other_coin(tag.say, tag.wallet, code)
    for key, value in tag.content.items():
        if key not in _KNOWN:
            yield from kept(tag.say, tag.wallet, (key, value))


def _labelled(tag: Tag, label: str) -> Iterator[Claim]:
    """What a label without an actor names: malware, a site, a service, a campaign, or only the address."""
    say, wallet = tag.say, tag.wallet
    if "ransomware" in tag.concepts:
        yield from _family(tag, label)
        return
    abuse = tag.text("abuse")
    site = detect(label) if abuse else None
    if site and site.kind in {"domain-name", "url", "onion-service"}:
        yield say.say(site, "requests-payment-to", wallet, label if label != site.value else "")
        return
    kind, link = _kind_of_label(tag, abuse)
    thing = named(kind, label) if kind else None
    if thing:
        yield say.say(wallet, link, thing, label)
        if label != thing.value:
            yield say.say(thing, "name", label)
    else:
        sanctioned = origin_of(tag.text("source")) == OFAC_NAME
        yield say.say(wallet, "category" if sanctioned else "name", label)


def _kind_of_label(tag: Tag, abuse: str) -> tuple[str, str]:
    if abuse and abuse != "sanction":
        return ("event" if abuse in EVENTS else "campaign"), "attributed-to"
    businesses = tag.concepts - NOT_A_SERVICE - {"sanction"}
    return (actor_kind(businesses), "controlled-by") if businesses else ("", "")


def _family(tag: Tag, label: str) -> Iterator[Claim]:
    """A ransomware family, written as `Name` or `Name (Other name)`."""
    found = _two_names(label)
    family = named("malware", found[1] if found else label)
    if family is None:
        yield tag.say.say(tag.wallet, "name", label)
        return
    yield tag.say.say(tag.wallet, "attributed-to", family, label)
    if found:
        yield tag.say.say(family, "alias", found[2])
