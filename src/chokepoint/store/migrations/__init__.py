"""The schema's history, run by Alembic: an atlas is brought to the newest version when it is opened.

A new atlas gets the tables as `schema.py` describes them; the versions here bring older ones to the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from chokepoint.model.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

VERSIONS = ("0001", "0002", "0003", "0004", "0005")
"""Told here too, so that an atlas that is up to date is opened without Alembic, which is slow to load."""
_version = text("SELECT version_num FROM alembic_version")


def version(engine: Engine) -> str:
    """The version of the tables; empty where there are none that know it."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(_version).scalar() or "")


def stamp(connection: Connection) -> None:
    """Note that the tables are of the newest version."""
    connection.execute(
        text(
            "CREATE TABLE alembic_version ( version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num) )"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": VERSIONS[-1]})


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest version, in one transaction; of the newest, do nothing.

    Raises:
        LedgerError: the tables are of a version that this code does not know; nothing is changed.
    """
    found = version(engine)
    if found == VERSIONS[-1]:
        return
    if found and found not in VERSIONS:
        raise LedgerError(
            f"the atlas has tables of version {found}, and this program knows {VERSIONS[-1]}",
            mend="open it with the newer chokepoint that wrote it",
        )
    from alembic import command  # noqa: PLC0415 - slow to load, and rarely needed
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", "chokepoint.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
