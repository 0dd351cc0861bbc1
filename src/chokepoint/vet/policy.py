"""Policies: values that say when a statement is accepted, and compose; an empty one refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from chokepoint.model.judgement import Verdict

Flags = NDArray[np.bool_]

VERDICTS = tuple(Verdict)
"""Verdicts by their small number."""

REJECTING_BELIEF = 0.2
REJECTING_ORGANISATIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How statements stand, S rows.

    Attributes:
        belief: float (S,).
        confirmations: int (S,), organisations other than the contributors that confirm.
        disputes: int (S,), organisations whose newest word is to dispute.
    """

    belief: NDArray[np.float64]
    confirmations: NDArray[np.int32]
    disputes: NDArray[np.int32]


class Policy(Protocol):
    """Says of each statement of a tally whether it may be accepted."""

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        ...

    def __str__(self) -> str:
        """The rule in words."""
        ...


@dataclass(frozen=True, slots=True)
class MinBelief:
    """The belief is at least so much."""

    least: float

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.belief >= self.least

    def __str__(self) -> str:
        """The rule in words."""
        return f"belief at least {self.least:g}"


@dataclass(frozen=True, slots=True)
class Confirmations:
    """So many organisations other than the contributors confirm."""

    least: int

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return tally.confirmations >= self.least

    def __str__(self) -> str:
        """The rule in words."""
        return f"{self.least} confirming organisations other than the contributors"


@dataclass(frozen=True, slots=True)
class NoUnresolvedDispute:
    """No organisation's newest word is to dispute."""

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        return np.equal(tally.disputes, 0)

    def __str__(self) -> str:
        """The rule in words."""
        return "no unresolved dispute"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts nothing does."""

    parts: tuple[Policy, ...]

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        if not self.parts:
            return np.zeros(len(tally.belief), np.bool_)
        held: Flags = np.all([part.holds(tally) for part in self.parts], axis=0)
        return held

    def __str__(self) -> str:
        """The rule in words."""
        return "(" + " and ".join(map(str, self.parts)) + ")" if self.parts else "nothing is accepted"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; without parts nothing does."""

    parts: tuple[Policy, ...]

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        if not self.parts:
            return np.zeros(len(tally.belief), np.bool_)
        held: Flags = np.any([part.holds(tally) for part in self.parts], axis=0)
        return held

    def __str__(self) -> str:
        """The rule in words."""
        return "(" + " or ".join(map(str, self.parts)) + ")" if self.parts else "nothing is accepted"


DEFAULT = AllOf((MinBelief(0.8), Confirmations(2), NoUnresolvedDispute()))
"""DESIGN §5: accepted at belief 0.8 with two confirming organisations and no open dispute."""


def verdicts(
    tally: Tally, policy: Policy, *, recalled: Flags | None = None, expired: Flags | None = None
) -> NDArray[np.int8]:
    """The verdict on each statement as its index in `VERDICTS`, int8 (S,).

    Rejected: two organisations dispute, none confirms, and the belief is at most 0.2.

    Args:
        tally: how the statements stand.
        policy: when one is accepted.
        recalled: withdrawn by its contributor; before everything else.
        expired: its review date has passed, so that acceptance lapses.
    """
    result = np.full(len(tally.belief), VERDICTS.index(Verdict.PROPOSED), np.int8)
    result[tally.disputes > 0] = VERDICTS.index(Verdict.DISPUTED)
    result[
        (tally.disputes >= REJECTING_ORGANISATIONS)
        & (tally.confirmations == 0)
        & (tally.belief <= REJECTING_BELIEF)
    ] = VERDICTS.index(Verdict.REJECTED)
    accepted = policy.holds(tally)
    result[accepted] = VERDICTS.index(Verdict.ACCEPTED)
    if expired is not None:
        result[accepted & expired] = VERDICTS.index(Verdict.EXPIRED)
    if recalled is not None:
        result[recalled] = VERDICTS.index(Verdict.RECALLED)
    return result


def verdict(belief: float, confirmations: int, disputes: int, *, policy: Policy = DEFAULT) -> Verdict:
    """The verdict on one statement.

    >>> verdict(0.9, 2, 0), verdict(0.9, 2, 1), verdict(0.99, 1, 0)
    (<Verdict.ACCEPTED: 'accepted'>, <Verdict.DISPUTED: 'disputed'>, <Verdict.PROPOSED: 'proposed'>)
    """
    tally = Tally(
        belief=np.array([belief], np.float64),
        confirmations=np.array([confirmations], np.int32),
        disputes=np.array([disputes], np.int32),
    )
    return VERDICTS[int(verdicts(tally, policy)[0])]
