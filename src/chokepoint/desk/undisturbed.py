"""Changes that rest on what was read: carried out anew where somebody else's came between the two."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from chokepoint.model.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas

    Then = Callable[[Connection], None]

T = TypeVar("T")
V = TypeVar("V")
TRIES = 20


class _DisturbedError(RefusedError):
    """Another record of the kind came between reading and appending."""


def undisturbed(atlas: Atlas, kind: str, change: Callable[[Then], T], *beside: str) -> T:
    """Carry out a change so that its record stands on what was read.

    Args:
        atlas: opened by who makes it.
        kind: of its record, of which it appends one.
        change: reads, and appends with what it is handed as `then`; nothing is left of it where it comes
            too late, and it is called again.
        beside: further kinds that it reads, of each of which it appends one too.

    Raises:
        RefusedError: others came between each time.
    """
    return undisturbed_rows(atlas, kind, lambda following: change(following(1)), *beside)


def undisturbed_rows(
    atlas: Atlas, kind: str, change: Callable[[Callable[[int], Then]], T], *beside: str
) -> T:
    """As `undisturbed`, of a change that appends several records of each kind at once.

    Args:
        atlas: opened by who makes it, who sees all of them.
        kind: of the records.
        change: reads, and appends with what it is handed, told how many records it appends.
        beside: further kinds that it reads, of each of which it appends as many.

    Raises:
        RefusedError: others came between each time.
    """

    def attempt() -> T:
        with atlas.reader.connect() as connection:
            before = {one: _newest(atlas, connection, one, 1) for one in (kind, *beside)}
        return change(lambda many: partial(_follow, atlas, before, many))

    return _carried_out(attempt)


def settled(atlas: Atlas, read: Callable[[Connection], V], change: Callable[[V, Then], T]) -> T:
    """Carry out a change that stands on something read of which its own records change nothing.

    Args:
        atlas: opened by who makes it.
        read: what it stands on; asked once more inside the transaction.
        change: handed that, it appends with what it is handed as `then`; called again where that differs.

    Raises:
        RefusedError: others came between each time.
    """

    def still(found: V, connection: Connection) -> None:
        if read(connection) != found:
            raise _DisturbedError("it was changed meanwhile")

    def attempt() -> T:
        with atlas.reader.connect() as connection:
            found = read(connection)
        return change(found, partial(still, found))

    return _carried_out(attempt)


def _carried_out(attempt: Callable[[], T]) -> T:
    for _ in range(TRIES):
        try:
            return attempt()
        except _DisturbedError:
            continue
    raise RefusedError("others change it all the time", mend="try again")


def _follow(atlas: Atlas, before: Mapping[str, list[int]], many: int, connection: Connection) -> None:
    """Refuse what has just been appended unless as many are the next of each of its kinds."""
    if any(_newest(atlas, connection, kind, many + 1)[many:] != newest for kind, newest in before.items()):
        raise _DisturbedError("it was changed meanwhile")


def _newest(atlas: Atlas, connection: Connection, kind: str, many: int) -> list[int]:
    """Positions of so many newest records of a kind that the viewer sees, the newest first."""
    found = atlas.reader.records(connection, kind, newest=True)
    return [seq for seq, _, _ in islice(found, many)]
