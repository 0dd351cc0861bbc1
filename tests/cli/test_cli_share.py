"""`group`, `remark`, `case member` and the options that mark: what a person types and reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk


def noted(desk: Desk, *options: str) -> str:
    """A note by the bank; the id of its first claim."""
    desk.ok("note", "evil.com is theirs", "--link", "evil.com", "indicates", "group:bad gang", *options)
    return str(desk.json("show", "evil.com")["claims"][0]["id"])


def known(desk: Desk, who: str) -> bool:
    return bool(desk.json("show", "evil.com", who=who)["entity"])


def test_a_group_is_made_named_and_left(desk: Desk):
    made = desk.json("group", "make", "Scam desk", "police", "vendor/ann")
    assert made["members"] == ["police", "vendor/ann"]
    noted(desk, "--to", made["group"])
    assert (known(desk, "police"), known(desk, "vendor/ann"), known(desk, "vendor")) == (True, True, False)
    assert desk.json("group", "list", who="police")["groups"] == [made]
    assert desk.json("group", "leave", "Scam desk", who="police") == {"left": made["group"]}
    assert not known(desk, "police")
    assert "no group" in desk.ok("group", "list", who="police")


def test_a_group_is_told_as_a_person_reads_it(desk: Desk):
    told = desk.ok("group", "make", "Scam desk", "police")
    assert "Scam desk, bank" in told
    assert "--to group:" in told
    assert "Scam desk" in desk.ok("group", "list")
    assert "vendor" in desk.ok("group", "change", "Scam desk", "--add", "vendor")
    assert "left" in desk.ok("group", "leave", "Scam desk", who="vendor")


def test_a_hidden_group_reads_like_none(desk: Desk):
    name = desk.json("group", "make", "Scam desk", "police")["group"]
    for verb in ("leave", "change"):
        hidden = desk.run("group", verb, name, who="vendor")
        absent = desk.run("group", verb, "group:0", who="vendor")
        assert hidden.exit_code == absent.exit_code == 1
        assert hidden.stderr.replace(name, "X") == absent.stderr.replace("group:0", "X")


def test_the_originator_opens_a_claim(desk: Desk):
    name = noted(desk, "--tlp", "RED")
    assert not known(desk, "police")
    told = desk.ok("remark", name[:12], "--tlp", "GREEN", "--reason", "the raid is over")
    assert told == "1 claim is TLP:GREEN from now on.\n"
    assert known(desk, "police")


@pytest.mark.parametrize("who", ["police", "vendor"])
def test_nobody_else_opens_or_closes_it(desk: Desk, who: str):
    name = noted(desk, "--tlp", "GREEN")
    result = desk.run("remark", name, "--tlp", "CLEAR", "--reason", "x", who=who)
    assert result.exit_code == 1
    assert "originator" in result.stderr
    assert "only the originator changes a marking" in result.stderr


def test_a_change_of_marking_names_its_label(desk: Desk):
    name = noted(desk)
    assert desk.run("remark", name, "--reason", "x").exit_code == 2


def test_the_need_to_know_of_a_case_is_given_and_taken(desk: Desk):
    case = desk.json("case", "open", "A", "--purpose", "p", "--review", "2027-01-01", "--member", "bank")[
        "case"
    ]
    noted(desk, "--for-case", case["id"])
    assert not known(desk, "police")
    assert "members  bank, police" in desk.ok("case", "member", case["id"], "--add", "police")
    assert known(desk, "police")
    assert desk.json("case", "list", who="police")["cases"][0]["id"] == case["id"]
    desk.ok("case", "member", case["id"], "--remove", "police")
    assert not known(desk, "police")


def test_a_case_or_group_that_nobody_knows_is_refused(desk: Desk):
    for option in (("--for-case", "case-00"), ("--to", "group:00")):
        result = desk.run("note", "evil.com is theirs", *option)
        assert result.exit_code == 1
        assert "shows yours" in result.stderr


def test_a_package_holds_back_what_its_provider_has_not_allowed(desk: Desk, tmp_path):
    name = noted(desk, "--tlp", "GREEN", "--handling", "H3: ask us first", "--grade", "A1")
    for who in ("police", "vendor"):
        desk.ok("review", "vote", name, "--confirm", "--reason", "checked", who=who)
    build = ["package", "build", "evil.com", "--out"]
    refused = desk.run(*build, str(tmp_path / "no"), "--to", "police")
    assert refused.exit_code == 1
    assert desk.json(*build, str(tmp_path / "ok"), "--to", "police", "--acknowledge")["claims"] == 1
