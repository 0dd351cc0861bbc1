"""Small numbers for names, entities, markings and provenances, by which projections point."""

from __future__ import annotations

from enum import IntEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from chokepoint.model.identity import Entity
from chokepoint.store import shown, visible
from chokepoint.store.canonical import encode
from chokepoint.store.predicates import chunks, placeholders
from chokepoint.store.subjects import KeyBook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.proof.sealing import SubjectKey

CACHE = 400_000
_value = itemgetter(1)


class Space(IntEnum):
    """Name spaces of the `names` table."""

    KIND = 1
    PROPERTY = 2
    ORIGIN = 3
    RECORD = 4


class Interner:
    """Small numbers for names, entities, markings and provenances; grows inside the caller's transaction.

    A cache over the tables. After a rolled-back transaction it must be thrown away.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: dict[tuple[int, str], int] = {
            (space, name): number
            for number, space, name in connection.exec_driver_sql("SELECT number, space, name FROM names")
        }
        self._entities: dict[Entity | None, int] = {None: 0}
        self._small: dict[tuple[Any, ...], int] = {}
        self._book = KeyBook()
        self._markings: dict[tuple[int, Marking], int] = {}
        self._entered = shown.Entered()
        self._next_entity = 1 + self._scalar("SELECT coalesce(max(eid), 0) FROM entities")

    def use(self, connection: Connection) -> None:
        """Go on in another transaction."""
        self._connection = connection
        if len(self._entities) > CACHE:
            self._entities = {None: 0}
            self._entered.forget()

    def _scalar(self, sql: str) -> int:
        return int(self._connection.exec_driver_sql(sql).scalar_one())

    def name(self, space: Space, name: str) -> int:
        """The number of a name in its space."""
        key = (int(space), name)
        number = self._names.get(key)
        if number is None:
            number = self._insert("names", {"space": key[0], "name": name})
            self._names[key] = number
        return number

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        columns = ", ".join(row)
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING number"  # noqa: S608 - our own names
        return int(self._connection.exec_driver_sql(sql, tuple(row.values())).scalar_one())

    def _found_or_made(self, table: str, row: dict[str, Any], more: dict[str, Any] | None = None) -> int:
        key = (table, *row.values())
        number = self._small.get(key)
        if number is None:
            where = " AND ".join(f"{column} = ?" for column in row)
            sql = f"SELECT number FROM {table} WHERE {where}"  # noqa: S608 - our own names
            found = self._connection.exec_driver_sql(sql, tuple(row.values())).scalar()
            number = int(found) if found is not None else self._insert(table, row | (more or {}))
            self._small[key] = number
        return number

    def marking(self, owner: int, marking: Marking) -> int:
        """The number of a marking as given by one organisation; a new one is entered with its terms."""
        known = self._markings.get((owner, marking))
        if known is not None:
            return known
        number = self._found_or_made(
            "markings",
            {"owner": owner, "form": encode(marking.to_form()).decode()},
            {"tlp": int(marking.tlp), "circle": visible.circle(marking), "newest": 0, "moved": 0},
        )
        for term, needed in visible.terms(marking):
            self._connection.exec_driver_sql(
                "INSERT INTO marking_terms (marking, term, needed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (number, term, needed),
            )
        self._markings[owner, marking] = number
        return number

    def provenance(self, capture: int, marking: int, origin: str, grades: tuple[int, int]) -> int:
        """The number of a combination of capture, origin, grades and marking."""
        return self._found_or_made(
            "provenances",
            {
                "capture": capture,
                "origin": self.name(Space.ORIGIN, origin),
                "reliability": grades[0],
                "credibility": grades[1],
                "marking": marking,
            },
        )

    def keys(self, personal: Iterable[Entity]) -> dict[Entity, SubjectKey]:
        """Keys of personal entities, made where they have none yet."""
        named = set(personal)
        numbers = self.entities(named)
        book = self._book.keys(self._connection, [numbers[entity] for entity in named])
        return {entity: book[numbers[entity]] for entity in named}

    def numbers(self, wanted: Sequence[Entity | None]) -> list[int]:
        """The number of each; new ones are entered, and for none it is 0."""
        cache = self._entities
        found = list(map(cache.get, wanted))
        pairs = zip(wanted, found, strict=True)
        missing = {entity for entity, number in pairs if number is None and entity is not None}
        if missing:
            self._meet(sorted(missing, key=_value))
        pairs = zip(wanted, found, strict=True)
        return [cache[entity] if number is None else number for entity, number in pairs]

    def entities(self, wanted: Iterable[Entity]) -> dict[Entity, int]:
        """Numbers of all wanted entities; new ones are entered."""
        named = list(wanted)
        return dict(zip(named, self.numbers(named), strict=True))

    def _meet(self, missing: Sequence[Entity]) -> None:
        """Find or enter distinct entities that are not remembered, in the order of their values."""
        known = len(self._entities)
        self._look_up(missing)
        if len(self._entities) != known:
            missing = [entity for entity in missing if entity not in self._entities]
        if missing:
            self._enter(missing)

    def _look_up(self, missing: Sequence[Entity]) -> None:
        kinds = {number: name for (space, name), number in self._names.items() if space == Space.KIND}
        if self._next_entity == 1 or not kinds:
            return
        for part in chunks([entity.value for entity in missing]):
            sql = f"SELECT eid, kind, value FROM entities WHERE value IN ({placeholders(len(part))})"  # noqa: S608 - integers and marks only
            for eid, kind, value in self._connection.exec_driver_sql(sql, tuple(part)):
                self._entities[Entity(kinds[kind], value)] = eid

    def _enter(self, new: Sequence[Entity]) -> None:
        first = self._next_entity
        kinds = {kind: self.name(Space.KIND, kind) for kind in sorted({entity.kind for entity in new})}
        rows = [(eid, kinds[entity[0]], entity[1]) for eid, entity in enumerate(new, first)]
        self._entities.update(zip(new, range(first, first + len(new)), strict=True))
        self._next_entity += len(rows)
        self._connection.exec_driver_sql("INSERT INTO entities (eid, kind, value) VALUES (?, ?, ?)", rows)

    def show(self, marking: int, eids: NDArray[np.int64]) -> None:
        """Note that claims under a marking speak of the entities of these numbers; 0 stands for none."""
        shown.enter(self._connection, marking, eids, self._entered)

    def hide(self, eids: Iterable[int]) -> None:
        """Take entities out of the markings under which no claim speaks of them any more."""
        shown.leave(self._connection, eids)
        self._entered.forget()


def entity_number(connection: Connection, entity: Entity) -> int | None:
    """The entity's number in the projections, whoever may see it; None where no claim ever named it."""
    number = connection.execute(
        text(
            "SELECT e.eid FROM entities e JOIN names n ON n.number = e.kind AND n.space = :space"
            " WHERE e.value = :value AND n.name = :kind"
        ),
        {"space": int(Space.KIND), "value": entity.value, "kind": entity.kind},
    ).scalar()
    return None if number is None else int(number)
