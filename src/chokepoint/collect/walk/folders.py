"""Files and folders → documents, sorted, with links and special files kept out."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from chokepoint.collect.base import Document
from chokepoint.collect.sources import match
from chokepoint.collect.walk.archives import is_document
from chokepoint.collect.walk.rules import INDEX_HEADER, left_by
from chokepoint.collect.walk.things import Left, Limits, Problem, shown, size
from chokepoint.collect.walk.unfold import is_tar, packing
from chokepoint.collect.walk.unpack import HEAD, unpack
from chokepoint.model.source import Grading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIMITS = Limits()
VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)


def walk(paths: Iterable[Path | str], *, limits: Limits = LIMITS) -> Iterator[Document | Left | Problem]:
    """Every file under the paths, in sorted order, as a document, a file left out by rule, or a problem.

    Nothing is ever written to disk. Documents of known sources carry origin, grading and day of publication.

    Args:
        paths: files and folders; a link given here is followed, links found below must stay inside.
        limits: on sizes, expansion, members and depth.
    """
    for path in paths:
        yield from _Walk(Path(path), limits).things()


class _Walk:
    """The walk below one argument."""

    def __init__(self, given: Path, limits: Limits) -> None:
        self._given = given
        self._limits = limits
        self._root = Path(os.path.realpath(given))
        self._seen: set[tuple[int, int]] = set()
        self._links: list[tuple[Path, str]] = []
        self._indexed: dict[str, bool] = {}

    def things(self) -> Iterator[Document | Left | Problem]:
        """All things below the argument; links last, when it is known what was read."""
        if not self._root.exists():
            yield Problem(shown(str(self._given)), "", "no such file or folder. Mend: check the path")
        elif self._root.is_dir():
            yield from self._folder(self._root, "")
            for link, name in self._links:
                yield from self._link(link, name)
        else:
            yield from self._file(self._root, self._given.name or self._root.name)

    def _folder(self, folder: Path, prefix: str) -> Iterator[Document | Left | Problem]:
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Problem(
                shown(prefix or str(self._given)),
                "",
                f"the folder cannot be read ({_why(error)}). Mend: check its rights",
            )
            return
        if not entries:
            yield Problem(
                shown(prefix.rstrip("/") or str(self._given)),
                "",
                "the folder is empty. Mend: name a folder with files",
            )
        for entry in entries:
            name = prefix + entry.name
            if len(name) > self._limits.path:
                yield Problem(
                    shown(name[:200]) + "…",
                    "",
                    f"a path of more than {self._limits.path} characters. Mend: move it up",
                )
            elif entry.is_symlink():
                self._links.append((Path(entry.path), name))
            elif entry.is_dir(follow_symlinks=False):
                if entry.name in VERSION_CONTROL:
                    yield Left(shown(name), "version control")
                else:
                    yield from self._folder(Path(entry.path), name + "/")
            else:
                yield from self._file(Path(entry.path), name)

    def _link(self, link: Path, name: str) -> Iterator[Document | Left | Problem]:
        target = Path(os.path.realpath(link))
        if not target.is_relative_to(self._root):
            yield Problem(
                shown(name),
                "",
                "a symbolic link out of the folder: refused. Mend: copy the file in, or name it",
            )
        elif not target.exists():
            yield Problem(shown(name), "", "a symbolic link to nothing. Mend: remove it")
        elif target.is_dir() or self._key(target) in self._seen:
            yield Left(shown(name), "link to what is read under its own name")
        else:
            yield from self._file(target, name)

    @staticmethod
    def _key(path: Path) -> tuple[int, int]:
        about = path.stat()
        return about.st_dev, about.st_ino

    def _file(self, path: Path, name: str) -> Iterator[Document | Left | Problem]:
        opened = self._opened(path, shown(name))
        if isinstance(opened, Problem):
            yield opened
            return
        with opened as file:
            about = os.fstat(file.fileno())
            self._seen.add((about.st_dev, about.st_ino))
            problem = self._too_large(file, about.st_size, shown(name))
            if problem:
                yield problem
                return
            for thing in unpack(file, shown(name), self._limits):
                yield self._dressed(thing, path) if isinstance(thing, Document) else thing

    def _opened(self, path: Path, name: str) -> BinaryIO | Problem:
        try:
            handle = os.open(path, _FLAGS)
        except OSError as error:
            reason = "a socket or device" if error.errno == errno.ENXIO else _why(error)
            return Problem(name, "", f"cannot be opened ({reason}). Mend: check its rights")
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            return Problem(name, "", "a device, pipe or socket: refused. Mend: name a plain file")
        return os.fdopen(handle, "rb")

    def _too_large(self, file: BinaryIO, count: int, name: str) -> Problem | None:
        if count <= self._limits.file:
            return None
        head = file.read(HEAD)
        file.seek(0)
        archive = bool(packing(head)) or is_tar(head) or head.startswith(b"PK\x03\x04")
        archive = archive and not (head.startswith(b"PK") and is_document(file))
        if archive and count <= self._limits.expansion:
            return None
        limit = self._limits.expansion if archive else self._limits.file
        return Problem(
            name, "", f"{size(count)}, more than the limit of {size(limit)}: not read. Mend: split the file"
        )

    def _dressed(self, document: Document, path: Path) -> Document | Left:
        place = "/".join([str(path), *document.steps[1:]])
        rule = left_by(
            document, shown(place), indexed=len(document.steps) == 1 and self._has_index(path.parent)
        )
        if rule:
            return Left(document.path, rule)
        source = match(shown(place))
        if source is None:
            return document
        graded = Grading(
            source.grading.reliability, source.grading.credibility, f"source:{source.grading.code}"
        )
        return replace(
            document,
            origin=source.origin,
            grading=graded,
            published=source.published,
            public=source.public,
        )

    def _has_index(self, folder: Path) -> bool:
        key = str(folder)
        if key not in self._indexed:
            manifest = folder / "MANIFEST.csv"
            opened = self._opened(manifest, "") if manifest.is_file() else None
            if opened is None or isinstance(opened, Problem):
                self._indexed[key] = False
            else:
                with opened as file:
                    self._indexed[key] = file.read(64).startswith(INDEX_HEADER)
        return self._indexed[key]


def _why(error: OSError) -> str:
    return error.strerror or error.__class__.__name__
