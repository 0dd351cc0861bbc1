"""Values out of foreign records: parsed or refused with a reason, dates as intervals, texts as texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Rejected, Sentences
from chokepoint.model.claim import Claim, Interval, parse_day
from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said, advised
from chokepoint.values import registry
from chokepoint.values.wallet import assets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

_EARLIEST_MS = 10**11
_COINS = {"XBT": "BTC", "RIPPLE": "XRP", "BEP20": "BSC"}
_NO_COINS = frozenset({"UNKNOWN", "NONE", "OTHER"})


def take(kind: str, text: str, place: str) -> Entity | Rejected:
    """The entity of that kind, or the rejection of the text at its place."""
    if not text.strip():
        return Rejected(
            place,
            advised(Said("nothing is written where a {kind} should be", kind=kind), "fill it in, or drop it"),
        )
    try:
        return registry.parse(kind, text)
    except NotValidError as error:
        why, mend = error.said
        return Rejected(place, advised(why, mend or "compare it with the source"))


def take_any(text: str, place: str) -> Entity | Rejected:
    """The identifier that the whole text is, or its rejection."""
    found = registry.detect(text)
    return found or Rejected(
        place,
        advised(Said("{text!r} is no identifier that we know", text=text[:80]), "compare it with the source"),
    )


def other_coin(say: Sentences, wallet: Entity, code: str) -> Iterator[Claim]:
    """The coin as an attribute where the address alone would not make one think of it first."""
    named_coin = _COINS.get(code.strip().upper(), code.strip().upper())
    if named_coin and named_coin not in _NO_COINS and named_coin != (assets(wallet.value) or ("",))[0]:
        yield say.say(wallet, "attribute", f"coin: {named_coin}")


@lru_cache(maxsize=65_536)
def named(kind: str, text: str) -> Entity | None:
    """An actor or thing by its name; None where the text names nothing."""
    try:
        return registry.parse(kind, text)
    except NotValidError:
        return None


def raw_of(entity: Entity, text: str) -> str:
    """The text as it was written where the normal form does not simply repeat it, else empty."""
    return "" if entity.value.endswith(text) else text


def text_of(value: Any) -> str:
    """A scalar as trimmed text; empty for anything else, null and false included."""
    if value.__class__ is str:
        return str.strip(value)
    return str(value).strip() if isinstance(value, int | float | str) and value is not False else ""


def texts(value: Any) -> list[str]:
    """A scalar or a list of scalars as texts, without the empty ones."""
    if value is None:
        return []
    if value.__class__ is str:
        text = str.strip(value)
        return [text] if text else []
    found = map(text_of, value) if isinstance(value, list) else (text_of(value),)
    return [text for text in found if text]


def records(value: Any) -> list[dict[str, Any]]:
    """The mappings of a list (or the one mapping) that is expected there; anything else is left out."""
    if isinstance(value, dict):
        return [value]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


@lru_cache(maxsize=4_096)
def day(text: str) -> date | None:
    """The UTC day of an ISO date or date-time, or of Unix seconds or milliseconds; None where it is none."""
    bare = text.strip()
    if bare.isdecimal() and 8 <= len(bare) <= 16:
        number = int(bare)
        seconds = number / 1000 if number >= _EARLIEST_MS else number
        try:
            return datetime.fromtimestamp(seconds, UTC).date() if len(bare) > 8 else parse_day(bare)
        except (ValueError, OverflowError, OSError, NotValidError):
            return None
    try:
        return parse_day(bare)
    except NotValidError:
        return None


@lru_cache(maxsize=4_096)
def until(text: str) -> Interval | None:
    """Seen at the latest on that day; None where the text is no day."""
    last = day(text)
    return Interval("", _after(last)) if last else None


@lru_cache(maxsize=16_384)
def span(first: str, last: str) -> Interval | None:
    """From the first to the last day, both inclusive; open where one is no day, None where neither is."""
    start, end = day(first), day(last)
    if start and end and end < start:
        start, end = end, start
    if start is None and end is None:
        return None
    return Interval(start.isoformat() if start else "", _after(end) if end else "")


def _after(last: date) -> str:
    try:
        return (last + timedelta(days=1)).isoformat()
    except OverflowError:
        return ""
