"""The tables of the first version, the search index, and on PostgreSQL roles and row-level security.

Until the first release these are the tables as `schema.py` describes them; whatever changes afterwards
becomes a version of its own, and this one is then written out.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, inspect

from chokepoint.store.schema import lay

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing, or from the tables of a time that kept no version."""
    there = inspect(op.get_bind())
    if there.has_table("others") and "marking" not in {one["name"] for one in there.get_columns("others")}:
        op.add_column("others", Column("marking", Integer, nullable=False, server_default="0"))
    lay(op.get_bind())
