"""Between which two values a fresh world lies nine times in ten."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from chokepoint.choke.chain import Floats

HELD = 0.9
ALIKE = 1e-9
"""Values this near to each other, as a share of the largest, count as one."""


def band(values: Floats) -> tuple[float, float]:
    """The ends of the band, two of the values, float64 (n,), n >= 1; both belong to it.

    By split conformal prediction (Vovk, Gammerman and Shafer 2005): worlds that had no part in the choice and
    a fresh one are exchangeable, so a band that holds ceil(0.9 (n + 1)) of these n holds the fresh one about
    as often. Worlds of small networks share few values, and quantiles, which count the whole share of the
    value that they fall on, would hold too much. So of all bands that hold enough, this is one that holds
    least; of these the one with the most even tails, which is about the 5 % and 95 % points where no two
    values are alike.
    """
    ordered = np.sort(values)
    ends = np.flatnonzero(np.diff(ordered, append=np.inf) > ALIKE * np.abs(ordered).max())
    many, size = ends + 1, ordered.size
    before = np.concatenate([[0], many[:-1]])
    enough = min(math.ceil(HELD * (size + 1)), size)
    first = np.flatnonzero(size - before >= enough)
    last = np.searchsorted(many, before[first] + enough)
    held = many[last] - before[first]
    uneven = np.abs(before[first] - (size - many[last]))
    best = np.lexsort((uneven, held))[0]
    return float(ordered[before[first[best]]]), float(ordered[ends[last[best]]])
