"""Parts of a STIX 1 element: CybOX properties as identifiers, times, confidence, handling, plain texts.

Source: STIX 1.2.1 (https://docs.oasis-open.org/cti/stix/v1.2.1/), CybOX 2.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from chokepoint.collect.base import Rejected
from chokepoint.collect.labels import asked_for
from chokepoint.collect.taking import span, take, take_any, until
from chokepoint.model.source import Grading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from chokepoint.model.claim import Interval
    from chokepoint.model.identity import Entity
    from chokepoint.model.marking import Marking

_VALUES = frozenset({"Value", "Address_Value", "Hostname_Value", "Simple_Hash_Value", "Account_Name"})
_DIGESTS = {
    "MD5": "md5",
    "SHA1": "sha1",
    "SHA224": "sha224",
    "SHA256": "sha256",
    "SHA384": "sha384",
    "SHA512": "sha512",
    "SSDEEP": "ssdeep",
}
_given_id = re.compile(rb"""<([\w:.-]{1,80})\b[^<>]{0,2000}?\bid\s*=\s*["']([^"'<>]{1,300})["']""")
_SURE = {"high": "2", "medium": "3", "low": "4", "none": "5", "unknown": "6"}


class Seen(NamedTuple):
    """One CybOX object: the identifiers in it with the texts that they are written as, and a file's name."""

    sort: str
    identifiers: list[tuple[Entity, str]]
    rejected: list[Rejected]
    file_name: str

    @property
    def digests(self) -> list[Entity]:
        """The digests of the one file that the object is."""
        return [entity for entity, _ in self.identifiers if entity.kind == "file"]


def objects(element: Element, place: str) -> Iterator[Seen]:
    """Every CybOX object below an element."""
    for properties in element.iter():
        if local(properties.tag) == "Properties":
            yield _object(properties, place)


def _object(properties: Element, place: str) -> Seen:
    types = (value for key, value in properties.attrib.items() if local(key) == "type" and ":" in value)
    sort = next(types, "").rpartition(":")[2].removesuffix("ObjectType")
    seen, digest, name = Seen(sort, [], [], ""), "", ""
    for part in properties.iter():
        tag, text = local(part.tag), (part.text or "").strip()
        if tag == "Type" and text:
            digest = text
        elif tag == "File_Name" and text:
            name = text
        elif tag in _VALUES and text:
            for value in text.split("##comma##"):
                found = _identifier(sort, (tag, digest), (value.strip(), place))
                if isinstance(found, Rejected):
                    seen.rejected.append(found)
                else:
                    seen.identifiers.append((found, value.strip()))
    return seen._replace(file_name=name)


def _identifier(sort: str, how: tuple[str, str], what: tuple[str, str]) -> Entity | Rejected:
    name, digest = how
    value, place = what
    if name == "Simple_Hash_Value":
        algorithm = _DIGESTS.get(digest.upper().replace("-", ""))
        return take("file", f"{algorithm}:{value}" if algorithm else value, place)
    if name == "Hostname_Value" or sort in {"DomainName", "Hostname"}:
        return take("onion-service" if value.lower().endswith(".onion") else "domain-name", value, place)
    if sort in {"URI", "Link"} and "/" in value:
        return take("url", value, place)
    return take_any(value, place)


def valid_time(element: Element) -> Interval | None:
    """When an indicator holds: its valid time, or else until it was written."""
    for part in element:
        if local(part.tag) == "Valid_Time_Position":
            found = span(child_text(part, "Start_Time"), child_text(part, "End_Time"))
            if found:
                return found
    return until(element.get("timestamp") or "")


def grading_of(element: Element) -> Grading | None:
    """The grading of an element's own confidence; None where it gives none of the vocabulary."""
    for part in element:
        if local(part.tag) == "Confidence":
            word = child_text(part, "Value")
            credibility = _SURE.get(word.lower())
            return Grading("F", credibility, f"stix1-confidence:{word[:40]}") if credibility else None
    return None


def marking_of(element: Element) -> Marking | None:
    """The strictest TLP colour anywhere in an element; None where there is none.

    Raises:
        NotValidError: a colour that nobody knows.
    """
    structures = (part for part in element.iter() if local(part.tag) == "Marking_Structure")
    return asked_for(("tlp", color) for part in structures if (color := part.get("color")))


def references(element: Element, names: frozenset[str]) -> list[tuple[str, str]]:
    """Name and id of each element of those names that stands below as a reference only."""
    parts = ((local(part.tag), part.get("idref") or "") for part in element.iter() if part is not element)
    return [(name, reference) for name, reference in parts if name in names and reference]


def inline(element: Element, names: frozenset[str]) -> list[tuple[str, Element]]:
    """Name and element of those names that stand below in full."""
    parts = ((local(part.tag), part) for part in element.iter() if part is not element)
    return [(name, part) for name, part in parts if name in names and not part.get("idref") and len(part)]


def local(tag: Any) -> str:
    """A tag or attribute name without its namespace."""
    return str(tag).rpartition("}")[2]


def child_text(element: Element, name: str) -> str:
    """Text of the first direct child of that name."""
    return next(((child.text or "").strip() for child in element if local(child.tag) == name), "")


def text_under(element: Element, outer: str, inner: str) -> str:
    """Text of the first `inner` anywhere below the first `outer`."""
    for part in element.iter():
        if local(part.tag) == outer:
            return next(((one.text or "").strip() for one in part.iter() if local(one.tag) == inner), "")
    return ""


def header_lines(data: bytes) -> str:
    """Where the package's header stands."""
    first = data.count(b"\n", 0, data.find(b"STIX_Header")) + 1
    last = data.count(b"\n", 0, data.rfind(b"STIX_Header")) + 1
    return f"lines {first}-{last}"


def lines_by_id(data: bytes) -> dict[str, tuple[int, int]]:
    """The lines from each id to the next element of the same name, or to the end of the file."""
    seen: list[tuple[str, bytes, int]] = []
    at, line = 0, 1
    for match in _given_id.finditer(data):
        line += data.count(b"\n", at, match.start())
        at = match.start()
        seen.append((match[2].decode("utf-8", "replace"), match[1], line))
    following: dict[bytes, int] = {}
    end = data.count(b"\n") + 2
    found: dict[str, tuple[int, int]] = {}
    for name, tag, start in reversed(seen):
        found[name] = (start, max(start, following.get(tag, end) - 1))
        following[tag] = start
    return found
