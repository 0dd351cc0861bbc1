"""Words that call what stands near them malicious or official."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.values.text.candidate import Candidate, Taken
from chokepoint.values.text.sections import CONTEXT, INDICATOR
from chokepoint.values.text.words import alternation, pattern, words

if TYPE_CHECKING:
    from chokepoint.values.text.view import View

_OWN_VOICE = 3
_OPENING = frozenset("„“\"'«‘「『")
_CLOSING = frozenset("“”\"'»’」』")


class Cue(NamedTuple):
    """Such words: where they stand, what they say, and whether they are as often said of the other."""

    start: int
    end: int
    role: str
    words: str
    weak: bool


@cache
def _cue_pattern() -> re.Pattern[str]:
    return re.compile(
        alternation(
            tuple(
                word for name in ("bad", "official", "cleared", "institution") for word in words("cue", name)
            )
        )
    )


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(words("cue", name))


def cues_of(view: View, candidates: list[Candidate]) -> list[Cue]:
    """Every word that calls something bad or official, those inside identifiers left out."""
    bad, weak = _listed("bad"), _listed("institution")
    identifiers = Taken(len(view.low))
    for candidate in candidates:
        identifiers.add(candidate.start, candidate.end)
    return [
        Cue(found.start(), found.end(), INDICATOR if found[0] in bad else CONTEXT, found[0], found[0] in weak)
        for found in _cue_pattern().finditer(view.low)
        if identifiers.free(found.start(), found.end())
        and not (found[0] not in bad and _quoted(view.text, found.start(), found.end()))
    ]


def _quoted(text: str, start: int, end: int) -> bool:
    """Whether words stand alone in quotation marks: a so-called official is none."""
    return text[start - 1 : start] in _OPENING and text[end : end + 1] in _CLOSING


def is_own_voice(view: View) -> bool:
    """Whether the text is a ransom note and not a report of one."""
    sample = view.low[:20_000]
    own = {found[0] for found in pattern("cue", "own_voice").finditer(sample)}
    if len(own) < _OWN_VOICE:
        return False
    reporting = {found[0] for found in pattern("cue", "reporting").finditer(sample)}
    return len(own) > 2 * len(reporting)
