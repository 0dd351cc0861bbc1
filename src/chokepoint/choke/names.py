"""Node names as numbers: millions of them in a few arrays, looked up a block at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chokepoint.choke.chain import Ints

    Bytes = NDArray[np.uint8]

FEWEST = 1 << 10
MOST_DIGITS = 4_300
"""Python makes integers of no more."""
COUNTED = 1_000_000


class Names(Sequence[str]):
    """Distinct names in order of first appearance; a sequence of text.

    They are kept as UTF-8, one after the other, with a hash table beside it, some 50 bytes a name. The
    table is salted with Python's own secret hash of strings, so that no file can be made to collide; the
    numbers do not depend on it.
    """

    __slots__ = ("_arena", "_begins", "_count", "_salt", "_slots")

    def __init__(self) -> None:
        self._arena = np.empty(FEWEST, np.uint8)
        self._begins = np.zeros(FEWEST, np.int64)
        self._slots = np.zeros((FEWEST, 2), np.uint64)
        self._count = 0
        self._salt = np.uint64(hash("names of nodes") & (2**64 - 1))

    @classmethod
    def counted(cls, n: int) -> Names:
        """The names 0 … n - 1."""
        names = cls()
        for first in range(0, n, COUNTED):
            text = "\n".join(map(str, range(first, min(first + COUNTED, n)))).encode() + b"\n"
            block = np.frombuffer(text, np.uint8)
            ends = np.flatnonzero(block == ord("\n")).astype(np.int32)
            names.number(block, np.column_stack([np.concatenate([[0], ends[:-1] + 1]), ends]))
        return names

    def number(self, block: Bytes, spans: NDArray[np.integer]) -> Ints:
        """Numbers of the names block[begin:end], given new ones where they are new.

        Args:
            block: uint8, UTF-8.
            spans: int32 (k, 2), begin and end of each name.

        Returns:
            int32 (k,).
        """
        self._make_room(len(spans), block.size)
        self._count, out = self._look_up(block, spans, learn=True)
        return out

    def find(self, block: Bytes, spans: NDArray[np.integer]) -> Ints:
        """Like `number`, with -1 for what is no name."""
        return self._look_up(block, spans, learn=False)[1]

    def _look_up(self, block: Bytes, spans: NDArray[np.integer], *, learn: bool) -> tuple[int, Ints]:
        from chokepoint.choke.kernels import lines  # noqa: PLC0415 - numba loads when it computes

        pairs = np.ascontiguousarray(spans, dtype=np.int32)
        table, out = (self._arena, self._begins, self._slots), np.empty(len(pairs), np.int32)
        return lines.number(block, pairs, table, (self._count, learn), self._salt, out), out

    def are_numbers(self) -> bool:
        """Whether all are whole numbers as Python writes them, so that nothing is lost as integers."""
        from chokepoint.choke.kernels import lines  # noqa: PLC0415 - numba loads when it computes

        return bool(lines.are_numbers(self._arena, self._begins, self._count, MOST_DIGITS))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(self._count)))
        if not -self._count <= at < self._count:
            raise IndexError(at)
        at %= self._count
        return self._arena[self._begins[at] : self._begins[at + 1]].tobytes().decode()

    def _make_room(self, more: int, size: int) -> None:
        """Grow so that so many names of so many bytes fit even if all are new."""
        used, most = int(self._begins[self._count]), self._count + more
        self._arena = _longer(self._arena, used + size, used)
        self._begins = _longer(self._begins, most + 1, self._count + 1)
        if most * 3 > len(self._slots) * 2:
            from chokepoint.choke.kernels import lines  # noqa: PLC0415 - numba loads when it computes

            self._slots = np.zeros((1 << (most * 3 // 2).bit_length(), 2), np.uint64)
            lines.place_all((self._arena, self._begins, self._slots), self._count, self._salt)


def _longer(array: NDArray[Any], least: int, used: int) -> NDArray[Any]:
    """The array, or a copy of what is used of it with room for more."""
    if least <= array.size:
        return array
    grown = np.empty(max(least, 2 * array.size), array.dtype)
    grown[:used] = array[:used]
    return grown
