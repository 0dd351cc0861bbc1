"""How the desk listens: over connections that hold nothing back, as one process or several."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from chokepoint.web import serve
from chokepoint.web.serve import Listening, Prompt


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
def test_whatever_is_asked_of_the_desk_is_asked_of_uvicorn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, workers: int
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr(serve.uvicorn, "run", lambda *given, **named: told.update(named, app=given[0]))
    monkeypatch.setenv("CHOKEPOINT_ATLAS", str(tmp_path))
    monkeypatch.setenv(serve._ORIGINS, "")
    one = Listening(host="127.0.0.1", port=8441, origin="", workers=workers, proxies=("10.0.0.7",))
    serve.run(one, None, None)
    assert (told["host"], told["port"], told["workers"]) == ("127.0.0.1", 8441, workers)
    assert told["http"] is Prompt
    assert told["proxy_headers"] is True
    assert told["forwarded_allow_ips"] == ["10.0.0.7/32"]
    assert told["access_log"] is False
    assert told["server_header"] is False
    assert serve.os.environ[serve._ORIGINS] == "http://localhost:8441 http://127.0.0.1:8441"
