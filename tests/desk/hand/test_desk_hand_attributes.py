"""What is said of entities in words leaves with the links, by the same rules, in every form."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from desk_world import entity
from stix2validator import ValidationOptions, validate_string

from chokepoint.collect.base import Document
from chokepoint.collect.mtgx import Mtgx
from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.hand import export
from chokepoint.desk.looking.texts import attributes
from chokepoint.desk.vetting.review import vote
from chokepoint.model.claim import Claim, on_day
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from desk_world import World

HOST = entity("domain-name:pay-now.cc")
KIT = entity("malware:gate kit")
WALLET = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
SAID = [
    (HOST, "indicates", KIT),
    (HOST, "status", "offline"),
    (HOST, "description", 'sells "gate" kits\nand =calls= back'),
    (KIT, "alias", "gatekeeper"),
    (KIT, "requests-payment-to", WALLET),
    (WALLET, "amount", "12.5 (btc)"),
]
FORMS = ["stix", "misp", "maltego", "graphml", "csv"]


@pytest.fixture
def told(world: World) -> World:
    world.say("bank", *SAID, origin="lab", observed=on_day("2024-05-01"))
    return world


def written(world: World, form: str, target: str = "", who: str = "bank") -> bytes:
    out = io.BytesIO()
    export(world.open(who), form, out, target=target)
    return out.getvalue()


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def objects(data: bytes, kind: str) -> list[dict[str, object]]:
    return [one for one in json.loads(data)["objects"] if one["type"] == kind]


def read_back(data: bytes) -> list[Claim]:
    found = Mtgx().read(Document(path="export.mtgx", data=data))
    return [item for item in found if isinstance(item, Claim)]


def test_csv_has_a_row_for_each_attribute(told: World) -> None:
    found = {(row["subject"], row["property"]): row["object"] for row in rows(written(told, "csv"))}
    assert found[HOST.value, "status"] == "offline"
    assert found[HOST.value, "description"] == SAID[2][2]
    assert found[KIT.value, "alias"] == "gatekeeper"
    assert len(found) == len(SAID)


def test_stix_has_a_note_for_each_attribute_and_passes_the_strict_validator(told: World) -> None:
    data = written(told, "stix")
    result = validate_string(data.decode(), ValidationOptions(strict=True, version="2.1"))
    assert not getattr(result, "errors", None)
    notes = objects(data, "note")
    assert len(notes) == 4
    assert all(note["object_refs"] and note["extensions"] for note in notes)


def test_a_maltego_graph_comes_back_with_every_link_and_attribute(told: World) -> None:
    back = {(c.subject, c.property, c.object): c for c in read_back(written(told, "maltego"))}
    for subject, name, thing in SAID:
        claim = back[subject, name, thing]
        assert claim.provenance.origin == "lab"
        assert claim.observed == on_day("2024-05-01")
    assert len(back) == len(SAID)


def test_a_target_brings_the_attributes_of_both_ends_and_of_nothing_else(told: World) -> None:
    told.say("bank", (entity("domain-name:other.cc"), "status", "online"), path="other")
    found = rows(written(told, "csv", HOST.value))
    assert {(row["subject"], row["property"]) for row in found} == {
        (HOST.value, "indicates"),
        (HOST.value, "status"),
        (HOST.value, "description"),
        (KIT.value, "alias"),
    }


def test_an_entity_with_attributes_and_no_link_is_exported(told: World) -> None:
    told.say("bank", (entity("domain-name:lonely.cc"), "status", "parked"), path="lonely")
    found = rows(written(told, "csv", "lonely.cc"))
    assert [(row["subject"], row["object"]) for row in found] == [("lonely.cc", "parked")]
    assert ("lonely.cc", "parked") in {(row["subject"], row["object"]) for row in rows(written(told, "csv"))}


@pytest.mark.parametrize("form", FORMS)
def test_a_closed_attribute_stays_and_changes_no_byte(told: World, form: str) -> None:
    before = written(told, form)
    told.say("bank", (HOST, "description", "informant saw it"), path="closed", marking=Marking(tlp=Tlp.GREEN))
    assert written(told, form) == before
    assert b"informant" not in before


def test_what_another_member_hides_is_not_counted(told: World) -> None:
    out = io.BytesIO()
    before = export(told.open("police"), "csv", out)
    told.say("bank", (HOST, "description", "for us alone"), path="red", marking=Marking(tlp=Tlp.AMBER_STRICT))
    assert export(told.open("police"), "csv", io.BytesIO()) == before
    assert export(told.open("bank"), "csv", io.BytesIO()).left_out == before.left_out + 1


@pytest.mark.parametrize(
    "text",
    [
        "victim: Somchai Jaidee",
        "ที่อยู่: 12 ถนนสุขุมวิท",
        "note: call +66 81 234 5678",
        "note: write to jane@mail.com",
    ],
    ids=["head", "thai-head", "phone", "mail"],
)
def test_an_open_edition_holds_no_private_persons_data_in_words(told: World, text: str) -> None:
    told.say("bank", (HOST, "attribute", text), path="private")
    exported = io.BytesIO()
    assert export(told.open("bank"), "csv", exported).left_out == 1
    assert text not in exported.getvalue().decode()


def test_other_columns_kept_as_found_leave(told: World) -> None:
    told.say("bank", (HOST, "attribute", "registrar: NameCheap"), path="public")
    assert "registrar: NameCheap" in {row["object"] for row in rows(written(told, "csv"))}


def test_attributes_carry_their_own_verdict_and_belief(told: World) -> None:
    ids = told.ids("bank", told.say("bank", (HOST, "category", "phishing"), path="voted"))
    for member in ("police", "vendor"):
        vote(told.open(member), ids, Vote.CONFIRM, "seen here too")
    verdicts = {row["property"]: row["verdict"] for row in rows(written(told, "csv"))}
    beliefs = {row["property"]: float(row["belief"]) for row in rows(written(told, "csv"))}
    assert (verdicts["category"], verdicts["status"]) == ("accepted", "proposed")
    assert beliefs["category"] > beliefs["status"]


def test_an_unknown_target_is_not_found(told: World) -> None:
    with pytest.raises(NotFoundError, match="nothing known"):
        written(told, "csv", "nobody.example")


def test_too_many_attributes_are_refused_with_a_mend(told: World) -> None:
    bank = told.open("bank")
    assert len(attributes(bank, None, limit=10)) == 4
    with pytest.raises(RefusedError, match="too many"):
        attributes(bank, None, limit=3)
    assert attributes(bank, [], limit=3) == {}


def test_attributes_are_read_for_the_viewer(told: World) -> None:
    told.say("bank", (HOST, "description", "for us alone"), path="red", marking=Marking(tlp=Tlp.AMBER_STRICT))
    eid = load_snapshot(told.open("bank")).snapshot.eid.tolist()
    assert len(attributes(told.open("bank"), eid, limit=100)) == 5
    assert len(attributes(told.open("police"), eid, limit=100)) == 4
