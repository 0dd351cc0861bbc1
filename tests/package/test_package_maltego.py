"""Maltego graphs are written in the client's layout and come back unchanged."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from package_sample import RYUK_MAIL, TESLA, WALLET, facts, seal

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.maltego import archive as archive_module
from chokepoint.package.maltego.archive import GRAPH, MtgxEntity, MtgxLink, read_mtgx, write_mtgx
from chokepoint.package.maltego.graph import CLAIM, export_mtgx, read_claims
from chokepoint.package.maltego.types import STANDARD, definition, type_of
from chokepoint.package.privacy import Discretion

CLAIMS = seal(facts()).claims
OPEN = Discretion()
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
TEXT = st.text(max_size=30)
PROPERTIES = st.lists(st.tuples(TEXT, TEXT), max_size=5).map(tuple)
ENTITIES = st.lists(
    st.builds(
        MtgxEntity,
        id=TEXT,
        type=TEXT,
        properties=PROPERTIES,
        x=st.floats(allow_nan=False, allow_infinity=False),
        y=st.floats(-1e6, 1e6),
    ),
    max_size=5,
)
LINKS = st.lists(st.builds(MtgxLink, source=TEXT, target=TEXT, properties=PROPERTIES, type=TEXT), max_size=5)


@given(ENTITIES, LINKS)
def test_any_graph_comes_back_unchanged(entities, links):
    assert read_mtgx(write_mtgx(entities, links)) == (tuple(entities), tuple(links))


@given(ENTITIES, LINKS)
def test_the_same_graph_gives_the_same_bytes(entities, links):
    assert write_mtgx(entities, links) == write_mtgx(entities, links)


@pytest.mark.parametrize(
    "value",
    [
        "a\rb",
        "a\r\nb",
        "\t\n",
        " lead and trail ",
        "\x00\x1b",
        "\ud800",
        "json:x",
        'json:"x"',
        "]]>",
        "&lt;",
        "\ufffe",
    ],
)
def test_texts_that_xml_would_change_come_back_unchanged(value):
    entity = MtgxEntity(id="n0", type="t", properties=((value, value),))
    assert read_mtgx(write_mtgx([entity], []))[0] == (entity,)


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
    back = read_claims(export_mtgx(CLAIMS, OPEN))
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
    kinds = sorted({dict(one.properties)["chokepoint.kind"] for one in entities} - STANDARD.keys())
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
            if kind not in STANDARD:
                assert f"Entities/{type_of(kind).name}.entity" in opened.namelist()


def test_the_type_of_a_wallet_follows_its_chain():
    assert type_of("crypto-address", "bc1qxyz").name == "maltego.BTCAddress"
    assert type_of("crypto-address", "0xabc").name == "maltego.ETHAddress"
    assert type_of("crypto-address", "TBHTJq").name == "maltego.CryptocurrencyAddress"


def test_a_person_leaves_under_a_pseudonym():
    claim = replace(CLAIMS[0], subject=Entity("person", "jane doe"))
    data = export_mtgx([claim], OPEN)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert b"jane" not in b"".join(opened.read(name) for name in opened.namelist()).lower()


def test_positions_are_kept():
    entities, _ = read_mtgx(export_mtgx(CLAIMS, OPEN, {WALLET: (3.5, -2.0)}))
    spots = {dict(one.properties)["chokepoint.value"]: (one.x, one.y) for one in entities}
    assert spots[WALLET.value] == (3.5, -2.0)


def _archive(graph: bytes, name: str = GRAPH) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, graph)
    return out.getvalue()


CLIENT_GRAPH = b"""<?xml version="1.1" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<VersionInfo createdBy="Maltego Classic" subtitle="" version="4.2.9"/>
<key attr.name="MaltegoEntity" for="node" id="d7"/><key for="node" id="d2" yfiles.type="nodegraphics"/>
<graph edgedefault="directed" id="G">
<node id="n0"><data key="d2"><mtg:EntityRenderer xmlns:mtg="http://maltego.paterva.com/xml/mtgx">
<mtg:Position x="12.5" y="7"/></mtg:EntityRenderer></data>
<data key="d7">
<mtg:MaltegoEntity xmlns:mtg="http://maltego.paterva.com/xml/mtgx" id="abc" type="maltego.Domain">
<mtg:Properties displayValue="fqdn" value="fqdn">
<mtg:Property displayName="Domain Name" hidden="false" name="fqdn"
 nullable="true" readonly="false" type="string"><mtg:Value>evil.example</mtg:Value></mtg:Property>
<mtg:Property name="whois-info" type="string"><mtg:Value/></mtg:Property></mtg:Properties>
</mtg:MaltegoEntity></data></node>
<edge id="e0" source="n0" target="n0"/>
</graph></graphml>"""


def test_a_graph_saved_by_the_client_is_read():
    entities, links = read_mtgx(_archive(CLIENT_GRAPH))
    expected = (("fqdn", "evil.example"), ("whois-info", ""))
    assert entities == (MtgxEntity(id="n0", type="maltego.Domain", properties=expected, x=12.5, y=7.0),)
    assert [(one.source, one.target) for one in links] == [("n0", "n0")]


@pytest.mark.parametrize(
    "graph",
    [
        b"",
        b"<graphml>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY a "b">]><graphml>&a;</graphml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><graphml/>',
        b"\xff\xfe\x00",
    ],
)
def test_hostile_xml_is_refused_with_its_place(graph):
    with pytest.raises(BadInputError) as told:
        read_mtgx(_archive(graph))
    assert told.value.place == GRAPH


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip", _archive(b"<x/>", "other.txt")])
def test_what_is_no_archive_is_refused(data):
    with pytest.raises(BadInputError, match="not a Maltego archive"):
        read_mtgx(data)


def test_an_archive_that_inflates_too_far_is_refused(monkeypatch):
    monkeypatch.setattr(archive_module, "MAX_XML", 1000)
    with pytest.raises(TooLargeError):
        read_mtgx(_archive(b"<x>" + b" " * 100_000 + b"</x>"))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(data):
    for content in (data, _archive(data)):
        try:
            read_mtgx(content)
        except BadInputError:
            continue


@pytest.mark.parametrize("value", ["{", "[]", "null", '"x"', "[" * 100_000])
def test_a_claim_that_somebody_broke_in_maltego_is_told(value):
    entity = MtgxEntity(id="n0", type="t", properties=((CLAIM, value),))
    with pytest.raises(BadInputError):
        read_claims(write_mtgx([entity], []))


def test_claims_are_written_as_canonical_json():
    _, links = read_mtgx(export_mtgx(CLAIMS, OPEN))
    for link in links:
        text = dict(link.properties)[CLAIM]
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
