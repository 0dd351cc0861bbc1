"""What Alembic runs to reach the tables: on the connection that it is handed, inside its transaction."""

from __future__ import annotations

from alembic import context

from chokepoint.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
context.run_migrations()
