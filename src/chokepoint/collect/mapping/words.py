"""What headers of tables and blank cells mean: words in seven languages, from `columns.toml`."""

from __future__ import annotations

import re
from functools import cache

from chokepoint.collect.formats import words
from chokepoint.collect.mapping.links import NAMES
from chokepoint.collect.taking import named
from chokepoint.values.tables import table

_humps = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMING = frozenset({*NAMES, "indicator"})
BLANKS = frozenset(words("blank-cells"))


def normal(header: str) -> str:
    """A header in the form in which headers compare; empty if it holds no letter."""
    entity = named("campaign", header[:200]) if header else None
    return entity.value if entity else ""


def _tables() -> dict[str, dict[str, list[str]]]:
    return table("columns", "collect")


@cache
def _words() -> tuple[tuple[str, str, str], ...]:
    """(word in normal form, section, meaning), the longest words first."""
    found = [
        (normal(word), section, meaning)
        for section in ("platform", "role", "kind")
        for meaning, words in _tables()[section].items()
        for word in words
    ]
    return tuple(sorted(found, key=lambda entry: -len(entry[0])))


def hint(header: str) -> tuple[str, str]:
    """(section, meaning) that a header suggests; two empty texts if none.

    >>> hint("BTC Wallet"), hint("First seen (UTC)")
    (('kind', 'crypto-address'), ('role', 'first-seen'))
    >>> hint("Group"), hint("Group type")
    (('kind', 'group'), ('', ''))
    """
    text = normal(header)
    if not text:
        return "", ""
    padded = f" {text} "
    for word, section, meaning in _words():
        if text == word:
            return section, meaning
    for word, section, meaning in _words():
        whole = f" {word} " in padded if word.isascii() else word in text
        if whole and (len(word) > 3 or padded.endswith(f" {word} ") or padded.startswith(f" {word} ")):
            return ("", "") if meaning in _NAMING and _beside_a_name(header) else (section, meaning)
    return "", ""


def _beside_a_name(header: str) -> bool:
    """Whether a header speaks of the type or number of something, or of a thing's name: of nobody's."""
    parts = normal(_humps.sub(" ", header)).split()
    return len(parts) > 1 and (
        parts[-1] in _beside() or (parts[-1] == "name" and parts[-2] in _told("thing"))
    )


@cache
def _told(sort: str) -> frozenset[str]:
    return frozenset(map(normal, _tables()["beside"][sort]))


def beside(header: str) -> str:
    """What a column tells of neither side: `teller` who reported it, `reading` where one reads more.

    Likeness to other files, as an import hash has it, is no file's digest either: `likeness`.

    >>> beside("Reporter"), beside("urlhaus_link"), beside("url")
    ('teller', 'reading', '')
    """
    text = normal(header)
    return next((sort for sort in ("teller", "reading", "likeness") if text in _told(sort)), "")


def of_certificate(header: str) -> bool:
    """Whether the digests of a column are those of certificates.

    >>> of_certificate("ssl.cert.fingerprint.sha1"), of_certificate("sha1")
    (True, False)
    """
    return not _told("certificate").isdisjoint(normal(header).split())


def posted(header: str) -> bool:
    """Whether a column tells of the victim, beside columns that name it and whoever hit it."""
    return normal(header) in _told("posted")


@cache
def _beside() -> frozenset[str]:
    return frozenset(words("beside-a-name"))


@cache
def _parties() -> dict[str, str]:
    return {normal(word): meaning for meaning, words in _tables()["party"].items() for word in words}


def party(header: str) -> str:
    """What a whole header means in a table of payments: `payer`, `payee`, `currency`, or nothing.

    >>> party("From address"), party("Beneficiary"), party("from the police")
    ('payer', 'payee', '')
    """
    return _parties().get(normal(header), "")


@cache
def _victims(sort: str) -> tuple[str, ...]:
    return tuple(map(normal, _tables()["victim"][sort]))


def names_victims(header: str) -> bool:
    """Whether the words of a column are names of those who are hit, and not what else is said of them.

    >>> names_victims("Victim"), names_victims("Victim name"), names_victims("Victim sector")
    (True, True, False)
    """
    return normal(header).removesuffix(" name") in _victims("always")


def victim(header: str, *, beside_actors: bool) -> bool:
    """Whether a column names those who are hit rather than those who hit.

    >>> victim("Victim domain", beside_actors=False), victim("Target country", beside_actors=False)
    (True, False)
    """
    text = normal(header)
    listed = (*_victims("always"), *(_victims("actor") if beside_actors else ()))
    return any(f" {word} " in f" {text} " if word.isascii() else word in text for word in listed)


def is_blank(value: str) -> bool:
    """Whether a cell stands for nothing."""
    return value.strip().casefold() in BLANKS
