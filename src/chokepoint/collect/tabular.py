"""CSV, TSV, spreadsheets and JSON records of any columns, read by a mapping, proposed or saved before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Document, Item, Rejected, Skipped
from chokepoint.collect.decoding import beginning, is_data, is_marked_up, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.mapping import (
    Mapping,
    explain,
    fingerprint,
    from_json,
    propose,
)
from chokepoint.collect.mapping.value import lines
from chokepoint.collect.mapping.words import hint
from chokepoint.collect.record_tables import RecordTable, made, peeked, record_tables
from chokepoint.collect.rows import separator_of, uncommented
from chokepoint.collect.table_rows import TableReader
from chokepoint.collect.tables import Table, tables
from chokepoint.model.errors import NotValidError
from chokepoint.values.workbook import MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as AbstractMapping


_MESSAGE = "__substg1.0_".encode("utf-16-le")
"""How an Outlook message, in the same container as an old workbook, names its parts (MS-OXMSG 2.2)."""


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
        if document.head.startswith(MAGIC):
            return _is_workbook(document)
        if is_data(document.head):
            return _holds_things(peeked(document.head))
        if document.head[:1] == b"<" or not is_text(document):
            return False
        text = uncommented(beginning(document))[0]
        if is_marked_up(text) or not separator_of(text):
            return False
        table = next(
            (part for part in tables(Document(path="", data=text.encode())) if isinstance(part, Table)), None
        )
        if table is None or not table.sample:
            return False
        rows = [row.cells for row in table.sample[:60]]
        regular = _regular(rows, table.headers) and not _is_sentence(rows, table.headers)
        return regular and propose(table.headers, rows).subject >= 0

    def read(self, document: Document) -> Iterator[Item]:
        """A row's subject, its links to the other cells, and every column that is not understood as it is."""
        return with_derived(self._items(document))

    def _items(self, document: Document) -> Iterator[Item]:
        for table in _tables(document):
            if not isinstance(table, Table):
                yield table
                continue
            yield from table.rejected
            mapping = self._mapping(document, table)
            if table.before:
                yield Skipped("line before the header row", table.before)
            if mapping.subject < 0:
                yield Rejected(
                    table.where(table.before + 1),
                    "no column holds what a row could be about. "
                    "Mend: name a column `indicator`, `name` or `account`",
                )
                if rest := sum(1 for _ in table.rows()):
                    yield Skipped("row of a table about nothing known", rest)
                continue
            if table.headers and not isinstance(table, RecordTable):
                yield Skipped("header row")
            yield from TableReader(document, table, mapping).items()

    def propose(self, document: Document) -> None:
        """Note how each table of a document would be read, from its headers and first rows alone.

        Raises:
            BadInputError: a workbook that cannot be opened.
        """
        for table in _tables(document):
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
        self.explanations[document.path] = lines([before, told]) if before else told
        return mapping

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _tables(document: Document) -> Iterator[Table | Rejected | Skipped]:
    return record_tables(document) if is_data(document.head) else tables(document)


def _holds_things(records: list[dict[str, Any]]) -> bool:
    """Whether one field at least of the records can be what they are about."""
    if not records:
        return False
    table = made([("", record) for record in records])
    return propose(table.headers, [row.cells for row in table.sample]).subject >= 0


def _by_values(mapping: Mapping) -> str:
    """The fingerprint of a layout without headers, whose columns are known by what they hold."""
    return fingerprint([f"{column.header} {column.role} {column.kind}" for column in mapping.columns])


def _is_workbook(document: Document) -> bool:
    data = document.data
    if data.startswith(MAGIC[1]) and _MESSAGE in data:
        return False
    return b"xl/workbook" in data or b"opendocument.spreadsheet" in data[:200] or data.startswith(MAGIC[1])


def _is_sentence(rows: list[list[str]], headers: tuple[str, ...]) -> bool:
    """Whether a single line that falls into cells is prose with commas."""
    return not headers and len(rows) < 2 and any(len(cell.split()) > 4 for row in rows for cell in row)


def _regular(rows: list[list[str]], headers: tuple[str, ...]) -> bool:
    """Whether rows fall into columns: most of them, or fewer under headers whose words are known."""
    widths = [len(row) for row in rows if any(row)]
    usual = max(set(widths), key=widths.count, default=0)
    told = [header for header in headers if header]
    known = sum(1 for header in told if hint(header)[0] and len(header) <= 40)
    enough = 0.4 if known >= 2 and known * 2 >= len(told) and usual == len(headers) else 0.7
    return usual > 1 and widths.count(usual) >= enough * len(widths)
