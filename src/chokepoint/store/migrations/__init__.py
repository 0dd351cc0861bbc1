"""The schema's history, run by Alembic: an atlas is brought to the newest version when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Engine

NEWEST = "0001"
"""The last of `versions`; told here so that an atlas that is up to date is opened without Alembic."""
_version = text("SELECT version_num FROM alembic_version")


def version(engine: Engine) -> str:
    """The version of the tables; empty where there are none that know it."""
    if not inspect(engine).has_table("alembic_version"):
        return ""
    with engine.connect() as connection:
        return str(connection.execute(_version).scalar() or "")


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest version, in one transaction; of the newest, do nothing."""
    if version(engine) == NEWEST:
        return
    from alembic import command  # noqa: PLC0415 - slow to load, and rarely needed
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", "chokepoint.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
