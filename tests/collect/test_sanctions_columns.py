"""Columns of the published lists of the UK and the EU: which name is the main one, what numbers somebody."""

from __future__ import annotations

import pytest
from line_reading import claims, document, skipped

from chokepoint.collect.sanctions import Sanctions
from chokepoint.model.claim import Nature
from chokepoint.values.registry import parse

UK = (
    "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name type,Alias strength,Regime Name,Designation Type,"
    "Sanctions Imposed,Town of birth,Passport number,Passport additional information,IMO number"
)
EU = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;"
    "Entity_Regulation_NumberTitle;NameAlias_WholeName;NameAlias_LogicalId;Address_Street;Address_Region;"
    "Address_ContactInfo;Address_AsAtListingTime;BirthDate_Year;Identification_Number;"
    "Identification_TypeDescription;Identification_CountryDescription"
)


def uk(**cells: str) -> str:
    """A row of the UK's list, with columns as keywords in lower case with underscores."""
    known = {"unique_id": "CYB1", "regime_name": "Cyber", "designation_type": "Individual", **cells}
    return ",".join(known.get(name.lower().replace(" ", "_"), "") for name in UK.split(",")) + "\n"


def eu(**cells: str) -> str:
    """A row of the EU's list, with columns as keywords in lower case."""
    known = {"filegenerationdate": "28/10/2022", "entity_logicalid": "13", "entity_subjecttype": "P", **cells}
    return ";".join(known.get(name.lower(), "") for name in EU.split(";")) + "\n"


def told(text: str, path: str = "x.csv") -> set[tuple[str, str]]:
    return {
        (one.property, str(one.object))
        for one in claims(Sanctions().read(document(text, path, origin="")))
        if one.property in {"identifier", "attribute", "alias"}
    }


PRIMARY = uk(name_6="GAO", name_1="Qiang", name_type="Primary Name")
VARIATION = uk(name_6="KAO", name_1="Qiang", name_type="Primary Name Variation")


@pytest.mark.parametrize("rows", [PRIMARY + VARIATION, VARIATION + PRIMARY], ids=["before", "after"])
def test_a_variation_of_the_primary_name_is_an_alias_wherever_it_stands(rows: str) -> None:
    found = claims(Sanctions().read(document(f"{UK}\n{rows}", "uk.csv")))
    assert {one.subject for one in found} == {parse("person", "Qiang Gao")}
    assert {str(one.object) for one in found if one.property == "alias"} == {"Qiang KAO"}


@pytest.mark.parametrize(
    ("strength", "nature"),
    [
        ("", Nature.FACT),
        ("Good quality a.k.a", Nature.FACT),
        ("Low quality a.k.a", Nature.ASSESSMENT),
        ("Low", Nature.ASSESSMENT),
        ("Weak", Nature.ASSESSMENT),
    ],
)
def test_an_alias_that_the_uk_calls_weak_is_its_assessment(strength: str, nature: Nature) -> None:
    text = f"{UK}\n{PRIMARY}{uk(name_6='FISHER', name_type='Alias', alias_strength=strength)}"
    found = claims(Sanctions().read(document(text, "uk.csv")))
    assert [one.nature for one in found if one.property == "alias"] == [nature]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("passport_number", "A1", ("identifier", "Passport number A1")),
        ("imo_number", "7406784", ("identifier", "IMO number 7406784")),
        ("ofsi_group_id", "13910", ("identifier", "OFSI Group ID 13910")),
        ("town_of_birth", "Kabul", ("attribute", "Town of birth Kabul")),
        ("sanctions_imposed", "Travel Ban", ("attribute", "Sanctions Imposed Travel Ban")),
        ("passport_additional_information", "lost", ("attribute", "Passport additional information lost")),
    ],
)
def test_only_a_column_of_numbers_identifies_whom_the_uk_lists(
    column: str, cell: str, said: tuple[str, str]
) -> None:
    text = f"{UK}\n{uk(name_6='GAO', **{column: cell})}"
    assert told(text) == {("identifier", "UK FCDO CYB1"), said}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        pytest.param(
            {
                "identification_number": "H123",
                "identification_typedescription": "National passport",
                "identification_countrydescription": "IRAQ",
            },
            {("identifier", "National passport H123 (IRAQ)")},
            id="a document is one identifier",
        ),
        pytest.param(
            {"identification_number": "H123"}, {("identifier", "Document H123")}, id="a document of no type"
        ),
        pytest.param({"birthdate_year": "1937"}, {("attribute", "BirthDate_Year 1937")}, id="a year"),
        pytest.param(
            {"namealias_logicalid": "17"}, {("attribute", "NameAlias_LogicalId 17")}, id="a number of a row"
        ),
        pytest.param(
            {"entity_regulation_numbertitle": "1210/2003"},
            {("attribute", "Entity_Regulation_NumberTitle 1210/2003")},
            id="a regulation",
        ),
    ],
)
def test_only_a_document_identifies_whom_the_eu_lists(
    cells: dict[str, str], said: set[tuple[str, str]]
) -> None:
    text = f"{EU}\n{eu(namealias_wholename='Ann B')}{eu(**cells)}"
    assert told(text) == {("identifier", "European Union 13"), *said}


def test_no_part_of_the_address_of_a_person_is_taken_from_the_eus_list() -> None:
    lived = eu(address_street="Road 1", address_region="North", address_contactinfo="PHONE[1]")
    items = list(
        Sanctions().read(document(f"{EU}\n{eu(namealias_wholename='Ann B')}{lived}{lived}", "x.csv"))
    )
    assert skipped(items)["address at which a person lives"] == 1
    assert not [one for one in claims(items) if any(word in str(one.object) for word in ("North", "PHONE"))]


def test_a_party_of_many_rows_costs_no_more_than_its_rows() -> None:
    rows = "".join(uk(name_6=f"N{number}", name_type="Primary name") for number in range(3_000))
    found = claims(Sanctions().read(document(f"{UK}\n{rows}", "uk.csv")))
    assert sum(1 for one in found if one.property == "alias") == 2_999
    assert {one.subject for one in found} == {parse("person", "N0")}
