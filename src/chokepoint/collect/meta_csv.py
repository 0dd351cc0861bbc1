"""Meta's threat indicators: two CSV layouts (a folder or file may hold both) and the first of them as JSON.

Layouts: `indicator_type,indicator_value,comment,ds`, and the Online Operations Kill Chain
`Tactic,Technique,Procedure,Indicator[,Comments]`, whose blank cells carry the value above down.
Source: https://github.com/facebook/threat-research.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.decoding import beginning, decode
from chokepoint.collect.derive import with_derived
from chokepoint.collect.meta_naming import Operation, operation
from chokepoint.collect.origins import provenance
from chokepoint.collect.rows import Row, rows
from chokepoint.collect.shapes import beyond, kept, misfits
from chokepoint.collect.taking import named, span, text_of
from chokepoint.collect.tree import json_keys, read_json
from chokepoint.model.errors import NotValidError
from chokepoint.model.said import advised
from chokepoint.values import registry
from chokepoint.values.text import scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chokepoint.model.identity import Entity

FLAT = ("indicator_type", "indicator_value", "comment", "ds")
CHAIN = ("tactic", "technique", "procedure", "indicator")
_SEARCHED = 30
_count = re.compile(r"(?:about |approximately |over |nearly )?[\d,.]+ [\w/ ,]{0,60}", re.IGNORECASE).fullmatch
_group = re.compile(r"\b((?:APT|UNC|FIN|TA)[- ]?[A-Z]?[- ]?\d+|[A-Z][\w-]+ APT)\b").search
_placeholder = frozenset({"", "n/a", "na", "none", "-", "tbd"})


class Layout(NamedTuple):
    """Where the columns of a layout stand."""

    flat: bool
    at: tuple[int, ...]
    comment: int
    others: tuple[tuple[int, str], ...]
    width: int


def layout(cells: list[str]) -> Layout | None:
    """The layout that a header row announces, or None."""
    names = [cell.lower().strip("\ufeff \"'") for cell in cells]
    flat = {"indicator_type", "indicator_value"} <= set(names)
    if not flat and not set(CHAIN) <= set(names):
        return None
    at = tuple(names.index(name) if name in names else -1 for name in (FLAT if flat else CHAIN))
    rest = [(place, name) for place, name in enumerate(names) if name and place not in at]
    comment = rest.pop(0)[0] if rest and not flat else -1
    return Layout(flat=flat, at=at, comment=comment, others=tuple(rest), width=len(cells))


class MetaCsv:
    """Collector of both CSV layouts."""

    name = "meta-csv"

    def recognises(self, document: Document) -> bool:
        """A header row of one of the layouts among the first lines."""
        head = document.head[:8192].replace(b"\x00", b"").lower()
        if b"indicator" not in head:
            return False
        text = beginning(document)
        short = "\n".join(text.split("\n")[:_SEARCHED])
        return any(layout(row.cells) for row in rows(short) if isinstance(row, Row))

    def read(self, document: Document) -> Iterator[Item]:
        """Indicators indicate the operation; counts and descriptions are observations of it."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        text, broken = decode(document)
        yield from broken
        speaker = _Speaker(document)
        yield from speaker.opening()
        for row in rows(text):
            if isinstance(row, Rejected):
                yield row
            else:
                yield from speaker.row(row)

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


