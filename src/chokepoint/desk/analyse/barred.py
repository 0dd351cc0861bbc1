"""What is no target whatever is said of it: what is shared or parked, a victim's, or honest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.graph.traits import LISTED

if TYPE_CHECKING:
    from collections.abc import Collection

    from chokepoint.graph.columns import Bools, Ints
    from chokepoint.graph.snapshot import Snapshot

BARRED = (
    "parked, sinkholed, shared or known good",
    "hacked and thus a victim's",
    "called legitimate by a source",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Masks over the nodes, bool (N,).

    Who holds a lever on a name holds it on the whole registration: what is hacked shields the names above
    and below it, what is listed those below.

    Attributes:
        listed: parked, sinkholed, shared or known good.
        hacked: abused without the owner's knowledge, and so a victim's.
        honest: called legitimate by a source.
        reasons: how many accused ones by reason.
    """

    listed: Bools
    hacked: Bools
    honest: Bools
    reasons: dict[str, int]

    @property
    def any(self) -> Bools:
        """All of them."""
        return self.listed | self.hacked | self.honest


def barred_on(snapshot: Snapshot, accusing: Bools) -> Barred:
    """What is no target on a map, `accusing` being the statements that tie an identifier to an actor."""
    under = rows_of(snapshot, {"subdomain-of"})
    below, above = snapshot.subject[under], snapshot.object[under]
    listed = _spread((snapshot.flags & LISTED) != 0, above, below)
    hacked = _subjects(snapshot, "compromised-by")
    hacked = _spread(_spread(hacked, below, above), above, below)
    honest = _subjects(snapshot, "legitimate")
    accused = np.zeros(snapshot.size, np.bool_)
    accused[snapshot.subject[accusing]] = True
    masks = (accused & listed, hacked, accused & honest)
    reasons = dict(zip(BARRED, map(int, map(np.count_nonzero, masks)), strict=True))
    return Barred(
        listed=listed,
        hacked=hacked,
        honest=honest,
        reasons={reason: count for reason, count in reasons.items() if count},
    )


def rows_of(snapshot: Snapshot, names: Collection[str]) -> Bools:
    """Statements with one of these properties."""
    numbers = [number for number, name in enumerate(snapshot.property_names) if name in names]
    rows: Bools = np.isin(snapshot.relation, numbers)
    return rows


def _subjects(snapshot: Snapshot, name: str) -> Bools:
    found = np.zeros(snapshot.size, np.bool_)
    found[snapshot.subject[rows_of(snapshot, {name})]] = True
    return found


def _spread(mask: Bools, source: Ints, target: Ints) -> Bools:
    """The mask with all that is reached from it along edges."""
    while True:
        wider = mask.copy()
        wider[target[mask[source]]] = True
        if (wider == mask).all():
            return wider
        mask = wider
