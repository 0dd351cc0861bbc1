"""Whether a viewer's map is still the one from which something was reckoned."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chokepoint.store import lookup
from chokepoint.store.base import (
    ACTION,
    CAPTURE,
    GATHERING,
    GUESS,
    OPERATION,
    OUTCOME,
    RATING,
    RELEASE,
    VIEW,
    VOTE,
)
from chokepoint.store.erasures import forgotten
from chokepoint.store.people import ACCESS, ALARM, PERSON, withheld
from chokepoint.store.reserving import CASE, RESERVATION

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

UNNOTICED = (ACCESS, ALARM, GATHERING, VIEW, PERSON)
"""Records that say nothing of the map, nor of what is reckoned from it; who may see what is asked apart."""
WORK = (CASE, RESERVATION, RELEASE, OPERATION, ACTION, OUTCOME, GUESS)
"""Records of people's work on which no statement of a map rests, though what is reckoned from it may."""
GROWING = (VOTE, RATING, CAPTURE)
"""Records that add to it without taking anything away, as claims do."""


class Mark(NamedTuple):
    """What a map is of.

    Attributes:
        sight: differs whenever something may have been taken away, or belongs to somebody else.
        state: differs besides whenever votes and claims may have come.
    """

    sight: tuple[object, ...]
    state: tuple[int, ...]


def mark(atlas: Atlas) -> Mark:
    """Differs whenever the map of an atlas's viewer may differ; what they may not see leaves it as it is."""
    reader = atlas.reader
    with reader.connect() as connection:
        seen = reader.visible(connection)
        position, moved = reader.data_position(connection)
        word, grown = lookup.newest_words(reader, connection, but=UNNOTICED, apart=GROWING)
    with atlas.engine.connect() as connection:
        kept, gone = withheld(connection, atlas.secret), forgotten(connection)
    who = (atlas.viewer, atlas.purpose, atlas.unfold)
    return Mark((*who, seen, moved, word, kept, gone, atlas.clock()[:10]), (position, grown))
