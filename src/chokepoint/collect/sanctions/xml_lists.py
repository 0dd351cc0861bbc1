"""Entries of sanctions lists in XML: OFAC's `sdn.xml` and `consolidated.xml`, the UN's, the EU's, the UK's.

Sources: https://ofac.treasury.gov/sanctions-list-service (sdnList), https://main.un.org/securitycouncil
(CONSOLIDATED_LIST), https://webgate.ec.europa.eu/fsd/fsf (export). Read without entities or DTDs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.collect.sanctions.party import Mark, Name, Party, kind_of
from chokepoint.collect.sanctions.uk_list import british, entry
from chokepoint.collect.sanctions.xml_parts import DEEPEST, below, first, iso, places, rest, texts
from chokepoint.collect.tree import read_xml
from chokepoint.values.markup import local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ENTRIES = {
    "sdnEntry": "ofac",
    "INDIVIDUAL": "un",
    "ENTITY": "un",
    "sanctionEntity": "eu",
    "Designation": "fcdo",
}
_NAME_PARTS = ("firstName", "lastName")
_UN_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_OFAC_READ = frozenset({"uid", "firstName", "lastName", "sdnType", "remarks", "title"})
_UN_READ = frozenset(
    {
        "DATAID",
        "REFERENCE_NUMBER",
        "LISTED_ON",
        "UN_LIST_TYPE",
        "COMMENTS1",
        "NAME_ORIGINAL_SCRIPT",
        *_UN_NAMES,
    }
)
_CONTACTS = {"EMAIL": "Email Address", "PHONE": "Phone Number", "WEB": "Website"}
_NOTHING = ("", "UNKNOWN")
_linked = re.compile(r"\(Linked To: ([^()]{2,200})\)")
_day_of = {
    "Publish_Date": "text",
    "CONSOLIDATED_LIST": "dateGenerated",
    "export": "generationDate",
    "DateGenerated": "text",
}


def entries(data: bytes) -> Iterator[tuple[str, str, Party]]:
    """Each entry with the list's name and its day of publication as known by then.

    Raises:
        BadInputError: no XML, or one with a document type; what was yielded before stays.
    """
    where, published, number = places(data), "", 0
    for event, name, element in read_xml(data, deepest=DEEPEST, mend="fetch it again"):
        if name in _day_of and not published:
            at = _day_of[name]
            text = (element.text or "" if at == "text" else element.get(at, ""))[:10]
            published = british(text) if name == "DateGenerated" else iso(text)
        if event == "end" and name in ENTRIES:
            place = where[number] if number < len(where) else f"entry {number + 1}"
            number += 1
            yield ENTRIES[name], published, _READERS[ENTRIES[name]](element, place)
            element.clear()


def _ofac(entry: Element, place: str) -> Party:
    party = Party(uid=first(entry, "uid"), place=place, kind=kind_of(first(entry, "sdnType")))
    party.names = [Name(text) for text in [_joined(entry, _NAME_PARTS)] if text]
    party.written = first(entry, "lastName")
    for aka in below(entry, "aka"):
        if text := _joined(aka, _NAME_PARTS):
            party.names.append(Name(text, first(aka, "category") != "weak"))
    party.programmes = texts(entry, "program")
    for one in below(entry, "id"):
        party.marks.append(Mark(first(one, "idType"), first(one, "idNumber"), first(one, "idCountry")))
    party.marks += [Mark("Date of birth", text) for text in texts(entry, "dateOfBirth")]
    party.marks += [Mark("Place of birth", text) for text in texts(entry, "placeOfBirth")]
    for name, sort in (("nationality", "Nationality"), ("citizenship", "Citizenship")):
        party.marks += [Mark(sort, first(one, "country")) for one in below(entry, name)]
    for one in below(entry, "address"):
        party.countries += [text for text in [first(one, "country")] if text]
        lines = [
            first(one, part)
            for part in (
                *("address1", "address2", "address3"),
                *("city", "stateOrProvince", "postalCode", "country"),
            )
        ]
        party.streets += [", ".join(filter(None, lines))] if any(lines[:3]) else []
    party.marks += rest(entry, _OFAC_READ)
    party.marks += [mark for one in below(entry, "vesselInfo") for mark in rest(one, frozenset())]
    remarks = first(entry, "remarks")
    party.linked = _linked.findall(remarks)
    said = " ".join(_linked.sub(" ", remarks).split()).strip(" ;.")
    party.remarks = [text for text in (first(entry, "title"), said) if text]
    return party


def _joined(element: Element, names: tuple[str, ...]) -> str:
    return " ".join(filter(None, (first(element, name) for name in names)))


def _un(entry: Element, place: str) -> Party:
    person = local(entry) == "INDIVIDUAL"
    party = Party(uid=first(entry, "REFERENCE_NUMBER") or first(entry, "DATAID"), place=place)
    party.kind = "person" if person else "organisation"
    party.listed = iso(first(entry, "LISTED_ON")[:10])
    party.names = [Name(text) for text in [_joined(entry, _UN_NAMES)] if text]
    party.written = next(filter(None, (first(entry, name) for name in _UN_NAMES)), "")
    for one in [*below(entry, "INDIVIDUAL_ALIAS"), *below(entry, "ENTITY_ALIAS")]:
        if text := first(one, "ALIAS_NAME"):
            party.names.append(Name(text, first(one, "QUALITY").casefold() != "low"))
    party.programmes = texts(entry, "UN_LIST_TYPE")
    party.marks += [
        Mark("Nationality", text) for one in below(entry, "NATIONALITY") for text in texts(one, "VALUE")
    ]
    for one in below(entry, "INDIVIDUAL_DATE_OF_BIRTH"):
        text = (
            first(one, "DATE") or first(one, "YEAR") or _range(first(one, "FROM_YEAR"), first(one, "TO_YEAR"))
        )
        party.marks += [Mark("Date of birth", text)] if text else []
    for one in below(entry, "INDIVIDUAL_PLACE_OF_BIRTH"):
        text = ", ".join(filter(None, (first(one, part) for part in ("CITY", "STATE_PROVINCE", "COUNTRY"))))
        party.marks += [Mark("Place of birth", text)] if text else []
    party.marks += [mark for one in below(entry, "INDIVIDUAL_DOCUMENT") if (mark := _un_document(one)).text]
    for one in [*below(entry, "INDIVIDUAL_ADDRESS"), *below(entry, "ENTITY_ADDRESS")]:
        party.countries += texts(one, "COUNTRY")
        lines = [first(one, part) for part in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")]
        party.streets += [", ".join(filter(None, lines))] if any(lines) else []
    party.names += [Name(text) for text in texts(entry, "NAME_ORIGINAL_SCRIPT")]
    party.marks += rest(entry, _UN_READ)
    party.remarks = [*texts(entry, "COMMENTS1"), *_un_notes(entry)]
    for one in [*below(entry, "TITLE"), *below(entry, "DESIGNATION")]:
        party.remarks += texts(one, "VALUE")
    return party


def _un_document(one: Element) -> Mark:
    """A document; one of which the list gives no number says what its note says."""
    sort = first(one, "TYPE_OF_DOCUMENT") or first(one, "TYPE_OF_DOCUMENT2") or "Document"
    country = first(one, "ISSUING_COUNTRY") or first(one, "COUNTRY_OF_ISSUE")
    if number := first(one, "NUMBER"):
        return Mark(sort, number, country)
    return Mark(f"{sort} without a number", first(one, "NOTE"), country, plain=True)


def _un_notes(entry: Element) -> list[str]:
    """What notes add to an address, a birth, an alias or a numbered document, behind what they are about."""
    found = []
    for part in entry:
        about = local(part).removeprefix("INDIVIDUAL_").removeprefix("ENTITY_").replace("_", " ").capitalize()
        if local(part) != "INDIVIDUAL_DOCUMENT" or first(part, "NUMBER"):
            found += [f"{about}: {text}" for text in texts(part, "NOTE")]
    return found


def _eu(entry: Element, place: str) -> Party:
    party = Party(uid=entry.get("euReferenceNumber") or entry.get("logicalId") or "", place=place)
    party.kind = kind_of(next((one.get("code", "") for one in below(entry, "subjectType")), ""))
    for one in below(entry, "nameAlias"):
        if text := " ".join((one.get("wholeName") or "").split()):
            party.names.append(Name(text, one.get("strong") != "false"))
        party.marks += [Mark("Function", one.get("function", ""))] if one.get("function") else []
    for one in below(entry, "regulation"):
        party.programmes += [text for text in [one.get("programme", "")] if text]
        party.listed = min(filter(None, [party.listed, iso(one.get("publicationDate", "")[:10])]), default="")
    for one in below(entry, "birthdate"):
        days = one.get("birthdate") or one.get("year") or ""
        party.marks.append(
            Mark("Date of birth", days or _range(one.get("yearRangeFrom", ""), one.get("yearRangeTo", "")))
        )
        born = (one.get(part, "") for part in ("city", "place", "region", "countryDescription"))
        party.marks.append(Mark("Place of birth", ", ".join(text for text in born if text not in _NOTHING)))
    party.marks += [
        Mark("Citizenship", one.get("countryDescription", ""))
        for one in below(entry, "citizenship")
        if one.get("countryDescription")
    ]
    for one in below(entry, "identification"):
        if number := one.get("number"):
            party.marks.append(
                Mark(
                    one.get("identificationTypeDescription") or "Document",
                    number,
                    one.get("countryDescription", ""),
                )
            )
    for one in below(entry, "address"):
        party.countries += [
            text for text in [one.get("countryIso2Code", "")] if len(text) == 2 and text != "00"
        ]
        lines = [one.get(part, "") for part in ("street", "poBox", "zipCode", "city", "place", "region")]
        party.streets += [", ".join(filter(None, lines))] if any(lines) else []
        party.marks += [
            Mark(_CONTACTS.get(key := told.get("key", ""), key or "Contact"), told.get("value", ""))
            for told in below(one, "contactInfo")
        ]
    party.marks = [mark for mark in party.marks if mark.text]
    party.remarks = texts(entry, "remark")
    return party


def _range(since: str, until: str) -> str:
    """Years between which somebody was born, as one text."""
    return f"{since}-{until}".strip("-")


_READERS = {"ofac": _ofac, "un": _un, "eu": _eu, "fcdo": entry}
