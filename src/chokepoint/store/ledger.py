"""The ledger: one append-only sequence of records, each batch signed by the organisation that speaks.

An append is one transaction: records, projections and the signed batch root are all there or none is.
What `append` has returned survives a kill and a power cut (SQLite WAL with synchronous=FULL).
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from chokepoint.model.errors import LedgerError
from chokepoint.model.marking import CLEAR, Marking
from chokepoint.store import merkle
from chokepoint.store.base import CAPTURE, CLAIM, ORGANISATION, Appended, ClaimRow, RecordRow, marking_form
from chokepoint.store.canonical import SALT_BYTES, canonical, frame, record_id
from chokepoint.store.projection import Interner, Space, project_claims, project_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from chokepoint.model.source import Capture
    from chokepoint.store.keys import KeyRing

GENESIS = bytes(32)
OPEN_CAPTURES = 4096


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


def batch_message(atlas: str, organisation: str, root: bytes, previous: bytes) -> bytes:
    """What an organisation signs: the batch's root, chained to its previous batch."""
    return canonical(
        {"atlas": atlas, "organisation": organisation, "previous": previous.hex(), "root": root.hex(), "v": 1}
    )


class Ledger:
    """Append to the ledger; reading is in `chokepoint.store.reading`."""

    def __init__(self, engine: Engine, keys: KeyRing, atlas: str) -> None:
        self._engine = engine
        self._keys = keys
        self._interner: Interner | None = None
        self._said: dict[int, set[int]] = {}
        self._position = -1
        self.atlas = atlas

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Connection, Interner]]:
        engine = self._engine.execution_options(begin="IMMEDIATE")
        try:
            with engine.begin() as connection:
                if self._interner is None or self._changed_elsewhere(connection):
                    self._interner = Interner(connection)
                    self._said.clear()
                self._interner.use(connection)
                yield connection, self._interner
                self._position = self._last(connection)
        except BaseException:
            self._interner = None
            self._said.clear()
            raise

    def _changed_elsewhere(self, connection: Connection) -> bool:
        return self._last(connection) != self._position

    @staticmethod
    def _last(connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM records").scalar_one())

    def join(self, speaker: Speaker, sector: str = "", country: str = "") -> None:
        """Enter the speaker's organisation as a member, with a key made on this machine."""
        public = self._keys.make(speaker.organisation)
        with self._transaction() as (connection, _):
            known = connection.execute(
                text("SELECT number FROM organisations WHERE name = :name"), {"name": speaker.organisation}
            ).scalar()
            if known is not None:
                return
            connection.execute(
                text("INSERT INTO organisations (name, public_key) VALUES (:name, :key)"),
                {"name": speaker.organisation, "key": public},
            )
        payload = {"country": country, "name": speaker.organisation, "public_key": public.hex(), "sector": sector}
        self.append(speaker, [RecordRow(ORGANISATION, canonical(payload), CLEAR)])

    def append(self, speaker: Speaker, rows: Sequence[RecordRow]) -> Appended:
        """Append records of any kind but claims; they are durable when this returns.

        Raises:
            LedgerError: the organisation is no member, or its key is not on this machine.
        """
        with self._transaction() as (connection, interner):
            owner = self._member(connection, speaker.organisation)
            parts = [(row.kind, row.marking, row.payload) for row in rows]
            first = self._write(connection, interner, speaker, parts)
            for seq, row in enumerate(rows, first):
                marking = interner.marking(owner, row.marking)
                project_record(connection, interner, (seq, row.kind, row.payload), (owner, marking))
            self._seal(connection, speaker, owner, first)
        return Appended(seqs=tuple(range(first, first + len(rows))))

    def append_claims(
        self, speaker: Speaker, captures: Sequence[tuple[Capture, Marking]], rows: Sequence[ClaimRow]
    ) -> Appended:
        """Append claims with the captures they point into; what this organisation said before is left out.

        Raises:
            LedgerError: the organisation is no member, or its key is not on this machine.
        """
        with self._transaction() as (connection, interner):
            owner = self._member(connection, speaker.organisation)
            start = self._last(connection) + 1
            seqs = self._captures(connection, interner, (speaker, owner), captures)
            fresh = self._unsaid(connection, seqs, rows)
            new = [row for row, is_new in zip(rows, fresh, strict=True) if is_new]
            first = 0
            if new:
                parts = [(CLAIM, row.provenance.marking, row.payload) for row in new]
                first = self._write(connection, interner, speaker, parts)
                project_claims(connection, interner, list(enumerate(new, first)), (owner, seqs))
            if self._last(connection) >= start:
                self._seal(connection, speaker, owner, start)
        return Appended(seqs=tuple(range(first, first + len(new))), fresh=tuple(fresh))

    def _captures(
        self,
        connection: Connection,
        interner: Interner,
        who: tuple[Speaker, int],
        captures: Sequence[tuple[Capture, Marking]],
    ) -> dict[str, int]:
        speaker, owner = who
        seqs: dict[str, int] = {}
        new = []
        for capture, marking in captures:
            if capture.sha256 in seqs:
                continue
            found = connection.exec_driver_sql(
                "SELECT seq FROM captures WHERE sha256 = ? AND owner = ?", (capture.sha256, owner)
            ).scalar()
            if found is None:
                new.append((capture, marking))
                seqs[capture.sha256] = -1
            else:
                seqs[capture.sha256] = int(found)
        if new:
            parts = [(CAPTURE, marking, _capture_payload(capture)) for capture, marking in new]
            first = self._write(connection, interner, speaker, parts)
            rows = []
            for seq, (capture, _) in enumerate(new, first):
                seqs[capture.sha256] = seq
                rows.append((seq, capture.sha256, capture.path, owner))
            connection.exec_driver_sql("INSERT INTO captures VALUES (?, ?, ?, ?)", rows)
        return seqs

    def _unsaid(self, connection: Connection, seqs: dict[str, int], rows: Sequence[ClaimRow]) -> list[bool]:
        """Whether this organisation says each row for the first time; it can only recur in its own capture."""
        fresh = []
        for row in rows:
            capture = seqs[row.provenance.capture]
            if capture not in self._said:
                while len(self._said) >= OPEN_CAPTURES:
                    del self._said[next(iter(self._said))]
                self._said[capture] = self._fingerprints(connection, capture)
            said = self._said[capture]
            fresh.append(row.fingerprint not in said)
            said.add(row.fingerprint)
        return fresh

    @staticmethod
    def _fingerprints(connection: Connection, capture: int) -> set[int]:
        rows = connection.exec_driver_sql(
            "SELECT c.fingerprint FROM provenances p JOIN claims c ON c.provenance = p.number WHERE p.capture = ?",
            (capture,),
        )
        return {row[0] for row in rows}

    @staticmethod
    def _member(connection: Connection, organisation: str) -> int:
        number = connection.execute(
            text("SELECT number FROM organisations WHERE name = :name"), {"name": organisation}
        ).scalar()
        if number is None:
            raise LedgerError(
                f"{organisation!r} is no member of this atlas",
                mend=f"chokepoint --as {organisation!r} init adds it",
            )
        return int(number)

    def _write(
        self, connection: Connection, interner: Interner, speaker: Speaker, parts: Sequence[tuple[str, Marking, bytes]]
    ) -> int:
        first = self._last(connection) + 1
        frames: dict[tuple[str, int], tuple[bytes, bytes, int]] = {}
        salts = os.urandom(SALT_BYTES * len(parts))
        rows = []
        for index, (kind, marking, payload) in enumerate(parts):
            key = (kind, id(marking))
            if key not in frames:
                frames[key] = (*self._frame(speaker, kind, marking), interner.name(Space.RECORD, kind))
            before, after, number = frames[key]
            body = before + payload + after
            salt = salts[index * SALT_BYTES : (index + 1) * SALT_BYTES]
            rows.append((first + index, record_id(salt, body), number, salt, body))
        connection.exec_driver_sql("INSERT INTO records VALUES (?, ?, ?, ?, ?)", rows)
        return first

    def _frame(self, speaker: Speaker, kind: str, marking: Marking) -> tuple[bytes, bytes]:
        return frame(
            {
                "atlas": self.atlas,
                "author": speaker.user,
                "kind": kind,
                "marking": marking_form(marking),
                "organisation": speaker.organisation,
                "recorded_at": speaker.at,
            }
        )

    def _seal(self, connection: Connection, speaker: Speaker, owner: int, first: int) -> None:
        leaves = [
            row[0]
            for row in connection.exec_driver_sql("SELECT id FROM records WHERE seq >= ? ORDER BY seq", (first,))
        ]
        previous = connection.exec_driver_sql(
            "SELECT root FROM batches WHERE organisation = ? ORDER BY number DESC LIMIT 1", (owner,)
        ).scalar()
        root = merkle.root(leaves)
        message = batch_message(self.atlas, speaker.organisation, root, previous or GENESIS)
        connection.execute(
            text(
                "INSERT INTO batches (organisation, first, count, root, previous, signature)"
                " VALUES (:owner, :first, :count, :root, :previous, :signature)"
            ),
            {
                "owner": owner,
                "first": first,
                "count": len(leaves),
                "root": root,
                "previous": previous or GENESIS,
                "signature": self._keys.sign(speaker.organisation, message),
            },
        )


def _capture_payload(capture: Capture) -> bytes:
    return canonical(
        {
            "captured_at": capture.captured_at,
            "captured_by": capture.captured_by,
            "container": capture.container,
            "media_type": capture.media_type,
            "method": capture.method,
            "path": capture.path,
            "sha256": capture.sha256,
            "size": capture.size,
        }
    )
