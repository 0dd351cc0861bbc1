"""Entering votes and recalls into their tables, inside the append's transaction."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.store import ids
from chokepoint.store.base import day_number
from chokepoint.store.predicates import chunks, marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

VOTES = {"confirm": 1, "dispute": -1, "unsure": 0}
UNSAID = 2
ANSWERS = {"yes": 1, "no": -1, "unsure": 0, "": UNSAID}
FOREVER = 2**31 - 1


class Ballot(NamedTuple):
    """A vote that was written.

    Attributes:
        seq: its ledger position.
        said: its payload in the newest version.
        organisation: number of whose it is.
        marking: number of its marking.
    """

    seq: int
    said: dict[str, Any]
    organisation: int
    marking: int


def project_votes(
    connection: Connection, ballots: Sequence[Ballot], places: Mapping[bytes, int] = MappingProxyType({})
) -> None:
    """A row for each claim that a vote names and the ledger holds, in the order of the votes.

    Args:
        connection: inside the append's transaction.
        ballots: the votes.
        places: positions of records, as far as they were looked up in this transaction before.
    """
    named = [[bytes.fromhex(name) for name in ballot.said["claims"]] for ballot in ballots]
    missing = [name for names in named for name in names if name not in places]
    found = {**places, **ids.positions(connection, missing)} if missing else places
    rows = []
    for ballot, names in zip(ballots, named, strict=True):
        rest = columns(ballot)
        rows += [(found[name], *rest) for name in names if name in found]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO votes"
            " (claim, organisation, vote, simulated, marking, crime, disclose, until, record, despite)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def columns(ballot: Ballot) -> tuple[int, ...]:
    """The columns of each row of a vote after the claim, in their order."""
    said = ballot.said
    until = day_number(said["until"])
    return (
        ballot.organisation,
        VOTES[said["vote"]],
        bool(said.get("simulated")),
        ballot.marking,
        ANSWERS[said["crime"]],
        ANSWERS[said["disclose"]],
        FOREVER if until is None else until,
        ballot.seq,
        bool(said.get("despite")),
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
