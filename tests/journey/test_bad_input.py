"""Hostile and broken files at the command line: each is told with file, place and mend, and costs nothing else."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_desk import Desk

GOOD = "good-lantern.net"
MOST_MEMORY_KB = 400_000
DEEP = 10_000
EVENT = b'{"Event":{"info":"%s","date":"2025-01-01","Orgc":{"name":"CERT"},"Attribute":[%s]}}'
UUID = b'"to_ids":true,"uuid":"5e0b7a10-0000-4000-8000-000000000031"'
INDICATOR = (
    b'{"type":"bundle","id":"bundle--5e0b7a10-0000-4000-8000-000000000001","objects":[{"type":"indicator",'
    b'"spec_version":"2.1","id":"indicator--5e0b7a10-0000-4000-8000-000000000001","confidence":NaN,'
    b'"created":"2025-01-01T00:00:00Z","modified":"2025-01-01T00:00:00Z","pattern_type":"stix",'
    b'"pattern":"[domain-name:value = \'nan-lantern.net\']","valid_from":"2025-01-01T00:00:00Z"}]}'
)
PACKAGE = b'<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1">&e;</stix:STIX_Package>'
LAUGHS = b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10))
YAML_LAUGHS = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(9)
)


def _gzip_cut(file: Path) -> None:
    packed = gzip.compress("\n".join(f"gz-{n}-lantern.net" for n in range(5000)).encode())
    file.write_bytes(packed[: len(packed) // 2])


def _bomb(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", b"0" * 20_000_000)
        archive.writestr("inside.txt", "inside-the-zip-lantern.net\n")


def _sparse(file: Path) -> None:
    with file.open("wb") as out:
        out.truncate(2 * 1024**3)


def _bytes(content: bytes) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(content) and None


BROKEN: dict[str, tuple[str, Callable[[Path], None], str, str]] = {
    "YAML with one broken record": (
        "malformed.yaml",
        _bytes(
            b"- name: fine-one.net\n  url: http://fine-one.net\n  category: Phishing\n"
            b"- name: broken.net\n  url: [unclosed\n  category: Phishing\n"
            b"- name: fine-two.net\n  url: http://fine-two.net\n  category: Phishing\n"
        ),
        "record left out",
        "fine-two.net",
    ),
    "gzip cut in half": ("cut.txt.gz", _gzip_cut, "ends too early", "gz-0-lantern.net"),
    "a zip that inflates a thousand times": (
        "bomb.zip",
        _bomb,
        "decompression bomb",
        "inside-the-zip-lantern.net",
    ),
    "two gigabytes of nothing": ("sparse.csv", _sparse, "more than the limit", ""),
    "UTF-16": (
        "wide.csv",
        _bytes("domain,note\nwide-lantern.net,é\n".encode("utf-16")),
        "",
        "wide-lantern.net",
    ),
    "UTF-16 without its mark": (
        "wide.txt",
        _bytes("wide-lantern.net\n".encode("utf-16-le")),
        "",
        "wide-lantern.net",
    ),
    "invalid UTF-8": (
        "old.csv",
        _bytes(b"domain,note\nold-lantern.net,caf\xe9\xff\n"),
        "save the file as UTF-8",
        "old-lantern.net",
    ),
    "a stray NUL": (
        "nul.csv",
        _bytes(b"domain,note\nfirst-lantern.net,x\x00y\nafter-lantern.net,y\n"),
        "control characters",
        "after-lantern.net",
    ),
    "JSON ten thousand deep": ("deep.json", _bytes(b"[" * DEEP + b"]" * DEEP), "nested too deep", ""),
    "objects ten thousand deep": (
        "deep2.json",
        _bytes(b'{"a":' * DEEP + b"1" + b"}" * DEEP),
        "nested too deep",
        "",
    ),
    "YAML ten thousand deep": ("deep.yaml", _bytes(b"- " * DEEP + b"x\n"), "nested deeper", ""),
    "YAML aliases that explode": ("laughs.yaml", _bytes(YAML_LAUGHS), "aliases expand", ""),
    "a YAML tag that would run code": (
        "tag.yaml",
        _bytes(
            b"- name: !!python/object/apply:os.getcwd []\n  url: http://tag-lantern.net\n  category: Phishing\n"
        ),
        "is not obeyed",
        "tag-lantern.net",
    ),
    "NaN": ("nan.json", _bytes(INDICATOR), "NaN is not JSON", "nan-lantern.net"),
    "duplicate keys": (
        "twice.json",
        _bytes(
            EVENT
            % (b"Twice", b'{"type":"domain","value":"a-lantern.net","value":"b-lantern.net",' + UUID + b"}")
        ),
        "stands more than once",
        "b-lantern.net",
    ),
    "lone surrogates": (
        "half.json",
        _bytes(EVENT % (b"Half \\ud800", b'{"type":"domain","value":"half-lantern.net",' + UUID + b"}")),
        "lone surrogate",
        "half-lantern.net",
    ),
    "a billion laughs": (
        "laughs.xml",
        _bytes(b'<!DOCTYPE x [<!ENTITY e0 "ha">' + LAUGHS + b"]>" + PACKAGE.replace(b"&e;", b"&e9;")),
        "remove the DTD",
        "",
    ),
    "an entity that reads a file": (
        "outside.xml",
        _bytes(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + PACKAGE),
        "remove the DTD",
        "",
    ),
    "JSON cut in the middle": ("cut.json", _bytes(INDICATOR[:120]), "no JSON", ""),
    "an empty file": ("zero.txt", _bytes(b""), "an empty file", ""),
    "a PDF that is none": ("none.pdf", _bytes(b"%PDF-1.7\nrubbish"), "cannot be read", ""),
    "a workbook that is none": ("none.xlsx", _bytes(b"PK\x03\x04rubbish"), "damaged", ""),
    "a program": ("tool.exe", _bytes(b"MZ" + bytes(range(256)) * 8), "not text", ""),
}


def beside_good(tmp_path: Path, name: str, make: Callable[[Path], None]) -> Path:
    """A folder with the broken file and one good list."""
    folder = tmp_path / "in"
    folder.mkdir()
    make(folder / name)
    (folder / "zz-good.txt").write_text(f"{GOOD}\n", "utf-8")
    return folder


def reasons(told: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """Place and reason of what was refused in a file or in what it packs."""
    return [
        (part["place"], part["reason"])
        for file in told["files"]
        if file["path"].partition("!")[0] == name
        for part in file["rejected"]
    ]


def peak() -> int:
    """Kilobytes that this process has held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def known(desk: Desk, value: str) -> bool:
    return desk.json("show", value)["entity"] is not None


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told_with_place_and_mend_and_costs_nothing_else(
    desk: Desk, tmp_path: Path, case: str
):
    name, make, reason, saved = BROKEN[case]
    before = peak()
    told = desk.json("collect", str(beside_good(tmp_path, name, make)), "--yes")
    found = reasons(told, name)
    if reason:
        assert any(reason in said for _, said in found)
    else:
        assert found == []
    assert all(place and "Mend: " in said for place, said in found if reason and reason in said)
    assert known(desk, GOOD)
    assert not saved or known(desk, saved)
    assert peak() - before < MOST_MEMORY_KB


