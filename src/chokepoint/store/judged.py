"""Reading what members have judged: votes with their answers, recalls, and the record that each stands in.

As in `chokepoint.store.reading`, every answer is made from what the viewer may see and from nothing else.
"""
# ruff: noqa: S608 - only integers that we made ourselves stand in SQL as text

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chokepoint.store.canonical import read_envelope
from chokepoint.store.columns import ALL, Span, integers, rows_of
from chokepoint.store.interning import Space
from chokepoint.store.predicates import chunks, marks
from chokepoint.store.subjects import opened
from chokepoint.store.versions import newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.store.canonical import Envelope
    from chokepoint.store.reading import Reader

_HEX = frozenset("0123456789abcdef")
_VOTES = (
    "SELECT v.claim, v.organisation, v.vote, v.simulated, v.crime, v.disclose, v.until, v.record, v.despite"
    " FROM votes v"
    " JOIN claims c ON c.seq = v.claim"
    " WHERE v.marking IN ({marks}) AND c.marking IN ({marks}){only} ORDER BY v.seq"
)


class Contradiction(NamedTuple):
    """Claims under `against` about a thing speak against claims that accuse it.

    Those accuse their subject (`of_subject`) or their object (`of_object`).
    """

    against: frozenset[str]
    of_subject: frozenset[str]
    of_object: frozenset[str]


class Votes(NamedTuple):
    """Visible votes on visible claims in ledger order.

    Vote, crime and disclose are 1 yes, -1 no, 0 unsure, 2 unsaid; until is the first day since 1970-01-01
    on which the vote holds no more; position that of the vote; despite whether
    it confirms in the knowledge of disputes.
    """

    claim: NDArray[np.int64]
    organisation: NDArray[np.int32]
    vote: NDArray[np.int8]
    simulated: NDArray[np.bool_]
    crime: NDArray[np.int8]
    disclose: NDArray[np.int8]
    until: NDArray[np.int32]
    position: NDArray[np.int64]
    despite: NDArray[np.bool_]


def read_votes(
    reader: Reader, connection: Connection, claims: Iterable[int] | None = None, *, span: Span = ALL
) -> Votes:
    """All visible votes cast in a span of the ledger, or those of them on the claims at some positions."""
    visible = marks(reader.visible(connection))
    newest = min(span.until, reader.until)
    cast = f" AND v.record > {int(span.after)} AND v.record <= {int(newest)}"
    parts = [cast]
    if claims is not None:
        parts = [f"{cast} AND v.claim IN ({marks(part)})" for part in chunks(sorted(set(claims)))]
    read = [integers(connection, _VOTES.format(marks=visible, only=only), width=9) for only in parts]
    columns = np.concatenate([np.zeros((9, 0), np.int64), *read], axis=1)
    columns = columns[:, np.argsort(columns[7], kind="stable")]
    return Votes(
        claim=columns[0],
        organisation=columns[1].astype(np.int32),
        vote=columns[2].astype(np.int8),
        simulated=columns[3].astype(np.bool_),
        crime=columns[4].astype(np.int8),
        disclose=columns[5].astype(np.int8),
        until=columns[6].astype(np.int32),
        position=columns[7],
        despite=columns[8].astype(np.bool_),
    )


def recalled(reader: Reader, connection: Connection) -> NDArray[np.int64]:
    """Ascending positions of the visible claims whose contributors withdrew them."""
    visible = marks(reader.visible(connection))
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT claim FROM recalls WHERE marking IN ({visible}) AND record <= {int(reader.until)}"
        " ORDER BY claim"
    )
    return np.array([row[0] for row in rows], np.int64)


def bodies(connection: Connection, seqs: Iterable[int]) -> Iterator[tuple[int, Envelope, dict[str, Any]]]:
    """Position, envelope and newest payload of records that the caller has found visible, in ledger order."""
    for part in chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            f"SELECT seq, salt, body FROM records WHERE seq IN ({marks(part)}) ORDER BY seq"
        ).all()
        for row, body in zip(rows, opened(connection, [(row.salt, row.body) for row in rows]), strict=True):
            if body is not None:
                envelope = read_envelope(body)
                yield int(row.seq), envelope, newest(envelope.kind, envelope.payload)


