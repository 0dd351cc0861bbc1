"""Records being appended in one transaction under one signature."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chokepoint.model.marking import kept_by
from chokepoint.proof import merkle
from chokepoint.proof.sealing import SEALED, SubjectKey, seal
from chokepoint.proof.signature import batch_message
from chokepoint.store import ids
from chokepoint.store.base import CLAIM
from chokepoint.store.canonical import SALT_BYTES, frame, record_id
from chokepoint.store.circles import seen_until
from chokepoint.store.projection import Space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from chokepoint.model.marking import Marking
    from chokepoint.store.keys import KeyRing
    from chokepoint.store.projection import Interner
    from chokepoint.store.tree import Growth

GENESIS = bytes(32)
Subjects = tuple[SubjectKey, ...]


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
class Batch:
    """What one organisation appends at once; nothing of it counts before it is sealed and committed.

    Attributes:
        connection: inside the transaction.
        interner: of the same transaction.
        growth: the edge of the tree over all records, of the same transaction.
        atlas: id of the atlas.
        speaker: who speaks; another person of the same organisation may go on.
        owner: number of the speaker's organisation.
        first: position of the first record.
        roots: of the newest batch of each organisation, as far as the appender remembers them.
        leaves: ids of the records so far, in order.
        touched: for each marking under which something of the map changed, a position at or after it.
    """

    connection: Connection
    interner: Interner
    growth: Growth
    atlas: str
    speaker: Speaker
    owner: int
    first: int
    roots: dict[int, bytes] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    touched: dict[int, int] = field(default_factory=dict)
    _rows: list[tuple[int, bytes, int, bytes, bytes]] = field(default_factory=list)
    _others: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def next(self) -> int:
        """Position of the next record."""
        return self.first + len(self.leaves)

    def kept(self, marking: Marking) -> Marking:
        """The marking as the speaker's organisation records it."""
        return kept_by(marking, self.speaker.organisation)

    def write(self, kind: str, parts: Sequence[tuple[Marking, bytes, Subjects]]) -> int:
        """Write records of a kind; returns the position of the first.

        Args:
            kind: of all of them.
            parts: of each the marking, the payload, and the keys of the personal entities that it is about,
                under which it is sealed.
        """
        first, sealed = self.next, SEALED + kind
        plain_number = sealed_number = self.interner.name(Space.RECORD, kind)
        if any(part[2] for part in parts):
            sealed_number = self.interner.name(Space.RECORD, sealed)
        frames: dict[tuple[int, bool], tuple[bytes, bytes]] = {}
        salts = os.urandom(SALT_BYTES * len(parts))
        rows, at = [], 0
        for seq, (marking, payload, subjects) in enumerate(parts, first):
            salt = salts[at : at + SALT_BYTES]
            at += SALT_BYTES
            personal = bool(subjects)
            framed = frames.get((id(marking), personal))
            if framed is None:
                named = sealed if personal else kind
                framed = frames[id(marking), personal] = self._frame(named, marking)
            said = seal(payload, subjects, salt, kind=kind) if personal else payload
            body = framed[0] + said + framed[1]
            number = sealed_number if personal else plain_number
            rows.append((seq, record_id(salt, body), number, salt, body))
        self._rows.extend(rows)
        if kind != CLAIM:
            shown = [self.interner.marking(self.owner, self.kept(marking)) for marking, *_ in parts]
            self._others.extend([(row[2], row[0], one) for row, one in zip(rows, shown, strict=True)])
        self.leaves.extend([row[1] for row in rows])
        return first

    def flush(self) -> None:
        """Put what was written into the tables."""
        if self._rows:
            self.connection.exec_driver_sql("INSERT INTO records VALUES (?, ?, ?, ?, ?)", self._rows)
        if self._others:
            self.connection.exec_driver_sql(
                "INSERT INTO others (kind, seq, marking) VALUES (?, ?, ?)", self._others
            )
        self._rows, self._others = [], []

    def _frame(self, kind: str, marking: Marking) -> tuple[bytes, bytes]:
        return frame(
            {
                "atlas": self.atlas,
                "author": self.speaker.user,
                "kind": kind,
                "marking": self.kept(marking).to_form(),
                "organisation": self.speaker.organisation,
                "recorded_at": self.speaker.at,
            }
        )

    def seal(self, keys: KeyRing) -> None:
        """Sign what was written, chained to the organisation's previous batch; of nothing, do nothing.

        Raises:
            LedgerError: the organisation's key is not on this machine.
        """
        if not self.leaves:
            return
        self.flush()
        ids.enter(self.connection, self.first, len(self.leaves))
        if self.touched:
            seen_until(self.connection, self.touched)
        previous = self.roots.get(self.owner) or self._previous()
        hashes = merkle.leaf_hashes(self.leaves)
        self.growth.extend(self.connection, hashes)
        root = merkle.head(hashes)
        signature = keys.sign(
            self.speaker.organisation,
            batch_message(self.atlas, self.speaker.organisation, (root, previous)),
        )
        self.connection.exec_driver_sql(
            # Not by a sequence, in which PostgreSQL leaves a gap where a transaction failed.
            "INSERT INTO batches (number, organisation, first, count, root, previous, signature)"
            " SELECT coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ? FROM batches",
            (self.owner, self.first, len(self.leaves), root, previous, signature),
        )
        self.roots[self.owner] = root

    def _previous(self) -> bytes:
        found = self.connection.exec_driver_sql(
            "SELECT root FROM batches WHERE organisation = ? ORDER BY number DESC LIMIT 1", (self.owner,)
        ).scalar()
        return found or GENESIS
