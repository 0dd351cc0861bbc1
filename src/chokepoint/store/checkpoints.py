"""Checkpoints of the log: signed by its keeper, cosigned by witnesses, and what they prove.

The keeper is the organisation of the first record. Of every size there is at most one checkpoint, and
every one is kept, so that the keeper cannot forget what it has signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from chokepoint.model.errors import LedgerError, NotFoundError
from chokepoint.proof import note as notes
from chokepoint.proof.checkpoint import (
    Checkpoint,
    Proof,
    Request,
    log_key,
    open_checkpoint,
    origin_of,
    read_request,
    witness_key,
)
from chokepoint.proof.merkle import Span, check_consistency
from chokepoint.proof.note import Key, Note, read_note, read_vkey
from chokepoint.store.postgres import Begin
from chokepoint.store.tree import Log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Engine

    from chokepoint.store.keys import KeyRing

_keep = text("INSERT INTO checkpoints (size, note) VALUES (:size, :note)")
_change = text("UPDATE checkpoints SET note = :note WHERE size = :size")
_newest = text("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")


def keeper(connection: Connection) -> tuple[str, bytes]:
    """The organisation that keeps the log, and its public key.

    Raises:
        LedgerError: nobody has joined yet.
    """
    row = connection.execute(
        text("SELECT name, public_key FROM organisations ORDER BY number LIMIT 1")
    ).first()
    if row is None:
        raise LedgerError("the atlas has no member yet", mend="chokepoint init")
    return str(row[0]), bytes(row[1])


def witnesses(connection: Connection, atlas: str) -> dict[Key, str]:
    """The keys with which members cosign, each with its organisation."""
    rows = connection.execute(text("SELECT name, public_key FROM organisations ORDER BY number")).all()
    return {witness_key(atlas, name, key): str(name) for name, key in rows}


def size_of(connection: Connection) -> int:
    """Number of records in the log."""
    return int(connection.execute(text("SELECT coalesce(max(seq), 0) FROM records")).scalar_one())


def check_stored(connection: Connection, atlas: str, log: Log) -> int:
    """Check that every kept checkpoint is signed and shows the beginning of the log; returns how many.

    Raises:
        LedgerError: one does not.
    """
    rows = connection.execute(text("SELECT size, note FROM checkpoints ORDER BY size")).all()
    if not rows:
        return 0
    key, known = log_key(atlas, keeper(connection)[1]), witnesses(connection, atlas)
    for size, data in rows:
        place = f"checkpoint {size}"
        try:
            checkpoint, _ = open_checkpoint(read_note(data), key, known)
            holds = checkpoint.size == size and log.root(checkpoint.size) == checkpoint.root
        except LedgerError as error:
            raise LedgerError(error.reason, place=place) from None
        if not holds:
            raise LedgerError("the log is not the one that this checkpoint shows", place=place)
    return len(rows)


class Notary:
    """Issues checkpoints of one atlas's log and proofs under them."""

    def __init__(self, engine: Engine, keys: KeyRing, atlas: str) -> None:
        self._engine = engine
        self._keys = keys
        self._atlas = atlas

    def key(self) -> Key:
        """The key under which the log's checkpoints hold."""
        with self._engine.connect() as connection:
            return log_key(self._atlas, keeper(connection)[1])

    def issue(self) -> Note:
        """The checkpoint of the log as it is now, signed by its keeper and kept.

        Raises:
            LedgerError: the keeper's key is not on this machine.
        """
        engine = self._engine.execution_options(begin=Begin.APPEND)
        with engine.begin() as connection:
            return self._issue(connection)

    def _issue(self, connection: Connection) -> Note:
        size = size_of(connection)
        found = connection.execute(_newest).scalar()
        if found is not None and self._opened(connection, read_note(found))[0].size == size:
            return read_note(found)
        name, public = keeper(connection)
        key = log_key(self._atlas, public)
        checkpoint = Checkpoint(origin_of(self._atlas), size, Log(connection, size).root())
        signature = notes.sign(checkpoint.text, key, lambda message: self._keys.sign(name, message))
        note = Note(text=checkpoint.text, signatures=(signature,))
        connection.execute(_keep, {"size": size, "note": note.encode()})
        return note

    def _opened(self, connection: Connection, note: Note) -> tuple[Checkpoint, dict[Key, int]]:
        key = log_key(self._atlas, keeper(connection)[1])
        return open_checkpoint(note, key, witnesses(connection, self._atlas))

    def newest(self) -> Note | None:
        """The newest checkpoint that was issued, or none."""
        with self._engine.connect() as connection:
            found = connection.execute(_newest).scalar()
        return None if found is None else read_note(found)

    def prove(self, seqs: Sequence[int]) -> dict[int, Proof]:
        """Proofs that the records at these positions stand in the log as it is now, by position.

        The caller has checked that each may be seen.

        Raises:
            LedgerError: there is no such record.
        """
        note = self.issue()
        with self._engine.connect() as connection:
            checkpoint, _ = self._opened(connection, note)
            log = Log(connection, checkpoint.size)
            return {seq: Proof(seq - 1, tuple(log.inclusion(seq - 1)), note) for seq in seqs}

    def request(self, old: int) -> Request:
        """What a witness that cosigned `old` records last needs to cosign the log as it is now.

        Raises:
            LedgerError: the log is shorter.
        """
        note = self.issue()
        with self._engine.connect() as connection:
            checkpoint, _ = self._opened(connection, note)
            steps = Log(connection, checkpoint.size).consistency(old) if old else []
        return Request(old, tuple(steps), note)

    def begins_with(self, note: Note) -> tuple[Checkpoint, tuple[str, ...]]:
        """Check that a checkpoint shows the beginning of the log; it, and the members that cosigned it.

        Raises:
            LedgerError: the log's keeper has not signed it, or the log has another history.
        """
        with self._engine.connect() as connection:
            checkpoint, held = self._opened(connection, note)
            size = size_of(connection)
            if checkpoint.size > size:
                raise LedgerError(
                    f"the checkpoint shows {checkpoint.size} records and the log has {size}",
                    mend="the log was cut short: compare with the other members, restore the newest backup",
                )
            log = Log(connection, size)
            if checkpoint.size:
                span = Span(0, checkpoint.size, size)
                check_consistency(span, (checkpoint.root, log.root()), log.consistency(checkpoint.size))
            names = witnesses(connection, self._atlas)
        return checkpoint, tuple(sorted(names[key] for key in held))

    def add(self, data: bytes, known: Iterable[Key] = ()) -> tuple[str, ...]:
        """Put cosignatures under the checkpoint that they sign, and keep it; whose names those are.

        Args:
            data: lines of signatures, as a witness gives them.
            known: keys of witnesses beside the members.

        Of one key the newest cosignature stays: a note is no longer read with more than 64 lines.

        Raises:
            NotFoundError: they sign no checkpoint of this log.
            LedgerError: a line is none, or the checkpoint has 64 signatures already.
        """
        lines = [notes.read_signature(line) for line in data.decode(errors="replace").splitlines() if line]
        engine = self._engine.execution_options(begin=Begin.APPEND)
        with engine.begin() as connection:
            keys = [*witnesses(connection, self._atlas), *known]
            rows = connection.execute(text("SELECT size, note FROM checkpoints ORDER BY size DESC")).all()
            for size, kept in rows:
                note = read_note(kept)
                fresh = [line for line in lines if _holds(note.text, line, keys)]
                if fresh:
                    changed = Note(text=note.text, signatures=_newest_of((*note.signatures, *fresh)))
                    connection.execute(_change, {"size": size, "note": changed.encode()})
                    return tuple(line.name for line in fresh)
        raise NotFoundError(
            "no checkpoint of this log is signed by these lines",
            mend="give the lines that `chokepoint witness` printed, and --key for one who is no member",
        )


