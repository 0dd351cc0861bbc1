"""Pieces of SQL that several queries share."""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

_T = TypeVar("_T")

CHUNK = 400
"""Numbers or texts that one query names one by one."""
END = 2**62
"""Above every ledger position."""


def marks(numbers: Sequence[int]) -> str:
    """Integers as an SQL list; never text.

    >>> marks([3, 5]), marks([])
    ('3,5', 'NULL')
    """
    return ",".join(str(int(number)) for number in numbers) or "NULL"


def placeholders(count: int) -> str:
    """So many values of parameters as an SQL list.

    >>> placeholders(3)
    '?,?,?'
    """
    return ",".join("?" * count)


def body_text(connection: Connection) -> str:
    """SQL: the body of a record, whose table is called r, as text."""
    return "convert_from(r.body, 'UTF8')" if _is_postgres(connection) else "CAST(r.body AS TEXT)"


def is_sealed(connection: Connection) -> str:
    """SQL: the bytes of the one parameter stand in the body of a record, whose table is called r."""
    return "position(? IN r.body) > 0" if _is_postgres(connection) else "instr(r.body, ?)"


def any_case(connection: Connection) -> str:
    """SQL: the operator that compares with a pattern and takes Latin capitals for small letters."""
    return "ILIKE" if _is_postgres(connection) else "LIKE"


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The items in parts small enough to be named one by one in a query."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def spoken(column: str, visible: Sequence[int], *, until: int = END) -> str:
    """SQL: a claim under one of these markings speaks of the entity whose number stands in the column."""
    shown = marks(visible)
    if until == END:
        return f"EXISTS (SELECT 1 FROM shown WHERE shown.marking IN ({shown}) AND shown.eid = {column})"
    ends = (
        f"EXISTS (SELECT 1 FROM claims c WHERE c.{end} = {column} AND c.seq <= {int(until)}"
        f" AND c.marking IN ({shown}))"
        for end in ("subject", "object")
    )
    return f"({' OR '.join(ends)})"
