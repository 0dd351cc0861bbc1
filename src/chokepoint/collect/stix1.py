"""STIX 1.x and CybOX XML: indicators with their observables, TTPs, campaigns and threat actors.

Source: STIX 1.2.1 (https://docs.oasis-open.org/cti/stix/v1.2.1/), CybOX 2.1. Read without entities or DTDs.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from chokepoint.collect.base import Document, Item, Rejected, Sentences, Skipped
from chokepoint.collect.campaign_names import campaign_title
from chokepoint.collect.derive import with_derived
from chokepoint.collect.meta_naming import operation
from chokepoint.collect.naming import subject, untelling
from chokepoint.collect.origins import provenance
from chokepoint.collect.taking import named, raw_of, take, take_any, until
from chokepoint.collect.tree import LONGEST
from chokepoint.model.claim import Nature, Provenance
from chokepoint.model.errors import BadInputError, NotValidError, TooLargeError
from chokepoint.model.marking import Marking, parse_tlp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.model.identity import Entity

DEEPEST = 200
_TAKEN = frozenset({"Indicator", "Observable", "TTP", "Campaign", "Threat_Actor", "STIX_Header"})
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
_root = re.compile(rb"<(?:[\w-]+:)?(?:STIX_Package|Observables|Indicators)\b")
_namespace = re.compile(rb"stix\.mitre\.org|cybox\.mitre\.org|docs\.oasis-open\.org/cti/ns/(?:stix|cybox)")
_given_id = re.compile(rb"""<([\w:.-]{1,80})\b[^<>]{0,2000}?\bid\s*=\s*["']([^"'<>]{1,300})["']""")
_prefix = re.compile(r"([A-Z][\w .-]{2,40}): \S").match
_suffix = re.compile(r" \([a-z0-9_-]{2,20}\)$")


class Held(NamedTuple):
    """An indicator's identifiers until the end of the file, where the TTPs stand that it points to."""

    say: Sentences
    entities: tuple[Entity, ...]
    references: tuple[str, ...]


