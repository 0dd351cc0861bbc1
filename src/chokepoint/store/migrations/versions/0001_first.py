"""The first version: tables of a time that kept no version, brought to those that did."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, inspect

from chokepoint.store.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Add what is missing; where nothing is at all, `schema.create` has laid the newest tables instead."""
    there = inspect(op.get_bind())
    if there.has_table("others") and "marking" not in {one["name"] for one in there.get_columns("others")}:
        op.add_column("others", Column("marking", Integer, nullable=False, server_default="0"))
    metadata.create_all(op.get_bind())
