"""How the desk listens: over connections that hold nothing back, as one process or several."""

from __future__ import annotations

import socket
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest
import uvicorn
from uvicorn.server import ServerState

from chokepoint.model.errors import NotValidError
from chokepoint.web import serve
from chokepoint.web.serve import Listening, configured, opened
from chokepoint.web.wire import BODY, HEAD, RATE, Prompt


class Task:
    """The work on an answer, which never ends."""

    def add_done_callback(self, _: Any) -> None:
        """Nobody is told of its end."""


class Line:
    """A connection and its loop as far as a protocol looks at them, with a clock that is moved by hand."""

    def __init__(self) -> None:
        self.told: list[tuple[int, ...]] = []
        self.now = 100.0
        self.waiting: list[tuple[float, Any]] = []
        self.open = True
        self.tasks: list[Any] = []

    def setsockopt(self, *option: int) -> None:
        self.told.append(option)

    def get_extra_info(self, name: str) -> Any:
        return {"socket": self, "peername": ("192.0.2.1", 1), "sockname": ("127.0.0.1", 2)}.get(name)

    def getpeername(self) -> tuple[str, int]:
        return "192.0.2.1", 1

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 2

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Any) -> Any:
        entry = (when, call)
        self.waiting.append(entry)
        return SimpleNamespace(cancel=lambda: self.waiting.remove(entry) if entry in self.waiting else None)

    def call_later(self, after: float, call: Any) -> Any:
        return self.call_at(self.now + after, call)

    def create_task(self, work: Any, **_: object) -> Any:
        work.close()
        return Task()

    def passes(self, seconds: float) -> None:
        """So much later, with all that was to happen meanwhile."""
        end = self.now + seconds
        while due := sorted((one for one in self.waiting if one[0] <= end), key=lambda one: one[0]):
            self.waiting.remove(due[0])
            self.now = due[0][0]
            due[0][1]()
        self.now = end

    def is_closing(self) -> bool:
        return not self.open

    def close(self) -> None:
        self.open = False

    def write(self, _: bytes) -> None:
        """What is answered is looked at by nobody here."""

    def pause_reading(self) -> None:
        """The desk reads on later."""

    def resume_reading(self) -> None:
        """The desk reads on."""


def connected() -> tuple[Line, Prompt]:
    line: Any = Line()
    config = uvicorn.Config(app_of_nothing, http=Prompt, interface="asgi3", lifespan="off")
    config.load()
    protocol = Prompt(config, ServerState(), {}, _loop=line)
    protocol.connection_made(line)
    return line, protocol


def test_a_page_is_not_held_back_until_its_head_is_acknowledged() -> None:
    line, protocol = connected()
    assert line.told == [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    assert protocol.client == ("192.0.2.1", 1)


POST = b"POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: loc"], ids=["nothing", "half a head"])
def test_who_connects_and_asks_nothing_is_let_go(said: bytes) -> None:
    """Some hundreds of them would else keep everybody out."""
    line, protocol = connected()
    if said:
        protocol.data_received(said)
    line.passes(HEAD - 1)
    assert line.open
    line.passes(2)
    assert not line.open


def test_a_byte_of_the_head_now_and_then_gains_no_time() -> None:
    line, protocol = connected()
    for one in b"GET / HTTP/1.1\r\nHost: localhost":
        protocol.data_received(bytes([one]))
        line.passes(1)
    assert not line.open


def test_a_slow_line_has_time_for_what_it_sends_and_silence_has_none() -> None:
    line, protocol = connected()
    protocol.data_received(POST)
    for _ in range(8):
        line.passes(5)
        protocol.data_received(b"a" * int(6 * RATE))
    assert line.open, "forty seconds, a kilobyte and more in each"
    line.passes(BODY + 7)
    assert line.open
    line.passes(2)
    assert not line.open


def test_a_byte_of_a_body_now_and_then_gains_no_time() -> None:
    line, protocol = connected()
    protocol.data_received(POST)
    for _ in range(int(BODY) + 2):
        protocol.data_received(b"a")
        line.passes(1)
    assert not line.open


def test_who_waits_for_a_slow_answer_is_not_let_go() -> None:
    line, protocol = connected()
    protocol.data_received(b"GET /choke HTTP/1.1\r\nHost: a\r\n\r\n")
    line.passes(10 * (HEAD + BODY))
    assert line.open
    assert not line.waiting


def test_a_body_that_the_desk_has_not_read_on_is_its_own_delay() -> None:
    line, protocol = connected()
    protocol.data_received(POST)
    protocol.flow.pause_reading()
    line.passes(5 * BODY)
    assert line.open
    protocol.flow.resume_reading()
    line.passes(2 * BODY + 1)
    assert not line.open


def test_of_a_connection_that_is_over_no_clock_goes_on() -> None:
    line, protocol = connected()
    protocol.connection_lost(None)
    assert not line.waiting


def app_of_nothing(*_: object) -> None:
    """Answers nothing."""


@pytest.mark.parametrize("workers", [1, 2])
def test_whatever_is_asked_of_the_desk_is_asked_of_uvicorn(workers: int) -> None:
    one = Listening(host="127.0.0.1", port=8441, origin="", workers=workers, proxies=("10.0.0.7",))
    told = configured(one)
    assert told.workers == workers
    assert told.http is Prompt
    assert told.proxy_headers is True
    assert told.forwarded_allow_ips == ["10.0.0.7/32"]
    assert told.access_log is False
    assert told.server_header is False
    assert told.timeout_graceful_shutdown == 10


def test_processes_learn_which_atlas_they_open_and_by_which_addresses_people_come(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    kept: list[tuple[Any, ...]] = []
    monkeypatch.setattr(serve, "Keeper", lambda *given: SimpleNamespace(run=lambda *_: kept.append(given)))
    monkeypatch.setattr(serve, "kernels_compiled_beside", nullcontext)
    monkeypatch.setenv("CHOKEPOINT_ATLAS", "elsewhere")
    monkeypatch.setenv(serve._ORIGINS, "")
    one, door = Listening(host="127.0.0.1", port=8441, origin="", workers=1), cast("socket.socket", object())
    serve.run(one, door, str(tmp_path))
    assert [given[1] for given in kept] == [[door]]
    assert serve.os.environ["CHOKEPOINT_ATLAS"] == str(tmp_path)
    assert serve.os.environ[serve._ORIGINS] == "http://localhost:8441 http://127.0.0.1:8441"


def test_nothing_listens_where_it_is_not_said_how_people_come() -> None:
    with (
        pytest.raises(NotValidError, match="encrypted way"),
        opened(Listening(host="192.0.2.1", port=8441, origin="", workers=1)),
    ):
        raise AssertionError
