"""From a record's id to its ledger position.

Ids are random, so that an index over them touches most of its pages in every append: it was a quarter of
the cost of one. New ids are therefore kept in ledger order and sorted in by the hundred thousand; a look-up
asks the sorted part and walks the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

SORTED_BY = 100_000
PART = 10_000
PREFIX = 8


def enter(connection: Connection, first: int) -> None:
    """Enter the ids of the records from this position on, inside the append's transaction."""
    connection.exec_driver_sql(
        "INSERT INTO ids_fresh (seq, prefix) SELECT seq, substr(id, 1, ?) FROM records WHERE seq >= ?",
        (PREFIX, first),
    )
    span = "SELECT (SELECT max(seq) FROM ids_fresh) - (SELECT min(seq) FROM ids_fresh)"
    if connection.exec_driver_sql(span).scalar_one() >= SORTED_BY:
        connection.exec_driver_sql(
            "INSERT INTO ids_sorted (prefix, seq) SELECT prefix, seq FROM ids_fresh ORDER BY prefix"
        )
        connection.exec_driver_sql("DELETE FROM ids_fresh")


def positions(connection: Connection, ids: Iterable[bytes]) -> dict[bytes, int]:
    """Positions of the records with these ids (32 bytes each); absent ones are left out.

    Nothing is said of who may see them.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[bytes, int] = {}
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        marks = ",".join("?" * len(part))
        rows = connection.exec_driver_sql(
            "WITH wanted(prefix) AS MATERIALIZED"  # noqa: S608 - integers and marks only
            f" (SELECT substr(column1, 1, {PREFIX}) FROM (VALUES {marks.replace('?', '(?)')}))"
            " SELECT r.id, r.seq FROM records r WHERE r.seq IN ("
            " SELECT seq FROM ids_sorted WHERE prefix IN (SELECT prefix FROM wanted)"
            " UNION ALL SELECT seq FROM ids_fresh WHERE prefix IN (SELECT prefix FROM wanted))",
            tuple(part),
        )
        asked = set(part)
        found.update((name, int(seq)) for name, seq in rows if name in asked)
    return found
