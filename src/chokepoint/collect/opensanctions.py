"""OpenSanctions' `targets.simple.csv`: a row a target, read as the FollowTheMoney entities that it flattens.

Several values stand in a cell between semicolons. A row does not say which of its data sets sanctions, so
that only those say it whose title does, or the only one. Source: https://www.opensanctions.org/docs/bulk/csv/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.decoding import decode
from chokepoint.collect.derive import with_derived
from chokepoint.collect.ftm_entities import told
from chokepoint.collect.rows import Row, rows
from chokepoint.model.said import Said, advised

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = frozenset({"id", "schema", "name", "aliases", "birth_date", "countries", "identifiers", "dataset"})
NO_LIST = "person whom no list sanctions or wants"
_FIELDS = {
    "name": "name",
    "aliases": "alias",
    "birth_date": "birthDate",
    "countries": "country",
    "addresses": "address",
    "identifiers": "idNumber",
    "phones": "phone",
    "emails": "email",
}
_sanctioning = re.compile(
    r"sanction|\bSDN\b|designat|freez|gel des avoirs|embargo|restrict|OFAC|debar", re.IGNORECASE
).search
_wanted = re.compile(r"wanted|red notice|crim|terror|fugitive|fraud|narcotic", re.IGNORECASE).search


class OpenSanctions:
    """Collector of flattened targets."""

    name = "opensanctions"

    def recognises(self, document: Document) -> bool:
        """The header that every such file has."""
        first = document.head.lstrip(b"\xef\xbb\xbf").partition(b"\n")[0]
        return first[:5].strip(b'"').startswith(b"id") and set(_header(first)) >= COLUMNS

    def read(self, document: Document) -> Iterator[Item]:
        """What each row says of its target, and who sanctions it."""
        found: list[Rejected | Skipped] = []
        lines: list[tuple[str, bytes]] = []
        for one in _records(document):
            if isinstance(one, Rejected | Skipped):
                found.append(one)
            else:
                lines.append(one)
        yield from found
        yield from with_derived(told(document, iter(lines)))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _header(first: bytes) -> list[str]:
    row = next(rows(first.decode("utf-8", "replace").strip()), None)
    return [cell.casefold() for cell in row.cells] if isinstance(row, Row) else []


def _records(document: Document) -> Iterator[tuple[str, bytes] | Rejected | Skipped]:
    """The place and the entity of each row, and the sanction behind it; then what is no such row."""
    text, defects = decode(document)
    yield from defects
    header: list[str] = []
    for row in rows(text.lstrip("\ufeff")):
        if isinstance(row, Rejected):
            yield row
        elif not header:
            header = [cell.casefold() for cell in row.cells]
            yield Skipped("header row")
        elif not any(row.cells):
            yield Skipped("blank line")
        elif len(row.cells) != len(header):
            words = {"cells": len(row.cells), "width": len(header)}
            why = Said("{cells} cells under {width} headers", **words)
            yield Rejected(f"line {row.line}", advised(why, "quote cells that hold separators"))
        else:
            yield from _entities(dict(zip(header, row.cells, strict=True)), f"line {row.line}")


def _entities(cells: dict[str, str], place: str) -> Iterator[tuple[str, bytes] | Skipped]:
    sets = _split(cells["dataset"])
    grounds = list(
        dict.fromkeys((*_split(cells.get("sanctions", "")), *_split(cells.get("program_ids", ""))))
    )
    if cells["schema"] == "Person" and not grounds and not any(map(_wanted, sets)):
        yield Skipped(NO_LIST)
        return
    properties = {field: _split(cells.get(column, "")) for column, field in _FIELDS.items()}
    properties["name"] = [cells["name"]] if cells["name"] else []
    entity = {
        "id": cells["id"],
        "schema": cells["schema"],
        "datasets": sets,
        "properties": {field: values for field, values in properties.items() if values},
        "last_seen": cells.get("last_seen", ""),
    }
    yield place, msgspec.json.encode(entity)
    if grounds:
        authorities = sets if len(sets) == 1 else [one for one in sets if _sanctioning(one)]
        of = {"entity": [cells["id"]], "authority": authorities, "program": grounds}
        tie = {"id": f"{cells['id']} sanction", "schema": "Sanction", "datasets": sets, "properties": of}
        yield place, msgspec.json.encode(tie)


def _split(cell: str) -> list[str]:
    return [part for part in map(str.strip, cell.split(";")) if part]
