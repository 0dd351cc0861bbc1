"""JSON with its defects reported: duplicate keys, NaN and Infinity, lone surrogates, depth.

Source: RFC 8259, RFC 6901 (JSON pointers).
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

from chokepoint.collect.base import Rejected
from chokepoint.collect.tree.decode import LONGEST, decode, without_surrogates
from chokepoint.model.errors import BadInputError, TooLargeError

_CONTAINERS = frozenset({dict, list})
REPORTS = 1_000
"""Defects of one kind that are reported one by one."""

_surrogate_escape = re.compile(rb"\\u[dD][89a-fA-F]").search
_SPACE = b" \t\r\n"
_key = re.compile(rb'"([A-Za-z0-9_@$.:-]{1,60})"\s*:')


def escape(key: str) -> str:
    """A key as one step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def json_keys(head: bytes, opening: bytes = b"{[") -> frozenset[str]:
    """Names of all keys in the beginning of a JSON text, at any depth; empty where it is none.

    >>> sorted(json_keys(b'{"type": "bundle", "objects": [{"id":'))
    ['id', 'objects', 'type']
    """
    if b"\0" in head[:4]:
        head = head.replace(b"\0", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    if not start or start not in opening:
        return frozenset()
    return frozenset(name.decode("ascii") for name in _key.findall(head))


def read_json(data: bytes) -> tuple[Any, list[Rejected]]:
    """The tree, and what had to be mended to get it, each with its JSON pointer.

    Of duplicate keys the last counts, NaN and Infinity become None, lone surrogates U+FFFD.

    Raises:
        TooLargeError: too many bytes or levels.
        BadInputError: no JSON; the place is line and column.
    """
    if len(data) <= LONGEST:
        tree = _quick(data)
        if tree is not None:
            return tree, []
    text, defects = decode(data)
    reader = _Reader()
    try:
        tree = reader.decoder.decode(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise BadInputError(
            f"no JSON: {error.msg}",
            place=f"line {error.lineno} column {error.colno}",
            mend="mend or leave out the file",
        ) from None
    except RecursionError:
        raise TooLargeError("nested too deep for JSON", mend="flatten the file") from None
    except ValueError as error:
        raise BadInputError(f"no JSON: {error}", mend="write numbers that size as text") from None
    if reader.defects or _surrogate_escape(data):
        tree = _Mender(reader.defects, defects).mended(tree)
    return tree, defects


def _quick(data: bytes) -> Any:
    """The tree of a text without defects; None where a second look is needed.

    Each key ends in a quotation mark, white space or none, and a colon. Where a text without its white space
    holds as many of these pairs as the tree has keys, no key stood twice.
    """
    try:
        tree = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    keys = 0
    stack: list[Any] = [tree] if tree.__class__ in _CONTAINERS else []
    take, put = stack.pop, stack.append
    while stack:
        holder = take()
        if holder.__class__ is dict:
            keys += len(holder)
            holder = holder.values()
        for part in holder:
            if part.__class__ is dict or part.__class__ is list:
                put(part)
    return tree if keys == data.translate(None, _SPACE).count(b'":') else None


class _Odd(float):
    """NaN or an infinity as it was written."""

    __slots__ = ("written",)
    written: str


class _Reader:
    """Decoder hooks that remember which objects need a second look."""

    def __init__(self) -> None:
        self.defects: dict[int, tuple[Any, list[str]]] = {}
        self.decoder = json.JSONDecoder(object_pairs_hook=self._pairs, parse_constant=self._constant)

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            twice = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
            self.defects[id(made)] = (made, twice)
        return made

    def _constant(self, written: str) -> _Odd:
        odd = _Odd(written)
        odd.written = written
        self.defects[id(odd)] = (odd, [])
        return odd


class _Mender:
    """Walks a tree without recursion and replaces what no claim may carry."""

    def __init__(self, marked: dict[int, tuple[Any, list[str]]], defects: list[Rejected]) -> None:
        self._marked = marked
        self._defects = defects

    def mended(self, tree: Any) -> Any:
        root = [tree]
        stack: list[tuple[Any, str]] = [(root, "")]
        while stack:
            holder, pointer = stack.pop()
            entries = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
            for key, value in entries:
                place = pointer if holder is root else f"{pointer}/{escape(str(key))}"
                if isinstance(value, dict | list):
                    self._duplicates(value, place)
                    stack.append((value, place))
                else:
                    self._leaf((holder, key), value, place)
                if isinstance(key, str) and not key.isascii() and without_surrogates(key) != key:
                    holder[without_surrogates(key)] = holder.pop(key)
                    self._report(without_surrogates(place), "a key with a lone surrogate, read as U+FFFD")
        return root[0]

    def _duplicates(self, value: Any, place: str) -> None:
        if id(value) in self._marked:
            for key in self._marked[id(value)][1]:
                self._report(
                    without_surrogates(f"{place}/{escape(key)}"),
                    "the key stands more than once; the last counts",
                )

    def _leaf(self, at: tuple[Any, Any], value: Any, place: str) -> None:
        holder, key = at
        if isinstance(value, _Odd):
            holder[key] = None
            self._report(place, f"{value.written} is not JSON; read as null")
        elif isinstance(value, str) and not value.isascii():
            clean = without_surrogates(value)
            if clean != value:
                holder[key] = clean
                self._report(place, "a lone surrogate, read as U+FFFD")

    def _report(self, place: str, reason: str) -> None:
        if len(self._defects) < REPORTS:
            self._defects.append(Rejected(place, f"{reason}. Mend: write valid JSON (RFC 8259)"))
