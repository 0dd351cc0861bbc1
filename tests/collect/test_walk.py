from __future__ import annotations

import gzip
import hashlib
import io
import os
import socket
import stat
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document
from chokepoint.collect.walk import Left, Limits, Problem, walk
from chokepoint.collect.walk.archives import refused_name
from chokepoint.collect.walk.things import shown

SMALL = Limits(file=2_000_000, expansion=8_000_000, ratio=200, ratio_from=100_000, members=50)


def things(where, **limits):
    return list(walk([where], limits=Limits(**limits) if limits else SMALL))


def documents(found) -> dict[str, bytes]:
    return {thing.path: thing.data for thing in found if isinstance(thing, Document)}


def problems(found) -> dict[str, str]:
    return {thing.path: thing.reason for thing in found if isinstance(thing, Problem)}


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_files_come_sorted_with_paths_relative_to_the_folder_asked_for(tmp_path):
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert list(documents(things(tmp_path))) == ["a.txt", "b.txt", "sub/c.txt"]


def test_a_single_file_keeps_its_name(tmp_path):
    (tmp_path / "one.txt").write_text("x")
    assert list(documents(things(tmp_path / "one.txt"))) == ["one.txt"]


def test_a_path_that_does_not_exist_is_a_problem_with_a_mend(tmp_path):
    (problem,) = things(tmp_path / "nowhere")
    assert isinstance(problem, Problem)
    assert "Mend" in problem.reason


def test_an_empty_folder_says_that_it_is_empty(tmp_path):
    (tmp_path / "hollow").mkdir()
    assert "empty" in problems(things(tmp_path))["hollow"]
    assert "empty" in next(iter(problems(things(tmp_path / "hollow")).values()))


