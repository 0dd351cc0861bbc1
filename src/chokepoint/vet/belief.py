"""Belief: the probability that a statement is true, from graded sources and weighed votes.

Log-odds add (naive Bayes over independent origins); the strongest claim of an origin speaks for it,
so thirty copies weigh as much as one. The two Admiralty axes (NATO AJP-2.1, UK JDP 2-00) are
independent tables whose entries add. The figures are judgements, chosen so that B2 alone comes out
as "likely" (0.88) and F6 next to even (0.55); calibration on known outcomes replaces them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RELIABILITY_LOGIT = {"A": 1.4, "B": 1.0, "C": 0.5, "D": 0.0, "E": -0.7, "F": 0.1}
CREDIBILITY_LOGIT = {"1": 1.6, "2": 1.0, "3": 0.3, "4": -0.6, "5": -1.4, "6": 0.1}
CAP = log(999.0)
TELLING = log(1.5) - 1e-9  # exactly so much is enough, however a quotient is rounded
"""Log-odds that an organisation's confirmations must add at least for it to count towards a quorum."""
USUAL = (0.8, 0.8)
"""Chances that a voter confirms what is true and disputes what is false, before anything was measured."""
STRENGTH = 5.0
"""Votes' worth of weight of what is usual beside a voter's own record: a Beta prior."""

_GRADES = np.array(
    [[r + c for c in CREDIBILITY_LOGIT.values()] for r in RELIABILITY_LOGIT.values()], np.float64
)
_UNCONFIRMED = _GRADES.copy()
_UNCONFIRMED[:, 0] = _GRADES[:, 1]


