"""Defanging: the many ways in which people make addresses harmless, and the way back."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
"""Characters that show nothing: soft hyphen, joiners, direction marks and overrides."""

_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_OTHER = {0x3000: 0x20, 0x2024: 0x2E, 0xFF61: 0x3002, 0xA0: 0x20, 0x202F: 0x20}
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2212), 0x2D)
_THAI_DIGITS = {0x0E50 + digit: 0x30 + digit for digit in range(10)}
NARROW: dict[int, int] = _FULLWIDTH | _OTHER | _HYPHENS | _THAI_DIGITS
"""Full-width and look-alike punctuation and Thai digits → ASCII, one character for one."""

_DOT = r"[\[({<]\s?(?:\.|dot|DOT|Dot|punto|point|punkt|Punkt|PUNKT|nokta|NOKTA|จุด|ドット)\s?[\])}>]\s?(?=\w)"
_AT = r"[\[({<]\s?(?:@|at|AT|At|arroba|arobase|ät|แอท|アット)\s?[\])}>]\s?(?=\w)"
_AT_APART = r" @ (?=[a-zA-Z0-9-]{2,63}(?:\.[a-zA-Z0-9-]{2,63}){1,3}\b)(?<=[\w] @ )"
_ENTITY = r"&(?:#[0-9]{2,5}|#[xX][0-9a-fA-F]{2,4}|amp|nbsp|quot|commat|period|colon|sol|lt|gt);"
_HALF = r"\[\.(?<=[A-Za-z0-9]\[\.)(?=[A-Za-z0-9])|\.\](?<=[A-Za-z0-9]\.\])(?=[A-Za-z0-9])|\\\.(?=[A-Za-z0-9])"
_SLASHES = r"\[:\](?://|\\/\\/)|\[:/{1,2}\]/?|:\[//\]|:\\/\\/|\(:\)//"
_SCHEME = r"[hH](?:[xX*_]{1,2}|[tT][xX]|[xX][tT]|\[tt\])[pP][sS]?(?=\s?(?:\[?:|\(:))"
_SECURE = r"(?<=[hH][tT][tT][pP])\[[sS]\](?=\s?[\[:(])"
_MEOW = r"\b[mM][eE][oO][wW][sS]?(?=://)"
_FTP = r"[fF][xX][pP](?=[\[(]?:)"
_WIDE_DOT = r"(?<=[A-Za-z0-9])\u3002(?=[a-z]{2,24}\b)"
_ACCENTS = r"[\u0300-\u036f]{1,8}"
_SPACED = r" \. ?(?=(?:com|net|org|info|xyz|top|ru|cn|onion)\b)"

_PATTERN = re.compile(
    "|".join(
        f"(?P<{name}>{body})"
        for name, body in (
            ("dot", _DOT),
            ("at", _AT),
            ("half", _HALF),
            ("slashes", _SLASHES),
            ("colon", r"\[:\]"),
            ("slash", r"\[/\]"),
            ("scheme", _SCHEME),
            ("secure", _SECURE),
            ("meow", _MEOW),
            ("ftp", _FTP),
            ("spaced", _SPACED),
            ("wide", _WIDE_DOT),
            ("accents", _ACCENTS),
            ("apart", _AT_APART),
            ("entity", _ENTITY),
            ("hidden", f"[{INVISIBLE}]+"),
        )
    )
)
_PLAIN = {
    "dot": ".",
    "half": ".",
    "at": "@",
    "slashes": "://",
    "colon": ":",
    "slash": "/",
    "secure": "s",
    "ftp": "ftp",
    "spaced": ".",
    "wide": ".",
    "apart": "@",
}
_suspect = re.compile(
    rf"[\[({{<][.:@/daDApPnNtäจแアド ]|[.:]\]|\\[./]|:\[|[hH][xX*_tT\[][tTxXpP*_]|[fF][xX]| \. ?[a-z]| @ "
    rf"|[pP]\[[sS]\]|[mM][eE][oO][wW]|&[#acglnpqs]|[\u0300-\u036f{INVISIBLE}]|[A-Za-z0-9]\u3002[a-z]"
).search


class Edit(NamedTuple):
    """One defanged part of a text: where it stood, what it stands for, and by which habit."""

    start: int
    end: int
    plain: str
    habit: str


def edits(text: str) -> Iterator[Edit]:
    """Every defanged part of a text that is narrow already, in order, without overlaps."""
    if not _suspect(text):
        return
    last = 0
    for found in _PATTERN.finditer(text):
        edit = _edit(text, found)
        if edit and edit.start >= last:
            last = edit.end
            yield edit


def _edit(text: str, found: re.Match[str]) -> Edit | None:
    start, end = found.span()
    habit = found.lastgroup or ""
    before = text[max(0, start - 1) : start]
    if found["scheme"] is not None or habit == "meow":
        return Edit(start, end, "https" if found[0][-1] in "sS" else "http", "scheme")
    if habit == "accents":
        whole = normalize("NFC", before + found[0])
        return Edit(start - 1, end, whole, habit) if before.isalpha() else None
    if habit == "entity":
        return Edit(start, end, _character(found[0]), habit)
    if habit == "spaced" and not before.isalnum():
        return None
    if habit == "apart" and not _named_apart(text, start):
        return None
    if habit in {"dot", "at"} and before == " ":
        start -= 1
    return Edit(start, end, _PLAIN.get(habit, ""), habit)


_name_apart = re.compile(
    r"(?<![\w@.-])[A-Za-z0-9](?=[^\s]*[._0-9-])[\w.+-]{1,63}$|mail\W{1,3}[\w.+-]{2,64}$", re.IGNORECASE
)


def _named_apart(text: str, end: int) -> bool:
    """Whether the word before ` @ ` is a mailbox and no plain word: `dinner @ example.com` is left alone."""
    return bool(_name_apart.search(text[max(0, end - 80) : end]))


def _character(entity: str) -> str:
    """The one character that a reference of HTML stands for; the reference where it is none."""
    character = unescape(entity).replace("\xa0", " ")
    return character if len(character) == 1 and character.isprintable() else entity


def refang(text: str) -> str:
    """The text with defanged addresses made whole, full-width letters narrow, hidden characters gone.

    >>> refang("hxxps[:]//evil[.]com/a"), refang("bob[at]evil(dot)com")
    ('https://evil.com/a', 'bob@evil.com')
    """
    narrow = text if text.isascii() else text.translate(NARROW)
    parts: list[str] = []
    last = 0
    for edit in edits(narrow):
        parts += (narrow[last : max(last, edit.start)], edit.plain)
        last = edit.end
    return "".join([*parts, narrow[last:]]) if parts else narrow


_within = re.compile(r"\b(?:(?:https?|ftp)://|www(?=\.))[^/?#&\s]*").sub
_dot_within = re.compile(r"\.(?=\w)").sub


def _unlinked(found: re.Match[str]) -> str:
    """An address within another's path, which software would link by itself."""
    scheme, mark, host = found[0].rpartition("://")
    return scheme.replace("http", "hxxp").replace("ftp", "fxp") + mark + _dot_within("[.]", host)


def defang(text: str) -> str:
    """The text so that no reader's software makes a live link of it.

    >>> defang("http://evil.com/a.php"), defang("bob@evil.com")
    ('hxxp://evil[.]com/a.php', 'bob@evil[.]com')
    """
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "", text
    host, slash, path = rest.partition("/")
    lowered = scheme.replace("http", "hxxp").replace("ftp", "fxp")
    return lowered + mark + host.replace(".", "[.]") + slash + _within(_unlinked, path)
