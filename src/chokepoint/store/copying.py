"""A whole data base copied into a SQLite file, of one moment, while others work with it; and back.

The tables are the same on every engine, so that an atlas kept in PostgreSQL is backed up into the files of
an atlas in a folder, and opens as one; and that the files of one fill an empty database.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, select

from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.store import schema, shown, vault
from chokepoint.store.migrations import stamp
from chokepoint.store.postgres import Begin

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine, MetaData

PART = 5_000


def copy_ledger(engine: Engine, file: Path) -> None:
    """Copy the ledger and its projections into a new file, which is its owner's alone.

    Raises:
        LedgerError: the disk is full, or the ledger's file is damaged.
    """
    file.touch(mode=0o600)
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, file)
        return
    target = create_engine(f"sqlite:///{file}")
    with target.begin() as connection:
        schema.lay(connection)
        stamp(connection)
        _copy_rows(engine, connection, schema.metadata)
        shown.rebuild(connection)
    target.dispose()


def copy_vault(engine: Engine, file: Path) -> None:
    """Copy the captures into a new file, which is its owner's alone.

    Raises:
        LedgerError: the disk is full, or the vault's file is damaged.
    """
    file.touch(mode=0o600)
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, file)
        return
    target = create_engine(f"sqlite:///{file}")
    with target.begin() as connection:
        vault.metadata.create_all(connection)
        _copy_rows(engine, connection, vault.metadata)
    target.dispose()


def fill(source: tuple[Path, Path], target: tuple[Engine, Engine]) -> None:
    """Fill an empty database with the ledger and the vault of a folder, in one transaction each.

    Args:
        source: files of the ledger and of the vault that nobody else uses; an older ledger's tables are
            brought to the newest version in its file.
        target: engines of the database's ledger and of its vault.

    Raises:
        RefusedError: the database holds an atlas.
    """
    ledger, captures = (schema.open_engine(file) for file in source)
    schema.create(ledger)
    schema.create(target[0])
    vault.metadata.create_all(target[1])
    for each, into, tables in zip((ledger, captures), target, (schema.metadata, vault.metadata), strict=True):
        with into.execution_options(begin=Begin.APPEND).begin() as connection:
            if tables is schema.metadata and connection.exec_driver_sql("SELECT 1 FROM facts").first():
                raise RefusedError(
                    "this database holds an atlas", place="--atlas", mend="name an empty one: createdb NAME"
                )
            _copy_rows(each, connection, tables)
            _number_on(connection, tables)
            if tables is schema.metadata:
                shown.rebuild(connection)
        each.dispose()


def _number_on(connection: Connection, tables: MetaData) -> None:
    """Let the database number new rows from where the copied ones end."""
    for table in tables.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'),"  # noqa: S608 - our own names
                f" coalesce(max({column.name}), 0) + 1, false) FROM {table.name}"
            )


def _copy_pages(engine: Engine, file: Path) -> None:
    try:
        with engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
            connection.rollback()
            source: Any = connection.connection.driver_connection
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise LedgerError(
            f"it could not be copied: {error}", place=str(file), mend="make room there, or name another place"
        ) from None


def _copy_rows(engine: Engine, target: Connection, tables: MetaData) -> None:
    """All rows of all tables, as they stood at one moment."""
    settled = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.execution_options(stream_results=True, **settled).connect() as source:
        for table in tables.sorted_tables:
            marks = ", ".join("?" * len(table.columns))
            for part in source.execute(select(table)).partitions(PART):
                target.exec_driver_sql(
                    f"INSERT INTO {table.name} VALUES ({marks})",  # noqa: S608 - our own names
                    [tuple(row) for row in part],
                )
