"""Records in JSON as tables: arrays of objects, objects by their keys, and JSON lines, each a row.

Nested fields are columns under dotted names (`wallet.address`), lists are cells of several things. A row's
place is its JSON pointer (RFC 6901), or its line where each line is an object.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from chokepoint.collect.base import Rejected, Skipped
from chokepoint.collect.list_syntax import EXCEPTION
from chokepoint.collect.rows import LONGEST_CELL, Row
from chokepoint.collect.tables import MOST_COLUMNS, MOST_ROWS, Table
from chokepoint.collect.taking import text_of
from chokepoint.collect.tree import decode, escape, read_json
from chokepoint.model.errors import BadInputError
from chokepoint.model.said import Said, advised
from chokepoint.values.text.exempt import exempts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chokepoint.collect.base import Document

DEEPEST = 8
PEEKED = 60
SAMPLE = 400
_start = re.compile(r'\[\s*(?=\{)|:\s*(?=\{\s*")|^\s*(?=\{)')
_decoder = json.JSONDecoder()


@dataclass(slots=True, kw_only=True)
class RecordTable(Table):
    """A table whose rows stand at places of their own, of which a row's number is the number."""

    places: list[str] = field(default_factory=list)

    def where(self, row: int) -> str:
        """The place of a row."""
        return self.places[row - 1]


def peeked(head: bytes) -> list[dict[str, Any]]:
    """The first records in the beginning of a JSON text: of its first list, or mapping, of objects."""
    text = decode(head)[0].lstrip("\ufeff \t\r\n")
    for opening in islice(_start.finditer(text[:20_000]), PEEKED):
        found, end = _in_a_row(text, opening.end())
        if len(found) > 1 or (found and (opening[0].startswith("[") or _line_follows(text, end))):
            return found
    return []


_line_follows = re.compile(r"[ \t\r]*\n\s*\{").match


def _in_a_row(text: str, at: int) -> tuple[list[dict[str, Any]], int]:
    """The objects that follow each other, and the offset after the last."""
    found: list[dict[str, Any]] = []
    last = at
    between = re.compile(r'[\s,]*(?:"(?:[^"\\]|\\.){0,200}"\s*:\s*)?')
    while len(found) < PEEKED and text.startswith("{", at):
        try:
            value, end = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        last, following = end, between.match(text, end)
        at = following.end() if following else end
    return found, last


def record_tables(document: Document) -> Iterator[Table | Rejected | Skipped]:
    """The tables of records in a document.

    Raises:
        BadInputError: neither JSON nor JSON lines.
    """
    try:
        tree, defects = read_json(document.data)
    except BadInputError as error:
        held, others = _apart(_lines(document.data))
        if not held:
            raise error from None
        yield from others
        yield made(held)
        return
    yield from defects
    for group in _groups(tree):
        held, others = _apart(group)
        yield from others
        if held:
            yield made(held)


_Record = tuple[str, dict[str, Any]]
_Held = _Record | Rejected | Skipped


def _apart(found: Iterable[_Held]) -> tuple[list[_Record], list[Rejected | Skipped]]:
    """The records, and all else."""
    held: list[_Record] = []
    others: list[Rejected | Skipped] = []
    for one in found:
        if isinstance(one, Rejected | Skipped):
            others.append(one)
        else:
            held.append(one)
    return held, others


def _lines(data: bytes) -> Iterator[_Held]:
    text, defects = decode(data)
    yield from defects
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value, broken = read_json(line.encode("utf-8", "surrogatepass"))
        except BadInputError as error:
            yield Rejected(f"line {number}", error.advice)
            continue
        yield from (Rejected(f"line {number}", one.reason) for one in broken)
        yield (f"line {number}", value) if isinstance(value, dict) else _no_record(f"line {number}")


def _no_record(place: str) -> Rejected:
    return Rejected(place, advised(Said("no record but another value"), "write an object of named fields"))


def _groups(tree: Any, at: str = "", depth: int = 0) -> list[list[_Held]]:
    """The records of each table: of a list, of a mapping, or of each list in one, however wrapped."""
    if isinstance(tree, list):
        return [_of_list(tree, at)]
    if not isinstance(tree, dict):
        return []
    meant, others = _without_exceptions(tree)
    return [*_meant(meant, at, depth), *([others] if others else [])]


def _without_exceptions(tree: dict[str, Any]) -> tuple[dict[str, Any], list[_Held]]:
    """A mapping without the lists and mappings of what is not meant, and each of those left out by name."""
    exempt = {key for key, value in tree.items() if isinstance(value, list | dict) and exempts(key)}
    return {key: value for key, value in tree.items() if key not in exempt}, [
        Skipped(EXCEPTION, len(tree[key]) or 1) for key in sorted(exempt)
    ]


