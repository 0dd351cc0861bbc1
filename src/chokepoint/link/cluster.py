"""Identity clusters from reversible judgements: connected by "same", cut by "different".

Nothing is merged for good: the clusters are computed from the judgements that stand, so that
withdrawing one gives back exactly what was there before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Longs = NDArray[np.int64]

LEAST = 0.5


class Judgements(Protocol):
    """Identity judgements in ledger order, one row a judgement."""

    @property
    def left(self) -> Longs:
        """Entity numbers."""

    @property
    def right(self) -> Longs:
        """Entity numbers."""

    @property
    def sameness(self) -> NDArray[np.int8]:
        """1 same, -1 different, 0 unsure."""

    @property
    def organisation(self) -> NDArray[np.int32]:
        """Who judged."""

    @property
    def belief(self) -> NDArray[np.float32]:
        """Probability that the two are one."""

    @property
    def reason(self) -> Sequence[str]:
        """Why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """A pair of entities that the standing judgements speak of.

    Attributes:
        left, right: entity numbers, left < right.
        belief: highest belief among those that say "same".
        row: the judgement with that belief.
    """

    left: int
    right: int
    belief: float
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Which entities are one, as the standing judgements have it.

    Attributes:
        canonical: entity → smallest number of its cluster; entities alone are left out.
        bonds: the accepted pairs inside clusters, strongest first.
        blocked: pairs said to be the same that some "different" keeps apart.
    """

    canonical: dict[int, int]
    bonds: tuple[Bond, ...]
    blocked: tuple[Bond, ...]

    def of(self, entities: Longs) -> Longs:
        """The canonical number of each entity, int64, itself where it stands alone."""
        if not self.canonical:
            return entities.copy()
        member = np.fromiter(sorted(self.canonical), np.int64, len(self.canonical))
        head = np.array([self.canonical[int(m)] for m in member], np.int64)
        at = np.minimum(np.searchsorted(member, entities), len(member) - 1)
        return np.where(member[at] == entities, head[at], entities)


def clusters(same: Judgements, *, least: float = LEAST) -> Clusters:
    """Cluster entities by the newest judgement of each organisation on each pair.

    "Different" by anybody cuts the pair. Accepted pairs are joined strongest first; a union that
    would bring two entities together that somebody calls different is left out.

    Args:
        same: all visible judgements.
        least: belief below which "same" does not join.
    """
    bonds, cuts = _standing(same, least)
    union = _Union(cuts)
    joined: list[Bond] = []
    blocked: list[Bond] = []
    for bond in sorted(bonds, key=lambda b: (-b.belief, b.left, b.right)):
        (joined if union.join(bond.left, bond.right) else blocked).append(bond)
    return Clusters(canonical=union.canonical(), bonds=tuple(joined), blocked=tuple(blocked))


def _standing(same: Judgements, least: float) -> tuple[list[Bond], set[tuple[int, int]]]:
    newest: dict[tuple[int, int, int], int] = {}
    for row, (a, b, who) in enumerate(
        zip(same.left.tolist(), same.right.tolist(), same.organisation.tolist(), strict=True)
    ):
        newest[min(a, b), max(a, b), who] = row
    best: dict[tuple[int, int], int] = {}
    cuts: set[tuple[int, int]] = set()
    for (a, b, _), row in newest.items():
        word = int(same.sameness[row])
        if word < 0 and a != b:
            cuts.add((a, b))
        elif word > 0 and a != b and same.belief[row] >= least:
            held = best.get((a, b))
            if held is None or (same.belief[row], row) > (same.belief[held], held):
                best[a, b] = row
    bonds = [Bond(left=a, right=b, belief=float(same.belief[row]), row=row) for (a, b), row in best.items()]
    return bonds, cuts


class _Union:
    """Union-find whose roots are the smallest members, with pairs that must stay apart."""

    def __init__(self, cuts: set[tuple[int, int]]) -> None:
        self.parent: dict[int, int] = {}
        self.apart: dict[int, set[int]] = {}
        for a, b in cuts:
            self.apart.setdefault(a, set()).add(b)
            self.apart.setdefault(b, set()).add(a)

    def root(self, entity: int) -> int:
        """The head of its cluster, halving the path on the way."""
        parent = self.parent
        parent.setdefault(entity, entity)
        while parent[entity] != entity:
            parent[entity] = parent[parent[entity]]
            entity = parent[entity]
        return entity

    def join(self, left: int, right: int) -> bool:
        """Unite two clusters unless somebody calls members of them different."""
        head, other = sorted((self.root(left), self.root(right)))
        if head == other:
            return True
        enemies = self.apart.get(other, set())
        if head in {self.root(enemy) for enemy in enemies} or other in {
            self.root(enemy) for enemy in self.apart.get(head, set())
        }:
            return False
        self.parent[other] = head
        if enemies:
            self.apart[head] = self.apart.get(head, set()) | enemies
        return True

    def canonical(self) -> dict[int, int]:
        """Members of clusters of two or more → their head."""
        heads = {entity: self.root(entity) for entity in list(self.parent)}
        size: dict[int, int] = {}
        for head in heads.values():
            size[head] = size.get(head, 0) + 1
        return {entity: head for entity, head in heads.items() if size[head] > 1}
