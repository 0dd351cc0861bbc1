"""Packages between members as a person types them: sent, asked about, recalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"


@pytest.fixture
def sent(desk: Desk) -> tuple[str, str]:
    """The folder of a package that the bank sent to the police, and the id of its claim."""
    desk.ok("note", "seen", "--link", "evil.com", "requests-payment-to", WALLET, "--tlp", "GREEN")
    claim = desk.json("review", "list", who="police")["claims"][0]["id"]
    for member in ("police", "vendor"):
        desk.ok("review", "vote", claim, "--confirm", "--reason", "saw it", who=member)
    folder = str(desk.atlas.parent / "out")
    desk.ok("package", "build", "evil.com", "--out", folder, "--to", "police")
    return folder, claim


def test_a_recipient_reads_in_a_line_that_all_stands(desk: Desk, sent: tuple[str, str]) -> None:
    told = desk.ok("package", "list", who="police")
    assert "evil.com: bank to police" in told
    assert "Its claim stands." in told
    assert "sent no package" in desk.ok("package", "list", who="vendor")


def test_several_recipients_get_a_copy_each_and_each_is_told_where(desk: Desk, sent: tuple[str, str]) -> None:
    folder = str(desk.atlas.parent / "several")
    told = desk.ok("package", "build", "evil.com", "--out", folder, "--to", "police", "--to", "vendor")
    for who in ("police", "vendor"):
        assert (
            f"package verify {folder}/{who}     (for {who} alone: a leaked copy names whose it was)" in told
        )
        desk.ok("package", "verify", f"{folder}/{who}")
        assert desk.run("package", "standing", f"{folder}/{who}", who=who).exit_code == 0


def test_a_folder_that_stands_exits_0_and_one_that_does_not_exits_1(
    desk: Desk, sent: tuple[str, str]
) -> None:
    folder, claim = sent
    assert desk.run("package", "standing", folder, who="police").exit_code == 0
    desk.ok("review", "recall", claim, "--reason", "a typing\u202eerror")
    asked = desk.run("package", "standing", folder, who="police")
    assert asked.exit_code == 1
    assert "1 of 1 claims no longer stand:" in asked.stdout
    assert f"{claim[:12]} recalled: a typing" in asked.stdout
    assert "\u202e" not in asked.stdout


def test_a_sender_takes_it_back_and_the_recipient_reads_why(desk: Desk, sent: tuple[str, str]) -> None:
    (one,) = desk.json("package", "list")["packages"]
    assert desk.json("package", "recall", one["id"], "--reason", "wrong desk")["withdrawn"] == "wrong desk"
    assert "TAKEN BACK by bank: wrong desk" in desk.ok("package", "list", who="police")


def test_the_list_of_packages_is_a_contract(desk: Desk, sent: tuple[str, str]) -> None:
    _, claim = sent
    desk.ok("review", "recall", claim, "--reason", "wrong")
    (one,) = desk.json("package", "list", who="police")["packages"]
    assert set(one) == {
        *("id", "title", "at", "by", "to", "claims", "changes", "withdrawn", "unvetted", "over", "stands"),
    }
    assert one["changes"] == [{"record": claim, "now": "recalled", "reason": "wrong", "instead": []}]
    assert (one["by"], one["to"], one["claims"], one["stands"]) == ("bank", ["police"], 1, False)


def test_taking_back_needs_a_reason_and_ones_own_package(desk: Desk, sent: tuple[str, str]) -> None:
    (one,) = desk.json("package", "list")["packages"]
    assert desk.run("package", "recall", one["id"]).exit_code == 2
    refused = desk.run("package", "recall", one["id"], "--reason", "no", who="police")
    assert refused.exit_code == 1
    assert "ask bank" in refused.stderr
    stranger = desk.run("package", "recall", one["id"], "--reason", "no", who="vendor")
    nothing = desk.run("package", "recall", "f" * 64, "--reason", "no", who="vendor")
    assert stranger.stderr.replace(one["id"], "f" * 64) == nothing.stderr


def test_a_coordinator_hands_on_what_is_not_vetted_and_the_recipient_reads_whose_word_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ("note", "seen", "--link", "evil.com", "requests-payment-to", WALLET, "--tlp", "GREEN")
    desk.ok(*said, who="vendor")
    folder = str(desk.atlas.parent / "out")
    words = [
        "package",
        "build",
        "evil.com",
        "--out",
        folder,
        "--to",
        "police",
        "--provisional",
        "a child at risk",
    ]
    refused = desk.run(*words)
    assert refused.exit_code == 1
    assert "--as ORG/USER" in refused.stderr
    themselves = desk.run(*words, who="vendor/vic")
    assert themselves.exit_code == 1
    assert "let a coordinator of a member that did not say it" in themselves.stderr
    desk.ok(*words, who="bank/ann")
    assert "UNVETTED: approved by bank/ann until" in desk.ok("package", "list", who="police")
    assert "UNVETTED: approved by bank/ann until" in desk.ok("package", "verify", folder, who="police")
    assert desk.json("package", "verify", folder)["provisional"]["approver"] == "bank/ann"
    assert "THIS TIME IS OVER" not in desk.ok("package", "verify", folder, who="police")
    monkeypatch.setattr("chokepoint.desk.atlas.utc_now", lambda: "9999-01-01T00:00:00.000Z")
    assert "THIS TIME IS OVER" in desk.ok("package", "verify", folder, who="police")
    assert desk.json("package", "verify", folder)["over"] is True


def test_a_name_is_released_by_a_person_and_taken_back(desk: Desk) -> None:
    words = ["package", "release", "person:jane doe", "--basis", "section 131"]
    assert desk.run(*words).exit_code == 1
    assert "bank/ann answers for it" in desk.ok(*words, who="bank/ann")
    told = desk.json(*words, "--revoke", who="bank/ann")
    assert told == {"entity": {"kind": "person", "value": "jane doe"}, "released": False}
    assert desk.run("package", "release", "evil.com", "--basis", "x", who="bank/ann").exit_code == 1


def test_a_package_that_its_recipient_collects_opens_nothing_further(desk: Desk) -> None:
    """`collect` says CLEAR by default: what lies in a package bears its label in the STIX alone."""
    desk.ok("init", who="charity")
    about = ("--link", "evil.com", "requests-payment-to", WALLET, "--tlp", "AMBER")
    desk.ok("note", "an informant", *about, "--to", "police", "--to", "vendor")
    folder = str(desk.atlas.parent / "out")
    for claim in desk.json("review", "list", who="police")["claims"]:
        for member in ("police", "vendor"):
            desk.ok("review", "vote", claim["id"], "--confirm", "--reason", "saw it", who=member)
    desk.ok("package", "build", "evil.com", "--out", folder, "--to", "police")
    taken = desk.json("collect", folder, who="police")
    assert {one["path"].split("/")[0] for one in taken["files"] if one["skipped"]} >= {
        "captures",
        "report.html",
    }
    assert [one["path"] for one in taken["files"] if one["claims"]["new"]] in ([], ["stix.json"])
    for word in ("evil.com", WALLET):
        assert desk.json("show", word, who="charity")["entity"] is None
