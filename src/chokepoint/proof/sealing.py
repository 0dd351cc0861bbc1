"""Personal payloads, sealed under a key that follows from the keys of all whom they concern.

Every entity of a personal kind (the vocabulary says which) has a random key of its own. A record's key is
HKDF-SHA-256 (RFC 5869) over the keys of its personal entities, in the order of their ids, with the record's
salt; its payload is sealed with AES-256-GCM. Whoever destroys one of the keys, or the salt, makes the
payload unreadable for ever. A record's key is used once, so that the nonce may be zero; the payload
names a commitment to it, because AES-GCM alone would let two keys open one payload to two different texts.
"""

from __future__ import annotations

import base64
import os
from hmac import compare_digest, digest
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chokepoint.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEALED = "sealed-"
KEY_BYTES = 32
ID_BYTES = 16
_NONCE = bytes(12)


class SubjectKey(NamedTuple):
    """The random key of one personal entity, and the random id under which records name it."""

    id: bytes
    key: bytes


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of a sealed record; fields in canonical order.

    Attributes:
        commitment: 32 bytes that follow from the record's key, hexadecimal.
        keys: ids of the keys from which it follows, hexadecimal, ascending.
        sealed: AES-256-GCM over the canonical payload with its tag, base64.
    """

    commitment: str
    keys: tuple[str, ...]
    sealed: str


class RecordKey(NamedTuple):
    """What opens one record, and what commits to it."""

    key: bytes
    commitment: bytes


def _committed(key: bytes) -> RecordKey:
    return RecordKey(key, digest(key, b"chokepoint/commitment", "sha256"))


def new_key() -> SubjectKey:
    """A key for an entity that has none yet."""
    return SubjectKey(os.urandom(ID_BYTES), os.urandom(KEY_BYTES))


LONGEST = 255 * 32


def hkdf(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-256 (RFC 5869): `length` bytes, at most 8,160.

    Raises:
        ValueError: more than that.
    """
    if length > LONGEST:
        raise ValueError(f"HKDF-SHA-256 makes at most {LONGEST:,} bytes")
    secret = digest(salt or bytes(32), material, "sha256")
    out, block = b"", b""
    for number in range(1, -(-length // 32) + 1):
        block = digest(secret, block + info + bytes([number]), "sha256")
        out += block
    return out[:length]


def record_key(keys: Sequence[SubjectKey], salt: bytes, kind: str) -> RecordKey:
    """The key of a record of a kind under its salt."""
    material = b"".join(key.key for key in sorted(keys))
    return _committed(hkdf(material, salt, b"chokepoint/" + kind.encode(), KEY_BYTES))


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Sealed)


def seal(payload: bytes, keys: Iterable[SubjectKey], salt: bytes, *, kind: str) -> bytes:
    """The canonical sealed payload of a record of a kind."""
    ordered = sorted(keys)
    made = record_key(ordered, salt, kind)
    closed = AESGCM(made.key).encrypt(_NONCE, payload, kind.encode())
    return _encoder.encode(
        Sealed(
            made.commitment.hex(),
            tuple(key.id.hex() for key in ordered),
            base64.b64encode(closed).decode(),
        )
    )


def read_sealed(payload: bytes | msgspec.Raw) -> Sealed:
    """The parts of a sealed payload.

    Raises:
        LedgerError: it is none.
    """
    try:
        return _decoder.decode(payload)
    except msgspec.DecodeError as error:
        raise LedgerError(f"not a sealed payload: {error}") from None


def open_with(key: bytes, sealed: Sealed, *, kind: str) -> bytes:
    """As `unseal`, for who was handed a record's key alone.

    Raises:
        LedgerError: the key is not the record's, or the payload was altered.
    """
    return unseal(sealed, _committed(key), kind=kind)


def unseal(sealed: Sealed, made: RecordKey, *, kind: str) -> bytes:
    """The payload of kind `kind` that was sealed.

    Raises:
        LedgerError: the key is not the one that the record commits to, or the payload was altered.
    """
    if not compare_digest(made.commitment.hex().encode(), sealed.commitment.encode()):
        raise LedgerError("the key is not the one that the record commits to")
    try:
        return AESGCM(made.key).decrypt(_NONCE, base64.b64decode(sealed.sealed), kind.encode())
    except (InvalidTag, ValueError, OverflowError):
        raise LedgerError("the sealed payload was altered") from None
