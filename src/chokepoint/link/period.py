"""Two lives of one identifier: an organisation's own before, a criminal's after it lapsed.

A domain, phone number or handle can change hands. Where its owner's own statement and a later accusation
by others lie apart in time, the identifier is taken for two periods, so that what the second holder did
is never laid at the first one's door (DESIGN §2, §6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chokepoint.model.vocabulary import vocabulary

OWN = frozenset({"website", "account"})
CRIMINAL = frozenset({"indicates", "requests-payment-to", "attributed-to"})
APART_DAYS = 180
UNKNOWN = -(2**31)

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One life of an identifier.

    Attributes:
        eid: entity number of the identifier.
        number: 1 for the first life, 2 for the second.
        start, end: days since 1970-01-01, half-open, `UNKNOWN` where open.
        claims: ledger positions of the claims that speak of this life.
        reason: why it is taken for a life of its own.
    """

    eid: int
    number: int
    start: int
    end: int
    claims: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A claim about an identifier that tells its owner or its abuse.

    Attributes:
        eid, kind: the identifier.
        seq: ledger position.
        own: whether the claim is its owner's (a website or account of a named organisation).
        origin: number of the publisher.
        start, end: days, `UNKNOWN` where the source gives none.
        other: the other end: the organisation, or the campaign accused of it.
    """

    eid: int
    kind: str
    seq: int
    own: bool
    origin: int
    start: int
    end: int
    other: str


def periods(sightings: Sequence[Sighting], *, apart: int = APART_DAYS) -> list[Period]:
    """Identifiers to be split in two lives.

    Args:
        sightings: in any order.
        apart: days that must lie between the last sign of the owner and the first of the abuse.
    """
    grouped: dict[int, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        if vocabulary().kind(sighting.kind).reassigned:
            grouped[sighting.eid].append(sighting)
    found: list[Period] = []
    for eid in sorted(grouped):
        found.extend(_split(eid, grouped[eid], apart))
    return found


def _split(eid: int, sightings: list[Sighting], apart: int) -> list[Period]:
    own = [one for one in sightings if one.own]
    owners = {one.origin for one in own}
    abuse = [one for one in sightings if not one.own and one.origin not in owners]
    dated = [one.start for one in abuse if one.start != UNKNOWN]
    if not own or not dated:
        return []
    began = min(dated)
    ends = [one.end for one in own if one.end != UNKNOWN]
    seen = max(ends, default=UNKNOWN)
    if seen != UNKNOWN and began - seen < apart:
        return []
    owner = min(one.other for one in own)
    abuser = min(one.other for one in abuse)
    return [
        Period(
            eid=eid,
            number=1,
            start=UNKNOWN,
            end=seen,
            claims=tuple(sorted(one.seq for one in own)),
            reason=f"the own address of {owner}",
        ),
        Period(
            eid=eid,
            number=2,
            start=began,
            end=UNKNOWN,
            claims=tuple(sorted(one.seq for one in abuse)),
            reason=f"in the hands of {abuser} by other sources",
        ),
    ]
