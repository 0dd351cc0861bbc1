"""Circles, roles and who has left, made anew from the log and held against the tables.

They are few records, each of which changes what the earlier ones made, so that no row can be held against one
record alone: all are played again, in order, into tables of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import BindParameter, bindparam, create_engine, text

from chokepoint.model.errors import LedgerError
from chokepoint.store import people, schema
from chokepoint.store.agreement.tables import MEND
from chokepoint.store.base import CIRCLE
from chokepoint.store.canonical import read_envelope
from chokepoint.store.circles import Speaking, project_circle
from chokepoint.store.columns import rows_of
from chokepoint.store.ids import positions
from chokepoint.store.predicates import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

KINDS = sorted(people.KINDS | {CIRCLE})
LATER = (people.WITHHELD, people.ERASED, people.LIFTED)
"""Scopes in which an erasure puts a digest in the place of a name."""
_kinds: BindParameter[list[str]] = bindparam("kinds", KINDS, expanding=True)
_records = text(
    "SELECT r.seq, r.body FROM others o JOIN names n ON n.number = o.kind JOIN records r ON r.seq = o.seq"
    " WHERE n.name IN :kinds ORDER BY r.seq"
).bindparams(_kinds)
_erased = text(
    "SELECT count(*) FROM records r JOIN names n ON n.number = r.kind"
    " WHERE r.seq IN :seqs AND n.name IN :kinds"
).bindparams(_kinds, bindparam("seqs", expanding=True))
_TABLES = ("SELECT scope, owner FROM circles", "SELECT scope, member FROM memberships")


def check_circles(connection: Connection, erased: Iterable[bytes]) -> None:
    """Hold who is in which circle, who has which role and who has left against what was recorded.

    Args:
        connection: in which the tables were held against all other records.
        erased: ids of erased records; where one of them was such a record, what it had changed stays, and
            nothing is said.

    Raises:
        LedgerError: a circle in which the tables have others than the log.
    """
    for seqs in chunks(sorted(positions(connection, erased).values())):
        if connection.execute(_erased, {"seqs": list(seqs)}).scalar_one():
            return
    records = connection.execute(_records).all()
    members = list(rows_of(connection, "SELECT number, name, public_key FROM organisations"))
    engine = create_engine("sqlite://")
    with engine.begin() as again:
        schema.metadata.create_all(again)
        if members:
            again.exec_driver_sql(
                "INSERT INTO organisations (number, name, public_key) VALUES (?, ?, ?)",
                [tuple(row) for row in members],
            )
        numbers = {name: number for number, name, _ in members}
        for seq, body in records:
            _play(again, numbers, int(seq), bytes(body))
        for sql in _TABLES:
            right, found = ({(a, b) for a, b in rows_of(one, sql)} for one in (again, connection))
            wrong = sorted({scope for scope, _ in right ^ found if scope not in LATER})
            if wrong:
                raise LedgerError(
                    "the tables let in others than the log says", place=f"circle {wrong[0]}", mend=MEND
                )
    engine.dispose()


def _play(again: Connection, numbers: dict[str, int], seq: int, body: bytes) -> None:
    said = read_envelope(body)
    by = Speaking(seq, numbers[said.organisation], said.organisation, said.author)
    if said.kind == CIRCLE:
        project_circle(again, msgspec.json.decode(said.payload), by)
    else:
        people.project_people(again, said.kind, msgspec.json.decode(said.payload), by)
