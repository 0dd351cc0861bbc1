"""Phone numbers in a text: international ones anywhere, national ones where words or their form say so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.model.identity import Entity
from chokepoint.values.contact import calling_code, national_number, valid_number
from chokepoint.values.text.candidate import Candidate, Taken
from chokepoint.values.text.language import regions
from chokepoint.values.text.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.values.text.view import View

_REACH = 48
_WHOLE = 9
"""Digits from which what stands beside a slash is a number of its own."""
_number = re.compile(
    r"(?:(?<![\w.,:/=#@+-])|(?<=[^\W\d]:))(?<![$€£¥฿] )(?:\+ ?|\(\+?)?(?!(?<=^)[0-9]{1,2}[.)] )[0-9]"
    r"(?:[0-9]|[ .()/\u2010-\u2015\u30fc-]{1,3}(?=[0-9(])){5,32}+(?![A-Za-z0-9_@%])",
    re.MULTILINE,
)
_glued = re.compile(
    r"(?<=[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff])(?:\+|\()?[0-9]"
    r"(?:[0-9]|[ .()/\u2010-\u2015\u30fc-]{1,3}(?=[0-9(])){5,32}+(?![A-Za-z@%])"
)
_SPACELESS = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_SHORT_END = r"(?![A-Za-z0-9_%/]|[.,:-][0-9])"
_short = re.compile(
    rf"(?<![\w.,:/#+-])#?[0-9]{{3,5}}{_SHORT_END}"
    rf"|(?:(?<=[{_SPACELESS}])|(?<=[{_SPACELESS}]\.))#?[0-9]{{3,5}}{_SHORT_END}"
)
_date = re.compile(
    r"(?:19|20|25)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:19|20|25)[0-9]{2}(?![0-9])"
    r"|(?:19|20)[0-9]{2} ?[-\u2013/] ?(?:19|20)[0-9]{2}$"
)
_unit = re.compile(
    r" ?(?:บาท|ล้าน|usd|eur|baht|€|\$|£|円|万|億|tl\b|₺|lira|euros?|dollars|dólares"
    r"|คน|ราย|บัญชี|คดี|件|人|%|kb|mb|gb|btc|eth|victims|people|年|月|日)"
)
_FORMS = {
    "TH": re.compile(
        r"0[689][0-9]?[ -]?[0-9]{3,4}[ -]?[0-9]{4}"
        r"|0[ -]?2[ -]?[0-9]{3,4}[ -][0-9]{3,4}|0[ -]?2[ -][0-9]{3,4}[ -]?[0-9]{3,4}"
        r"|0[ -]?[3457][0-9]?[ -][0-9]{3}[ -]?[0-9]{3,4}"
    ),
    "JP": re.compile(r"0[0-9]{1,4}[-(][0-9]{1,4}[-)][0-9]{3,4}|0(?:570|120|800)-?[0-9]{3}-?[0-9]{3}"),
    "FR": re.compile(r"0[1-9](?:[ .-]?[0-9]{2}){4}|0 ?8[0-9]{2}(?:[ .][0-9]{3}){2}"),
    "TR": re.compile(
        r"0?[ (]*(?:5[0-9]{2}|[2348][0-9]{2})[ )]*[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}|444 ?[0-9] ?[0-9]{3}"
    ),
    "DE": re.compile(
        r"\(?0[1-9][0-9]{1,4}\)?[ ]?[/-][ ]?[0-9]{3,}[0-9 -]*|01[567][0-9][ /-]?[0-9]{7,8}"
        r"|0[1-9][0-9]{1,4} [0-9]{2,}[ -][0-9]{2,}"
    ),
    "ES": re.compile(
        r"[6789][0-9]{2}(?: [0-9]{3}){2}|[6789][0-9]{2}(?: [0-9]{2}){3}|9[0-9] [0-9]{3} [0-9]{2} [0-9]{2}"
    ),
    "US": re.compile(
        r"(?:1[ .-])?\([2-9][0-9]{2}\) ?[0-9]{3}[-. ][0-9]{4}"
        r"|(?:1[ .-])?[2-9][0-9]{2}([-. ])[0-9]{3}[-.][0-9]{4}"
    ),
    "GB": re.compile(
        r"0(?:7[0-9]{3} ?[0-9]{3} ?[0-9]{3}|[1-38][0-9]{2,3} [0-9]{3} ?[0-9]{3,4}|20 [0-9]{4} [0-9]{4})"
    ),
}
_FORMS |= {
    "CA": _FORMS["US"],
    "AU": re.compile(
        r"04[0-9]{2} ?[0-9]{3} ?[0-9]{3}|\(?0[2378]\)? [0-9]{4} [0-9]{4}|1[38]00 [0-9]{3} [0-9]{3}"
    ),
    "IN": re.compile(r"[6-9][0-9]{4}[ -][0-9]{5}"),
    "SG": re.compile(r"[689][0-9]{3} [0-9]{4}"),
    "MX": re.compile(r"[0-9]{2} [0-9]{4} [0-9]{4}|[0-9]{3} [0-9]{3} [0-9]{4}"),
}
_grouped = re.compile(r"\(?0[0-9]{1,4}\)?(?:[ -][0-9]{2,4}){2,4}|0[0-9]{2,4}-[0-9]{6,8}")
"""A trunk prefix and groups: how most countries write numbers for themselves."""

_NO_TRUNK = frozenset({"US", "CA"})
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x30FC), "-")
_country_behind = re.compile(r" ?\(([a-z]{2})\)")
_gap = re.compile(r"[ ()/\u2010-\u2015-]+")
_clock = re.compile(
    r"(?:\.[0-9]{2})? ?(?:น\.|ชั่วโมง|ชม|uhr|h\b|hours|times|minutes|calls|anrufe|appels|llamadas|çağrı"
    r"|ครั้ง|วัน|ปี|เดือน|url|คน)"
)
_SHORT_REASON = "a short code, which only institutions are given"


def find(view: View, taken: Taken, language: str) -> Iterator[Candidate]:
    """Every phone number of a text; its spans are marked as taken."""
    countries = regions(view.text, language)
    for shape in (_number, _glued):
        for found in shape.finditer(view.text):
            for start, end in _pieces(found):
                candidate = _candidate(view, taken, countries, (start, end))
                if candidate:
                    taken.add(candidate.start, candidate.end)
                    yield candidate
    yield from _shorts(view, taken, countries)


def _pieces(found: re.Match[str]) -> list[tuple[int, int]]:
    """The whole, or the numbers on both sides of a slash where each is one by its length."""
    start, end = found.span()
    head, slash, tail = found[0].partition("/")
    if slash and min(sum(c.isdigit() for c in part) for part in (head, tail)) >= _WHOLE:
        return [(start, start + len(head.rstrip())), (end - len(tail.lstrip()), end)]
    return [(start, end)]


def _candidate(
    view: View, taken: Taken, countries: tuple[str, ...], span: tuple[int, int]
) -> Candidate | None:
    start, end = span
    raw = view.text[start:end]
    digits = re.sub(r"[^0-9]", "", raw)
    if not 7 <= len(digits) <= 19 or not taken.free(start, end) or len(set(digits)) < 3:
        return None
    number, length = _international(view, start, raw), len(raw)
    if not number:
        number, length = _national(view, start, end, countries)
    if not number:
        return None
    return Candidate(Entity("phone-number", number), start, start + length)


def _international(view: View, start: int, raw: str) -> str:
    """A number with its country's code; ranges that nobody was given yet where words or its form say so."""
    cleaned = re.sub(r"\(0\)", "", raw)
    digits = re.sub(r"[^0-9]", "", cleaned)
    if cleaned.lstrip("(").startswith("+"):
        number = national_number("+" + digits, "")
    elif cleaned.startswith("00") and len(digits) > 10:
        number = national_number(digits, "")
    else:
        return ""
    if not number or valid_number(number):
        return number
    formed = bool(_gap.search(raw.strip("( "))) and not _date.match(raw)
    return number if formed or _last(view.before(start, _REACH), "label") >= 0 else ""


