"""The process beside those that answer, which makes maps anew as things come in.

A map of a million claims takes a tenth of a second of a processor for each record, and a thread that makes
it holds up all others of its process. So who answers takes maps from the shelf, and makes one only where this
process has not for a while: it may die at any time, and is then started again.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = (sys.executable, "-m", "chokepoint.web.maps")
AGAIN = 60.0
"""Seconds between two starts: where it dies at once, those who answer make the maps."""
log = logging.getLogger("chokepoint.web")


@contextmanager
def maps_made_ahead(command: tuple[str, ...] = COMMAND) -> Iterator[Callable[[], None]]:
    """Let another process make maps meanwhile, and be told how to see that it still does.

    It reads its input until that ends, which is when this process is gone, however it went.

    Args:
        command: of that process.
    """
    running = [_started(command)]
    began = [time.monotonic()]

    def look_after() -> None:
        if running[0].poll() is None or time.monotonic() - began[0] < AGAIN:
            return
        _ended(running[0])
        began[0] = time.monotonic()
        try:
            running[0] = _started(command)
        except OSError:  # no memory, no descriptor: those who answer go on, and make the maps
            log.exception("maps are not made ahead")

    try:
        yield look_after
    finally:
        running[0].terminate()
        _ended(running[0])


def _started(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdin:
        process.stdin.close()
