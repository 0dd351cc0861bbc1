"""How a name that is to be erased may stand elsewhere: words apart or turned round, letters in other form."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote

from chokepoint.store.canonical import encode
from chokepoint.values.name_words import UNSPACED, plain, words_in
from chokepoint.values.short_names import NO_HANGUL, given, is_short_hangul

if TYPE_CHECKING:
    from collections.abc import Iterator

APART = " \t\r\n\u00a0,.-_+"
"""What may stand between two words of a name, in running text, a table, an address or the name of a file."""
WIDEST = 40
"""Such characters in a row at most: a name that is broken over two lines is indented on the second."""
_WRITTEN = [
    b"%20",
    b"%C2%A0",
    rb"&nbsp;",
    rb"&#(?:32|160|x20|xa0);",
    rb"\\u00a0",
    rb"\\[nrt]",
    rb"<[^<>]{1,80}>",
]
"""What may besides where a text is an address, JSON or a web page, whose marks may part a name."""
SHORTEST_PACKED = 8
"""Letters of base64 that are no chance."""
TURNED = 4
"""Words of a name at most of which the last may stand first."""
PART = 4
"""Letters from which a part of a name tells of it, though nothing was found by it."""
_NO_HANGUL = {
    "utf-8": rb"(?<![\xea-\xed][\x80-\xbf][\x80-\xbf])",
    "utf-16-le": rb"(?<![\x00-\xff][\xac-\xd7])",
    "utf-16-be": rb"(?<![\xac-\xd7][\x00-\xff])",
}
_CASES = (str, str.upper, str.lower, str.title)
_LETTER = "[0-9A-Za-z]"
_ALONE = {
    "utf-8": (f"(?<!{_LETTER})".encode(), f"(?!{_LETTER})".encode()),
    "utf-16-le": (rf"(?<!{_LETTER}\x00)".encode(), rf"(?!{_LETTER}\x00)".encode()),
    "utf-16-be": (rf"(?<!\x00{_LETTER})".encode(), rf"(?!\x00{_LETTER})".encode()),
}
"""No letter before and none behind: a name that is turned round is rarer than two words that look like it."""


def spellings(name: str) -> list[tuple[str, ...]]:
    """The words of a name in the letters in which it may stand, the longest first.

    Case is varied for letters outside ASCII alone: of the others whoever looks takes no notice of it.
    """
    shapes = {name}
    if not name.isascii():
        shapes |= {normalize(form, case(name)) for form in ("NFC", "NFD") for case in _CASES}
    found = {tuple(shape.split()) or (shape,) for shape in shapes}
    return sorted(found, key=lambda words: (-sum(map(len, words)), words))


def turned(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The same with the last word first, where there are few enough.

    >>> turned(("Ann", "Mary", "Lane")), turned(("Lane",))
    ([('Lane', 'Ann', 'Mary')], [])
    """
    return [(words[-1], *words[:-1])] if 1 < len(words) <= TURNED else []


def in_bytes(name: str, code: str) -> bytes:
    """The name as a pattern of bytes, for a search that takes no notice of ASCII's case.

    Args:
        name: as it is known.
        code: `utf-8`, `utf-16-le` or `utf-16-be`.
    """
    between = [re.escape(one.encode(code)) for one in APART]
    if code == "utf-8":
        between += _WRITTEN
    apart = b"(?:%b){1,%d}" % (b"|".join(between), WIDEST)
    before, behind = _ALONE[code]
    known = spellings(name)
    start = _NO_HANGUL[code] if is_short_hangul(name) else b""
    told = [start + apart.join(_in_bytes(word, code) for word in words) for words in known]
    round_ = [other for words in known for other in turned(words)]
    told += [before + apart.join(_in_bytes(word, code) for word in words) + behind for words in round_]
    return b"|".join([*told, *(_packed(name) if code == "utf-8" else ())])


def _in_bytes(word: str, code: str) -> bytes:
    """A word as it is, and as JSON, addresses and web pages write letters outside ASCII."""
    plain = re.escape(word.encode(code))
    if word.isascii() or code != "utf-8":
        return plain
    webbed = word.encode("ascii", "xmlcharrefreplace")
    escaped = (json.dumps(word)[1:-1].encode(), quote(word).encode(), webbed)
    return b"(?:%b)" % b"|".join([plain, *map(re.escape, escaped)])


def _packed(name: str) -> Iterator[bytes]:
    """What base64 makes of a name wherever it begins, as far as it depends on nothing beside it."""
    for form in {case(name) for case in _CASES}:
        for before in range(3):
            whole = b64encode(b"\0" * before + form.encode())
            rest = (before + len(form.encode())) % 3
            sure = whole[(0, 2, 3)[before] : len(whole) - (0, 3, 2)[rest]]
            if len(sure) >= SHORTEST_PACKED:
                yield re.escape(sure)


def in_records(name: str) -> str:
    """The name as a pattern of a record's text, by itself, for a search that takes no notice of case.

    An underscore parts words, as in the names of files.
    """
    apart = rf"(?:[\s{re.escape(APART.strip())}]|\\[nrt]){{1,{WIDEST}}}"
    orders = (order for words in spellings(name) for order in (words, *turned(words)))
    return "|".join(
        _bound(words[0][:1], r"(?<![^\W_])")
        + (NO_HANGUL if is_short_hangul(name) else "")
        + apart.join(re.escape(_said(word)) for word in words)
        + _bound(words[-1][-1:], r"(?![^\W_])")
        for words in orders
    )


def as_entity(kind: str, value: str) -> str:
    """An entity as a pattern of a record's text, where it is named with its kind and not only its value.

    >>> import re
    >>> [bool(re.search(as_entity("person", "Bo"), one)) for one in ('["person","Bo"]', "person:Bo,", "Bo")]
    [True, True, False]
    """
    first, second = re.escape(_said(kind)), re.escape(_said(value))
    return rf'\["{first}","{second}"\]|(?<![\w-]){first}:{second}(?!\w)'


def _bound(letter: str, bound: str) -> str:
    """Where a name must end, but in scripts that stand without blanks: Thai, Burmese, Chinese and so on."""
    return "" if letter >= UNSPACED else bound


def stands_in(text: str, name: str) -> bool:
    """Whether a name stands in a text by itself, however it is spelled there."""
    return re.search(in_records(name), encode(text)[1:-1].decode(), re.IGNORECASE) is not None


def hints_at(question: str, name: str, *, found: bool) -> bool:
    """Whether a question that was put to the atlas tells of a name: all of it, or a part.

    Args:
        question: as it was put.
        name: what is erased.
        found: whether the answer named it; then one word of it in the question is enough, within another
            where words stand without blanks.
    """
    asked, told = plain(question).strip(), plain(name)
    if told in asked or (len(asked) >= PART and asked in told):
        return True
    if stands_in(question, name):
        return True
    words = {word for word in (*words_in(told), given(told)) if len(word) > 1}
    within = any(word in asked for word in words if min(word) >= UNSPACED)
    return found and (within or not words.isdisjoint(words_in(asked)))


def surest(name: str) -> str:
    """The longest part, in ASCII, that a record holds however the name is spelled; empty if there is none."""
    words = normalize("NFC", name).split() or [name]
    parts = (part for word in words for part in re.findall("[ -~]+", _said(word)))
    return max(parts, key=len, default="").lower()


def _said(word: str) -> str:
    return encode(word)[1:-1].decode()
