"""`check`: line by line, for one viewer."""

from __future__ import annotations

from collections import Counter

import pytest
from desk_world import RED, World, entity

from books import column, sheet, workbook
from chokepoint.collect.base import Document
from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.looking.check import Told, check, tell
from chokepoint.desk.looking.shared import Shared, around, shared
from chokepoint.desk.looking.tabulate import passages
from chokepoint.desk.looking.taken import taken
from chokepoint.desk.vetting.review import vote
from chokepoint.graph.traits import LISTED
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Vote

EVIL = entity("domain-name:evil.com")
GANG = entity("group:gang")
PARKING = entity("known-list:parking domains ip")
CDN = entity("known-list:known cdn")
LIST = "misp warning lists"


def told(world: World, text: str, who: str = "police") -> dict[str, Told]:
    lines = check(world.open(who), Document(path="paste", data=text.encode()))
    return {one.entity.value: one for line in lines for one in line.told}


def status(world: World, text: str, who: str = "police") -> dict[str, str]:
    return {value: one.status for value, one in told(world, text, who).items()}


def test_known_and_new_are_told_apart(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    assert status(world, "evil[.]com and other[.]com") == {"evil.com": "known", "other.com": "new"}


def test_it_says_by_whom_and_how_sure(world: World):
    world.say("bank", (EVIL, "indicates", GANG), origin="CryptoScamDB", grade="B2")
    one = told(world, "evil.com")["evil.com"]
    assert one.origins == ["CryptoScamDB"]
    assert one.best is not None
    assert one.to_json()["belief"] == pytest.approx(0.8808, abs=1e-4)
    assert one.to_json()["verdict"] == "proposed"


def test_what_is_refused_as_too_much_is_as_much_as_it_says(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("chokepoint.desk.looking.check.MOST", 3)
    assert len(told(world, "a.com b.com c.com")) == 3
    with pytest.raises(TooLargeError, match="more than 3 things"):
        told(world, "a.com b.com c.com d.com")


def test_each_line_keeps_its_place_and_its_words(world: World):
    lines = check(world.open("bank"), Document(path="p", data=b"first\n\n see evil[.]com \nlast evil[.]org"))
    assert [(line.place, line.text) for line in lines] == [
        ("line 3", "see evil[.]com"),
        ("line 4", "last evil[.]org"),
    ]


def test_a_parking_address_is_parked_whatever_is_said_of_it(world: World):
    address = entity("ipv4-addr:194.58.112.174")
    world.say("bank", (EVIL, "resolves-to", address), (address, "indicates", GANG))
    world.say("vendor", (address, "listed-on", PARKING), origin=LIST)
    one = told(world, "194.58.112.174")["194.58.112.174"]
    assert one.status == "parked"
    assert "parking" in one.shared[0].sentence()


def test_a_network_speaks_for_its_addresses(world: World):
    world.say("vendor", (entity("ipv4-addr:104.16.0.0/13"), "listed-on", CDN), origin=LIST)
    assert status(world, "104.17.2.3 and 105.1.1.1") == {"104.17.2.3": "shared", "105.1.1.1": "new"}


@pytest.mark.parametrize(
    ("name", "listed", "text", "expected"),
    [
        ("cdn domains", "cdnhost.com", "a.b.cdnhost.com", "shared"),
        ("top websites", "topsite.org", "x.topsite.org", "new"),
        ("top websites", "topsite.org", "www.topsite.org", "shared"),
        ("dynamic dns", "dyn.net", "evil.dyn.net", "new"),
        ("dynamic dns", "dyn.net", "dyn.net", "shared"),
        ("parking domains", "parked.com", "a.parked.com", "parked"),
        ("parking domain ns", "parked.com", "ns1.parked.com", "parked"),
        ("parking domain ns", "parked.com", "shop.parked.com", "new"),
        ("known sinkholes", "sink.org", "sink.org", "parked"),
        ("disposable email domains", "trash.org", "me@trash.org", "shared"),
        ("disposable email domains", "trash.org", "me@mail.trash.org", "shared"),
        ("top websites", "topsite.org", "me@topsite.org", "new"),
        ("some list of ours", "good.org", "a.good.org", "shared"),
    ],
)
def test_a_list_speaks_of_what_lies_below_as_the_map_has_it(
    world: World, name: str, listed: str, text: str, expected: str
):
    """One rule for `check`, `show` and the map: who shares a name server or a shortener is not its owner."""
    good = entity(f"known-list:{name}")
    world.say("vendor", (entity(f"domain-name:{listed}"), "listed-on", good), origin=LIST)
    world.say("bank", (entity("domain-name:seen.net"), "resolves-to", entity("ipv4-addr:9.9.9.9")), path="d")
    assert status(world, text)[text] == expected
    thing = next(iter(told(world, text).values())).entity
    world.say("bank", (thing, "indicates", entity("malware:m")), path="m")
    view = load_snapshot(world.open("bank"))
    node = next(n for n, one in view.entities(range(view.snapshot.size)).items() if one == thing)
    assert bool(view.snapshot.flags[node] & LISTED) is (expected != "new")


def test_a_known_good_thing_called_criminal_is_a_conflict(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    world.say("vendor", (EVIL, "listed-on", CDN), origin=LIST)
    one = told(world, "evil.com")["evil.com"]
    assert one.status == "conflicting"
    assert "known-good list" in one.conflicts[0]


def test_an_open_dispute_is_a_conflict(world: World):
    ids = world.ids("bank", world.say("bank", (EVIL, "indicates", GANG)))
    vote(world.open("vendor"), ids, Vote.DISPUTE, "our own test domain")
    assert told(world, "evil.com")["evil.com"].status == "known"  # police is still to vote, and blind
    vote(world.open("police"), ids, Vote.UNSURE, "cannot tell")
    one = told(world, "evil.com")["evil.com"]
    assert one.status == "conflicting"
    assert "disputed" in one.conflicts[0]


def test_a_source_that_calls_it_legitimate_is_a_conflict(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    world.say("vendor", (EVIL, "legitimate", entity("campaign:vane")), origin="Infoblox")
    assert "Infoblox calls it legitimate" in told(world, "evil.com")["evil.com"].conflicts[0]


def test_a_new_address_of_a_known_host_says_so(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    found = told(world, "https://evil.com/never/seen")
    one = found["https://evil.com/never/seen"]
    assert one.status == "new"
    assert one.near == (EVIL,)


def test_a_name_on_a_line_of_its_own_is_looked_up(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    assert status(world, "Gang\nNobody Knows This\n") == {"gang": "known"}


def test_a_cell_of_a_table_is_looked_up(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    assert status(world, "case 7,Gang,open") == {"gang": "known"}


def test_nothing_is_kept_of_what_is_checked(world: World):
    atlas = world.open("bank")
    with atlas.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one()
    told(world, "secret.example 1.2.3.4", who="bank")
    with atlas.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one() == before


def test_a_check_is_the_same_with_and_without_hidden_records(world: World):
    text = "evil.com https://evil.com/a 1.2.3.4 gang\ngang"
    before = {value: one.to_json() for value, one in told(world, text).items()}
    world.say(
        "bank",
        (EVIL, "indicates", GANG),
        (entity("ipv4-addr:1.2.3.0/24"), "listed-on", PARKING),
        marking=RED,
    )
    assert {value: one.to_json() for value, one in told(world, text).items()} == before
    assert status(world, text, who="bank") != {value: one["status"] for value, one in before.items()}


def test_a_spreadsheet_is_read_row_by_row(world: World):
    world.say("bank", (EVIL, "indicates", GANG))
    lines = check(world.open("bank"), Document(path="w.xlsx", data=column(["Domain", "evil.com", "new.org"])))
    assert [(line.place, line.told[0].status) for line in lines] == [
        ("sheet Sheet1 row 2", "known"),
        ("sheet Sheet1 row 3", "new"),
    ]


def test_a_damaged_spreadsheet_is_refused_with_its_name(world: World):
    with pytest.raises(BadInputError, match="workbook is damaged") as caught:
        check(world.open("bank"), Document(path="w.xlsx", data=b"PK\x03\x04 and then nothing"))
    assert caught.value.place == "w.xlsx"


@pytest.mark.parametrize(
    "name", ["Sheet1", "Bob's accounts", "back\\slash", "a row 9, b", "บัญชี", "'so called'"]
)
def test_what_a_column_says_of_its_cells_is_known_whatever_the_sheet_is_called(name: str):
    rows = sheet([["Bank account", "Amount"], ["19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds", "5"]])
    document = Document(path="w.xlsx", data=workbook((name, rows)))
    places = [passage.place for passage in passages(document)]
    lines = [line for line in taken(document, {}, [], Counter()) if line.found]
    assert {line.place for line in lines} == {places[1]} == {f"sheet {name} row 2"}
    assert [one.kind for line in lines for one in line.found] == ["crypto-address"]


def test_a_web_page_is_read_as_people_see_it(world: World):
    page = b"<!doctype html>\n<html><body><p>pay at\n<a href='https://evil.com/x'>here</a></p></body></html>"
    lines = check(world.open("bank"), Document(path="p.html", data=page))
    assert [one.entity.value for line in lines for one in line.told] == ["https://evil.com/x"]
    assert lines[0].place == "line 3"


def test_an_empty_text_has_nothing(world: World):
    assert check(world.open("bank"), Document(path="p", data=b"")) == []
    assert tell(world.open("bank"), []) == {}


@pytest.mark.parametrize(
    ("text", "count", "widest"),
    [
        ("ipv4-addr:1.2.3.4", 32, "0.0.0.0/0"),
        ("ipv4-addr:1.2.0.0/16", 16, "0.0.0.0/0"),
        ("ipv4-addr:0.0.0.0/0", 0, ""),
        ("ipv6-addr:2001:db8::1", 128, "::/0"),
    ],
)
def test_all_networks_lie_around_an_address(text: str, count: int, widest: str):
    found = around(entity(text))
    assert len(found) == count
    assert [one.value for one in found][-1:] == [widest] * bool(count)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        pytest.param("ipv4-addr:230.1.2.3", "ipv4-addr:224.0.0.0/4", id="multicast (RFC 5735)"),
        pytest.param("ipv4-addr:250.1.2.3", "ipv4-addr:240.0.0.0/4", id="for future use (RFC 5735)"),
        pytest.param("ipv6-addr:fd00::1", "ipv6-addr:fc00::/7", id="unique local (RFC 4193)"),
    ],
)
def test_a_check_knows_the_widest_networks_as_the_map_does(world: World, address: str, network: str):
    reserved = entity("known-list:list of rfc 5735 cidr blocks")
    world.say("bank", (entity(network), "listed-on", reserved), (entity(address), "indicates", GANG))
    [one] = tell(world.open("bank"), [entity(address)])[entity(address)].shared
    assert (one.listed, one.on) == (entity(network), reserved)


@pytest.mark.parametrize("text", ["domain-name:com", "file:sha256:00", "ipv4-addr:not an address", "group:x"])
def test_nothing_lies_around_other_things(text: str):
    assert around(entity(text)) == []


def test_hosts_above_a_host_end_below_the_top():
    assert [one.value for one in around(entity("domain-name:a.b.c.evil.com"))] == [
        "b.c.evil.com",
        "c.evil.com",
        "evil.com",
    ]


def test_lists_that_may_not_be_seen_say_nothing(world: World):
    world.say("bank", (EVIL, "listed-on", CDN), marking=RED)
    reader = world.open("police").reader
    with reader.connect() as connection:
        assert shared(reader, connection, [EVIL]) == {}
    reader = world.open("bank").reader
    with reader.connect() as connection:
        [word] = shared(reader, connection, [EVIL])[EVIL]
    assert word == Shared(listed=EVIL, on=CDN, origin="bank", parked=False)


def test_an_entity_told_without_evidence_has_no_best():
    assert Told(entity=Entity("group", "x"), status="new").best is None
