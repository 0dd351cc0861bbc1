"""Columns: what one viewer may see, read in whole arrays for the analyses.

Millions of rows leave the database packed four integers a row and are taken apart by numpy: that costs a
third of what rows of eleven do.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from itertools import chain, compress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.exc import DBAPIError

from chokepoint.store.base import UNKNOWN_DAY, LinkColumns
from chokepoint.store.predicates import END, chunks, marks, spoken
from chokepoint.store.spelt import one_origin_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

Longs = NDArray[np.int64]

PART = 20_000
FEW = 20_000
"""Entities up to which they are looked up one by one instead of reading the whole table."""
LOW = 2**32 - 1


class Span(NamedTuple):
    """Ledger positions above `after` and up to `until`."""

    after: int = 0
    until: int = END


ALL = Span()


class Nodes(NamedTuple):
    """Entities by number, ascending: kind numbers and values."""

    eid: Longs
    kind: NDArray[np.int32]
    value: list[str]


class Sames(NamedTuple):
    """Identity judgements in ledger order, with the judge's belief in thousandths.

    Sameness is 1 same, -1 different, 0 unsure.
    """

    left: Longs
    right: Longs
    sameness: NDArray[np.int8]
    organisation: NDArray[np.int32]
    permille: Longs
    reason: list[str]


def integers(connection: Connection, sql: str, given: tuple[int, ...] = (), *, width: int) -> Longs:
    """The integers that a query gives, int64 (width, rows), contiguous by column."""
    flat = np.fromiter(chain.from_iterable(rows_of(connection, sql, given)), np.int64)
    return np.ascontiguousarray(flat.reshape(-1, width).T)


def rows_of(connection: Connection, sql: str, given: tuple[int, ...] = ()) -> Iterator[Sequence[Any]]:
    """Rows as the driver gives them: wrapping each in an object of its own costs more than reading it.

    Raises:
        DBAPIError: they cannot be read.
    """
    return chain.from_iterable(_parts_of(connection, sql, given))


def _parts_of(
    connection: Connection, sql: str, given: tuple[int, ...] = ()
) -> Iterator[Sequence[Sequence[Any]]]:
    cursor = connection.exec_driver_sql(sql, given).cursor
    assert cursor is not None  # noqa: S101 - a SELECT always has one
    driver = connection.dialect.loaded_dbapi.Error
    try:
        yield from iter(lambda: cursor.fetchmany(PART), [])
    except driver as error:
        raise DBAPIError.instance(sql, None, error, driver, dialect=connection.dialect) from error


_LINKS = (
    "SELECT seq, (subject << 32) | object, (provenance << 24) | (property << 1) | assessment,"
    ' (coalesce(start, ?) << 32) | (coalesce("end", ?) & ?)'
    " FROM claims WHERE +object IS NOT NULL AND seq > ? AND seq <= ? AND marking IN ({marks})"
)


def read_links(
    connection: Connection, visible: Sequence[int], span: Span, *, like: Longs | None = None
) -> LinkColumns:
    """Claims under these markings whose object is an entity, in ledger order.

    Args:
        connection: of one reading.
        visible: numbers of the markings.
        span: the ledger positions that are read.
        like: positions of claims; then only claims that state the same as one of these.
    """
    subjects = None if like is None else _subjects(connection, like)
    links = _LINKS.format(marks=marks(visible))
    wanted = [links]
    if subjects is not None and len(subjects) <= FEW:
        wanted = [f"{links} AND subject IN ({marks(part)})" for part in chunks(subjects.tolist())]
    given = (UNKNOWN_DAY, UNKNOWN_DAY, LOW, *span)
    parts = [integers(connection, sql, given, width=4) for sql in wanted]
    table = np.concatenate([np.zeros((4, 0), np.int64), *parts], axis=1)
    table = table[:, np.argsort(table[0], kind="stable")]
    if like is not None:
        table = _stating(table, like)
    return _unpacked(table, _provenances(connection, visible))


def _subjects(connection: Connection, seqs: Longs) -> Longs:
    """Whom or what the claims at these positions are about, ascending and distinct."""
    parts = [
        integers(connection, f"SELECT subject FROM claims WHERE seq IN ({marks(part)})", width=1)[0]
        for part in chunks(seqs.tolist())
    ]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *parts]))


def _stating(table: Longs, like: Longs) -> Longs:
    """The rows that state what one at these positions does, of a packed table (4, rows)."""
    sentence = np.stack([table[1], (table[2] >> 1) & (2**23 - 1)])
    _, statement = np.unique(sentence, axis=1, return_inverse=True)
    statement = statement.ravel()
    return table[:, np.isin(statement, statement[np.isin(table[0], like)])]


def _unpacked(table: Longs, source: Longs) -> LinkColumns:
    """The columns of a packed table, (4, rows), with what `_provenances` says."""
    seq, pair, about, days = table
    origin, reliability, credibility, owner = source[1:, np.searchsorted(source[0], about >> 24)]
    return LinkColumns(
        seq=seq,
        subject=pair >> 32,
        property=((about >> 1) & (2**23 - 1)).astype(np.int32),
        object=pair & LOW,
        origin=origin.astype(np.int32),
        reliability=reliability.astype(np.int8),
        credibility=credibility.astype(np.int8),
        owner=owner.astype(np.int32),
        start=(days >> 32).astype(np.int32),
        end=days.astype(np.int32),
        assessment=(about & 1).astype(np.bool_),
    )


def _provenances(connection: Connection, visible: Sequence[int]) -> Longs:
    """Number, origin, grades and owner of each visible provenance, ascending, int64 (5, P).

    Spellings of one publisher are one origin.
    """
    rows = integers(
        connection,
        "SELECT p.number, p.origin, p.reliability, p.credibility, m.owner FROM provenances p"
        f" JOIN markings m ON m.number = p.marking WHERE p.marking IN ({marks(visible)})",
        width=5,
    )
    rows = rows[:, np.argsort(rows[0])]
    rows[1] = one_origin_each(connection, rows[1])
    return rows


def read_nodes(connection: Connection, visible: Sequence[int], eids: Longs) -> Nodes:
    """Kind and value of each of these entities, of all of which claims under these markings speak."""
    wanted = np.unique(eids)
    missing = np.ones(len(wanted), np.bool_)
    codes: list[Longs] = [np.zeros(0, np.int64)]
    values: list[str] = []
    for rows in _entities(connection, visible, wanted):
        flat = list(chain.from_iterable(rows))
        code = np.fromiter(flat[0::2], np.int64, len(flat) // 2)
        place = np.minimum(np.searchsorted(wanted, code >> 24), len(wanted) - 1)
        asked = (wanted[place] == code >> 24) & missing[place]
        missing[place[asked]] = False
        codes.append(code[asked])
        values += compress(flat[1::2], asked.tolist())
    code = np.concatenate(codes)
    order = np.argsort(code, kind="stable")
    if not np.array_equal(order, np.arange(len(order))):
        code, values = code[order], [values[at] for at in order.tolist()]
    return Nodes(code >> 24, (code & (2**24 - 1)).astype(np.int32), values)


def _entities(
    connection: Connection, visible: Sequence[int], wanted: Longs
) -> Iterator[Sequence[Sequence[Any]]]:
    """(number and kind packed, value) of at least the wanted entities, in parts; no other marking's."""
    sql = "SELECT (e.eid << 24) | e.kind, e.value FROM"
    if len(wanted) <= FEW:
        for part in chunks(wanted.tolist()):
            yield list(rows_of(connection, f"{sql} entities e WHERE e.eid IN ({marks(part)}) ORDER BY e.eid"))
        return
    for number in visible:
        shown = f"{sql} shown s CROSS JOIN entities e WHERE s.marking = ? AND e.eid = s.eid ORDER BY s.eid"
        yield from _parts_of(connection, shown, (number,))


def read_sames(connection: Connection, visible: Sequence[int], until: int) -> Sames:
    """Identity judgements under these markings between entities that claims under them speak of."""
    ends = " AND ".join(spoken(column, visible, until=until) for column in ("s.left", "s.right"))
    rows = connection.exec_driver_sql(
        "SELECT s.left, s.right, s.sameness, s.organisation, s.permille, s.reason FROM sames s"
        f" WHERE s.marking IN ({marks(visible)}) AND s.seq <= ? AND {ends} ORDER BY s.seq",
        (until,),
    ).all()
    table = np.array([row[:5] for row in rows], np.int64).reshape(-1, 5).T
    return Sames(
        left=table[0],
        right=table[1],
        sameness=table[2].astype(np.int8),
        organisation=table[3].astype(np.int32),
        permille=table[4],
        reason=[row[5] for row in rows],
    )