def test_an_empty_file_is_a_problem_and_its_neighbours_are_read(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").write_bytes(b"x")
    found = things(tmp_path)
    assert "empty" in problems(found)["a"]
    assert documents(found) == {"b": b"x"}


def test_a_gzip_file_is_unpacked_and_names_the_packed_file_as_its_container(tmp_path):
    packed = gzip.compress(b"hello")
    (tmp_path / "a.txt.gz").write_bytes(packed)
    (document,) = things(tmp_path)
    assert (document.path, document.data) == ("a.txt.gz", b"hello")
    assert document.container == hashlib.sha256(packed).hexdigest()


def test_a_plain_file_has_no_container(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"hello")
    assert things(tmp_path)[0].container == ""


def test_several_gzip_members_in_one_file_are_one_text(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert documents(things(tmp_path)) == {"a.gz": b"one\ntwo\n"}


def test_what_is_readable_of_a_truncated_gzip_is_given_with_a_problem(tmp_path):
    text = os.urandom(300_000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(text)[:150_000])
    found = things(tmp_path)
    data = documents(found)["a.gz"]
    assert 0 < len(data) < len(text)
    assert text.startswith(data)
    assert "too early" in problems(found)["a.gz"]


def test_a_damaged_gzip_is_a_problem_and_the_rest_of_the_run_goes_on(tmp_path):
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08" + b"\xff" * 50)
    (tmp_path / "b.txt").write_bytes(b"fine")
    found = things(tmp_path)
    assert "a.gz" in problems(found)
    assert documents(found) == {"b.txt": b"fine"}


def test_bytes_after_the_end_of_a_gzip_are_reported(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"good") + b"rubbish")
    found = things(tmp_path)
    assert documents(found) == {"a.gz": b"good"}
    assert "follow the end" in problems(found)["a.gz"]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_members_are_documents_however_the_tar_is_packed(tmp_path, mode):
    (tmp_path / "a.tar").write_bytes(tarred({"x/one.txt": b"1", "x/two.txt": b"22"}, mode))
    assert documents(things(tmp_path)) == {"a.tar!x/one.txt": b"1", "a.tar!x/two.txt": b"22"}


def test_archive_members_name_the_outermost_archive_as_their_container(tmp_path):
    outer = zipped({"inner.zip": zipped({"a.txt": b"deep"})})
    (tmp_path / "outer.zip").write_bytes(outer)
    (document,) = things(tmp_path)
    assert document.path == "outer.zip!inner.zip!a.txt"
    assert document.container == hashlib.sha256(outer).hexdigest()


def test_archives_are_opened_to_a_depth_of_three(tmp_path):
    data = b"deep"
    for level in range(4):
        data = zipped({f"level{level}": data})
    (tmp_path / "nest.zip").write_bytes(data)
    found = things(tmp_path)
    assert not documents(found)
    assert "nested" in next(iter(problems(found).values()))
    inner = zipped({"c": zipped({"b": zipped({"a": b"x"})})})
    (tmp_path / "nest.zip").write_bytes(inner)
    assert list(documents(things(tmp_path)).values()) == [b"x"]


def test_a_zip_that_inflates_a_thousand_times_is_refused_before_it_is_unpacked(tmp_path):
    (tmp_path / "bomb.zip").write_bytes(zipped({"zeros": b"\x00" * 1_500_000, "fine.txt": b"hello"}))
    found = things(tmp_path)
    assert "bomb" in problems(found)["bomb.zip!zeros"]
    assert documents(found) == {"bomb.zip!fine.txt": b"hello"}


def test_a_gzip_that_inflates_a_thousand_times_is_refused(tmp_path):
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\x00" * 1_900_000))
    found = things(tmp_path)
    assert not documents(found)
    assert "200 times" in problems(found)["bomb.gz"]


def test_many_small_members_together_pass_no_limit_on_expansion(tmp_path):
    members = {f"{at}.bin": os.urandom(250_000).hex().encode() * 2 for at in range(10)}
    (tmp_path / "big.tar").write_bytes(gzip.compress(tarred(members)))
    found = things(tmp_path, file=2_000_000, expansion=6_000_000)
    assert 3 <= len(documents(found)) <= 6
    assert any("unfolds to more" in reason for reason in problems(found).values())


def test_more_members_than_allowed_are_a_problem_and_the_first_are_read(tmp_path):
    (tmp_path / "many.zip").write_bytes(zipped({str(at): b"x" for at in range(60)}))
    found = things(tmp_path)
    assert len(documents(found)) == 50
    assert any("members" in reason for reason in problems(found).values())


def test_a_member_above_the_limit_is_refused_by_size(tmp_path):
    (tmp_path / "a.tar").write_bytes(tarred({"big": os.urandom(2_100_000), "small": b"x"}))
    found = things(tmp_path)
    assert documents(found) == {"a.tar!small": b"x"}
    assert "limit" in problems(found)["a.tar!big"]


def test_a_two_gigabyte_sparse_file_is_refused_by_its_size_alone(tmp_path):
    with (tmp_path / "sparse.bin").open("wb") as file:
        file.truncate(2 * 1024**3)
    (tmp_path / "z.txt").write_bytes(b"fine")
    found = list(walk([tmp_path]))
    assert "not read" in problems(found)["sparse.bin"]
    assert documents(found) == {"z.txt": b"fine"}


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "\\\\host\\x", "C:\\x", "..\\evil"]
)
def test_names_that_lead_out_of_an_archive_are_refused_and_nothing_is_written(tmp_path, name):
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "a.zip").write_bytes(zipped({name: b"evil", "good": b"x"}))
    (inside / "b.tar").write_bytes(tarred({name: b"evil", "good": b"x"}))
    found = things(inside)
    assert set(documents(found)) == {"a.zip!good", "b.tar!good"}
    assert sum("refused" in reason for reason in problems(found).values()) == 2
    assert {path.name for path in tmp_path.rglob("*")} == {"in", "a.zip", "b.tar"}


