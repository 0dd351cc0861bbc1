"""Columns of victims: whom actors hit is no indicator of crime, and people who are hit are left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from line_reading import claims, document, rejected, skipped

from chokepoint.collect.mapping import explain, from_json, propose
from chokepoint.collect.tabular import Tabular
from chokepoint.model.claim import on_day


def read(text: str, path: str = "case/list.csv") -> list[Any]:
    return list(Tabular().read(document(text, path)))


def told(items: list[Any]) -> set[tuple[str, str, str]]:
    return {
        (str(one.subject), one.property, str(one.object))
        for one in claims(items)
        if one.property != "subdomain-of"
    }


def test_a_leak_site_list_says_whom_a_group_hit_and_when() -> None:
    posts = [
        {"group_name": "Evil Locker", "post_title": "victim-one.com", "discovered": "2026-01-05 10:00:00"}
    ]
    items = read(json.dumps(posts), "case/posts.json")
    assert told(items) == {("group:evil locker", "targets", "domain-name:victim-one.com")}
    assert claims(items)[0].observed == on_day("2026-01-05")


@pytest.mark.parametrize(
    "header", ["Victim", "victim_domain", "Victim website", "Opfer", "Víctima", "เหยื่อ", "被害者"]
)
def test_what_stands_in_a_column_of_victims_is_never_an_indicator(header: str) -> None:
    items = read(
        f"Group,{header},Date\nEvil Locker,victim-one.com,2026-01-05\nEvil Locker,victim-two.com,2026-01-06\n"
    )
    assert told(items) == {
        ("group:evil locker", "targets", "domain-name:victim-one.com"),
        ("group:evil locker", "targets", "domain-name:victim-two.com"),
    }


def test_a_column_of_victims_is_not_indicating_what_the_file_is_called() -> None:
    items = read(
        "c2 ip,victim domain\n185.220.101.45,victim-one.com\n185.220.101.46,victim-two.com\n",
        "x/evil malware.csv",
    )
    assert not [one for one in claims(items) if "victim" in one.subject.value and one.property == "indicates"]
    assert ("ipv4-addr:185.220.101.45", "attribute", "victim domain: victim-one.com") in told(items)


def test_a_country_that_is_targeted_is_no_home_of_the_group() -> None:
    items = read("Actor,Target country\nEvil Fox,TH\nEvil Owl,FR\n")
    assert told(items) == {
        ("group:evil fox", "targets", "country:th"),
        ("group:evil owl", "targets", "country:fr"),
    }


def test_a_target_without_an_actor_beside_it_stays_what_it_was() -> None:
    mapping = propose(("source", "target"), [["evil-a.com", "evil-b.com"]] * 3)
    assert [column.role for column in mapping.columns] == ["entity", "entity"]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Victim email", "erika@opfer-example.com"),
        ("Victim phone", "+491701234567"),
        ("Victim account", "DE89370400440532013000"),
        ("Victim name", "Erika Opfer"),
    ],
)
def test_identifiers_of_people_who_are_hit_are_counted_not_taken(header: str, cell: str) -> None:
    items = read(f"Group,Domain,{header}\nEvil Fox,evil-a.com,{cell}\nEvil Fox,evil-b.com,{cell}\n")
    assert skipped(items)["identifier of a victim, who may be a person"] == 2
    assert not [one for one in claims(items) if "opfer" in f"{one.subject.value} {one.object}".lower()]
    assert not [one for one in claims(items) if cell in f"{one.subject.value} {one.object}"]


@pytest.mark.parametrize(
    "header",
    ["Victim", "post_title", "Opfer", "Victim name", "Geschädigte/r", "Plaignant", "Complainant name"],
)
def test_a_name_in_a_column_of_victims_is_counted_and_the_sites_beside_it_taken(header: str) -> None:
    rows = "Evil Fox,Erika Opfer\nEvil Owl,Max Opfer\nEvil Cat,victim-one.com\n"
    items = read(f"Group,{header}\n{rows}")
    assert skipped(items)["identifier of a victim, who may be a person"] == (3 if "name" in header else 2)
    assert not [one for one in claims(items) if "opfer" in f"{one.subject.value} {one.object}".lower()]
    assert not [one for one in rejected(items) if "Opfer" in str(one.reason)]
    if "name" not in header:
        assert ("group:evil cat", "targets", "domain-name:victim-one.com") in told(items)


@pytest.mark.parametrize(("header", "cell"), [("Victims", "120"), ("Victim sector", "Health care")])
def test_how_many_or_what_sort_of_victims_a_group_hit_is_told(header: str, cell: str) -> None:
    items = read(f"Group,{header}\nEvil Fox,{cell}\nEvil Owl,{cell}\n")
    assert ("group:evil fox", "attribute", f"{header}: {cell}") in told(items)


def test_a_victim_that_is_none_is_told_at_its_column() -> None:
    items = read("Group,Victim domain\nEvil Fox,victim-one.com\nEvil Fox,victim-two.com\nEvil Fox,???!\n")
    assert [one.place for one in rejected(items)] == ["line 4, column 'Victim domain'"]


def test_a_table_of_victims_alone_is_about_nothing() -> None:
    assert propose(("Victim domain", "Date"), [["victim-one.com", "2026-01-05"]] * 3).subject == -1


def test_the_role_of_victims_is_kept_and_explained() -> None:
    mapping = propose(("Group", "Victim domain"), [["Evil Fox", "victim-one.com"]] * 3)
    assert from_json(mapping.to_json()) == mapping
    assert "'Victim domain': Domain, victim (header)" in explain(mapping)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        pytest.param("reporter", "bob", id="who reported it"),
        pytest.param("victim", "bob smith", id="who was hit, a person"),
    ],
)
def test_a_thing_beside_which_only_people_are_named_is_kept_without_them(header: str, cell: str) -> None:
    items = read(f"url,{header}\nhttp://evil.com/a,{cell}\nhttp://evil2.com/b,{cell}\n")
    named = {one.subject.value for one in claims(items) if one.property == "mentioned-in"}
    assert named == {"http://evil.com/a", "http://evil2.com/b"}
    assert not [one for one in claims(items) if cell in str(one.object)]
    assert sum(skipped(items).values()) == 3  # the header, and a person a row


def test_how_many_were_hit_makes_no_victim_of_the_address_beside_it() -> None:
    items = read("Malware,url,victims\nemotet,http://c2.evil.com/x,5\nqakbot,http://c3.evil.com/y,1 700\n")
    assert {("url:http://c2.evil.com/x", "indicates", "malware:emotet")} <= told(items)
    assert ("url:http://c3.evil.com/y", "attribute", "victims: 1 700") in told(items)
    assert not [one for one in claims(items) if one.property == "targets"]
