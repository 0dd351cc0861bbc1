"""One table in every container that people send tables in: the same sentences come out of each."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import tarfile
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, triples

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.tabular import Tabular
from chokepoint.collect.walk import Problem, walk
from chokepoint.model.claim import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
HEADER = ("domain", "ip", "wallet", "amount", "first seen", "last seen", "note")
ROWS = (
    ("fox-a.com", "91.243.44.50", WALLET, "5000", "2024-03-05", "2024-03-06", "first, of all"),
    ("fox-b.com", "91.243.44.51", "", "", "2024-03-05", "", 'said "hi"'),
    ("fox-c.com", "91.243.44.52", "", "7.5", "", "", "เว็บปลอม"),
    ("fox-d.com", "91.243.44.53", "", "", "", "2024-12-31", "two; or three"),
)


def delimited(separator: str, encoding: str = "utf-8", end: str = "\n") -> Callable[..., bytes]:
    def write(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator=end).writerows([header, *rows])
        return out.getvalue().encode(encoding)

    return write


def book(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    made = openpyxl.Workbook()
    for row in (header, *rows):
        made.active.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


CONTAINERS = {
    "commas": (delimited(","), "sites.csv"),
    "semicolons": (delimited(";"), "sites.csv"),
    "tabs": (delimited("\t"), "sites.tsv"),
    "pipes": (delimited("|"), "sites.txt"),
    "a byte order mark": (delimited(",", "utf-8-sig"), "sites.csv"),
    "wide letters": (delimited("\t", "utf-16"), "sites.txt"),
    "wide letters, turned": (delimited(";", "utf-16-be"), "sites.csv"),
    "Windows lines": (delimited(",", end="\r\n"), "sites.csv"),
    "old Macintosh lines": (delimited(",", end="\r"), "sites.csv"),
    "a workbook": (book, "sites.xlsx"),
}
every_container = pytest.mark.parametrize(("write", "name"), CONTAINERS.values(), ids=CONTAINERS)


def read(data: bytes, name: str) -> list:
    return list(Tabular().read(document(data, f"desk/{name}")))


WHOLE = triples(read(delimited(",")(HEADER, ROWS), "sites.csv"))


def test_the_table_says_what_a_person_reads_in_it():
    assert {one for one in WHOLE if one[0] in {"domain-name:fox-a.com", f"crypto-address:{WALLET}"}} == {
        ("domain-name:fox-a.com", "resolves-to", "ipv4-addr:91.243.44.50"),
        ("domain-name:fox-a.com", "requests-payment-to", f"crypto-address:{WALLET}"),
        (f"crypto-address:{WALLET}", "amount", "5000 (amount)"),
        ("domain-name:fox-a.com", "description", "first, of all"),
    }


@every_container
def test_the_container_changes_no_sentence(write, name):
    items = read(write(HEADER, ROWS), name)
    assert triples(items) == WHOLE
    assert not rejected(items)


@every_container
def test_the_container_is_recognised_by_what_is_in_it(write, name):
    for path in (name, "renamed.bin", "README"):
        paper = document(write(HEADER, ROWS), f"desk/{path}")
        assert recognise(paper, collectors()).name == "table"


@every_container
def test_the_days_of_each_row_are_those_written(write, name):
    seen = {
        claim.subject.value: claim.observed for claim in claims(read(write(HEADER, ROWS), name)) if claim.property == "resolves-to"
    }  # fmt: skip
    assert seen == {
        "fox-a.com": Interval("2024-03-05", "2024-03-07"),
        "fox-b.com": Interval("2024-03-05", ""),
        "fox-c.com": None,
        "fox-d.com": Interval("", "2025-01-01"),
    }


@pytest.mark.parametrize("kind", [date, datetime])
def test_days_and_numbers_that_a_workbook_holds_as_such_are_read_as_people_see_them(kind):
    typed = [
        (row[0], row[1], row[2], float(row[3]) if row[3] else "", *(kind.fromisoformat(day) if day else "" for day in row[4:6]), row[6])
        for row in ROWS
    ]  # fmt: skip
    assert triples(read(book(HEADER, typed), "sites.xlsx")) == WHOLE


def folder(rows: dict[str, bytes]) -> dict[str, bytes]:
    """The files in every archive that people send folders in, by the archive's name."""
    zipped, packed = io.BytesIO(), {mode: io.BytesIO() for mode in ("w", "w:gz", "w:bz2", "w:xz")}
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in rows.items():
            archive.writestr(name, data)
    for mode, out in packed.items():
        with tarfile.open(fileobj=out, mode=mode) as archive:
            for name, data in rows.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    ends = {"w": ".tar", "w:gz": ".tar.gz", "w:bz2": ".tar.bz2", "w:xz": ".tar.xz"}
    return {"case.zip": zipped.getvalue()} | {
        f"case{ends[mode]}": out.getvalue() for mode, out in packed.items()
    }


