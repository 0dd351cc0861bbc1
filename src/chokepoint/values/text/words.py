"""The word tables of the scanner, as patterns. Texts are matched after `fold`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from chokepoint.values.tables import table

_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_LETTER = r"[^\W\d_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]"

_END = r"(?![a-zà-öø-ÿğışœ])"


def fold(text: str) -> str:
    """Lower case, one character for one, so that offsets stay."""
    return text.replace("İ", "i").lower()


@cache
def words(section: str, name: str) -> tuple[str, ...]:
    """One list of a table."""
    return tuple(table("text/words")[section][name])


def alternation(entries: tuple[str, ...]) -> str:
    """A pattern for any of the words, the longest first; whole words in scripts that part them by spaces.

    Words of six letters and more also match as the beginning of a longer word. The words share their
    beginnings (a trie), so that matching costs little more for a thousand words than for ten.
    """
    spaceless = [word for word in entries if _SPACELESS.match(word)]
    spaced = [word for word in entries if not _SPACELESS.match(word)]
    branches = [f"(?<!{_LETTER}){_trie(spaced)}"] if spaced else []
    return "|".join([*branches, *([_trie(spaceless)] if spaceless else [])])


def _trie(entries: list[str]) -> str:
    root: dict[str, Any] = {}
    for word in entries:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[""] = len(word) < 6 and word[-1].isalpha() and not _SPACELESS.match(word)
    return _branches(root)


def _branches(node: dict[str, Any]) -> str:
    """The longer words of a node before the word that ends in it."""
    parts = [
        re.escape(character) + _branches(child) for character, child in sorted(node.items()) if character
    ]
    if "" in node:
        parts.append(_END if node[""] else "")
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """The alternation of one list, compiled."""
    return re.compile(alternation(words(section, name)))
