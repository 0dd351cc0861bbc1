"""`personal` and `--full` as a person at the command line meets them."""

from __future__ import annotations

import re

import pytest

from cli_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    """A bank and the police, a registrant, and a case of the bank's."""
    desk = Desk(tmp_path_factory.mktemp("personal") / "atlas")
    for who in ("bank", "police"):
        desk.ok("init", who=who)
    desk.ok("note", "it is hers", "--link", "evil.com", "contact", "person:jane doe", "--tlp", "GREEN")
    desk.ok("case", "open", "Fraud", "--purpose", "find the money", "--review", "2099-01-01")
    return desk


def test_show_says_pseudonym_and_role(desk: Desk) -> None:
    said = desk.ok("show", "evil.com")
    assert re.search(r"Person [a-z2-7]{8} \(other\)", said)
    assert "jane doe" not in said


def test_full_without_a_case_is_refused_with_the_option_to_add(desk: Desk) -> None:
    result = desk.run("--full", "curious", "show", "evil.com")
    assert result.exit_code == 1
    assert "--case CASE" in result.output


def test_full_for_a_case_names_her_and_the_log_says_so(desk: Desk) -> None:
    [case] = desk.json("case", "list")["cases"]
    full = ("--case", case["id"], "--full", "warrant 12")
    assert "jane doe" in desk.ok(*full, "show", "evil.com")
    looks = desk.json(*full, "log")["looks"]
    [unfolded] = [one for one in looks if one["verb"] == "unfold" and one["asked"] == "warrant 12"][:1]
    assert {"kind": "person", "value": "jane doe"} in unfolded["entities"]
    assert unfolded["case"].startswith("case-")


def test_a_role_is_told_and_shown_at_once(desk: Desk) -> None:
    words = ("personal", "role", "person:vera", "victim", "--reason", "reported it", "--tlp", "GREEN")
    assert "person:vera: victim" in desk.ok(*words, "--review", "2099-01-01")
    assert "(victim)" in desk.ok("show", "vera", who="police")


def test_an_unknown_role_is_wrong_usage(desk: Desk) -> None:
    assert desk.run("personal", "role", "person:vera", "culprit", "--reason", "x").exit_code == 2


def test_nobody_due_is_said_in_words_and_as_an_empty_list(desk: Desk) -> None:
    assert desk.ok("personal", "due") == "Nobody is due for review.\n"
    assert desk.json("personal", "due") == {"due": []}


def test_a_hold_stands_on_the_dossier(desk: Desk) -> None:
    desk.ok("erase", "person:jane doe", "--hold", "--reason", "court order 7")
    assert "! On legal hold, which no erasure passes, by bank since" in desk.ok("show", "jane doe")


def test_few_victims_are_told_as_few(desk: Desk) -> None:
    assert desk.ok("personal", "victims") == (
        "in all: fewer than 11, or too near to it; what is not named here: fewer than 11, or too near to it\n"
    )
    assert (
        desk.ok("personal", "victims", "--of", "big fraud") == "big fraud: fewer than 11, or too near to it\n"
    )
    assert desk.json("personal", "victims") == {"by": "campaign", "cells": [], "total_at_least": None}


def test_a_notice_is_written_beside_an_erasure(desk: Desk, tmp_path) -> None:
    desk.ok("note", "it is his", "--link", "evil.com", "contact", "person:john roe", "--tlp", "GREEN")
    file = tmp_path / "notice.json"
    words = ("--reason", "asked", "--basis", "GDPR Art. 17", "--notice", str(file))
    desk.ok("erase", "person:john roe", *words)
    assert "roe" not in file.read_text("utf-8")


def test_what_cannot_be_noticed_is_not_erased(desk: Desk, tmp_path) -> None:
    desk.ok("note", "it is his", "--link", "evil.com", "contact", "person:john roe", "--tlp", "GREEN")
    words = ("--reason", "asked", "--basis", "GDPR Art. 17", "--notice", str(tmp_path / "no folder" / "one"))
    assert desk.run("erase", "person:john roe", *words).exit_code == 1
    assert desk.json("erase", "person:john roe", "--dry-run")["records"] >= 1


def test_an_erasure_that_is_refused_leaves_no_notice(desk: Desk, tmp_path) -> None:
    desk.ok("note", "it is his", "--link", "evil.com", "contact", "person:john roe", "--tlp", "GREEN")
    desk.ok("erase", "person:john roe", "--hold", "--reason", "court order 7")
    file = tmp_path / "notice.json"
    words = ("--reason", "asked", "--basis", "GDPR Art. 17", "--notice", str(file))
    assert "hold" in desk.run("erase", "person:john roe", *words).stderr
    assert list(tmp_path.glob("*notice*")) == []
    file.write_text("of another erasure")
    assert "hold" in desk.run("erase", "person:john roe", *words).stderr
    assert [one.read_text() for one in tmp_path.glob("*notice*")] == ["of another erasure"]


@pytest.mark.parametrize("words", [("--apply",), ("--package",)])
def test_a_notice_needs_its_package_and_the_other_way_round(desk: Desk, tmp_path, words) -> None:
    (tmp_path / "one").write_text("x", "utf-8")
    given = tmp_path / "one" if words == ("--apply",) else tmp_path
    assert desk.run("erase", *words, str(given)).exit_code == 2
