"""From a record's id to its ledger position.

Ids are random, so that a large index over them touches most of its pages in every append: it was a quarter
of the cost of one. New ids therefore go into a small index, which is sorted into the large one whenever the
ledger has grown by so many; a look-up asks both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.store.predicates import placeholders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

SORTED_BY = 400_000
PART = 10_000
PREFIX = 8


def enter(connection: Connection, first: int, count: int) -> None:
    """Enter the ids of so many records from this position on, inside the append's transaction."""
    connection.exec_driver_sql(
        "INSERT INTO ids_fresh (prefix, seq) SELECT substr(id, 1, ?) AS prefix, seq FROM records"
        " WHERE seq >= ? ORDER BY prefix",
        (PREFIX, first),
    )
    if first // SORTED_BY != (first + count) // SORTED_BY:
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
        marks = placeholders(len(part))
        rows = connection.exec_driver_sql(
            "WITH wanted(prefix) AS MATERIALIZED"  # noqa: S608 - integers and marks only
            f" (SELECT substr(column1, 1, {PREFIX}) FROM (VALUES {marks.replace('?', '(?)')}) AS given)"
            " SELECT r.id, r.seq FROM records r WHERE r.seq IN ("
            " SELECT seq FROM ids_sorted WHERE prefix IN (SELECT prefix FROM wanted)"
            " UNION ALL SELECT seq FROM ids_fresh WHERE prefix IN (SELECT prefix FROM wanted))",
            tuple(part),
        )
        asked = set(part)
        found.update((name, int(seq)) for name, seq in rows if name in asked)
    return found
