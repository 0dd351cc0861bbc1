"""The register of the web desk: who is signed in and how people prove who they are, in a file of its own.

Nothing of the map is in it. Losing it signs everybody out and asks everybody for a new invitation.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import time
from contextlib import contextmanager
from importlib import resources
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILE = "web.sqlite"
PATIENCE = 10.0
"""Seconds that one process waits while another writes."""


class Register:
    """One connection to the file, shared by the threads of this process; other processes may have theirs.

    Attributes:
        now: the present moment in Unix seconds.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = RLock()
        self._database = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None, timeout=PATIENCE
        )
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA secure_delete=ON")
        tables = (resources.files(__package__) / "register.sql").read_text("utf-8")
        self._database.executescript(f"BEGIN IMMEDIATE;\n{tables}\nCOMMIT;")
        self._now = now

    def now(self) -> int:
        """The present moment in whole Unix seconds."""
        return int(self._now())

    def rows(self, sql: str, **values: Any) -> list[sqlite3.Row]:
        """All rows of a query with named values."""
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    def row(self, sql: str, **values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        return next(iter(self.rows(sql, **values)), None)

    def change(self, sql: str, **values: Any) -> int:
        """Carry a change out; returns how many rows it touched."""
        with self._lock:
            return self._database.execute(sql, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """All changes inside become true at once, or none."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def secret(self, name: str) -> bytes:
        """A random secret (32 bytes) of that name, made when it is first asked for."""
        self.change(
            "INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING",
            name=name,
            value=secrets.token_bytes(32),
        )
        found = self.row("SELECT value FROM secrets WHERE name = :name", name=name)
        return bytes(found["value"]) if found else b""

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()


def hashed(token: str) -> bytes:
    """What is kept of a random token (SHA-256; the token has 256 bits of chance, so no salt is needed)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
