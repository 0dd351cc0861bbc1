"""What the names of Meta's files tell: the operation, its quarter, where it sits and whom it targets."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.naming import stem
from chokepoint.collect.taking import named
from chokepoint.model.claim import Interval, between
from chokepoint.model.identity import Entity
from chokepoint.values.names import countries, parse_name

if TYPE_CHECKING:
    from chokepoint.collect.base import Document

_quarter = re.compile(r"\bq([1-4]) (20\d\d)\b|\b(20\d\d) q([1-4])\b").search
_month = re.compile(r"^(20\d\d) (0[1-9]|1[0-2])\b").search
_based = re.compile(r"(.{0,80}?)\bbased\b").search
_targeting = re.compile(r"(.{0,80}?)\btargeting\b").search
_hackers_in = re.compile(r"\bhackers in (.{1,80})").search
_updated = re.compile(r"\b(?:updated|update)\b", re.IGNORECASE)
_WORDS = 3


class Operation(NamedTuple):
    """The operation that a file is about."""

    campaign: Entity
    title: str
    period: Interval | None
    countries: tuple[tuple[str, Entity], ...]


def operation(document: Document) -> Operation:
    """The operation by the file's name; by the capture's hash where the name tells nothing."""
    title = " ".join(_updated.sub(" ", stem(document.name).replace("_", " ")).split())
    campaign = named("campaign", title)
    if campaign is None or len(campaign.value) < 4:
        return Operation(Entity("campaign", f"list {document.sha256[:12]}"), "", None, ())
    text = campaign.value
    places = tuple(
        ("located-in", country) for country in _countries_before(text, _based) + _named_in(_hackers_in(text))
    )
    aims = tuple(("targets", country) for country in _countries_before(text, _targeting))
    later = _updated.search(document.name.replace("_", " ")) is not None
    return Operation(campaign, title, None if later else _period(text), places + aims)


def _period(text: str) -> Interval | None:
    quarter = _quarter(text)
    if quarter:
        year, number = int(quarter[2] or quarter[3]), int(quarter[1] or quarter[4])
        last_month = number * 3
        last = date(year + last_month // 12, last_month % 12 + 1, 1)
        return Interval(date(year, last_month - 2, 1).isoformat(), last.isoformat(), "month")
    month = _month(text)
    return between(None, date(int(month[1]), int(month[2]), 28), "month") if month else None


def _countries_before(text: str, found_by: object) -> tuple[Entity, ...]:
    found = found_by(text)  # type: ignore[operator]
    return _countries(found[1]) if found else ()


def _named_in(found: re.Match[str] | None) -> tuple[Entity, ...]:
    return _countries(found[1]) if found else ()


def _countries(text: str) -> tuple[Entity, ...]:
    """Countries named in a text, in order, longest names first; of short codes only `us` and the like."""
    words = parse_name(text).split()
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        for length in range(min(_WORDS, len(words) - at), 0, -1):
            name = " ".join(words[at : at + length])
            code = countries().get(name) if len(name) > 3 or name in {"us", "uk", "usa", "uae"} else None
            if code:
                found[code] = None
                at += length
                break
        else:
            at += 1
    return tuple(Entity("country", code) for code in found)
