"""Writing `.mtgx`: entities and links with their properties, so that reading gives them back unchanged.

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
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GRAPH = "Graphs/Graph1.graphml"
MTG = "http://maltego.paterva.com/xml/mtgx"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ENCODED = "json:"
"""Marks a text that XML cannot hold and that is written as a JSON string."""

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
    """A node.

    Attributes:
        id: in the file.
        type: Maltego's name of it.
        properties: in order, the main one first.
        x: where it is drawn, in any unit.
        y: the same.
        notes: what a person wrote beside it.
    """

    id: str
    type: str
    properties: Properties
    x: float = 0.0
    y: float = 0.0
    notes: str = ""


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
        f"{_properties(entity.properties)}{_notes(entity.notes)}</mtg:MaltegoEntity></data>"
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


def _notes(text: str) -> str:
    return f"<mtg:Notes>{_text(text)}</mtg:Notes>" if text else ""


def _label(name: str) -> str:
    return name.rpartition(".")[2].replace("-", " ").capitalize() or name


def _plain(value: str) -> str:
    """Text that XML can hold: what it cannot is written as a marked JSON string."""
    if value.startswith(ENCODED) or _ILLEGAL.search(value):
        return ENCODED + json.dumps(value)
    return value


def _attribute(value: str) -> str:
    return quoteattr(_plain(value), {"\r": "&#13;"})


def _text(value: str) -> str:
    return escape(_plain(value), {"\r": "&#13;"})
