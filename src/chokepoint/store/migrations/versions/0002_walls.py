"""Votes and recalls found by their record; PostgreSQL's walls stand with the newest version."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Indexes on every engine."""
    for table in ("votes", "recalls"):
        op.create_index(f"{table}_record", table, ["record"], if_not_exists=True)
