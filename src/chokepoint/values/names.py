"""Names of people, groups, malware, things and countries, in a form that compares."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values.tables import table

LONGEST = 300
_LANGUAGES = ("en", "de", "es", "fr", "ja", "th", "tr")

_digit_only = re.compile(r"[\d ]+").fullmatch


def parse_name(text: str) -> str:
    """NFKC, case folded, punctuation and underscores as single spaces; marks of every script kept.

    >>> parse_name("Lazarus_Group (DPRK)"), parse_name("น้ำตาล")
    ('lazarus group dprk', 'น้ําตาล')

    Raises:
        NotValidError: nothing is left, or longer than 300 characters.
    """
    if len(text) > LONGEST * 4:
        raise _too_long(len(text))
    if text.isascii() and text.isalnum() and len(text) <= LONGEST:
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(_kept(c) for c in folded)
    value = " ".join(unicodedata.normalize("NFKC", kept).split())
    if not value:
        raise NotValidError(
            Said("{text!r} holds no letter or digit to name anything by", text=text[:60]),
            mend="write a name of letters or digits",
        )
    if len(value) > LONGEST:
        raise _too_long(len(value))
    return value


def _too_long(length: int) -> NotValidError:
    why = Said("a name has at most {longest} characters, this has {length}", longest=LONGEST, length=length)
    return NotValidError(why, mend="shorten the name")


def _kept(character: str) -> str:
    """Letters, marks and numbers stay; what joins them silently goes; the rest separates."""
    category = unicodedata.category(character)
    if category[0] in "LMN":
        return character
    if category == "Cf" or character in "'’ʼ":
        return ""
    return character if character in "$+€¥" else " "


def squash(value: str) -> str:
    """A normalised name without its spaces, so that `lazarus group` meets `lazarusgroup`."""
    return value.replace(" ", "")


def generic(value: str) -> bool:
    """Whether a normalised name is too short or too common to join two records on.

    >>> generic("loader"), generic("apt"), generic("fin7"), generic("lazarus group")
    (True, True, False, False)
    """
    bare = squash(value)
    if len(bare) <= 2 or _digit_only(value):
        return True
    if len(bare) == 3 and bare.isascii() and bare.isalpha():
        return True
    return all(word in _common() or len(word) == 1 for word in value.split())


@cache
def _common() -> frozenset[str]:
    return frozenset(table("names")["common"])


@cache
def countries() -> dict[str, str]:
    """Codes and names (all in normal form) → ISO 3166 alpha-2 code in lower case.

    Source: geonames.org by way of the MISP galaxy cluster `country` (CC0), other English names added.
    """
    table: dict[str, str] = {}
    text = resources.files("chokepoint.values").joinpath("countries.csv").read_text("utf-8")
    for code, alpha3, name, others in csv.reader(text.splitlines()):
        for spelling in (code, alpha3, name, *others.split("|")):
            if spelling:
                table.setdefault(parse_name(spelling), code)
    table["uk"] = "gb"
    return table


@cache
def _countries_abroad() -> dict[str, str]:
    """Names in seven languages (in normal form) → alpha-2 code in lower case, of the Unicode locale data."""
    from babel import Locale  # noqa: PLC0415 - its tables take longer to read than a command to start

    known = country_names()
    return {
        parse_name(name): code.lower()
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if code.lower() in known
    }


@cache
def country_names() -> dict[str, str]:
    """Alpha-2 code in lower case → English name."""
    text = resources.files("chokepoint.values").joinpath("countries.csv").read_text("utf-8")
    return {row[0]: row[2] for row in csv.reader(text.splitlines())}


def _first_of(names: list[str], table: dict[str, str]) -> str:
    return next((table[name] for name in names if name in table), "")


_turned = re.compile(r"^([^,(]{3,40}?)(?:, | \()([^,()]{3,60})\)?$")
"""What lists put behind for the alphabet's sake: `Korea, North`, `Iran (Islamic Republic of)`."""


def parse_country(text: str) -> str:
    """The ISO 3166 alpha-2 code in lower case, from a code or a name in one of the house's languages.

    Raises:
        NotValidError: no such country.
    """
    turned = _turned.sub(r"\2 \1", text)
    wanted = [parse_name(one) for one in dict.fromkeys((text, turned))]
    wanted += [one.removeprefix("the ") for one in wanted]
    code = _first_of(wanted, countries()) or _first_of(wanted, _countries_abroad())
    if not code:
        raise NotValidError(
            Said("{text!r} is no country", text=text[:60]), mend="write an ISO 3166 code such as TH"
        )
    return code


def country_code(text: str) -> str:
    """A two-letter code, checked.

    Raises:
        NotValidError: no such code.
    """
    lowered = text.lower()
    if lowered not in country_names() and lowered != "uk":
        raise NotValidError(
            Said("{text!r} is no ISO 3166 country code", text=text[:10]), mend="write a code such as TH"
        )
    return "gb" if lowered == "uk" else lowered
