"""`collect` shows how a table of a new layout would be read, asks on a terminal, and tells what it did."""

from __future__ import annotations

import pytest

from chokepoint.cli import take

TABLE = "domain,colour\na-b.com,red\nc-d.com,blue\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(take, "on_terminal", lambda: True)


def test_on_a_terminal_the_mapping_is_shown_and_taken_on_yes(desk, table, terminal):
    result = desk.run("collect", str(table), given="y\n")
    assert result.exit_code == 0
    assert "table of a layout that is new here" in result.stderr
    assert "'domain'" in result.stderr
    assert "Kept as found: colour" in result.stderr
    assert "unconfirmed" not in result.stdout
    again = desk.run("collect", str(table))
    assert "layout that is new" not in again.stderr


def test_on_a_terminal_a_no_leaves_the_file_out_by_name(desk, table, terminal):
    document = desk.json("collect", str(table), given="n\n")
    (file,) = document["files"]
    assert file["skipped"] == {"mapping not confirmed": 1}
    assert file["claims"] == {"new": 0, "known": 0}


def test_nobody_is_asked_with_yes(desk, table, terminal):
    result = desk.run("collect", "--yes", str(table))
    assert result.exit_code == 0
    assert "layout that is new" not in result.stderr
    assert "Kept as found: colour" in result.stdout
    assert "unconfirmed" not in result.stdout
    assert list((desk.atlas / "mappings").glob("*.json"))


def test_without_a_terminal_the_proposal_is_taken_and_called_unconfirmed(desk, table):
    told = desk.json("collect", str(table))["files"][0]["mapping"]
    assert told.endswith("(taken unconfirmed: pass --yes or confirm on a terminal)")
    assert "taken unconfirmed" in desk.ok("collect", str(table))
    assert not (desk.atlas / "mappings").exists()


def test_tables_of_one_layout_are_shown_once(desk, table, tmp_path):
    (tmp_path / "second.csv").write_text(TABLE.replace("a-b", "e-f"))
    shown = desk.ok("collect", str(table), str(tmp_path / "second.csv"))
    assert shown.count("Kept as found: colour") == 1
    assert "table.csv and 1 more:" in shown


def test_a_header_cannot_move_the_cursor_of_whoever_is_asked(desk, tmp_path, terminal):
    path = tmp_path / "table.csv"
    path.write_text("domain,co\x1b[2Jlour\u202e\na-b.com,red\nc-d.com,blue\n")
    result = desk.run("collect", str(path), given="n\n")
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr
