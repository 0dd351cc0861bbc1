"""What goes wrong for want of room or of a turn, and is no fault here: a full disk, a busy file."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL, BUSY = 507, 503
"""HTTP statuses: insufficient storage (RFC 4918 [11.5]), and service unavailable, for a moment."""
AGAIN = 5
"""Seconds after which somebody who found the file busy may try again."""
_FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})
_FULL_STATES = frozenset({"53100"})
_BUSY_STATES = frozenset({"55P03", "40001", "40P01"})
"""What PostgreSQL says of a full disk, and of locks that were not had, of order lost and of deadlocks."""


def strained(error: BaseException) -> int | None:
    """The status of an error that comes from a full disk or a busy file; None for every other."""
    for one in _behind(error):
        if isinstance(one, OSError) and one.errno in _FULL_ERRORS:
            return FULL
        state = getattr(one, "sqlstate", None)
        code = one.sqlite_errorcode & 0xFF if hasattr(one, "sqlite_errorcode") else 0
        if code == sqlite3.SQLITE_FULL or state in _FULL_STATES:
            return FULL
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or state in _BUSY_STATES:
            return BUSY
    return None


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error and those from which it came, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            orig = one.orig if isinstance(one, DBAPIError) else None
            waiting += [cause for cause in (orig, one.__cause__, one.__context__) if cause is not None]
