"""Under which rules, for whose eyes and by what besides the votes statements are judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chokepoint.vet.policy import DEFAULT, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.vet.belief import Record
    from chokepoint.vet.ties import Ties

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]

FOREVER = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What votes say besides whether it is true, one row a vote, V rows, as the votes are ordered.

    Attributes:
        crime: int8 (V,), is it about crime? 1 yes, -1 no, 0 unsure, `UNSAID`.
        disclose: int8 (V,), may it be disclosed? The same.
        until: int32 (V,), first day since 1970-01-01 on which the vote holds no more; `FOREVER`.
        position: int64 (V,), ledger position of the vote.
        despite: bool (V,), a confirmation in the knowledge of the disputes before it.
    """

    crime: Bytes
    disclose: Bytes
    until: Ints
    position: Longs
    despite: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What policies may ask of claims besides their grading, one row a claim, C rows.

    Attributes:
        assessment: bool (C,), a conclusion, not something seen.
        property: int16 (C,), index into `properties`, -1 unknown.
        properties: names.
    """

    assessment: Flags
    property: NDArray[np.int16]
    properties: tuple[str, ...]


def _none() -> Longs:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Under which rules and for whose eyes statements are judged.

    Attributes:
        policy: when a statement is accepted.
        calibration: measured reliability by organisation number.
        ties: between organisations; None: every one stands alone.
        answers: to the other questions, row by row as the votes; None: nobody was asked.
        traits: of the claims, row by row; None: unknown.
        recalled: int64, ascending positions of claims that their contributors withdrew.
        contradicted: int64, ascending positions of claims that later evidence speaks against, and
            `contradicted_at`, int64, the position of the newest such evidence: votes before it are to be
            cast anew.
        drawn: int64, ascending positions of claims at which the viewer was drawn to look: blind to it
            whatever their verdict, until it has voted.
        today: days since 1970-01-01.
        viewer: the organisation that looks; where it has not voted on an open statement of others, it sees
            nobody's vote on it. -1: the public, which sees none on any open one. None: no blinding.
    """

    policy: Policy = DEFAULT
    calibration: Mapping[int, Record] = field(default_factory=dict)
    ties: Ties | None = None
    answers: Answers | None = None
    traits: Traits | None = None
    recalled: Longs = field(default_factory=_none)
    contradicted: Longs = field(default_factory=_none)
    contradicted_at: Longs = field(default_factory=_none)
    drawn: Longs = field(default_factory=_none)
    today: int = 0
    viewer: int | None = None
