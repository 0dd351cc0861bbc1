"""Packed streams (gzip, bzip2, xz) read forward only, a piece at a time, within an allowance."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import TYPE_CHECKING, BinaryIO

from chokepoint.collect.walk.things import MB, Budget
from chokepoint.model.errors import BadInputError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable

PIECE = 1 << 16
LONGEST_READ = 16 * MB
XZ_MEMORY = 256 * MB

MAGIC = {"gzip": b"\x1f\x8b\x08", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00"}


class _Gzip:
    """zlib's object behind the face that bz2 and lzma have."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


_MAKERS: dict[str, Callable[[], object]] = {
    "gzip": _Gzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY),
}


def packing(head: bytes) -> str:
    """`gzip`, `bzip2` or `xz` by the first bytes; empty for anything else."""
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), "")


def is_tar(head: bytes) -> bool:
    """Whether the bytes start with a tar header whose checksum holds. Source: POSIX.1-2017, pax, "ustar"."""
    if head[257:263] not in {b"ustar\0", b"ustar "} or len(head) < 512:
        return False
    summed = sum(head[:148]) + 8 * 32 + sum(head[156:512])
    return _octal(head[148:156]) == summed


def _octal(field: bytes) -> int:
    try:
        return int(field.strip(b" \0"), 8)
    except ValueError:
        return -1


class Unfolding:
    """A readable stream of what a packed file holds; forward only.

    Attributes:
        broken: why the stream ended before its end mark, or empty; what came before is good.
    """

    def __init__(self, packed: BinaryIO, name: str, budget: Budget) -> None:
        self._packed = packed
        self._name = name
        self._budget = budget
        self._unpacker = _MAKERS[name]()
        self._ready = b""
        self._input = 0
        self._output = 0
        self._fed = False
        self.broken = ""

    def read(self, count: int = -1) -> bytes:
        """At most `count` bytes; fewer only at the end.

        Raises:
            TooLargeError: the allowance is spent, or more than 16 MB are asked for at once.
        """
        if count < 0 or count > LONGEST_READ:
            raise TooLargeError(f"a single header of {count} bytes", mend="the archive is hostile or damaged")
        while len(self._ready) < count:
            piece = self._piece()
            if not piece:
                break
            self._ready += piece
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken

    def _piece(self) -> bytes:
        while not self.broken:
            unpacker: object = self._unpacker
            data = b""
            if unpacker.eof:  # type: ignore[attr-defined]
                data = unpacker.unused_data or self._packed.read(PIECE)  # type: ignore[attr-defined]
                if not data.strip(b"\x00"):
                    return b""
                if not data.startswith(MAGIC[self._name][:2]):
                    self.broken = "bytes that do not belong there follow the end of the packed data"
                    return b""
                self._unpacker = unpacker = _MAKERS[self._name]()
            elif unpacker.needs_input:  # type: ignore[attr-defined]
                data = self._packed.read(PIECE)
                self._input += len(data)
                if not data:
                    self.broken = "the packed data ends too early"
                    return b""
            piece = self._decompress(data)
            if piece:
                self._output += len(piece)
                self._budget.spend(len(piece), packed=self._input, out=self._output)
                return piece
        return b""

    def _decompress(self, data: bytes) -> bytes:
        try:
            return self._unpacker.decompress(data, PIECE * 16)  # type: ignore[attr-defined,no-any-return]
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
            self.broken = f"the packed data is damaged ({error})"
            return b""


class Forward:
    """What `tarfile` needs of a file, over a stream that cannot go back."""

    def __init__(self, stream: BinaryIO | Unfolding) -> None:
        self._stream = stream
        self._at = 0

    def read(self, count: int = -1) -> bytes:
        """At most `count` bytes; `tarfile` asks for a whole header at once, so that is bounded."""
        if count < 0 or count > LONGEST_READ:
            raise TooLargeError(f"a single header of {count} bytes", mend="the archive is hostile or damaged")
        data = self._stream.read(count)
        self._at += len(data)
        return data

    def tell(self) -> int:
        """How far the stream has been read."""
        return self._at

    def seek(self, place: int, whence: int = 0) -> int:
        """Go forward to a place, reading what lies between."""
        if whence != 0 or place < self._at:
            raise BadInputError("the archive points back into itself", mend="repack it")
        while self._at < place:
            if not self.read(min(PIECE, place - self._at)):
                break
        return self._at
