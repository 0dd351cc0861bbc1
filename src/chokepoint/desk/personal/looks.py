"""The access log as it is told: to overseers in full, to all others with natural persons minimised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.personal.veil import veil
from chokepoint.desk.watch import access
from chokepoint.model.identity import Entity

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.watch.spool import Seen


def log(
    atlas: Atlas,
    *,
    about: Entity | None = None,
    who: str = "",
    case: str | None = None,
    most: int | None = None,
) -> list[Seen]:
    """Who saw what, newest first: everybody's looks for an overseer, their own for all others.

    Args:
        atlas: opened by the viewer.
        about: only looks at this entity.
        who: only looks of this organisation or person.
        case: only looks for this case; empty for those outside any.
        most: only so many of the newest.
    """
    found = access.log(atlas, about=about, who=who, case=case, most=most)
    if access.may_watch(atlas):
        return found
    cover = veil(atlas, {Entity(*each) for one in found for each in one.entry.entities})
    told = []
    for one in found:
        shown = tuple((*cover.entity(Entity(*each)),) for each in one.entry.entities)
        told.append(replace(one, entry=msgspec.structs.replace(one.entry, entities=shown)))
    return told
