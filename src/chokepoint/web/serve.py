"""Running the web desk: uvicorn, one or several processes over the same atlas and register."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import uvicorn
from sqlalchemy import event

from chokepoint.model.errors import NotValidError
from chokepoint.settings import settings
from chokepoint.web.ahead import maps_made_ahead
from chokepoint.web.app import build
from chokepoint.web.keeper import QUEUE, Keeper, listen, starting
from chokepoint.web.office import open_office
from chokepoint.web.signin.link import Links
from chokepoint.web.warm import keep_nothing
from chokepoint.web.wire import Prompt
from chokepoint.wiring import open_atlas

if TYPE_CHECKING:
    import socket
    import sqlite3
    from collections.abc import Iterator

    from litestar import Litestar
    from sqlalchemy import Engine

    from chokepoint.desk.atlas import Atlas
    from chokepoint.web.office import Office

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
LATE = 30.0
"""Seconds for which pages may lack votes and claims that came last; maps are made anew every few."""
CACHE_KB, MAPPED = 16 * 1024, 1 << 40
"""Of what each connection copies, and of what it reads in place, in bytes: all that SQLite allows."""
_ORIGINS = "CHOKEPOINT_WEB_ORIGINS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where and how the desk listens.

    Attributes:
        host, port: of the socket.
        origin: how people come here, `https://desk.example`; empty where they come to the socket itself.
        workers: processes.
        proxies: addresses or networks of the proxies before the desk, whose word on where a request came
            from counts; nobody else's does.
    """

    host: str
    port: int
    origin: str
    workers: int
    proxies: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """The addresses by which people come, the one that they are told first.

        Raises:
            NotValidError: others than this machine are to come, and it is not said how.
        """
        if self.origin:
            scheme, mark, host = self.origin.partition("://")
            if scheme not in {"https", "http"} or not mark or not host or set(host) & set("/?#@ "):
                raise NotValidError("that is no origin", place="--origin", mend="write https://desk.example")
            return (self.origin,)
        if self.host not in LOCAL:
            raise NotValidError(
                "whoever comes from another machine needs an encrypted way",
                place="--host",
                mend="put a proxy that speaks TLS before it, and name its address: --origin https://…",
            )
        return (f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}")

    @property
    def trusted(self) -> list[str]:
        """The proxies as they are compared.

        Raises:
            NotValidError: one that is neither an address nor a network, or a network of everybody.
        """
        return [_network(one) for one in self.proxies]


def _network(written: str) -> str:
    try:
        found = ip_network(written)
    except ValueError as error:
        raise NotValidError(
            f"that is no address of a proxy: {error}", place="--proxy", mend="write 10.0.0.7 or 10.0.0.0/28"
        ) from None
    if not found.prefixlen:
        raise NotValidError(
            "that is everybody, and everybody could say to be somebody else",
            place="--proxy",
            mend="name the proxy's own address",
        )
    return str(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What whoever starts the desk is told: where it is, and the link that signs them in once, if any."""

    address: str
    who: str
    link: str


def prepare(atlas: Atlas, listening: Listening) -> Ready:
    """Make the register, and a link for whoever starts the desk on their own machine.

    They hold the keys and can look as anybody already: a link gives them nothing that they have not got.
    """
    origins = listening.origins
    office = open_office(atlas, origins)
    try:
        link = "" if listening.origin else f"{origins[0]}/enter/{Links(office.register).make(atlas.viewer)}"
    finally:
        office.register.close()
    who = atlas.viewer.person or atlas.viewer.organisation
    return Ready(address=origins[0], who=who, link=link)


@contextmanager
def opened(listening: Listening) -> Iterator[socket.socket]:
    """The socket of the desk, which listens already; nothing is made before it does.

    Raises:
        NotValidError: how people come does not fit, or nothing can listen there.
    """
    _, _ = listening.origins, listening.trusted
    with listen(listening.host, listening.port) as door:
        yield door


def run(listening: Listening, door: socket.socket, where: str | None) -> None:
    """Answer at a socket until somebody ends it.

    Args:
        listening: how it was opened.
        door: what `opened` gave.
        where: the atlas, if not the one that the environment names.

    Raises:
        ChokepointError: the processes do not stay up.
    """
    os.environ["CHOKEPOINT_ATLAS"] = where or os.environ.get("CHOKEPOINT_ATLAS", "./atlas")
    os.environ[_ORIGINS] = " ".join(listening.origins)
    keeper = Keeper(configured(listening), [door])
    with kernels_compiled_beside(), maps_made_ahead() as look_after:
        keeper.run(look_after)


def configured(listening: Listening) -> uvicorn.Config:
    """What each process of uvicorn is told."""
    return uvicorn.Config(
        "chokepoint.web.serve:application",
        factory=True,
        http=Prompt,
        ws="none",
        workers=listening.workers,
        access_log=False,
        server_header=False,
        **heeded(listening),
        log_level="warning",
        backlog=QUEUE,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=10,
        limit_concurrency=512,
        h11_max_incomplete_event_size=65536,
    )


@contextmanager
def kernels_compiled_beside() -> Iterator[subprocess.Popen[bytes]]:
    """Let another process compile what choke points need, for as long as the desk listens.

    On a new machine that takes most of a minute, which nobody who opens the choke board should wait for.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "chokepoint.choke.warm"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        child.terminate()
        child.wait()


def heeded(listening: Listening) -> dict[str, Any]:
    """What uvicorn is told of proxies: of `X-Forwarded-For`, the last address that is no proxy counts."""
    return {"proxy_headers": bool(listening.proxies), "forwarded_allow_ips": listening.trusted}


def keep_little(engine: Engine) -> None:
    """Let the connections of a desk read SQLite's file where the system holds it, and copy little of it.

    A desk has a dozen in each process; whoever appends a million claims has one, and a large cache for it.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        connection.execute(f"PRAGMA mmap_size={MAPPED}")


def office_here() -> Office:
    """The office of the atlas that the environment names, for one process of a running desk."""
    keep_nothing()
    atlas = open_atlas(replace(settings(), purpose=""))
    keep_little(atlas.engine)
    return open_office(atlas, tuple(os.environ[_ORIGINS].split()), late=LATE)


def application() -> Litestar:
    """The desk, for one process of uvicorn; its maps are made by another."""
    with starting():
        return build(office_here(), warmed=True)
