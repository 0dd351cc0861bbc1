"""Whether the desk is up, for whoever keeps it running: tells nothing of the map."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, get


@get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def health() -> str:
    """`ok` while this process answers."""
    return "ok\n"


@get("/readyz", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def ready(request: Request[Any, Any, Any]) -> str:
    """`warm` once nobody waits for what a start has to make; until then `warming`, and all is answered."""
    return "warm\n" if request.app.state.warmth.warm else "warming\n"


ROUTES = (health, ready)
