"""`people`, `log` and `--case`: what a person types and reads."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """A desk with an overseer at the vendor's and a vetter at the police's."""
    desk.ok("note", "evil.com is theirs", "--link", "evil.com", "indicates", "group:gang", "--tlp", "GREEN")
    token = desk.json("people", "invite", "bob", "--role", "vetter", who="police")["token"]
    desk.ok("people", "join", token, who="police/bob")
    desk.ok("people", "appoint", "vendor/olga", "overseer")
    return desk


def test_the_invitation_is_told_as_the_command_that_accepts_it(desk: Desk):
    told = desk.ok("people", "invite", "bob", "--role", "vetter", who="police")
    line = told.splitlines()[-1].split()
    assert line[:4] == ["chokepoint", "--as", "police/bob", "people"]
    assert "bob: vetter" in desk.ok("people", "join", line[-1], who="police/bob")


def test_the_people_of_an_organisation_are_listed_for_it_alone(staffed: Desk):
    assert staffed.json("people", "list", who="police")["people"] == [
        {"organisation": "police", "user": "bob", "roles": ["vetter"], "state": "active"}
    ]
    assert "bob" in staffed.ok("people", "list", who="police")
    assert "No register" in staffed.ok("people", "list", who="vendor")


def test_an_overseer_reads_who_saw_what_and_for_which_case(staffed: Desk):
    review = ["--purpose", "p", "--review", "2027-01-01"]
    case = staffed.json("case", "open", "Gang", *review, who="police")["case"]["id"]
    from_case = staffed.run("--case", case, "show", "evil.com", who="police")
    assert from_case.exit_code == 0
    staffed.ok("show", "evil.com", who="police/bob")
    found = staffed.json("log", "--about", "evil.com", who="vendor/olga")["looks"]
    assert {(one["who"], one["case"]) for one in found} == {("police", case), ("police/bob", "")}
    told = staffed.ok("log", who="vendor/olga")
    assert "police/bob" in told
    assert "show" in told


def test_everybody_reads_their_own_looks(staffed: Desk):
    staffed.ok("show", "evil.com", who="police/bob")
    assert [one["who"] for one in staffed.json("log", who="police/bob")["looks"]] == ["police/bob"]
    assert "No look" in staffed.ok("log", who="vendor")


def test_a_case_that_is_none_stops_before_anything_is_shown(staffed: Desk):
    result = staffed.run("--case", "case-00", "show", "evil.com", who="police")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no such case" in result.stderr


def test_a_disclosure_names_its_recipients(staffed: Desk, tmp_path):
    claims = [one["id"] for one in staffed.json("show", "evil.com")["claims"]]
    for who in ("police/bob", "vendor"):
        staffed.ok("review", "vote", *claims, "--confirm", "--reason", "checked", who=who)
    staffed.run("package", "build", "evil.com", "--to", "police", "--out", str(tmp_path / "p"))
    staffed.run("export", "csv", "--out", str(tmp_path / "x.csv"))
    found = {one["verb"]: one["to"] for one in staffed.json("log", who="vendor/olga")["looks"]}
    assert found["export"] == ["anybody"]
    assert found.get("package", ["police"]) == ["police"]


def test_whoever_left_is_told_so_when_they_speak(staffed: Desk):
    staffed.ok("people", "leave", "bob", who="police")
    result = staffed.run(
        "note", "x.com is theirs", "--link", "x.com", "indicates", "group:g", who="police/bob"
    )
    assert result.exit_code == 1
    assert "has left" in result.stderr
    assert staffed.json("show", "evil.com", who="police/bob")["entity"] is None


def test_an_organisation_departs_and_is_readmitted(staffed: Desk):
    assert "has left" in staffed.ok("people", "depart", "vendor", "--reason", "merged", who="vendor")
    assert staffed.json("show", "evil.com", who="vendor")["entity"] is None
    assert "member again" in staffed.ok("people", "depart", "vendor", "--readmit", "--reason", "back")
    assert staffed.json("show", "evil.com", who="vendor")["entity"]


def test_whoever_said_it_is_kept_from_an_overseer_who_is_still_to_vote(staffed: Desk):
    """The name is not merely left out: a line that ends in `by` reads like a fault."""
    lines = staffed.ok("oversee", "subject", "evil.com", who="vendor/olga").splitlines()
    said = [line for line in lines if "group" in line or "indicates" in line or "observation" in line]
    assert said
    assert all(line.endswith(", by (a member)") for line in said)
    assert "by bank" not in "".join(said)


def test_what_is_held_on_something_cannot_be_clicked(staffed: Desk):
    said = staffed.ok("oversee", "subject", "evil.com", who="vendor/olga")
    assert said.startswith("Domain evil[.]com: ")
    assert "  Domain evil[.]com indicates " in said


def test_an_appointment_can_be_taken_back(staffed: Desk):
    assert "no longer overseer" in staffed.ok("people", "appoint", "vendor/olga", "overseer", "--revoke")
    staffed.ok("show", "evil.com", who="police/bob")
    assert staffed.json("log", who="vendor/olga")["looks"] == []


def test_roles_are_changed_by_somebody_else(staffed: Desk):
    changed = staffed.json("people", "roles", "bob", "--role", "investigator", who="police")
    assert changed["roles"] == ["investigator"]
    assert "bob: vetter" in staffed.ok("people", "roles", "bob", "--role", "vetter", who="police")
    refused = staffed.run("people", "roles", "bob", "--role", "overseer", who="police")
    assert refused.exit_code == 1


@pytest.mark.parametrize("organisation", ["bank", "My bank", "Bank & Sons; rm -rf ~", "-bank"])
def test_the_printed_command_can_be_copied_into_a_shell(bare: Desk, organisation: str):
    """A token that began with a dash was taken for an option, and a blank in the name cut it in two."""
    bare.ok("init", who=organisation)
    for number in range(3):
        told = bare.ok("people", "invite", f"ann{number}", "--role", "vetter", who=organisation)
        _, given, who, *words = shlex.split(told.splitlines()[-1])
        assert (given, who) == ("--as", f"{organisation}/ann{number}")
        assert re.fullmatch(r"[0-9a-f]{48}", words[-1])
        assert bare.run(*words, who=who).exit_code == 0


def test_the_log_shows_addresses_that_no_terminal_makes_links_of(staffed: Desk):
    staffed.ok("show", "evil.com", who="police/bob")
    assert "evil[.]com" in staffed.ok("log", who="vendor/olga")


def test_what_was_recalled_since_is_told_without_live_links(staffed: Desk):
    claim = next(
        one["id"] for one in staffed.json("show", "evil.com")["claims"] if one["property"] == "indicates"
    )
    staffed.ok("show", "evil.com", who="police/bob")
    staffed.ok("review", "recall", claim, "--reason", "a typing error")
    told = staffed.ok("log", "--corrected", who="vendor/olga")
    assert "recalled: Domain evil[.]com indicates Group gang" in told
    assert "evil.com" not in told


def test_the_list_of_members_says_who_has_left_until_they_are_readmitted(staffed: Desk):
    staffed.ok("people", "depart", "vendor", "--reason", "sold")
    assert re.search(
        r"^vendor \(left \d{4}-\d\d-\d\d\)", staffed.ok("member", "list", who="police"), re.MULTILINE
    )
    listed = {one["name"]: one["left"] for one in staffed.json("member", "list", who="police")["members"]}
    assert (bool(listed["vendor"]), listed["police"]) == (True, None)
    staffed.ok("people", "depart", "vendor", "--reason", "back", "--readmit")
    assert "left" not in staffed.ok("member", "list", who="police")


def test_whoever_is_not_on_the_register_is_not_told_that_there_is_none(staffed: Desk):
    assert "not on your organisation's register" in staffed.ok("people", "list", who="police/nobody")
    assert "No register is kept" in staffed.ok("people", "list", who="bank/nobody")
