"""Words in which somebody must not be named: names give way to pseudonyms, or the words are withheld.

An entity has one form, words have many: a surname first, a number with blanks. What is found gives way;
where something of a name or an identifier still stands after that, none of the words are told. Every look is
made by index: its cost follows the length of the words and not how many must not be named.

A name of two to four Chinese, Japanese or Korean letters gives way wherever it stands whole, with blanks in
it or without, also where other words of Chinese or Japanese meet so by chance. Its given name, if that has
two letters or more, gives way in the same text and in no other: alone it may be any word. One letter stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from chokepoint.values.encoded import as_meant
from chokepoint.values.name_words import UNSPACED, latin_figures, plain, words_in
from chokepoint.values.short_names import given, joined, standing
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chokepoint.model.identity import Entity

NATURAL_PERSONS = frozenset({"person"})
WITHHELD = "withheld: it may name them"
SHORTEST = 3
"""Letters of a part of a name that is looked for by itself; two and fewer stand in any text."""
DIGITS = 7
"""Last digits of a number, which is written with its country's prefix or without."""
_BEGINNING, _RUN = 3, SHORTEST + 1


class Redactor:
    """Keeps some entities out of words.

    Args:
        names: who must not be named, each with what is written instead.
    """

    def __init__(self, names: Mapping[Entity, str]) -> None:
        self._names = names
        self._values: dict[str, str] = {}
        self._beginnings: dict[str, list[str]] = defaultdict(list)
        self._parts: set[str] = set()
        self._unspaced: dict[str, list[str]] = defaultdict(list)
        self._short: dict[str, list[str]] = defaultdict(list)
        self._shorts: dict[str, tuple[str, str]] = {}
        self._numbers: set[str] = set()
        self._runs: dict[str, list[str]] = defaultdict(list)
        self._longest: dict[str, list[str]] = defaultdict(list)
        self._reads = self._reads_all = False
        for one, shown in names.items():
            self._take(one, shown)

    def _take(self, one: Entity, shown: str) -> None:
        value = one.value.lower()
        if value and value not in self._values:
            self._values[value] = shown
            self._beginnings[value[:_BEGINNING]].append(value)
        folded = plain(one.value)
        if one.kind in NATURAL_PERSONS:
            whole = joined(one.value)
            if whole and whole not in self._shorts:
                self._shorts[whole] = given(one.value), shown
                self._short[whole[:2]].append(whole)
            parts = {part for part in words_in(folded) if len(part) >= SHORTEST}
            self._parts |= parts
            for part in parts:
                if min(part) >= UNSPACED:
                    self._unspaced[part[:SHORTEST]].append(part)
            return
        self._reads = True
        number = "".join(filter(str.isdecimal, folded))
        if len(number) >= DIGITS and not any(map(str.isalpha, folded)):
            self._numbers.add(number[-DIGITS:])
            return
        longest = max(words_in(folded), key=len, default="")
        self._longest[longest[:_RUN]].append(longest)
        self._reads_all |= len(longest) < _RUN or "xn--" in folded
        for part in (folded, folded.partition("@")[0]):
            run = "".join(words_in(part))
            if len(run) > SHORTEST:
                self._runs[run[:_RUN]].append(run)

    def told(self, words: str) -> str:
        """The words with pseudonyms, or `WITHHELD` where that would leave somebody named."""
        if not self._names or not words:
            return words
        put: set[str] = set()
        if self._reads and self._may_hold(words):
            for one in scan(words):
                if one.entity in self._names:
                    put.add(self._names[one.entity])
                    words = words.replace(one.raw, self._names[one.entity])
        words = self._replaced(words, put)
        meant = as_meant(words)
        still = self._names_still(words, put) or (meant != words and self._names_still(meant, put))
        return WITHHELD if still else words

    def _may_hold(self, words: str) -> bool:
        """Whether an identifier may stand in the words as only a reader finds it, defanged or in groups.

        Its longest run of letters and figures stands there all the same; reading costs a hundred times this.
        """
        if self._reads_all or "&" in words or "%" in words:
            return True
        folded = latin_figures(plain(words))
        digits, run = "".join(filter(str.isdecimal, folded)), "".join(words_in(folded))
        if not self._numbers.isdisjoint(_grams(digits, DIGITS)):
            return True
        grams = {*_grams(run, _RUN)} & self._longest.keys()
        return any(part in run for gram in grams for part in self._longest[gram])

    def replaced(self, words: str) -> str:
        """The words in which every value of these entities gives way to what is written instead.

        One of fewer than three letters gives way only where it is all there is: such stand in any word.
        """
        return self._replaced(words, set()) if self._names and words else words

    def _replaced(self, words: str, put: set[str]) -> str:
        words = self._without_short(words, put)
        lower = words.lower()
        spans = {*_grams(lower, _BEGINNING), lower} & self._beginnings.keys()
        found = {one for span in spans for one in self._beginnings[span] if one in lower}
        for value in sorted(found, key=len, reverse=True):
            shown = self._values[value]
            put.add(shown)
            words = re.sub(re.escape(value), shown.replace("\\", r"\\"), words, flags=re.IGNORECASE)
        return words

    def _without_short(self, words: str, put: set[str]) -> str:
        for whole in sorted(self._short_in(words), key=len, reverse=True):
            alone, shown = self._shorts[whole]
            told, hits = standing(whole).subn(shown.replace("\\", r"\\"), words)
            if hits:
                put.add(shown)
                words = told.replace(alone, shown) if alone else told
        return words

    def _short_in(self, words: str) -> list[str]:
        """Short names that may stand in the words, blanks aside."""
        if not self._short:
            return []
        side_by_side = "".join(words_in(words))
        begun = {*_grams(side_by_side, 2)} & self._short.keys()
        return [one for gram in begun for one in self._short[gram] if one in side_by_side]

    def _names_still(self, words: str, put: set[str]) -> bool:
        for shown in sorted(put, key=len, reverse=True):
            words = words.replace(shown, " ")
        folded = plain(words)
        there = words_in(folded)
        if not self._parts.isdisjoint(there):
            return True
        if any(standing(one).search(folded) for one in self._short_in(folded)):
            return True
        begun = {*_grams(folded, SHORTEST)} & self._unspaced.keys() if self._unspaced else set()
        if any(part in folded for gram in begun for part in self._unspaced[gram]):
            return True
        if not self._reads:
            return False
        digits = "".join(filter(str.isdecimal, latin_figures(folded)))
        run = latin_figures("".join(there))
        if not self._numbers.isdisjoint(_grams(digits, DIGITS)):
            return True
        grams = {*_grams(run, _RUN)} & self._runs.keys()
        return any(part in run for gram in grams for part in self._runs[gram])


def _grams(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(len(text) - size + 1))
