"""What runs with the owner's rights in PostgreSQL is the reader's alone, no longer every login's."""

from __future__ import annotations

from alembic import op

from chokepoint.store import postgres

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Take PostgreSQL's functions from everybody; SQLite has none."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        postgres.complete(bind)
