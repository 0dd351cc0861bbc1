"""Records that are no claims as who reads them wants them: who said what, when, in the newest shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from chokepoint.store.canonical import read_envelope
from chokepoint.store.versions import newest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.store.reading import Reader


class Record(NamedTuple):
    """What an organisation said.

    Attributes:
        seq: position in the ledger.
        id: of the record, hexadecimal.
        organisation: that said it.
        author: the user of it who did, or empty.
        at: when it was recorded, RFC 3339 in UTC.
        said: the payload, in the shape of its family's newest version.
    """

    seq: int
    id: str
    organisation: str
    author: str
    at: str
    said: dict[str, Any]

    @property
    def person(self) -> str:
        """Who said it: `ORGANISATION/USER`, or the organisation where no user is named."""
        return "/".join(filter(None, (self.organisation, self.author)))


def positions_of(connection: Connection, kind: str) -> list[int]:
    """Ledger positions of all records of a kind that is no claim, ascending, whoever may see them."""
    rows = connection.execute(
        text(
            "SELECT o.seq FROM others o JOIN names n ON n.number = o.kind WHERE n.name = :kind ORDER BY o.seq"
        ),
        {"kind": kind},
    )
    return [int(row[0]) for row in rows]


def read_records(reader: Reader, connection: Connection, *kinds: str) -> Iterator[Record]:
    """The records of these kinds that the reader's viewer may see, kind by kind, each in ledger order.

    Raises:
        LedgerError: a record of a version newer than this code, or one that cannot be read.
    """
    for kind in kinds:
        for seq, name, body in reader.records(connection, kind):
            envelope = read_envelope(body)
            said = newest(envelope.kind, envelope.payload)
            yield Record(seq, name, envelope.organisation, envelope.author, envelope.recorded_at, said)


def read_marked(reader: Reader, connection: Connection, kind: str) -> list[tuple[Record, Marking]]:
    """As `read_records`, each with the marking that it has today.

    Raises:
        LedgerError: a record of a version newer than this code, or one that cannot be read.
    """
    found = list(read_records(reader, connection, kind))
    markings = reader.markings_at(connection, (record.seq for record in found))
    return [(record, markings[record.seq]) for record in found]
