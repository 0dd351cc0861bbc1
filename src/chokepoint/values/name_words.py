"""Names of people in words of others: how both are compared, and where a word ends in any script."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from chokepoint.values.defang import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Callable

_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0963\u0966-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc"
    "\u0ec8-\u0ecd\u0f71-\u0f84\u102b-\u103e\u1056-\u1059\u17b4-\u17d3"
)
"""Vowels and tones that scripts write as marks on letters: they end no word."""
UNSPACED = "\u0e00"
"""Thai, Lao, Khmer, Burmese, Chinese, Japanese, Korean: from here on words stand without blanks."""
_foreign_figure = re.compile(r"[^\D0-9]")
words_in: Callable[[str], list[str]] = re.compile(rf"(?:[^\W_]|[{_MARKS}])+").findall


def plain(text: str) -> str:
    """The text as names are compared: NFKC, without regard to case or to characters that show nothing.

    >>> plain("JOSE\u0301 Mu\u00adller") == plain("José Muller")
    True
    """
    return unicodedata.normalize("NFKC", text).translate(_UNSEEN).casefold()


def latin_figures(text: str) -> str:
    """The text with every script's figures as Latin ones.

    >>> latin_figures("๐๘๑ ٤٥٦")
    '081 456'
    """
    return _foreign_figure.sub(lambda found: str(unicodedata.decimal(found[0])), text)
