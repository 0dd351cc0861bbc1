"""`hypothesis` as an analyst meets it."""

from __future__ import annotations

import re

import pytest

from cli_desk import Desk

LIKELY = re.compile(r"almost no chance|unlikely|roughly even chance|likely|almost certain")


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    """An inquiry of the bank's with two hypotheses and one item, rated by bank and police."""
    desk = Desk(tmp_path_factory.mktemp("ach") / "atlas")
    for who in ("bank", "police"):
        desk.ok("init", who=who)
    for gang in ("bad", "good"):
        desk.ok("note", "seen", "--link", f"group:{gang} gang", "uses", "evil.com", "--tlp", "GREEN")
    desk.ok("hypothesis", "open", "Who", "is", "behind", "evil.com?", "--tlp", "GREEN")
    return desk


@pytest.fixture(scope="module")
def inquiry(desk: Desk) -> str:
    [one] = desk.json("hypothesis", "list")["inquiries"]
    claim = desk.json("show", "group:bad gang")["claims"][0]["id"]
    gangs = ("--who", "group:bad gang", "--who", "group:good gang")
    desk.ok("hypothesis", "add", one["inquiry"], *gangs, "--evidence", claim)
    for who, word in (("bank", "II"), ("police", "I")):
        desk.ok("hypothesis", "rate", one["inquiry"], claim, "group:bad gang", word, "--reason", "x", who=who)
    return str(one["inquiry"])


def test_the_matrix_is_told_least_inconsistent_first(desk: Desk, inquiry: str) -> None:
    said = desk.ok("hypothesis", "show", inquiry)
    lines = said.splitlines()
    assert lines[0] == "Who is behind evil.com?"
    assert lines[1].startswith("  0.00 against ")
    assert "good gang" in lines[1]
    assert "bad gang" in lines[2]
    assert "bank II, police I" in said
    assert "changes who is first if wrong" in said
    assert "Your organisation has 1 cells to rate" in said


def test_no_sentence_speaks_of_likelihood_and_confidence(desk: Desk, inquiry: str) -> None:
    for line in desk.ok("hypothesis", "show", inquiry).splitlines():
        assert not (LIKELY.search(line) and "confidence" in line)


def test_the_beginning_of_an_id_names_the_inquiry(desk: Desk, inquiry: str) -> None:
    short = inquiry.removeprefix("inquiry-")[:6]
    assert desk.json("hypothesis", "show", short)["inquiry"] == inquiry


def test_nothing_to_add_is_wrong_usage(desk: Desk, inquiry: str) -> None:
    assert desk.run("hypothesis", "add", inquiry).exit_code == 2


@pytest.mark.parametrize("word", ["X", "ii", "III", ""])
def test_another_rating_is_wrong_usage(desk: Desk, inquiry: str, word: str) -> None:
    result = desk.run("hypothesis", "rate", inquiry, "0" * 64, "group:bad gang", word, "--reason", "x")
    assert result.exit_code == 2


def test_an_atlas_without_inquiries_says_how_to_open_one(desk: Desk) -> None:
    assert "hypothesis open QUESTION" in desk.ok("hypothesis", "list", who="stranger")