class MetaJson:
    """Collector of the flat layout as a JSON list."""

    name = "meta-json"

    def recognises(self, document: Document) -> bool:
        """A list of objects with `indicator_type` and `indicator_value`."""
        return {"indicator_type", "indicator_value"} <= json_keys(document.head, b"[")

    def read(self, document: Document) -> Iterator[Item]:
        """The same claims as from the CSV."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        tree, defects = read_json(document.data)
        yield from defects
        speaker = _Speaker(document)
        yield from speaker.opening()
        for at, entry in enumerate(tree if isinstance(tree, list) else [tree]):
            if isinstance(entry, dict) and text_of(entry.get("indicator_value")):
                yield from speaker.flat(f"/{at}", [text_of(entry.get(name)) for name in FLAT])
                yield from speaker.rest(f"/{at}", entry)
            else:
                yield Rejected(f"/{at}", "no record with an indicator_value. Mend: complete or remove it")

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


class _Speaker:
    """Says what the rows of one document tell of its operation."""

    def __init__(self, document: Document) -> None:
        self._provenance = provenance(document)
        self._about: Operation = operation(document)
        self._layout: Layout | None = None
        self._above = ["", "", ""]

    def opening(self) -> Iterator[Item]:
        """What the file's name tells of the operation."""
        say = Sentences(self._provenance, "file name", self._about.period)
        for name, country in self._about.countries:
            yield say.say(self._about.campaign, name, country)
        if self._about.title:
            yield say.say(self._about.campaign, "name", self._about.title)

    def row(self, row: Row) -> Iterator[Item]:
        """One record under the last header row seen."""
        if not any(row.cells):
            yield Skipped("blank line")
            return
        found = layout(row.cells)
        if found:
            self._layout, self._above = found, ["", "", ""]
            yield Skipped("header row")
        elif self._layout is None:
            yield Skipped("line before the header row")
        elif self._layout.flat:
            place = f"line {row.line}"
            yield from self.flat(place, [_cell(row.cells, at) for at in self._layout.at])
            yield from self._beside(row, self._layout, [_entity(_cell(row.cells, self._layout.at[1]))])
        else:
            yield from self._chain(row, self._layout)

    def _beside(self, row: Row, columns: Layout, whom: Sequence[Entity | str]) -> Iterator[Item]:
        """What further columns say of each indicator of a row, and the cells beyond the header."""
        say = Sentences(self._provenance, f"line {row.line}", self._about.period)
        for place, name in columns.others:
            value = _cell(row.cells, place)
            for entity in whom if value else ():
                if not isinstance(entity, str):
                    yield say.say(entity, "attribute", f"{name}: {value}")
        yield from beyond(row, columns.width)

    def flat(self, place: str, cells: Sequence[str]) -> Iterator[Item]:
        """A record of the first layout: type, value, comment and day."""
        kind, value, comment, day = cells
        say = Sentences(self._provenance, place, span(day, day) or self._about.period)
        entity = _entity(value)
        if isinstance(entity, str):
            yield Rejected(place, f"{kind} {value[:80]!r}: {entity}")
            return
        yield from self._indicates(say, entity, value)
        if comment:
            yield say.say(entity, "description", comment)
            found = _group(comment)
            group = named("group", found[1]) if found else None
            if group:
                yield say.say(entity, "indicates", group)

    def rest(self, place: str, entry: dict[str, Any]) -> Iterator[Item]:
        """Fields beyond the layout, kept as they are."""
        entity = _entity(text_of(entry["indicator_value"]))
        yield from misfits(place, entry, dict.fromkeys(FLAT, "text"))
        for key, value in entry.items():
            if key not in FLAT and not isinstance(entity, str):
                yield from kept(Sentences(self._provenance, place), entity, (key, value))

    def _chain(self, row: Row, columns: Layout) -> Iterator[Item]:
        written = [_cell(row.cells, at) for at in columns.at]
        self._above = [here or above for here, above in zip(written[:3], self._above, strict=True)]
        indicator, comment = written[3], _cell(row.cells, columns.comment)
        procedure = self._above[2] or self._above[1]
        say = Sentences(self._provenance, f"line {row.line}", self._about.period)
        if indicator.lower() in _placeholder:
            yield say.say(
                self._about.campaign,
                "observation",
                " ".join(procedure.split()) + (f" ({comment})" if comment else ""),
            )
            yield from self._beside(row, columns, [self._about.campaign])
            return
        found = [] if _count(indicator) else list(_entities(indicator))
        about = [entity for entity, _ in found] or [self._about.campaign]
        yield from self._beside(row, columns, about)
        for entity, raw in found:
            yield from self._indicates(say, entity, raw)
            yield say.say(entity, "category", " ".join(procedure.split()))
            if comment:
                yield say.say(entity, "description", comment)
        if not found:
            text = f"{procedure}: {indicator}" + (f" ({comment})" if comment else "")
            yield say.say(self._about.campaign, "observation", " ".join(text.split()))

    def _indicates(self, say: Sentences, entity: Entity, raw: str) -> Iterator[Item]:
        yield say.say(entity, "indicates", self._about.campaign, raw if raw != entity.value else "")


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _account(entity: Entity) -> Entity:
    """The account instead of the address of its profile."""
    if entity.kind != "url":
        return entity
    return next((other for _, other in registry.derived(entity) if other.kind == "user-account"), entity)


def _entity(value: str) -> Entity | str:
    entity = registry.detect(value)
    if entity:
        return _account(entity)
    try:
        return _account(registry.parse("url", value))
    except NotValidError as error:
        why, mend = error.said
        return advised(why, mend or "compare it with the source")


def _entities(text: str) -> Iterator[tuple[Entity, str]]:
    """The one indicator that a cell is, or those that its text holds."""
    whole = registry.detect(text)
    if whole:
        yield _account(whole), text
        return
    for found in scan(text):
        if found.role == "indicator":
            yield _account(found.entity), found.raw
