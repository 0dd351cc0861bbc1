"""One folder of everything that is wrong with files, collected in one run: nothing is silent, nothing else is lost."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hostile_folder import FILES, build

from cli_desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = "the whole file"


@pytest.fixture(scope="module")
def desk(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(shutil.copytree(made, tmp_path_factory.mktemp("bad") / "atlas"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    above = tmp_path_factory.mktemp("hostile")
    return build(above / "bad", above / "outside")


@pytest.fixture(scope="module")
def told(desk: Desk, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The account of the run: path below the folder → the entries of that file."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in desk.json("collect", str(folder), "--yes")["files"]:
        found.setdefault(file["path"].removeprefix(f"{folder.name}/"), []).append(file)
    return found


@pytest.fixture(scope="module")
def known(desk: Desk, told: dict[str, Any]) -> set[str]:
    """The sites that the atlas knows after the run, of all that stand anywhere in the folder."""
    assert told
    sites = sorted({word.decode() for data in FILES.values() for word in _sites(data)} | HIDDEN)
    answer = desk.json("check", given="\n".join(sites))
    return {
        found["value"]
        for line in answer["files"][0]["lines"]
        for found in line["found"]
        if found["status"] == "known"
    }


def _sites(data: bytes) -> set[bytes]:
    return set(re.findall(rb"evil-[a-z0-9]+\.com", data.replace(b"\x00", b"")))


HIDDEN = {
    "evil-before.com", "evil-after.com", "evil-depth3.com", "evil-depth4.com", "evil-same1.com", "evil-same2.com",
    "evil-up.com", "evil-abs.com", "evil-shell.com", "evil-newline.com", "evil-rtl.com", "evil-plain.com",
    "evil-secret.com", "evil-cutzip.com", "evil-gztarzip.com", "evil-tarup.com", "evil-cut.com",
    "evil-nochecksum.com", "evil-more.com", "evil-f1.com", "evil-far.com", "evil-cutbook.com", "evil-outside.com",
    "evil-real.com", "evil-page1.com",
}  # fmt: skip

REFUSED = {
    "evil-depth4.com": "nested more than three deep",
    "evil-up.com": "a member's name leads out of the archive",
    "evil-abs.com": "a member's name is absolute",
    "evil-tarup.com": "the same in a tar",
    "evil-secret.com": "an encrypted member",
    "evil-cutzip.com": "a zip without its list of contents",
    "evil-far.com": "a sheet that no memory holds",
    "evil-cutbook.com": "half a workbook",
    "evil-outside.com": "behind a link out of the folder",
    "evil-purple.com": "a row under a label that is none",
}


def test_everything_that_can_be_taken_is_taken_and_nothing_that_is_refused(known: set[str]):
    every = {word.decode() for data in FILES.values() for word in _sites(data)} | HIDDEN
    assert known == every - set(REFUSED)


TOLD: list[tuple[str, str, str]] = [
    ("yaml/malformed.yaml", "line 4", "no YAML"),
    ("yaml/bomb.yaml", "line 9", "aliases expand to too much"),
    ("yaml/deep.yaml", "line 1", "nested too deep"),
    ("json/deep.json", "line 1", "nested too deep"),
    ("json/deep-object.json", "line 1", "nested too deep"),
    ("json/cut.json", "line 1 column 58", "no JSON"),
    ("packed/cut.txt.gz", "byte ", "ends too early"),
    ("packed/no-checksum.txt.gz", "byte 100", "ends too early"),
    ("packed/more.txt.gz", "byte 14", "bytes that do not belong there"),
    ("packed/bomb.zip!bomb.txt", WHOLE, "more than 200 times"),
    ("packed/deep.zip!2.zip!1.zip!0.zip", WHOLE, "nested more than 3 deep"),
    ("packed/names.zip!../../up.txt", WHOLE, "../"),
    ("packed/names.zip!/etc/abs.txt", WHOLE, "an absolute name"),
    ("packed/encrypted.zip!secret.txt", WHOLE, "an encrypted member"),
    ("packed/cut.zip", WHOLE, "the zip archive is damaged"),
    ("packed/all.tar.gz!../up.txt", WHOLE, "../"),
    ("packed/all.tar.gz!link", WHOLE, "a link to /etc/passwd"),
    ("packed/all.tar.gz!pipe", WHOLE, "a device, pipe or other special member"),
    ("encoded/utf16-odd.txt", "line 2", "not UTF-16"),
    ("encoded/broken.txt", "line 4", "not UTF-8"),
    ("encoded/nuls.txt", "line 2", "control characters"),
    ("encoded/sjis.txt", "line 1", "most likely Shift-JIS"),
    ("xml/lol.xml", "", "DTD"),
    ("xml/outside.xml", "", "DTD"),
    ("table/ragged.csv", "line 4", "left over: 'c | d'"),
    ("table/quote.csv", "line 3", "a quote opens that does not close"),
    ("table/nuls.csv", "line 3", "control characters"),
    ("table/label.csv", "line 3", "unknown TLP label 'PURPLE': the row is not taken"),
    ("table/huge-cell.csv", "line 2", "a line of 300,"),
    ("table/far.xlsx", "sheet 'S'", "more memory than is allowed"),
    ("table/cut.xlsx", WHOLE, "the zip archive is damaged"),
    ("paper/scan.pdf", "page 1", "no text on this page"),
    ("paper/half.pdf", "page 2", "no text on this page"),
    ("paper/broken.pdf", "", "the PDF cannot be read"),
    ("json/nan.json", "/0/score", "NaN is not JSON"),
    ("data/program.exe", "byte 0", "a Windows program"),
    ("data/old.xls", "", "the workbook cannot be opened"),
    ("empty.txt", WHOLE, "an empty file"),
    ("no-files", WHOLE, "the folder is empty"),
    ("links/file", WHOLE, "a symbolic link out of the folder"),
    ("links/folder", WHOLE, "a symbolic link out of the folder"),
    ("links/nothing", WHOLE, "a symbolic link to nothing"),
    ("pipe", WHOLE, "a device, pipe or socket"),
    ("sparse.txt", WHOLE, "2 GB, more than the limit"),
]


@pytest.mark.parametrize(("path", "place", "reason"), TOLD, ids=[path for path, _, _ in TOLD])
def test_what_is_wrong_is_told_with_file_place_and_mend(
    told: dict[str, list[dict[str, Any]]], path: str, place: str, reason: str
):
    parts = [part for file in told[path] for part in file["rejected"]]
    [first] = [part for part in parts if reason in part["reason"]][:1]
    assert place in first["place"]
    assert "Mend: " in first["reason"]


def test_nothing_else_is_refused(told: dict[str, list[dict[str, Any]]]):
    refused = {path for path, files in told.items() if any(file["rejected"] for file in files)}
    assert refused == {path for path, _, _ in TOLD}


CLEAN = {
    "good.txt": "report",
    "yaml/code.yaml": "text",
    "json/nan.json": "table",
    "json/twice.json": "text",
    "json/surrogate.json": "text",
    "packed/three.zip!1.zip!0.zip!in.txt": "plain-list",
    "packed/all.tar.gz!d/x.zip!in.txt": "plain-list",
    "packed/names.zip!$(touch PWNED);`id`.txt": "plain-list",
    "packed/names.zip!new\\nline.txt": "plain-list",
    "packed/names.zip!rtl\\u202etxt.exe": "plain-list",
    "encoded/utf16le.txt": "text",
    "encoded/utf16be.txt": "text",
    "encoded/utf16-bom.txt": "text",
    "table/ragged.csv": "table",
    "table/quote.csv": "table",
    "table/mixed.csv": "text",
    "table/twice.csv": "table",
    "table/formula.xlsx": "table",
    "table/label.csv": "table",
    "names/$(touch PWNED)`id`;&|.txt": "plain-list",
    "names/new\\nline.txt": "plain-list",
    "names/rtl\\u202egnp.txt": "plain-list",
    "names/-rf": "plain-list",
    "names/\\x1b[31mred.txt": "plain-list",
    "links/real.txt": "plain-list",
}


@pytest.mark.parametrize(("path", "form"), CLEAN.items(), ids=CLEAN)
def test_a_file_is_read_as_what_it_is(told: dict[str, list[dict[str, Any]]], path: str, form: str):
    assert {file["format"] for file in told[path]} == {form}
    assert all(file["claims"]["new"] + file["claims"]["known"] for file in told[path])


def test_two_members_of_one_name_are_two_files(told: dict[str, list[dict[str, Any]]]):
    assert [file["claims"]["new"] for file in told["packed/names.zip!same.txt"]] == [1, 1]


def test_links_into_the_folder_are_read_once_under_their_own_name(told: dict[str, list[dict[str, Any]]]):
    for name in ("links/circle", "links/inside"):
        assert [file["skipped"] for file in told[name]] == [{"link to what is read under its own name": 1}]


def test_blank_files_are_skipped_by_name_line_by_line(told: dict[str, list[dict[str, Any]]]):
    assert told["blank.txt"][0]["skipped"] == {"blank line": 4}
    assert told["table/header-only.csv"][0]["skipped"] == {"text without an indicator": 1, "blank line": 1}


def test_no_name_and_no_content_was_run(folder: Path):
    assert not list(folder.parent.rglob("PWNED"))


def test_the_second_run_adds_nothing_and_tells_the_same(desk: Desk, folder: Path, told: dict[str, Any]):
    again = desk.json("collect", str(folder), "--yes")
    assert again["totals"]["claims"]["new"] == 0
    first = sum(file["claims"]["new"] + file["claims"]["known"] for files in told.values() for file in files)
    assert again["totals"]["claims"]["known"] == first
    assert again["totals"]["rejected"] == sum(
        len(file["rejected"]) for files in told.values() for file in files
    )


def test_a_person_reads_every_refusal_and_no_control_character(
    desk: Desk, folder: Path, told: dict[str, Any]
):
    assert told
    text = desk.ok("collect", str(folder), "--yes")
    for path, _, reason in TOLD:
        assert path.rpartition("/")[2].rpartition("!")[2] in text
        assert reason.replace("\n", " ")[:40] in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_folder_is_only_read(folder: Path):
    assert {path: (folder / path).read_bytes() for path in FILES} == FILES


@pytest.mark.parametrize(
    ("names", "code"),
    [
        pytest.param(["paper/broken.pdf", "data/program.exe", "empty.txt", "no-files", "pipe"], 1, id="none"),
        pytest.param(["paper/broken.pdf", "good.txt"], 0, id="one good file"),
        pytest.param(["blank.txt"], 0, id="left out by rule"),
        pytest.param(["nowhere"], 1, id="a name that is not there"),
        pytest.param(["table/far.xlsx"], 1, id="a workbook that ends its reader"),
        pytest.param(["packed/cut.txt.gz"], 0, id="half a packed file"),
    ],
)
def test_it_fails_only_where_nothing_could_be_taken(desk: Desk, folder: Path, names: list[str], code: int):
    result = desk.run("collect", *(str(folder / name) for name in names))
    assert result.exit_code == code
    assert ("nothing could be taken. Mend:" in result.stderr) is bool(code)


def test_a_process_of_its_own_says_the_same(made: Path, folder: Path, tmp_path: Path):
    atlas = shutil.copytree(made, tmp_path / "atlas")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "chokepoint.cli.main",
            "--atlas",
            str(atlas),
            "--as",
            "bank",
            "collect",
            "--json",
        ]
        + [str(folder / name) for name in ("table/far.xlsx", "paper/broken.pdf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert [len(file["rejected"]) for file in json.loads(run.stdout)["files"]] == [1, 1]
    assert "Traceback" not in run.stderr
    assert "panicked" not in run.stderr
