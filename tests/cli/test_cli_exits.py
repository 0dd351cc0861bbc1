"""How every verb leaves: 0 done, 1 refused with a reason and a mend, 2 wrong usage; never with a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from matrix_world import asked
from test_cli_help import LEAVES, NAMES

from chokepoint.cli.main import cli

SRC = Path(__file__).parents[2] / "src"
WITHOUT = {
    "sources",
    "extract",
    "dismantle",
    "demo",
    "init",
    "package verify",
    "restore",
    "verify",
    "review policy",
}
"""Verbs that need no atlas, or make one."""

FILLED = {
    "collect": ["list.txt"],
    "note": ["evil.com was seen"],
    "extract": ["list.txt"],
    "check": ["list.txt"],
    "search": ["evil"],
    "show": ["evil.com"],
    "path": ["evil.com", "other.com"],
    "identity confirm": ["evil.com", "other.com", "--reason", "x"],
    "identity split": ["evil.com", "other.com", "--reason", "x"],
    "serve": ["--host", "192.0.2.1"],
    "review vote": ["0" * 64, "--confirm", "--reason", "x"],
    "review votes": ["0" * 64],
    "review recall": ["0" * 64, "--reason", "x"],
    "dismantle": ["edges.txt"],
    "case open": ["A case", "--purpose", "p", "--review", "2027-01-01"],
    "case show": ["case-" + "0" * 16],
    "case task": ["case-" + "0" * 16, "do it"],
    "case done": ["case-" + "0" * 16, "1"],
    "case review": ["case-" + "0" * 16, "--review", "2027-01-01"],
    "case close": ["case-" + "0" * 16, "--reason", "x"],
    "case member": ["case-" + "0" * 16, "--add", "police"],
    "case reserve": ["case-" + "0" * 16, "evil.com"],
    "case release": ["case-" + "0" * 16, "evil.com"],
    "operation open": ["Fox", "--partner", "KE"],
    "operation show": ["operation-" + "0" * 16],
    "operation act": ["Fox", "evil.com", "--mode", "takedown", "--on", "2026-01-01", "--by", "x"],
    "operation partner": ["Fox", "GH"],
    "operation state": ["Fox", "done"],
    "impact show": ["Fox"],
    "impact add": ["Fox", "arrests", "20", "--source", "a paper", "--on", "2026-01-01"],
    "outcome add": ["evil.com", "--mode", "takedown", "--hit", "2026-01-01"],
    "outcome expect": ["domain-name", "3"],
    "group make": ["Desk", "police"],
    "group change": ["Desk", "--add", "vendor"],
    "group leave": ["Desk"],
    "hypothesis open": ["Who is behind it?"],
    "hypothesis add": ["0" * 16, "--who", "group:bad gang"],
    "hypothesis rate": ["0" * 16, "0" * 64, "group:bad gang", "I", "--reason", "x"],
    "hypothesis show": ["0" * 16],
    "personal role": ["person:jane doe", "victim", "--reason", "x"],
    "personal review": ["person:jane doe", "--until", "2099-01-01", "--reason", "x"],
    "remark": ["0" * 64, "--tlp", "CLEAR", "--reason", "x"],
    "people invite": ["ann", "--role", "vetter"],
    "people join": ["0" * 48],
    "people roles": ["ann", "--role", "vetter"],
    "people leave": ["ann"],
    "people appoint": ["police/ann", "overseer"],
    "people depart": ["police", "--reason", "x"],
    "oversee safety": ["evil.com", "--reason", "x"],
    "oversee veto": ["evil.com", "--reason", "x"],
    "oversee lift": ["evil.com", "--reason", "x"],
    "oversee subject": ["evil.com"],
    "oversee leak": ["list.txt"],
    "package build": ["evil.com", "--out", "package"],
    "package verify": ["package"],
    "package standing": ["package"],
    "package recall": ["0" * 12, "--reason", "x"],
    "package release": ["person:jane doe", "--basis", "x"],
    "export": ["csv", "--out", "x.csv"],
    "prove": ["0" * 64],
    "witness": ["list.txt"],
    "backup": ["copy"],
    "restore": ["copy"],
    "erase": ["evil.com", "--reason", "x", "--basis", "y"],
}
"""Right usage of each verb that needs words; of those not named here, as the matrix asks them."""
FILLED = {name: ways[0] for name, ways in asked([]).items() if ways[0]} | FILLED

USED = [name for name in NAMES if name not in {"demo", "restore"}]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a list of indicators and a small network."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.txt").write_text("evil.com\n", "utf-8")
    (tmp_path / "edges.txt").write_text("a b\nb c\n", "utf-8")
    return tmp_path


@pytest.fixture
def member(here, made):
    """The same with an atlas of three members."""
    shutil.copytree(made, here / "atlas")
    return here


@pytest.fixture(scope="module")
def kept(made, tmp_path_factory):
    """One such folder for all tests that hold whatever was done in it before."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(made, folder / "atlas")
    return folder


