"""Checked reading of parsed JSON: every fault is noted with its pointer and mend, none is fatal alone."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from chokepoint.model.errors import BadInputError, ChokepointError, RefusedError

FIELDS = {
    "": "nodes edges stages budget worlds seed collateral_limit caps substitutes dependencies",
    "nodes": "id kind capacity role modes shared victim_asset",
    "modes": "mode cost success collateral replacement_days jurisdiction lead_days",
    "edges": "from to belief",
    "stages": "at_day weight",
    "substitutes": "for id after_days",
    "dependencies": "node needs_any",
}
"""The fields of each kind of object; others are passed over unless they look like one of these."""
ALIKE = 0.8
SHOWN_FAULTS = 20
LONGEST_ID = 1000


@dataclass(slots=True)
class Faults:
    """Faults found so far, in the order of the document.

    Attributes:
        found: the errors, unraised; at most `SHOWN_FAULTS` are kept, all are counted.
        count: how many there were.
    """

    found: list[ChokepointError] = field(default_factory=list)
    count: int = 0

    def add(self, place: str, reason: str, mend: str) -> None:
        """Note malformed input at a JSON pointer."""
        self._keep(BadInputError(reason, place=place, mend=mend))

    def refuse(self, place: str, reason: str, mend: str) -> None:
        """Note input that is well formed but forbidden."""
        self._keep(RefusedError(reason, place=place, mend=mend))

    def _keep(self, error: ChokepointError) -> None:
        self.count += 1
        if len(self.found) < SHOWN_FAULTS:
            self.found.append(error)

    def stop(self) -> None:
        """Raise when anything was noted: the first fault, with the others in its reason.

        Raises:
            BadInputError: something is malformed.
            RefusedError: everything is well formed but something is forbidden.
        """
        if not self.found:
            return
        first = next((e for e in self.found if isinstance(e, BadInputError)), self.found[0])
        others = [e.explain() for e in self.found if e is not first]
        reason = first.reason
        if others:
            reason += f"; and {self.count - 1} more: " + " | ".join(others)
        raise type(first)(reason, place=first.place, mend=first.mend)


def number(
    row: dict[str, Any], key: str, place: str, faults: Faults, *, default: float | None = None
) -> float:
    """A finite number >= 0; a fault and 0.0 when it is none.

    Args:
        row: the JSON object.
        key: the field.
        place: JSON pointer of the object.
        faults: where to note.
        default: the value of an absent field; without one it must be there.
    """
    value = row.get(key, default)
    pointer = f"{place}/{key}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        said = "is missing" if key not in row else f"is {value!r:.40}, no number"
        faults.add(pointer, f"{key} {said}", "write a finite number >= 0")
        return 0.0
    if isinstance(value, int) and abs(value) > 2**1000:
        faults.add(pointer, f"{key} is too large", "write a number below 1e300")
        return 0.0
    if not math.isfinite(value) or value < 0:
        faults.add(pointer, f"{key} is {value}", "write a finite number >= 0")
        return 0.0
    return float(value)


def unlimited(row: dict[str, Any], key: str, place: str, faults: Faults) -> float:
    """A number >= 0, or infinity for null or positive infinity."""
    value = row.get(key, 0)
    if key in row and (value is None or value == math.inf):
        return math.inf
    return number(row, key, place, faults)


def share(row: dict[str, Any], key: str, place: str, faults: Faults) -> float:
    """A probability, 1 when absent; a fault and 0.0 outside [0, 1]."""
    value = number(row, key, place, faults, default=1.0)
    if value > 1:
        faults.add(f"{place}/{key}", f"{key} is {value}, above 1", "write a probability between 0 and 1")
        return 0.0
    return value


def text(row: dict[str, Any], key: str, place: str, faults: Faults) -> str:
    """A non-empty text; numbers are taken as their decimal form."""
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > LONGEST_ID:
        said = "is missing" if value is None else f"is {value!r:.40}"
        faults.add(f"{place}/{key}", f"{key} {said}", f"write a text of 1 to {LONGEST_ID} characters")
        return ""
    return value


def words(row: dict[str, Any], key: str, place: str, faults: Faults) -> str:
    """A text that may be absent, null or empty; a fault and nothing where it is no text or too long."""
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_ID:
        faults.add(
            f"{place}/{key}", f"{key} is {value!r:.40}", f"write a text of at most {LONGEST_ID} characters"
        )
        return ""
    return value


def flag(row: dict[str, Any], key: str, place: str, faults: Faults) -> bool:
    """Whether it is true; absent and null are false, and nothing but true and false is read as either."""
    value = row.get(key)
    if value is not None and not isinstance(value, bool):
        faults.add(f"{place}/{key}", f"{key} is {value!r:.40}", "write true or false")
    return value is True


def rows(tree: dict[str, Any], key: str, place: str, faults: Faults) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a list with their pointers; absent or null reads as empty, other things are faults."""
    value = tree.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        faults.add(f"{place}/{key}", f"{key} is {type(value).__name__}, no list", "write a JSON list")
        return []
    found = []
    for at, item in enumerate(value):
        if isinstance(item, dict):
            spelt(item, key, f"{place}/{key}/{at}", faults)
            found.append((f"{place}/{key}/{at}", item))
        else:
            faults.add(f"{place}/{key}/{at}", f"{item!r:.40} is no object", "write a JSON object")
    return found


def spelt(row: dict[str, Any], kind: str, place: str, faults: Faults) -> None:
    """Note fields that are none of the kind's (`FIELDS`) but hardly differ from one that the row lacks.

    A limit or a protection that is misspelt would be passed over in silence.
    """
    known = frozenset(FIELDS.get(kind, "").split())
    for name in row.keys() - known:
        meant = _meant(name, kind)
        if meant and meant not in row:
            faults.add(f"{place}/{name:.40}", f"unknown field {name!r:.40}", f"write {meant}")


@lru_cache(maxsize=1024)
def _meant(name: str, kind: str) -> str:
    """The field that a name is nearest to, or nothing."""
    if len(name) > LONGEST_ID:
        return ""
    plain = name.casefold().replace("-", "_").replace(" ", "_")
    return next(iter(difflib.get_close_matches(plain, FIELDS.get(kind, "").split(), n=1, cutoff=ALIKE)), "")
