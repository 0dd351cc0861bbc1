"""Whose word on a statement counts towards its quorum, and why another's does not.

The same rules as `vet.standing` applies, told word by word.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.vet.ballots import barred_from, newest, words
from chokepoint.vet.belief import telling
from chokepoint.vet.ties import untied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.vet.ballots import Cast, ClaimColumns, Longs, VoteColumns, Words
    from chokepoint.vet.setting import Setting
    from chokepoint.vet.ties import Ties


class Weight(Enum):
    """Whether a word counts, and else why not."""

    COUNTS = "counts"
    UNSURE = "says neither yes nor no"
    SIMULATED = "made by a rule"
    OWN = "confirms what it contributed itself"
    TIED = "confirms what a tied organisation contributed or owns"
    FEED = "confirms what comes from its own feed alone"
    MUTE = "its confirmations tell nothing"
    ONE = "one voice with another that counts"
    RING = "measured to be one voice with others"
    LAPSED = "to be cast anew"


Pair = tuple[int, int]
"""A statement and an organisation."""


class Word(NamedTuple):
    """An organisation's word on a statement: what it weighs, and whether it disputes."""

    weight: Weight
    disputes: bool = False


def voices(statement: Longs, claims: ClaimColumns, votes: VoteColumns, setting: Setting) -> dict[Pair, Word]:
    """Each word on each statement, and what it weighs.

    `RING` is none of these: it is `TIED` or `ONE` where ties were measured.

    Args:
        statement: int64 (C,), of each claim; of withdrawn ones too, none is missing.
        claims: C rows.
        votes: those on them.
        setting: under which rules.
    """
    live = np.where(np.isin(claims.seq, setting.recalled), -1, statement).astype(np.int64)
    size = 1 + max(int(numbers.max(initial=-1)) for numbers in (claims.owner, votes.organisation))
    ties = setting.ties or untied(size)
    cast = newest(live, claims.seq, votes, votes.vote)
    real = cast.where(~cast.simulated)
    lapsed = _lapsed(real, claims, live, setting)
    fresh = real.where(~lapsed)
    found = dict.fromkeys(_pairs(cast), Word(Weight.SIMULATED))
    found |= dict.fromkeys(_pairs(real.where(lapsed)), Word(Weight.LAPSED))
    silent = [number for number, record in setting.calibration.items() if not telling(record)]
    said = words(fresh, claims, live, ties, ever=statement, mute=silent)
    meant = set(_pairs(fresh.where(fresh.vote > 0)))
    pairs = _pairs(said)
    why = _barred(said.statement, said.organisation.astype(np.int64), claims, (live, statement, ties))
    for pair, barred, counted, vote in zip(
        pairs, why, said.counted.tolist(), said.vote.tolist(), strict=True
    ):
        if vote:
            found[pair] = Word(Weight.COUNTS if counted else Weight.ONE, vote < 0)
        else:
            found[pair] = Word((barred or Weight.MUTE) if pair in meant else Weight.UNSURE)
    return found


def _pairs(rows: Cast | Words) -> list[Pair]:
    return list(zip(rows.statement.tolist(), rows.organisation.tolist(), strict=True))


def _lapsed(cast: Cast, claims: ClaimColumns, live: Longs, setting: Setting) -> NDArray[np.bool_]:
    """Confirmations past their day, or older than evidence against their statement."""
    if setting.answers is None or not len(cast.row):
        return np.zeros(len(cast.row), np.bool_)
    against = np.full(int(live.max(initial=0)) + 1, -1, np.int64)
    spoken = np.isin(claims.seq, setting.contradicted) & (live >= 0)
    at = np.searchsorted(setting.contradicted, claims.seq[spoken])
    np.maximum.at(against, live[spoken], setting.contradicted_at[at])
    late = setting.answers.until[cast.source] <= setting.today
    return (cast.vote > 0) & (late | (setting.answers.position[cast.source] < against[cast.statement]))


def _barred(
    statement: Longs, organisation: Longs, claims: ClaimColumns, context: tuple[Longs, Longs, Ties]
) -> list[Weight | None]:
    """Why each organisation may not vet its statement; None where it may."""
    live, ever, ties = context
    found: list[Weight | None] = [None] * len(statement)
    alone = untied(len(ties.family))
    house = replace(alone, family=ties.family, owners=ties.owners)
    for weight, rules in ((Weight.FEED, ties), (Weight.TIED, house), (Weight.OWN, alone)):
        flags = np.zeros(len(statement), np.bool_)
        for said in (live, ever):
            flags |= barred_from(statement, organisation, claims, (said, rules))
        for at in np.flatnonzero(flags).tolist():
            found[at] = weight
    return found
