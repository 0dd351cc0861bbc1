"""Deterministic STIX identifiers: the same entity or record has the same id in every bundle.

Cyber observables follow STIX 2.1 §2.9 to the letter: UUIDv5 over the id-contributing properties, so that
other producers' objects for the same value have the same id. For all other objects the specification asks
for the version-4 layout (stix2-validator's strict mode refuses version 5 there), so theirs are 122 bits of
SHA-256 in that layout: stable, and as hard to guess as what is hashed.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from chokepoint.package.sign import canonical_json

OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")


def object_id(kind: str, *parts: str) -> str:
    """The id of a domain object, relationship, note or extension observable, made of what identifies it."""
    seed = "\x1f".join(("chokepoint", kind, *parts)).encode("utf-8", "surrogatepass")
    return f"{kind}--{uuid.UUID(bytes=hashlib.sha256(seed).digest()[:16], version=4)}"


def observable_id(kind: str, contributing: dict[str, Any]) -> str:
    """The id of a cyber observable by its id-contributing properties (STIX 2.1 §2.9).

    >>> observable_id("ipv4-addr", {"value": "198.51.100.3"})
    'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4'
    """
    return f"{kind}--{uuid.uuid5(OBSERVABLES, canonical_json(contributing).decode())}"
