"""Moments in UTC: as texts name them, and as records are stamped."""

from __future__ import annotations

from datetime import UTC, datetime

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said


def read_moment(text: str) -> datetime:
    """The moment, in UTC, of an ISO 8601 text; a day is its first moment, what names no zone is in UTC.

    >>> stamp(read_moment("2024-02-29T12:00:00+07:00")), stamp(read_moment("2024-02-29"))
    ('2024-02-29T05:00:00.000Z', '2024-02-29T00:00:00.000Z')

    Raises:
        NotValidError: it is none, or lies outside the years 1 to 9999.
    """
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotValidError(
            Said("{text!r} is no moment", text=text[:40]), mend="write 2024-02-29 or 2024-02-29T12:00Z"
        ) from None


def stamp(moment: datetime) -> str:
    """A moment as records are stamped and STIX writes it: UTC, milliseconds (the rest cut off) and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
