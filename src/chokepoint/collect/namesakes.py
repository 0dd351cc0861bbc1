"""Whoever a list keeps under numbers of their own stays apart, though others have the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect.taking import named

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity


class Namesakes:
    """The entities of one list by name; of those with one name all but the first carry their number too."""

    def __init__(self) -> None:
        self._first: dict[Entity, str] = {}

    def entity(self, kind: str, name: str, number: str) -> Entity | None:
        """Who has that number in the list; None where the name tells nobody."""
        who = named(kind, name)
        if who is None or self._first.setdefault(who, number) == number:
            return who
        return named(kind, f"{name} {number}")
