"""Reading `.mtgx`, written here or by Maltego's own client, within limits."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.values.markup import events, local
from chokepoint.values.mtgx.archive import ENCODED, MTG, MtgxEntity, MtgxLink, Properties
from chokepoint.values.zips import BROKEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

MAX_XML = 128 * 1024 * 1024
MAX_MEMBERS = 10_000
_HELD = frozenset({"node", "edge"})


def is_mtgx(data: bytes) -> bool:
    """Whether bytes are a zip with a graph where Maltego keeps it."""
    if not data.startswith(b"PK\x03\x04") or b".graphml" not in data:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except BROKEN:
        return False
    return any(name.startswith("Graphs/") and name.endswith(".graphml") for name in names)


def read_mtgx(data: bytes) -> tuple[tuple[MtgxEntity, ...], tuple[MtgxLink, ...]]:
    """Entities and links of all graphs in an archive; nodes of its second graph are `name of the graph!id`.

    Raises:
        BadInputError: not a Maltego archive, or its XML is malformed or holds a document type.
        TooLargeError: it would unpack to more than the limits allow.
    """
    entities: list[MtgxEntity] = []
    links: list[MtgxLink] = []
    for number, (name, text) in enumerate(_graphs(data)):
        before = f"{name}!" if number else ""
        try:
            for event, element in events(_as_version_1_0(text), _HELD):
                if event == "start" or local(element) not in _HELD:
                    continue
                if local(element) == "node":
                    entities += _read_node(element, before)
                else:
                    links.append(_read_edge(element, before))
        except TooLargeError as error:
            raise TooLargeError(error.reason, place=name, mend="split the graph") from None
        except (ParseError, DefusedXmlException, ValueError) as error:
            raise BadInputError(
                f"not readable as XML: {error}", place=name, mend="save the graph again in Maltego"
            ) from None
    return tuple(entities), tuple(links)


def _as_version_1_0(xml: bytes) -> bytes:
    """The client writes XML 1.1, which the parser refuses though nothing in it differs."""
    return re.sub(rb'^(\s{0,100}<\?xml version=")1\.1"', rb'\g<1>1.0"', xml)


def _graphs(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise TooLargeError(f"an archive of {len(members)} members", mend="save it again in Maltego")
            graphs = sorted(
                (member for member in members if member.filename.endswith(".graphml")),
                key=lambda member: member.filename,
            )
            if not graphs:
                raise BadInputError("not a Maltego archive: it holds no graph", mend="name an .mtgx file")
            return _unpacked(archive, graphs)
    except BROKEN as error:
        raise BadInputError(
            f"not a Maltego archive: {error}", mend="save it again, without a password"
        ) from None


def _unpacked(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]) -> list[tuple[str, bytes]]:
    left = MAX_XML
    found = []
    for member in members:
        with archive.open(member) as stream:
            text = stream.read(left + 1)
        left -= len(text)
        if left < 0:
            raise TooLargeError(
                f"graphs of more than {MAX_XML:,} bytes", place=member.filename, mend="split the graph"
            )
        found.append((member.filename, text))
    return found


def _read_node(node: Element, before: str) -> list[MtgxEntity]:
    entity = node.find(f".//{{{MTG}}}MaltegoEntity")
    if entity is None:
        return []
    position = node.find(f".//{{{MTG}}}Position")
    x, y = (_number(position.get(axis, "0")) if position is not None else 0.0 for axis in "xy")
    return [
        MtgxEntity(
            id=before + _value(node.get("id", "")),
            type=_value(entity.get("type", "")),
            properties=_main_first(entity),
            x=x,
            y=y,
            notes=_value(entity.findtext(f"{{{MTG}}}Notes") or ""),
        )
    ]


def _main_first(entity: Element) -> Properties:
    """The properties, that one first which the client names as the main one."""
    holder = entity.find(f"{{{MTG}}}Properties")
    main = holder.get("value", "") if holder is not None else ""
    found = _read_properties(entity)
    at = next((at for at, (name, _) in enumerate(found) if main and name == main), 0)
    return (*found[at : at + 1], *found[:at], *found[at + 1 :])


def _read_edge(edge: Element, before: str) -> MtgxLink:
    link = edge.find(f".//{{{MTG}}}MaltegoLink")
    source, target = (before + _value(edge.get(end, "")) for end in ("source", "target"))
    if link is None:
        return MtgxLink(source=source, target=target, properties=())
    kind = _value(link.get("type", ""))
    return MtgxLink(source=source, target=target, properties=_read_properties(link), type=kind)


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


def _value(text: str) -> str:
    if not text.startswith(ENCODED):
        return text
    try:
        return str(json.loads(text[len(ENCODED) :]))
    except (ValueError, RecursionError):
        return text
