"""OFAC's advanced XML (`sdn_advanced.xml`, `cons_advanced.xml`): parties whose facts stand in books apart.

Types, countries, places, documents, ties and programmes each have a section of their own and refer to each
other by number. Source: https://ofac.treasury.gov/sanctions-list-service (ADVANCED_XML), the UN's Advanced
Sanctions Data Model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.collect.sanctions.party import Mark, Name, Party, Tie, kind_of, mark
from chokepoint.collect.sanctions.xml_parts import DEEPEST, below, first, places, said, texts
from chokepoint.collect.tree import read_xml
from chokepoint.model.errors import BadInputError
from chokepoint.values.markup import local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LOCATION = "Location"
_KINDS = {"1": "asset", "2": "asset", "3": "organisation", "4": "person"}
"""Of sub-types by number, for a file that lost its books."""
_STREET = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION", "VILLAGE")


class _Feature(NamedTuple):
    """What is said of a party: type, text, and numbers of a looked-up word and of a place."""

    sort: str
    text: str
    word: str
    location: str


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A party with what it refers to, until all books are read."""

    party: Party
    profile: str
    kind: str
    identities: list[str] = field(default_factory=list)
    features: list[_Feature] = field(default_factory=list)


class _Books:
    """What the parties refer to by number."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], str] = {}
        self.types: dict[str, str] = {}
        self.locations: dict[str, tuple[str, dict[str, str]]] = {}
        self.documents: dict[str, list[tuple[str, str, str]]] = {}
        self.ties: dict[str, list[tuple[str, str, bool]]] = {}
        self.programmes: dict[str, list[str]] = {}
        self.listed: dict[str, list[str]] = {}
        self.published = ""

    def word(self, book: str, number: str) -> str:
        """What a number means, or empty."""
        return self.words.get((book, number), "")

    def add(self, name: str, element: Element) -> bool:
        """Whether the element is a section, or an entry of one, that is now in the books."""
        reader = _SECTIONS.get(name)
        if reader is not None:
            reader(self, element)
        return reader is not None

    def values(self, element: Element) -> None:
        """All words, by the name of their book and their number."""
        for one in (one for group in element for one in group):
            number, text = one.get("ID", ""), said(one)
            self.words[local(one), number] = text
            if one.get("PartyTypeID"):
                self.types[number] = one.get("PartyTypeID", "")

    def location(self, element: Element) -> None:
        """A place: the number of its country, and its parts by the number of their type."""
        country = next((one.get("CountryID", "") for one in below(element, "LocationCountry")), "")
        parts = {
            one.get("LocPartTypeID", ""): ", ".join(texts(one, "Value"))
            for one in below(element, "LocationPart")
        }
        self.locations[element.get("ID", "")] = country, parts

    def document(self, element: Element) -> None:
        """A document of an identity: its type, number and issuing country."""
        if number := first(element, "IDRegistrationNo"):
            told = (element.get("IDRegDocTypeID", ""), number, element.get("IssuedBy-CountryID", ""))
            self.documents.setdefault(element.get("IdentityID", ""), []).append(told)

    def tie(self, element: Element) -> None:
        """A tie of one party to another."""
        told = (
            element.get("To-ProfileID", ""),
            element.get("RelationTypeID", ""),
            element.get("Former") == "true",
        )
        self.ties.setdefault(element.get("From-ProfileID", ""), []).append(told)

    def listing(self, element: Element) -> None:
        """On which list a party stands since when, and by which programmes."""
        of = element.get("ProfileID", "")
        self.listed.setdefault(of, []).extend(filter(None, map(day_of, below(element, "Date"))))
        held = self.programmes.setdefault(of, [])
        held += [text for one in below(element, "SanctionsMeasure") for text in texts(one, "Comment")]
        held += [text for text in [self.word("List", element.get("ListID", ""))] if text]

    def issue(self, element: Element) -> None:
        """The day of the list."""
        self.published = day_of(element)

    def place(self, number: str) -> tuple[str, str]:
        """The country and the street, town and post code of a place."""
        country, parts = self.locations.get(number, ("", {}))
        named = {self.word("LocPartType", sort).upper(): text for sort, text in parts.items()}
        where = self.word("Country", country) or named.get("UNKNOWN", "")
        return where, ", ".join(named[part] for part in _STREET if named.get(part))


_SECTIONS = {
    "ReferenceValueSets": _Books.values,
    "Location": _Books.location,
    "IDRegDocument": _Books.document,
    "ProfileRelationship": _Books.tie,
    "SanctionsEntry": _Books.listing,
    "DateOfIssue": _Books.issue,
}


def entries(data: bytes) -> Iterator[tuple[str, str, Party]]:
    """Each party with the list's name and its day of publication.

    Raises:
        BadInputError: no XML, or one with a document type; the parties before stay.
    """
    where, drafts, books = places(data), list[_Draft](), _Books()
    broken: BadInputError | None = None
    try:
        for event, name, element in read_xml(data, deepest=DEEPEST, mend="fetch it again"):
            if event == "start":
                continue
            if name == "DistinctParty":
                number = len(drafts)
                drafts.append(
                    _draft(element, where[number] if number < len(where) else f"entry {number + 1}")
                )
                element.clear()
            elif books.add(name, element):
                element.clear()
    except BadInputError as error:
        broken = error
    for draft in drafts:
        yield "ofac", books.published, _settled(draft, books)
    if broken:
        raise broken


def day_of(element: Element) -> str:
    """Year, month and day below an element as ISO 8601, as precise as they are; empty without a year."""
    year, month, day = (first(element, part) for part in ("Year", "Month", "Day"))
    if not year.isdigit():
        return ""
    parts = [year.zfill(4), *(part.zfill(2) for part in (month, day if month else "") if part.isdigit())]
    return "-".join(parts)


def _draft(element: Element, place: str) -> _Draft:
    profile = next(iter(below(element, "Profile")), element)
    party = Party(uid=element.get("FixedRef") or profile.get("ID") or "", place=place)
    draft = _Draft(party=party, profile=profile.get("ID", ""), kind=profile.get("PartySubTypeID", ""))
    groups = {one.get("ID", ""): one.get("NamePartTypeID", "") for one in below(element, "NamePartGroup")}
    for identity in below(element, "Identity"):
        draft.identities.append(identity.get("ID", ""))
        for alias in sorted(below(identity, "Alias"), key=lambda one: one.get("Primary") != "true"):
            for documented in below(alias, "DocumentedName"):
                _call(party, documented, groups, sure=alias.get("LowQuality") != "true")
    draft.features = [told for one in below(element, "Feature") for told in _features(one)]
    party.remarks = [text for text in [first(element, "Comment")] if text]
    return draft


def _call(party: Party, documented: Element, groups: dict[str, str], *, sure: bool) -> None:
    """A name; what the list calls a person's last name comes last, as in its other files."""
    parts = [
        (groups.get(one.get("NamePartGroupID", ""), "") == _LAST_NAME, said(one))
        for one in below(documented, "NamePartValue")
    ]
    ordered = [text for last in (False, True) for is_last, text in parts if is_last is last and text]
    if ordered:
        party.written = party.written or parts[0][1]
        party.names.append(Name(" ".join(ordered), sure))


