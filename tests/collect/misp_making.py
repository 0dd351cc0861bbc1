"""Making MISP events, for tests, and reading them."""

from __future__ import annotations

from structured_reading import Reading, made, read

from chokepoint.collect.misp_event import MispEvent

SUBJECT = "campaign:big scam"
SHA256 = "db87cee52504ca5732bad49ddb1d5b8551c011c1891996d58aacae47f66585ed"
MD5 = "d41d8cd98f00b204e9800998ecf8427e"
WALLET = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"


def event(*attributes, **more) -> dict:
    return {
        "info": "Big scam",
        "date": "2024-03-05",
        "uuid": "u",
        "Orgc": {"name": "CERT-B"},
        "analysis": "2",
        "Attribute": list(attributes),
        **more,
    }


def attribute(sort: str, value, **more) -> dict:
    return {"type": sort, "value": value, "to_ids": True, "category": "Network activity", **more}


def part(sort: str, relation: str, value: str, **more) -> dict:
    """An attribute of an object."""
    return attribute(sort, value, object_relation=relation, **more)


def thing(name: str, *parts, **more) -> dict:
    """An object."""
    return {"name": name, "Attribute": list(parts), **more}


def told(*attributes, **more) -> Reading:
    return read(MispEvent(), made({"Event": event(*attributes, **more)}))


def beyond_the_head(reading: Reading) -> set[tuple[str, str, str]]:
    """What is said but for the name, date and identifier of the event."""
    return {
        one
        for one in reading.said
        if one[:2] not in {(SUBJECT, key) for key in ("name", "date", "identifier")}
    }
