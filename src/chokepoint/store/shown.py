"""What each marking shows of the entities, and the search in it, kept apart by marking.

Whoever looks something up touches the rows of their own markings alone, so that how long it takes tells
nothing of what lies under others. There is an index of trigrams for each marking that shows many: in SQLite a
table that its readers ask, in PostgreSQL one that only `searched_for` reads, which asks who is asking.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import inspect, text

from chokepoint.store.predicates import CHUNK, chunks, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    Longs = NDArray[np.int64]

_FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5(value, content='entities', content_rowid='eid',"
    " tokenize='trigram', detail='none', columnsize=0)"
)
_MERGE_LATER = "INSERT INTO {name} ({name}, rank) VALUES ('automerge', 0)"
"""Segments are merged sixteen at a time, not a little at every append."""
_TABLE = 'CREATE TABLE {name} (eid bigint PRIMARY KEY, value text COLLATE "C" NOT NULL)'
_TRIGRAMS = "CREATE INDEX {name}_trigrams ON {name} USING gin (value gin_trgm_ops)"
LAYING = {"sqlite": ((_FTS, _MERGE_LATER), ()), "postgresql": ((_TABLE,), (_TRIGRAMS,))}
"""For each engine SQL that makes an index, before and after it is filled."""
FEW = 256
"""Entities that are looked through one by one as fast as an index would find them.

An index is six tables, which every new connection reads about first: 4,000 indexes take it half a second.
"""
REMEMBERED = 1 << 26
"""Bytes from which an appender forgets what is entered."""
LONGEST = 1_000
"""Letters of a question to an index."""
_indexed = text("SELECT marking FROM searched")
NAMED = " UNION ".join(
    f"SELECT marking, {end} AS eid FROM claims WHERE {end} IS NOT NULL" for end in ("subject", "object")
)
"""SQL of what the claims under each marking name."""
_ends = " AND ".join(
    f"NOT EXISTS (SELECT 1 FROM claims c WHERE c.{end} = s.eid AND c.marking = s.marking)"
    for end in ("subject", "object")
)


def index_of(marking: int) -> str:
    """The table in which what a marking shows is searched."""
    return f"search_{int(marking)}"


def _searched(connection: Connection, markings: Sequence[int]) -> set[int]:
    """Those of some markings for which there is an index."""
    sql = f"SELECT marking FROM searched WHERE marking IN ({marks(markings)})"
    return {int(row[0]) for row in connection.exec_driver_sql(sql)}


def holding(
    connection: Connection, visible: Sequence[int], words: str, *, begins: bool = False
) -> tuple[str, tuple[str, ...]]:
    """SQL of the numbers of visible entities whose value holds or begins with the text, and what it asks.

    Nothing under other markings is touched by it.
    """
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"{escaped}%" if begins else f"%{escaped}%"
    if connection.dialect.name != "sqlite":
        return f"SELECT searched_for(ARRAY[{marks(visible)}]::bigint[], ?)", (pattern,)
    # Not LIKE, whose patterns SQLite limits.
    looked_through = "{} AND instr(lower(k.value), lower(?)) > 0"
    if len(words) < 3 or escaped != words or len(words) > LONGEST:
        return looked_through.format(_each(visible)), (words,)
    many = _searched(connection, visible)
    parts = [f"SELECT rowid FROM {index_of(number)} WHERE value LIKE ?" for number in sorted(many)]
    parts.append(looked_through.format(_each(sorted(set(visible) - many))))
    return _any_of(parts), (*(pattern,) * len(many), words)


def _each(visible: Sequence[int]) -> str:
    """SQL of the numbers of all visible entities, each as often as a marking shows it."""
    return (
        "SELECT s.eid FROM shown s CROSS JOIN entities k"
        f" WHERE s.marking IN ({marks(visible)}) AND k.eid = s.eid"
    )


def _any_of(parts: Sequence[str]) -> str:
    """One query of many, of which SQLite takes no more than 500 in a row."""
    if len(parts) <= CHUNK:
        return " UNION ALL ".join(parts)
    return " UNION ALL ".join(f"SELECT * FROM ({_any_of(part)})" for part in chunks(parts))


class Entered:
    """Which entities are entered under each marking, as far as whoever appends remembers; a byte for each."""

    def __init__(self) -> None:
        self._under: dict[int, NDArray[np.bool_]] = {}

    def forget(self) -> None:
        """Remember nothing."""
        self._under.clear()

    def fresh(self, marking: int, eids: Longs) -> Longs:
        """Of these numbers, of which 0 stands for none, those not remembered, ascending and distinct."""
        under = self._under.get(marking)
        most = int(eids.max(initial=0))
        if under is None or len(under) <= most:
            under = self._grown(marking, most)
        new = np.unique(eids[~under[eids]])
        under[new] = True
        return new

    def _grown(self, marking: int, most: int) -> NDArray[np.bool_]:
        old = self._under.pop(marking, np.ones(1, np.bool_))
        if sum(map(len, self._under.values())) > REMEMBERED:
            self.forget()
        under = self._under[marking] = np.zeros(max(1 + most, 2 * len(old)), np.bool_)
        under[: len(old)] = old
        return under


def enter(connection: Connection, marking: int, eids: Longs, known: Entered) -> None:
    """Note that claims under a marking speak of entities.

    Args:
        connection: of the append.
        marking: its number.
        eids: numbers of the entities, and 0 for none.
        known: which are remembered to be entered; those of now are added.
    """
    fresh = known.fresh(marking, eids)
    if not len(fresh):
        return
    newest = connection.exec_driver_sql("SELECT max(eid) FROM shown WHERE marking = ?", (marking,)).scalar()
    there = [0]
    for part in chunks(fresh[fresh <= (newest or 0)].tolist()):
        rows = connection.exec_driver_sql(
            f"SELECT eid FROM shown WHERE marking = ? AND eid IN ({marks(part)})", (marking,)
        )
        there += [int(row[0]) for row in rows]
    runs = _runs(fresh[~np.isin(fresh, there)])
    if not runs:
        return
    entering = [(marking, *run) for run in runs]
    connection.exec_driver_sql(
        "INSERT INTO shown (marking, eid) SELECT ?, eid FROM entities WHERE eid BETWEEN ? AND ?", entering
    )
    if _searched(connection, [marking]):
        connection.exec_driver_sql(
            f"INSERT INTO {index_of(marking)} ({_number(connection)}, value)"
            " SELECT eid, value FROM entities WHERE eid BETWEEN ? AND ?",
            runs,
        )
    elif _shows_many(connection, marking):
        _lay(connection, marking)


def _shows_many(connection: Connection, marking: int) -> bool:
    sql = f"SELECT 1 FROM shown WHERE marking = ? LIMIT 1 OFFSET {FEW}"
    return connection.exec_driver_sql(sql, (marking,)).first() is not None


def _runs(found: Longs) -> list[tuple[int, int]]:
    """Ascending numbers as the first and the last of each run: one statement enters a run."""
    last = np.flatnonzero(np.diff(found, append=found[-1:] + 2) != 1)
    first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
    return list(zip(found[first].tolist(), found[last].tolist(), strict=True))


def leave(connection: Connection, eids: Iterable[int]) -> None:
    """Take entities out of the markings under which no claim speaks of them any more."""
    for part in chunks(sorted(set(eids))):
        gone = connection.exec_driver_sql(
            "SELECT s.marking, s.eid, e.value FROM shown s JOIN entities e ON e.eid = s.eid"
            f" WHERE s.marking IN (SELECT number FROM markings) AND s.eid IN ({marks(part)}) AND {_ends}"
        ).all()
        for marking, eid, value in gone:
            connection.exec_driver_sql("DELETE FROM shown WHERE marking = ? AND eid = ?", (marking, eid))
            if _searched(connection, [marking]):
                _take(connection, index_of(marking), (eid, value))


def _take(connection: Connection, name: str, entity: tuple[int, str]) -> None:
    """Take an entity out of an index; SQLite's must be told its value."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            f"INSERT INTO {name} ({name}, rowid, value) VALUES ('delete', ?, ?)", entity
        )
    else:
        connection.exec_driver_sql(f"DELETE FROM {name} WHERE eid = ?", entity[:1])


