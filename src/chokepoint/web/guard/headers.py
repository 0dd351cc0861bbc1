"""Headers of every answer: nothing from elsewhere, nothing inline, nothing kept, no framing."""

from __future__ import annotations

_FROM = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
CONTENT_SECURITY = "; ".join(f"{what} {where}" for what, where in _FROM.items())

ALWAYS = {
    "content-security-policy": CONTENT_SECURITY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}
SECURE = {"strict-transport-security": "max-age=63072000"}
UNKEPT = "no-store"


def headers_for(*, secure: bool) -> list[tuple[bytes, bytes]]:
    """The headers as they go over the wire.

    Args:
        secure: whether people come by https, and are to come by nothing else from then on.
    """
    all_of = ALWAYS | (SECURE if secure else {})
    return [(name.encode(), value.encode()) for name, value in all_of.items()]
