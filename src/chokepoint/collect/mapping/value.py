"""A mapping as a value: how each column of a layout is read, with its JSON and its words for people."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from chokepoint.collect.mapping.words import normal
from chokepoint.model.errors import NotValidError
from chokepoint.model.said import BESIDE, Said, linked
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = 1
ENTITIES = ("entity", "name-server", "payer", "payee")
TEXTS = ("category", "status", "description", "amount", "attribute")
DATES = ("first-seen", "last-seen", "date")
ANY = "indicators of any kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one column is read.

    Attributes:
        index: its place, from 0.
        header: as written, or `column N`.
        role: `entity`, `name-server`, `payer` or `payee` (who pays whom in its row), `victim`, `teller` (who
            reported it), `bank` (of the accounts in its row), `currency` (of its amount), `marking` (its
            TLP), one of the dates, or one of the attributes.
        kind: of its entities, accounts with platform and national numbers with country after a colon; empty
            where each value tells its own.
        day_first: for dates, how `3/4/2020` is read.
        why: what the proposal rests on, in words.
    """

    index: int
    header: str
    role: str
    kind: str = ""
    day_first: bool | None = None
    why: str = ""

    @property
    def entity_kind(self) -> str:
        """The kind without the platform."""
        return self.kind.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How a layout is read; a value that a person can look at, change and keep.

    Attributes:
        headers: of all columns, in order.
        columns: how each is read.
        subject: index of the column whose entity the row is about; −1 where no column can be.
    """

    headers: tuple[str, ...]
    columns: tuple[Column, ...]
    subject: int

    @property
    def fingerprint(self) -> str:
        """The layout's name, equal for every table with the same headers."""
        return fingerprint(self.headers)

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Headers of the columns that are kept as they are."""
        return tuple(column.header for column in self.columns if column.role == "attribute")

    def to_json(self) -> str:
        """The mapping as JSON with sorted keys."""
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Mapping:
    """A mapping from its JSON.

    Raises:
        NotValidError: not the JSON of a mapping of this version.
    """
    try:
        tree = json.loads(text)
        if tree.pop("version") != VERSION:
            raise NotValidError("a mapping of another version", mend="propose it anew")
        columns = tuple(Column(**column) for column in tree["columns"])
        made = Mapping(headers=tuple(tree["headers"]), columns=columns, subject=int(tree["subject"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotValidError(f"no mapping ({error})", mend="propose it anew") from None
    roles = {*ENTITIES, "victim", "teller", "bank", "currency", "marking", *DATES, *TEXTS}
    if any(
        c.role not in roles or (c.entity_kind and c.entity_kind not in vocabulary().kinds)
        for c in made.columns
    ):
        raise NotValidError("a mapping with an unknown role or kind", mend="propose it anew")
    return made


def fingerprint(headers: Sequence[str]) -> str:
    """SHA-256 over the normal forms of the headers, 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(map(normal, headers)).encode("utf-8", "replace")).hexdigest()[:32]


def explain(mapping: Mapping) -> str:
    """What a person is shown before a table is taken in: a line a column, then the subject."""
    told: list[str] = [Said("Columns:")]
    for column in mapping.columns:
        what: str = _shown(column)
        if column.index == mapping.subject:
            what = linked(BESIDE, [what, Said("what each row is about")])
        told.append(Said("  {name!r}: {what} ({why})", name=column.header[:60], what=what, why=column.why))
    if mapping.subject < 0:
        told += [Said("  {why}", why=Said("no column holds what a row could be about"))]
    if mapping.unmapped:
        told.append(Said("Kept as found: {names}", names=", ".join(mapping.unmapped)))
    return lines(told)


def lines(told: Sequence[str]) -> str:
    """Sentences one below the other, each of which a face can still say in another language."""
    places = [f"line{number}" for number in range(len(told))]
    return Said("\n".join(f"{{{place}}}" for place in places), **dict(zip(places, told, strict=True)))


SHOWN = {
    "attribute": "kept as found",
    "bank": "bank of the account in its row",
    "currency": "currency of the amount in its row",
    "marking": "who may see its row (TLP)",
    "payer": "who pays in its row",
    "payee": "who is paid in its row",
    "name-server": "name server",
    "victim": "victim",
    "teller": "Who said it",
    "first-seen": "first seen",
    "last-seen": "last seen",
    "date": "date",
    "category": "category",
    "status": "status",
    "description": "description",
    "amount": "amount",
}
"""What a column of a role holds."""


def _shown(column: Column) -> str:
    if column.role in {"payer", "payee", "victim"}:
        return linked(BESIDE, [_entity_shown(column), Said(SHOWN[column.role])])
    return _entity_shown(column) if column.role == "entity" else Said(SHOWN[column.role])


def _entity_shown(column: Column) -> str:
    kind = vocabulary().kinds.get(column.entity_kind)
    label = Said(kind.label if kind else ANY)
    platform = column.kind.partition(":")[2]
    if not platform:
        return label
    if column.entity_kind == "user-account":
        return Said("{kind} on {platform}", kind=label, platform=platform)
    return Said("{kind} of {country}", kind=label, country=platform)
