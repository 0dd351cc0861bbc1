"""Ed25519 signatures, and what an organisation signs for a batch of records."""

from __future__ import annotations

import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is the key's on exactly this message; False for malformed ones."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def batch_message(atlas: str, organisation: str, heads: tuple[bytes, bytes]) -> bytes:
    """What an organisation signs: its batch's root, chained to the root of its previous batch.

    Canonical JSON (RFC 8785) with version 1.
    """
    root, previous = heads
    said = {
        "atlas": atlas,
        "organisation": organisation,
        "previous": previous.hex(),
        "root": root.hex(),
        "v": 1,
    }
    return _encode(said).encode()
