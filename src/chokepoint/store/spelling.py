"""How a name that is to be erased may stand elsewhere: words apart or turned round, letters in other form."""

from __future__ import annotations

import re
from unicodedata import normalize

from chokepoint.store.canonical import encode

APART = " \t\r\n\u00a0,.-_+"
"""What may stand between two words of a name, in running text, a table, an address or the name of a file."""
WIDEST = 40
"""Such characters in a row at most: a name that is broken over two lines is indented on the second."""
TURNED = 4
"""Words of a name at most of which the last may stand first."""
PART = 4
"""Letters from which a part of a name tells of it, though nothing was found by it."""
UNSPACED = "\u0e00"
"""From Thai on scripts stand without blanks: a letter before a name or behind it makes it no longer word."""
_CASES = (str, str.upper, str.lower, str.title)
_LETTER = "[0-9A-Za-z_]"
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
        between += [b"%20", b"&nbsp;"]
    apart = b"(?:%b){1,%d}" % (b"|".join(between), WIDEST)
    before, behind = _ALONE[code]
    known = spellings(name)
    told = [apart.join(re.escape(word.encode(code)) for word in words) for words in known]
    round_ = [other for words in known for other in turned(words)]
    told += [before + apart.join(re.escape(word.encode(code)) for word in words) + behind for words in round_]
    return b"|".join(told)


def in_records(name: str) -> str:
    """The name as a pattern of a record's text, by itself, for a search that takes no notice of case."""
    apart = rf"(?:[\s{re.escape(APART.strip())}]|\\[nrt]){{1,{WIDEST}}}"
    orders = (order for words in spellings(name) for order in (words, *turned(words)))
    return "|".join(
        _bound(words[0][:1], r"(?<!\w)")
        + apart.join(re.escape(_said(word)) for word in words)
        + _bound(words[-1][-1:], r"(?!\w)")
        for words in orders
    )


def _bound(letter: str, bound: str) -> str:
    """Where a name must end, but in scripts that stand without blanks: Thai, Burmese, Chinese and so on."""
    return "" if letter >= UNSPACED else bound


def hints_at(question: str, name: str, *, found: bool) -> bool:
    """Whether a question that was put to the atlas tells of a name: all of it, or a part.

    Args:
        question: as it was put.
        name: what is erased.
        found: whether the answer named it; then one word of it in the question is enough.
    """
    asked, told = question.casefold().strip(), name.casefold()
    if told in asked or (len(asked) >= PART and asked in told):
        return True
    if re.search(in_records(name), encode(question)[1:-1].decode(), re.IGNORECASE):
        return True
    words = {word for word in re.findall(r"\w+", told) if len(word) > 1}
    return found and not words.isdisjoint(re.findall(r"\w+", asked))


def surest(name: str) -> str:
    """The longest part, in ASCII, that a record holds however the name is spelled; empty if there is none."""
    words = normalize("NFC", name).split() or [name]
    parts = (part for word in words for part in re.findall("[ -~]+", _said(word)))
    return max(parts, key=len, default="").lower()


def _said(word: str) -> str:
    return encode(word)[1:-1].decode()
