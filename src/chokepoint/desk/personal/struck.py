"""Operations in which natural persons are shown no more than the viewer's case needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.desk.personal.words import cover_of, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.work.act import Operation


def covered_operations(atlas: Atlas, found: Sequence[Operation]) -> Sequence[Operation]:
    """These operations with targets and words as the viewer may see them."""
    targets = [action.entity for one in found for action in one.actions]
    cover = cover_of(atlas, targets, (text for one in found for text in _words(one)))
    if not cover.names:
        return found
    return [
        replace(
            one,
            name=told(one.name, cover),
            partners=tuple(
                each._replace(organisation=told(each.organisation, cover)) for each in one.partners
            ),
            actions=tuple(
                replace(each, entity=cover.entity(each.entity), by=told(each.by, cover))
                for each in one.actions
            ),
        )
        for one in found
    ]


def _words(one: Operation) -> tuple[str, ...]:
    partners = (each.organisation for each in one.partners)
    return (one.name, *partners, *(each.by for each in one.actions))
