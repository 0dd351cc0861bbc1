"""Rings: organisations whose votes agree beyond what their measured reliability explains.

A vote is compared with what organisations outside say of the same statement. Two organisations agree in
excess where one passes what is false of the other, or both are wrong together, far more often than each is by
itself: a log-likelihood ratio of favour against independent error (the copying test of Dong, Berti-Equille
and Srivastava 2009, with the contributor's claim as its vote). Ratios add over pairs, so that agglomeration
finds a ring of many of whom each pair was seen together a few times only. Agreement on what is true never
counts.

Where nobody outside has looked yet nothing can be compared: such pairs are *close* when they vote on each
other far more often than the lottery of a queue explains, and one voice until outsiders have looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]

FAVOUR = 0.95
"""Chance that a member of a ring passes what is false of another, or errs where the other errs."""
HARD, LEAST = 2.0, 0.2
"""How much oftener than with everybody else two may err alike on what is hard, and how often in any case."""
SURE = log(1_000.0)
"""Log-odds of excess agreement, beyond the number of pairs that were looked at, from which it is a ring."""
DOUBT = log(20.0)
"""Log-odds of erring alike below which it says nothing beside how the two judge each other's claims."""
CLEARED = -3.0
"""Log-odds of excess agreement from which a pair was seen often enough to be independent."""
TIMES = 1.3
"""How much oftener than by lottery a close pair meets at least."""
RARE = 1e-4
"""Chance that a lottery explains the meetings of a close pair."""


class Seen(NamedTuple):
    """Votes, V rows.

    Attributes:
        statement: int64 (V,). voter, owner: int64 (V,), who votes, and the statement's first contributor.
        yes: bool (V,), whether the vote confirms.
    """

    statement: Longs
    voter: Longs
    owner: Longs
    yes: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Organisations that count as one voice, and why.

    Attributes:
        members: their numbers, ascending.
        passed: false claims of each other that they confirmed, of `within` on which they voted.
        outside: false claims of others that they confirmed, of `beyond` on which they voted.
        together: statements on which several of them were wrong alike.
        odds: log-odds of favour against independent error, summed over their pairs.
    """

    members: tuple[int, ...]
    passed: int
    within: int
    outside: int
    beyond: int
    together: int
    odds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Excess agreement of N organisations, symmetric float64 (N, N), log-odds; and what it rests on.

    Attributes:
        odds: of favour against independent error.
        passed, caught: (N, N), false claims of the column's organisation that the row's confirmed, disputed,
            in expected numbers.
        together: (N, N), statements on which both were wrong alike.
    """

    odds: Floats
    passed: Floats
    caught: Floats
    together: Floats


class Outside(NamedTuple):
    """What outsiders say of each vote's statement, V rows.

    Attributes:
        false: float64 (V,), chance that it is false; 0 where nobody outside has looked.
        wrong: bool (V,), whether the vote goes against what outsiders say.
        known: bool (V,), whether they leave little doubt.
    """

    false: Floats
    wrong: Flags
    known: Flags


def excess(seen: Seen, told: Outside, *, error: tuple[Floats, Floats], group: Longs, met: Flags) -> Excess:
    """How far pairs of organisations agree where outsiders say that they are wrong.

    Args:
        seen: the votes.
        told: what outsiders say.
        error: float64 (N,) each, shares of what is false that organisations pass, and of what is true that
            they dispute, votes within their group left out.
        group: of each organisation so far, (N,).
        met: bool (N, N), voters and contributors of whom it is not to be read how often the voter passes what
            is false of others.
    """
    size = len(group)
    key = seen.voter * size + seen.owner
    passed, caught = (
        np.bincount(key, told.false * said, size * size).reshape(size, size).astype(np.float64)
        for said in (seen.yes, ~seen.yes)
    )
    free = (group[:, None] != group[None, :]) & ~met
    elsewhere = [(one * free).sum(axis=1, keepdims=True) - one * free for one in (passed, caught)]
    rate = np.clip((elsewhere[0] + 2.5) / (elsewhere[0] + elsewhere[1] + 5.0), 1e-3, FAVOUR)
    favours = passed * np.log(FAVOUR / rate) + caught * np.log((1 - FAVOUR + 1e-3) / (1 - rate + 1e-3))
    np.fill_diagonal(favours, 0.0)
    explained = seen.yes & (group[seen.voter] == group[seen.owner])
    together, copied = _alike(seen, told.wrong, told.known & ~explained, error)
    mutual = favours + favours.T
    odds = np.where(copied > DOUBT, np.maximum(mutual, 0.0) + copied, mutual)
    return Excess(odds=odds, passed=passed, caught=caught, together=together)


