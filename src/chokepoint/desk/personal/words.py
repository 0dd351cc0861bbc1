"""Words that people or sources wrote, in which no natural person may be named who is minimised.

An entity has one form, words have many: a surname first, a number with blanks. What is found gives way to the
pseudonym; where something of a name or identifier still stands after that, none of the words are shown.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from chokepoint.desk.personal.veil import veil
from chokepoint.package.privacy import NATURAL_PERSONS, WITHHELD, is_personal
from chokepoint.store import persons
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.model.identity import Entity

SHORTEST = 3
"""Letters of a part of a name that is looked for by itself; two and fewer stand in any text."""
DIGITS = 7
"""Last digits of a number, which is written with its country's prefix or without."""
_words = re.compile(r"[^\W_]+").findall


def cover_of(atlas: Atlas, entities: Iterable[Entity], texts: Iterable[str] = ()) -> Veil:
    """Who is minimised among these entities, and among those that the texts name, in one answer.

    Args:
        atlas: opened by the viewer.
        entities: that the answer shows.
        texts: that the answer shows; read for identifiers, and for names of the viewer's map.

    Raises:
        OSError: that somebody is seen in full cannot be logged.
    """
    return veil(atlas, {*entities, *_named(atlas, "\n".join(filter(None, texts)))})


def _named(atlas: Atlas, text: str) -> Iterator[Entity]:
    """Persons of the viewer's map all parts of whose name stand in a text, and personal identifiers in it."""
    if not text.strip():
        return
    yield from (one.entity for one in scan(text) if is_personal(one.entity))
    plain = _plain(text)
    there = set(_words(plain))
    reader = atlas.reader
    with reader.connect() as connection:
        for one in persons.of_kinds(reader, connection, NATURAL_PERSONS):
            name = _plain(one.value)
            parts = _words(name)
            if name in plain or (parts and there.issuperset(parts)):
                yield one


def told(words: str, cover: Veil) -> str:
    """The words as they may be shown: with pseudonyms, or withheld where that would leave somebody named."""
    if not cover.names or not words:
        return words
    for one in scan(words):
        if one.entity in cover.names:
            words = words.replace(one.raw, cover.entity(one.entity).value)
    words = cover.text(words)
    return WITHHELD if _names_still(words, cover) else words


def _names_still(words: str, cover: Veil) -> bool:
    for shown in cover.names.values():
        words = words.replace(shown.value, " ")
    plain = _plain(words)
    there, run = set(_words(plain)), "".join(_words(plain))
    digits = "".join(filter(str.isdecimal, plain))
    return any(
        _stands(one, there) if one.kind in NATURAL_PERSONS else _runs(one, run, digits) for one in cover.names
    )


def _stands(person: Entity, there: set[str]) -> bool:
    return any(len(part) >= SHORTEST and part in there for part in _words(_plain(person.value)))


def _runs(identifier: Entity, run: str, digits: str) -> bool:
    """Whether an identifier stands in a text of which only letters and digits are left."""
    value = _plain(identifier.value)
    number = "".join(filter(str.isdecimal, value))
    if len(number) >= DIGITS and not any(map(str.isalpha, value)):
        return number[-DIGITS:] in digits
    whole, local = ("".join(_words(part)) for part in (value, value.partition("@")[0]))
    return any(len(part) > SHORTEST and part in run for part in (whole, local))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
