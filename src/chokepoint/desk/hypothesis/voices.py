"""Whose rating of an item of evidence is a voice of its own, as whose vote on it would be.

Organisations that are tied share one voice. Who may not vet the item has none where somebody who may has
rated it; where nobody else has yet, it is heard, for there is nothing better.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.desk.vetting.rules import ties_now
from chokepoint.desk.vetting.standing import Columns, sentence
from chokepoint.store import judged
from chokepoint.store.interning import Space
from chokepoint.vet.ballots import barred_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader
    from chokepoint.vet.ties import Ties


class Voices(NamedTuple):
    """Who may not vet which item, and who is tied to whom.

    Attributes:
        numbers: of organisations. ties: between them.
        barred: (record id of an item, organisation) pairs.
    """

    numbers: Mapping[str, int]
    ties: Ties
    barred: frozenset[tuple[str, str]]

    def shares(self, item: str, raters: Sequence[str]) -> list[Fraction]:
        """The share of a voice that each of those who rated an item against a hypothesis has, in order."""
        heard = [name for name in raters if (item, name) not in self.barred] or list(raters)
        label = self._groups(heard)
        sizes = Counter(label.values())
        return [Fraction(1, sizes[label[name]]) if name in label else Fraction(0) for name in raters]

    def _groups(self, names: Iterable[str]) -> dict[str, int]:
        """Those who are tied, to each other or through others among these, under one number."""
        label = {name: number for number, name in enumerate(names)}
        for one, other in combinations(list(label), 2):
            if self.ties.tied(self.numbers[one], self.numbers[other]):
                joined = {label[one], label[other]}
                label = {name: min(joined) if at in joined else at for name, at in label.items()}
        return label


def voices(
    reader: Reader, connection: Connection, items: Sequence[StoredClaim], raters: Iterable[str]
) -> Voices:
    """Whose word on these items is whose.

    Args:
        reader: of the viewer.
        connection: of the same reading as the items.
        items: claims.
        raters: all who rated any of them.
    """
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    names = reader.names(connection, Space.ORIGIN)
    ties = ties_now(reader, connection, names)
    who = sorted(set(raters) & numbers.keys())
    mates = list(reader.claims(connection, judged.mates(reader, connection, [one.seq for one in items])))
    said = {stated: number for number, stated in enumerate(dict.fromkeys(map(sentence, mates)))}
    pairs = [(one.id, name) for one in items for name in who]
    statement = np.array([said[sentence(one)] for one in items for _ in who], np.int64)
    organisation = np.array([numbers[name] for _ in items for name in who], np.int64)
    of_claim = np.array([said[sentence(one)] for one in mates], np.int64)
    columns = _columns(mates, {name: number for number, name in names.items()}, numbers)
    barred = barred_from(statement, organisation, columns, (of_claim, ties))
    return Voices(numbers, ties, frozenset(pair for pair, is_ in zip(pairs, barred, strict=True) if is_))


def _columns(
    claims: Sequence[StoredClaim], origins: Mapping[str, int], numbers: Mapping[str, int]
) -> Columns:
    none = np.zeros(len(claims), np.int8)
    return Columns(
        seq=np.array([one.seq for one in claims], np.int64),
        origin=np.array([origins[one.claim.provenance.origin] for one in claims], np.int32),
        reliability=none,
        credibility=none,
        owner=np.array([numbers[one.contributor] for one in claims], np.int32),
    )
