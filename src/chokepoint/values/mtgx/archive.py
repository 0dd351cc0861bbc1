"""Writing and reading `.mtgx`: entities and links with their properties, back unchanged.

Source: Paterva developer portal, "MTGX File Format"; graphs of the client: GraphML keys `d0`-`d7`,
`MaltegoEntity` and `MaltegoLink` of the namespace below, `version.properties` beside them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GRAPH = "Graphs/Graph1.graphml"
MTG = "http://maltego.paterva.com/xml/mtgx"
MAX_XML = 256 * 1024 * 1024
MAX_MEMBERS = 10_000
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODED = "json:"
_VERSION = """maltego.client.version=4.2.12
maltego.client.subtitle=
maltego.pandora.version=1.4.2
maltego.client.name=Chokepoint
maltego.mtz.version=1.0
maltego.graph.version=1.2
"""
_HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:y="http://www.yworks.com/xml/graphml" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
<VersionInfo createdBy="Chokepoint" subtitle="" version="1.0"/>
<key for="port" id="d0" yfiles.type="portgraphics"/>
<key for="port" id="d1" yfiles.type="portgeometry"/>
<key for="port" id="d2" yfiles.type="portuserdata"/>
<key attr.name="MaltegoEntity" for="node" id="d3"/>
<key for="node" id="d4" yfiles.type="nodegraphics"/>
<key for="graphml" id="d5" yfiles.type="resources"/>
<key attr.name="MaltegoLink" for="edge" id="d6"/>
<key for="edge" id="d7" yfiles.type="edgegraphics"/>
<graph edgedefault="directed" id="G">
"""
_TAIL = """</graph>
<data key="d5"><y:Resources/></data>
</graphml>
"""

Properties = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MtgxEntity:
    """A node: its id in the file, Maltego type, properties in order (the first is the main one), position."""

    id: str
    type: str
    properties: Properties
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MtgxLink:
    """A link between two node ids with its properties in order."""

    source: str
    target: str
    properties: Properties
    type: str = "maltego.link.manual-link"


def write_mtgx(
    entities: Sequence[MtgxEntity], links: Sequence[MtgxLink], *, definitions: Iterable[tuple[str, str]] = ()
) -> bytes:
    """The archive; the same graph gives the same bytes.

    Args:
        entities: with ids that are unique in the graph.
        links: between them.
        definitions: file names and contents of entity types that Maltego does not know.
    """
    nodes = "".join(map(_node, entities))
    edges = "".join(_edge(number, link) for number, link in enumerate(links))
    members = [
        ("version.properties", _VERSION),
        *sorted(definitions),
        (GRAPH, _HEAD + nodes + edges + _TAIL),
        ("Graphs/Graph1.properties", "author=Chokepoint\n"),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, text.encode("utf-8", "surrogatepass"), compresslevel=6)
    return out.getvalue()


def _node(entity: MtgxEntity) -> str:
    return (
        f'<node id={_attribute(entity.id)}><data key="d3">'
        f'<mtg:MaltegoEntity xmlns:mtg="{MTG}" id={_attribute(entity.id)} type={_attribute(entity.type)}>'
        f"{_properties(entity.properties)}</mtg:MaltegoEntity></data>"
        f'<data key="d4"><mtg:EntityRenderer xmlns:mtg="{MTG}">'
        f'<mtg:Position x="{entity.x!r}" y="{entity.y!r}"/></mtg:EntityRenderer></data></node>\n'
    )


def _edge(number: int, link: MtgxLink) -> str:
    return (
        f'<edge id="e{number}" source={_attribute(link.source)} target={_attribute(link.target)}>'
        f'<data key="d6"><mtg:MaltegoLink xmlns:mtg="{MTG}" id="l{number}" type={_attribute(link.type)}>'
        f"{_properties(link.properties)}</mtg:MaltegoLink></data>"
        f'<data key="d7"><mtg:LinkRenderer xmlns:mtg="{MTG}"/></data></edge>\n'
    )


