"""Entries of sanctions lists part by part: remarks of OFAC's CSV, documents of the UN's, columns of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, skipped

from chokepoint.collect.namesakes import Namesakes
from chokepoint.collect.sanctions import Sanctions
from chokepoint.collect.sanctions.csv_lists import authority_of
from chokepoint.collect.sanctions.xml_lists import entries, iso
from chokepoint.model.claim import Nature
from chokepoint.values.registry import parse

if TYPE_CHECKING:
    from chokepoint.model.identity import Entity


def sdn_row(remark: str, kind: str = "-0- ", name: str = "EXAMPLE LTD.") -> str:
    filler = ",".join(["-0- "] * 7)
    return f'7,"{name}",{kind},"CYBER2",{filler},"{remark}"\n'


def said(text: str, path: str = "x.dat") -> set[tuple[str, str]]:
    return {
        (one.property, one.object if isinstance(one.object, str) else ":".join(one.object))
        for one in claims(Sanctions().read(document(text, path, origin="")))
        if one.property not in {"sanctioned-by", "category", "hosted-at", "subdomain-of"}
        and one.object != "US Treasury OFAC 7"
    }


@pytest.mark.parametrize(
    ("remark", "told"),
    [
        pytest.param("a.k.a. 'EX'.", ("alias", "EX"), id="an alias"),
        pytest.param("f.k.a. 'OLD NAME'.", ("alias", "OLD NAME"), id="a former name"),
        pytest.param("a.k.a. 'ABU-'UMAR''.", ("alias", "ABU-'UMAR'"), id="an alias with quotes"),
        pytest.param(
            "alt. Website www.example-a.com.",
            ("website", "domain-name:www.example-a.com"),
            id="a second site",
        ),
        pytest.param(
            "Email Address a@example-a.com.", ("contact", "email-addr:a@example-a.com"), id="a mailbox"
        ),
        pytest.param("Phone Number +74951234567.", ("contact", "phone-number:+74951234567"), id="a phone"),
        pytest.param(
            "Cedula No. 6068015 (Colombia).",
            ("identifier", "Cedula No. 6068015 (Colombia)"),
            id="an identity card",
        ),
        pytest.param(
            "NIT # 890115794-3 (Colombia).", ("identifier", "NIT # 890115794-3 (Colombia)"), id="a tax number"
        ),
        pytest.param(
            "SSN 523-33-0000 (United States).",
            ("identifier", "SSN 523-33-0000 (United States)"),
            id="a social security number",
        ),
        pytest.param(
            "Vessel Registration Identification IMO 7406784.",
            ("identifier", "Vessel Registration Identification IMO 7406784"),
            id="a ship's number",
        ),
        pytest.param("POB Giza, Egypt.", ("attribute", "Place of birth Giza, Egypt"), id="a place of birth"),
        pytest.param("Gender Male.", ("attribute", "Gender Male"), id="a gender"),
        pytest.param("Linked To: OTHER LTD.", ("related-to", "organisation:other ltd"), id="a tie"),
        pytest.param("all offices worldwide.", ("description", "all offices worldwide"), id="words"),
    ],
)
def test_each_remark_of_ofacs_csv_is_taken_for_what_it_says(remark: str, told: tuple[str, str]) -> None:
    assert said(sdn_row(remark)) == {told}


def test_aliases_in_ofacs_remarks_are_the_weak_ones() -> None:
    found = claims(Sanctions().read(document(sdn_row("a.k.a. 'ERNIE'; DOB 1948."), "sdn.csv")))
    natures = {one.property: one.nature for one in found}
    assert (natures["alias"], natures["attribute"]) == (Nature.ASSESSMENT, Nature.FACT)


def test_every_column_of_a_vessel_is_told() -> None:
    row = '7,"SEA","vessel","CUBA",-0- ,"J8FR5","Cargo","8,700 DWT","5,600","Panama","EX LINES",-0- \n'
    assert said(row) == {
        ("identifier", "Call sign J8FR5"),
        ("attribute", "Vessel type Cargo"),
        ("attribute", "Tonnage 8,700 DWT"),
        ("attribute", "Gross registered tonnage 5,600"),
        ("attribute", "Vessel flag Panama"),
        ("attribute", "Vessel owner EX LINES"),
    }


def test_remarks_stand_beside_each_other_and_none_is_lost() -> None:
    told = said(sdn_row("DOB 1948; alt. DOB 1949; a.k.a. 'A'; a.k.a. 'B'; Linked To: OTHER; words."))
    assert len(told) == 6


@pytest.mark.parametrize(
    ("name", "kind", "who"),
    [
        ("EXAMPLEV, Ivan", "individual", parse("person", "Ivan Examplev")),
        ("EXAMPLEV", "individual", parse("person", "Examplev")),
        ("EXAMPLE, S.A.", "-0- ", parse("organisation", "Example, S.A.")),
        ("SEA, Example", "vessel", parse("asset", "Sea, Example")),
    ],
)
def test_only_names_of_people_are_turned_round(name: str, kind: str, who: Entity) -> None:
    found = claims(Sanctions().read(document(sdn_row("x.", kind, name), "sdn.csv")))
    assert {one.subject for one in found} == {who}


UN = (
    '<CONSOLIDATED_LIST dateGenerated="2026-07-01"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>'
    "<FIRST_NAME>PAK</FIRST_NAME><SECOND_NAME>EXAMPLE</SECOND_NAME><REFERENCE_NUMBER>K.1</REFERENCE_NUMBER>"
    "{}</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"
)


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        pytest.param(
            "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>A1</NUMBER>"
            "<ISSUING_COUNTRY>Iraq</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>",
            {("identifier", "Passport A1 (Iraq)")},
            id="a passport",
        ),
        pytest.param(
            "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NOTE>lost in 2011</NOTE>"
            "</INDIVIDUAL_DOCUMENT>",
            {("attribute", "Passport without a number lost in 2011")},
            id="a document without number",
        ),
        pytest.param(
            "<INDIVIDUAL_DOCUMENT><NUMBER>7</NUMBER><COUNTRY_OF_ISSUE>Yemen</COUNTRY_OF_ISSUE><NOTE>expired</NOTE>"
            "</INDIVIDUAL_DOCUMENT>",
            {("identifier", "Document 7 (Yemen)"), ("description", "Document: expired")},
            id="a document with a note and the country that issued it",
        ),
        pytest.param(
            "<INDIVIDUAL_ADDRESS><COUNTRY>Rwanda</COUNTRY><NOTE>As of June 2011.</NOTE></INDIVIDUAL_ADDRESS>",
            {("located-in", "country:rw"), ("description", "Address: As of June 2011.")},
            id="a note on an address",
        ),
        pytest.param("<TITLE><VALUE>Maulavi</VALUE></TITLE>", {("description", "Maulavi")}, id="a title"),
        pytest.param("<INDIVIDUAL_DOCUMENT/>", set(), id="an empty document"),
        pytest.param(
            "<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1970</YEAR></INDIVIDUAL_DATE_OF_BIRTH>",
            {("attribute", "Date of birth 1970")},
            id="a year of birth",
        ),
        pytest.param(
            "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1968</FROM_YEAR>"
            "<TO_YEAR>1971</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>",
            {("attribute", "Date of birth 1968-1971")},
            id="years of birth",
        ),
        pytest.param(
            "<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Zabul</CITY><COUNTRY>Afghanistan</COUNTRY>"
            "</INDIVIDUAL_PLACE_OF_BIRTH>",
            {("attribute", "Place of birth Zabul, Afghanistan")},
            id="a place of birth",
        ),
        pytest.param(
            "<NAME_ORIGINAL_SCRIPT>박</NAME_ORIGINAL_SCRIPT>", {("alias", "박")}, id="a name in its script"
        ),
        pytest.param(
            "<DESIGNATION><VALUE>Clerk</VALUE></DESIGNATION>", {("description", "Clerk")}, id="an office"
        ),
        pytest.param(
            "<INDIVIDUAL_ADDRESS><STREET>Road 1</STREET><COUNTRY>Iraq</COUNTRY></INDIVIDUAL_ADDRESS>",
            {("located-in", "country:iq")},
            id="an address",
        ),
        pytest.param("<GENDER>Male</GENDER>", {("attribute", "GENDER Male")}, id="a gender"),
        pytest.param(
            "<NEW_FIELD>new</NEW_FIELD>", {("identifier", "NEW_FIELD new")}, id="a field of tomorrow"
        ),
    ],
)
def test_each_part_of_an_entry_of_the_un_is_taken_for_what_it_says(
    inner: str, told: set[tuple[str, str]]
) -> None:
    assert said(UN.format(inner)) - {("identifier", "UN Security Council K.1")} == told


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        pytest.param(
            '<birthdate year="1970" city="Tikrit" countryDescription="IRAQ"/>',
            {("attribute", "Date of birth 1970"), ("attribute", "Place of birth Tikrit, IRAQ")},
            id="a year and a place of birth",
        ),
        pytest.param(
            '<birthdate yearRangeFrom="1968" yearRangeTo="1970" countryDescription="UNKNOWN"/>',
            {("attribute", "Date of birth 1968-1970")},
            id="years of birth",
        ),
        pytest.param("<birthdate/>", set(), id="nothing of a birth"),
        pytest.param(
            '<address city="Basra" zipCode="7" countryIso2Code="00"/>',
            {("attribute", "Address: 7, Basra")},
            id="a city without street",
        ),
        pytest.param(
            '<address countryIso2Code="00"><contactInfo key="EMAIL" value="a@example-a.com"/>'
            '<contactInfo key="FAX" value="1"/></address>',
            {("contact", "email-addr:a@example-a.com"), ("identifier", "FAX 1")},
            id="how it is reached",
        ),
    ],
)
def test_each_part_of_an_entry_of_the_eu_is_taken_for_what_it_says(
    inner: str, told: set[tuple[str, str]]
) -> None:
    text = (
        '<export><sanctionEntity logicalId="7"><subjectType code="enterprise"/>'
        f'<nameAlias wholeName="Example"/>{inner}</sanctionEntity></export>'
    )
    assert said(text, "x.xml") - {("identifier", "European Union 7")} == told


def test_the_city_of_an_organisation_that_the_un_lists_is_told() -> None:
    text = (
        "<CONSOLIDATED_LIST><ENTITIES><ENTITY><FIRST_NAME>Example</FIRST_NAME><DATAID>1</DATAID>"
        "<ENTITY_ADDRESS><CITY>Basra</CITY></ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>"
    )
    assert ("attribute", "Address: Basra") in said(text, "x.xml")


def test_a_country_that_is_none_is_kept_as_it_is_written() -> None:
    inner = "<INDIVIDUAL_ADDRESS><COUNTRY>Atlantis</COUNTRY></INDIVIDUAL_ADDRESS>"
    assert ("attribute", "Country: Atlantis") in said(UN.format(inner))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("07/30/2026", "2026-07-30"),
        ("2026-07-30", "2026-07-30"),
        ("30/07/2026", "2026-07-30"),
        ("", ""),
        ("soon", ""),
        ("13/13/2026", ""),
    ],
)
def test_days_of_lists_are_read_month_first_where_slashes_part_them(written: str, day: str) -> None:
    assert iso(written) == day


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        (sdn_row("x."), "ofac"),
        ("Name 6,Name 1,Regime\nA,B,Cyber\n", "uk"),
        ("Last Updated,1/1/2026\nName 6,Name 1,Regime Name\n", "uk"),
        ("x;Entity_LogicalId;NameAlias_WholeName\n", "eu"),
        ("Name 6,Name 1\nA,B\n", ""),
        ("7,a,b,c\n", ""),
        ("", ""),
    ],
)
def test_a_list_in_csv_is_told_by_its_columns_alone(text: str, authority: str) -> None:
    assert authority_of(text) == authority


def test_a_uk_row_without_the_number_of_its_party_is_told() -> None:
    text = "Name 6,Name 1,Regime,Group ID\nA,B,Cyber,1\nC,D,Cyber,\n"
    items = list(Sanctions().read(document(text, "uk.csv")))
    assert [one.place for one in rejected(items)] == ["line 3"]
    assert {one.subject for one in claims(items)} == {parse("organisation", "B A")}


def test_rows_of_one_party_need_not_stand_together() -> None:
    text = "Name 6,Regime,Group ID\nFIRST,Cyber,1\nSECOND,Cyber,2\nTHIRD,Cyber,1\n"
    found = [one for one in claims(Sanctions().read(document(text, "uk.csv"))) if one.property == "alias"]
    assert [(one.subject.value, one.object, one.place) for one in found] == [("first", "THIRD", "lines 2-4")]


@pytest.mark.parametrize("text", ["<sdnList/>", "<sdnList></sdnList>", "<CONSOLIDATED_LIST/>"])
def test_a_list_of_nobody_says_nothing(text: str) -> None:
    assert list(Sanctions().read(document(text, "x.xml"))) == []


def test_places_count_lines_though_entries_share_one() -> None:
    data = b"<sdnList><sdnEntry><uid>1</uid></sdnEntry><sdnEntry>\n<uid>2</uid>\n</sdnEntry></sdnList>"
    assert [party.place for _, _, party in entries(data)] == ["line 1", "lines 1-3"]


@pytest.mark.parametrize(
    "empty", ["<sdnEntry/>", "<sdnEntry />", '<sdnEntry a="b/c"/>', "<sdnEntry></sdnEntry>"]
)
def test_an_empty_entry_moves_no_other_from_its_place(empty: str) -> None:
    data = f"<sdnList>{empty}\n<sdnEntry>\n<uid>2</uid></sdnEntry>\n<sdnEntry/></sdnList>".encode()
    assert [party.place for _, _, party in entries(data)] == ["line 1", "lines 2-3", "line 4"]


@given(
    st.lists(st.tuples(st.sampled_from(["Ann B", "Cid D", "ann b"]), st.integers(1, 9).map(str)), max_size=12)
)
def test_no_two_numbers_of_a_list_are_one_entity_and_no_number_is_two(parties: list[tuple[str, str]]) -> None:
    known = Namesakes()
    met: dict[tuple[str, str], Any] = {}
    for name, number in parties:
        key = (name.casefold(), number)
        found = known.entity("person", name, number)
        assert met.setdefault(key, found) == found
    assert len(set(met.values())) == len(met)


def test_where_an_unnamed_party_stands_nothing_else_is_lost() -> None:
    text = sdn_row("x.", name="") + sdn_row("y.")
    items = list(Sanctions().read(document(text, "sdn.csv")))
    assert [one.place for one in rejected(items)] == ["line 1"]
    assert {one.place for one in claims(items)} == {"line 2"}
    assert skipped(items) == {}