@pytest.fixture
def shared(kept, monkeypatch):
    """The kept folder, as the one that commands run in, its lists as they were."""
    monkeypatch.chdir(kept)
    (kept / "list.txt").write_text("evil.com\n", "utf-8")
    (kept / "edges.txt").write_text("a b\nb c\n", "utf-8")
    return kept


def run(*words, who="bank", given=None):
    return CliRunner().invoke(cli, ["--as", who, *words], input=given)


@pytest.mark.parametrize("name", [name for name in USED if name not in WITHOUT])
def test_without_an_atlas_a_verb_says_how_to_make_one(here, name):
    result = run(*name.split(), *FILLED.get(name, []))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")
    assert "no atlas here" in result.stderr
    assert "chokepoint init" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", USED)
def test_a_verb_done_or_refused_exits_0_or_1_and_says_why(shared, name):
    result = run(*name.split(), *FILLED.get(name, []))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in {0, 1}, (name, result.output)
    assert "Traceback" not in result.output
    if result.exit_code:
        assert result.stderr.startswith("error: ") or result.stdout
    else:
        assert result.stdout or name in {"export", "package build"} or result.stderr


@pytest.mark.parametrize("name", USED)
def test_with_json_stdout_holds_one_document_or_none(shared, name):
    """Whatever becomes of the verb, a program that reads stdout never meets half a sentence."""
    result = run(*name.split(), *FILLED.get(name, []), "--json")
    assert result.exit_code in {0, 1}, (name, result.output)
    document = json.loads(result.stdout)
    if result.exit_code and "error" in document:
        assert set(document["error"]) == {"reason", "place", "mend"}
        assert document["error"]["reason"] in result.stderr


@pytest.mark.parametrize("name", sorted(FILLED))
def test_one_word_too_many_is_wrong_usage_or_part_of_a_text(shared, name):
    taken = [one for one in LEAVES[tuple(name.split())].params if isinstance(one, click.Argument)]
    loose = any(one.nargs == -1 or not one.required for one in taken)
    result = run(*name.split(), *FILLED[name], "superfluous")
    assert result.exit_code in ({0, 1, 2} if loose else {2}), (name, result.output)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "who", ["stranger", "Bank", "bank/", "/ann", "", " ", "a" * 300, "bank\x00", "\u202ebank"]
)
@pytest.mark.parametrize("name", ["note", "search", "review list", "export"])
def test_whoever_is_no_member_is_told_so_and_records_nothing(shared, name, who):
    result = run(*name.split(), *FILLED.get(name, []), who=who)
    assert "Traceback" not in result.output
    assert "\u202e" not in result.output
    if name == "note" and who != "bank/":
        assert result.exit_code == 1


