"""How every error leaves: one table from what went wrong to a status and a page that tells nothing hidden.

What is absent and what may not be seen are the same bytes. A fault of this program is told to its operator
and to nobody else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from litestar.exceptions import HTTPException
from litestar.response import Response
from msgspec.json import encode

from chokepoint.model.errors import (
    BadInputError,
    ChokepointError,
    NotFoundError,
    NotValidError,
    RefusedError,
    ReplacedError,
    TooLargeError,
)
from chokepoint.web.front import front_of
from chokepoint.web.guard.headers import UNKEPT
from chokepoint.web.guard.strain import AGAIN, BUSY, strained
from chokepoint.web.keeper import begin_anew
from chokepoint.web.viewer import NobodyError, for_programs, for_taxii, seat_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Request

    Asked = Request[Any, Any, Any]

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFoundError, 404),
    (TooLargeError, 413),
    (BadInputError, 422),
    (NotValidError, 422),
    (RefusedError, 403),
    (ReplacedError, BUSY),
    (ChokepointError, 500),
)
"""The first that fits holds."""
TOLD = frozenset({403, 413, 422})
"""Statuses whose errors speak of what the person did, and may be read by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """What went wrong.

    Attributes:
        status: of HTTP.
        error: in the desk's words, where it speaks of what the person did.
    """

    status: int
    error: ChokepointError | None


MEDIA = "application/taxii+json;version=2.1"

log = logging.getLogger("chokepoint.web")


def nobody(request: Asked, _: NobodyError) -> Response[Any]:
    """The way to sign in, and back from there; for programs, 401."""
    if for_programs(request):
        return answer(request, 401)
    front = front_of(request)
    if front.part:
        return Response(None, status_code=200, headers={"hx-redirect": "/sign-in"})
    back = front.path if request.method == "GET" and front.path != "/" else ""
    return front.go("/sign-in" + (f"?{urlencode({'next': back})}" if back else ""))


def ours(request: Asked, error: ChokepointError) -> Response[Any]:
    """An error of the desk."""
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.scope["path"][:80], error)
    if isinstance(error, ReplacedError):
        begin_anew()
    return answer(request, status, error if status in TOLD else None)


def status_of(error: ChokepointError) -> int:
    """Of HTTP, by the table."""
    return next(code for kind, code in STATUS if isinstance(error, kind))


def http(request: Asked, error: HTTPException) -> Response[Any]:
    """What the web itself refuses: no such page, a form that does not fit, a body too large."""
    malformed = error.status_code == 400 and not for_taxii(request)
    return answer(request, 422 if malformed else error.status_code)


def fault(request: Asked, error: Exception) -> Response[Any]:
    """A fault of this program, or a full disk: its operator reads where, and nothing of what was asked."""
    status = strained(error)
    if status:
        log.error("%s %s: %s", request.method, request.scope["path"][:80], HTTPStatus(status).phrase)
        return answer(request, status)
    log.error("%s %s", request.method, request.scope["path"][:80], exc_info=error)
    return answer(request, 500)


def answer(request: Asked, status: int, error: ChokepointError | None = None) -> Response[Any]:
    """The page of a status, or its JSON for programs."""
    given = _told(request, status, error)
    if status == BUSY:
        given.headers["retry-after"] = str(AGAIN)
    return given


def _told(request: Asked, status: int, error: ChokepointError | None) -> Response[Any]:
    if for_programs(request):
        return _for_program(request, status, error)
    front = replace(front_of(request), path="")  # what was asked for is no part of what is answered
    page = ErrorPage(status=status, error=error)
    try:
        return replace(seat_of(request), front=front).page("error.html", page, status=status)
    except Exception:  # noqa: BLE001 - whoever is not signed in, or cannot be known now, gets the bare page
        return front.page("error.html", replace(page, error=None), status=status)


def _for_program(request: Asked, status: int, error: ChokepointError | None) -> Response[Any]:
    """The JSON of a status: TAXII's error message [3.6.1] where TAXII is spoken."""
    headers = {"cache-control": UNKEPT}
    if not for_taxii(request):
        told = {"reason": error.reason, "mend": error.mend} if error else {}
        headers |= {"www-authenticate": "Bearer"} if status == 401 else {}
        return Response({"status": status, **told}, status_code=status, headers=headers)
    said = {"title": HTTPStatus(status).phrase, "http_status": str(status)}
    said |= {"description": error.reason} if error else {}
    headers |= (
        {"www-authenticate": 'Basic realm="Chokepoint", charset="UTF-8", Bearer'} if status == 401 else {}
    )
    return Response(encode(said), status_code=status, media_type=MEDIA, headers=headers)


HANDLERS: dict[type[Exception] | int, Callable[..., Response[Any]]] = {
    NobodyError: nobody,
    ChokepointError: ours,
    HTTPException: http,
    Exception: fault,
}
