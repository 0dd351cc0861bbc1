"""Votes of simulated members, by rules that do not reuse the grading.

Each rule looks at what no grading says: whether an independent origin states the same, whether another
origin contradicts it, whether a known-good list holds the subject. The votes carry the `simulated` mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.vetting.casting import Cast
from chokepoint.model.judgement import Vote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from chokepoint.store.base import LinkColumns

CRIMINAL = frozenset({"indicates", "requests-payment-to", "attributed-to", "contact", "controlled-by"})
TO_OBJECT = frozenset({"requests-payment-to", "contact"})
SAMPLE = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Ledger positions of the claims that each rule speaks of.

    Attributes:
        again: an independent origin accuses the same identifier too.
        contradicted: another source calls the identifier legitimate.
        listed: a known-good list holds the identifier.
        alone: one origin only, nothing for or against.
    """

    again: tuple[int, ...]
    contradicted: tuple[int, ...]
    listed: tuple[int, ...]
    alone: tuple[int, ...]


def sample(links: LinkColumns, properties: Mapping[int, str], known_good: NDArray[np.bool_]) -> Sample:
    """Choose the claims to vote on.

    Args:
        links: all visible link claims.
        properties: names by number.
        known_good: by entity number, whether a known-good list holds it.
    """
    names = np.array([properties.get(number, "") for number in range(max(properties, default=0) + 1)])
    criminal = np.isin(names[links.property], list(CRIMINAL))
    backward = np.isin(names[links.property], list(TO_OBJECT))
    identifier = np.where(backward, links.object, links.subject)
    legitimate = np.unique(links.subject[names[links.property] == "legitimate"])
    origins = _origins_per(identifier, links.origin, criminal)
    contradicted = criminal & np.isin(identifier, legitimate)
    listed = criminal & known_good[identifier] & ~contradicted
    clean = criminal & ~contradicted & ~listed
    return Sample(
        again=_some(links.seq, identifier, clean & (origins >= 2)),
        contradicted=_some(links.seq, identifier, contradicted),
        listed=_some(links.seq, identifier, listed),
        alone=_some(links.seq, identifier, clean & (origins == 1), SAMPLE // 8),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Who votes, and what they need for it.

    Attributes:
        members: three organisations, none of them the contributor.
        ids: ledger positions → record ids.
        reread: of some positions, those whose sentence is found in its capture at the place it names.
    """

    members: tuple[str, str, str]
    ids: Callable[[Sequence[int]], tuple[str, ...]]
    reread: Callable[[Sequence[int]], tuple[int, ...]]


def casts(chosen: Sample, bench: Bench) -> list[Cast]:
    """The votes of three members on a sample."""
    first, second, third = bench.members
    rules = (
        (first, Vote.CONFIRM, "an independent origin accuses the same identifier", chosen.again),
        (
            second,
            Vote.CONFIRM,
            "the sentence stands in its capture, and another origin accuses the identifier too",
            bench.reread(chosen.again),
        ),
        (second, Vote.DISPUTE, "another source calls the identifier legitimate", chosen.contradicted),
        (third, Vote.DISPUTE, "a known-good list holds the identifier", chosen.listed),
        (third, Vote.UNSURE, "one origin only; nothing found for or against", chosen.alone),
    )
    return [
        Cast(organisation=member, vote=word, reason=reason, claims=bench.ids(seqs))
        for member, word, reason, seqs in rules
        if seqs
    ]


def _origins_per(
    identifier: NDArray[np.int64], origin: NDArray[np.int32], mask: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Number of distinct origins that accuse each claim's identifier; 0 outside the mask."""
    counts = np.zeros(len(identifier), np.int64)
    if mask.any():
        which, place = np.unique(identifier[mask], return_inverse=True)
        pairs = np.unique(np.stack([place.ravel(), origin[mask].astype(np.int64)]), axis=1)
        counts[mask] = np.bincount(pairs[0], minlength=len(which))[place.ravel()]
    return counts


def _some(
    seqs: NDArray[np.int64], identifier: NDArray[np.int64], mask: NDArray[np.bool_], most: int = SAMPLE
) -> tuple[int, ...]:
    """Positions of at most so many claims, all those of an identifier or none, spread evenly."""
    if np.count_nonzero(mask) > most:
        which, sizes = np.unique(identifier[mask], return_counts=True)
        step = max(1, int(np.ceil(sizes.sum() / most)))
        mask = mask & np.isin(identifier, which[::step])
    return tuple(int(seq) for seq in seqs[mask][:most])
