"""PostgreSQL searches each marking by itself, as SQLite does."""

from __future__ import annotations

from alembic import op

from chokepoint.store import postgres, shown

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Lay PostgreSQL's indexes; SQLite has its own since 0003."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        shown.rebuild(bind)
        postgres.complete(bind)
