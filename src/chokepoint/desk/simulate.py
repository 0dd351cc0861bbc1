"""Votes of simulated members, by rules that do not reuse the grading.

Each rule looks at what no grading says: whether an independent origin states the same, whether another
origin contradicts it, whether a known-good list holds the subject. The votes carry the `simulated` mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.review import Cast
from chokepoint.model.judgement import Vote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from chokepoint.store.base import LinkColumns

CRIMINAL = frozenset({"indicates", "requests-payment-to", "attributed-to", "contact", "controlled-by"})
SAMPLE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Ledger positions of the claims that each rule speaks of.

    Attributes:
        same_words: the same sentence stands in an independent origin.
        same_cluster: an independent origin ties the same subject to another name of the same thing.
        contradicted: another origin calls the subject legitimate.
        listed: a known-good list holds the subject.
        alone: one origin only, nothing for or against.
    """

    same_words: tuple[int, ...]
    same_cluster: tuple[int, ...]
    contradicted: tuple[int, ...]
    listed: tuple[int, ...]
    alone: tuple[int, ...]


def sample(
    links: LinkColumns,
    properties: dict[int, str],
    cluster: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    known_good: NDArray[np.bool_],
) -> Sample:
    """Choose the claims to vote on.

    Args:
        links: all visible link claims.
        properties: names by number.
        cluster: entity numbers → numbers of their identity clusters.
        known_good: by entity number, whether a known-good list holds it.
    """
    names = np.array([properties.get(number, "") for number in range(max(properties, default=0) + 1)])
    criminal = np.isin(names[links.property], list(CRIMINAL))
    legitimate = np.unique(links.subject[names[links.property] == "legitimate"])
    words = _origins_per(links, criminal, links.object)
    joined = _origins_per(links, criminal, cluster(links.object))
    contradicted = criminal & np.isin(links.subject, legitimate)
    listed = criminal & known_good[links.subject] & ~contradicted
    clean = criminal & ~contradicted & ~listed
    return Sample(
        same_words=_some(links.seq[clean & (words >= 2)]),
        same_cluster=_some(links.seq[clean & (joined >= 2)]),
        contradicted=_some(links.seq[contradicted]),
        listed=_some(links.seq[listed]),
        alone=_some(links.seq[clean & (joined == 1)], SAMPLE // 4),
    )


def casts(chosen: Sample, ids: Callable[[Sequence[int]], tuple[str, ...]], members: Sequence[str]) -> list[Cast]:
    """The votes of three members on a sample.

    Args:
        chosen: positions by rule.
        ids: positions → record ids.
        members: three organisations, none of them the contributor.
    """
    first, second, third = members
    rules = (
        (first, Vote.CONFIRM, "the same sentence stands in an independent origin", chosen.same_words),
        (second, Vote.CONFIRM, "an independent origin ties the subject to the same thing", chosen.same_cluster),
        (second, Vote.DISPUTE, "another origin calls the subject legitimate", chosen.contradicted),
        (third, Vote.DISPUTE, "a known-good list holds the subject", chosen.listed),
        (third, Vote.UNSURE, "one origin only; nothing found for or against", chosen.alone),
    )
    return [
        Cast(organisation=member, vote=word, reason=reason, claims=ids(seqs))
        for member, word, reason, seqs in rules
        if seqs
    ]


def _origins_per(links: LinkColumns, mask: NDArray[np.bool_], thing: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of distinct origins of each claim's sentence; 0 outside the mask."""
    counts = np.zeros(len(links.seq), np.int64)
    rows = np.flatnonzero(mask)
    if not len(rows):
        return counts
    sentences = np.stack([links.subject[rows], links.property[rows].astype(np.int64), thing[rows]])
    _, sentence = np.unique(sentences, axis=1, return_inverse=True)
    pairs = np.unique(np.stack([sentence.ravel(), links.origin[rows].astype(np.int64)]), axis=1)
    counts[rows] = np.bincount(pairs[0])[sentence.ravel()]
    return counts


def _some(seqs: NDArray[np.int64], most: int = SAMPLE) -> tuple[int, ...]:
    """At most so many positions, spread evenly over the ledger."""
    if len(seqs) > most:
        seqs = seqs[np.linspace(0, len(seqs) - 1, most).astype(np.int64)]
    return tuple(int(seq) for seq in seqs)
