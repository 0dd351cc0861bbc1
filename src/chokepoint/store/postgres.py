"""PostgreSQL 14 or newer as the second engine: the same statements, spelled and protected for it.

Statements are written once, with SQLite's question marks. Here they get psycopg's marks, inserts of many
rows become COPY, appends are serialised by an advisory lock, and whoever reads does so in a role to which
row-level security shows nothing but what the viewer's markings open: a second wall behind the predicate
that every query carries.
"""

# ruff: noqa: S608 - names of tables and columns come from our own statements
from __future__ import annotations

import re
from contextlib import contextmanager
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import create_engine, event, make_url, text

from chokepoint.model.errors import NotValidError
from chokepoint.store.base import NUL, NUL_MEND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

    from chokepoint.store.visible import Company

SCHEME = "postgresql+psycopg://"
READER = "chokepoint_reader"
"""Role that reads: no login, no BYPASSRLS, no table of its own."""
LOCK = 0x63686F6B65
"""Advisory lock that whoever appends holds until its transaction ends."""
MANY = 50
"""Rows from which COPY pays."""
POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": 32, "pool_use_lifo": True}
"""Connections: one above those kept is opened and closed for every use, which costs more than a vote."""
_insert = re.compile(r"INSERT INTO (\w+)(?: \(([\w, ]+)\))? VALUES \((?:%s(?:, )?)+\)").fullmatch


class Begin(StrEnum):
    """What a transaction is for: the option `begin` of a connection."""

    READ = "DEFERRED"
    APPEND = "IMMEDIATE"
    KEEP = "KEEP"
    """Bytes are put beside the records: to PostgreSQL no more than a reading."""
    VIEW = "VIEW"


def open_engine(address: str) -> Engine:
    """An engine whose commits are durable and whose readings are each of one moment."""
    engine = create_engine(address, **POOL)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        from psycopg.adapt import Dumper  # noqa: PLC0415 - only those who use PostgreSQL need the driver

        class AsInteger(Dumper):
            """Truth values are numbers in our tables, as SQLite has no other."""

            oid = 20

            def dump(self, obj: Any) -> bytes:
                """One or nought."""
                return b"1" if obj else b"0"

        connection.adapters.register_dumper(bool, AsInteger)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
        connection.commit()

    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _spell, retval=True)
    event.listen(engine, "do_executemany", _copy)
    event.listen(engine, "handle_error", _told, retval=True)
    return engine


def _told(context: ExceptionContext) -> NotValidError | None:
    """What no column of PostgreSQL can keep is the text's fault, and is told as that."""
    return NotValidError(NUL, mend=NUL_MEND) if "NUL" in str(context.original_exception) else None


def vault_address(address: str) -> str:
    """The same database, its tables those of the vault: a schema that whoever reads has no right to."""
    url = make_url(address).update_query_dict({"options": "-csearch_path=vault"})
    return url.render_as_string(hide_password=False)


def _begin(connection: Connection) -> None:
    purpose = connection.get_execution_options().get("begin", Begin.READ)
    if purpose == Begin.APPEND:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    elif purpose == Begin.VIEW:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL ROLE {READER}")


def _spell(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
) -> tuple[str, Any]:
    """Question marks become the driver's marks; statements with named values are spelled already."""
    first = parameters[0] if many and parameters else parameters
    if isinstance(first, dict):
        return statement, parameters
    return statement.replace("%", "%%").replace("?", "%s"), parameters


def _copy(cursor: Any, statement: str, parameters: Sequence[Any], _context: Any) -> bool:
    """Many rows for one table go by COPY, several times as fast; True where that was done.

    By way of a table of the session's own, because COPY may not write where row-level security is forced.
    """
    found = _insert(statement) if len(parameters) >= MANY else None
    if found is None:
        return False
    table, columns = found[1], found[2] or "*"
    named = f"({columns})" if found[2] else ""
    waiting = f"incoming_{table}"
    empty = f"SELECT {columns} FROM {table} WITH NO DATA"
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {waiting} ON COMMIT DELETE ROWS AS {empty}")
    with cursor.copy(f"COPY {waiting} {named} FROM STDIN") as copy:
        for row in parameters:
            copy.write_row(row)
    cursor.execute(f"INSERT INTO {table} {named} SELECT {columns} FROM {waiting}")
    cursor.execute(f"TRUNCATE {waiting}")
    return True


def rewrite(engine: Engine) -> None:
    """Write the tables anew without what was deleted from them; nobody reads them meanwhile."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        for (name,) in connection.exec_driver_sql(sql).all():
            connection.exec_driver_sql(f'VACUUM (FULL) "{name}"')


def read_as(engine: Engine, address: str) -> Engine:
    """The same engine, whose readings happen in a login of their own, which is in the reader's role alone."""
    reading = open_engine(address).execution_options(owner=engine)
    event.listen(engine, "engine_disposed", lambda _: reading.dispose())
    return engine.execution_options(reading=reading)


def viewing(engine: Engine) -> Connection:
    """A connection for one consistent reading, in the reader's own login if there is one."""
    reading: Engine = engine.get_execution_options().get("reading", engine)
    return reading.connect().execution_options(begin=Begin.VIEW)


@contextmanager
def above_the_wall(connection: Connection) -> Iterator[Connection]:
    """Ask, in a reading, as the owner of the tables and at the same moment what its viewer may see."""
    owner: Engine | None = connection.get_execution_options().get("owner")
    if owner is None:
        connection.exec_driver_sql("SET LOCAL ROLE NONE")
        yield connection
        connection.exec_driver_sql(f"SET LOCAL ROLE {READER}")
        return
    moment = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
    with owner.connect() as asking:
        asking.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        asking.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{moment}'")
        yield asking


def show(connection: Connection, visible: Sequence[int], company: Company) -> None:
    """Tell row-level security, for this transaction, which markings and circles the viewer may see."""
    given = {
        "visible": ",".join(str(int(number)) for number in visible),
        "names": msgspec.json.encode(company.names).decode(),
        "scopes": msgspec.json.encode(company.scopes).decode(),
    }
    connection.execute(
        text(
            "SELECT set_config('chokepoint.visible', :visible, true),"
            " set_config('chokepoint.names', :names, true), set_config('chokepoint.scopes', :scopes, true)"
        ),
        given,
    )


def complete(connection: Connection) -> None:
    """Search index, roles and row-level security beside the tables; whatever is there is made anew."""
    written = resources.files("chokepoint.store").joinpath("postgres.sql").read_text("utf-8")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    for statement in written.split(";\n\n"):
        if statement.strip():
            connection.execute(text(statement.replace(":", "\\:")))
