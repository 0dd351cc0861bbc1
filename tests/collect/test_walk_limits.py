"""How much one walk takes in: every limit at its value, below it and one beyond it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document
from chokepoint.collect.walk import Left, Problem, walk
from chokepoint.collect.walk.rules import left_by
from chokepoint.collect.walk.things import MB, Budget, Limits, shown, size
from chokepoint.collect.walk.unfold import LONGEST_READ, Forward, Unfolding, is_tar, packing
from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from pathlib import Path


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def given_things(tmp_path: Path, name: str, data: bytes, **limits: int) -> tuple[list[str], list[str]]:
    """(texts of the documents, reasons of the problems) of one file under the limits."""
    (tmp_path / name).write_bytes(data)
    things = list(walk([tmp_path / name], limits=replace(Limits(), **limits)))
    texts = [thing.data.decode() for thing in things if isinstance(thing, Document)]
    return texts, [thing.reason for thing in things if isinstance(thing, Problem)]


@pytest.mark.parametrize(
    ("length", "taken"),
    [
        pytest.param(9, True, id="below"),
        pytest.param(10, True, id="at"),
        pytest.param(11, False, id="beyond"),
    ],
)
@pytest.mark.parametrize(
    ("name", "pack"),
    [
        pytest.param("a.txt", lambda data: data, id="plain"),
        pytest.param("a.gz", gzip.compress, id="gzip"),
        pytest.param("a.bz2", bz2.compress, id="bzip2"),
        pytest.param("a.xz", lzma.compress, id="xz"),
        pytest.param("a.zip", lambda data: zipped(("a.txt", data)), id="zip"),
        pytest.param("a.tar", lambda data: tarred(("a.txt", data)), id="tar"),
    ],
)
def test_a_document_is_as_long_as_the_limit_at_most(
    tmp_path: Path, length: int, taken: bool, name: str, pack
):
    texts, reasons = given_things(tmp_path, name, pack(b"x" * length), file=10)
    assert texts == (["x" * length] if taken else [])
    assert len(reasons) == (0 if taken else 1)
    assert all("10 bytes" in reason and "Mend: " in reason for reason in reasons)


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("pack", [zipped, tarred], ids=["zip", "tar"])
def test_an_archive_holds_as_many_members_as_the_limit_at_most(tmp_path: Path, count: int, pack):
    data = pack(*((f"{number}.txt", b"x") for number in range(count)))
    texts, reasons = given_things(tmp_path, "a.bin", data, members=3)
    assert len(texts) == min(count, 3)
    assert [reason for reason in reasons if "more than 3 members" in reason] == (reasons if count > 3 else [])
    assert bool(reasons) == (count > 3)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_archives_are_opened_as_deep_as_the_limit(tmp_path: Path, depth: int):
    data = b"x"
    for level in range(depth):
        data = zipped((f"{level}.zip" if level else "in.txt", data))
    texts, reasons = given_things(tmp_path, "a.zip", data, depth=2)
    assert texts == (["x"] if depth <= 2 else [])
    assert bool(reasons) == (depth > 2)
    assert all("nested more than 2 deep" in reason for reason in reasons)


@pytest.mark.parametrize(("total", "fine"), [(20, True), (21, False)])
def test_all_members_together_unfold_to_the_limit_at_most(tmp_path: Path, total: int, fine: bool):
    data = zipped(("a.txt", b"x" * 10), ("b.txt", b"y" * (total - 10)))
    texts, reasons = given_things(tmp_path, "a.zip", data, expansion=20)
    assert texts[0] == "x" * 10
    assert (len(texts) == 2) is fine
    assert bool(reasons) is not fine


def test_a_long_path_is_refused_one_character_beyond_the_limit(tmp_path: Path):
    for length in (20, 21):
        (tmp_path / ("x" * length)).write_bytes(b"evil.com")
    things = list(walk([tmp_path], limits=replace(Limits(), path=20)))
    assert [thing.path for thing in things if isinstance(thing, Document)] == ["x" * 20]
    [problem] = [thing for thing in things if isinstance(thing, Problem)]
    assert "more than 20 characters" in problem.reason


def test_a_budget_counts_what_was_unfolded_wherever_it_was():
    budget = Budget(replace(Limits(), expansion=100))
    budget.spend(60)
    budget.spend(40)
    with pytest.raises(TooLargeError, match="unfolds to more than 100 bytes"):
        budget.spend(1)


@pytest.mark.parametrize(
    ("packed", "out", "fine"),
    [
        pytest.param(1, 1_000, True, id="too little to judge by"),
        pytest.param(5, 1_000, True, id="at the ratio"),
        pytest.param(5, 1_001, False, id="beyond the ratio"),
        pytest.param(0, 1_001, False, id="out of nothing"),
        pytest.param(100, 20_000, True, id="much, from much"),
    ],
)
def test_a_bomb_is_told_by_what_comes_out_of_what_went_in(packed: int, out: int, fine: bool):
    budget = Budget(replace(Limits(), ratio=200, ratio_from=1_000 if packed != 5 else 500))
    if fine:
        budget.spend(0, packed=packed, out=out)
        return
    with pytest.raises(TooLargeError, match="200 times its size"):
        budget.spend(0, packed=packed, out=out)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 kB"), (1536, "1.5 kB"), (MB, "1 MB"), (3 << 30, "3 GB")],
)
def test_a_number_of_bytes_is_said_as_people_say_it(count: int, words: str):
    assert size(count) == words


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        pytest.param("a b/ไทย.txt", "a b/ไทย.txt", id="what can be read stays"),
        pytest.param("a\x1b[2Jb", "a\\x1b[2Jb", id="a terminal's command"),
        pytest.param("a\u202eb", "a\\u202eb", id="a mark of direction"),
        pytest.param("a\u00a0b", "a\\xa0b", id="a blank that is none"),
        pytest.param("a\udcffb", "a\\xffb", id="a byte that is no UTF-8"),
        pytest.param("a\u2028b", "a\\u2028b", id="a line end that is none"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_path_is_shown_without_what_could_deceive(path: str, safe: str):
    assert shown(path) == safe


PACKINGS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("name", PACKINGS)
def test_a_packing_is_known_by_its_first_bytes(name: str):
    assert packing(PACKINGS[name](b"x")) == name


@pytest.mark.parametrize("head", [b"", b"\x1f", b"\x1f\x8b", b"BZ", b"PK\x03\x04", b"evil.com", b"\xfd7zX"])
def test_all_else_is_not_packed(head: bytes):
    assert packing(head) == ""


@given(
    st.sampled_from(sorted(PACKINGS)), st.binary(max_size=3_000), st.lists(st.integers(0, 700), max_size=12)
)
def test_what_was_packed_comes_out_in_pieces_of_any_size(name: str, data: bytes, sizes: list[int]):
    stream = Unfolding(io.BytesIO(PACKINGS[name](data)), name, Budget(Limits()))
    pieces = [stream.read(count) for count in sizes]
    assert all(len(piece) <= count for piece, count in zip(pieces, sizes, strict=True))
    assert b"".join(pieces) + stream.read(10_000) == data
    assert stream.broken == ""
    assert stream.read(10) == b""


@given(st.sampled_from(sorted(PACKINGS)), st.binary(min_size=1, max_size=500), st.integers(1, 40))
def test_a_stream_cut_short_gives_its_beginning_and_says_so(name: str, data: bytes, cut: int):
    packed = PACKINGS[name](data)
    stream = Unfolding(io.BytesIO(packed[: max(4, len(packed) - cut)]), name, Budget(Limits()))
    assert data.startswith(stream.read(10_000))
    assert stream.broken


@pytest.mark.parametrize("name", PACKINGS)
def test_streams_one_behind_the_other_are_one(name: str):
    data = PACKINGS[name](b"one ") + PACKINGS[name](b"two")
    stream = Unfolding(io.BytesIO(data), name, Budget(Limits()))
    assert stream.read(100) == b"one two"
    assert stream.broken == ""


@pytest.mark.parametrize("name", PACKINGS)
def test_zeros_that_pad_a_tape_are_no_fault_and_words_are(name: str):
    stream = Unfolding(io.BytesIO(PACKINGS[name](b"x") + bytes(512)), name, Budget(Limits()))
    assert (stream.read(10), stream.broken) == (b"x", "")
    stream = Unfolding(io.BytesIO(PACKINGS[name](b"x") + b"and more"), name, Budget(Limits()))
    assert stream.read(10) == b"x"
    assert "bytes that do not belong there" in stream.broken


@pytest.mark.parametrize("count", [-1, LONGEST_READ + 1])
def test_nobody_reads_more_at_once_than_a_header_may_be(count: int):
    with pytest.raises(TooLargeError, match="a single header"):
        Unfolding(io.BytesIO(gzip.compress(b"x")), "gzip", Budget(Limits())).read(count)
    with pytest.raises(TooLargeError, match="a single header"):
        Forward(io.BytesIO(b"x")).read(count)


def test_a_stream_only_goes_forward():
    stream = Forward(io.BytesIO(b"0123456789"))
    assert stream.read(2) == b"01"
    assert stream.seek(5) == 5
    assert (stream.read(2), stream.tell()) == (b"56", 7)
    with pytest.raises(BadInputError, match="points back"):
        stream.seek(3)
    with pytest.raises(BadInputError, match="points back"):
        stream.seek(0, 2)
    assert stream.seek(100) == 10


@pytest.mark.parametrize("place", range(0, 512, 37))
def test_a_tar_whose_header_was_touched_is_none(place: int):
    head = bytearray(tarred(("a.txt", b"x"))[:512])
    assert is_tar(bytes(head))
    head[place] ^= 1
    assert not is_tar(bytes(head)) or 148 <= place < 156


@pytest.mark.parametrize("head", [b"", b"x" * 511, b"\x00" * 512, b"ustar\x00" * 90])
def test_what_has_no_header_is_no_tar(head: bytes):
    assert not is_tar(head)


def named(name: str, data: bytes) -> Document:
    return Document(path=name, data=data)


PACKAGE = "part of a package (its STIX is read, under its labels)"
LEFT = {
    "a licence": ("LICENSE", b"Permission is hereby granted", "licence text"),
    "a British licence": ("licence.md", b"All rights and licences", "licence text"),
    "a licence with its name": ("LICENSE-MIT.txt", b"Copyright 2020", "licence text"),
    "a notice": ("NOTICE", b"Copyright of all", "licence text"),
    "Copying": ("COPYING", b"redistribute it", "licence text"),
    "a Mac's folder file": (".DS_Store", b"\x00\x00\x00\x01Bud1", "file of the operating system"),
    "a Mac's shadow": ("._report.txt", b"\x00\x05\x16\x07", "file of the operating system"),
    "thumbnails": ("Thumbs.db", b"\xd0\xcf\x11\xe0", "file of the operating system"),
    "a corpus index": ("MANIFEST.csv", b"sha256,path\n", "corpus index"),
    "a MISP index": (
        "hashes.csv",
        b"0123456789abcdef0123456789abcdef,12345678-1234-1234-1234-123456789abc\n",
        "index of a MISP feed (its events are read)",
    ),
    "a package's manifest": ("manifest.json", b'{"as_of":"2026-02-03","atlas":"03e1e906"', PACKAGE),
    "a package's envelope": ("manifest.dsse.json", b'{"payload":"eyJhc19vZiI6IjIwMjYtMDItMDMi', PACKAGE),
    "a package's records": ("records.jsonl", b'{"batch":{"organisation":"bank"', PACKAGE),
    "a package's report": (
        "report.html", "<title>evil[.]com \N{MIDDLE DOT} TLP:AMBER+STRICT</title>".encode(), PACKAGE
    ),
    "a package's evidence": (f"captures/{sha256(b'evil.com').hexdigest()}", b"evil.com", PACKAGE),
    "a package's excerpt": (f"captures/{'0' * 64}.excerpt.json", b"[]", PACKAGE),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "rule"), LEFT.values(), ids=LEFT)
def test_a_file_is_left_out_by_its_rule(name: str, data: bytes, rule: str):
    assert left_by(named(name, data), f"folder/{name}", indexed=False) == rule


READ = {
    "a list that is called licence": ("license.txt", b"evil.com\n"),
    "a licence plate": ("licenses-stolen.csv", b"copyright,evil.com\n"),
    "a manifest of other things": ("manifest.json", b'{"name": "evil.com"}'),
    "hashes of malware": ("hashes.csv", b"44d88612fea8a8f36de82e1278abb02f\n"),
    "another manifest": ("MANIFEST.csv", b"domain,note\n"),
    "a notice about a scam": ("notice.eml", b"copyright"),
    "a readme without an index": ("README.md", b"evil.com"),
    "a hidden list": (".list", b"evil.com"),
    "a report of others": ("report.html", b"<title>Winter report</title>"),
    "records of others": ("records.jsonl", b'{"domain": "evil.com"}'),
    "a capture under another name": (f"captures/{'0' * 64}", b"evil.com"),
    "a sample under its hash": (sha256(b"evil.com").hexdigest(), b"evil.com"),
    "a package's STIX": ("stix.json", b'{"type": "bundle"'),
}


@pytest.mark.parametrize(("name", "data"), READ.values(), ids=READ)
def test_a_file_is_read_though_its_name_resembles_a_rule(name: str, data: bytes):
    assert left_by(named(name, data), f"folder/{name}", indexed=False) == ""


def test_a_readme_is_left_out_where_an_index_says_what_the_folder_is():
    assert left_by(named("README.md", b"evil.com"), "folder/README.md", indexed=True) == "corpus index"


def test_what_is_left_out_is_named_and_its_neighbours_are_read(tmp_path: Path):
    for name, data, _ in LEFT.values():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "list.txt").write_bytes(b"evil.com\n")
    things = list(walk([tmp_path]))
    assert {thing.path: thing.rule for thing in things if isinstance(thing, Left)} == {
        name: rule for name, _, rule in LEFT.values()
    }
    assert [thing.path for thing in things if isinstance(thing, Document)] == ["list.txt"]
