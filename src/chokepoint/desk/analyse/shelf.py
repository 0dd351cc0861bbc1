"""The viewer's snapshots on disk, each with the material from which the next one grows.

A folder is written beside its place and moved there whole, so that none is ever read half. It says under
which markings it was made and how far in the ledger; it may contain only what somebody who sees exactly
these markings may see.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from chokepoint import __version__
from chokepoint.desk.analyse.material import Material
from chokepoint.graph.snapshot import Snapshot
from chokepoint.model.errors import BadInputError
from chokepoint.store.fulltext import turn_to_read
from chokepoint.store.turn import locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

FORM = f"{__version__} 10"
KEPT = 8
TURNS = 16
"""Locks for makers of snapshots; two who have the same one by chance wait for each other in vain."""
HALF_WRITTEN = 3600.0
"""Seconds after which nobody writes on at a folder any more."""
STAMP, ARRAYS, MATERIAL = "stamp.json", "snapshot", "material"


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot is of.

    Attributes:
        markings: numbers of the markings that the viewer may see.
        newest: number of the newest marking of all when it was made.
        position: the reader's word for all that came under those markings; its second number is the newest
            re-marking among them; then the number of the viewer's organisation, and the day.
        until: newest ledger position when it was made.
        erased: how many erasures there were before: what it holds of later ones is to be nowhere any more.
        form: version of code and arrays.
    """

    markings: tuple[int, ...]
    newest: int
    position: tuple[int, ...]
    until: int
    erased: int = 0
    form: str = FORM

    def extends(self, base: Stamp) -> bool:
        """Whether all that this is of and the base is not comes behind the base in the ledger.

        A marking that the base did not know yet is on later records alone, unless something was re-marked;
        one that it did know and could not see may be on any.
        """
        known = tuple(number for number in self.markings if number <= base.newest)
        moved = base.position[1:2] != self.position[1:2]
        same = (base.form, base.erased) == (self.form, self.erased)
        return same and base.until <= self.until and base.markings == known and not moved

    def same(self, other: Stamp) -> bool:
        """Whether both are of the same records."""
        return self.extends(other) and self.position == other.position

    def nearness(self, wanted: Stamp) -> tuple[bool, int, bool]:
        """The greater, the less is to be added for the wanted one; then, whether it is the same eyes'."""
        return wanted.same(self), self.until, self.looks == wanted.looks

    def replaces(self, other: Stamp) -> bool:
        """Whether nobody needs the other any more: this is the same viewer's, of more or of a later day.

        Nor does anybody need what is of before an erasure.
        """
        if other.erased < self.erased:
            return True
        return self.extends(other) and self.position != other.position and self.looks == other.looks

    @property
    def looks(self) -> tuple[int, ...]:
        """Whose word counts as their own in it."""
        return self.position[2:3]

    @property
    def turn(self) -> int:
        """Who makes one for the same eyes has the same lock, however far the ledger was."""
        return int.from_bytes(sha256(repr((self.markings, self.looks)).encode()).digest()[:4]) % TURNS

    @property
    def name(self) -> str:
        """Of its folder."""
        said = repr((self.form, self.markings, self.position, self.erased))
        return f"snapshot-{sha256(said.encode()).hexdigest()[:32]}"


