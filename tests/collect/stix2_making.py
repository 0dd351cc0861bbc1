"""Making STIX 2 objects, for tests, and reading them."""

from __future__ import annotations

import uuid
from zlib import crc32

from structured_reading import Reading, made, read

from chokepoint.collect.stix2 import Stix2

AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
RED_2 = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
WHEN = "2024-01-02T03:04:05.000Z"


def sid(sort: str, number: int = 1) -> str:
    return f"{sort}--{uuid.UUID(int=number, version=4)}"


def thing(sort: str, order: int = 1, /, **more) -> dict:
    return {
        "type": sort,
        "id": sid(sort, order),
        "spec_version": "2.1",
        "created": WHEN,
        "modified": WHEN,
        **more,
    }


def indicator(pattern: str, number: int = 1, **more) -> dict:
    return thing("indicator", number, pattern=pattern, pattern_type="stix", valid_from=WHEN, **more)


def relation(source: str, sort: str, target: str, **more) -> dict:
    return thing(
        "relationship",
        crc32(f"{source} {sort} {target}".encode()),
        relationship_type=sort,
        source_ref=source,
        target_ref=target,
        **more,
    )


def bundle(*things: dict) -> dict:
    return {"type": "bundle", "id": sid("bundle"), "objects": list(things)}


def told(*things: dict, path: str = "x.json") -> Reading:
    return read(Stix2(), made(bundle(*things), path=path))


RYUK = thing("malware", 2, name="Ryuk", is_family=True)
EVIL = indicator("[domain-name:value = 'evil.com']")
