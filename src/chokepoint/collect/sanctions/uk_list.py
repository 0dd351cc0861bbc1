"""Entries of the UK Sanctions List in XML (`Designations`), which the FCDO publishes.

Source: https://www.gov.uk/government/publications/the-uk-sanctions-list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chokepoint.collect.dates import read_day
from chokepoint.collect.sanctions.party import Mark, Name, Party, kind_of
from chokepoint.collect.sanctions.xml_parts import below, first, texts
from chokepoint.values.markup import local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_PARTS = tuple(f"Name{number}" for number in range(1, 7))
_LINES = (*(f"AddressLine{number}" for number in range(1, 7)), "AddressPostalCode", "AddressCountry")
_MARKS = {
    "PhoneNumber": "Phone Number",
    "EmailAddress": "Email Address",
    "Website": "Website",
    "OFSIGroupID": "OFSI Group ID",
    "UNReferenceNumber": "UN Reference Number",
    "BusinessRegistrationNumber": "Business registration number",
    "IMONumber": "IMO number",
    "HullIdentificationNumber": "Hull identification number",
    "Nationality": "Nationality",
    "Title": "Title",
    "Position": "Position",
    "Gender": "Gender",
}
_DOCUMENTS = {"Passport": "Passport number", "NationalIdentifier": "National identifier number"}
_ELSEWHERE = frozenset(
    {
        *("UniqueID", "DateDesignated", "IndividualEntityShip", "RegimeName", "NameType", "AliasStrength"),
        *("NameNonLatinScript", "OtherInformation", "UKStatementofReasons", "DOB", "TownOfBirth"),
        *("CountryOfBirth", *_PARTS, *_LINES, *_MARKS),
        *(f"{name}{part}" for name in _DOCUMENTS for part in ("Number", "AdditionalInformation")),
    }
)


def british(text: str) -> str:
    """A day of the list as ISO 8601, the day before the month; empty where it is none."""
    found = read_day(text.strip(), day_first=True)
    return found.isoformat() if found else ""


def entry(element: Element, place: str) -> Party:
    """One designation."""
    party = Party(uid=first(element, "UniqueID"), place=place)
    party.kind = kind_of(first(element, "IndividualEntityShip"))
    party.listed = british(first(element, "DateDesignated"))
    _call(party, element)
    party.names += [Name(text) for text in texts(element, "NameNonLatinScript")]
    party.programmes = texts(element, "RegimeName")
    party.remarks = texts(element, "OtherInformation") + texts(element, "UKStatementofReasons")
    for one in below(element, "Address"):
        lines = list(filter(None, (first(one, part) for part in _LINES)))
        country = first(one, "AddressCountry")
        party.countries += [country] if country else []
        party.streets += [", ".join(lines)] if len(lines) > bool(country) else []
    party.marks = [mark for mark in _marks(element) if mark.text]
    return party


def _call(party: Party, element: Element) -> None:
    """The names, the one that the list calls primary before its variations and aliases."""
    called: list[tuple[bool, str, Name]] = []
    for one in below(element, "Name"):
        parts = list(filter(None, (first(one, part) for part in _PARTS)))
        if parts:
            primary = first(one, "NameType").casefold() == "primary name"
            sure = "low" not in first(one, "AliasStrength").casefold()
            called.append((not primary, parts[-1], Name(" ".join(parts), sure)))
    called.sort(key=lambda one: one[0])
    party.names = [name for _, _, name in called]
    party.written = called[0][1] if called else ""
    party.primary = bool(called) and not called[0][0]


def _marks(element: Element) -> Iterator[Mark]:
    """Identifications, births and whatever else a leaf of the entry says."""
    for one in element.iter():
        name, text = local(one), " ".join((one.text or "").split())
        if name == "DOB":
            yield Mark("Date of birth", text.replace("dd/", "").replace("mm/", ""))
        elif name == "Location":
            born = (first(one, part) for part in ("TownOfBirth", "CountryOfBirth"))
            yield Mark("Place of birth", ", ".join(filter(None, born)))
        elif name in _DOCUMENTS:
            yield Mark(
                _DOCUMENTS[name], first(one, f"{name}Number"), first(one, f"{name}AdditionalInformation")
            )
        elif name in _MARKS:
            yield Mark(_MARKS[name], text)
        elif not len(one) and name not in _ELSEWHERE:
            yield Mark(name, text, plain=True)
