"""Words that people or sources wrote, in which no natural person may be named who is minimised.

An entity has one form, words have many: a surname first, a number with blanks. What is found gives way to the
pseudonym; where something of a name or identifier still stands after that, none of the words are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.personal.index import persons_in
from chokepoint.desk.personal.veil import veil
from chokepoint.package.privacy import is_personal
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.personal.veil import Veil
    from chokepoint.model.identity import Entity


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
    """Persons of the viewer's map whom a text names, and personal identifiers in it."""
    if text.strip():
        yield from (one.entity for one in scan(text) if is_personal(one.entity))
        yield from persons_in(atlas, text)


def told(words: str, cover: Veil) -> str:
    """As `Veil.told`."""
    return cover.told(words)
