"""The processes of a running desk, from the socket that they share to their quiet end.

The socket listens before anybody is told of it: whoever comes while the processes still start, waits.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections import deque
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.resource_tracker import ensure_running
from typing import TYPE_CHECKING

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

from chokepoint.model.errors import ChokepointError, NotValidError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess

    from uvicorn import Config

QUEUE = 2048
"""Connections that wait while every process is busy, or not there yet."""
TICK = 0.2
"""Seconds between two looks at the processes."""
PATIENCE = 30
"""Seconds in which a process may end what it answers."""
DEATHS, SPAN = 5, 60.0
"""So many deaths within so many seconds are no accident."""


def listen(host: str, port: int) -> socket.socket:
    """A socket at which connections are taken from now on.

    Raises:
        NotValidError: the address is not this machine's, is in use, or may not be listened at.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=QUEUE)
    except OSError as error:
        number = max(0, error.errno or 0)  # below zero: a name that does not resolve
        why = os.strerror(number) if number else str(error.strerror)
        raise NotValidError(
            f"nothing can listen at {host}, port {port}: {why.lower()}",
            place="--port" if number else "--host",
            mend="end what listens there, or choose another address: --port, --host",
        ) from None


class Keeper(Multiprocess):
    """Keeps as many processes as wanted at one socket until SIGINT or SIGTERM.

    Ctrl-C reaches every process of a terminal, and Python's own answer to it is a traceback. So all that the
    keeper starts has it blocked, from the first instruction on, and is ended by the keeper alone.
    uvicorn's keeper asks each process in turn whether it answers, and waits; this one only sees whether it
    lives: a long kernel keeps a healthy process from answering, and an end waits for none that starts.
    """

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        """Takes over the signals of this process."""
        super().__init__(config, sockets)
        ensure_running()  # the first process would start it, which unblocks SIGINT again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self._deaths: deque[float] = deque(maxlen=DEATHS)

    def run(self, look_after: Callable[[], object] = bool) -> None:
        """Start them all, and come back when they have ended.

        Args:
            look_after: done now and then meanwhile, for what else runs beside them.

        Raises:
            ChokepointError: they died as often as they were started.
        """
        self.init_processes()
        while not self.should_exit.is_set():
            if signal.sigtimedwait({signal.SIGINT}, TICK):
                break
            self.handle_signals()
            self.keep_subprocess_alive()
            look_after()
        self._end()
        if self._hopeless:
            raise ChokepointError("the desk does not stay up", place="serve", mend="its log says above why")

    def _end(self) -> None:
        """Tell them until they hear: uvicorn's processes are deaf between their birth and `starting`."""
        for _ in range(PATIENCE):
            self.terminate_all()
            for process in self.processes:
                process.process.join(1 / len(self.processes))
            if not any(process.process.is_alive() for process in self.processes):
                return
        for process in self.processes:
            process.kill()

    @property
    def _hopeless(self) -> bool:
        return len(self._deaths) == DEATHS and self._deaths[-1] - self._deaths[0] < SPAN

    def keep_subprocess_alive(self) -> None:
        """Put a new process where one has died."""
        for at, process in enumerate(self.processes):
            if self.should_exit.is_set() or process.process.is_alive():
                continue
            process.join()
            died = process.exitcode != -signal.SIGTERM  # that one was told to end, or told itself
            again = DEATHS if process.exitcode == STARTUP_FAILURE else int(died)
            self._deaths.extend([time.monotonic()] * again)
            if self._hopeless:
                self.should_exit.set()
                return
            self.processes[at] = Process(self.config, self.sockets)
            self.processes[at].start()


@contextmanager
def starting() -> Iterator[None]:
    """Let this process die at once if it is told to end while it starts, and end when its keeper is gone.

    uvicorn notes the first and goes on starting, and knows nothing of the second.
    """
    keeper = parent_process()
    if keeper is None:
        yield
        return
    later = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_after, args=(keeper,), name="keeper", daemon=True).start()
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, later)


def begin_anew() -> None:
    """End this process in good order, if it has a keeper, who then puts a new one in its place."""
    if parent_process() is not None:
        os.kill(os.getpid(), signal.SIGTERM)


def _end_after(keeper: BaseProcess) -> None:
    keeper.join()
    os.kill(os.getpid(), signal.SIGTERM)
