"""What SQLite's indexes of trigrams hold, told apart from the tables that say what they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection


def trigrams(connection: Connection) -> dict[int, dict[str, set[int]]]:
    """By marking: each trigram with the numbers of the entities under which its index has it."""
    names = [
        str(row[0])
        for row in connection.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE search_%' ORDER BY name"
        )
    ]
    found: dict[int, dict[str, set[int]]] = {}
    for name in names:
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, {name}, instance)")
        under: dict[str, set[int]] = {}
        for term, number in connection.exec_driver_sql("SELECT term, doc FROM temp.words"):
            under.setdefault(str(term), set()).add(int(number))
        connection.exec_driver_sql("DROP TABLE temp.words")
        found[int(name.removeprefix("search_"))] = under
    return found


def those_with(connection: Connection, part: str) -> set[int]:
    """Numbers of the entities that any index has under a trigram."""
    return set[int]().union(*(under.get(part, set()) for under in trigrams(connection).values()))