class Record(NamedTuple):
    """What an organisation's votes were where the truth is known by now.

    Attributes:
        found: true and confirmed. denied: true and disputed.
        caught: false and disputed. passed: false and confirmed.
        usual: the chances, as in `USUAL`, that the coalition's members have on the whole.
    """

    found: float = 0
    denied: float = 0
    caught: float = 0
    passed: float = 0
    usual: tuple[float, float] = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Claims for statements, one row a claim, C rows.

    Attributes:
        statement: int (C,), number of the statement below `count`.
        origin: int (C,), number of the root publisher.
        reliability: int (C,), 0 to 5 for A to F.
        credibility: int (C,), 1 to 6.
        count: number of statements.
    """

    statement: Ints
    origin: NDArray[np.int32]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballots:
    """Votes on statements, one row an (organisation, statement) pair, V rows.

    Attributes:
        statement: int (V,).
        organisation: int (V,).
        vote: int (V,), 1 confirm, -1 dispute, 0 unsure.
    """

    statement: Ints
    organisation: NDArray[np.int32]
    vote: NDArray[np.int8]


NO_BALLOTS = Ballots(
    statement=np.zeros(0, np.int64), organisation=np.zeros(0, np.int32), vote=np.zeros(0, np.int8)
)


def vote_logits(record: Record) -> tuple[float, float]:
    """Log-odds that a confirmation adds and that a dispute takes away, neither ever below 0.

    From the means of two Beta posteriors: of confirming what is true (sensitivity) and of disputing what is
    false (specificity), about what is usual. Somebody who confirms everything says nothing by confirming.

    >>> [round(weight, 3) for weight in vote_logits(Record())]
    [1.386, 1.386]
    """
    found, denied, caught, passed, usual = record
    sensitivity = (STRENGTH * usual[0] + found) / (STRENGTH + found + denied)
    specificity = (STRENGTH * usual[1] + caught) / (STRENGTH + caught + passed)
    confirm = log(sensitivity / (1.0 - specificity))
    dispute = log(specificity / (1.0 - sensitivity))
    return max(0.0, confirm), max(0.0, dispute)


def telling(record: Record) -> bool:
    """Whether an organisation's confirmation makes what it confirms at least one and a half times as likely.

    Who confirms what is false nearly as often as what is true cannot be one of two whose word suffices.
    Nobody is silenced before they were measured.

    >>> telling(Record()), telling(Record(found=90, denied=5, caught=2, passed=48))
    (True, False)
    """
    return not any(record[:4]) or vote_logits(record)[0] >= TELLING


def belief(
    claims: Sequence[tuple[str, str]],
    votes: Sequence[tuple[str, int]] = (),
    calibration: Mapping[str, Record] | None = None,
) -> float:
    """The belief in one statement, written to be read; `beliefs` computes the same for millions.

    Args:
        claims: (grade such as `B2`, origin) of each claim.
        votes: (organisation, 1 | 0 | -1), one an organisation.
        calibration: records of organisations; an absent one has the stated default.

    >>> round(belief([("B2", "first")]), 2), round(belief([("B2", "first")] * 30), 2)
    (0.88, 0.88)
    """
    independent = {origin for _, origin in claims}
    strongest: dict[str, float] = {}
    for grade, origin in claims:
        reliability, credibility = grade[0], grade[1]
        if credibility == "1" and len(independent) < 2:
            credibility = "2"  # "confirmed" needs somebody else to confirm it
        weight = RELIABILITY_LOGIT[reliability] + CREDIBILITY_LOGIT[credibility]
        strongest[origin] = max(weight, strongest.get(origin, -CAP))
    known = calibration or {}
    total = sum(strongest.values())
    for organisation, vote in votes:
        confirm, dispute = vote_logits(known.get(organisation, Record()))
        total += confirm if vote > 0 else -dispute if vote < 0 else 0.0
    return 1.0 / (1.0 + exp(-max(-CAP, min(CAP, total))))


def beliefs(
    evidence: Evidence, ballots: Ballots = NO_BALLOTS, calibration: Mapping[int, Record] | None = None
) -> Floats:
    """Belief of each statement, float64 (count,), within 0.001 and 0.999; 0.5 where nothing speaks.

    Args:
        evidence: the claims.
        ballots: at most one vote an organisation on a statement.
        calibration: records by organisation number.
    """
    logit = evidence_logits(evidence) + ballot_logits(ballots, evidence.count, calibration)
    return 1.0 / (1.0 + np.exp(-np.clip(logit, -CAP, CAP)))


def origin_counts(evidence: Evidence) -> Ints:
    """How many distinct root publishers each statement has, int64 (count,)."""
    span = int(evidence.origin.max(initial=0)) + 1
    key = np.sort(evidence.statement * span + evidence.origin)  # faster than the hashing of np.unique
    first = np.flatnonzero(np.diff(key, prepend=-1))
    return np.bincount(key[first] // span, minlength=evidence.count)


def evidence_logits(evidence: Evidence) -> Floats:
    """Summed log-odds of each statement's origins, float64 (count,)."""
    if not len(evidence.statement):
        return np.zeros(evidence.count)
    span = int(evidence.origin.max()) + 1
    key = evidence.statement * span + evidence.origin
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    statement = key[first] // span
    origins = np.bincount(statement, minlength=evidence.count)
    row, column = evidence.reliability[order], evidence.credibility[order] - 1
    alone = origins[key // span] < 2
    weight = np.where(alone, _UNCONFIRMED[row, column], _GRADES[row, column])
    strongest = np.maximum.reduceat(weight, first)
    return np.bincount(statement, weights=strongest, minlength=evidence.count).astype(np.float64)


def ballot_logits(ballots: Ballots, count: int, calibration: Mapping[int, Record] | None = None) -> Floats:
    """Summed log-odds of each statement's votes, float64 (count,)."""
    voters, which = np.unique(ballots.organisation, return_inverse=True)
    known = calibration or {}
    if not len(voters):
        return np.zeros(count)
    weight = np.array([vote_logits(known.get(int(voter), Record())) for voter in voters], np.float64)
    weighed = np.where(ballots.vote > 0, weight[which, 0], weight[which, 1]) * ballots.vote
    return np.bincount(ballots.statement, weights=weighed, minlength=count).astype(np.float64)