def test_links_and_devices_inside_a_tar_are_refused(tmp_path):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, name in (
            (tarfile.SYMTYPE, "sym"),
            (tarfile.LNKTYPE, "hard"),
            (tarfile.CHRTYPE, "dev"),
            (tarfile.FIFOTYPE, "fifo"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    (tmp_path / "a.tar").write_bytes(out.getvalue())
    found = things(tmp_path)
    assert set(problems(found)) == {"a.tar!sym", "a.tar!hard", "a.tar!dev", "a.tar!fifo"}
    assert not documents(found)


def test_a_symbolic_link_inside_a_zip_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    assert "symbolic link" in problems(things(tmp_path))["a.zip!link"]


def test_an_encrypted_zip_member_is_refused_and_its_neighbours_are_read(tmp_path):
    data = bytearray(zipped({"secret": b"x" * 30, "open": b"y" * 30}, zipfile.ZIP_STORED))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    data[6] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    found = things(tmp_path)
    assert "encrypted" in problems(found)["a.zip!secret"]
    assert documents(found) == {"a.zip!open": b"y" * 30}


def test_a_zip_member_whose_checksum_fails_is_a_problem_of_its_own(tmp_path):
    data = bytearray(zipped({"bad": b"x" * 30, "good": b"y" * 30}, zipfile.ZIP_STORED))
    data[data.find(b"x" * 30)] = ord("z")
    (tmp_path / "a.zip").write_bytes(bytes(data))
    found = things(tmp_path)
    assert "cannot be unpacked" in problems(found)["a.zip!bad"]
    assert documents(found) == {"a.zip!good": b"y" * 30}


def test_a_zip_cut_off_before_its_list_of_contents_is_a_problem(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({"a": b"x" * 100})[:60])
    assert "damaged" in problems(things(tmp_path))["a.zip"]


def test_a_zip_whose_list_of_contents_is_enormous_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped({str(at): b"" for at in range(40)} | {"x": b"x"}))
    found = things(tmp_path, directory=500)
    assert "list of contents" in problems(found)["a.zip"]


def test_a_tar_cut_off_in_a_member_gives_the_members_before_it(tmp_path):
    (tmp_path / "a.tar").write_bytes(tarred({"one": b"1" * 100, "two": b"2" * 5000})[:3000])
    found = things(tmp_path)
    assert documents(found) == {"a.tar!one": b"1" * 100}
    assert problems(found)


def test_a_tar_header_that_claims_gigabytes_of_attributes_is_refused(tmp_path):
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 3 * 1024**3
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.USTAR_FORMAT) + b"\x00" * 2048)
    found = things(tmp_path)
    assert "header" in problems(found)["a.tar"]


def test_a_text_that_has_ustar_at_the_place_of_the_mark_is_no_tar(tmp_path):
    text = b"x" * 257 + b"ustard group" + b"y" * 400
    (tmp_path / "a.json").write_bytes(text)
    assert documents(things(tmp_path)) == {"a.json": text}


def test_a_symbolic_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "outside.txt").write_text("secret")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "link").symlink_to(tmp_path / "outside.txt")
    (inside / "up").symlink_to(tmp_path)
    (inside / "dangling").symlink_to(inside / "nothing")
    found = things(inside)
    assert not documents(found)
    assert "out of the folder" in problems(found)["link"]
    assert "out of the folder" in problems(found)["up"]
    assert "nothing" in problems(found)["dangling"]


