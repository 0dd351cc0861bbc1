"""Reasons that people put on record: somebody reads them, today or in ten years, so each has an end."""

from __future__ import annotations

from chokepoint.model.errors import RefusedError
from chokepoint.model.said import Said

LONGEST = 2_000
"""Characters."""


def readable(*reasons: str) -> None:
    """Refuse a reason that nobody would read to its end.

    Raises:
        RefusedError: one has more than 2,000 characters.
    """
    if any(len(one) > LONGEST for one in reasons):
        raise RefusedError(
            Said("a reason of at most {longest} characters", longest=LONGEST), mend="shorten the reason"
        )
