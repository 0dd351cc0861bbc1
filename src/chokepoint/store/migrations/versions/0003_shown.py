"""Claims, votes and judgements found by their marking, and a search for each marking.

So that whoever looks something up touches nothing that is hidden from them.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect
from sqlalchemy.schema import CreateIndex

from chokepoint.store import postgres, schema, shown

revision = "0003"
down_revision = "0002"

GONE = ("votes_claim", "sames_pair")
CLAIMS = (
    'SELECT c.seq, c.subject, c.property, c.object, c.provenance, c.start, c."end", c.assessment,'
    " c.fingerprint, p.marking FROM {claims} c JOIN provenances p ON p.number = c.provenance"
)


def upgrade() -> None:
    """Give claims their marking and lay the indexes that begin with it; SQLite's tables are written anew."""
    bind = op.get_bind()
    if "marking" not in {one["name"] for one in inspect(bind).get_columns("claims")}:
        if bind.dialect.name == "sqlite":
            _rewrite("claims", CLAIMS)
            _rewrite("others", "SELECT kind, marking, seq FROM {others}")
            op.execute("DROP TABLE IF EXISTS search")
        else:
            _alter()
        for name in GONE:
            op.execute(f"DROP INDEX IF EXISTS {name}")
    schema.metadata.create_all(bind)
    for table in schema.metadata.tables.values():
        for index in table.indexes:
            bind.execute(CreateIndex(index, if_not_exists=True))
    if not bind.exec_driver_sql("SELECT 1 FROM shown LIMIT 1").first():
        shown.fill(bind)
    if bind.dialect.name == "postgresql":
        postgres.complete(bind)


def _rewrite(name: str, rows: str) -> None:
    old = f"old_{name}"
    for index in inspect(op.get_bind()).get_indexes(name):
        op.execute(f"DROP INDEX {index['name']}")
    op.execute(f"ALTER TABLE {name} RENAME TO {old}")
    schema.metadata.tables[name].create(op.get_bind())
    op.execute(f"INSERT INTO {name} {rows.format(**{name: old})}")
    op.execute(f"DROP TABLE {old}")


def _alter() -> None:
    for index in ("claims_subject", "claims_object", "claims_attribute"):
        op.execute(f"DROP INDEX {index}")
    op.execute("ALTER TABLE claims ADD COLUMN marking BIGINT")
    op.execute("UPDATE claims c SET marking = p.marking FROM provenances p WHERE p.number = c.provenance")
    op.execute("ALTER TABLE claims ALTER COLUMN marking SET NOT NULL")
    op.execute("ALTER TABLE others DROP CONSTRAINT others_pkey, ADD PRIMARY KEY (kind, marking, seq)")
