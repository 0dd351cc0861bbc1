"""Whether the desk is up, for whoever keeps it running: tells nothing of the map."""

from __future__ import annotations

from litestar import MediaType, get


@get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def health() -> str:
    """`ok` while this process answers."""
    return "ok\n"


ROUTES = (health,)
