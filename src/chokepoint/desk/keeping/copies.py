"""The backups of an atlas, and the tombstones in each: what is erased later is written there too.

A backup names the atlas that it was made from, and the atlas the folders of its backups. So an erasure comes
into the list of every backup that can be reached, and a restore asks the atlas, while that lives, of others.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from chokepoint.desk.keeping.checkpoint import notary
from chokepoint.desk.keeping.home import BACKUPS
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.proof.checkpoint import origin_of, read_proof
from chokepoint.store.canonical import canonical
from chokepoint.store.erasures import ERASURE
from chokepoint.store.proving import prove
from chokepoint.store.records import positions_of
from chokepoint.store.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.desk.atlas import Atlas


class _Line(msgspec.Struct):
    proof: str


CHECKPOINT = "checkpoint"
TOMBSTONES = "tombstones.jsonl"
DISKS = Path("/dev/disk/by-uuid")
MODE = 0o666
"""Of both: as open as whoever runs this lets files be; they name records and folders, and nobody."""


def proved_tombstones(atlas: Atlas) -> bytes:
    """All tombstones as JSON lines, each with the proof that it stands in the log.

    Raises:
        LedgerError: the key of who keeps the log is not on this machine.
    """
    with atlas.engine.connect() as connection:
        items = prove(connection, positions_of(connection, ERASURE))
    proofs = notary(atlas).prove([item.seq for item in items]) if items else {}
    lines = []
    for item in items:
        extra = canonical({"body": item.body.decode(), "salt": item.salt.hex()})
        said = proofs[item.seq]._replace(extra=extra).encode().decode()
        lines.append(canonical({"proof": said}) + b"\n")
    return b"".join(lines)


def remember(home: Path, backup: Path) -> None:
    """Note in an atlas's folder where, and on which disk, a backup lies that its erasures are to reach."""
    folder = backup.resolve()
    place = os.fsencode(folder)
    (home / BACKUPS).mkdir(exist_ok=True, mode=0o700)
    write_whole(_note(home, place), place + b"\0" + _disks(folder.parent)[0], mode=MODE)


def _note(home: Path, place: bytes) -> Path:
    return home / BACKUPS / sha256(place).hexdigest()


def forget(atlas: Atlas, backup: Path) -> None:
    """Ask no more for a backup of which somebody says that it was destroyed.

    Raises:
        NotFoundError: none is known there.
        RefusedError: it is there.
    """
    folder = backup.resolve()
    note = _note(atlas.folder, os.fsencode(folder))
    if is_backup(folder, origin_of(atlas.id)):
        raise RefusedError("this backup is there", place=str(backup), mend="destroy it first")
    if not note.is_file():
        raise NotFoundError(
            "no backup of this atlas is known there",
            place=str(backup),
            mend="write its folder as `erase --finish` names it",
        )
    note.unlink()


def tell(atlas: Atlas) -> tuple[Path, ...]:
    """Write all tombstones into the atlas's backups; those that cannot be reached are returned.

    One whose folder is gone from a place that is there, on the disk on which it was, was destroyed, and is
    forgotten; where another disk lies there now, or none, it may come back.
    """
    untold, said = [], b""
    for note in sorted((atlas.folder / BACKUPS).glob("?" * 64)):
        place, _, disk = note.read_bytes().partition(b"\0")
        folder = Path(os.fsdecode(place))
        try:
            if _is_destroyed(folder, disk):
                note.unlink()
            elif not is_backup(folder, origin_of(atlas.id)):
                untold.append(folder)
            else:
                said = said or proved_tombstones(atlas)
                joined = _joined(said, (folder / TOMBSTONES).read_bytes())
                write_whole(folder / TOMBSTONES, joined, mode=MODE)
        except OSError:
            untold.append(folder)
    return tuple(untold)


def _is_destroyed(folder: Path, disk: bytes) -> bool:
    return folder.parent.is_dir() and not folder.exists() and disk in _disks(folder.parent)


def _disks(folder: Path) -> list[bytes]:
    """By what the system knows the disk of a folder, what outlasts a restart first.

    The number of the device is given anew when it starts; the id of the file system was written on the disk,
    by which that device, or the system itself, is known to have it.
    """
    number, system = folder.stat().st_dev, os.statvfs(folder).f_fsid
    found = [b"fsid %x" % system] if system else []
    named = sorted(DISKS.iterdir()) if DISKS.is_dir() else []
    found[:0] = [b"uuid " + os.fsencode(one.name) for one in named if _is_device(one, number)]
    return [*found, b"%d" % number]


def _is_device(path: Path, number: int) -> bool:
    with suppress(OSError):
        return path.stat().st_rdev == number
    return False


def _joined(said: bytes, older: bytes) -> bytes:
    """A list, and what an older one has that is not in it: another copy of the atlas may have told that."""
    known = {_record(line) for line in said.splitlines()}
    return said + b"".join(line + b"\n" for line in older.splitlines() if _record(line) not in known)


def _record(line: bytes) -> bytes:
    """The record that a line proves; each proof of it is another. Of what is no proof, the line."""
    with suppress(LedgerError, msgspec.DecodeError):
        return read_proof(msgspec.json.decode(line, type=_Line).proof.encode()).extra
    return line


def beside(source: Path) -> Iterator[Path]:
    """Other backups of the same log in the folder in which a backup lies, and a list that lies there."""
    origin = _origin(source)
    parent, near = source.resolve().parent, list[Path]()
    if (parent / TOMBSTONES).is_file():
        yield parent / TOMBSTONES
    with suppress(PermissionError):  # then nothing of it is known here
        near = sorted(parent.iterdir())
    for folder in near:
        if folder != source.resolve() and is_backup(folder, origin):
            yield folder


def is_backup(folder: Path, origin: str) -> bool:
    """Whether a folder that may be read holds a backup of the log of that origin, with its list."""
    with suppress(OSError):
        wanted = (folder / TOMBSTONES, folder / CHECKPOINT)  # a pipe would keep whoever opens it
        return all(map(Path.is_file, wanted)) and _origin(folder) == origin
    return False


def _origin(folder: Path) -> str:
    with (folder / CHECKPOINT).open("rb") as file:
        return file.readline(1_000).decode("utf-8", "replace").rstrip("\n")
