"""Parts of JSON and YAML under keys such as `whitelist`: what stands there is accused of nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import NamedTuple

from chokepoint.values.text.words import words

_key = re.compile(
    r"""(?m)(?:(?P<quote>["'])(?P<quoted>[\w .$/-]{2,60})(?P=quote)"""
    r"""|(?P<dent>^[ ]{0,40}(?:-[ ])?)(?P<plain>[A-Za-z][\w.-]{1,59}))"""
    r"""[ \t]*:(?=[\s\[{"'\w|>&!*-])[ \t]*"""
)
_humps = re.compile(r"(?<=[a-z])(?=[A-Z])")
_split = re.compile(r"[\W_]+")
_mark = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')
_block = re.compile(r"[|>&!#][^\n]*$|$", re.MULTILINE).match
_string = re.compile(r'"(?:[^"\\]|\\.)*+"').match


class Exempt(NamedTuple):
    """Offsets between which nothing is accused, and the key that says so."""

    start: int
    end: int
    key: str


def exempts(key: str) -> bool:
    """Whether a key, a column or a list by its name holds what is not meant.

    >>> exempts("fuzzylist"), exempts("excludeDomains"), exempts("is_whitelisted"), exempts("unsafe")
    (True, True, True, False)
    """
    parts = [part for part in _split.split(_humps.sub(" ", key).casefold()) if part]
    if not parts or not set(parts).isdisjoint(words("exempt", "denied")):
        return False
    starts = words("exempt", "start")
    pairs = ("".join(pair) for pair in pairwise(parts))
    return any(part in words("exempt", "whole") for part in parts) or any(
        part.startswith(starts) for part in (*parts, *pairs)
    )


def exempt_parts(text: str) -> list[Exempt]:
    """The parts of a text under such keys, in order and apart from each other; in linear time.

    A bracket or a block that does not close goes on to the end of the text.
    """
    found: list[Exempt] = []
    at = 0
    while key := _key.search(text, at):
        name = key["quoted"] or key["plain"]
        at = key.end()
        if exempts(name):
            at = max(at, _end(text, key))
            found.append(Exempt(key.end(), at, name))
    return found


def exempt_at(parts: list[Exempt], offset: int) -> str:
    """The key under which an offset stands, or an empty text."""
    at = bisect_right(parts, offset, key=lambda part: part.start) - 1
    return parts[at].key if at >= 0 and offset < parts[at].end else ""


def _end(text: str, key: re.Match[str]) -> int:
    """The offset after the value of a key."""
    value = key.end()
    while key["quoted"] and text[value : value + 1] in {"\n", "\r", " ", "\t"}:
        value += 1
    if text[value : value + 1] in {"[", "{"}:
        return _closed(text, value)
    if whole := _string(text, value):
        return whole.end()
    if _block(text, key.end()):
        return _block_end(text, key)
    stop = re.compile(r"[,}\n]" if key["quoted"] else r"\n").search(text, value)
    return stop.start() if stop else len(text)


def _closed(text: str, opening: int) -> int:
    depth = 0
    for mark in _mark.finditer(text, opening):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth == 0:
            return mark.end()
    return len(text)


def _block_end(text: str, key: re.Match[str]) -> int:
    """The end of the lines that stand deeper than the key, or as deep behind a dash."""
    first = text.rfind("\n", 0, key.start()) + 1
    dent = (key["quote"] and key.start() - first) or len(key["dent"] or "")
    at = text.find("\n", key.end())
    while at >= 0:
        last = text.find("\n", at + 1)
        line = text[at + 1 : last if last >= 0 else len(text)]
        bare = line.lstrip(" ")
        deep = len(line) - len(bare)
        item = bare.startswith("- ") and deep >= dent
        if bare.strip() and deep <= dent and not item:
            return at
        at = last
    return len(text)
