"""How long until a thing that was hit is replaced: a guess by kind, corrected and learnt from outcomes."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Times = Mapping[str, tuple[float, float]]

PRIOR_WEIGHT = 5.0
"""Outcomes that the guess before any outcome is worth."""
SHORTEST = 0.04
"""Days (an hour): what is back sooner counts as back after so long."""
ROUNDS, STILL = 2_000, 1e-9
"""Most steps, and the step of the log median at which it stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one hit.

    Attributes:
        kind: of the thing that was hit.
        days: until it was back, or for how long it was gone when somebody last looked.
        back: which of the two.
    """

    kind: str
    days: float
    back: bool


def expected_times(
    corrected: Times | None = None, outcomes: Iterable[Outcome] = ()
) -> dict[str, tuple[float, float]]:
    """Median (days) and spread (log-normal sigma) of the time to replace, by kind.

    Args:
        corrected: somebody's better guesses; they stand in for the vocabulary's.
        outcomes: observed hits, by which the guesses are updated.
    """
    times = {name: kind.replace_days for name, kind in vocabulary().kinds.items()} | dict(corrected or {})
    seen: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        seen[outcome.kind].append(outcome)
    return times | {kind: learnt(times[kind], found) for kind, found in seen.items() if kind in times}


def learnt(guess: tuple[float, float], outcomes: Iterable[Outcome]) -> tuple[float, float]:
    """The guess after outcomes: normal posterior of the log median, the spread taken as known.

    A thing that is not back yet enters with its expected time beyond what was seen (the EM step for a
    right-censored normal, Tobin 1958), repeated until it stands still.
    """
    median, spread = guess
    start = math.log(median)
    found = list(outcomes)
    if not found:
        return guess
    logs = [(math.log(max(one.days, SHORTEST)), one.back) for one in found]
    known = PRIOR_WEIGHT * start + sum(day for day, back in logs if back)
    gone = Counter(day for day, back in logs if not back)
    middle, step = start, math.inf
    for _ in range(ROUNDS):
        if abs(step) < STILL:
            break
        beyond = sum(many * _beyond(day, middle, spread) for day, many in gone.items())
        step = (known + beyond) / (PRIOR_WEIGHT + len(logs)) - middle
        middle += step
    return math.exp(middle), spread


def _beyond(seen: float, middle: float, spread: float) -> float:
    """Expected value of a normal variable known to exceed `seen`."""
    z = (seen - middle) / spread
    tail = 0.5 * math.erfc(z / math.sqrt(2.0))
    if tail < 1e-12:
        return seen + spread / z
    return middle + spread * math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) / tail