def _properties(properties: Properties) -> str:
    rows = (
        f'<mtg:Property displayName={_attribute(_label(name))} hidden="false" name={_attribute(name)} '
        f'nullable="true" readonly="false" type="string"><mtg:Value>{_text(value)}</mtg:Value></mtg:Property>'
        for name, value in properties
    )
    return f"<mtg:Properties>{''.join(rows)}</mtg:Properties>"


def _label(name: str) -> str:
    return name.rpartition(".")[2].replace("-", " ").capitalize() or name


def _plain(value: str) -> str:
    """Text that XML can hold: what it cannot is written as a marked JSON string."""
    if value.startswith(_ENCODED) or _ILLEGAL.search(value):
        return _ENCODED + json.dumps(value)
    return value


def _attribute(value: str) -> str:
    return quoteattr(_plain(value), {"\r": "&#13;"})


def _text(value: str) -> str:
    return escape(_plain(value), {"\r": "&#13;"})


def _value(text: str) -> str:
    if not text.startswith(_ENCODED):
        return text
    try:
        return str(json.loads(text[len(_ENCODED) :]))
    except ValueError:
        return text


def read_mtgx(data: bytes) -> tuple[tuple[MtgxEntity, ...], tuple[MtgxLink, ...]]:
    """Entities and links of all graphs in an archive.

    Raises:
        BadInputError: not a Maltego archive, or its XML is malformed or holds a document type.
        TooLargeError: it would unpack to more than the limits allow.
    """
    entities: list[MtgxEntity] = []
    links: list[MtgxLink] = []
    for name, text in _graphs(data):
        try:
            root = fromstring(re.sub(rb'^(\s*<\?xml version=")1\.1"', rb'\g<1>1.0"', text), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            raise BadInputError(f"not readable as XML: {error}", place=name) from None
        entities += [found for node in _named(root, "node") for found in _read_node(node)]
        links += [found for edge in _named(root, "edge") for found in _read_edge(edge)]
    return tuple(entities), tuple(links)


def _named(root: Element, name: str) -> list[Element]:
    """Elements of that name, in whichever namespace the writer put them."""
    return [one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name]


def _graphs(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise TooLargeError(f"an archive of {len(members)} members")
            graphs = sorted(
                (member for member in members if member.filename.endswith(".graphml")),
                key=lambda member: member.filename,
            )
            return [(member.filename, _unpack(archive, member)) for member in graphs] or _none()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadInputError(f"not a Maltego archive: {error}") from None


def _none() -> list[tuple[str, bytes]]:
    raise BadInputError("not a Maltego archive: it holds no graph")


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        text = stream.read(MAX_XML + 1)
    if len(text) > MAX_XML:
        raise TooLargeError(f"larger than {MAX_XML} bytes", place=member.filename)
    return text


def _read_node(node: Element) -> list[MtgxEntity]:
    entity = node.find(f".//{{{MTG}}}MaltegoEntity")
    if entity is None:
        return []
    position = node.find(f".//{{{MTG}}}Position")
    x, y = (_number(position.get(axis, "0")) if position is not None else 0.0 for axis in "xy")
    return [
        MtgxEntity(
            id=_value(node.get("id", "")),
            type=_value(entity.get("type", "")),
            properties=_read_properties(entity),
            x=x,
            y=y,
        )
    ]


def _read_edge(edge: Element) -> list[MtgxLink]:
    link = edge.find(f".//{{{MTG}}}MaltegoLink")
    source, target = _value(edge.get("source", "")), _value(edge.get("target", ""))
    if link is None:
        return [MtgxLink(source=source, target=target, properties=())]
    kind = _value(link.get("type", ""))
    return [MtgxLink(source=source, target=target, properties=_read_properties(link), type=kind)]


def _read_properties(holder: Element) -> Properties:
    return tuple(
        (_value(row.get("name", "")), _value(row.findtext(f"{{{MTG}}}Value") or ""))
        for row in holder.iter(f"{{{MTG}}}Property")
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
