"""Tables: the ledger itself, and the projections that can be rebuilt from it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    event,
    inspect,
    text,
)

from chokepoint.store import postgres
from chokepoint.store.migrations import stamp, upgrade, version
from chokepoint.store.opened import Opened
from chokepoint.store.turn import begin_to_write

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

metadata = MetaData()
Integer = BigInteger().with_variant(sqlalchemy.Integer(), "sqlite")
"""64 bits on every engine; SQLite numbers its rows by a column of this name only."""
String = sqlalchemy.String().with_variant(sqlalchemy.String(collation="C"), "postgresql")
"""In order of code points on every engine."""

facts = Table(
    "facts",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

# The ledger: only ever appended to.
organisations = Table(
    "organisations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("public_key", LargeBinary(32), nullable=False),
)
batches = Table(
    "batches",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("organisation", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Index("batches_first", "first"),
)
records = Table(
    "records",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", LargeBinary(32), nullable=False),
    Column("kind", Integer, nullable=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
tree = Table(
    "tree",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Integer, primary_key=True),
    Column("note", LargeBinary, nullable=False),
)
witnessed = Table(
    "witnessed",
    metadata,
    Column("origin", String, primary_key=True),
    Column("note", LargeBinary, nullable=False),
    Column("log_key", String, nullable=False),
)

# Keys of personal entities: not part of the log, so that they can be destroyed.
subject_keys = Table(
    "subject_keys",
    metadata,
    Column("eid", Integer, primary_key=True),
    Column("id", LargeBinary(16), nullable=False),
    Column("key", LargeBinary(32), nullable=False),
    Index("subject_keys_id", "id", unique=True),
)

# Projections.
others = Table(
    "others",
    metadata,
    Column("kind", Integer, primary_key=True),
    Column("marking", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Index("others_seq", "seq"),
    sqlite_with_rowid=False,
)
ids_sorted = Table(
    "ids_sorted",
    metadata,
    Column("prefix", LargeBinary(8), primary_key=True),
    Column("seq", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
ids_fresh = Table(
    "ids_fresh",
    metadata,
    Column("prefix", LargeBinary(8), primary_key=True),
    Column("seq", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
names = Table(
    "names",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("space", Integer, nullable=False),
    Column("name", String, nullable=False),
    Index("names_name", "space", "name", unique=True),
)
entities = Table(
    "entities",
    metadata,
    Column("eid", Integer, primary_key=True),
    Column("kind", Integer, nullable=False),
    Column("value", String, nullable=False),
    Index("entities_value", "value", "kind", unique=True),
)
captures = Table(
    "captures",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("sha256", String, nullable=False),
    Column("path", String, nullable=False),
    Column("owner", Integer, nullable=False),
    Column("marking", Integer, nullable=False),
    Index("captures_sha256", "sha256"),
)
provenances = Table(
    "provenances",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("capture", Integer, nullable=False),
    Column("origin", Integer, nullable=False),
    Column("reliability", Integer, nullable=False),
    Column("credibility", Integer, nullable=False),
    Column("marking", Integer, nullable=False),
    Index("provenances_all", "capture", "origin", "reliability", "credibility", "marking", unique=True),
    Index("provenances_marking", "marking", "origin"),
)
markings = Table(
    "markings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("owner", Integer, nullable=False),
    Column("form", String, nullable=False),
    Column("tlp", Integer, nullable=False),
    Column("circle", Integer, nullable=False),
    Column("newest", Integer, nullable=False),
    Column("moved", Integer, nullable=False),
    Index("markings_form", "owner", "form", unique=True),
    Index("markings_circle", "circle"),
)
marking_terms = Table(
    "marking_terms",
    metadata,
    Column("marking", Integer, primary_key=True),
    Column("term", String, primary_key=True),
    Column("needed", Integer, nullable=False),
    Index("marking_terms_term", "term"),
    sqlite_with_rowid=False,
)
circles = Table(
    "circles",
    metadata,
    Column("scope", String, primary_key=True),
    Column("owner", Integer, nullable=False),
    sqlite_with_rowid=False,
)
memberships = Table(
    "memberships",
    metadata,
    Column("scope", String, primary_key=True),
    Column("member", String, primary_key=True),
    Index("memberships_member", "member"),
    sqlite_with_rowid=False,
)
claims = Table(
    "claims",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("subject", Integer, nullable=False),
    Column("property", Integer, nullable=False),
    Column("object", Integer),
    Column("provenance", Integer, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Column("assessment", Integer, nullable=False),
    Column("fingerprint", Integer, nullable=False),
    Column("marking", Integer, nullable=False),
    Index("claims_subject", "subject", "marking"),
    Index("claims_object", "object", "marking"),
    Index("claims_provenance", "provenance"),
    Index("claims_marking", "marking"),
    Index("claims_attribute", "property", "marking", sqlite_where=text("object IS NULL")),
)
shown = Table(
    "shown",
    metadata,
    Column("marking", Integer, primary_key=True),
    Column("eid", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
searched = Table(
    "searched",
    metadata,
    Column("marking", Integer, primary_key=True),
)
votes = Table(
    "votes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("claim", Integer, nullable=False),
    Column("organisation", Integer, nullable=False),
    Column("vote", Integer, nullable=False),
    Column("simulated", Integer, nullable=False),
    Column("marking", Integer, nullable=False),
    Column("crime", Integer, nullable=False),
    Column("disclose", Integer, nullable=False),
    Column("until", Integer, nullable=False),
    Column("record", Integer, nullable=False),
    Column("despite", Integer, nullable=False),
    Index("votes_claim", "claim", "marking"),
    Index("votes_marking", "marking", "record"),
    Index("votes_record", "record"),
)
recalls = Table(
    "recalls",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("claim", Integer, nullable=False),
    Column("marking", Integer, nullable=False),
    Column("record", Integer, nullable=False),
    Index("recalls_claim", "claim"),
    Index("recalls_marking", "marking", "record"),
    Index("recalls_record", "record"),
)
sames = Table(
    "sames",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("left", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("organisation", Integer, nullable=False),
    Column("sameness", Integer, nullable=False),
    Column("permille", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("marking", Integer, nullable=False),
    Index("sames_left", "left", "marking"),
    Index("sames_right", "right", "marking"),
    Index("sames_marking", "marking"),
)


def open_engine(where: Path | str) -> Engine:
    """The engine of a SQLite file, or of a PostgreSQL address."""
    address = str(where)
    if address.startswith(postgres.SCHEME):
        return postgres.open_engine(address)
    return _open_file(address.removeprefix("sqlite:///"))


def _open_file(path: str) -> Engine:
    """SQLite with a write-ahead log that survives a power cut after every commit."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 60.0}, **postgres.POOL)
    folder, opened = Path(path).parent, Opened(Path(path))

    @event.listens_for(engine, "do_connect")
    def _for_its_owner_alone(*_: object) -> None:
        # In a folder that somebody made before, others may enter. SQLite's side files do as this one.
        with suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "page_size=8192",
            "journal_mode=WAL",
            "synchronous=FULL",
            "cache_size=-131072",
            "temp_store=MEMORY",
            "mmap_size=268435456",
            "wal_autocheckpoint=32000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        opened.check()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        opened.check()
        kind = connection.get_execution_options().get("begin", postgres.Begin.READ)
        if kind in {postgres.Begin.APPEND, postgres.Begin.KEEP}:
            begin_to_write(connection, folder)
        else:
            connection.exec_driver_sql("BEGIN DEFERRED")

    return engine


def create(engine: Engine) -> None:
    """All tables in the newest version; those of an older one are brought to it."""
    begin = engine.execution_options(begin=postgres.Begin.APPEND)
    if not version(engine):
        with begin.begin() as connection:
            if not inspect(connection).has_table("records"):
                lay(connection)
                stamp(connection)
    upgrade(begin)


def lay(connection: Connection) -> None:
    """The tables and what is beside them, where they do not exist."""
    metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        postgres.complete(connection)
