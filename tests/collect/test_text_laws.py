"""Laws of all readers of lines: nothing is lost, order and packing change nothing, halves make the whole."""

from __future__ import annotations

import csv
import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, lines_named, rejected, skipped, unaccounted

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.plain_list import PlainList
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.rows import Row, rows
from chokepoint.collect.tabular import Tabular
from chokepoint.collect.walk import walk
from chokepoint.model.errors import ChokepointError

if TYPE_CHECKING:
    from pathlib import Path

VALUES = (
    "evil.com", "hxxps://bad[.]example[.]net/a?b=c", "192.0.2.7", "2001:db8::1", "fraud@evil.com",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "44d88612fea8a8f36de82e1278abb02f", "เว็บหลอก.com", "evil[.]org",
)  # fmt: skip
NOISE = (
    "", "   ", "# a comment", "; another", "// a third", "not an indicator", "a long sentence about nothing at all.",
    "evil", "999.1.1.1", '"unclosed', "a,b,c", "\ufffd", "🙂", "…", "\t", "-", "- bullet", "| a | b |",
)  # fmt: skip
line = st.one_of(st.sampled_from(VALUES), st.sampled_from(NOISE))
text = st.lists(line, min_size=1, max_size=12).map("\n".join).filter(bool)


def read(paper: Document) -> list:
    return list(recognise(paper, collectors()).read(paper))


def said(items) -> set[tuple[str, str, str]]:
    return {(str(one.subject), one.property, str(one.object)) for one in claims(items)}


@given(text)
def test_every_line_of_any_text_is_a_claim_a_rejection_or_a_named_skip(written: str):
    assert unaccounted(written, read(document(written, "12.txt"))) <= 0


@given(text)
def test_no_line_that_holds_nothing_is_named_as_holding_something(written: str):
    lines = written.split("\n")
    named = lines_named([one for one in read(document(written, "12.txt")) if not isinstance(one, Rejected)])
    assert all(lines[number - 1].strip() for number in named)


@given(text)
def test_reading_twice_says_the_same(written: str):
    paper = document(written, "12.txt")
    assert read(paper) == read(paper)


@given(st.lists(st.sampled_from(VALUES), min_size=2, max_size=9), st.data())
def test_a_list_cut_in_two_says_what_the_whole_says(values: list[str], data: st.DataObject):
    cut = data.draw(st.integers(1, len(values) - 1))
    reader = PlainList()
    whole = said(reader.read(document("\n".join(values), "silverfish.txt")))
    halves = [
        said(reader.read(document("\n".join(part), "silverfish.txt")))
        for part in (values[:cut], values[cut:])
    ]
    # which of malware and campaign the name stands for is judged by what most of a list is
    assert {one[:2] for one in halves[0] | halves[1]} == {one[:2] for one in whole}


@given(st.lists(st.sampled_from(VALUES), min_size=1, max_size=9), st.randoms())
def test_the_order_of_a_list_changes_nothing_but_places(values: list[str], chance):
    shuffled = values.copy()
    chance.shuffle(shuffled)
    reader = PlainList()
    assert said(reader.read(document("\n".join(values), "silverfish.txt"))) == said(
        reader.read(document("\n".join(shuffled), "silverfish.txt"))
    )


HOSTS = tuple(f"evil{number}.com" for number in range(8))
CATEGORIES = ("phishing", "fake shop", 'said "hi"', "a,b", "two\nlines", "", "เว็บปลอม")


def table(entries: list[tuple[str, str]], separator: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(["domain", "category"])
    writer.writerows(entries)
    return out.getvalue()


entries = st.lists(st.tuples(st.sampled_from(HOSTS), st.sampled_from(CATEGORIES)), min_size=2, max_size=8)


@given(entries, st.data())
def test_a_table_cut_in_two_says_what_the_whole_says(given_rows: list[tuple[str, str]], data: st.DataObject):
    cut = data.draw(st.integers(1, len(given_rows) - 1))
    whole = said(Tabular().read(document(table(given_rows), "t.csv")))
    halves = [
        said(Tabular().read(document(table(part), "t.csv"))) for part in (given_rows[:cut], given_rows[cut:])
    ]
    # a half whose only category is empty holds no such column, and says that the site stood there
    assert {one for one in halves[0] | halves[1] if one[1] != "mentioned-in"} == {
        one for one in whole if one[1] != "mentioned-in"
    }


@given(entries, st.sampled_from(",;\t|"))
def test_the_separator_of_a_table_changes_nothing(given_rows: list[tuple[str, str]], separator: str):
    plain = said(Tabular().read(document(table(given_rows), "t.csv")))
    assert said(Tabular().read(document(table(given_rows, separator), "t.csv"))) == plain


@given(entries)
def test_every_cell_of_a_table_stands_in_a_claim(given_rows: list[tuple[str, str]]):
    found = said(Tabular().read(document(table(given_rows), "t.csv")))
    for host, category in given_rows:
        assert any(one[0] == f"domain-name:{host}" for one in found)
        if category:
            assert any(category.split("\n")[0] in one[2] for one in found)


@given(st.text('ab,;"\n\t ', max_size=120), st.sampled_from(",;\t|"))
def test_no_line_of_a_delimited_text_is_lost_whatever_its_quotes(written: str, separator: str):
    lines = written.split("\n")
    covered: set[int] = set()
    starts = [one.line for one in rows(written, separator) if isinstance(one, Row)]
    assert starts == sorted(starts)
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines) + 1
        covered |= set(range(start, end))
    assert all(number in covered for number, one in enumerate(lines, 1) if one.strip(' \t,;|"'))


