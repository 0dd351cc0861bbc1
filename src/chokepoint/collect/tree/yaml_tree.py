"""YAML as plain texts, lists and mappings that know their lines; never an object, never a surprise.

Built from parser events without recursion. Every scalar stays the text that it is in the file, because the
guesses of YAML 1.1 turn addresses into numbers and `NO` into false. Source: YAML 1.1 (https://yaml.org/spec/1.1/).
"""

from __future__ import annotations

from typing import Any

import yaml

from chokepoint.collect.base import Rejected
from chokepoint.model.errors import BadInputError, TooLargeError

DEEPEST = 60
MOST_NODES = 20_000_000
REPORTS = 1_000
BEHIND = "behind the first document of the file nothing is read. Mend: give each a file of its own"

_START_MAP, _END_MAP = yaml.MappingStartEvent, yaml.MappingEndEvent
_START_LIST, _END_LIST = yaml.SequenceStartEvent, yaml.SequenceEndEvent
_SCALAR, _ALIAS = yaml.ScalarEvent, yaml.AliasEvent
_TAGGED = frozenset({_SCALAR, _START_MAP, _START_LIST})
_PLAIN_TAGS = tuple(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp")
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Mapping(dict[str, Any]):
    """A mapping that knows the 1-based lines on which it starts and ends."""

    __slots__ = ("last", "line")
    line: int
    last: int


def read_yaml(text: str, first_line: int = 1) -> tuple[Any, list[Rejected]]:
    """The tree of the first document, and its defects; an empty plain scalar or `null` is None.

    That another document follows is a defect of the file.

    Raises:
        TooLargeError: too deep, or aliases that expand to too much.
        BadInputError: no YAML; the place is the line.
    """
    builder = _Builder(first_line)
    try:
        loader = yaml.CBaseLoader(text)
        event = loader.get_event()
        while event is not None and not builder.take(event):
            event = loader.get_event()
        builder.end(loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + first_line}" if mark else ""
        raise BadInputError(
            f"no YAML: {error.problem}", place=place, mend="check the indentation there"
        ) from None
    except yaml.YAMLError as error:
        raise BadInputError(
            f"no YAML: {str(error).splitlines()[0]}", mend="save the file as UTF-8 text"
        ) from None
    return builder.root, builder.defects


class _Builder:
    """A stack of open containers; `root` is set when the document's node is complete."""

    def __init__(self, first_line: int) -> None:
        self.root: Any = None
        self.defects: list[Rejected] = []
        self._first_line = first_line
        self._stack: list[tuple[Any, Any, str, int]] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self._holder: Any = None
        self._key: Any = None

    def take(self, event: Any) -> bool:
        """Take one event; true when the first document is complete."""
        kind = event.__class__
        if kind in _TAGGED and event.tag and not event.tag.startswith(_PLAIN_TAGS):
            self._note(event, f"the tag {event.tag[:60]!r} is not obeyed: its value is read as plain text")
        if kind is _SCALAR:
            value = event.value
            self._put(None if value in _NULLS and event.implicit[0] else value, event, event.anchor)
        elif kind is _START_MAP or kind is _START_LIST:
            self._open(event, kind)
        elif kind is _END_MAP or kind is _END_LIST:
            return self._close(event)
        elif kind is _ALIAS:
            self._alias(event)
        return self._holder is None and (kind is _SCALAR or kind is _ALIAS)

    def end(self, loader: Any) -> None:
        """Note what stands behind the first document, YAML or not: it is not read."""
        place = ""
        try:
            event = loader.get_event()
            while event is not None and not _says(event):
                event = loader.get_event()
            place = self._place(event) if event is not None else ""
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = f"line {mark.line + self._first_line}" if mark else ""
        if place:
            self.defects.append(Rejected(place, BEHIND))

    def _note(self, event: Any, reason: str) -> None:
        if len(self.defects) < REPORTS:
            self.defects.append(Rejected(self._place(event), f"{reason}. Mend: remove it"))

    def _open(self, event: Any, kind: Any) -> None:
        if len(self._stack) >= DEEPEST:
            raise TooLargeError(
                f"nested deeper than {DEEPEST} levels", place=self._place(event), mend="flatten the file"
            )
        made: Any = []
        if kind is _START_MAP:
            made = Mapping()
            made.line = made.last = event.start_mark.line + self._first_line
        self._stack.append((self._holder, self._key, event.anchor, self._count))
        self._holder, self._key = made, None

    def _close(self, event: Any) -> bool:
        made = self._holder
        if made.__class__ is Mapping:
            # A block mapping ends where the next token stands, on a line below its own last one;
            # one in braces ends at its own brace.
            below = event.start_mark.index == event.end_mark.index
            made.last = max(made.line, event.start_mark.line + self._first_line - below)
        self._holder, self._key, anchor, before = self._stack.pop()
        if anchor:
            self._anchors[anchor] = (made, self._count - before)
        self._put(made, event, "")
        return not self._stack

    def _alias(self, event: Any) -> None:
        try:
            value, size = self._anchors[event.anchor]
        except KeyError:
            raise BadInputError(
                f"no YAML: the alias {event.anchor[:40]!r} stands for nothing, or for itself",
                place=self._place(event),
            ) from None
        self._count += size
        self._put(value, event, "")

    def _put(self, value: Any, event: Any, anchor: str) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            raise TooLargeError(
                "aliases expand to too much", place=self._place(event), mend="write the values out"
            )
        if anchor:
            self._anchors[anchor] = (value, 1)
        holder = self._holder
        if holder is None:
            self.root = value
        elif holder.__class__ is list:
            holder.append(value)
        elif self._key is None:
            self._key = self._name(value, event)
        else:
            self._pair(holder, value, event)

    def _pair(self, holder: Mapping, value: Any, event: Any) -> None:
        key, self._key = self._key, None
        if key == "<<" and isinstance(value, Mapping):
            for name, inherited in value.items():
                holder.setdefault(name, inherited)
            return
        if key in holder:
            self._note(event, f"the key {key[:60]!r} stands more than once; the last counts")
        holder[key] = value

    def _name(self, value: Any, event: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadInputError(
                "no YAML for us: a key that is no text", place=self._place(event), mend="use plain keys"
            )
        return value

    def _place(self, event: Any) -> str:
        return f"line {event.start_mark.line + self._first_line}"


def _says(event: Any) -> bool:
    """Whether an event is of a node that holds anything."""
    return event.__class__ in _TAGGED and (event.__class__ is not _SCALAR or event.value not in _NULLS)