def _newest_of(lines: Iterable[notes.Signature]) -> tuple[notes.Signature, ...]:
    """One line a key, that of the latest moment, in the order in which the keys came first."""
    kept: dict[tuple[str, bytes], notes.Signature] = {}
    for line in lines:
        held = kept.get((line.name, line.id), line)
        kept[line.name, line.id] = max(held, line, key=lambda one: one.made[:8])
    if len(kept) > notes.MOST_SIGNATURES:
        raise LedgerError(
            f"a checkpoint bears at most {notes.MOST_SIGNATURES} signatures",
            mend="let the others cosign the next one: chokepoint checkpoint",
        )
    return tuple(kept.values())


def _holds(body: str, line: notes.Signature, keys: Iterable[Key]) -> bool:
    try:
        return bool(Note(text=body, signatures=(line,)).signed_by(keys))
    except LedgerError:
        return False


class Witness:
    """Remembers which history it was shown of each log, and cosigns no other."""

    def __init__(self, engine: Engine, keys: KeyRing, organisation: str) -> None:
        self._engine = engine
        self._keys = keys
        self._organisation = organisation

    def cosign(self, data: bytes, trusted: str, *, moment: int) -> notes.Signature:
        """The cosignature on a request's checkpoint, which is remembered first.

        Args:
            data: the request.
            trusted: verifier key of the log; may be empty when this log was witnessed before.
            moment: POSIX seconds.

        Raises:
            LedgerError: the log has not signed it, or it was not only appended to since what was seen.
            NotFoundError: a log that was never seen, and no key to trust for it.
        """
        request = read_request(data)
        origin = request.note.text.partition("\n")[0]
        engine = self._engine.execution_options(begin=Begin.APPEND)
        with engine.begin() as connection:
            row = connection.execute(
                text("SELECT note, log_key FROM witnessed WHERE origin = :origin"), {"origin": origin}
            ).first()
            key = _trusted(origin, trusted, row.log_key if row else "")
            checkpoint, _ = open_checkpoint(request.note, key)
            request.check(open_checkpoint(read_note(row.note), key)[0] if row else None, checkpoint)
            connection.execute(text("DELETE FROM witnessed WHERE origin = :origin"), {"origin": origin})
            connection.execute(
                text("INSERT INTO witnessed (origin, note, log_key) VALUES (:origin, :note, :key)"),
                {"origin": origin, "note": request.note.encode(), "key": key.vkey},
            )
        mine = self.key(origin.removeprefix("chokepoint/"))
        sign = self._keys.sign
        return notes.cosign(
            checkpoint.text, mine, lambda message: sign(self._organisation, message), moment=moment
        )

    def key(self, atlas: str) -> Key:
        """The key with which it cosigns an atlas's checkpoints."""
        return witness_key(atlas, self._organisation, self._keys.public(self._organisation))


def _trusted(origin: str, given: str, kept: str) -> Key:
    if given and kept and given != kept:
        raise LedgerError(f"{origin} was witnessed under another key", mend="ask its keeper what happened")
    if not given and not kept:
        raise NotFoundError(
            f"{origin} was never witnessed here",
            mend="give its key once: --trust KEY (chokepoint checkpoint)",
        )
    return read_vkey(given or kept)