def _national(view: View, start: int, end: int, countries: tuple[str, ...]) -> tuple[str, int]:
    """A number in one of the countries' plans, and how many characters of the span it takes."""
    raw = view.text[start:end]
    if _date.match(raw) or _unit.match(view.after(end, 12)) or _file_number(view, start, end):
        return "", 0
    before = f"{view.column_head(start)} {view.before(start, _REACH)}"
    label = _last(f"{view.column_head(start)} {view.introduction(start, _REACH)}", "label")
    other = _last(re.sub(r"^.*[.!?] (?=.)", lambda passed: " " * len(passed[0]), before), "other")
    if other >= max(0, label):
        return "", 0
    named = _country_behind.match(view.after(end, 8))
    if named:
        label, countries = 0, (named[1].upper(), *countries)
    for country in countries:
        if label < 0 and not _formed(raw, country):
            continue
        number, length = _in_country(raw, country)
        if number:
            return number, length
    if label >= 0 or _last(before, "sender") >= 0:
        number = _without_plus(raw, countries)
        if number:
            return number, len(raw)
    return _unassigned(raw, countries[0], labelled=label >= 0)


def _file_number(view: View, start: int, end: int) -> bool:
    """The number of a document: 第…号."""
    return view.text[start - 1 : start] == "第" or view.text[end : end + 1] in {"号", "條", "条"}


