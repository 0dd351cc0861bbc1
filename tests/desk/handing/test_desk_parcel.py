"""A package as one file: the same both ways, and nothing that is no package."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.handing import parcel
from chokepoint.desk.handing.parcel import packed, unpacked
from chokepoint.model.errors import BadInputError, TooLargeError

FILES = {"manifest.json": b"{}", "captures/a": b"\x00\xff", "report.html": b"<p>"}


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


@given(
    st.dictionaries(
        st.text("abc/.", min_size=1, max_size=8).filter(lambda t: not t.endswith("/")), st.binary()
    )
)
def test_what_is_packed_is_unpacked_byte_by_byte_and_packs_the_same_again(files):
    files = {**files, "manifest.json": b"{}"}
    assert unpacked(packed(files)) == files
    assert packed(dict(reversed(files.items()))) == packed(files)


def test_a_folder_around_all_files_is_taken_off():
    around = {f"my package/{name}": data for name, data in FILES.items()}
    assert unpacked(packed(around)) == FILES


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no zip at all", id="no zip"),
        pytest.param(packed(FILES)[:-30], id="cut off"),
        pytest.param(zipped(("a.txt", b"x")), id="no manifest"),
        pytest.param(zipped(("a/manifest.json", b"{}"), ("b/manifest.json", b"{}")), id="two packages"),
        pytest.param(zipped(), id="an empty zip"),
    ],
)
def test_what_is_no_package_is_refused_with_a_mend(data):
    with pytest.raises(BadInputError) as caught:
        unpacked(data)
    assert caught.value.mend


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_could_be_read_in_two_ways_and_is_refused():
    with pytest.raises(BadInputError, match="twice"):
        unpacked(zipped(("manifest.json", b"{}"), ("manifest.json", b"[]")))


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("wrong", [0x00, 0xFF, 0x5A])
def test_a_zip_that_is_damaged_within_is_refused_however_it_was_packed(packing: int, wrong: int):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr("manifest.json", bytes(range(256)) * 40)
    content = bytearray(out.getvalue())
    for at in range(52, 110):
        content[at] = wrong
    with pytest.raises(BadInputError, match="no zip that can be read"):
        unpacked(bytes(content))


def test_a_byte_changed_inside_is_found_by_the_zip_itself():
    content = bytearray(zipped(("manifest.json", b"{ }" * 9)))
    content[content.index(b"{ }")] ^= 1
    with pytest.raises(BadInputError):
        unpacked(bytes(content))


def test_a_zip_that_swells_is_given_up_at_the_limit(monkeypatch):
    monkeypatch.setattr(parcel, "LARGEST", 1000)
    assert unpacked(packed({"manifest.json": b"x" * 1000}))
    with pytest.raises(TooLargeError):
        unpacked(packed({"manifest.json": b"x" * 1000, "bomb": b"\x00"}))


def test_more_files_than_a_package_has_are_given_up(monkeypatch):
    monkeypatch.setattr(parcel, "MOST", 2)
    with pytest.raises(TooLargeError):
        unpacked(packed(FILES))
