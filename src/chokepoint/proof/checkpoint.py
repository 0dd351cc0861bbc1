"""Checkpoints of a log (C2SP tlog-checkpoint), proofs of single records, and requests to witnesses.

A checkpoint is a signed note whose text is the log's origin, its size and its tree head. Who holds one
can later prove that the log was only appended to; who compares two can see that both saw one history.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from chokepoint.model.errors import LedgerError
from chokepoint.proof.merkle import EMPTY, HASH, Leaf, Span, check_consistency, check_inclusion, leaf_hash
from chokepoint.proof.note import COSIGNATURE, Key, plain_base64, read_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.proof.note import Note

PROOF = "c2sp.org/tlog-proof@v1"
LONGEST_PROOF = 63
_number = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(NamedTuple):
    """A log's origin, number of leaves and tree head."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """As it is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def origin_of(atlas: str) -> str:
    """The origin of an atlas's log, and the name under which its checkpoints are signed."""
    return f"chokepoint/{atlas}"


def log_key(atlas: str, public: bytes) -> Key:
    """The key that signs an atlas's checkpoints: that of the organisation that keeps the log."""
    return Key(origin_of(atlas), public)


def witness_key(atlas: str, organisation: str, public: bytes) -> Key:
    """The key with which a member cosigns an atlas's checkpoints."""
    return Key(f"{origin_of(atlas)}/{quote(organisation, safe='')}", public, COSIGNATURE)


def _count(text: str) -> int:
    if not _number.fullmatch(text):
        raise LedgerError(f"{text[:40]!r} is not a number of leaves")
    return int(text)


def _hash(text: str) -> bytes:
    value = plain_base64(text)
    if len(value) != HASH:
        raise LedgerError(f"a hash of the proof is not {HASH} bytes")
    return value


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text. Extension lines are refused: they are not auditable and we make none.

    Raises:
        LedgerError: it is none.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise LedgerError("not a checkpoint", mend="its text is origin, size and tree head, a line each")
    checkpoint = Checkpoint(lines[0], _count(lines[1]), _hash(lines[2]))
    if checkpoint.size == 0 and checkpoint.root != EMPTY:
        raise LedgerError("an empty log has another tree head")
    return checkpoint


def open_checkpoint(note: Note, log: Key, witnesses: Iterable[Key] = ()) -> tuple[Checkpoint, dict[Key, int]]:
    """The checkpoint of a note that the log has signed, and the known witnesses with their moments.

    Raises:
        LedgerError: the log has not signed it, a known key's signature does not hold, or the origin is
            not the log's.
    """
    held = note.signed_by((log, *witnesses))
    if log not in held:
        raise LedgerError(f"{log.name} has not signed this checkpoint")
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != log.name:
        raise LedgerError(f"the checkpoint is of {checkpoint.origin}, not of {log.name}")
    return checkpoint, {key: moment for key, moment in held.items() if key != log}


class Proof(NamedTuple):
    """That a leaf stands in a checkpointed log (C2SP tlog-proof); `extra` is bytes for the application."""

    number: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    def encode(self) -> bytes:
        """As it is kept and sent, in a file `….tlog-proof`."""
        extra = [f"extra {base64.b64encode(self.extra).decode()}"] if self.extra else []
        lines = [PROOF, *extra, f"index {self.number}", *_lines(self.hashes), "", ""]
        return "\n".join(lines).encode() + self.note.encode()

    def check(self, leaf: bytes, checkpoint: Checkpoint) -> None:
        """Check that the leaf input stands in the log of the checkpoint.

        Raises:
            LedgerError: it does not.
        """
        place = Leaf(self.number, checkpoint.size)
        check_inclusion(leaf_hash(leaf), place, (self.hashes, checkpoint.root))


class Request(NamedTuple):
    """A log asks a witness to cosign: the size it cosigned last, the proof from there, the checkpoint."""

    old: int
    hashes: tuple[bytes, ...]
    note: Note

    def encode(self) -> bytes:
        """The body of `add-checkpoint` (C2SP tlog-witness)."""
        return "\n".join([f"old {self.old}", *_lines(self.hashes), "", ""]).encode() + self.note.encode()

    def check(self, seen: Checkpoint | None, checkpoint: Checkpoint) -> None:
        """Check that the log was only appended to since what the witness has seen.

        Raises:
            LedgerError: it was not, or the request begins elsewhere.
        """
        before = seen or Checkpoint(checkpoint.origin, 0, EMPTY)
        if self.old != before.size:
            raise LedgerError(
                f"the request begins at {self.old}, but {before.size} was cosigned last",
                mend=f"ask the keeper of the log for the proof from {before.size}",
            )
        if before.size == 0:
            if self.hashes:
                raise LedgerError("from an empty log on there is nothing to prove")
            return
        span = Span(0, before.size, checkpoint.size)
        check_consistency(span, (before.root, checkpoint.root), self.hashes)


def _lines(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in hashes]


def _parts(data: bytes, what: str) -> tuple[list[str], Note]:
    """The lines above a checkpoint and the checkpoint's note."""
    above, gap, note = data.partition(b"\n\n")
    try:
        lines = above.decode("ascii").split("\n")
    except UnicodeDecodeError:
        lines = []
    if not gap or not lines:
        raise LedgerError(f"not {what}")
    return lines, read_note(note)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > LONGEST_PROOF:
        raise LedgerError(f"a proof has at most {LONGEST_PROOF} hashes")
    return tuple(_hash(line) for line in lines)


def _field(lines: list[str], name: str, what: str) -> str:
    word, space, value = (lines.pop(0) if lines else "").partition(" ")
    if word != name or not space:
        raise LedgerError(f"not {what}: the line {name!r} is missing")
    return value


def read_proof(data: bytes) -> Proof:
    """A proof, of which nothing is verified yet.

    Raises:
        LedgerError: it is none.
    """
    what = "a proof of a record"
    lines, note = _parts(data, what)
    if lines.pop(0) != PROOF:
        raise LedgerError(f"not {what}", mend=f"its first line is {PROOF}")
    extra = plain_base64(_field(lines, "extra", what)) if lines and lines[0].startswith("extra ") else b""
    number = _count(_field(lines, "index", what))
    return Proof(number, _hashes(lines), note, extra)


def read_request(data: bytes) -> Request:
    """A request to a witness, of which nothing is verified yet.

    Raises:
        LedgerError: it is none.
    """
    lines, note = _parts(data, "a request to a witness")
    old = _count(_field(lines, "old", "a request to a witness"))
    return Request(old, _hashes(lines), note)
