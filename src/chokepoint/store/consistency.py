"""Whether the tables that are made from other tables say what those do.

A flipped bit in an index hides a record, one in a marking opens it: neither is in the log, whose proof holds.
What a record itself says in the tables is held against the log in `chokepoint.store.agreement`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.model.errors import LedgerError
from chokepoint.store.shown import NAMED
from chokepoint.store.visible import circle, marking, terms

if TYPE_CHECKING:
    from sqlalchemy import Connection

MEND = "restore the atlas from a backup"
QUESTIONS = {
    "a marking shows less than its claims name": (
        f"SELECT eid FROM ({NAMED} EXCEPT SELECT marking, eid FROM shown) x LIMIT 1"  # noqa: S608 - a constant of ours
    ),
    "a marking shows more than its claims name": (
        f"SELECT eid FROM (SELECT marking, eid FROM shown EXCEPT SELECT * FROM ({NAMED}) e) x LIMIT 1"  # noqa: S608 - a constant of ours
    ),
    "a marking changed later than it says": (
        "SELECT m.number FROM markings m WHERE m.newest < (SELECT max(c.seq) FROM claims c"
        " WHERE c.marking = m.number) AND m.moved < (SELECT max(c.seq) FROM claims c"
        " WHERE c.marking = m.number) LIMIT 1"
    ),
    "a record is not found by its id": (
        "SELECT r.seq FROM records r WHERE NOT EXISTS (SELECT 1 FROM ids_sorted s"
        " WHERE s.prefix = substr(r.id, 1, 8) AND s.seq = r.seq) AND NOT EXISTS (SELECT 1 FROM ids_fresh f"
        " WHERE f.prefix = substr(r.id, 1, 8) AND f.seq = r.seq) LIMIT 1"
    ),
}
"""What is wrong, and SQL that finds the first such row."""


def check_tables(connection: Connection) -> None:
    """Find the first place at which tables, indexes and markings do not agree.

    Raises:
        LedgerError: what does not agree, and where.
    """
    if connection.dialect.name == "sqlite":
        told = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one())
        if told != "ok":
            raise LedgerError(f"the file is damaged: {told}", place="ledger.sqlite", mend=MEND)
    _check_markings(connection)
    for wrong, sql in QUESTIONS.items():
        found = connection.exec_driver_sql(sql).first()
        if found is not None:
            raise LedgerError(wrong, place=f"number {found[0]}", mend=MEND)


def _check_markings(connection: Connection) -> None:
    """Whom each marking lets in follows from the form in which it was recorded."""
    asked: dict[int, set[tuple[str, int]]] = {}
    for number, term, needed in connection.exec_driver_sql("SELECT marking, term, needed FROM marking_terms"):
        asked.setdefault(int(number), set()).add((str(term), int(needed)))
    for number, form, tlp, open_to in connection.exec_driver_sql(
        "SELECT number, form, tlp, circle FROM markings"
    ):
        try:
            said = marking(form)
        except ValueError as error:
            raise LedgerError("a marking cannot be read", place=f"number {number}", mend=MEND) from error
        if (int(said.tlp), circle(said), set(terms(said))) != (tlp, open_to, asked.get(number, set())):
            raise LedgerError("a marking lets in others than it says", place=f"number {number}", mend=MEND)