HOSTILE = {
    "substitution": "$(touch owned)",
    "backticks": "`touch owned`",
    "semicolon": "evil.com; touch owned",
    "pipe": "evil.com | tee owned",
    "glob": "*",
    "home": "~root",
    "redirect": "> owned",
    "newline": "evil.com\ntouch owned",
    "carriage": "evil.com\rError: none",
    "escape": "\x1b]0;owned\x07evil.com",
    "clear": "\x1b[2Jevil.com",
    "override": "evil\u202emoc.",
    "quotes": "'\"",
    "percent": "%s%n%x",
    "braces": "{0}{x!r}",
    "markup": "[bold red]evil.com[/]",
    "long": "e" * 20_000,
    "many dots": "." * 2_000,
    "emoji": "\U0001f4a9.com",
    "surrogate": "evil\udcff.com",
    "sql": "' OR 1=1 --",
    "fts": 'evil" AND NEAR(',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("verb", ["search", "show", "path", "check", "export", "identity list", "note"])
def test_a_hostile_argument_is_a_text_and_nothing_more(shared, verb, name):
    text = HOSTILE[name]
    words = {
        "path": ["path", text, "evil.com"],
        "export": ["export", "csv", text],
        "check": ["check", text],
    }.get(verb, [*verb.split(), text])
    result = run(*words)
    assert result.exit_code in {0, 1}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not (shared / "owned").exists()
    assert not any(char in result.output for char in "\x1b\x07\u202e\r")


@pytest.mark.parametrize("dashed", ["--evil.com", "-evil.com", "--", "-"])
def test_what_begins_with_a_dash_is_taken_after_two_dashes(shared, dashed):
    assert run("show", "--", dashed).exit_code in {0, 1}
    assert run("search", "--", dashed).exit_code in {0, 1}


@pytest.mark.parametrize("verb", ["check", "extract", "note"])
@pytest.mark.parametrize(
    ("given", "works"),
    [
        ("evil.com asks for money\n", True),
        ("", False),
        ("\n\n", False),
        (b"\xff\xfe\x00", False),
    ],
    ids=["text", "nothing", "blank", "bytes"],
)
def test_a_dash_reads_stdin(member, verb, given, works):
    result = run(verb, "-", given=given)
    assert result.exit_code in {0, 1}
    assert "Traceback" not in result.output
    if works:
        assert result.exit_code == 0, result.output
        assert "evil[.]com" in result.stdout


@pytest.mark.parametrize(("verb", "code"), [("check", 0), ("extract", 0), ("note", 1)])
def test_bytes_that_are_no_utf8_are_read_where_they_are_evidence_and_refused_as_words(member, verb, code):
    result = run(verb, "-", given=b"evil.com \xff\xfe asks")
    assert result.exit_code == code
    if code:
        assert result.stderr == "error: a text that is not UTF-8. Mend: convert it, or set LC_ALL=C.UTF-8\n"


def test_a_list_of_entities_comes_from_stdin_line_by_line(member):
    assert run("note", "evil.com was seen").exit_code == 0
    result = run("show", "--from", "-", given="evil.com\n\nunknown.com\n")
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [bool(one["entity"]) for one in documents] == [True, False]


def test_an_export_goes_to_stdout_as_bytes_and_its_remarks_beside(member):
    assert run("note", "evil.com was seen", "--tlp", "CLEAR").exit_code == 0
    result = run("export", "ftm", "--out", "-")
    assert [json.loads(line)["schema"] for line in result.stdout.splitlines()] == ["Asset", "Note"]


@pytest.mark.parametrize(
    "words", [["export", "maltego"], ["export", "csv", "--json"], ["export", "ftm", "--json"]]
)
def test_what_cannot_go_to_a_terminal_wants_a_file(shared, words):
    result = run(*words)
    assert result.exit_code == 2
    assert "--out FILE" in result.stderr


def alone(*words, cwd, env=None, given=None):
    """The program in a process of its own, in another environment."""
    extra = {"PYTHONPATH": str(SRC), "PATH": os.environ["PATH"], "HOME": str(cwd), **(env or {})}
    return subprocess.run(
        [sys.executable, "-m", "chokepoint.cli.main", *words],
        cwd=cwd, env=extra, input=given, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "latin-1"},
     {"PYTHONIOENCODING": "ascii"}],
    ids=["C", "latin-1", "ascii"],
)  # fmt: skip
def test_in_a_locale_without_these_letters_the_answer_still_comes(member, env):
    assert run("note", "กลุ่ม evil.com ที่ 東京", "--about", "group:กลุ่มแก๊ง").exit_code == 0
    done = alone("show", "กลุ่มแก๊ง", cwd=member, env={**env, "CHOKEPOINT_ATLAS": "atlas"})
    assert b"Traceback" not in done.stderr
    assert done.returncode in {0, 1}
    if done.returncode:
        assert b"a text that is not UTF-8. Mend: convert it, or set LC_ALL=C.UTF-8" in done.stderr
    (member / "one.txt").write_text("group:กลุ่มแก๊ง\n", "utf-8")
    done = alone("show", "--from", "one.txt", cwd=member, env=env)
    assert json.loads(done.stdout)["entity"]["value"] == "กลุ่มแก๊ง"


@pytest.mark.parametrize(
    "env", [{"NO_COLOR": "1", "TERM": "dumb"}, {"FORCE_COLOR": "1", "COLUMNS": "20"}], ids=["plain", "forced"]
)
def test_into_a_file_nothing_is_coloured_or_drawn(member, env):
    assert run("note", "evil.com was seen").exit_code == 0
    done = alone("show", "evil.com", cwd=member, env=env)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout + done.stderr
    assert "│" not in done.stdout.decode()
    assert b"evil[.]com" in done.stdout
