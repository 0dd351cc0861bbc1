"""CSV, TSV and spreadsheets of any columns, read by a mapping that is proposed or was saved before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.dates import read_day
from chokepoint.collect.decoding import decode, is_data, is_marked_up, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.mapping import (
    DATES,
    Column,
    Mapping,
    entity_of,
    explain,
    fingerprint,
    from_json,
    is_blank,
    link_between,
    propose,
)
from chokepoint.collect.naming import subject, telling_part
from chokepoint.collect.origins import provenance
from chokepoint.collect.prose import account_or
from chokepoint.collect.rows import Row, separator_of
from chokepoint.collect.tables import Table, tables
from chokepoint.model.claim import Interval, between
from chokepoint.model.errors import NotValidError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as AbstractMapping
    from datetime import date

    from chokepoint.model.identity import Entity

_split = re.compile(r"\s*[;,|\n]\s*|\s{1,4}")
_crime = re.compile(
    r"malware|iocs?\b|indicator|phish|scam|fraud|ransom|c2\b|botnet|threat|apt\b|trojan|stealer|exploit|malicious|mule|แก๊ง|มิจฉาชีพ",
    re.IGNORECASE,
)
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PAYMENTS = frozenset({"crypto-address", "bank-account", "payment-handle"})
_NETWORK = frozenset({"domain-name", "url", "ipv4-addr", "ipv6-addr", "onion-service", "file"})
MOST_IN_CELL = 200


class Tabular:
    """Collector of tables of any layout.

    Attributes:
        explanations: path → how each table of it was read, in words.
        used: fingerprint → mapping, as JSON, for the caller to save.
        proposed: those fingerprints whose mapping was made here, not saved before.
        layouts: path → fingerprints of its tables.
    """

    name = "table"

    def __init__(self, mappings: AbstractMapping[str, str] | None = None) -> None:
        self._saved = dict(mappings or {})
        self.explanations: dict[str, str] = {}
        self.used: dict[str, str] = {}
        self.proposed: set[str] = set()
        self.layouts: dict[str, tuple[str, ...]] = {}

    def recognises(self, document: Document) -> bool:
        """A workbook, or lines that fall into columns of which one can be what a row is about."""
        if document.head.startswith(_BOOKS):
            return _is_workbook(document)
        if is_data(document.head) or document.head[:1] == b"<" or not is_text(document):
            return False
        text = decode(Document(path="", data=document.head))[0]
        if is_marked_up(text) or not separator_of(text):
            return False
        table = next(
            (part for part in tables(Document(path="", data=text.encode())) if isinstance(part, Table)), None
        )
        if table is None or not table.sample:
            return False
        rows = [row.cells for row in table.sample[:60]]
        return _regular(rows) and propose(table.headers, rows).subject >= 0

    def read(self, document: Document) -> Iterator[Item]:
        """A row's subject, its links to the other cells, and every column that is not understood as it is."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        for table in tables(document):
            if isinstance(table, Rejected):
                yield table
                continue
            yield from table.rejected
            mapping = self._mapping(document, table)
            if mapping.subject < 0:
                yield Rejected(
                    table.where(1),
                    "no column holds what a row could be about. "
                    "Mend: name a column `indicator`, `name` or `account`",
                )
                yield Skipped("row of a table about nothing known", sum(1 for _ in table.rows()))
                continue
            if table.before:
                yield Skipped("line before the header row", table.before)
            if table.headers:
                yield Skipped("header row")
            yield from _TableReader(document, table, mapping).items()

    def propose(self, document: Document) -> None:
        """Note how each table of a document would be read, from its headers and first rows alone.

        Raises:
            BadInputError: a workbook that cannot be opened.
        """
        for table in tables(document):
            if isinstance(table, Table):
                self._mapping(document, table)

    def _mapping(self, document: Document, table: Table) -> Mapping:
        mapping = propose(table.headers, [row.cells for row in table.sample])
        layout = mapping.fingerprint if table.headers else _by_values(mapping)
        try:
            mapping = from_json(self._saved.get(layout, ""))
        except NotValidError:
            self.proposed.add(layout)
        self.used[layout] = mapping.to_json()
        self.layouts[document.path] = (*self.layouts.get(document.path, ()), layout)
        told = explain(mapping)
        before = self.explanations.get(document.path)
        self.explanations[document.path] = f"{before}\n{told}" if before else told
        return mapping

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _by_values(mapping: Mapping) -> str:
    """The fingerprint of a layout without headers, whose columns are known by what they hold."""
    return fingerprint([f"{column.header} {column.role} {column.kind}" for column in mapping.columns])


def _is_workbook(document: Document) -> bool:
    data = document.data
    return b"xl/workbook" in data or b"opendocument.spreadsheet" in data[:200] or data.startswith(_BOOKS[1])


def _regular(rows: list[list[str]]) -> bool:
    widths = [len(row) for row in rows if any(row)]
    usual = max(set(widths), key=widths.count, default=0)
    return usual > 1 and widths.count(usual) >= 0.7 * len(widths)


class Found(NamedTuple):
    """One entity of a row: its column, and how it was written."""

    column: Column
    entity: Entity
    written: str

    @property
    def raw(self) -> str:
        """The text as written, where that differs from the normal form."""
        return self.written if self.written != self.entity.value else ""


