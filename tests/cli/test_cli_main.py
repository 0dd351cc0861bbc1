"""The program as such: verbs, errors, exit codes, and what `--help` must not wait for."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from chokepoint import __version__
from chokepoint.cli import main as program
from chokepoint.cli.asked import Asked
from chokepoint.cli.main import VERBS, cli, leave
from chokepoint.model.errors import (
    BadInputError,
    ChokepointError,
    LedgerError,
    NotFoundError,
    NotValidError,
    RefusedError,
    TooLargeError,
)

if TYPE_CHECKING:
    from cli_desk import Desk

ALL = [verb for section in VERBS.values() for verb in section]
SRC = Path(__file__).parents[2] / "src"


def alone(*words: str, **how: object) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    env = {**os.environ, "PYTHONPATH": str(SRC), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "chokepoint.cli.main", *words],
        capture_output=True,
        text=True,
        env=env,
        timeout=120,
        check=False,
        **how,  # type: ignore[call-overload]
    )


def test_help_names_every_verb():
    text = CliRunner().invoke(cli, ["--help"]).stdout
    assert all(f"\n  {verb} " in text for verb in ALL)


@pytest.mark.parametrize("verb", ALL)
def test_every_verb_has_help(verb: str):
    result = CliRunner().invoke(cli, [verb, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("verb", ALL)
def test_every_verb_takes_json(verb: str):
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None
    leaves = command.commands.values() if isinstance(command, click.Group) else [command]
    for leaf in leaves:
        assert "--json" in {name for option in leaf.params for name in option.opts}, (verb, leaf.name)


def test_help_of_the_program_imports_nothing_heavy():
    """The promise of 0.3 s, kept by what is not imported."""
    script = (
        "import sys; from chokepoint.cli.main import cli\n"
        "try: cli.main(['--help'], prog_name='chokepoint')\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'sqlalchemy', 'msgspec', 'rich', 'scipy', 'numba', 'chokepoint.values.registry'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
        check=True,
        timeout=120,
    )
    assert done.stderr.strip() == "[]"


def test_the_version_is_told():
    assert CliRunner().invoke(cli, ["--version"]).stdout == f"chokepoint {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["show", "--nonsense"],
        ["search"],
        ["path", "a"],
        ["choke", "--top", "0"],
        ["export", "docx"],
    ],
)
def test_wrong_usage_exits_2_and_shows_the_usage(words: list[str]):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert result.stdout == ""


def test_a_slip_of_the_pen_is_guessed():
    assert "Did you mean verify?" in CliRunner().invoke(cli, ["verfy"]).stderr


def test_without_a_verb_the_help_is_shown():
    assert "Begin" in CliRunner().invoke(cli, []).output


def test_without_an_atlas_it_says_how_to_make_one(bare: Desk):
    result = bare.run("show", "evil.com")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "no atlas here" in result.stderr
    assert "Mend: make one: chokepoint init" in result.stderr
    assert str(bare.atlas) in result.stderr


def test_an_error_is_a_document_where_json_is_asked_for(bare: Desk):
    result = bare.run("show", "evil.com", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told == {
        "error": {"reason": "no atlas here", "place": str(bare.atlas), "mend": "make one: chokepoint init"}
    }


def test_the_environment_names_the_atlas(desk: Desk):
    result = CliRunner().invoke(cli, ["search", "x"], env={"CHOKEPOINT_ATLAS": str(desk.atlas)})
    assert result.exit_code == 0


def test_an_address_is_no_atlas_yet():
    result = CliRunner().invoke(cli, ["--atlas", "https://example.org/atlas", "search", "x"])
    assert result.exit_code == 1
    assert "--atlas" in result.stderr


def test_nobody_cannot_look(desk: Desk):
    assert desk.run("search", "x", who="/").exit_code == 1


def test_who_is_no_member_cannot_speak(desk: Desk):
    result = desk.run("note", "evil.com", who="stranger")
    assert result.exit_code == 1
    assert "no member" in result.stderr
    assert "init" in result.stderr


@pytest.mark.parametrize(
    "error",
    [ChokepointError, BadInputError, TooLargeError, NotValidError, RefusedError, NotFoundError, LedgerError],
)
def test_every_error_of_ours_exits_1_in_one_line(
    error: type[ChokepointError], capsys: pytest.CaptureFixture[str]
):
    assert leave(error("it is wrong", place="file, line 3", mend="write it right"), Asked()) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", "error: file, line 3: it is wrong. Mend: write it right\n")


def test_an_error_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]):
    leave(NotFoundError("no \x1b[2Jfile\n", place="a\u202eb\x07"), Asked())
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "\u202e" not in err
    assert "\x07" not in err
    assert err.count("\n") == 1


def test_an_error_of_the_file_system_is_told_in_words(capsys: pytest.CaptureFixture[str]):
    assert leave(PermissionError(errno.EACCES, "Permission denied", "/x/y"), Asked(json=True)) == 1
    out, err = capsys.readouterr()
    assert "/x/y: permission denied" in err
    assert json.loads(out)["error"]["place"] == "/x/y"


def test_a_damaged_ledger_is_told_in_words(bare: Desk):
    bare.atlas.mkdir()
    (bare.atlas / "ledger.sqlite").write_bytes(b"this is no data base at all, " * 100)
    result = bare.run("search", "x")
    assert result.exit_code == 1
    assert "data base" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_interruption_is_told_and_exits_1(monkeypatch: pytest.MonkeyPatch, desk: Desk):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chokepoint.desk.looking.look.search", stop)
    result = desk.run("search", "x")
    assert result.exit_code == 1
    assert "stopped" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_fault_of_the_program_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        leave(ZeroDivisionError(), Asked())


def test_a_reader_who_leaves_is_no_error(tmp_path: Path):
    """`chokepoint … | head -1`: no traceback, no message."""
    listing = tmp_path / "many.txt"
    listing.write_text("\n".join(f"evil{number}.com" for number in range(20_000)))
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    first = subprocess.Popen(
        [sys.executable, "-m", "chokepoint.cli.main", "extract", str(listing), "--context"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
    )
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.readline()
    first.stdout.close()
    said = first.stderr.read().decode()
    first.stderr.close()
    assert first.wait(60) == 0
    assert "Traceback" not in said
    assert "Broken" not in said


def test_the_program_runs_in_a_process_of_its_own(tmp_path: Path):
    atlas = str(tmp_path / "a")
    assert alone("--atlas", atlas, "--as", "bank", "init", "--json").returncode == 0
    done = alone("--atlas", atlas, "note", "evil.com asks for money", "--json")
    assert json.loads(done.stdout)["claims"]["new"] == 1
    done = alone("--atlas", atlas, "show", "evil.com")
    assert "Domain evil[.]com" in done.stdout
    assert alone("--atlas", atlas, "verify", "--nonsense").returncode == 2


def test_main_is_the_entry_of_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["chokepoint", "--version"])
    with pytest.raises(SystemExit) as caught:
        program.main()
    assert caught.value.code == 0
    assert __version__ in capsys.readouterr().out
