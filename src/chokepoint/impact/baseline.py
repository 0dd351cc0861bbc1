"""The same measure on the map before an action and on the map after it, beside what happened elsewhere.

The measure is sightings: links of the targets of which a claim says that they were seen in a window of days.
Things of the same kinds that nobody struck are the comparison (difference in differences, as a ratio; Card
and Krueger 1994). Where there are too few of them, what would have happened anyway is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.graph.columns import UNKNOWN

if TYPE_CHECKING:
    from chokepoint.graph.columns import Bools, Longs
    from chokepoint.graph.snapshot import Snapshot

FEWEST = 11
"""Sightings of comparable things before the action below which a comparison says nothing."""


class Window(NamedTuple):
    """Days since 1970-01-01, half-open."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was seen in as many days before an action as after it.

    Attributes:
        before, after: links of the targets seen in each window.
        others_before, others_after: the same of things of the same kinds that nobody struck.
        back: days from the action to the first sighting of a target; None where none was seen again.
    """

    before: int
    after: int
    others_before: int
    others_after: int
    back: int | None

    @property
    def expected(self) -> float | None:
        """Sightings that would have been made anyway, had the targets gone the way of the others.

        None where too few others were seen before to know.
        """
        if self.others_before < FEWEST:
            return None
        return self.before * self.others_after / self.others_before


def measure(maps: tuple[Snapshot, Snapshot], targets: Longs, *, day: int, days: int) -> Baseline:
    """Sightings around an action.

    Args:
        maps: as of the day before the action, or of now where that knew none of the targets; and as of now.
        targets: entity numbers of what was struck, int64.
        day: of the action, since 1970-01-01; the window after begins with it.
        days: length of both windows, at least 1.
    """
    old, new = maps
    before, after = Window(day - days, day), Window(day, day + days)
    return Baseline(
        before=int(_seen(old, before)[_about(old, targets)].sum()),
        after=int(_seen(new, after)[_about(new, targets)].sum()),
        others_before=int(_seen(old, before)[_alike(old, targets)].sum()),
        others_after=int(_seen(new, after)[_alike(new, targets)].sum()),
        back=_back(new, _about(new, targets), day),
    )


def _about(snapshot: Snapshot, targets: Longs) -> Bools:
    """Statements of which an end is a target."""
    nodes = snapshot.index(targets)
    about: Bools = np.isin(snapshot.subject, nodes) | np.isin(snapshot.object, nodes)
    return about


def _alike(snapshot: Snapshot, targets: Longs) -> Bools:
    """Statements about things of the targets' kinds that neither are targets nor linked to any."""
    nodes = snapshot.index(targets)
    about = _about(snapshot, targets)
    near = np.zeros(snapshot.size, np.bool_)
    near[nodes] = near[snapshot.subject[about]] = near[snapshot.object[about]] = True
    kinds = np.isin(snapshot.kind, np.unique(snapshot.kind[nodes]))
    alike: Bools = (kinds & ~near)[snapshot.subject] & ~near[snapshot.object]
    return alike


def _seen(snapshot: Snapshot, window: Window) -> Bools:
    """Statements of which a dated claim overlaps the window."""
    start, end = _dated(snapshot)
    inside = (start < window.end) & (end > window.start) & (end > start)
    seen = np.zeros(len(snapshot.subject), np.bool_)
    seen[_statement(snapshot)[inside]] = True
    return seen


def _dated(snapshot: Snapshot) -> tuple[Longs, Longs]:
    """First day and first day after of each claim; one that knows one end only was seen on that day."""
    start, end = snapshot.claim_start.astype(np.int64), snapshot.claim_end.astype(np.int64)
    first = np.where(start == UNKNOWN, end - 1, start)
    last = np.where(end == UNKNOWN, start + 1, end)
    undated = (start == UNKNOWN) & (end == UNKNOWN)
    return np.where(undated, 0, first), np.where(undated, 0, last)


def _statement(snapshot: Snapshot) -> Longs:
    return np.repeat(np.arange(len(snapshot.subject)), np.diff(snapshot.claim_pointer))


def _back(snapshot: Snapshot, about: Bools, day: int) -> int | None:
    start, end = _dated(snapshot)
    later = about[_statement(snapshot)] & (start >= day) & (end > start)
    return int(start[later].min()) - day if later.any() else None
