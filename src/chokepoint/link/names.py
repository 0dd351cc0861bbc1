"""Proposals that two actors or things are one, from their names and aliases.

Each proposal is a table of features with the evidence on both sides and its weight in bits; the bits
add, and belief = 1 / (1 + 2^-(bits - PRIOR_BITS)). Weights are judgements: a name carries about two
bits a character up to a ceiling, a published alias a little less than the name itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import NotValidError
from chokepoint.values.names import generic, parse_name, squash

if TYPE_CHECKING:
    from collections.abc import Iterable

PRIOR_BITS = 7.0
SAME_FROM = 0.75
"""Belief from which two are proposed to be one; below, but from `UNSURE_FROM` on, "unsure"."""
UNSURE_FROM = 0.3
MOST_CLAIMANTS = 40
"""A name that more entities bear than this is no evidence at all."""

NAME_BITS, ALIAS_BITS, SHARED_ALIAS_BITS = (2.2, 13.0), (2.0, 11.0), (1.2, 6.0)
"""Bits a character, and ceiling: equal names; an alias that is the other's name; a common alias."""
SAME_NAME, OTHERS_NAME, COMMON_ALIAS = "same name", "alias is the other's name", "common alias"
"""What one of the features of each proposal is called: the one with the most bits."""
SAME_KIND_BITS, AMBIGUOUS_BITS, ANOTHER_ORIGIN_BITS = 1.0, -6.0, 1.0

FAMILIES = {
    "malware": "software",
    "tool": "software",
    "group": "group",
    "campaign": "campaign",
    "organisation": "organisation",
    "service": "organisation",
}
"""Kinds that may be one another. A group is never joined to malware that bears its name."""

_MARKS = re.compile(r" (?:s\d{4}|g\d{4}|c\d{4})$")
_TAILS = re.compile(
    r"(?: (?:ransomware|ransom|malware|trojan|backdoor|botnet|stealer|group|team|gang|apt|actor|family))+$"
)


class Name(NamedTuple):
    """An entity with its own name; the same entity may come with several."""

    eid: int
    kind: str
    name: str


class Alias(NamedTuple):
    """What an origin says an entity is also called."""

    eid: int
    alias: str
    origin: str


class Feature(NamedTuple):
    """One piece of evidence: its name, what was seen on both sides, and its weight in bits."""

    name: str
    left: str
    right: str
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """That two entities are one, or that nobody can tell.

    Attributes:
        left, right: entity numbers, left < right.
        sameness: 1 same, 0 unsure.
        belief: probability that they are one.
        features: the evidence.
    """

    left: int
    right: int
    sameness: int
    belief: float
    features: tuple[Feature, ...]

    @property
    def reason(self) -> str:
        """The evidence in one line for people."""
        return "; ".join(f"{f.name}: {f.left!r} and {f.right!r} ({f.bits:+.0f} bits)" for f in self.features)


def is_proposed(reason: str) -> bool:
    """Whether a reason is one of `Proposal.reason`, and not in the words of a person."""
    return reason.startswith((f"{SAME_NAME}: ", f"{OTHERS_NAME}: ", f"{COMMON_ALIAS}: "))


_JOINED_TAIL = re.compile(r"(?<=[a-z0-9]{4})(?:ransomware|malware|botnet|group|gang)$")


def key(name: str) -> str:
    """What of a name is compared: squashed, without catalogue numbers and words like "ransomware".

    Empty for what is too short or common to compare.

    >>> key("Lazarus Group"), key("lazarusgroup"), key("SamSam - S0370"), key("Loader")
    ('lazarus', 'lazarus', 'samsam', '')
    """
    try:
        value = parse_name(name)
    except NotValidError:
        return ""
    value = _MARKS.sub("", value)
    short = _TAILS.sub("", value)
    if not generic(short):
        bare = _JOINED_TAIL.sub("", squash(short))
        return squash(short) if generic(bare) else bare
    return "" if generic(value) else squash(value)