def _alike(seen: Seen, wrong: Flags, known: Flags, error: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Statements on which two organisations erred alike, and the log-odds of copying, both (N, N).

    A statement that is hard for all makes honest organisations err together; so a pair's joint errors are
    held against those of either with everybody else, not against chance alone.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow to load, and where nobody votes not needed

    size = len(error[0])
    tall = int(seen.statement.max(initial=-1)) + 1

    def table(mask: Flags) -> csr_array:
        here = np.flatnonzero(mask)
        where = (seen.voter[here], seen.statement[here])
        return csr_array((np.ones(len(here)), where), shape=(size, tall))

    all_ = table(known)
    wrongs = [table(known & wrong & (seen.yes == yes)) for yes in (True, False)]
    mets = [np.asarray((one @ all_.T).todense()) for one in wrongs]
    met = mets[0] + mets[1]
    joint = np.asarray(sum((one @ one.T).todense() for one in wrongs))
    alone = mets[0] * error[0] + mets[1] * error[1]
    np.fill_diagonal(joint, 0.0)
    np.fill_diagonal(met, 0.0)
    others = joint.sum(axis=1, keepdims=True) - joint, met.sum(axis=1, keepdims=True) - met
    hard = np.clip(HARD * (others[0] + 1.0) / (others[1] + 5.0), LEAST, 0.5)
    rate = np.clip(np.maximum(hard, (alone + 1.0) / (met + 1.0)), LEAST, FAVOUR)
    share = np.clip(joint / np.maximum(met, 1.0), rate, 1.0 - 1e-6)
    half = joint * np.log(share / rate) + (met - joint) * np.log((1 - share) / (1 - rate))
    return joint, (half + half.T) / 2


def agglomerate(odds: Floats) -> Longs:
    """The group of each organisation, int64 (N,), named by its smallest member.

    Groups grow while anything speaks for it and nobody in them is spoken against; then whoever is not tied to
    the rest of its group beyond `SURE` leaves.

    Args:
        odds: symmetric, (N, N), log-odds of excess agreement.
    """
    size = len(odds)
    group = np.arange(size)
    while size > 1:
        names, at = np.unique(group, return_inverse=True)
        member = np.eye(len(names))[at]
        to_group = odds @ member
        between = member.T @ to_group
        friendly = member.T @ (to_group < 0.0) == 0
        fits = friendly & friendly.T & ~np.eye(len(names), dtype=np.bool_)
        score = np.where(fits, between, -np.inf)
        one, other = divmod(int(score.argmax()), len(names))
        if score[one, other] <= 0.0:
            break
        group[group == max(names[one], names[other])] = min(names[one], names[other])
    return _sure(odds, group)


def _sure(odds: Floats, group: Longs) -> Longs:
    """The groups without strays; a stray that is tied to another group, against nobody in it, joins that."""
    size = len(odds)
    least = SURE + log(max(1, size))
    rings: list[list[int]] = []
    for name in np.unique(group):
        inside = np.flatnonzero(group == name)
        while len(inside) > 1 and (tied := odds[np.ix_(inside, inside)].sum(axis=1)).min() < least:
            inside = np.delete(inside, tied.argmin())
        if len(inside) > 1:
            rings.append(inside.tolist())
    for one in set(range(size)).difference(*rings):
        for ring in rings:
            if odds[one, ring].sum() >= least and odds[one, ring].min() >= 0.0:
                ring.append(one)
                break
    label = np.arange(size)
    for ring in rings:
        label[ring] = min(ring)
    return label


def close_pairs(seen: Seen, odds: Floats, group: Longs) -> Flags:
    """Whether a voter and a contributor, (N, N), meet too often for lottery and were not seen apart yet.

    Args:
        seen: the votes.
        odds: log-odds of excess agreement, (N, N).
        group: of each organisation, (N,); within one, pairs are left out, for they count as one anyway.
    """
    size = len(odds)
    met = meetings(seen, size)
    close = np.asarray((met > 0) & (odds > CLEARED) & (group[:, None] != group[None, :]))
    if close.any():
        from scipy.special import pdtrc  # noqa: PLC0415 - slow to load, and most atlases have no such pair

        close[close] = pdtrc(met[close] - 1, TIMES * _lottery(seen, met)[close]) < RARE
    return close


def uncritical(seen: Seen, met: Flags) -> Flags:
    """Those pairs (N, N) of whom the voter disputes the contributor not half as often as all others.

    Args:
        seen: the votes.
        met: bool (N, N), the pairs asked about.
    """
    size = len(met)
    no = ~seen.yes
    disputed = Seen(seen.statement[no], seen.voter[no], seen.owner[no], seen.yes[no])
    many, against = meetings(seen, size), meetings(disputed, size)
    elsewhere = [(one * ~met).sum(axis=1, keepdims=True) for one in (against, many)]
    usual = (elsewhere[0] + 1.0) / (elsewhere[1] + 5.0)
    return np.asarray(met & (2.0 * against < usual * many))


def _lottery(seen: Seen, met: Floats) -> Floats:
    """Expected meetings, (N, N): votes spread as statements are, and as other voters' are."""
    size = len(met)
    _, first = np.unique(seen.statement, return_index=True)
    said = np.bincount(seen.owner[first], minlength=size).astype(np.float64)
    share = said[None, :] / np.maximum(said.sum() - said[:, None], 1.0)
    expected = met.sum(axis=1, keepdims=True) * share
    liked = np.median(met / np.maximum(expected, 1e-9), axis=0) if size else np.zeros(0)
    return np.asarray(expected * np.clip(liked, 1.0, None))


def meetings(seen: Seen, size: int) -> Floats:
    """Votes of each organisation on claims of each, float64 (size, size)."""
    key = seen.voter * size + seen.owner
    return np.bincount(key, minlength=size * size).reshape(size, size).astype(np.float64)


def described(group: Longs, found: Excess) -> tuple[Ring, ...]:
    """The groups of several, with what speaks for them."""

    def ring(name: int) -> Ring:
        inside = group == name
        block, rest = np.ix_(inside, inside), np.ix_(inside, ~inside)
        passed, caught = found.passed, found.caught
        return Ring(
            members=tuple(np.flatnonzero(inside).tolist()),
            passed=round(passed[block].sum()),
            within=round((passed + caught)[block].sum()),
            outside=round(passed[rest].sum()),
            beyond=round((passed + caught)[rest].sum()),
            together=int(found.together[block].sum() / 2),
            odds=float(found.odds[block].sum() / 2),
        )

    names, sizes = np.unique(group, return_counts=True)
    return tuple(ring(int(name)) for name in names[sizes > 1])
