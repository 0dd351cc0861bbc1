"""Collector of whole sanctions lists; OFAC's enhanced XML is named and refused, not misread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.base import Rejected, Skipped
from chokepoint.collect.decoding import beginning, decode, is_text
from chokepoint.collect.derive import with_derived
from chokepoint.collect.namesakes import Namesakes
from chokepoint.collect.sanctions import advanced, csv_lists, xml_lists
from chokepoint.collect.sanctions.party import Party, Teller, table
from chokepoint.model.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.collect.base import Document, Item
    from chokepoint.model.identity import Entity

_root = re.compile(
    rb"<(?:[\w-]{1,20}:)?(?:sdnList|CONSOLIDATED_LIST|Designations|sanctionEntity)\b", re.ASCII
)
_advanced = re.compile(
    rb"<(?:[\w-]{1,20}:)?Sanctions\b(?:[^>]{0,500}ADVANCED_XML|.{0,2000}?<(?:[\w-]{1,20}:)?(?:ReferenceValueSets|Dist))",
    re.DOTALL | re.IGNORECASE,
)
_unread = re.compile(rb"<sanctionsData\b[^>]{0,500}ENHANCED_XML", re.IGNORECASE)


class Sanctions:
    """Collector of lists of sanctioned parties."""

    name = "sanctions"

    def recognises(self, document: Document) -> bool:
        """The root of a list in XML, or its columns in CSV."""
        head = _plain(document)
        if b"<" in head[:200]:
            return bool(_root.search(head) or _advanced.search(head) or _unread.search(head))
        if not is_text(document) or head.lstrip()[:1] in (b"{", b"["):
            return False
        return bool(csv_lists.authority_of(beginning(document)))

    def read(self, document: Document) -> Iterator[Item]:
        """Each party with who sanctions it, its names, identifiers and what it controls."""
        return with_derived(_told(document))

    def finish(self) -> Iterator[tuple[Document, Item]]:
        """Nothing waits for other files."""
        return iter(())


def _told(document: Document) -> Iterator[Item]:
    if b"<" not in document.head.replace(b"\0", b"")[:200]:
        yield from _in_csv(document)
        return
    if _unread.search(_plain(document)):
        raise BadInputError(
            "OFAC's enhanced XML is not read", mend="take in sdn.xml or sdn_advanced.xml of the same list"
        )
    found: list[tuple[str, str, Party]] = []
    broken: BadInputError | None = None
    try:
        found.extend(_reader(document)(document.data))
    except BadInputError as error:
        broken = error
    if found:
        published = next((day for _, day, _ in found if day), document.published)
        yield from _all(document, (found[0][0], published), [party for _, _, party in found])
    if broken:
        raise broken


def _reader(document: Document) -> Callable[[bytes], Iterator[tuple[str, str, Party]]]:
    return advanced.entries if _advanced.search(_plain(document)) else xml_lists.entries


def _plain(document: Document) -> bytes:
    """The head without what UTF-16 puts between the letters of a tag."""
    return document.head.replace(b"\0", b"") if b"\0" in document.head[:4] else document.head


def _in_csv(document: Document) -> Iterator[Item]:
    text, defects = decode(document)
    yield from defects
    authority = csv_lists.authority_of(text)
    if not authority:
        raise BadInputError("its first lines lost the columns of a sanctions list", mend="fetch it again")
    parties: list[Party] = []
    for found in csv_lists.entries(text, authority):
        if isinstance(found, Rejected):
            yield found
        else:
            parties.append(found)
    if authority != "ofac":
        yield Skipped("header row")
    published = next((party.published for party in parties if party.published), document.published)
    yield from _all(document, (authority, published), parties)


def _all(document: Document, of: tuple[str, str], parties: list[Party]) -> Iterator[Item]:
    """The claims of all parties, namesakes told apart by their numbers."""
    authority, published = of
    teller = Teller(document, table("authority")[authority], published)
    others: dict[str, Entity] = {}
    namesakes = Namesakes()
    for party in parties:
        if party.names:
            name = party.names[0].text
            party.entity = namesakes.entity(party.kind or "organisation", name, party.uid)
            if party.entity is not None:
                others.setdefault(name.casefold(), party.entity)
                others[f"#{party.uid}"] = party.entity
    for party in parties:
        yield from teller.told(party, others)