def rebuild(connection: Connection) -> None:
    """Bring the indexes to what the markings show; nothing that left them is in SQLite's pages."""
    kept: set[int] = set()
    for number in connection.execute(_indexed).scalars().all():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {index_of(number)}")
        elif inspect(connection).has_table(index_of(number)):
            kept.add(int(number))
            _shrink(connection, number)
    connection.exec_driver_sql(
        f"DELETE FROM searched WHERE marking NOT IN ({marks(sorted(kept)) if kept else 0})"
    )
    numbers = (
        connection.exec_driver_sql("SELECT DISTINCT marking FROM shown ORDER BY marking").scalars().all()
    )
    for number in numbers:
        if number not in kept and _shows_many(connection, number):
            _lay(connection, number)


def _shrink(connection: Connection, marking: int) -> None:
    """Take out of PostgreSQL's index what left the marking; who reads at an older moment needs the rest."""
    connection.exec_driver_sql(
        f"DELETE FROM {index_of(marking)} WHERE eid NOT IN (SELECT eid FROM shown WHERE marking = ?)",
        (marking,),
    )


def fill(connection: Connection) -> None:
    """Note of all claims what their markings show, where nothing is noted yet."""
    connection.exec_driver_sql(f"INSERT INTO shown (marking, eid) {NAMED}")
    rebuild(connection)


def _number(connection: Connection) -> str:
    """The column of an index with the numbers of entities."""
    return "rowid" if connection.dialect.name == "sqlite" else "eid"


def _lay(connection: Connection, marking: int) -> None:
    """Make the index of a marking."""
    name = index_of(marking)
    connection.exec_driver_sql("INSERT INTO searched (marking) VALUES (?)", (marking,))
    before, after = LAYING[connection.dialect.name]
    for sql in before:
        connection.exec_driver_sql(sql.format(name=name))
    connection.exec_driver_sql(
        f"INSERT INTO {name} ({_number(connection)}, value) SELECT e.eid, e.value FROM shown s"
        " CROSS JOIN entities e WHERE s.marking = ? AND e.eid = s.eid ORDER BY s.eid",
        (marking,),
    )
    for sql in after:
        connection.exec_driver_sql(sql.format(name=name))
