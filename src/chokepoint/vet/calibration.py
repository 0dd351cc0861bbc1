"""Calibration: how often organisations' votes and the sources' gradings turned out right.

The truth of a statement is *known by now* to a vote where all else, the vote itself left out, leaves little
doubt. Reliability is two Beta posteriors an organisation: of confirming what is true and of disputing what
is false (Dawid & Skene 1979 with two coins, priors and leave-one-out; see also Raykar et al. 2010). A
*favour* is a member that passes another's false claims far more often than anybody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from chokepoint.vet.belief import CAP, Record, vote_logits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.vet.belief import Ballots

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

KNOWN = log(9.0)
"""Log-odds from which the truth counts as known: nine to one."""
OTHERS = 2
"""Votes of others without which the truth counts as unknown."""
ROUNDS = 6
BINS = 10
FAVOURS = 3
"""False claims of one contributor that a member must have passed before it is suspected."""


class Bin(NamedTuple):
    """Predictions in one tenth of the scale: how many, their mean, and how many came true."""

    size: int
    mean: float
    true: int


class Share(NamedTuple):
    """A share with its 95 % interval (Wilson 1927)."""

    hits: int
    size: int
    low: float
    high: float

    @property
    def mean(self) -> float:
        """The share itself; 0 of none."""
        return self.hits / self.size if self.size else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How well predictions met the truth.

    Attributes:
        brier: mean squared distance, 0 best; with its 95 % interval.
        count: of predictions whose truth is known.
        bins: the reliability table, by tenths.
    """

    brier: float
    low: float
    high: float
    count: int
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What votes tell of voters.

    Attributes:
        records: by organisation number, of votes whose truth is known.
        favours: (voter, contributor) pairs in which the voter passes what is false.
        logit: float64 (S,), log-odds of each statement from evidence and weighed votes.
    """

    records: Mapping[int, Record]
    favours: frozenset[tuple[int, int]]
    logit: Floats


def wilson(hits: int, count: int) -> Share:
    """A share with its 95 % interval.

    >>> [round(bound, 3) for bound in wilson(9, 10)[2:]]
    [0.596, 0.982]
    """
    if not count:
        return Share(0, 0, 0.0, 1.0)
    z, share = 1.959964, hits / count
    middle = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    below = 1 + z * z / count
    low, high = max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)
    return Share(hits, count, min(low, share), max(high, share))  # rounding may leave the share outside


def report(predicted: Floats, truth: Flags) -> Report:
    """Brier score and reliability table of predictions whose truth is known."""
    if not len(predicted):
        return Report(brier=0.0, low=0.0, high=1.0, count=0, bins=())
    distance = (predicted - truth) ** 2
    mean = float(distance.mean())
    spread = 1.959964 * float(distance.std()) / sqrt(len(distance))
    tenth = np.minimum((predicted * BINS).astype(np.int64), BINS - 1)
    bins = tuple(
        Bin(int(here.sum()), float(predicted[here].mean()), int(truth[here].sum()))
        if (here := tenth == number).any()
        else Bin(0, (number + 0.5) / BINS, 0)
        for number in range(BINS)
    )
    return Report(
        brier=mean, low=max(0.0, mean - spread), high=min(1.0, mean + spread), count=len(distance), bins=bins
    )


def learn(base: Floats, ballots: Ballots, contributor: NDArray[np.int32]) -> Learnt:
    """Reliability of voters, from where they agree with what all else says.

    Args:
        base: float64 (S,), log-odds of each statement from its evidence.
        ballots: one word an organisation and statement; contributors' own are not among them.
        contributor: int32 (S,), the first contributor of each statement.
    """
    said = ballots.vote != 0
    statement, voter, yes = ballots.statement[said], ballots.organisation[said], ballots.vote[said] > 0
    size = int(max(voter.max(initial=-1), contributor.max(initial=-1))) + 1
    others = np.bincount(statement, minlength=len(base))[statement] - 1
    counts, partial = np.zeros((4, size)), np.zeros(len(voter), np.bool_)
    favours: frozenset[tuple[int, int]] = frozenset()
    logit = base
    for _ in range(ROUNDS):
        weight = np.where(partial & yes, 0.0, _weights(counts)[np.where(yes, 0, 1), voter])
        signed = np.where(yes, weight, -weight)
        logit = base + np.bincount(statement, weights=signed, minlength=len(base))
        rest = np.clip(logit[statement] - signed, -CAP, CAP)
        known = (np.abs(rest) >= KNOWN) & (others >= OTHERS)
        counts = _counts(voter[known & ~partial], yes[known & ~partial], rest[known & ~partial] > 0, size)
        favours = _favours((voter[known], contributor[statement[known]]), yes[known], rest[known] > 0, size)
        keys = np.array([one * size + other for one, other in favours], np.int64)
        partial = np.isin(voter.astype(np.int64) * size + contributor[statement], keys)
    records = {
        number: Record(*(float(count) for count in counts[:, number]))
        for number in np.flatnonzero(counts.sum(axis=0)).tolist()
    }
    return Learnt(records=records, favours=favours, logit=logit)


def _counts(voter: NDArray[np.int32], yes: Flags, true: Flags, size: int) -> Floats:
    cases = (true & yes, true & ~yes, ~true & ~yes, ~true & yes)
    return np.stack([np.bincount(voter[case], minlength=size).astype(np.float64) for case in cases])


def _weights(counts: Floats) -> Floats:
    """Log-odds of a confirmation and of a dispute by voter, float64 (2, N)."""
    pairs = [vote_logits(Record(*column)) for column in counts.T.tolist()]
    return np.array(pairs, np.float64).reshape(-1, 2).T


def _favours(
    pair: tuple[NDArray[np.int32], NDArray[np.int32]], yes: Flags, true: Flags, size: int
) -> frozenset[tuple[int, int]]:
    """Pairs in which a voter passes false claims of a contributor beyond what it passes of others.

    The 1 % quantile of its rate of passing this contributor's false claims must lie above the 99 %
    quantile of its rate for all others'. A favour is held against both: it is rarely given for nothing.
    """
    false = ~true
    key = pair[0][false].astype(np.int64) * size + pair[1][false]
    passed = np.bincount(key[yes[false]], minlength=size * size).reshape(size, size).astype(np.float64)
    caught = np.bincount(key[~yes[false]], minlength=size * size).reshape(size, size).astype(np.float64)
    elsewhere = passed.sum(axis=1, keepdims=True) - passed, caught.sum(axis=1, keepdims=True) - caught
    low = betaincinv(1.0 + passed, 1.0 + caught, 0.01)
    high = betaincinv(1.0 + elsewhere[0], 1.0 + elsewhere[1], 0.99)
    found = np.argwhere((passed >= FAVOURS) & (low > high))
    return frozenset(pair for one, other in found.tolist() for pair in ((one, other), (other, one)))
