"""HTTP over one connection: what there is to send leaves at once, and nobody keeps it waiting for ever.

uvicorn waits without end for a request that somebody has begun. Its connections are counted, so a stranger
who opens some hundreds and says nothing would keep everybody else out.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from asyncio import BaseTransport, TimerHandle, Transport

HEAD = 15.0
"""Seconds for the head of a request, from its first byte or the connection's beginning on."""
BODY, RATE = 30.0, 1024.0
"""Seconds for its body, and bytes for which there is one more: a slow line is no fault, silence is."""


class Prompt(H11Protocol):
    """HTTP over a connection that sends what there is at once, and ends where a request does not come.

    On a socket that several processes share, asyncio leaves Nagle's algorithm on: a browser then has the head
    of a page, and its body only when it has acknowledged that, 40 ms later.
    """

    _limit: TimerHandle | None = None
    _until = 0.0
    _awaited: object = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin with a connection."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(cast("Transport", transport))
        self._await(0)

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        super().data_received(data)
        self._await(len(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """End with it."""
        self._rest()
        super().connection_lost(exc)

    def _await(self, size: int) -> None:
        """Give time for what is still to come of a request: more for each byte of its body."""
        state = self.conn.their_state
        if state not in {h11.IDLE, h11.SEND_BODY}:
            self._rest()
            return
        if state is not self._awaited:
            self._rest()
            self._awaited = state
            self._until = self.loop.time() + (HEAD if state is h11.IDLE else BODY)
        elif state is h11.SEND_BODY:
            self._until += size / RATE
        if self._limit is None:
            self._limit = self.loop.call_at(self._until, self._late)

    def _late(self) -> None:
        self._limit = None
        if self.flow.read_paused:  # it is this desk that has not read on
            self._until = self.loop.time() + BODY
        if self.loop.time() < self._until:
            self._limit = self.loop.call_at(self._until, self._late)
        else:
            self.transport.close()

    def _rest(self) -> None:
        self._awaited = None
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
