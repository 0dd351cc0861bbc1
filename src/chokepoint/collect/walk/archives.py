"""tar and zip: their members one at a time, each refused by name, kind or size before it is read."""

from __future__ import annotations

import io
import re
import stat
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from chokepoint.collect.walk.things import MB, Budget, Limits, Problem, shown, size
from chokepoint.collect.walk.unfold import Forward, Unfolding
from chokepoint.model.errors import BadInputError, ChokepointError, TooLargeError
from chokepoint.values.zips import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = b"PK\x05\x06"
_END_BYTES = 22
_COMMENT = 65_535
_drive = re.compile(r"[A-Za-z]:").match
_BROKEN = (*BROKEN, struct.error)


class Member(NamedTuple):
    """One file of an archive: its name as shown, and its bytes."""

    name: str
    data: bytes


def refused_name(name: str, longest: int) -> str:
    """Why a member's name is refused; empty when it is fine."""
    parts = name.replace("\\", "/").split("/")
    if not name.strip("/ "):
        return "a member without a name"
    if ".." in parts:
        return "a name with ../ that would leave the archive's folder"
    if name.startswith(("/", "\\")) or _drive(name):
        return "an absolute name"
    if "\x00" in name:
        return "a name with a NUL character"
    return f"a name of more than {longest} characters" if len(name) > longest else ""


def _sized(name: str, count: int, limit: int) -> Problem | None:
    if count <= limit:
        return None
    return Problem(
        name, "", f"{size(count)} unfolded, more than the limit of {size(limit)}. Mend: unpack and split it"
    )


def tar_members(stream: BinaryIO | Unfolding, budget: Budget) -> Iterator[Member | Problem]:
    """The files of a tar archive in their order; folders pass, everything else is a problem."""
    archive: tarfile.TarFile | None = None
    try:
        archive = tarfile.TarFile(fileobj=Forward(stream))  # type: ignore[arg-type]
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]
            if info.isdir():
                continue
            budget.count_member()
            name = shown(info.name)
            reason = refused_name(info.name, budget.limits.path) or _odd(info)
            too_large = _sized(name, info.size, budget.limits.file)
            if reason:
                yield Problem(name, "", f"{reason}: refused. Mend: pack plain files under plain names")
            elif too_large:
                yield too_large
            else:
                yield _tar_member(archive, info, name)
    except (tarfile.TarError, EOFError, OSError, ValueError, IndexError) as error:
        yield Problem("", "", f"the tar archive is damaged from here on ({error}). Mend: fetch it again")
    except ChokepointError as error:
        yield Problem("", "", error.advice)
    if isinstance(stream, Unfolding) and stream.broken:
        yield Problem("", "", f"{stream.broken}; what came before is taken. Mend: fetch it again")


def _odd(info: tarfile.TarInfo) -> str:
    if info.islnk() or info.issym():
        return f"a link to {shown(info.linkname)[:200]}, which is not followed inside archives"
    return "" if info.isreg() else "a device, pipe or other special member"


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str) -> Member | Problem:
    inside = archive.extractfile(info)
    if inside is None:
        return Problem(name, "", "cannot be read. Mend: repack the archive")
    pieces = []
    while piece := inside.read(MB):
        pieces.append(piece)
    data = b"".join(pieces)
    if len(data) < info.size:
        return Problem(
            name, f"byte {len(data)}", "ends too early: the archive is cut off. Mend: fetch it again"
        )
    return Member(name, data)


def zip_members(file: BinaryIO, budget: Budget) -> Iterator[Member | Problem]:
    """The files of a zip archive in the order of its list of contents."""
    try:
        _check_directory(file, budget)
        archive = zipfile.ZipFile(file)
    except TooLargeError as error:
        yield Problem("", "", error.advice)
        return
    except _BROKEN as error:
        yield Problem("", "", f"the zip archive is damaged ({error}). Mend: fetch it again")
        return
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            try:
                budget.count_member()
                yield _zip_member(archive, info, budget)
            except TooLargeError as error:
                yield Problem("", shown(info.filename), error.advice)
                return


def _check_directory(file: BinaryIO, budget: Budget) -> None:
    """Refuse a list of contents that would fill the memory, before it is read. Source: APPNOTE 4.3.16."""
    file.seek(0, io.SEEK_END)
    length = file.tell()
    file.seek(max(0, length - _END_BYTES - _COMMENT))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise zipfile.BadZipFile("no list of contents at its end")
    count, directory = struct.unpack("<HL", tail[at + 10 : at + 16])
    if directory == 0xFFFFFFFF or count == 0xFFFF:
        directory = max(0, length - _END_BYTES) if length > budget.limits.directory else 0
    if directory > budget.limits.directory:
        raise TooLargeError(f"a list of contents of {size(directory)}", mend="split the archive")


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Member | Problem:
    name = shown(info.filename)
    reason = refused_name(info.orig_filename, budget.limits.path) or _odd_zip(info)
    if reason:
        return Problem(
            name, "", f"{reason}: refused. Mend: pack plain files under plain names, without a password"
        )
    if (too_large := _sized(name, info.file_size, budget.limits.file)) or (
        too_large := _bomb(name, info, budget)
    ):
        return too_large
    try:
        with archive.open(info) as inside:
            return Member(name, _drain(inside, info, budget))
    except TooLargeError:  # the budget of the whole archive is spent
        raise
    except (*_BROKEN, BadInputError) as error:
        return Problem(name, "", f"cannot be unpacked ({error}). Mend: fetch the archive again")


def _odd_zip(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if mode and stat.S_ISLNK(mode):
        return "a symbolic link, which is not followed inside archives"
    return "an encrypted member" if info.flag_bits & 0x1 else ""


def _bomb(name: str, info: zipfile.ZipInfo, budget: Budget) -> Problem | None:
    limits = budget.limits
    if info.file_size <= limits.ratio_from or info.file_size <= limits.ratio * max(1, info.compress_size):
        return None
    return Problem(
        name,
        "",
        f"unfolds from {size(info.compress_size)} to {size(info.file_size)}, more than {limits.ratio} times, "
        "as a decompression bomb does: refused. Mend: unpack it yourself if you trust it",
    )


def _drain(inside: object, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    pieces = []
    while piece := inside.read(MB):  # type: ignore[attr-defined]
        budget.spend(len(piece))
        pieces.append(piece)
    data = b"".join(pieces)
    if len(data) < info.file_size:
        raise BadInputError("ends too early")
    return data


_OFFICE = ("[Content_Types].xml", "META-INF/MANIFEST.MF", "AndroidManifest.xml")


def is_document(file: BinaryIO) -> bool:
    """Whether a zip is one document of an office, a package or a graph, no archive of documents."""
    try:
        _check_directory(file, Budget(Limits()))
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if any(name in _OFFICE for name in names[:2000]):
                return True
            if names and names[0] == "mimetype" and archive.infolist()[0].file_size < 200:
                return archive.read(archive.infolist()[0]).startswith(b"application/")
            return any(name.startswith("Graphs/") and name.endswith(".graphml") for name in names)
    except (*_BROKEN, TooLargeError):
        return False
    finally:
        file.seek(0)
