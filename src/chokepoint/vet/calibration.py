"""Calibration: how often organisations' votes and the sources' gradings turned out right.

The truth of a statement is *known by now* to a vote where all else, the vote itself left out, leaves little
doubt. Reliability is two Beta posteriors an organisation: of confirming what is true and of disputing what
is false (Dawid & Skene 1979 with two coins, priors and leave-one-out; see also Raykar et al. 2010). Who
agrees beyond that is one voice: see `rings`. In telling the truth, each organisation's word on what another
contributed weighs the same, however many votes it spends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chokepoint.vet.belief import CAP, STRENGTH, USUAL, Record, vote_logits
from chokepoint.vet.reliability import bar, reliability
from chokepoint.vet.rings import (
    Excess,
    Outside,
    Seen,
    agglomerate,
    close_pairs,
    described,
    excess,
    meetings,
    uncritical,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chokepoint.vet.belief import Ballots
    from chokepoint.vet.rings import Ring

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

KNOWN = log(9.0)
"""Log-odds from which the truth counts as known: nine to one."""
OTHERS = 1
"""Votes of outsiders without which the truth counts as unknown."""
NEVER = -1e9
ROUNDS = 6
STEPS = 15
"""Of fitting voters in each round but the last."""
BINS = 10


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
        rings: organisations that count as one voice.
        close: (voter, contributor) pairs that meet too often for lottery and that no outsider has seen apart.
        logit: float64 (S,), log-odds of each statement from evidence and weighed votes.
        usual: chances, as in `belief.USUAL`, of the members on the whole.
        bar: belief from which what two confirm is to be accepted; 0: as the policy says.
    """

    records: Mapping[int, Record]
    rings: tuple[Ring, ...]
    close: frozenset[tuple[int, int]]
    logit: Floats
    usual: tuple[float, float]
    bar: float


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
    """Brier score and reliability table of predictions whose truth is known.

    The interval is that of a mean to which one distance of 0 and one of 1 were added (after Agresti and Coull
    1998): few predictions, all of them right, say little of what the next will be.
    """
    if not len(predicted):
        return Report(brier=0.0, low=0.0, high=1.0, count=0, bins=())
    distance = (predicted - truth) ** 2
    mean, wider = float(distance.mean()), np.append(distance, (0.0, 1.0))
    middle, spread = float(wider.mean()), 1.959964 * float(wider.std()) / sqrt(len(wider))
    tenth = np.minimum((predicted * BINS).astype(np.int64), BINS - 1)
    bins = tuple(
        Bin(int(here.sum()), float(predicted[here].mean()), int(truth[here].sum()))
        if (here := tenth == number).any()
        else Bin(0, (number + 0.5) / BINS, 0)
        for number in range(BINS)
    )
    low, high = max(0.0, min(mean, middle - spread)), min(1.0, max(mean, middle + spread))
    return Report(brier=mean, low=low, high=high, count=len(distance), bins=bins)


def learn(
    base: Floats,
    ballots: Ballots,
    contributor: NDArray[np.int32],
    *,
    apart: frozenset[int] = frozenset(),
) -> Learnt:
    """Reliability of voters and the rings among them, from where they agree with what all else says.

    Args:
        base: float64 (S,), log-odds of each statement from its evidence.
        ballots: one word an organisation and statement; contributors' own are not among them.
        contributor: int32 (S,), the first contributor of each statement.
        apart: organisations that a human holds to be independent, whatever is measured.
    """
    said = ballots.vote != 0
    statement, voter = ballots.statement[said], ballots.organisation[said].astype(np.int64)
    seen = Seen(statement, voter, contributor[statement].astype(np.int64), ballots.vote[said] > 0)
    size = int(max(voter.max(initial=-1), contributor.max(initial=-1))) + 1
    guess = _first(seen, size, apart)
    for _ in range(ROUNDS):
        guess = _better(base, seen, guess, apart)
    voice = _voices(seen, guess)
    others = _outside(base, seen, voice, guess.group)[1]
    found = reliability(base, seen, np.where(others >= OTHERS, voice, 0.0), size=size)
    records = {
        number: Record._make([*found.counts[:, number].tolist(), found.usual])
        for number in np.flatnonzero(found.counts.sum(axis=0)).tolist()
    }
    weight = voice * _signed(seen, found.counts, found.usual)
    logit = base + np.bincount(statement, weights=weight, minlength=len(base))
    return Learnt(
        records=records,
        rings=described(guess.group, guess.found),
        close=frozenset((int(one), int(other)) for one, other in np.argwhere(guess.close)),
        logit=logit,
        usual=found.usual,
        bar=bar(logit, found.chance, seen),
    )


class _Guess(NamedTuple):
    """What is held of N voters so far.

    Attributes:
        counts: (4, N) as in `Record`; usual: as there.
        group: (N,), by the smallest member.
        met: (N, N), voters who hardly ever dispute a contributor whom they meet beyond lottery.
        close: (N, N), those who meet beyond lottery and were not seen apart yet.
        found: why.
    """

    counts: Floats
    usual: tuple[float, float]
    group: Longs
    met: Flags
    close: Flags
    found: Excess


def _first(seen: Seen, size: int, apart: frozenset[int]) -> _Guess:
    """Nobody was measured; who meets beyond lottery and hardly ever disputes is not asked of each other."""
    none = np.zeros((size, size))
    group = np.arange(size)
    met = close_pairs(seen, _held_apart(none, apart), group)
    met = uncritical(seen, met)
    nothing = Excess(odds=none, passed=none, caught=none, together=none)
    return _Guess(np.zeros((4, size)), USUAL, group, met, met, nothing)


