"""The small tables, read once, and a record as the log has it and as they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from chokepoint.model.errors import LedgerError
from chokepoint.store.base import CLAIM, REMARKING, fingerprint_key
from chokepoint.store.canonical import encode, read_envelope
from chokepoint.store.columns import rows_of
from chokepoint.store.interning import Space
from chokepoint.store.predicates import marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from chokepoint.store.canonical import Envelope

MEND = "restore the atlas from a backup"


class Told(NamedTuple):
    """A record as the log has it.

    Attributes:
        seq: its position. name: its id.
        kind: number of its kind. owner: number of whose it is.
        salt: and body: its bytes, empty where it was erased.
        said: what the bytes say, unsealed by whoever holds it against the tables; None where it was erased.
    """

    seq: int
    name: bytes
    kind: int
    owner: int
    salt: bytes
    body: bytes
    said: Envelope | None


class Read(NamedTuple):
    """A record that was not erased, unsealed."""

    told: Told
    said: Envelope


class _Source(NamedTuple):
    capture: str
    owner: int
    origin: str
    grades: tuple[int, int]
    marking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is small among the tables, read once.

    Attributes:
        kinds: of things, by number; properties and origins likewise.
        markings: number → whose it is, and its form.
        sources: of claims, by number.
        remarked: ids of records that their originator marked anew.
        secret: of the atlas.
        keys: of fingerprints, by organisation.
    """

    kinds: Mapping[int, str]
    properties: Mapping[int, str]
    markings: Mapping[int, tuple[int, str]]
    sources: Mapping[int, _Source]
    remarked: frozenset[str]
    secret: bytes
    keys: dict[str, bytes] = field(default_factory=dict)

    def entity(self, kind: int | None, value: str | None) -> tuple[str, str]:
        """An entity by the number of its kind; of none, nothing that one could be."""
        return self.kinds.get(kind or 0, ""), value or ""

    def is_under(self, record: Read, marking: int) -> bool:
        """Whether a record lies under the marking that it was made with, or was given another since."""
        owner, form = self.markings.get(marking, (0, ""))
        told, said = record
        return owner == told.owner and (form == _form(said.marking) or told.name.hex() in self.remarked)

    def key(self, organisation: str) -> bytes:
        """With which the fingerprints of an organisation's claims are made."""
        if organisation not in self.keys:
            self.keys[organisation] = fingerprint_key(self.secret, organisation, CLAIM)
        return self.keys[organisation]


def read_tables(connection: Connection) -> Tables:
    """The small tables, in one reading."""
    names: dict[int, dict[int, str]] = {space: {} for space in Space}
    for space, number, name in list(rows_of(connection, "SELECT space, number, name FROM names")):
        names.setdefault(space, {})[number] = name
    sources = rows_of(
        connection,
        "SELECT p.number, k.sha256, k.owner, p.origin, p.reliability, p.credibility, p.marking"
        " FROM provenances p LEFT JOIN captures k ON k.seq = p.capture",
    )
    kinds = [number for number, name in names[Space.RECORD].items() if name == REMARKING]
    bodies = rows_of(
        connection,
        "SELECT r.body FROM others o JOIN records r ON r.seq = o.seq"  # noqa: S608 - integers only
        f" WHERE o.kind IN ({marks(kinds or [0])}) AND length(r.body) > 0",
    )
    envelopes = [read_envelope(body) for (body,) in list(bodies)]  # of whatever the row says they are
    said = [msgspec.json.decode(one.payload)["records"] for one in envelopes if one.kind == REMARKING]
    markings = rows_of(connection, "SELECT number, owner, form FROM markings")
    secret = list(rows_of(connection, "SELECT value FROM facts WHERE name = 'secret'"))
    return Tables(
        kinds=names[Space.KIND],
        properties=names[Space.PROPERTY],
        markings={int(number): (int(owner), str(form)) for number, owner, form in markings},
        sources={
            number: _Source(
                sha256, owner, names[Space.ORIGIN].get(origin, ""), (reliability, credibility), marking
            )
            for number, sha256, owner, origin, reliability, credibility, marking in sources
        },
        remarked=frozenset(name for records in said for name in records),
        secret=bytes.fromhex(secret[0][0]) if secret else b"",
    )


@lru_cache(maxsize=1024)
def _form(marking: tuple[Any, ...]) -> str:
    return encode(marking).decode()


def wrong(seq: int, what: str) -> LedgerError:
    """The error that says so."""
    return LedgerError(f"the tables beside the log say {what}", place=f"record {seq}", mend=MEND)


Part = tuple[tuple[int, int], dict[int, Read]]


def one_each(
    connection: Connection, sql: str, part: Part, wanted: Callable[[str], bool]
) -> Iterable[tuple[Read, Sequence[Any]]]:
    """Each record of some kinds with its row; every one has a row, and no other record has."""
    span, read = part
    due = {seq for seq, one in read.items() if wanted(one.said.kind)}
    for row in list(rows_of(connection, sql, span)):
        if row[0] not in due:
            raise wrong(row[0], "what it does not, or say it twice")
        due.discard(row[0])
        yield read[row[0]], row
    if due:
        raise wrong(min(due), "nothing of it")
