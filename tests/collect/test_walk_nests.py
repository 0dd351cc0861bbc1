"""Archives in archives, names that mean harm, damage at any place: nothing is lost and nothing is silent."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document
from chokepoint.collect.walk import Limits, Problem, walk
from chokepoint.collect.walk.archives import is_document, refused_name
from chokepoint.collect.walk.unpack import unpack

if TYPE_CHECKING:
    from pathlib import Path

PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": partial(lzma.compress, preset=0)}
NAMES = st.text("abcdéกд中_- .", min_size=1, max_size=12).map(lambda name: f"n{name}n.txt")
MEMBERS = st.lists(st.tuples(NAMES, st.binary(max_size=40).map(lambda data: b"text " + data)), max_size=6)
STORED = zipfile.ZIP_STORED
THREE = [("a.txt", b"first words"), ("b.txt", b"second words"), ("c.txt", b"third words")]


def zipped(members: list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def tarred(members: list[tuple[str, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def opened(data: bytes, **limits: int) -> list[Document | Problem]:
    return list(unpack(io.BytesIO(data), "case.bin", Limits(**limits)))


def texts(things: list[Document | Problem]) -> list[bytes]:
    return [thing.data for thing in things if isinstance(thing, Document)]


def problems(things: list[Document | Problem]) -> list[Problem]:
    return [thing for thing in things if isinstance(thing, Problem)]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@given(MEMBERS.filter(bool))
def test_every_member_of_a_zip_comes_out_once_in_its_order_even_under_the_same_name(members):
    things = opened(zipped(members))
    assert [(thing.path, thing.data) for thing in things] == [(f"case.bin!{n}", data) for n, data in members]


@given(MEMBERS.filter(bool), st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))
def test_every_member_of_a_tar_comes_out_once_in_its_order_whatever_its_dialect(members, form):
    things = opened(tarred(members, form))
    assert [(thing.path, thing.data) for thing in things] == [(f"case.bin!{n}", data) for n, data in members]


@given(st.lists(st.sampled_from(sorted(PACKERS)), min_size=1, max_size=3), st.binary(max_size=60))
def test_a_text_packed_several_times_comes_out_as_it_went_in(names, tail):
    text = data = b"text " + tail
    for name in names:
        data = PACKERS[name](data)
    (thing,) = opened(data)
    assert thing.data == text
    assert thing.container == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", sorted(PACKERS))
def test_a_text_packed_once_more_than_allowed_is_refused_with_the_depth(name):
    data = b"text"
    for _ in range(4):
        data = PACKERS[name](data)
    (problem,) = opened(data)
    assert problem == (
        "case.bin",
        "",
        "packed more than 3 deep. Mend: unpack the inner ones",
    )


@given(st.lists(st.sampled_from([zipped, tarred]), min_size=1, max_size=3))
def test_the_steps_to_a_nested_document_name_every_archive_on_the_way(makers):
    data, steps = b"words", []
    for at, make in enumerate(makers):
        data = make([(f"inner{at}", data)])
        steps.insert(0, f"inner{at}")
    (thing,) = opened(data)
    assert thing.steps == ("case.bin", *steps)
    assert thing.path == "!".join(thing.steps)
    assert thing.container == hashlib.sha256(data).hexdigest()


def test_a_packed_tar_names_the_packed_file_and_not_the_tar_as_container():
    data = gzip.compress(tarred([("a.txt", b"words")]))
    (thing,) = opened(data)
    assert thing.container == hashlib.sha256(data).hexdigest()
    assert thing.steps == ("case.bin", "a.txt")


def test_an_archive_nested_too_deep_is_named_by_its_own_path_and_its_neighbours_are_read():
    deep = zipped([("x.txt", b"too deep")])
    data = zipped([("in.zip", zipped([("deep.zip", deep), ("near.txt", b"near")])), ("top.txt", b"top")])
    things = opened(data, depth=2)
    assert texts(things) == [b"near", b"top"]
    (problem,) = problems(things)
    assert problem.path == "case.bin!in.zip!deep.zip"
    assert problem.reason.startswith("archives nested more than 2 deep")


@pytest.mark.parametrize(("allowed", "read"), [(4, [b"one", b"two"]), (3, [b"one", b"two"]), (2, [b"one"])])
def test_members_of_nested_archives_are_counted_together(allowed, read):
    data = zipped([("in.zip", zipped([("1", b"one"), ("2", b"two")]))])
    things = opened(data, members=allowed)
    assert texts(things) == read
    assert bool(problems(things)) == (allowed < 3)


def test_what_nested_archives_unfold_to_is_counted_together():
    inner = zipped([("1", b"x" * 500)], STORED)
    data = zipped([("in.zip", inner)], STORED)
    whole = len(inner) + 500
    assert texts(opened(data, expansion=whole)) == [b"x" * 500]
    (problem,) = opened(data, expansion=whole - 1)
    assert problem.path == "case.bin!in.zip"
    assert problem.place == "1"
    assert "unfolds to more than" in problem.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "a member without a name"),
        ("///", "a member without a name"),
        (" / ", "a member without a name"),
        ("..", "a name with ../ that would leave the archive's folder"),
        ("a/../b", "a name with ../ that would leave the archive's folder"),
        ("a\\..\\..\\b", "a name with ../ that would leave the archive's folder"),
        ("/../b", "a name with ../ that would leave the archive's folder"),
        ("/etc/passwd", "an absolute name"),
        ("\\\\server\\share\\x", "an absolute name"),
        ("c:evil.txt", "an absolute name"),
        ("Z:/evil.txt", "an absolute name"),
        ("a.txt\x00.exe", "a name with a NUL character"),
        ("n" * 21, "a name of more than 20 characters"),
    ],
)
def test_a_hostile_name_is_refused_for_what_is_wrong_with_it(name, reason):
    assert refused_name(name, 20) == reason


@pytest.mark.parametrize(
    "name", ["n" * 20, "...", "a..b", "..a/b..", "a/.../b", ".hidden", "12:30.txt", "ก:x"]
)
def test_a_name_that_only_looks_hostile_is_taken(name):
    assert not refused_name(name, 20)


@given(st.sampled_from(["../x", "/x", "a/../../x", "c:/x"]), st.integers(0, 3))
def test_a_hostile_member_costs_none_of_its_neighbours_wherever_it_stands(name, at):
    members = [*THREE[:at], (name, b"harm"), *THREE[at:]]
    for make in (zipped, tarred):
        things = opened(make(members))
        assert texts(things) == [data for _, data in THREE]
        (problem,) = problems(things)
        assert things.index(problem) == at
        assert problem.path == f"case.bin!{name}"
        assert "refused. Mend: pack plain files" in problem.reason


def test_a_member_whose_name_holds_controls_is_read_and_shown_without_them():
    (thing,) = opened(tarred([("a\x1b[31m\u202egpj.txt", b"words")]))
    assert thing.path == "case.bin!a\\x1b[31m\\u202egpj.txt"
    assert thing.data == b"words"


def test_a_link_with_an_endless_target_is_refused_in_few_words():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "t" * 5000
        archive.addfile(info)
    (problem,) = opened(out.getvalue())
    assert f"a link to {'t' * 200}, which" in problem.reason


@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_empty_member_is_named_and_its_neighbours_are_read(make):
    things = opened(make([("a", b"one"), ("void", b""), ("c", b"two")]))
    assert texts(things) == [b"one", b"two"]
    assert problems(things) == [
        ("case.bin!void", "", "an empty file. Mend: fetch the file again, or leave it out")
    ]


def test_an_archive_that_holds_only_folders_is_called_empty():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
    assert opened(out.getvalue()) == [
        ("case.bin", "", "an empty archive. Mend: fetch the file again, or leave it out")
    ]


@pytest.mark.parametrize("name", sorted(PACKERS))
def test_a_packed_nothing_is_called_an_empty_file(name):
    (problem,) = opened(PACKERS[name](b""))
    assert problem.reason.startswith("an empty file, packed")


def test_a_program_with_a_zip_at_its_end_is_one_document_and_no_archive():
    data = b"MZ" + b"\x90" * 60 + zipped(THREE)
    assert texts(opened(data)) == [data]


def test_words_behind_a_zip_do_not_hide_its_members():
    out = io.BytesIO(zipped(THREE))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"PK\x01\x02 words of the packer"
    assert texts(opened(out.getvalue())) == [data for _, data in THREE]


def test_a_member_packed_in_a_way_nobody_knows_is_a_problem_of_its_own():
    data = bytearray(zipped(THREE, STORED))
    local, central = data.find(b"PK\x03\x04", 4), data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))
    data[local + 8 : local + 10] = data[central + 10 : central + 12] = b"\x63\x00"
    things = opened(bytes(data))
    assert texts(things) == [b"first words", b"third words"]
    (problem,) = problems(things)
    assert problem.path == "case.bin!b.txt"
    assert "Mend: fetch the archive again" in problem.reason


@given(st.sampled_from(THREE), st.integers(0, 10), st.integers(1, 255))
def test_one_flipped_byte_in_a_stored_member_loses_that_member_alone(member, at, bits):
    data = bytearray(zipped(THREE, STORED))
    data[data.find(member[1]) + at] ^= bits
    things = opened(bytes(data))
    assert texts(things) == [words for name, words in THREE if name != member[0]]
    assert [problem.path for problem in problems(things)] == [f"case.bin!{member[0]}"]


@given(st.data())
def test_a_tar_cut_anywhere_gives_its_first_members_whole(data):
    whole = tarred(THREE)
    cut = data.draw(st.integers(512, 3 * 1024 - 1))
    things = opened(whole[:cut])
    read = texts(things)
    assert read == [words for _, words in THREE][: len(read)]
    assert len(read) >= cut // 1024
    assert all("Mend: " in problem.reason for problem in problems(things))


@pytest.mark.parametrize(
    ("members", "whole"),
    [
        ([("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")], True),
        ([("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0")], True),
        ([("mimetype", b"application/epub+zip"), ("a.xml", b"<a/>")], True),
        ([("Graphs/Graph1.graphml", b"<graphml/>")], True),
        ([("mimetype", b"text/plain"), ("a.txt", b"a")], False),
        ([("a.txt", b"a"), ("mimetype", b"application/epub+zip")], False),
        ([("mimetype", b"application/" + b"x" * 200)], False),
        ([("Graphs/readme.txt", b"none")], False),
        ([("sub/[Content_Types].xml", b"<Types/>")], False),
    ],
)
def test_a_zip_is_one_document_by_what_it_lists_and_is_left_at_its_beginning(members, whole):
    file = io.BytesIO(zipped(members))
    file.seek(7)
    assert is_document(file) is whole
    assert file.tell() == 0


def test_an_archive_larger_than_a_document_may_be_is_still_opened(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(zipped([(str(at), b"x" * 90) for at in range(9)], STORED))
    assert len(list(walk([tmp_path], limits=Limits(file=100)))) == 9


def test_an_office_document_larger_than_a_document_may_be_is_refused_by_its_size(tmp_path: Path):
    (tmp_path / "a.docx").write_bytes(zipped([("[Content_Types].xml", b"x" * 2000)], STORED))
    (problem,) = walk([tmp_path], limits=Limits(file=1024))
    assert problem.path == "a.docx"
    assert problem.reason.startswith("2.09 kB, more than the limit")
    assert problem.reason.endswith("not read. Mend: split the file")


def test_paths_are_walked_in_the_order_given_and_one_that_is_missing_stops_none(tmp_path: Path):
    for name in ("b", "a"):
        (tmp_path / name).write_bytes(name.encode())
    things = list(walk([tmp_path / "b", tmp_path / "none", str(tmp_path / "a"), tmp_path / "b"]))
    assert texts(things) == [b"b", b"a", b"b"]
    assert problems(things)[0].path == str(tmp_path / "none")
