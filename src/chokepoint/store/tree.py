"""The Merkle tree over all records, kept as tiles so that it grows and proves in little work.

A tile is 256 neighbouring hashes. Level 0 are the leaf hashes, which follow from the record ids and are
not kept; level 1 the heads of 256 leaves, level 2 of 65,536, and so on, one row a head once it is complete.
So an append writes a row for every 256 records, and a proof reads at most one tile a level
(as C2SP tlog-tiles; RFC 9162 §2.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from chokepoint.model.errors import LedgerError
from chokepoint.proof.merkle import EMPTY, head, leaf_hashes, node_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

BITS = 8
TILE = 1 << BITS

_ids = text("SELECT id FROM records WHERE seq > :start AND seq <= :end ORDER BY seq")
_heads = text(
    "SELECT hash FROM tree WHERE level = :level AND number >= :start AND number < :end ORDER BY number"
)
_widths = text("SELECT level, count(*) FROM tree GROUP BY level")
_enter = text("INSERT INTO tree (level, number, hash) VALUES (:level, :number, :hash)")


def _leaves(connection: Connection, start: int, end: int) -> list[bytes]:
    return leaf_hashes([row[0] for row in connection.execute(_ids, {"start": start, "end": end})])


def _nodes(connection: Connection, level: int, start: int, end: int) -> list[bytes]:
    if level == 0:
        return _leaves(connection, start, end)
    return [row[0] for row in connection.execute(_heads, {"level": level, "start": start, "end": end})]


class Edge:
    """The right edge of a tree: what is not yet a whole tile, level by level."""

    def __init__(self) -> None:
        self.size = 0
        self._tails: list[list[bytes]] = []
        self._counts: list[int] = []

    def take(self, level: int, tail: list[bytes], count: int) -> None:
        """Begin with `count` hashes at a level, the last of which are `tail`; levels come in order."""
        self._tails.append(tail)
        self._counts.append(count)
        if level == 0:
            self.size = count

    def extend(self, hashes: Sequence[bytes], level: int = 0) -> list[tuple[int, int, bytes]]:
        """Append leaf hashes, or the heads of whole tiles where the edge is one: the rows to be kept."""
        size = self.size + (len(hashes) << BITS * level)
        rows: list[tuple[int, int, bytes]] = []
        fresh = list(hashes)
        while fresh:
            while level >= len(self._tails):
                self.take(len(self._tails), [], 0)
            if level:
                rows += [(level, number, value) for number, value in enumerate(fresh, self._counts[level])]
            self._counts[level] += len(fresh)
            tail = [*self._tails[level], *fresh]
            whole = len(tail) - len(tail) % TILE
            self._tails[level] = tail[whole:]
            fresh = [head(tail[at : at + TILE]) for at in range(0, whole, TILE)]
            level += 1
        self.size = size
        return rows

    def root(self) -> bytes:
        """The tree head over all leaves so far."""
        edge: list[bytes] = []
        for tail in self._tails:
            nodes = [*tail, *edge]
            edge = [head(nodes)] if nodes else []
        return edge[0] if edge else EMPTY


class Growth:
    """The edge inside the appender, and its tiles in the data base."""

    def __init__(self, connection: Connection, size: int) -> None:
        """The edge of the tree over the first `size` records; tiles that are missing are made."""
        self._edge = Edge()
        widths: dict[int, int] = {int(level): int(count) for level, count in connection.execute(_widths)}
        self._edge.take(0, [], min(widths.get(1, 0), size >> BITS) << BITS)
        for level in range(1, 1 + max(widths, default=0)):
            whole = widths[level]
            self._edge.take(level, _nodes(connection, level, whole - whole % TILE, whole), whole)
        step = TILE * TILE
        while self.size < size:
            self.extend(connection, _leaves(connection, self.size, min(self.size + step, size)))

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._edge.size

    def extend(self, connection: Connection, hashes: Sequence[bytes]) -> None:
        """Append leaf hashes, inside the append's transaction."""
        rows = self._edge.extend(hashes)
        if rows:
            names = ("level", "number", "hash")
            connection.execute(_enter, [dict(zip(names, row, strict=True)) for row in rows])

    def root(self) -> bytes:
        """The tree head over all leaves so far."""
        return self._edge.root()


class Log:
    """Heads and proofs of the tree over the first `size` records, in one consistent reading."""

    def __init__(self, connection: Connection, size: int) -> None:
        self._connection = connection
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self.size = size

    def root(self, size: int | None = None) -> bytes:
        """The tree head over the first `size` leaves, of all unless told otherwise.

        Raises:
            LedgerError: there are fewer.
        """
        return self._head(0, self._within(self.size if size is None else size))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The sibling hashes from a leaf to the head over the first `size` leaves (RFC 9162 §2.1.3.1).

        Raises:
            LedgerError: there is no such leaf.
        """
        start, end = 0, self._within(self.size if size is None else size)
        if not 0 <= index < end:
            raise LedgerError(f"no leaf {index} in a log of {end}")
        proof = []
        while end - start > 1:
            middle = start + _half(end - start)
            if index < middle:
                proof.append(self._head(middle, end))
                end = middle
            else:
                proof.append(self._head(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that the first `old` leaves begin the first `size` (RFC 9162 §2.1.4.1).

        Raises:
            LedgerError: there are fewer leaves, or `old` is 0, from which nothing can be proved.
        """
        start, end = 0, self._within(self.size if size is None else size)
        if not 0 < old <= end:
            raise LedgerError(f"no proof leads from {old} leaves to {end}")
        proof, whole = [], True
        while old != end:
            middle = start + _half(end - start)
            if old <= middle:
                proof.append(self._head(middle, end))
                end = middle
            else:
                proof.append(self._head(start, middle))
                start, whole = middle, False
        return ([] if whole else [self._head(start, end)]) + proof[::-1]

    def _within(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise LedgerError(f"the log has {self.size} records, not {size}")
        return size

    def _head(self, start: int, end: int) -> bytes:
        count = end - start
        if count == 0:
            return EMPTY
        if count & (count - 1) == 0:
            return self._whole(start, count.bit_length() - 1)
        middle = start + _half(count)
        return node_hash(self._head(start, middle), self._head(middle, end))

    def _whole(self, start: int, height: int) -> bytes:
        """The head of 2^height leaves, which begin at a multiple of that."""
        level, inner = divmod(height, BITS)
        number = start >> BITS * level
        tile, at = divmod(number, TILE)
        nodes = self._tile(level, tile)[at : at + (1 << inner)]
        if len(nodes) != 1 << inner:
            raise LedgerError("the tree over the records has a gap", mend="restore the atlas from a backup")
        return head(nodes)

    def _tile(self, level: int, number: int) -> list[bytes]:
        key = (level, number)
        if key not in self._tiles:
            start = number << BITS
            self._tiles[key] = _nodes(self._connection, level, start, start + TILE)
        return self._tiles[key]


def _half(count: int) -> int:
    """The largest power of two smaller than `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1
