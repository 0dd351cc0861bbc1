"""Long lists of records in YAML: one broken record must not cost the others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from chokepoint.collect.base import Rejected
from chokepoint.collect.tree.decode import decode
from chokepoint.collect.tree.yaml_tree import Mapping, read_yaml
from chokepoint.model.errors import BadInputError

PEEKED = 8

_dash = re.compile(r"^( *)-(?=[ \r\n]|$)", re.MULTILINE)
_plain_key = re.compile(r"^[^\s#%.\-\[{}\]][^\n]{0,200}:[ \t]*\r?$", re.MULTILINE)
_content = re.compile(r"^(?![ \t]*(?:#|---|%|\r?$))[^\n]", re.MULTILINE)
_first_key = re.compile(r"[ \t]*-[ \t]+([\w-]+):")
_yaml_like = re.compile(
    r"(?:\ufeff)?(?:[ \t]*#[^\n]*\n|%YAML[^\n]*\n|---[^\n]*\n|[ \t\r]*\n)*"
    r"(?:-[ \n]|['\"]?[\w.-]{1,60}['\"]?:[ \r\n])"
).match


class Record(NamedTuple):
    """One record: the line on which it starts, the key it stands under (empty in a list), its content."""

    line: int
    key: str
    value: Any

    @property
    def place(self) -> str:
        """Its lines, `lines 3-9`."""
        last = getattr(self.value, "last", self.line)
        return f"lines {self.line}-{last}" if last > self.line else f"line {self.line}"


@dataclass(slots=True)
class Records:
    """A list or mapping of records, and what stands beside it."""

    items: list[Record] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)
    defects: list[Rejected] = field(default_factory=list)


def read_records(data: bytes, key: str = "") -> Records:
    """The records of a YAML document.

    Args:
        data: the bytes.
        key: under which the list stands; empty where the whole document is a list, or a mapping, of records.

    Where the document as a whole is no YAML, each record is read alone: the broken ones are among the
    defects with their lines, the others are taken.

    Raises:
        BadInputError: no YAML, and no list of records to save either.
    """
    text, defects = decode(data)
    try:
        tree, found = read_yaml(text)
    except BadInputError as error:
        return _rescued(text, key, Records(defects=[*defects, Rejected(error.place, error.advice)]))
    return _arranged(tree, key, Records(defects=[*defects, *found]))


def _arranged(tree: Any, key: str, into: Records) -> Records:
    if key:
        if not isinstance(tree, Mapping):
            raise BadInputError("no mapping at the top", mend=f"write a head with a list named {key!r}")
        into.head = {name: value for name, value in tree.items() if name != key}
        tree = tree.get(key)
    if isinstance(tree, Mapping):
        into.items = [Record(getattr(value, "line", tree.line), name, value) for name, value in tree.items()]
    elif isinstance(tree, list):
        into.items = [Record(getattr(value, "line", 0), "", value) for value in tree]
    elif tree is not None:
        raise BadInputError("no list of records", mend="this is not the format it looks like")
    return into


def _rescued(text: str, key: str, into: Records) -> Records:
    first = 0
    if key:
        first = _after_header(text, key)
        if first:
            into.head = _head(text[: text.rindex(key, 0, first)], into)
    starts = _starts(text, first) if first or not key else []
    if not starts:
        raise BadInputError(into.defects[-1].reason, place=into.defects[-1].place)
    line, before = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line, before = line + text.count("\n", before, start), start
        _rescue(text[start:end], line, into)
    return into


def _after_header(text: str, key: str) -> int:
    """Offset after the line that opens the list named `key`, or 0."""
    header = re.search(rf"^{re.escape(key)}:[ \t]*(?:#[^\n]*)?\r?$", text, re.MULTILINE)
    return header.end() if header else 0


def _head(text: str, into: Records) -> dict[str, Any]:
    try:
        tree, _ = read_yaml(text)
    except BadInputError as error:
        into.defects.append(Rejected(error.place, f"the head of the file is lost: {error.advice}"))
        return {}
    return dict(tree) if isinstance(tree, Mapping) else {}


def _starts(text: str, first: int) -> list[int]:
    """Offsets of the lines on which records start: items of a list, or else keys of a mapping."""
    content = _content.search(text, first)
    if content is None or not _dash.match(text, content.start()):
        return [match.start() for match in _plain_key.finditer(text, first)]
    found = [(match.start(), len(match[1])) for match in _dash.finditer(text, content.start())]
    return [at for at, indent in found if indent == found[0][1]]


def _rescue(chunk: str, line: int, into: Records) -> None:
    """One record alone; if that fails, each piece of it that starts like a record."""
    try:
        _keep(chunk, line, into)
    except BadInputError as error:
        pieces = _pieces(chunk)
        if len(pieces) == 1:
            into.defects.append(Rejected(error.place or f"line {line}", f"record left out: {error.advice}"))
            return
        for offset, piece in pieces:
            _rescue(piece, line + offset, into)


def _keep(chunk: str, line: int, into: Records) -> None:
    tree, found = read_yaml(chunk, line)
    into.defects += found
    entries = tree.items() if isinstance(tree, Mapping) else (("", value) for value in tree or ())
    into.items += [Record(getattr(value, "line", line), name, value) for name, value in entries]


def _pieces(chunk: str) -> list[tuple[int, str]]:
    """The chunk cut where a line starts with the dash and the key with which the chunk starts."""
    named = _first_key.match(chunk)
    lines = chunk.splitlines(keepends=True)
    if named is None:
        return [(0, chunk)]
    again = re.compile(rf"[ \t]*-[ \t]+{re.escape(named[1])}:").match
    cuts = [number for number, line in enumerate(lines) if again(line)]
    if not cuts or cuts[0] != 0:
        return [(0, chunk)]
    indent = len(chunk) - len(chunk.lstrip(" "))
    return [
        (start, " " * indent + "".join(lines[start:end]).lstrip(" "))
        for start, end in zip(cuts, [*cuts[1:], len(lines)], strict=True)
    ]


@lru_cache(maxsize=8)
def peek_records(head: bytes, key: str = "") -> tuple[tuple[str, Any], ...]:
    """The first few records in a document's beginning as (key, content); empty where it is no such YAML."""
    try:
        text, _ = decode(head)
        first = _after_header(text, key) if key else 0
        if not _yaml_like(text) or (key and not first):
            return ()
        starts = _starts(text, first)
        end = starts[PEEKED] if len(starts) > PEEKED else len(text)
        found = read_records(text[starts[0] : end].encode()) if starts else Records()
    except BadInputError:
        return ()
    return tuple((record.key, record.value) for record in found.items[:PEEKED])
