"""Under which label of TLP stands what was reckoned from a viewer's whole map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.marking import Tlp
from chokepoint.store.still import still

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.reading import Reader


def strictest(atlas: Atlas) -> Tlp:
    """The strictest label on a claim that the viewer may see; CLEAR where they see none.

    TLP 2.0 has it on each page of a document. Records that are no claims do not count: those of looks
    are for overseers alone, and are no part of a map.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        return _strictest(reader, connection)


@still
def _strictest(reader: Reader, connection: Connection) -> Tlp:
    return max(reader.labels(connection), default=Tlp.CLEAR)