def mates(reader: Reader, connection: Connection, seqs: Iterable[int], *, by: str = "") -> list[int]:
    """Positions of all visible claims about the same subject under the same property as any of these.

    Among them are all claims of the statements that the given ones are evidence for.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        seqs: positions of claims.
        by: an organisation, where only its claims are asked for.
    """
    visible = marks(reader.visible(connection))
    theirs = (
        ""
        if not by
        else (
            " AND d.marking IN (SELECT m.number FROM markings m JOIN organisations o ON o.number = m.owner"
            " WHERE o.name = ?)"
        )
    )
    found: set[int] = set()
    for part in chunks(sorted(set(seqs))):
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT d.seq FROM claims c CROSS JOIN claims d"  # SQLite keeps to this order
            f" WHERE c.seq IN ({marks(part)}) AND d.subject = c.subject AND d.property = c.property"
            " AND (d.object = c.object OR (d.object IS NULL AND c.object IS NULL))"
            f" AND d.marking IN ({visible}){theirs}",
            (by,) if by else (),
        )
        found.update(int(row[0]) for row in rows)
    return sorted(found)


def contradicted(
    reader: Reader,
    connection: Connection,
    rules: Contradiction,
    claims: Iterable[int] | None = None,
    *,
    span: Span = ALL,
) -> dict[int, int]:
    """Visible claims against which a visible claim speaks: position → position of the newest such claim.

    One that its contributor withdrew, as far as the viewer knows, speaks against nothing any more.

    Args:
        reader: of the viewer.
        connection: of the same reading.
        rules: which properties speak against which.
        claims: positions asked about; None for all.
        span: the ledger positions of claims that speak against others.
    """
    names = {name: number for number, name in reader.names(connection, Space.PROPERTY).items()}
    against, *groups = (
        marks([names[name] for name in sorted(group) if name in names])
        for group in (rules.against, rules.of_subject, rules.of_object)
    )
    asked = None if claims is None else sorted(set(claims))
    visible = marks(reader.visible(connection))
    word = _standing(visible, min(span.until, reader.until), span.after)
    words = _words_for(connection, f"property IN ({against}) AND {word}") if asked is None else {}
    found: dict[int, int] = {}
    for end, group in zip(("subject", "object"), groups, strict=True):
        accusing = (
            f"SELECT c.seq, c.{end} FROM claims c WHERE c.property IN ({group})"
            f" AND c.marking IN ({visible}) AND c."
        )
        if asked is None:
            pairs = _pairs(connection, f"{accusing}{end}", sorted(words))
        else:
            pairs = _pairs(connection, f"{accusing}seq", asked)
            words = {}
            for part in chunks(sorted({thing for _, thing in pairs})):
                about = f"subject IN ({marks(part)}) AND +l.property IN ({against})"
                words |= _words_for(connection, f"{about} AND {word}")
        found.update((seq, words[thing]) for seq, thing in pairs if thing in words)
    return found


def _standing(visible: str, until: int, after: int) -> str:
    """In SQL: of a claim `l` that came in a span of the ledger and was not withdrawn by its end."""
    since = f" AND l.seq > {int(after)}" if after else ""
    return (
        f"l.marking IN ({visible}) AND l.seq <= {int(until)}{since} AND NOT EXISTS (SELECT 1 FROM recalls r"
        f" WHERE r.claim = l.seq AND r.marking IN ({visible}) AND r.record <= {int(until)})"
    )


def _words_for(connection: Connection, which: str) -> dict[int, int]:
    """Position of the newest claim about each subject among some claims."""
    rows = rows_of(
        connection,
        f"SELECT l.subject, l.seq FROM claims l WHERE l.{which} ORDER BY l.seq",
    )
    return {int(subject): int(seq) for subject, seq in rows}


def _pairs(connection: Connection, sql: str, wanted: Sequence[int]) -> list[tuple[int, int]]:
    """Rows of two numbers of a query that ends with a column, where that is one of those wanted."""
    return [
        (int(seq), int(thing))
        for part in chunks(wanted)
        for seq, thing in rows_of(connection, f"{sql} IN ({marks(part)})")
        if thing is not None  # a record whose link leads to a text speaks of nothing
    ]


def in_capture(reader: Reader, connection: Connection, beginning: str) -> list[int]:
    """Positions of visible claims that point into captures whose hash begins so, with 6 to 64 digits."""
    if not 6 <= len(beginning) <= 64 or not _HEX.issuperset(beginning):
        return []
    visible = marks(reader.visible(connection))
    rows = connection.exec_driver_sql(
        "SELECT c.seq FROM captures k JOIN provenances p ON p.capture = k.seq"
        " JOIN claims c ON c.provenance = p.number"
        f" WHERE k.sha256 >= ? AND k.sha256 < ? AND p.marking IN ({visible}) ORDER BY c.seq",
        (beginning, beginning + "g"),
    )
    return [int(row[0]) for row in rows]
