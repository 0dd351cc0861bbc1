"""Votes and recalls, held against the log."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from chokepoint.store import ids
from chokepoint.store.agreement.tables import wrong
from chokepoint.store.columns import rows_of
from chokepoint.store.judging import Ballot, columns
from chokepoint.store.predicates import chunks, marks
from chokepoint.store.versions import newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.agreement.tables import Part, Read, Tables

_VOTES = (
    "SELECT v.record, r.id, v.organisation, v.vote, v.simulated, v.marking, v.crime, v.disclose, v.until,"
    " v.record, v.despite FROM votes v LEFT JOIN records r ON r.seq = v.claim"
    " WHERE v.record >= ? AND v.record < ?"
)
_RECALLS = (
    "SELECT x.record, r.id, x.marking FROM recalls x LEFT JOIN records r ON r.seq = x.claim"
    " WHERE x.record >= ? AND x.record < ?"
)


def _naming(
    connection: Connection, sql: str, part: Part, family: str
) -> Iterable[tuple[Read, dict[str, Any], list[Sequence[Any]], list[bytes]]]:
    """Each record of a family that names claims: what it says, its rows, and the claims that have none."""
    span, read = part
    rows: defaultdict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in list(rows_of(connection, sql, span)):
        rows[row[0]].append(row)
    for seq, one in read.items():
        if one.said.kind.rpartition("/")[0] == family:
            said, found = newest(one.said.kind, one.said.payload), rows.pop(seq, [])
            named = {bytes.fromhex(name) for name in said["claims"]}
            if not named.issuperset([row[1] for row in found]):
                raise wrong(seq, "that it names other claims")
            yield one, said, found, list(named.difference([row[1] for row in found]))
    if rows:
        raise wrong(min(rows), "what it does not")


def check_votes(connection: Connection, tables: Tables, part: Part) -> None:
    """Each vote: whose, on what, and its answers."""
    for one, said, rows, without in _naming(connection, _VOTES, part, "vote"):
        for row in rows:
            marking = row[5]
            right = columns(Ballot(one.told.seq, said, one.told.owner, marking))
            if tuple(map(int, row[2:])) != tuple(map(int, right)) or not tables.is_under(one, marking):
                raise wrong(one.told.seq, "another vote")
        if without and any(at < one.told.seq for at in ids.positions(connection, without).values()):
            raise wrong(one.told.seq, "nothing of what it names")


def check_recalls(connection: Connection, tables: Tables, part: Part) -> None:
    """Each recall: of which of the own claims."""
    for one, _, rows, without in _naming(connection, _RECALLS, part, "recall"):
        if any(not tables.is_under(one, row[2]) for row in rows):
            raise wrong(one.told.seq, "another marking")
        for seqs in chunks(sorted(ids.positions(connection, without).values())):
            own = rows_of(
                connection,
                "SELECT c.seq FROM claims c JOIN markings m ON m.number = c.marking"  # noqa: S608 - integers only
                f" WHERE c.seq IN ({marks(seqs)}) AND m.owner = ? LIMIT 1",
                (one.told.owner,),
            )
            if list(own):
                raise wrong(one.told.seq, "nothing of what it names")
