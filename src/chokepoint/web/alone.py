"""One at a time among the processes of a desk."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Whether no other process holds this lock, which is ours then; its holder's death gives it back.

    Args:
        lock: its file, made with its folder where they are not there; whoever holds it may take it away.
    """
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock.open("wb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
