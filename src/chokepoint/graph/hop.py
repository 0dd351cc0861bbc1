"""One step of a path, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.columns import UNKNOWN

if TYPE_CHECKING:
    from chokepoint.graph.snapshot import Snapshot

SAME_AS = "same-as"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of a path.

    Attributes:
        source, target: node indices in walking order.
        property: of the vocabulary, or `same-as` for an identity judgement.
        statement: number of the statement, -1 for an identity judgement.
        forward: whether the source is the statement's subject.
        belief: that the statement, or the identity, is true.
        first, last: days observed, half-open, `columns.UNKNOWN` where unknown.
        origins: numbers of the root publishers, ascending.
        reason: of the identity judgement, else empty.
    """

    source: int
    target: int
    property: str
    statement: int
    forward: bool
    belief: float
    first: int
    last: int
    origins: tuple[int, ...]
    reason: str = ""


def make_hop(snapshot: Snapshot, edge: int, ends: tuple[int, int]) -> Hop:
    """The hop along an edge between its ends in walking order."""
    said = len(snapshot.subject)
    source, target = ends
    if edge >= said:
        bond = edge - said
        return Hop(
            source=source, target=target, property=SAME_AS, statement=-1, origins=(),
            forward=int(snapshot.bond_left[bond]) == source, belief=float(snapshot.bond_belief[bond]),
            first=UNKNOWN, last=UNKNOWN, reason=snapshot.bond_reason[bond],
        )  # fmt: skip
    return Hop(
        source=source, target=target, property=snapshot.property_names[snapshot.relation[edge]],
        statement=edge, forward=int(snapshot.subject[edge]) == source, belief=float(snapshot.belief[edge]),
        first=int(snapshot.first[edge]), last=int(snapshot.last[edge]),
        origins=tuple(np.unique(snapshot.claim_origin[snapshot.claims(edge)]).tolist()),
    )  # fmt: skip