@given(
    st.lists(st.text("abc \t.", max_size=8).map(str.strip), min_size=1, max_size=6), st.sampled_from(",;\t|")
)
def test_whatever_a_writer_of_tables_quotes_is_read_back(cells: list[str], separator: str):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    assert [one.cells for one in rows(out.getvalue(), separator) if isinstance(one, Row)] == [cells]


FILES = {
    "silverfish.txt": b"evil1.com\nevil2.com\n",
    "deep/down/silverfish.csv": b"domain,category\nevil3.com,fake\nevil4.com,shop\n",
    "paper.md": b"# Silverfish campaign\n\nThe fraudulent site evil5[.]com asks for money.\n",
    "blank.txt": b"\n\n",
}


def tarred(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


def wrapped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data.tar.gz", data)
    return out.getvalue()


def account(path: Path) -> list[tuple[str, str, object]]:
    found: list[tuple[str, str, object]] = []
    for paper in walk([path]):
        assert isinstance(paper, Document), paper
        items = read(paper)
        name = "/".join(part for part in paper.parts if not part.startswith("data"))
        found += [
            (name, one.place, (str(one.subject), one.property, str(one.object))) for one in claims(items)
        ]
        found += [(name, rule, number) for rule, number in skipped(items).items()]
        assert not rejected(items)
    return sorted(found, key=str)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        pytest.param("data.zip", zipped, id="zip"),
        pytest.param("data.tar", lambda: tarred("w"), id="tar"),
        pytest.param("data.tar.gz", lambda: tarred("w:gz"), id="tar in gzip"),
        pytest.param("data.tar.bz2", lambda: tarred("w:bz2"), id="tar in bzip2"),
        pytest.param("data.tar.xz", lambda: tarred("w:xz"), id="tar in xz"),
        pytest.param("data.zip.gz", lambda: gzip.compress(zipped()), id="zip in gzip"),
        pytest.param("data.zip", lambda: wrapped(tarred("w:gz")), id="tar in gzip in zip"),
    ],
)
def test_an_archive_of_a_folder_is_the_folder(tmp_path: Path, name: str, pack):
    for path, data in FILES.items():
        place = tmp_path / "data" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (tmp_path / name).write_bytes(pack())
    plain = account(tmp_path / "data")
    assert account(tmp_path / name) == plain
    assert len(plain) > 8


def test_files_given_one_by_one_say_what_their_folder_says(tmp_path: Path):
    for path, data in FILES.items():
        place = tmp_path / "data" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    singly = [paper for path in FILES for paper in walk([tmp_path / "data" / path])]
    whole = list(walk([tmp_path / "data"]))
    assert sorted(one.data for one in singly) == sorted(one.data for one in whole)  # type: ignore[union-attr]


@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_end_in_items_or_in_a_reason(data: bytes):
    paper = Document(path="12", data=data)
    reader = recognise(paper, collectors())
    try:
        told = [*reader.read(paper)]
    except ChokepointError as error:
        told = [Rejected(error.place, error.reason)]
    assert told
    assert all(one.reason for one in rejected(told))


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_any_characters_are_accounted_for(written: str):
    paper = document(written, "12.txt")
    items = read(paper)
    assert items
    assert all(one.reason for one in rejected(items))


@given(st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_a_value_said_twice_in_a_list_is_claimed_at_both_places(first: str, other: str):
    items = list(PlainList().read(document(f"{first}\n{other}\n{first}", "silverfish.txt")))
    places = [one.place for one in claims(items) if one.property == "indicates"]
    assert places == ["line 1", "line 2", "line 3"]
