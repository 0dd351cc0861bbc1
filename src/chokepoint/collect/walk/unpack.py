"""One file's bytes → documents: packed streams and archives opened, archives in archives to a depth."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from chokepoint.collect.base import Document
from chokepoint.collect.walk.archives import Member, is_document, tar_members, zip_members
from chokepoint.collect.walk.things import MB, Budget, Left, Limits, Problem, size
from chokepoint.collect.walk.unfold import Unfolding, is_tar, packing
from chokepoint.model.errors import ChokepointError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Thing = Document | Left | Problem
HEAD = 600
_EMPTY = ". Mend: fetch the file again, or leave it out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the nest of archives something lies.

    Attributes:
        path: as shown.
        steps: of the path, one for each archive and the member within.
        container: SHA-256 of the outermost archive or packed file, empty for a plain file.
        depth: archives around it.
        budget: what is left for the outermost archive.
    """

    path: str
    steps: tuple[str, ...]
    budget: Budget
    container: str = ""
    depth: int = 0

    def inside(self, name: str, container: str) -> Place:
        """The place of a member."""
        return replace(
            self,
            path=f"{self.path}!{name}",
            steps=(*self.steps, name),
            depth=self.depth + 1,
            container=self.container or container,
        )


def unpack(file: BinaryIO, path: str, limits: Limits) -> Iterator[Document | Problem]:
    """The documents in an opened file, one at a time.

    Args:
        file: seekable, at its beginning.
        path: as shown to people.
        limits: of the walk.
    """
    place = Place(path=path, steps=(path,), budget=Budget(limits))
    try:
        yield from _opened(file, place)
    except ChokepointError as error:
        yield Problem(path, error.place, error.advice)
    except (OSError, MemoryError) as error:
        yield Problem(path, "", f"cannot be read ({error}). Mend: check the file and its disk")


def _opened(file: BinaryIO, place: Place) -> Iterator[Document | Problem]:
    head = file.read(HEAD)
    file.seek(0)
    packed = packing(head)
    if packed:
        yield from _packed(file, packed, place)
    elif head.startswith(b"PK\x03\x04") and not is_document(file):
        yield from _archive(zip_members(file, place.budget), place, file)
    elif is_tar(head):
        yield from _archive(tar_members(file, place.budget), place, file)
    else:
        yield from _plain(file, place)


def _archive(
    members: Iterable[Member | Problem], place: Place, file: BinaryIO | None
) -> Iterator[Document | Problem]:
    limit = place.budget.limits.depth
    if place.depth >= limit:
        yield Problem(place.path, "", f"archives nested more than {limit} deep. Mend: unpack the inner ones")
        return
    container = "" if place.container or file is None else _digest(file)
    empty = True
    for member in members:
        empty = False
        if isinstance(member, Problem):
            yield Problem(
                f"{place.path}!{member.path}" if member.path else place.path, member.place, member.reason
            )
        elif not member.data:
            yield Problem(f"{place.path}!{member.name}", "", f"an empty file{_EMPTY}")
        else:
            yield from _opened(io.BytesIO(member.data), place.inside(member.name, container))
    if empty:
        yield Problem(place.path, "", f"an empty archive{_EMPTY}")


def _packed(file: BinaryIO, name: str, place: Place) -> Iterator[Document | Problem]:
    if place.depth >= place.budget.limits.depth:
        yield Problem(
            place.path, "", f"packed more than {place.budget.limits.depth} deep. Mend: unpack the inner ones"
        )
        return
    container = place.container or _digest(file)
    start = Unfolding(file, name, Budget(place.budget.limits)).read(HEAD)
    file.seek(0)
    stream = Unfolding(file, name, place.budget)
    within = replace(place, container=container, depth=place.depth + 1)
    if is_tar(start):
        yield from _archive(tar_members(stream, place.budget), replace(place, container=container), None)
        return
    data = _whole(stream, place.budget.limits.file)
    if stream.broken:
        yield Problem(
            place.path,
            f"byte {len(data)}",
            f"{stream.broken}; {size(len(data))} before it are taken. Mend: fetch it again",
        )
    if not data:
        if not stream.broken:
            yield Problem(place.path, "", f"an empty file, packed{_EMPTY}")
        return
    yield from _opened(io.BytesIO(data), within)


def _whole(stream: Unfolding, limit: int) -> bytes:
    pieces, total = [], 0
    while piece := stream.read(MB):
        pieces.append(piece)
        total += len(piece)
        if total > limit:
            raise TooLargeError(f"unfolds to more than {size(limit)}", mend="unpack and split it")
    return b"".join(pieces)


def _plain(file: BinaryIO, place: Place) -> Iterator[Document | Problem]:
    limit = place.budget.limits.file
    data = file.read(limit + 1)
    if len(data) > limit:
        yield Problem(place.path, "", f"more than the limit of {size(limit)}. Mend: split the file")
    elif not data:
        yield Problem(place.path, "", f"an empty file{_EMPTY}")
    else:
        yield Document(path=place.path, data=data, container=place.container, steps=place.steps)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(MB):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
