"""From a moment to a ledger position: what had been recorded by then.

All records of a batch are stamped with one moment, and batches follow each other as they were appended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.store.canonical import read_envelope

if TYPE_CHECKING:
    from sqlalchemy import Connection


STEPS = 40
"""Of each bisection, needed or not: how many there are would tell how much is recorded, hidden or not."""


def position_at(connection: Connection, moment: str) -> int:
    """The newest ledger position recorded at or before a moment; 0 where nothing was.

    Found by bisection over the batches: where a clock was set back, the answer is one of those at which
    the stamps pass the moment.

    Args:
        connection: of one reading.
        moment: UTC, ISO 8601 with milliseconds and `Z`, as records are stamped.
    """
    low, high = 0, _count(connection)
    for _ in range(STEPS):
        middle = (low + high) // 2 if low < high else 0
        early = _stamp(connection, middle) <= moment
        if low < high and early:
            low = middle + 1
        elif low < high:
            high = middle
    if not low:
        return 0
    first, count = connection.exec_driver_sql(
        'SELECT "first", "count" FROM batches ORDER BY "first" LIMIT 1 OFFSET ?', (low - 1,)
    ).one()
    return int(first) + int(count) - 1


def _count(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM batches").scalar_one())


def _stamp(connection: Connection, batch: int) -> str:
    """When the batch at this place in the order of the ledger was recorded."""
    body = connection.exec_driver_sql(
        "SELECT body FROM records WHERE seq >="
        ' (SELECT "first" FROM batches ORDER BY "first" LIMIT 1 OFFSET ?)'
        " AND length(body) > 0 ORDER BY seq LIMIT 1",  # of what was erased nothing is left but the place
        (batch,),
    ).scalar()
    return "" if body is None else read_envelope(body).recorded_at
