"""`case` and `note` as a team uses them that had a chat group and a spreadsheet before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
OPEN = (
    "case",
    "open",
    "Fake",
    "banks",
    "--purpose",
    "victim reports of fake banks",
    "--review",
    "2099-01-31",
)


def opened(desk: Desk, *more: str, who: str = "bank/ann") -> dict[str, Any]:
    case = desk.json(*OPEN, *more, who=who)["case"]
    assert isinstance(case, dict)
    return case


def test_a_case_is_drawn_with_all_that_a_team_asks_about(desk: Desk):
    case = opened(desk, "--task", "ask the registrar", "--task", "freeze the wallet")
    assert desk.ok("case", "show", case["id"], who="bank/ann").split("\n") == [
        f"{case['id']}  Fake banks  [TLP:AMBER]",
        "purpose  victim reports of fake banks",
        "owner    ann, bank",
        "review   2099-01-31",
        "members  bank",
        "  1. [ ] ask the registrar",
        "  2. [ ] freeze the wallet",
        "",
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Fake banks", id="its title"),
        pytest.param("fake BANKS", id="in any case"),
    ],
)
def test_a_case_is_found_by(desk: Desk, name: str):
    case = opened(desk)
    assert desk.json("case", "show", name)["case"]["id"] == case["id"]


def test_the_beginning_of_an_id_finds_a_case(desk: Desk):
    case = opened(desk)
    assert desk.json("case", "show", case["id"][:12])["case"]["id"] == case["id"]
    assert desk.json("case", "show", case["id"].removeprefix("case-")[:6])["case"]["id"] == case["id"]


def test_two_cases_of_one_title_are_not_guessed_between(desk: Desk):
    first = opened(desk)
    opened(desk)
    result = desk.run("case", "show", "Fake banks")
    assert result.exit_code == 1
    assert "2 cases are called so. Mend: name one by its id: case-" in result.stderr
    assert desk.json("case", "show", first["id"])["case"] == first


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        pytest.param("2020-01-01", "the review date has passed. Mend: name a day to come", id="past"),
        pytest.param("tomorrow", "is no ISO 8601 date. Mend: write YYYY-MM-DD", id="a word"),
        pytest.param("2099-13-01", "is no ISO 8601 date", id="no such month"),
        pytest.param("", "review date", id="none"),
    ],
)
def test_a_review_date_lies_ahead(desk: Desk, day: str, reason: str):
    result = desk.run(*OPEN[:-1], day)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert desk.json("case", "list")["cases"] == []


def test_the_list_counts_what_is_left_to_do(desk: Desk):
    case = opened(desk, "--task", "one", "--task", "two")
    desk.ok("case", "done", case["id"], "1", who="bank/ann")
    header, row, *_ = desk.ok("case", "list", who="bank/ann").split("\n")
    assert header.split() == ["case", "title", "owner", "open", "tasks", "review", "marking"]
    assert row.split("  ")[0] == case["id"]
    assert " 1  2099-01-31  TLP:AMBER" in row


def test_a_closed_case_leaves_the_list_and_stays_on_record(desk: Desk):
    case = opened(desk)
    desk.ok("case", "close", case["id"], "--reason", "wallet frozen", who="bank/ann")
    assert "No open case" in desk.ok("case", "list", who="bank/ann")
    assert "2099-01-31 (closed)" in desk.ok("case", "list", "--closed", who="bank/ann")
    assert "closed   wallet frozen" in desk.ok("case", "show", case["id"], who="bank/ann")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(("task", "CASE", "one more"), "the case is closed. Mend: open a new one", id="task"),
        pytest.param(("done", "CASE", "1"), "the case is closed", id="done"),
        pytest.param(("close", "CASE", "--reason", "again"), "the case is closed", id="close"),
        pytest.param(("member", "CASE", "--add", "police"), "the case is closed", id="member"),
        pytest.param(("review", "CASE", "--review", "2099-01-01"), "the case is closed", id="review"),
    ],
)
def test_a_closed_case_takes_no_more_work(desk: Desk, words: tuple[str, ...], reason: str):
    case = opened(desk, "--task", "one")
    desk.ok("case", "close", case["id"], "--reason", "done", who="bank/ann")
    result = desk.run("case", *(case["id"] if word == "CASE" else word for word in words), who="bank/ann")
    assert result.exit_code == 1
    assert reason in result.stderr


@pytest.mark.parametrize("verb", ["show", "task", "done", "close", "member", "review"])
def test_a_case_that_is_not_there_is_not_there_for_any_verb(desk: Desk, verb: str):
    more = {
        "task": ["x"],
        "done": ["1"],
        "close": ["--reason", "x"],
        "review": ["--review", "2099-01-01"],
    }.get(verb, [])
    result = desk.run("case", verb, "nowhere", *more)
    assert result.exit_code == 1
    assert "nowhere: no such case. Mend: `chokepoint case list` shows them" in result.stderr


@pytest.mark.parametrize("who", ["police", "vendor/eve"])
def test_a_case_of_others_is_like_none(desk: Desk, who: str):
    case = opened(desk)
    hidden = desk.run("case", "show", case["id"], who=who)
    none = desk.run("case", "show", "case-0123456789abcdef", who=who)
    assert hidden.exit_code == none.exit_code == 1
    assert hidden.stderr.replace(case["id"], "X") == none.stderr.replace("case-0123456789abcdef", "X")
    assert desk.run("case", "show", "Fake banks", who=who).exit_code == 1
    assert "No open case" in desk.ok("case", "list", who=who)


def test_a_member_of_a_case_sees_it_and_leaves_its_tasks_to_the_owner(desk: Desk):
    case = opened(desk, "--member", "bank", "--member", "police/bob")
    assert desk.json("case", "show", case["id"], who="police/bob")["case"]["title"] == "Fake banks"
    assert desk.run("case", "show", case["id"], who="police/eve").exit_code == 1
    result = desk.run("case", "task", case["id"], "mine", who="police/bob")
    assert result.exit_code == 1
    assert "the case is bank's" in result.stderr
    desk.ok("case", "member", case["id"], "--remove", "police/bob", who="bank/ann")
    assert desk.run("case", "show", case["id"], who="police/bob").exit_code == 1


def test_a_title_cannot_move_the_cursor(desk: Desk):
    desk.ok(
        "case", "open", "x\x1b[2J\u202ey", "--purpose", "p\x07", "--review", "2099-01-01", "--task", "\x1b[0m"
    )
    for text in (desk.ok("case", "list"), desk.ok("case", "show", "x\x1b[2J\u202ey")):
        assert not {"\x1b", "\u202e", "\x07"} & set(text)


def test_a_note_for_a_case_is_for_those_who_need_to_know(desk: Desk):
    case = opened(desk, "--member", "bank/ann", "--member", "police/bob")
    desk.ok(
        "note", "evil.com is live", "--for-case", case["id"], "--to", "bank", "--to", "police", who="bank/ann"
    )
    assert desk.json("show", "evil.com", who="police/bob")["entity"]
    assert desk.json("show", "evil.com", who="police/eve")["entity"] is None
    assert desk.json("show", "evil.com", who="bank/eve")["entity"] is None


def claims(desk: Desk, entity: str, who: str = "bank") -> list[tuple[str, ...]]:
    return sorted(
        (
            one["property"],
            one["object"]
            if isinstance(one["object"], str)
            else f"{one['object']['kind']}:{one['object']['value']}",
            one["origin"],
            one["grading"],
            one["nature"],
        )
        for one in desk.json("show", entity, who=who)["claims"]
        if one["subject"]["value"] == entity
    )


def test_a_sighting_is_kept_in_words_with_source_grade_and_day(desk: Desk):
    text = f"victim paid 0.1 BTC to {WALLET} after a call"
    desk.ok("note", text, "--source", "Victim hotline", "--grade", "B2", "--when", "2026-01-31")
    [one] = desk.json("show", WALLET)["claims"]
    assert (one["property"], one["object"]) == ("observation", text)
    assert (one["origin"], one["grading"], one["nature"]) == ("Victim hotline", "B2", "fact")
    assert one["interval"]["start"] == "2026-01-31"
    assert one["interval"]["end"] == "2026-02-01"
    assert one["source"]["place"] == "line 1"


def test_an_assessment_says_that_it_is_one(desk: Desk):
    desk.ok("note", "evil.com belongs to the lantern crew", "--assessment")
    assert claims(desk, "evil.com") == [
        ("observation", "evil.com belongs to the lantern crew", "bank", "F6", "assessment")
    ]


def test_without_a_grade_nothing_is_judged_and_the_organisation_is_the_source(desk: Desk):
    desk.ok("note", "evil.com is live")
    assert claims(desk, "evil.com") == [("observation", "evil.com is live", "bank", "F6", "fact")]


def test_a_stated_link_stands_beside_the_words(desk: Desk):
    desk.ok("note", "rented by the lantern crew", "--link", "evil.com", "controlled-by", "group:lantern crew")
    assert ("controlled-by", "group:lantern crew", "bank", "F6", "fact") in claims(desk, "evil.com")


def test_the_same_note_twice_is_known_and_the_same_words_of_another_member_are_new(desk: Desk):
    words = ["note", "evil.com is live", "--tlp", "GREEN"]
    assert "1 new and 0 known" in desk.ok(*words)
    assert "0 new and 1 known" in desk.ok(*words)
    assert "1 new and 0 known" in desk.ok(*words, who="police")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(
            ["nothing is named here"], "is about nothing that the atlas knows by form", id="no thing"
        ),
        pytest.param([""], "a note has 1 to 100,000 characters", id="no words"),
        pytest.param(["evil.com", "--grade", "Z9"], "unknown reliability 'Z'. Mend: use A to F", id="grade"),
        pytest.param(["evil.com", "--grade", "A7"], "unknown credibility '7'", id="second axis"),
        pytest.param(["evil.com", "--when", "2026-31-01"], "is no ISO 8601 date", id="day"),
        pytest.param(["evil.com", "--when", "2026-02-01..2026-01-01"], "ends (2026-01-01) before", id="days"),
        pytest.param(
            ["evil.com", "--about", "lantern"], "may be several things. Mend: write kind:", id="name"
        ),
        pytest.param(
            ["x", "--link", "evil.com", "adores", "b.org"], "unknown property 'adores'", id="property"
        ),
        pytest.param(["evil.com", "--tlp", "purple"], "unknown TLP label 'purple'", id="label"),
    ],
)
def test_a_note_that_cannot_be_is_refused_in_one_line_and_leaves_nothing(
    desk: Desk, words: list[str], reason: str
):
    result = desk.run("note", *words)
    assert result.exit_code == 1
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
    assert desk.json("search", "evil")["hits"] == []


def test_a_pasted_conversation_becomes_one_note_with_the_line_of_each_thing(desk: Desk):
    chat = f"ann: he called again\nbob: from where?\nann: +66812345678, wants it on {WALLET}\n"
    assert "about:" in desk.ok("note", "-", "--source", "Chat of the desk", given=chat)
    [one] = [one for one in desk.json("show", WALLET)["claims"] if one["property"] == "observation"]
    assert one["source"]["place"] == "line 3"
    assert one["object"].startswith("ann: he called again")


def test_what_a_note_names_is_answered_by_check_at_once(desk: Desk):
    desk.ok("note", "evil.com is live", "--source", "Hotline")
    found = desk.json("check", given="seen again: evil[.]com")["files"][0]["lines"][0]["found"]
    assert [(one["value"], one["status"], one["known_by"]) for one in found] == [
        ("evil.com", "known", ["Hotline"])
    ]


NOTE = ("note", f"paid to {WALLET}", "--tlp", "red")


def test_a_recipient_who_is_no_member_is_told_of_and_the_note_stands(desk: Desk):
    told = desk.run(*NOTE, "--to", "nobody-bank", "--to", "bank", "--json", who="bank/ann")
    assert told.exit_code == 0
    assert told.stderr.startswith("nobody-bank is no member yet")
    assert "bank is no member" not in told.stderr.replace("nobody-bank", "")
    assert json.loads(told.stdout)["claims"]


@pytest.mark.parametrize(
    "verb",
    [
        pytest.param(OPEN, id="case"),
        pytest.param(NOTE, id="note"),
        pytest.param(
            ("identity", "confirm", "evil.com", "evil.net", "--reason", "one kit", "--tlp", "amber"),
            id="identity",
        ),
    ],
)
def test_a_slip_in_a_recipient_is_told_of_by(desk: Desk, verb: tuple[str, ...]):
    told = desk.run(*verb, "--to", "polise/ann", who="bank/ann")
    assert "polise/ann is no member yet" in told.stderr


def test_a_member_or_a_group_as_recipient_needs_no_remark(desk: Desk):
    assert desk.run(*NOTE, "--to", "bank/ann", who="bank/ann").stderr == ""


def test_a_case_that_was_looked_at_again_has_its_next_day(desk: Desk):
    case = opened(desk, "--task", "one")
    told = desk.ok("case", "review", case["id"], "--review", "2099-06-30", who="bank/ann")
    assert "review   2099-06-30" in told.split("\n")
    assert desk.json("case", "show", case["id"], who="bank/ann")["case"] == {
        **case,
        "review_date": "2099-06-30",
    }
