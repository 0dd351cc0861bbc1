"""Keys of personal entities: made when they first appear, destroyed when they are erased."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, text

from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.proof.sealing import (
    SEALED,
    RecordKey,
    SubjectKey,
    new_key,
    read_sealed,
    record_key,
    unseal,
)
from chokepoint.store.base import IDENTITY, RATING
from chokepoint.store.canonical import Envelope, encode, read_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

CHUNK = 400
CACHE = 200_000
SEALED_KIND = f'"kind":"{SEALED}'.encode()
_ENDS = {
    IDENTITY: ("left", "right"),
    "period/1": ("entity",),
    "outcome/1": ("entity",),
    "action/1": ("entity",),
}
_ENDS |= {"hypothesis/1": ("entity",), RATING: ("entity",)}

_by_eid = text("SELECT eid, id, key FROM subject_keys WHERE eid IN :wanted").bindparams(
    bindparam("wanted", expanding=True)
)
_by_id = text("SELECT id, key FROM subject_keys WHERE id IN :wanted").bindparams(
    bindparam("wanted", expanding=True)
)
_whose = text(
    "SELECT k.id, e.kind, e.value FROM subject_keys k LEFT JOIN entities e ON e.eid = k.eid"
    " WHERE k.id IN :wanted"
).bindparams(bindparam("wanted", expanding=True))
_enter = text("INSERT INTO subject_keys (eid, id, key) VALUES (:eid, :id, :key)")


@cache
def personal_kinds() -> frozenset[str]:
    """Kinds whose values are data about a natural person."""
    return frozenset(name for name, kind in vocabulary().kinds.items() if kind.personal)


def personal_in(kind: str, payload: bytes) -> list[Entity]:
    """The personal entities that a record of this kind is about; claims say theirs themselves."""
    ends = _ENDS.get(kind)
    if ends is None:
        return []
    said = msgspec.json.decode(payload)
    found = [Entity(*said[end]) for end in ends]
    return [entity for entity in found if entity.kind in personal_kinds()]


class KeyBook:
    """The appender's cache over the keys; after a rolled-back transaction it must be thrown away."""

    def __init__(self) -> None:
        self._keys: dict[int, SubjectKey] = {}

    def keys(self, connection: Connection, eids: Iterable[int]) -> dict[int, SubjectKey]:
        """Keys of entities by number; those that have none yet are given one."""
        if len(self._keys) > CACHE:
            self._keys.clear()
        missing = sorted({eid for eid in eids if eid not in self._keys})
        for start in range(0, len(missing), CHUNK):
            part = missing[start : start + CHUNK]
            rows = connection.execute(_by_eid, {"wanted": part}).all()
            self._keys.update({eid: SubjectKey(name, key) for eid, name, key in rows})
        fresh = {eid: new_key() for eid in missing if eid not in self._keys}
        if fresh:
            made = [{"eid": eid, "id": one.id, "key": one.key} for eid, one in fresh.items()]
            connection.execute(_enter, made)
            self._keys.update(fresh)
        return self._keys


def opened(connection: Connection, records: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]:
    """Bodies with their payloads opened, each of a pair of salt and body; None where a key was destroyed.

    What was never sealed is given back as it is. Nothing is said of who may see it.

    Raises:
        LedgerError: a sealed payload was altered.
    """
    sealed = [at for at, (_, body) in enumerate(records) if SEALED_KIND in body]
    bodies: list[bytes | None] = [body for _, body in records]
    if not sealed:
        return bodies
    envelopes = {at: read_envelope(records[at][1]) for at in sealed}
    made = _record_keys(connection, {at: (records[at][0], one) for at, one in envelopes.items()})
    for at, envelope in envelopes.items():
        key = made.get(at)
        bodies[at] = None if key is None else _plain(envelope, key)
    return bodies


def _plain(envelope: Envelope, key: RecordKey) -> bytes:
    kind = envelope.kind.removeprefix(SEALED)
    payload = unseal(read_sealed(envelope.payload), key, kind=kind)
    fields = {name: getattr(envelope, name) for name in Envelope.__struct_fields__}
    return encode(Envelope(**{**fields, "kind": kind, "payload": msgspec.Raw(payload)}))


def _record_keys(connection: Connection, wanted: dict[int, tuple[bytes, Envelope]]) -> dict[int, RecordKey]:
    named = {at: read_sealed(envelope.payload).keys for at, (_, envelope) in wanted.items()}
    ids = sorted({bytes.fromhex(name) for names in named.values() for name in names})
    held: dict[str, SubjectKey] = {}
    for start in range(0, len(ids), CHUNK):
        for name, key in connection.execute(_by_id, {"wanted": ids[start : start + CHUNK]}).all():
            held[name.hex()] = SubjectKey(name, key)
    return {
        at: record_key([held[name] for name in named[at]], salt, envelope.kind.removeprefix(SEALED))
        for at, (salt, envelope) in wanted.items()
        if all(name in held for name in named[at])
    }


def keys_held(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[int | None, str | None]]:
    """Of each key (its id, hexadecimal) whose it is: the number of the kind, and the value."""
    wanted = sorted({bytes.fromhex(name) for name in ids})
    found: dict[str, tuple[int | None, str | None]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = connection.execute(_whose, {"wanted": wanted[start : start + CHUNK]}).all()
        found.update({name.hex(): (kind, value) for name, kind, value in rows})
    return found


def record_keys(connection: Connection, records: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """For each salt and body the key that opens it, to be handed on with it; empty where there is none."""
    wanted = {
        at: (salt, read_envelope(body)) for at, (salt, body) in enumerate(records) if SEALED_KIND in body
    }
    made = _record_keys(connection, wanted)
    return [made[at].key if at in made else b"" for at in range(len(records))]
