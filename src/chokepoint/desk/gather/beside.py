"""A process that reads beside the one that appends."""

from __future__ import annotations

import multiprocessing
import pickle
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from chokepoint.desk.gather.parse import Parser, Task
from chokepoint.desk.gather.sweep import unhurried
from chokepoint.model.errors import ChokepointError, LedgerError
from chokepoint.store.verifying import UNGUARDED

if TYPE_CHECKING:
    from collections.abc import Generator
    from ctypes import Array, c_char
    from multiprocessing.connection import Connection

    from chokepoint.desk.gather.parse import Part

LONGEST_PATH = 4096
AHEAD = 2
"""Batches that wait read while one is appended: enough to even out files that are slow to read."""


def beside(task: Task, vault: str) -> Generator[list[Part], None, None]:
    """All batches of a task, read by another process that stays a little ahead.

    Args:
        task: what to read.
        vault: place of the vault that takes the captures.

    Raises:
        LedgerError: the reading process ended before it was done.
        ChokepointError: what ended the reading process, as it said it.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    at = context.Array("c", LONGEST_PATH, lock=False)
    worker = context.Process(target=_read, args=(task, vault, there, at), daemon=True)
    worker.start()
    there.close()
    try:
        with unhurried() as sweep:
            while (parts := _next(here, at)) is not None:
                yield parts
                del parts
                sweep()
    finally:
        here.close()
        worker.terminate()
        worker.join()


def _next(here: Connection, at: Array[c_char]) -> list[Part] | None:
    try:
        message: list[Part] | ChokepointError | None = here.recv()
    except EOFError:
        path = at.value.decode("utf-8", "replace")
        mend = "collect the other files without it" if path else UNGUARDED
        raise LedgerError(
            "the reading process ended early", place=path, mend=f"{mend}; what was taken is kept"
        ) from None
    if isinstance(message, ChokepointError):
        raise message
    return message


class _Outbox:
    """Sends from a thread, so that the next batch is read while the last one waits to be taken."""

    def __init__(self, out: Connection) -> None:
        self._out = out
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[None]] = deque()

    def send(self, message: Any) -> None:
        """Send after all earlier ones; waits while too many do.

        Raises:
            BrokenPipeError: nobody takes them any more.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._waiting.append(self._thread.submit(self._out.send_bytes, data))
        self.settle(AHEAD)

    def settle(self, left: int = 0) -> None:
        """Wait until no more than so many are on their way; raises as `send` does."""
        while len(self._waiting) > left:
            self._waiting.popleft().result()


def _read(task: Task, place: str, out: Connection, at: Array[c_char]) -> None:
    """Body of the reading process, which leaves the path of what it reads where its parent can see it."""
    from chokepoint.store.schema import open_engine  # noqa: PLC0415 - only the child needs an engine
    from chokepoint.store.vault import Vault  # noqa: PLC0415 - the same

    def note(path: str) -> None:
        at.value = path.encode("utf-8", "replace")[: LONGEST_PATH - 1]

    vault, outbox = Vault(open_engine(place)), _Outbox(out)
    try:
        with unhurried() as sweep:
            for parts in Parser(task, vault.put, note).batches():
                outbox.send(parts)
                del parts
                sweep()
        outbox.send(None)
        outbox.settle()
    except BrokenPipeError:
        return
    except ChokepointError as error:
        outbox.send(error)
        outbox.settle()
