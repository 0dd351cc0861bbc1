"""Days as people write them: ISO, with month names in seven languages, numeric, Buddhist years."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from chokepoint.model.claim import parse_day
from chokepoint.model.errors import NotValidError

_MONTHS = """january jan janvier janv januar enero ene ocak oca มกราคม ม.ค. jänner
february feb février fevrier fév févr februar febrero şubat subat şub กุมภาพันธ์ ก.พ.
march mar mars märz maerz mär marzo mart มีนาคม มี.ค.
april apr avril avr abril abr nisan nis เมษายน เม.ย.
may mai mayo mayıs mayis พฤษภาคม พ.ค.
june jun juin juni junio haziran haz มิถุนายน มิ.ย.
july jul juillet juil juill juli julio temmuz tem กรกฎาคม ก.ค.
august aug août aout agosto ago ağustos agustos ağu สิงหาคม ส.ค.
september sep sept septembre septiembre eylül eylul eyl กันยายน ก.ย.
october oct octobre oktober okt octubre ekim eki ตุลาคม ต.ค.
november nov novembre noviembre kasım kasim kas พฤศจิกายน พ.ย.
december dec déc décembre decembre dezember dez diciembre dic aralık aralik ara ธันวาคม ธ.ค."""

MONTHS: dict[str, int] = {
    word: number for number, line in enumerate(_MONTHS.split("\n"), 1) for word in line.split()
}
_BUDDHIST = 543

_numeric = re.compile(r"(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})(?:[ T,]+\d{1,2}[:.]\d{2}.*)?").fullmatch
_worded = re.compile(
    r"(?:\D{0,20}?\s)?(\d{1,2})(?:st|nd|rd|th|er|\.|º)?(?:\s+de)?\s+([^\W\d_][^\s\d,]{1,14})(?:\s+de|,|\s+[พค]\.ศ\.)?\s+(\d{4})\b"
)
_worded_us = re.compile(
    r"(?:[^\W\d_]{2,12},\s+)?([^\W\d_][^\s\d,]{2,12})\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b"
)
_east_asian = re.compile(r"(\d{4})(?:\s?[年년]\s?|\. )(\d{1,2})(?:\s?[月월]\s?|\. )(\d{1,2})\s?[日일.]")
_iso = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].{0,30})?").fullmatch
_THAI_LINE = re.compile(r"(\d{1,2})\s+([ก-๛.]{4,12})\s+(?:พ\.ศ\.\s*)?(25\d\d)")


@lru_cache(maxsize=16_384)
def read_day(text: str, day_first: bool | None = None) -> date | None:
    """The day that a whole text names; None where it names none, or none for sure.

    Args:
        text: as written.
        day_first: how `3/4/2020` is to be read; None leaves such a text unread, unless one part exceeds 12.
            With dots (`3.4.2020`) the day stands first in every country that writes so.
    """
    bare = " ".join(text.split())
    if _iso(bare):
        try:
            day = parse_day(bare.replace(" UTC", "").replace("Z", "+00:00"))
        except NotValidError:
            return _iso_day(bare[:10])
        return _plausible(day) or _iso_day(bare[:10])
    found = _numeric(bare)
    if found:
        dotted = found[2] == "." and day_first is None
        return _from_numbers((found[1], found[3], found[4]), True if dotted else day_first)
    return _from_words(bare) if len(bare) <= 60 else None


def _iso_day(text: str) -> date | None:
    year, month, day = text.split("-")
    return _made(int(year), int(month), int(day))


def _from_words(text: str) -> date | None:
    lowered = text.lower()
    if found := _east_asian.match(lowered):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if (found := _worded.match(lowered)) and (month := _month(found[2])):
        return _made(int(found[3]), month, int(found[1]))
    if (found := _worded_us.match(lowered)) and (month := _month(found[1])):
        return _made(int(found[3]), month, int(found[2]))
    return None


def _month(word: str) -> int | None:
    return MONTHS.get(word) or MONTHS.get(word.rstrip("."))


def thai_day(text: str) -> date | None:
    """The first Thai date (`29 ธันวาคม 2563`) in a text."""
    for found in _THAI_LINE.finditer(text):
        if found[2] in MONTHS:
            return _made(int(found[3]), MONTHS[found[2]], int(found[1]))
    return None


def _from_numbers(parts: tuple[str, str, str], day_first: bool | None) -> date | None:
    first, second, third = map(int, parts)
    if len(parts[0]) >= 3:
        return _made(first, second, third)
    year = third + (2000 if third < 70 else 1900) if len(parts[2]) == 2 else third
    if first > 12 or (day_first and second <= 12):
        return _made(year, second, first)
    if second > 12 or day_first is False or first == second:
        return _made(year, first, second)
    return None


def order_of(texts: list[str]) -> bool | None:
    """Whether the days of a column stand before the months, where some value tells; None where none does."""
    firsts, seconds = [0], [0]
    for text in texts:
        found = _numeric(" ".join(text.split()))
        if found and len(found[1]) <= 2:
            firsts.append(int(found[1]))
            seconds.append(int(found[3]))
    if max(firsts) > 12:
        return True
    return False if max(seconds) > 12 else None


def _made(year: int, month: int, day: int) -> date | None:
    if 2400 < year < 2700:
        year -= _BUDDHIST
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        return None


def _plausible(day: date) -> date | None:
    return day if 1970 <= day.year <= 2100 else None
