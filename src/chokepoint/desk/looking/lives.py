"""The lives of an identifier that changed hands: until when and from when it was somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.desk.analyse.rows import told_periods
from chokepoint.desk.looking.tell import iso
from chokepoint.desk.personal.veil import unveiled, veil
from chokepoint.desk.resolve import resolve
from chokepoint.graph.columns import UNKNOWN
from chokepoint.link.period import told
from chokepoint.model.claim import Interval

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas


LONGEST = 300
"""Letters of a reason."""


class Life(NamedTuple):
    """One life: its number from 1, its half-open interval in days (either end may be empty), and why."""

    number: int
    span: Interval
    reason: str


def lives(atlas: Atlas, text: str) -> tuple[Life, ...]:
    """The lives of what a text names, as the newest record of them that the viewer sees has them.

    Empty where it has had one only, or nobody has judged.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        known = resolve(reader, connection, unveiled(atlas, text))[:1]
        lived = told_periods(reader, connection).get(known[0].entity, ()) if known else ()
    cover = veil(atlas, [one.entity for one in known])
    return tuple(
        Life(
            number=int(str(one["number"])),
            span=Interval(start=_day(one["start"]), end=_day(one["end"])),
            reason=told(cover.text(str(one["reason"]))[:LONGEST]),
        )
        for one in lived
    )


def _day(day: object) -> str:
    return iso(UNKNOWN if day is None else int(str(day)))
