"""People who are named in an atlas, and a look at every byte that it keeps."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Viewer


def stored(atlas):
    reader = atlas.reader
    with reader.connect() as connection:
        return list(reader.claims(connection, range(1, 1 + reader.position(connection))))


def said_to(atlas):
    return [one.claim for one in stored(atlas)]


def ids_of(atlas):
    return [one.id for one in stored(atlas)]


def seen_by(atlas, organisation):
    return replace(atlas, viewer=Viewer(organisation=organisation))


MAIL = "somchai.testperson@example.org"
PERSON = Entity("email-addr", MAIL)
OTHER = "innocent@example.net"
WHY = {"reason": "asked for it", "basis": "GDPR Art. 17(1)(d)"}


def misp(mails) -> str:
    """A MISP event that names addresses and a domain."""

    attributes = [
        {
            "type": "email-src",
            "category": "Payload delivery",
            "value": mail,
            "to_ids": True,
            "uuid": f"5f0a0000-0000-4000-8000-00000000000{at}",
        }
        for at, mail in enumerate(mails)
    ]
    attributes.append(
        {
            "type": "domain",
            "category": "Network activity",
            "value": "evil.example",
            "to_ids": True,
            "uuid": "5f0a0000-0000-4000-8000-0000000000ff",
        }
    )
    return json.dumps(
        {
            "Event": {
                "uuid": "5f0a1111-0000-4000-8000-000000000000",
                "info": "Campaign",
                "date": "2026-01-01",
                "Orgc": {"name": "CERT", "uuid": "5f0a2222-0000-4000-8000-000000000000"},
                "Attribute": attributes,
            }
        }
    )


def bytes_of(atlas):
    """Every byte of the atlas's folder, what is packed in the vault unpacked."""
    for path in sorted(atlas.folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
    with closing(sqlite3.connect(atlas.folder / "vault.sqlite")) as connection:
        for sha256, packed in connection.execute("SELECT sha256, packed FROM captures"):
            yield sha256.hex(), zlib.decompress(packed)


def places_of(atlas, value):
    needles = [value.encode(), value.upper().encode(), value.encode("utf-16-le")]
    return [name for name, data in bytes_of(atlas) if any(needle in data for needle in needles)]
