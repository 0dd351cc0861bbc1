"""Maltego's entity types: which kind becomes which, what is read back, and the definitions of our own."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.mtgx import (
    MtgxEntity,
    MtgxLink,
    definition,
    is_mtgx,
    kind_of,
    own_types,
    read_mtgx,
    type_of,
    write_mtgx,
)
from chokepoint.values.mtgx.archive import GRAPH
from chokepoint.values.mtgx.types import standard
from chokepoint.values.platforms import by_name
from chokepoint.values.tables import table


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        ("domain-name", "evil.com", "maltego.Domain"),
        ("onion-service", "x.onion", "maltego.Domain"),
        ("url", "http://evil.com/", "maltego.URL"),
        ("ipv4-addr", "1.2.3.4", "maltego.IPv4Address"),
        ("email-addr", "bob@evil.com", "maltego.EmailAddress"),
        ("phone-number", "+66812345678", "maltego.PhoneNumber"),
        ("user-account", "telegram:evil", "maltego.Alias"),
        ("person", "ivan", "maltego.Person"),
        ("organisation", "acme", "maltego.Organization"),
        ("file", "md5:ab", "maltego.Hash"),
        ("crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", "maltego.BTCAddress"),
        ("crypto-address", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "maltego.BTCAddress"),
        ("crypto-address", "bc1qxy2", "maltego.BTCAddress"),
        ("crypto-address", "0xabc", "maltego.ETHAddress"),
        ("crypto-address", "TBHT", "maltego.CryptocurrencyAddress"),
        ("crypto-address", "", "maltego.CryptocurrencyAddress"),
        ("group", "lazarus", "chokepoint.Group"),
        ("payment-handle", "paypal:x", "chokepoint.PaymentHandle"),
        ("x509-certificate", "sha1:ab", "chokepoint.X509Certificate"),
    ],
)
def test_a_kind_is_written_as_maltegos_type_or_as_ours(kind, value, name):
    assert type_of(kind, value).name == name
    assert type_of(kind, value).main
    assert type_of(kind, value).label


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("maltego.Domain", "domain-name"),
        ("maltego.DNSName", "domain-name"),
        ("maltego.NSRecord", "domain-name"),
        ("maltego.Website", "domain-name"),
        ("maltego.Company", "organisation"),
        ("maltego.Alias", "persona"),
        ("maltego.affiliation.Twitter", "user-account:twitter"),
        ("maltego.affiliation.Facebook", "user-account:facebook"),
        ("maltego.affiliation.MySpace", "persona"),
        ("maltego.BTCAddress", "crypto-address"),
        ("maltego.Malware", "malware"),
        ("chokepoint.Group", "group"),
        ("chokepoint.PaymentHandle", "payment-handle"),
        ("chokepoint.Nothing", ""),
        ("other.Domain", ""),
        ("maltego.Phrase", ""),
        ("", ""),
    ],
)
def test_a_type_is_read_as_the_kind_that_it_means(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize("name", sorted(by_name()))
def test_an_affiliation_with_a_platform_is_an_account_on_it(name):
    if name.isascii() and "." not in name and " " not in name:
        assert kind_of(f"maltego.affiliation.{name.title()}") == f"user-account:{name}"


def test_the_tables_speak_of_kinds_that_there_are():
    kinds = vocabulary().kinds
    assert set(standard()) <= set(kinds)
    assert set(table("mtgx/types")["read"].values()) <= set(kinds)
    assert all(one.name.startswith("maltego.") for one in standard().values())


def test_types_that_maltego_lacks_are_ours_and_sorted():
    assert own_types(["group", "domain-name", "malware", "group"]) == ["group", "malware"]
    assert own_types(standard()) == []


@pytest.mark.parametrize("kind", own_types(vocabulary().kinds))
def test_a_definition_is_a_document_that_names_our_type_and_its_main_field(kind):
    name, text = definition(kind)
    root = fromstring(text)  # noqa: S314 - written by us
    made = type_of(kind)
    assert name == f"Entities/{made.name}.entity"
    assert root.get("id") == made.name
    assert root.get("displayName") == made.label
    assert [field.get("name") for field in root.iter("Field")] == [made.main]
    assert root.find("Properties").get("value") == made.main
    assert root.findtext(".//BaseEntity") == "maltego.Phrase"


def graph(*parts, head='<?xml version="1.0" encoding="UTF-8"?>'):
    body = "".join(parts)
    return f'{head}<graphml xmlns:mtg="http://maltego.paterva.com/xml/mtgx"><graph>{body}</graph></graphml>'


def node(name="n0", kind="maltego.Domain", value="evil.com"):
    return (
        f'<node id="{name}"><data><mtg:MaltegoEntity type="{kind}"><mtg:Properties>'
        f'<mtg:Property name="fqdn"><mtg:Value>{value}</mtg:Value></mtg:Property>'
        "</mtg:Properties></mtg:MaltegoEntity></data></node>"
    )


def archive(text, name=GRAPH):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr(name, text)
    return out.getvalue()


def test_a_node_without_position_stands_in_the_corner():
    (entity,), links = read_mtgx(archive(graph(node())))
    assert (entity.x, entity.y, links) == (0.0, 0.0, ())
    assert entity.properties == (("fqdn", "evil.com"),)


def test_a_node_that_is_no_entity_is_passed_over_and_an_edge_without_link_is_bare():
    text = graph('<node id="n9"><data>x</data></node>', node(), '<edge source="n0" target="n0"/>')
    entities, links = read_mtgx(archive(text))
    assert [entity.id for entity in entities] == ["n0"]
    assert links == (MtgxLink(source="n0", target="n0", properties=()),)


@pytest.mark.parametrize(
    "head", ['<?xml version="1.1"?>', ' <?xml version="1.1" encoding="UTF-8"?>'.lstrip(), ""]
)
def test_the_clients_xml_1_1_is_read_as_1_0(head):
    (entity,), _ = read_mtgx(archive(graph(node(), head=head)))
    assert entity.id == "n0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<graphml>",
        "not xml",
        '<!DOCTYPE x [<!ENTITY a "b">]><graphml>&a;</graphml>',
        graph("<node>").replace("</graph>", ""),
    ],
    ids=["empty", "open", "text", "entity", "unclosed"],
)
def test_a_broken_graph_is_refused_with_its_place_and_a_mend(text):
    with pytest.raises(BadInputError) as refusal:
        read_mtgx(archive(text))
    assert refusal.value.place == GRAPH
    assert refusal.value.mend == "save the graph again in Maltego"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"plain", archive("x", "readme.txt"), archive("x", GRAPH)[:-30]],
    ids=["empty", "head", "text", "no-graph", "truncated"],
)
def test_what_is_no_archive_with_a_graph_is_refused(data):
    with pytest.raises(BadInputError, match="not a Maltego archive"):
        read_mtgx(data)
    assert not is_mtgx(data)


def test_only_a_graph_in_its_folder_makes_an_archive_of_maltego():
    assert is_mtgx(archive(graph()))
    assert not is_mtgx(archive(graph(), "other/Graph1.graphml"))


@given(st.floats(), st.floats())
def test_any_position_comes_back_infinite_and_undefined_ones_too(x, y):
    entity = MtgxEntity(id="n0", type="t", properties=(), x=x, y=y)
    (read,), _ = read_mtgx(write_mtgx([entity], []))
    assert repr((read.x, read.y)) == repr((x, y))


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_label_and_a_note_of_any_letters_break_nothing(label, note):
    entity = MtgxEntity(id="n0", type="t", properties=((label, note),), notes=note)
    assert read_mtgx(write_mtgx([entity], [])) == ((entity,), ())


def test_the_definitions_lie_in_the_archive_beside_the_graph():
    data = write_mtgx([], [], definitions=[definition("group"), definition("malware")])
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        assert zipped.namelist() == [
            "version.properties",
            "Entities/chokepoint.Group.entity",
            "Entities/chokepoint.Malware.entity",
            GRAPH,
            "Graphs/Graph1.properties",
        ]
