"""`checkpoint`, `witness`, `prove`: one history for everybody, and single records proved under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.personal.cover import spoken_of
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.watch.access import saw
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.proof.checkpoint import open_checkpoint, read_proof
from chokepoint.proof.note import COSIGNATURE, ED25519, read_note, read_vkey
from chokepoint.store import lookup
from chokepoint.store.canonical import canonical, read_envelope, record_id
from chokepoint.store.checkpoints import Notary, Witness
from chokepoint.store.ids import positions
from chokepoint.store.proving import prove as proven

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chokepoint.desk.atlas import Atlas
    from chokepoint.proof.checkpoint import Checkpoint, Proof, Request
    from chokepoint.proof.note import Key, Note

_HEX = frozenset("0123456789abcdef")


def notary(atlas: Atlas) -> Notary:
    """Who issues the atlas's checkpoints."""
    return Notary(atlas.engine, atlas.keys, atlas.id)


def issue(atlas: Atlas) -> tuple[Note, Key]:
    """The signed checkpoint of the log as it is now, and the key under which it holds.

    Raises:
        LedgerError: the key of the organisation that keeps the log is not on this machine.
    """
    desk = notary(atlas)
    return desk.issue(), desk.key()


def request(atlas: Atlas, since: str) -> Request:
    """What a witness needs that cosigned a checkpoint, or a number of records, before.

    Args:
        atlas: whose log is to be cosigned.
        since: the number; 0 for a witness that saw nothing yet.

    Raises:
        LedgerError: the log is shorter, or that is no number.
    """
    if not since.isdecimal() or not since.isascii():
        raise LedgerError(f"{since!r} is no number of records", place="--since")
    return notary(atlas).request(int(since))


def cosign(atlas: Atlas, data: bytes, trusted: str) -> str:
    """The viewer's organisation cosigns the checkpoint of a request; returns the line of its signature.

    Raises:
        LedgerError: the log was not only appended to since it was last seen here, or has not signed.
        NotFoundError: a log never seen here, and no key to trust for it.
    """
    moment = int(datetime.fromisoformat(atlas.clock()).timestamp())
    witness = Witness(atlas.engine, atlas.keys, atlas.viewer.organisation)
    return witness.cosign(data, trusted, moment=moment).line


def add(atlas: Atlas, data: bytes, keys: Iterable[str]) -> tuple[str, ...]:
    """Keep cosignatures under the checkpoint that they sign; returns whose they are.

    Raises:
        NotFoundError: they sign no checkpoint of this log.
        LedgerError: they are no signatures.
    """
    return notary(atlas).add(data, [read_vkey(key) for key in keys])


def prove(atlas: Atlas, record: str) -> Proof:
    """That a record stands in the log, with the bytes from which its id follows.

    Raises:
        NotFoundError: there is none that this viewer sees.
        RefusedError: a person without the right to look; or the viewer's organisation is still to vote on it:
            its bytes name the contributor.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        name = bytes.fromhex(record) if len(record) == 64 and _HEX.issuperset(record) else b""
        visible = lookup.records_seen(reader, connection, positions(connection, [name]).values())
        found = proven(connection, visible)
        claims = list(reader.claims_by_id(connection, [record])) if found else []
        standing = of_claims(reader, connection, claims) if claims else {}
    if any(one.blind for one in standing.values()):
        raise RefusedError(
            "your organisation has not voted on this claim yet, and its record names the contributor",
            place=record,
            mend="vote first: chokepoint review vote",
        )
    seen = [item for item in found if item.body]
    if not seen:
        raise NotFoundError("no such record", place=record, mend="copy the id from `show --json`")
    (item,) = seen
    saw(atlas, "prove", record, spoken_of(claims), aside=True)
    proof = notary(atlas).prove([item.seq])[item.seq]
    return proof._replace(extra=canonical({"body": item.body.decode(), "salt": item.salt.hex()}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a proof of a record shows.

    Attributes:
        record: its id, hexadecimal.
        kind: of the record.
        organisation: who speaks in it.
        recorded_at: when.
        number: its place in the log, from 0.
        checkpoint: under which it is proved.
        witnesses: names of the known keys that cosigned the checkpoint.
    """

    record: str
    kind: str
    organisation: str
    recorded_at: str
    number: int
    checkpoint: Checkpoint
    witnesses: tuple[str, ...]


class _Extra(msgspec.Struct, forbid_unknown_fields=True):
    body: str
    salt: str


def check_proof(data: bytes, keys: Iterable[str]) -> Shown:
    """Check a proof of a record, from its bytes and the keys that are trusted.

    Args:
        data: of a `.tlog-proof`.
        keys: verifier keys: the log's, and those of witnesses.

    Raises:
        LedgerError: it does not hold.
    """
    proof = read_proof(data)
    known = [read_vkey(key) for key in keys]
    logs = [key for key in known if key.kind == ED25519 and proof.note.text.startswith(key.name + "\n")]
    if not logs:
        raise LedgerError("the log that this proof is of is not trusted here", mend="give its key: --key KEY")
    checkpoint, held = open_checkpoint(proof.note, logs[0], [key for key in known if key.kind == COSIGNATURE])
    try:
        extra = msgspec.json.decode(proof.extra, type=_Extra)
        body, salt = extra.body.encode(), bytes.fromhex(extra.salt)
    except (msgspec.DecodeError, ValueError):
        raise LedgerError("the proof does not carry the record") from None
    name = record_id(salt, body)
    proof.check(name, checkpoint)
    envelope = read_envelope(body)
    return Shown(
        record=name.hex(),
        kind=envelope.kind,
        organisation=envelope.organisation,
        recorded_at=envelope.recorded_at,
        number=proof.number,
        checkpoint=checkpoint,
        witnesses=tuple(sorted(key.name for key in held)),
    )


def compare(atlas: Atlas, data: bytes) -> tuple[Checkpoint, tuple[str, ...]]:
    """Check that a checkpoint shows the beginning of the atlas's log; it, and the members that cosigned it.

    Raises:
        LedgerError: the log has another history, or its keeper has not signed the checkpoint.
    """
    return notary(atlas).begins_with(read_note(data))
