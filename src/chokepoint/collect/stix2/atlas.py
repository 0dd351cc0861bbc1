"""What another atlas says beside its STIX: property, root publisher and grading of each statement.

Atlases publish them as an extension of relationships, notes and indicators, since STIX has no place for them;
without it a payment would come back as `related-to`, the sender would count as an origin of its own, and the
sender's belief would be taken for the source's grade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.taking import day, span, text_of
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import NotValidError
from chokepoint.model.source import Grading, parse_grading
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = frozenset({"property", "record", "origin", "grading", "nature"})


def told(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    """The extension of an atlas on an object; empty where it has none."""
    extensions = thing.get("extensions")
    found = extensions.values() if isinstance(extensions, dict) else ()
    return next((one for one in found if isinstance(one, dict) and one.keys() >= _KEYS), {})


def property_of(thing: Mapping[str, Any], *, link: bool) -> str:
    """The property of the vocabulary that an object states, if it is a link, or none, as asked; or empty."""
    name = text_of(told(thing).get("property"))
    known = vocabulary().properties.get(name)
    return name if known and known.is_link is link else ""


def grading_of(thing: Mapping[str, Any]) -> Grading | None:
    """The grade that the source has; None where none is told, or what is told is none."""
    try:
        return parse_grading(text_of(told(thing).get("grading")))
    except NotValidError:
        return None


def nature_of(thing: Mapping[str, Any]) -> Nature:
    """Whether it is an assessment; a fact where that is not told."""
    return Nature.ASSESSMENT if told(thing).get("nature") == Nature.ASSESSMENT.value else Nature.FACT


def observed_of(thing: Mapping[str, Any]) -> Interval | None:
    """The interval of a relationship, whose end is the first moment after it as in an atlas; None without.

    Where that leaves no day, both days are taken as seen.
    """
    start, end = (day(text_of(thing.get(key))) for key in ("start_time", "stop_time"))
    if start is None and end is None:
        return None
    if start and end and end <= start:
        return span(start.isoformat(), end.isoformat())
    return Interval(start.isoformat() if start else "", end.isoformat() if end else "")
