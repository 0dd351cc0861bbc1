"""`backup` and `restore`: a consistent copy while others work, and one that brings nothing erased back.

A backup is a folder: the ledger, the vault, the key folder if asked for, a signed checkpoint of the log as
it was copied, and the tombstones known by then, each with its proof. That of an atlas in PostgreSQL has the
same files, and any is restored to a folder or into an empty database. A restore takes the tombstones that the
backup was told of, those of other backups beside it and of the atlas it was made from, and erases again what
they name before anybody reads the copy. Where that atlas is gone nobody knows what it erased last: refused.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy.exc import DatabaseError

from chokepoint.desk.keeping.care import verify
from chokepoint.desk.keeping.checkpoint import check_proof, compare, issue, notary
from chokepoint.desk.keeping.copies import (
    CHECKPOINT,
    MODE,
    TOMBSTONES,
    beside,
    forget,
    proved_tombstones,
    remember,
)
from chokepoint.desk.keeping.erase import entomb, finish
from chokepoint.desk.keeping.home import database_of, home_of, mark, said_home
from chokepoint.model.errors import ChokepointError, LedgerError, RefusedError
from chokepoint.proof.checkpoint import read_checkpoint, read_proof
from chokepoint.store.canonical import read_envelope
from chokepoint.store.checkpoints import keeper
from chokepoint.store.copying import copy_ledger, copy_vault, fill
from chokepoint.store.erasures import ERASURE, Erasure, tombstones
from chokepoint.store.ids import positions
from chokepoint.store.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Engine

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.keeping.care import Proven

FILES = ("ledger.sqlite", "vault.sqlite")
KEYS = "keys"
NOTES = (CHECKPOINT, TOMBSTONES)
UNFINISHED = ".chokepoint-unfinished"
"""In the folder of an atlas that is being restored: what may hold what was erased."""
NOBODY_SAYS = "the atlas of this backup is not there to say what it erased since, which may come back"
MEND = "take the list from another backup or from the atlas"
ASK = "--erased LATER names a later backup, atlas or list; if none is left: --may-bring-back-erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was made: its folder, the records in it, and whether the private keys are too."""

    folder: Path
    records: int
    keys: bool


