"""The JSON of the verbs that record and hand on, key by key and value by value: other programs rely on it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import CLOCK, World, entity

from chokepoint.desk.connect import connect
from chokepoint.desk.gather import gather
from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.identity import decide
from chokepoint.desk.keeping.care import verify
from chokepoint.desk.looking.look import show
from chokepoint.desk.member import one, to_json, update
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.people.staff import appoint, invite, join, staff
from chokepoint.desk.vetting.calibration import calibrate
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.watch.oversight import held_on
from chokepoint.desk.work.case import Case, Task, close_case, finish_task, open_case, set_members
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.member import Sector
from chokepoint.model.role import Role
from chokepoint.model.source import parse_grading

if TYPE_CHECKING:
    from pathlib import Path

SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
DRAFT = Case(
    id="",
    title="Romance ring",
    purpose="protect victims",
    owner="ann",
    review_date="2027-01-01",
    tasks=(Task("trace the wallet"), Task("ask the exchange")),
)


def test_a_note_tells_what_it_says_and_where(world: World) -> None:
    draft = Draft(
        text="first line\nhxxps://pay.evil[.]com/a is theirs",
        links=(("evil.com", "indicates", "group:bad gang"),),
        source="an officer",
        grading=parse_grading("B2"),
        marking=Marking(tlp=Tlp.GREEN),
        when="2026-01-02..2026-01-03",
    )
    noted = note(world.open("bank"), draft).to_json()
    words = "first line hxxps://pay.evil[.]com/a is theirs"
    url, host = "url:https://pay.evil.com/a", "domain-name:pay.evil.com"
    assert noted["claims"] == {"new": 3, "known": 0}
    assert [(one["subject"], one["property"], one["object"], one["place"]) for one in noted["said"]] == [
        (url, "observation", words, "line 2"),
        (url, "hosted-at", host, "line 2"),
        ("domain-name:evil.com", "indicates", "group:bad gang", "line 3"),
    ]
    assert {one["marking"] for one in noted["said"]} == {"TLP:GREEN"}
    assert note(world.open("bank"), draft).to_json()["claims"] == {"new": 0, "known": 3}


def test_a_case_tells_its_state(world: World) -> None:
    atlas = world.open("bank")
    opened = open_case(atlas, replace(DRAFT, members=("bank", "police/ann")))
    finish_task(atlas, opened.id, 2)
    set_members(atlas, opened.id, add=["vendor"], remove=["police/ann"])
    expected: dict[str, Any] = {
        "id": opened.id,
        "title": "Romance ring",
        "purpose": "protect victims",
        "owner": "ann",
        "review_date": "2027-01-01",
        "tasks": [
            {"text": "trace the wallet", "done": False},
            {"text": "ask the exchange", "done": True},
        ],
        "status": "closed",
        "closed": "solved",
        "organisation": "bank",
        "members": ["bank"],
        "marking": "TLP:CLEAR",
    }
    assert close_case(atlas, opened.id, "solved").to_json() == expected
    assert opened.to_json()["status"] == "open"
    assert opened.to_json()["members"] == ["bank", "police/ann"]


def test_a_member_tells_its_sector_country_levers_and_ties(world: World) -> None:
    def change(known):
        return replace(
            known,
            sector=Sector.BANK,
            country="TH",
            capabilities=frozenset({"freeze"}),
            parents=frozenset({"Acme Holding"}),
            origins=frozenset({"b list", "a list"}),
            feeds=frozenset({"phish feed"}),
        )

    update(world.open("bank"), "bank", change)
    assert to_json(one(world.open("police"), "bank")) == {
        "name": "bank",
        "sector": "bank",
        "country": "TH",
        "capabilities": ["freeze"],
        "parents": ["Acme Holding"],
        "origins": ["a list", "b list"],
        "feeds": ["phish feed"],
    }


def test_a_group_tells_its_scope_owner_and_members(world: World) -> None:
    made = make_group(world.open("bank"), "Desk", ["police", "bank/ann"])
    assert made.to_json() == {
        "group": made.scope,
        "name": "Desk",
        "owner": "bank",
        "members": ["bank/ann", "police"],
    }
    assert made.scope.startswith("group:")


def test_a_person_tells_roles_and_state_and_no_token(world: World) -> None:
    token = invite(world.open("bank"), "ann", [Role.VETTER, Role.INVESTIGATOR])
    [invited] = staff(world.open("bank"))
    told = {"organisation": "bank", "user": "ann", "roles": ["investigator", "vetter"]}
    assert invited.to_json() == told | {"state": "invited"}
    assert join(world.open("bank", "ann"), token).to_json() == told | {"state": "active"}


def test_a_look_tells_who_when_what_and_for_which_case(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    case = open_case(world.open("police"), DRAFT)
    show(replace(world.open("police"), purpose=case.id), "evil.com")
    [look] = log(world.open("police"))
    assert look.to_json() == {
        "who": "police",
        "at": CLOCK,
        "verb": "show",
        "asked": "evil.com",
        "case": case.id,
        "entities": [{"kind": "domain-name", "value": "evil.com"}],
        "claims": 0,
        "to": [],
        "copy": "",
    }


def test_a_disclosure_tells_recipients_claims_and_the_name_of_the_copy(world: World, tmp_path: Path) -> None:
    ids = accepted(world)
    build(
        world.open("bank"), "evil.com", tmp_path / "p", Dispatch(recipients=frozenset({"vendor", "police"}))
    )
    looks = [look.to_json() for look in log(world.open("bank"))]
    assert sorted(told["to"] for told in looks) == [["police"], ["vendor"]]
    assert len({told["copy"] for told in looks}) == 2
    for told in looks:
        assert (told["verb"], told["asked"]) == ("package", "evil.com")
        assert told["claims"] == len(ids) == 1
        assert len(told["copy"]) == 16
        assert told["entities"] == [
            {"kind": "domain-name", "value": "evil.com"},
            {"kind": "group", "value": "bad gang"},
        ]


def accepted(world: World) -> list[str]:
    ids = world.ids("bank", world.say("bank", (SITE, "indicates", GANG), grade="A1"))
    for name in ("police", "vendor"):
        vote(world.open(name), ids, Vote.CONFIRM, "seen")
    return ids


@pytest.mark.parametrize(
    ("to", "copies"),
    [((), ()), (("police",), ()), (("vendor", "police"), ("police", "vendor"))],
    ids=["nobody", "one", "two"],
)
def test_a_package_tells_where_it_and_each_copy_lies_and_what_it_holds(
    world: World, tmp_path: Path, to: tuple[str, ...], copies: tuple[str, ...]
) -> None:
    accepted(world)
    dispatch = Dispatch(recipients=frozenset(to))
    assert build(world.open("bank"), "evil.com", tmp_path / "p", dispatch).to_json() == {
        "path": str(tmp_path / "p"),
        "title": "evil.com",
        "claims": 1,
        "refused": 0,
        "simulated": False,
        "copies": {name: str(tmp_path / "p" / name) for name in copies},
    }


@pytest.mark.parametrize("form", ["csv", "stix", "misp", "maltego", "graphml"])
def test_an_export_tells_how_much_went_and_how_much_stayed(world: World, tmp_path: Path, form: str) -> None:
    accepted(world)
    world.say("bank", (SITE, "uses", entity("malware:m")), marking=Marking(tlp=Tlp.AMBER), path="b.txt")
    assert export(world.open("bank"), form, tmp_path / "out").to_json() == {
        "form": form,
        "claims": 1,
        "left_out": 1,
        "simulated": 0,
    }


def test_calibration_of_nothing_is_wide_open(world: World) -> None:
    assert calibrate(world.open("bank")).to_json() == {
        "brier": 0.0,
        "brier_interval": [0.0, 1.0],
        "known": 0,
        "reliability": [],
        "error_rate": 0.0,
        "error_interval": [0.0, 1.0],
        "accepted": 0,
        "usual": {"true_confirmed": 0.8, "false_disputed": 0.8},
        "bar": 0.0,
        "members": {},
        "rings": [],
        "close": [],
        "apart": {},
    }


def test_connect_counts_what_is_new_and_what_stood(world: World) -> None:
    world.say(
        "vendor", (entity("malware:dridex"), "alias", "Bugat"), (SITE, "indicates", entity("malware:bugat"))
    )
    world.say("vendor", (SITE, "indicates", entity("malware:dridex")), path="b.txt")
    first = connect(world.open("bank")).to_json()
    assert first == {
        "same": 1,
        "unsure": 0,
        "split": 0,
        "known": 0,
        "examples": ["malware:bugat = malware:dridex"],
    }
    assert connect(world.open("bank")).to_json() == first | {"same": 0, "known": 1, "examples": []}


def test_a_decision_tells_the_pair_the_word_and_who_said_so(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    decided = decide(world.open("police"), ("evil.com", "bad gang"), Sameness.DIFFERENT, reason="a site")
    assert decided.to_json() == {
        "left": "domain-name:evil.com",
        "right": "group:bad gang",
        "sameness": "different",
        "organisation": "police",
        "reason": "a site",
    }


def test_collect_tells_each_file_and_the_sum(world: World, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("evil.com\nnot a thing at all !!\nevil.org\n")
    report = gather(world.open("bank"), [tmp_path / "list.txt"]).to_json()
    [file] = report["files"]
    assert set(file) == {
        "path", "format", "capture", "origin", "claims", "entities", "links", "rejected", "skipped",
    }  # fmt: skip
    assert (file["path"], len(file["capture"])) == ("list.txt", 64)
    totals = report["totals"]
    assert totals["files"] == 1
    assert {name: totals[name] for name in ("claims", "entities", "links", "skipped")} == {
        name: file[name] for name in ("claims", "entities", "links", "skipped")
    }
    assert totals["rejected"] == len(file["rejected"])
    assert file["entities"]["domain-name"] == 2
    json.dumps(report)


def test_a_subject_is_told_what_is_held_elsewhere_and_who_looked(world: World) -> None:
    world.say("bank", (SITE, "indicates", GANG))
    world.say("vendor", (SITE, "indicates", GANG), marking=Marking(tlp=Tlp.AMBER), path="b.txt")
    join(world.open("police", "olga"), invite(world.open("police"), "olga", [Role.VETTER]))
    appoint(world.open("bank"), "police/olga", Role.OVERSEER)
    show(world.open("vendor"), "evil.com")
    told = held_on(world.open("police", "olga"), SITE).to_json()
    assert set(told) == {"entity", "claims", "elsewhere", "looks", "withheld"}
    assert told["entity"] == {"kind": "domain-name", "value": "evil.com"}
    assert told["elsewhere"] == {"vendor": 1}
    assert [one["who"] for one in told["looks"]] == ["vendor"]
    assert [one["object"]["value"] for one in told["claims"]] == ["bad gang"]
    assert told["withheld"] is False


def test_verify_counts_records_batches_and_captures(world: World) -> None:
    before = verify(world.open("bank")).counts()
    world.say("bank", (SITE, "indicates", GANG), (SITE, "status", "live"))
    world.say("vendor", (SITE, "indicates", GANG))
    after = verify(world.open("bank")).counts()
    assert {name: after[name] - before[name] for name in after} == {
        "records": 5,
        "batches": 2,
        "organisations": 0,
        "captures": 2,
        "erased": 0,
        "checkpoints": 0,
    }
    assert verify(world.open("bank"), captures=False).counts() == after | {"captures": 0}
