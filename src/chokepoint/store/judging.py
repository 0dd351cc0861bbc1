"""Entering votes and recalls into their tables, inside the append's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chokepoint.store import ids
from chokepoint.store.base import day_number
from chokepoint.store.predicates import chunks, marks

if TYPE_CHECKING:
    from sqlalchemy import Connection

VOTES = {"confirm": 1, "dispute": -1, "unsure": 0}
UNSAID = 2
ANSWERS = {"yes": 1, "no": -1, "unsure": 0, "": UNSAID}
FOREVER = 2**31 - 1


def project_vote(connection: Connection, seq: int, said: dict[str, Any], context: tuple[int, int]) -> None:
    """A row for each claim that the vote names and the ledger holds.

    Args:
        connection: inside the transaction.
        seq: ledger position of the vote.
        said: its payload in the newest version.
        context: number of the organisation and of the marking.
    """
    until = day_number(said["until"])
    rest = (
        context[0],
        VOTES[said["vote"]],
        bool(said.get("simulated")),
        context[1],
        ANSWERS[said["crime"]],
        ANSWERS[said["disclose"]],
        FOREVER if until is None else until,
        seq,
        bool(said.get("despite")),
    )
    names = [bytes.fromhex(name) for name in said["claims"]]
    found = ids.positions(connection, names)
    rows = [(found[name], *rest) for name in names if name in found]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO votes"
            " (claim, organisation, vote, simulated, marking, crime, disclose, until, record, despite)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def project_recall(connection: Connection, seq: int, said: dict[str, Any], context: tuple[int, int]) -> None:
    """A row for each claim that the organisation had contributed itself; others' are passed over."""
    found = sorted(ids.positions(connection, [bytes.fromhex(name) for name in said["claims"]]).values())
    for part in chunks(found):
        connection.exec_driver_sql(
            "INSERT INTO recalls (claim, marking, record) SELECT c.seq, ?, ? FROM claims c"  # noqa: S608 - integers only
            " JOIN provenances p ON p.number = c.provenance JOIN markings m ON m.number = p.marking"
            f" WHERE c.seq IN ({marks(part)}) AND m.owner = ?",
            (context[1], seq, context[0]),
        )
