"""Ed25519 signatures, and what an organisation signs for a batch of records."""

from __future__ import annotations

import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

PRIME = 2**255 - 19
"""The field of edwards25519 (RFC 8032 §5.1)."""
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL = frozenset({0, 1, PRIME - 1, _EIGHTH, PRIME - _EIGHTH})
"""The y of the eight points whose order divides eight: as keys they make signatures hold for any message."""


def is_key(public_key: bytes) -> bool:
    """Whether bytes can be a key that binds its owner: 32 of them, canonical, and of no small order.

    >>> is_key(bytes([1, *[0] * 31])), is_key(bytes([9, *[0] * 31]))
    (False, True)
    """
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    return len(public_key) == 32 and y < PRIME and y not in SMALL


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is the key's on exactly this message; False for malformed ones.

    False as well under a key that signs whatever one likes (see `is_key`).
    """
    if not is_key(public_key):
        return False
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
