"""The map before and after what an operation did: the same measure twice, and what nobody can know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.personal.veil import veil
from chokepoint.desk.work.operation import read_operations
from chokepoint.desk.work.outcome import read_outcomes
from chokepoint.impact.baseline import Baseline, measure
from chokepoint.model.errors import RefusedError
from chokepoint.model.said import Said
from chokepoint.store import lookup

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.work.act import Operation
    from chokepoint.model.identity import Entity

DAYS = 30
LONGEST = 3_650
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The map around the first action of an operation.

    Attributes:
        day: of that action, ISO 8601.
        days: length of the windows before and after.
        targets: how many things were struck.
        baseline: what was seen.
        hindsight: whether nothing had been on record before the action, so that today's map serves for both.
        lasted: by target, days until it was seen at work again and whether it was, from outcomes.
    """

    day: str
    days: int
    targets: int
    baseline: Baseline
    hindsight: bool
    lasted: tuple[tuple[Entity, int, bool], ...]

    def sentences(self) -> list[str]:
        """What it comes to, in plain words."""
        seen = self.baseline
        told: list[str] = [
            Said(
                "In the {days} days before {day} their links were seen {before:,} times, in the {days} days "
                "from then {after:,} times.",
                days=self.days,
                day=date.fromisoformat(self.day),
                before=seen.before,
                after=seen.after,
            )
        ]
        if seen.expected is None:
            told.append(
                Said(
                    "What would have happened anyway is not known: too few things of the same kinds were "
                    "seen before to compare with. This is a difference, not an effect."
                )
            )
        else:
            told.append(
                Said(
                    "Things of the same kinds that nobody struck went from {before:,} to {after:,}; at that "
                    "pace {expected:,.0f} sightings would have come anyway.",
                    before=seen.others_before,
                    after=seen.others_after,
                    expected=seen.expected,
                )
            )
        if self.hindsight:
            told.append(
                Said("Nothing of them was on record before that day: both windows are read from today's map.")
            )
        if seen.back is not None:
            told.append(
                Said(
                    "The first of them was seen again after {count} day.",
                    "The first of them was seen again after {count} days.",
                    count=seen.back,
                )
            )
        return told

    def to_json(self) -> dict[str, Any]:
        """The shape of `around` in `impact show --json`."""
        seen = self.baseline
        return {
            "day": self.day,
            "days": self.days,
            "targets": self.targets,
            "before": seen.before,
            "after": seen.after,
            "others_before": seen.others_before,
            "others_after": seen.others_after,
            "expected": None if seen.expected is None else round(seen.expected, 2),
            "first_back_days": seen.back,
            "hindsight": self.hindsight,
            "lasted": [
                {"target": str(entity), "days": days, "back": back} for entity, days, back in self.lasted
            ],
        }


def around(atlas: Atlas, operation: Operation, days: int = DAYS) -> Around | None:
    """The same measure on the map before and after the first action; None where nothing has been done yet.

    Raises:
        RefusedError: no days, or more than ten years of them.
    """
    if not 0 < days <= LONGEST:
        raise RefusedError(Said("windows of {days} days", days=days), place="--days", mend="name 1 to 3,650")
    today = date.fromisoformat(atlas.clock()[:10])
    raw = next((one for one in read_operations(atlas) if one.id == operation.id), operation)
    done = [one for one in raw.actions if date.fromisoformat(one.on) < today]
    if not done:
        return None
    first = min(date.fromisoformat(one.on) for one in done)
    length = min(days, (today - first).days)
    eve = max(first, date.min + timedelta(days=1)) - timedelta(days=1)
    old = load_snapshot(atlas, as_of=eve.isoformat())
    new = load_snapshot(atlas)
    struck = {one.entity for one in done}
    reader = atlas.reader
    with reader.connect() as connection:
        known = lookup.known(reader, connection, sorted(struck))
    targets = np.array(sorted(known.values()), np.int64)
    hindsight = not len(old.snapshot.index(targets))
    maps = (new.snapshot if hindsight else old.snapshot, new.snapshot)
    hits = [hit for hit in read_outcomes(atlas) if hit.entity in struck and hit.on >= first]
    cover = veil(atlas, {hit.entity for hit in hits})
    lasted = [(cover.entity(hit.entity), int(hit.as_outcome().days), hit.back is not None) for hit in hits]
    return Around(
        day=first.isoformat(),
        days=length,
        targets=len(struck),
        baseline=measure(maps, targets, day=(first - EPOCH).days, days=length),
        hindsight=hindsight,
        lasted=tuple(lasted),
    )