def backup(atlas: Atlas, folder: Path, *, keys: bool = True) -> BackedUp:
    """Copy the atlas while others work with it.

    The ledger is copied before the vault, into which captures go before any record names them.

    Args:
        atlas: opened on the machine whose keys it uses.
        folder: new or empty.
        keys: whether the organisations' private keys go along.

    Raises:
        RefusedError: the folder holds something.
        LedgerError: the disk is full; what was copied by then is taken away.
    """
    _is_free(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    remember(atlas.folder, folder)  # an erasure that comes meanwhile finds no list yet, and says so
    try:
        records = _copied(atlas, folder, keys=keys)
    except BaseException:
        for made in folder.iterdir():
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        forget(atlas, folder)
        raise
    return BackedUp(folder=folder, records=records, keys=keys)


def _copied(atlas: Atlas, folder: Path, *, keys: bool) -> int:
    """Copy into an empty folder, the checkpoint last, without which it is no backup; how many records."""
    note, _ = issue(atlas)
    copy_ledger(atlas.engine, folder / FILES[0])
    copy_vault(atlas.vault.engine, folder / FILES[1])
    if keys and (atlas.folder / KEYS).is_dir():
        shutil.copytree(atlas.folder / KEYS, folder / KEYS)
    write_whole(folder / TOMBSTONES, proved_tombstones(atlas), mode=MODE)
    mark(atlas, folder)
    write_whole(folder / CHECKPOINT, note.encode(), mode=MODE)
    return read_checkpoint(note.text).size


def _is_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError("this place is not empty", place=str(folder), mend="name a new or empty folder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A restore that was made.

    Attributes:
        folder: of the atlas.
        replayed: erasures that were later than the backup and were done again.
        proven: what was verified after.
    """

    folder: Path
    replayed: int
    proven: Proven


def restore(
    source: Path,
    folder: Path,
    open_as: Callable[[Path, str], Atlas],
    known: Sequence[Path] = (),
    *,
    into: tuple[Engine, Engine] | None = None,
    may_bring_back: bool = False,
) -> Restored:
    """Make an atlas of a backup, erase again what was erased since, and verify it.

    It is put in its place when all of that is done; where any of it fails nothing is left there.

    Args:
        source: the backup.
        folder: new or empty; of an atlas in a database, that of its keys.
        open_as: opens a folder as an organisation, or as its first member where that is empty.
        known: later backups, atlases or lists of tombstones.
        into: an empty database, by the engines of its ledger and of its vault.
        may_bring_back: whether to go on where nobody says what was erased last.

    Raises:
        RefusedError: the place holds something, the source is no backup, or nobody says what was erased last.
        LedgerError: the copy does not verify, or a tombstone is not the log's.
    """
    unfinished = folder / UNFINISHED
    _may_begin(source, folder)
    near = [source, *beside(source)]
    living = _living(source, open_as)
    if not (living or known or may_bring_back):
        raise RefusedError(NOBODY_SAYS, place=str(source), mend=_ask(source))
    lists = living + [(place, _list(place, open_as)) for place in (*near, *known)]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished.mkdir(mode=0o700)
    try:
        replayed, proven = _made_whole(source, unfinished, open_as, lists)
        _put(unfinished, folder, into)
        for place in filter(Path.is_dir, near):
            remember(folder, place)
    finally:
        shutil.rmtree(unfinished)
    if into is not None:
        with _founders(folder, open_as) as atlas:
            proven = verify(atlas)
    return Restored(folder=folder, replayed=replayed, proven=proven)


def _may_begin(source: Path, folder: Path) -> None:
    unfinished = folder / UNFINISHED
    if unfinished.is_dir() and [*folder.iterdir()] == [unfinished]:  # of a restore that was killed
        shutil.rmtree(unfinished)
    _is_free(folder)
    if not (source / FILES[0]).is_file() or not (source / CHECKPOINT).is_file():
        raise RefusedError("no backup here", place=str(source), mend="name the folder that `backup` made")
    for file in (*(source / name for name in (*FILES, *NOTES, KEYS)), *sorted((source / KEYS).glob("*"))):
        if file.is_symlink() or (file.exists() and not (file.is_file() or file == source / KEYS)):
            raise RefusedError(
                "no file of this backup, but a way to something else",
                place=str(file),
                mend="take a backup in which all files are files",
            )


def _made_whole(
    source: Path, folder: Path, open_as: Callable[[Path, str], Atlas], lists: Sequence[tuple[Path, bytes]]
) -> tuple[int, Proven]:
    """Copy a backup to where nobody looks for an atlas, and erase again; how often, and what was verified."""
    for name in FILES:
        shutil.copyfile(source / name, folder / name)
    if (source / KEYS).is_dir():
        shutil.copytree(source / KEYS, folder / KEYS)
    for file in folder.rglob("*"):  # a disk that knows no owners lets everybody read
        file.chmod(0o700 if file.is_dir() else 0o600)
    with _founders(folder, open_as) as atlas:
        compare(atlas, (source / CHECKPOINT).read_bytes())
        replayed = _replay(atlas, [*_told(atlas, lists)])
        return replayed, verify(atlas)


@contextmanager
def _founders(folder: Path, open_as: Callable[[Path, str], Atlas]) -> Iterator[Atlas]:
    """The atlas of a folder as the organisation that keeps its log opens it; closed after."""
    with _closing(open_as(folder, "")) as first, first.engine.connect() as connection:
        name = keeper(connection)[0]
    with _closing(open_as(folder, name)) as atlas:
        yield atlas


@contextmanager
def _closing(atlas: Atlas) -> Iterator[Atlas]:
    """An atlas whose files nobody holds open after."""
    try:
        yield atlas
    finally:
        atlas.engine.dispose()
        atlas.vault.engine.dispose()


def _put(made: Path, folder: Path, into: tuple[Engine, Engine] | None) -> None:
    """Put what was made where it belongs; the files by way of which a database is filled are taken away."""
    if into is not None:
        fill((made / FILES[0], made / FILES[1]), into)
        for name in FILES:
            for file in made.glob(f"{name}*"):
                file.unlink()
    for file in sorted(made.iterdir(), key=lambda one: one.name in FILES):
        file.rename(folder / file.name)


def _told(atlas: Atlas, lists: Iterable[tuple[Path, bytes]]) -> Iterable[Erasure]:
    """The erasures that these places know of, each proved to stand in this log or a later state of it."""
    key = notary(atlas).key().vkey
    for place, listed in lists:
        for number, line in enumerate(listed.splitlines(), 1):
            try:
                yield _erasure(line, key)
            except LedgerError as error:
                where = f"{place}, line {number}"
                raise LedgerError(
                    f"not a tombstone of this log: {error.reason}", place=where, mend=MEND
                ) from None


def _erasure(line: bytes, key: str) -> Erasure:
    """The erasure that a line proves under the log's key."""
    try:
        data = str(msgspec.json.decode(line)["proof"]).encode()
        if check_proof(data, [key]).kind != ERASURE:
            raise LedgerError("the record is no erasure")
        body = str(msgspec.json.decode(read_proof(data).extra)["body"]).encode()
        return msgspec.json.decode(read_envelope(body).payload, type=Erasure)
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise LedgerError(str(error)) from None


def _living(source: Path, open_as: Callable[[Path, str], Atlas]) -> list[tuple[Path, bytes]]:
    """The atlas that a backup was made from and its list, where it is there with all that the backup has."""
    home = home_of(source)
    if home is not None:
        with suppress(OSError, ValueError, ChokepointError, DatabaseError):
            # to open an empty file would make a data base of it
            if database_of(home) or (home / FILES[0]).stat().st_size:
                with _founders(home, open_as) as atlas:
                    compare(atlas, (source / CHECKPOINT).read_bytes())
                    return [(home, proved_tombstones(atlas))]
    return []


def _ask(source: Path) -> str:
    """What helps where nobody says what was erased last."""
    home = home_of(source)
    where = (database_of(home) if home else "") or said_home(source)
    return f"{ASK}; it says that its atlas is {where}" if where else ASK


def _list(place: Path, open_as: Callable[[Path, str], Atlas]) -> bytes:
    if place.is_file():
        return place.read_bytes()
    if (place / TOMBSTONES).is_file():
        return (place / TOMBSTONES).read_bytes()
    with _closing(open_as(place, "")) as other:
        return proved_tombstones(other)


def _replay(atlas: Atlas, told: Sequence[Erasure]) -> int:
    """Do again what this log does not know was done; the rest is carried out where the copy missed it."""
    with atlas.engine.connect() as connection:
        known = {record for one in tombstones(connection) for record in one.erasure.records}
        done = {one.erasure.entity for one in tombstones(connection)}
        fresh = []
        for erasure in told:
            names = [bytes.fromhex(record) for record in erasure.records if record not in known]
            here = tuple(name.hex() for name in positions(connection, names))
            if here or erasure.entity not in done:
                fresh.append(msgspec.structs.replace(erasure, records=here))
                known.update(here)
                done.add(erasure.entity)
    for erasure in fresh:
        captures = tuple((name, left if atlas.vault.has(left) else "") for name, left in erasure.captures)
        entomb(atlas, msgspec.structs.replace(erasure, captures=captures))
    if fresh or done:
        finish(atlas)
    return len(fresh)
