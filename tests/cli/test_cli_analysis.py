"""Verbs over the analyses: `collect`, `connect`, `choke`, from files to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli_desk import Desk

LIST = """# Indicators of a campaign
evil-pay.com
evil-shop.com
not an indicator at all
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a list, an empty file and a spreadsheet that is none."""
    made = tmp_path / "in"
    made.mkdir()
    (made / "list.txt").write_text(LIST, "utf-8")
    (made / "bad.json.gz").write_bytes(b"\x1f\x8b\x08\x00 broken")
    return made


def test_collecting_tells_what_came_in(desk: Desk, folder: Path):
    told = desk.json("collect", str(folder), "--origin", "CERT", "--grade", "B2")
    assert told.keys() >= {"files", "totals"}
    keys = {"path", "format", "capture", "claims", "entities", "links", "rejected", "skipped"}
    assert all(file.keys() >= keys for file in told["files"])
    assert told["totals"]["claims"]["new"] > 0
    [bad] = [file for file in told["files"] if file["path"].endswith("bad.json.gz")]
    assert bad["rejected"]


def test_collecting_again_adds_nothing(desk: Desk, folder: Path):
    first = desk.json("collect", str(folder))["totals"]["claims"]
    assert desk.json("collect", str(folder))["totals"]["claims"] == {
        "new": 0,
        "known": first["new"] + first["known"],
    }


def test_the_report_for_people_names_files_and_reasons(desk: Desk, folder: Path):
    text = desk.ok("collect", str(folder))
    assert "list.txt" in text
    assert "rejected in" in text
    assert "new claims" in text


def test_origin_grade_and_marking_are_those_given(desk: Desk, folder: Path):
    desk.ok("collect", str(folder), "--origin", "CERT", "--grade", "C4", "--tlp", "GREEN")
    claims = desk.json("show", "evil-pay.com", who="police")["claims"]
    assert {(one["origin"], one["grading"], one["marking"]) for one in claims} == {
        ("CERT", "C4", "TLP:GREEN")
    }


def test_what_was_collected_amber_stays_at_home(desk: Desk, folder: Path):
    desk.ok("collect", str(folder), "--tlp", "AMBER")
    assert desk.json("show", "evil-pay.com", who="police")["entity"] is None
    assert desk.json("show", "evil-pay.com")["entity"]


def test_nothing_taken_exits_1(desk: Desk, tmp_path: Path):
    result = desk.run("collect", str(tmp_path / "missing.csv"))
    assert result.exit_code == 1
    assert "missing.csv" in result.output


def test_an_unknown_format_is_refused(desk: Desk, folder: Path):
    result = desk.run("collect", str(folder / "list.txt"), "--format", "nonsense")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_connect_says_what_it_proposes(desk: Desk):
    desk.ok(
        "note",
        "x",
        "--link",
        "group:lazarus group",
        "alias",
        "Hidden Cobra",
        "--about",
        "group:hidden cobra",
        "--tlp",
        "GREEN",
    )
    told = desk.json("connect")
    assert told.keys() >= {"same", "unsure", "known"}
    assert "identity list" in desk.ok("connect")


def test_choke_on_a_map_without_votes_says_so(desk: Desk, folder: Path):
    desk.ok("collect", str(folder))
    told = desk.json("choke")
    assert told["plan"] == []
    assert "accepted" in desk.ok("choke")


def test_choke_holds_for_a_day(desk: Desk, folder: Path):
    desk.ok("collect", str(folder))
    assert desk.json("choke", "--as-of", "2020-02-03")["as_of"] == "2020-02-03"
    assert desk.run("choke", "--as-of", "soon").exit_code == 1


def test_choke_is_the_same_with_and_without_hidden_records(desk: Desk, folder: Path):
    desk.ok("collect", str(folder))
    before = desk.ok("choke", "--json", who="police")
    desk.ok(
        "note",
        "evil-pay.com",
        "--link",
        "evil-pay.com",
        "indicates",
        "group:ring",
        "--tlp",
        "RED",
        "--when",
        "2099-01-01",
    )
    assert desk.ok("choke", "--json", who="police") == before
