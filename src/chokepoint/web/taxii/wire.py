"""What TAXII says over the wire: media types, resources, answers; numbers in brackets are the standard's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import litestar
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from chokepoint.web.guard.headers import UNKEPT
from chokepoint.web.route import threaded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

ROOT = "/taxii2"
API_ROOT = f"{ROOT}/atlas"
MEDIA = "application/taxii+json;version=2.1"
CONTENT = "application/stix+json;version=2.1"
_media = re.compile(r"application/taxii\+json(?:\s*;\s*version\s*=\s*\"?2\.1\"?)?", re.IGNORECASE).fullmatch
_range = re.compile(
    r"\s*(?P<range>[^;,]+(?:\s*;\s*version\s*=\s*\"?[\d.]+\"?)?)\s*(?:;\s*q=(?P<q>[0-9](?:\.[0-9]{0,3})?))?\s*"
)
ANY = frozenset({"*/*", "application/*"})


class Collection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A collection as its viewer may use it [5.2]."""

    id: str
    title: str
    description: str
    alias: str
    can_read: bool = msgspec.field()
    can_write: bool = msgspec.field()
    media_types: tuple[str, ...] = msgspec.field()


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Objects of a collection, or what else is listed of it [3.7]; empty where there are none."""

    more: bool = False
    next: str = ""
    objects: list[Any] = []
    versions: list[str] = []


def acceptable(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse whoever cannot read what is answered [1.6.8.1]; who does not say is answered.

    Raises:
        HTTPException: 406.
    """
    asked = connection.headers.get("accept", "")
    if not asked.strip():
        return
    for part in asked.split(","):
        found = _range.fullmatch(part)
        if found and (found["q"] is None or float(found["q"]) > 0):
            one = found["range"].strip()
            if one in ANY or _media(one):
                return
    raise HTTPException(status_code=406)


def sends(request: Request[Any, Any, Any]) -> None:
    """Refuse a body of another kind.

    Raises:
        HTTPException: 415.
    """
    if not _media(request.headers.get("content-type", "").strip()):
        raise HTTPException(status_code=415)


def told(found: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """An answer."""
    return Response(
        msgspec.json.encode(found),
        status_code=status,
        media_type=MEDIA,
        headers={"cache-control": UNKEPT, **(headers or {})},
    )


def offer(path: str, *scopes: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A function that answers GET below `/taxii2`, for keys of any of these scopes."""
    return lambda function: litestar.get(
        ROOT + path, guards=[acceptable], include_in_schema=False, scopes=frozenset(scopes)
    )(threaded(function))
