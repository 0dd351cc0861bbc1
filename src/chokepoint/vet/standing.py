"""How each statement stands: belief and verdict from its claims and the votes on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from chokepoint.vet.belief import CAP, Ballots, Evidence, Record, ballot_logits, evidence_logits
from chokepoint.vet.policy import DEFAULT, Policy, Tally, verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]


_SPAN = 2**31
"""Above every organisation number: packs (statement, organisation) into one integer."""


class ClaimColumns(Protocol):
    """What is needed of claims, one row a claim, ascending by ledger position `seq`."""

    @property
    def seq(self) -> Longs:
        """Ledger positions."""

    @property
    def origin(self) -> Ints:
        """Numbers of the root publishers."""

    @property
    def reliability(self) -> Bytes:
        """0 to 5 for A to F."""

    @property
    def credibility(self) -> Bytes:
        """1 to 6."""

    @property
    def owner(self) -> Ints:
        """Contributing organisations."""


class VoteColumns(Protocol):
    """What is needed of votes, one row a vote in ledger order."""

    @property
    def claim(self) -> Longs:
        """Ledger position of the claim voted on."""

    @property
    def organisation(self) -> Ints:
        """Who votes."""

    @property
    def vote(self) -> Bytes:
        """1 confirm, -1 dispute, 0 unsure."""

    @property
    def simulated(self) -> Flags:
        """Cast by a demonstration rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """How statements stand, S rows.

    Attributes:
        belief: float32 (S,).
        verdict: int8 (S,), index into `policy.VERDICTS`.
        simulated: bool (S,), whether simulated votes decided the verdict; where they did not,
            belief and verdict are those of the real votes alone.
        confirmations, disputes: int32 (S,), organisations on either side.
    """

    belief: NDArray[np.float32]
    verdict: Bytes
    simulated: Flags
    confirmations: Ints
    disputes: Ints


def judge(
    statement: Longs,
    claims: ClaimColumns,
    votes: VoteColumns,
    *,
    count: int,
    policy: Policy = DEFAULT,
    calibration: Mapping[int, Record] | None = None,
) -> Standings:
    """Belief and verdict of each statement.

    A vote counts once an organisation and statement: a standing dispute on any of its claims
    outweighs confirmations of others. Contributors' own confirmations count for nothing.

    Args:
        statement: int64 (C,), the statement that each claim is evidence for, -1 for none.
        claims: the claims.
        votes: all visible votes; those on other claims are passed over.
        count: number of statements.
        policy: when a statement is accepted.
        calibration: measured reliability by organisation number.
    """
    base = evidence_logits(_evidence(statement, claims, count))
    newest = _newest(statement, claims.seq, votes)
    real = _ballots(statement, claims.owner, newest, ~newest.simulated)
    truth, verdict = _stand(base, real, policy, calibration)
    simulated = np.zeros(count, np.bool_)
    if newest.simulated.any():
        shown = _ballots(statement, claims.owner, newest, np.ones(len(newest.row), np.bool_))
        staged, staged_verdict = _stand(base, shown, policy, calibration)
        simulated = staged_verdict != verdict
        verdict = np.where(simulated, staged_verdict, verdict)
        truth = _where(simulated, staged, truth)
    return Standings(
        belief=truth.belief.astype(np.float32),
        verdict=verdict,
        simulated=simulated,
        confirmations=truth.confirmations,
        disputes=truth.disputes,
    )


def _evidence(statement: Longs, claims: ClaimColumns, count: int) -> Evidence:
    used = np.flatnonzero(statement >= 0)
    return Evidence(
        statement=statement[used],
        origin=claims.origin[used],
        reliability=claims.reliability[used],
        credibility=claims.credibility[used],
        count=count,
    )


def _where(chosen: Flags, one: Tally, other: Tally) -> Tally:
    return Tally(
        belief=np.where(chosen, one.belief, other.belief),
        confirmations=np.where(chosen, one.confirmations, other.confirmations),
        disputes=np.where(chosen, one.disputes, other.disputes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Newest:
    row: Longs
    organisation: Ints
    vote: Bytes
    simulated: Flags


def _newest(statement: Longs, seq: Longs, votes: VoteColumns) -> _Newest:
    """The newest vote of each organisation on each claim; a simulated one never replaces a real one."""
    row = np.searchsorted(seq, votes.claim)
    known = row < len(seq)
    known[known] = (seq[row[known]] == votes.claim[known]) & (statement[row[known]] >= 0)
    keep = np.flatnonzero(known)
    rank = np.lexsort((keep, ~votes.simulated[keep], votes.organisation[keep], row[keep]))
    keep = keep[rank]
    pair = np.stack([row[keep], votes.organisation[keep].astype(np.int64)])
    last = np.ones(len(keep), np.bool_)
    last[:-1] = (pair[:, 1:] != pair[:, :-1]).any(axis=0)
    keep = keep[last]
    return _Newest(
        row=row[keep],
        organisation=votes.organisation[keep],
        vote=votes.vote[keep],
        simulated=votes.simulated[keep],
    )


def _ballots(of_claim: Longs, owner: Ints, votes: _Newest, chosen: Flags) -> Ballots:
    """One word an organisation and statement: dispute before confirm before unsure."""
    statement = of_claim[votes.row[chosen]]
    organisation = votes.organisation[chosen].astype(np.int64)
    own = _contributed(of_claim, owner, statement * _SPAN + organisation)
    vote = np.where(own & (votes.vote[chosen] > 0), 0, votes.vote[chosen]).astype(np.int8)
    weight = np.select([vote < 0, vote > 0], [0, 1], 2)
    order = np.lexsort((weight, organisation, statement))
    statement, organisation, vote = statement[order], organisation[order], vote[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (statement[1:] != statement[:-1]) | (organisation[1:] != organisation[:-1])
    return Ballots(
        statement=statement[first], organisation=organisation[first].astype(np.int32), vote=vote[first]
    )


def _contributed(of_claim: Longs, owner: Ints, pairs: Longs) -> Flags:
    """For each (statement, organisation) pair whether the organisation contributed to the statement."""
    if not len(pairs):
        return np.zeros(0, np.bool_)
    rows = np.flatnonzero(np.isin(of_claim, pairs // _SPAN))
    return np.isin(pairs, of_claim[rows] * _SPAN + owner[rows])


def _stand(
    base: NDArray[np.float64], ballots: Ballots, policy: Policy, calibration: Mapping[int, Record] | None
) -> tuple[Tally, Bytes]:
    count = len(base)
    logit = base + ballot_logits(ballots, count, calibration)
    tally = Tally(
        belief=1.0 / (1.0 + np.exp(-np.clip(logit, -CAP, CAP))),
        confirmations=np.bincount(ballots.statement[ballots.vote > 0], minlength=count).astype(np.int32),
        disputes=np.bincount(ballots.statement[ballots.vote < 0], minlength=count).astype(np.int32),
    )
    return tally, verdicts(tally, policy)
