"""Identity as a map shows it: the node that stands for each cluster, and the pairs held to be one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.statements import places
from chokepoint.link.cluster import clusters

if TYPE_CHECKING:
    from chokepoint.graph.columns import Floats, Ints, Longs, SameRows
    from chokepoint.link.cluster import Clusters

LEAST_SAME = 0.5
"""Belief below which "same" does not join two entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """Clusters over N nodes and their I bonds, the strongest first.

    Attributes:
        cluster: int32 (N,), index of the canonical node.
        left, right: int32 (I,), node indices.
        belief: float32 (I,).
        reason: what each rests on, in words.
    """

    cluster: Ints
    left: Ints
    right: Ints
    belief: Floats
    reason: tuple[str, ...]


def bind(same: SameRows, eid: Longs, *, least: float = LEAST_SAME) -> Bonds:
    """Clusters and bonds among the entities `eid`, ascending, by judgements that may name others too.

    A cluster whose own head is none of them is stood for by the first of them.
    """
    identity = clusters(same, least=least)
    left = places(eid, np.array([bond.left for bond in identity.bonds], np.int64))
    right = places(eid, np.array([bond.right for bond in identity.bonds], np.int64))
    seen = (left >= 0) & (right >= 0)
    kept = list(compress(identity.bonds, seen.tolist()))
    return Bonds(
        cluster=_heads(eid, identity),
        left=left[seen].astype(np.int32),
        right=right[seen].astype(np.int32),
        belief=np.clip(np.array([bond.belief for bond in kept], np.float32), 0.001, 0.999),
        reason=tuple(same.reason[bond.row] for bond in kept),
    )


def _heads(eid: Longs, identity: Clusters) -> Ints:
    cluster = np.arange(len(eid), dtype=np.int32)
    members = sorted(identity.canonical)
    first: dict[int, int] = {}
    for member, node in zip(members, places(eid, np.array(members, np.int64)).tolist(), strict=True):
        if node >= 0:
            cluster[node] = first.setdefault(identity.canonical[member], node)
    return cluster
