"""The vault: evidentiary bytes by their SHA-256, write-once, kept apart from working copies."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, select, text

from chokepoint.model.errors import LedgerError
from chokepoint.store.postgres import Begin
from chokepoint.store.spelling import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

metadata = MetaData()
_captures = Table(
    "captures",
    metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
_put = text(
    "INSERT INTO captures (sha256, size, packed) VALUES (:sha256, :size, :packed) ON CONFLICT DO NOTHING"
)
_drop = text("DELETE FROM captures WHERE sha256 = :sha256")


def pattern_of(words: Iterable[str]) -> re.Pattern[bytes] | None:
    """The words as they may stand in bytes, in UTF-8 and UTF-16; see `chokepoint.store.spelling`."""
    told = sorted({word for word in words if word}, reverse=True)
    if not told:
        return None
    big, others = (
        b"|".join(in_bytes(word, code) for word in told for code in codes)
        for codes in (("utf-16-be",), ("utf-8", "utf-16-le"))
    )
    return re.compile(b"(?P<big>%b)|%b" % (big, others), re.IGNORECASE)


def starred(pattern: re.Pattern[bytes], data: bytes) -> tuple[bytes, int]:
    """The bytes with an asterisk for every byte of a word, and how many words there were."""
    clean, at, hits = bytearray(data), 0, 0
    while hit := pattern.search(data, at):
        start, at = _whole_letters(pattern, hit).span()
        clean[start:at] = b"*" * (at - start)
        hits += 1
    return bytes(clean), hits


def _whole_letters(pattern: re.Pattern[bytes], hit: re.Match[bytes]) -> re.Match[bytes]:
    """The hit, or the one a byte later where the letters of a little-endian text begin.

    After another letter of the same block, its big-endian form stands there too, a byte too early.
    """
    if hit.lastgroup == "big" and hit.start() % 2:
        later = pattern.match(hit.string, hit.start() + 1)
        if later and later.lastgroup is None and later.end() == hit.end() + 1:
            return later
    return hit


class Vault:
    """Captures in a database file of their own, deflated, committed before any claim names them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keeping = engine.execution_options(begin=Begin.KEEP)
        metadata.create_all(engine)

    @property
    def place(self) -> str:
        """Where it lies, for another process to open it there."""
        return self._engine.url.render_as_string(hide_password=False)

    def put(self, captures: Iterable[bytes]) -> list[str]:
        """Keep the bytes; they are on the disk when this returns. Returns their SHA-256 in order."""
        names, rows = [], []
        for data in captures:
            name = hashlib.sha256(data)
            names.append(name.hexdigest())
            rows.append({"sha256": name.digest(), "size": len(data), "packed": zlib.compress(data, 1)})
        if rows:
            with self._keeping.begin() as connection:
                connection.execute(_put, rows)
        return names

    def get(self, sha256: str) -> bytes:
        """The bytes of that hash, checked as they are read.

        Raises:
            LedgerError: they are not here, or no longer what they were.
        """
        try:
            name = bytes.fromhex(sha256)
        except ValueError:
            raise LedgerError(f"{sha256[:80]!r} is no SHA-256") from None
        with self._engine.connect() as connection:
            row = connection.execute(
                select(_captures.c.packed, _captures.c.size).where(_captures.c.sha256 == name)
            ).first()
        if row is None:
            raise LedgerError(f"capture {sha256} is not in the vault", mend="restore it from a backup")
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(row.packed, row.size + 1)
        except zlib.error:
            data = b""
        if hashlib.sha256(data).digest() != name:
            raise LedgerError(f"capture {sha256} was altered in the vault", mend="restore it from a backup")
        return data

    def holding(self, words: Iterable[str]) -> Iterator[str]:
        """Names of the captures whose bytes hold one of the words, in any case; all are read."""
        pattern = pattern_of(words)
        if pattern is None:
            return
        for name in self._names():
            if pattern.search(self.get(name)):
                yield name

    def _names(self) -> list[str]:
        with self._engine.connect() as connection:
            return [row[0].hex() for row in connection.execute(select(_captures.c.sha256)).all()]

    def redacted(self, sha256: str, words: Iterable[str]) -> str:
        """Keep a copy of a capture without the words; its name, or empty where none stands in the bytes.

        Every byte of a word becomes an asterisk, so that all other places stay where they were.

        Raises:
            LedgerError: the capture is not here, or no longer what it was.
        """
        pattern, data = pattern_of(words), self.get(sha256)
        clean, hits = starred(pattern, data) if pattern else (data, 0)
        return self.put([clean])[0] if hits else ""

    def drop(self, sha256s: Iterable[str]) -> int:
        """Take captures out for ever; returns how many were here."""
        names = [{"sha256": bytes.fromhex(name)} for name in sha256s]
        gone = 0
        with self._keeping.begin() as connection:
            for name in names:
                gone += connection.execute(_drop, name).rowcount
        return gone

    @property
    def engine(self) -> Engine:
        """The engine of its file."""
        return self._engine

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here; what is no SHA-256 is not."""
        try:
            name = bytes.fromhex(sha256)
        except ValueError:
            return False
        with self._engine.connect() as connection:
            found = connection.execute(select(_captures.c.size).where(_captures.c.sha256 == name)).first()
        return found is not None
