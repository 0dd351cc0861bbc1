"""What one cell of a table holds, and what the cells of a row are to each other."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.base import Item, Rejected
from chokepoint.collect.mapping import ACTORS, entity_of
from chokepoint.collect.mapping.words import is_blank
from chokepoint.model.claim import Claim
from chokepoint.model.said import Said, advised
from chokepoint.values.names import countries
from chokepoint.values.text.exempt import exempts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chokepoint.collect.mapping import Column
    from chokepoint.model.identity import Entity

parts_of = re.compile(r"[;,|\s]+").split
"""The parts of a cell that holds several things."""
_names = re.compile(r"\s*[;,|]\s*").split
MOST_IN_CELL = 200
_CODE = 3
"""Letters of a country's code, by which an actor may be called too."""


def named_in(cell: str, column: Column) -> list[tuple[str, Entity]]:
    """The names of several actors or families in one cell, each as written; nothing of a cell of one name.

    A country beside a name says where that is from, and names no actor.
    """
    parts = [part for part in _names(cell.strip()) if part] if column.entity_kind in ACTORS else []
    telling = [part for part in parts if not is_blank(part)]
    found = [(part, entity) for part in telling if (entity := entity_of(part, column.kind))]
    if len(parts) < 2 or len(found) < len(telling) or len(parts) > MOST_IN_CELL:
        return []
    return [one for one in found if len(one[1].value) <= _CODE or one[1].value not in countries()]


class Found(NamedTuple):
    """One entity of a row: its column, and how it was written."""

    column: Column
    entity: Entity
    written: str

    @property
    def raw(self) -> str:
        """The text as written, where that differs from the normal form."""
        return self.written if self.written != self.entity.value else ""


def payment(found: list[Found]) -> tuple[Found, ...]:
    """Who pays and who is paid in a row; nothing where several do, since then nobody knows who paid whom."""
    sides = [[one for one in found if one.column.role == side] for side in ("payer", "payee")]
    if any(len(side) != 1 for side in sides) or sides[0][0].entity == sides[1][0].entity:
        return ()
    return sides[0][0], sides[1][0]


def several_addresses(cell: str) -> bool:
    """Whether a cell is a list of web addresses, which as a whole would pass for one with odd letters."""
    parts = [part for part in parts_of(cell) if part]
    return len(parts) > 1 and all("://" in part for part in parts)


YES = frozenset({"true", "yes", "y", "1"})
_verdict = re.compile(
    r"(?:.*[ _.-])?(?:label|verdict|class|list|status|classification|category)", re.IGNORECASE
).fullmatch

LONGEST_VERDICT = 40
_word = re.compile(r"[\w-]+(?:[ _-](?:list(?:ed)?|positive|good|site|domain))?").fullmatch


class Verdicts:
    """The columns of a table that say of a row that it accuses nobody, by its headers."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._yes = [at for at, header in enumerate(headers) if exempts(header)]
        self._words = [at for at, header in enumerate(headers) if _verdict(header)]

    def clear(self, cells: Sequence[str]) -> bool:
        """Whether a column such as `whitelisted` says yes, or one such as `label` says `benign`.

        >>> Verdicts(["domain", "is_whitelisted"]).clear(["a.com", "True"]), Verdicts(["label"]).clear(["C2"])
        (True, False)
        """
        if any(cells[at].casefold() in YES for at in self._yes if at < len(cells)):
            return True
        words = (cells[at] for at in self._words if at < len(cells))
        return any(len(word) <= LONGEST_VERDICT and _word(word) and exempts(word) for word in words)


def overfull(where: str, column: Column, count: int) -> Rejected:
    """That a cell holds more things than are taken."""
    told = Said("a cell of {count:,} things, cut at {most}", count=count, most=MOST_IN_CELL)
    return Rejected(f"{where}, column {column.header[:80]!r}", advised(told, "write one in a row"))


def as_hacked(item: Item) -> Item:
    """What indicates a malware, but belongs to whom it hit, as compromised by it."""
    if isinstance(item, Claim) and item.property == "indicates":
        return replace(item, property="compromised-by")
    return item
