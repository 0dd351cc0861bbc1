"""Parts of parsed documents: by number, by JSON pointer, and as bounded text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from chokepoint.model.errors import BadInputError, NotFoundError, TooLargeError
from chokepoint.model.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 64 * 1024
"""Characters of a place that are looked at."""

_DEEPEST = 100


def numbered(items: Any, first: int, last: int) -> Any:
    """Items number `first` to `last`, from 1, both included.

    Raises:
        NotFoundError: there are not so many.
    """
    if not 1 <= first <= last <= len(items):
        asked = f"{first}" if first == last else f"{first}-{last}"
        raise NotFoundError(Said("there is no {asked} of {held}", asked=asked, held=len(items)))
    return [items[index] for index in range(first - 1, last)]


def records(document: Any) -> list[Any]:
    """The records of a document: its items, or those of its longest list."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        return max(lists, key=len, default=[document])
    return [document]


def parsed_yaml(text: str) -> Any:
    """The document in a YAML text.

    Raises:
        BadInputError: it is none.
        TooLargeError: nested too deep.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(yaml.parse(text, Loader=loader))
        return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInputError(Said("neither JSON nor YAML: {error}", error=str(error)[:120])) from None


def _check_depth(events: Iterable[yaml.Event]) -> None:
    """Refuse nesting on which the C loader, which recurses, would crash the process."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise TooLargeError(Said("nested more than {deepest} deep", deepest=_DEEPEST))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def pointed(document: Any, pointer: str) -> Any:
    """The value that a JSON pointer (RFC 6901) names.

    Raises:
        NotFoundError: nothing stands there.
    """
    value = document
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and re.fullmatch(r"0|[1-9]\d{0,8}", key) and int(key) < len(value):
            value = value[int(key)]
        else:
            raise NotFoundError(Said("nothing stands at {pointer!r}", pointer=pointer[:120]))
    return value


def _plain(value: Any) -> str:
    """A single value as text; of a number of thousands of digits, which Python does not write, nothing."""
    try:
        return str(value)
    except ValueError:
        return ""


def rendered(value: Any) -> str:
    """A parsed value as text, bounded even where YAML aliases would multiply it."""
    parts: list[str] = []
    room = LIMIT
    stack = [value]
    while stack and room > 0:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend(
                part
                for key, inner in reversed(list(item.items())[:4096])
                for part in (inner, f"{_plain(key)}:")
            )
        elif isinstance(item, list):
            stack.extend(reversed(item[:4096]))
        else:
            parts.append(_plain(item)[:room])
            room -= len(parts[-1]) + 1
    return " ".join(parts)
