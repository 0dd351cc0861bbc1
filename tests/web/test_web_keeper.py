"""The processes of a desk: reached from the first moment, renewed when one dies, ended without a word."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chokepoint.model.errors import NotValidError
from chokepoint.web import keeper
from chokepoint.web.keeper import listen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.enable_socket

TINY = """
import os, sys, time
{begin}
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    await send({{"type": "http.response.body", "body": str(os.getpid()).encode()}})
"""
KEEP = """
import sys, uvicorn
from chokepoint.web.keeper import Keeper, listen
if __name__ == "__main__":
    door = listen("127.0.0.1", 0)
    print(door.getsockname()[1], flush=True)
    sys.path.insert(0, sys.argv[1])
    Keeper(uvicorn.Config("tiny:app", workers=int(sys.argv[2]), log_level="warning", lifespan="off"), [door]).run()
"""
STARTING = """
from chokepoint.web.keeper import starting
with starting():
    open({begun!r}, "w").close()
    time.sleep(300)
"""
WATCHING = """
from chokepoint.web.keeper import starting
with starting():
    pass
"""


class Desk:
    """A keeper with processes that tell their number, in a group of its own as a shell would start it."""

    def __init__(self, folder: Path, begin: str, workers: int) -> None:
        (folder / "tiny.py").write_text(TINY.format(begin=begin))
        (folder / "keep.py").write_text(KEEP)
        self.errors = folder / "errors"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(folder / "keep.py"), str(folder), str(workers)],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": str(folder)},
            )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def ask(self) -> int:
        """The number of the process that answers."""
        way = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        way.request("GET", "/")
        told = int(way.getresponse().read())
        way.close()
        return told

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what must come."""
        end = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < end, self.errors.read_text()
            time.sleep(0.02)

    def left(self) -> list[int]:
        """The processes of its group that still run."""
        return [pid for pid in _processes() if _group(pid) == self.process.pid]


def _processes() -> Iterator[int]:
    return (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())


def _group(pid: int) -> int:
    """Of a process that runs; nothing of one that has ended."""
    with contextlib.suppress(OSError, ValueError):
        state, _, group = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:3]
        return 0 if state == "Z" else int(group)
    return 0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """How to start one; none is left behind."""
    started: list[Desk] = []

    def start(begin: str = "", workers: int = 1) -> Desk:
        started.append(Desk(tmp_path, begin, workers))
        return started[-1]

    yield start
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.communicate()


def test_whoever_comes_while_the_processes_start_waits_and_is_answered(desk):
    opened = desk("time.sleep(0.3)")
    assert opened.ask() in opened.left()


@pytest.mark.parametrize("whom", ["all", "keeper"])
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_a_running_desk_ends_with_all_its_processes_and_without_a_word(desk, told, whom):
    opened = desk(workers=2)
    opened.ask()
    (os.killpg if whom == "all" else os.kill)(opened.process.pid, told)
    assert opened.process.wait(timeout=30) == 0
    opened.until(lambda: not opened.left())
    assert opened.errors.read_text() == ""


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_a_desk_that_still_starts_ends_without_a_word_too(desk, told, tmp_path):
    opened = desk(STARTING.format(begun=str(tmp_path / "begun")), workers=2)
    opened.until((tmp_path / "begun").exists)
    os.killpg(opened.process.pid, told)
    assert opened.process.wait(timeout=30) == 0
    assert opened.errors.read_text() == ""


def test_a_process_that_dies_is_replaced(desk):
    opened = desk()
    first = opened.ask()
    os.kill(first, signal.SIGKILL)
    opened.until(lambda: first not in opened.left())
    assert opened.ask() != first


def test_a_process_that_has_started_ends_what_it_answers_before_it_ends(desk):
    opened = desk(WATCHING + "import signal; assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL")
    assert opened.ask() in opened.left()


def test_processes_that_never_come_up_are_not_started_for_ever(desk):
    opened = desk("sys.exit('the disk is full')")
    assert opened.process.wait(timeout=60) == 1
    told = opened.errors.read_text()
    assert told.count("the disk is full") == 5
    assert "the desk does not stay up" in told


def test_processes_end_when_their_keeper_is_killed(desk):
    opened = desk(WATCHING, workers=2)
    opened.ask()
    opened.process.kill()
    opened.until(lambda: not opened.left())


def test_a_port_in_use_is_one_sentence_with_the_mend():
    with (
        listen("127.0.0.1", 0) as door,
        pytest.raises(NotValidError, match="address already in use") as refused,
    ):
        listen("127.0.0.1", door.getsockname()[1])
    assert refused.value.place == "--port"
    assert "\n" not in refused.value.explain()
    assert "--port" in refused.value.mend


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(NotValidError, match="cannot assign requested address"):
        listen("192.0.2.1", 0)


def test_a_name_that_nobody_knows_is_refused_where_it_was_given(monkeypatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotValidError, match="name or service not known") as refused:
        listen("desk.invalid", 8440)
    assert refused.value.place == "--host"


def test_the_newer_family_of_addresses_is_listened_at_as_well():
    with listen("::1", 0) as door:
        assert door.family == socket.AF_INET6


class Ended:
    """A process that has ended, and how."""

    def __init__(self, code):
        self.exitcode = code
        self.process = self

    def is_alive(self):
        return False

    def join(self):
        """It has ended."""

    def start(self):
        """Nothing of it is wanted here."""


@pytest.mark.parametrize(
    ("code", "stays"),
    [(-signal.SIGTERM, True), (-signal.SIGKILL, False), (1, False)],
    ids=["told to end", "killed", "failed"],
)
def test_processes_that_are_told_to_end_are_replaced_however_many(monkeypatch, code, stays):
    """All of them begin anew at once where the atlas was replaced: that is no accident of theirs."""
    monkeypatch.setattr(keeper, "Process", lambda *_: Ended(code))
    one = object.__new__(keeper.Keeper)
    one.config, one.sockets, one.should_exit = None, [], threading.Event()
    one._deaths = deque(maxlen=keeper.DEATHS)
    one.processes = [Ended(code) for _ in range(keeper.DEATHS + 1)]
    one.keep_subprocess_alive()
    assert one.should_exit.is_set() is not stays


def test_nobody_ends_a_process_that_has_no_keeper(monkeypatch):
    killed = []
    monkeypatch.setattr(keeper.os, "kill", lambda *given: killed.append(given))
    keeper.begin_anew()
    monkeypatch.setattr(keeper, "parent_process", object)
    keeper.begin_anew()
    assert killed == [(os.getpid(), signal.SIGTERM)]
