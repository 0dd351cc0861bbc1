"""A row of `targets.simple.csv` is about the person or company that it names, not about their e-mail."""

from __future__ import annotations

from typing import Any

import pytest
from line_reading import claims, document, read_as, rejected, skipped

from chokepoint.collect.opensanctions import NO_LIST
from chokepoint.collect.registry import collectors, recognise

HEADER = (
    '"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions",'
    '"phones","emails","program_ids","dataset","first_seen","last_seen","last_change"\n'
)
PERSON = (
    '"NK-1","Person","Jane Fiction","J. Fiction;Janet Fiction","1970-01-02","ru","1 Main St, Omsk","77 01",'
    '"Reg 269/2014","+74951234567","jane@fiction.ru;j@fiction.ru","EU-RUS",'
    '"EU Financial Sanctions Files (FSF);Wikidata","2024-01-01","2025-01-01","2025-01-01"\n'
)
COMPANY = (
    '"NK-2","Company","Severtrucks LLC","","","ru","Omsk","","Part 2","","info@severtrucks.ru","",'
    '"Canadian Consolidated Autonomous Sanctions List","2024-08-06","2026-09-29","2025-05-19"\n'
)
POLITICIAN = '"NK-3","Person","Paul Member","","","fr","","","","","p@example.fr","","Wikidata","","",""\n'
WANTED = '"NK-4","Person","Rob Runner","","","fr","","","","","","","INTERPOL Red Notices","","",""\n'
WALLET = (
    '"il-1","CryptoWallet","TWaertrZdpRJSbLv2G638UL5HCK6sKcZYy","","","","","","2025-10-23","","","",'
    '"Israel NBCTF Sanctions","","",""\n'
)


def read(*lines: str) -> list[Any]:
    return read_as("opensanctions", document(HEADER + "".join(lines), "us/targets.simple.csv"))


def told(items: list[Any], kind: str) -> set[tuple[str, str, str]]:
    return {
        (one.subject.value, one.property, getattr(one.object, "value", one.object))
        for one in claims(items)
        if one.subject.kind == kind
    }


def test_every_fact_of_a_row_is_its_persons() -> None:
    assert told(read(PERSON), "person") == {
        ("jane fiction", "identifier", "NK-1"),
        ("jane fiction", "alias", "J. Fiction"),
        ("jane fiction", "alias", "Janet Fiction"),
        ("jane fiction", "attribute", "birthDate: 1970-01-02"),
        ("jane fiction", "located-in", "ru"),
        ("jane fiction", "identifier", "idNumber 77 01"),
        ("jane fiction", "contact", "+74951234567"),
        ("jane fiction", "contact", "jane@fiction.ru"),
        ("jane fiction", "contact", "j@fiction.ru"),
        ("jane fiction", "sanctioned-by", "eu financial sanctions files fsf"),
        ("jane fiction", "category", "Reg 269/2014"),
        ("jane fiction", "category", "EU-RUS"),
    }


def test_nothing_but_its_own_domain_is_said_of_an_address() -> None:
    assert all(one[1] in {"hosted-at", "related-to", "part-of"} for one in told(read(PERSON), "email-addr"))


def test_a_person_lives_nowhere_and_a_company_at_its_address() -> None:
    items = read(PERSON, COMPANY)
    assert skipped(items)["address at which a person lives"] == 1
    assert ("severtrucks llc", "attribute", "address: Omsk") in told(items, "organisation")


def test_the_only_data_set_of_a_row_is_who_sanctions() -> None:
    found = [one for one in claims(read(COMPANY)) if one.property == "sanctioned-by"]
    assert [one.object.value for one in found] == ["canadian consolidated autonomous sanctions list"]
    assert [one.place for one in found] == ["line 2"]


def test_a_data_set_that_sanctions_nobody_is_not_said_to() -> None:
    authorities = {one.object.value for one in claims(read(PERSON)) if one.property == "sanctioned-by"}
    assert "wikidata" not in authorities


def test_a_person_of_an_office_alone_is_not_taken() -> None:
    items = read(POLITICIAN)
    assert claims(items) == []
    assert skipped(items)[NO_LIST] == 1


def test_a_person_who_is_wanted_is_taken_and_not_said_to_be_sanctioned() -> None:
    assert told(read(WANTED), "person") == {
        ("rob runner", "identifier", "NK-4"),
        ("rob runner", "located-in", "fr"),
    }


def test_a_wallet_is_its_address() -> None:
    found = {one.subject.kind for one in claims(read(WALLET)) if one.property == "sanctioned-by"}
    assert found == {"crypto-address"}


@pytest.mark.parametrize(
    "line", ['"NK-5","Person","Short"\n', PERSON.rstrip() + ',"more"\n'], ids=["few", "many"]
)
def test_a_row_of_another_width_is_refused_at_its_line(line: str) -> None:
    items = read(COMPANY, line)
    assert [one.place for one in rejected(items)] == ["line 3"]
    assert told(items, "organisation")


def test_another_table_with_an_id_is_none_of_these() -> None:
    given = document("id,schema,name\n1,Person,Jane\n", "a.csv")
    assert recognise(given, collectors()).name != "opensanctions"