def said_below(path: Path) -> set[tuple[str, str, str]]:
    found, chosen = set(), collectors()
    for thing in walk([path]):
        assert not isinstance(thing, Problem), thing
        found |= triples(recognise(thing, chosen).read(thing))
    return found


@pytest.mark.parametrize("archive", ["case.zip", "case.tar", "case.tar.gz", "case.tar.bz2", "case.tar.xz"])
@pytest.mark.parametrize("inside", ["sites.csv", "deep/er/sites.csv", "ไซต์.csv", "a b;c.csv", "sites.xlsx"])
def test_an_archive_changes_no_sentence_whatever_its_member_is_called(tmp_path, archive, inside):
    write = book if inside.endswith("xlsx") else delimited(",")
    (tmp_path / archive).write_bytes(folder({inside: write(HEADER, ROWS)})[archive])
    assert said_below(tmp_path) == WHOLE


@pytest.mark.parametrize(
    ("end", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)  # fmt: skip
def test_a_packed_file_says_what_is_in_it(tmp_path, end, pack):
    (tmp_path / f"sites.csv.{end}").write_bytes(pack(delimited(",")(HEADER, ROWS)))
    assert said_below(tmp_path) == WHOLE


@pytest.mark.parametrize("outer", ["case.zip", "case.tar.gz"])
@pytest.mark.parametrize("inner", ["case.zip", "case.tar.xz", "case.tar"])
def test_an_archive_in_an_archive_says_what_is_in_it(tmp_path, outer, inner):
    core = folder({"sites.csv": delimited(",")(HEADER, ROWS)})[inner]
    (tmp_path / outer).write_bytes(folder({f"old/{inner}": core, "note.bin": b""})[outer])
    found = set()
    for thing in walk([tmp_path]):
        if not isinstance(thing, Problem):
            found |= triples(recognise(thing, collectors()).read(thing))
    assert found == WHOLE


cells = st.text("ab\"',;|\t กé=+-@#", max_size=8).map(str.strip)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_any_notes_are_the_same_out_of_every_container(notes):
    header = ("domain", "ip", "colour", "note")
    rows = [(f"fox-{at}.com", f"91.243.44.{at}", *pair) for at, pair in enumerate(notes, 1)]
    wanted = triples(read(delimited(",")(header, rows), "sites.csv"))
    for write, name in (CONTAINERS["semicolons"], CONTAINERS["wide letters"], CONTAINERS["Windows lines"]):
        assert triples(read(write(header, rows), name)) == wanted


def test_a_sheet_beside_another_is_a_table_of_its_own():
    made = openpyxl.Workbook()
    for title, rows in (("One", ROWS[:2]), ("Two", ROWS[2:])):
        sheet = made.create_sheet(title)
        for row in (HEADER, *rows):
            sheet.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    made.save(out)
    items = read(out.getvalue(), "sites.xlsx")
    assert {one for one in triples(items) if one[1] in {"resolves-to", "description"}} == {
        one for one in WHOLE if one[1] in {"resolves-to", "description"}
    }
    assert {claim.place.partition(",")[0] for claim in claims(items)} == {"sheet 'One'", "sheet 'Two'"}
