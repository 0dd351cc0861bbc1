"""Files made to stop a run or to hold it up: each is told for what it is, and the rest is taken."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.chat import Chat
from chokepoint.collect.html import Finder
from chokepoint.collect.plain_list import PlainList, _cut
from chokepoint.collect.rules import Rules
from chokepoint.collect.tabular import Tabular
from chokepoint.collect.tree import read_records, read_yaml
from chokepoint.collect.walk import Problem, walk
from chokepoint.collect.whois import Whois
from chokepoint.model.claim import Claim
from chokepoint.model.errors import BadInputError
from chokepoint.package.text import text_of
from chokepoint.values.mtgx import read_mtgx
from chokepoint.values.mtgx.reading import _value
from chokepoint.values.office import is_office_text, paragraphs

if TYPE_CHECKING:
    from pathlib import Path


def bent(name: str, *others: str) -> bytes:
    """A zip whose first member is packed by LZMA and damaged; the others are whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "evil.com\n" * 2_000, zipfile.ZIP_LZMA)
        for other in others:
            archive.writestr(other, "evil.org\n")
    data = bytearray(out.getvalue())
    start = 30 + len(name) + 20
    data[start : start + 20] = bytes(one ^ 0x5A for one in data[start : start + 20])
    return bytes(data)


def test_a_damaged_member_of_a_zip_costs_neither_the_others_nor_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(bent("a.txt", "b.txt"))
    (tmp_path / "c.txt").write_bytes(b"evil.net\n")
    found = list(walk([tmp_path]))
    assert [one.path for one in found if isinstance(one, Problem)] == ["a.zip!a.txt"]
    assert [one.path for one in found if isinstance(one, Document)] == ["a.zip!b.txt", "c.txt"]


def test_a_damaged_document_is_told_as_one() -> None:
    with pytest.raises(BadInputError):
        list(paragraphs(bent("word/document.xml")))
    with pytest.raises(BadInputError):
        read_mtgx(bent("Graphs/Graph1.graphml"))
    assert not is_office_text(bent("mimetype")[:40])
    assert text_of(bent("word/document.xml")) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\n---\nb: 2\n", "line 2"),
        ("- a: 1\n---\n- b: [\n", "line 3"),
        ("a: 1\n...\n]junk\n", "line 3"),
        ("a: 1\n---\n---\nb: 2\n", "line 4"),
    ],
    ids=["another", "another that is broken", "junk behind the end", "behind an empty one"],
)
def test_what_stands_behind_the_first_document_of_a_yaml_file_is_told(text: str, place: str) -> None:
    tree, defects = read_yaml(text)
    assert tree in ({"a": "1"}, [{"a": "1"}])
    [one] = defects
    assert "nothing is read" in one.reason
    assert int(one.place.removeprefix("line ")) >= 2


@pytest.mark.parametrize(
    "text", ["a: 1\n", "a: 1\n...\n", "a: 1\n---\n", "---\na: 1\n---\n...\n", "a: 1\n--- null\n"]
)
def test_nothing_behind_the_first_document_is_no_defect(text: str) -> None:
    assert read_yaml(text) == ({"a": "1"}, [])


def test_records_of_a_second_document_are_told_as_not_taken() -> None:
    found = read_records(b"tags:\n- address: a\n---\ntags:\n- address: b\n", "tags")
    assert [one.value for one in found.items] == [{"address": "a"}]
    assert [one.place for one in found.defects] == ["line 4"]


def test_records_behind_a_broken_one_keep_their_lines() -> None:
    found = read_records(b"- a: [\n" + b"- b: 1\n  c: 2\n" * 3)
    assert [one.place for one in found.items] == ["lines 2-3", "lines 4-5", "lines 6-7"]


LIST = (
    "from chokepoint.collect.plain_list import _cut; print(_cut('evil.com' + ' ' * 300_000 + 'x').value[:8])"
)
CELL = "from chokepoint.collect.table_cells import parts_of; print(parts_of('a' + ' ' * 2_000_000 + 'b'))"


@pytest.mark.parametrize(
    ("program", "told"), [(LIST, b"evil.com"), (CELL, b"['a', 'b']")], ids=["list", "table"]
)
def test_many_blanks_are_read_without_waiting(program: str, told: bytes) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=True)
    assert done.stdout.strip() == told


@pytest.mark.parametrize(
    ("line", "value", "note"),
    [
        ("evil.com # seen", "evil.com", "seen"),
        ("evil.com   // seen twice", "evil.com", "seen twice"),
        ("evil.com ; a ; b", "evil.com", "a ; b"),
        ("http://evil.com/a#b", "http://evil.com/a#b", ""),
        ("evil.com  x # y", "evil.com  x", "y"),
    ],
)
def test_a_comment_begins_behind_a_blank(line: str, value: str, note: str) -> None:
    assert _cut(line) == (value, note)


def items_of(text: str) -> list[object]:
    document = Document(path="seen.csv", data=text.encode(), origin="lab")
    return list(Tabular().read(document))


@pytest.mark.parametrize(("count", "told"), [(200, 0), (201, 1), (320, 1)])
def test_a_cell_of_too_many_things_says_that_it_was_cut(count: int, told: int) -> None:
    addresses = ";".join(f"10.{at // 250}.{at % 250}.9" for at in range(count))
    found = items_of(f"domain,ip\nevil.com,{addresses}\nevil.org,10.9.9.9\n")
    named = {one.object for one in found if isinstance(one, Claim) and not isinstance(one.object, str)}
    assert len({one for one in named if one.kind == "ipv4-addr"}) == min(count, 200) + 1
    cut = [one for one in found if isinstance(one, Rejected)]
    assert len(cut) == told
    assert all(f"{count:,} things" in one.reason and one.place == "line 2, column 'ip'" for one in cut)


def test_lines_of_a_page_are_counted_however_its_words_are_found() -> None:
    page = Finder("one\ntwo\nthree two\nfour\n")
    told = [page.place(0, word) for word in ("one", "two", "three", "one", "four", "two", "none")]
    assert told == ["line 1", "line 2", "line 3", "line 1", "line 4", "line 2", "visible text"]


def test_a_list_with_a_line_of_blanks_is_read_whole() -> None:
    text = "evil.com\nevil.org" + " " * 50_000 + "# seen\nevil.net\n"
    found = list(PlainList().read(Document(path="emotet.txt", data=text.encode(), origin="lab")))
    assert {one.subject.value for one in found if isinstance(one, Claim)} == {
        "evil.com",
        "evil.org",
        "evil.net",
    }


def test_a_value_of_a_graph_nested_without_end_is_read_as_it_stands() -> None:
    nested = "json:" + "[" * 100_000
    assert _value(nested) == nested
    assert _value('json:"a\\u0000"') == "a\0"


HOSTILE = {
    "blank lines": "\n" * 60_000 + "x",
    "blanks": "x" + " " * 60_000 + "y",
    "comments": "#\n" * 30_000 + "a,b",
    "figures": "1" * 60_000,
    "dots": "a." * 30_000,
    "rules": "rule " * 12_000,
    "tags": "<IndicatorItem " * 6_000,
    "domains": "domain:" * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("reader", [Rules, Whois, PlainList, Tabular, Chat])
def test_no_reader_waits_to_see_that_a_text_is_not_its_own(reader: type, text: str) -> None:
    """Each takes milliseconds; where one looks twice at each letter, the suite's own limit ends it."""
    assert reader().recognises(Document(path="x.txt", data=text.encode())) in {True, False}