def _formed(raw: str, country: str) -> bool:
    form, plain = _FORMS.get(country), raw.translate(_DASHES)
    return bool(form and form.match(plain)) or bool(_grouped.fullmatch(plain))


def _without_plus(raw: str, countries: tuple[str, ...]) -> str:
    """A number with the code of one of the countries in front, but no sign that it is one."""
    digits = re.sub(r"[^0-9]", "", raw)
    if raw.startswith(("0", "(")) or not 10 <= len(digits) <= 15:
        return ""
    if not digits.startswith(tuple(calling_code(country) for country in countries)):
        return ""
    number = national_number("+" + digits, "")
    return number if number and valid_number(number) else ""


def _unassigned(raw: str, country: str, *, labelled: bool) -> tuple[str, int]:
    """A number of a range that the country has not given out, such as those kept for films and examples."""
    form = _FORMS.get(country)
    formed = bool(form and form.fullmatch(raw.translate(_DASHES)))
    trunk = raw.startswith(("0", "(0")) and country not in _NO_TRUNK
    if not ((trunk and labelled) or (formed and (trunk or country in _NO_TRUNK))):
        return "", 0
    digits = re.sub(r"[^0-9]", "", raw)
    number = national_number(digits, country, lenient=True) if 9 <= len(digits) <= 11 else ""
    return number, len(raw) if number else 0


def _last(before: str, name: str) -> int:
    at = -1
    for found in pattern("phone", name).finditer(before):
        at = found.end()
    return at


def _in_country(raw: str, country: str) -> tuple[str, int]:
    """The number in a country's plan; a range (`02-123-4567-8`) and a second number behind it are cut off."""
    if country == "TH" and raw[:1] not in {"0", "1", "("}:
        return "", 0
    number = national_number(re.sub(r"[^0-9]", "", raw), country)
    if number:
        return number, len(raw)
    for shorter in reversed(list(_gap.finditer(raw))):
        head = re.sub(r"[^0-9]", "", raw[: shorter.start()])
        number = national_number(head, country) if len(head) >= 8 else ""
        if number:
            return number, shorter.start()
    return "", 0


def _shorts(view: View, taken: Taken, countries: tuple[str, ...]) -> Iterator[Candidate]:
    for label in pattern("phone", "hotline").finditer(view.low):
        anchor, reach = label.end(), 40
        while found := _short.search(view.text, anchor, min(len(view.text), anchor + reach)):
            start, end = found.span()
            if not _leads(view.low[anchor:start]):
                break
            if taken.free(start, end) and not _counted(view, end):
                taken.add(start, end)
                entity = Entity("phone-number", f"{countries[0].lower()}:{found[0]}")
                yield Candidate(entity, start, end, settled=_SHORT_REASON)
            anchor, reach = end, 18


def _leads(gap: str) -> bool:
    """Whether the words between a label and a short number leave it that label's number."""
    return len(gap) <= 32 and not re.search(
        r"[\n;!?]|[.] (?=[a-z])|[0-9]{2}|ปี|พ\.ศ|年|末尾|ลงท้าย|\bend(?:s|ing|et|en)?\b|termin|finiss"
        r"|\b(?:in|year|jahr|année|año|yıl|since|seit|depuis|desde|over|about|more than|from|les|the)\b",
        gap,
    )


def _counted(view: View, end: int) -> bool:
    """Whether the number before the offset is an amount or a time."""
    after = view.after(end, 12)
    return bool(_unit.match(after) or _clock.match(after))
