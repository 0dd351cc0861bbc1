"""Relationships → links of the vocabulary. Source: STIX 2.1 appendix B (relationship summary)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect.base import Item, Rejected, Sentences, Skipped
from chokepoint.collect.formats import meanings
from chokepoint.model.claim import Nature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

MOST_PAIRS = 10_000
LINKS = meanings("stix-links")
REVERSED = meanings("stix-reversed")
LEFT_OUT = frozenset(
    {"revoked-by", "based-on", "mitigates", "remediates", "investigates", "subtechnique-of", "detects"}
)
_JUDGED = frozenset({"attributed-to", "located-in", "targets", "impersonates", "similar-to", "variant-of"})


def link(say: Sentences, ends: tuple[list[Entity], str, list[Entity]], *, named: str = "") -> Iterator[Item]:
    """The claims of one relationship between what its two ends stand for.

    Args:
        say: with provenance, interval and nature.
        ends: what the source stands for, the type of the relationship, what the target stands for.
        named: the property of the vocabulary, where the relationship itself says it.
    """
    sources, sort, targets = ends
    if len(sources) * len(targets) > MOST_PAIRS:
        yield Rejected(
            say.place, f"{len(sources)} × {len(targets)} identifiers in one relationship. Mend: split it"
        )
        return
    name = named or LINKS.get(sort) or REVERSED.get(sort) or "related-to"
    nature = Nature.ASSESSMENT if name in _JUDGED and not named else say.nature
    judged = Sentences(say.provenance, say.place, say.observed, nature)
    said = False
    for left in sources:
        for right in targets:
            if left != right:
                said = True
                pair = (right, left) if sort in REVERSED and not named else (left, right)
                yield judged.say(pair[0], name, pair[1])
    if not said:
        yield Skipped("relationship between two objects of one name")
