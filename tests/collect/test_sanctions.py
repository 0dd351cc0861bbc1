"""Sanctions lists as authorities publish them: who is listed, what they control, and what is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from line_reading import DATA, claims, document, rejected, skipped

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.sanctions import Sanctions
from chokepoint.collect.sanctions.party import kind_of, mark, treatment
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import parse

if TYPE_CHECKING:
    from chokepoint.collect.base import Document

WALLET = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
ETHER = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
OFAC = Entity("organisation", "us treasury ofac")
IVAN = parse("person", "Ivan Examplev")


def paper(name: str, **more: object) -> Document:
    return document((DATA / "sanctions" / name).read_bytes(), f"lists/{name}", origin="", **more)


def said(name: str, about: Entity | None = None) -> set[tuple[str, str]]:
    """Property and object of what a sample says of somebody, objects as `kind:value` or as text."""
    return {
        (one.property, one.object if isinstance(one.object, str) else ":".join(one.object))
        for one in claims(Sanctions().read(paper(name)))
        if about is None or one.subject == about
    }


@pytest.mark.parametrize("name", ["sdn.xml", "sdn.csv", "un.xml", "eu.xml", "eu.csv", "uk.csv"])
def test_a_list_is_recognised_whatever_its_file_is_called(name: str) -> None:
    renamed = document((DATA / "sanctions" / name).read_bytes(), "x.dat")
    assert recognise(renamed, collectors()).name == "sanctions"


def test_an_entry_in_ofacs_xml_tells_names_identifiers_and_ties() -> None:
    assert said("sdn.xml", IVAN) == {
        ("sanctioned-by", "organisation:us treasury ofac"),
        ("identifier", "US Treasury OFAC 90001"),
        ("alias", "DARKIVAN"),
        ("alias", "VANYA"),
        ("category", "CYBER2"),
        ("contact", "email-addr:ivan@example-mail.ru"),
        ("identifier", "Passport AB123456 (Russia)"),
        ("attribute", "Gender Male"),
        ("attribute", "Date of birth 15 Mar 1987"),
        ("attribute", "Nationality Russia"),
        ("located-in", "country:ru"),
        ("related-to", "organisation:example locker gang"),
    }


def test_an_entry_in_ofacs_csv_tells_what_its_remarks_hide() -> None:
    assert said("sdn.csv", IVAN) == {
        ("sanctioned-by", "organisation:us treasury ofac"),
        ("identifier", "US Treasury OFAC 90001"),
        ("category", "CYBER2"),
        ("description", "Chief of EXAMPLE LOCKER GANG"),
        ("attribute", "Date of birth 15 Mar 1987"),
        ("attribute", "Nationality Russia"),
        ("contact", "email-addr:ivan@example-mail.ru"),
        ("related-to", "organisation:example bank limited"),
    }
    assert said("sdn.csv", parse("organisation", "Example Bank Limited")) == {
        ("sanctioned-by", "organisation:us treasury ofac"),
        ("identifier", "US Treasury OFAC 906"),
        ("alias", "EBL"),
        ("category", "CUBA"),
        ("category", "CYBER2"),
        ("identifier", "SWIFT/BIC EXAMGB2L"),
        ("website", "domain-name:www.example-bank.co.uk"),
        ("website", "domain-name:www.example-bank.com"),
        ("identifier", "Company Number 01074897 (United Kingdom)"),
    }


@pytest.mark.parametrize(("name", "address"), [("sdn.xml", WALLET), ("sdn.csv", WALLET), ("sdn.csv", ETHER)])
def test_a_wallet_is_sanctioned_and_controlled_by_whoever_is_listed_with_it(name: str, address: str) -> None:
    assert said(name, Entity("crypto-address", address)) == {
        ("controlled-by", "person:ivan examplev"),
        ("sanctioned-by", "organisation:us treasury ofac"),
    }


def test_an_address_whose_checksum_fails_is_told_with_its_type_and_place() -> None:
    found = rejected(Sanctions().read(paper("sdn.xml")))
    assert [(one.place, str(one.reason)[:62]) for one in found] == [
        ("lines 25-35", "Digital Currency Address - ETH: '0xNotAnAddress' is no crypto ")
    ]


def test_a_name_of_which_the_authority_is_not_sure_is_its_assessment() -> None:
    natures = {
        str(one.object): one.nature
        for name in ("sdn.xml", "eu.xml")
        for one in claims(Sanctions().read(paper(name)))
        if one.property == "alias"
    }
    assert natures == {"DARKIVAN": Nature.FACT, "VANYA": Nature.ASSESSMENT, "Vanya": Nature.ASSESSMENT}


def test_two_entries_of_one_name_stay_two_people() -> None:
    other = parse("person", "Ivan Examplev 90004")
    assert ("category", "SDGT") in said("sdn.xml", other)
    assert ("category", "SDGT") not in said("sdn.xml", IVAN)
    assert ("located-in", "country:bg") in said("sdn.xml", other)


@pytest.mark.parametrize(
    ("name", "street"), [("sdn.xml", "1 Example"), ("uk.csv", "1 Example"), ("eu.xml", "1 Example")]
)
def test_where_a_person_lives_is_not_taken_and_said_so(name: str, street: str) -> None:
    items = list(Sanctions().read(paper(name)))
    assert skipped(items)["address at which a person lives"] == 1
    assert not [one for one in claims(items) if street in str(one.object)]


def test_where_an_organisation_sits_is_taken() -> None:
    assert ("attribute", "Address: 2 Example Road") in said("uk.csv", parse("organisation", "Example Locker"))


def test_a_vessel_is_an_asset_with_its_call_sign_and_flag() -> None:
    vessel = parse("asset", "Sea Example")
    assert ("identifier", "callSign XXAA1") in said("sdn.xml", vessel)
    assert {("identifier", "Call sign XXAA1"), ("attribute", "Vessel flag Panama")} <= said("sdn.csv", vessel)


@pytest.mark.parametrize(
    ("name", "who", "since"),
    [
        pytest.param(
            "un.xml", "Pak Example", Interval("2016-11-30", "2026-07-02"), id="un-listed-until-issued"
        ),
        pytest.param(
            "eu.xml", "Ivan Examplev", Interval("2019-05-17", "2026-10-29"), id="eu-first-regulation"
        ),
        pytest.param("eu.csv", "Ivan Examplev", Interval("2019-05-17", "2026-10-29"), id="eu-csv-day-first"),
        pytest.param("uk.csv", "Ivan Examplev", Interval("2023-02-07", ""), id="uk-day-first"),
        pytest.param(
            "sdn.xml", "Ivan Examplev", Interval("", "2026-07-31"), id="ofac-by-day-of-issue-month-first"
        ),
    ],
)
def test_the_sanction_holds_from_the_day_of_listing_to_the_day_of_issue(
    name: str, who: str, since: Interval
) -> None:
    found = [
        one.observed
        for one in claims(Sanctions().read(paper(name)))
        if one.property == "sanctioned-by" and one.subject == parse("person", who)
    ]
    assert found == [since]


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("sdn.xml", "US Treasury OFAC"),
        ("un.xml", "UN Security Council"),
        ("eu.xml", "European Union"),
        ("uk.csv", "UK Treasury OFSI"),
    ],
)
def test_the_authority_is_the_origin_and_graded_as_one(name: str, origin: str) -> None:
    sources = {
        (one.provenance.origin, one.provenance.grading.code) for one in claims(Sanctions().read(paper(name)))
    }
    assert sources == {(origin, "A2")}


def test_the_same_person_on_two_lists_is_one_entity_with_two_authorities() -> None:
    lists = {one for name in ("eu.csv", "uk.csv") for key, one in said(name, IVAN) if key == "sanctioned-by"}
    assert lists == {"organisation:european union", "organisation:uk treasury ofsi"}


def test_rows_of_one_party_are_one_entry_at_all_their_lines() -> None:
    found = [one for one in claims(Sanctions().read(paper("uk.csv"))) if one.subject == IVAN]
    assert {one.place for one in found} == {"lines 3-4"}
    assert {str(one.object) for one in found if one.property == "alias"} == {"Vanya EXAMPLE", "Ваня Пример"}


def test_columns_that_nobody_knows_are_kept_as_found() -> None:
    assert ("attribute", "Title Mr") in said("uk.csv", IVAN)
    assert ("attribute", "Date of birth 15/03/1987") in said("uk.csv", IVAN)


def test_an_entry_without_a_name_is_told_by_its_number() -> None:
    found = rejected(Sanctions().read(paper("uk.csv")))
    assert [(one.place, "'15702' has no name" in str(one.reason)) for one in found] == [("line 6", True)]


def test_a_row_of_another_width_is_told_and_the_rest_taken() -> None:
    text = (DATA / "sanctions/sdn.csv").read_text() + '77,"SHORT ROW"\n'
    items = list(Sanctions().read(document(text, "sdn.csv")))
    assert [one.place for one in rejected(items)] == ["line 5"]
    assert len({one.subject for one in claims(items) if one.property == "sanctioned-by"}) == 6


def test_entries_before_a_break_in_the_xml_stay() -> None:
    data = (DATA / "sanctions/sdn.xml").read_bytes()
    cut = data[: data.index(b"<uid>90003")]
    kept = []
    with pytest.raises(BadInputError) as refusal:
        kept.extend(Sanctions().read(document(cut, "sdn.xml")))
    assert refusal.value.place.startswith("line ")
    assert {one.subject for one in claims(kept) if one.property == "category"} == {
        IVAN,
        parse("organisation", "Example Locker Gang"),
    }


@pytest.mark.parametrize(
    "head",
    [
        '<sanctionsData xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML">',
    ],
)
def test_ofacs_other_xml_is_refused_with_the_file_to_take_instead(head: str) -> None:
    found = document(f'<?xml version="1.0"?>{head}</x>', "sdn_advanced.xml")
    assert recognise(found, collectors()).name == "sanctions"
    with pytest.raises(BadInputError) as refusal:
        list(Sanctions().read(found))
    assert "sdn.xml" in refusal.value.mend


def test_a_document_type_in_a_list_is_refused() -> None:
    text = '<!DOCTYPE x [<!ENTITY a "b">]><sdnList><sdnEntry><uid>1</uid></sdnEntry></sdnList>'
    with pytest.raises(BadInputError, match="document type"):
        list(Sanctions().read(document(text, "sdn.xml")))


def test_xml_nested_without_end_is_refused() -> None:
    with pytest.raises(BadInputError, match="nested deeper"):
        list(Sanctions().read(document("<sdnList>" + "<a>" * 60, "sdn.xml")))


def test_a_list_in_utf16_is_read_with_the_number_of_the_entry_as_its_place() -> None:
    text = (DATA / "sanctions/un.xml").read_text().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    found = claims(Sanctions().read(document(text.encode("utf-16"), "un.xml")))
    assert {one.place for one in found} == {"entry 1", "entry 2"}


@pytest.mark.parametrize(
    ("sort", "how"),
    [
        ("Digital Currency Address - XBT", "wallet"),
        ("Email Address", "contact"),
        ("Phone Number", "contact"),
        ("Website", "website"),
        ("Gender", "remark"),
        ("SWIFT/BIC", "identifier"),
        ("Passport", "identifier"),
        ("Secondary sanctions risk:", "remark"),
    ],
)
def test_each_type_of_identification_is_taken_for_what_it_is(sort: str, how: str) -> None:
    assert treatment(sort) == how


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Individual", "person"),
        ("P", "person"),
        ("Entity", "organisation"),
        ("Vessel", "asset"),
        ("Aircraft", "asset"),
        ("", "organisation"),
    ],
)
def test_the_word_of_a_list_for_a_party_gives_its_kind(word: str, kind: str) -> None:
    assert kind_of(word) == kind


def test_lists_in_csv_and_xml_say_a_birth_in_one_word() -> None:
    assert mark("DOB", "1987").sort == mark("D.O.B", "1987").sort == "Date of birth"
