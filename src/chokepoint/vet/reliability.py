"""How far each voter's word is to be trusted, learnt without taking any statement's truth for certain.

Each statement is true with some chance, and each organisation has two coins: of confirming what is true and
of disputing what is false (Dawid and Skene 1979, by expectation and maximisation). Two things are added.
The coins' Beta priors have the coalition's own means, so that whoever was seen little is judged as members
are on the whole, and nobody's word is silenced for want of a record (empirical Bayes; Raykar and others
2010). And how often what the gradings say comes true is fitted beside (Platt 1999): where most of what is
weakly graded turns out true, an honest member who confirms it passes nothing false.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chokepoint.vet.belief import CAP, STRENGTH, USUAL

if TYPE_CHECKING:
    from chokepoint.vet.rings import Seen

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEPS = 60
CLOSE = 0.01
"""Log-odds by which no statement may move any more for the fit to be done."""
ALIKE = 1e-9
"""Log-odds by which sums of the same weights may differ."""
MEMBERS = 2.0
"""Members' worth of weight of `USUAL` in the coalition's means."""
FIRM = 10.0
"""Statements' worth of weight of the gradings' table as it stands, in what is fitted to it."""
WRONG = 0.01
"""Share of false ones, among what two confirm and nobody disputes, that may be expected."""
QUORUM = 2
ENOUGH = 100
"""Statements with a quorum from which the share of false ones among them is measured at all."""
MOST = 0.998
"""The highest bar: beliefs end at 0.999."""


class Reliability(NamedTuple):
    """What was learnt of N voters on S statements.

    Attributes:
        counts: float64 (4, N), expected numbers as in `Record`.
        usual: the coalition's mean chances of confirming what is true and of disputing what is false.
        chance: float64 (S,), of each statement to be true.
    """

    counts: Floats
    usual: tuple[float, float]
    chance: Floats


def reliability(base: Floats, seen: Seen, weight: Floats, *, size: int, steps: int = STEPS) -> Reliability:
    """Fit voters, gradings and statements to each other.

    Args:
        base: float64 (S,), log-odds of each statement from its evidence.
        seen: V votes.
        weight: float64 (V,), how much of a voice each vote is: 0 where it must not count.
        size: N, organisations.
        steps: after which it ends though it still moves.
    """
    heard = np.bincount(seen.statement, weights=weight, minlength=len(base)) > 0
    usual, line = np.array(USUAL), np.array([0.0, 1.0])
    counts = np.zeros((4, size))
    logit = base + _heard(_logits(counts, usual), seen, weight, len(base))
    for _ in range(steps):
        chance = _sigmoid(logit)
        counts = _expected(chance, seen, weight, size)
        usual = _usual(counts, usual)
        line = _fitted(line, base[heard], chance[heard])
        fresh = line[0] + line[1] * base + _heard(_logits(counts, usual), seen, weight, len(base))
        moved = np.abs(np.clip(fresh, -CAP, CAP) - np.clip(logit, -CAP, CAP)).max(initial=0.0)
        logit = fresh
        if moved < CLOSE:
            break
    return Reliability(counts, (float(usual[0]), float(usual[1])), _sigmoid(logit))


def bar(logit: Floats, chance: Floats, seen: Seen) -> float:
    """The least belief from which, of what two confirm and nobody disputes, `WRONG` at most is false.

    0 where all of it may be accepted, or too little was voted on to tell.

    Args:
        logit: float64 (S,), log-odds of each statement as beliefs will be computed.
        chance: float64 (S,), of each to be true, as far as all that was learnt tells.
        seen: the votes.
    """
    yes = np.bincount(seen.statement[seen.yes], minlength=len(logit))
    no = np.bincount(seen.statement[~seen.yes], minlength=len(logit))
    backed = np.flatnonzero((yes >= QUORUM) & (no == 0))
    if len(backed) < ENOUGH:
        return 0.0
    order = backed[np.argsort(-logit[backed], kind="stable")]
    wrong = np.cumsum(1.0 - chance[order]) / np.arange(1, len(order) + 1)
    last = np.append(
        np.diff(logit[order]) < -ALIKE, np.True_
    )  # whoever accepts one accepts all that are alike
    fit = np.flatnonzero((wrong <= WRONG) & last)
    if not len(fit):
        return MOST
    return 0.0 if fit[-1] == len(order) - 1 else min(MOST, float(_sigmoid(logit[order[fit[-1]]])))


def _sigmoid(logit: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -CAP, CAP))), np.float64)


def _logits(counts: Floats, usual: Floats) -> Floats:
    """Log-odds that a confirmation adds and that a dispute takes away, by voter, float64 (2, N)."""
    found, denied, caught, passed = counts
    sensitivity = (STRENGTH * usual[0] + found) / (STRENGTH + found + denied)
    specificity = (STRENGTH * usual[1] + caught) / (STRENGTH + caught + passed)
    ratios = np.stack([sensitivity / (1.0 - specificity), specificity / (1.0 - sensitivity)])
    return np.asarray(np.maximum(0.0, np.log(ratios)), np.float64)


def _heard(logits: Floats, seen: Seen, weight: Floats, count: int) -> Floats:
    """Log-odds that the votes on each statement add, float64 (S,)."""
    said = np.where(seen.yes, logits[0, seen.voter], -logits[1, seen.voter])
    return np.asarray(np.bincount(seen.statement, weights=said * weight, minlength=count), np.float64)


def _expected(chance: Floats, seen: Seen, weight: Floats, size: int) -> Floats:
    """Expected counts of each voter, float64 (4, N), as in `Record`."""
    true = chance[seen.statement]
    shares = (true * seen.yes, true * ~seen.yes, (1 - true) * ~seen.yes, (1 - true) * seen.yes)
    return np.stack([np.bincount(seen.voter, weights=weight * one, minlength=size) for one in shares])


def _usual(counts: Floats, before: Floats) -> Floats:
    """The means of both coins over members, each weighing by how far its record outweighs the prior."""
    means = []
    for (right, wrong), mean, usual in zip((counts[:2], counts[2:]), before, USUAL, strict=True):
        rate = (right + STRENGTH * mean) / (right + wrong + STRENGTH)
        known = (right + wrong) / (right + wrong + STRENGTH)
        means.append(((rate * known).sum() + MEMBERS * usual) / (known.sum() + MEMBERS))
    return np.array(means)


def _fitted(line: Floats, base: Floats, chance: Floats) -> Floats:
    """One Newton step towards the offset and slope by which log-odds from gradings meet the chances best."""
    here = _sigmoid(line[0] + line[1] * base)
    spread = here * (1.0 - here)
    moments = [(spread * base**power).sum() for power in range(3)]
    curve = np.array([[moments[0] + FIRM, moments[1]], [moments[1], moments[2] + FIRM]])
    pull = np.array(
        [(chance - here).sum() - FIRM * line[0], ((chance - here) * base).sum() - FIRM * (line[1] - 1)]
    )
    return np.asarray(line + np.linalg.solve(curve, pull))
