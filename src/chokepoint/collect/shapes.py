"""Fields of a foreign record that are not shaped as their format has them: reported, not dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from chokepoint.collect.base import Rejected, Skipped
from chokepoint.collect.taking import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chokepoint.collect.base import Item, Sentences
    from chokepoint.collect.rows import Row
    from chokepoint.model.identity import Entity

Shape = Literal["text", "texts", "record", "records"]
"""One scalar; a scalar or a list of scalars; a mapping; a mapping or a list of mappings."""

MOST_LEAVES = 100
"""Values below one unknown field that are kept; those beyond are counted."""

_SCALAR_ENOUGH = frozenset({"text", "texts"})
_WANTED: dict[Shape, str] = {
    "text": "one text",
    "texts": "a text or a list of texts",
    "record": "a mapping",
    "records": "a list of mappings",
}
_NAMES = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false"}


def misfits(place: str, content: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Iterator[Rejected]:
    """One rejection for each field, or entry of a list, that is not of the shape that its format gives it.

    Args:
        place: JSON pointer of the record (`/` at the top), or its lines in a YAML file.
        content: the record as parsed; null stands for an absent field.
        shapes: what each field that is read should be.
    """
    for key, value in content.items():
        shape = shapes.get(key)
        if shape is None or value is None or (value.__class__ is str and shape in _SCALAR_ENOUGH):
            continue
        at = f"{place.rstrip('/')}/{key}" if place.startswith("/") else place
        if not _fits(value, shape):
            yield Rejected(at, _reason(key, value, _WANTED[shape]))
        elif isinstance(value, list):
            entry_fits, wanted = (_scalar, "one text") if shape == "texts" else (_mapping, "a mapping")
            for number, entry in enumerate(value):
                if not entry_fits(entry):
                    there = f"{at}/{number}" if place.startswith("/") else at
                    yield Rejected(there, _reason(f"{key}[{number}]", entry, wanted))


def _fits(value: Any, shape: Shape) -> bool:
    if isinstance(value, list):
        return shape in {"texts", "records"}
    if isinstance(value, dict):
        return shape in {"record", "records"}
    return shape in _SCALAR_ENOUGH


def _scalar(value: Any) -> bool:
    return not isinstance(value, list | dict)


def _mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _reason(field: str, value: Any, wanted: str) -> str:
    found = "null" if value is None else _NAMES.get(value.__class__, "a number")
    return f"{field[:80]} is {found} where the format has {wanted}; it is left out. Mend: write {wanted}"


def kept(say: Sentences, entity: Entity, field: tuple[str, Any]) -> Iterator[Item]:
    """A field that no reader knows, as attributes `key: value`; of nested values as `key.inner: value`."""
    key, value = field
    left = MOST_LEAVES
    stack = [(key, value)]
    while stack:
        name, inner = stack.pop()
        if isinstance(inner, dict):
            stack += [(f"{name}.{step}", part) for step, part in reversed(inner.items())]
        elif isinstance(inner, list):
            stack += [(name, part) for part in reversed(inner)]
        elif (text := text_of(inner)) and left:
            left -= 1
            yield say.say(entity, "attribute", f"{name}: {text}")
        elif text:
            yield Skipped(f"values of one unknown field after the first {MOST_LEAVES}")


def beyond(row: Row, width: int) -> Iterator[Rejected]:
    """A rejection of the cells of a row that stand beyond its header, if any holds something."""
    lost = [cell for cell in row.cells[width:] if cell]
    if lost:
        reason = f"{len(lost)} cells beyond the header ({lost[0][:40]!r}); they are left out"
        yield Rejected(f"line {row.line}", f"{reason}. Mend: give each column a header")


def entries(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]] | Rejected]:
    """The mappings of a list with their pointers; whatever else stands there is rejected.

    Args:
        value: that should be a list of mappings; a lone mapping counts as a list of one, null as none.
        place: JSON pointer of the value.
    """
    if isinstance(value, dict):
        yield place, value
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            at = f"{place}/{number}"
            yield (at, entry) if isinstance(entry, dict) else Rejected(at, _reason("it", entry, "a mapping"))
    elif value is not None:
        yield Rejected(place, _reason("it", value, "a list of mappings"))
