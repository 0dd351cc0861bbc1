"""Reports as police, banks and researchers of many countries write them: expected claims by hand, in full."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from line_reading import claims, document, rejected, skipped, unaccounted
from world_reports import CASES, Case

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.walk import walk
from chokepoint.package.place import Region, holds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from chokepoint.collect.base import Document, Item


each = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def read(paper: Document) -> tuple[str, list[Item]]:
    reader = recognise(paper, collectors())
    return reader.name, list(reader.read(paper))


def lines(items: Iterable[Item]) -> list[str]:
    return [f"{one.place}: {one.subject} {one.property} {one.object}" for one in claims(items)]


@each
def test_a_report_says_all_of_this_and_nothing_else(case: Case):
    form, items = read(document(case.text, case.path))
    assert form == case.form
    assert lines(items) == case.claims.strip().split("\n")
    assert not rejected(items)


@each
def test_every_line_of_it_is_a_claim_or_a_named_skip(case: Case):
    _, items = read(document(case.text, case.path))
    assert skipped(items) == case.skipped
    if case.form != "html":  # a page is accounted by what a reader sees, not by lines of markup
        assert unaccounted(case.text, items) == 0


@each
def test_what_it_observed_was_before_it_was_published(case: Case):
    _, items = read(document(case.text, case.path))
    bounds = {one.observed.end for one in claims(items) if one.observed}
    assert bounds == ({case.before} if case.before else set())
    assert all(one.observed.start == "" for one in claims(items) if one.observed)


@each
def test_every_claim_names_this_capture_and_its_publisher(case: Case):
    paper = document(case.text, case.path, origin="Royal Police")
    _, items = read(paper)
    assert {one.provenance.capture for one in claims(items)} == {paper.sha256}
    assert {one.provenance.origin for one in claims(items)} == {"Royal Police"}


@each
def test_what_was_written_otherwise_is_kept_as_it_was_written(case: Case):
    _, items = read(document(case.text, case.path))
    for one in claims(items):
        assert not one.raw or one.raw in case.text.replace("\n", " ")


@each
def test_each_place_can_be_read_again_in_the_capture_and_holds_what_is_claimed(case: Case):
    paper = document(case.text, case.path)
    _, items = read(paper)
    region = Region(paper.data)
    for one in claims(items):
        text = region.at(one.place)
        if one.property == "subdomain-of" or one.subject.kind in {"campaign", "malware", "group"}:
            continue  # what follows from a value, or stands in the title and the folder
        assert holds(text, one.subject, one.raw), one


@each
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="line ends of old Macs"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="a byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16 with its mark"),
    ],
)
def test_how_the_text_was_saved_changes_nothing(case: Case, change):
    form, items = read(document(change(case.text), case.path))
    assert form == case.form
    assert lines(items) == case.claims.strip().split("\n")


@each
def test_live_addresses_say_what_defanged_ones_say(case: Case):
    _, items = read(document(case.text.replace("[.]", ".").replace("hxxp", "http"), case.path))
    assert lines(items) == case.claims.strip().split("\n")


@each
def test_hidden_marks_at_the_ends_of_words_change_no_identifier(case: Case):
    _, plain = read(document(case.text, case.path))
    hostile = "\n".join(
        f"\u202a{line}\u202c\u200b" if line[:1].isalpha() else line for line in case.text.split("\n")
    )
    _, items = read(document(hostile, case.path))

    def identifiers(found: Iterable[Item]) -> set[str]:
        kinds = {"malware", "campaign", "group"}
        return {str(one.subject) for one in claims(found) if one.subject.kind not in kinds}

    assert identifiers(items) == identifiers(plain)


def collected(path: Path) -> list[tuple[str, ...]]:
    """All that a walk gives, by document name, without the folders and archives around it."""
    found = []
    for paper in walk([path]):
        found += [(paper.name, line) for line in lines(read(paper)[1])]  # type: ignore[arg-type, union-attr]
    return sorted(found)


def test_an_archive_of_a_folder_says_what_the_folder_says(tmp_path: Path):
    folder = tmp_path / "iocs"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for case in CASES.values():
            place = folder / case.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(case.text, "utf-8")
            archive.writestr(case.path, case.text)
    plain = collected(folder)
    (tmp_path / "iocs.zip").write_bytes(packed.getvalue())
    assert collected(tmp_path / "iocs.zip") == plain
    (tmp_path / "iocs.zip.gz").write_bytes(gzip.compress(packed.getvalue()))
    assert collected(tmp_path / "iocs.zip.gz") == plain
    assert len(plain) == sum(case.claims.strip().count("\n") + 1 for case in CASES.values())


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        pytest.param("Alert: fake bank calls", "campaign:alert fake bank calls", id="an alert with a colon"),
        pytest.param(
            "Warnung: falsche Polizei ruft an", "campaign:warnung falsche polizei ruft an", id="German"
        ),
        pytest.param("# Zloader strikes again", "campaign:zloader strikes again", id="a heading in Markdown"),
        pytest.param("= Silverfish campaign\n", "campaign:silverfish campaign", id="a heading in AsciiDoc"),
        pytest.param(
            "Silverfish scam\n===============", "campaign:silverfish scam", id="an underlined heading"
        ),
    ],
)
def test_a_title_names_the_subject(title: str, subject: str):
    _, items = read(
        document(f"{title}\n\nThe gang runs the fraudulent site evil-title[.]com for this.\n", "12.txt")
    )
    assert {str(one.object) for one in claims(items) if one.property == "indicates"} == {subject}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Date: 3 May 2023", id="a field"),
        pytest.param("Source: https://example.org/report", id="another"),
        pytest.param("The criminals used a great many sites for it.", id="a sentence"),
    ],
)
def test_a_first_line_that_is_no_title_names_none(line: str):
    _, items = read(
        document(f"{line}\nThe gang runs the fraudulent site evil-title[.]com for this.\n", "12.txt")
    )
    assert not [one for one in claims(items) if one.property == "indicates"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        pytest.param("Published: 3 May 2023", "2023-05-03", id="English"),
        pytest.param("Datum: 12.04.2023", "2023-04-12", id="German, dots"),
        pytest.param("Date : 14 avril 2023", "2023-04-14", id="French"),
        pytest.param("Fecha: 15 de abril de 2023", "2023-04-15", id="Spanish"),
        pytest.param("Tarih: 17 Nisan 2023", "2023-04-17", id="Turkish"),
        pytest.param("発表日：2023年4月16日", "2023-04-16", id="Japanese"),
        pytest.param("วันที่ 29 ธันวาคม 2563", "2020-12-29", id="Thai"),
        pytest.param("Date: 3/4/2023", "", id="a day that nobody can be sure of"),
        pytest.param("Date: soon", "", id="no day"),
    ],
)
def test_the_day_of_publication_is_read_in_its_language(line: str, day: str):
    text = f"# Silverfish campaign\n{line}\nThe gang runs the fraudulent site evil-title[.]com for this.\n"
    _, items = read(document(text, "12.txt"))
    assert [one.object for one in claims(items) if one.property == "date"] == ([day] if day else [])
