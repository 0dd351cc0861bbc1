"""What the values of a column are like, where its header alone does not say what they are."""

from __future__ import annotations

from chokepoint.collect.dates import read_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import parse_tlp

SHARE = 0.6
"""Of the values that must fit for a column to be read so."""


def is_marking(value: str) -> bool:
    """Whether a value is a label of the Traffic Light Protocol."""
    try:
        parse_tlp(value)
    except NotValidError:
        return False
    return True


def reads_two_ways(value: str) -> bool:
    """Whether a text is one day with the day first, and another with the month first."""
    return read_day(value) is None and all(read_day(value, day_first=first) for first in (True, False))


def names_something(values: list[str]) -> bool:
    """Whether values could be names: short, and not numbers."""
    fitting = sum(
        1 for value in values if len(value) <= 120 and not value.replace(".", "").replace(",", "").isdigit()
    )
    return fitting >= SHARE * len(values)


def share_of_numbers(values: list[str]) -> float:
    """The share of values that are numbers, with or without a sign of a currency."""
    fine = sum(
        1
        for value in values
        if value.strip("$€£฿¥ ").replace(",", "").replace(".", "").replace(" ", "").isdigit()
    )
    return fine / len(values)
