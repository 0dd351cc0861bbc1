"""Policies: values that say when a statement is accepted, and compose; an empty one refuses."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from chokepoint.model.errors import NotValidError
from chokepoint.model.judgement import Verdict
from chokepoint.model.source import RELIABILITY

if TYPE_CHECKING:
    from collections.abc import Mapping

Flags = NDArray[np.bool_]

VERDICTS = tuple(Verdict)
"""Verdicts by their small number."""

REJECTING_BELIEF = 0.2
REJECTING_ORGANISATIONS = 2
WORST = len(RELIABILITY)
SOURCES = tuple(RELIABILITY)[:-1]
"""Reliabilities that can suffice: all but F, which cannot be judged."""
ATTRIBUTING = frozenset({"attributed-to", "controlled-by"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How statements stand, S rows.

    Attributes:
        belief: float (S,).
        confirmations: int (S,), independent organisations, none tied to a contributor, that confirm.
        disputes: int (S,), organisations whose newest word is to dispute, and whom nobody has answered.
        sectors: int (S,), distinct sectors of the organisations that confirm.
        origins: int (S,), distinct root publishers of the claims.
        facts: bool (S,), whether a claim states it as seen, not as concluded.
        reliability: int (S,), of the best source, 0 to 5 for A to F.
        innocent: bool (S,), whether an organisation's newest word is that it is not about crime.
        property: int (S,), index into `properties`, -1 unknown.
        properties: names of properties.
    """

    belief: NDArray[np.float64]
    confirmations: NDArray[np.int32]
    disputes: NDArray[np.int32]
    sectors: NDArray[np.int32]
    origins: NDArray[np.int32]
    facts: Flags
    reliability: NDArray[np.int8]
    innocent: Flags
    property: NDArray[np.int16]
    properties: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of statements."""
        return len(self.belief)


class Policy(Protocol):
    """Says of each statement of a tally whether it may be accepted."""

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        ...

    def __str__(self) -> str:
        """The rule in words."""
        ...


class Composed:
    """`&` and `|` of policies."""

    __slots__ = ()

    def __and__(self: Policy, other: Policy) -> AllOf:
        """Both."""
        return AllOf((self, other))

    def __or__(self: Policy, other: Policy) -> AnyOf:
        """Either."""
        return AnyOf((self, other))


@dataclass(frozen=True, slots=True)
class MinBelief(Composed):
    """The belief is at least so much."""

    least: float

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.belief >= self.least

    def __str__(self) -> str:
        """The rule in words."""
        return f"belief at least {self.least:g}"


@dataclass(frozen=True, slots=True)
class Confirmations(Composed):
    """So many independent organisations other than the contributors confirm, whose word tells something."""

    least: int

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.confirmations >= self.least

    def __str__(self) -> str:
        """The rule in words."""
        return f"{self.least} confirming organisations other than the contributors"


@dataclass(frozen=True, slots=True)
class DistinctSectors(Composed):
    """The confirming organisations come from so many sectors."""

    least: int

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.sectors >= self.least

    def __str__(self) -> str:
        """The rule in words."""
        return f"confirmations from {self.least} sectors"


@dataclass(frozen=True, slots=True)
class IndependentOrigins(Composed):
    """So many root publishers state it."""

    least: int

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.origins >= self.least

    def __str__(self) -> str:
        """The rule in words."""
        return f"{self.least} independent origins"


@dataclass(frozen=True, slots=True)
class StatedAsFact(Composed):
    """A claim states it as seen; assessments alone do not suffice."""

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.facts

    def __str__(self) -> str:
        """The rule in words."""
        return "stated as a fact, not only as an assessment"


@dataclass(frozen=True, slots=True)
class SourceAtLeast(Composed):
    """The best source has at least this reliability, A to E; F, which cannot be judged, is never enough."""

    letter: str

    def __post_init__(self) -> None:
        """Refuse a letter that says nothing, before anything is judged by it.

        Raises:
            NotValidError: none of A to E.
        """
        if self.letter not in SOURCES:
            raise NotValidError(
                f"{self.letter!r} is no reliability that suffices", mend=f"write one of {', '.join(SOURCES)}"
            )

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.reliability <= SOURCES.index(self.letter)

    def __str__(self) -> str:
        """The rule in words."""
        return f"a source of reliability {self.letter} or better"


@dataclass(frozen=True, slots=True)
class NoUnresolvedDispute(Composed):
    """No dispute stands that was neither taken back nor answered."""

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return np.equal(tally.disputes, 0)

    def __str__(self) -> str:
        """The rule in words."""
        return "no unresolved dispute"


@dataclass(frozen=True, slots=True)
class AboutCrime(Composed):
    """No organisation says that it is not about crime."""

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return ~tally.innocent

    def __str__(self) -> str:
        """The rule in words."""
        return "nobody says that it is not about crime"


@dataclass(frozen=True, slots=True)
class AllOf(Composed):
    """Every part holds; without parts nothing does."""

    parts: tuple[Policy, ...]

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        if not self.parts:
            return np.zeros(len(tally), np.bool_)
        held: Flags = np.all([part.holds(tally) for part in self.parts], axis=0)
        return held

    def __str__(self) -> str:
        """The rule in words."""
        return "(" + " and ".join(map(str, self.parts)) + ")" if self.parts else "nothing is accepted"


@dataclass(frozen=True, slots=True)
class AnyOf(Composed):
    """At least one part holds; without parts nothing does."""

    parts: tuple[Policy, ...]

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        if not self.parts:
            return np.zeros(len(tally), np.bool_)
        held: Flags = np.any([part.holds(tally) for part in self.parts], axis=0)
        return held

    def __str__(self) -> str:
        """The rule in words."""
        return "(" + " or ".join(map(str, self.parts)) + ")" if self.parts else "nothing is accepted"


@dataclass(frozen=True, slots=True)
class ByProperty(Composed):
    """A policy of its own for some properties, another for all else.

    Attributes:
        names: the properties.
        special: for those.
        otherwise: for the others and for statements whose property is unknown.
    """

    names: frozenset[str]
    special: Policy
    otherwise: Policy

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        numbers = [at for at, name in enumerate(tally.properties) if name in self.names]
        mine = np.isin(tally.property, numbers)
        return np.where(mine, self.special.holds(tally), self.otherwise.holds(tally))

    def __str__(self) -> str:
        """The rule in words."""
        return f"({self.special} for {', '.join(sorted(self.names))}; else {self.otherwise})"


DEFAULT = AllOf((MinBelief(0.8), Confirmations(2), NoUnresolvedDispute(), AboutCrime()))
"""DESIGN §5: accepted at belief 0.8 with two confirming organisations and no open dispute."""

STRICT = AllOf((MinBelief(0.95), Confirmations(3), DistinctSectors(2), NoUnresolvedDispute(), AboutCrime()))
"""For what names people: three organisations from two sectors, and no dispute that nobody has answered."""

NAMED: Mapping[str, Policy] = MappingProxyType(
    {
        "default": DEFAULT,
        "strict": STRICT,
        "attribution": ByProperty(ATTRIBUTING, STRICT, DEFAULT),
        "corroborated": AllOf((DEFAULT, AnyOf((IndependentOrigins(2), SourceAtLeast("B"))), StatedAsFact())),
        "frozen": AllOf(()),
    }
)
"""Policies that an atlas can choose; `frozen` accepts nothing."""


def verdicts(
    tally: Tally, policy: Policy, *, recalled: Flags | None = None, standing: Flags | None = None
) -> NDArray[np.int8]:
    """The verdict on each statement as its index in `VERDICTS`, int8 (S,).

    Rejected: two organisations dispute, none confirms, and the belief is at most 0.2.

    Args:
        tally: how the statements stand, whenever the votes were cast.
        policy: when one is accepted.
        recalled: withdrawn by all its contributors; before everything else.
        standing: whether votes that still hold suffice for acceptance; where they do not, it has expired.
    """
    result = np.full(len(tally), VERDICTS.index(Verdict.PROPOSED), np.int8)
    result[tally.disputes > 0] = VERDICTS.index(Verdict.DISPUTED)
    result[
        (tally.disputes >= REJECTING_ORGANISATIONS)
        & (tally.confirmations == 0)
        & (tally.belief <= REJECTING_BELIEF)
    ] = VERDICTS.index(Verdict.REJECTED)
    accepted = policy.holds(tally)
    result[accepted] = VERDICTS.index(Verdict.ACCEPTED)
    if standing is not None:
        result[accepted & ~standing] = VERDICTS.index(Verdict.EXPIRED)
    if recalled is not None:
        result[recalled] = VERDICTS.index(Verdict.RECALLED)
    return result


def tally_of(belief: float, confirmations: int, disputes: int) -> Tally:
    """The tally of one statement of which nothing else is known."""
    return Tally(
        belief=np.array([belief], np.float64),
        confirmations=np.array([confirmations], np.int32),
        disputes=np.array([disputes], np.int32),
        sectors=np.zeros(1, np.int32),
        origins=np.ones(1, np.int32),
        facts=np.ones(1, np.bool_),
        reliability=np.full(1, WORST - 1, np.int8),
        innocent=np.zeros(1, np.bool_),
        property=np.full(1, -1, np.int16),
    )


def verdict(belief: float, confirmations: int, disputes: int, *, policy: Policy = DEFAULT) -> Verdict:
    """The verdict on one statement.

    >>> verdict(0.9, 2, 0), verdict(0.9, 2, 1), verdict(0.99, 1, 0)
    (<Verdict.ACCEPTED: 'accepted'>, <Verdict.DISPUTED: 'disputed'>, <Verdict.PROPOSED: 'proposed'>)
    """
    return VERDICTS[int(verdicts(tally_of(belief, confirmations, disputes), policy)[0])]
