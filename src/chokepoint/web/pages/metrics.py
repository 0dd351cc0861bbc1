"""Figures for whoever keeps the desk running (Prometheus): no names, and for nobody else."""

from __future__ import annotations

import hmac
import os
from typing import Any

from litestar import MediaType, Request, Response

from chokepoint.model.errors import NotFoundError
from chokepoint.web.office import Office
from chokepoint.web.route import read
from chokepoint.web.signin.oidc.fetch import is_local

VARIABLE = "CHOKEPOINT_METRICS_TOKEN"
"""Holds the token; without one, only this machine reads the figures of a desk that is for this machine."""


@read("/metrics")
def metrics(request: Request[Any, Any, Any]) -> Response[str]:
    """What this process has answered, and how many are signed in."""
    office: Office = request.app.state.office
    if not _may(request, office):
        raise NotFoundError("there is no such page")
    text = office.counters.text(office.sessions.count(), os.getpid())
    return Response(text, media_type=MediaType.TEXT, headers={"cache-control": "no-store"})


def _may(request: Request[Any, Any, Any], office: Office) -> bool:
    """Behind a proxy everybody comes from this machine: then the token alone counts."""
    token = os.environ.get(VARIABLE, "")
    if token:
        shown = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(shown, f"Bearer {token}".encode())
    here = all(is_local(host.rpartition(":")[0]) for host in office.hosts)
    return here and request.client is not None and is_local(request.client.host)


ROUTES = (metrics,)
