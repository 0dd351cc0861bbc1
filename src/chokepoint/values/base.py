"""What every kind of value can do, and what a found indicator is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.model.identity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueType:
    """One kind of identifier.

    Attributes:
        kind: its name in the vocabulary.
        parse: text as found (defanged or not) → normal form; raises `NotValidError` with the reason.
        show: normal form → what a person reads, defanged so that nothing is a live link.
    """

    kind: str
    parse: Callable[[str], str]
    show: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An identifier found in a text.

    Attributes:
        entity: kind and normal form.
        raw: the text as it stood there.
        start: offset of its first character in the text.
        end: offset after its last character.
        line: 1-based line number.
        context: the words around it, at most 160 characters, one line.
        role: `indicator` (said or shown to be malicious) or `context` (official, reference, benign).
        reason: why it has that role, in a few words.
    """

    entity: Entity
    raw: str
    start: int
    end: int
    line: int
    context: str
    role: str
    reason: str
