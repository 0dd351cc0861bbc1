"""Whose turn it is at SQLite's files: nobody begins to write while one who must have them alone waits.

SQLite hands its write lock to whoever asks in the right moment. Where others write without a rest, somebody
who cannot share a transaction with them may never get it. So everybody passes a gate before they begin to
write, and who holds it waits for those alone who have begun already.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from time import monotonic, sleep
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

log = logging.getLogger("chokepoint.store")
SLICES = (0.5, 1, 2, 4, 8, 16, 32)
"""Seconds for which the writers are held, time after time, until nobody reads what is to go.

Between these they are let on: one who reads and waits to write could else not come to an end.
"""
PAUSE = 0.01
TOLD = 1.0
"""Seconds from which the log tells that writers were held."""


@contextmanager
def locked(handle: int, how: int) -> Iterator[None]:
    """While an open file is locked among processes; it is closed then.

    Raises:
        BlockingIOError: somebody has it, and `how` says not to wait.
    """
    try:
        flock(handle, how)
        yield
    finally:
        flock(handle, LOCK_UN)  # a process that was forked meanwhile has the handle open too
        os.close(handle)


def _gate(folder: Path, how: int) -> AbstractContextManager[None]:
    """A lock on the folder; to close one of SQLite's own files would lose SQLite the locks that it holds."""
    return locked(os.open(folder, os.O_RDONLY), how)


def _is_held(folder: Path) -> bool:
    try:
        with _gate(folder, LOCK_SH | LOCK_NB):
            return False
    except BlockingIOError:
        return True


def begin_to_write(connection: Connection, folder: Path) -> None:
    """Begin a transaction that writes, after whoever holds the gate of the files' folder.

    Raises:
        OperationalError: somebody else has written for longer than SQLite waits.
    """
    while True:
        with _gate(folder, LOCK_SH):
            pass
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError:
            if not _is_held(folder):
                raise
        else:
            return


@contextmanager
def holding_writers(folder: Path) -> Iterator[None]:
    """Let nobody begin to write to the files of a folder; the log tells where that took long."""
    began = monotonic()
    with _gate(folder, LOCK_EX):
        yield
    held = monotonic() - began
    if held >= TOLD:
        log.warning("writers waited %.1f s while erased bytes were taken out of %s", held, folder)


def rewrite(raw: sqlite3.Connection, folder: Path) -> bool:
    """Write a file of SQLite's anew without what was deleted, and empty its write-ahead log.

    Args:
        raw: a connection to it, outside any transaction.
        folder: in which it lies.

    Returns:
        Whether that is done; else somebody reads it, or has not ended writing, through all of `SLICES`.
    """
    patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    left = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    try:
        for seconds in SLICES:
            with holding_writers(folder):
                while left and _does(raw, left[0], seconds):
                    del left[0]
            if not left:
                return True
            sleep(PAUSE)
    finally:
        raw.execute(f"PRAGMA busy_timeout={patience}")
    return False


def _does(raw: sqlite3.Connection, sql: str, seconds: float) -> bool:
    """Carry out what another may keep from it for so long: it may do so between two tries of SQLite's too."""
    until = monotonic() + seconds
    while True:
        raw.execute(f"PRAGMA busy_timeout={max(1, int(1000 * (until - monotonic())))}")
        try:
            row = raw.execute(sql).fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            row = (1,)
        if row is None or not row[0]:
            return True
        if monotonic() > until:
            return False
        sleep(PAUSE)
