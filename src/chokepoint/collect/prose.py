"""What indicators in a running text say: shared by reports, web pages, notes and PDF pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Item, Sentences, Skipped
from chokepoint.values.registry import derived
from chokepoint.values.sentence import companions
from chokepoint.values.text import scan
from chokepoint.values.text.exempt import exempt_at, exempt_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
    exempt, before = exempt_parts(text) if len(text) > CHUNK else [], 0
    for first, part in chunks(text):
        for indicator in scan(part):
            key = exempt_at(exempt, before + indicator.start)
            cleared = replace(indicator, role="context", reason=f"it stands under {key!r}")
            yield first + indicator.line, cleared if key else indicator
        before += len(part)


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
    """Claims of one text: indicators indicate its subject, the rest is mentioned in it.

    Rows of tables link, and so do sentences.

    Args:
        text: to scan.
        about: what it is about.
        place: line number and the text as it stood there → where in the capture.
    """
    yield from line_by_line(
        text,
        lambda number, raw: Sentences(about.provenance, place(number, raw), about.observed),
        lambda indicator, entity, say: claim_of(indicator, entity, say, about),
    )


def line_by_line(
    text: str,
    at: Callable[[int, str], Sentences],
    tell: Callable[[Indicator, Entity, Sentences], Item],
) -> Iterator[Item]:
    """What each indicator says, behind each line what ties its indicators, at the end what was silent.

    Args:
        text: to scan.
        at: line number and the text as it stood there → how to speak from that place.
        tell: the one claim of an indicator.
    """
    lines = text.split("\n")
    taken: set[int] = set()
    for number, found in groupby(found_in(text), key=itemgetter(0)):
        taken.add(number)
        named: list[Named] = []
        for _, indicator in found:
            say, entity = at(number, indicator.raw), account_or(indicator.entity)
            yield tell(indicator, entity, say)
            if indicator.role == "indicator":
                named.append(Named(entity, indicator.raw, say))
        line = lines[number - 1] if number <= len(lines) else ""
        yield from _row(named) if is_row(line) else _sentences(line, named)
    silent = sum(1 for number, line in enumerate(lines, 1) if line.strip() and number not in taken)
    blank = sum(1 for line in lines if not line.strip())
    if silent:
        yield Skipped("text without an indicator", silent)
    if blank:
        yield Skipped("blank line", blank)


class Named(NamedTuple):
    """What a line names as malicious, as written, and how it is said."""

    entity: Entity
    raw: str
    say: Sentences

    @property
    def written(self) -> str:
        """The text as written, where that differs from the normal form."""
        return self.raw if self.raw != self.entity.value else ""


def _sentences(line: str, named: Sequence[Named]) -> Iterator[Item]:
    """Things of one sentence are mentioned with its first, at that one's place."""
    if len(named) > 1:
        first = {thing.entity: thing for thing in reversed(named)}
        for one, other in companions(line, [(thing.entity, thing.raw) for thing in named]):
            yield first[one].say.say(one, "mentioned-with", other, first[one].written)


def _row(named: Sequence[Named]) -> Iterator[Item]:
    """The first cell with at most `PAIRS` others."""
    row = [thing.entity for thing in named]
    for at, thing in enumerate(named[:PAIRS]):
        if thing.entity not in row[:at] and at:
            yield thing.say.say(row[0], _together(row[0], thing.entity), thing.entity, named[0].written)


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
