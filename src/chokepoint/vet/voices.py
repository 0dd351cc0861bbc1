"""Whose word on a statement counts towards its quorum, and why another's does not.

The same rules as `vet.standing` applies to all statements at once, told of one and vote by vote.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.vet.ballots import barred_from, newest, words
from chokepoint.vet.belief import telling
from chokepoint.vet.ties import untied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.vet.ballots import Cast, ClaimColumns, VoteColumns
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


def weights(claims: ClaimColumns, votes: VoteColumns, setting: Setting) -> dict[int, Weight]:
    """Of each organisation with a word on one statement, what that weighs.

    `RING` is none of these: it is `TIED` or `ONE` where ties were measured.

    Args:
        claims: all claims of the statement, withdrawn ones too.
        votes: those on them.
        setting: under which rules.
    """
    live = np.where(np.isin(claims.seq, setting.recalled), -1, 0).astype(np.int64)
    size = 1 + max(int(numbers.max(initial=-1)) for numbers in (claims.owner, votes.organisation))
    ties = setting.ties or untied(size)
    cast = newest(live, claims.seq, votes, votes.vote)
    real = cast.where(~cast.simulated)
    found = dict.fromkeys(cast.organisation.tolist(), Weight.SIMULATED)
    lapsed = _lapsed(real, claims, live, setting)
    fresh = real.where(~lapsed)
    found |= dict.fromkeys(real.organisation[lapsed].tolist(), Weight.LAPSED)
    silent = [number for number, record in setting.calibration.items() if not telling(record)]
    said = words(fresh, claims, live, ties, ever=np.zeros_like(live), mute=silent)
    why = _barred(said.organisation.astype(np.int64), claims, live, ties)
    for number, counted, vote in zip(
        said.organisation.tolist(), said.counted.tolist(), said.vote.tolist(), strict=True
    ):
        meant = set(fresh.vote[fresh.organisation == number].tolist())
        if vote:
            found[number] = Weight.COUNTS if counted else Weight.ONE
        else:
            found[number] = why.get(number, Weight.MUTE) if 1 in meant else Weight.UNSURE
    return found


def _lapsed(cast: Cast, claims: ClaimColumns, live: NDArray[np.int64], setting: Setting) -> NDArray[np.bool_]:
    """Confirmations past their day, or older than evidence against the statement."""
    if setting.answers is None:
        return np.zeros(len(cast.row), np.bool_)
    against = np.isin(setting.contradicted, claims.seq[live >= 0])
    newest_against = int(setting.contradicted_at[against].max(initial=-1))
    late = setting.answers.until[cast.source] <= setting.today
    return (cast.vote > 0) & (late | (setting.answers.position[cast.source] < newest_against))


def _barred(
    organisation: NDArray[np.int64], claims: ClaimColumns, live: NDArray[np.int64], ties: Ties
) -> dict[int, Weight]:
    """Why organisations may not vet it; those that may are left out."""
    nothing = np.zeros(len(organisation), np.int64)
    alone = untied(len(ties.family))
    found: dict[int, Weight] = {}
    for weight, rules in ((Weight.FEED, ties), (Weight.TIED, _without_feeds(ties)), (Weight.OWN, alone)):
        flags = np.zeros(len(organisation), np.bool_)
        for said in (live, np.zeros_like(live)):
            flags |= barred_from(nothing, organisation, claims, (said, rules))
        found |= dict.fromkeys(organisation[flags].tolist(), weight)
    return found


def _without_feeds(ties: Ties) -> Ties:
    return type(ties)(family=ties.family, sector=ties.sector, owners=ties.owners)
