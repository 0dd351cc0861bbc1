"""What follows from a value alone, said once a document at the place where the value first stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.collect.base import Skipped
from chokepoint.model.claim import Claim, Nature
from chokepoint.model.identity import Entity
from chokepoint.values.registry import derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.collect.base import Item

LONGEST_TEXT = 4_000
"""Characters of the longest text in a claim; the whole text stands in the capture."""

_CUT = Skipped(f"text after its first {LONGEST_TEXT:,} characters (the capture holds all)")
_SPEAKING = frozenset({"url", "domain-name", "email-addr"})


def with_derived(items: Iterable[Item]) -> Iterator[Item]:
    """The items of one document, each followed by the links that its entities imply.

    A web address and a mailbox lie at their host, a host below its registered domain. Each is said once
    a document, and not again where the document's own claim is the link.
    Texts longer than `LONGEST_TEXT` are cut, and the cut is reported as skipped.
    """
    seen: set[Entity] = set()
    for item in items:
        if item.__class__ is not Claim:
            yield item
            continue
        thing = item.object
        if thing.__class__ is Entity:
            yield item
            if thing[0] in _SPEAKING and thing not in seen:
                yield from _implied(thing, item, seen)
        elif len(thing) > LONGEST_TEXT:
            yield replace(item, object=str(thing)[:LONGEST_TEXT] + "…")
            yield _CUT
        else:
            yield item
        subject = item.subject
        if subject[0] in _SPEAKING and subject not in seen:
            if item.property == "hosted-at":
                seen.add(subject)
            else:
                yield from _implied(subject, item, seen)


def _implied(entity: Entity, said: Claim, seen: set[Entity]) -> Iterator[Claim]:
    seen.add(entity)
    for name, other in derived(entity):
        yield Claim(entity, name, other, said.place, said.provenance, None, Nature.FACT)
        if other.kind in _SPEAKING and other not in seen:
            yield from _implied(other, said, seen)
