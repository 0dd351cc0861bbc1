"""The MISP event and the GraphML graph of a package: everything said stands in them, and comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED

from chokepoint.collect.base import Document
from chokepoint.collect.misp_event import MispEvent
from chokepoint.model.claim import Claim, on_day
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.package.misp import TEMPLATE, misp_event
from chokepoint.package.parts import PackageClaim
from chokepoint.package.privacy import Discretion, pseudonym
from chokepoint.package.stix.bundle import Cover
from chokepoint.package.tables import claims_graphml

HOST = Entity("domain-name", "pay-now.cc")
IP = Entity("ipv4-addr", "192.0.2.7")
KIT = Entity("malware", "gate kit")
WALLET = Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
PERSON = Entity("person", "jane doe")
OPEN = Discretion(open_edition=True, minimised=KEYED)
COVER = Cover(
    title="Export", created="2026-01-25T10:00:00Z", organisation="bank", marking=CLEAR, discretion=OPEN
)
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def claim(subject: Entity, name: str, thing: Entity | str, number: int = 0, **more: object) -> PackageClaim:
    about = PackageClaim(
        record=f"{number:064x}",
        subject=subject,
        property=name,
        object=thing,
        place="line 1",
        capture="c",
        origin="lab",
    )
    return replace(about, **more)


SAID = [
    claim(HOST, "indicates", KIT, 1, observed=on_day("2024-05-01")),
    claim(HOST, "resolves-to", IP, 2),
    claim(KIT, "requests-payment-to", WALLET, 3),
    claim(HOST, "description", 'sells "gate" <kits>\nand more', 4),
    claim(KIT, "alias", "gatekeeper", 5),
    claim(KIT, "alias", "ประตู", 6),
]


def event(claims: list[PackageClaim], cover: Cover = COVER) -> dict:
    return json.loads(misp_event(claims, cover))["Event"]


def objects(claims: list[PackageClaim]) -> dict[str, dict]:
    return {one["Attribute"][0]["value"]: one for one in event(claims)["Object"]}


def graph(claims: list[PackageClaim]) -> ET.Element:
    return ET.fromstring(claims_graphml(claims, OPEN))  # noqa: S314 - made by the code under test


def test_each_entity_is_an_object_each_link_a_reference_each_text_an_attribute():
    found = objects(SAID)
    assert set(found) == {HOST.value, IP.value, KIT.value, WALLET.value}
    assert {one["relationship_type"] for one in found[HOST.value]["ObjectReference"]} == {
        "indicates",
        "resolves-to",
    }
    texts = [one["value"] for one in found[KIT.value]["Attribute"] if one["object_relation"] == "alias"]
    assert texts == ["gatekeeper", "ประตู"]


@pytest.mark.parametrize(
    ("entity", "sort", "value"),
    [
        (HOST, "domain", "pay-now.cc"),
        (IP, "ip-dst", "192.0.2.7"),
        (Entity("url", "http://a.com/x"), "url", "http://a.com/x"),
        (WALLET, "btc", WALLET.value),
        (Entity("file", "sha256:" + "ab" * 32), "sha256", "ab" * 32),
        (Entity("group", "lazarus"), "threat-actor", "lazarus"),
        (KIT, "text", "gate kit"),
        (
            Entity("crypto-address", "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre"),
            "text",
            "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) and one.isascii() and len(one) < 30 else None,
)
def test_identifiers_have_misps_own_types(entity, sort, value):
    [one] = event([claim(entity, "description", "x")])["Object"]
    assert (one["Attribute"][0]["type"], one["Attribute"][0]["value"]) == (sort, value)
    assert (one["Attribute"][1]["value"], one["name"]) == (entity.kind, TEMPLATE)


def test_only_what_indicates_is_for_detection():
    found = objects(SAID)
    assert found[HOST.value]["Attribute"][0]["to_ids"] is True
    assert found[IP.value]["Attribute"][0]["to_ids"] is False
    assert found[KIT.value]["Attribute"][0]["to_ids"] is False


def test_every_reference_leads_to_an_object_of_the_event():
    found = event(SAID)["Object"]
    names = {one["uuid"] for one in found}
    links = [one for thing in found for one in thing["ObjectReference"]]
    assert len(links) == 3
    assert {one["referenced_uuid"] for one in links} | {one["object_uuid"] for one in links} <= names


def test_every_uuid_is_one_and_none_stands_twice():
    found = event(SAID)
    names = [found["uuid"], *(one["uuid"] for one in found["Object"])]
    names += [
        part["uuid"] for one in found["Object"] for part in (*one["Attribute"], *one["ObjectReference"])
    ]
    assert len(names) == len(set(names))
    assert all(str(UUID(name)) == name for name in names)


def test_the_order_of_claims_changes_no_object():
    assert event(SAID)["uuid"] == event(SAID[::-1])["uuid"]
    assert misp_event(SAID, COVER) == misp_event(list(SAID), COVER)


def test_a_simulated_claim_stays_marked():
    made = event([claim(HOST, "status", "offline", simulated=True)], replace(COVER, simulated=True))
    assert {"name": "chokepoint:simulated"} in made["Tag"]
    text = made["Object"][0]["Attribute"][2]
    assert {"name": "chokepoint:simulated"} in text["Tag"]
    assert "SIMULATED" in text["comment"]


def test_the_label_is_a_tag_as_misp_writes_it():
    assert {"name": "tlp:clear"} in event(SAID)["Tag"]


def test_a_private_person_is_a_pseudonym():
    made = misp_event([claim(PERSON, "alias", "jd")], COVER).decode()
    assert "jane doe" not in made
    assert pseudonym(PERSON, KEY) in made


def test_an_event_comes_back_through_the_collector_with_its_links():
    read = MispEvent().read(Document(path="export.json", data=misp_event(SAID, COVER)))
    back = {(one.subject, one.property, one.object) for one in read if isinstance(one, Claim)}
    assert (HOST, "resolves-to", IP) in back
    assert {one.subject for one in SAID if one.subject.kind != "malware"} <= {
        subject for subject, _, _ in back
    }


def test_graphml_nodes_carry_what_is_said_of_them():
    root = graph(SAID)
    nodes = {
        {d.get("key"): d.text for d in node}["label"]: {d.get("key"): d.text for d in node}
        for node in root.iter(f"{GRAPHML}node")
    }
    assert nodes[KIT.value]["said.alias"] == "gatekeeper\nประตู"
    assert nodes[HOST.value]["said.description"] == SAID[3].object
    assert "said.alias" not in nodes[HOST.value]


def test_graphml_declares_every_key_that_it_uses_and_draws_only_links():
    root = graph(SAID)
    keys = {key.get("id") for key in root.iter(f"{GRAPHML}key")}
    assert {data.get("key") for data in root.iter(f"{GRAPHML}data")} <= keys
    assert len(list(root.iter(f"{GRAPHML}edge"))) == 3
    ids = {node.get("id") for node in root.iter(f"{GRAPHML}node")}
    assert {edge.get(end) for edge in root.iter(f"{GRAPHML}edge") for end in ("source", "target")} <= ids


def test_a_node_without_links_is_in_the_graph():
    root = graph([claim(HOST, "status", "parked")])
    assert [node.get("id") for node in root.iter(f"{GRAPHML}node")] == [HOST.id]


@given(st.text(max_size=80))
def test_any_text_gives_readable_graphml_and_json(text):
    claims = [claim(HOST, "description", text)]
    assert graph(claims) is not None
    [one] = event(claims)["Object"] if not any("\ud800" <= c <= "\udfff" for c in text) else [None]
    assert one is None or one["Attribute"][2]["value"] == text
