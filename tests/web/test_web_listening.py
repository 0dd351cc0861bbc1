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
from chokepoint.web.serve import Listening, Prompt, configured, opened


class Wire:
    """A connection as far as a protocol looks at it; it notes what its socket is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, ...]] = []

    def setsockopt(self, *option: int) -> None:
        self.told.append(option)

    def get_extra_info(self, name: str) -> Any:
        return {"socket": self, "peername": ("192.0.2.1", 1), "sockname": ("127.0.0.1", 2)}.get(name)

    def getpeername(self) -> tuple[str, int]:
        return "192.0.2.1", 1

    def getsockname(self) -> tuple[str, int]:
        return "127.0.0.1", 2


def test_a_page_is_not_held_back_until_its_head_is_acknowledged() -> None:
    wire: Any = Wire()
    config = uvicorn.Config(app_of_nothing, http=Prompt, interface="asgi3", lifespan="off")
    config.load()
    protocol = Prompt(config, ServerState(), {}, _loop=wire)
    protocol.connection_made(wire)
    assert wire.told == [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    assert protocol.client == ("192.0.2.1", 1)


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
    monkeypatch.setattr(serve, "Keeper", lambda *given: SimpleNamespace(run=lambda: kept.append(given)))
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
