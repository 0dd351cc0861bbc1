"""What is usual for each kind, as the degree above which a node is a hub, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.graph.columns import Bools, Ints, Longs, Masks, Shorts

HUB = 1 << 24
SPLIT = 1 << 25
SHARED_KIND = 1 << 26
LISTED = HUB - 1
BARRED = LISTED | HUB | SHARED_KIND
"""Nodes through which no path goes while there is another."""

ALWAYS_SHARED = frozenset({"country", "known-list", "autonomous-system"})

NORMAL_DEGREE = {
    "domain-name": 150,
    "url": 100,
    "ipv4-addr": 60,
    "ipv6-addr": 60,
    "x509-certificate": 60,
    "email-addr": 150,
    "phone-number": 60,
    "user-account": 150,
    "crypto-address": 400,
    "crypto-transaction": 400,
    "bank-account": 100,
    "payment-handle": 100,
    "file": 400,
    "onion-service": 100,
    "tracking-id": 150,
    "person": 500,
    "persona": 500,
    "organisation": 5_000,
    "group": 20_000,
    "campaign": 100_000,
    "malware": 20_000,
    "tool": 2_000,
    "service": 2_000,
}
"""Links a node of the kind may have before sharing it says nothing; judgement, not a published figure."""

OTHER_DEGREE = 500

TOLERANCE_DAYS = {"domain-name": 90, "url": 90}
"""Gap between two sightings that one registration explains; other kinds have `OTHER_TOLERANCE`."""

OTHER_TOLERANCE = 30


def of_kind(kind: Shorts, names: Sequence[str]) -> Masks:
    """What nodes are by their kinds alone, uint32 (N,)."""
    shared = np.array([name in ALWAYS_SHARED for name in names or ("",)])
    return np.where(shared[kind], np.uint32(SHARED_KIND), np.uint32(0))


def of_degree(kind: Shorts, names: Sequence[str], degree: Longs) -> Masks:
    """What nodes with so many edges are, uint32 (N,)."""
    limit = np.array([NORMAL_DEGREE.get(name, OTHER_DEGREE) for name in names or ("",)])
    return np.where(degree > limit[kind], np.uint32(HUB), np.uint32(0))


def carrying(flags: Masks, left: Ints, right: Ints, joins: Bools) -> Bools:
    """Which edges between these nodes can carry identity or one operator, bool (E,).

    Args:
        flags: of the nodes.
        left: nodes where edges begin, those of statements first.
        right: nodes where they end.
        joins: for each statement whether its property can; the edges behind them are bonds.
    """
    free = (flags & BARRED) == 0
    carries: Bools = free[left] & free[right]
    carries[: len(joins)] &= joins
    return carries
