"""Claims that say the same as some that are at hand, for things of which too much is known to read it all.

The belief in a statement rests on all its claims. Where only the newest claims of an entity are read,
the others of the same statements are found here without reading what else is said of the entity.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from chokepoint.store.canonical import read_envelope
from chokepoint.store.predicates import chunks, marks
from chokepoint.store.projection import Space
from chokepoint.store.subjects import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.reading import Reader

CHOSEN = "k.seq, p.origin, p.reliability, p.credibility, o.name"
JOINED = (
    " JOIN provenances p ON p.number = k.provenance JOIN markings m ON m.number = p.marking"
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


class _Text(msgspec.Struct):
    object: str


_texts = msgspec.json.Decoder(_Text)


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
                f" WHERE k.seq < ? AND p.marking IN ({visible})",
                (eid, eid, min(seqs)),
            )
            for twin, seq, origin, *graded in rows.all():
                found[seq] = Sibling(seq, twin, origins[origin], *graded)
    found |= {one.seq: one for one in _texts_of(reader, connection, eid, seqs)}
    return [found[seq] for seq in sorted(found)]


def _texts_of(reader: Reader, connection: Connection, eid: int, seqs: Sequence[int]) -> Iterator[Sibling]:
    """Siblings of those claims that give the entity a text."""
    origins = reader.names(connection, Space.ORIGIN)
    twins: dict[tuple[int, str], int] = {}
    for part in chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            "SELECT k.seq, k.property, r.salt, r.body FROM claims k JOIN records r ON r.seq = k.seq"
            f" WHERE k.seq IN ({marks(part)}) AND k.subject = ? AND +k.object IS NULL",
            (eid,),
        ).all()
        for row, said in zip(rows, _said(connection, rows), strict=True):
            twins[row.property, said] = row.seq
    if not twins:
        return
    rows = connection.exec_driver_sql(
        f"SELECT k.property, r.salt, r.body, {CHOSEN} FROM claims k JOIN records r ON r.seq = k.seq {JOINED}"
        f" WHERE k.subject = ? AND +k.object IS NULL AND k.seq < ?"
        f" AND k.property IN ({marks(sorted({name for name, _ in twins}))})"
        f" AND p.marking IN ({marks(reader.visible(connection))}) ORDER BY k.seq",
        (eid, min(seqs)),
    ).all()
    for row, said in zip(rows, _said(connection, rows), strict=True):
        name, _, _, seq, origin, *graded = row
        twin = twins.get((name, said))
        if twin is not None:
            yield Sibling(seq, twin, origins[origin], *graded)


def _said(connection: Connection, rows: Sequence[Any]) -> list[str]:
    """What each claim gives as its text; nothing where it was erased."""
    bodies = opened(connection, [(row.salt, row.body) for row in rows])
    return ["" if body is None else _texts.decode(read_envelope(body).payload).object for body in bodies]
