"""What is written to people and to programs."""

from __future__ import annotations

import json
import shlex
import sys
import unicodedata

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.cli.asked import Asked
from chokepoint.cli.face import Face, as_json, called, calm, cut, marking_of, named, with_face
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Pap, Tlp

anything = st.text(st.characters(exclude_categories=()), max_size=60)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)


@given(documents)
def test_json_reads_back_as_what_it_was(document: object):
    assert json.loads(as_json(document)) == document


@given(documents)
def test_json_hides_nothing_and_turns_nothing_round(document: object):
    text = as_json(document)
    assert "\n" not in text
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in text)
    assert not any(c in text for c in "\u202e\u200b\u2066\u200f\ufeff\u00ad\u2028")
    text.encode()


def test_json_refuses_what_is_no_json():
    with pytest.raises(ValueError, match="JSON"):
        as_json({"gap": float("nan")})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("see http://evil.com/a.php now", "see hxxp://evil[.]com/a.php now"),
        ("HTTPS://Evil.com", "HxxPS://Evil[.]com"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("no address here", "no address here"),
    ],
)
def test_free_text_holds_no_live_link(text: str, wanted: str):
    assert calm(text) == wanted


@given(anything)
def test_calm_text_is_one_line_and_never_a_link(text: str):
    quiet = calm(text + " http://evil.com/x")
    assert "\n" not in quiet
    assert "http://" not in quiet


def test_long_text_is_cut_with_a_mark():
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"


def test_an_entity_is_named_with_its_kind_and_defanged():
    assert named(Entity("domain-name", "evil.com")) == "Domain evil[.]com"
    assert "\u202e" not in named(Entity("group", "x\u202ey"))


def say(*lines: str) -> str:
    @click.command()
    @click.pass_context
    def speak(_: click.Context) -> None:
        face = Face(Asked())
        for line in lines:
            face.say(line)

    return CliRunner().invoke(speak).stdout


@given(st.lists(anything.filter(lambda text: "\n" not in text), max_size=3))
def test_nothing_said_can_move_the_cursor(lines: list[str]):
    out = say(*[line.encode("utf-8", "replace").decode() for line in lines])
    assert out.count("\n") == len(lines)
    assert not any(c in out for c in "\x1b\x07\x08\r\x9b\u202e\u2066")


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    @click.command()
    def draw() -> None:
        Face(Asked()).table(columns, rows)

    return CliRunner().invoke(draw).stdout.splitlines()


def test_a_table_for_files_is_aligned_by_blanks():
    assert table(("name", "#n"), [("a", "5"), ("long", "1,000")]) == [
        "name      n",
        "a         5",
        "long  1,000",
    ]


def test_wide_and_combining_letters_keep_their_columns():
    lines = table(("name", "n"), [("กลุ่ม", "1"), ("日本", "2"), ("abcd", "3")])
    assert lines[1] == "กลุ่ม   1"
    assert lines[2] == "日本  2"


def test_a_table_shows_what_would_hide():
    assert "<U+202E>" in table(("a",), [("x\u202ey",)])[1]


def test_a_table_without_rows_has_its_head():
    assert table(("a", "#b"), []) == ["a  b"]


def test_on_a_terminal_markup_of_the_atlas_stays_text(monkeypatch: pytest.MonkeyPatch):
    """Text from a source that looks like the markup of the drawing library is drawn as it is."""
    from chokepoint.cli import face  # noqa: PLC0415 - its function is drawn by itself

    @click.command()
    def draw() -> None:
        face._drawn(("what", "#n"), [["[link=http://evil.com]click[/link]", "1"]])

    monkeypatch.setenv("COLUMNS", "100")
    assert "[link=http://evil.com]click[/link]" in CliRunner().invoke(draw).stdout


def options(**given: object) -> dict[str, object]:
    return {"tlp": "", "pap": "", "to": [], "for_case": [], "handling": [], **given}


def test_a_marking_is_read_from_its_options():
    marking = marking_of(options(tlp="amber+strict", pap="PAP:RED", to=[" police ", ""]))
    assert (marking.tlp, marking.pap, marking.audience) == (Tlp.AMBER_STRICT, Pap.RED, frozenset({"police"}))
    assert marking_of(options()).tlp is Tlp.CLEAR
    assert marking_of(options(), default="amber").tlp is Tlp.AMBER


def test_need_to_know_and_handling_codes_are_read_from_their_options():
    marking = marking_of(options(for_case=["12ab", "case-34cd"], handling=["h2", "H3: ask us"]))
    assert marking.cases == {"case-12ab", "case-34cd"}
    assert marking.handling == {"H2", "H3: ask us"}


@pytest.mark.parametrize(
    "given",
    [{"tlp": "purple"}, {"pap": "purple"}, {"tlp": "TLP:"}, {"handling": ["H4"]}, {"handling": ["H3"]}],
    ids=["tlp", "pap", "empty tlp", "no such code", "a code without its words"],
)
def test_an_unknown_label_is_refused(given: dict[str, object]):
    with pytest.raises(NotValidError):
        marking_of(options(**given))


def test_a_verb_keeps_its_name_and_words():
    def verb(face: Face) -> None:
        """What it does."""

    made = with_face(verb)
    assert made.__name__ == "verb"
    assert made.__doc__ == "What it does."


def test_there_is_no_progress_where_there_is_no_terminal():
    @click.command()
    def work() -> None:
        with Face(Asked()).progress("working") as step:
            step("one")

    result = CliRunner().invoke(work)
    assert result.output == ""
    assert result.exit_code == 0


def test_a_command_to_copy_begins_as_the_shell_finds_the_program(tmp_path, monkeypatch):
    """After `make demo` it lies in `.venv/bin`, where no shell looks."""
    program = tmp_path / "my tools" / "chokepoint"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program), "demo"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shlex.split(called()) == [str(program)]
    monkeypatch.setenv("PATH", str(program.parent))
    assert called() == "chokepoint"