@pytest.mark.parametrize("case", ["two gigabytes of nothing", "an entity that reads a file", "an empty file"])
def test_the_exit_is_a_failure_only_where_nothing_could_be_taken(desk: Desk, tmp_path: Path, case: str):
    name, make, reason, _ = BROKEN[case]
    make(tmp_path / name)
    alone = desk.run("collect", str(tmp_path / name))
    assert alone.exit_code == 1
    assert reason in alone.stdout
    assert name in alone.stdout
    assert "nothing could be taken" in alone.stderr
    (tmp_path / "good.txt").write_text(f"{GOOD}\n", "utf-8")
    desk.ok("collect", str(tmp_path / name), str(tmp_path / "good.txt"))


def test_names_in_archives_that_lead_out_are_refused_and_the_rest_is_read(desk: Desk, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    with tarfile.open(folder / "evil.tar.gz", "w:gz") as archive:
        for name, value in (("../../escape.txt", "escape"), ("/abs.txt", "abs"), ("ok.txt", "tar-fine")):
            about = tarfile.TarInfo(name)
            content = f"{value}-lantern.net\n".encode()
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    with zipfile.ZipFile(folder / "evil.zip", "w") as zipped:
        zipped.writestr("../up.txt", "up-lantern.net")
        zipped.writestr("C:\\win.txt", "win-lantern.net")
        zipped.writestr("ok.txt", "zip-fine-lantern.net")
    told = desk.json("collect", str(folder))
    assert len(reasons(told, "evil.tar.gz")) == 3
    assert len(reasons(told, "evil.zip")) == 2
    assert known(desk, "tar-fine-lantern.net")
    assert known(desk, "zip-fine-lantern.net")
    assert not known(desk, "escape-lantern.net")
    assert not list(tmp_path.parent.glob("escape.txt"))


def test_archives_in_archives_end_at_a_depth(desk: Desk, tmp_path: Path):
    content = b"deep-lantern.net"
    for level in range(12):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"level{level}.zip" if level else "list.txt", content)
        content = packed.getvalue()
    (tmp_path / "nest.zip").write_bytes(content)
    result = desk.run("collect", str(tmp_path / "nest.zip"))
    assert result.exit_code == 1
    assert "nested more than" in result.stdout


def test_a_name_full_of_shell_and_terminal_is_only_a_name(desk: Desk, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / '$(touch owned);`id` & "x" \x1b[31m\n.txt').write_text("shell-lantern.net\n", "utf-8")
    text = desk.ok("collect", str(folder))
    assert "\x1b" not in text
    assert known(desk, "shell-lantern.net")
    assert not (tmp_path / "owned").exists()
    assert "\x1b" not in desk.ok("show", "shell-lantern.net")


