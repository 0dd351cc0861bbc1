"""Files that people brought in and that wait to be read: no erasure passes them by.

Whoever writes or reads files in the folder shares its lock; an erasure has it alone, for as long as it takes
to look into what waits.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH
from itertools import chain, count
from typing import TYPE_CHECKING

from chokepoint.model.errors import RefusedError
from chokepoint.store.turn import locked
from chokepoint.store.vault import pattern_of, starred

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

FOLDER, REGISTER = "incoming", "web.sqlite"
PACKED = b"%PDF"
"""How text begins in which words may stand in a way that no search finds."""
_coded = re.compile(
    r"^content-transfer-encoding:\s*(?:base64|quoted-printable|x-uu)|=\?[^?\s]{1,60}\?[bq]\?|;base64,",
    re.IGNORECASE | re.MULTILINE,
).search
"""What mail (RFC 2045 §6, RFC 2047 §2) and pages (RFC 2397) say before words that stand there otherwise."""


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """While files are written to that folder or read from it; an erasure is waited for."""
    with _locked(folder, LOCK_SH):
        yield


def _locked(folder: Path, how: int) -> AbstractContextManager[None]:
    return locked(os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600), how)


def strike(atlas_folder: Path, words: Iterable[str]) -> int:
    """Put asterisks over the words in files that wait and in their names; returns in how many files.

    As in captures, every other byte stays where it was.

    Args:
        atlas_folder: of the atlas.
        words: as they stand in files, in any case of the Latin letters; none of them is empty.

    Raises:
        RefusedError: files are being read, or one waits into which nobody can look; nothing was changed.
    """
    folder = atlas_folder / FOLDER
    pattern = pattern_of(words)
    if pattern is None or not folder.is_dir():
        return 0
    try:
        with _locked(folder, LOCK_EX | LOCK_NB):
            waiting = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent != folder]
            _must_be_open(waiting)
            struck = sum([_strike(path, pattern) for path in waiting])
            _strike_names(atlas_folder / REGISTER, pattern)
    except BlockingIOError:
        raise RefusedError(
            "files that were brought in are being read", mend="erase when they are read"
        ) from None
    return struck


def _must_be_open(waiting: list[Path]) -> None:
    closed = sum(not _searchable(path.read_bytes()) for path in waiting)
    if closed:
        raise RefusedError(
            f"{closed} of the files that wait to be read cannot be searched for it",
            mend="erase when the desk has read them: `chokepoint serve` does so",
        )


def _searchable(data: bytes) -> bool:
    """Whether all words in these bytes stand there as they are written."""
    code = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        words = data.decode(code)
    except UnicodeDecodeError:
        return False
    return "\0" not in words and not data.lstrip().startswith(PACKED) and not _coded(words)


def _strike(path: Path, pattern: re.Pattern[bytes]) -> bool:
    clean, hits = starred(pattern, path.read_bytes())
    name, named = starred(pattern, os.fsencode(path.name))
    if hits:
        with path.open("r+b") as file:  # over the very bytes: a new file would leave the old ones on the disk
            file.write(clean)
            file.flush()
            os.fsync(file.fileno())
    if named:
        path.rename(_free(path.with_name(os.fsdecode(name))))
    return bool(hits or named)


def _free(path: Path) -> Path:
    """The path, or one beside it where another file has it: words of one length leave the same asterisks."""
    numbered = (path.with_stem(f"{path.stem}~{number}") for number in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())


def _strike_names(register: Path, pattern: re.Pattern[bytes]) -> None:
    """The names under which files were brought in, as the desk shows them to whoever did."""
    if not register.is_file():
        return

    def clean(words: str) -> str:
        return starred(pattern, words.encode())[0].decode()

    with closing(sqlite3.connect(register, isolation_level=None, timeout=30)) as database:
        database.execute("PRAGMA secure_delete=ON")
        database.create_function("clean", 1, clean)
        if database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'gatherings'").fetchone():
            database.execute("UPDATE gatherings SET names = clean(names), options = clean(options)")