class Kept(NamedTuple):
    """A snapshot on the shelf."""

    stamp: Stamp
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A folder of snapshots."""

    folder: Path

    @contextmanager
    def making(self, wanted: Stamp) -> Iterator[None]:
        """After whoever makes a snapshot for the same eyes now, in this process or another.

        Where nothing can be written nobody waits: it is then made by each.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            turn = self._turn(wanted.turn)
        except OSError:
            yield
            return
        with turn:
            yield

    def clear(self) -> None:
        """Take everything away, after what is being made: what it holds is to be nowhere any more.

        To be called when that has gone from the ledger: who makes a snapshot afterwards, reads what is left.
        """
        with ExitStack() as turns:
            for number in range(TURNS):
                with suppress(OSError):  # nobody waits for a turn then
                    turns.enter_context(self._turn(number))
            with suppress(OSError):
                turns.enter_context(turn_to_read(self.folder, how=LOCK_EX))
            for entry in self.folder.glob("*"):
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)

    def _turn(self, number: int) -> AbstractContextManager[None]:
        name = self.folder / f"making-{number}.lock"
        return locked(os.open(name, os.O_RDWR | os.O_CREAT, 0o600), LOCK_EX)

    def find(self, wanted: Stamp) -> Kept | None:
        """The wanted snapshot, else the one of which it is the shortest extension, the viewer's own first."""
        found = [Kept(stamp, folder) for stamp, folder in self._stamps() if wanted.extends(stamp)]
        return max(found, key=lambda one: one.stamp.nearness(wanted), default=None)

    def _stamps(self) -> Iterator[tuple[Stamp, Path]]:
        for folder in self.folder.glob("snapshot-*"):
            try:
                yield msgspec.json.decode((folder / STAMP).read_bytes(), type=Stamp), folder
            except (OSError, msgspec.DecodeError):
                continue

    def lately(self, kept: Kept, seconds: float) -> bool:
        """Whether a snapshot was all that was wanted so many seconds ago or fewer."""
        return time.time() - _used(kept.folder) < seconds

    def snapshot(self, kept: Kept, *, same: bool = True) -> Snapshot | None:
        """The snapshot, mapped into memory; None, and the folder cleared away, if it is broken.

        Args:
            kept: which.
            same: whether it is all that is wanted now; its folder remembers when it last was.
        """
        try:
            snapshot = Snapshot.from_arrays(_load(kept.folder / ARRAYS))
            if same:
                os.utime(kept.folder)
        except (BadInputError, OSError, ValueError):
            shutil.rmtree(kept.folder, ignore_errors=True)
            return None
        return snapshot

    def material(self, kept: Kept) -> Material | None:
        """The material that it was made from; None, and the folder cleared away, if that is broken."""
        try:
            return Material.from_arrays(_load(kept.folder / MATERIAL))
        except (KeyError, OSError, ValueError, msgspec.DecodeError):
            shutil.rmtree(kept.folder, ignore_errors=True)
            return None

    def put(self, stamp: Stamp, snapshot: Snapshot, material: Material) -> Kept:
        """Keep a snapshot instead of those from which it grew, and no more than the newest few.

        Where it could not be written, nothing is where this says.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        try:
            _save(made / ARRAYS, snapshot.to_arrays())
            _save(made / MATERIAL, material.to_arrays())
            (made / STAMP).write_bytes(msgspec.json.encode(stamp))
            made.rename(self.folder / stamp.name)
        except OSError:  # another process was first, or the disk is full: it can be computed again
            shutil.rmtree(made, ignore_errors=True)
        for old, folder in list(self._stamps()):
            if stamp.replaces(old):
                shutil.rmtree(folder, ignore_errors=True)
        self._clear()
        return Kept(stamp, self.folder / stamp.name)

    def _clear(self) -> None:
        """Forget the snapshots used longest ago, and what a killed process left half written."""
        age = {folder: _used(folder) for folder in self.folder.iterdir()}
        whole = sorted((one for one in age if one.name.startswith("snapshot-")), key=age.__getitem__)
        newest = max(age.values(), default=0.0)
        half = [one for one in age if one.name.startswith("new-") and age[one] < newest - HALF_WRITTEN]
        for old in (*whole[:-KEPT], *half):
            shutil.rmtree(old, ignore_errors=True)


def _used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _save(folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    folder.mkdir(mode=0o700)
    for name, array in arrays.items():
        file = folder / f"{name}.npy"
        if not _linked(array, file):
            np.save(file, array)


def _linked(array: NDArray[Any], file: Path) -> bool:
    """Whether an array is just what a file of another snapshot holds, which is then this one's too.

    A file on the shelf is never changed, only taken away.
    """
    whole = array.base
    if not isinstance(whole, np.memmap) or (whole.shape, whole.dtype) != (array.shape, array.dtype):
        return False
    try:
        os.link(str(whole.filename), file)
    except OSError:  # it has been taken away, or this disk knows no second name for a file
        return False
    return True


def _load(folder: Path) -> dict[str, NDArray[Any]]:
    """Arrays mapped into memory, as plain arrays: those of numpy's own mapping class are slow to index."""
    return {path.stem: np.asarray(np.load(path, mmap_mode="r")) for path in folder.glob("*.npy")}