def test_a_link_inside_the_folder_is_read_once_and_loops_end(tmp_path):
    (tmp_path / "real.txt").write_text("x")
    (tmp_path / "a_link").symlink_to(tmp_path / "real.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = things(tmp_path)
    assert documents(found) == {"real.txt": b"x"}
    assert {thing.path for thing in found if isinstance(thing, Left)} == {"a_link", "loop"}


def test_a_link_given_by_the_person_is_followed(tmp_path):
    (tmp_path / "real.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    assert documents(things(tmp_path / "link.txt")) == {"link.txt": b"x"}


def test_pipes_and_sockets_are_refused_without_waiting_for_them(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    server = socket.socket(socket.AF_UNIX)
    try:
        server.bind(str(tmp_path / "sock"))
        found = things(tmp_path)
    finally:
        server.close()
    assert set(problems(found)) == {"pipe", "sock"}


def test_names_with_shell_characters_controls_and_broken_bytes_are_shown_escaped(tmp_path):
    for name in (b"$(rm -rf x);`y`", b"new\nline", b"bro\xffken", "turn\u202etxt".encode()):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes names
            file.write(b"x")
    names = set(documents(things(tmp_path)))
    assert names == {"$(rm -rf x);`y`", "new\\nline", "bro\\xffken", "turn\\u202etxt"}


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path, monkeypatch):
    (tmp_path / "locked").write_text("x")
    real = os.open

    def refuse(path, *rest, **more):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert "Permission denied" in problems(things(tmp_path))["locked"]


def test_a_path_longer_than_the_limit_is_a_problem(tmp_path):
    deep = tmp_path
    for _ in range(8):
        deep = deep / ("d" * 100)
    deep.mkdir(parents=True)
    (deep / "f").write_text("x")
    found = things(tmp_path, path=300)
    assert any("characters" in reason for reason in problems(found).values())


def test_licence_texts_are_left_out_but_not_a_list_that_is_called_licence(tmp_path):
    (tmp_path / "LICENSE").write_text("Permission is hereby granted")
    sub = tmp_path / "sub"
    sub.mkdir()
    (sub / "LICENSE").write_text("evil.com\nbad.org\n")
    found = things(tmp_path)
    assert [thing for thing in found if isinstance(thing, Left)] == [Left("LICENSE", "licence text")]
    assert list(documents(found)) == ["sub/LICENSE"]


def test_a_readme_is_left_out_only_beside_a_manifest_of_hashes(tmp_path):
    (tmp_path / "README.md").write_text("about")
    assert list(documents(things(tmp_path))) == ["README.md"]
    (tmp_path / "MANIFEST.csv").write_text("sha256,path\nabc,./x\n")
    found = things(tmp_path)
    assert {thing.rule for thing in found} == {"corpus index"}
    (tmp_path / "MANIFEST.csv").write_text("domain,ip\nevil.com,1.2.3.4\n")
    assert set(documents(things(tmp_path))) == {"README.md", "MANIFEST.csv"}


def test_reference_data_is_left_out_by_the_sources_table(tmp_path):
    folder = tmp_path / "covert-networks"
    folder.mkdir()
    (folder / "covert_1_00.csv").write_text("a,b\n1,2\n")
    (folder / "victims.csv").write_text("a,b\n1,2\n")
    found = things(tmp_path)
    assert [thing.path for thing in found if isinstance(thing, Left)] == ["covert-networks/covert_1_00.csv"]
    assert list(documents(found)) == ["covert-networks/victims.csv"]


def test_documents_of_a_known_source_carry_its_origin_grading_and_day(tmp_path):
    folder = tmp_path / "infoblox" / "csv"
    folder.mkdir(parents=True)
    (folder / "x.csv").write_text("a")
    for asked in (tmp_path, tmp_path / "infoblox", folder / "x.csv"):
        (document,) = things(asked)
        assert (document.origin, document.grading.code, document.published) == (
            "Infoblox",
            "B2",
            "2026-08-16",
        )


def test_office_files_are_documents_and_not_archives(tmp_path):
    book = zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    (tmp_path / "a.xlsx").write_bytes(book)
    (tmp_path / "b.ods").write_bytes(
        zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "c": b"x"})
    )
    (tmp_path / "c.mtgx").write_bytes(zipped({"Graphs/Graph1.graphml": b"<x/>"}))
    assert set(documents(things(tmp_path))) == {"a.xlsx", "b.ods", "c.mtgx"}


