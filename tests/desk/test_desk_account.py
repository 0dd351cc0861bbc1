"""The account of a run: every file, count and reason, added up and kept as it was."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document, Rejected
from chokepoint.desk.gather import GatherOptions, GatherReport, gather, receipt
from chokepoint.desk.gather.parse import Task, media_type
from chokepoint.desk.gather.report import FileReport
from chokepoint.desk.gather.stricter import own
from chokepoint.model.marking import CLEAR, Marking, Tlp

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
counts = st.dictionaries(words, st.integers(1, 9), max_size=3).map(Counter)
files = st.builds(
    FileReport,
    path=words,
    format=words,
    capture=words,
    origin=words,
    new=st.integers(0, 50),
    known=st.integers(0, 50),
    entities=counts,
    links=counts,
    rejected=st.lists(st.builds(Rejected, words, words), max_size=3),
    skipped=counts,
    mapping=words,
)
reports = st.lists(files, max_size=5).map(lambda found: GatherReport(files=tuple(found)))


# --- sums ---


@given(reports)
def test_the_totals_are_the_sums_of_the_files(report: GatherReport) -> None:
    said = report.to_json()
    assert said["totals"]["files"] == len(said["files"])
    for kind in ("new", "known"):
        assert said["totals"]["claims"][kind] == sum(one["claims"][kind] for one in said["files"])
    assert said["totals"]["rejected"] == sum(len(one["rejected"]) for one in said["files"])
    for name in ("entities", "links", "skipped"):
        summed: Counter[str] = Counter()
        for one in said["files"]:
            summed.update(one[name])
        assert said["totals"][name] == dict(sorted(summed.items()))
    json.dumps(said)


@given(reports, reports)
def test_two_runs_add_up(one: GatherReport, other: GatherReport) -> None:
    both = GatherReport(files=one.files + other.files)
    assert (both.new, both.known) == (one.new + other.new, one.known + other.known)
    assert both.rejected == one.rejected + other.rejected
    assert both.total("links") == one.total("links") + other.total("links")


@given(reports)
def test_formats_count_every_file_and_claim_once(report: GatherReport) -> None:
    found = report.by_format()
    assert sum(files_ for files_, _ in found.values()) == len(report.files)
    assert sum(claims for _, claims in found.values()) == report.new + report.known
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("file", "taken"),
    [
        (FileReport(path="p", new=1), True),
        (FileReport(path="p", known=1), True),
        (FileReport(path="p", skipped=Counter({"a rule": 1})), True),
        (FileReport(path="p", capture="c"), True),
        (FileReport(path="p", capture="c", rejected=[Rejected("line 1", "bad")]), False),
        (FileReport(path="p", capture="c", new=1, rejected=[Rejected("line 1", "bad")]), True),
        (FileReport(path="p"), False),
    ],
    ids=["new", "known", "skipped", "empty", "refused", "refused in part", "not read"],
)
def test_a_file_counts_as_taken_if_anything_of_it_was_or_a_rule_left_it(
    file: FileReport, *, taken: bool
) -> None:
    assert file.taken is taken
    assert GatherReport(files=(file,)).took_anything is taken


def test_a_mapping_is_told_only_where_one_was_used() -> None:
    assert "mapping" not in FileReport(path="p").to_json()
    assert FileReport(path="p", mapping="column 1 is a host").to_json()["mapping"] == "column 1 is a host"


# --- receipts ---


@given(files)
def test_what_a_receipt_keeps_of_a_file_comes_back_as_known(file: FileReport) -> None:
    back = receipt._file(json.loads(json.dumps(file.to_json())))
    assert back.known == file.new + file.known
    assert back.new == 0
    assert back.to_json() == file.to_json() | {"claims": {"new": 0, "known": file.new + file.known}}


def task(folder: Path, **more: object) -> Task:
    given_ = {
        "paths": (folder,),
        "key": b"k" * 32,
        "organisation": "bank",
        "at": "2026-02-03",
        "marking": CLEAR,
    }
    return Task(**given_ | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "more",
    [
        {"organisation": "police"},
        {"marking": Marking(tlp=Tlp.GREEN)},
        {"origin": "somebody"},
        {"format": "csv"},
        {"skip": frozenset({"maltrail"})},
        {"mappings": {"0" * 32: "{}"}},
        {"refused": frozenset({"0" * 64})},
        {"confirmed": True},
    ],
    ids=["organisation", "marking", "origin", "format", "skip", "mappings", "refused", "confirmed"],
)
def test_every_option_that_changes_what_is_read_makes_another_receipt(
    tmp_path: Path, more: dict[str, object]
) -> None:
    (tmp_path / "a.txt").write_text("evil.com")
    assert receipt.digest(task(tmp_path, **more)) != receipt.digest(task(tmp_path))


@pytest.mark.parametrize("more", [{"at": "2027-01-01"}, {"key": b"x" * 32}], ids=["the moment", "the key"])
def test_what_changes_nothing_that_is_read_makes_the_same(tmp_path: Path, more: dict[str, object]) -> None:
    (tmp_path / "a.txt").write_text("evil.com")
    assert receipt.digest(task(tmp_path, **more)) == receipt.digest(task(tmp_path))


def test_a_byte_or_a_name_that_changed_makes_another_receipt(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    digests = set()
    for name, text in (("a.txt", "evil.com"), ("a.txt", "evil.org"), ("b.txt", "evil.org")):
        file.rename(tmp_path / name) if file.exists() and file.name != name else None
        file = tmp_path / name
        file.write_text(text)
        digests.add(receipt.digest(task(tmp_path)))
    assert len(digests) == 3


def test_a_receipt_is_for_the_organisation_or_for_the_user_who_alone_may_see_the_files() -> None:
    red = Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann", "police"}))
    assert own(red, "bank") == Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"}))
    for marking in (
        CLEAR,
        Marking(tlp=Tlp.AMBER),
        Marking(tlp=Tlp.RED, audience=frozenset({"bank", "bank/ann"})),
    ):
        assert own(marking, "bank") == Marking(tlp=Tlp.AMBER_STRICT)


# --- media types ---


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04....", "application/zip"),
        (b'<?xml version="1.0"?>', "application/xml"),
        (b"\xef\xbb\xbf<?XML", "application/xml"),
        (b"  \r\n<!DOCTYPE html>", "text/html"),
        (b"<HTML>", "text/html"),
        (b'\n\t{"a": 1}', "application/json"),
        (b"[1]", "application/json"),
        (b"evil.com\n", "text/plain"),
        (b"", "text/plain"),
        (b"evil\x00com", "application/octet-stream"),
        (b"x" * 511 + b"\x00", "application/octet-stream"),
        (b"x" * 512 + b"\x00", "text/plain"),
    ],
    ids=[
        "pdf", "zip", "xml", "xml behind a mark", "html behind blanks", "html in capitals", "an object", "a list",
        "lines", "nothing", "a nought", "a nought at the edge", "a nought beyond it",
    ],
)  # fmt: skip
def test_bytes_are_named_by_their_beginning(data: bytes, kind: str) -> None:
    assert media_type(Document(path="p", data=data)) == kind


# --- runs ---


def folder_of(tmp_path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = tmp_path / "in" / name.replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path / "in"


def test_each_file_of_a_folder_is_told_once_in_the_order_of_names(world: World, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, b_txt="evil.org", a_txt="evil.com", c_txt="evil.net")
    seen: list[str] = []
    report = gather(world.open("bank"), [folder], progress=lambda file: seen.append(file.path))
    assert seen == [file.path for file in report.files] == ["a.txt", "b.txt", "c.txt"]
    assert all(file.new for file in report.files)


def test_what_is_left_out_by_request_is_counted_and_adds_nothing(world: World, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a_txt="evil.com", skipme_txt="evil.org")
    report = gather(world.open("bank"), [folder], GatherOptions(skip=frozenset({"skipme.txt"})))
    assert report.total("skipped") == Counter({"left out by request": 1})
    assert report.total("entities")["domain-name"] == 1


def test_one_bad_file_costs_itself_alone(world: World, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a_txt="evil.com", z_txt="evil.org")
    (folder / "m.json.gz").write_bytes(b"\x1f\x8b\x08\x00torn")
    report = gather(world.open("bank"), [folder])
    broken = next(file for file in report.files if "m.json" in file.path)
    assert broken.rejected
    assert "Mend" in broken.rejected[0].reason
    assert {file.path: file.new > 0 for file in report.files if file is not broken} == {
        "a.txt": True,
        "z.txt": True,
    }
    assert report.took_anything


def test_a_given_origin_grade_and_marking_are_those_of_every_claim(world: World, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a_txt="evil.com", b_txt="evil.org")
    green = Marking(tlp=Tlp.GREEN)
    gather(world.open("bank"), [folder], GatherOptions(origin="our desk", marking=green))
    reader = world.open("police").reader
    with reader.connect() as connection:
        claims = [one.claim.provenance for one in reader.claims(connection, range(1, 50))]
    assert {(one.origin, one.marking) for one in claims} == {("our desk", green)}


def test_an_empty_folder_and_a_missing_one_are_told_apart(world: World, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = gather(world.open("bank"), [tmp_path / "empty"])
    assert not nothing.took_anything
    missing = gather(world.open("bank"), [tmp_path / "missing"])
    assert not missing.took_anything
    assert "missing" in missing.files[0].path