def _meant(tree: dict[str, Any], at: str, depth: int) -> list[list[_Held]]:
    if _alike(tree):
        return [[(f"{at}/{escape(key)}", value) for key, value in tree.items()]]
    lists = {key: value for key, value in tree.items() if isinstance(value, list) and _holds_records(value)}
    groups = [_of_list(value, f"{at}/{escape(key)}") for key, value in lists.items()]
    if len(lists) == len(tree) > 1:
        return [[one for group in groups for one in group]]
    wraps: dict[str, list[list[_Held]]] = {}
    if not groups and depth < DEEPEST:
        mappings = {key: value for key, value in tree.items() if isinstance(value, dict)}
        inner = {key: _groups(value, f"{at}/{escape(key)}", depth + 1) for key, value in mappings.items()}
        wraps = {key: found for key, found in inner.items() if found}
        groups = [group for found in wraps.values() for group in found]
    if not groups:
        return [] if depth else [[("", tree)]]
    beside = [_beside(key, (at, value)) for key, value in tree.items() if key not in lists | wraps]
    return [*groups, beside]


def _alike(tree: dict[str, Any]) -> bool:
    """Whether the values of a mapping are records of one sort: objects with most fields in common."""
    values = list(tree.values())
    if len(values) < 2 or not all(isinstance(value, dict) and value for value in values):
        return False
    shared = set.intersection(*(set(value) for value in values[:PEEKED]))
    return 2 * len(shared) >= min(map(len, values[:PEEKED]))


def _beside(key: str, of: tuple[str, Any]) -> _Held:
    """What stands beside the records: a count or a state is left out, more is told."""
    at, value = of
    if not isinstance(value, dict | list) or not value:
        return Skipped("field beside the records")
    told = Said("{key!r} stands beside the records and is not read", key=key[:80])
    return Rejected(f"{at}/{escape(key)}", advised(told, "take it in as a file of its own"))


def _holds_records(value: list[Any]) -> bool:
    return any(isinstance(one, dict) for one in value)


def _of_list(values: list[Any], at: str) -> list[_Held]:
    return [
        (f"{at}/{number}", value) if isinstance(value, dict) else _no_record(f"{at}/{number}")
        for number, value in enumerate(values)
    ]


def made(records: list[_Record]) -> RecordTable:
    """The table of records with their places; columns in the order in which fields first stand."""
    flat = [flattened(record) for _, record in records[:MOST_ROWS]]
    names = list(dict.fromkeys(name for record in flat for name in record))
    table = RecordTable(
        place="", headers=tuple(names[:MOST_COLUMNS]), rest=iter(()), places=[place for place, _ in records]
    )
    if len(records) > MOST_ROWS:
        told = Said("records after {most_rows:,} are not read", most_rows=MOST_ROWS)
        table.rejected.append(Rejected(records[MOST_ROWS][0], advised(told, "split the file")))
    if len(names) > MOST_COLUMNS:
        told = Said("{cells} fields, cut at {most_columns}", cells=len(names), most_columns=MOST_COLUMNS)
        table.rejected.append(Rejected(table.places[0] or "/", advised(told, "split the records")))
    table.rejected += _cut(flat, table)
    # A row holds a cell for each column, so that rows of few fields each are made one at a time.
    rows = (
        Row(number, [record.get(name, "")[:LONGEST_CELL] for name in table.headers])
        for number, record in enumerate(flat, 1)
    )
    table.sample, table.rest = list(islice(rows, SAMPLE)), rows
    return table


def _cut(flat: list[dict[str, str]], table: RecordTable) -> Iterator[Rejected]:
    """The cells that are longer than a cell may be."""
    for number, record in enumerate(flat, 1):
        for long in (len(text) for text in record.values() if len(text) > LONGEST_CELL):
            words = {"cell": long, "longest_cell": LONGEST_CELL}
            told = Said("a cell of {cell:,} characters, cut at {longest_cell:,}", **words)
            yield Rejected(table.where(number) or "/", advised(told, "shorten it"))


def flattened(record: dict[str, Any]) -> dict[str, str]:
    """The fields of a record as texts under dotted names; several values of one name after each other.

    >>> flattened({"a": {"b": 1, "c": ["x", "y"]}, "d": None})
    {'a.b': '1', 'a.c': 'x, y'}
    """
    found: dict[str, list[str]] = {}
    stack: list[tuple[str, Any, int]] = [(key, value, 1) for key, value in reversed(record.items())]
    while stack:
        name, value, depth = stack.pop()
        if isinstance(value, dict) and depth < DEEPEST:
            stack += [(f"{name}.{key}", inner, depth + 1) for key, inner in reversed(value.items())]
        elif isinstance(value, list) and depth < DEEPEST:
            stack += [(name, inner, depth + 1) for inner in reversed(value)]
        elif isinstance(value, dict | list):
            found.setdefault(name, []).append(json.dumps(value, ensure_ascii=False))
        elif text := text_of(value):
            found.setdefault(name, []).append(text)
    return {name: ", ".join(texts) for name, texts in found.items()}