def test_links_that_lead_out_and_special_files_are_refused(desk: Desk, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret-lantern.net\n", "utf-8")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "nowhere").symlink_to("nothing")
    (folder / "loop").symlink_to(".")
    os.mkfifo(folder / "pipe")
    (folder / "good.txt").write_text(f"{GOOD}\n", "utf-8")
    told = desk.json("collect", str(folder))
    assert [said.partition(":")[0] for _, said in reasons(told, "out.txt")] == [
        "a symbolic link out of the folder"
    ]
    assert reasons(told, "nowhere")
    assert reasons(told, "pipe")
    assert known(desk, GOOD)
    assert not known(desk, "secret-lantern.net")


def test_an_empty_folder_and_a_name_that_is_none_are_told(desk: Desk, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    for path, words in ((tmp_path / "empty", "the folder is empty"), (tmp_path / "none", "no such file")):
        result = desk.run("collect", str(path))
        assert result.exit_code == 1
        assert words in result.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever may read everything finds no unreadable file")
def test_a_file_without_the_right_to_read_it_is_told(desk: Desk, tmp_path: Path):
    folder = beside_good(tmp_path, "locked.txt", _bytes(b"locked-lantern.net\n"))
    (folder / "locked.txt").chmod(0)
    told = desk.json("collect", str(folder))
    assert "check its rights" in reasons(told, "locked.txt")[0][1]


def test_a_folder_that_is_no_atlas_is_said_to_be_none(bare_folder: Desk):
    for words in (("show", "x.com"), ("collect", str(bare_folder.atlas)), ("verify",)):
        result = bare_folder.run(*words, "--json")
        assert result.exit_code == 1
        error = json.loads(result.stdout)["error"]
        assert error["reason"] == "no atlas here"
        assert error["place"] == str(bare_folder.atlas)
        assert error["mend"]
    assert bare_folder.run("init").exit_code == 1
    assert (bare_folder.atlas / "holiday.txt").read_text("utf-8") == "mine\n"


@pytest.fixture
def bare_folder(desk: Desk, tmp_path: Path) -> Desk:
    """A desk pointed at a folder of other things."""
    desk.atlas = tmp_path / "photos"
    desk.atlas.mkdir()
    (desk.atlas / "holiday.txt").write_text("mine\n", "utf-8")
    return desk


def test_a_ledger_that_is_no_data_base_is_named_with_its_folder(desk: Desk):
    (desk.atlas / "ledger.sqlite").write_bytes(b"rubbish" * 1000)
    for beside in desk.atlas.glob("ledger.sqlite-*"):
        beside.unlink()
    for words in (("show", "x.com"), ("verify",)):
        result = desk.run(*words, "--json")
        assert result.exit_code == 1
        error = json.loads(result.stdout)["error"]
        assert error["place"] == str(desk.atlas)
        assert "restore a backup" in error["mend"]


WRONG = {
    "no path": (("collect",), 2, "Missing argument"),
    "a verb that is none": (("colect", "x"), 2, "Did you mean collect"),
    "a format that is none": (("collect", "--format", "nope", "{good}"), 1, "use one of"),
    "a label that is none": (("collect", "--tlp", "PURPLE", "{good}"), 1, "use CLEAR, GREEN"),
    "a grade that is none": (("collect", "--grade", "Z9", "{good}"), 1, "use A to F"),
    "one end of a path": (("path", "a.com"), 2, "Missing argument 'B'"),
    "too long a path": (("path", "a.com", "b.com", "--hops", "99"), 2, "not in the range"),
    "a vote without a reason": (("review", "vote", "abcdef", "--confirm"), 2, "--reason"),
    "a vote on no claim": (("review", "vote", "ffffffff", "--confirm", "--reason", "x"), 1, "no such claim"),
    "a day that is none": (("choke", "--as-of", "yesterday"), 1, "write YYYY-MM-DD"),
    "an export that is none": (("export", "fax"), 2, "is not one of"),
    "a package that is none": (("package", "verify", "{good}.d"), 1, "no package here"),
    "a network that is none": (("choke", "--network", "{good}"), 1, "{good}: no JSON"),
    "edges that are none": (("dismantle", "{good}"), 1, "{good}: line 1: no edge"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_option_is_told_with_what_would_be_right(desk: Desk, tmp_path: Path, case: str):
    words, code, told = WRONG[case]
    good = tmp_path / "good.txt"
    good.write_text(f"{GOOD}\n", "utf-8")
    result = desk.run(*(word.replace("{good}", str(good)) for word in words))
    assert result.exit_code == code
    assert told.replace("{good}", str(good)) in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_document_without_text_is_told_when_indicators_are_asked_of_it(desk: Desk, tmp_path: Path):
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - slow to load

    picture = tmp_path / "scan.pdf"
    page = Canvas(str(picture))
    page.rect(10, 10, 300, 300)
    page.save()
    result = desk.run("extract", str(picture), "--json")
    assert result.exit_code == 1
    [file] = json.loads(result.stdout)["files"]
    assert "OCR" in file["rejected"][0]["reason"]
    assert file["rejected"][0]["place"]
