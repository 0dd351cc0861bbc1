"""What README and docs tell people to type works as it is written, on an atlas of that size."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_cli_help import parsed

from chokepoint.cli.main import VERBS, cli

ROOT = Path(__file__).parents[2]
BOOKS = sorted([ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")])
_command = re.compile(r"^\s*(?:\$ )?chokepoint (.+?)(?:\s+#.*)?$", re.MULTILINE)
_inline = re.compile(r"`chokepoint ([a-z-][^`]*)`")


def commands(path):
    """Every command in code blocks of a document, remarks after `#` taken off, line by line."""
    text = path.read_text("utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```|((?:^ {4}\S.*\n)+)", text, re.MULTILINE | re.DOTALL)
    return [found.strip() for pair in blocks for found in _command.findall("".join(pair))]


WRITTEN = [(path.name, one) for path in BOOKS for one in commands(path)]
INLINE = [(path.name, one) for path in BOOKS for one in _inline.findall(path.read_text("utf-8"))]


def typed(text):
    """The words of a command as a shell gives them, up to a pipe or redirection; `…` and dots stand for more."""
    words = []
    for word in shlex.split(text):
        if word in {">", "|", ">>", "<", "&&"}:
            break
        words.append(word)
    return [word for word in words if word not in {"…", "..."}]


def test_there_is_something_to_check():
    assert len(WRITTEN) > 15
    assert {name for name, _ in WRITTEN} >= {"README.md", "ledger.md"}


@pytest.mark.parametrize(
    ("book", "text"), WRITTEN, ids=[f"{name}-{k}" for k, (name, _) in enumerate(WRITTEN)]
)
def test_every_command_in_a_document_is_right_usage(book, text, tmp_path, monkeypatch):
    """Verbs, options and their values exist and fit; files that a command reads are put there."""
    monkeypatch.chdir(tmp_path)
    for word in typed(text):
        if re.fullmatch(r"[\w./-]+\.[a-z-]+|old|request|line|feeds/?", word):
            path = tmp_path / word
            path.parent.mkdir(parents=True, exist_ok=True)
            if word.rstrip("/") == "feeds":
                path.mkdir(exist_ok=True)
            else:
                path.touch()
    assert parsed(typed(text)) is not None, book


@pytest.mark.parametrize(("book", "text"), INLINE, ids=[f"{name}-{k}" for k, (name, _) in enumerate(INLINE)])
def test_every_verb_that_a_document_speaks_of_is_one(book, text):
    verbs = {verb for section in VERBS.values() for verb in section}
    words = [word for word in text.split() if not word.startswith("-")]
    assert words[0] in verbs or words[0] in {"ORG", "'…'"} or text.startswith("--"), (book, text)


FIRST_HOUR = [one for name, one in WRITTEN if name == "README.md"]


@pytest.fixture
def hour(tmp_path, monkeypatch):
    """A folder with what the first hour reads: feeds, a report, a table, a pasted text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "list.txt").write_text("evil.com\nworse-evil.com\n", "utf-8")
    report = "evil.com belongs to the Lazarus Group, which asks for payment to 19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds.\n"
    (tmp_path / "report.pdf").write_text(report, "utf-8")
    (tmp_path / "wallets.xlsx").write_text("wallet\n19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds\n", "utf-8")
    (tmp_path / "pasted.txt").write_text("evil.com and new-thing.com\n", "utf-8")
    return tmp_path


def run(*words):
    return CliRunner().invoke(cli, list(words))


def test_the_first_hour_of_the_readme_works_as_it_is_written(hour):
    """Every line of README's first hour in its order, by two members who vote for each other's claims."""
    done, claim = [], {}
    for text in FIRST_HOUR:
        words = typed(text)
        if "--case" in words:
            opened = run(
                "--as",
                "My bank",
                "case",
                "open",
                "Desk",
                "--purpose",
                "p",
                "--review",
                "2027-01-01",
                "--json",
            )
            words[words.index("--case") + 1] = json.loads(opened.stdout)["case"]["id"]
        if "CLAIM" in words:
            claim = claim or json.loads(run("--as", "Police", "review", "list", "--json").stdout)["claims"][0]
            words[words.index("CLAIM")] = claim["id"]
        if words[:2] == ["package", "build"]:
            vetted()
        result = run(*words)
        assert result.exit_code == 0, (text, result.output)
        assert "Traceback" not in result.output
        done.append(words[0] if not words[0].startswith("-") else words[2])
    assert done[:5] == ["init", "init", "init", "collect", "check"]
    assert done[-3:] == ["package", "package", "export"]


def vetted():
    """A link between what the README names, confirmed by two other members."""
    words = (
        "note",
        "it is theirs",
        "--link",
        "evil.com",
        "indicates",
        "group:Lazarus Group",
        "--tlp",
        "GREEN",
    )
    assert run("--as", "My bank", *words, "--grade", "A1").exit_code == 0
    claims = json.loads(run("--as", "Police", "show", "evil.com", "--json").stdout)["claims"]
    ids = [one["id"] for one in claims if one["property"] == "indicates"]
    for who in ("Police", "Vendor"):
        voted = run("--as", who, "review", "vote", *ids, "--confirm", "--reason", "found it again")
        assert voted.exit_code == 0, voted.output


def test_the_readme_names_every_form_of_export():
    text = (ROOT / "README.md").read_text("utf-8")
    for form in ("stix", "misp", "ftm", "maltego", "csv"):
        assert form in text.casefold()


def test_every_verb_is_spoken_of_in_readme_or_docs():
    text = "".join(path.read_text("utf-8") for path in BOOKS)
    unknown = [verb for section in VERBS.values() for verb in section if not re.search(rf"\b{verb}\b", text)]
    assert unknown == []
