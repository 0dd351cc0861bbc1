"""The vault: evidentiary bytes by their SHA-256, write-once, kept apart from working copies."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, select, text

from chokepoint.model.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

_metadata = MetaData()
_captures = Table(
    "captures",
    _metadata,
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
_put = text("INSERT OR IGNORE INTO captures (sha256, size, packed) VALUES (:sha256, :size, :packed)")


class Vault:
    """Captures in a database file of their own, deflated, committed before any claim names them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def put(self, captures: Iterable[bytes]) -> list[str]:
        """Keep the bytes; they are on the disk when this returns. Returns their SHA-256 in order."""
        names, rows = [], []
        for data in captures:
            name = hashlib.sha256(data)
            names.append(name.hexdigest())
            rows.append({"sha256": name.digest(), "size": len(data), "packed": zlib.compress(data, 1)})
        if rows:
            with self._engine.begin() as connection:
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

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here; what is no SHA-256 is not."""
        try:
            name = bytes.fromhex(sha256)
        except ValueError:
            return False
        with self._engine.connect() as connection:
            found = connection.execute(select(_captures.c.size).where(_captures.c.sha256 == name)).first()
        return found is not None
