"""What claims say of entities in words: attributes, which no link of the snapshot carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.desk.vetting.standing import standings
from chokepoint.model.errors import RefusedError
from chokepoint.model.said import Said
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing


def attributes(atlas: Atlas, subjects: Sequence[int] | None, *, limit: int) -> dict[int, Standing]:
    """How the attribute claims on some entities stand, by ledger position.

    Args:
        atlas: as the viewer.
        subjects: numbers of the entities; None for all.
        limit: the most claims that are wanted.

    Raises:
        RefusedError: there are more.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        found = lookup.texts_of(reader, connection, subjects, limit=limit)
        if len(found) > limit:
            raise RefusedError(
                Said("more than {limit:,} attributes are too many for one export", limit=limit),
                mend="name a target, or several exports",
            )
        return standings(reader, connection, list(reader.claims(connection, found)))
