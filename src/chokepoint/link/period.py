"""Two lives of one identifier: a domain, address, number or account that changed hands.

Evidence of two characters is looked for: an organisation's own site or account on one side, criminal
use on the other, told by different origins. Where they lie apart in time, or where the campaign is
known to take over lapsed names, the identifier is proposed to have had two lives. Evidence that
overlaps in time is no second life (a hacked site, an impostor, a wrong entry).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from chokepoint.model.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

Longs = NDArray[np.int64]

UNKNOWN = -(2**31)
LEGITIMATE, CRIMINAL, HACKED = "legitimate", "criminal", "hacked"

OWNED = frozenset({"website", "account", "contact"})
"""An organisation has it: legitimate use, unless the organisation is itself criminal."""
CRIMINAL_SUBJECT = frozenset({"indicates", "requests-payment-to", "attributed-to", "impersonates"})
CRIMINAL_OBJECT = frozenset({"communicates-with", "downloads"})


class Links(Protocol):
    """Link claims as columns."""

    @property
    def seq(self) -> Longs:
        """Ledger positions."""

    @property
    def subject(self) -> Longs:
        """Entity numbers."""

    @property
    def object(self) -> Longs:
        """Entity numbers."""

    @property
    def origin(self) -> NDArray[np.int32]:
        """Root publishers."""

    @property
    def start(self) -> NDArray[np.int32]:
        """First days."""

    @property
    def end(self) -> NDArray[np.int32]:
        """Days after the last."""

    @property
    def property_names(self) -> tuple[str, ...]:
        """Names of the vocabulary."""

    @property
    def property(self) -> NDArray[np.int16]:
        """Index into `property_names`."""


class Sighting(NamedTuple):
    """One claim as evidence of an identifier's character."""

    seq: int
    identifier: int
    character: str
    origin: int
    start: int
    end: int
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One life of an identifier, proposed.

    Attributes:
        eid: entity number of the identifier.
        number: 1 for the first life, 2 for the second.
        start, end: days since 1970-01-01, half-open, `UNKNOWN` where no claim says.
        claims: ledger positions of the claims that speak of this life.
        reason: in words.
    """

    eid: int
    number: int
    start: int
    end: int
    claims: tuple[int, ...]
    reason: str


OWN, ABUSED = USES = (Said("an organisation's own"), Said("in criminal use"))
TAKEN_OVER, APART, KNOWN_TO_LAPSE, UNDATED = REASONS = (
    Said("sightings of the two lie apart, and the campaign is known to take over lapsed names"),
    Said("sightings of the two lie apart in time and come from other sources"),
    Said("the campaign is known to take over lapsed names"),
    Said("one side is undated and comes from other sources: changed hands, hacked or wrongly listed"),
)
"""What the evidence shows of a life, and why the two are taken for two."""


def sightings(
    links: Links,
    *,
    reassigned: AbstractSet[int],
    organisations: AbstractSet[int],
    criminal: AbstractSet[int] = frozenset(),
) -> list[Sighting]:
    """The claims that show an identifier in legitimate, criminal or hacked use.

    Args:
        links: visible claims.
        reassigned: entity numbers of identifiers that can change hands.
        organisations: entity numbers of organisations.
        criminal: those of them that are criminal themselves (a dark market, a sanctioned mixer).
    """
    found: list[Sighting] = []
    for number, name in enumerate(links.property_names):
        if name in OWNED | CRIMINAL_SUBJECT | CRIMINAL_OBJECT | {"legitimate", "compromised-by"}:
            rows = np.flatnonzero(links.property == number)
            found += _of_property(links, rows, name, (reassigned, organisations - criminal))
    return found


def _of_property(
    links: Links, rows: Longs, name: str, sets: tuple[AbstractSet[int], AbstractSet[int]]
) -> list[Sighting]:
    reassigned, honest = sets
    by_object = name in OWNED | CRIMINAL_OBJECT
    character = LEGITIMATE if name in OWNED or name == "legitimate" else CRIMINAL
    if name == "compromised-by":
        character = HACKED
    ends = (links.object, links.subject) if by_object else (links.subject, links.object)
    columns = (links.seq, *ends, links.origin, links.start, links.end)
    found = []
    for seq, identifier, other, origin, start, end in zip(*(c[rows].tolist() for c in columns), strict=True):
        if identifier in reassigned and (name not in OWNED or other in honest):
            found.append(Sighting(seq, identifier, character, origin, start, end, other))
    return found


def periods(evidence: Iterable[Sighting], *, abusers: AbstractSet[int] = frozenset()) -> list[Period]:
    """Two lives for each identifier whose evidence is of two characters, apart and by other origins.

    Args:
        evidence: sightings in any order.
        abusers: entity numbers of campaigns and groups known to take over lapsed identifiers.
    """
    by_identifier: dict[int, dict[str, list[Sighting]]] = defaultdict(lambda: defaultdict(list))
    for one in evidence:
        by_identifier[one.identifier][one.character].append(one)
    found: list[Period] = []
    for eid in sorted(by_identifier):
        characters = by_identifier[eid]
        if characters[LEGITIMATE] and characters[CRIMINAL] and not characters[HACKED]:
            found += _lives(eid, characters[LEGITIMATE], characters[CRIMINAL], abusers)
    return found


def _lives(
    eid: int, good: list[Sighting], bad: list[Sighting], abusers: AbstractSet[int]
) -> tuple[Period, ...]:
    good_origins = {one.origin for one in good}
    bad = [one for one in bad if one.origin not in good_origins]
    if not bad:
        return ()
    good_span, bad_span = _span(good), _span(bad)
    why = _why(good_span, bad_span, lapsed=any(one.other in abusers for one in bad))
    if not why:
        return ()
    good_first = good_span is None or bad_span is None or good_span[0] <= bad_span[0]
    ordered = ((good, good_span, OWN), (bad, bad_span, ABUSED))
    first, second = ordered if good_first else ordered[::-1]
    start = (UNKNOWN, second[1][0] if second[1] else UNKNOWN)
    end = (first[1][1] if first[1] else UNKNOWN, UNKNOWN)
    return tuple(
        Period(
            eid=eid, number=number + 1, start=start[number], end=end[number],
            claims=tuple(sorted(one.seq for one in life[0])), reason=f"{life[2]}; {why}",
        )
        for number, life in enumerate((first, second))
    )  # fmt: skip


def _span(evidence: list[Sighting]) -> tuple[int, int] | None:
    """From the first to after the last known day; None where nothing is dated."""
    days = [day for one in evidence for day in _days(one)]
    return (min(days), max(days) + 1) if days else None


def _days(one: Sighting) -> list[int]:
    known = [one.start] if one.start != UNKNOWN else []
    return [*known, one.end - 1] if one.end != UNKNOWN else known


def _why(good: tuple[int, int] | None, bad: tuple[int, int] | None, *, lapsed: bool) -> str:
    apart = good is not None and bad is not None and (good[1] <= bad[0] or bad[1] <= good[0])
    if apart:
        return TAKEN_OVER if lapsed else APART
    if good is not None and bad is not None:
        return ""
    return KNOWN_TO_LAPSE if lapsed else UNDATED


def told(reason: str) -> str:
    """Why a life is one, as a sentence that faces can say in another language where it is one of ours."""
    use, _, why = reason.partition("; ")
    if use in USES and why in REASONS:
        return Said("{use}; {why}", use=Said(use), why=Said(why))
    return reason
