"""How the statements behind a handful of claims stand for one viewer: belief and verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.store import lookup
from chokepoint.store.base import grade_codes
from chokepoint.vet.policy import DEFAULT, VERDICTS
from chokepoint.vet.standing import judge

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.model.judgement import Verdict
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader
    from chokepoint.store.siblings import Sibling
    from chokepoint.vet.policy import Policy
    from chokepoint.vet.standing import Standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a statement is worth.

    Attributes:
        belief: probability that it is true.
        verdict: what the policy makes of the votes.
        simulated: whether simulated votes decided the verdict.
        confirmations: organisations other than the contributors that confirm.
        disputes: organisations that dispute.
    """

    belief: float
    verdict: Verdict
    simulated: bool = False
    confirmations: int = 0
    disputes: int = 0


class _Claims(NamedTuple):
    seq: NDArray[np.int64]
    origin: NDArray[np.int32]
    reliability: NDArray[np.int8]
    credibility: NDArray[np.int8]
    owner: NDArray[np.int32]


class _Votes(NamedTuple):
    claim: NDArray[np.int64]
    organisation: NDArray[np.int32]
    vote: NDArray[np.int8]
    simulated: NDArray[np.bool_]


class _Numbers(dict["Hashable", int]):
    """Small numbers in the order of first asking."""

    def __missing__(self, key: Hashable) -> int:
        self[key] = len(self)
        return self[key]


def standings(
    reader: Reader,
    connection: Connection,
    claims: Sequence[StoredClaim],
    *,
    beside: Sequence[Sibling] = (),
    policy: Policy = DEFAULT,
) -> dict[int, Standing]:
    """The standing of each claim's statement, by ledger position.

    Args:
        reader: of the viewer.
        connection: of the same reading as the claims.
        claims: claims of the statements asked about.
        beside: all other visible claims of the same statements; a missing one would weaken its statement.
        policy: when a statement is accepted.
    """
    if not claims:
        return {}
    ordered = sorted(claims, key=lambda claim: claim.seq)
    statements, members = _Numbers(), _Numbers()
    shown = [statements[one.claim.subject, one.claim.property, one.claim.object] for one in ordered]
    of_seq = dict(zip((one.seq for one in ordered), shown, strict=True))
    rows = sorted([*map(_row, ordered), *((one.seq, *one[2:]) for one in beside)])
    of_seq.update((one.seq, of_seq[one.twin]) for one in beside)
    found = judge(
        np.array([of_seq[row[0]] for row in rows], np.int64),
        _columns(rows, members),
        _votes(lookup.votes_on(reader, connection, of_seq), members),
        count=len(statements),
        policy=policy,
    )
    each = [_standing(found, row) for row in range(len(statements))]
    return {one.seq: each[number] for one, number in zip(ordered, shown, strict=True)}


def _standing(found: Standings, row: int) -> Standing:
    return Standing(
        belief=float(found.belief[row]),
        verdict=VERDICTS[int(found.verdict[row])],
        simulated=bool(found.simulated[row]),
        confirmations=int(found.confirmations[row]),
        disputes=int(found.disputes[row]),
    )


def _votes(votes: Sequence[lookup.CastVote], members: _Numbers) -> _Votes:
    return _Votes(
        np.array([vote.claim for vote in votes], np.int64),
        np.array([members[vote.organisation] for vote in votes], np.int32),
        np.array([vote.vote for vote in votes], np.int8),
        np.array([vote.simulated for vote in votes], np.bool_),
    )


_Row = tuple[int, str, int, int, str]


def _row(one: StoredClaim) -> _Row:
    source = one.claim.provenance
    return (one.seq, source.origin, *grade_codes(source.grading), one.contributor)


def _columns(rows: Sequence[_Row], members: _Numbers) -> _Claims:
    origins = _Numbers()
    return _Claims(
        np.array([row[0] for row in rows], np.int64),
        np.array([origins[row[1]] for row in rows], np.int32),
        np.array([row[2] for row in rows], np.int8),
        np.array([row[3] for row in rows], np.int8),
        np.array([members[row[4]] for row in rows], np.int32),
    )
