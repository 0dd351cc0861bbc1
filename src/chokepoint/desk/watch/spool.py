"""The way of a look into the ledger: a line in a file of the looker's own at once, a record before long.

A look must not wait for a writer and must not cost a commit, so its line goes to a file first; lines become
records, many at a time. What a person can do on the folder between the two is what they can do to the folder.
"""

from __future__ import annotations

import os
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from chokepoint.store.turn import locked

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 64
ABANDONED = 60.0
"""Seconds after which lines that a process has taken and not recorded are another's to record."""
_LINES, _TAKEN, _COUNT, _WHO = ".lines", ".taken", ".count", ".who"
LONGEST = 200
"""Of a file's name before its endings: disks take 255 bytes, and two names of people may need more."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One look or disclosure.

    Attributes:
        at: when, UTC.
        verb: what was done.
        asked: the words in which it was asked for, at most 200 characters.
        purpose: id of the case, or empty.
        entities: kind and value of what the answer was about, at most 200.
        claims: record ids of what was handed on.
        to: to whom it was handed on.
        canary: the name of the recipient's copy.
    """

    at: str
    verb: str
    asked: str = ""
    purpose: str = ""
    entities: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    canary: str = ""


class Batch(msgspec.Struct, frozen=True):
    """Lines taken out of a spool together: a random name, by which they are known again, and the looks."""

    name: str
    organisation: str
    user: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look or disclosure as the log tells it, and whose it was."""

    organisation: str
    user: str
    entry: Entry

    @property
    def who(self) -> str:
        """`ORG` or `ORG/USER`."""
        return f"{self.organisation}/{self.user}" if self.user else self.organisation

    def to_json(self) -> dict[str, Any]:
        """The shape of an entry in `log --json`."""
        return {
            "who": self.who,
            "at": self.entry.at,
            "verb": self.entry.verb,
            "asked": self.entry.asked,
            "case": self.entry.purpose,
            "entities": [{"kind": kind, "value": value} for kind, value in self.entry.entities],
            "claims": len(self.entry.claims),
            "to": list(self.entry.to),
            "copy": self.entry.canary,
        }


class Spool:
    """The lines that wait to become records, in a folder of the atlas that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first: set[str] = set()

    def add(self, viewer: tuple[str, str], entry: Entry) -> int:
        """Write one look of (organisation, user); returns how many bytes of theirs wait now.

        Raises:
            OSError: it cannot be written; then nothing may be shown.
        """
        line = msgspec.json.encode(entry) + b"\n"
        with _held(self._file(viewer, _LINES)) as handle:
            before = os.fstat(handle).st_size
            if os.write(handle, line) != len(line):
                os.ftruncate(handle, before)  # or the next look would stand on the same line and be lost
                raise OSError("a look was written in part")
            return before + len(line)

    def count(self, viewer: tuple[str, str], day: str) -> int:
        """Count one more look of a viewer on a day (ISO 8601); returns how many there are of that day."""
        path = self._file(viewer, f".{day}{_COUNT}")
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, b".")
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def _file(self, viewer: tuple[str, str], ending: str) -> Path:
        """A file of a viewer; where its name is too long to say whose it is, another file says so."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name, whole = _name(viewer), _whole(viewer)
        who = self._folder / (name + _WHO)
        if name != whole and not who.exists():
            fresh = self._folder / f"{name}.{secrets.token_hex(8)}"
            fresh.touch(mode=0o600)
            fresh.write_text(whole, "ascii")
            fresh.replace(who)
        return self._folder / (name + ending)

    def _viewer(self, name: str) -> tuple[str, str]:
        whole = name if "-" in name else (self._folder / (name + _WHO)).read_text("ascii")
        parts = [bytes.fromhex(part).decode() if part != "0" else "" for part in whole.split("-")]
        return parts[0], parts[1]

    def take(self, viewer: tuple[str, str] | None = None) -> Iterator[Batch]:
        """What waits of one viewer, or of all, to be recorded and then `done`; cut lines are left out."""
        if not self._folder.is_dir():
            return
        beginning, taken = _name(viewer) if viewer else "", list[Path]()
        for path in sorted(self._folder.glob(f"{beginning or '*'}{_LINES}")):
            mine = path.with_name(f"{path.stem}.{secrets.token_hex(8)}{_TAKEN}")
            with _held(path):  # or a line that is being written would be in none of the two
                path.rename(mine)
            taken.append(mine)
            self._first.add(mine.name.removesuffix(_TAKEN).rsplit(".", 1)[1])
        for path in sorted(self._folder.glob(f"{beginning or '*'}.*{_TAKEN}")):
            if path not in taken and not _abandoned(path):
                continue
            who, name = path.name.removesuffix(_TAKEN).rsplit(".", 1)
            organisation, user = self._viewer(who)
            yield Batch(name=name, organisation=organisation, user=user, entries=tuple(_entries(path)))

    def is_first(self, batch: Batch) -> bool:
        """Whether nobody had taken these lines before: then no record can hold them."""
        return batch.name in self._first

    def done(self, batch: Batch) -> None:
        """Forget lines that are records now."""
        who = _name((batch.organisation, batch.user))
        (self._folder / f"{who}.{batch.name}{_TAKEN}").unlink(missing_ok=True)


@contextmanager
def _held(path: Path) -> Iterator[int]:
    """The file of that name, made where there is none, opened to be added to and for this thread alone."""
    while True:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with locked(handle, LOCK_EX):
            if _named(handle, path):
                yield handle
                return


def _named(handle: int, path: Path) -> bool:
    """Whether an open file still has that name: somebody may have taken it away before it was ours."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _abandoned(path: Path) -> bool:
    """Whether whoever took the lines has not recorded them in a long time; not if they just have."""
    try:
        return time.time() - path.stat().st_ctime >= ABANDONED
    except FileNotFoundError:
        return False


def _entries(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:  # somebody else has recorded them meanwhile
        return
    for line in lines:
        try:
            yield msgspec.json.decode(line, type=Entry)
        except msgspec.DecodeError:
            continue


def _name(viewer: tuple[str, str]) -> str:
    whole = _whole(viewer)
    return whole if len(whole) <= LONGEST else sha256(whole.encode()).hexdigest()


def _whole(viewer: tuple[str, str]) -> str:
    return "-".join(part.encode().hex() or "0" for part in viewer)


def as_said(entry: Entry) -> dict[str, Any]:
    """The entry as it stands in a record."""
    said: dict[str, Any] = msgspec.to_builtins(entry)
    return said