_LAST_NAME = "1520"


def _features(element: Element) -> Iterator[_Feature]:
    sort = element.get("FeatureTypeID", "")
    for version in below(element, "FeatureVersion") or [element]:
        details = below(version, "VersionDetail")
        text = next(filter(None, (said(one) for one in details)), "") or _period(version)
        word = next((one.get("DetailReferenceID", "") for one in details), "")
        location = next((one.get("LocationID", "") for one in below(version, "VersionLocation")), "")
        comment = first(version, "Comment")
        if text or word or location or comment:
            yield _Feature(sort, text or comment, word, location)


def _period(element: Element) -> str:
    """The days between which something was: one day where it is one, a year where it is all of it."""
    days = [
        day
        for end, side in (("Start", "From"), ("End", "To"))
        for one in below(element, end)
        for bound in below(one, side)
        if (day := day_of(bound))
    ]
    if not days:
        return ""
    since, until = days[0], days[-1]
    if since.endswith("-01-01") and until == f"{since[:4]}-12-31":
        return since[:4]
    return since if since == until else f"{since} to {until}"


def _settled(draft: _Draft, books: _Books) -> Party:
    """The party with all that it refers to."""
    party = draft.party
    word = books.word("PartySubType", draft.kind)
    if word.casefold() in {"", "unknown"}:
        word = books.word("PartyType", books.types.get(draft.kind, "")) or _KINDS.get(draft.kind, "entity")
    party.kind = kind_of(word)
    for told in draft.features:
        _feature(party, told, books)
    for identity in draft.identities:
        for sort, number, country in books.documents.get(identity, ()):
            name = books.word("IDRegDocType", sort) or "Document"
            party.marks.append(Mark(name, number, books.word("Country", country)))
    party.ties = [
        Tie(uid, books.word("RelationType", sort) + " (former)" * former)
        for uid, sort, former in books.ties.get(draft.profile, ())
    ]
    party.programmes = books.programmes.get(draft.profile, [])
    party.listed = min(books.listed.get(draft.profile, ()), default="")
    return party


def _feature(party: Party, told: _Feature, books: _Books) -> None:
    sort = books.word("FeatureType", told.sort)
    country, street = books.place(told.location)
    if sort == _LOCATION:
        party.countries += [country] if country else []
        party.streets += [", ".join(filter(None, (street, country)))] if street else []
    elif (
        text := told.text
        or books.word("DetailReference", told.word)
        or ", ".join(filter(None, (street, country)))
    ):
        party.marks.append(mark(sort or f"Feature {told.sort}", text))
