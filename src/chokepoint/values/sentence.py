"""Which identifiers one sentence of a line names together."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import groupby
from typing import TYPE_CHECKING

from chokepoint.values.registry import derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chokepoint.model.identity import Entity

MOST = 6
"""Things of one sentence; a sentence that names more is a list and ties nothing."""

LETTERS = 12
"""Letters beside the identifiers, without which a line is a row of data and no sentence."""

_stop = re.compile(r"[.!?]+(?=\s|$)|[。！？;；\t|]|,(?![\s\d])")
"""Ends of sentences, and of cells: a comma without a blank behind it."""


def companions(line: str, named: Iterable[tuple[Entity, str]]) -> Iterator[tuple[Entity, Entity]]:
    """Each sentence's first thing with every other, save what the one implies of the other.

    Args:
        line: one line of a text; a sentence ends with it.
        named: things in the order in which they stand there, each as written; what is written
            otherwise on the line is left out.
    """
    rest, places = _without(line, named)
    stops = [stop.end() for stop in _stop.finditer(rest)]
    for sentence, group in groupby(places, key=lambda place: bisect_right(stops, place[0])):
        things = list(dict.fromkeys(thing for _, thing in group))
        start, end = ([0, *stops][sentence], [*stops, len(rest)][sentence])
        if 1 < len(things) <= MOST and sum(map(str.isalpha, rest[start:end])) >= LETTERS:
            first = things[0]
            yield from ((first, other) for other in things[1:] if not _implied(first, other))


def _without(line: str, named: Iterable[tuple[Entity, str]]) -> tuple[str, Sequence[tuple[int, Entity]]]:
    """The line with each thing blanked out, and where the things stood."""
    places: list[tuple[int, Entity]] = []
    parts: list[str] = []
    at = 0
    for thing, raw in named:
        start = line.find(raw, at)
        if start < 0:
            continue
        parts += [line[at:start], "_" * len(raw)]
        places.append((start, thing))
        at = start + len(raw)
    return "".join([*parts, line[at:]]), places


def _implied(one: Entity, other: Entity) -> bool:
    return other in (thing for _, thing in derived(one)) or one in (thing for _, thing in derived(other))
