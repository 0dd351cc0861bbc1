"""Whether a viewer's map is still the one from which something was reckoned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.store import lookup
from chokepoint.store.people import ACCESS, ALARM, withheld

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas


def mark(atlas: Atlas) -> tuple[object, ...]:
    """Differs whenever the map of an atlas's viewer may differ; what they may not see leaves it as it is."""
    reader = atlas.reader
    with reader.connect() as connection:
        seen = reader.visible(connection)
        position = reader.data_position(connection)
        word = lookup.newest_word(reader, connection, but=(ACCESS, ALARM))
    with atlas.engine.connect() as connection:
        kept = withheld(connection)
    return (atlas.viewer, atlas.purpose, atlas.unfold, seen, position, word, kept, atlas.clock()[:10])
