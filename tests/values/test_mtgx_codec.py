"""The codec of Maltego graphs: any graph comes back unchanged, and hostile ones are refused with a reason."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import markup
from chokepoint.values.mtgx import (
    MtgxEntity,
    MtgxLink,
    is_mtgx,
    kind_of,
    own_types,
    read_mtgx,
    reading,
    type_of,
    write_mtgx,
)
from chokepoint.values.mtgx.archive import GRAPH

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
        notes=TEXT,
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


def test_the_type_of_a_wallet_follows_its_chain():
    assert type_of("crypto-address", "bc1qxyz").name == "maltego.BTCAddress"
    assert type_of("crypto-address", "0xabc").name == "maltego.ETHAddress"
    assert type_of("crypto-address", "TBHTJq").name == "maltego.CryptocurrencyAddress"


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
    assert is_mtgx(_archive(CLIENT_GRAPH))
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
    monkeypatch.setattr(reading, "MAX_XML", 1000)
    with pytest.raises(TooLargeError):
        read_mtgx(_archive(b"<x>" + b" " * 100_000 + b"</x>"))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(data):
    for content in (data, _archive(data)):
        try:
            read_mtgx(content)
        except BadInputError:
            continue


def test_the_main_property_stands_first_wherever_the_client_put_it():
    swapped = CLIENT_GRAPH.replace(
        b'displayValue="fqdn" value="fqdn"', b'displayValue="whois-info" value="whois-info"'
    )
    entities, _ = read_mtgx(_archive(swapped))
    assert [name for name, _ in entities[0].properties] == ["whois-info", "fqdn"]


def test_nodes_of_two_graphs_in_one_archive_keep_apart():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for number in (1, 2):
            opened.writestr(f"Graphs/Graph{number}.graphml", CLIENT_GRAPH)
    entities, links = read_mtgx(out.getvalue())
    assert [one.id for one in entities] == ["n0", "Graphs/Graph2.graphml!n0"]
    assert {one.source for one in links} == {one.id for one in entities}


def test_a_node_within_a_node_is_read_too():
    inner = b'<node id="n1"><data><mtg:MaltegoEntity xmlns:mtg="http://maltego.paterva.com/xml/mtgx" type="maltego.Phrase"/></data></node>'
    entities, _ = read_mtgx(
        _archive(CLIENT_GRAPH.replace(b"</data></node>", b"</data><graph>" + inner + b"</graph></node>"))
    )
    assert {one.type for one in entities} == {"maltego.Domain", "maltego.Phrase"}


@pytest.mark.parametrize("graph", [b"<a>" * 300 + b"</a>" * 300, b"<g>" + b"<a/>" * 3000 + b"</g>"])
def test_a_graph_of_too_many_or_too_deep_elements_is_refused(monkeypatch, graph):
    monkeypatch.setattr(markup, "MAX_ELEMENTS", 2000)
    with pytest.raises(TooLargeError) as told:
        read_mtgx(_archive(graph))
    assert (told.value.place, told.value.mend) == (GRAPH, "split the graph")


def test_many_graphs_share_one_limit(monkeypatch):
    monkeypatch.setattr(reading, "MAX_XML", len(CLIENT_GRAPH) * 3 // 2)
    read_mtgx(_archive(CLIENT_GRAPH))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for number in (1, 2):
            opened.writestr(f"Graphs/Graph{number}.graphml", CLIENT_GRAPH)
    with pytest.raises(TooLargeError):
        read_mtgx(out.getvalue())


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
def test_the_type_of_a_kind_is_read_as_a_kind_of_that_type(kind):
    name = type_of(kind).name
    assert type_of(kind_of(name)).name == name
    assert kind_of(name) == kind or own_types([kind]) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("maltego.DNSName", "domain-name"),
        ("maltego.affiliation.Telegram", "user-account:telegram"),
        ("maltego.affiliation.Nowhere", "persona"),
        ("maltego.Phrase", ""),
        ("somebody.Domain", ""),
        ("", ""),
    ],
)
def test_types_of_other_makers_are_read_where_their_name_is_plain(name, kind):
    assert kind_of(name) == kind