def _held_apart(odds: Floats, apart: frozenset[int]) -> Floats:
    """The odds with nothing that speaks for excess agreement of those whom a human holds apart."""
    odds, alone = odds.copy(), sorted(one for one in apart if one < len(odds))
    odds[alone] = odds[:, alone] = NEVER
    return odds


def _better(base: Floats, seen: Seen, guess: _Guess, apart: frozenset[int]) -> _Guess:
    """The truth as outsiders see it under a guess, and what it makes of the voters.

    Those of whom the voter hardly ever disputes and meets beyond lottery tell others nothing of the truth: a
    ring that rushes would speak for itself.
    """
    size = len(guess.group)
    favours = guess.met[seen.voter, seen.owner] & seen.yes
    signed = np.where(favours, 0.0, _signed(seen, guess.counts, guess.usual) * _equal_voices(seen, size))
    rest, others = _outside(base, seen, signed, guess.group)
    heard = others >= OTHERS
    told = Outside(
        false=np.where(heard, 1.0 / (1.0 + np.exp(rest)), 0.0),
        wrong=seen.yes != (rest > 0),
        known=heard & (np.abs(rest) >= KNOWN),
    )
    found = excess(seen, told, error=_error(guess.counts, guess.usual), group=guess.group, met=guess.met)
    odds = _held_apart(found.odds, apart)
    group = agglomerate(odds)
    fresh = guess._replace(group=group, close=close_pairs(seen, odds, group), found=found)
    voice = np.where(heard & ~favours, _voices(seen, fresh), 0.0)
    learnt = reliability(base, seen, voice, size=size, steps=STEPS)
    return fresh._replace(counts=learnt.counts, usual=learnt.usual)


def _voices(seen: Seen, guess: _Guess) -> Floats:
    """How much of a voice each vote is: none inside a group, a share where several are one."""
    return np.where(_inside(seen, guess.group), 0.0, 1.0 / _chorus(seen, guess.group, guess.close))


def _inside(seen: Seen, group: Longs) -> Flags:
    """Confirmations of what the voter's own group contributed."""
    inside: Flags = np.logical_and(seen.yes, group[seen.voter] == group[seen.owner])
    return inside


def _signed(seen: Seen, counts: Floats, usual: tuple[float, float]) -> Floats:
    """Log-odds of each vote by its voter's record."""
    return _weights(counts, usual)[np.where(seen.yes, 0, 1), seen.voter] * np.where(seen.yes, 1.0, -1.0)


def _equal_voices(seen: Seen, size: int) -> Floats:
    """For each vote, how far its organisation's voice on this contributor is to be raised or lowered.

    So that a ring that votes on each of its own claims does not outnumber those who looked at some.
    """
    met = meetings(seen, size)
    fair = met.sum(axis=0, keepdims=True) / np.maximum((met > 0).sum(axis=0, keepdims=True), 1)
    factor = (fair + 1.0) / (met + 1.0)
    return np.asarray(np.clip(factor, 0.1, 4.0)[seen.voter, seen.owner])


def _outside(base: Floats, seen: Seen, signed: Floats, group: Longs) -> tuple[Floats, Floats]:
    """Log-odds, and votes that tell, of each vote's statement without the groups of voter and contributor."""
    size = len(group)
    key = seen.statement * size + group[seen.voter]
    pairs, at = np.unique(key, return_inverse=True)
    telling = signed != 0
    total = np.bincount(at, weights=signed)
    many = np.bincount(at, weights=telling)
    logit = base + np.bincount(seen.statement, weights=signed, minlength=len(base))
    votes = np.bincount(seen.statement, weights=telling, minlength=len(base))
    rest, others = logit[seen.statement] - total[at], votes[seen.statement] - many[at]
    host = seen.statement * size + group[seen.owner]
    where = np.minimum(np.searchsorted(pairs, host), max(len(pairs) - 1, 0))
    there = (pairs[where] == host) & (host != key) if len(pairs) else np.zeros(0, np.bool_)
    rest[there] -= total[where[there]]
    others[there] -= many[where[there]]
    return np.clip(rest, -CAP, CAP), others.astype(np.float64)


def _chorus(seen: Seen, group: Longs, close: Flags) -> Longs:
    """With how many of one side of a statement each vote shares one voice."""
    size = len(group)
    voice = np.where(close[seen.voter, seen.owner], size, group[seen.voter])
    key = (seen.statement * (size + 1) + voice) * 2 + seen.yes
    _, at, many = np.unique(key, return_inverse=True, return_counts=True)
    return many[at]


def _error(counts: Floats, usual: tuple[float, float]) -> tuple[Floats, Floats]:
    """Shares of what is false that each passes, and of what is true that it disputes."""
    found, denied, caught, passed = counts
    passes, denies = (STRENGTH * (1.0 - one) for one in (usual[1], usual[0]))
    return (passes + passed) / (STRENGTH + passed + caught), (denies + denied) / (STRENGTH + found + denied)


def _weights(counts: Floats, usual: tuple[float, float]) -> Floats:
    """Log-odds of a confirmation and of a dispute by voter, float64 (2, N)."""
    pairs = [vote_logits(Record._make([*column, usual])) for column in counts.T.tolist()]
    return np.array(pairs, np.float64).reshape(-1, 2).T