class Stix1:
    """Collector of STIX 1 packages."""

    name = "stix1"

    def recognises(self, document: Document) -> bool:
        """XML of a STIX or CybOX namespace with a package, indicators or observables."""
        head = document.head
        if b"\0" in head[:4]:
            head = head.replace(b"\0", b"")
        return b"<" in head[:200] and bool(_namespace.search(head)) and bool(_root.search(head))

    def read(self, document: Document) -> Iterator[Item]:
        """Claims on each indicator of the package."""
        return with_derived(_Package(document).items())

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing: each package stands alone."""
        return iter(())


class _Package:
    """One document while it is read."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = _lines(document.data)
        self._subject = operation(document).campaign
        self._source: Provenance = provenance(document)
        self._things: dict[str, Entity] = {}
        self._held: list[Held] = []
        self._tally: Counter[str] = Counter()
        self._number = 0

    def items(self) -> Iterator[Item]:
        """All items; an error in the middle ends them, and what was said before stays."""
        if len(self._document.data) > LONGEST:
            raise TooLargeError(
                f"{len(self._document.data):,} bytes of XML; the limit is {LONGEST:,}", mend="split it"
            )
        depth = inside = 0
        try:
            events = iterparse(io.BytesIO(self._document.data), events=("start", "end"), forbid_dtd=True)
            for event, element in events:
                name = _local(element.tag)
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise TooLargeError(f"XML nested deeper than {DEEPEST} levels", mend="flatten the file")
                if name not in _TAKEN:
                    continue
                inside += 1 if event == "start" else -1
                if event == "end" and inside == 0:
                    yield from self._element(name, element)
                    element.clear()
        except ParseError as error:
            line, column = error.position
            raise BadInputError(
                f"no XML: {error.msg}", place=f"line {line} column {column}", mend="mend the file"
            ) from None
        except DefusedXmlException as error:
            raise BadInputError(
                f"XML with {type(error).__name__}: refused", mend="remove the DTD and its entities"
            ) from None
        yield from self._pointed()

    def _element(self, name: str, element: Element) -> Iterator[Item]:
        if name == "STIX_Header":
            yield from self._header(element)
        elif name in {"Indicator", "Observable"}:
            yield from self._indicator(element)
        else:
            yield from self._thing(name, element)

    def _header(self, element: Element) -> Iterator[Item]:
        marking: Marking | None = None
        for part in element.iter():
            color = part.get("color")
            if color and _local(part.tag) == "Marking_Structure":
                try:
                    marking = (marking or Marking()).join(Marking(tlp=parse_tlp(color)))
                except NotValidError as error:
                    raise BadInputError(error.reason, place="STIX_Header", mend=error.mend) from None
        creator = _text_under(element, "Information_Source", "Name")
        self._source = provenance(self._document, origin=creator, marking=marking)
        title = _child_text(element, "Title")
        campaign = named("campaign", campaign_title(title)) if title else None
        if campaign:
            self._subject = campaign
        say = Sentences(self._source, _header_lines(self._document.data))
        for key, prop in (("Title", "name"), ("Description", "description")):
            if _child_text(element, key):
                yield say.say(self._subject, prop, _child_text(element, key))

    def _indicator(self, element: Element) -> Iterator[Item]:
        self._number += 1
        place = self._place(element, "indicator")
        observed = until(element.get("timestamp") or "")
        say = Sentences(self._source, place, observed)
        found: list[Entity] = []
        for properties in (part for part in element.iter() if _local(part.tag) == "Properties"):
            for one in self._values(properties, place):
                if isinstance(one, Rejected):
                    yield one
                else:
                    found.append(one[0])
                    yield say.say(one[0], "indicates", self._subject, raw_of(*one))
        title = _suffix.sub("", _child_text(element, "Title"))
        for entity in dict.fromkeys(found):
            yield from self._titled(say, entity, (title, _child_text(element, "Description")))
        pointed = [
            part.get("idref") or ""
            for part in element.iter()
            if _local(part.tag) in {"TTP", "Campaign", "Threat_Actor"}
        ]
        self._held.append(Held(say, tuple(found), tuple(filter(None, pointed))))
        if not found:
            self._tally["STIX 1 indicator without identifier of the vocabulary"] += 1

    def _titled(self, say: Sentences, entity: Entity, texts: tuple[str, str]) -> Iterator[Item]:
        for text in dict.fromkeys(filter(None, texts)):
            yield say.say(entity, "description", text)
        prefix = _prefix(texts[0])
        if prefix and not untelling(prefix[1]) and named("country", prefix[1]) is None:
            group = subject(prefix[1], "group")
            if group:
                judged = Sentences(say.provenance, say.place, say.observed, Nature.ASSESSMENT)
                yield judged.say(entity, "indicates", group)

    def _values(self, properties: Element, place: str) -> Iterator[tuple[Entity, str] | Rejected]:
        sort = next(
            (value for key, value in properties.attrib.items() if _local(key) == "type" and ":" in value), ""
        )
        sort = sort.rpartition(":")[2].removesuffix("ObjectType")
        digest, some = "", False
        for part in properties.iter():
            name, text = _local(part.tag), (part.text or "").strip()
            if name == "Type" and text:
                digest = text
            elif name in _VALUES and text:
                for value in text.split("##comma##"):
                    some = True
                    found = _identifier(sort, (name, digest), (value.strip(), place))
                    yield found if isinstance(found, Rejected) else (found, value.strip())
        if not some:
            self._tally[f"CybOX {sort or 'object'} without identifier of the vocabulary"] += 1

    def _thing(self, name: str, element: Element) -> Iterator[Item]:
        """A TTP's malware, a campaign or a threat actor by its name."""
        kind, title = (
            {"Campaign": "campaign", "Threat_Actor": "group"}.get(name, "malware"),
            _child_text(element, "Title"),
        )
        if name == "TTP":
            title = _text_under(element, "Malware_Instance", "Name") or _text_under(
                element, "Malware_Instance", "Title"
            )
        thing = named(kind, campaign_title(title) if kind == "campaign" else title) if title else None
        if thing is None:
            self._tally[f"STIX 1 {name} without a name (a technique)"] += 1
            return
        self._things[element.get("id") or ""] = thing
        say = Sentences(self._source, self._place(element, name))
        yield say.say(thing, "name", title)
        if _child_text(element, "Description"):
            yield say.say(thing, "description", _child_text(element, "Description"))

    def _pointed(self) -> Iterator[Item]:
        for held in self._held:
            for reference in held.references:
                thing = self._things.get(reference)
                for entity in held.entities if thing else ():
                    yield held.say.say(entity, "indicates", thing or self._subject)
                if thing is None:
                    self._tally["reference to a technique or to a part of another file"] += 1
        for rule, count in self._tally.items():
            yield Skipped(rule, count)

    def _place(self, element: Element, word: str) -> str:
        lines = self._lines.get(element.get("id") or "")
        return f"lines {lines[0]}-{lines[1]}" if lines else f"{word} {self._number}"


def _header_lines(data: bytes) -> str:
    """Where the package's header stands."""
    first = data.count(b"\n", 0, data.find(b"STIX_Header")) + 1
    last = data.count(b"\n", 0, data.rfind(b"STIX_Header")) + 1
    return f"lines {first}-{last}"


def _lines(data: bytes) -> dict[str, tuple[int, int]]:
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


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _child_text(element: Element, name: str) -> str:
    """Text of the first direct child of that name."""
    return next(((child.text or "").strip() for child in element if _local(child.tag) == name), "")


def _text_under(element: Element, outer: str, inner: str) -> str:
    """Text of the first `inner` anywhere below the first `outer`."""
    for part in element.iter():
        if _local(part.tag) == outer:
            return next(((one.text or "").strip() for one in part.iter() if _local(one.tag) == inner), "")
    return ""
