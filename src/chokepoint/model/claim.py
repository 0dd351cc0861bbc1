"""The atom: one frozen sentence with its provenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.model.said import Said
from chokepoint.model.source import UNGRADED, Grading

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity


class Nature(Enum):
    """Whether a claim states what was seen or what somebody concludes."""

    FACT = "fact"
    ASSESSMENT = "assessment"


class Interval(NamedTuple):
    """A half-open UTC interval of whole days in which something was observed.

    Attributes:
        start: first day, ISO 8601 date, or empty when the source gives no beginning.
        end: first day after, ISO 8601 date, or empty when the source gives no end.
        precision: `second`, `day`, `month`, `year`; how exactly the source knew.
    """

    start: str
    end: str
    precision: str = "day"

    @property
    def days(self) -> tuple[str, str]:
        """First and last day, both inclusive, as exactly as the source knew them; empty where it is open.

        >>> Interval("2016-01-01", "2018-01-01", "year").days
        ('2016', '2017')
        """
        width = {"year": 4, "month": 7}.get(self.precision, 10)
        return self.start[:width], _before(self.end[:10])[:width]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What all claims read from one place of one capture have in common.

    Attributes:
        capture: SHA-256 of the capture.
        origin: the root publisher; copies of one origin count once.
        grading: of the source and the information.
        marking: who may see the claim.
    """

    capture: str
    origin: str
    grading: Grading = UNGRADED
    marking: Marking = CLEAR


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence: subject, property, object; with when, where it stands and who published it.

    Attributes:
        subject: the entity that the sentence is about.
        property: a name of the vocabulary.
        object: an entity for links, a text for attributes.
        place: where in the capture (`line 12`, a JSON pointer, `page 3`).
        provenance: capture, origin, grading and marking.
        observed: when, if the source says.
        nature: fact or assessment.
        raw: the subject as it was written, when that differs from the normal form.
    """

    subject: Entity
    property: str
    object: Entity | str
    place: str
    provenance: Provenance
    observed: Interval | None = None
    nature: Nature = Nature.FACT
    raw: str = ""


def on_day(day: date | str, precision: str = "day") -> Interval:
    """The interval of one day.

    >>> on_day("2023-01-08")
    Interval(start='2023-01-08', end='2023-01-09', precision='day')
    """
    first = parse_day(day) if isinstance(day, str) else day
    return Interval(first.isoformat(), _after(first), precision)


def between(start: date | None, end: date | None, precision: str = "day") -> Interval:
    """The interval from the first to the last day seen, both inclusive.

    Raises:
        NotValidError: the last day is before the first.
    """
    if start and end and end < start:
        raise NotValidError(Said("interval ends ({end}) before it starts ({start})", end=end, start=start))
    return Interval(
        start.isoformat() if start else "",
        _after(end) if end else "",
        precision,
    )


def _after(day: date) -> str:
    """The next day; the last of the calendar, which sources write for "for ever", has none."""
    return (day + timedelta(days=1)).isoformat() if day < date.max else ""


def _before(end: str) -> str:
    """The day before, empty where that is no day; the first of all, by which programs say never, has none."""
    try:
        day = date.fromisoformat(end)
    except ValueError:
        return ""
    return (day - timedelta(days=1) if day > date.min else day).isoformat()


def parse_day(text: str) -> date:
    """Read an ISO 8601 date or date-time as its UTC day.

    Raises:
        NotValidError: the text is not one.
    """
    cleaned = text.strip()
    try:
        if len(cleaned) <= 10:
            return date.fromisoformat(cleaned)
        moment = datetime.fromisoformat(cleaned)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise NotValidError(
            Said("{text!r} is no ISO 8601 date", text=text[:60]), mend="write YYYY-MM-DD"
        ) from None
