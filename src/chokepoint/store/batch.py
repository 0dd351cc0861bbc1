"""Records being appended in one transaction: each organisation's are a batch under its signature."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.marking import kept_by
from chokepoint.proof import merkle
from chokepoint.proof.sealing import SEALED, SubjectKey, seal
from chokepoint.proof.signature import batch_message
from chokepoint.store import ids
from chokepoint.store.base import CLAIM
from chokepoint.store.canonical import SALT_BYTES, frame, frame_end, record_id, record_ids
from chokepoint.store.circles import seen_until
from chokepoint.store.interning import Space
from chokepoint.store.judging import project_votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.store.base import RecordRow
    from chokepoint.store.interning import Interner
    from chokepoint.store.judging import Ballot
    from chokepoint.store.keys import KeyRing
    from chokepoint.store.tree import Growth

GENESIS = bytes(32)
Subjects = tuple[SubjectKey, ...]


class Written(NamedTuple):
    """A record of another kind that was written to a batch: where, what, and its marking's number."""

    seq: int
    kind: str
    payload: bytes
    marking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """In whose name and when something is appended.

    Attributes:
        organisation: a member whose key this machine holds.
        at: UTC, ISO 8601 with `Z`.
        user: within the organisation, or empty.
    """

    organisation: str
    at: str
    user: str = ""


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What one transaction writes, put into the tables at once, whoever's it is; each statement costs.

    Attributes:
        connection: inside the transaction.
        interner: of the same transaction.
        growth: the edge of the tree over all records, of the same transaction.
        roots: of the newest batch of each organisation, as far as the appender remembers them.
        touched: for each marking under which something of the map changed, a position at or after it.
        places: positions of records that votes name, as far as they were looked up.
        leaves: hashes of what is not in the tree yet.
        records: rows of theirs that are not in their table yet; so `others`, `batches`, `ballots`.
    """

    connection: Connection
    interner: Interner
    growth: Growth
    roots: dict[int, bytes] = field(default_factory=dict)
    touched: dict[int, int] = field(default_factory=dict)
    places: dict[bytes, int] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    records: list[tuple[int, bytes, int, bytes, bytes]] = field(default_factory=list)
    others: list[tuple[int, int, int]] = field(default_factory=list)
    batches: list[tuple[int, int, int, bytes, bytes, bytes]] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)

    @property
    def next(self) -> int:
        """Position of the next batch's first record, when all batches so far are sealed."""
        return self.growth.size + len(self.leaves) + 1

    def flush(self) -> None:
        """Put the records so far into their tables."""
        if self.records:
            self.connection.exec_driver_sql("INSERT INTO records VALUES (?, ?, ?, ?, ?)", self.records)
            ids.enter(self.connection, self.records[0][0], len(self.records))
        if self.others:
            self.connection.exec_driver_sql(
                "INSERT INTO others (kind, seq, marking) VALUES (?, ?, ?)", self.others
            )
        if self.ballots:
            project_votes(self.connection, self.ballots, self.places)
        self.records, self.others, self.ballots = [], [], []

    def close(self) -> None:
        """Put everything into the tables; all batches are sealed by then."""
        self.flush()
        self.growth.extend(self.connection, self.leaves)
        if self.touched:
            seen_until(self.connection, self.touched)
        if self.batches:
            self.connection.exec_driver_sql(
                # Not by a sequence, in which PostgreSQL leaves a gap where a transaction failed.
                "INSERT INTO batches (number, organisation, first, count, root, previous, signature)"
                " SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ? FROM batches",
                self.batches,
            )


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one organisation appends at once; nothing of it counts before it is sealed and committed.

    Attributes:
        sheet: of the transaction.
        atlas: id of the atlas.
        speaker: who speaks; another person of the same organisation may go on.
        owner: number of the speaker's organisation.
        first: position of the first record.
        joined: public key with which the organisation joined.
        leaves: ids of the records so far, in order.
    """

    sheet: Sheet
    atlas: str
    speaker: Speaker
    owner: int
    first: int
    joined: bytes
    leaves: list[bytes] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """Inside the transaction."""
        return self.sheet.connection

    @property
    def interner(self) -> Interner:
        """Of the same transaction."""
        return self.sheet.interner

    @property
    def next(self) -> int:
        """Position of the next record."""
        return self.first + len(self.leaves)

    def marking(self, marking: Marking) -> int:
        """The number of a marking as the speaker's organisation records it."""
        return self.sheet.interner.marking(self.owner, kept_by(marking, self.speaker.organisation))

    def add(self, row: RecordRow, subjects: Subjects = ()) -> Written:
        """Write one record, sealed under the keys of the personal entities that it is about."""
        kind, payload, marking = row
        speaker, seq, salt = self.speaker, self.next, os.urandom(SALT_BYTES)
        named = SEALED + kind if subjects else kind
        begin = _begin((self.atlas, speaker.organisation, speaker.user), named, marking)
        said = seal(payload, subjects, salt, kind=kind) if subjects else payload
        body = begin + said + frame_end(speaker.at)
        name, number = record_id(salt, body), self.interner.name(Space.RECORD, named)
        written = Written(seq, kind, payload, self.marking(marking))
        self.sheet.records.append((seq, name, number, salt, body))
        self.sheet.others.append((number, seq, written.marking))
        self.leaves.append(name)
        return written

    def write(self, kind: str, parts: Sequence[tuple[Marking, bytes, Subjects]]) -> int:
        """Write many records of a kind; returns the position of the first.

        Args:
            kind: of all of them.
            parts: of each the marking, the payload, and the keys of the personal entities that it is about,
                under which it is sealed.
        """
        first, sealed = self.next, SEALED + kind
        plain_number = sealed_number = self.interner.name(Space.RECORD, kind)
        if any(part[2] for part in parts):
            sealed_number = self.interner.name(Space.RECORD, sealed)
        speaker, end = self.speaker, frame_end(self.speaker.at)
        begins: dict[tuple[int, bool], bytes] = {}
        random = os.urandom(SALT_BYTES * len(parts))
        salts = [random[at : at + SALT_BYTES] for at in range(0, len(random), SALT_BYTES)]
        bodies, numbers = [], []
        for salt, (marking, payload, subjects) in zip(salts, parts, strict=True):
            personal = bool(subjects)
            begin = begins.get((id(marking), personal))
            if begin is None:
                named = sealed if personal else kind
                begin = _begin((self.atlas, speaker.organisation, speaker.user), named, marking)
                begins[id(marking), personal] = begin
            bodies.append(begin + (seal(payload, subjects, salt, kind=kind) if personal else payload) + end)
            numbers.append(sealed_number if personal else plain_number)
        names = record_ids(salts, bodies)
        rows = list(zip(count(first), names, numbers, salts, bodies))
        self.sheet.records.extend(rows)
        if kind != CLAIM:
            shown = [self.marking(part[0]) for part in parts]
            self.sheet.others.extend([(row[2], row[0], one) for row, one in zip(rows, shown, strict=True)])
        self.leaves.extend(names)
        return first

    def seal(self, keys: KeyRing) -> None:
        """Sign what was written, chained to the organisation's previous batch; of nothing, do nothing.

        Raises:
            LedgerError: the organisation's key is not on this machine, or it is another.
        """
        if not self.leaves:
            return
        sheet, name = self.sheet, self.speaker.organisation
        previous = sheet.roots.get(self.owner) or self._previous()
        hashes = merkle.leaf_hashes(self.leaves)
        sheet.leaves += hashes
        root = merkle.head(hashes)
        signature = keys.sign(name, batch_message(self.atlas, name, (root, previous)), joined=self.joined)
        sheet.batches.append((self.owner, self.first, len(self.leaves), root, previous, signature))
        sheet.roots[self.owner] = root

    def _previous(self) -> bytes:
        found = self.connection.exec_driver_sql(
            "SELECT root FROM batches WHERE organisation = ? ORDER BY number DESC LIMIT 1", (self.owner,)
        ).scalar()
        return found or GENESIS


@lru_cache(maxsize=1024)
def _begin(whose: tuple[str, str, str], kind: str, marking: Marking) -> bytes:
    """An envelope's bytes before its payload: of an atlas, an organisation and a person of it."""
    atlas, organisation, user = whose
    return frame(
        {
            "atlas": atlas,
            "author": user,
            "kind": kind,
            "marking": kept_by(marking, organisation).to_form(),
            "organisation": organisation,
            "recorded_at": "",
        }
    )[0]
