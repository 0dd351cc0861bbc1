"""Whether the tables beside the log agree with each other, as far as it shows without making them anew.

A flipped bit in an index hides a record, one in a marking opens it: neither is in the log, whose proof holds.
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
    "a claim has another marking than its source": (
        "SELECT c.seq FROM claims c LEFT JOIN provenances p ON p.number = c.provenance"
        " WHERE p.marking IS NULL OR p.marking <> c.marking LIMIT 1"
    ),
    "a claim names what is not there": (
        "SELECT c.seq FROM claims c LEFT JOIN entities s ON s.eid = c.subject"
        " LEFT JOIN entities o ON o.eid = c.object"
        " WHERE s.eid IS NULL OR (c.object IS NOT NULL AND o.eid IS NULL) LIMIT 1"
    ),
    "a marking shows less than its claims name": (
        f"SELECT eid FROM ({NAMED} EXCEPT SELECT marking, eid FROM shown) x LIMIT 1"  # noqa: S608 - a constant of ours
    ),
    "a marking shows more than its claims name": (
        f"SELECT eid FROM (SELECT marking, eid FROM shown EXCEPT SELECT * FROM ({NAMED}) e) x LIMIT 1"  # noqa: S608 - a constant of ours
    ),
    "a record is in no table": (
        "SELECT r.seq FROM records r LEFT JOIN claims c ON c.seq = r.seq"
        " LEFT JOIN (SELECT DISTINCT seq FROM others) o ON o.seq = r.seq"
        " WHERE length(r.body) > 0 AND c.seq IS NULL AND o.seq IS NULL LIMIT 1"
    ),
    "something lies under a marking that is none": (
        "SELECT marking FROM (SELECT marking FROM others UNION SELECT marking FROM votes"
        " UNION SELECT marking FROM sames UNION SELECT marking FROM recalls"
        " UNION SELECT marking FROM captures UNION SELECT marking FROM provenances) u"
        " WHERE marking NOT IN (SELECT number FROM markings) LIMIT 1"
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
