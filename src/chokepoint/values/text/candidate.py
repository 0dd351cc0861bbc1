"""What a finder hands on: an entity at a place, before anything is said of its role."""

from __future__ import annotations

from dataclasses import dataclass

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import value_type


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity found between two offsets of a view.

    Attributes:
        entity: kind and normal form.
        start: offset of its first character.
        end: offset after its last.
        defanged: its writer had made it harmless.
        settled: a reason why it is context whatever the words around say, or empty.
    """

    entity: Entity
    start: int
    end: int
    defanged: bool = False
    settled: str = ""


def attempt(kind: str, text: str) -> Entity | None:
    """The entity of a kind that the text names, or None."""
    try:
        return Entity(kind, value_type(kind).parse(text))
    except NotValidError:
        return None


class Taken:
    """Spans of a text that are spoken for, asked and added in any order."""

    def __init__(self, size: int) -> None:
        self._marks = bytearray(size + 1)

    def add(self, start: int, end: int) -> None:
        """Mark a span."""
        self._marks[start:end] = b"\x01" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing in the span is marked."""
        return self._marks.find(1, start, end) < 0
