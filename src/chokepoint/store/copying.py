"""A whole data base copied into a SQLite file, of one moment, while others work with it.

The tables are the same on every engine, so that an atlas kept in PostgreSQL is backed up into the files of
an atlas in a folder, and opens as one.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, select

from chokepoint.store import schema, vault
from chokepoint.store.migrations import stamp

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine, MetaData

PART = 5_000


def copy_ledger(engine: Engine, file: Path) -> None:
    """Copy the ledger and its projections into a new file."""
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, file)
        return
    target = create_engine(f"sqlite:///{file}")
    with target.begin() as connection:
        schema.lay(connection)
        stamp(connection)
        _copy_rows(engine, connection, schema.metadata)
        connection.exec_driver_sql("INSERT INTO search (search) VALUES ('rebuild')")
    target.dispose()


def copy_vault(engine: Engine, file: Path) -> None:
    """Copy the captures into a new file."""
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, file)
        return
    target = create_engine(f"sqlite:///{file}")
    with target.begin() as connection:
        vault.metadata.create_all(connection)
        _copy_rows(engine, connection, vault.metadata)
    target.dispose()


def _copy_pages(engine: Engine, file: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
        connection.rollback()
        source: Any = connection.connection.driver_connection
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(engine: Engine, target: Connection, tables: MetaData) -> None:
    """All rows of all tables, as they stood at one moment."""
    settled = engine.execution_options(isolation_level="REPEATABLE READ", stream_results=True)
    with settled.connect() as source:
        for table in tables.sorted_tables:
            marks = ", ".join("?" * len(table.columns))
            for part in source.execute(select(table)).partitions(PART):
                target.exec_driver_sql(
                    f'INSERT INTO "{table.name}" VALUES ({marks})',  # noqa: S608 - our own names
                    [tuple(row) for row in part],
                )
