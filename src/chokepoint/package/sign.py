"""Signatures on manifests: canonical bytes in a DSSE envelope, Ed25519.

Source: DSSE protocol and envelope, version 1.0.2 (secure-systems-lab/dsse).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from chokepoint.model.errors import LedgerError
from chokepoint.model.said import Said
from chokepoint.proof.signature import signature_holds

PAYLOAD_TYPE = "application/vnd.chokepoint.package.v1+json"

Signer = Callable[[bytes], bytes]


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a value made of dicts with ASCII keys, lists, texts, integers, booleans and None."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """What is signed: type and body, each after its length, so that neither can be taken for the other.

    >>> pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    name = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def key_id(public_key: bytes) -> str:
    """A public key's fingerprint: SHA-256 of its 32 bytes, hexadecimal."""
    return sha256(public_key).hexdigest()


def seal(payload: bytes, public_key: bytes, sign: Signer, *, kind: str = PAYLOAD_TYPE) -> bytes:
    """The envelope around a payload, in canonical bytes.

    Args:
        payload: what is signed.
        public_key: 32 bytes; only its fingerprint is written down, as a hint.
        sign: Ed25519 over the bytes it is given.
        kind: media type of the payload, which is signed too.
    """
    signature = sign(pre_authentication_encoding(kind, payload))
    return canonical_json(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": kind,
            "signatures": [{"keyid": key_id(public_key), "sig": base64.b64encode(signature).decode()}],
        }
    )


def open_seal(envelope: bytes, public_key: bytes, *, kind: str = PAYLOAD_TYPE) -> bytes:
    """The payload, of that media type, of an envelope that the key has signed.

    Stricter than DSSE asks: the bytes must be the canonical encoding of what they say, so that no
    byte of an envelope can change unnoticed.

    Raises:
        LedgerError: malformed, of another type, of another key, or the signature does not hold.
    """
    payload, signature = _read(envelope, kind)
    if not signature_holds(public_key, signature, pre_authentication_encoding(kind, payload)):
        raise LedgerError("the signature on the manifest does not hold", mend="ask the sender for it again")
    if seal(payload, public_key, lambda _: signature, kind=kind) != envelope:
        raise LedgerError("the envelope of the manifest was altered", mend="ask the sender for it again")
    return payload


def _read(envelope: bytes, kind: str) -> tuple[bytes, bytes]:
    try:
        fields = json.loads(envelope)
        (only,) = fields["signatures"]
        if fields["payloadType"] != kind:
            raise LedgerError("the envelope holds something other than a package manifest or notice")
        payload = base64.b64decode(fields["payload"], validate=True)
        return payload, base64.b64decode(only["sig"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LedgerError(Said("not a signed manifest: {error}", error=str(error))) from None
