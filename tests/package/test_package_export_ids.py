"""Ids and digests in exports: none tells of a value that is masked, and none passes for what it is not."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from test_package_misp import COVER, GRAPHML, HOST, KIT, OPEN, claim

from chokepoint.model.identity import Entity
from chokepoint.package.misp import _uuid, misp_event
from chokepoint.package.stix.entities import entity_object, pattern
from chokepoint.package.tables import claims_graphml

MASKED = [
    Entity("phone-number", "+66812345678"),
    Entity("email-addr", "jane.doe@mail.example"),
    Entity("person", "jane doe"),
]
LIKE = {
    "phone-number": Entity("phone-number", "+66899999978"),
    "email-addr": Entity("email-addr", "john.doe@mmmm.example"),
}


def objects(*things: Entity) -> list[dict[str, str]]:
    said = [claim(HOST, "hosted-at", thing, number) for number, thing in enumerate(things)]
    return json.loads(misp_event(said, COVER))["Event"]["Object"]


@pytest.mark.parametrize("thing", MASKED, ids=[one.kind for one in MASKED])
def test_an_id_in_misp_is_no_digest_of_what_is_masked(thing: Entity) -> None:
    """Else whoever tries all phone numbers finds the one that was masked."""
    names = {one["uuid"] for one in objects(thing)}
    assert _uuid("object", *thing) not in names
    assert _uuid("object", thing.kind, OPEN.apart(thing)) in names


def test_a_value_that_may_be_told_keeps_its_id() -> None:
    assert objects(KIT) == objects(KIT)
    assert len({one["uuid"] for one in objects(KIT, HOST)}) == 2


@pytest.mark.parametrize("thing", MASKED[:2], ids=[one.kind for one in MASKED[:2]])
def test_what_is_masked_alike_is_two_objects_and_two_nodes(thing: Entity) -> None:
    other = LIKE[thing.kind]
    assert OPEN.label(thing, thing.value) == OPEN.label(other, other.value)
    names = [one["uuid"] for one in objects(thing, other)]
    assert len(names) == len(set(names)) == 3
    said = [claim(HOST, "hosted-at", one, number) for number, one in enumerate((thing, other))]
    graph = ET.fromstring(claims_graphml(said, OPEN))  # noqa: S314 - our own
    nodes = [node.get("id") for node in graph.iter(f"{GRAPHML}node")]
    assert len(nodes) == len(set(nodes)) == 3


@pytest.mark.parametrize(
    "value",
    [
        "imphash:" + "a1" * 16,
        "pehash:" + "a1" * 20,
        "authentihash:" + "a1" * 32,
        "vhash:" + "a1" * 16,
    ],
)
def test_a_digest_of_a_part_passes_for_no_digest_of_the_file(value: str) -> None:
    built = entity_object(Entity("file", value), value, COVER.created)
    assert built is not None
    assert "hashes" not in built
    assert built["name"] == value
    assert pattern(Entity("file", value)) == f"[file:name = '{value}']"


@pytest.mark.parametrize(
    ("value", "name"),
    [("md5:" + "a1" * 16, "MD5"), ("sha1:" + "a1" * 20, "SHA-1"), ("a1" * 32, "SHA-256")],
)
def test_a_digest_of_the_file_stands_under_its_name(value: str, name: str) -> None:
    built = entity_object(Entity("file", value), value, COVER.created)
    assert built is not None
    assert built["hashes"] == {name: value.rpartition(":")[2]}