class _TableReader:
    """Reads the rows of one table by its mapping."""

    def __init__(self, document: Document, table: Table, mapping: Mapping) -> None:
        self._table = table
        self._mapping = mapping
        self._source = provenance(document)
        self._headers = [header.casefold() for header in table.headers]
        self._theme = self._found_theme(document)

    def _found_theme(self, document: Document) -> Entity | None:
        """What every row indicates where no column says so: the telling name of a file on crime."""
        kinds = {column.entity_kind for column in self._mapping.columns if column.role == "entity"}
        if kinds & {"malware", "campaign", "group"} or not kinds & _NETWORK:
            return None
        words = " ".join(
            [
                document.path,
                *self._table.headers,
                *(cell for row in self._table.sample[:20] for cell in row.cells),
            ]
        )
        return subject(telling_part(document)) if _crime.search(words[:20_000]) else None

    def items(self) -> Iterator[Item]:
        """All items of all rows."""
        blank = 0
        for row in self._table.rows():
            if isinstance(row, Rejected):
                yield row
            elif not any(row.cells):
                blank += 1
            elif self._is_header_again(row):
                yield Skipped("header row")
            else:
                yield from self._row(row)
        if blank:
            yield Skipped("blank line", blank)

    def _is_header_again(self, row: Row) -> bool:
        return bool(self._headers) and [cell.casefold() for cell in row.cells] == self._headers

    def _row(self, row: Row) -> Iterator[Item]:
        where = self._table.where(row.line)
        width = len(self._mapping.columns)
        if len(row.cells) != width and (len(row.cells) > width or self._table.headers):
            yield from self._ragged(row, where, width)
        found: list[Found] = []
        for column in self._mapping.columns:
            if column.index < len(row.cells) and column.role in {"entity", "name-server"}:
                yield from self._cells(column, row.cells[column.index], where, found)
        if not found:
            yield Rejected(
                where,
                "no cell of the row is anything that it could be about. Mend: compare it with the source",
            )
            return
        main = next((one for one in found if one.column.index == self._mapping.subject), found[0])
        yield from self._said(row, main, found)

    def _ragged(self, row: Row, where: str, width: int) -> Iterator[Item]:
        extra = [cell for cell in row.cells[width:] if cell]
        if extra:
            yield Rejected(
                where,
                f"{len(row.cells)} cells under {width} headers; left over: "
                f"{' | '.join(extra)[:200]!r}. Mend: quote cells that hold separators",
            )
        elif len(row.cells) < width:
            yield Skipped("row shorter than the header")

    def _cells(self, column: Column, cell: str, where: str, found: list[Found]) -> Iterator[Item]:
        if is_blank(cell):
            return
        whole = entity_of(cell, column.kind)
        if whole:
            found.append(Found(column, account_or(whole), cell))
            return
        parts = [part for part in _split.split(cell)[:MOST_IN_CELL] if part]
        entities = [entity_of(part, column.kind) for part in parts]
        if len(parts) > 1 and column.entity_kind not in {"malware", "campaign", "group"} and all(entities):
            found += [
                Found(column, account_or(entity), part)
                for entity, part in zip(entities, parts, strict=True)
                if entity
            ]
            return
        what = column.entity_kind or "indicator"
        yield Rejected(
            f"{where}, column {column.header!r}",
            f"{cell[:80]!r} is no {what} that we know. Mend: compare it with the source",
        )

    def _said(self, row: Row, main: Found, found: list[Found]) -> Iterator[Item]:
        entity = main.entity
        say = Sentences(self._source, self._table.where(row.line), self._observed(row))
        said: list[Item] = []
        if self._theme is not None:
            said.append(say.say(entity, "indicates", self._theme, main.raw))
        said += [self._link(say, main, other) for other in found if other.entity != entity]
        said += self._beside(say, found, entity)
        said += self._texts(say, row, entity, found)
        yield from said or [
            say.say(entity, "mentioned-in", self._table.place.strip(", ") or "table", main.raw)
        ]

    def _link(self, say: Sentences, left: Found, right: Found) -> Item:
        if right.column.role == "name-server" and left.entity.kind == "domain-name":
            return say.say(left.entity, "name-server", right.entity, left.raw)
        name, reversed_ = link_between(left.entity, right.entity)
        if reversed_:
            return say.say(right.entity, name, left.entity, right.raw)
        return say.say(left.entity, name, right.entity, left.raw)

    def _beside(self, say: Sentences, found: list[Found], main: Entity) -> Iterator[Item]:
        """What the other cells say of each other: pages and malware ask for payment, indicators indicate."""
        others = [found_one.entity for found_one in found if found_one.entity != main]
        for left in others:
            for right in others:
                name, reversed_ = link_between(left, right)
                if (
                    not reversed_
                    and name in {"requests-payment-to", "indicates", "attributed-to"}
                    and left != right
                ):
                    yield say.say(left, name, right)

    def _texts(self, say: Sentences, row: Row, entity: Entity, found: list[Found]) -> Iterator[Item]:
        wallet = next((one.entity for one in found if one.entity.kind in _PAYMENTS), entity)
        for column in self._mapping.columns:
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
            if is_blank(cell) or column.role in {"entity", "name-server"}:
                continue
            if column.role in DATES:
                if read_day(cell, column.day_first) is None:
                    yield say.say(entity, "attribute", f"{column.header}: {cell}")
            elif column.role == "amount":
                yield say.say(wallet, "amount", f"{cell} ({column.header})")
            elif column.role == "attribute":
                yield say.say(entity, "attribute", f"{column.header}: {cell}")
            else:
                yield say.say(entity, column.role, cell)

    def _observed(self, row: Row) -> Interval | None:
        days: dict[str, date] = {}
        for column in self._mapping.columns:
            if column.role in DATES and column.index < len(row.cells) and column.role not in days:
                day = read_day(row.cells[column.index], column.day_first)
                if day:
                    days[column.role] = day
        first, last = days.get("first-seen"), days.get("last-seen")
        if first and last:
            return between(min(first, last), max(first, last))
        if first or last:
            return between(first, last)
        day = days.get("date")
        return between(day, day) if day else None
