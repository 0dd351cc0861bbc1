"""Numbers, days and likelihood in the reader's language; labels of markings in nobody's but their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup

from chokepoint.model.words import likelihood

if TYPE_CHECKING:
    from babel import Locale

    from chokepoint.model.claim import Interval
    from chokepoint.model.marking import Tlp

_SIZES = ((1 << 30, "gigabyte"), (1 << 20, "megabyte"), (1 << 10, "kilobyte"))


def number(figure: float, locale: Locale) -> str:
    """A number as the language writes it."""
    return format_decimal(figure, locale=locale)


def rounded(figure: float, locale: Locale) -> str:
    """A reckoned number with four digits that count, as many as the reckoning is good for.

    >>> rounded(341873.469, Locale("en")), rounded(0.98512, Locale("en"))
    ('341,900', '0.985')
    """
    return number(float(f"{figure:.4g}"), locale)


def decimals(figure: float, locale: Locale) -> str:
    """A number with three decimals, whatever they are."""
    return format_decimal(figure, format="0.000", locale=locale)


def size(count: int, locale: Locale) -> str:
    """A number of bytes for people, in the largest binary unit that it fills, by the language's name for it.

    >>> from babel import Locale
    >>> size(64 << 20, Locale("en")), size(3 << 29, Locale("en"))
    ('64 MB', '1.5 GB')
    """
    unit, name = next((one for one in _SIZES if count >= one[0]), (1, "byte"))
    figure = float(f"{count / unit:.3g}")
    return format_unit(figure, f"digital-{name}", "short", locale=locale)


def percent(belief: float, locale: Locale) -> str:
    """A probability as whole per cent, never rounded to a certainty that it does not have."""
    if 0.0 < belief < 0.01:
        return _beyond("<", _whole(1, locale), locale)
    if 0.99 < belief < 1.0:
        return _beyond(">", _whole(99, locale), locale)
    return _whole(round(100 * belief), locale)


@lru_cache(maxsize=1024)
def _whole(hundredths: int, locale: Locale) -> str:
    return format_percent(hundredths / 100, locale=locale)


def _beyond(sign: str, figure: str, locale: Locale) -> str:
    """A figure behind a sign that would point the other way in writing from right to left."""
    turned = locale.text_direction == "rtl"
    return Markup('<bdi dir="ltr">{}{}</bdi>').format(sign, figure) if turned else f"{sign}{figure}"


def bar(belief: float) -> Markup:
    """A thin bar as long as the probability; beside it stands the word, so that readers need not see it."""
    return _bar(round(100 * belief))


@lru_cache(maxsize=128)
def _bar(hundredths: int) -> Markup:
    return Markup(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="whole" width="100" height="4"/><rect class="part" width="{}" height="4"/></svg>'
    ).format(hundredths)


def likely(belief: float) -> str:
    """The English ICD 203 term for a probability."""
    return likelihood(min(1.0, max(0.0, belief)))


def moment(at: str, locale: Locale) -> Markup:
    """A moment (ISO 8601) in UTC and the language's words; as it stands where it is none."""
    try:
        when = datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        return Markup("<bdi>{}</bdi>").format(at)
    shown = format_datetime(when, "d MMM y HH:mm", locale=locale)
    return Markup('<time datetime="{}">{} UTC</time>').format(at, shown)


def second(at: int, locale: Locale) -> Markup:
    """A moment given in Unix seconds."""
    return moment(datetime.fromtimestamp(at, UTC).isoformat(), locale)


def day(iso: str, locale: Locale) -> Markup:
    """A day, month or year (`2026-02-03`, `2026-02`, `2026`) in the language's words."""
    try:
        when = date.fromisoformat({4: f"{iso}-01-01", 7: f"{iso}-01"}.get(len(iso), iso))
    except ValueError:
        return Markup("<bdi>{}</bdi>").format(iso)
    return _day(when, len(iso), locale)


@lru_cache(maxsize=8192)
def _day(when: date, width: int, locale: Locale) -> Markup:
    form = {4: "y", 7: "MMM y"}.get(width, "d MMM y")
    iso = when.isoformat()[:width]
    return Markup('<time datetime="{}">{}</time>').format(iso, format_date(when, form, locale=locale))


def interval(observed: Interval | None, locale: Locale) -> Markup:
    """An interval of days, the last one included, as exactly as the source knew it."""
    if observed is None:
        return Markup("")
    start, end = observed.days
    if start == end or not end:
        return Markup("{}").format(day(start, locale)) if start else Markup("")
    return Markup("{}–{}").format(day(start, locale) if start else "", day(end, locale))


def tlp(label: Tlp) -> Markup:
    """The badge of a TLP label, which is never translated and never turned round."""
    name = label.name.lower().replace("_", "-")
    return Markup('<span class="badge tlp-{}" dir="ltr" lang="en" translate="no">{}</span>').format(
        name, label.label
    )
