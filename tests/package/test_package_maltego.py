"""Maltego graphs are written in the client's layout and come back unchanged."""

import io
import json
import re
import zipfile
from dataclasses import replace

from defusedxml.ElementTree import fromstring
from package_sample import KEYED, RYUK_MAIL, TESLA, WALLET, facts, seal

from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.maltego import export_mtgx
from chokepoint.package.privacy import Discretion
from chokepoint.values.mtgx import CLAIM, definition, own_types, read_mtgx, type_of, write_mtgx
from chokepoint.values.mtgx.archive import GRAPH

CLAIMS = seal(facts()).claims
OPEN = Discretion(minimised=KEYED)
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def test_the_archive_has_the_layout_of_the_client():
    data = export_mtgx(CLAIMS, OPEN)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        names = opened.namelist()
        assert names[0] == "version.properties"
        assert GRAPH in names
        assert "maltego.graph.version=1.2" in opened.read("version.properties").decode()
        root = fromstring(opened.read(GRAPH))
        for name in names:
            if name.startswith("Entities/"):
                assert fromstring(opened.read(name)).tag == "MaltegoEntity"
    assert root.tag == "{http://graphml.graphdrawing.org/xmlns}graphml"
    keys = {one.get("id"): one for one in root if one.tag.endswith("key")}
    assert keys["d3"].get("attr.name") == "MaltegoEntity"
    assert keys["d6"].get("attr.name") == "MaltegoLink"


def test_every_node_and_edge_carries_its_maltego_element_and_its_renderer():
    with zipfile.ZipFile(io.BytesIO(export_mtgx(CLAIMS, OPEN))) as opened:
        root = fromstring(opened.read(GRAPH))
    mtg = "{http://maltego.paterva.com/xml/mtgx}"
    nodes = list(root.iter(f"{GRAPHML}node"))
    edges = list(root.iter(f"{GRAPHML}edge"))
    assert len(edges) == sum(isinstance(claim.object, Entity) for claim in CLAIMS)
    ids = {node.get("id") for node in nodes}
    for node in nodes:
        assert [data.get("key") for data in node] == ["d3", "d4"]
        assert node.find(f".//{mtg}MaltegoEntity").get("type")
        assert node.find(f".//{mtg}Position") is not None
    for edge in edges:
        assert [data.get("key") for data in edge] == ["d6", "d7"]
        assert {edge.get("source"), edge.get("target")} <= ids
        assert edge.find(f".//{mtg}MaltegoLink").get("type") == "maltego.link.manual-link"


def test_claims_come_back_whole():
    entities, links = read_mtgx(export_mtgx(CLAIMS, OPEN))
    back = [
        json.loads(value) for one in (*links, *entities) for name, value in one.properties if name == CLAIM
    ]
    assert {one["record"] for one in back} == {claim.record for claim in CLAIMS}
    by_record = {one["record"]: one for one in back}
    for claim in CLAIMS:
        one = by_record[claim.record]
        assert tuple(one["subject"]) == claim.subject
        assert (one["property"], one["place"], one["origin"]) == (claim.property, claim.place, claim.origin)
        thing = one["object"]
        assert (thing if isinstance(thing, str) else Entity(*thing)) == claim.object
        assert one["simulated"] is True
        assert one["belief"] == f"{claim.belief:.4f}"


def test_exporting_what_was_read_gives_the_same_archive():
    first = export_mtgx(CLAIMS, OPEN)
    entities, links = read_mtgx(first)
    kinds = own_types(dict(one.properties)["chokepoint.kind"] for one in entities)
    assert write_mtgx(entities, links, definitions=[definition(kind) for kind in kinds]) == first


def test_entities_have_the_types_that_transforms_work_on():
    entities, _ = read_mtgx(export_mtgx(CLAIMS, OPEN))
    types = {dict(one.properties)["chokepoint.value"]: (one.type, one.properties[0]) for one in entities}
    assert types[TESLA.value] == ("maltego.Domain", ("fqdn", TESLA.value))
    assert types[WALLET.value][0] == "maltego.BTCAddress"
    assert types[RYUK_MAIL.value] == ("maltego.EmailAddress", ("email", RYUK_MAIL.value))


def test_every_kind_has_a_type_and_ours_are_defined_in_the_file():
    for number, kind in enumerate(vocabulary().kinds):
        claim = replace(CLAIMS[0], subject=Entity(kind, f"value {number}"), record=f"{number:064x}")
        with zipfile.ZipFile(io.BytesIO(export_mtgx([claim], OPEN))) as opened:
            if own_types([kind]):
                assert f"Entities/{type_of(kind).name}.entity" in opened.namelist()


def test_a_person_leaves_under_a_pseudonym():
    claim = replace(CLAIMS[0], subject=Entity("person", "jane doe"))
    data = export_mtgx([claim], OPEN)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert b"jane" not in b"".join(opened.read(name) for name in opened.namelist()).lower()


def test_positions_are_kept():
    entities, _ = read_mtgx(export_mtgx(CLAIMS, OPEN, {WALLET: (3.5, -2.0)}))
    spots = {dict(one.properties)["chokepoint.value"]: (one.x, one.y) for one in entities}
    assert spots[WALLET.value] == (3.5, -2.0)


def test_claims_are_written_as_canonical_json():
    _, links = read_mtgx(export_mtgx(CLAIMS, OPEN))
    for link in links:
        text = dict(link.properties)[CLAIM]
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_the_order_and_the_record_ids_of_claims_change_nothing_but_the_ids():
    renamed = [replace(claim, record=f"{number:064x}") for number, claim in enumerate(reversed(CLAIMS))]
    graphs = []
    for claims in (CLAIMS, renamed):
        with zipfile.ZipFile(io.BytesIO(export_mtgx(claims, OPEN))) as opened:
            graphs.append(
                re.sub(
                    r"record&quot;:&quot;[0-9a-f]{64}|\"record\":\"[0-9a-f]{64}",
                    "",
                    opened.read(GRAPH).decode(),
                )
            )
    assert graphs[0] == graphs[1]
