"""Requests that another site made the browser send: refused by origin, then by token.

A token is an HMAC of the cookie that the browser shows, so that it belongs to one session and nothing more
has to be kept. It is masked anew on every page, which takes from compression what it could tell (BREACH).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELD, HEADER = "csrf", "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SIZE = 32


def token_for(secret: bytes, cookie: str) -> str:
    """A token for a form that the browser with this cookie is given."""
    mask = secrets.token_bytes(_SIZE)
    return base64.urlsafe_b64encode(mask + _xor(mask, _mac(secret, cookie))).decode()


def fits(secret: bytes, cookie: str, token: str) -> bool:
    """Whether the token was made for the browser with this cookie."""
    try:
        given = base64.urlsafe_b64decode(token.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return False
    if not cookie or len(given) != 2 * _SIZE:
        return False
    return hmac.compare_digest(_xor(given[:_SIZE], given[_SIZE:]), _mac(secret, cookie))


def from_here(headers: Mapping[str, str], origins: frozenset[str]) -> bool:
    """Whether the browser says that a page of this desk sent the request.

    Browsers say so by `Sec-Fetch-Site`, older ones by `Origin`; what says neither is no browser, and has no
    cookie that another site could use.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or origin in origins


def _mac(secret: bytes, cookie: str) -> bytes:
    return hmac.digest(secret, cookie.encode("utf-8", "surrogatepass"), "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right, strict=True))
