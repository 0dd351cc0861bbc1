"""How many victims, told so that no answer, and no series of answers, gives away a number below eleven.

The method is frozen random rounding over fixed cells (Nargundkar and Saveland 1972; Fraser and Wooton 2005,
"A proposed method for confidentialising tabular output to protect against differencing"; Hundepool and
others, *Statistical Disclosure Control*, Wiley 2012, chapter 5). Each cell has an offset of its own, from 11
to 21, made from the atlas's secret and the cell's name, the same for every viewer and at all times: asking
again, as somebody else or after a change brings no fresh noise that could be averaged away. A cell is told
once its count reaches the offset, and then only as "at least" a multiple of eleven. So:

- a cell that is not told holds 0 to 20, one told as v holds v to v + 20;
- nothing is counted by two properties at once, and how many have no known value of a property is never told:
  the cells of a property never add up to the total, and total minus cells bounds a cell that is not told
  from above only, by 9 at the least, since multiples of eleven plus 20 leave 9;
- whoever knows of one victim more or less, and sees a cell come up, learns that its count is the offset,
  which they do not know: 10 to 20 before. Of ten known additions the same holds; from the twelfth on, each
  narrows what is left by one. Only accepted victims count, and each in a cell only by an accepted
  statement, so that nobody adds any, or moves any to a cell, without two other members;
- a cell that is not told is not listed; asked for by name, it answers like one that does not exist.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from chokepoint.desk.personal.role import ROLE
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.watch.access import saw
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.model.said import Said
from chokepoint.package.redact import NATURAL_PERSONS
from chokepoint.store import lookup, persons
from chokepoint.values.registry import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.base import StoredClaim

K = 11
"""Fewest victims that are ever told together."""
EVERYBODY = "all"
KINDS = {
    "campaign": (
        frozenset({"campaign", "group", "malware"}),
        frozenset({"targets", "part-of", "related-to"}),
    ),
    "country": (frozenset({"country"}), frozenset({"located-in"})),
}
MONTH, SECTOR = "month", "sector"
PROPERTIES = (*KINDS, MONTH, SECTOR)
_SECTORS = """
agriculture aerospace automotive chemical commercial communications construction defense education energy
entertainment financial-services government emergency-services government-local government-national
government-public-services government-regional healthcare hospitality-leisure infrastructure dams nuclear
water insurance manufacturing mining non-profit pharmaceuticals retail technology telecommunications
transportation utilities
"""
SECTORS = frozenset(_SECTORS.split())
"""Words of a victim's `category` that are sectors: the industry-sector vocabulary of STIX 2.1 §10.8, so that
no cell bears what somebody wrote."""
OWNED = frozenset({"account", "contact", "uses"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number of victims: at least so many, always a multiple of eleven."""

    name: str
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Victims by a property.

    Attributes:
        by: campaign, country, month or sector.
        cells: those that may be told, by name.
        total: at least so many in all; None where that may not be told.
    """

    by: str
    cells: tuple[Cell, ...]
    total: int | None

    def to_json(self) -> dict[str, Any]:
        """The shape of `personal victims --json`; null stands for fewer than eleven, or too near to it."""
        cells = [{"cell": one.name, "at_least": one.at_least} for one in self.cells]
        return {"by": self.by, "cells": cells, "total_at_least": self.total}


def told(count: int, offset: int) -> int | None:
    """A count as it may be told: a multiple of eleven that it reaches, or None.

    Args:
        count: how many there are.
        offset: of the cell, 11 to 21.

    >>> told(10, 11), told(11, 11), told(20, 21), told(32, 21)
    (None, 11, None, 22)
    """
    return K * (1 + (count - offset) // K) if count >= offset else None


def offset_of(secret: bytes, by: str, name: str) -> int:
    """The offset of a cell, 11 to 21, alike for all who ask at any time."""
    said = f"victims\x1f{by}\x1f{name}".encode("utf-8", "surrogatepass")
    return K + int.from_bytes(blake2b(said, key=secret, digest_size=8).digest()) % K


def victims(atlas: Atlas, by: str, *, of: str = "") -> Counts:
    """How many accepted victims the viewer's map holds by a property, or in one cell of it.

    Args:
        atlas: opened by the viewer.
        by: campaign, country, month or sector.
        of: the one cell that is asked for, as it is shown; empty for all that may be told.

    Raises:
        NotValidError: no such property.
    """
    if by not in PROPERTIES:
        raise NotValidError(
            Said("victims are not counted by {by!r}", by=by[:40]),
            mend=Said("use {names}", names=", ".join(PROPERTIES)),
        )
    saw(atlas, "victims", f"{by} {of}".strip())
    reader = atlas.reader
    with reader.connect() as connection:
        found = _victims(atlas, connection)
        values = _months(found) if by == MONTH else _cells(atlas, connection, found, by)
    counted = Counter(name for names in values.values() for name in names)
    cells = [
        Cell(name=name, at_least=shown)
        for name, count in sorted(counted.items())
        if (shown := told(count, offset_of(atlas.secret, by, name))) is not None and of in ("", name)
    ]
    total = told(len(found), offset_of(atlas.secret, EVERYBODY, ""))
    return Counts(by=by, cells=tuple(cells), total=total)


def _victims(atlas: Atlas, connection: Connection) -> dict[Entity, list[StoredClaim]]:
    """Accepted victims with what says so; an identifier of one is not one more."""
    reader = atlas.reader
    stored = list(reader.claims(connection, reader.with_property(connection, [ROLE], texts=True)))
    said = [one for one in stored if one.claim.object == "victim"]
    standing = of_claims(reader, connection, said) if said else {}
    found: dict[Entity, list[StoredClaim]] = {}
    for one in said:
        if standing[one.seq].verdict is Verdict.ACCEPTED and not standing[one.seq].simulated:
            found.setdefault(one.claim.subject, []).append(one)
    numbers = lookup.known(reader, connection, found)
    things = {eid: one for one, eid in numbers.items() if one.kind not in NATURAL_PERSONS}
    owners = persons.beside(reader, connection, things, kinds=NATURAL_PERSONS, properties=OWNED)
    people = {numbers[one] for one in found if one in numbers and one.kind in NATURAL_PERSONS}
    for eid, ones in owners.items():
        if ones & people:
            del found[things[eid]]
    return found


def _months(found: Mapping[Entity, list[StoredClaim]]) -> dict[Entity, set[str]]:
    return {one: set(_starts(said)) for one, said in found.items()}


def _starts(said: list[StoredClaim]) -> Iterator[str]:
    for one in said:
        observed = one.claim.observed
        if observed is not None and observed.start and observed.precision != "year":
            yield observed.start[:7]
            return


def _cells(
    atlas: Atlas, connection: Connection, found: Mapping[Entity, object], by: str
) -> dict[Entity, set[str]]:
    """The cells in which each victim is, by accepted statements alone."""
    reader = atlas.reader
    numbers = lookup.known(reader, connection, found)
    if by == SECTOR:
        seqs = reader.said_of(connection, numbers.values(), ("category",))
    else:
        kinds, properties = KINDS[by]
        seqs = persons.linking(reader, connection, numbers.values(), kinds=kinds, properties=properties)
    stored = list(reader.claims(connection, seqs))
    standing = of_claims(reader, connection, stored) if stored else {}
    cells: dict[Entity, set[str]] = defaultdict(set)
    for one in stored:
        if standing[one.seq].verdict is Verdict.ACCEPTED and not standing[one.seq].simulated:
            subject, thing = one.claim.subject, one.claim.object
            victim, other = (subject, thing) if subject in found else (thing, subject)
            if isinstance(victim, Entity) and (name := _cell(other, by)):
                cells[victim].add(name)
    return cells


def _cell(other: Entity | str, by: str) -> str:
    if isinstance(other, Entity):
        return show(other) if by != SECTOR and other.kind in KINDS[by][0] else ""
    word = other.strip().casefold().replace(" ", "-")
    return word if by == SECTOR and word in SECTORS else ""
