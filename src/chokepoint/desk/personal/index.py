"""Which persons of an atlas a text may name, by the text's words and not by a look at every person.

Of each name two keys are kept, as numbers that only this process can make: its longest part, and its first
eight characters. A text that holds all parts of a name holds the longest; one in which the name stands as it
is written, in whatever word, holds its beginning. So nobody is missed whom a comparison with every name would
find; who only shares a key is compared then. Names are not kept, so that an erasure leaves none here.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store import persons
from chokepoint.store.erasures import forgotten
from chokepoint.values.name_words import plain, words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.identity import Entity

BEGINNING = 8
PIECE = 1 << 18
"""Places of a text that are looked at together: all of a large capture's would take gigabytes."""


class NameIndex:
    """Keys of names, by the number of whose they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forgotten = 0
        self._begin()

    def _begin(self) -> None:
        self._parts: dict[int, list[int]] = defaultdict(list)
        self._beginnings: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._last = 0

    def grow(self, engine: Engine) -> None:
        """Take in who was entered since it was last asked."""
        with self._lock, engine.connect() as connection:  # a viewer's connection would leave gaps for others
            erasures = forgotten(connection)
            if erasures != self._forgotten:  # numbers of whom it took are given to others
                self._begin()
                self._forgotten = erasures
            self._last, entered = persons.entered_after(connection, self._last, NATURAL_PERSONS)
            self.take(entered)

    def take(self, entered: Iterable[tuple[int, str]]) -> None:
        """Take in some names, each with a number of its own."""
        for eid, value in entered:
            name = plain(value)
            parts = words_in(name)
            if parts:
                self._parts[hash(max(parts, key=len))].append(eid)
            size = min(len(name), BEGINNING)
            self._beginnings[size][hash(name[:size])].append(eid)

    def candidates(self, folded: str) -> set[int]:
        """Numbers of all whom a text, written as names are compared, may name; of others too, but few."""
        found = {eid for part in set(words_in(folded)) for eid in self._parts.get(hash(part), ())}
        for size, known in list(self._beginnings.items()):
            for start in range(0, len(folded), PIECE):
                end = min(start + PIECE, len(folded) - size + 1)
                spans = {folded[at : at + size] for at in range(start, end)}
                found.update(eid for span in spans for eid in known.get(hash(span), ()))
        return found


_indices: WeakKeyDictionary[Engine, NameIndex] = WeakKeyDictionary()
_making = Lock()


def persons_in(atlas: Atlas, text: str) -> Iterator[Entity]:
    """Persons of the viewer's map whose name, or all parts of whose name, stand in a text."""
    with _making:
        index = _indices.setdefault(atlas.engine, NameIndex())
    index.grow(atlas.engine)
    folded = plain(text)
    reader = atlas.reader
    with reader.connect() as connection:
        seen = list(persons.seen_among(reader, connection, index.candidates(folded)))
    there = set(words_in(folded))
    return (one for one in seen if names(folded, there, one.value))


def names(folded: str, there: set[str], value: str) -> bool:
    """Whether a text names somebody, surname first or last.

    Args:
        folded: the text as names are compared.
        there: its words.
        value: the person's name.
    """
    name = plain(value)
    parts = words_in(name)
    return name in folded or (bool(parts) and there.issuperset(parts))
