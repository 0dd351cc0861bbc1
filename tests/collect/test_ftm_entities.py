"""FollowTheMoney entities of others: things with their fields, ties between them, what is left out and why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from line_reading import DATA, claims, document, rejected, skipped

from chokepoint.collect.ftm_entities import FtmEntities
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.identity import Entity
from chokepoint.values.registry import parse

IVAN = parse("person", "Ivan Examplev")
LOCKER = parse("organisation", "Example Locker LLC")
WALLET = Entity("crypto-address", "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h")
ACCOUNT = parse("bank-account", "DE89370400440532013000")
SAMPLE = DATA / "ftm/others.jsonl"


@pytest.fixture(scope="module")
def items() -> list[Any]:
    return list(FtmEntities().read(document(SAMPLE.read_bytes(), "x/entities.ftm.json", origin="")))


def said(items: list[Any], about: Entity, place: str = "") -> set[tuple[str, str]]:
    return {
        (one.property, one.object if isinstance(one.object, str) else ":".join(one.object))
        for one in claims(items)
        if one.subject == about and place in {"", one.place}
    }


def test_a_person_is_told_by_names_contacts_topics_and_numbers(items: list[Any]) -> None:
    assert said(items, IVAN, "line 2") == {
        ("identifier", "NK-1"),
        ("alias", "Иван Примеров"),
        ("alias", "DarkIvan"),
        ("alias", "Vanya"),
        ("located-in", "country:ru"),
        ("attribute", "birthDate: 1987-03-15"),
        ("category", "sanction"),
        ("category", "crime.cyber"),
        ("contact", "email-addr:ivan@example-mail.ru"),
        ("identifier", "passportNumber AB123456"),
    }


def test_a_company_is_told_with_its_address_and_site(items: list[Any]) -> None:
    assert said(items, LOCKER, "line 4") == {
        ("identifier", "NK-3"),
        ("website", "url:https://example-locker.com/"),
        ("located-in", "country:ru"),
        ("identifier", "innCode 7700000000"),
        ("attribute", "address: 2 Example Road"),
    }


def test_a_wallet_and_an_account_are_controlled_by_their_holders(items: list[Any]) -> None:
    assert ("controlled-by", "person:ivan examplev") in said(items, WALLET)
    assert ("controlled-by", "person:ivan examplev") in said(items, ACCOUNT)


def test_ties_are_links_though_they_stand_before_what_they_tie(items: list[Any]) -> None:
    assert said(items, IVAN, "line 1") == {
        ("related-to", "organisation:example locker llc"),
        ("role", "Directorship"),
        ("role", "General director"),
    }
    assert said(items, LOCKER, "line 6") == {
        ("controlled-by", "person:ivan examplev"),
        ("attribute", "Ownership percentage: 51"),
    }


def test_a_payment_runs_from_the_payer_to_the_account(items: list[Any]) -> None:
    found = [one for one in claims(items) if one.property == "pays"]
    assert [(one.subject, one.object, one.observed) for one in found] == [
        (LOCKER, ACCOUNT, Interval("2024-05-01", "2024-05-02"))
    ]


def test_a_sanction_names_the_same_authority_as_its_own_list_does(items: list[Any]) -> None:
    assert said(items, IVAN, "line 5") == {
        ("sanctioned-by", "organisation:us treasury ofac"),
        ("category", "CYBER2"),
    }


def test_a_tie_holds_while_it_says_and_an_entity_was_said_by_the_last_day(items: list[Any]) -> None:
    when = {(one.place, one.property): one.observed for one in claims(items)}
    assert when["line 1", "related-to"] == Interval("2019-01-01", "2021-01-01")
    assert when["line 2", "category"] == Interval("", "2026-07-02")
    assert when["line 5", "sanctioned-by"] == Interval("2023-02-09", "")


@pytest.mark.parametrize(
    ("topics", "sanctioned", "told"),
    [
        pytest.param(["role.pep"], False, False, id="an office"),
        pytest.param(["role.rca", "role.judge"], False, False, id="a relative and judge"),
        pytest.param(["role.pep", "crime.fin"], False, True, id="an office and a crime"),
        pytest.param(["role.pep"], True, True, id="an office and a sanction told apart"),
        pytest.param([], False, True, id="no topic"),
    ],
)
def test_a_person_of_whom_only_an_office_is_told_is_left_out(
    topics: list[str], sanctioned: bool, told: bool
) -> None:
    who = {"id": "p", "schema": "Person", "properties": {"name": ["Ann Officer"], "topics": topics}}
    firm = {"id": "c", "schema": "Company", "properties": {"name": ["Example Ltd"]}}
    tie = {"id": "t", "schema": "Ownership", "properties": {"owner": ["p"], "asset": ["c"]}}
    listed = {"id": "s", "schema": "Sanction", "properties": {"entity": ["p"], "authority": ["UN"]}}
    records = [tie, who, firm, *([listed] if sanctioned else [])]
    items = list(FtmEntities().read(document(lines(*records), "x.json")))
    assert any("ann officer" in f"{one.subject.value} {one.object}" for one in claims(items)) == told
    assert rejected(items) == []
    assert skipped(items).get("person of whom only an office is told", 0) == (0 if told else 2)


def test_a_reference_to_nobody_in_the_file_is_told(items: list[Any]) -> None:
    assert [(one.place, "'NK-99'" in str(one.reason)) for one in rejected(items)] == [("line 7", True)]


def test_family_and_homes_are_left_out_by_rule(items: list[Any]) -> None:
    assert skipped(items) == {"family tie of a person": 1, "address at which a person lives": 1}


def test_two_people_of_one_name_stay_two(items: list[Any]) -> None:
    assert ("category", "role.pep") in said(items, parse("person", "Ivan Examplev NK-9"))
    assert ("category", "role.pep") not in said(items, IVAN)


def test_one_data_set_is_the_origin_and_of_several_none_is_chosen(items: list[Any]) -> None:
    origins = {one.place: one.provenance.origin for one in claims(items)}
    assert origins["line 2"] == "US Treasury OFAC"
    assert origins["line 4"] == "unknown"


def test_a_weak_alias_is_an_assessment(items: list[Any]) -> None:
    natures = {one.object: one.nature for one in claims(items) if one.property == "alias"}
    assert natures == {
        "Иван Примеров": Nature.FACT,
        "DarkIvan": Nature.FACT,
        "Vanya": Nature.ASSESSMENT,
    }


def lines(*records: dict[str, Any]) -> str:
    return "\n".join(map(json.dumps, records))


PERSON = {"id": "a", "schema": "Person", "properties": {"name": ["Ivan Examplev"]}}


@pytest.mark.parametrize(
    "form",
    [
        lines(PERSON, PERSON),
        json.dumps([PERSON]),
        json.dumps([PERSON, PERSON]),
        json.dumps([PERSON, PERSON], indent=2),
        "\ufeff" + lines(PERSON),
    ],
    ids=["lines", "array", "array of several", "array over lines", "mark"],
)
def test_entities_are_recognised_in_every_form(form: str) -> None:
    paper = document(form, "x.dat")
    assert recognise(paper, collectors()).name == "ftm-entities"
    assert ("identifier", "a") in said(list(FtmEntities().read(paper)), IVAN)


@pytest.mark.parametrize(
    ("record", "word"),
    [
        pytest.param({"id": "b", "schema": "Person", "properties": {}}, "no name", id="without a name"),
        pytest.param(
            {"id": "b", "schema": "Ownership", "properties": {"owner": ["a"]}},
            "without asset",
            id="half a tie",
        ),
        pytest.param({"schema": "Person", "properties": {}}, "no FollowTheMoney entity", id="without an id"),
        pytest.param(
            {"id": "b", "schema": "CryptoWallet", "properties": {"publicKey": ["1Bad"]}},
            "no crypto address",
            id="a broken address",
        ),
        pytest.param(
            {"id": "b", "schema": "Company", "properties": {"name": ["B"], "country": ["zz9"]}},
            "no country",
            id="a country that is none",
        ),
        pytest.param(
            {"id": "b", "schema": "Company", "properties": {"name": ["B"], "email": ["nobody"]}},
            "nobody",
            id="a contact that is none",
        ),
        pytest.param(
            {"id": "b", "schema": "Company", "properties": {"name": ["B"], "x": [{"id": "c"}]}},
            "nested",
            id="a nested entity",
        ),
    ],
)
def test_a_broken_record_is_told_at_its_line_and_the_others_taken(record: dict[str, Any], word: str) -> None:
    found = list(FtmEntities().read(document(lines(PERSON, record, PERSON), "x.json")))
    assert [(one.place, word in str(one.reason)) for one in rejected(found)] == [("line 2", True)]
    assert {"line 1", "line 3"} <= {one.place for one in claims(found)}


@pytest.mark.parametrize("schema", ["Email", "Note", "Position", "Address", "Thing", "Interval"])
def test_schemata_without_a_meaning_here_are_counted_not_lost(schema: str) -> None:
    found = list(
        FtmEntities().read(document(lines(PERSON, {"id": "b", "schema": schema, "properties": {}}), "x.json"))
    )
    assert sum(skipped(found).values()) == 1
    assert rejected(found) == []


def test_an_account_on_a_platform_is_told_by_service_and_name() -> None:
    record = {
        "id": "b",
        "schema": "UserAccount",
        "properties": {"service": ["telegram"], "username": ["max_invest"], "owner": ["a"]},
    }
    found = list(FtmEntities().read(document(lines(PERSON, record), "x.json")))
    assert ("controlled-by", "person:ivan examplev") in said(
        found, parse("user-account", "telegram:max_invest")
    )


@pytest.mark.parametrize(
    "text",
    [
        "[",
        '[{"id":"a","schema":"Person","properties":{}}',
        '{"id": 1}',
        "{}",
        '{"id":"a","schema":"person","properties":{}}',
    ],
)
def test_what_is_no_whole_list_of_entities_breaks_nothing(text: str) -> None:
    paper = document(text, "x.json")
    FtmEntities().recognises(paper)
    assert claims(list(FtmEntities().read(paper))) == []


FIELDS = [
    pytest.param("taxNumber", "7", ("identifier", "taxNumber 7"), id="a tax number"),
    pytest.param("summary", "Runs mules.", ("description", "Runs mules."), id="a summary"),
    pytest.param("sourceUrl", "https://a.example/1", ("reference", "https://a.example/1"), id="a source"),
    pytest.param("topics", "crime.fraud", ("category", "crime.fraud"), id="a topic"),
    pytest.param("position", "Clerk", ("role", "Clerk"), id="a position"),
    pytest.param("previousName", "Old Name", ("alias", "Old Name"), id="a former name"),
    pytest.param("phone", "+74951234567", ("contact", "phone-number:+74951234567"), id="a phone"),
    pytest.param("jurisdiction", "cy", ("located-in", "country:cy"), id="a jurisdiction"),
    pytest.param("employeesNumber", "3", ("attribute", "employeesNumber: 3"), id="a field nobody named"),
]


@pytest.mark.parametrize(("field", "value", "told"), FIELDS)
def test_each_field_is_taken_for_what_it_says(field: str, value: str, told: tuple[str, str]) -> None:
    record = {"id": "b", "schema": "Company", "properties": {"name": ["Bee"], field: [value]}}
    found = list(FtmEntities().read(document(lines(record), "x.json")))
    assert said(found, parse("organisation", "Bee")) == {("identifier", "b"), told}


TIES = [
    pytest.param("Ownership", ("owner", "asset"), "controlled-by", True, id="who is owned is controlled"),
    pytest.param("Membership", ("member", "organization"), "part-of", False, id="a member is part"),
    pytest.param("Employment", ("employee", "employer"), "part-of", False, id="who is employed is part"),
    pytest.param("Associate", ("person", "associate"), "related-to", False, id="associates are related"),
    pytest.param("Representation", ("agent", "client"), "related-to", False, id="an agent is related"),
    pytest.param("UnknownLink", ("subject", "object"), "related-to", False, id="a link is a link"),
    pytest.param("Payment", ("payer", "beneficiary"), "pays", False, id="who pays pays"),
]


@pytest.mark.parametrize(("schema", "ends", "link", "turned"), TIES)
def test_each_tie_runs_the_way_it_says(schema: str, ends: tuple[str, str], link: str, turned: bool) -> None:
    company = {"id": "b", "schema": "Company", "properties": {"name": ["Bee"]}}
    tie = {"id": "t", "schema": schema, "properties": {ends[0]: ["a"], ends[1]: ["b"]}}
    found = claims(list(FtmEntities().read(document(lines(tie, PERSON, company), "x.json"))))
    (one,) = [claim for claim in found if claim.property == link]
    pair = (IVAN, parse("organisation", "Bee"))
    assert (one.subject, one.object) == (pair[::-1] if turned else pair)
    assert (one.place, one.raw) == ("line 1", "b" if turned else "a")


@pytest.mark.parametrize(("owners", "told"), [(50, 2_500), (51, 0)])
def test_one_tie_makes_no_more_claims_than_its_file_is_long(owners: int, told: int) -> None:
    firms = [{"id": str(n), "schema": "Company", "properties": {"name": [f"Firm {n}"]}} for n in range(101)]
    ends = {"asset": [str(n) for n in range(50)], "owner": [str(n) for n in range(50, 50 + owners)]}
    tie = {"id": "t", "schema": "Ownership", "properties": ends}
    items = list(FtmEntities().read(document(lines(*firms, tie), "x.json")))
    assert sum(1 for one in claims(items) if one.property == "controlled-by") == told
    assert [one.place for one in rejected(items)] == ([] if told else ["line 102"])


def test_nobody_is_tied_to_themselves() -> None:
    tie = {"id": "t", "schema": "Associate", "properties": {"person": ["a"], "associate": ["a"]}}
    found = claims(list(FtmEntities().read(document(lines(tie, PERSON), "x.json"))))
    assert {one.place for one in found} == {"line 2"}


def test_several_ends_are_tied_each_with_each() -> None:
    companies = [{"id": name, "schema": "Company", "properties": {"name": [name * 3]}} for name in "bc"]
    tie = {"id": "t", "schema": "Membership", "properties": {"member": ["a"], "organization": ["b", "c"]}}
    found = claims(list(FtmEntities().read(document(lines(PERSON, *companies, tie), "x.json"))))
    assert {one.object.value for one in found if one.property == "part-of"} == {"bbb", "ccc"}
