"""Votes and recalls found by their record; on PostgreSQL walls around markings, circles and memberships."""

from __future__ import annotations

from alembic import op

from chokepoint.store import postgres

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Indexes on every engine; on PostgreSQL its roles and policies anew."""
    for table in ("votes", "recalls"):
        op.create_index(f"{table}_record", table, ["record"], if_not_exists=True)
    if op.get_bind().dialect.name == "postgresql":
        postgres.complete(op.get_bind())
