"""Claims that say the same as some that are at hand, for things of which too much is known to read it all.

The belief in a statement rests on all its claims. Where only the newest claims of an entity are read,
the others of the same statements are found here without reading what else is said of the entity.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chokepoint.store.columns import rows_of
from chokepoint.store.interning import Space
from chokepoint.store.predicates import chunks, marks
from chokepoint.store.subjects import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.reading import Reader

CHOSEN = "k.seq, p.origin, p.reliability, p.credibility, o.name"
JOINED = (
    " JOIN provenances p ON p.number = k.provenance JOIN markings m ON m.number = k.marking"
    " JOIN organisations o ON o.number = m.owner"
)


class Sibling(NamedTuple):
    """A visible claim beside those at hand.

    Attributes:
        seq: its ledger position.
        twin: position of a claim at hand that says the same.
        origin: root publisher.
        reliability: 0 to 5 for A to F. credibility: 1 to 6.
        contributor: the organisation.
    """

    seq: int
    twin: int
    origin: str
    reliability: int
    credibility: int
    contributor: str


class _Text(msgspec.Struct, gc=False):
    object: str


class _Record(msgspec.Struct, gc=False):
    payload: _Text


_records = msgspec.json.Decoder(_Record)


def siblings(reader: Reader, connection: Connection, eid: int, seqs: Sequence[int]) -> list[Sibling]:
    """Older claims that say the same as one of these, ascending.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        eid: number of an entity that all of the claims name.
        seqs: positions of its newest visible claims.
    """
    origins = reader.names(connection, Space.ORIGIN)
    visible = marks(reader.visible(connection))
    found: dict[int, Sibling] = {}
    for part in chunks(sorted(set(seqs))):
        for end, other in (("subject", "object"), ("object", "subject")):
            rows = connection.exec_driver_sql(
                # Plus: by the index of the other end, which fewer claims name.
                f"SELECT t.twin, {CHOSEN} FROM"
                f" (SELECT property, {other} AS other, max(seq) AS twin FROM claims"
                f" WHERE seq IN ({marks(part)}) AND +{end} = ? AND {other} IS NOT NULL GROUP BY 1, 2) t"
                f" JOIN claims k ON k.{other} = t.other AND k.property = t.property AND +k.{end} = ? {JOINED}"
                f" WHERE k.seq < ? AND k.marking IN ({visible})",
                (eid, eid, min(seqs)),
            )
            for twin, seq, origin, *graded in rows.all():
                found[seq] = Sibling(seq, twin, origins[origin], *graded)
    found |= {one.seq: one for one in _texts_of(reader, connection, eid, seqs)}
    return [found[seq] for seq in sorted(found)]


def _texts_of(reader: Reader, connection: Connection, eid: int, seqs: Sequence[int]) -> Iterator[Sibling]:
    """Siblings of those claims that give the entity a text."""
    twins: dict[tuple[int, str], int] = {}
    for part in chunks(sorted(set(seqs))):
        source = f"claims k WHERE k.seq IN ({marks(part)})"
        twins.update({said: seq for seq, said in _texts(connection, source, eid)})
    if not twins:
        return
    source = (
        f"claims k WHERE k.seq < {int(min(seqs))}"
        f" AND k.property IN ({marks(sorted({name for name, _ in twins}))})"
        f" AND k.marking IN ({marks(reader.visible(connection))})"
    )
    found = {seq: twins[said] for seq, said in _texts(connection, source, eid) if said in twins}
    origins = reader.names(connection, Space.ORIGIN)
    for part in chunks(sorted(found)):
        rows = rows_of(connection, f"SELECT {CHOSEN} FROM claims k{JOINED} WHERE k.seq IN ({marks(part)})")
        for seq, origin, *graded in rows:
            yield Sibling(seq, found[seq], origins[origin], *graded)


def _texts(connection: Connection, source: str, eid: int) -> Iterator[tuple[int, tuple[int, str]]]:
    """Position of each claim of a source that gives the entity a text, in ledger order, with what it says.

    That is its property and text; what was erased says nothing.
    """
    rows = list(
        rows_of(
            connection,
            "SELECT c.seq, c.property, r.salt, r.body FROM"
            f" (SELECT k.seq, k.property FROM {source} AND k.subject = ? AND +k.object IS NULL) c"
            " JOIN records r ON r.seq = c.seq ORDER BY c.seq",
            (eid,),
        )
    )
    bodies = opened(connection, [(salt, body) for _, _, salt, body in rows])
    for (seq, name, _, _), body in zip(rows, bodies, strict=True):
        yield seq, (name, "" if body is None else _records.decode(body).payload.object)
