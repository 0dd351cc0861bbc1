"""What indicators in a running text say: shared by reports, web pages, notes and PDF pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.collect.base import Item, Sentences, Skipped
from chokepoint.values.registry import derived
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.model.claim import Interval, Provenance
    from chokepoint.model.identity import Entity
    from chokepoint.values.base import Indicator

CHUNK = 400_000
"""Characters that are scanned at a time, cut at a line's end."""

LONGEST_LINE = 100_000
PAIRS = 12
"""Entities of one table row that are linked with its first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a text is about, and how its claims are to be said.

    Attributes:
        subject: what the indicators point at; None where the text names nothing.
        title: of the text, for what is only mentioned.
        provenance: of the claims.
        observed: when the text says so.
    """

    subject: Entity | None
    title: str
    provenance: Provenance
    observed: Interval | None = None


def found_in(text: str) -> Iterator[tuple[int, Indicator]]:
    """The indicators of a text of any size, each with its line in the whole text."""
    for first, part in chunks(text):
        for indicator in scan(part):
            yield first + indicator.line, indicator


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Parts of at most `CHUNK` characters with the number of lines before each; overlong lines are cut."""
    start, before = 0, 0
    while start < len(text):
        end = min(len(text), start + CHUNK)
        if end < len(text):
            cut = text.rfind("\n", start, end)
            end = cut + 1 if cut > start else _blank_before(text, start, end)
        yield before, text[start:end]
        before += text.count("\n", start, end)
        start = end


def _blank_before(text: str, start: int, end: int) -> int:
    cut = max(text.rfind(mark, end - LONGEST_LINE, end) for mark in ' \t,;"')
    return cut if cut > start else end


def account_or(entity: Entity) -> Entity:
    """The account instead of the address of its profile."""
    if entity.kind != "url":
        return entity
    return next((other for _, other in derived(entity) if other.kind == "user-account"), entity)


def said(text: str, about: About, place: Callable[[int, str], str]) -> Iterator[Item]:
    """Claims of one text: indicators indicate its subject, the rest is mentioned in it; rows of tables link.

    Args:
        text: to scan.
        about: what it is about.
        place: line number and the text as it stood there → where in the capture.
    """
    lines = text.split("\n")
    taken: set[int] = set()
    row: list[Entity] = []
    row_line, in_row = 0, False
    for number, indicator in found_in(text):
        taken.add(number)
        say = Sentences(about.provenance, place(number, indicator.raw), about.observed)
        entity = account_or(indicator.entity)
        yield claim_of(indicator, entity, say, about)
        if number != row_line:
            row, row_line = [], number
            in_row = is_row(lines[number - 1] if number <= len(lines) else "")
        if indicator.role == "indicator" and in_row:
            if row and entity not in row and len(row) < PAIRS:
                yield say.say(row[0], _together(row[0], entity), entity)
            row.append(entity)
    silent = sum(1 for number, line in enumerate(lines, 1) if line.strip() and number not in taken)
    blank = sum(1 for line in lines if not line.strip())
    if silent:
        yield Skipped("text without an indicator", silent)
    if blank:
        yield Skipped("blank line", blank)


def claim_of(indicator: Indicator, entity: Entity, say: Sentences, about: About) -> Item:
    """The one claim that an indicator makes."""
    raw = indicator.raw if indicator.raw != entity.value else ""
    if indicator.role == "indicator" and about.subject is not None:
        return say.say(entity, "indicates", about.subject, raw)
    why = f" ({indicator.role}: {indicator.reason})" if indicator.reason else f" ({indicator.role})"
    return say.say(entity, "mentioned-in", about.title + why, raw)


def is_row(line: str) -> bool:
    """Whether a line is the row of an AsciiDoc or Markdown table."""
    bare = line.strip()
    return bare.startswith("|") and bare.count("|") > 1


def _together(left: Entity, right: Entity) -> str:
    if left.kind == right.kind == "file" and left.value.partition(":")[0] != right.value.partition(":")[0]:
        return "same-file"
    return "mentioned-with"
