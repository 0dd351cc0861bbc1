"""What passes through each statement of a value chain, for screening: cheap, and no plan.

Victims enter evenly, and what a thing receives it passes on evenly; so a statement's share is the chance that
a random victim's money goes along it (the flow of a random walk from entries to cash-outs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.script import Script

STEPS = 12
"""Hops after which what still circles is let go."""


def passing(script: Script, rows: int) -> NDArray[np.float64]:
    """Share of all that enters which passes through each of `rows` statements, 0 to 1, float64 (rows,).

    What a thing on the way needs to work has that thing's share, divided among those that can give it.
    """
    share = np.zeros(rows)
    if not len(script.entries) or not len(script.flow.row):
        return share
    tail, head = script.flow.tail.astype(np.int64), script.flow.head.astype(np.int64)
    ends = (tail, head, script.needs.tail, script.needs.head, script.entries)
    size = max(int(end.max(initial=0)) for end in ends) + 1
    out = np.bincount(tail, minlength=size)
    here = np.zeros(size)
    here[script.entries] = 1.0 / len(script.entries)
    through, passed = here.copy(), np.zeros(len(tail))
    for _ in range(STEPS):
        along = here[tail] / out[tail]
        passed += along
        here = np.bincount(head, weights=along, minlength=size).astype(np.float64)
        through += here
    np.add.at(share, script.flow.row, passed)
    givers = np.bincount(script.needs.tail, minlength=size)[script.needs.tail]
    np.add.at(share, script.needs.row, through[script.needs.tail] / np.maximum(givers, 1))
    return np.minimum(share, 1.0)
