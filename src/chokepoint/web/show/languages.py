"""The languages of the desk: message catalogues read at start, and which one a reader wants."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "ar": "العربية",
    "pt": "Português",
    "es": "Español",
    "th": "ไทย",
    "sw": "Kiswahili",
}
"""By code, each in its own words."""


def catalogue(language: str) -> Traversable:
    """The file with the messages of a language."""
    return resources.files("chokepoint.web") / "locales" / language / "LC_MESSAGES" / "messages.po"


@cache
def offered() -> tuple[str, ...]:
    """Languages that have a catalogue; English is what the messages are written in."""
    return tuple(code for code in LANGUAGES if code == "en" or catalogue(code).is_file())


class _Spoken(Translations):
    """A catalogue in which no words stay none: gettext answers them with the catalogue's header."""

    def ugettext(self, message: str) -> str:
        return super().ugettext(message) if message else ""


@cache
def translations(language: str) -> NullTranslations:
    """The messages of a language; English ones where it has none of its own."""
    if language == "en" or language not in offered():
        return NullTranslations()
    compiled = BytesIO()
    with catalogue(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return _Spoken(compiled)


@cache
def locale(language: str) -> Locale:
    """How a language writes dates and numbers, and in which direction."""
    return Locale.parse(language)


def wanted(chosen: str | None, accepted: str) -> str:
    """The language for a reader: the chosen one, else the first that their browser asks for and we have.

    Args:
        chosen: a code from their cookie, whatever it may hold.
        accepted: the header `Accept-Language`.
    """
    if chosen in offered():
        return str(chosen)
    asked = [part.partition(";")[0].strip() for part in accepted[:500].split(",")]
    found = negotiate_locale([one for one in asked if one], offered(), sep="-")
    return (found or "en").partition("-")[0].partition("_")[0]