def propose(names: Iterable[Name], aliases: Iterable[Alias]) -> list[Proposal]:
    """Proposals among groups, malware and tools, campaigns, organisations and services.

    Generic and short names propose nothing. An alias that unrelated entities claim proposes "unsure".

    Args:
        names: entities with their names; other kinds are passed over.
        aliases: of those entities.
    """
    book = _Book(names, aliases)
    pairs: dict[tuple[int, int], list[Feature]] = defaultdict(list)
    for word, bearers in book.bearers.items():
        if len(bearers) <= MOST_CLAIMANTS:
            book.evidence(word, bearers, pairs)
    found = []
    for (left, right), features in sorted(pairs.items()):
        if book.kind[left] == book.kind[right]:
            features.append(Feature("same kind", book.kind[left], book.kind[right], SAME_KIND_BITS))
        belief = 1.0 / (1.0 + 2.0 ** (PRIOR_BITS - sum(f.bits for f in features)))
        if belief >= UNSURE_FROM:
            found.append(
                Proposal(
                    left=left,
                    right=right,
                    sameness=int(belief >= SAME_FROM),
                    belief=min(belief, 0.99),
                    features=tuple(sorted(features, key=lambda f: -f.bits)),
                )
            )
    return found


class _Book:
    """Who bears which name, as their own or as an alias, by compared form."""

    def __init__(self, names: Iterable[Name], aliases: Iterable[Alias]) -> None:
        self.kind: dict[int, str] = {}
        self.own: dict[int, dict[str, str]] = defaultdict(dict)
        self.also: dict[int, dict[str, str]] = defaultdict(dict)
        self.origins: dict[tuple[int, str], set[str]] = defaultdict(set)
        self.bearers: dict[tuple[str, str], set[int]] = defaultdict(set)
        for eid, kind, name in names:
            if kind in FAMILIES:
                self.kind[eid] = kind
                self._enter(self.own, eid, name)
        for eid, alias, origin in aliases:
            if eid in self.kind:
                word = self._enter(self.also, eid, alias)
                self.origins[eid, word].add(origin)

    def _enter(self, table: dict[int, dict[str, str]], eid: int, name: str) -> str:
        word = key(name)
        if word:
            table[eid].setdefault(word, name)
            self.bearers[FAMILIES[self.kind[eid]], word].add(eid)
        return word

    def evidence(
        self, family_word: tuple[str, str], bearers: set[int], pairs: dict[tuple[int, int], list[Feature]]
    ) -> None:
        """Add what one name says about each pair of its bearers."""
        word = family_word[1]
        owners = {eid for eid in bearers if word in self.own[eid]}
        doubtful = self._ambiguous(word, bearers - owners, owners)
        for left, right in combinations(sorted(bearers), 2):
            features = pairs[left, right]
            owning = (left in owners) + (right in owners)
            if owning == 2:
                features.append(self._feature(SAME_NAME, word, (left, right), NAME_BITS))
            elif owning == 1:
                features.append(self._feature(OTHERS_NAME, word, (left, right), ALIAS_BITS))
                features += self._confirmed(word, right if left in owners else left)
                if doubtful:
                    features.append(Feature("several unrelated claim this alias", word, word, AMBIGUOUS_BITS))
            elif not owners or not doubtful:
                features.append(self._feature(COMMON_ALIAS, word, (left, right), SHARED_ALIAS_BITS))

    def _feature(self, name: str, word: str, pair: tuple[int, int], weight: tuple[float, float]) -> Feature:
        each, most = weight
        seen = [self.own[eid].get(word) or self.also[eid][word] for eid in pair]
        return Feature(name, seen[0], seen[1], min(each * len(word), most))

    def _confirmed(self, word: str, claimant: int) -> list[Feature]:
        origins = sorted(self.origins[claimant, word])
        if len(origins) < 2:
            return []
        return [Feature("another origin gives the alias too", origins[0], origins[1], ANOTHER_ORIGIN_BITS)]

    def _ambiguous(self, word: str, claimants: set[int], owners: set[int]) -> bool:
        """Whether two claimants of an alias share no other name, so that it cannot be both of theirs."""
        return any(
            not (self._words(left) & self._words(right)) - {word}
            for left, right in combinations(sorted(claimants - owners), 2)
        )

    def _words(self, eid: int) -> set[str]:
        return set(self.own[eid]) | set(self.also[eid])
