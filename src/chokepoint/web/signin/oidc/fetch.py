"""Asking a provider: https, no redirection, few bytes, few seconds, two questions at once."""

from __future__ import annotations

import ipaddress
import time
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from chokepoint.model.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 256 * 1024
"""Bytes of an answer."""
PATIENCE, PATIENCE_IN_ALL = 5.0, 10.0
"""Seconds: of silence, and of a whole answer."""
AT_ONCE = 2
"""Questions: a provider that does not answer leaves the other threads of the desk to whoever is here."""
T = TypeVar("T")


class Fetcher:
    """One way out, shared by the threads of this process.

    Args:
        transport: of httpx; None for the network, by the proxies and authorities that the environment names.
        now: seconds of a clock that never goes back.
    """

    def __init__(
        self, transport: httpx.BaseTransport | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport = transport
        self._now = now
        self._turn = BoundedSemaphore(AT_ONCE)

    def get(self, url: str, kind: type[T]) -> T:
        """What an address holds, as a dataclass.

        Raises:
            RefusedError: no answer, too slow, too large, a redirection, or not of that shape.
        """
        return self._ask(httpx.Request("GET", url, headers=_HEADERS), kind)

    def post(self, url: str, body: str, headers: dict[str, str], kind: type[T]) -> T:
        """What an address answers to a form (`application/x-www-form-urlencoded`); raises as `get` does."""
        given = {"content-type": "application/x-www-form-urlencoded", **_HEADERS, **headers}
        return self._ask(httpx.Request("POST", url, content=body, headers=given), kind)

    def _ask(self, request: httpx.Request, kind: type[T]) -> T:
        if not self._turn.acquire(timeout=PATIENCE):
            raise RefusedError("too many questions to providers at once")
        try:
            with httpx.Client(transport=self._transport, follow_redirects=False) as client:
                request.extensions["timeout"] = httpx.Timeout(PATIENCE).as_dict()
                return msgspec.json.decode(self._read(client, request), type=kind)
        except httpx.HTTPError as error:
            raise RefusedError(f"no answer ({type(error).__name__})") from error
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise RefusedError(f"the answer has another shape ({type(error).__name__})") from error
        finally:
            self._turn.release()

    def _read(self, client: httpx.Client, request: httpx.Request) -> bytes:
        until, data = self._now() + PATIENCE_IN_ALL, bytearray()
        answer = client.send(request, stream=True)
        try:
            if answer.status_code != 200:
                raise RefusedError(f"the answer is {answer.status_code}")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise RefusedError("the answer is packed")
            for part in answer.iter_raw():
                data += part
                if len(data) > LARGEST or self._now() > until:
                    raise RefusedError("the answer is too large or too slow")
        finally:
            answer.close()
        return bytes(data)


_HEADERS = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "chokepoint"}


def allowed(url: str, *, loopback: bool) -> bool:
    """Whether an address may be asked: https, or plain http where it is this machine and that may be.

    Args:
        url: with a host and with no user in it.
        loopback: whether this machine may be asked at all.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    printable = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\')
    if not host or "@" in parts.netloc or parts.fragment or not printable:
        return False
    if is_local(host):
        return loopback and parts.scheme in {"http", "https"}
    return parts.scheme == "https"


def is_local(host: str) -> bool:
    """Whether a host's name says that it is this machine (RFC 6761, RFC 1122)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified
