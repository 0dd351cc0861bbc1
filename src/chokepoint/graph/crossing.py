"""What no single source showed: named things tied by evidence that only several origins together hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import exp, log, prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.graph.caution import Warn, cautions
from chokepoint.graph.frontier import ACCEPTED, PROPOSED_OR_ACCEPTED, SPECIFICITY
from chokepoint.graph.hop import Hop, make_hop
from chokepoint.graph.traits import BARRED, SPLIT
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from chokepoint.graph.columns import Bools
    from chokepoint.graph.snapshot import Snapshot

NAMED = frozenset({"group", "campaign", "malware", "organisation", "person", "persona", "service"})
SITES = frozenset({"domain-name", "url", "onion-service"})
MOST_BEARERS = 30
"""An identifier tied to more named things than this tells nothing about any two of them."""
DOUBT = 0.5
"""Weight of a tie whose two sides may lie in different hands (code `time`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Two named things or sites tied by identifiers, each tie needing at least two origins.

    Attributes:
        left, right: node indices (canonical ones of their identity clusters), left < right.
        bridges: the identifiers between them, strongest first.
        hops: of the strongest tie, from the left to the right.
        belief: that at least one tie is wholly true.
        origins: root publishers needed for the strongest tie, ascending.
        warnings: on the strongest tie.
        score: of all ties together; ranks crossings.
    """

    left: int
    right: int
    bridges: tuple[int, ...]
    hops: tuple[Hop, Hop]
    belief: float
    origins: tuple[int, ...]
    warnings: tuple[Warn, ...]
    score: float


class _Tie(NamedTuple):
    score: float
    belief: float
    bridge: int
    statements: tuple[int, int]


class _Side(NamedTuple):
    head: int
    statement: int
    named: bool


def crossings(snapshot: Snapshot, *, limit: int = 50, accepted_only: bool = False) -> list[Crossing]:
    """The strongest crossings, best first.

    Two things are tied by an identifier when each has a statement with it and no origin made both.
    Pairs that a single origin ties by any identifier, that a statement links directly, or that are
    one by identity, are left out; so are hubs, shared and known-good infrastructure, and
    identifiers that lived twice. At least one of the two is an actor, campaign or malware.

    Args:
        snapshot: of the viewer.
        limit: most crossings returned.
        accepted_only: whether to use accepted statements alone.
    """
    ties: dict[tuple[int, int], list[_Tie]] = defaultdict(list)
    told: set[tuple[int, int]] = _linked(snapshot)
    for bridge, sides in _sides(snapshot, ACCEPTED if accepted_only else PROPOSED_OR_ACCEPTED).items():
        for one, two in combinations(sides, 2):
            if one.head == two.head or not (one.named or two.named):
                continue
            pair = (min(one.head, two.head), max(one.head, two.head))
            first, second = (one, two) if one.head < two.head else (two, one)
            if _origins(snapshot, one.statement) & _origins(snapshot, two.statement):
                told.add(pair)
            else:
                ties[pair].append(_tie(snapshot, bridge, (first.statement, second.statement)))
    found = [_crossing(snapshot, pair, held) for pair, held in ties.items() if pair not in told]
    return sorted(found, key=lambda c: (-c.score, c.left, c.right))[:limit]


def _linked(snapshot: Snapshot) -> set[tuple[int, int]]:
    """Pairs of clusters that a statement between named things links directly."""
    named = _of_kinds(snapshot, NAMED)
    rows = np.flatnonzero(named[snapshot.subject] & named[snapshot.object])
    one, two = snapshot.cluster[snapshot.subject[rows]], snapshot.cluster[snapshot.object[rows]]
    return set(zip(np.minimum(one, two).tolist(), np.maximum(one, two).tolist(), strict=True))


def _of_kinds(snapshot: Snapshot, kinds: frozenset[str]) -> Bools:
    wanted = np.array([name in kinds for name in snapshot.kind_names] or [False])
    return np.asarray(wanted[snapshot.kind])


def _sides(snapshot: Snapshot, allowed: tuple[int, ...]) -> dict[int, list[_Side]]:
    """Bridging identifiers → what they tie, those with two to `MOST_BEARERS` different ones."""
    named, site = _of_kinds(snapshot, NAMED), _of_kinds(snapshot, SITES)
    known = vocabulary().kinds
    identifiers = frozenset(name for name in known if known[name].family == "identifier")
    bridging = _of_kinds(snapshot, identifiers) & ((snapshot.flags & (BARRED | SPLIT)) == 0)
    usable = np.isin(snapshot.verdict, allowed) & snapshot.joining[snapshot.relation]
    found: dict[int, list[_Side]] = defaultdict(list)
    for bridge, end in ((snapshot.object, snapshot.subject), (snapshot.subject, snapshot.object)):
        rows = np.flatnonzero(usable & bridging[bridge] & (named[end] | (site[end] & ~site[bridge])))
        sole = (snapshot.flags[end[rows]] & BARRED) == 0
        rows = rows[sole]
        heads = snapshot.cluster[end[rows]].tolist()
        for at, head, row, is_named in zip(
            bridge[rows].tolist(), heads, rows.tolist(), named[end[rows]].tolist(), strict=True
        ):
            found[at].append(_Side(head, row, is_named))
    return {
        bridge: sides
        for bridge, sides in found.items()
        if len({side.head for side in sides}) >= 2 and len(sides) <= MOST_BEARERS
    }


def _origins(snapshot: Snapshot, statement: int) -> set[int]:
    return set(snapshot.claim_origin[snapshot.claims(statement)].tolist())


def _tie(snapshot: Snapshot, bridge: int, statements: tuple[int, int]) -> _Tie:
    belief = float(snapshot.belief[statements[0]] * snapshot.belief[statements[1]])
    specific = exp(-SPECIFICITY * log(max(int(snapshot.degree[bridge]), 1)))
    return _Tie(belief * specific, belief, bridge, statements)


def _crossing(snapshot: Snapshot, pair: tuple[int, int], ties: list[_Tie]) -> Crossing:
    best_of: dict[int, _Tie] = {}
    for tie in sorted(ties, key=lambda t: (-t.score, t.bridge, t.statements)):
        best_of.setdefault(tie.bridge, tie)
    ranked = list(best_of.values())
    best = ranked[0]
    ends = [_other(snapshot, statement, best.bridge) for statement in best.statements]
    hops = (
        make_hop(snapshot, best.statements[0], (ends[0], best.bridge)),
        make_hop(snapshot, best.statements[1], (best.bridge, ends[1])),
    )
    warnings, _ = cautions(snapshot, hops, [(0, 0)])
    doubt = DOUBT if any(warning.code == "time" for warning in warnings) else 1.0
    return Crossing(
        left=pair[0], right=pair[1], bridges=tuple(tie.bridge for tie in ranked), hops=hops,
        belief=1.0 - prod(1.0 - tie.belief for tie in ranked),
        origins=tuple(sorted(set(hops[0].origins) | set(hops[1].origins))), warnings=warnings,
        score=doubt * (1.0 - prod(1.0 - tie.score for tie in ranked)),
    )  # fmt: skip


def _other(snapshot: Snapshot, statement: int, node: int) -> int:
    subject, thing = int(snapshot.subject[statement]), int(snapshot.object[statement])
    return thing if subject == node else subject