def test_folders_of_version_control_are_left_out(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    assert things(tmp_path) == [Left(".git", "version control")]


@given(st.binary(max_size=400))
def test_whatever_the_bytes_a_walk_gives_something_and_never_raises(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("walk")
    for mark in (b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00"):
        (folder / "x").write_bytes(mark + data)
        assert things(folder)


PLAIN = st.binary(min_size=1, max_size=2000).filter(
    lambda data: not data.startswith((b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00"))
)


@given(PLAIN, st.integers(0, 60))
def test_every_prefix_of_a_gzip_gives_a_prefix_of_its_text(tmp_path_factory, data, cut):
    folder = tmp_path_factory.mktemp("cut")
    packed = gzip.compress(data)
    (folder / "x.gz").write_bytes(packed[: max(3, len(packed) - cut)])
    found = things(folder)
    assert data.startswith(b"".join(documents(found).values()))
    whole = cut == 0
    assert bool(problems(found)) != whole or documents(found) == {"x.gz": data}


@given(st.text(max_size=40))
def test_a_shown_path_is_printable_and_safe_for_json(text):
    assert shown(text).isprintable()
    shown(text).encode("utf-8")


@given(st.text(alphabet="ab./\\:\x00", max_size=12))
def test_a_name_that_is_not_refused_stays_inside(name):
    if not refused_name(name, 1024):
        assert ".." not in name.replace("\\", "/").split("/")
        assert not os.path.isabs(name)  # noqa: PTH117 - the name of a member, not of a file
        assert "\x00" not in name


def test_a_flood_of_zeros_in_deflate_is_bounded_even_when_the_sizes_lie(tmp_path):
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = body.compress(b"\x00" * 5_000_000) + body.flush()
    honest = zipped({"zeros": b"\x00" * 5_000_000})
    at = honest.find(b"PK\x01\x02")
    lying = bytearray(honest)
    lying[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert len(data) < len(lying)
    (tmp_path / "a.zip").write_bytes(bytes(lying))
    found = things(tmp_path)
    assert sum(map(len, documents(found).values())) <= 1000
    assert problems(found)


def test_an_exclamation_mark_in_a_name_opens_no_archive(tmp_path):
    (tmp_path / "!!!README!!!.txt").write_text("x")
    (tmp_path / "a.bin").write_bytes(zipped({"b/!c!.txt": b"y"}))
    named = {thing.path: (thing.name, thing.folder, thing.parts) for thing in things(tmp_path)}
    assert named == {
        "!!!README!!!.txt": ("!!!README!!!.txt", "", ("!!!README!!!.txt",)),
        "a.bin!b/!c!.txt": ("!c!.txt", "b", ("a.bin", "b", "!c!.txt")),
    }


def test_a_document_with_a_list_of_contents_that_fills_the_memory_is_not_opened(tmp_path):
    data = bytearray(zipped({"Graphs/Graph1.graphml": b"<x/>"}))
    data[-10:-6] = (200 * 1024 * 1024).to_bytes(4, "little")
    (tmp_path / "a.mtgx").write_bytes(bytes(data))
    (reason,) = problems(things(tmp_path)).values()
    assert "list of contents" in reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", '{"5e0b7a10-cccc-4000-8000-000000000001": {"info": "x", "Orgc": {"name": "y"}}}'),
        ("hashes.csv", "6f207f8b5dfe1eebac63467930df5189,5e0b7a10-cccc-4000-8000-000000000001\n"),
    ],
)
def test_the_index_of_a_misp_feed_is_left_out_by_name_and_content(tmp_path, name, content):
    (tmp_path / name).write_text(content, "utf-8")
    [thing] = walk([tmp_path])
    assert thing == Left(name, "index of a MISP feed (its events are read)")
    (tmp_path / name).write_text("evil.io\n", "utf-8")
    [thing] = walk([tmp_path])
    assert isinstance(thing, Document)
